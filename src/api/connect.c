/* From a host's name, a descriptor or two callbacks to a context that can begin its handshake. */
#include <stdio.h>
#include <string.h>

#include "api/internal.h"
#include "net/dial.h"

#define HOST_MAX 256

/* "host:port", "[v6]:port", "[v6]", "host". port: NULL if the text has none. */
static int split_host(struct t99_error *error, const char *text, char *host, const char **port)
{
    const char *end, *colon;
    size_t len;

    *port = NULL;
    if (text[0] == '[') {
        end = strchr(text, ']');
        if (end == NULL || (end[1] != '\0' && end[1] != ':')) {
            return t99_error(
                error, TLS_ERROR_INVALID_ARGUMENT,
                "invalid host \"%.200s\": it begins with '[' and has no ']' before its end or port", text);
        }
        text++;
        *port = end[1] == ':' ? end + 2 : NULL;
    } else {
        colon = strchr(text, ':');
        end = text + strlen(text);
        if (colon != NULL && strchr(colon + 1, ':') == NULL) { /* two colons: an IPv6 address */
            end = colon;
            *port = colon + 1;
        }
    }
    len = (size_t)(end - text);
    if (len >= HOST_MAX) {
        return t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                         "invalid host: it has %zu characters, more than %d", len, HOST_MAX - 1);
    }
    memcpy(host, text, len);
    host[len] = '\0';
    return 0;
}

/* What people give instead of a host. */
static int check_host(struct t99_error *error, const char *host)
{
    const char *p;

    if (host == NULL || host[0] == '\0') {
        return t99_error(error, TLS_ERROR_INVALID_ARGUMENT, "host not specified");
    }
    if (strchr(host, '/') != NULL) {
        return t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                         "invalid host \"%.200s\": it is a URL; give the host that is in it", host);
    }
    for (p = host; *p != '\0'; p++) {
        if ((unsigned char)*p <= ' ') {
            return t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                             "invalid host \"%.200s\": there is white space in it", host);
        }
    }
    return 0;
}

/* A port comes with the host or beside it: one of both. */
static int find_port(struct t99_error *error, const char *host, char *name, const char **port)
{
    const char *own = NULL;

    if (split_host(error, host, name, &own) != 0) {
        return -1;
    }
    if (*port != NULL && own != NULL) {
        return t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                         "invalid host \"%.200s\": it has a port, and port %.16s is given beside it", host,
                         *port);
    }
    *port = *port != NULL ? *port : own;
    if (*port == NULL || (*port)[0] == '\0') {
        return t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                         "no port provided: neither in \"%.200s\" nor beside it", host);
    }
    return 0;
}

static int begin(struct tls *ctx)
{
    if (ctx->engine != NULL) {
        return t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT, "already connected: call tls_reset() first");
    }
    return 0;
}

int tls_connect(struct tls *ctx, const char *host, const char *port)
{
    return tls_connect_servername(ctx, host, port, NULL);
}

int tls_connect_servername(struct tls *ctx, const char *host, const char *port, const char *servername)
{
    char name[HOST_MAX];
    struct t99_dial dial;
    struct t99_fault fault;

    if (begin(ctx) != 0 || check_host(&ctx->error, host) != 0 ||
        find_port(&ctx->error, host, name, &port) != 0) {
        return -1;
    }
    memset(&dial, 0, sizeof dial);
    dial.step = ctx->config->dial != NULL ? t99_on_dial : NULL;
    dial.step_arg = ctx;
    dial.host = name;
    dial.port = port;
    dial.family = ctx->config->family;
    dial.timeout_ms = ctx->config->connect_timeout_ms;
    t99_fault_clear(&fault);
    if (t99_start(ctx, servername != NULL ? servername : name, port) != 0) {
        return -1;
    }
    if (!t99_dial(&dial, &fault)) {
        t99_context_drop(ctx);
        return t99_error(&ctx->error,
                         fault.kind == FAULT_CALLER ? TLS_ERROR_INVALID_ARGUMENT : TLS_ERROR_UNKNOWN, "%s",
                         fault.text);
    }
    ctx->rfd = ctx->wfd = ctx->own_socket = dial.fd;
    memcpy(ctx->address, dial.address, sizeof ctx->address);
    memcpy(ctx->port, dial.port_number, sizeof ctx->port);
    ctx->times.dns = dial.dns_us;
    ctx->times.tcp = dial.tcp_us;
    return 0;
}

int tls_connect_socket(struct tls *ctx, int s, const char *servername)
{
    return tls_connect_fds(ctx, s, s, servername);
}

int tls_connect_fds(struct tls *ctx, int fd_read, int fd_write, const char *servername)
{
    if (begin(ctx) != 0) {
        return -1;
    }
    if (fd_read < 0 || fd_write < 0) {
        return t99_error(&ctx->error, TLS_ERROR_INVALID_ARGUMENT,
                         "invalid file descriptors: %d to read from, %d to write to", fd_read, fd_write);
    }
    if (t99_start(ctx, servername, "") != 0) {
        return -1;
    }
    ctx->rfd = fd_read;
    ctx->wfd = fd_write;
    return 0;
}

int tls_connect_cbs(struct tls *ctx, tls_read_cb read_cb, tls_write_cb write_cb, void *cb_arg,
                    const char *servername)
{
    if (begin(ctx) != 0) {
        return -1;
    }
    if (read_cb == NULL || write_cb == NULL) {
        return t99_error(&ctx->error, TLS_ERROR_INVALID_ARGUMENT,
                         "no callbacks provided: there is none to %s", read_cb == NULL ? "read" : "write");
    }
    if (t99_start(ctx, servername, "") != 0) {
        return -1;
    }
    ctx->read_cb = read_cb;
    ctx->write_cb = write_cb;
    ctx->cb_arg = cb_arg;
    return 0;
}
