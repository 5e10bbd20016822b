/* ServerHello of TLS 1.2: RFC 5246, 7.4.1.3, and its extensions. */
#include "handshake/hs.h"

#include <string.h>

static bool check_suite(struct t99_handshake *hs, const struct t99_server_hello *m)
{
    const struct t99_cipher_suite *suite = t99_cipher_suite_find(m->cipher_suite);

    if (suite == NULL || suite->version != T99_TLS12 || !t99_hs_offers_suite(hs->config, suite->id)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_hello: the cipher suite 0x%04x was not offered for TLS 1.2",
                        (unsigned)m->cipher_suite);
    }
    if (m->compression_method != 0) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_hello: the compression_method %u was not offered",
                        (unsigned)m->compression_method);
    }
    hs->conn->suite = suite;
    return true;
}

/* RFC 5746, 3.4. */
static bool check_renegotiation_info(struct t99_handshake *hs, const struct t99_ext_block *ext)
{
    struct t99_span data = ext->data[TLSEXT_RENEGOTIATION_INFO];

    if (!t99_has_extension(ext, TLSEXT_RENEGOTIATION_INFO)) {
        return hs->config->legacy_server_connect ||
               t99_fail(
                   hs->fault, ALERT_HANDSHAKE_FAILURE,
                   "server_hello: the server has no secure renegotiation (RFC 5746): too old to be safe");
    }
    if (data.len == 0 || data.p[0] != data.len - 1) {
        return t99_hs_bad(hs, "server_hello", "renegotiation_info");
    }
    if (data.len != 1) {
        return t99_fail(hs->fault, ALERT_HANDSHAKE_FAILURE,
                        "server_hello: renegotiation_info is not empty in a first handshake");
    }
    hs->conn->secure_renegotiation = true;
    return true;
}

static bool must_be_empty(struct t99_handshake *hs, const struct t99_ext_block *ext, enum t99_extension x)
{
    if (t99_has_extension(ext, x) && ext->data[x].len != 0) {
        return t99_fail(hs->fault, ALERT_DECODE_ERROR, "server_hello: %s is not empty",
                        t99_extension_name(x));
    }
    return true;
}

/* RFC 8422, 5.2: uncompressed must be among them. */
static bool check_point_formats(struct t99_handshake *hs, const struct t99_ext_block *ext)
{
    struct t99_span data = ext->data[TLSEXT_EC_POINT_FORMATS];

    if (!t99_has_extension(ext, TLSEXT_EC_POINT_FORMATS)) {
        return true;
    }
    if (data.len < 2 || data.p[0] != data.len - 1) {
        return t99_hs_bad(hs, "server_hello", "ec_point_formats");
    }
    return memchr(data.p + 1, 0, data.len - 1) != NULL ||
           t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                    "server_hello: ec_point_formats without uncompressed");
}

static bool take_extensions(struct t99_handshake *hs, const struct t99_ext_block *ext)
{
    /* supported_groups belongs to the client alone, but some servers echo it */
    static const uint32_t belong = TLSEXT_BIT(TLSEXT_SERVER_NAME) | TLSEXT_BIT(TLSEXT_STATUS_REQUEST) |
                                   TLSEXT_BIT(TLSEXT_SUPPORTED_GROUPS) | TLSEXT_BIT(TLSEXT_EC_POINT_FORMATS) |
                                   TLSEXT_BIT(TLSEXT_ALPN) | TLSEXT_BIT(TLSEXT_SCT) | TLSEXT_BIT(TLSEXT_EMS) |
                                   TLSEXT_BIT(TLSEXT_RECORD_SIZE_LIMIT) | TLSEXT_BIT(TLSEXT_SESSION_TICKET) |
                                   TLSEXT_BIT(TLSEXT_RENEGOTIATION_INFO);

    if (!t99_judge_answer(ext, belong, hs->offered, "server_hello", hs->fault) ||
        !must_be_empty(hs, ext, TLSEXT_SERVER_NAME) || !must_be_empty(hs, ext, TLSEXT_STATUS_REQUEST) ||
        !must_be_empty(hs, ext, TLSEXT_EMS) || !must_be_empty(hs, ext, TLSEXT_SESSION_TICKET) ||
        !check_point_formats(hs, ext) || !check_renegotiation_info(hs, ext) ||
        !t99_hs_select_alpn(hs, ext, "server_hello") || !t99_hs_record_limit(hs, ext, "server_hello")) {
        return false;
    }
    hs->conn->ems = t99_has_extension(ext, TLSEXT_EMS);
    hs->ticket_expected = t99_has_extension(ext, TLSEXT_SESSION_TICKET);
    hs->status_expected = t99_has_extension(ext, TLSEXT_STATUS_REQUEST);
    return !t99_has_extension(ext, TLSEXT_SCT) ||
           t99_keep_scts(hs, !hs->conn->resumed, ext->data[TLSEXT_SCT], "server_hello");
}

