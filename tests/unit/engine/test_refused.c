/* Refusals that a program seldom or never sees, through the engine: alert and sentence. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "peer/inside.h"
#include "unit/engine/refusal.h"
#include "x509/certificate.h"

/* --- Before the handshake has begun --- */

/* One record, which the engine does not take. */
static void put_in(const void *record, size_t len)
{
    const uint8_t *bytes = record;
    size_t want = 0, n;
    uint8_t *p;
    bool ok = true;

    while (ok && len != 0) {
        p = t99_engine_in(l.engine, &want);
        assert_non_null(p);
        n = want < len ? want : len;
        memcpy(p, bytes, n);
        bytes += n;
        len -= n;
        ok = t99_engine_received(l.engine, n);
    }
    assert_false(ok);
}

static void not_yet_started(void)
{
    link_init(&l, T99_TLS13);
    peer_init(&l.peer, &l.set, &l.server_env.env);
    wire_init(&l.wire, &l.peer);
    l.engine = t99_engine_new(&l.config);
    assert_non_null(l.engine);
}

static void assert_fault(enum t99_fault_kind kind, enum t99_alert alert, const char *sentence)
{
    const struct t99_fault *fault = t99_engine_fault(l.engine);

    assert_string_equal(fault->text, sentence);
    assert_int_equal(fault->kind, kind);
    assert_int_equal(fault->alert, alert);
    link_clear(&l);
    assert_int_equal(l.env.live, 0);
}

static void nothing_may_come_before_the_client_hello(void **state)
{
    (void)state;
    not_yet_started();
    put_in("\x16\x03\x03\x00\x04\x02\x00\x00\x00", 9);
    assert_fault(FAULT_PROTOCOL, ALERT_UNEXPECTED_MESSAGE,
                 "the server sent a message before the client_hello");
    not_yet_started();
    put_in("\x17\x03\x03\x00\x01x", 6);
    assert_fault(FAULT_PROTOCOL, ALERT_UNEXPECTED_MESSAGE,
                 "unexpected record: application_data during the handshake (awaiting its start)");
    not_yet_started();
    assert_false(t99_engine_eof(l.engine));
    assert_fault(
        FAULT_IO, ALERT_NONE,
        "unexpected EOF: the server closed the connection during the handshake (awaiting its start)");
}

/* --- What was not offered --- */

static void edit_type(void *arg, struct peer *p, uint8_t *message, size_t *len, size_t cap)
{
    static const uint8_t compressed[] = { 25, 0, 0, 9, 0, 1, 0, 0, 1, 0, 0, 1, 0x7f };

    (void)arg;
    (void)p;
    if (message[0] == HS_CERTIFICATE && sizeof compressed <= cap) {
        memcpy(message, compressed, sizeof compressed);
        *len = sizeof compressed;
    }
}

/* RFC 8879, 4. The library always offers it, and still looks whether it did. */
static void a_compressed_certificate_that_was_not_offered_is_refused(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    l.set.edit = edit_type;
    assert_true(link_start(&l));
    must_fail(ALERT_UNEXPECTED_MESSAGE, "the server sent compressed_certificate (25), which was not offered");
}

static void edit_scts(void *arg, struct peer *p, uint8_t *message, size_t *len, size_t cap)
{
    /* a certificate of two bytes, with an extension of none */
    static const uint8_t empty[] = { 11, 0, 0, 15, 0, 0, 0, 11, 0, 0, 2, 0x30, 0, 0, 4, 0, 18, 0, 0 };

    (void)arg;
    (void)p;
    if (message[0] == HS_CERTIFICATE && sizeof empty <= cap) {
        memcpy(message, empty, sizeof empty);
        *len = sizeof empty;
    }
}

/* RFC 6962, 3.3: at least one SerializedSCT. Programs that use tls.h do not ask for any. */
static void a_list_of_timestamps_without_any_is_refused(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    l.config.request_sct = true;
    l.set.edit = edit_scts;
    assert_true(link_start(&l));
    must_fail(ALERT_DECODE_ERROR, "certificate: signed_certificate_timestamp malformed: sct_list");
}

static struct peer_session session;

/* RFC 9846, 4.3.10: of the same suite; what the PSK needs is only the same hash. */
static void early_data_under_another_suite_is_refused(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    l.set.session = &session;
    l.set.num_tickets = 1;
    l.set.max_early_data = 1000;
    l.set.accept_early_data = true;
    assert_true(link_connect(&l));
    link_again(&l);
    l.config.session = l.session;
    l.config.early_data = true;
    l.set.suite = 0x1303;
    assert_true(link_start(&l));
    assert_false(
        link_run(&l)); /* the alert goes under a key of the first suite, which the server has not got */
    assert_fault(FAULT_PROTOCOL, ALERT_ILLEGAL_PARAMETER,
                 "encrypted_extensions: early data was accepted, but with another cipher suite: "
                 "TLS_CHACHA20_POLY1305_SHA256");
}

