/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "x509/verify_fixture.h"

/* Rules that are seldom broken, and the whole sentence that is said then. */

#define RAW(text) t99_span((const uint8_t *)(text), sizeof(text) - 1)

static struct cert_spec ca, leaf;
static struct der_out part;

static int begin(void **state)
{
    if (set_up(state) != 0) {
        return -1;
    }
    ca = middle;
    leaf = server;
    params.peer = NULL;
    trust_cert(&root);
    return 0;
}

static void send_both(void)
{
    num_certs = 0;
    send_cert(&leaf);
    send_cert(&ca);
}

static void an_rsa_key_of_1024_bits_is_too_weak(void **state)
{
    (void)state;
    leaf.raw_spki = der_rsa_spki(&part, 128);
    send_both();
    assert_refused_with(
        ALERT_BAD_CERTIFICATE,
        "certificate verification failed: EE certificate key too weak: certificate 0 (CN=server.example) "
        "has a key of less than 2048 bits: RSA 1024");
    leaf.raw_spki = der_rsa_spki(&part, 256);
    send_both();
    assert_true(verify());
    leaf = server;
    ca.raw_spki = der_rsa_spki(&part, 255);
    send_both();
    assert_refused_with(
        ALERT_BAD_CERTIFICATE,
        "certificate verification failed: CA certificate key too weak: certificate 1 (CN=Middle) has a key "
        "of less than 2048 bits: RSA 2040");
}

/* secp256k1: SEC 2, 2.4.1. */
static void a_key_on_another_curve_is_not_supported(void **state)
{
    (void)state;
    leaf.raw_spki = RAW("\x30\x18\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a"
                        "\x03\x04\x00\x04\xaa\xbb");
    send_both();
    assert_refused_with(
        ALERT_UNSUPPORTED_CERTIFICATE,
        "certificate verification failed: unsupported public key: certificate 0 (CN=server.example) has a "
        "key of a kind or size that is not supported: EC on an unknown curve");
}

/* RFC 5280, 4.2.1.4: what is critical and not understood may not be passed over. */
static void a_qualifier_that_is_not_understood_may_not_be_critical(void **state)
{
    static const char policy[] = "\x30\x10\x30\x0e\x06\x03\x2a\x03\x05\x30\x07\x30\x05\x06\x01\x2a\x05\x00";
    struct ext_list list = { { 0 }, 0 };

    (void)state;
    leaf.extra = list.buf;
    ext_add(&list, "\x55\x1d\x20", true, policy, sizeof policy - 1);
    leaf.extra_len = list.len;
    send_both();
    assert_refused_with(
        ALERT_UNSUPPORTED_CERTIFICATE,
        "certificate verification failed: unhandled critical extension: certificate 0 (CN=server.example) "
        "has critical policies with a qualifier that is not understood (RFC 5280, 4.2.1.4)");
    list.len = 0;
    ext_add(&list, "\x55\x1d\x20", false, policy, sizeof policy - 1);
    leaf.extra_len = list.len;
    send_both();
    assert_true(verify());
}

/* RFC 6962, 3.1: 1.3.6.1.4.1.11129.2.4.4; BR 7.1.2.10.6 keeps it from a CA that issues for servers. */
static void a_ca_for_precertificates_issues_nothing_else(void **state)
{
    struct ext_list list = { { 0 }, 0 };

    (void)state;
    params.profile = PROFILE_STRICT;
    leaf.eku = "\x2b\x06\x01\x05\x05\x07\x03\x01";
    leaf.eku_len = 8;
    ca.key_usage = KU_KEY_CERT_SIGN;
    send_both();
    assert_true(verify());
    ext_add(
        &list, "\x55\x1d\x25", false,
        "\x30\x16\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x04",
        24);
    ca.extra = list.buf;
    ca.extra_len = list.len;
    send_both();
    assert_refused_with(
        ALERT_UNSUPPORTED_CERTIFICATE,
        "certificate verification failed: unsupported certificate purpose: certificate 1 (CN=Middle) has an "
        "extKeyUsage that a server and its CAs must not have (BR 7.1.2.7.10, 7.1.2.10.6): precertificate "
        "signing");
}

/* ---- Names under constraints: RFC 5280, 4.2.1.10 ---- */

