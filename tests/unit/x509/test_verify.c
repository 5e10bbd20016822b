/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "x509/make_cert.h"
#include "x509/verify.h"

/*
 * The rules are those of RFC 5280, 4.2 and 6.1, and RFC 4158; certificates are made here, key "n" is the byte
 * n.
 */
#define NOW INT64_C(1800000000) /* 2027-01-15 08:00:00 UTC */
#define MAX_CERTS 400

/* ---- What every test works with ---- */

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

static const struct t99_env env = { NULL, test_alloc, test_release, NULL, NULL };

static struct der_out made[MAX_CERTS];
static struct t99_span certs[MAX_CERTS];
static size_t num_certs;
static struct t99_verify_params params;
static struct t99_trust *trust;
static struct t99_peer_name peer;
static struct t99_fault fault;
static struct t99_path *path;

static const struct cert_spec root = {
    .subject = "Root", .issuer = "Root", .key = 1, .issuer_key = 1, .ca = true
};
static const struct cert_spec middle = {
    .subject = "Middle", .issuer = "Root", .key = 2, .issuer_key = 1, .ca = true
};
static const struct cert_spec server = {
    .subject = "server.example", .issuer = "Middle", .key = 3, .issuer_key = 2, .dns = "server.example"
};

static int set_up(void **state)
{
    (void)state;
    allocations_left = SIZE_MAX;
    num_certs = 0;
    trust = t99_trust_new(&env);
    memset(&params, 0, sizeof params);
    params.env = &env;
    params.trust = trust;
    params.time = NOW;
    params.verify_chain = true;
    params.max_intermediates = -1;
    params.peer = &peer;
    params.peer_text = "server.example";
    return trust != NULL && t99_peer_name_parse(&peer, params.peer_text) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    t99_path_free(&env, path);
    path = NULL;
    t99_trust_free(trust);
    return num_allocated == 0 ? 0 : -1;
}

static void trust_cert(const struct cert_spec *spec)
{
    struct der_out d;

    assert_true(t99_trust_add_der(trust, make_cert(&d, spec)));
}

static void send_cert(const struct cert_spec *spec)
{
    assert_true(num_certs < MAX_CERTS);
    certs[num_certs] = make_cert(&made[num_certs], spec);
    num_certs++;
}

static void send_usual_chain(void)
{
    trust_cert(&root);
    send_cert(&server);
    send_cert(&middle);
}

static bool verify(void)
{
    t99_path_free(&env, path);
    path = NULL;
    t99_fault_clear(&fault);
    return t99_verify(&path, &params, certs, num_certs, &fault);
}

static void assert_refused(const char *text)
{
    bool ok = verify();

    if (ok || strstr(fault.text, text) == NULL) {
        print_error("got: %s\n", ok ? "accepted" : fault.text);
    }
    assert_false(ok);
    assert_null(path);
    assert_int_equal(fault.kind, FAULT_VERIFY);
    assert_non_null(strstr(fault.text, text));
}

/* ---- Paths ---- */

static void a_path_is_found_from_the_leaf_to_the_anchor(void **state)
{
    (void)state;
    send_usual_chain();
    assert_true(verify());
    assert_int_equal(path->num, 3);
    assert_true(t99_span_equal(path->certs[0].der, certs[0]));
    assert_true(t99_span_equal(path->certs[1].der, certs[1]));
    assert_true(t99_trust_contains(trust, path->certs[2].der));
    assert_true(t99_span_equal(path->matched_name, t99_span("server.example", 14)));
}

static void order_and_what_does_not_belong_there_do_not_matter(void **state)
{
    struct cert_spec lower = middle, other = middle, leaf = server;

    (void)state;
    lower.subject = "Lower";
    lower.issuer = "Middle";
    lower.key = 4;
    lower.issuer_key = 2;
    other.subject = "Other";
    leaf.issuer = "Lower";
    leaf.issuer_key = 4;
    trust_cert(&root);
    send_cert(&leaf);
    send_cert(&other);
    send_cert(&root);
    send_cert(&middle);
    certs[num_certs++] = t99_span("\x30\x01", 2); /* no certificate at all */
    send_cert(&lower);
    assert_true(verify());
    assert_int_equal(path->num, 4);
}

static void a_missing_intermediate_is_named(void **state)
{
    (void)state;
    trust_cert(&root);
    send_cert(&server);
    assert_refused(
        "certificate verification failed: unable to get local issuer certificate: certificate 0 "
        "(CN=server.example) was issued by CN=Middle, found neither among the 1 trusted certificates nor "
        "among those sent");
    assert_int_equal(fault.alert, ALERT_UNKNOWN_CA);
}

static void where_the_path_ends_is_told_with_its_depth(void **state)
{
    (void)state;
    send_cert(&server);
    send_cert(&middle);
    assert_refused("unable to get local issuer certificate: certificate 1 (CN=Middle) was issued by CN=Root");
    send_cert(&root);
    assert_refused("self signed certificate in certificate chain: certificate 2 (CN=Root)");
}

