/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>

#include "x509/crl.h"
#include "x509/crl_list.h"
#include "x509/make_crl.h"
#include "x509/pem.h"
#include "x509/verify.h"

/* The rules are those of RFC 5280, 5 and 6.3; certificates and lists are made here, key "n" is the byte n. */
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

/* ---- A chain of three and the lists for it ---- */

static const struct cert_spec root = {
    .subject = "Root", .issuer = "Root", .key = 1, .issuer_key = 1, .ca = true
};
static const struct cert_spec middle = {
    .subject = "Middle", .issuer = "Root", .key = 2, .issuer_key = 1, .ca = true, .serial = 20
};
static const struct cert_spec server = { .subject = "server.example",
                                         .issuer = "Middle",
                                         .key = 3,
                                         .issuer_key = 2,
                                         .dns = "server.example",
                                         .serial = 30 };
static const struct crl_spec of_root = { .issuer = "Root", .key = 1, .number = 5 };
static const struct crl_spec of_middle = { .issuer = "Middle", .key = 2, .number = 5 };

static struct t99_trust *trust;
static struct t99_crl_store *store;
static struct der_out made[4];
static struct t99_span certs[4];
static size_t num_certs;
static struct t99_verify_params params;
static struct t99_fault fault;

static void send_cert(const struct cert_spec *spec)
{
    certs[num_certs] = make_cert(&made[num_certs], spec);
    num_certs++;
}

static int set_up(void **state)
{
    struct der_out d;

    (void)state;
    trust = t99_trust_new(&env);
    store = t99_crl_store_new(&env);
    if (trust == NULL || store == NULL || !t99_trust_add_der(trust, make_cert(&d, &root))) {
        return -1;
    }
    memset(&params, 0, sizeof params);
    params.env = &env;
    params.trust = trust;
    params.crls = store;
    params.time = NOW;
    params.verify_chain = true;
    params.max_intermediates = -1;
    num_certs = 0;
    send_cert(&server);
    send_cert(&middle);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    t99_trust_free(trust);
    t99_crl_store_free(store);
    return 0;
}

static void add_crl(const struct crl_spec *spec)
{
    struct der_out d;
    uint8_t pem[2 * MAKE_MAX];
    size_t len = t99_pem_encode(pem, sizeof pem, "X509 CRL", make_crl(&d, spec)), added, skipped;

    assert_true(len <= sizeof pem);
    assert_true(t99_crl_store_add_pem(store, pem, len, &added, &skipped));
    assert_int_equal(added, 1);
    assert_int_equal(skipped, 0);
}

static bool verify(void)
{
    struct t99_path *path;
    bool ok;

    t99_fault_clear(&fault);
    ok = t99_verify(&path, &params, certs, num_certs, &fault);
    t99_path_free(&env, path);
    return ok;
}

static void assert_refused(const char *text)
{
    bool ok = verify();

    if (ok || strstr(fault.text, text) == NULL) {
        print_error("got: %s\n", ok ? "accepted" : fault.text);
    }
    assert_false(ok);
    assert_non_null(strstr(fault.text, text));
}

static void every_certificate_but_the_anchor_needs_a_list(void **state)
{
    (void)state;
    assert_refused(
        "certificate verification failed: unable to get certificate CRL: certificate 0 (CN=server.example) "
        "may be revoked: there is no CRL of CN=Middle");
    add_crl(&of_middle);
    assert_refused("unable to get certificate CRL: certificate 1 (CN=Middle) may be revoked: there is no CRL "
                   "of CN=Root");
    add_crl(&of_root);
    assert_true(verify());
}

static void a_listed_certificate_is_refused_with_date_and_reason(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    crl.revoked = 30;
    crl.reason = 1 + 1;
    add_crl(&of_root);
    add_crl(&crl);
    assert_refused(
        "certificate verification failed: certificate revoked: certificate 0 (CN=server.example) was revoked "
        "at 2027-01-02 03:04:05 UTC, reason keyCompromise, says the CRL of CN=Middle");
    assert_int_equal(fault.alert, ALERT_CERTIFICATE_REVOKED);
}

