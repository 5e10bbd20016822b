/* One connection of the BoGo shim. */
#ifndef TESTS_BOGO_SHIM_H
#define TESTS_BOGO_SHIM_H

#include "bogo/flags.h"
#include "engine/engine.h"

#define EXIT_UNIMPLEMENTED 89
#define EXIT_BROKEN 90

struct shim {
    const struct command_line *command;
    struct t99_env env;
    int64_t now_ms;              /* stands still but for -resumption-delay */
    struct t99_session *session; /* that the last connection gave; NULL: none */
};

struct connection {
    struct shim *shim;
    const struct flags *flags; /* initial or resume */
    const struct flags *retry; /* what counts once early data was rejected */
    bool is_resumption;
    struct t99_hs_config config;
    struct t99_engine *engine;
    struct t99_session *new_session;
    int fd;
    bool write_now; /* -early-write-after-message: the message has come */
    struct t99_credential credentials[CREDENTIALS_MAX];
    uint8_t *secrets[2 * CREDENTIALS_MAX]; /* what credentials point into */
    size_t secret_lens[2 * CREDENTIALS_MAX], num_secrets;
};

/* config.c: settings from flags. Exits with EXIT_UNIMPLEMENTED for what cannot be had. */
void make_config(struct connection *c, const struct t99_session *session);
void free_config(struct connection *c);

/* Ends the process. */
void unimplemented(const char *what);

#endif
