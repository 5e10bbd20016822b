#include "handshake/hs.h"

#include <string.h>

#include "base/ct.h"
#include "base/inflate.h"
#include "base/wipe.h"
#include "crypto/kdf/hkdf.h"

/* --- EncryptedExtensions --- */

/* RFC 9846, 4.3.10: the server took the early data, or it did not. */
static bool settle_early_data(struct t99_handshake *hs, const struct t99_ext_block *ext)
{
    const struct t99_session *s = hs->session;
    struct t99_span alpn = t99_span(hs->conn->alpn, hs->conn->alpn_len);

    if (!t99_has_extension(ext, TLSEXT_EARLY_DATA)) {
        if (hs->conn->early_data == EARLY_OFFERED) {
            hs->conn->early_data = EARLY_REJECTED;
            hs->sink->early_data_rejected(hs->sink->arg);
            return t99_hs_install(hs, false, hs->client_secret);
        }
        return true;
    }
    if (hs->conn->early_data != EARLY_OFFERED || !hs->conn->resumed) {
        return t99_fail(
            hs->fault, ALERT_UNSUPPORTED_EXTENSION,
            "encrypted_extensions: early data was accepted, but it was not offered or cannot count any more");
    }
    if (ext->data[TLSEXT_EARLY_DATA].len != 0) {
        return t99_hs_bad(hs, "encrypted_extensions", "early_data: not empty");
    }
    if (s->suite != hs->conn->suite->id) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "encrypted_extensions: early data was accepted, but with another cipher suite: %s",
                        hs->conn->suite->name);
    }
    if (!t99_span_equal(s->alpn, alpn)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "encrypted_extensions: early data was accepted, but with another ALPN protocol than "
                        "the session's");
    }
    hs->conn->early_data = EARLY_ACCEPTED;
    return true;
}

/* RFC 9846, 4.4.1. */
bool t99_recv_encrypted_extensions(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    static const uint32_t belong = TLSEXT_BIT(TLSEXT_SERVER_NAME) | TLSEXT_BIT(TLSEXT_SUPPORTED_GROUPS) |
                                   TLSEXT_BIT(TLSEXT_ALPN) | TLSEXT_BIT(TLSEXT_RECORD_SIZE_LIMIT) |
                                   TLSEXT_BIT(TLSEXT_EARLY_DATA);
    struct t99_ext_block ext;
    const char *bad = NULL;

    if (!t99_decode_encrypted_extensions(&ext, t99_hs_body(message, len, &bad))) {
        return t99_hs_bad(hs, "encrypted_extensions", bad);
    }
    if (!t99_judge_answer(&ext, belong, hs->offered, "encrypted_extensions", hs->fault)) {
        return false;
    }
    if (t99_has_extension(&ext, TLSEXT_SERVER_NAME) && ext.data[TLSEXT_SERVER_NAME].len != 0) {
        return t99_hs_bad(hs, "encrypted_extensions", "server_name: not empty");
    }
    if (!t99_hs_select_alpn(hs, &ext, "encrypted_extensions") ||
        !t99_hs_record_limit(hs, &ext, "encrypted_extensions") || !settle_early_data(hs, &ext)) {
        return false;
    }
    hs->state = hs->conn->resumed ? WAIT_FINISHED : WAIT_CERT_CR;
    return (!hs->conn->resumed || t99_restore_server(hs)) && t99_hs_record(hs, message, len);
}

/* --- Authentication --- */

/* RFC 9846, 4.4.2. */
bool t99_recv_certificate_request_13(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    struct t99_certificate_request m;
    const char *bad = NULL;

    if (!t99_decode_certificate_request_13(&m, t99_hs_body(message, len, &bad))) {
        return t99_hs_bad(hs, "certificate_request", bad);
    }
    if (m.context.len != 0) {
        return t99_fail(
            hs->fault, ALERT_ILLEGAL_PARAMETER,
            "certificate_request: a certificate_request_context of %zu bytes during the handshake",
            m.context.len);
    }
    if (!t99_judge_request(&m.ext, T99_CERTIFICATE_REQUEST_EXTENSIONS, "certificate_request", hs->fault)) {
        return false;
    }
    if (!t99_has_extension(&m.ext, TLSEXT_SIGNATURE_ALGORITHMS)) {
        return t99_fail(hs->fault, ALERT_MISSING_EXTENSION, "certificate_request: no signature_algorithms");
    }
    hs->conn->certificate_requested = true;
    return t99_choose_credential(hs->config, &m, T99_TLS13, &hs->credential, &hs->client_scheme, hs->fault) &&
           t99_hs_record(hs, message, len);
}

