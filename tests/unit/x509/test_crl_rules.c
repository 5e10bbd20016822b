/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "x509/crl.h"
#include "x509/crl_list.h"
#include "x509/make_crl.h"
#include "x509/pem.h"
#include "x509/verify_fixture.h"

/*
 * Lists that break one rule each, of RFC 5280, 5 and 6.3, or of the Baseline Requirements (BR), and what is
 * said then. Each is the only list of the server's issuer; the root has a good one.
 */

#define SERVER_AUTH "\x2b\x06\x01\x05\x05\x07\x03\x01"
#define RAW(text) t99_span(text, sizeof(text) - 1)

static const struct crl_spec of_root = { .issuer = "Root", .key = 1, .number = 5 };
static const struct crl_spec of_middle = { .issuer = "Middle", .key = 2, .number = 5 };

static struct t99_crl_store *store;
static struct ext_list points;

static void add_crl(const struct crl_spec *spec)
{
    struct der_out d;
    uint8_t pem[2 * MAKE_MAX];
    size_t len = t99_pem_encode(pem, sizeof pem, "X509 CRL", make_crl(&d, spec)), added, skipped;

    assert_true(len <= sizeof pem);
    assert_true(t99_crl_store_add_pem(store, pem, len, &added, &skipped));
    assert_int_equal(added, 1);
}

/* A chain that all profiles accept; its leaf has its list at http://a. */
static int begin(void **state)
{
    struct cert_spec leaf = server, ca = middle;

    if (set_up(state) != 0) {
        return -1;
    }
    leaf.serial = 30;
    leaf.eku = SERVER_AUTH;
    leaf.eku_len = 8;
    ca.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
    points.len = 0;
    ext_add(&points, "\x55\x1d\x1f", false, "\x30\x10\x30\x0e\xa0\x0c\xa0\x0a\x86\x08http://a", 18);
    leaf.extra = points.buf;
    leaf.extra_len = points.len;
    trust_cert(&root);
    send_cert(&leaf);
    send_cert(&ca);
    return 0;
}

static int end(void **state)
{
    t99_crl_store_free(store);
    store = NULL;
    return tear_down(state);
}

static void only_list(const struct crl_spec *crl)
{
    t99_crl_store_free(store);
    store = t99_crl_store_new(&env);
    assert_non_null(store);
    params.crls = store;
    add_crl(&of_root);
    add_crl(crl);
}

static void assert_invalid(enum t99_profile profile, const struct crl_spec *crl, const char *why)
{
    char sentence[T99_FAULT_TEXT];

    snprintf(
        sentence, sizeof sentence,
        "certificate verification failed: invalid CRL: certificate 0 (CN=server.example) may be revoked: "
        "the CRL of CN=Middle: %s",
        why);
    params.profile = profile;
    only_list(crl);
    assert_refused_with(ALERT_CERTIFICATE_UNKNOWN, sentence);
}

static bool accepted(enum t99_profile profile, const struct crl_spec *crl)
{
    params.profile = profile;
    only_list(crl);
    return verify();
}

/* The default takes the list; both strict profiles say that. */
static void assert_strictly_invalid(const struct crl_spec *crl, const char *why)
{
    assert_true(accepted(PROFILE_DEFAULT, crl));
    assert_invalid(PROFILE_RFC5280, crl, why);
    assert_invalid(PROFILE_STRICT, crl, why);
}

static void all_profiles_take_the_list_to_begin_with(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.revoked = 99;
    crl.reason = 1 + 1;
    assert_true(accepted(PROFILE_DEFAULT, &crl));
    assert_true(accepted(PROFILE_RFC5280, &crl));
    assert_true(accepted(PROFILE_STRICT, &crl));
}

/* ---- Whatever the profile ---- */

static void a_critical_number_makes_a_list_useless(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.number = 0;
    crl.extra = RAW("\x30\x0d\x06\x03\x55\x1d\x14\x01\x01\xff\x04\x03\x02\x01\x05");
    assert_invalid(PROFILE_DEFAULT, &crl, "its cRLNumber is critical (RFC 5280, 5.2.3)");
}

static void an_entry_that_is_not_understood_makes_a_list_useless(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.revoked = 99;
    crl.entry_extra = RAW("\x30\x0c\x06\x03\x2a\x03\x04\x01\x01\xff\x04\x02\x05\x00");
    assert_invalid(PROFILE_DEFAULT, &crl,
                   "an entry has a critical extension that is not understood (RFC 5280, 5.3)");
    crl.entry_extra = RAW("\x30\x09\x06\x03\x2a\x03\x04\x04\x02\x05\x00");
    assert_true(accepted(PROFILE_DEFAULT, &crl));
}

