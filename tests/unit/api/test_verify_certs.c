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

#include "api/internal.h"
#include "x509/make_cert.h"
#include "x509/pem.h"

#define NOW ((time_t)1800000000) /* 2027-01-15 08:00:00 UTC */

static const struct cert_spec root = {
    .subject = "Root", .issuer = "Root", .key = 1, .issuer_key = 1, .ca = true
};
static const struct cert_spec middle = {
    .subject = "Middle", .issuer = "Root", .key = 2, .issuer_key = 1, .ca = true
};
static const struct cert_spec server = {
    .subject = "server.example", .issuer = "Middle", .key = 3, .issuer_key = 2, .dns = "server.example"
};

static size_t num_allocated, allocations_left = SIZE_MAX;

static void *test_alloc(void *arg, size_t len)
{
    void *p = NULL;

    (void)arg;
    if (allocations_left != 0) {
        allocations_left--;
        p = malloc(len);
        num_allocated += p != NULL ? 1 : 0;
    }
    return p;
}

static void test_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    num_allocated--;
    free(p);
}

static int64_t test_now(void *arg)
{
    (void)arg;
    return (int64_t)NOW * 1000000;
}

static const struct t99_env env = { NULL, test_alloc, test_release, NULL, test_now };
static struct tls_config *config;
static uint8_t chain[8192];
static size_t chain_len;
static char *report;

static size_t add_pem(uint8_t *out, size_t cap, const struct cert_spec *spec)
{
    struct der_out d;

    return t99_pem_encode(out, cap, "CERTIFICATE", make_cert(&d, spec));
}

static void send_cert(const struct cert_spec *spec)
{
    chain_len += add_pem(chain + chain_len, sizeof chain - chain_len, spec);
}

static int set_up(void **state)
{
    uint8_t ca[4096];

    (void)state;
    allocations_left = SIZE_MAX;
    chain_len = 0;
    send_cert(&server);
    send_cert(&middle);
    config = t99_config_new_env(&env);
    return config != NULL && tls_config_set_ca_mem(config, ca, add_pem(ca, sizeof ca, &root)) == 0 ? 0 : -1;
}

static void drop_report(void)
{
    if (report != NULL) {
        test_release(NULL, report, 0);
        report = NULL;
    }
}

static int tear_down(void **state)
{
    (void)state;
    drop_report();
    tls_config_free(config);
    return num_allocated == 0 ? 0 : -1;
}

static int verify(const char *host, time_t now, int format)
{
    drop_report();
    return tls_config_verify_certs(config, chain, chain_len, host, now, format, &report);
}

static void a_chain_is_accepted_and_told_as_text_and_json(void **state)
{
    (void)state;
    assert_int_equal(verify("server.example", NOW, TLS_DESCRIBE_TEXT), 1);
    assert_non_null(strstr(report, "VERIFIED for server.example at 2027-01-15"));
    assert_non_null(strstr(report, "\n   +- trusted CN=Root"));
    assert_int_equal(verify("server.example", 0, TLS_DESCRIBE_JSON), 1); /* by the clock */
    assert_non_null(strstr(report, "\"time\":\"2027-01-15T08:00:00Z\""));
    assert_non_null(strstr(report, "{\"verified\":true,"));
    assert_int_equal(tls_config_verify_certs(config, chain, chain_len, NULL, NOW, 0, NULL), 1);
}

/* Both tell how long it is to notBefore, 2025-01-01 or 1735689600, in the same words. */
static void description_and_verdict_tell_the_same_days(void **state)
{
    char *text;
    time_t now = 1735689600 - (time_t)9459 * 86400 - 86399;

    (void)state;
    assert_int_equal(verify(NULL, now, TLS_DESCRIBE_JSON), 0);
    assert_non_null(strstr(report,
                           " is valid from 2025-01-01 00:00:00 UTC, in 9459 days (the time that was given "
                           "is 1999-02-07 00:00:01 UTC)"));
    text = tls_describe_certs(chain, chain_len, TLS_DESCRIBE_TEXT, now);
    assert_non_null(text);
    assert_non_null(strstr(text, "NOT YET VALID, for another 9459 days\n"));
    free(text);
}

