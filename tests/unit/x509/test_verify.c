/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "x509/verify_fixture.h"

/* The rules are those of RFC 5280, 4.2 and 6.1; certificates are made here, key "n" is the byte n. */

static void validity_includes_both_ends(void **state)
{
    struct cert_spec leaf = server;

    (void)state;
    leaf.from = "270101000000Z"; /* 1798761600 */
    leaf.to = "20270201000000Z"; /* 1801440000 */
    trust_cert(&root);
    send_cert(&leaf);
    send_cert(&middle);
    params.time = INT64_C(1798761600);
    assert_true(verify());
    params.time--;
    assert_refused(
        "certificate is not yet valid: certificate 0 (CN=server.example) is valid from 2027-01-01 00:00:00 "
        "UTC, in 1 second (the clock says 2026-12-31 23:59:59 UTC)");
    params.time = INT64_C(1801440000);
    assert_true(verify());
    params.time++;
    assert_refused("certificate has expired");
    params.ignore_time = true;
    assert_true(verify());
}

static void a_wrong_signature_is_refused(void **state)
{
    (void)state;
    send_usual_chain();
    made[0].buf[MAKE_MAX - 1] ^= 1;
    assert_refused("certificate signature failure: certificate 0 (CN=server.example)");
    made[0].buf[MAKE_MAX - 1] ^= 1;
    assert_true(verify());
}

static void only_a_ca_that_may_sign_issues_certificates(void **state)
{
    struct cert_spec ca = middle;

    (void)state;
    trust_cert(&root);
    send_cert(&server);
    ca.ca = false;
    send_cert(&ca);
    assert_refused("invalid CA certificate: certificate 1 (CN=Middle) issued another but is not a CA");
    ca.ca = true;
    ca.key_usage = KU_CRL_SIGN;
    num_certs = 1;
    send_cert(&ca);
    assert_refused("has no keyCertSign");
    ca.key_usage = KU_KEY_CERT_SIGN;
    num_certs = 1;
    send_cert(&ca);
    assert_true(verify());
}

static void an_anchor_of_version_1_is_a_ca_and_one_of_version_3_must_say_so(void **state)
{
    struct cert_spec old = root;

    (void)state;
    old.ca = false;
    trust_cert(&old);
    send_cert(&server);
    send_cert(&middle);
    assert_refused("invalid CA certificate: certificate 2 (CN=Root) issued another but is not a CA");
    params.anchor_implies_ca = true;
    assert_true(verify());
    params.anchor_implies_ca = false;
    old.version = 1;
    old.no_key_ids = true;
    trust_cert(&old);
    assert_true(verify());
}

static void path_lengths_do_not_count_self_issued_certificates(void **state)
{
    struct cert_spec top = root, rollover = middle, lower = middle, leaf = server;

    (void)state;
    top.path_len = 1 + 1;
    rollover.issuer = "Middle"; /* self-issued, another key */
    rollover.issuer_key = 2;
    rollover.key = 5;
    leaf.issuer_key = 5;
    trust_cert(&top);
    send_cert(&leaf);
    send_cert(&middle);
    send_cert(&rollover);
    params.max_intermediates = 1;
    assert_true(verify());
    assert_int_equal(path->num, 4);
    lower.subject = "Lower";
    lower.issuer = "Middle";
    lower.issuer_key = 5;
    lower.key = 6;
    leaf.issuer = "Lower";
    leaf.issuer_key = 6;
    num_certs = 0;
    send_cert(&leaf);
    send_cert(&middle);
    send_cert(&rollover);
    send_cert(&lower);
    assert_refused("certificate chain too long");
    params.max_intermediates = -1;
    assert_refused(
        "path length constraint exceeded: certificate 4 (CN=Root) has more intermediate CAs below it than "
        "its pathLenConstraint allows: 1 allowed, 2 on this path");
}

