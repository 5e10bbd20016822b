/* What tls_error() says of certificates that are refused: a row each, from the first letter to the last. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "peer/broken.h"
#include "x509/make_crl.h"
#include "x509/pem.h"

#define SERVER_AUTH "\x2b\x06\x01\x05\x05\x07\x03\x01"
#define RAW(text) t99_span(text, sizeof(text) - 1)

/* A chain of three that is accepted; what is to be changed of it. */
struct chain {
    struct cert_spec root, middle, leaf;
    struct ext_list more; /* extensions to put in */
    struct crl_spec root_crl, middle_crl;
    bool crls, alone; /* alone: the server sends its leaf only */
    int depth;        /* tls_config_set_verify_depth(); -1: not called */
    int64_t now;      /* seconds; 0: 2027-01-01 */
    bool strict;
};

struct refused {
    void (*change)(struct chain *chain);
    const char *says;
};

static struct call c;
static uint8_t message[16384];
static size_t message_len;

static void usual(struct chain *chain)
{
    memset(chain, 0, sizeof *chain);
    chain->depth = -1;
    chain->root.subject = chain->root.issuer = chain->middle.issuer = "Root";
    chain->root.key = chain->root.issuer_key = chain->middle.issuer_key = 0x41;
    chain->middle.subject = chain->leaf.issuer = "Middle";
    chain->middle.key = chain->leaf.issuer_key = 0x43;
    chain->root.ca = chain->middle.ca = true;
    chain->root.key_usage = chain->middle.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
    chain->leaf.subject = chain->leaf.dns = CALL_NAME;
    chain->leaf.key = 0x42;
    chain->leaf.key_usage = KU_DIGITAL_SIGNATURE;
    chain->leaf.eku = SERVER_AUTH;
    chain->leaf.eku_len = 8;
    chain->root_crl.issuer = "Root";
    chain->root_crl.key = 0x41;
    chain->middle_crl.issuer = "Middle";
    chain->middle_crl.key = 0x43;
    chain->root_crl.from = chain->middle_crl.from = "261201000000Z";
}

static void put_cert(const struct cert_spec *spec)
{
    struct der_out d;
    struct t99_span der = make_cert(&d, spec);

    assert_true(message_len + 3 + der.len <= sizeof message);
    store_be24(message + message_len, (uint32_t)der.len);
    memcpy(message + message_len + 3, der.p, der.len);
    message_len += 3 + der.len;
}

/* TLS 1.2's Certificate. */
static void send_chain(void *arg, struct peer *p, uint8_t *m, size_t *len, size_t cap)
{
    (void)arg;
    (void)p;
    if (m[0] == HS_CERTIFICATE) {
        assert_true(message_len + 7 <= cap);
        store_be24(m + 1, (uint32_t)message_len + 3);
        store_be24(m + 4, (uint32_t)message_len);
        memcpy(m + 7, message, message_len);
        *len = message_len + 7;
    }
}

static size_t as_pem(uint8_t *pem, size_t cap, const char *label, struct t99_span der)
{
    size_t len = t99_pem_encode(pem, cap, label, der);

    assert_true(len <= cap);
    return len;
}

static void set_config(const struct chain *chain)
{
    uint8_t pem[4096];
    struct der_out d;
    size_t len = as_pem(pem, sizeof pem, "CERTIFICATE", make_cert(&d, &chain->root));

    assert_int_equal(tls_config_set_ca_mem(c.config, pem, len), 0);
    if (chain->crls) {
        len = as_pem(pem, sizeof pem, "X509 CRL", make_crl(&d, &chain->root_crl));
        len += as_pem(pem + len, sizeof pem - len, "X509 CRL", make_crl(&d, &chain->middle_crl));
        assert_int_equal(tls_config_set_crl_mem(c.config, pem, len), 0);
    }
    if (chain->depth >= 0) {
        assert_int_equal(tls_config_set_verify_depth(c.config, chain->depth), 0);
    }
    if (chain->strict) {
        tls_config_verify_strict(c.config);
    }
}

static int visit(const struct refused *row)
{
    struct chain chain;

    usual(&chain);
    if (row->change != NULL) {
        row->change(&chain);
    }
    call_init(&c, T99_TLS12);
    c.env.now_ms = chain.now != 0 ? 1000 * chain.now : c.env.now_ms;
    set_config(&chain);
    message_len = 0;
    put_cert(&chain.leaf);
    if (!chain.alone) {
        put_cert(&chain.middle);
    }
    c.set.edit = send_chain;
    return call_start(&c);
}

