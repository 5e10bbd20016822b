/* A connection of https_get: TLS to one host, kept for further requests; every wait has its end. */
#ifndef HTTPS_GET_CLIENT_H
#define HTTPS_GET_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tls.h>

#include "common/url.h"
#include "https_get/explain.h"
#include "https_get/http.h"
#include "https_get/options.h"

struct client {
    const struct options *o;
    struct tls_config *config;
    struct tls *tls; /* NULL: not connected */
    struct url at;   /* where to */
    struct story explain;
    struct http_stream stream;
    int session_fd, keylog_fd;
    bool told;                     /* why the connection failed */
    bool late;                     /* the time was over */
    bool early_sent;               /* the request has gone as early data */
    int64_t begun_us, deadline_us; /* of this transfer; deadline 0: none */
    int64_t first_byte_us;         /* of this answer; 0: not yet */
    void (*idle)(void *arg);       /* called at least ten times a second while it waits; NULL: no need */
    void *idle_arg;
};

/* EXIT_OK or what main returns; complaints are on stderr already. */
int client_open(struct client *c, const struct options *o);
/* A transfer begins: --max-time counts from here. */
void client_begin(struct client *c);
/* early: the request, sent with the first flight if that is possible (then c->early_sent). */
int client_connect(struct client *c, const struct url *url, const char *early, size_t early_len);
/* Connected there, as far as can be seen without asking? */
bool client_alive(struct client *c, const struct url *url);
bool client_send(struct client *c, const char *p, size_t len);
/* After client_send(), or HTTP_SOURCE_FAILED: tells why, and returns the exit code. */
int client_failed(struct client *c, int code);
/* Says goodbye. True if the server's end, if it has ended, was a clean one. */
bool client_disconnect(struct client *c);
void client_close(struct client *c);

#endif