static void one_certificate_in_der_is_judged(void **state)
{
    struct der_out d;
    struct t99_span der = make_cert(&d, &middle);

    (void)state;
    assert_int_equal(tls_config_verify_certs(config, der.p, der.len, NULL, NOW, 0, NULL), 1);
    der = make_cert(&d, &server);
    assert_int_equal(tls_config_verify_certs(config, der.p, der.len, NULL, NOW, 0, &report), 0);
    assert_non_null(strstr(report, "unable to get local issuer certificate: was issued by CN=Middle"));
}

static void name_time_and_depth_count(void **state)
{
    (void)state;
    assert_int_equal(verify("other.example", NOW, TLS_DESCRIBE_TEXT), 0);
    assert_non_null(strstr(report, "NOT VERIFIED: name `other.example' not present"));
    assert_int_equal(verify("192.0.2.1", NOW, TLS_DESCRIBE_TEXT), 0);
    assert_int_equal(verify(NULL, NOW, TLS_DESCRIBE_TEXT), 1);
    assert_int_equal(verify(NULL, (time_t)1, TLS_DESCRIBE_TEXT), 0);
    assert_non_null(strstr(report, "certificate is not yet valid"));
    assert_int_equal(tls_config_set_verify_depth(config, 0), 0);
    assert_int_equal(verify(NULL, NOW, TLS_DESCRIBE_TEXT), 0);
    assert_non_null(strstr(report, "certificate chain too long"));
    tls_config_insecure_noverifytime(config);
    assert_int_equal(tls_config_set_verify_depth(config, 6), 0);
    assert_int_equal(verify(NULL, (time_t)1, TLS_DESCRIBE_TEXT), 1);
    assert_non_null(strstr(report, "VERIFIED, at any time"));
}

static void assert_fails(int result, const char *error)
{
    assert_int_equal(result, -1);
    assert_null(report);
    assert_string_equal(tls_config_error(config), error);
}

static void what_cannot_be_judged_is_an_error(void **state)
{
    (void)state;
    assert_fails(verify("no host", NOW, TLS_DESCRIBE_TEXT),
                 "server name \"no host\" is neither a host name nor an IP address");
    chain_len = 0;
    assert_fails(verify(NULL, NOW, TLS_DESCRIBE_TEXT), "no certificate to verify: it is empty");
    send_cert(&server);
    tls_config_insecure_noverifycert(config);
    assert_fails(verify(NULL, NOW, TLS_DESCRIBE_TEXT),
                 "nothing to verify by: the config says that certificates are not verified");
    tls_config_verify(config);
    assert_int_equal(tls_config_set_ca_mem(config, (const uint8_t *)"-", 1), 0);
    assert_int_equal(verify(NULL, NOW, TLS_DESCRIBE_TEXT), -1);
    assert_non_null(strstr(tls_config_error(config), "no certificate in the CAs from memory"));
}

static void every_failing_allocation_is_an_error_without_a_leak(void **state)
{
    size_t n, before;
    int result = -1;

    (void)state;
    assert_int_equal(verify("server.example", NOW, TLS_DESCRIBE_TEXT), 1); /* the anchors are there now */
    for (n = 0; result < 0; n++) {
        drop_report();
        before = num_allocated;
        allocations_left = n;
        result = verify("server.example", NOW, TLS_DESCRIBE_JSON);
        if (result < 0) {
            assert_string_equal(tls_config_error(config), "out of memory");
            assert_null(report);
            assert_int_equal(num_allocated, before);
        }
    }
    allocations_left = SIZE_MAX;
    assert_int_equal(result, 1);
    assert_true(n > 5); /* certificates twice, report, search, nodes, path, text */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_chain_is_accepted_and_told_as_text_and_json),
        TEST(description_and_verdict_tell_the_same_days),
        TEST(one_certificate_in_der_is_judged),
        TEST(name_time_and_depth_count),
        TEST(what_cannot_be_judged_is_an_error),
        TEST(every_failing_allocation_is_an_error_without_a_leak),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
