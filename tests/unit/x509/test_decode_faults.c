/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "x509/verify_fixture.h"

/*
 * Which field of a server's certificate is told when it does not decode: each row has one thing that is
 * wrong. The forms are those of RFC 5280, 4.1 and 4.2; RFC 3279, 2.3; RFC 4055, 3.1; RFC 5480, 2.1.1;
 * RFC 8410, 3 and 4.
 */

#define RAW(text)                                                                                            \
    {                                                                                                        \
        (const uint8_t *)(text), sizeof(text) - 1                                                            \
    }

static void assert_field(const struct cert_spec *leaf, const char *field)
{
    char sentence[T99_FAULT_TEXT];

    snprintf(sentence, sizeof sentence,
             "certificate verification failed: malformed certificate: certificate 0 does not decode: %s",
             field);
    num_certs = 0;
    send_cert(leaf);
    send_cert(&middle);
    assert_refused_with(ALERT_BAD_CERTIFICATE, sentence);
}

static int begin(void **state)
{
    if (set_up(state) != 0) {
        return -1;
    }
    trust_cert(&root);
    return 0;
}

static void a_fault_in_an_extension_is_told(void **state)
{
    static const struct {
        struct t99_span extensions;
        const char *field;
    } rows[] = {
        { RAW("\x30\x0a\x06\x03\x2a\x03\x04\x01\x01\x00\x04\x00"), "critical: FALSE, which DER leaves out" },
        { RAW("\x30\x0d\x06\x03\x55\x1d\x0f\x04\x06\x03\x02\x07\x80\x05\x00"), "extnValue: bytes left over" },
        { RAW("\x30\x07\x06\x03\x2a\x03\x04\x04\x00\x30\x07\x06\x03\x2a\x03\x04\x04\x00"),
          "extensions: duplicate" },
    };
    struct cert_spec leaf = server;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        leaf.extra = rows[i].extensions.p;
        leaf.extra_len = rows[i].extensions.len;
        assert_field(&leaf, rows[i].field);
    }
    memset(&leaf, 0, sizeof leaf);
    leaf.subject = leaf.issuer = "x";
    leaf.key = leaf.issuer_key = 3;
    leaf.no_key_ids = true;
    leaf.raw_unique_id = t99_span("\xa3\x02\x30\x00", 4); /* stands in their place */
    assert_field(&leaf, "extensions: empty");
}

/* 1.2.3.n, each once. */
static void more_than_64_extensions_are_told(void **state)
{
    struct cert_spec leaf = server;
    struct ext_list list = { { 0 }, 0 };
    char oid[] = "\x2a\x03\x01";

    (void)state;
    leaf.no_key_ids = true;
    leaf.extra = list.buf;
    for (oid[2] = 1; oid[2] <= 63; oid[2]++) { /* and the subjectAltName */
        ext_add(&list, oid, false, "", 0);
    }
    leaf.extra_len = list.len;
    send_cert(&leaf);
    send_cert(&middle);
    assert_true(verify());
    ext_add(&list, oid, false, "", 0);
    leaf.extra_len = list.len;
    assert_field(&leaf, "extensions: too many");
}

#define EC_OID "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
#define P256_OID "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
#define RSA_OID "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"

static void a_fault_in_a_key_is_told(void **state)
{
    static const struct {
        struct t99_span spki;
        const char *field;
    } rows[] = {
        { RAW("\x30\x11\x30\x0b" EC_OID "\x30\x01\x03\x02\x00\xaa"), "EC parameters" },
        { RAW("\x30\x19\x30\x13" EC_OID P256_OID "\x03\x02\x00\xaa"),
          "subjectPublicKey: not an uncompressed point of its curve's size" },
        { RAW("\x30\x0b\x30\x05\x06\x03\x2b\x65\x70\x03\x02\x00\xaa"), "subjectPublicKey: not 32 bytes" },
        { RAW("\x30\x11\x30\x0b" RSA_OID "\x03\x02\x00\xaa"), "rsaEncryption parameters" },
        { RAW("\x30\x14\x30\x0e" RSA_OID "\x05\x01\x00\x03\x02\x00\xaa"), "rsaEncryption parameters" },
        { RAW("\x30\x0d\x30\x07\x06\x03\x2b\x65\x6f\x30\x01\x03\x02\x00\xaa"),
          "subjectPublicKeyInfo parameters" },
        { RAW("\x30\x08\x30\x02\x05\x00\x03\x02\x00\xaa"), "subjectPublicKeyInfo algorithm" },
    };
    struct cert_spec leaf = server;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        leaf.raw_spki = rows[i].spki;
        assert_field(&leaf, rows[i].field);
    }
}

static void a_fault_in_a_signature_algorithm_is_told(void **state)
{
    static const struct {
        struct t99_span alg;
        const char *field;
    } rows[] = {
        { RAW("\x30\x0d\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02\x05\x01\x00"),
          "signatureAlgorithm parameters" },
        { RAW("\x30\x07\x06\x03\x2b\x65\x6f\x30\x01"), "signatureAlgorithm parameters" }, /* cut off */
        { RAW("\x30\x1f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x12\xa0\x10\x30\x0e\x06\x09\x60\x86"
              "\x48\x01"
              "\x65\x03\x04\x02\x01\x05\x01\x00"),
          "hashAlgorithm parameters" },
    };
    struct cert_spec leaf = server;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        leaf.raw_alg = rows[i].alg;
        assert_field(&leaf, rows[i].field);
    }
}

/* RFC 5280, 4.1.1.2: ecdsa-with-SHA384 inside, and what the rest of these tests has outside. */
static void two_signature_algorithms_are_told(void **state)
{
    struct cert_spec leaf = server;
    size_t i;

    (void)state;
    send_cert(&leaf);
    for (i = 0; i + DER_ECDSA_SHA256_LEN < certs[0].len; i++) {
        uint8_t *p = made[0].buf + (certs[0].p - made[0].buf) + i;

        if (memcmp(p, der_ecdsa_sha256, DER_ECDSA_SHA256_LEN) == 0) {
            p[DER_ECDSA_SHA256_LEN - 1] = 3;
            break;
        }
    }
    assert_refused_with(
        ALERT_BAD_CERTIFICATE,
        "certificate verification failed: malformed certificate: certificate 0 does not decode: "
        "signature: not the same algorithm as signatureAlgorithm");
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_fault_in_an_extension_is_told),   TEST(more_than_64_extensions_are_told),
        TEST(a_fault_in_a_key_is_told),          TEST(a_fault_in_a_signature_algorithm_is_told),
        TEST(two_signature_algorithms_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
