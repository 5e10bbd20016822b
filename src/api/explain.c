/* What a connection tells while it comes about: messages for a callback, and the search for a path as text. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/internal.h"
#include "x509/name.h"

#define CONTENT_HANDSHAKE 22
#define REPORT_MAX 65536

static int64_t steady_us(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 : 0;
}

void t99_on_message(void *arg, enum t99_direction direction, const uint8_t *message, size_t len)
{
    struct tls *ctx = (struct tls *)arg;
    struct tls_message m;

    memset(&m, 0, sizeof m);
    m.sent = direction == DIRECTION_SENT;
    m.content_type = CONTENT_HANDSHAKE;
    m.message = message;
    m.len = len;
    m.time_us = steady_us();
    ctx->config->message(ctx, &m, ctx->config->message_arg);
}

/* Handshake messages come whole by the other way. */
void t99_on_record(void *arg, enum t99_direction direction, uint8_t type, const uint8_t *record,
                   size_t record_len, const uint8_t *plain, size_t plain_len)
{
    struct tls *ctx = (struct tls *)arg;
    struct tls_message m;

    if (type == CONTENT_HANDSHAKE) {
        return;
    }
    memset(&m, 0, sizeof m);
    m.sent = direction == DIRECTION_SENT;
    m.content_type = type;
    m.message = plain;
    m.len = plain_len;
    m.record = record;
    m.record_len = record_len;
    m.time_us = steady_us();
    ctx->config->message(ctx, &m, ctx->config->message_arg);
}

/* Room for more of the report; what does not fit into REPORT_MAX is left out. */
static bool make_room(struct tls *ctx, size_t more)
{
    const struct t99_env *env = &ctx->config->env;
    size_t cap = ctx->report_cap != 0 ? ctx->report_cap : 1024;
    char *grown;

    while (cap - ctx->report_len <= more && cap < REPORT_MAX) {
        cap *= 2;
    }
    if (cap - ctx->report_len <= more) {
        return false;
    }
    if (cap == ctx->report_cap) {
        return true;
    }
    grown = t99_alloc(env, cap);
    if (grown == NULL) {
        return false;
    }
    if (ctx->report_len != 0) {
        memcpy(grown, ctx->report, ctx->report_len + 1);
    }
    t99_free(env, ctx->report, ctx->report_cap);
    ctx->report = grown;
    ctx->report_cap = cap;
    return true;
}

void t99_report_trace(void *arg, size_t depth, const struct t99_certificate *c, bool is_anchor,
                      const char *reason)
{
    struct tls *ctx = (struct tls *)arg;
    char line[1024], subject[256], issuer[256];
    int n;

    n = snprintf(line, sizeof line, "%*s%s%s (issuer %s)%s%s\n", (int)(2 * depth), "",
                 is_anchor ? "anchor " : "", t99_name_text(subject, sizeof subject, c->subject),
                 t99_name_text(issuer, sizeof issuer, c->issuer), reason != NULL ? ": rejected: " : "",
                 reason != NULL ? reason : "");
    if (n > 0 && (size_t)n < sizeof line && make_room(ctx, (size_t)n)) {
        memcpy(ctx->report + ctx->report_len, line, (size_t)n + 1);
        ctx->report_len += (size_t)n;
    }
}
