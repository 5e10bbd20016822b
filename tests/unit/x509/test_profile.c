/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "x509/verify_fixture.h"

/*
 * What RFC 5280 and the Baseline Requirements add to the default. Every test begins with a chain that all
 * profiles accept, and changes one thing.
 */

#define SERVER_AUTH "\x2b\x06\x01\x05\x05\x07\x03\x01"
#define SAN "\x55\x1d\x11"
#define BYTES(text) text, sizeof(text) - 1
#define RAW(text) t99_span(BYTES(text))

static struct cert_spec top, ca, leaf;

static void begin(enum t99_profile profile)
{
    top = root;
    ca = middle;
    leaf = server;
    ca.key_usage = KU_KEY_CERT_SIGN;
    leaf.eku = SERVER_AUTH;
    leaf.eku_len = 8;
    params.profile = profile;
    params.peer = NULL;
}

/* A new trust store and a new list of what is sent. */
static void send_all(void)
{
    t99_trust_free(trust);
    trust = t99_trust_new(&env);
    params.trust = trust;
    num_certs = 0;
    trust_cert(&top);
    send_cert(&leaf);
    send_cert(&ca);
}

static bool accepted(enum t99_profile profile)
{
    params.profile = profile;
    send_all();
    return verify();
}

/* Refused by the profile with that text, by the default accepted. */
static void assert_only_refused_by(enum t99_profile profile, const char *text)
{
    if (!accepted(PROFILE_DEFAULT)) {
        print_error("default: %s\n", fault.text);
    }
    assert_true(accepted(PROFILE_DEFAULT));
    params.profile = profile;
    send_all();
    assert_refused(text);
}

static void a_subject_alt_name(struct ext_list *list, bool critical, const char *names, size_t len)
{
    uint8_t value[100];

    value[0] = 0x30;
    value[1] = (uint8_t)len;
    memcpy(value + 2, names, len);
    list->len = 0;
    ext_add(list, SAN, critical, value, len + 2);
    leaf.dns = NULL;
    leaf.extra = list->buf;
    leaf.extra_len = list->len;
}

static void a_dns_name(struct ext_list *list, const char *name)
{
    char names[100];

    names[0] = (char)0x82;
    names[1] = (char)strlen(name);
    memcpy(names + 2, name, strlen(name));
    a_subject_alt_name(list, leaf.subject[0] == '\0', names, strlen(name) + 2);
}

/* ---- RFC 5280 ---- */

static void all_profiles_accept_the_chain_to_begin_with(void **state)
{
    (void)state;
    begin(PROFILE_DEFAULT);
    assert_true(accepted(PROFILE_DEFAULT));
    assert_true(accepted(PROFILE_RFC5280));
    assert_true(accepted(PROFILE_STRICT));
}

static void serial_numbers_are_positive_and_of_20_octets_at_most(void **state)
{
    static const struct {
        const char *serial;
        size_t len;
        bool good;
    } cases[] = {
        { BYTES("\x02\x01\x00"), false },
        { BYTES("\x02\x01\xff"), false },
        { BYTES("\x02\x14\x7f\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13"),
          true },
        { BYTES(
              "\x02\x15\x00\xff\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14"),
          false },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(PROFILE_RFC5280);
        leaf.raw_serial = t99_span(cases[i].serial, cases[i].len);
        assert_true(accepted(PROFILE_DEFAULT));
        assert_int_equal(accepted(PROFILE_RFC5280), cases[i].good);
        assert_int_equal(accepted(PROFILE_STRICT), cases[i].good);
    }
    begin(PROFILE_RFC5280);
    top.raw_serial = RAW("\x02\x01\x00"); /* old roots of the web PKI have it */
    assert_true(accepted(PROFILE_STRICT));
    top.raw_serial = RAW("\x02\x01\xff");
    assert_only_refused_by(PROFILE_RFC5280, "certificate 2 (CN=Root) has a serial number");
}

static void dates_before_2050_are_utc_times(void **state)
{
    (void)state;
    begin(PROFILE_RFC5280);
    leaf.to = "20300101000000Z";
    assert_only_refused_by(PROFILE_RFC5280, "has a date before 2050 as GeneralizedTime");
    leaf.to = "20500101000000Z";
    assert_true(accepted(PROFILE_RFC5280));
}

