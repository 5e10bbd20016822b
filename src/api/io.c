/* A connection from the handshake to its end: tls_handshake, tls_read, tls_write, tls_close. */
#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "api/internal.h"
#include "base/text.h"

/* --- Handshake --- */

static int64_t steady_us(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 : 0;
}

static int start_once(struct tls *ctx)
{
    if (ctx->started) {
        return 0;
    }
    ctx->started = true;
    ctx->times.started = steady_us();
    return t99_engine_start(ctx->engine) ? 0 : -1;
}

/* Early data that may go now: before the handshake is over, or again after it was rejected. */
static int send_early(struct tls *ctx)
{
    size_t n = 0;
    int r;

    while (ctx->early_sent < ctx->early.len) {
        if (!t99_engine_write(ctx->engine, ctx->early.p + ctx->early_sent, ctx->early.len - ctx->early_sent,
                              &n)) {
            return -1;
        }
        ctx->early_sent += n;
        r = t99_transport_flush(ctx);
        if (r != 0) {
            return r;
        }
        if (n == 0) {
            return 0;
        }
    }
    return 0;
}

/*
 * RFC 9846, 4.3.10: never again under another ALPN protocol, for which it may mean something else. 0, or -1
 * with the fault.
 */
static int send_rejected_again(struct tls *ctx)
{
    const struct t99_conn *conn = t99_engine_conn(ctx->engine);
    struct t99_span was = ctx->offered->alpn, is = t99_span(conn->alpn, conn->alpn_len);
    char old[64], now[64];
    struct t99_fault f;

    ctx->early_resent = true;
    ctx->early_sent = 0;
    if (t99_span_equal(was, is)) {
        return 0;
    }
    if (!t99_engine_close(ctx->engine)) { /* no error of the server's: a plain end (RFC 9846, 6.1) */
        return -1;
    }
    t99_fault_clear(&f);
    t99_fail_as(&f, FAULT_CALLER, ALERT_NONE,
                "early data was rejected, and not sent again: it was for the ALPN protocol \"%s\", and the "
                "server chose \"%s\"",
                t99_printable(old, sizeof old, was.p, was.len), t99_printable(now, sizeof now, is.p, is.len));
    t99_engine_fail(ctx->engine, &f);
    return -1;
}

static int finish_handshake(struct tls *ctx)
{
    int r = 0;

    if (t99_engine_conn(ctx->engine)->early_data == EARLY_REJECTED && !ctx->early_resent) {
        r = send_rejected_again(ctx);
    }
    r = r == 0 ? send_early(ctx) : r;
    if (r == 0) {
        ctx->handshake_done = true;
        ctx->times.finished = steady_us();
        t99_blob_clear(&ctx->config->env, &ctx->early);
        t99_session_free(&ctx->config->env, ctx->offered);
        ctx->offered = NULL;
        ctx->hs.session = NULL;
    }
    return r;
}

/* 0, TLS_WANT_* or -1 with the fault in the engine. */
static int do_handshake(struct tls *ctx)
{
    int r;

    if (t99_faulted(t99_engine_fault(ctx->engine)) || start_once(ctx) != 0) {
        return -1;
    }
    for (;;) {
        r = t99_transport_flush(ctx);
        if (r != 0) {
            return r;
        }
        if (t99_engine_connected(ctx->engine)) {
            return finish_handshake(ctx);
        }
        if (t99_engine_early_open(ctx->engine)) {
            r = send_early(ctx);
            if (r != 0) {
                return r;
            }
        }
        r = t99_transport_fill(ctx);
        if (r == TLS_WANT_POLLIN || r == TLS_WANT_POLLOUT || r < 0) {
            return r;
        }
        if (r == 0) {
            return -1;
        }
    }
}

/* Before anything else: is there a connection, and is it up? 0, TLS_WANT_*, or -1 with the error set. */
static int bring_up(struct tls *ctx)
{
    int r;

    t99_error_clear(&ctx->error);
    if (ctx->engine == NULL) {
        return t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT,
                         "context not connected: call tls_connect() first");
    }
    if (ctx->handshake_done) {
        return 0;
    }
    r = do_handshake(ctx);
    return r == -1 ? t99_transport_give_up(ctx, "handshake failed") : r;
}

int tls_handshake(struct tls *ctx)
{
    int r;

    if (ctx->engine != NULL && ctx->handshake_done) {
        t99_error_clear(&ctx->error);
        r = t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT, "handshake already completed");
    } else {
        r = bring_up(ctx);
    }
    errno = 0;
    return r;
}

/* --- Reading and writing --- */

