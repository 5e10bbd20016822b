/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "x509/policy.h"

/*
 * Policies stand as letters: "A" to "Z" are OIDs of one byte, "*" is anyPolicy. The cases follow RFC 5280,
 * 6.1.3 (d) to 6.1.5 (g); what must come out was worked out by hand on the tree of the RFC, not with this
 * code.
 */
#define MAX_CERTS 8

struct spec {
    const char *policies; /* "AB*"; NULL: no extension */
    const char *mappings; /* "AXBY": A to X, B to Y; NULL: none */
    int require_explicit, inhibit_mapping, inhibit_any;
    bool self_issued;
};

static uint8_t bytes[MAX_CERTS][2][512];
static struct t99_certificate certs[MAX_CERTS];
static const struct t99_certificate *path[MAX_CERTS];
static struct t99_fault fault;

static size_t put_oid(uint8_t *out, char letter)
{
    if (letter == '*') {
        memcpy(out, "\x06\x04\x55\x1d\x20\x00", 6);
        return 6;
    }
    memcpy(out, "\x06\x01", 2);
    out[2] = (uint8_t)letter;
    return 3;
}

static struct t99_span put_policies(uint8_t *out, const char *letters)
{
    size_t n = 0, oid;

    for (; *letters != '\0'; letters++) {
        oid = put_oid(out + n + 2, *letters);
        out[n] = 0x30;
        out[n + 1] = (uint8_t)oid;
        n += 2 + oid;
    }
    return t99_span(out, n);
}

static struct t99_span put_mappings(uint8_t *out, const char *letters)
{
    size_t n = 0, oids;

    for (; *letters != '\0'; letters += 2) {
        oids = put_oid(out + n + 2, letters[0]);
        oids += put_oid(out + n + 2 + oids, letters[1]);
        out[n] = 0x30;
        out[n + 1] = (uint8_t)oids;
        n += 2 + oids;
    }
    return t99_span(out, n);
}

/* specs from the anchor down to the leaf; wanted: the user's set, "" for any. */
static bool check(const struct spec *specs, size_t num, const char *wanted, bool explicit_policy,
                  bool no_mapping, bool no_any)
{
    struct t99_verify_params params;
    struct t99_span set[8];
    size_t i;

    memset(&params, 0, sizeof params);
    params.require_explicit_policy = explicit_policy;
    params.inhibit_policy_mapping = no_mapping;
    params.inhibit_any_policy = no_any;
    params.policies = set;
    for (i = 0; wanted[i] != '\0'; i++) {
        set[params.num_policies++] = t99_span(&wanted[i], 1);
    }
    for (i = 0; i < num; i++) {
        const struct spec *s = &specs[i];
        struct t99_certificate *c = &certs[i];

        memset(c, 0, sizeof *c);
        c->subject = t99_span("\x30\x01"
                              "A",
                              3);
        c->issuer = s->self_issued ? c->subject
                                   : t99_span("\x30\x01"
                                              "B",
                                              3);
        if (s->policies != NULL) {
            c->present |= 1u << EXT_CERTIFICATE_POLICIES;
            c->policies = put_policies(bytes[i][0], s->policies);
        }
        if (s->mappings != NULL) {
            c->present |= 1u << EXT_POLICY_MAPPINGS;
            c->policy_mappings = put_mappings(bytes[i][1], s->mappings);
        }
        c->require_explicit = s->require_explicit;
        c->inhibit_mapping = s->inhibit_mapping;
        c->inhibit_any = s->inhibit_any;
        path[num - 1 - i] = c;
    }
    t99_fault_clear(&fault);
    return t99_check_policies(&params, path, num, &fault);
}

#define ROOT                                                                                                 \
    {                                                                                                        \
        NULL, NULL, -1, -1, -1, true                                                                         \
    }
#define CERT(policies)                                                                                       \
    {                                                                                                        \
        policies, NULL, -1, -1, -1, false                                                                    \
    }
#define NUM(specs) (sizeof(specs) / sizeof((specs)[0]))

static void without_a_demand_any_path_will_do(void **state)
{
    static const struct spec none[] = { ROOT, CERT(NULL), CERT(NULL) };
    static const struct spec different[] = { ROOT, CERT("A"), CERT("B") };

    (void)state;
    assert_true(check(none, NUM(none), "", false, false, false));
    assert_true(check(different, NUM(different), "Z", false, false, false));
}