static void all_refused(const struct refused *rows, size_t num)
{
    size_t i, bad = 0;

    for (i = 0; i < num; i++) {
        bad += visit(&rows[i]) == -1 && call_says(&c, rows[i].says) ? 0 : 1;
        call_clear(&c);
    }
    assert_int_equal(bad, 0);
}

#define ALL_REFUSED(rows) all_refused(rows, sizeof(rows) / sizeof(rows)[0])

static void with_crls(struct chain *chain)
{
    chain->crls = true;
}

static void the_usual_chain_is_accepted(void **state)
{
    static const struct refused none = { NULL, NULL }, crls = { with_crls, NULL };

    (void)state;
    assert_int_equal(visit(&none), 0);
    call_clear(&c);
    assert_int_equal(visit(&crls), 0);
    call_clear(&c);
}

#define CHANGE(name, ...)                                                                                    \
    static void name(struct chain *chain)                                                                    \
    {                                                                                                        \
        __VA_ARGS__;                                                                                         \
    }
#define FAILED "certificate verification failed: "
#define LEAF "certificate 0 (CN=tls99.test) "
#define MIDDLE "certificate 1 (CN=Middle) "
#define ROOT "certificate 2 (CN=Root) "
#define WITH " [tls99.test]"
#define LIST "may be revoked: the CRL of CN=Middle: "

/* --- Issuers --- */

CHANGE(leaves_the_middle_out, chain->alone = true)
CHANGE(is_of_another_root, chain->middle.issuer = "Elsewhere")
CHANGE(is_self_signed, chain->leaf.issuer = CALL_NAME; chain->leaf.issuer_key = 0x42; chain->alone = true)
CHANGE(ends_in_an_unknown_root, chain->middle.issuer = "Middle"; chain->middle.issuer_key = 0x43)
CHANGE(is_forged, chain->leaf.issuer_key = 0x44)
CHANGE(is_forged_above, chain->middle.issuer_key = 0x44)
CHANGE(is_too_deep, chain->depth = 0)

static void an_issuer_that_is_unknown_or_did_not_sign_is_told(void **state)
{
    static const struct refused rows[] = {
        { leaves_the_middle_out, FAILED
          "unable to get local issuer certificate: " LEAF
          "was issued by CN=Middle, which is not among the 1 trusted ones; nor did the server send it" },
        { is_of_another_root,
          FAILED "unable to get local issuer certificate: " MIDDLE
                 "was issued by CN=Elsewhere, which is not among the 1 trusted ones; nor did the server send "
                 "it" WITH },
        { is_self_signed, FAILED "self signed certificate: " LEAF "is not among the 1 trusted ones" },
        { ends_in_an_unknown_root,
          FAILED "self signed certificate in certificate chain: " MIDDLE "is not among the 1 trusted "
                 "ones" WITH },
        { is_forged, FAILED "certificate signature failure: " LEAF
                            "was issued by CN=Middle, but not signed with the key of the certificate of that "
                            "name that the server sent" },
        { is_forged_above, FAILED "certificate signature failure: " MIDDLE
                                  "was issued by CN=Root, but not signed with the key of the certificate of "
                                  "that name that is trusted" WITH },
        { is_too_deep, FAILED "certificate chain too long: " MIDDLE
                              "would be one intermediate more than the 0 allowed" WITH },
    };

    (void)state;
    ALL_REFUSED(rows);
}

/* --- Names --- */

CHANGE(is_for_another, chain->leaf.dns = "other.test")
CHANGE(has_no_names, chain->leaf.dns = NULL)

static void a_name_that_does_not_match_is_told(void **state)
{
    static const struct refused rows[] = {
        { is_for_another, "name `tls99.test' not present in server certificate, which is for other.test" },
        { has_no_names,
          "name `tls99.test' not present in server certificate, which is for no name at all: it "
          "has no subjectAltName, and its subject (CN=tls99.test) does not count" },
    };

    (void)state;
    ALL_REFUSED(rows);
}

/* --- Times --- */

CHANGE(has_expired, chain->leaf.to = "260101000000Z")
CHANGE(has_expired_above, chain->middle.to = "261231235959Z")
CHANGE(is_not_yet_valid, chain->leaf.from = "280101000000Z")
CHANGE(is_of_1970, chain->now = 3600)