static void only_an_indirect_list_has_entries_of_other_issuers(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.revoked = 99;
    crl.entry_issuer = "Root";
    assert_invalid(PROFILE_DEFAULT, &crl,
                   "an entry has a certificateIssuer and the list is not indirect (RFC 5280, 5.3.3)");
    crl.idp = "\x84\x01\xff";
    crl.idp_len = 3;
    assert_true(accepted(PROFILE_DEFAULT, &crl));
}

/* RFC 5280, 5.1.2.2; the algorithms are ecdsa-with-SHA384 and ecdsa-with-SHA1. */
static void the_algorithm_inside_is_that_outside_and_no_weak_one(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.inner_alg = RAW("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03");
    assert_invalid(PROFILE_DEFAULT, &crl, "it names one signature algorithm inside and another outside");
    crl.inner_alg = crl.alg = RAW("\x30\x09\x06\x07\x2a\x86\x48\xce\x3d\x04\x01");
    assert_invalid(PROFILE_DEFAULT, &crl, "it is signed with a hash that can be forged");
}

static void an_extension_that_stands_twice_is_no_list(void **state)
{
    struct crl_spec spec = of_middle;
    struct t99_crl crl;
    struct der_out d;
    const char *bad = NULL;

    (void)state;
    spec.extra = RAW("\x30\x0a\x06\x03\x55\x1d\x14\x04\x03\x02\x01\x06");
    assert_false(t99_crl_decode(&crl, make_crl(&d, &spec), &bad));
    assert_string_equal(bad, "crlExtensions: duplicate");
}

static void assert_old(const char *phrase, const char *why)
{
    char sentence[T99_FAULT_TEXT];

    snprintf(
        sentence, sizeof sentence,
        "certificate verification failed: %s: certificate 0 (CN=server.example) may be revoked: the CRL of "
        "CN=Middle: %s",
        phrase, why);
    assert_refused_with(ALERT_CERTIFICATE_UNKNOWN, sentence);
}

static void an_old_list_is_told_by_the_clock_or_by_the_time_that_was_given(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.to = "270110000000Z";
    only_list(&crl);
    assert_old("CRL has expired",
               "it was to be renewed by 2027-01-10 00:00:00 UTC (the clock says 2027-01-15 08:00:00 UTC)");
    params.time_given = true;
    assert_old("CRL has expired",
               "it was to be renewed by 2027-01-10 00:00:00 UTC (the time that was given is "
               "2027-01-15 08:00:00 UTC)");
    crl.to = NULL;
    crl.from = "270120000000Z";
    only_list(&crl);
    assert_old("CRL is not yet valid",
               "it is of 2027-01-20 00:00:00 UTC (the time that was given is 2027-01-15 08:00:00 UTC)");
}

/* Somebody sends a certificate of the list's issuer with a key of secp256k1: SEC 2, 2.4.1. */
static void a_key_on_an_unknown_curve_signs_no_list(void **state)
{
    struct cert_spec other = middle;
    struct crl_spec crl = of_middle;

    (void)state;
    other.raw_spki = RAW("\x30\x18\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a"
                         "\x03\x04\x00\x04\xaa\xbb");
    send_cert(&other);
    crl.key = 4;
    only_list(&crl);
    assert_old("CRL signature failure", "none of the certificates of that name signed it");
}

/* ---- Under the strict profiles ---- */

static void dates_are_written_as_they_should_be(void **state)
{
    struct crl_spec crl = of_middle;
    static const char why[] = "it has a date before 2050 as GeneralizedTime (RFC 5280, 5.1.2.4)";

    (void)state;
    crl.from = "20270101000000Z";
    assert_strictly_invalid(&crl, why);
    crl.from = NULL;
    crl.to = "20270201000000Z";
    assert_strictly_invalid(&crl, why);
}

static void serial_numbers_stand_once(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.revoked = 99;
    crl.twice = true;
    assert_strictly_invalid(&crl, "it lists a serial number twice");
}

static void lists_are_of_version_2(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.version_1 = true;
    assert_strictly_invalid(&crl, "it is not of version 2 (RFC 5280, 5.1.2.1)");
}

static void lists_have_a_number_and_the_identifier_of_a_key(void **state)
{
    static const char why[] = "it has no cRLNumber or no authorityKeyIdentifier (RFC 5280, 5.2)";
    struct crl_spec crl = of_middle;

    (void)state;
    crl.number = 0;
    assert_strictly_invalid(&crl, why);
    crl = of_middle;
    crl.no_key_id = true;
    assert_strictly_invalid(&crl, why);
}

