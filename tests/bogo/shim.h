/* One connection of the BoGo shim. */
#ifndef TESTS_BOGO_SHIM_H
#define TESTS_BOGO_SHIM_H

#include "bogo/flags.h"
#include "engine/engine.h"

#define EXIT_NO_MEMORY 88
#define EXIT_UNIMPLEMENTED 89
#define EXIT_BROKEN 90

struct shim {
    const struct command_line *command;
    struct t99_env env;
    int64_t now_us;              /* stands still but for -resumption-delay */
    long num_allocs, live;       /* so far; given and not yet given back */
    long fail_at;                /* the runner's -malloc-test: this one fails; -1: none */
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
    bool write_now;         /* -early-write-after-message: the message has come */
    const char *unexpected; /* a check that failed during the handshake */
    char trace[2048];       /* -expect-msg-callback */
    struct t99_credential credentials[CREDENTIALS_MAX];
    uint8_t *secrets[2 * CREDENTIALS_MAX]; /* what credentials point into */
    size_t secret_lens[2 * CREDENTIALS_MAX], num_secrets;
};

/* config.c: settings from flags. Exits with EXIT_UNIMPLEMENTED for what cannot be had. */
void make_config(struct connection *c, const struct t99_session *session);
void free_config(struct connection *c);
/* The flags that count now: retry's once early data was rejected. */
const struct flags *current(const struct connection *c);

/* check.c. False: said on stderr why. */
bool check(const struct connection *c);                                       /* after the handshake */
bool check_end(const struct connection *c);                                   /* after the connection */
void check_request(struct connection *c, const uint8_t *message, size_t len); /* a CertificateRequest */
void trace_message(struct connection *c, enum t99_direction direction, uint8_t type);
void trace_record(void *arg, enum t99_direction direction, uint8_t type, const uint8_t *record,
                  size_t record_len, const uint8_t *plain, size_t plain_len);

/* transport.c */
int dial(const struct command_line *command);
/* So that the runner gets our last alert: no reset while bytes are unread. */
void hang_up(int fd);
/* What waits to be sent, or at most limit bytes of it. A runner that is gone is found out by reading. */
void flush(struct connection *c);
void flush_some(struct connection *c, size_t limit);
/* Reads what the engine wants, byte by byte if -async. False: failed, and said so. */
bool fill(struct connection *c);
/* Sends what there is, says the engine's fault, and sees that it stays. Always false. */
bool fail(struct connection *c);
bool fail_text(const char *text);

/* Both end the process. */
void broken(const char *why);
void unimplemented(const char *what);

#endif
