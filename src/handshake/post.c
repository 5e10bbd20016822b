#include "handshake/post.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/kdf/hkdf.h"
#include "crypto/kdf/tls12_prf.h"
#include "handshake/hs.h"

#define MAX_KEY_UPDATES 32      /* in a row, without application data between them */
#define TICKET_BODY_MAX 66000   /* a ticket of 2^16 - 1 bytes and its frame */
#define REQUEST_BODY_MAX 102400 /* post-handshake CertificateRequest */
#define MAX_LIFETIME 604800     /* seconds: RFC 9846, 4.7.1 */

size_t t99_post_limit(const struct t99_conn *conn, uint8_t type)
{
    (void)conn;
    return type == HS_NEW_SESSION_TICKET    ? TICKET_BODY_MAX
           : type == HS_CERTIFICATE_REQUEST ? REQUEST_BODY_MAX
                                            : 1024;
}

/* --- KeyUpdate: RFC 9846, 4.7.3 --- */

static bool install(struct t99_conn *conn, const struct t99_sink *sink, bool reading, const uint8_t *secret)
{
    struct t99_traffic_key key;
    bool ok;

    t99_traffic_key_13(&key, conn->suite, secret);
    ok = reading ? sink->read_key(sink->arg, &key) : sink->write_key(sink->arg, &key);
    t99_wipe(&key, sizeof key);
    return ok;
}

static void tell_sent(const struct t99_hs_config *config, const uint8_t *message, size_t len)
{
    if (config->on.message != NULL) {
        config->on.message(config->on.arg, DIRECTION_SENT, message, len);
    }
}

bool t99_post_key_update(struct t99_conn *conn, const struct t99_hs_config *config,
                         const struct t99_sink *sink, bool request)
{
    uint8_t message[T99_HS_HEADER + 1] = { HS_KEY_UPDATE, 0, 0, 1, 0 };

    message[T99_HS_HEADER] = request && !conn->key_update_requested ? 1 : 0; /* one request is enough */
    conn->key_update_requested = request || conn->key_update_requested;
    tell_sent(config, message, sizeof message);
    if (!sink->send(sink->arg, message, sizeof message)) {
        return false;
    }
    t99_next_traffic_secret(conn->suite->hash, conn->client_secret);
    return install(conn, sink, false, conn->client_secret);
}

static bool recv_key_update(struct t99_conn *conn, const struct t99_hs_config *config,
                            const struct t99_sink *sink, struct t99_fault *fault, const uint8_t *message,
                            size_t len)
{
    uint8_t request;

    if (len != T99_HS_HEADER + 1) {
        return t99_hs_malformed(fault, "key_update", "length");
    }
    request = message[T99_HS_HEADER];
    if (request > 1) {
        return t99_fail(fault, ALERT_ILLEGAL_PARAMETER, "key_update: request_update is %u",
                        (unsigned)request);
    }
    if (++conn->key_updates > MAX_KEY_UPDATES) {
        return t99_fail(fault, ALERT_UNEXPECTED_MESSAGE, "too many key updates: %d in a row without any data",
                        MAX_KEY_UPDATES);
    }
    conn->key_update_requested = false;
    t99_next_traffic_secret(conn->suite->hash, conn->server_secret);
    if (!install(conn, sink, true, conn->server_secret)) {
        return false;
    }
    if (request == 1 && !conn->key_update_pending) {
        conn->key_update_pending = true; /* one answer is enough until something is written under it */
        return t99_post_key_update(conn, config, sink, false);
    }
    return true;
}

/* --- Sessions --- */

/* The chain as sessions keep it: (length24, DER)*. NULL: out of memory. */
static uint8_t *pack_chain(const struct t99_env *env, const struct t99_chain *chain, size_t *len)
{
    size_t total = 1, i;
    struct writer w;
    uint8_t *buf;

    for (i = 0; chain != NULL && i < chain->num; i++) {
        total += 3 + chain->certs[i].len;
    }
    buf = t99_alloc(env, total);
    if (buf != NULL) {
        w = wr_init(buf, total);
        for (i = 0; chain != NULL && i < chain->num; i++) {
            wr_u24(&w, (uint32_t)chain->certs[i].len);
            wr_bytes(&w, chain->certs[i].p, chain->certs[i].len);
        }
    }
    *len = total - 1;
    return buf;
}

