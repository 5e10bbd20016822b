/* Bytes between a connection's engine and its socket or callbacks, and what is said when that fails. */
#include <errno.h>
#include <string.h>

#include "api/internal.h"
#include "base/text.h"
#include "base/wipe.h"
#include "net/stream.h"

#define WANTS(n) ((n) == TLS_WANT_POLLIN || (n) == TLS_WANT_POLLOUT)

/* --- Errors --- */

/* " [example.com, 192.0.2.1 port 443]": what is known of the other end and does not stand in the sentence. */
static const char *whom(const struct tls *ctx, const char *sentence, char *out, size_t out_len)
{
    const char *name = ctx->servername != NULL ? ctx->servername : "";
    bool named = name[0] == '\0' || strstr(sentence, name) != NULL || strcmp(name, ctx->address) == 0;

    out[0] = '\0';
    if (ctx->address[0] != '\0') {
        t99_sentence(out, out_len, " [%s%s%s port %s]", named ? "" : name, named ? "" : ", ", ctx->address,
                     ctx->port);
    } else if (!named) {
        t99_sentence(out, out_len, " [%s]", name);
    }
    return out;
}

/*
 * The engine's fault as the user reads it: what was being done, unless it speaks of the certificate; what was
 * wrong; with whom. Always -1.
 */
static int report_fault(struct tls *ctx, const char *doing)
{
    const struct t99_fault *f = t99_engine_fault(ctx->engine);
    int code = f->kind == FAULT_MEMORY ? TLS_ERROR_OUT_OF_MEMORY : TLS_ERROR_UNKNOWN;
    bool bare = f->kind == FAULT_VERIFY;
    char end[160];

    return t99_error(&ctx->error, code, "%s%s%s%s", bare ? "" : doing, bare ? "" : ": ", f->text,
                     whom(ctx, f->text, end, sizeof end));
}

static int io_failed(struct tls *ctx, const char *call)
{
    int why = errno;
    struct t99_fault f;

    t99_fault_clear(&f);
    t99_fail_as(&f, FAULT_IO, ALERT_NONE, "%s: %s%s", call, strerror(why),
                why == ECONNRESET || why == EPIPE ? t99_engine_end_hint(ctx->engine) : "");
    t99_engine_fail(ctx->engine, &f);
    return -1;
}

/* --- Transport --- */

/*
 * The server has closed, and takes nothing more. It may have said why: an alert that waits in the socket is
 * worth more than the system's word for a broken connection. What comes before it is heard too, up to data.
 */
static void hear_last_words(struct tls *ctx)
{
    uint8_t data[256], *p;
    size_t want, n = 0;
    ssize_t got;

    do {
        p = t99_engine_in(ctx->engine, &want);
        got = p != NULL && want != 0 ? t99_stream_read_now(ctx->rfd, p, want) : 0;
    } while (got > 0 && t99_engine_received(ctx->engine, (size_t)got) &&
             t99_engine_read(ctx->engine, data, sizeof data, &n) && n == 0);
    t99_wipe(data, sizeof data);
}

/* Bytes taken over, or TLS_WANT_*, or -1 with the fault recorded. */
static ssize_t transport_write(struct tls *ctx, const uint8_t *p, size_t len)
{
    ssize_t n;
    int why;

    if (ctx->write_cb != NULL) {
        errno = 0;
        n = ctx->write_cb(ctx, p, len, ctx->cb_arg);
        if (n > 0 || WANTS(n)) {
            return n;
        }
        errno = n == 0 ? EPIPE : errno != 0 ? errno : EIO;
        return io_failed(ctx, "write callback");
    }
    n = t99_stream_write(ctx->wfd, p, len);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        return TLS_WANT_POLLOUT;
    }
    if (n < 0 && (errno == ECONNRESET || errno == EPIPE)) {
        why = errno;
        hear_last_words(ctx);
        errno = why;
    }
    return n < 0 ? io_failed(ctx, "write") : n;
}

/* The same for reading; 0: the transport has ended. */
static ssize_t transport_read(struct tls *ctx, uint8_t *p, size_t len)
{
    ssize_t n;

    if (ctx->read_cb != NULL) {
        errno = 0;
        n = ctx->read_cb(ctx, p, len, ctx->cb_arg);
        if (n >= 0 || WANTS(n)) {
            return n;
        }
        errno = errno != 0 ? errno : EIO;
        return io_failed(ctx, "read callback");
    }
    n = t99_stream_read(ctx->rfd, p, len);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        return TLS_WANT_POLLIN;
    }
    return n < 0 ? io_failed(ctx, "read") : n;
}

int t99_transport_flush(struct tls *ctx)
{
    const uint8_t *p;
    ssize_t n;
    size_t len;

    while ((p = t99_engine_out(ctx->engine, &len), len != 0)) {
        n = transport_write(ctx, p, len);
        if (n < 0) {
            return (int)n;
        }
        t99_engine_sent(ctx->engine, (size_t)n);
    }
    return 0;
}

/* What one side called fatal, for whatever reason: the next connection does without its sessions. */
static void forget_sessions(struct tls *ctx)
{
    uint8_t kind = t99_engine_fault(ctx->engine)->kind;

    if (!ctx->sessions_forgotten && (kind == FAULT_PROTOCOL || kind == FAULT_PEER)) {
        ctx->sessions_forgotten = true;
        t99_sessions_forget(ctx->config, ctx->session_key);
    }
}

int t99_transport_give_up(struct tls *ctx, const char *doing)
{
    (void)t99_transport_flush(ctx);
    forget_sessions(ctx);
    return report_fault(ctx, doing);
}

int t99_transport_fill(struct tls *ctx)
{
    size_t want;
    uint8_t *p = t99_engine_in(ctx->engine, &want);
    ssize_t n;

    if (p == NULL || want == 0) {
        return -1;
    }
    n = transport_read(ctx, p, want);
    if (n < 0) {
        return (int)n;
    }
    if (n == 0) {
        return t99_engine_eof(ctx->engine) ? 0 : -1;
    }
    return t99_engine_received(ctx->engine, (size_t)n) ? 1 : -1;
}
