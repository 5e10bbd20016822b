/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "x509/describe/describe.h"

#include <stdlib.h>
#include <string.h>

#include "x509/certificate.h"
#include "x509/describe/sct.h"
#include "x509/example_certs.h"
#include "x509/make_cert.h"
#include "x509/oid.h"
#include "x509/pem.h"

#define NOW INT64_C(1800000000) /* 2027-01-15 08:00:00 UTC */

static void *test_alloc(void *arg, size_t len)
{
    (void)arg;
    return malloc(len);
}

static void test_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    free(p);
}

static const struct t99_env env = { NULL, test_alloc, test_release, NULL, NULL };
static char *made;
static size_t made_len;
static uint8_t bytes[4096];

static int tear_down(void **state)
{
    (void)state;
    t99_free(&env, made, made_len);
    made = NULL;
    return 0;
}

static const char *describe(struct t99_span der, bool json, int64_t now)
{
    struct t99_outline o;

    t99_free(&env, made, made_len);
    t99_outline_begin(&o, &env, json);
    t99_describe_certificate(&o, 0, der, now);
    made = t99_outline_end(&o, &made_len);
    assert_non_null(made);
    return made;
}

static struct t99_span from_base64(const char *text)
{
    size_t len;

    assert_true(strlen(text) < sizeof bytes);
    assert_true(t99_pem_decode(bytes, &len, t99_span(text, strlen(text))));
    return t99_span(bytes, len);
}

static void assert_says(const char *expected)
{
    if (strstr(made, expected) == NULL) {
        print_error("no \"%s\" in:\n%s\n", expected, made);
    }
    assert_non_null(strstr(made, expected));
}

/* Values as openssl x509 -text shows them. */
static void a_leaf_is_described_for_people(void **state)
{
    (void)state;
    assert_string_equal(describe(from_base64(leaf_example), false, NOW),
                        "[0] CN=leaf.example\n"
                        "  subject      CN=leaf.example, O=Example, C=DE\n"
                        "  issuer       CN=Example PSS CA, O=Example\n"
                        "  serial       ff00112233\n"
                        "  valid        2026-11-24 04:49:26 to 2027-11-24 04:49:26 UTC, 312 days left\n"
                        "  signature    RSASSA-PSS with SHA-256, MGF1 of SHA-256, salt of 32 bytes\n"
                        "  key          EC on P-256\n"
                        "  SPKI SHA-256 cc07a813c938622f859e6ac993e169fb9d20c3a68f3312c40f6fb13c8399eec0\n"
                        "  names        leaf.example, *.leaf.example, IP 192.0.2.1, IP 2001:db8::1,\n"
                        "               e-mail a@b.example, urn:x\n"
                        "  usage        digitalSignature, keyAgreement (critical)\n"
                        "  purposes     serverAuth, clientAuth, codeSigning\n"
                        "  CA           no\n"
                        "  policies     1.2.3.5 (CPS http://cps.example/)\n"
                        "  key id       78408605b7c1c55a50838a810e9524b1f113d113\n"
                        "  issuer key   415a52a62ea09d699b18635a9e6959ba75b03d3b issued by directory\n"
                        "               CN=Example PSS CA, O=Example serial 1234\n"
                        "  OCSP         http://ocsp.example/\n"
                        "  CA issuers   http://ca.example/ca.crt\n"
                        "  CRL          http://ca.example/ca.crl\n"
                        "  TLS features 5 (status_request: must staple)\n"
                        "  other        1.2.3.4, 2 bytes (critical): 0500\n"
                        "  SHA-256      a66adaa5a7b9a36b40f0b3b85df2c73a56dff4013222cf4abdcfa9a9da18e686\n");
}

static void a_ca_is_described_for_people(void **state)
{
    (void)state;
    describe(from_base64(pss_ca), false, NOW);
    assert_says("  serial       1234\n");
    assert_says("  key          RSA-PSS, 1024 bits, exponent 65537\n");
    assert_says("  CA           yes, CAs below it at most 3 (critical)\n");
    assert_says("  permits      example (critical)\n");
    assert_says("  policy maps  1.2.3.5 is 1.2.3.6\n");
    assert_says("  policy rules an explicit policy required after 2 certificates, no mapping\n"
                "               after 0 certificates (critical)\n");
    assert_says("  anyPolicy    forbidden after 5 certificates (critical)\n");
    describe(from_base64(ed_v1), false, NOW);
    assert_says(" (version 1)\n");
    assert_says("  signature    Ed25519\n");
}

