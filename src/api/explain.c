/*
 * What a connection tells while it comes about: messages for a callback, what it offers, the chain as text.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/internal.h"
#include "x509/checks.h"
#include "x509/name.h"

#define CONTENT_HANDSHAKE 22

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

void t99_on_dial(void *arg, enum t99_dial_step step, const char *address, const char *port, int error)
{
    static const int what[] = { [DIAL_RESOLVE] = TLS_DIAL_RESOLVE, [DIAL_RESOLVED] = TLS_DIAL_RESOLVED,
                                [DIAL_SYN] = TLS_DIAL_SYN,         [DIAL_CONNECTED] = TLS_DIAL_CONNECTED,
                                [DIAL_FAILED] = TLS_DIAL_FAILED,   [DIAL_DROPPED] = TLS_DIAL_DROPPED };
    struct tls *ctx = (struct tls *)arg;
    struct tls_dial d;

    d.what = what[step];
    d.address = address;
    d.port = port;
    d.error = error;
    d.time_us = steady_us();
    ctx->config->dial(ctx, &d, ctx->config->dial_arg);
}

/* --- The offer, and the chain, as text --- */

static size_t append(char *out, size_t cap, size_t n, const char *text)
{
    size_t len = strlen(text);

    if (n + len + 1 > cap) {
        return n;
    }
    memcpy(out + n, text, len + 1);
    return n + len;
}

const char *tls_conn_offer(struct tls *ctx)
{
    const struct t99_hs_config *hs = &ctx->hs;
    char text[1024];
    size_t n = 0, i;

    if (ctx->engine == NULL) {
        return NULL;
    }
    text[0] = '\0';
    n = append(text, sizeof text, n, hs->max_version == T99_TLS13 ? "TLS 1.3" : "TLS 1.2");
    n = append(text, sizeof text, n, hs->min_version < hs->max_version ? ", TLS 1.2;" : ";");
    for (i = 0; i < hs->num_suites; i++) {
        n = append(text, sizeof text, n, " ");
        n = append(text, sizeof text, n, t99_cipher_suite_find(hs->suites[i])->name);
    }
    n = append(text, sizeof text, n, ";");
    for (i = 0; i < hs->num_groups; i++) {
        n = append(text, sizeof text, n, " ");
        n = append(text, sizeof text, n, t99_group_find(hs->groups[i])->name);
    }
    return t99_keep_text(ctx, &ctx->offer, &ctx->offer_len, text);
}

static size_t certificate_line(char *out, size_t cap, size_t i, bool anchor, struct t99_span der)
{
    char subject[200], issuer[200], key[32], from[40], until[40];
    struct t99_certificate c;
    const char *bad = NULL;
    int n;

    if (!t99_certificate_decode(&c, der, &bad)) {
        n = snprintf(out, cap, "%zu malformed: %s\n", i, bad);
    } else {
        n = snprintf(out, cap, "%zu %s; %s; valid %s to %s; %s%s\n", i,
                     t99_name_text(subject, sizeof subject, c.subject),
                     t99_public_key_name(key, sizeof key, &c.key),
                     t99_time_text(from, sizeof from, c.not_before),
                     t99_time_text(until, sizeof until, c.not_after), anchor ? "trust anchor" : "issued by ",
                     anchor ? "" : t99_name_short(issuer, sizeof issuer, c.issuer));
    }
    return n > 0 && (size_t)n < cap ? (size_t)n : 0;
}

const char *tls_peer_cert_chain_text(struct tls *ctx)
{
    const struct t99_conn *conn = ctx->engine != NULL ? t99_engine_conn(ctx->engine) : NULL;
    bool verified = conn != NULL && conn->num_path != 0;
    char text[8192];
    size_t n = 0, i, num;

    if (conn == NULL || conn->chain == NULL) {
        return NULL;
    }
    num = verified ? conn->num_path : conn->chain->num;
    text[0] = '\0';
    for (i = 0; i < num; i++) {
        n += certificate_line(text + n, sizeof text - n, i, verified && i + 1 == num,
                              verified ? conn->path[i] : conn->chain->certs[i]);
    }
    return t99_keep_text(ctx, &ctx->chain_text, &ctx->chain_text_len, text);
}