/* One GeneralName: in the leaf's subjectAltName, and another as what the CA permits. */
static void constrain(struct t99_span name, struct t99_span permitted)
{
    static struct ext_list san;
    uint8_t value[64];

    memset(&san, 0, sizeof san);
    value[0] = 0x30;
    value[1] = (uint8_t)name.len;
    memcpy(value + 2, name.p, name.len);
    ext_add(&san, "\x55\x1d\x11", leaf.subject[0] == '\0', value, name.len + 2);
    leaf.dns = NULL;
    leaf.extra = san.buf;
    leaf.extra_len = san.len;
    der_start(&part);
    der_bytes(&part, permitted.p, permitted.len);
    der_wrap(&part, 0x30, MAKE_MAX);
    der_wrap(&part, 0xa0, MAKE_MAX);
    der_wrap(&part, 0x30, MAKE_MAX);
    der_extension(&part, "\x55\x1d\x1e", true, MAKE_MAX);
    ca.extra = der_done(&part).p;
    ca.extra_len = der_done(&part).len;
    send_both();
}

static void names_that_cannot_be_compared_are_told_by_their_kind(void **state)
{
    static const struct {
        const char *name;
        size_t len;
        const char *kind;
    } rows[] = {
        { "\xa0\x07\x06\x01\x2a\xa0\x02\x05\x00", 9, "other name" },
        { "\xa3\x04\x30\x00\x05\x00", 6, "X.400 name" },
        { "\xa5\x05\xa1\x03\x0c\x01x", 7, "EDI name" },
        { "\x88\x02\x2a\x03", 4, "registered ID" },
    };
    char sentence[T99_FAULT_TEXT];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct t99_span name = t99_span((const uint8_t *)rows[i].name, rows[i].len);

        snprintf(
            sentence, sizeof sentence,
            "certificate verification failed: unsupported or invalid name syntax: certificate 0 "
            "(CN=server.example) holds the %s, which cannot be held against the constraints of certificate 1 "
            "(CN=Middle)",
            rows[i].kind);
        constrain(name, name);
        assert_refused_with(ALERT_BAD_CERTIFICATE, sentence);
    }
}

static void a_directory_name_without_parts_is_told(void **state)
{
    (void)state;
    leaf.subject = "";
    constrain(RAW("\xa4\x02\x30\x00"), RAW("\xa4\x0e\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"));
    assert_refused_with(
        ALERT_BAD_CERTIFICATE,
        "certificate verification failed: permitted subtree violation: certificate 0 (no subject) holds the "
        "directory name (empty name), which is not among those permitted by certificate 1 (CN=Middle)");
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, tear_down)

/* An INTEGER where the root's subjectPublicKeyInfo should stand. */
static void a_trust_anchor_that_is_damaged_is_told(void **state)
{
    struct cert_spec other = root, below = middle;

    (void)state;
    other.subject = other.issuer = below.issuer = "Other";
    other.raw_spki = RAW("\x02\x01\x00");
    trust_cert(&other);
    ca = below;
    send_both();
    assert_refused_with(ALERT_UNKNOWN_CA,
                        "certificate verification failed: unable to get local issuer certificate: "
                        "certificate 1 (CN=Middle) was issued by CN=Other, but the trusted certificate of "
                        "that name does not decode: subjectPublicKeyInfo");
}

/*
 * The leaf's issuer is CN=middle, but of a type that is no string (X.680: 8 is EXTERNAL): another name,
 * though it is looked for where CN=middle is.
 */
static void a_name_of_another_type_is_told_as_missing(void **state)
{
    (void)state;
    leaf.raw_issuer = RAW("\x30\x11\x31\x0f\x30\x0d\x06\x03\x55\x04\x03\x08\x06"
                          "middle");
    ca.subject = "middle";
    send_both();
    assert_refused_with(ALERT_UNKNOWN_CA,
                        "certificate verification failed: unable to get local issuer certificate: "
                        "certificate 0 (CN=server.example) was issued by CN=#6d6964646c65, which is not "
                        "among the 1 trusted ones; nor did the server send it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_rsa_key_of_1024_bits_is_too_weak),
        TEST(a_key_on_another_curve_is_not_supported),
        TEST(a_qualifier_that_is_not_understood_may_not_be_critical),
        TEST(a_ca_for_precertificates_issues_nothing_else),
        TEST(names_that_cannot_be_compared_are_told_by_their_kind),
        TEST(a_directory_name_without_parts_is_told),
        TEST(a_trust_anchor_that_is_damaged_is_told),
        TEST(a_name_of_another_type_is_told_as_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
