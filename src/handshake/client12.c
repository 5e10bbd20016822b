#include "handshake/hs.h"

#include <string.h>

#include "base/ct.h"
#include "base/wipe.h"
#include "kex/rsa.h"

#define VERIFY_DATA_LEN 12 /* RFC 5246, 7.4.9 */
#define NAMED_CURVE 3      /* RFC 8422, 5.4 */

/* --- Certificate, CertificateStatus --- */

static uint8_t after_certificate(const struct t99_handshake *hs)
{
    return hs->conn->suite->kex == SUITE_KEX_RSA ? WAIT_CR_DONE_12 : WAIT_SKE_12;
}

/* RFC 5246, 7.4.2. */
bool t99_recv_certificate_12(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    const char *bad = NULL;
    struct reader r = t99_hs_body(message, len, &bad), list, cert;

    list = rd_vec24(&r, 0, 0xffffff, "certificate_list");
    if (!rd_end(&r, "certificate")) {
        return t99_hs_bad(hs, "certificate", bad);
    }
    if (rd_left(&list) == 0) {
        return t99_fail(hs->fault, ALERT_DECODE_ERROR, "certificate: the server sent no certificate");
    }
    hs->conn->chain = t99_chain_new(hs->config->env, rd_left(&list));
    if (hs->conn->chain == NULL) {
        return t99_fail_memory(hs->fault);
    }
    while (rd_left(&list) != 0) {
        cert = rd_vec24(&list, 1, 0xffffff, "ASN.1Cert");
        if (!rd_ok(&list)) {
            return t99_hs_bad(hs, "certificate", bad);
        }
        if (!t99_chain_add(hs->conn->chain, rd_rest(&cert))) {
            return t99_fail(hs->fault, ALERT_BAD_CERTIFICATE, "certificate: more than %d certificates",
                            T99_CHAIN_MAX);
        }
    }
    if (!t99_take_leaf(hs) || !t99_hs_record(hs, message, len)) {
        return false;
    }
    hs->state = hs->status_expected ? WAIT_STATUS_12 : after_certificate(hs);
    return hs->status_expected || t99_verify_server(hs); /* else once the staple is there, or is not */
}

/* RFC 6066, 8. */
bool t99_recv_certificate_status(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    struct t99_span response;
    const char *bad = NULL;

    if (!t99_decode_certificate_status(&response, t99_hs_body(message, len, &bad))) {
        return t99_hs_bad(hs, "certificate_status", bad);
    }
    hs->state = after_certificate(hs);
    return t99_keep_staple(hs, response) && t99_hs_record(hs, message, len) && t99_verify_server(hs);
}

/* The server promised a certificate_status and left it out, as it may: what has come is the next message. */
static bool skip_status(struct t99_handshake *hs, uint8_t type)
{
    if (hs->state != WAIT_STATUS_12) {
        return true;
    }
    if ((type == HS_SERVER_KEY_EXCHANGE) != (hs->conn->suite->kex == SUITE_KEX_ECDHE)) {
        return t99_fail(hs->fault, ALERT_UNEXPECTED_MESSAGE,
                        "the server sent %s (%u), which does not go with %s", t99_hs_name(type),
                        (unsigned)type, hs->conn->suite->name);
    }
    return t99_verify_server(hs);
}

/* --- Key exchange --- */

/* Our share is made here and sent after ServerHelloDone, so that the server's is not kept. */
static bool agree(struct t99_handshake *hs, const struct t99_group *group, struct t99_span point)
{
    const struct t99_env *env = hs->config->env;
    uint8_t *private_part = t99_alloc(env, group->private_len);
    const char *why = NULL;
    bool ok = false;

    hs->point_len = group->share_len;
    hs->point = t99_alloc(env, hs->point_len);
    hs->shared_len = group->secret_len;
    hs->shared = t99_alloc(env, hs->shared_len);
    if (private_part == NULL || hs->point == NULL || hs->shared == NULL) {
        t99_fail_memory(hs->fault);
    } else if (!t99_group_generate(group, env, private_part, hs->point)) {
        t99_fail_as(hs->fault, FAULT_SYSTEM, ALERT_INTERNAL_ERROR,
                    "the operating system gave no random bytes");
    } else if (!t99_group_agree(group, hs->shared, private_part, point.p, point.len, &why)) {
        t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER, "server_key_exchange: the point for %s, %zu bytes: %s",
                 group->name, point.len, why);
    } else {
        hs->conn->group = group;
        ok = true;
    }
    t99_free(env, private_part, group->private_len);
    return ok;
}