static ssize_t do_read(struct tls *ctx, uint8_t *buf, size_t len)
{
    size_t n = 0;
    int r;

    for (;;) {
        if (!t99_engine_read(ctx->engine, buf, len, &n)) {
            return t99_transport_give_up(ctx, "read failed");
        }
        r = t99_transport_flush(ctx); /* answers to key updates: what cannot go now goes with the next call */
        if (n != 0) {
            return (ssize_t)n;
        }
        if (r == -1) {
            return t99_transport_give_up(ctx, "read failed");
        }
        if (t99_engine_ended(ctx->engine)) {
            ctx->eof_reported = true;
            return 0;
        }
        r = t99_transport_fill(ctx);
        if (r == -1) {
            return t99_transport_give_up(ctx, "read failed");
        }
        if (r < 0) {
            return r;
        }
    }
}

ssize_t tls_read(struct tls *ctx, void *buf, size_t buflen)
{
    ssize_t n = bring_up(ctx);

    if (n == 0 && buflen > INT_MAX) {
        n = t99_error(&ctx->error, TLS_ERROR_INVALID_ARGUMENT, "buflen too long: %zu bytes, at most %d",
                      buflen, INT_MAX);
    } else if (n == 0 && buflen != 0) {
        n = do_read(ctx, (uint8_t *)buf, buflen);
    }
    errno = 0;
    return n;
}

/* At most one record, which is counted only once the kernel has all of it. */
static ssize_t do_write(struct tls *ctx, const uint8_t *buf, size_t len)
{
    size_t n = ctx->write_pending;
    int r = t99_transport_flush(ctx);

    if (r == 0 && n == 0) {
        if (!t99_engine_write(ctx->engine, buf, len, &n)) {
            return t99_transport_give_up(ctx, "write failed");
        }
        r = t99_transport_flush(ctx);
        ctx->write_pending = n;
    }
    if (r == -1) {
        return t99_transport_give_up(ctx, "write failed");
    }
    if (r != 0) {
        return r;
    }
    ctx->write_pending = 0;
    return (ssize_t)(n < len ? n : len);
}

ssize_t tls_write(struct tls *ctx, const void *buf, size_t buflen)
{
    ssize_t n = bring_up(ctx);

    if (n == 0 && buflen > INT_MAX) {
        n = t99_error(&ctx->error, TLS_ERROR_INVALID_ARGUMENT, "buflen too long: %zu bytes, at most %d",
                      buflen, INT_MAX);
    } else if (n == 0 && ctx->close_sent) {
        n = t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT, "write failed: tls_close() was called before");
    } else if (n == 0 && buflen != 0) {
        n = do_write(ctx, (const uint8_t *)buf, buflen);
    }
    errno = 0;
    return n;
}

/* Queued once, however often the call is repeated until it has gone. */
static int do_key_update(struct tls *ctx, bool request)
{
    int r;

    if (!ctx->key_update_queued && !t99_engine_key_update(ctx->engine, request)) {
        return -1;
    }
    ctx->key_update_queued = true;
    r = t99_transport_flush(ctx);
    ctx->key_update_queued = r == TLS_WANT_POLLIN || r == TLS_WANT_POLLOUT;
    return r;
}

int tls_key_update(struct tls *ctx, int request)
{
    int r = bring_up(ctx);

    if (r == 0 && t99_engine_conn(ctx->engine)->version != T99_TLS13) {
        r = t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT, "key update failed: TLS 1.2 has none");
    } else if (r == 0 && ctx->close_sent) {
        r = t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT,
                      "key update failed: tls_close() was called before");
    } else if (r == 0) {
        r = do_key_update(ctx, request != 0);
        if (r == -1) {
            r = t99_transport_give_up(ctx, "key update failed");
        }
    }
    errno = 0;
    return r;
}

/* --- The end --- */

static void close_own_socket(struct tls *ctx)
{
    if (ctx->own_socket != -1) {
        (void)shutdown(ctx->own_socket, SHUT_RDWR);
        close(ctx->own_socket);
        ctx->own_socket = ctx->rfd = ctx->wfd = -1;
    }
}

/* close_notify goes out; the peer's is not waited for. A peer that is gone by now is no error. */
static int say_goodbye(struct tls *ctx)
{
    int r = 0;

    if (!ctx->handshake_done || t99_faulted(t99_engine_fault(ctx->engine)) ||
        (ctx->rfd == -1 && ctx->write_cb == NULL)) {
        return 0;
    }
    if (!ctx->close_sent) {
        ctx->close_sent = true;
        if (!t99_engine_close(ctx->engine)) {
            return 0;
        }
    }
    r = t99_transport_flush(ctx);
    return r == -1 ? 0 : r;
}

int tls_close(struct tls *ctx)
{
    int r = 0;

    t99_error_clear(&ctx->error);
    if (ctx->engine != NULL && !ctx->closed) {
        r = say_goodbye(ctx);
        if (r == 0) {
            ctx->closed = true;
            close_own_socket(ctx);
            if (ctx->eof_reported && !t99_engine_clean_end(ctx->engine)) {
                r = t99_error(&ctx->error, TLS_ERROR_UNKNOWN,
                              "EOF without close notify: what the server sent may be cut short");
            }
        }
    }
    errno = 0;
    return r;
}
