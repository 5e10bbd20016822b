/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "hex.h"
#include "kv.h"
#include "x509/certificate.h"
#include "x509/example_certs.h"
#include "x509/name.h"
#include "x509/pem.h"

static uint8_t bytes[4096];
static struct t99_certificate c;
static const char *bad;

static struct t99_span from_base64(const char *text)
{
    size_t len;

    assert_true(strlen(text) < sizeof bytes);
    assert_true(t99_pem_decode(bytes, &len, t99_span(text, strlen(text))));
    return t99_span(bytes, len);
}

static bool is_hex(struct t99_span s, const char *hex)
{
    return hex_equal(s.p, s.len, hex);
}

static bool is_text(struct t99_span s, const char *text)
{
    return t99_span_equal(s, t99_span(text, strlen(text)));
}

/* What openssl(1) shows of it. */
static void a_root_of_the_web_is_read(void **state)
{
    char text[100];

    (void)state;
    assert_true(t99_certificate_decode(&c, from_base64(amazon_root_ca_3), &bad));
    assert_null(bad);
    assert_int_equal(c.version, 3);
    assert_true(is_hex(c.serial, "066c9fd5749736663f3b0b9ad9e89e7603f24a"));
    assert_true(c.not_before == 1432598400 && c.not_after == INT64_C(2221603200));
    assert_string_equal(t99_name_text(text, sizeof text, c.subject), "CN=Amazon Root CA 3, O=Amazon, C=US");
    assert_true(t99_self_issued(&c));
    assert_int_equal(c.sig_alg.type, T99_SIG_ECDSA);
    assert_ptr_equal(c.sig_alg.hash, &t99_sha256);
    assert_int_equal(c.key.type, T99_KEY_EC);
    assert_ptr_equal(c.key.curve, &t99_p256);
    assert_true(c.key.point.len == 65 && c.key.point.p[0] == 4);
    assert_true(c.is_ca && c.path_len == -1);
    assert_int_equal(c.key_usage, KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN | KU_CRL_SIGN);
    assert_int_equal(c.present, 1 << EXT_BASIC_CONSTRAINTS | 1 << EXT_KEY_USAGE | 1 << EXT_SUBJECT_KEY_ID);
    assert_int_equal(c.critical, 1 << EXT_BASIC_CONSTRAINTS | 1 << EXT_KEY_USAGE);
    assert_int_equal(c.oddities, 0);
    assert_int_equal(c.tbs.len, c.der.len - 4 - c.outer_alg.len - 2 - 1 - c.signature.len);
    assert_true(t99_certificate_decode(&c, from_base64(amazon_root_ca_3), &bad)); /* twice is the same */
}

static void extensions_of_a_leaf_are_read(void **state)
{
    char text[200];

    (void)state;
    assert_true(t99_certificate_decode(&c, from_base64(leaf_example), &bad));
    assert_true(is_hex(c.serial, "00ff00112233"));
    assert_true(c.not_before == 1795495766 && c.not_after == 1827031766);
    assert_false(t99_self_issued(&c));
    assert_false(c.is_ca);
    assert_int_equal(c.key_usage, KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT);
    assert_int_equal(c.eku, EKU_SERVER | EKU_CLIENT | EKU_OTHER);
    assert_true(is_hex(c.subject_key_id, "78408605b7c1c55a50838a810e9524b1f113d113"));
    assert_true(is_hex(c.authority_key_id, "415a52a62ea09d699b18635a9e6959ba75b03d3b"));
    assert_true(is_hex(c.authority_serial, "1234"));
    assert_true(c.authority_issuer.len != 0 && c.authority_issuer.p[0] == 0xa4);
    assert_string_equal(t99_names_in(text, sizeof text, &c),
                        "leaf.example, *.leaf.example, 192.0.2.1, 2001:db8::1");
    assert_true(is_text(t99_ocsp_uri(&c), "http://ocsp.example/"));
    assert_true(t99_must_staple(&c));
    assert_true(t99_has_ext(&c, EXT_CRL_DISTRIBUTION_POINTS) && c.crl_points.len != 0);
    assert_true(t99_has_ext(&c, EXT_CERTIFICATE_POLICIES) && c.policies.len != 0);
    assert_true(is_hex(c.unknown_critical, "2a0304"));
    assert_int_equal(c.path_len, -1);
    assert_int_equal(c.require_explicit, -1);
    assert_int_equal(c.inhibit_any, -1);
}

/* RFC 4055, 3.1: the parameters of a signature and of a key. */
static void pss_parameters_are_decoded(void **state)
{
    (void)state;
    assert_true(t99_certificate_decode(&c, from_base64(pss_ca), &bad));
    assert_int_equal(c.sig_alg.type, T99_SIG_RSA_PSS);
    assert_ptr_equal(c.sig_alg.hash, &t99_sha256);
    assert_ptr_equal(c.sig_alg.mgf_hash, &t99_sha256);
    assert_int_equal(c.sig_alg.salt_len, 32);
    assert_null(c.sig_alg.weak);
    assert_int_equal(c.key.type, T99_KEY_RSA_PSS);
    assert_true(c.key.pss_restricted);
    assert_ptr_equal(c.key.pss_params.hash, &t99_sha256);
    assert_int_equal(c.key.pss_params.salt_len, 32);
    assert_true(is_hex(c.key.rsa.e, "010001"));
    assert_int_equal(c.key.rsa.n.len, 129);
}