/* What is signed: both randoms and the parameters (RFC 8422, 5.4). At most 64 + 4 + 255 bytes. */
static bool check_params(struct t99_handshake *hs, const struct t99_server_key_exchange *m)
{
    uint8_t content[64 + 4 + 255];

    memcpy(content, hs->conn->client_random, 32);
    memcpy(content + 32, hs->conn->server_random, 32);
    memcpy(content + 64, m->params.p, m->params.len);
    return t99_check_server_signature(hs, m->scheme, t99_span(content, 64 + m->params.len), m->signature,
                                      "server_key_exchange");
}

/* RFC 5246, 7.4.3; RFC 8422, 5.4. */
bool t99_recv_server_key_exchange(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    struct t99_server_key_exchange m;
    const struct t99_group *group;
    const char *bad = NULL;

    if (!skip_status(hs, HS_SERVER_KEY_EXCHANGE)) {
        return false;
    }
    if (!t99_decode_server_key_exchange(&m, t99_hs_body(message, len, &bad))) {
        return t99_hs_bad(hs, "server_key_exchange", bad);
    }
    if (m.curve_type != NAMED_CURVE) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_key_exchange: curve_type %u, not a named curve", (unsigned)m.curve_type);
    }
    group = t99_group_find(m.group);
    if (group == NULL || !group->tls12 || !t99_hs_offers_group(hs->config, m.group)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_key_exchange: the group 0x%04x was not offered for TLS 1.2",
                        (unsigned)m.group);
    }
    return check_params(hs, &m) && agree(hs, group, m.point) && t99_hs_record(hs, message, len);
}

/* RFC 5246, 7.4.4. */
bool t99_recv_certificate_request_12(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    struct t99_certificate_request m;
    const char *bad = NULL;

    if (!skip_status(hs, HS_CERTIFICATE_REQUEST)) {
        return false;
    }
    if (!t99_decode_certificate_request_12(&m, t99_hs_body(message, len, &bad))) {
        return t99_hs_bad(hs, "certificate_request", bad);
    }
    hs->conn->certificate_requested = true;
    return t99_choose_credential(hs->config, &m, T99_TLS12, &hs->credential, &hs->client_scheme, hs->fault) &&
           t99_hs_record(hs, message, len);
}

/* --- Our flight --- */

static bool send_client_certificate(struct t99_handshake *hs)
{
    const struct t99_env *env = hs->config->env;
    size_t alloc_len = 0, len = 0;
    uint8_t *certificate =
        t99_compose_certificate(env, T99_TLS12, hs->credential, t99_span(NULL, 0), &alloc_len, &len);
    bool ok;

    if (certificate == NULL) {
        return t99_fail_memory(hs->fault);
    }
    ok = t99_hs_send(hs, certificate, len);
    t99_free(env, certificate, alloc_len);
    hs->conn->certificate_sent = hs->credential != NULL;
    hs->conn->credential = hs->credential;
    return ok;
}

