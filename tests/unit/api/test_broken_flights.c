/* What tls_error() says of servers that break a rule after their hello: a row each. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "hex.h"
#include "peer/broken.h"
#include "peer/identity.h"
#include "x509/make_cert.h"
#include "x509/pem.h"

/* --- What is set before --- */

static struct peer_identity other;

static void asks(struct call *c)
{
    c->set.request_certificate = true;
}

static void staples(struct call *c)
{
    c->set.send_status = true;
    c->set.staple = t99_span("staple", 6);
}

static void has_rsa(struct call *c)
{
    peer_identity_rsa(&other);
    tls_config_insecure_noverifycert(c->config);
    tls_config_insecure_noverifyname(c->config);
    tls_config_legacy_rsa_key_transport(c->config);
    c->set.identity = &other;
    c->set.scheme = 0x0804;
}

static void has_rsa_and_staples(struct call *c)
{
    has_rsa(c);
    staples(c);
}

static void without_p256(struct call *c)
{
    assert_int_equal(tls_config_set_ecdhecurves(c->config, "X25519"), 0);
}

/* The server's leaf has this key, and nothing is verified. */
static void has_key(struct call *c, struct t99_span spki, unsigned key_usage)
{
    struct cert_spec spec;
    struct der_out d;
    struct t99_span der;

    memset(&spec, 0, sizeof spec);
    spec.subject = spec.issuer = CALL_NAME;
    spec.key = spec.issuer_key = 0x42;
    spec.raw_spki = spki;
    spec.key_usage = key_usage;
    der = make_cert(&d, &spec);
    other = c->identity;
    memcpy(other.bytes, der.p, der.len);
    memset(other.bytes + der.len, 0x42, 32);
    other.cert = t99_span(other.bytes, der.len);
    other.key.scalar = t99_span(other.bytes + der.len, 32);
    c->set.identity = &other;
    tls_config_insecure_noverifycert(c->config);
    tls_config_insecure_noverifyname(c->config);
}

static void has_x448(struct call *c) /* RFC 8410, 3: a kind of key that signs nothing */
{
    has_key(c, t99_span("\x30\x0b\x30\x05\x06\x03\x2b\x65\x6f\x03\x02\x00\x01", 13), 0);
}

static void has_short_rsa(struct call *c) /* of 64 bits */
{
    has_key(
        c,
        t99_span("\x30\x24\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x13\x00\x30\x10"
                 "\x02\x09\x00\xff\xff\xff\xff\xff\xff\xff\x43\x02\x03\x01\x00\x01",
                 38),
        0);
    tls_config_legacy_rsa_key_transport(c->config);
}

static void may_not_sign(struct call *c)
{
    has_key(c, t99_span(NULL, 0), KU_KEY_AGREEMENT);
}

static size_t to_pem(char *pem, size_t cap, const char *label, const char *hex)
{
    uint8_t der[2048];
    size_t len = t99_pem_encode((uint8_t *)pem, cap, label, t99_span(der, hex_read(der, sizeof der, hex)));

    assert_true(len <= cap);
    return len;
}

/* Asked for a certificate, the client shows one with a key on P-256. */
static void shows_p256(struct call *c)
{
    char cert[2048], key[512], sec1[256];
    size_t cert_len, key_len;

    snprintf(sec1, sizeof sec1, "30310201010420%sa00a06082a8648ce3d030107", identity_p256_scalar);
    cert_len = to_pem(cert, sizeof cert, "CERTIFICATE", identity_p256_cert);
    key_len = to_pem(key, sizeof key, "EC PRIVATE KEY", sec1);
    assert_int_equal(
        tls_config_set_keypair_mem(c->config, (uint8_t *)cert, cert_len, (uint8_t *)key, key_len), 0);
    asks(c);
}

static void shows_p256_where_rsa_is_wanted(struct call *c)
{
    static const uint16_t schemes[] = { 0x0804 };

    shows_p256(c);
    c->set.request_schemes = schemes;
    c->set.num_request_schemes = 1;
}

/* --- Certificates --- */

