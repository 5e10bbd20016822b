#include "handshake/hs.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/kdf/hkdf.h"

#define FRAME_MAX 2600 /* of a ClientHello without shares, ticket, cookie, names and protocols */

/* --- Key shares --- */

/* Made once, also for a second hello, which repeats them unless another group was asked for. */

static bool add_share(struct t99_handshake *hs, uint16_t id)
{
    const struct t99_env *env = hs->config->env;
    const struct t99_group *group = t99_group_find(id);
    struct t99_share *share = &hs->shares[hs->num_shares];

    share->group = group;
    share->private_part = t99_alloc(env, group->private_len + group->share_len);
    if (share->private_part == NULL) {
        return t99_fail_memory(hs->fault);
    }
    hs->num_shares++;
    if (!t99_group_generate(group, env, share->private_part, share->private_part + group->private_len)) {
        return t99_fail_as(hs->fault, FAULT_SYSTEM, ALERT_INTERNAL_ERROR,
                           "the operating system gave no random bytes");
    }
    return true;
}

/*
 * The first group, and the first of the other kind: so that neither an old nor a new server needs a second
 * round.
 */
static bool add_default_shares(struct t99_handshake *hs)
{
    const struct t99_hs_config *config = hs->config;
    size_t i;

    if (config->num_groups == 0) {
        return true;
    }
    if (!add_share(hs, config->groups[0])) {
        return false;
    }
    for (i = 1; i < config->num_groups; i++) {
        if (t99_group_find(config->groups[i])->hybrid != hs->shares[0].group->hybrid) {
            return add_share(hs, config->groups[i]);
        }
    }
    return true;
}

static bool make_shares(struct t99_handshake *hs)
{
    const struct t99_hs_config *config = hs->config;
    size_t i;

    if (!t99_offers_13(hs)) {
        return true;
    }
    if (hs->retry_group != NULL) { /* the HelloRetryRequest wants this one, and no other */
        while (hs->num_shares > 0) {
            struct t99_share *share = &hs->shares[--hs->num_shares];

            t99_free(config->env, share->private_part, share->group->private_len + share->group->share_len);
        }
        return add_share(hs, hs->retry_group->id);
    }
    if (hs->conn->hello_retry) {
        return true;
    }
    if (config->default_key_shares) {
        return add_default_shares(hs);
    }
    for (i = 0; i < config->num_key_shares; i++) {
        if (!add_share(hs, config->key_shares[i])) {
            return false;
        }
    }
    return true;
}

/* --- The session. --- */

/* What early data is sent under must be on offer again: RFC 9846, 4.3.10. */
static bool early_possible(const struct t99_handshake *hs)
{
    const struct t99_session *s = hs->session;

    return hs->config->early_data && s != NULL && s->version == T99_TLS13 && s->max_early_data != 0 &&
           t99_hs_offers_alpn(hs, s->alpn);
}

static const struct t99_cipher_suite *psk_suite(const struct t99_handshake *hs)
{
    return hs->session != NULL && hs->session->version == T99_TLS13
               ? t99_cipher_suite_find(hs->session->suite)
               : NULL;
}

/* A HelloRetryRequest may have chosen another hash than the session's (RFC 9846, 4.2.4). */
static const struct t99_cipher_suite *offered_psk_suite(const struct t99_handshake *hs)
{
    const struct t99_cipher_suite *suite = psk_suite(hs);

    return suite != NULL && hs->retry_suite != NULL && hs->retry_suite->hash != suite->hash ? NULL : suite;
}

/*
 * RFC 9846, 4.3.11.1: milliseconds since the ticket came, never one too many: a server that guards early data
 * (8.3) takes a ticket that is said to be older than it is for one from the future.
 */
static uint32_t ticket_age(const struct t99_handshake *hs)
{
    int64_t age =
        t99_now_ms(hs->config->env) - hs->session->received_ms; /* that end rounded up, this one down */

    return age > 0 ? (uint32_t)age : 0;
}

/*
 * RFC 9846, 4.3.11: one identity, and a binder whose place is filled in once all before it stands. Returns
 * the length of the binders list, which the binder does not cover.
 */