static void extended_key_usage_of_a_ca_limits_what_it_issues(void **state)
{
    struct cert_spec ca = middle;

    (void)state;
    ca.eku = "\x2b\x06\x01\x05\x05\x07\x03\x02";
    ca.eku_len = 8;
    trust_cert(&root);
    send_cert(&server);
    send_cert(&ca);
    assert_refused("unsupported certificate purpose: certificate 1 (CN=Middle)");
    params.purpose = PURPOSE_ANY;
    assert_true(verify());
    params.purpose = PURPOSE_SERVER;
    ca.eku = "\x55\x1d\x25\x00"; /* anyExtendedKeyUsage */
    ca.eku_len = 4;
    num_certs = 1;
    send_cert(&ca);
    assert_true(verify());
}

static void unknown_critical_extensions_are_refused_on_the_path_only(void **state)
{
    /* 1.2.3.4, critical, and the same not critical */
    static const uint8_t critical[] = { 0x30, 0x0c, 0x06, 0x03, 0x2a, 0x03, 0x04,
                                        0x01, 0x01, 0xff, 0x04, 0x02, 0x05, 0x00 };
    static const uint8_t optional[] = { 0x30, 0x09, 0x06, 0x03, 0x2a, 0x03, 0x04, 0x04, 0x02, 0x05, 0x00 };
    struct cert_spec leaf = server, other = middle;

    (void)state;
    trust_cert(&root);
    leaf.extra = critical;
    leaf.extra_len = sizeof critical;
    send_cert(&leaf);
    send_cert(&middle);
    assert_refused(
        "unhandled critical extension: certificate 0 (CN=server.example) has a critical extension that is "
        "not understood (RFC 5280, 4.2): 1.2.3.4");
    leaf.extra = optional;
    leaf.extra_len = sizeof optional;
    num_certs = 0;
    send_cert(&leaf);
    send_cert(&middle);
    other.subject = "Other";
    other.extra = critical;
    other.extra_len = sizeof critical;
    send_cert(&other);
    assert_true(verify());
}

static void a_ca_is_no_server(void **state)
{
    struct cert_spec leaf = server;

    (void)state;
    leaf.ca = true;
    leaf.key_usage = KU_KEY_CERT_SIGN;
    trust_cert(&root);
    send_cert(&leaf);
    send_cert(&middle);
    assert_refused("unsupported certificate purpose: certificate 0 (CN=server.example) is a CA");
}

static void an_intermediate_may_be_an_anchor(void **state)
{
    (void)state;
    trust_cert(&middle);
    send_cert(&server);
    assert_true(verify());
    assert_int_equal(path->num, 2);
    send_cert(&root); /* untrusted, and of no use */
    assert_true(verify());
    assert_int_equal(path->num, 2);
}

static void an_anchor_may_count_as_a_name_and_a_key(void **state)
{
    struct cert_spec old = root;

    (void)state;
    old.to = "260101000000Z";
    old.permitted = "other.example";
    trust_cert(&old);
    send_cert(&server);
    send_cert(&middle);
    assert_refused("certificate has expired: certificate 2 (CN=Root)");
    params.anchor_any_time = true;
    assert_refused("permitted subtree violation");
    params.anchor_name_and_key = true;
    assert_true(verify());
}

static void a_time_is_told_by_the_unit_that_people_take(void **state)
{
    static const struct {
        int64_t ago;
        const char *text;
    } cases[] = {
        { 1, ", 1 second ago" },      { 59, ", 59 seconds ago" }, { 60, ", 1 minute ago" },
        { 3599, ", 59 minutes ago" }, { 3600, ", 1 hour ago" },   { 86399, ", 23 hours ago" },
        { 86400, ", 1 day ago" },     { 172799, ", 1 day ago" },  { 315360000, ", 3650 days ago" },
    };
    struct cert_spec leaf = server;
    size_t i;

    (void)state;
    leaf.to = "270201000000Z"; /* 1801440000 */
    trust_cert(&root);
    send_cert(&leaf);
    send_cert(&middle);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        params.time = INT64_C(1801440000) + cases[i].ago;
        assert_refused("was valid until 2027-02-01 00:00:00 UTC");
        assert_non_null(strstr(fault.text, cases[i].text));
    }
}