static void certificates_of_tls13_that_break_a_rule_are_told(void **state)
{
    static const struct broken rows[] = {
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "00000000"),
          "certificate: the server sent no certificate" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "0101000000"),
          "certificate: a certificate_request_context of 1 bytes from the server" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "00000001"),
          "certificate: malformed: certificate_list" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "00000007000002300000 01"),
          "certificate: malformed: extensions" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "0000000700000230000000"),
          "certificate 0 of the server is malformed: tbsCertificate" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "0000000d00000230000006000500020200"),
          "certificate: status_request: malformed: status_type" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "0000000b00000230000004000d0000"),
          "certificate: unexpected extension signature_algorithms (13), which does not belong there" },
        { T99_TLS13, has_x448, WHOLE,
          "certificate 0 of the server: its key is of a kind or curve that is not supported" },
        { T99_TLS13, may_not_sign, WHOLE,
          "certificate 0 of the server: its key usage does not allow digitalSignature, which "
          "TLS_AES_128_GCM_SHA256 needs" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_TYPE, 25, "00010000010000017f"),
          "compressed_certificate: does not decompress to the 1 bytes that it promises" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_TYPE, 25, "00020000010000017f"),
          "compressed_certificate: the algorithm 2 was not offered" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_TYPE, 25, "00010000000000017f"),
          "compressed_certificate: 0 bytes when uncompressed, allowed are 1 to 102400" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_TYPE, 25, "000100000100000200"),
          "compressed_certificate: malformed: compressed_certificate_message" },
        { T99_TLS13, asks, BROKEN(HS_CERTIFICATE_REQUEST, 0, ALTER_EXTENSIONS, 0, ""),
          "certificate_request: no signature_algorithms" },
        { T99_TLS13, asks, BROKEN(HS_CERTIFICATE_REQUEST, 0, ALTER_BODY, 0, "01990008000d000400020403"),
          "certificate_request: a certificate_request_context of 1 bytes during the handshake" },
        { T99_TLS13, asks, BROKEN(HS_CERTIFICATE_REQUEST, 0, ALTER_ADD, 0, "00330000"),
          "certificate_request: unexpected extension key_share (51), which does not belong there" },
        { T99_TLS13, asks, BROKEN(HS_CERTIFICATE_REQUEST, 0, ALTER_ADD, 0, "002f00050003000200"),
          "certificate_request: malformed: distinguished_name" },
    };

    (void)state;
    BROKEN_ALL(rows);
}

static void certificates_of_tls12_that_break_a_rule_are_told(void **state)
{
    static const struct broken rows[] = {
        { T99_TLS12, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "000000"),
          "certificate: the server sent no certificate" },
        { T99_TLS12, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "000001"),
          "certificate: malformed: certificate_list" },
        { T99_TLS12, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "000005000002300000"),
          "certificate: malformed: bytes left over" },
        { T99_TLS12, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_BODY, 0, "0000050000033000"),
          "certificate: malformed: ASN.1Cert" },
        { T99_TLS12, without_p256, WHOLE,
          "certificate 0 of the server: its key is on the curve P-256, which was not offered" },
        { T99_TLS12, has_rsa, WHOLE,
          "certificate 0 of the server: its key (RSA 2048) does not go with "
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
        { T99_TLS12, has_rsa, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 39, "009c"),
          "the server sent server_key_exchange (12) where certificate_request or server_hello_done was due" },
        { T99_TLS12,
          has_rsa_and_staples,
          { { HS_SERVER_HELLO, 0, ALTER_BYTES, 39, "009c" },
            { HS_CERTIFICATE_STATUS, 0, ALTER_DROP, 0, "" } },
          "the server sent server_key_exchange (12), which does not go with "
          "TLS_RSA_WITH_AES_128_GCM_SHA256" },
        { T99_TLS12,
          has_short_rsa,
          { { HS_SERVER_HELLO, 0, ALTER_BYTES, 39, "009c" },
            { HS_SERVER_KEY_EXCHANGE, 0, ALTER_DROP, 0, "" } },
          "client_key_exchange: the server's RSA key of 64 bits cannot take a pre-master secret" },
        { T99_TLS12, staples, BROKEN(HS_CERTIFICATE_STATUS, 0, ALTER_BODY, 0, "0200000101"),
          "certificate_status: malformed: status_type" },
        { T99_TLS12, staples, BROKEN(HS_CERTIFICATE_STATUS, 0, ALTER_TYPE, 24, "00"),
          "the server sent key_update (24) where certificate_status or server_key_exchange was due" },
        { T99_TLS12, asks, BROKEN(HS_CERTIFICATE_REQUEST, 0, ALTER_BODY, 0, "00"),
          "certificate_request: malformed: certificate_types" },
        { T99_TLS12, asks, BROKEN(HS_CERTIFICATE_REQUEST, 0, ALTER_BODY, 0, "0140000304030500"),
          "certificate_request: malformed: supported_signature_algorithms" },
        { T99_TLS12, shows_p256, BROKEN(HS_CERTIFICATE_REQUEST, 0, ALTER_BODY, 0, "0101000208040000"),
          "certificate_request: the server takes no certificate of the client certificate's kind" },
        { T99_TLS12, shows_p256_where_rsa_is_wanted, WHOLE,
          "certificate_request: the server takes no signature that the client certificate's key can make" },
        { T99_TLS13, shows_p256_where_rsa_is_wanted, WHOLE,
          "certificate_request: the server takes no signature that the client certificate's key can make" },
    };

    (void)state;
    BROKEN_ALL(rows);
}