static size_t put_psk(struct t99_handshake *hs, struct writer *w)
{
    const struct t99_cipher_suite *suite = offered_psk_suite(hs);
    size_t data, list, identity, binders;

    if (suite == NULL) {
        return 0;
    }
    hs->offered |= TLSEXT_BIT(TLSEXT_PRE_SHARED_KEY);
    wr_u16(w, t99_extension_type(TLSEXT_PRE_SHARED_KEY));
    data = wr_open16(w);
    list = wr_open16(w);
    identity = wr_open16(w);
    wr_bytes(w, hs->session->ticket.p, hs->session->ticket.len);
    wr_close16(w, identity);
    wr_u32(w, ticket_age(hs) + hs->session->age_add);
    wr_close16(w, list);
    binders = wr_open16(w);
    wr_u8(w, (uint8_t)suite->hash->len);
    (void)wr_room(w, suite->hash->len);
    wr_close16(w, binders);
    wr_close16(w, data);
    return 2 + 1 + suite->hash->len;
}

/* RFC 9846, 4.3.11.2. hs->secret: the early secret. */
static void fill_binder(struct t99_handshake *hs, uint8_t *message, size_t len, size_t binders_len)
{
    const struct t99_hash *hash = psk_suite(hs)->hash;
    uint8_t empty[T99_HASH_MAX], digest[T99_HASH_MAX], key[T99_HASH_MAX];

    t99_early_secret(hash, hs->secret, hs->session->secret, hs->session->secret_len);
    t99_hash(hash, empty, NULL, 0);
    t99_derive_secret(hash, key, hs->secret, "res binder", empty);
    t99_transcript_hash_with(&hs->transcript, hash, digest, message, len - binders_len);
    t99_finished_mac(hash, message + len - hash->len, key, digest);
    t99_wipe(key, sizeof key);
}

/* Bytes that put_psk() will add. */
static size_t psk_len(const struct t99_handshake *hs)
{
    const struct t99_cipher_suite *suite = offered_psk_suite(hs);

    return suite != NULL ? 4 + 2 + 2 + hs->session->ticket.len + 4 + 2 + 1 + suite->hash->len : 0;
}

/* --- The message. --- */

#define PADDED_FROM 256 /* bytes of a ClientHello, header included: RFC 7685, 4 */
#define PADDED_TO 512
#define EXTENSION_PADDING 21

/*
 * RFC 7685: some servers hang on a ClientHello of 256 to 511 bytes. more: bytes that will follow. The content
 * is never empty, which other servers refuse as the last extension.
 */
static void put_padding(struct writer *w, size_t more)
{
    size_t len = w->len + more, data, i, n;

    if (len < PADDED_FROM || len >= PADDED_TO) {
        return;
    }
    n = PADDED_TO - len > 4 ? PADDED_TO - len - 4 : 1;
    wr_u16(w, EXTENSION_PADDING);
    data = wr_open16(w);
    for (i = 0; i < n; i++) {
        wr_u8(w, 0);
    }
    wr_close16(w, data);
}

static void put_suites(const struct t99_handshake *hs, struct writer *w)
{
    size_t list = wr_open16(w), i;

    if (hs->config->grease) {
        wr_u16(w, t99_grease_value(hs, GREASE_SUITE));
    }
    for (i = 0; i < hs->config->num_suites; i++) {
        const struct t99_cipher_suite *suite = t99_cipher_suite_find(hs->config->suites[i]);

        if (suite->version >= hs->config->min_version && suite->version <= hs->config->max_version) {
            wr_u16(w, suite->id);
        }
    }
    if (hs->config->fallback_scsv) {
        wr_u16(w, 0x5600); /* RFC 7507 */
    }
    wr_close16(w, list);
}

/* RFC 9846, 4.2.2; RFC 5246, 7.4.1.2. */
static size_t put_client_hello(struct t99_handshake *hs, struct writer *w)
{
    size_t body, mark, binders_len;

    wr_u8(w, HS_CLIENT_HELLO);
    body = wr_open24(w);
    wr_u16(w, T99_TLS12); /* legacy_version */
    wr_bytes(w, hs->conn->client_random, sizeof hs->conn->client_random);
    mark = wr_open8(w);
    wr_bytes(w, hs->session_id, hs->session_id_len);
    wr_close8(w, mark);
    put_suites(hs, w);
    wr_u8(w, 1); /* legacy_compression_methods: null */
    wr_u8(w, 0);
    mark = wr_open16(w);
    t99_put_extensions(hs, w);
    put_padding(w, psk_len(hs));
    binders_len = put_psk(hs, w);
    wr_close16(w, mark);
    wr_close24(w, body);
    return binders_len;
}

