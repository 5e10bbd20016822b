#include "certinfo/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tls.h>

static int64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Nothing is checked here: the chain is judged when it is there. */
static struct tls_config *trusting_config(int timeout_ms)
{
    struct tls_config *config = tls_config_new();

    if (config != NULL) {
        tls_config_insecure_noverifycert(config);
        tls_config_insecure_noverifyname(config);
        tls_config_insecure_noverifytime(config);
        (void)tls_config_set_connect_timeout(config, timeout_ms);
    }
    return config;
}

static bool wait_for(struct tls *ctx, int want, int64_t deadline)
{
    struct pollfd p;
    int64_t left;
    int r;

    p.fd = tls_conn_socket(ctx);
    p.events = want == TLS_WANT_POLLIN ? POLLIN : POLLOUT;
    do {
        left = deadline - now_ms();
        p.revents = 0;
        r = left > 0 ? poll(&p, 1, (int)left) : 0;
    } while (r < 0 && errno == EINTR);
    return r != 0;
}

static bool handshake(struct source *s, struct tls *ctx, int timeout, int64_t deadline)
{
    int fd = tls_conn_socket(ctx), flags = fcntl(fd, F_GETFL), r;

    if (flags == -1 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1) {
        return source_fail(s, "%s", strerror(errno));
    }
    while ((r = tls_handshake(ctx)) == TLS_WANT_POLLIN || r == TLS_WANT_POLLOUT) {
        if (!wait_for(ctx, r, deadline)) {
            return source_fail(s, "the TLS handshake was not complete within %d s (--timeout)", timeout);
        }
    }
    return r == 0 || source_fail(s, "%s", tls_error(ctx));
}

/* A certificate more in PEM: RFC 7468. */
static bool add_pem(struct source *s, const uint8_t *der, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t room = s->len + 80 + len / 48 + (len + 2) / 3 * 4, i;
    uint8_t *grown = (uint8_t *)realloc(s->bytes, room);
    char *out;
    uint32_t v;

    if (grown == NULL) {
        return source_fail(s, "out of memory");
    }
    s->bytes = grown;
    out = (char *)grown + s->len;
    out += sprintf(out, "-----BEGIN CERTIFICATE-----");
    for (i = 0; i < len; i += 3) {
        v = (uint32_t)der[i] << 16 | (i + 1 < len ? (uint32_t)der[i + 1] << 8 : 0) |
            (i + 2 < len ? der[i + 2] : 0u);
        out += sprintf(out, "%s%c%c%c%c", i % 48 == 0 ? "\n" : "", digits[v >> 18], digits[v >> 12 & 63],
                       i + 1 < len ? digits[v >> 6 & 63] : '=', i + 2 < len ? digits[v & 63] : '=');
    }
    out += sprintf(out, "\n-----END CERTIFICATE-----\n");
    s->len = (size_t)(out - (char *)grown);
    return true;
}

/* What the server sent, even if the handshake failed later. */
static bool keep_chain(struct source *s, struct tls *ctx)
{
    const uint8_t *der;
    size_t len, i;

    for (i = 0; (der = tls_peer_cert_der(ctx, i, &len)) != NULL; i++) {
        if (!add_pem(s, der, len)) {
            return false;
        }
    }
    return s->error[0] == '\0' && (s->len != 0 || source_fail(s, "the server sent no certificate"));
}

static bool fetch(struct source *s, struct tls *ctx, const struct options *o)
{
    int64_t deadline = now_ms() + 1000 * (int64_t)o->timeout;
    const char *name = o->host != NULL ? o->host : s->url.host;

    if (tls_connect_servername(ctx, s->url.host, s->url.port, name) != 0) {
        return source_fail(s, "%s", tls_error(ctx));
    }
    snprintf(s->address, sizeof s->address, "%s", tls_conn_address(ctx) != NULL ? tls_conn_address(ctx) : "");
    if (handshake(s, ctx, o->timeout, deadline)) {
        snprintf(s->version, sizeof s->version, "%s", tls_conn_version(ctx));
    }
    return keep_chain(s, ctx);
}

bool server_fetch(struct source *s, const struct options *o)
{
    struct tls_config *config = trusting_config(1000 * o->timeout);
    struct tls *ctx = tls_client();
    bool ok;

    if (config == NULL || ctx == NULL || tls_configure(ctx, config) != 0) {
        ok = source_fail(s, "%s", ctx != NULL && tls_error(ctx) != NULL ? tls_error(ctx) : "out of memory");
    } else {
        ok = fetch(s, ctx, o);
        (void)tls_close(ctx);
    }
    tls_free(ctx);
    tls_config_free(config);
    return ok;
}