/* --- Client certificates --- */

static struct t99_credential credential;
static struct t99_certificate own;

static void has_a_certificate(uint16_t version)
{
    const char *bad = NULL;

    link_init(&l, version);
    assert_true(t99_certificate_decode(&own, l.identity.cert, &bad));
    memset(&credential, 0, sizeof credential);
    credential.certs[0] = l.identity.cert;
    credential.num_certs = 1;
    credential.public_key = own.key;
    credential.issuers[0] = own.issuer;
    credential.key = l.identity.key;
    l.config.credentials = &credential;
    l.config.num_credentials = 1;
    l.set.request_certificate = true;
}

/* RFC 9846, 4.3.4: where a credential is of use only to a server that names its issuer. */
static void a_server_that_names_no_issuer_gets_no_certificate(void **state)
{
    static const char nobody[] = "\0\x0f\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02no";
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        has_a_certificate(versions[v]);
        credential.must_match_issuer = true;
        l.set.authorities = t99_span(nobody, sizeof nobody - 1);
        assert_true(link_start(&l));
        must_fail(ALERT_HANDSHAKE_FAILURE,
                  "certificate_request: the server names none of the client certificate's issuers");
    }
}

static bool no_random(void *arg, uint8_t *out, size_t len)
{
    (void)arg;
    memset(out, 0, len);
    return false;
}

static void end_of_randomness(void *arg, struct peer *p, uint8_t *message, size_t *len, size_t cap)
{
    (void)arg;
    (void)p;
    (void)len;
    (void)cap;
    if (message[0] == HS_CERTIFICATE_REQUEST) {
        l.env.env.random = no_random;
    }
}

static void a_signature_without_randomness_is_not_made(void **state)
{
    (void)state;
    has_a_certificate(T99_TLS13);
    l.set.edit = end_of_randomness;
    assert_true(link_start(&l));
    assert_false(link_run(&l));
    assert_fault(
        FAULT_SYSTEM, ALERT_INTERNAL_ERROR,
        "certificate_verify: signing with ecdsa_secp256r1_sha256 failed: no randomness, or a damaged key");
}

/* --- Points --- */

/* A point on P-256 with another coordinate, signed as it is. */
static void sign_a_bad_point(void *arg, struct peer *p, uint8_t *message, size_t *len, size_t cap)
{
    uint8_t content[64 + 69];
    struct writer w;

    (void)arg;
    if (message[0] != HS_SERVER_KEY_EXCHANGE) {
        return;
    }
    message[T99_HS_HEADER + 4 + 64] ^= 1;
    memcpy(content, p->client_random, 32);
    memcpy(content + 32, p->server_random, 32);
    memcpy(content + 64, message + T99_HS_HEADER, 69);
    w = wr_init(message, cap);
    w.len = T99_HS_HEADER + 69;
    assert_true(peer_sign(p, &w, content, sizeof content));
    store_be24(message + 1, (uint32_t)(w.len - T99_HS_HEADER));
    *len = w.len;
}

/* RFC 8422, 5.11. */
static void a_signed_point_that_is_not_on_the_curve_is_refused(void **state)
{
    (void)state;
    link_init(&l, T99_TLS12);
    l.set.edit = sign_a_bad_point;
    assert_true(link_start(&l));
    must_fail(ALERT_ILLEGAL_PARAMETER,
              "server_key_exchange: the point for secp256r1, 65 bytes: not a point of the curve");
}

/* --- Key updates --- */

static void a_key_update_needs_tls13_and_a_connection(void **state)
{
    (void)state;
    connected(T99_TLS12);
    assert_false(t99_engine_key_update(l.engine, false));
    assert_fault(FAULT_NONE, ALERT_NONE, "");
    not_yet_started();
    assert_false(t99_engine_key_update(l.engine, false));
    assert_fault(FAULT_NONE, ALERT_NONE, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_may_come_before_the_client_hello),
        cmocka_unit_test(a_compressed_certificate_that_was_not_offered_is_refused),
        cmocka_unit_test(a_list_of_timestamps_without_any_is_refused),
        cmocka_unit_test(early_data_under_another_suite_is_refused),
        cmocka_unit_test(a_server_that_names_no_issuer_gets_no_certificate),
        cmocka_unit_test(a_signature_without_randomness_is_not_made),
        cmocka_unit_test(a_signed_point_that_is_not_on_the_curve_is_refused),
        cmocka_unit_test(a_key_update_needs_tls13_and_a_connection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
