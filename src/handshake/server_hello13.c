/* ServerHello and HelloRetryRequest of TLS 1.3: RFC 9846, 4.2.3 and 4.2.4. */
#include "handshake/hs.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/kdf/hkdf.h"

/* What both have in common: RFC 9846, 4.2.3. */
static bool check_hello(struct t99_handshake *hs, const struct t99_server_hello *m, const char *name)
{
    const struct t99_cipher_suite *suite = t99_cipher_suite_find(m->cipher_suite);

    if (m->legacy_version != T99_TLS12) {
        return t99_fail(hs->fault, ALERT_PROTOCOL_VERSION, "%s: legacy_version 0x%04x instead of 0x0303",
                        name, (unsigned)m->legacy_version);
    }
    if (m->compression_method != 0) {
        return t99_fail(hs->fault, ALERT_DECODE_ERROR, "%s: legacy_compression_method %u in TLS 1.3", name,
                        (unsigned)m->compression_method);
    }
    if (!t99_span_equal(m->session_id, t99_span(hs->session_id, hs->session_id_len))) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER, "%s: legacy_session_id_echo is not what was sent",
                        name);
    }
    if (suite == NULL || suite->version != T99_TLS13 || !t99_hs_offers_suite(hs->config, suite->id)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER, "%s: the cipher suite 0x%04x was not offered",
                        name, (unsigned)m->cipher_suite);
    }
    if (hs->retry_suite != NULL && suite != hs->retry_suite) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "%s: %s, but the hello_retry_request had chosen %s", name, suite->name,
                        hs->retry_suite->name);
    }
    hs->conn->suite = suite;
    return true;
}

static const struct t99_share *find_share(const struct t99_handshake *hs, uint16_t id)
{
    size_t i;

    for (i = 0; i < hs->num_shares; i++) {
        if (hs->shares[i].group->id == id) {
            return &hs->shares[i];
        }
    }
    return NULL;
}

/* RFC 9846, 4.3.8.1: the group must be one that was offered and for which no share was sent. */
static bool take_retry_group(struct t99_handshake *hs, const struct t99_ext_block *ext)
{
    const char *bad = NULL;
    struct reader r;
    uint16_t id;

    if (!t99_has_extension(ext, TLSEXT_KEY_SHARE)) {
        return true;
    }
    r = t99_extension_reader(ext, TLSEXT_KEY_SHARE, &bad);
    id = rd_u16(&r, "selected_group");
    if (!rd_end(&r, "key_share")) {
        return t99_hs_bad(hs, "hello_retry_request", bad);
    }
    if (!t99_hs_offers_group(hs->config, id)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "hello_retry_request: the group 0x%04x was not offered", (unsigned)id);
    }
    if (find_share(hs, id) != NULL) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "hello_retry_request: asks for a share of %s, which it had got",
                        t99_group_find(id)->name);
    }
    hs->retry_group = t99_group_find(id);
    return true;
}

/* RFC 9846, 4.3.2. */
static bool take_cookie(struct t99_handshake *hs, const struct t99_ext_block *ext)
{
    const char *bad = NULL;
    struct reader r, cookie;

    if (!t99_has_extension(ext, TLSEXT_COOKIE)) {
        return true;
    }
    r = t99_extension_reader(ext, TLSEXT_COOKIE, &bad);
    cookie = rd_vec16(&r, 1, 65535, "cookie");
    if (!rd_end(&r, "cookie")) {
        return t99_hs_bad(hs, "hello_retry_request", bad);
    }
    hs->cookie_len = rd_left(&cookie);
    hs->cookie = t99_dup(hs->config->env, cookie.pos, hs->cookie_len);
    return hs->cookie != NULL || t99_fail_memory(hs->fault);
}

/* RFC 9846, 4.2.4. */
bool t99_recv_hello_retry_request(struct t99_handshake *hs, const struct t99_server_hello *m,
                                  const uint8_t *message, size_t len)
{
    static const uint32_t cookie = TLSEXT_BIT(TLSEXT_COOKIE); /* comes without having been offered */
    static const uint32_t belong =
        TLSEXT_BIT(TLSEXT_SUPPORTED_VERSIONS) | TLSEXT_BIT(TLSEXT_KEY_SHARE) | TLSEXT_BIT(TLSEXT_COOKIE);

    if (hs->conn->hello_retry) {
        return t99_fail(hs->fault, ALERT_UNEXPECTED_MESSAGE, "the server sent a second hello_retry_request");
    }
    if (!check_hello(hs, m, "hello_retry_request") ||
        !t99_judge_answer(&m->ext, belong, hs->offered | cookie, "hello_retry_request", hs->fault) ||
        !take_retry_group(hs, &m->ext) || !take_cookie(hs, &m->ext)) {
        return false;
    }
    if (hs->retry_group == NULL && hs->cookie == NULL) {
        return t99_fail(
            hs->fault, ALERT_ILLEGAL_PARAMETER,
            "hello_retry_request: asks for no change, so that the handshake would go round for ever");
    }
    if (!hs->sink->flight_end(hs->sink->arg)) {
        return false;
    }
    hs->retry_suite = hs->conn->suite;
    hs->conn->hello_retry = true;
    t99_transcript_choose(&hs->transcript, hs->conn->suite->hash);
    t99_transcript_restart(&hs->transcript);
    if (!t99_hs_record(hs, message, len)) {
        return false;
    }
    if (hs->conn->early_data == EARLY_OFFERED) {
        hs->conn->early_data = EARLY_REJECTED;
        hs->sink->early_data_rejected(hs->sink->arg);
        if (!hs->sink->write_key(hs->sink->arg, NULL)) {
            return false;
        }
    }
    return t99_hs_send_ccs_once(hs) && t99_send_client_hello(hs);
}