/* RFC 5280, 6.1: it is not part of the path, so it counts nothing down, whoever issued it. */
static void an_anchor_need_not_be_self_issued(void **state)
{
    static const struct spec direct[] = { CERT(NULL), CERT(NULL) };
    static const struct spec below_a_policy[] = { CERT("A"), CERT(NULL) };
    static const struct spec longer[] = { CERT("*"), CERT(NULL), CERT(NULL), CERT(NULL) };
    struct spec limited[] = { { NULL, NULL, 2, -1, -1, false }, CERT(NULL), CERT(NULL) };

    (void)state;
    assert_true(check(direct, NUM(direct), "", false, false, false));
    assert_true(check(below_a_policy, NUM(below_a_policy), "", false, false, false));
    assert_true(check(longer, NUM(longer), "", false, false, false));
    assert_false(check(limited, NUM(limited), "", false, false, false));
    limited[0].require_explicit = 3;
    assert_true(check(limited, NUM(limited), "", false, false, false));
    assert_false(check(direct, NUM(direct), "", true, false, false));
}

static void an_explicit_policy_must_run_through_the_whole_path(void **state)
{
    static const struct spec same[] = { ROOT, CERT("AB"), CERT("A") };
    static const struct spec different[] = { ROOT, CERT("A"), CERT("B") };
    static const struct spec missing[] = { ROOT, CERT(NULL), CERT("A") };

    (void)state;
    assert_true(check(same, NUM(same), "", true, false, false));
    assert_false(check(different, NUM(different), "", true, false, false));
    assert_non_null(strstr(fault.text, "no explicit policy: certificate 0"));
    assert_false(check(missing, NUM(missing), "", true, false, false));
    assert_non_null(strstr(fault.text, "certificate 1"));
}

static void the_policy_must_be_one_that_the_user_wants(void **state)
{
    static const struct spec path_ab[] = { ROOT, CERT("AB"), CERT("AB") };

    (void)state;
    assert_true(check(path_ab, NUM(path_ab), "A", true, false, false));
    assert_true(check(path_ab, NUM(path_ab), "XB", true, false, false));
    assert_false(check(path_ab, NUM(path_ab), "X", true, false, false));
}

static void require_explicit_policy_of_a_ca_counts_certificates_down(void **state)
{
    struct spec specs[] = { ROOT, { "A", NULL, 1, -1, -1, false }, CERT("A"), CERT(NULL) };

    (void)state;
    assert_false(
        check(specs, NUM(specs), "", false, false, false)); /* 1 certificate later: that of the leaf */
    specs[1].require_explicit = 2;
    assert_false(check(specs, NUM(specs), "", false, false, false)); /* 6.1.5 (a) counts the leaf too */
    specs[1].require_explicit = 3;
    assert_true(check(specs, NUM(specs), "", false, false, false));
    specs[1].require_explicit = 0;
    specs[3].policies = "A";
    assert_true(check(specs, NUM(specs), "", false, false, false));
    specs[2].policies = "B";
    assert_false(check(specs, NUM(specs), "", false, false, false));
}

static void any_policy_carries_on_every_policy_until_it_is_inhibited(void **state)
{
    struct spec specs[] = { ROOT, CERT("*"), CERT("*"), CERT("A") };

    (void)state;
    assert_true(check(specs, NUM(specs), "A", true, false, false));
    assert_false(check(specs, NUM(specs), "B", true, false, false));
    assert_false(check(specs, NUM(specs), "A", true, false, true)); /* initial-any-policy-inhibit */
    specs[1].inhibit_any = 0;
    assert_false(check(specs, NUM(specs), "A", true, false, false));
    specs[2].self_issued = true; /* 6.1.3 (d) (2): there it counts nevertheless */
    assert_true(check(specs, NUM(specs), "A", true, false, false));
}

static void any_policy_in_the_leaf_gives_what_came_before(void **state)
{
    static const struct spec specs[] = { ROOT, CERT("A"), CERT("*") };
    static const struct spec all[] = { ROOT, CERT("*"), CERT("*") };

    (void)state;
    assert_true(check(specs, NUM(specs), "A", true, false, false));
    assert_false(check(specs, NUM(specs), "B", true, false, false));
    assert_true(check(all, NUM(all), "B", true, false, false));
}

static void a_mapped_policy_is_wanted_under_its_first_name(void **state)
{
    struct spec specs[] = { ROOT, { "A", "AX", -1, -1, -1, false }, CERT("X") };

    (void)state;
    assert_true(check(specs, NUM(specs), "A", true, false, false));
    assert_false(check(specs, NUM(specs), "X", true, false, false));
    specs[2].policies = "A"; /* the mapping took its place */
    assert_false(check(specs, NUM(specs), "A", true, false, false));
    specs[2].policies = "X";
    assert_false(check(specs, NUM(specs), "A", true, true, false)); /* initial-policy-mapping-inhibit */
}