/* --- Signatures, key exchange, Finished --- */

static void signatures_and_finished_that_break_a_rule_are_told(void **state)
{
    static const struct broken rows[] = {
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE_VERIFY, 0, ALTER_BYTES, 4, "0203"),
          "certificate_verify: signed with an unknown scheme (0x0203), which was not offered" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE_VERIFY, 0, ALTER_BYTES, 4, "0401"),
          "certificate_verify: signed with rsa_pkcs1_sha256 (0x0401), which was not offered" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE_VERIFY, 0, ALTER_BYTES, 4, "0804"),
          "certificate_verify: signed with rsa_pss_rsae_sha256, which the certificate's key (P-256) cannot" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE_VERIFY, 0, ALTER_BYTES, 0, "000000"),
          "certificate_verify: wrong signature (ecdsa_secp256r1_sha256): the server does not hold the key of "
          "its certificate, or somebody changed the handshake" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE_VERIFY, 0, ALTER_CUT, 1, ""),
          "certificate_verify: malformed: signature" },
        { T99_TLS13, NULL, BROKEN(HS_FINISHED, 0, ALTER_CUT, 1, ""), "finished: 31 bytes instead of 32" },
        { T99_TLS13, NULL, BROKEN(HS_FINISHED, 0, ALTER_BYTES, 0, "000000"),
          "finished: wrong verify_data: the two sides saw different handshakes" },
        { T99_TLS13, NULL, BROKEN(HS_FINISHED, 0, ALTER_TYPE, 12, ""),
          "the server sent server_key_exchange (12) where finished was due" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_TYPE, 20, ""),
          "the server sent finished (20) where certificate or certificate_request was due" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_KEY_EXCHANGE, 0, ALTER_BYTES, 4, "01"),
          "server_key_exchange: curve_type 1, not a named curve" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_KEY_EXCHANGE, 0, ALTER_BYTES, 5, "11ec"),
          "server_key_exchange: the group 0x11ec was not offered for TLS 1.2" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_KEY_EXCHANGE, 0, ALTER_BODY, 0, "03001d00"),
          "server_key_exchange: malformed: point" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_KEY_EXCHANGE, 0, ALTER_BYTES, 8, "000000"),
          "server_key_exchange: wrong signature (ecdsa_secp256r1_sha256): the server does not hold the key "
          "of "
          "its certificate, or somebody changed the handshake" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO_DONE, 0, ALTER_BODY, 0, "00"),
          "server_hello_done: malformed: not empty" },
        { T99_TLS12, NULL, BROKEN(HS_FINISHED, 0, ALTER_BYTES, 0, "000000"),
          "finished: wrong verify_data: the two sides saw different handshakes" },
        { T99_TLS12, NULL, BROKEN(HS_FINISHED, 0, ALTER_CUT, 2, ""), "finished: 10 bytes instead of 12" },
    };

    (void)state;
    BROKEN_ALL(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_of_tls13_that_break_a_rule_are_told),
        cmocka_unit_test(certificates_of_tls12_that_break_a_rule_are_told),
        cmocka_unit_test(signatures_and_finished_that_break_a_rule_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