static void a_self_signed_server_is_refused_unless_it_is_trusted_itself(void **state)
{
    struct cert_spec self = server;

    (void)state;
    self.issuer = self.subject;
    self.issuer_key = self.key;
    self.ca = true;
    self.key_usage = KU_KEY_CERT_SIGN | KU_DIGITAL_SIGNATURE;
    send_cert(&self);
    params.peer = NULL;
    assert_refused(
        "certificate verification failed: self signed certificate: certificate 0 (CN=server.example)");
    assert_true(t99_trust_add_der(trust, certs[0]));
    assert_true(verify());
    assert_int_equal(path->num, 1);
}

static void an_expired_twin_of_an_intermediate_does_not_hide_the_good_one(void **state)
{
    struct cert_spec expired = middle;

    (void)state;
    expired.to = "260101000000Z";
    trust_cert(&root);
    send_cert(&server);
    send_cert(&expired);
    assert_refused(
        "certificate has expired: certificate 1 (CN=Middle) was valid until 2026-01-01 00:00:00 UTC and it "
        "is 2027-01-15 08:00:00 UTC");
    assert_int_equal(fault.alert, ALERT_CERTIFICATE_EXPIRED);
    send_cert(&middle);
    assert_true(verify());
    assert_true(t99_span_equal(path->certs[1].der, certs[2]));
}

static void a_cross_signed_intermediate_leads_to_whichever_root_is_trusted(void **state)
{
    struct cert_spec old = root, cross = middle;

    (void)state;
    old.subject = old.issuer = "Old Root";
    old.key = old.issuer_key = 9;
    cross.issuer = "Old Root";
    cross.issuer_key = 9;
    trust_cert(&root);
    send_cert(&server);
    send_cert(&cross);
    send_cert(&old);
    send_cert(&middle);
    assert_true(verify());
    assert_true(t99_span_equal(path->certs[1].der, certs[3]));
    num_certs = 3;
    assert_false(verify());
    trust_cert(&old);
    assert_true(verify());
}

static void of_several_anchors_with_one_name_the_right_one_is_found(void **state)
{
    struct cert_spec namesake = root;

    (void)state;
    for (namesake.key = 10; namesake.key < 14; namesake.key++) {
        namesake.issuer_key = namesake.key;
        trust_cert(&namesake);
    }
    send_cert(&server);
    send_cert(&middle);
    assert_refused("certificate signature failure: certificate 1 (CN=Middle)");
    trust_cert(&root);
    assert_true(verify());
}

static void loops_end(void **state)
{
    struct cert_spec a = middle, b = middle;

    (void)state;
    a.subject = "A";
    a.key = 21;
    a.issuer = "Middle";
    a.issuer_key = 2;
    b.issuer = "A";
    b.issuer_key = 21;
    trust_cert(&root);
    send_cert(&server);
    send_cert(&b);
    send_cert(&a);
    assert_false(verify());
    send_cert(&middle);
    assert_true(verify());
    assert_int_equal(path->num, 3);
}

static void another_path_is_taken_when_constraints_forbid_the_first(void **state)
{
    struct cert_spec narrow = middle;

    (void)state;
    narrow.permitted = "other.example";
    trust_cert(&root);
    send_cert(&server);
    send_cert(&narrow);
    assert_refused(
        "permitted subtree violation: certificate 0 (CN=server.example) holds the DNS name server.example, "
        "which is not among those permitted by certificate 1 (CN=Middle)");
    send_cert(&middle);
    assert_true(verify());
}

/* ---- Rules ---- */

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
        "UTC and it is 2026-12-31 23:59:59 UTC");
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

/* A leaf and num intermediates, each issued by the next, the last by the root. */
static void send_long_chain(unsigned num)
{
    static char names[T99_PATH_MAX][4];
    struct cert_spec c = middle, leaf = server;
    unsigned k;

    num_certs = 0;
    for (k = 0; k < num; k++) {
        snprintf(names[k], sizeof names[k], "%u", k);
    }
    leaf.issuer = names[num - 1];
    leaf.issuer_key = 30 + num - 1;
    send_cert(&leaf);
    for (k = 0; k < num; k++) {
        c.subject = names[k];
        c.key = 30 + k;
        c.issuer = k == 0 ? "Root" : names[k - 1];
        c.issuer_key = k == 0 ? 1 : 30 + k - 1;
        send_cert(&c);
    }
}