static size_t capacity(const struct t99_handshake *hs)
{
    size_t cap = FRAME_MAX + hs->cookie_len + hs->config->alpn.len, i;

    for (i = 0; i < hs->num_shares; i++) {
        cap += 4 + hs->shares[i].group->share_len;
    }
    if (hs->session != NULL) {
        cap += hs->session->ticket.len;
    }
    if (hs->config->servername != NULL) {
        cap += strlen(hs->config->servername);
    }
    return cap;
}

/* Which session is offered decides the session id. */
static void prepare_first(struct t99_handshake *hs)
{
    hs->conn->session_use = hs->config->session != NULL
                                ? (uint8_t)t99_session_judge(hs->config->session, hs->config)
                                : hs->config->session_use;
    hs->session = hs->conn->session_use == SESSION_OFFERED ? hs->config->session : NULL;
    hs->session_id_len = t99_offers_13(hs) ? sizeof hs->session_id : 0;
    if (hs->session != NULL && hs->session->version == T99_TLS12) {
        if (hs->session->ticket.len != 0 && hs->config->offer_tickets) {
            hs->session_id_len =
                sizeof hs->session_id; /* its echo says that the ticket was taken: RFC 5077, 3.4 */
        } else {
            memcpy(hs->session_id, hs->session->session_id.p, hs->session->session_id.len);
            hs->session_id_len = (uint8_t)hs->session->session_id.len;
        }
    }
    if (early_possible(hs)) {
        hs->conn->early_data = EARLY_OFFERED;
        hs->conn->max_early_data = hs->session->max_early_data;
    }
}

/* RFC 9846, 7.1: keys for early data, which is written before anything has come back. */
static bool start_early_data(struct t99_handshake *hs)
{
    const struct t99_cipher_suite *suite = psk_suite(hs);
    uint8_t digest[T99_HASH_MAX], secret[T99_HASH_MAX];
    struct t99_traffic_key key;
    bool ok;

    t99_transcript_hash_with(&hs->transcript, suite->hash, digest, NULL, 0);
    t99_derive_secret(suite->hash, secret, hs->secret, "c e traffic", digest);
    t99_hs_keylog(hs->config, hs->conn, "CLIENT_EARLY_TRAFFIC_SECRET", secret, suite->hash->len);
    t99_traffic_key_13(&key, suite, secret);
    hs->sink->version(hs->sink->arg, T99_TLS13);
    ok = t99_hs_send_ccs_once(hs) && hs->sink->write_key(hs->sink->arg, &key);
    t99_wipe(&key, sizeof key);
    t99_wipe(secret, sizeof secret);
    return ok;
}

bool t99_send_client_hello(struct t99_handshake *hs)
{
    const struct t99_env *env = hs->config->env;
    size_t cap, binders_len;
    struct writer w;
    uint8_t *buf;
    bool ok;

    if (!hs->conn->hello_retry) {
        prepare_first(hs);
    }
    if (!make_shares(hs)) {
        return false;
    }
    cap = capacity(hs);
    buf = t99_alloc(env, cap);
    if (buf == NULL) {
        return t99_fail_memory(hs->fault);
    }
    w = wr_init(buf, cap);
    binders_len = put_client_hello(hs, &w);
    ok = wr_ok(&w) ||
         t99_fail_as(hs->fault, FAULT_CALLER, ALERT_INTERNAL_ERROR,
                     "client_hello: too long to send: %zu bytes of ALPN, %zu of a ticket, %zu of a cookie",
                     hs->config->alpn.len, hs->session != NULL ? hs->session->ticket.len : 0, hs->cookie_len);
    if (ok && binders_len != 0) {
        fill_binder(hs, buf, w.len, binders_len);
    }
    ok = ok && t99_hs_send(hs, buf, w.len);
    t99_free(env, buf, cap);
    return ok && (hs->conn->early_data != EARLY_OFFERED || hs->conn->hello_retry || start_early_data(hs));
}