static void unique_identifiers_are_refused(void **state)
{
    (void)state;
    begin(PROFILE_RFC5280);
    leaf.raw_unique_id = RAW("\x81\x02\x00\x55");
    assert_only_refused_by(PROFILE_RFC5280, "has a unique identifier (RFC 5280, 4.1.2.8)");
    leaf.raw_unique_id = RAW("\x82\x02\x00\x55");
    assert_only_refused_by(PROFILE_STRICT, "has a unique identifier (RFC 5280, 4.1.2.8)");
}

static void parameters_of_ecdsa_are_absent(void **state)
{
    (void)state;
    begin(PROFILE_RFC5280);
    leaf.raw_alg = RAW("\x30\x0c\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02\x05\x00");
    assert_only_refused_by(PROFILE_RFC5280, "has a signature algorithm with wrong parameters");
}

static void every_certificate_names_the_key_of_its_issuer(void **state)
{
    struct ext_list list = { { 0 }, 0 };

    (void)state;
    begin(PROFILE_RFC5280);
    leaf.no_key_ids = true;
    assert_only_refused_by(PROFILE_RFC5280, "missing authority key identifier: certificate 0");
    begin(PROFILE_RFC5280);
    ca.no_key_ids = true;
    ext_add(&list, "\x55\x1d\x0e", false, "\x04\x04\x02\x02\x02\x02", 6);
    ca.extra = list.buf;
    ca.extra_len = list.len;
    assert_only_refused_by(PROFILE_RFC5280, "missing authority key identifier: certificate 1");
    begin(PROFILE_RFC5280);
    top.no_key_ids = true;
    assert_only_refused_by(PROFILE_RFC5280, "missing subject key identifier: certificate 2");
    list.len = 0;
    ext_add(&list, "\x55\x1d\x0e", false, "\x04\x04\x01\x01\x01\x01", 6);
    top.extra = list.buf;
    top.extra_len = list.len;
    assert_true(accepted(PROFILE_STRICT)); /* a self-signed one may leave it out */
}

static void a_key_identifier_that_differs_from_the_one_below_is_refused(void **state)
{
    struct ext_list list = { { 0 }, 0 };

    (void)state;
    begin(PROFILE_RFC5280);
    ca.no_key_ids = true;
    ext_add(&list, "\x55\x1d\x0e", false, "\x04\x01\x09", 3);
    ext_add(&list, "\x55\x1d\x23", false, "\x30\x06\x80\x04\x01\x01\x01\x01", 8);
    ca.extra = list.buf;
    ca.extra_len = list.len;
    assert_only_refused_by(PROFILE_RFC5280, "invalid authority key identifier: certificate 1 (CN=Middle)");
}

static void a_ca_says_so_critically(void **state)
{
    (void)state;
    begin(PROFILE_RFC5280);
    ca.plain_constraints = true;
    assert_only_refused_by(PROFILE_RFC5280, "certificate 1 (CN=Middle) has basicConstraints that are not");
    begin(PROFILE_RFC5280);
    top.plain_constraints = true;
    assert_only_refused_by(PROFILE_RFC5280, "certificate 2 (CN=Root) has basicConstraints that are not");
}

static void what_is_no_ca_has_nothing_of_a_ca(void **state)
{
    (void)state;
    begin(PROFILE_RFC5280);
    leaf.path_len = 1 + 0;
    assert_only_refused_by(PROFILE_RFC5280, "has a pathLenConstraint but is no CA");
    begin(PROFILE_RFC5280);
    leaf.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN;
    assert_only_refused_by(PROFILE_RFC5280, "has keyCertSign in its keyUsage but is no CA");
    begin(PROFILE_RFC5280);
    leaf.permitted = "example";
    assert_only_refused_by(PROFILE_RFC5280, "has name constraints or policy rules, which are for CAs");
}