static void a_serial_number_counts_only_for_its_issuer(void **state)
{
    struct crl_spec crl = of_root;

    (void)state;
    crl.revoked = 30; /* the server's number, but the root did not issue that */
    add_crl(&crl);
    add_crl(&of_middle);
    assert_true(verify());
    crl.revoked = 20;
    add_crl(&crl);
    assert_refused("certificate revoked: certificate 1 (CN=Middle)");
}

static void a_list_counts_from_this_update_to_next_update(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    add_crl(&of_root);
    crl.to = "270110000000Z";
    add_crl(&crl);
    assert_refused("CRL has expired: certificate 0 (CN=server.example) may be revoked: the CRL of CN=Middle: "
                   "it was to be "
                   "renewed by 2027-01-10 00:00:00 UTC");
    crl.to = NULL;
    crl.from = "270120000000Z";
    add_crl(&crl);
    assert_refused("CRL is not yet valid");
    crl.from = NULL;
    crl.no_next = true;
    add_crl(&crl);
    assert_refused("it has no nextUpdate");
    add_crl(&of_middle);
    assert_true(verify());
}

static void a_list_must_be_signed_by_its_issuer_who_may_do_so(void **state)
{
    struct crl_spec crl = of_middle;
    struct cert_spec ca = middle;

    (void)state;
    add_crl(&of_root);
    crl.key = 9;
    add_crl(&crl);
    assert_refused("CRL signature failure: certificate 0 (CN=server.example)");
    add_crl(&of_middle);
    assert_true(verify());
    ca.key_usage = KU_KEY_CERT_SIGN;
    certs[1] = make_cert(&made[1], &ca);
    assert_refused("its issuer has no cRLSign in its keyUsage");
    ca.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
    certs[1] = make_cert(&made[1], &ca);
    assert_true(verify());
}

static void a_certificate_for_signing_lists_may_have_its_own_key(void **state)
{
    struct crl_spec crl = of_middle, about_signer = of_root;
    struct cert_spec signer = middle;

    (void)state;
    signer.ca = false;
    signer.key = 4;
    signer.serial = 21;
    signer.key_usage = KU_CRL_SIGN;
    send_cert(&signer);
    crl.key = 4;
    add_crl(&crl);
    add_crl(&of_root);
    assert_true(verify());
    about_signer.revoked = 21;
    add_crl(&about_signer);
    assert_refused("the certificate of its signer is not valid, or revoked");
}

static void unknown_critical_extensions_make_a_list_useless(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    add_crl(&of_root);
    crl.unknown_critical = true;
    add_crl(&crl);
    assert_refused(
        "invalid CRL: certificate 0 (CN=server.example) may be revoked: the CRL of CN=Middle: it has a "
        "critical extension that is not understood");
}

static void a_delta_list_revokes_and_restores(void **state)
{
    struct crl_spec complete = of_middle, delta = of_middle;

    (void)state;
    add_crl(&of_root);
    complete.revoked = 30;
    complete.reason = 1 + 6; /* certificateHold */
    add_crl(&complete);
    assert_refused("reason certificateHold");
    delta.number = 6;
    delta.base_number = 5;
    delta.revoked = 30;
    delta.reason = 1 + 8; /* removeFromCRL */
    add_crl(&delta);
    assert_true(verify());
    delta.number = 7; /* the newest counts */
    delta.reason = 1 + 1;
    add_crl(&delta);
    assert_refused("reason keyCompromise");
}

static void a_delta_list_for_another_base_is_not_applied(void **state)
{
    struct crl_spec delta = of_middle;

    (void)state;
    add_crl(&of_root);
    add_crl(&of_middle);
    delta.revoked = 30;
    delta.number = 8;
    delta.base_number = 6; /* the complete list is number 5: older than the base */
    add_crl(&delta);
    assert_true(verify());
    delta.base_number = 5;
    add_crl(&delta);
    assert_refused("certificate revoked");
}