static void json_has_the_same(void **state)
{
    (void)state;
    describe(from_base64(pss_ca), true, NOW);
    assert_says("{\"index\":0,\"size\":795,\"subject\":\"CN=Example PSS CA, O=Example\",");
    assert_says("\"serial\":\"1234\",\"version\":3,\"self_issued\":true,");
    assert_says("\"not_before\":\"2026-11-24T04:49:26Z\",\"not_after\":\"2036-11-21T04:49:26Z\",");
    assert_says("\"days_left\":3597,\"validity\":\"valid\",");
    assert_says("\"hash\":\"SHA-256\",\"mgf_hash\":\"SHA-256\",\"salt_length\":32}");
    assert_says("\"bits\":1024,\"exponent\":65537,");
    assert_says("\"basic_constraints\":{\"ca\":true,\"path_length\":3},");
    assert_says("\"name_constraints\":{\"permitted\":[{\"type\":\"DNS\",\"value\":\"example\"}]},");
    assert_says("\"policy_constraints\":{\"require_explicit_policy\":2,\"inhibit_policy_mapping\":0},");
    assert_says("\"inhibit_any_policy\":5,");
    assert_says("{\"oid\":\"2.5.29.30\",\"name\":\"nameConstraints\",\"critical\":true,");
    assert_says("\"must_staple\":false,\"remarks\":[],\"sha256\":\"b95acc1b5e83188e80bbc13cb2bde316");
}

static const struct cert_spec plain = {
    .subject = "x", .issuer = "y", .key = 1, .issuer_key = 2, .from = "270101000000Z", .to = "270201000000Z"
};

/* The validity of `plain` begins at 1798761600 and ends at 1801440000. */
static void days_are_counted_from_the_time_that_is_given(void **state)
{
    struct der_out d;
    struct t99_span der = make_cert(&d, &plain);

    (void)state;
    describe(der, false, 1801440000);
    assert_says("UTC, 0 seconds left\n");
    describe(der, false, 1801440000 - 86399);
    assert_says("UTC, 23 hours left\n");
    describe(der, false, 1801440000 - 86400);
    assert_says("UTC, 1 day left\n");
    describe(der, false, 1801440000 + 86400 + 1);
    assert_says("UTC\n               EXPIRED 1 day ago\n");
    describe(der, false, 1801440000 + 1);
    assert_says("UTC\n               EXPIRED 1 second ago\n");
    describe(der, false, 1798761600 - 1);
    assert_says("UTC\n               NOT YET VALID, for another 1 second\n");
    describe(der, false, 1798761600 - 2 * 86400 + 1);
    assert_says("UTC\n               NOT YET VALID, for another 1 day\n");
    describe(der, true, 1801440000 + 1);
    assert_says("\"days_left\":-1,\"validity\":\"expired\"");
    describe(der, true, 1798761600 - 86401);
    assert_says("\"validity\":\"not yet valid\"");
}

static const char *with_rsa_key(size_t len, bool json)
{
    struct cert_spec c = plain;
    struct der_out spki, d;

    c.raw_spki = der_rsa_spki(&spki, len);
    return describe(make_cert(&d, &c), json, NOW);
}

static void keys_are_as_long_as_they_are(void **state)
{
    (void)state;
    with_rsa_key(1024, false);
    assert_says("  key          RSA, 8192 bits, exponent 65537\n");
    with_rsa_key(1025, false); /* longer than any that is used here */
    assert_says("  key          RSA, 8200 bits, exponent 65537\n");
    with_rsa_key(1200, true);
    assert_says("\"bits\":9600,\"exponent\":65537,");
}

/* A certificate with this extension, described. Returns the text. */
static const char *with_extension(const void *extension, size_t len, bool json)
{
    struct cert_spec spec = plain;
    struct der_out d;

    spec.extra = extension;
    spec.extra_len = len;
    return describe(make_cert(&d, &spec), json, NOW);
}

/* One whole extension around a value: OID contents in d-less form. */
static struct t99_span extension(struct der_out *d, const char *oid, const void *value, size_t len)
{
    size_t end;

    der_start(d);
    end = d->pos;
    der_bytes(d, value, len);
    der_extension(d, oid, false, end);
    return der_done(d);
}