static void constraints_on_policies_are_critical(void **state)
{
    struct ext_list list = { { 0 }, 0 };

    (void)state;
    begin(PROFILE_RFC5280);
    ext_add(&list, "\x55\x1d\x24", false, "\x30\x03\x81\x01\x00", 5);
    ca.extra = list.buf;
    ca.extra_len = list.len;
    assert_only_refused_by(PROFILE_RFC5280,
                           "has policyConstraints or inhibitAnyPolicy that are not critical");
    list.len = 0;
    ext_add(&list, "\x55\x1d\x36", false, "\x02\x01\x00", 3);
    ca.extra_len = list.len;
    assert_only_refused_by(PROFILE_RFC5280,
                           "has policyConstraints or inhibitAnyPolicy that are not critical");
    list.len = 0;
    ext_add(&list, "\x55\x1d\x36", true, "\x02\x01\x00", 3);
    ca.extra_len = list.len;
    assert_true(accepted(PROFILE_STRICT));
}

static void without_a_subject_the_alt_name_is_critical_and_with_one_it_is_not(void **state)
{
    struct ext_list list;

    (void)state;
    begin(PROFILE_RFC5280);
    leaf.subject = "";
    a_subject_alt_name(&list, false,
                       "\x82\x09"
                       "a.example",
                       11);
    assert_only_refused_by(PROFILE_RFC5280, "has no subject, and a subjectAltName that is not critical");
    a_subject_alt_name(&list, true,
                       "\x82\x09"
                       "a.example",
                       11);
    assert_true(accepted(PROFILE_STRICT));
    leaf.subject = "a.example";
    assert_true(accepted(PROFILE_RFC5280));
    assert_only_refused_by(PROFILE_STRICT, "has a subject, and a critical subjectAltName (BR 7.1.2.7.12)");
}

/* Where RFC 5280 and the web PKI differ. */
static void each_of_the_two_has_rules_of_its_own(void **state)
{
    struct ext_list list = { { 0 }, 0 };

    (void)state;
    begin(PROFILE_RFC5280);
    ext_add(&list, "\x55\x1d\x1e", false,
            "\x30\x0d\xa0\x0b\x30\x09\x82\x07"
            "example",
            15);
    ca.extra = list.buf;
    ca.extra_len = list.len;
    assert_true(accepted(PROFILE_STRICT));
    assert_only_refused_by(PROFILE_RFC5280, "has nameConstraints that are not critical (RFC 5280, 4.2.1.10)");
    begin(PROFILE_RFC5280);
    leaf.eku = NULL;
    assert_true(accepted(PROFILE_RFC5280));
    assert_only_refused_by(PROFILE_STRICT, "has no extKeyUsage serverAuth (BR 7.1.2.7.10)");
    begin(PROFILE_RFC5280);
    leaf.ca = true;
    leaf.key_usage = KU_KEY_CERT_SIGN;
    assert_true(accepted(PROFILE_RFC5280));
    assert_false(accepted(PROFILE_STRICT));
    assert_false(accepted(PROFILE_DEFAULT));
}

/* ---- The web PKI ---- */

/* serverAuth and one more of id-kp. */
static void two_purposes(struct cert_spec *c, struct ext_list *list, uint8_t other)
{
    uint8_t value[22];

    memcpy(value, "\x30\x14\x06\x08" SERVER_AUTH "\x06\x08" SERVER_AUTH, sizeof value);
    value[21] = other;
    list->len = 0;
    ext_add(list, "\x55\x1d\x25", false, value, sizeof value);
    c->eku = NULL;
    c->extra = list->buf;
    c->extra_len = list->len;
}

static void other_purposes_than_a_servers_are_refused(void **state)
{
    static const uint8_t forbidden[] = { 3, 4, 8,
                                         9 }; /* codeSigning, emailProtection, timeStamping, OCSPSigning */
    struct ext_list list;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof forbidden; i++) {
        begin(PROFILE_STRICT);
        two_purposes(&leaf, &list, forbidden[i]);
        assert_only_refused_by(PROFILE_STRICT, "has an extKeyUsage that a server and its CAs must not have");
        begin(PROFILE_STRICT);
        two_purposes(&ca, &list, forbidden[i]);
        assert_only_refused_by(PROFILE_STRICT,
                               "certificate 1 (CN=Middle) has an extKeyUsage that a server and");
    }
    begin(PROFILE_STRICT);
    two_purposes(&leaf, &list, 2); /* clientAuth */
    assert_true(accepted(PROFILE_STRICT));
    leaf.extra_len = 0;
    leaf.eku = "\x55\x1d\x25\x00"; /* anyExtendedKeyUsage */
    leaf.eku_len = 4;
    assert_only_refused_by(PROFILE_STRICT, "must not have (BR 7.1.2.7.10, 7.1.2.10.6): anyExtendedKeyUsage");
}