/* Extensions of a CertificateEntry: RFC 9846, 4.5.1. Only the leaf's are kept. */
static bool take_entry_extensions(struct t99_handshake *hs, struct reader *r, bool is_leaf)
{
    static const uint32_t belong = TLSEXT_BIT(TLSEXT_STATUS_REQUEST) | TLSEXT_BIT(TLSEXT_SCT);
    struct t99_ext_block ext;
    struct t99_span response;
    const char *bad = NULL;

    t99_decode_extensions(&ext, r);
    if (!rd_ok(r)) {
        return t99_hs_bad(hs, "certificate", *r->bad);
    }
    if (!t99_judge_answer(&ext, belong, hs->offered, "certificate", hs->fault)) {
        return false;
    }
    if (t99_has_extension(&ext, TLSEXT_STATUS_REQUEST)) {
        if (!t99_decode_certificate_status(&response,
                                           t99_extension_reader(&ext, TLSEXT_STATUS_REQUEST, &bad))) {
            return t99_hs_bad(hs, "certificate: status_request", bad);
        }
        if (is_leaf && !t99_keep_staple(hs, response)) {
            return false;
        }
    }
    if (t99_has_extension(&ext, TLSEXT_SCT)) {
        return t99_keep_scts(hs, is_leaf, ext.data[TLSEXT_SCT], "certificate");
    }
    return true;
}

/* RFC 9846, 4.5.1. body: of the message, compressed or not. */
static bool take_certificates(struct t99_handshake *hs, struct reader r)
{
    struct reader context, list, cert, extensions;

    context = rd_vec8(&r, 0, 255, "certificate_request_context");
    list = rd_vec24(&r, 0, 0xffffff, "certificate_list");
    if (!rd_end(&r, "certificate")) {
        return t99_hs_bad(hs, "certificate", *r.bad);
    }
    if (rd_left(&context) != 0) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "certificate: a certificate_request_context of %zu bytes from the server",
                        rd_left(&context));
    }
    if (rd_left(&list) == 0) {
        return t99_fail(hs->fault, ALERT_DECODE_ERROR, "certificate: the server sent no certificate");
    }
    hs->conn->chain = t99_chain_new(hs->config->env, rd_left(&list));
    if (hs->conn->chain == NULL) {
        return t99_fail_memory(hs->fault);
    }
    while (rd_left(&list) != 0) {
        cert = rd_vec24(&list, 1, 0xffffff, "cert_data");
        extensions = rd_vec16(&list, 0, 65535, "extensions");
        if (!rd_ok(&list)) {
            return t99_hs_bad(hs, "certificate", *list.bad);
        }
        if (!t99_chain_add(hs->conn->chain, rd_rest(&cert))) {
            return t99_fail(hs->fault, ALERT_BAD_CERTIFICATE, "certificate: more than %d certificates",
                            T99_CHAIN_MAX);
        }
        if (!take_entry_extensions(hs, &extensions, hs->conn->chain->num == 1)) {
            return false;
        }
    }
    return t99_take_leaf(hs) && t99_verify_server(hs);
}

bool t99_recv_certificate_13(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    const char *bad = NULL;

    return take_certificates(hs, t99_hs_body(message, len, &bad)) && t99_hs_record(hs, message, len);
}

static bool offers_compression(const struct t99_handshake *hs, uint16_t algorithm)
{
    size_t i;

    for (i = 0; i < hs->config->num_compressions; i++) {
        if (hs->config->compressions[i] == algorithm) {
            return true;
        }
    }
    return false;
}

static bool decompress(const struct t99_handshake *hs, uint8_t *plain,
                       const struct t99_compressed_certificate *m)
{
    const struct t99_hs_callbacks *on = &hs->config->on;

    return on->decompress != NULL ? on->decompress(on->arg, m->algorithm, plain, m->uncompressed_len, m->data)
                                  : t99_inflate_zlib(plain, m->uncompressed_len, m->data.p, m->data.len);
}

/*
 * RFC 8879, 4: the bytes are inflated into memory of exactly the promised length, which is limited like any
 * certificate message.
 */