/* Whoever gives a time knows what it is: it says nothing about the clock. */
static void a_time_that_was_given_is_not_called_the_clock(void **state)
{
    struct cert_spec leaf = server;

    (void)state;
    leaf.from = "270101000000Z"; /* 1798761600 */
    leaf.to = "270201000000Z";   /* 1801440000 */
    trust_cert(&root);
    send_cert(&leaf);
    send_cert(&middle);
    params.time_given = true;
    params.time = INT64_C(1801440000) + 86400;
    assert_refused_with(
        ALERT_CERTIFICATE_EXPIRED,
        "certificate verification failed: certificate has expired: certificate 0 "
        "(CN=server.example) was valid until 2027-02-01 00:00:00 UTC, 1 day ago (the time that "
        "was given is 2027-02-02 00:00:00 UTC)");
    params.time = 5;
    assert_refused_with(
        ALERT_CERTIFICATE_EXPIRED,
        "certificate verification failed: certificate is not yet valid: certificate 0 "
        "(CN=server.example) is valid from 2027-01-01 00:00:00 UTC, in 20818 days (the time that "
        "was given is 1970-01-01 00:00:05 UTC)");
}

/* A machine without a battery wakes up in 1970. */
static void a_clock_that_cannot_be_right_is_said_to_be_wrong(void **state)
{
    (void)state;
    send_usual_chain();
    params.time = 5;
    assert_refused(
        "certificate is not yet valid: certificate 0 (CN=server.example) is valid from 2025-01-01 "
        "00:00:00 UTC, in 20088 days (the clock says 1970-01-01 00:00:05 UTC, which cannot be: set "
        "it)");
}

static void a_certificate_for_another_purpose_is_told_with_it(void **state)
{
    static const struct {
        const char *oid, *text;
    } cases[] = {
        /* RFC 5280, 4.2.1.12 */
        { "\x2b\x06\x01\x05\x05\x07\x03\x02", "4.2.1.12): it is for clientAuth" },
        { "\x2b\x06\x01\x05\x05\x07\x03\x04", "4.2.1.12): it is for emailProtection" },
        { "\x2b\x06\x01\x05\x05\x07\x03\x63", "4.2.1.12)" },
    };
    struct cert_spec leaf = server;
    size_t i;

    (void)state;
    trust_cert(&root);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        leaf.eku = cases[i].oid;
        leaf.eku_len = 8;
        num_certs = 0;
        send_cert(&leaf);
        send_cert(&middle);
        assert_refused("unsupported certificate purpose: certificate 0 (CN=server.example) is not for TLS "
                       "servers by its extKeyUsage (RFC 5280, 4.2.1.12)");
        assert_string_equal(strstr(fault.text, "4.2.1.12)"), cases[i].text);
    }
}

/* ---- Names ---- */

static void another_name_is_refused_with_the_names_that_are_there(void **state)
{
    (void)state;
    send_usual_chain();
    params.peer_text = "other.example";
    assert_true(t99_peer_name_parse(&peer, params.peer_text));
    assert_refused("name `other.example' not present in server certificate, which is for server.example");
    assert_string_equal(
        fault.text, "name `other.example' not present in server certificate, which is for server.example");
    params.peer = NULL;
    assert_true(verify());
    assert_null(path->matched_name.p);
}

static void without_a_name_the_subject_is_said_not_to_count(void **state)
{
    struct cert_spec old = server;

    (void)state;
    old.dns = NULL;
    trust_cert(&root);
    send_cert(&old);
    send_cert(&middle);
    assert_refused("name `server.example' not present in server certificate, which is for no name at all: it "
                   "has no subjectAltName, and its subject (CN=server.example) does not count");
}

