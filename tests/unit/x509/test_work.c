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
#include "x509/hostile.h"
#include "x509/make_crl.h"
#include "x509/ocsp.h"
#include "x509/pem.h"
#include "x509/verify.h"

/* The work budget, by its counters: tests/bench/hostile.c has the times. */

#define NOW INT64_C(1800000000) /* 2027-01-15 */

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
    num_allocated -= p != NULL ? 1 : 0;
    free(p);
}

static const struct t99_env env = { NULL, test_alloc, test_release, NULL, NULL };

static struct hostile sent;
static struct t99_trust *trust;
static struct t99_verify_params params;
static struct t99_search s;
static size_t num_tried;

static void count_tried(void *arg, const struct t99_trace *step)
{
    (void)arg;
    num_tried += step->kind == TRACE_TRIED ? 1 : 0;
}

static int set_up(void **state)
{
    (void)state;
    allocations_left = SIZE_MAX;
    trust = t99_trust_new(&env);
    hostile_begin(&sent);
    memset(&params, 0, sizeof params);
    params.env = &env;
    params.trust = trust;
    params.time = NOW;
    params.verify_chain = true;
    params.max_intermediates = -1;
    params.trace = count_tried;
    return trust != NULL && t99_trust_add_der(trust, sent.anchor) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    t99_trust_free(trust);
    return num_allocated == 0 ? 0 : -1;
}

/* What is left of the budget is in s.work afterwards, the refusal in s.best. */
static bool search(void)
{
    struct t99_chain chain;
    struct t99_fault fault;
    bool found;

    num_tried = 0;
    t99_fault_clear(&fault);
    found =
        t99_search_init(&s, &params, sent.certs, sent.num, &fault) && t99_find_path(&s, &params, &chain, 0);
    t99_search_free(&s);
    return found;
}

/* The lists of a case are left out here: without them there is no reason to refuse it. */
static bool good(const struct hostile_case *c)
{
    return c->found || c->lists != 0;
}

static void what_a_hostile_server_sends_is_found_or_refused_as_it_should_be(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < NUM_HOSTILE; i++) {
        hostile_begin(&sent);
        hostile_cases[i].make(&sent);
        if (search() != good(&hostile_cases[i])) {
            print_error("%s: %s\n", hostile_cases[i].name, s.best.text);
            fail();
        }
        assert_true(good(&hostile_cases[i]) || t99_faulted(&s.best));
    }
}

static void no_more_signatures_are_verified_than_the_budget_buys(void **state)
{
    const size_t p256 = 210; /* microseconds, t99_signature_cost() */

    (void)state;
    hostile_namesakes(&sent);
    assert_false(search());
    assert_int_equal(s.work.time, 0);
    assert_in_range(num_tried, 100, T99_WORK_TIME / p256 + 1); /* the leaf costs no signature */
    assert_non_null(strstr(s.best.text, "too many possible paths: the 247 certificates sent"));
}

static void a_slow_key_costs_more_of_the_budget(void **state)
{
    (void)state;
    hostile_rsa(&sent);
    assert_false(search());
    assert_int_equal(s.work.time, 0);
    assert_in_range(num_tried, 5, 11); /* 3.3 ms each */
    hostile_begin(&sent);
    hostile_p521(&sent);
    assert_false(search());
    assert_int_equal(s.work.time, 0);
    assert_in_range(num_tried, 15, 23); /* 1.4 ms each */
}

static void keys_that_are_too_long_cost_no_signature(void **state)
{
    static uint8_t signature[2048];
    struct t99_public_key key;
    const char *bad = NULL;
    struct cert_spec c = hostile_ca, leaf = hostile_leaf;
    size_t i;

    (void)state;
    memset(signature, 0x5a, sizeof signature);
    c.raw_spki = der_rsa_spki(&hostile_part[0], 2048); /* 16384 bits */
    assert_true(t99_decode_spki(&key, c.raw_spki, &bad));
    assert_int_equal(t99_signature_cost(&key, 0), 10); /* wherever it is: of CRLs, too */
    leaf.raw_alg = t99_span(hostile_rsa_sha256, 15);
    leaf.raw_signature = t99_span(signature, sizeof signature);
    hostile_add(&sent, &leaf);
    for (i = 0; i < 40; i++) {
        c.serial = 1 + (unsigned)i;
        hostile_add(&sent, &c);
    }
    assert_false(search());
    assert_int_equal(num_tried, 41);
    assert_true(s.work.time > T99_WORK_TIME * 8 / 10);
    assert_non_null(strstr(s.best.text, "unsupported public key"));
    assert_non_null(strstr(s.best.text, "RSA 16384"));
}

static void cheap_rules_go_before_signatures(void **state)
{
    (void)state;
    hostile_expired_twins(&sent);
    assert_true(search());
    assert_true(s.work.time > T99_WORK_TIME * 9 / 10);
    assert_int_equal(num_tried, 3); /* the leaf, the good one, the root: what is current goes first */
}