bool t99_recv_compressed_certificate(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    const struct t99_env *env = hs->config->env;
    struct t99_compressed_certificate m;
    const char *bad = NULL;
    uint8_t *plain;
    bool ok;

    if ((hs->offered & TLSEXT_BIT(TLSEXT_COMPRESS_CERTIFICATE)) == 0) {
        return t99_fail(hs->fault, ALERT_UNEXPECTED_MESSAGE,
                        "the server sent compressed_certificate (25), which was not offered");
    }
    if (!t99_decode_compressed_certificate(&m, t99_hs_body(message, len, &bad))) {
        return t99_hs_bad(hs, "compressed_certificate", bad);
    }
    if (!offers_compression(hs, m.algorithm)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "compressed_certificate: the algorithm %u was not offered", (unsigned)m.algorithm);
    }
    if (m.uncompressed_len == 0 || m.uncompressed_len > t99_handshake_limit(hs, HS_CERTIFICATE)) {
        return t99_fail(hs->fault, ALERT_BAD_CERTIFICATE,
                        "compressed_certificate: %lu bytes when uncompressed, allowed are 1 to %zu",
                        (unsigned long)m.uncompressed_len, t99_handshake_limit(hs, HS_CERTIFICATE));
    }
    plain = t99_alloc(env, m.uncompressed_len);
    if (plain == NULL) {
        return t99_fail_memory(hs->fault);
    }
    ok = decompress(hs, plain, &m)
             ? take_certificates(hs, rd_init(plain, m.uncompressed_len, &bad))
             : t99_fail(hs->fault, ALERT_BAD_CERTIFICATE,
                        "compressed_certificate: does not decompress to the %lu bytes that it promises",
                        (unsigned long)m.uncompressed_len);
    t99_free(env, plain, m.uncompressed_len);
    return ok && t99_hs_record(hs, message, len);
}

/* RFC 9846, 4.5.2. */
size_t t99_signed_content_13(uint8_t *out, bool by_server, const uint8_t *transcript_hash, size_t hash_len)
{
    static const char server[34] = "TLS 1.3, server CertificateVerify",
                      client[34] = "TLS 1.3, client CertificateVerify";

    memset(out, 0x20, 64);
    memcpy(out + 64, by_server ? server : client, 34); /* with the zero byte that separates */
    memcpy(out + 98, transcript_hash, hash_len);
    return 98 + hash_len;
}

bool t99_recv_certificate_verify(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    uint8_t digest[T99_HASH_MAX], content[T99_SIGNED_MAX];
    struct t99_certificate_verify m;
    const char *bad = NULL;
    size_t content_len;

    if (!t99_decode_certificate_verify(&m, t99_hs_body(message, len, &bad))) {
        return t99_hs_bad(hs, "certificate_verify", bad);
    }
    t99_transcript_hash(&hs->transcript, digest);
    content_len = t99_signed_content_13(content, true, digest, hs->conn->suite->hash->len);
    return t99_check_server_signature(hs, m.scheme, t99_span(content, content_len), m.signature,
                                      "certificate_verify") &&
           t99_hs_record(hs, message, len);
}

/* --- Finished --- */

static bool send_end_of_early_data(struct t99_handshake *hs)
{
    static const uint8_t message[T99_HS_HEADER] = { HS_END_OF_EARLY_DATA, 0, 0, 0 };

    return t99_hs_send(hs, message, sizeof message) && t99_hs_install(hs, false, hs->client_secret);
}

/* Certificate and CertificateVerify: RFC 9846, 4.5. */
static bool send_authentication(struct t99_handshake *hs)
{
    const struct t99_env *env = hs->config->env;
    uint8_t digest[T99_HASH_MAX], content[T99_SIGNED_MAX], out[8 + T99_SIGNATURE_MAX];
    size_t alloc_len = 0, len = 0, content_len;
    uint8_t *certificate =
        t99_compose_certificate(env, T99_TLS13, hs->credential, t99_span(NULL, 0), &alloc_len, &len);
    bool ok;

    if (certificate == NULL) {
        return t99_fail_memory(hs->fault);
    }
    ok = t99_hs_send(hs, certificate, len);
    t99_free(env, certificate, alloc_len);
    if (!ok || hs->credential == NULL) {
        return ok;
    }
    hs->conn->certificate_sent = true;
    hs->conn->credential = hs->credential;
    t99_transcript_hash(&hs->transcript, digest);
    content_len = t99_signed_content_13(content, false, digest, hs->conn->suite->hash->len);
    return t99_compose_certificate_verify(env, hs->credential, hs->client_scheme, content, content_len, out,
                                          &len, hs->fault) &&
           t99_hs_send(hs, out, len);
}

