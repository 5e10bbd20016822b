/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#define MAKE_MAX 8192

#include "x509/make_ocsp.h"
#include "x509/ocsp.h"

/* Who may speak for a certificate, and of which: RFC 6960, 3.2, 4.2.2. Key "n" is the byte n. */

#define NOW INT64_C(1800000000) /* 2027-01-15 08:00:00 UTC */
#define OCSP_SIGNING "\x2b\x06\x01\x05\x05\x07\x03\x09"

static const struct cert_spec issuer_spec = {
    .subject = "Issuer", .issuer = "Root", .key = 2, .issuer_key = 1, .ca = true
};
static const struct cert_spec leaf_spec = {
    .subject = "server.example", .issuer = "Issuer", .key = 3, .issuer_key = 2, .serial = 5
};
static const struct cert_spec appointed = {
    .subject = "Responder", .issuer = "Issuer", .key = 4, .issuer_key = 2, .eku = OCSP_SIGNING, .eku_len = 8
};
static const struct ocsp_single good = { .issuer = "Issuer", .issuer_key = 2, .serial = 5 };

static struct der_out buffers[3];
static struct ocsp_spec response;
static struct cert_spec delegate;
static struct t99_ocsp_result result;
static struct t99_work work;
static struct t99_fault fault;

/* A response that the issuer signs. */
static void begin(void)
{
    memset(&response, 0, sizeof response);
    response.responder = "Issuer";
    response.responder_key = response.key = 2;
    response.singles[0] = good;
    response.num_singles = 1;
}

/* One that an appointed responder signs, whose certificate is in it. */
static void begin_delegated(void)
{
    begin();
    delegate = appointed;
    response.responder = "Responder";
    response.responder_key = response.key = 4;
    response.certs[0] = &delegate;
    response.num_certs = 1;
}

static bool verify(void)
{
    struct t99_certificate leaf, issuer;
    const char *bad;

    assert_true(t99_certificate_decode(&leaf, make_cert(&buffers[0], &leaf_spec), &bad));
    assert_true(t99_certificate_decode(&issuer, make_cert(&buffers[1], &issuer_spec), &bad));
    t99_fault_clear(&fault);
    work = t99_work_full();
    return t99_ocsp_verify(&result, &work, make_ocsp(&buffers[2], &response), &leaf, &issuer, NOW, &fault);
}

static void assert_refused(const char *text)
{
    bool ok = verify();

    if (ok || strstr(fault.text, text) == NULL) {
        print_error("got: %s\n", ok ? "accepted" : fault.text);
    }
    assert_false(ok);
    assert_non_null(strstr(fault.text, text));
    assert_int_equal(fault.kind, FAULT_VERIFY);
}

/* ---- Who signs ---- */

static void the_issuer_may_be_named_by_name_or_by_key(void **state)
{
    (void)state;
    begin();
    assert_true(verify());
    response.responder = NULL;
    assert_true(verify());
    response.responder_key = 9;
    assert_refused("the responder is neither the certificate's issuer nor among the certificates sent");
    begin();
    response.responder = "Root"; /* the issuer's issuer does not speak for it */
    response.key = 1;
    assert_refused("the responder is neither the certificate's issuer nor among the certificates sent");
}

static void an_appointed_responder_may_be_named_by_name_or_by_key(void **state)
{
    (void)state;
    begin_delegated();
    assert_true(verify());
    response.responder = NULL;
    assert_true(verify());
    response.num_certs = 0;
    assert_refused("the responder is neither the certificate's issuer nor among the certificates sent");
    begin_delegated();
    response.key = 9;
    assert_refused("the signature is not the responder's");
}

static void the_server_cannot_speak_for_itself(void **state)
{
    struct cert_spec own = leaf_spec;

    (void)state;
    begin();
    response.responder = "server.example";
    response.key = 3;
    response.certs[0] = &own;
    response.num_certs = 1;
    assert_refused("the responder's certificate has no extKeyUsage OCSPSigning");
    own.eku = OCSP_SIGNING; /* it may write what it likes, but not sign that for its issuer */
    own.eku_len = 8;
    own.issuer_key = 3;
    assert_refused("the responder's certificate was not signed by the certificate's issuer");
}

static void a_responder_is_issued_by_the_issuer_itself(void **state)
{
    (void)state;
    begin_delegated();
    delegate.issuer = "Root";
    delegate.issuer_key = 1;
    assert_refused("the responder was not appointed by the certificate's issuer");
    begin_delegated();
    delegate.issuer_key = 9; /* of another CA of that name */
    assert_refused("the responder's certificate was not signed by the certificate's issuer");
}