/* RFC 5246, 7.4.7.1. hs->shared: the pre-master secret. */
static bool send_encrypted_premaster(struct t99_handshake *hs)
{
    const struct t99_env *env = hs->config->env;
    uint8_t message[T99_HS_HEADER + 2 + T99_RSA_MAX_BYTES];
    size_t n = 0;

    hs->shared_len = T99_PREMASTER_LEN;
    hs->shared = t99_alloc(env, hs->shared_len);
    if (hs->shared == NULL) {
        return t99_fail_memory(hs->fault);
    }
    if (!t99_rsa_key_transport(&hs->server_key.rsa, env, T99_TLS12, hs->shared, message + T99_HS_HEADER + 2,
                               &n)) {
        return t99_fail(
            hs->fault, ALERT_INTERNAL_ERROR,
            "client_key_exchange: the server's RSA key of %zu bits cannot take a pre-master secret",
            t99_rsa_bits(&hs->server_key.rsa));
    }
    message[0] = HS_CLIENT_KEY_EXCHANGE;
    store_be24(message + 1, (uint32_t)(2 + n));
    store_be16(message + 4, (uint16_t)n);
    return t99_hs_send(hs, message, T99_HS_HEADER + 2 + n);
}

/* RFC 8422, 5.7. */
static bool send_point(struct t99_handshake *hs)
{
    uint8_t message[T99_HS_HEADER + 1 + 255];

    message[0] = HS_CLIENT_KEY_EXCHANGE;
    store_be24(message + 1, (uint32_t)(1 + hs->point_len));
    message[4] = (uint8_t)hs->point_len;
    memcpy(message + 5, hs->point, hs->point_len);
    return t99_hs_send(hs, message, T99_HS_HEADER + 1 + hs->point_len);
}

/* RFC 5246, 8.1; RFC 7627, 4: over all messages up to and with ClientKeyExchange. */
static void derive_main_secret(struct t99_handshake *hs)
{
    const struct t99_conn *conn = hs->conn;
    uint8_t session_hash[T99_HASH_MAX];

    t99_transcript_hash(&hs->transcript, session_hash);
    t99_main_secret_12(conn->suite->hash, hs->secret, hs->shared, hs->shared_len,
                       conn->ems ? session_hash : NULL, conn->client_random, conn->server_random);
    t99_hs_keylog(hs->config, conn, "CLIENT_RANDOM", hs->secret, T99_MAIN_SECRET_LEN);
}

/* RFC 5246, 7.4.8: over all messages so far, not their hash. */
static bool send_certificate_verify(struct t99_handshake *hs)
{
    uint8_t out[8 + T99_SIGNATURE_MAX];
    size_t len = 0;

    return t99_compose_certificate_verify(hs->config->env, hs->credential, hs->client_scheme, hs->kept,
                                          hs->kept_len, out, &len, hs->fault) &&
           t99_hs_send(hs, out, len);
}

/* Keys of one direction (RFC 5246, 6.3). */
static bool change_keys(struct t99_handshake *hs, bool reading)
{
    struct t99_traffic_key client, server;
    bool ok;

    t99_traffic_keys_12(&client, &server, hs->conn->suite, hs->secret, hs->conn->client_random,
                        hs->conn->server_random);
    ok = reading ? hs->sink->read_key(hs->sink->arg, &server) : hs->sink->write_key(hs->sink->arg, &client);
    t99_wipe(&client, sizeof client);
    t99_wipe(&server, sizeof server);
    return ok;
}

static bool send_finished(struct t99_handshake *hs)
{
    uint8_t message[T99_HS_HEADER + VERIFY_DATA_LEN] = { HS_FINISHED, 0, 0, VERIFY_DATA_LEN },
                                    digest[T99_HASH_MAX];

    t99_transcript_hash(&hs->transcript, digest);
    t99_verify_data_12(hs->conn->suite->hash, message + T99_HS_HEADER, hs->secret, true, digest);
    return hs->sink->send_ccs(hs->sink->arg) && change_keys(hs, false) &&
           t99_hs_send(hs, message, sizeof message);
}