static bool send_finished(struct t99_handshake *hs)
{
    const struct t99_hash *hash = hs->conn->suite->hash;
    uint8_t digest[T99_HASH_MAX], message[T99_HS_HEADER + T99_HASH_MAX];

    t99_transcript_hash(&hs->transcript, digest);
    message[0] = HS_FINISHED;
    store_be24(message + 1, (uint32_t)hash->len);
    t99_finished_mac(hash, message + T99_HS_HEADER, hs->client_secret, digest);
    return t99_hs_send(hs, message, T99_HS_HEADER + hash->len);
}

/* From the handshake secret to what the connection lives on (RFC 9846, 7.1). */
static void derive_application_secrets(struct t99_handshake *hs)
{
    const struct t99_hash *hash = hs->conn->suite->hash;
    struct t99_conn *conn = hs->conn;
    uint8_t digest[T99_HASH_MAX];

    t99_main_secret(hash, hs->secret);
    t99_transcript_hash(&hs->transcript, digest);
    t99_derive_secret(hash, conn->client_secret, hs->secret, "c ap traffic", digest);
    t99_derive_secret(hash, conn->server_secret, hs->secret, "s ap traffic", digest);
    t99_derive_secret(hash, conn->exporter_secret, hs->secret, "exp master", digest);
    t99_hs_keylog(hs->config, conn, "CLIENT_TRAFFIC_SECRET_0", conn->client_secret, hash->len);
    t99_hs_keylog(hs->config, conn, "SERVER_TRAFFIC_SECRET_0", conn->server_secret, hash->len);
    t99_hs_keylog(hs->config, conn, "EXPORTER_SECRET", conn->exporter_secret, hash->len);
}

static bool check_finished(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    const struct t99_hash *hash = hs->conn->suite->hash;
    uint8_t digest[T99_HASH_MAX], expected[T99_HASH_MAX];
    bool ok = true;

    t99_transcript_hash(&hs->transcript, digest);
    t99_finished_mac(hash, expected, hs->server_secret, digest);
    if (len - T99_HS_HEADER != hash->len) {
        ok = t99_fail(hs->fault, ALERT_DECRYPT_ERROR, "finished: %zu bytes instead of %zu",
                      len - T99_HS_HEADER, hash->len);
    } else if (!ct_reveal(t99_ct_equal(expected, message + T99_HS_HEADER, hash->len))) {
        ok = t99_fail(hs->fault, ALERT_DECRYPT_ERROR,
                      "finished: wrong verify_data: the two sides saw different handshakes");
    }
    t99_wipe(expected, sizeof expected);
    return ok;
}

/* Post-handshake authentication will sign the handshake once more: RFC 9846, 4.7.2. */
static bool keep_transcript(struct t99_handshake *hs)
{
    if (!hs->config->post_handshake_auth) {
        return true;
    }
    hs->conn->transcript = t99_dup(hs->config->env, &hs->transcript.ctx, sizeof hs->transcript.ctx);
    return hs->conn->transcript != NULL || t99_fail_memory(hs->fault);
}

/* RFC 9846, 4.5.3, and all that we answer. */
bool t99_recv_finished_13(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    const struct t99_hash *hash = hs->conn->suite->hash;
    uint8_t digest[T99_HASH_MAX];

    if (!check_finished(hs, message, len) || !t99_hs_record(hs, message, len)) {
        return false;
    }
    derive_application_secrets(hs);
    if (!t99_hs_install(hs, true, hs->conn->server_secret) ||
        (hs->conn->early_data == EARLY_ACCEPTED && !send_end_of_early_data(hs)) ||
        (hs->conn->certificate_requested && !send_authentication(hs)) || !send_finished(hs) ||
        !t99_hs_install(hs, false, hs->conn->client_secret)) {
        return false;
    }
    t99_transcript_hash(&hs->transcript, digest);
    t99_derive_secret(hash, hs->conn->resumption_secret, hs->secret, "res master", digest);
    return keep_transcript(hs);
}