static void a_time_outside_the_validity_is_told(void **state)
{
    static const struct refused rows[] = {
        { has_expired,
          FAILED "certificate has expired: " LEAF
                 "was valid until 2026-01-01 00:00:00 UTC, 365 days ago (the clock says 2027-01-01 "
                 "00:00:00 UTC)" },
        { has_expired_above, FAILED "certificate has expired: " MIDDLE
                                    "was valid until 2026-12-31 23:59:59 UTC, 1 second ago (the clock says "
                                    "2027-01-01 00:00:00 UTC)" WITH },
        { is_not_yet_valid, FAILED "certificate is not yet valid: " LEAF
                                   "is valid from 2028-01-01 00:00:00 UTC, in 365 days (the clock says "
                                   "2027-01-01 00:00:00 UTC)" },
        { is_of_1970,
          FAILED "certificate is not yet valid: " LEAF
                 "is valid from 2025-01-01 00:00:00 UTC, in 20088 days (the clock says 1970-01-01 "
                 "01:00:00 UTC, which cannot be: set it)" },
    };

    (void)state;
    ALL_REFUSED(rows);
}

/* --- What it may be used for --- */

CHANGE(is_for_clients, chain->leaf.eku = "\x2b\x06\x01\x05\x05\x07\x03\x02")
CHANGE(is_for_mail, chain->leaf.eku = "\x2b\x06\x01\x05\x05\x07\x03\x04")
CHANGE(is_a_ca, chain->leaf.ca = true; chain->leaf.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN)
CHANGE(is_no_ca, chain->middle.ca = false)
CHANGE(may_not_sign, chain->middle.key_usage = KU_DIGITAL_SIGNATURE)
CHANGE(is_nameless, chain->middle.subject = ""; chain->leaf.issuer = "")
CHANGE(allows_none_below, chain->root.path_len = 1)

static void a_certificate_that_is_not_for_this_use_is_told(void **state)
{
    static const struct refused rows[] = {
        { is_for_clients, FAILED "unsupported certificate purpose: " LEAF
                                 "is not for TLS servers by its extKeyUsage (RFC 5280, 4.2.1.12): it is for "
                                 "clientAuth" },
        { is_for_mail, FAILED "unsupported certificate purpose: " LEAF
                              "is not for TLS servers by its extKeyUsage (RFC 5280, 4.2.1.12): it is for "
                              "emailProtection" },
        { is_a_ca, FAILED "unsupported certificate purpose: " LEAF
                          "is a CA that signs certificates and must not serve as a server's" },
        { is_no_ca,
          FAILED "invalid CA certificate: " MIDDLE
                 "issued another but is not a CA by its basicConstraints (RFC 5280, 4.2.1.9)" WITH },
        { may_not_sign,
          FAILED "invalid CA certificate: " MIDDLE
                 "issued another but has no keyCertSign in its keyUsage (RFC 5280, 4.2.1.3)" WITH },
        { is_nameless, FAILED "malformed certificate: " LEAF "has an empty issuer (RFC 5280, 4.1.2.4)" },
        { allows_none_below, FAILED "path length constraint exceeded: " ROOT
                                    "has more intermediate CAs below it than its pathLenConstraint allows: 0 "
                                    "allowed, 1 on this path" WITH },
    };

    (void)state;
    ALL_REFUSED(rows);
}

/* --- Constraints and policies --- */

static void more(struct chain *chain, struct cert_spec *spec, const char *oid, struct t99_span value)
{
    ext_add(&chain->more, oid, true, value.p, value.len);
    spec->extra = chain->more.buf;
    spec->extra_len = chain->more.len;
}

CHANGE(permits_others, chain->middle.permitted = "other.test")
CHANGE(excludes_it, more(chain, &chain->middle, "\x55\x1d\x1e", RAW("\x30\x0a\xa1\x08\x30\x06\x82\x04test")))
CHANGE(permits_nothing_known, more(chain, &chain->middle, "\x55\x1d\x1e", RAW("\x30\x00")))
CHANGE(permits_badly,
       more(chain, &chain->middle, "\x55\x1d\x1e", RAW("\x30\x0a\xa0\x08\x30\x06\x82\x04..bc")))
CHANGE(permits_an_empty_subtree, more(chain, &chain->middle, "\x55\x1d\x1e", RAW("\x30\x04\xa0\x02\x30\x00")))
CHANGE(excludes_it_behind_an_empty_subtree,
       more(chain, &chain->middle, "\x55\x1d\x1e", RAW("\x30\x0c\xa1\x0a\x30\x00\x30\x06\x82\x04test")))
CHANGE(permits_with_a_minimum,
       more(chain, &chain->middle, "\x55\x1d\x1e", RAW("\x30\x0d\xa0\x0b\x30\x09\x82\x04test\x80\x01\x01")))