static void lists_for_users_or_for_cas_only_count_for_those(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    add_crl(&of_root);
    crl.idp = "\x82\x01\xff"; /* onlyContainsCACerts */
    crl.idp_len = 3;
    add_crl(&crl);
    assert_refused("unable to get certificate CRL");
    crl.idp = "\x81\x01\xff"; /* onlyContainsUserCerts */
    add_crl(&crl);
    assert_true(verify());
}

static void lists_for_some_reasons_must_together_cover_all(void **state)
{
    struct crl_spec crl = of_middle;

    (void)state;
    add_crl(&of_root);
    crl.idp = "\x83\x02\x04\x70"; /* keyCompromise, cACompromise, affiliationChanged */
    crl.idp_len = 4;
    add_crl(&crl);
    assert_refused("unable to get certificate CRL");
    crl.idp = "\x83\x03\x07\x0f\x80"; /* the others */
    crl.idp_len = 5;
    add_crl(&crl);
    assert_true(verify());
}

/* The extension cRLDistributionPoints of one full name. */
static void put_points(uint8_t *out, size_t *len, const char *uri)
{
    struct der_out d;
    size_t end;

    der_start(&d);
    end = d.pos;
    der_text(&d, 0x86, uri);
    der_wrap(&d, 0xa0, end);
    der_wrap(&d, 0xa0, end);
    der_wrap(&d, 0x30, end);
    der_wrap(&d, 0x30, end);
    der_extension(&d, "\x55\x1d\x1f", false, end);
    *len = der_done(&d).len;
    memcpy(out, der_done(&d).p, *len);
}

static void the_distribution_points_of_both_sides_must_meet(void **state)
{
    struct crl_spec crl = of_middle;
    struct cert_spec leaf = server;
    uint8_t points[64];

    (void)state;
    put_points(points, &leaf.extra_len, "http://a");
    leaf.extra = points;
    certs[0] = make_cert(&made[0], &leaf);
    add_crl(&of_root);
    crl.idp = "\xa0\x0c\xa0\x0a\x86\x08http://b";
    crl.idp_len = 14;
    add_crl(&crl);
    assert_refused("unable to get certificate CRL");
    crl.idp = "\xa0\x0c\xa0\x0a\x86\x08http://a";
    add_crl(&crl);
    assert_true(verify());
}

/* The same with a cRLIssuer and nothing else. */
static void put_indirect_points(uint8_t *out, size_t *len, const char *crl_issuer)
{
    struct der_out d;
    size_t end;

    der_start(&d);
    end = d.pos;
    der_name(&d, crl_issuer);
    der_wrap(&d, 0xa4, end);
    der_wrap(&d, 0xa2, end);
    der_wrap(&d, 0x30, end);
    der_wrap(&d, 0x30, end);
    der_extension(&d, "\x55\x1d\x1f", false, end);
    *len = der_done(&d).len;
    memcpy(out, der_done(&d).p, *len);
}

static void an_indirect_list_speaks_for_the_issuers_that_it_names(void **state)
{
    struct cert_spec leaf = server, signer = middle;
    struct crl_spec crl = { .issuer = "Lists", .key = 4, .number = 1, .revoked = 30 };
    uint8_t points[64];

    (void)state;
    put_indirect_points(points, &leaf.extra_len, "Lists");
    leaf.extra = points;
    certs[0] = make_cert(&made[0], &leaf);
    signer.subject = "Lists";
    signer.key = 4;
    signer.ca = false;
    signer.key_usage = KU_CRL_SIGN;
    signer.serial = 22;
    send_cert(&signer);
    add_crl(&of_root);
    add_crl(&crl); /* not indirect: does not speak for Middle */
    assert_refused("unable to get certificate CRL");
    crl.idp = "\x84\x01\xff";
    crl.idp_len = 3;
    add_crl(&crl); /* its entry is about a certificate that Lists issued */
    assert_true(verify());
    crl.entry_issuer = "Middle";
    add_crl(&crl);
    assert_refused("certificate revoked: certificate 0 (CN=server.example)");
}