static void without_the_chain_only_the_name_is_checked(void **state)
{
    (void)state;
    send_cert(&server);
    params.verify_chain = false;
    assert_true(verify());
    assert_null(path);
    params.peer_text = "other.example";
    assert_true(t99_peer_name_parse(&peer, params.peer_text));
    assert_refused("name `other.example' not present");
    params.peer = NULL;
    certs[0] = t99_span("x", 1);
    assert_true(verify());
}

static void no_certificate_and_an_unreadable_leaf_are_refused(void **state)
{
    (void)state;
    assert_refused("the server sent no certificate");
    send_usual_chain();
    certs[0].len--;
    assert_refused("malformed certificate: certificate 0 does not decode");
}

/* ---- The strict profile ---- */

static void the_strict_profile_asks_for_more(void **state)
{
    struct cert_spec leaf = server, ca = middle;

    (void)state;
    leaf.eku = "\x2b\x06\x01\x05\x05\x07\x03\x01";
    leaf.eku_len = 8;
    ca.key_usage = KU_KEY_CERT_SIGN;
    trust_cert(&root);
    send_cert(&leaf);
    send_cert(&ca);
    params.profile = PROFILE_STRICT;
    assert_true(verify());

    certs[0] = make_cert(&made[0], &server);
    assert_refused("has no extKeyUsage serverAuth (BR 7.1.2.7.10)");
    leaf.subject = "other.example";
    certs[0] = make_cert(&made[0], &leaf);
    assert_refused(
        "has a commonName that is not, letter by letter, in its subjectAltName (BR 7.1.4.3): other.example");
    leaf.subject = "server.example";
    leaf.key_usage = KU_KEY_ENCIPHERMENT;
    certs[0] = make_cert(&made[0], &leaf);
    assert_refused("has a keyUsage that does not go with its key (BR 7.1.2.7.11): keyEncipherment");
    leaf.key_usage = KU_DIGITAL_SIGNATURE;
    leaf.permitted = "example";
    certs[0] = make_cert(&made[0], &leaf);
    assert_refused("has name constraints or policy rules");
    leaf.permitted = NULL;
    leaf.no_key_ids = true;
    certs[0] = make_cert(&made[0], &leaf);
    assert_refused("missing authority key identifier: certificate 0 (CN=server.example)");
    leaf.no_key_ids = false;
    certs[0] = make_cert(&made[0], &leaf);
    assert_true(verify());
    ca.no_key_ids = true;
    certs[1] = make_cert(&made[1], &ca);
    assert_refused("certificate 1 (CN=Middle)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(validity_includes_both_ends),
        TEST(a_wrong_signature_is_refused),
        TEST(only_a_ca_that_may_sign_issues_certificates),
        TEST(an_anchor_of_version_1_is_a_ca_and_one_of_version_3_must_say_so),
        TEST(path_lengths_do_not_count_self_issued_certificates),
        TEST(extended_key_usage_of_a_ca_limits_what_it_issues),
        TEST(unknown_critical_extensions_are_refused_on_the_path_only),
        TEST(a_ca_is_no_server),
        TEST(an_intermediate_may_be_an_anchor),
        TEST(an_anchor_may_count_as_a_name_and_a_key),
        TEST(a_time_is_told_by_the_unit_that_people_take),
        TEST(a_time_that_was_given_is_not_called_the_clock),
        TEST(a_clock_that_cannot_be_right_is_said_to_be_wrong),
        TEST(a_certificate_for_another_purpose_is_told_with_it),
        TEST(another_name_is_refused_with_the_names_that_are_there),
        TEST(without_a_name_the_subject_is_said_not_to_count),
        TEST(without_the_chain_only_the_name_is_checked),
        TEST(no_certificate_and_an_unreadable_leaf_are_refused),
        TEST(the_strict_profile_asks_for_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