static void purposes_are_not_critical_and_roots_have_none(void **state)
{
    struct ext_list list = { { 0 }, 0 };

    (void)state;
    begin(PROFILE_STRICT);
    ext_add(&list, "\x55\x1d\x25", true, "\x30\x0a\x06\x08" SERVER_AUTH, 12);
    leaf.eku = NULL;
    leaf.extra = list.buf;
    leaf.extra_len = list.len;
    assert_only_refused_by(PROFILE_STRICT, "has a critical extKeyUsage");
    begin(PROFILE_STRICT);
    top.eku = SERVER_AUTH;
    top.eku_len = 8;
    assert_only_refused_by(PROFILE_STRICT, "is a root with an extKeyUsage");
}

static void usages_go_with_the_key(void **state)
{
    (void)state;
    begin(PROFILE_STRICT);
    leaf.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT;
    assert_true(accepted(PROFILE_STRICT));
    leaf.key_usage = KU_KEY_AGREEMENT;
    assert_only_refused_by(PROFILE_STRICT, "has a keyUsage that does not go with its key");
    leaf.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT;
    assert_only_refused_by(PROFILE_STRICT, "has a keyUsage that does not go with its key");
    leaf.key_usage = KU_DIGITAL_SIGNATURE | KU_CRL_SIGN;
    assert_only_refused_by(PROFILE_STRICT, "has a keyUsage that does not go with its key");
    begin(PROFILE_STRICT);
    ca.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN | KU_DIGITAL_SIGNATURE;
    assert_true(accepted(PROFILE_STRICT));
    ca.key_usage = KU_KEY_CERT_SIGN | KU_KEY_ENCIPHERMENT;
    assert_only_refused_by(PROFILE_STRICT, "is a CA with no keyUsage, or one that a CA must not have");
    ca.key_usage = 0;
    assert_only_refused_by(PROFILE_STRICT, "is a CA with no keyUsage, or one that a CA must not have");
}

static void the_key_identifier_alone_names_the_issuer(void **state)
{
    struct ext_list list = { { 0 }, 0 };

    (void)state;
    begin(PROFILE_STRICT);
    ext_add(&list, "\x55\x1d\x23", false,
            "\x30\x1c\x80\x04\x02\x02\x02\x02\xa1\x11\xa4\x0f\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c"
            "\x02XY"
            "\x82\x01\x07",
            30);
    leaf.no_key_ids = true;
    leaf.extra = list.buf;
    leaf.extra_len = list.len;
    assert_only_refused_by(PROFILE_STRICT, "names its issuer by issuer and serial number too");
    begin(PROFILE_STRICT);
    top.no_key_ids = true;
    list.len = 0;
    ext_add(&list, "\x55\x1d\x0e", false, "\x04\x04\x01\x01\x01\x01", 6);
    ext_add(&list, "\x55\x1d\x23", false, "\x30\x06\x80\x04\x09\x09\x09\x09", 8);
    top.extra = list.buf;
    top.extra_len = list.len;
    assert_only_refused_by(PROFILE_STRICT, "is a root whose two key identifiers differ");
}