static void constraints_of_a_ca_are_read(void **state)
{
    (void)state;
    assert_true(t99_certificate_decode(&c, from_base64(pss_ca), &bad));
    assert_true(c.is_ca && c.path_len == 3);
    assert_true(t99_has_ext(&c, EXT_NAME_CONSTRAINTS) && t99_ext_critical(&c, EXT_NAME_CONSTRAINTS));
    assert_int_equal(c.name_constraints.p[0], 0xa0);
    assert_int_equal(c.require_explicit, 2);
    assert_int_equal(c.inhibit_mapping, 0);
    assert_int_equal(c.inhibit_any, 5);
    assert_true(is_hex(c.policy_mappings, "300a06032a030506032a0306"));
    assert_null(c.unknown_critical.p);
    assert_null(t99_ocsp_uri(&c).p);
    assert_false(t99_must_staple(&c));
}

static void version_1_with_ed25519_is_read(void **state)
{
    (void)state;
    assert_true(t99_certificate_decode(&c, from_base64(ed_v1), &bad));
    assert_int_equal(c.version, 1);
    assert_int_equal(c.present, 0);
    assert_int_equal(c.oddities, 0);
    assert_true(c.not_after == INT64_C(4387495766));
    assert_int_equal(c.sig_alg.type, T99_SIG_ED25519);
    assert_null(c.sig_alg.hash);
    assert_int_equal(c.key.type, T99_KEY_ED25519);
    assert_true(is_hex(c.key.point, "4ac11dedba2f5ccf88ed9d32d498037783ce176bf2ca16db439df1c216eb327c"));
}

/* No prefix of a certificate is one, and nothing may follow. */
static void what_is_cut_or_followed_is_refused(void **state)
{
    struct t99_span der = from_base64(leaf_example), subject;
    size_t len;

    (void)state;
    for (len = 0; len < der.len; len++) {
        assert_false(t99_certificate_decode(&c, t99_span(der.p, len), &bad));
        assert_non_null(bad);
        assert_false(t99_certificate_subject(&subject, t99_span(der.p, len)));
    }
    assert_true(t99_certificate_subject(&subject, der));
    assert_false(t99_certificate_decode(&c, t99_span(der.p, der.len + 1), &bad));
    assert_false(t99_certificate_subject(&subject, t99_span(der.p, der.len + 1)));
}

/* BoringSSL, pki/testdata/parse_certificate_unittest: where this decoder differs, and why. */
static void certificates_of_boringssl_are_judged_alike(void **state)
{
    static const char *const others[] = {
        /* any number of intermediates: RFC 5280 has INTEGER (0..MAX) */
        "bssl-parse/basic_constraints_path_too_large", "bssl-parse/basic_constraints_pathlen_256",
        /* BoringSSL compares the two later, so that the parser alone accepts them */
        "bssl-parse/failed_signature_algorithm",
        /* characters that the type does not allow are a matter of the strict profile */
        "bssl-parse/issuer_bad_printable_string", "bssl-parse/subject_not_ascii",
        "bssl-parse/subject_not_printable_string",
        /* found when paths are validated */
        "bssl-parse/name_constraints_bad_ip", "bssl-parse/subject_blank_subjectaltname_not_critical"
    };
    struct kv kv;
    size_t num = 0, differ = 0, i;

    (void)state;
    if (!kv_open_shared(&kv, "kv/x509parse_boringssl.txt")) {
        skip();
    }
    while (kv_next(&kv)) {
        bool valid = kv_is(&kv, "result", "valid"), other = false;

        if (!kv_is(&kv, "scope", "full")) {
            continue;
        }
        for (i = 0; i < sizeof others / sizeof others[0]; i++) {
            other = other || kv_is(&kv, "id", others[i]);
        }
        num++;
        differ += other ? 1 : 0;
        if (t99_certificate_decode(&c, kv_hex(&kv, "der"), &bad) != (valid != other)) {
            fail_msg("%s: %s", kv_str(&kv, "id"), bad != NULL ? bad : "accepted");
        }
    }
    kv_close(&kv);
    assert_true(num > 50 && differ == sizeof others / sizeof others[0]);
}

/* Mbed TLS, tests/suites/test_suite_x509parse.data: what it refuses, and what it and another accept. */
static void certificates_of_mbedtls_are_judged_alike(void **state)
{
    struct kv kv;
    size_t num = 0;

    (void)state;
    if (!kv_open_shared(&kv, "kv/x509parse_mbedtls.txt")) {
        skip();
    }
    while (kv_next(&kv)) {
        const char *peers = kv_str(&kv, "peers");
        bool valid = kv_is(&kv, "result", "valid");

        if (!kv_is(&kv, "fn", "crt") || peers == NULL ||
            (valid && strstr(peers, "openssl-3.0:refuses") != NULL)) {
            continue;
        }
        num++;
        if (t99_certificate_decode(&c, kv_hex(&kv, "der"), &bad) != valid && c.unknown_critical.p == NULL) {
            fail_msg("%s: %s", kv_str(&kv, "id"), bad != NULL ? bad : "accepted");
        }
    }
    kv_close(&kv);
    assert_true(num > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_root_of_the_web_is_read),
        cmocka_unit_test(extensions_of_a_leaf_are_read),
        cmocka_unit_test(pss_parameters_are_decoded),
        cmocka_unit_test(constraints_of_a_ca_are_read),
        cmocka_unit_test(version_1_with_ed25519_is_read),
        cmocka_unit_test(what_is_cut_or_followed_is_refused),
        cmocka_unit_test(certificates_of_boringssl_are_judged_alike),
        cmocka_unit_test(certificates_of_mbedtls_are_judged_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