CHANGE(requires_a_policy, more(chain, &chain->middle, "\x55\x1d\x24", RAW("\x30\x03\x80\x01\x00")))
CHANGE(lists_a_policy_twice, more(chain, &chain->leaf, "\x55\x1d\x20",
                                  RAW("\x30\x0c\x30\x04\x06\x02\x2a\x03\x30\x04\x06\x02\x2a\x03")))

static void a_constraint_that_is_broken_is_told(void **state)
{
    static const struct refused rows[] = {
        { permits_others, FAILED "permitted subtree violation: " LEAF
                                 "holds the DNS name tls99.test, which is not among those permitted by "
                                 "certificate 1 (CN=Middle)" },
        { excludes_it,
          FAILED "excluded subtree violation: " LEAF
                 "holds the DNS name tls99.test, which is excluded by certificate 1 (CN=Middle)" },
        { permits_nothing_known, FAILED "unsupported or invalid name constraint syntax: " MIDDLE
                                        "has nameConstraints that are empty or malformed" WITH },
        { permits_badly, FAILED "unsupported or invalid name constraint syntax: " MIDDLE
                                "constrains names to \"..bc\", which is malformed" WITH },
        { permits_an_empty_subtree, FAILED "unsupported or invalid name constraint syntax: " MIDDLE
                                           "has nameConstraints with a bad base" WITH },
        { excludes_it_behind_an_empty_subtree, FAILED "unsupported or invalid name constraint syntax: " MIDDLE
                                                      "has nameConstraints with a bad base" WITH },
        { permits_with_a_minimum, FAILED "unsupported or invalid name constraint syntax: " MIDDLE
                                         "has nameConstraints with a bad minimum or maximum" WITH },
        { requires_a_policy,
          FAILED "no explicit policy: " LEAF
                 "is valid under no policy, and the path requires one (RFC 5280, 6.1.3 (f))" },
        { lists_a_policy_twice, FAILED "invalid or inconsistent certificate policy extension: " LEAF
                                       "lists a policy twice (RFC 5280, 4.2.1.4)" },
    };

    (void)state;
    ALL_REFUSED(rows);
}

/* --- What it is made of --- */

#define SHA1_RSA "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00"
#define UNKNOWN_ALG "\x30\x05\x06\x03\x2b\x65\x71" /* Ed448 */

static uint8_t short_rsa[162] = { 0x30, 0x81, 0x9f, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48,
                                  0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x81,
                                  0x8d, 0x00, 0x30, 0x81, 0x89, 0x02, 0x81, 0x81, 0x00 };

/* SubjectPublicKeyInfo of 1024 bits. */
static struct t99_span rsa_1024(void)
{
    memset(short_rsa + 29, 0xd5, 128);
    memcpy(short_rsa + 157, "\x02\x03\x01\x00\x01", 5);
    return t99_span(short_rsa, sizeof short_rsa);
}

CHANGE(is_signed_with_sha1, chain->middle.raw_alg = RAW(SHA1_RSA))
CHANGE(is_signed_strangely, chain->leaf.raw_alg = RAW(UNKNOWN_ALG))
CHANGE(has_a_short_key_above, chain->middle.raw_spki = rsa_1024())
CHANGE(has_an_unknown_key_above,
       chain->middle.raw_spki = RAW("\x30\x0b\x30\x05\x06\x03\x2b\x65\x71\x03\x02\x00\x01"))
CHANGE(is_of_version_1, chain->leaf.version = 1)
CHANGE(has_no_issuer, chain->leaf.issuer = "")
CHANGE(has_an_unknown_extension, more(chain, &chain->leaf, "\x2a\x03\x04", RAW("\x05\x00")))
CHANGE(is_a_precertificate,
       more(chain, &chain->leaf, "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03", RAW("\x05\x00")))
CHANGE(has_a_critical_key_id, chain->leaf.no_key_ids = true;
       more(chain, &chain->leaf, "\x55\x1d\x23", RAW("\x30\x06\x80\x04\x43\x43\x43\x43")))
CHANGE(is_strictly_wrong, chain->strict = true; chain->leaf.no_key_ids = true)