static void the_strict_profile_takes_no_odd_list(void **state)
{
    struct crl_spec crl = of_middle;
    static const uint8_t eku[] = "\x2b\x06\x01\x05\x05\x07\x03\x01";
    struct cert_spec leaf = server, ca = middle;

    (void)state;
    leaf.eku = (const char *)eku;
    leaf.eku_len = 8;
    certs[0] = make_cert(&made[0], &leaf);
    ca.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
    certs[1] = make_cert(&made[1], &ca);
    params.profile = PROFILE_STRICT;
    add_crl(&of_root);
    crl.revoked = 99;
    crl.twice = true;
    add_crl(&crl);
    assert_refused("it lists a serial number twice");
    crl.twice = false;
    crl.to = "20270201000000Z";
    add_crl(&crl);
    assert_refused("GeneralizedTime");
    crl.to = NULL;
    add_crl(&crl);
    assert_true(verify());
}

static void a_list_is_decoded_and_no_cut_one_is(void **state)
{
    struct crl_spec spec = of_middle;
    struct t99_crl crl;
    struct t99_crl_entry entry;
    struct t99_certificate leaf;
    struct der_out d;
    struct t99_span der;
    const char *bad;
    size_t len;

    (void)state;
    spec.revoked = 30;
    spec.reason = 1 + 4;
    der = make_crl(&d, &spec);
    assert_true(t99_crl_decode(&crl, der, &bad));
    assert_true(crl.this_update == INT64_C(1798761600)); /* date -u -d 2027-01-01 +%s */
    assert_true(crl.next_update == INT64_C(1801440000));
    assert_int_equal(crl.number.len, 1);
    assert_int_equal(crl.number.p[0], 5);
    assert_null(crl.base_number.p);
    assert_null(crl.unusable);
    assert_int_equal(crl.oddities, 0);
    assert_true(t99_certificate_decode(&leaf, certs[0], &bad));
    t99_crl_look_up(&entry, &crl, &leaf);
    assert_true(entry.listed);
    assert_int_equal(entry.reason, 4);
    for (len = 0; len < der.len; len++) {
        assert_false(t99_crl_decode(&crl, t99_span(der.p, len), &bad));
        assert_non_null(bad);
    }
}

static void text_without_lists_adds_none_and_bad_lists_are_counted(void **state)
{
    static const char text[] = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
                               "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n";
    size_t added, skipped;

    (void)state;
    assert_true(t99_crl_store_add_pem(store, (const uint8_t *)"", 0, &added, &skipped));
    assert_int_equal(added + skipped, 0);
    assert_true(t99_crl_store_add_pem(store, (const uint8_t *)text, sizeof text - 1, &added, &skipped));
    assert_int_equal(added, 0);
    assert_int_equal(skipped, 1);
    assert_null(t99_crl_next(store, NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_certificate_but_the_anchor_needs_a_list),
        TEST(a_listed_certificate_is_refused_with_date_and_reason),
        TEST(a_serial_number_counts_only_for_its_issuer),
        TEST(a_list_counts_from_this_update_to_next_update),
        TEST(a_list_must_be_signed_by_its_issuer_who_may_do_so),
        TEST(a_certificate_for_signing_lists_may_have_its_own_key),
        TEST(unknown_critical_extensions_make_a_list_useless),
        TEST(a_delta_list_revokes_and_restores),
        TEST(a_delta_list_for_another_base_is_not_applied),
        TEST(lists_for_users_or_for_cas_only_count_for_those),
        TEST(lists_for_some_reasons_must_together_cover_all),
        TEST(the_distribution_points_of_both_sides_must_meet),
        TEST(an_indirect_list_speaks_for_the_issuers_that_it_names),
        TEST(the_strict_profile_takes_no_odd_list),
        TEST(a_list_is_decoded_and_no_cut_one_is),
        TEST(text_without_lists_adds_none_and_bad_lists_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