static void a_responder_is_for_ocsp_by_name(void **state)
{
    (void)state;
    begin_delegated();
    delegate.eku = "\x55\x1d\x25\x00"; /* anyExtendedKeyUsage is not enough: RFC 6960, 4.2.2.2 */
    delegate.eku_len = 4;
    assert_refused("the responder's certificate has no extKeyUsage OCSPSigning");
    delegate.eku = NULL;
    assert_refused("the responder's certificate has no extKeyUsage OCSPSigning");
    begin_delegated();
    delegate.key_usage = KU_KEY_CERT_SIGN;
    assert_refused("no digitalSignature in its keyUsage");
    delegate.key_usage = KU_DIGITAL_SIGNATURE;
    assert_true(verify());
}

static void a_responder_is_current_and_holds_nothing_unknown_that_is_critical(void **state)
{
    static const char unknown[] = "\x30\x0c\x06\x03\x2a\x03\x04\x01\x01\xff\x04\x02\x05\x00";

    (void)state;
    begin_delegated();
    delegate.to = "270115075959Z";
    assert_refused("the responder's certificate has expired or is not yet valid");
    delegate.to = "270115080000Z";
    assert_true(verify());
    delegate.to = NULL;
    delegate.from = "270115080001Z";
    assert_refused("the responder's certificate has expired or is not yet valid");
    begin_delegated();
    delegate.extra = unknown;
    delegate.extra_len = sizeof unknown - 1;
    assert_refused("the responder's certificate has a critical extension that is not understood");
}

static void a_responder_with_a_weak_key_is_not_believed(void **state)
{
    struct der_out spki;

    (void)state;
    begin_delegated();
    delegate.raw_spki = der_rsa_spki(&spki, 128);
    assert_refused("the responder's key is of less than 2048 bits");
    delegate.raw_spki = der_rsa_spki(&spki, 1025); /* which is long, and longer than any that is used */
    assert_refused("the signature is not the responder's");
}

static void the_right_one_of_several_responders_is_found_among_eight(void **state)
{
    struct cert_spec other = appointed;
    size_t i;

    (void)state;
    begin_delegated();
    other.key = 8; /* the same name, another key */
    for (i = 0; i < 7; i++) {
        response.certs[i] = &other;
    }
    response.certs[7] = &delegate;
    response.num_certs = 8;
    assert_true(verify());
    response.certs[7] = &other;
    response.certs[8] = &delegate;
    response.num_certs = 9;
    assert_refused("the signature is not the responder's");
}

/* Two signatures on P-256 of 200 microseconds, and a little for what is signed. */
static void each_signature_is_charged_to_the_budget(void **state)
{
    struct t99_certificate leaf, issuer;
    const char *bad;

    (void)state;
    begin_delegated();
    assert_true(verify());
    assert_in_range(T99_WORK_TIME - work.time, 400, 450);
    assert_true(t99_certificate_decode(&leaf, make_cert(&buffers[0], &leaf_spec), &bad));
    assert_true(t99_certificate_decode(&issuer, make_cert(&buffers[1], &issuer_spec), &bad));
    work.time = 399;
    assert_false(
        t99_ocsp_verify(&result, &work, make_ocsp(&buffers[2], &response), &leaf, &issuer, NOW, &fault));
    assert_string_equal(fault.text,
                        "ocsp verify failed: to find its signer is more than a verification may cost");
    assert_int_equal(fault.alert, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE);
}

/* ecdsa-with-SHA1 */
static void a_hash_that_can_be_forged_is_not_believed(void **state)
{
    (void)state;
    begin();
    response.alg = t99_span("\x30\x09\x06\x07\x2a\x86\x48\xce\x3d\x04\x01", 11);
    assert_refused("the response is signed with a hash that can be forged");
    assert_string_equal(fault.text,
                        "ocsp verify failed: the response is signed with a hash that can be forged: SHA-1");
    assert_int_equal(fault.alert, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE);
}

/* RFC 6960, 4.2.1: 4 is not used, and 6 the last. */
static void a_status_that_has_no_name_is_said_to_be_unknown(void **state)
{
    static const unsigned numbers[] = { 4, 7, 255 };
    size_t i;

    (void)state;
    begin();
    response.status = 3;
    assert_refused("ocsp verify failed: ocsp response not successful: tryLater");
    for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        response.status = numbers[i];
        assert_refused("ocsp response not successful");
        assert_string_equal(fault.text, "ocsp verify failed: ocsp response not successful: unknown status");
        assert_int_equal(fault.alert, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE);
    }
}