static void a_certificate_that_is_badly_made_is_told(void **state)
{
    static const struct refused rows[] = {
        { is_signed_with_sha1, FAILED "CA signature digest algorithm too weak: " MIDDLE
                                      "is signed with a hash that can be forged: SHA-1" WITH },
        { is_signed_strangely, FAILED "unsupported signature algorithm: " LEAF
                                      "is signed in a way that is not supported: 1.3.101.113" },
        { has_a_short_key_above,
          FAILED "CA certificate key too weak: " MIDDLE "has a key of less than 2048 bits: RSA 1024" WITH },
        { has_an_unknown_key_above,
          FAILED "unsupported public key: " MIDDLE
                 "has a key of a kind or size that is not supported: an unknown algorithm" WITH },
        { is_of_version_1, FAILED "malformed certificate: " LEAF
                                  "has extensions, which only version 3 may have (RFC 5280, 4.1.2.1)" },
        { has_no_issuer, FAILED "malformed certificate: " LEAF "has an empty issuer (RFC 5280, 4.1.2.4)" },
        { has_an_unknown_extension,
          FAILED "unhandled critical extension: " LEAF
                 "has a critical extension that is not understood (RFC 5280, 4.2): 1.2.3.4" },
        { is_a_precertificate,
          FAILED "unhandled critical extension: " LEAF
                 "is a precertificate, made for certificate transparency logs only (RFC 6962, 3.1)" },
        { has_a_critical_key_id, FAILED
          "invalid extension: " LEAF
          "has an extension marked critical that must not be (RFC 5280, 4.2): authorityKeyIdentifier" },
        { is_strictly_wrong,
          FAILED "missing authority key identifier: " LEAF
                 "has no keyIdentifier in an authorityKeyIdentifier (RFC 5280, 4.2.1.1; BR 7.1.2.11.1)" },
    };

    (void)state;
    ALL_REFUSED(rows);
}

/* --- Revocation --- */

CHANGE(is_revoked, chain->crls = true; chain->middle_crl.revoked = 1)
CHANGE(is_revoked_for_a_reason, is_revoked(chain); chain->middle_crl.reason = 1 + 1)
CHANGE(has_an_old_list, chain->crls = true; chain->middle_crl.to = "261231000000Z")
CHANGE(has_a_new_list, chain->crls = true; chain->middle_crl.from = "270102000000Z")
CHANGE(has_an_endless_list, chain->crls = true; chain->middle_crl.no_next = true)
CHANGE(has_a_forged_list, chain->crls = true; chain->middle_crl.key = 0x44)
CHANGE(has_no_list, chain->crls = true; chain->middle_crl.issuer = "Elsewhere")
CHANGE(has_an_unknown_list, chain->crls = true; chain->middle_crl.unknown_critical = true)
CHANGE(has_a_list_of_none, chain->crls = true; chain->middle.key_usage = KU_KEY_CERT_SIGN)

static void a_certificate_that_is_or_may_be_revoked_is_told(void **state)
{
    static const struct refused rows[] = {
        { is_revoked, FAILED "certificate revoked: " LEAF
                             "was revoked at 2027-01-02 03:04:05 UTC, says the CRL of CN=Middle" },
        { is_revoked_for_a_reason,
          FAILED "certificate revoked: " LEAF
                 "was revoked at 2027-01-02 03:04:05 UTC, reason keyCompromise, says the CRL of CN=Middle" },
        { has_an_old_list,
          FAILED "CRL has expired: " LEAF LIST
                 "it was to be renewed by 2026-12-31 00:00:00 UTC (the clock says 2027-01-01 00:00:00 UTC)" },
        { has_a_new_list,
          FAILED "CRL is not yet valid: " LEAF LIST
                 "it is of 2027-01-02 00:00:00 UTC (the clock says 2027-01-01 00:00:00 UTC)" },
        { has_an_endless_list, FAILED "invalid CRL: " LEAF LIST "it has no nextUpdate (RFC 5280, 5.1.2.5)" },
        { has_a_forged_list,
          FAILED "CRL signature failure: " LEAF LIST "none of the certificates of that name signed it" },
        { has_no_list, FAILED "unable to get certificate CRL: " LEAF
                              "may be revoked: there is no CRL of CN=Middle that covers it" },
        { has_an_unknown_list, FAILED "invalid CRL: " LEAF LIST
                                      "it has a critical extension that is not understood (RFC 5280, 5.2)" },
        { has_a_list_of_none,
          FAILED "CRL signature failure: " LEAF LIST "its issuer has no cRLSign in its keyUsage" },
    };

    (void)state;
    ALL_REFUSED(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usual_chain_is_accepted),
        cmocka_unit_test(an_issuer_that_is_unknown_or_did_not_sign_is_told),
        cmocka_unit_test(a_name_that_does_not_match_is_told),
        cmocka_unit_test(a_time_outside_the_validity_is_told),
        cmocka_unit_test(a_certificate_that_is_not_for_this_use_is_told),
        cmocka_unit_test(a_constraint_that_is_broken_is_told),
        cmocka_unit_test(a_certificate_that_is_badly_made_is_told),
        cmocka_unit_test(a_certificate_that_is_or_may_be_revoked_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
