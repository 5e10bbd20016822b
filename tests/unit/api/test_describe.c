/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tls.h>

#include "x509/example_certs.h"
#include "x509/pem.h"

static char pem[8192];

/* Text around the blocks, as files have it. */
static size_t chain_of_two(void)
{
    return (size_t)snprintf(pem, sizeof pem,
                            "subject: leaf\n-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
                            "-----BEGIN X509 CERTIFICATE-----\n%s\n-----END X509 CERTIFICATE-----\n",
                            leaf_example, pss_ca);
}

static void assert_begins(const char *text, const char *expected)
{
    assert_non_null(text);
    assert_memory_equal(text, expected, strlen(expected));
}

static void all_certificates_of_pem_are_described(void **state)
{
    char *text = tls_describe_certs(pem, chain_of_two(), TLS_DESCRIBE_TEXT, 1800000000);

    (void)state;
    assert_begins(text, "[0] CN=leaf.example\n  subject      CN=leaf.example, O=Example, C=DE\n");
    assert_non_null(strstr(text, ", 312 days left\n"));
    assert_non_null(strstr(text, "\n\n[1] CN=Example PSS CA\n  subject      CN=Example PSS CA"));
    free(text);
    text = tls_describe_certs(pem, chain_of_two(), TLS_DESCRIBE_JSON, 1800000000);
    assert_begins(text, "[{\"index\":0,");
    assert_non_null(strstr(text, "},{\"index\":1,"));
    assert_string_equal(text + strlen(text) - 3, "\"}]");
    free(text);
}

static void one_certificate_in_der_is_described(void **state)
{
    uint8_t der[2048];
    size_t len;
    char *text;

    (void)state;
    assert_true(t99_pem_decode(der, &len, t99_span(ed_v1, strlen(ed_v1))));
    text = tls_describe_certs(der, len, TLS_DESCRIBE_TEXT, 0);
    assert_begins(text, "[0] CN=ed\n");
    assert_null(strstr(text, "[1]"));
    free(text);
}

static void what_is_no_certificate_is_described_as_such(void **state)
{
    static const char damaged[] = "-----BEGIN CERTIFICATE-----\nAAA*\n-----END CERTIFICATE-----\n";
    char *text = tls_describe_certs(damaged, strlen(damaged), TLS_DESCRIBE_JSON, 1);

    (void)state;
    assert_begins(text, "[{\"index\":0,\"size\":0,\"malformed\":\"");
    free(text);
    text = tls_describe_certs("no certificate", 14, TLS_DESCRIBE_JSON, 1);
    assert_string_equal(text, "[]");
    free(text);
    text = tls_describe_certs(NULL, 0, TLS_DESCRIBE_TEXT, 1);
    assert_string_equal(text, "");
    free(text);
}

/* OpenSSL's settings for trust stand behind the certificate: openssl-x509(1), -trustout. */
static void settings_behind_a_trusted_certificate_are_passed_over(void **state)
{
    uint8_t der[2048];
    uint8_t encoded[4096];
    size_t len, encoded_len;
    char *text;

    (void)state;
    assert_true(t99_pem_decode(der, &len, t99_span(ed_v1, strlen(ed_v1))));
    memcpy(der + len, "\x30\x00", 2);
    encoded_len = t99_pem_encode(encoded, sizeof encoded, "TRUSTED CERTIFICATE", t99_span(der, len + 2));
    text = tls_describe_certs(encoded, encoded_len, TLS_DESCRIBE_TEXT, 1);
    assert_begins(text, "[0] CN=ed\n  subject ");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_certificates_of_pem_are_described),
        cmocka_unit_test(one_certificate_in_der_is_described),
        cmocka_unit_test(what_is_no_certificate_is_described_as_such),
        cmocka_unit_test(settings_behind_a_trusted_certificate_are_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