/* ---- Of which certificate ---- */

static void the_result_is_looked_for_among_several(void **state)
{
    (void)state;
    begin();
    response.singles[1] = good;
    response.singles[0].serial = 6;
    response.singles[0].status = 1;
    response.num_singles = 2;
    assert_true(verify());
    response.singles[1].status = 1;
    assert_refused("revoked cert");
    assert_int_equal(fault.alert, ALERT_CERTIFICATE_REVOKED);
    response.num_singles = 0;
    assert_refused("no result for cert");
}

static void all_of_the_cert_id_counts(void **state)
{
    (void)state;
    begin();
    response.singles[0].serial = 6;
    assert_refused("no result for cert");
    response.singles[0] = good;
    response.singles[0].issuer = "issuer"; /* equal as a name, but it is the bytes that are hashed */
    assert_refused("no result for cert");
    response.singles[0] = good;
    response.singles[0].issuer_key = 9;
    assert_refused("no result for cert");
    response.singles[0] = good;
    response.singles[0].unknown_hash = true;
    assert_refused("no result for cert");
}

static void of_several_results_the_current_one_counts_and_revoked_goes_first(void **state)
{
    (void)state;
    begin();
    response.singles[1] = good;
    response.num_singles = 2;
    response.singles[0].next_update = "20270115000000Z"; /* hours ago */
    assert_true(verify());
    assert_int_equal(result.cert_status, 0);
    response.singles[0] = good;
    response.singles[1].status = 1;
    assert_refused("revoked cert");
    assert_int_equal(result.cert_status, 1);
    response.singles[1].next_update = "20270115000000Z"; /* old news, superseded by the other */
    assert_true(verify());
    assert_int_equal(result.cert_status, 0);
    response.singles[0].next_update = "20270115000000Z";
    assert_refused("ocsp response not current");
}

static void dates_that_cannot_be_are_refused(void **state)
{
    (void)state;
    begin();
    response.singles[0].next_update = "20270113000000Z"; /* before thisUpdate */
    assert_refused("its nextUpdate, 2027-01-13 00:00:00 UTC, is before its thisUpdate");
    response.singles[0] = good;
    response.singles[0].this_update = "20270115090000Z";
    assert_refused("ocsp response not current: it is of 2027-01-15 09:00:00 UTC");
    response.singles[0] = good;
    response.singles[0].next_update = ""; /* none: newer information is always to be had */
    assert_true(verify());
    response.singles[0].this_update = "20260101000000Z";
    assert_refused("without nextUpdate");
}

static void a_critical_extension_that_is_not_understood_makes_a_result_useless(void **state)
{
    (void)state;
    begin();
    response.singles[0].unknown_critical = true;
    assert_refused("the response has a critical extension that is not understood");
    response.singles[1] = response.singles[0];
    response.singles[0] = good;
    response.singles[0].serial = 6; /* what is said of others does not matter */
    response.singles[1] = good;
    response.singles[0].unknown_critical = true;
    response.num_singles = 2;
    assert_true(verify());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_issuer_may_be_named_by_name_or_by_key),
        cmocka_unit_test(an_appointed_responder_may_be_named_by_name_or_by_key),
        cmocka_unit_test(the_server_cannot_speak_for_itself),
        cmocka_unit_test(a_responder_is_issued_by_the_issuer_itself),
        cmocka_unit_test(a_responder_is_for_ocsp_by_name),
        cmocka_unit_test(a_responder_is_current_and_holds_nothing_unknown_that_is_critical),
        cmocka_unit_test(a_responder_with_a_weak_key_is_not_believed),
        cmocka_unit_test(the_right_one_of_several_responders_is_found_among_eight),
        cmocka_unit_test(each_signature_is_charged_to_the_budget),
        cmocka_unit_test(a_hash_that_can_be_forged_is_not_believed),
        cmocka_unit_test(a_status_that_has_no_name_is_said_to_be_unknown),
        cmocka_unit_test(the_result_is_looked_for_among_several),
        cmocka_unit_test(all_of_the_cert_id_counts),
        cmocka_unit_test(of_several_results_the_current_one_counts_and_revoked_goes_first),
        cmocka_unit_test(dates_that_cannot_be_are_refused),
        cmocka_unit_test(a_critical_extension_that_is_not_understood_makes_a_result_useless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