static void numbers_have_20_octets_at_most(void **state)
{
    /* 21 octets, then 20: cut in front */
    static const char longest[] =
        "\x30\x1d\x06\x03\x55\x1d\x14\x04\x16\x02\x14\x01"
        "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13",
                      longer[] =
                          "\x30\x1e\x06\x03\x55\x1d\x14\x04\x17\x02\x15\x01"
                          "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14";
    struct crl_spec crl = of_middle;

    (void)state;
    crl.number = 0;
    crl.extra = RAW(longer);
    assert_strictly_invalid(&crl, "its cRLNumber is longer than 20 octets (RFC 5280, 5.2.3)");
    crl.extra = RAW(longest);
    assert_true(accepted(PROFILE_STRICT, &crl));
}

static void revoked_certificates_are_left_out_where_there_are_none(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.empty = true;
    assert_strictly_invalid(&crl, "its revokedCertificates are empty (RFC 5280, 5.1.2.6)");
}

static void what_is_critical_is_so_everywhere(void **state)
{
    static const char why[] =
        "an extension is critical that must not be, or the reverse (RFC 5280, 5.2, 5.3)";
    struct crl_spec crl = of_middle;

    (void)state;
    crl.no_key_id = true; /* critical, and of the same key */
    crl.extra = RAW("\x30\x12\x06\x03\x55\x1d\x23\x01\x01\xff\x04\x08\x30\x06\x80\x04\x02\x02\x02\x02");
    assert_strictly_invalid(&crl, why);
    crl = of_middle; /* an issuingDistributionPoint that is not */
    crl.extra = RAW("\x30\x0c\x06\x03\x55\x1d\x1c\x04\x05\x30\x03\x81\x01\xff");
    assert_strictly_invalid(&crl, why);
    crl = of_middle; /* a reasonCode that is */
    crl.revoked = 99;
    crl.entry_extra = RAW("\x30\x0d\x06\x03\x55\x1d\x15\x01\x01\xff\x04\x03\x0a\x01\x01");
    assert_strictly_invalid(&crl, why);
}

/* unspecified, certificateHold, removeFromCRL: the last is for deltas only. */
static void reasons_are_told_that_may_be(void **state)
{
    static const int bad[] = { 0, 6, 8 };
    struct crl_spec crl = of_middle;
    size_t i;

    (void)state;
    crl.revoked = 99;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        crl.reason = 1 + bad[i];
        assert_strictly_invalid(&crl, "it gives a reason that must not be given (BR 7.2.2)");
    }
}

static void distribution_points_are_uris(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.idp = "\xa0\x0c\xa0\x0a\x86\x08http://a";
    crl.idp_len = 14;
    assert_true(accepted(PROFILE_STRICT, &crl));
    crl.idp = "\xa0\x0f\xa0\x0d\x86\x08http://a\x82\x01x"; /* and a dNSName */
    crl.idp_len = 17;
    assert_strictly_invalid(&crl, "its issuingDistributionPoint has a name that is no URI (BR 7.2.2.1)");
}

static void lists_are_direct_and_for_all_reasons(void **state)
{
    static const char why[] =
        "its issuingDistributionPoint is indirect, for some reasons or relative (BR 7.2.2.1)";
    struct crl_spec crl = of_middle;

    (void)state;
    crl.idp = "\x84\x01\xff";
    crl.idp_len = 3;
    assert_strictly_invalid(&crl, why);
    crl.idp = "\x83\x02\x04\x70"; /* keyCompromise, cACompromise, affiliationChanged: alone not enough */
    crl.idp_len = 4;
    assert_invalid(PROFILE_RFC5280, &crl, why);
    crl.idp_len = 3; /* for users only, which may be */
    crl.idp = "\x81\x01\xff";
    assert_true(accepted(PROFILE_STRICT, &crl));
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_profiles_take_the_list_to_begin_with),
        TEST(a_critical_number_makes_a_list_useless),
        TEST(an_entry_that_is_not_understood_makes_a_list_useless),
        TEST(only_an_indirect_list_has_entries_of_other_issuers),
        TEST(the_algorithm_inside_is_that_outside_and_no_weak_one),
        TEST(an_extension_that_stands_twice_is_no_list),
        TEST(an_old_list_is_told_by_the_clock_or_by_the_time_that_was_given),
        TEST(a_key_on_an_unknown_curve_signs_no_list),
        TEST(dates_are_written_as_they_should_be),
        TEST(serial_numbers_stand_once),
        TEST(lists_are_of_version_2),
        TEST(lists_have_a_number_and_the_identifier_of_a_key),
        TEST(numbers_have_20_octets_at_most),
        TEST(revoked_certificates_are_left_out_where_there_are_none),
        TEST(what_is_critical_is_so_everywhere),
        TEST(reasons_are_told_that_may_be),
        TEST(distribution_points_are_uris),
        TEST(lists_are_direct_and_for_all_reasons),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