static void names_of_all_kinds_are_shown(void **state)
{
    static const char names[] =
        "\x30\x57"
        "\xa0\x11\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03\xa0\x03\x0c\x01u" /* userPrincipalName u */
        "\x81\x03"
        "a@b"
        "\x82\x03"
        "c.d"
        "\xa4\x10\x30\x0e\x31\x0c\x30\x0a\x06\x03\x55\x04\x0a\x0c\x03O,O"
        "\x86\x05"
        "urn:e"
        "\x87\x04\xc0\x00\x02\x07"
        "\x87\x10\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x09"
        "\x88\x03\x2a\x03\x04"
        "\x82\x02"
        "\x1b[";
    struct der_out d;
    struct t99_span e = extension(&d, "\x55\x1d\x11", names, sizeof names - 1);

    (void)state;
    with_extension(e.p, e.len, false);
    assert_says("  names        other name userPrincipalName u, e-mail a@b, c.d, directory\n"
                "               O=O\\,O, urn:e, IP 192.0.2.7, IP 2001:db8::9, registered 1.2.3.4,\n"
                "               \\x1B[\n");
    with_extension(e.p, e.len, true);
    assert_says("\"subject_alt_names\":[{\"type\":\"other\",\"oid\":\"1.3.6.1.4.1.311.20.2.3\","
                "\"name\":\"userPrincipalName\",\"value\":\"u\"},"
                "{\"type\":\"email\",\"value\":\"a@b\"},{\"type\":\"DNS\",\"value\":\"c.d\"},"
                "{\"type\":\"directory\",\"value\":\"O=O\\\\,O\"},{\"type\":\"URI\",\"value\":\"urn:e\"},"
                "{\"type\":\"IP\",\"value\":\"192.0.2.7\"},{\"type\":\"IP\",\"value\":\"2001:db8::9\"},"
                "{\"type\":\"registered\",\"value\":\"1.2.3.4\"},"
                "{\"type\":\"DNS\",\"value\":\"\\\\x1B[\"}]");
}

static void a_long_notice_is_shown_whole(void **state)
{
    static const uint8_t head[] =
        "\x30\x82\x01\x4e\x30\x82\x01\x4a\x06\x02\x2a\x03\x30\x82\x01\x42\x30\x82\x01\x3e"
        "\x06\x08\x2b\x06\x01\x05\x05\x07\x02\x02\x30\x82\x01\x30\x0c\x82\x01\x2c";
    uint8_t policies[sizeof head - 1 + 300];
    struct der_out d;
    struct t99_span e;
    size_t i;

    (void)state;
    memcpy(policies, head, sizeof head - 1);
    for (i = sizeof head - 1; i < sizeof policies; i++) { /* 150 times a letter of two bytes */
        policies[i] = (i - (sizeof head - 1)) % 2 == 0 ? 0xc3 : 0xa4;
    }
    e = extension(&d, "\x55\x1d\x20", policies, sizeof policies);
    with_extension(e.p, e.len, false);
    assert_says("1.2.3 (userNotice\n               \"\xc3\xa4");
    assert_says("\xc3\xa4\")\n");
}

static void address_ranges_are_shown_with_their_prefix(void **state)
{
    static const char constraints[] = "\x30\x1e"
                                      "\xa0\x0c\x30\x0a\x87\x08\x0a\x00\x00\x00\xff\x80\x00\x00"
                                      "\xa1\x0e\x30\x0a\x87\x08\x0a\x00\x00\x00\xff\x00\xff\x00"
                                      "\x30\x00";
    struct der_out d;
    struct t99_span e;

    (void)state;
    e = extension(&d, "\x55\x1d\x1e", constraints, sizeof constraints - 1);
    with_extension(e.p, e.len, false);
    assert_says("  permits      IP 10.0.0.0/9\n");
    assert_says("  excludes     IP 10.0.0.0/255.0.255.0 (malformed: GeneralSubtree)\n");
}

/* RFC 6962, 3.2 and 3.3: one SCT of version 1, and one of a version to come. */
static const char scts[] = "\x04\x3c\x00\x3a\x00\x33\x00"
                           "0123456789abcdef0123456789ABCDEF"
                           "\x00\x00\x01\x8b\xcf\xe5\x68\x7b"
                           "\x00\x01\x78"
                           "\x04\x03\x00\x03sig"
                           "\x00\x03\x01zz";

static void scts_are_decoded(void **state)
{
    struct der_out d;
    struct t99_span e = extension(&d, "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02", scts, sizeof scts - 1);

    (void)state;
    with_extension(e.p, e.len, false); /* 1700000000123 ms, see date(1) */
    assert_says("  SCTs         3031323334353637383961626364656630313233343536373839414243444546\n"
                "                 v1, 2023-11-14 22:13:20.123 UTC, ECDSA with SHA-256, extensions\n"
                "                 78\n"
                "               of version 2, which is not known\n");
    with_extension(e.p, e.len, true);
    assert_says("\"scts\":[{\"version\":1,"
                "\"log_id\":\"3031323334353637383961626364656630313233343536373839414243444546\","
                "\"time\":\"2023-11-14T22:13:20.123Z\",\"hash\":\"SHA-256\",\"signature\":\"ECDSA\","
                "\"extensions\":\"78\"},{\"version\":2}]");
}