static void names_of_the_web_have_labels_of_the_web(void **state)
{
    static const struct {
        const char *name, *refused; /* NULL: accepted */
    } cases[] = {
        { "a.example", NULL },
        { "*.a.example", NULL },
        { "localhost", NULL },
        { "A.EXAMPLE", NULL },
        { "a-b.1.example", NULL },
        { "xn--bcher-kva.example", NULL }, /* buecher, with u umlaut: RFC 3492's algorithm */
        { "xn--maana-pta.example", NULL }, /* manana, with n tilde */
        { "XN--N3H.example", NULL },       /* U+2603 */
        { "xn--80ak6aa92e.com", NULL },    /* five Cyrillic letters */
        { "a_b.example", "has a dNSName that is no domain name (RFC 5280, 4.2.1.6): a_b.example" },
        { "a..example", "is no domain name" },
        { ".example", "is no domain name" },
        { "a.example.", "is no domain name" },
        { "-a.example", "is no domain name" },
        { "*", "is no domain name" },
        { "a*.example", "is no domain name" },
        { "b.*.example", "is no domain name" },
        { "*.*.example", "is no domain name" },
        { " ", "is no domain name" },
        { "b\xc3\xbc.example", "malformed" },
        { "*.example", "a wildcard for a whole top-level domain" },
        { "192.0.2.1", "ends in a number" },
        { "a.7", "ends in a number" },
        { "ab--c.example", "neither LDH nor Punycode" },
        { "a.xm--n3h.example", "neither LDH nor Punycode" },
        { "xn--.example", "no domain name" },
        { "xn--0000000.example", "neither LDH nor Punycode" }, /* ends within an integer */
        { "xn--abc-.example", "no domain name" },              /* nothing beyond ASCII */
        { "xn--999999b.example", "neither LDH nor Punycode" }, /* above U+10FFFF */
    };
    struct ext_list list;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(PROFILE_STRICT);
        leaf.subject = "";
        a_dns_name(&list, cases[i].name);
        send_all();
        if (cases[i].refused == NULL) {
            if (!verify()) {
                print_error("%s: %s\n", cases[i].name, fault.text);
            }
            assert_true(verify());
        } else {
            if (verify()) {
                print_error("%s: accepted\n", cases[i].name);
            }
            assert_refused(cases[i].refused);
        }
    }
}

static void addresses_may_be_private_and_other_kinds_of_names_are_refused(void **state)
{
    struct ext_list list;

    (void)state;
    begin(PROFILE_STRICT);
    leaf.subject = "";
    a_subject_alt_name(&list, true, "\x87\x04\x7f\x00\x00\x01", 6);
    assert_true(accepted(PROFILE_STRICT));
    a_subject_alt_name(&list, true,
                       "\x87\x04\xc0\xa8\x01\x01\x82\x09"
                       "a.example",
                       17);
    assert_true(accepted(PROFILE_STRICT));
    a_subject_alt_name(&list, true,
                       "\x82\x09"
                       "a.example"
                       "\x81\x0b"
                       "a@a.example",
                       24);
    assert_only_refused_by(PROFILE_STRICT, "a name that is neither dNSName nor iPAddress");
    a_subject_alt_name(&list, true,
                       "\x82\x09"
                       "a.example"
                       "\x86\x07"
                       "http://",
                       20);
    assert_only_refused_by(PROFILE_STRICT, "a name that is neither dNSName nor iPAddress");
}

static void the_common_name_is_a_copy_of_an_alt_name(void **state)
{
    static const struct {
        const char *common_name, *names;
        bool good;
    } cases[] = {
        { "a.example",
          "\x82\x09"
          "a.example",
          true },
        { "A.example",
          "\x82\x09"
          "a.example",
          false },
        { "b.example",
          "\x82\x09"
          "a.example",
          false },
        { "*.a.example",
          "\x82\x0b"
          "*.a.example",
          true },
        { "w.a.example",
          "\x82\x0b"
          "*.a.example",
          false },
        { "a.example",
          "\x82\x0b"
          "*.a.example",
          true }, /* the domain above */
        { "a.example",
          "\x82\x0c"
          "ba.a.example",
          true },
        { "a.example",
          "\x82\x0a"
          "ba.example",
          false },
        { "192.0.2.1", "\x87\x04\xc0\x00\x02\x01", true },
        { "192.000.002.001", "\x87\x04\xc0\x00\x02\x01", false },
        { "0xc0000201", "\x87\x04\xc0\x00\x02\x01", false },
        { "3221225985", "\x87\x04\xc0\x00\x02\x01", false },
        { "192.0.2.2", "\x87\x04\xc0\x00\x02\x01", false },
        { "a.example", "\x87\x04\xc0\x00\x02\x01", true }, /* no domain that it could be a copy of */
        { "a.example",
          "\x82\x09"
          "localhost",
          true },
        { "localhost",
          "\x82\x09"
          "localhost",
          true },
        { "Some Server",
          "\x82\x09"
          "a.example",
          false },
    };
    struct ext_list list;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(PROFILE_STRICT);
        leaf.subject = cases[i].common_name;
        /* An address has zeros in it, and is 6 bytes long in all. */
        a_subject_alt_name(&list, false, cases[i].names,
                           cases[i].names[0] == (char)0x87 ? 6 : strlen(cases[i].names));
        assert_true(accepted(PROFILE_RFC5280));
        if (accepted(PROFILE_STRICT) != cases[i].good) {
            print_error("%s: %s\n", cases[i].common_name, fault.text);
        }
        assert_int_equal(accepted(PROFILE_STRICT), cases[i].good);
    }
}

