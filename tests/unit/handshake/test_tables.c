/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/aead/traffic_key.h"
#include "handshake/cipher_suite.h"
#include "handshake/signature_scheme.h"

/* IANA, TLS Cipher Suites. */
static void suites_have_ianas_numbers_and_openssls_names(void **state)
{
    static const struct {
        uint16_t id;
        const char *iana, *openssl;
    } known[] = {
        { 0x1301, "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256" },
        { 0x1302, "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384" },
        { 0x1303, "TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256" },
        { 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256" },
        { 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384" },
        { 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256" },
        { 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384" },
        { 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305" },
        { 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305" },
        { 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256" },
        { 0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        const struct t99_cipher_suite *suite = t99_cipher_suite_find(known[i].id);

        assert_non_null(suite);
        assert_string_equal(suite->name, known[i].iana);
        assert_string_equal(suite->openssl_name, known[i].openssl);
        assert_ptr_equal(t99_cipher_suite_named(known[i].iana, strlen(known[i].iana)), suite);
        assert_ptr_equal(t99_cipher_suite_named(known[i].openssl, strlen(known[i].openssl)), suite);
        assert_int_equal(suite->legacy, known[i].id < 0x100);
    }
    assert_null(t99_cipher_suite_at(i));
    assert_null(t99_cipher_suite_find(0x000a));
    assert_ptr_equal(t99_cipher_suite_named("tls_aes_128_gcm_sha256", 22), t99_cipher_suite_find(0x1301));
    assert_null(t99_cipher_suite_named("TLS_AES_128_GCM_SHA25", 21));
}

static void suites_that_this_cpu_computes_fast_come_first(void **state)
{
    static const uint16_t with_aes[] = { 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c,
                                         0xc030, 0xcca9, 0xcca8, 0x009c, 0x009d };
    static const uint16_t without[] = { 0x1303, 0x1301, 0x1302, 0xcca9, 0xcca8, 0xc02b,
                                        0xc02f, 0xc02c, 0xc030, 0x009c, 0x009d };
    const size_t num = sizeof without / sizeof without[0];
    bool portable_only = strcmp(t99_aes_128_gcm.impl(0)->name, "portable") == 0;
    size_t i;

    (void)state;
    for (i = 0; i < num; i++) {
        assert_int_equal(t99_cipher_suite_in_order(i, true)->id, with_aes[i]);
        assert_int_equal(t99_cipher_suite_in_order(i, false)->id, without[i]);
        assert_ptr_equal(t99_cipher_suite_at(i), t99_cipher_suite_in_order(i, !portable_only));
    }
    assert_null(t99_cipher_suite_in_order(num, true));
    assert_null(t99_cipher_suite_in_order(num, false));
}

/* RFC 9846, 4.3.3: in TLS 1.3 curve and hash belong together, and PKCS#1 v1.5 is for certificates alone. */
static void schemes_fit_keys_as_the_version_wants(void **state)
{
    const struct t99_signature_scheme *p256 = t99_signature_scheme_find(0x0403),
                                      *pkcs1 = t99_signature_scheme_find(0x0401);
    const struct t99_signature_scheme *pss = t99_signature_scheme_find(0x0804),
                                      *pss_pss = t99_signature_scheme_find(0x0809);
    struct t99_public_key key;

    (void)state;
    memset(&key, 0, sizeof key);
    key.type = T99_KEY_EC;
    key.curve = &t99_p384;
    assert_false(t99_signature_scheme_fits(p256, &key, T99_TLS13));
    assert_true(t99_signature_scheme_fits(p256, &key, T99_TLS12));
    key.curve = &t99_p256;
    assert_true(t99_signature_scheme_fits(p256, &key, T99_TLS13));
    key.curve = NULL;
    assert_false(t99_signature_scheme_fits(p256, &key, T99_TLS12));
    key.type = T99_KEY_RSA;
    assert_true(t99_signature_scheme_fits(pkcs1, &key, T99_TLS12));
    assert_false(t99_signature_scheme_fits(pkcs1, &key, T99_TLS13));
    assert_true(t99_signature_scheme_fits(pss, &key, T99_TLS13));
    assert_false(t99_signature_scheme_fits(pss_pss, &key, T99_TLS13));
    key.type = T99_KEY_RSA_PSS;
    assert_true(t99_signature_scheme_fits(pss_pss, &key, T99_TLS13));
    key.pss_restricted = true;
    key.pss_params.hash = &t99_sha384;
    key.pss_params.mgf_hash = &t99_sha384;
    assert_false(t99_signature_scheme_fits(pss_pss, &key, T99_TLS13));
    assert_null(t99_signature_scheme_find(0x0201)); /* rsa_pkcs1_sha1 */
    assert_null(t99_signature_scheme_find(0x0203)); /* ecdsa_sha1 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suites_have_ianas_numbers_and_openssls_names),
        cmocka_unit_test(suites_that_this_cpu_computes_fast_come_first),
        cmocka_unit_test(schemes_fit_keys_as_the_version_wants),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
