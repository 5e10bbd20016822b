#include "handshake/session.h"

#include <string.h>

#include "base/reader.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "handshake/cipher_suite.h"
#include "handshake/hs.h"
#include "handshake/key_schedule.h"

#define MAX_AGE_MS ((int64_t)7 * 86400 * 1000) /* RFC 9846, 4.7.1 */
#define MAGIC 0x74393901                       /* "t99", format 1 */
#define NUM_SPANS 7

/* Where the spans of a session stand, in the order of the file. */
static void list_spans(struct t99_session *s, struct t99_span **spans)
{
    spans[0] = &s->ticket;
    spans[1] = &s->session_id;
    spans[2] = &s->servername;
    spans[3] = &s->alpn;
    spans[4] = &s->chain;
    spans[5] = &s->staple;
    spans[6] = &s->scts;
}

/* For reading. No copy is made, as it would stay on the stack, secret and all. */
static void list_spans_of(const struct t99_session *s, struct t99_span **spans)
{
    list_spans((struct t99_session *)(uintptr_t)s, spans);
}

struct t99_session *t99_session_copy(const struct t99_env *env, const struct t99_session *from)
{
    struct t99_span *spans[NUM_SPANS];
    struct t99_session *s;
    size_t total = sizeof *s, i;
    uint8_t *at;

    list_spans_of(from, spans);
    for (i = 0; i < NUM_SPANS; i++) {
        total += spans[i]->len;
    }
    s = t99_alloc(env, total);
    if (s != NULL) {
        *s = *from;
        s->alloc_len = total;
        at = (uint8_t *)(s + 1);
        list_spans(s, spans);
        for (i = 0; i < NUM_SPANS; i++) {
            if (spans[i]->len != 0) {
                memcpy(at, spans[i]->p, spans[i]->len);
            }
            spans[i]->p = at;
            at += spans[i]->len;
        }
    }
    return s;
}

void t99_session_free(const struct t99_env *env, struct t99_session *session)
{
    t99_free(env, session, session != NULL ? session->alloc_len : 0);
}

static void put_u64(struct writer *w, uint64_t v)
{
    wr_u32(w, (uint32_t)(v >> 32));
    wr_u32(w, (uint32_t)v);
}

size_t t99_session_encode(uint8_t *out, size_t cap, const struct t99_session *s)
{
    struct t99_span *spans[NUM_SPANS];
    struct writer w;
    size_t needed =
               4 + (size_t)4 * 2 + 2 + sizeof s->secret + (size_t)3 * 8 + (size_t)3 * 4 + sizeof s->verify_id,
           i;

    list_spans_of(s, spans);
    for (i = 0; i < NUM_SPANS; i++) {
        needed += 3 + spans[i]->len;
    }
    if (needed > cap) {
        return needed;
    }
    w = wr_init(out, cap);
    wr_u32(&w, MAGIC);
    wr_u16(&w, s->version);
    wr_u16(&w, s->suite);
    wr_u16(&w, s->group);
    wr_u16(&w, s->scheme);
    wr_u8(&w, s->ems);
    wr_u8(&w, s->secret_len);
    wr_bytes(&w, s->secret, sizeof s->secret);
    put_u64(&w, (uint64_t)s->received_ms);
    put_u64(&w, (uint64_t)s->auth_ms);
    put_u64(&w, (uint64_t)s->not_after);
    wr_u32(&w, s->lifetime);
    wr_u32(&w, s->age_add);
    wr_u32(&w, s->max_early_data);
    wr_bytes(&w, s->verify_id, sizeof s->verify_id);
    for (i = 0; i < NUM_SPANS; i++) {
        wr_u24(&w, (uint32_t)spans[i]->len);
        wr_bytes(&w, spans[i]->p, spans[i]->len);
    }
    return w.len;
}