bool t99_yield_session(const struct t99_hs_config *config, const struct t99_conn *conn, const uint8_t *secret,
                       size_t secret_len, struct t99_span ticket, struct t99_span session_id,
                       uint32_t lifetime, uint32_t age_add, uint32_t max_early_data, struct t99_fault *fault)
{
    const struct t99_env *env = config->env;
    const char *name = config->servername != NULL ? config->servername : "";
    struct t99_session s, *copy;
    uint8_t *chain;
    size_t chain_len = 0;

    if (config->on.new_session == NULL) {
        return true;
    }
    chain = pack_chain(env, conn->chain, &chain_len);
    if (chain == NULL) {
        return t99_fail_memory(fault);
    }
    memset(&s, 0, sizeof s);
    s.version = conn->version;
    s.suite = conn->suite->id;
    s.group = conn->group != NULL ? conn->group->id : 0;
    s.scheme = conn->scheme != NULL ? conn->scheme->id : 0;
    s.ems = conn->ems;
    s.secret_len = (uint8_t)secret_len;
    memcpy(s.secret, secret, secret_len);
    s.received_ms = t99_now_ms_up(env);
    s.auth_ms = conn->auth_ms;
    s.not_after = conn->not_after;
    s.lifetime = lifetime > MAX_LIFETIME ? MAX_LIFETIME : lifetime;
    s.age_add = age_add;
    s.max_early_data = max_early_data;
    memcpy(s.verify_id, config->verify_id, sizeof s.verify_id);
    s.ticket = ticket;
    s.session_id = session_id;
    s.servername = t99_span(name, strlen(name));
    s.alpn = t99_span(conn->alpn, conn->alpn_len);
    s.chain = t99_span(chain, chain_len);
    s.staple = t99_span(conn->staple, conn->staple_len);
    s.scts = t99_span(conn->scts, conn->scts_len);
    copy = t99_session_copy(env, &s);
    t99_wipe(&s, sizeof s);
    t99_free(env, chain, chain_len + 1);
    if (copy == NULL) {
        return t99_fail_memory(fault);
    }
    config->on.new_session(config->on.arg, copy);
    return true;
}

#define FLAG_ACROSS_NAMES 8 /* resumption_across_names: draft-ietf-tls-cross-sni-resumption */

/* draft-ietf-tls-tlsflags: bit i is bit i % 8 of byte i / 8; no more bytes than needed. */
static bool take_ticket_flags(struct t99_conn *conn, const struct t99_ext_block *ext, struct t99_fault *fault)
{
    struct t99_span flags = t99_span(NULL, 0);
    const char *bad = NULL;
    struct reader r, list;

    if (t99_has_extension(ext, TLSEXT_TLS_FLAGS)) {
        r = t99_extension_reader(ext, TLSEXT_TLS_FLAGS, &bad);
        list = rd_vec8(&r, 1, 255, "flags");
        flags = rd_rest(&list);
        if (!rd_end(&r, "tls_flags")) {
            return t99_hs_malformed(fault, "new_session_ticket", bad);
        }
        if (flags.len == 0 || flags.p[flags.len - 1] == 0) {
            return t99_fail(fault, ALERT_ILLEGAL_PARAMETER,
                            "new_session_ticket: malformed: tls_flags end with a byte without flags");
        }
    }
    conn->ticket_across_names = flags.len > FLAG_ACROSS_NAMES / 8 &&
                                (flags.p[FLAG_ACROSS_NAMES / 8] >> FLAG_ACROSS_NAMES % 8 & 1) != 0;
    return true;
}

/* RFC 9846, 4.7.1. A lifetime of 0 means: do not keep it. */
static bool recv_new_session_ticket(struct t99_conn *conn, const struct t99_hs_config *config,
                                    struct t99_fault *fault, const uint8_t *message, size_t len)
{
    struct t99_new_session_ticket m;
    uint8_t psk[T99_HASH_MAX];
    const char *bad = NULL;
    uint32_t early = 0;
    bool ok;

