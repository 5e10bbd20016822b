/* A connection of https_get: TLS to one host, kept for further requests. */
#ifndef HTTPS_GET_CLIENT_H
#define HTTPS_GET_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <tls.h>

#include "https_get/explain.h"
#include "https_get/http.h"
#include "https_get/options.h"
#include "https_get/url.h"

struct client {
    const struct options *o;
    struct tls_config *config;
    struct tls *tls; /* NULL: not connected */
    struct url at;   /* where to */
    struct story explain;
    struct http_stream stream;
    int session_fd;
    bool failed;     /* the handshake, which has been told */
    bool early_sent; /* the request has gone as early data */
    int64_t first_byte_us;
};

/* EXIT_OK or what main returns; complaints are on stderr already. */
int client_open(struct client *c, const struct options *o);
/* early: the request, sent with the first flight if that is possible (then c->early_sent). */
int client_connect(struct client *c, const struct url *url, const char *early, size_t early_len);
int client_send(struct client *c, const char *p, size_t len);
/* After HTTP_SOURCE_FAILED: why. */
int client_read_failed(struct client *c);
/* Says goodbye. True if the server's end, if it has ended, was a clean one. */
bool client_disconnect(struct client *c);
void client_close(struct client *c);

/* "https_get: ..." on stderr unless silent. Returns code. */
int complain(const struct options *o, int code, const char *format, ...);

#endif