static void sct_lists_that_are_cut_short_are_malformed(void **state)
{
    struct t99_sct sct;
    size_t len;

    (void)state;
    for (len = 2; len < sizeof scts - 1; len++) {
        const char *bad;
        struct reader r = rd_init(scts + 2, len - 2, &bad), list = t99_sct_list(&r);

        while (t99_next_sct(&sct, &list)) {
        }
        assert_false(rd_end(&r, "sct_list"));
    }
}

static void what_is_malformed_is_said(void **state)
{
    struct t99_span der = from_base64(leaf_example);
    struct der_out d;
    struct t99_span e = extension(&d, "\x55\x1d\x1f", "\x30\x04\x30\x02\xa0\x05", 6);

    (void)state;
    with_extension(e.p, e.len, false);
    assert_says("  CRL          a name relative to the issuer");
    assert_says(" (malformed: distributionPoint)\n");
    with_extension(e.p, e.len, true);
    assert_says("\"name\":\"cRLDistributionPoints\",\"critical\":false,\"understood\":true,\"size\":6,"
                "\"malformed\":true}");
    describe(t99_span(der.p, der.len - 1), false, NOW);
    assert_says("[0] (not a certificate)\n  malformed    does not decode: Certificate\n  SHA-256");
    assert_int_equal(bytes[der.len - 133], 32); /* the salt's length in the outer signature algorithm */
    bytes[der.len - 133]++;
    describe(der, true, NOW);
    assert_says("\"malformed\":\"signature: not the same algorithm as signatureAlgorithm\"");
    assert_says("\"subject\":\"CN=leaf.example, O=Example, C=DE\"");
}

static void no_truncation_or_altered_byte_is_too_much(void **state)
{
    struct t99_span der = from_base64(leaf_example);
    size_t i, form;

    (void)state;
    for (i = 0; i < der.len; i++) {
        for (form = 0; form < 2; form++) {
            uint8_t saved = bytes[i];

            describe(t99_span(der.p, i), form != 0, NOW);
            bytes[i] = (uint8_t)~saved;
            describe(der, form != 0, NOW);
            assert_int_equal(strspn(made, "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0d\x1b"), 0);
            bytes[i] = saved;
        }
    }
}

static const char *oid_text(const char *oid, size_t len)
{
    static char text[T99_OID_TEXT];

    return t99_oid_text(text, sizeof text, t99_span(oid, len));
}

/* X.690, 8.19; 2.25 with a UUID: X.667. */
static void object_identifiers_of_any_size_are_written(void **state)
{
    char text[8];

    (void)state;
    assert_string_equal(oid_text("\x00", 1), "0.0");
    assert_string_equal(oid_text("\x27", 1), "0.39");
    assert_string_equal(oid_text("\x28", 1), "1.0");
    assert_string_equal(oid_text("\x88\x37\x03", 3), "2.999.3");
    assert_string_equal(oid_text("\x2a\x86\x48\x86\xf7\x0d", 6), "1.2.840.113549");
    assert_string_equal(
        oid_text("\x69\x83\xf0\x9d\xa7\xeb\xcf\xde\xe0\xc7\xa1\xa7\xb2\xc0\x94\x8c\xc8\xf9\xd7\x76", 20),
        "2.25.329800735698586629295641978511506172918"); /* from openssl asn1parse */
    assert_string_equal(
        oid_text("\x2b\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
                 "\xff\xff\xff\xff\x7f\x01",
                 25),
        "1.3.?.1");
    assert_string_equal(t99_oid_text(text, sizeof text, t99_span("\x2a\x03\x04\x05", 4)), "1.2...");
    assert_string_equal(oid_text("", 0), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_leaf_is_described_for_people, tear_down),
        cmocka_unit_test_teardown(a_ca_is_described_for_people, tear_down),
        cmocka_unit_test_teardown(json_has_the_same, tear_down),
        cmocka_unit_test_teardown(keys_are_as_long_as_they_are, tear_down),
        cmocka_unit_test_teardown(days_are_counted_from_the_time_that_is_given, tear_down),
        cmocka_unit_test_teardown(names_of_all_kinds_are_shown, tear_down),
        cmocka_unit_test_teardown(a_long_notice_is_shown_whole, tear_down),
        cmocka_unit_test_teardown(address_ranges_are_shown_with_their_prefix, tear_down),
        cmocka_unit_test_teardown(scts_are_decoded, tear_down),
        cmocka_unit_test_teardown(sct_lists_that_are_cut_short_are_malformed, tear_down),
        cmocka_unit_test_teardown(what_is_malformed_is_said, tear_down),
        cmocka_unit_test_teardown(no_truncation_or_altered_byte_is_too_much, tear_down),
        cmocka_unit_test_teardown(object_identifiers_of_any_size_are_written, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