    if (!t99_decode_new_session_ticket_13(&m, t99_hs_body(message, len, &bad))) {
        return t99_hs_malformed(fault, "new_session_ticket", bad);
    }
    if (!t99_judge_request(&m.ext, TLSEXT_BIT(TLSEXT_EARLY_DATA) | TLSEXT_BIT(TLSEXT_TLS_FLAGS),
                           "new_session_ticket", fault) ||
        !take_ticket_flags(conn, &m.ext, fault)) {
        return false;
    }
    if (m.lifetime == 0 || !config->offer_tickets) {
        return true;
    }
    if (t99_has_extension(&m.ext, TLSEXT_EARLY_DATA)) {
        early = load_be32(m.ext.data[TLSEXT_EARLY_DATA].p);
    }
    t99_ticket_psk(conn->suite->hash, psk, conn->resumption_secret, m.nonce.p, m.nonce.len);
    ok = t99_yield_session(config, conn, psk, conn->suite->hash->len, m.ticket, t99_span(NULL, 0), m.lifetime,
                           m.age_add, early, fault);
    t99_wipe(psk, sizeof psk);
    return ok;
}

/* --- Post-handshake authentication: RFC 9846, 4.7.2 --- */

struct answer {
    struct t99_conn *conn;
    const struct t99_hs_config *config;
    const struct t99_sink *sink;
    struct t99_fault *fault;
    struct t99_hash_ctx transcript; /* the handshake, the request and what has been answered so far */
};

static void answer_digest(const struct answer *a, uint8_t *digest)
{
    struct t99_hash_ctx ctx = a->transcript;

    a->conn->suite->hash->final(&ctx, digest);
}

static bool answer_send(struct answer *a, const uint8_t *message, size_t len)
{
    a->conn->suite->hash->update(&a->transcript, message, len);
    tell_sent(a->config, message, len);
    return a->sink->send(a->sink->arg, message, len);
}

static bool answer_certificate(struct answer *a, const struct t99_credential *credential,
                               const struct t99_signature_scheme *scheme, struct t99_span context)
{
    uint8_t digest[T99_HASH_MAX], content[T99_SIGNED_MAX], out[8 + T99_SIGNATURE_MAX];
    size_t alloc_len = 0, len = 0, content_len;
    uint8_t *certificate =
        t99_compose_certificate(a->config->env, T99_TLS13, credential, context, &alloc_len, &len);
    bool ok;

    if (certificate == NULL) {
        return t99_fail_memory(a->fault);
    }
    ok = answer_send(a, certificate, len);
    t99_free(a->config->env, certificate, alloc_len);
    if (!ok || credential == NULL) {
        return ok;
    }
    answer_digest(a, digest);
    content_len = t99_signed_content_13(content, false, digest, a->conn->suite->hash->len);
    return t99_compose_certificate_verify(a->config->env, credential, scheme, content, content_len, out, &len,
                                          a->fault) &&
           answer_send(a, out, len);
}

static bool recv_certificate_request(struct t99_conn *conn, const struct t99_hs_config *config,
                                     const struct t99_sink *sink, struct t99_fault *fault,
                                     const uint8_t *message, size_t len)
{
    const struct t99_hash *hash = conn->suite->hash;
    const struct t99_signature_scheme *scheme;
    const struct t99_credential *credential;
    struct t99_certificate_request m;
    struct answer a;
    uint8_t digest[T99_HASH_MAX], finished[T99_HS_HEADER + T99_HASH_MAX];
    const char *bad = NULL;

    if (!t99_decode_certificate_request_13(&m, t99_hs_body(message, len, &bad))) {
        return t99_hs_malformed(fault, "certificate_request", bad);
    }
    if (!t99_judge_request(&m.ext, T99_CERTIFICATE_REQUEST_EXTENSIONS, "certificate_request", fault)) {
        return false;
    }
    if (!t99_has_extension(&m.ext, TLSEXT_SIGNATURE_ALGORITHMS)) {
        return t99_fail(fault, ALERT_MISSING_EXTENSION, "certificate_request: no signature_algorithms");
    }
    if (!t99_choose_credential(config, &m, T99_TLS13, &credential, &scheme, fault)) {
        return false;
    }
    a.conn = conn;
    a.config = config;
    a.sink = sink;
    a.fault = fault;
    a.transcript = *conn->transcript;
    hash->update(&a.transcript, message, len);
    if (!answer_certificate(&a, credential, scheme, m.context)) {
        return false;
    }
    answer_digest(&a, digest);
    finished[0] = HS_FINISHED;
    store_be24(finished + 1, (uint32_t)hash->len);
    t99_finished_mac(hash, finished + T99_HS_HEADER, conn->client_secret, digest);
    return answer_send(&a, finished, T99_HS_HEADER + hash->len);
}