/* RFC 5246, 7.4.1.3: the echo of an id that was sent resumes; there must have been something to resume. */
static bool settle_resumption(struct t99_handshake *hs, const struct t99_server_hello *m)
{
    const struct t99_session *s = hs->session;

    if (m->session_id.len == 0 ||
        !t99_span_equal(m->session_id, t99_span(hs->session_id, hs->session_id_len))) {
        memcpy(hs->new_session_id, m->session_id.len != 0 ? m->session_id.p : hs->new_session_id,
               m->session_id.len);
        hs->new_session_id_len = (uint8_t)m->session_id.len;
        hs->session = NULL;
        return true;
    }
    if (s == NULL) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_hello: the server resumes a session, but none was offered");
    }
    if (s->version != T99_TLS12) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_hello: the server resumes with TLS 1.2 a session that was made with TLS 1.3");
    }
    if (s->suite != m->cipher_suite) {
        return t99_fail(
            hs->fault, ALERT_ILLEGAL_PARAMETER,
            "server_hello: the server resumes a session with another cipher suite: 0x%04x instead of 0x%04x",
            (unsigned)m->cipher_suite, (unsigned)s->suite);
    }
    hs->conn->resumed = true;
    return true;
}

/* RFC 7627, 5.3. */
static bool check_ems_resumed(struct t99_handshake *hs)
{
    if (hs->session->ems && !hs->conn->ems) {
        return t99_fail(hs->fault, ALERT_HANDSHAKE_FAILURE,
                        "server_hello: resumes a session that had extended_master_secret without it");
    }
    if (!hs->session->ems && hs->conn->ems) {
        return t99_fail(
            hs->fault, ALERT_HANDSHAKE_FAILURE,
            "server_hello: resumes with extended_master_secret a session that was made without it");
    }
    return true;
}

bool t99_recv_server_hello_12(struct t99_handshake *hs, const struct t99_server_hello *m,
                              const uint8_t *message, size_t len)
{
    memcpy(hs->conn->server_random, m->random, sizeof m->random);
    if (!settle_resumption(hs, m) || !check_suite(hs, m) || !take_extensions(hs, &m->ext)) {
        return false;
    }
    t99_transcript_choose(&hs->transcript, hs->conn->suite->hash);
    if (!t99_hs_record(hs, message, len)) {
        return false;
    }
    if (hs->conn->resumed) {
        memcpy(hs->secret, hs->session->secret, T99_MAIN_SECRET_LEN);
        t99_hs_keylog(hs->config, hs->conn, "CLIENT_RANDOM", hs->secret, T99_MAIN_SECRET_LEN);
        hs->state = hs->ticket_expected ? WAIT_TICKET_12 : WAIT_CCS_12;
        return check_ems_resumed(hs) && t99_restore_server(hs);
    }
    hs->state = WAIT_CERT_12;
    return true;
}