static bool is_chain(struct t99_span chain)
{
    const char *bad = NULL;
    struct reader r = rd_init(chain.p, chain.len, &bad);
    size_t num = 0;

    for (; rd_left(&r) != 0; num++) {
        (void)rd_vec24(&r, 1, 0xffffff, "certificate");
    }
    return rd_end(&r, "chain") && num <= T99_CHAIN_MAX;
}

/* What a handshake takes for granted of a session, whoever wrote the file. */
static bool sensible(const struct t99_session *s)
{
    const struct t99_cipher_suite *suite = t99_cipher_suite_find(s->suite);

    if (suite == NULL || suite->version != s->version || s->received_ms < 0 || s->auth_ms < 0 ||
        !is_chain(s->chain) || s->session_id.len > 32 || s->ticket.len > 65535 || s->alpn.len > 255) {
        return false;
    }
    if (s->version == T99_TLS12) {
        return s->secret_len == T99_MAIN_SECRET_LEN && (s->ticket.len != 0 || s->session_id.len != 0);
    }
    return s->secret_len == suite->hash->len && s->ticket.len != 0;
}

struct t99_session *t99_session_decode(const struct t99_env *env, const uint8_t *bytes, size_t len)
{
    const char *bad = NULL;
    struct reader r = rd_init(bytes, len, &bad), sub;
    struct t99_span *spans[NUM_SPANS];
    struct t99_session s, *copy;
    size_t i;

    memset(&s, 0, sizeof s);
    if (rd_u32(&r, "magic") != MAGIC) {
        rd_refuse(&r, "magic");
    }
    s.version = rd_u16(&r, "version");
    s.suite = rd_u16(&r, "suite");
    s.group = rd_u16(&r, "group");
    s.scheme = rd_u16(&r, "scheme");
    s.ems = rd_u8(&r, "ems") != 0;
    s.secret_len = rd_u8(&r, "secret_len");
    rd_copy(&r, s.secret, sizeof s.secret, "secret");
    s.received_ms = (int64_t)rd_u64(&r, "received");
    s.auth_ms = (int64_t)rd_u64(&r, "auth");
    s.not_after = (int64_t)rd_u64(&r, "not_after");
    s.lifetime = rd_u32(&r, "lifetime");
    s.age_add = rd_u32(&r, "age_add");
    s.max_early_data = rd_u32(&r, "max_early_data");
    rd_copy(&r, s.verify_id, sizeof s.verify_id, "verify_id");
    list_spans(&s, spans);
    for (i = 0; i < NUM_SPANS; i++) {
        sub = rd_vec24(&r, 0, 0xffffff, "field");
        *spans[i] = rd_rest(&sub);
    }
    if (!rd_end(&r, "session") || !sensible(&s)) {
        t99_wipe(&s, sizeof s);
        return NULL;
    }
    copy = t99_session_copy(env, &s);
    t99_wipe(&s, sizeof s);
    return copy;
}

bool t99_session_fresh(const struct t99_session *s, int64_t now_ms)
{
    int64_t age = now_ms - s->received_ms;

    return age >= 0 && age <= MAX_AGE_MS && age <= (int64_t)s->lifetime * 1000 &&
           now_ms - s->auth_ms <= MAX_AGE_MS && now_ms / 1000 <= s->not_after;
}

enum t99_session_use t99_session_judge(const struct t99_session *s, const struct t99_hs_config *config)
{
    const char *name = config->servername != NULL ? config->servername : "";

    if (s->version < config->min_version || s->version > config->max_version ||
        !t99_hs_offers_suite(config, s->suite) ||
        !t99_span_equal(s->servername, t99_span(name, strlen(name))) ||
        memcmp(s->verify_id, config->verify_id, sizeof s->verify_id) != 0 ||
        (!config->offer_tickets && (s->version == T99_TLS13 || s->session_id.len == 0))) {
        return SESSION_UNFIT;
    }
    return t99_session_fresh(s, t99_now_ms_up(config->env)) ? SESSION_OFFERED : SESSION_EXPIRED;
}