static void a_path_is_not_longer_than_the_limit(void **state)
{
    (void)state;
    trust_cert(&root);
    send_long_chain(T99_PATH_MAX - 1);
    assert_refused("certificate chain too long");
    send_long_chain(T99_PATH_MAX - 2);
    assert_true(verify());
    assert_int_equal(path->num, T99_PATH_MAX);
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

/* ---- Names ---- */

static void another_name_is_refused_with_the_names_that_are_there(void **state)
{
    (void)state;
    send_usual_chain();
    params.peer_text = "other.example";
    assert_true(t99_peer_name_parse(&peer, params.peer_text));
    assert_refused("name `other.example' not present in server certificate, which is for server.example");
    params.peer = NULL;
    assert_true(verify());
    assert_null(path->matched_name.p);
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

/* ---- Limits ---- */

static double elapsed_ms(void)
{
    clock_t begin = clock();

    (void)verify();
    return (double)(clock() - begin) * 1e3 / CLOCKS_PER_SEC;
}

/* Generous, for slow machines and sanitizers; without the budget these take minutes. */
#define TOO_LONG_MS 2000.0

static void hundreds_of_namesakes_cost_no_more_than_the_budget(void **state)
{
    struct cert_spec c = middle;
    unsigned i;

    (void)state;
    trust_cert(&root);
    send_cert(&server);
    for (i = 0; i < 250; i++) { /* each claims to be the issuer, with a key of its own */
        c.key = 4 + i;
        c.no_key_ids = true;
        send_cert(&c);
    }
    assert_true(elapsed_ms() < TOO_LONG_MS);
    assert_false(t99_faulted(&fault) && fault.kind != FAULT_VERIFY);
    assert_null(path);
}

static void a_mesh_of_cross_signed_cas_costs_no_more_than_the_budget(void **state)
{
    static char names[16][4];
    struct cert_spec c = middle, leaf = server;
    unsigned i, j;

    (void)state;
    trust_cert(&root);
    leaf.issuer = "0";
    leaf.issuer_key = 40;
    send_cert(&leaf);
    for (i = 0; i < 16; i++) {
        snprintf(names[i], sizeof names[i], "%u", i);
    }
    for (i = 0; i < 15;
         i++) { /* everyone has signed everyone, and everyone claims to be signed by the root */
        for (j = 0; j < 16; j++) {
            c.subject = names[i];
            c.key = 40 + i;
            c.issuer = i == j || j == 15 ? "Root" : names[j];
            c.issuer_key = 40 + j;
            send_cert(&c);
        }
    }
    assert_true(elapsed_ms() < TOO_LONG_MS);
    assert_null(path);
    assert_int_equal(fault.kind, FAULT_VERIFY);
}

static void every_failing_allocation_is_reported_and_nothing_leaks(void **state)
{
    size_t n, before;

    (void)state;
    send_usual_chain();
    for (n = 0;; n++) {
        before = num_allocated;
        allocations_left = n;
        if (verify()) {
            break;
        }
        assert_int_equal(fault.kind, FAULT_MEMORY);
        assert_int_equal(num_allocated, before);
    }
    allocations_left = SIZE_MAX;
    assert_true(n >= 2); /* the search's and the path's */
}

struct told {
    size_t tried, rejected;
};

static void tell(void *arg, size_t depth, const struct t99_certificate *c, bool is_anchor, const char *reason)
{
    struct told *told = (struct told *)arg;

    (void)depth;
    (void)c;
    (void)is_anchor;
    *(reason == NULL ? &told->tried : &told->rejected) += 1;
}

static void every_candidate_is_traced(void **state)
{
    struct told told = { 0, 0 };
    struct cert_spec expired = middle;

    (void)state;
    expired.to = "260101000000Z";
    trust_cert(&root);
    send_cert(&server);
    send_cert(&expired);
    params.trace = tell;
    params.trace_arg = &told;
    assert_false(verify());
    assert_int_equal(told.tried, 2);
    assert_int_equal(told.rejected, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_path_is_found_from_the_leaf_to_the_anchor),
        TEST(order_and_what_does_not_belong_there_do_not_matter),
        TEST(a_missing_intermediate_is_named),
        TEST(where_the_path_ends_is_told_with_its_depth),
        TEST(a_self_signed_server_is_refused_unless_it_is_trusted_itself),
        TEST(an_expired_twin_of_an_intermediate_does_not_hide_the_good_one),
        TEST(a_cross_signed_intermediate_leads_to_whichever_root_is_trusted),
        TEST(of_several_anchors_with_one_name_the_right_one_is_found),
        TEST(loops_end),
        TEST(another_path_is_taken_when_constraints_forbid_the_first),
        TEST(validity_includes_both_ends),
        TEST(a_wrong_signature_is_refused),
        TEST(only_a_ca_that_may_sign_issues_certificates),
        TEST(path_lengths_do_not_count_self_issued_certificates),
        TEST(a_path_is_not_longer_than_the_limit),
        TEST(extended_key_usage_of_a_ca_limits_what_it_issues),
        TEST(unknown_critical_extensions_are_refused_on_the_path_only),
        TEST(a_ca_is_no_server),
        TEST(an_anchor_may_count_as_a_name_and_a_key),
        TEST(another_name_is_refused_with_the_names_that_are_there),
        TEST(without_the_chain_only_the_name_is_checked),
        TEST(no_certificate_and_an_unreadable_leaf_are_refused),
        TEST(the_strict_profile_asks_for_more),
        TEST(hundreds_of_namesakes_cost_no_more_than_the_budget),
        TEST(a_mesh_of_cross_signed_cas_costs_no_more_than_the_budget),
        TEST(every_failing_allocation_is_reported_and_nothing_leaks),
        TEST(every_candidate_is_traced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