static void an_ipv6_common_name_is_written_as_rfc5952_wants(void **state)
{
    static const struct {
        const char *common_name;
        bool good;
    } cases[] = {
        { "2001:db8::1:0:0:1", true },  { "2001:db8:0:0:1::1", false },  { "2001:db8:0:0:1:0:0:1", false },
        { "2001:DB8::1:0:0:1", false }, { "2001:0db8::1:0:0:1", false },
    };
    struct ext_list list;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(PROFILE_STRICT);
        leaf.subject = cases[i].common_name;
        a_subject_alt_name(&list, false,
                           "\x87\x10\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x01", 18);
        assert_int_equal(accepted(PROFILE_STRICT), cases[i].good);
    }
}

static void addresses_of_issuers_and_lists_are_http(void **state)
{
    static const struct {
        const char *oid;
        const char *value;
        size_t len;
        bool good;
    } cases[] = {
        { "\x2b\x06\x01\x05\x05\x07\x01\x01",
          BYTES("\x30\x17\x30\x15\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01\x86\x09http://a/"), true },
        { "\x2b\x06\x01\x05\x05\x07\x01\x01",
          BYTES("\x30\x17\x30\x15\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01\x86\x09ldap://a/"), false },
        { "\x2b\x06\x01\x05\x05\x07\x01\x01",
          BYTES("\x30\x17\x30\x15\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x03\x86\x09http://a/"), false },
        { "\x55\x1d\x1f", BYTES("\x30\x11\x30\x0f\xa0\x0d\xa0\x0b\x86\x09http://a/"), true },
        { "\x55\x1d\x1f", BYTES("\x30\x11\x30\x0f\xa0\x0d\xa0\x0b\x86\x09ldap://a/"), false },
        { "\x55\x1d\x1f", BYTES("\x30\x11\x30\x0f\xa0\x0d\xa0\x0b\x82\x09http://a/"), false },
        { "\x55\x1d\x1f", BYTES("\x30\x15\x30\x13\xa0\x0d\xa0\x0b\x86\x09http://a/\x81\x02\x06\x40"), false },
    };
    struct ext_list list;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(PROFILE_STRICT);
        list.len = 0;
        ext_add(&list, cases[i].oid, false, cases[i].value, cases[i].len);
        leaf.extra = list.buf;
        leaf.extra_len = list.len;
        assert_true(accepted(PROFILE_RFC5280));
        assert_int_equal(accepted(PROFILE_STRICT), cases[i].good);
    }
}

static void a_server_is_no_ca_and_has_alternative_names(void **state)
{
    (void)state;
    begin(PROFILE_STRICT);
    leaf.ca = true;
    assert_only_refused_by(PROFILE_STRICT, "is a CA (BR 7.1.2.7.8)");
    begin(PROFILE_STRICT);
    leaf.dns = NULL;
    params.peer = &peer;
    send_all();
    assert_refused("has no subjectAltName (BR 7.1.2.7.12)");
    begin(PROFILE_STRICT);
    leaf.dns = NULL;
    assert_true(accepted(PROFILE_STRICT)); /* no server's name is asked for */
}

static void roots_of_version_1_are_refused(void **state)
{
    (void)state;
    begin(PROFILE_STRICT);
    top.version = 1;
    top.no_key_ids = true;
    top.ca = false;
    assert_only_refused_by(PROFILE_STRICT, "is not of version 3 (BR 7.1.1)");
}