/* --- Dispatch --- */

static bool recv_hello_request(const struct t99_hs_config *config, struct t99_fault *fault, size_t len)
{
    if (len != T99_HS_HEADER) {
        return t99_hs_malformed(fault, "hello_request", "not empty");
    }
    return config->ignore_hello_request ||
           t99_fail(fault, ALERT_NO_RENEGOTIATION, "the server asked for renegotiation, which is refused");
}

bool t99_post_message(struct t99_conn *conn, const struct t99_hs_config *config, const struct t99_sink *sink,
                      struct t99_fault *fault, const uint8_t *message, size_t len)
{
    if (config->on.message != NULL) {
        config->on.message(config->on.arg, DIRECTION_RECEIVED, message, len);
    }
    if (conn->version >= T99_TLS13 && message[0] == HS_NEW_SESSION_TICKET) {
        return recv_new_session_ticket(conn, config, fault, message, len);
    }
    if (conn->version >= T99_TLS13 && message[0] == HS_KEY_UPDATE) {
        return recv_key_update(conn, config, sink, fault, message, len);
    }
    if (conn->version >= T99_TLS13 && message[0] == HS_CERTIFICATE_REQUEST && conn->transcript != NULL) {
        return recv_certificate_request(conn, config, sink, fault, message, len);
    }
    if (conn->version == T99_TLS12 && message[0] == HS_HELLO_REQUEST) {
        return recv_hello_request(config, fault, len);
    }
    return t99_fail(fault, ALERT_UNEXPECTED_MESSAGE, "the server sent %s (%u) after the handshake",
                    t99_hs_name(message[0]), (unsigned)message[0]);
}

/* --- Exporters --- */

static void export_13(const struct t99_conn *conn, uint8_t *out, size_t out_len, const char *label,
                      const uint8_t *context, size_t context_len)
{
    const struct t99_hash *hash = conn->suite->hash;
    uint8_t digest[T99_HASH_MAX], secret[T99_HASH_MAX];

    t99_hash(hash, digest, NULL, 0);
    t99_derive_secret(hash, secret, conn->exporter_secret, label, digest);
    t99_hash(hash, digest, context, context_len);
    t99_hkdf_expand_label(hash, out, out_len, secret, "exporter", digest, hash->len);
    t99_wipe(secret, sizeof secret);
}

bool t99_exporter(const struct t99_conn *conn, struct t99_fault *fault, uint8_t *out, size_t out_len,
                  const char *label, bool has_context, const uint8_t *context, size_t context_len)
{
    uint8_t seed[64 + 2];

    if (!conn->connected) {
        return t99_fail_as(fault, FAULT_CALLER, ALERT_NONE, "exporter: the handshake is not complete");
    }
    if (strlen(label) > 249 || out_len > 255 * conn->suite->hash->len || context_len > 65535) {
        return t99_fail_as(
            fault, FAULT_CALLER, ALERT_NONE,
            "exporter: too long: label %zu bytes (at most 249), context %zu (65535), output %zu (%zu)",
            strlen(label), context_len, out_len, 255 * conn->suite->hash->len);
    }
    if (conn->version >= T99_TLS13) {
        export_13(conn, out, out_len, label, context, has_context ? context_len : 0);
        return true;
    }
    if (!conn->ems) {
        return t99_fail_as(
            fault, FAULT_CALLER, ALERT_NONE,
            "exporter: not without extended_master_secret, which the server lacks (RFC 7627, 7)");
    }
    memcpy(seed, conn->client_random, 32);
    memcpy(seed + 32, conn->server_random, 32);
    store_be16(seed + 64, (uint16_t)context_len);
    t99_tls12_prf(conn->suite->hash, out, out_len, conn->exporter_secret, T99_MAIN_SECRET_LEN, label, seed,
                  has_context ? 66 : 64, context, has_context ? context_len : 0);
    return true;
}