bool t99_recv_server_hello_done(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    if (!skip_status(hs, HS_SERVER_HELLO_DONE)) {
        return false;
    }
    if (len != T99_HS_HEADER) {
        return t99_hs_bad(hs, "server_hello_done", "not empty");
    }
    if (!hs->sink->flight_end(hs->sink->arg) || !t99_hs_record(hs, message, len) ||
        (hs->conn->certificate_requested && !send_client_certificate(hs)) ||
        !(hs->conn->suite->kex == SUITE_KEX_RSA ? send_encrypted_premaster(hs) : send_point(hs))) {
        return false;
    }
    derive_main_secret(hs);
    if ((hs->credential != NULL && !send_certificate_verify(hs)) || !send_finished(hs)) {
        return false;
    }
    hs->state = hs->ticket_expected ? WAIT_TICKET_12 : WAIT_CCS_12;
    return true;
}

/* --- The server's last flight --- */

/* RFC 5077, 3.3: an empty ticket is none. */
bool t99_recv_new_session_ticket_12(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    struct t99_new_session_ticket m;
    const char *bad = NULL;

    if (!t99_decode_new_session_ticket_12(&m, t99_hs_body(message, len, &bad))) {
        return t99_hs_bad(hs, "new_session_ticket", bad);
    }
    if (m.ticket.len != 0) {
        uint8_t *copy = t99_dup(hs->config->env, m.ticket.p, m.ticket.len);

        if (copy == NULL) {
            return t99_fail_memory(hs->fault);
        }
        hs->ticket = t99_span(copy, m.ticket.len);
        hs->ticket_lifetime = m.lifetime;
    }
    return t99_hs_record(hs, message, len);
}

bool t99_recv_ccs_12(struct t99_handshake *hs)
{
    if (hs->state != WAIT_CCS_12) {
        return t99_fail(hs->fault, ALERT_UNEXPECTED_MESSAGE,
                        "the server sent change_cipher_spec where %s was due", t99_handshake_awaits(hs));
    }
    hs->state = WAIT_FINISHED_12;
    return change_keys(hs, true);
}

#define DEFAULT_LIFETIME                                                                                     \
    7200 /* seconds, of a session without a hint (RFC 5246, F.1.4 says at most 24 hours) */

/* The session may be resumed by ticket or by id. A resumed one that brought no new ticket stays as it was. */
static bool yield_session(struct t99_handshake *hs)
{
    bool has_ticket = hs->ticket.len != 0;
    uint32_t lifetime = has_ticket && hs->ticket_lifetime != 0 ? hs->ticket_lifetime : DEFAULT_LIFETIME;

    if (!has_ticket && (hs->conn->resumed || hs->new_session_id_len == 0)) {
        return true;
    }
    return t99_yield_session(hs->config, hs->conn, hs->secret, T99_MAIN_SECRET_LEN, hs->ticket,
                             t99_span(hs->new_session_id, hs->new_session_id_len), lifetime, 0, 0, hs->fault);
}

/* RFC 5246, 7.4.9. */
bool t99_recv_finished_12(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    uint8_t digest[T99_HASH_MAX], expected[VERIFY_DATA_LEN];
    bool same;

    t99_transcript_hash(&hs->transcript, digest);
    t99_verify_data_12(hs->conn->suite->hash, expected, hs->secret, false, digest);
    if (len - T99_HS_HEADER != VERIFY_DATA_LEN) {
        return t99_fail(hs->fault, ALERT_DECRYPT_ERROR, "finished: %zu bytes instead of %d",
                        len - T99_HS_HEADER, VERIFY_DATA_LEN);
    }
    same = ct_reveal(t99_ct_equal(expected, message + T99_HS_HEADER, VERIFY_DATA_LEN));
    t99_wipe(expected, sizeof expected);
    if (!same) {
        return t99_fail(hs->fault, ALERT_DECRYPT_ERROR,
                        "finished: wrong verify_data: the two sides saw different handshakes");
    }
    if (!t99_hs_record(hs, message, len) || (hs->conn->resumed && !send_finished(hs))) {
        return false;
    }
    memcpy(hs->conn->exporter_secret, hs->secret, T99_MAIN_SECRET_LEN);
    return yield_session(hs);
}