static void keys_and_signatures_are_those_of_the_web(void **state)
{
    static const char ed25519[] =
        "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"
        "\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a"
        "\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a"; /* RFC 8032, 7.1 */
    uint8_t rsa[300] = { 0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48,
                         0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x82, 0x01,
                         0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01 };
    size_t end = 32 + 257; /* the modulus of 2049 to 2056 bits, and then the exponent */

    (void)state;
    begin(PROFILE_STRICT);
    leaf.raw_spki = RAW(ed25519);
    assert_only_refused_by(PROFILE_STRICT, "neither RSA nor on P-256, P-384 or P-521 (BR 6.1.5): Ed25519");
    memset(rsa + 32, 0x55, 257);
    memcpy(rsa + end, "\x02\x03\x01\x00\x01", 5);
    leaf.raw_spki = t99_span(rsa, end + 5);
    assert_only_refused_by(PROFILE_STRICT, "bits are not divisible by 8 (BR 6.1.5): RSA 2055");
    rsa[32] = 0;
    rsa[33] = 0x80;
    assert_true(accepted(PROFILE_STRICT));
    leaf.raw_alg = RAW("\x30\x05\x06\x03\x2b\x65\x70");
    assert_false(accepted(PROFILE_STRICT));
    assert_non_null(strstr(fault.text, "is signed in a way that the web PKI does not use (BR 7.1.3.2)"));
}

static void names_have_characters_that_their_type_allows(void **state)
{
    (void)state;
    begin(PROFILE_RFC5280);
    leaf.raw_subject = RAW("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x0a\x13\x02"
                           "a*"); /* PrintableString */
    assert_only_refused_by(PROFILE_RFC5280, "characters that its string type does not allow");
    leaf.raw_subject = RAW("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x0a\x02\x02\x01\x02"); /* INTEGER */
    assert_only_refused_by(PROFILE_RFC5280, "an attribute value that is no string");
    leaf.raw_subject = RAW("\x30\x02\x31\x00");
    assert_only_refused_by(PROFILE_RFC5280, "an empty relative distinguished name");
}

static void the_leaf_alone_may_be_held_to_it(void **state)
{
    (void)state;
    begin(PROFILE_STRICT);
    ca.eku = "\x55\x1d\x25\x00"; /* anyExtendedKeyUsage */
    ca.eku_len = 4;
    assert_false(accepted(PROFILE_STRICT));
    params.strict_leaf_only = true;
    assert_true(accepted(PROFILE_STRICT));
    leaf.eku = NULL;
    assert_false(accepted(PROFILE_STRICT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_profiles_accept_the_chain_to_begin_with),
        TEST(serial_numbers_are_positive_and_of_20_octets_at_most),
        TEST(dates_before_2050_are_utc_times),
        TEST(unique_identifiers_are_refused),
        TEST(parameters_of_ecdsa_are_absent),
        TEST(every_certificate_names_the_key_of_its_issuer),
        TEST(a_key_identifier_that_differs_from_the_one_below_is_refused),
        TEST(a_ca_says_so_critically),
        TEST(what_is_no_ca_has_nothing_of_a_ca),
        TEST(constraints_on_policies_are_critical),
        TEST(without_a_subject_the_alt_name_is_critical_and_with_one_it_is_not),
        TEST(each_of_the_two_has_rules_of_its_own),
        TEST(other_purposes_than_a_servers_are_refused),
        TEST(purposes_are_not_critical_and_roots_have_none),
        TEST(usages_go_with_the_key),
        TEST(the_key_identifier_alone_names_the_issuer),
        TEST(names_of_the_web_have_labels_of_the_web),
        TEST(addresses_may_be_private_and_other_kinds_of_names_are_refused),
        TEST(the_common_name_is_a_copy_of_an_alt_name),
        TEST(an_ipv6_common_name_is_written_as_rfc5952_wants),
        TEST(addresses_of_issuers_and_lists_are_http),
        TEST(a_server_is_no_ca_and_has_alternative_names),
        TEST(roots_of_version_1_are_refused),
        TEST(keys_and_signatures_are_those_of_the_web),
        TEST(names_have_characters_that_their_type_allows),
        TEST(the_leaf_alone_may_be_held_to_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