/* RFC 9846, 4.3.11: the identity that was offered, and the same hash. */
static bool take_psk(struct t99_handshake *hs, const struct t99_ext_block *ext)
{
    const struct t99_session *s = hs->session;
    const char *bad = NULL;
    struct reader r;
    uint16_t identity;

    if (!t99_has_extension(ext, TLSEXT_PRE_SHARED_KEY)) {
        hs->session = NULL;
        return true;
    }
    r = t99_extension_reader(ext, TLSEXT_PRE_SHARED_KEY, &bad);
    identity = rd_u16(&r, "selected_identity");
    if (!rd_end(&r, "pre_shared_key")) {
        return t99_hs_bad(hs, "server_hello", bad);
    }
    if (identity != 0) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_hello: selected_identity %u, but one was offered", (unsigned)identity);
    }
    if (t99_cipher_suite_find(s->suite)->hash != hs->conn->suite->hash) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_hello: resumes with %s, whose hash is not that of the session (%s)",
                        hs->conn->suite->name, t99_cipher_suite_find(s->suite)->name);
    }
    hs->conn->resumed = true;
    return true;
}

/* RFC 9846, 4.3.8 and 7.4. secret: T99_SHARED_SECRET_MAX bytes. */
static bool agree(struct t99_handshake *hs, const struct t99_ext_block *ext, uint8_t *secret)
{
    const struct t99_share *share;
    const char *bad = NULL, *why = NULL;
    struct reader r, key;
    uint16_t id;

    if (!t99_has_extension(ext, TLSEXT_KEY_SHARE)) {
        return t99_fail(hs->fault, hs->conn->resumed ? ALERT_ILLEGAL_PARAMETER : ALERT_MISSING_EXTENSION,
                        "server_hello: no key_share");
    }
    r = t99_extension_reader(ext, TLSEXT_KEY_SHARE, &bad);
    id = rd_u16(&r, "group");
    key = rd_vec16(&r, 1, 65535, "key_exchange");
    if (!rd_end(&r, "key_share")) {
        return t99_hs_bad(hs, "server_hello", bad);
    }
    share = find_share(hs, id);
    if (share == NULL) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_hello: key_share for the group 0x%04x, for which none was sent",
                        (unsigned)id);
    }
    if (!t99_group_agree(share->group, secret, share->private_part, key.pos, rd_left(&key), &why)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER, "server_hello: key_share for %s, %zu bytes: %s",
                        share->group->name, rd_left(&key), why);
    }
    hs->conn->group = share->group;
    return true;
}

/* Early and handshake secret, and the keys of the handshake (RFC 9846, 7.1). */
static bool derive_handshake_keys(struct t99_handshake *hs, const uint8_t *shared)
{
    const struct t99_hash *hash = hs->conn->suite->hash;
    uint8_t digest[T99_HASH_MAX];

    if (hs->conn->resumed) {
        t99_early_secret(hash, hs->secret, hs->session->secret, hs->session->secret_len);
    } else {
        t99_early_secret(hash, hs->secret, NULL, 0);
    }
    t99_handshake_secret(hash, hs->secret, shared, hs->conn->group->secret_len);
    t99_transcript_hash(&hs->transcript, digest);
    t99_derive_secret(hash, hs->client_secret, hs->secret, "c hs traffic", digest);
    t99_derive_secret(hash, hs->server_secret, hs->secret, "s hs traffic", digest);
    t99_hs_keylog(hs->config, hs->conn, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", hs->client_secret, hash->len);
    t99_hs_keylog(hs->config, hs->conn, "SERVER_HANDSHAKE_TRAFFIC_SECRET", hs->server_secret, hash->len);
    if (!t99_hs_install(hs, true, hs->server_secret)) {
        return false;
    }
    if (hs->conn->early_data == EARLY_OFFERED) {
        /* writing goes on under the early key until EncryptedExtensions says whether it counts */
        return true;
    }
    return t99_hs_send_ccs_once(hs) && t99_hs_install(hs, false, hs->client_secret);
}

/* RFC 9846, 4.2.3. */
bool t99_recv_server_hello_13(struct t99_handshake *hs, const struct t99_server_hello *m,
                              const uint8_t *message, size_t len)
{
    uint8_t shared[T99_SHARED_SECRET_MAX];
    static const uint32_t belong = TLSEXT_BIT(TLSEXT_SUPPORTED_VERSIONS) | TLSEXT_BIT(TLSEXT_KEY_SHARE) |
                                   TLSEXT_BIT(TLSEXT_PRE_SHARED_KEY);
    bool ok = check_hello(hs, m, "server_hello") &&
              t99_judge_answer(&m->ext, belong, hs->offered, "server_hello", hs->fault) &&
              take_psk(hs, &m->ext) && agree(hs, &m->ext, shared);

    if (ok) {
        t99_transcript_choose(&hs->transcript, hs->conn->suite->hash);
        ok = t99_hs_record(hs, message, len) && derive_handshake_keys(hs, shared);
        hs->state = WAIT_ENCRYPTED_EXTENSIONS;
    }
    t99_wipe(shared, sizeof shared);
    return ok;
}