static void a_mapping_under_any_policy_begins_the_policy(void **state)
{
    static const struct spec specs[] = { ROOT, { "*", "AX", -1, -1, -1, false }, CERT("X") };

    (void)state;
    assert_true(check(specs, NUM(specs), "A", true, false, false));
    assert_false(check(specs, NUM(specs), "X", true, false, false));
}

static void policies_that_are_mapped_to_one_are_all_kept(void **state)
{
    static const struct spec specs[] = { ROOT, { "AB", "AXBX", -1, -1, -1, false }, CERT("X") };

    (void)state;
    assert_true(check(specs, NUM(specs), "A", true, false, false));
    assert_true(check(specs, NUM(specs), "B", true, false, false));
    assert_false(check(specs, NUM(specs), "C", true, false, false));
}

static void inhibit_policy_mapping_of_a_ca_ends_mapped_policies(void **state)
{
    struct spec specs[] = {
        ROOT, { "A", NULL, -1, 0, -1, false }, { "A", "AX", -1, -1, -1, false }, CERT("X")
    };

    (void)state;
    assert_false(check(specs, NUM(specs), "", true, false, false));
    specs[1].inhibit_mapping = 1;
    assert_true(check(specs, NUM(specs), "", true, false, false));
}

static void mapping_any_policy_and_listing_a_policy_twice_are_refused(void **state)
{
    static const struct spec from_any[] = { ROOT, { "A", "*X", -1, -1, -1, false }, CERT("A") };
    static const struct spec to_any[] = { ROOT, { "A", "A*", -1, -1, -1, false }, CERT("A") };
    static const struct spec twice[] = { ROOT, CERT("AA"), CERT("A") };

    (void)state;
    assert_false(check(from_any, NUM(from_any), "", false, false, false));
    assert_non_null(strstr(fault.text, "certificate 1"));
    assert_non_null(strstr(fault.text, "maps anyPolicy"));
    assert_false(check(to_any, NUM(to_any), "", false, false, false));
    assert_false(check(twice, NUM(twice), "", false, false, false));
}

/*
 * RFC 9618, 3: each certificate maps each of its policies to each; the tree of RFC 5280 has 20^7 leaves, the
 * set 20.
 */
static void many_mappings_in_many_certificates_stay_within_bounds(void **state)
{
    struct spec specs[MAX_CERTS];
    char policies[8], mappings[2 * 64 + 1];
    size_t i, n = 0, a, b;

    (void)state;
    for (a = 0; a < 7; a++) {
        policies[a] = (char)('A' + a);
        for (b = 0; b < 7; b++) {
            mappings[n++] = (char)('A' + a);
            mappings[n++] = (char)('A' + b);
        }
    }
    policies[7] = mappings[n] = '\0';
    for (i = 0; i < MAX_CERTS; i++) {
        const struct spec s = { policies, i + 1 < MAX_CERTS ? mappings : NULL, -1, -1, -1, false };

        specs[i] = s;
    }
    assert_true(check(specs, MAX_CERTS, "C", true, false, false));
    assert_false(check(specs, MAX_CERTS, "X", true, false, false));
}

static void more_policies_than_can_be_kept_are_refused(void **state)
{
    char letters[T99_POLICIES_MAX + 2];
    struct spec specs[] = { ROOT, { letters, NULL, -1, -1, -1, false } };
    size_t i;

    (void)state;
    for (i = 0; i <= T99_POLICIES_MAX; i++) {
        letters[i] = (char)('0' + i);
    }
    letters[i] = '\0';
    assert_false(check(specs, NUM(specs), "", false, false, false));
    letters[T99_POLICIES_MAX] = '\0';
    assert_true(check(specs, NUM(specs), "", false, false, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_demand_any_path_will_do),
        cmocka_unit_test(an_anchor_need_not_be_self_issued),
        cmocka_unit_test(an_explicit_policy_must_run_through_the_whole_path),
        cmocka_unit_test(the_policy_must_be_one_that_the_user_wants),
        cmocka_unit_test(require_explicit_policy_of_a_ca_counts_certificates_down),
        cmocka_unit_test(any_policy_carries_on_every_policy_until_it_is_inhibited),
        cmocka_unit_test(any_policy_in_the_leaf_gives_what_came_before),
        cmocka_unit_test(a_mapped_policy_is_wanted_under_its_first_name),
        cmocka_unit_test(a_mapping_under_any_policy_begins_the_policy),
        cmocka_unit_test(policies_that_are_mapped_to_one_are_all_kept),
        cmocka_unit_test(inhibit_policy_mapping_of_a_ca_ends_mapped_policies),
        cmocka_unit_test(mapping_any_policy_and_listing_a_policy_twice_are_refused),
        cmocka_unit_test(many_mappings_in_many_certificates_stay_within_bounds),
        cmocka_unit_test(more_policies_than_can_be_kept_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
