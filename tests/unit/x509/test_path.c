/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <time.h>

#include "x509/verify_fixture.h"

/* Path building: RFC 4158; what it may cost. Certificates are made here, key "n" is the byte n. */

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
        "(CN=server.example) was issued by CN=Middle, which is not among the 1 trusted ones; nor did the "
        "server send it");
    assert_int_equal(fault.alert, ALERT_UNKNOWN_CA);
}

/* RFC 5280, 4.2.2.1: a server that forgets its intermediate is told apart by where that is to be had. */
static void a_missing_intermediate_is_told_with_where_it_is(void **state)
{
    static const char aia[] = "\x30\x33\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x01\x04\x27\x30\x25\x30\x23"
                              "\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02\x86\x17http://ca.example/m.cer";
    struct cert_spec told = server;

    (void)state;
    told.extra = aia;
    told.extra_len = sizeof aia - 1;
    trust_cert(&root);
    send_cert(&told);
    assert_refused("which is not among the 1 trusted ones; nor did the server send it (it is at "
                   "http://ca.example/m.cer)");
    send_cert(&middle);
    assert_true(verify());
    certs[1].len--;
    assert_refused("nor did the server send it (it is at http://ca.example/m.cer), unless it is certificate "
                   "1, which does not decode: ");
}

static void a_signature_of_another_key_is_told_with_whose_it_should_be(void **state)
{
    struct cert_spec forged = server, other = middle;

    (void)state;
    forged.issuer_key = 9;
    trust_cert(&root);
    send_cert(&forged);
    send_cert(&middle);
    assert_refused(
        "certificate signature failure: certificate 0 (CN=server.example) was issued by CN=Middle, "
        "but not signed with the key of the certificate of that name that the server sent");
    other.issuer = other.subject;
    trust_cert(&other);
    num_certs = 1;
    assert_refused("but not signed with the key of the certificate of that name that is trusted");
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
        "certificate has expired: certificate 1 (CN=Middle) was valid until 2026-01-01 00:00:00 UTC, 379 "
        "days ago (the clock says 2027-01-15 08:00:00 UTC)");
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

/* ---- Limits ---- */

/* A leaf and num intermediates, each issued by the next, the last by the root. */
static void send_long_chain(unsigned num)
{
    static char names[T99_PATH_MAX][12];
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
    assert_non_null(strstr(fault.text, "too many possible paths: the 241 certificates sent"));
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

static void tell(void *arg, const struct t99_trace *step)
{
    struct told *told = (struct told *)arg;

    told->tried += step->kind == TRACE_TRIED ? 1 : 0;
    told->rejected += step->kind == TRACE_REJECTED ? 1 : 0;
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

/* Each of the 40 that are given up has the same 200 namesakes of its issuer beside it. */
static void what_is_not_followed_is_traced_up_to_a_limit(void **state)
{
    struct told told = { 0, 0 };
    struct cert_spec astray = middle, false_root = root;
    unsigned i;

    (void)state;
    false_root.key = false_root.issuer_key = 9;
    trust_cert(&false_root);
    send_cert(&server);
    for (i = 0; i < 40; i++) {
        send_cert(&middle);
    }
    astray.subject = "Root";
    astray.issuer = "Nobody";
    for (i = 0; i < 200; i++) {
        send_cert(&astray);
    }
    params.trace = tell;
    params.trace_arg = &told;
    assert_refused("certificate signature failure: certificate 1 (CN=Middle)");
    assert_in_range(told.tried, 900, T99_TRACE_MAX + 2 * 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_path_is_found_from_the_leaf_to_the_anchor),
        TEST(order_and_what_does_not_belong_there_do_not_matter),
        TEST(a_missing_intermediate_is_named),
        TEST(a_missing_intermediate_is_told_with_where_it_is),
        TEST(a_signature_of_another_key_is_told_with_whose_it_should_be),
        TEST(where_the_path_ends_is_told_with_its_depth),
        TEST(a_self_signed_server_is_refused_unless_it_is_trusted_itself),
        TEST(an_expired_twin_of_an_intermediate_does_not_hide_the_good_one),
        TEST(a_cross_signed_intermediate_leads_to_whichever_root_is_trusted),
        TEST(of_several_anchors_with_one_name_the_right_one_is_found),
        TEST(loops_end),
        TEST(another_path_is_taken_when_constraints_forbid_the_first),
        TEST(a_path_is_not_longer_than_the_limit),
        TEST(hundreds_of_namesakes_cost_no_more_than_the_budget),
        TEST(a_mesh_of_cross_signed_cas_costs_no_more_than_the_budget),
        TEST(every_failing_allocation_is_reported_and_nothing_leaks),
        TEST(every_candidate_is_traced),
        TEST(what_is_not_followed_is_traced_up_to_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