static void a_mesh_ends_with_the_budget(void **state)
{
    (void)state;
    hostile_mesh(&sent);
    assert_false(search());
    assert_int_equal(s.work.time, 0);
    assert_true(num_tried < T99_WORK_TIME / T99_WORK_CANDIDATE);
}

static void as_many_names_as_others_allow_are_compared_and_no_more(void **state)
{
    (void)state;
    hostile_dns_product(&sent);
    assert_true(search());
    assert_in_range(T99_WORK_NAMES - s.work.names, 1u << 20, T99_WORK_NAMES);
    hostile_begin(&sent);
    hostile_dns_too_many(&sent);
    assert_false(search());
    assert_int_equal(s.work.names, 0);
    assert_non_null(strstr(s.best.text, "too many name constraints"));
}

/* Both at once: neither leaves room for more of the other. */
static void all_budgets_can_be_spent_before_a_good_path(void **state)
{
    (void)state;
    hostile_all_found(&sent);
    assert_true(search());
    assert_true(s.work.time < T99_WORK_TIME / 3 && s.work.names < T99_WORK_NAMES / 10);
    hostile_begin(&sent);
    hostile_all_refused(&sent);
    assert_false(search());
    assert_true(s.work.time == 0 && s.work.names < T99_WORK_NAMES / 10);
    assert_non_null(strstr(s.best.text, "too many possible paths: the "));
}

/* What the search has left is all that there is for the staple: eight signatures of 3.3 ms are not. */
static void a_staple_is_charged_to_the_same_budget(void **state)
{
    struct t99_chain chain;
    struct t99_ocsp_result result;
    struct t99_fault fault;

    (void)state;
    hostile_many_responders(&sent);
    t99_fault_clear(&fault);
    assert_true(t99_search_init(&s, &params, sent.certs, sent.num, &fault) &&
                t99_find_path(&s, &params, &chain, 0));
    assert_false(t99_ocsp_verify(&result, &s.work, sent.staple, chain.certs[0], chain.certs[1], NOW, &fault));
    assert_string_equal(fault.text,
                        "ocsp verify failed: to find its signer is more than a verification may cost");
    assert_int_equal(fault.alert, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE);
    assert_int_equal(s.work.time, 0);
    t99_search_free(&s);
}

static void add_list(struct t99_crl_store *store, const char *issuer, unsigned key)
{
    static struct der_out d;
    struct crl_spec spec = { .issuer = issuer, .key = key, .number = 5 };
    uint8_t pem[4096];
    size_t len = t99_pem_encode(pem, sizeof pem, "X509 CRL", make_crl(&d, &spec)), added, skipped;

    assert_true(len <= sizeof pem && t99_crl_store_add_pem(store, pem, len, &added, &skipped) && added == 1);
}

/* A list is looked into once for a certificate; then a point costs 2 microseconds for each list. */
static void distribution_points_are_asked_as_long_as_the_budget_lasts(void **state)
{
    struct t99_crl_store *store = t99_crl_store_new(&env);
    bool found[2];

    (void)state;
    assert_non_null(store);
    add_list(store, "Middle", 2);
    add_list(store, "Root", 1);
    params.crls = store;
    hostile_points(&sent, 4000);
    found[0] = search();
    hostile_begin(&sent);
    hostile_points(&sent, 45000);
    found[1] = search();
    t99_crl_store_free(store);
    assert_true(found[0]);
    assert_false(found[1]);
    assert_int_equal(s.work.time, 0);
}

static void every_failing_allocation_is_reported_whatever_is_sent(void **state)
{
    struct t99_path *path;
    struct t99_fault fault;
    size_t i, n, before = num_allocated;

    (void)state;
    for (i = 0; i < NUM_HOSTILE; i++) {
        hostile_begin(&sent);
        hostile_cases[i].make(&sent);
        for (n = 0; n < 10; n++) {
            t99_fault_clear(&fault);
            allocations_left = n;
            if (t99_verify(&path, &params, sent.certs, sent.num, &fault)) {
                t99_path_free(&env, path);
                assert_true(good(&hostile_cases[i]) && n >= 2);
                break;
            }
            assert_null(path);
            assert_int_equal(num_allocated, before);
            if (fault.kind != FAULT_MEMORY) {
                assert_false(good(&hostile_cases[i]));
                assert_int_equal(fault.kind, FAULT_VERIFY);
                break;
            }
        }
        assert_true(n >= 1 && n < 10);
        assert_int_equal(num_allocated, before);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_hostile_server_sends_is_found_or_refused_as_it_should_be),
        TEST(no_more_signatures_are_verified_than_the_budget_buys),
        TEST(a_slow_key_costs_more_of_the_budget),
        TEST(keys_that_are_too_long_cost_no_signature),
        TEST(cheap_rules_go_before_signatures),
        TEST(a_mesh_ends_with_the_budget),
        TEST(as_many_names_as_others_allow_are_compared_and_no_more),
        TEST(all_budgets_can_be_spent_before_a_good_path),
        TEST(a_staple_is_charged_to_the_same_budget),
        TEST(distribution_points_are_asked_as_long_as_the_budget_lasts),
        TEST(every_failing_allocation_is_reported_whatever_is_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
