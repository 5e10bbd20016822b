/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "x509/name_constraints.h"

/*
 * Names stand as text, "d:" DNS, "e:" e-mail, "u:" URI, "n:" a directory name of one commonName, "o:" another
 * name, "i:" an address in hex. Rules and examples: RFC 5280, 4.2.1.10.
 */
static uint8_t bytes[8][1024];
static struct t99_certificate ca, leaf;
static const struct t99_certificate *const leaf_only[] = { &leaf };
static struct t99_fault fault;
static struct t99_work work;

static size_t put_name(uint8_t *out, const char *common_name)
{
    size_t len = strlen(common_name);

    if (len == 0) {
        memcpy(out, "\x30\x00", 2);
        return 2;
    }
    out[0] = 0x30;
    out[1] = (uint8_t)(len + 11);
    out[2] = 0x31;
    out[3] = (uint8_t)(len + 9);
    out[4] = 0x30;
    out[5] = (uint8_t)(len + 7);
    memcpy(out + 6, "\x06\x03\x55\x04\x03\x0c", 6);
    out[12] = (uint8_t)len;
    memcpy(out + 13, common_name, len);
    return 13 + len;
}

static size_t put_general_name(uint8_t *out, const char *name)
{
    static const char kinds[] = "oed?n?ui";
    const char *text = name + 2;
    unsigned type = (unsigned)(strchr(kinds, name[0]) - kinds), byte;
    size_t len = strlen(text);

    if (type == 4) {
        len = put_name(out + 2, text);
    } else if (type == 7) {
        for (len = 0; sscanf(text + 2 * len, "%2x", &byte) == 1; len++) {
            out[2 + len] = (uint8_t)byte;
        }
    } else if (type == 0) { /* OtherName: an OID and a value */
        memcpy(out + 2, "\x06\x01\x2a\xa0\x02\x05\x00", 7);
        len = 7;
    } else {
        memcpy(out + 2, text, len);
    }
    out[0] = (uint8_t)((type == 4 || type == 0 ? 0xa0 : 0x80) | type);
    out[1] = (uint8_t)len;
    return 2 + len;
}

/* "d:a e:b@c" to a row of general names, each in a GeneralSubtree if so wished. */
static size_t put_names(uint8_t *out, const char *names, bool subtrees)
{
    char name[256];
    size_t n = 0, len;
    int used;

    while (sscanf(names, "%255s%n", name, &used) == 1) {
        len = put_general_name(out + n + (subtrees ? 2 : 0), name);
        if (subtrees) {
            out[n] = 0x30;
            out[n + 1] = (uint8_t)len;
            n += 2;
        }
        n += len;
        names += used;
    }
    return n;
}

static void put_constraints(const char *permitted, const char *excluded)
{
    uint8_t *out = bytes[0];
    const char *sides[2];
    size_t n = 0, len;
    unsigned i;

    sides[0] = permitted;
    sides[1] = excluded;
    for (i = 0; i < 2; i++) {
        if (sides[i] != NULL) {
            len = put_names(out + n + 3, sides[i], true);
            assert_true(len < 256);
            out[n] = (uint8_t)(0xa0 | i);
            if (len < 128) {
                memmove(out + n + 2, out + n + 3, len);
                out[n + 1] = (uint8_t)len;
                n += 2 + len;
            } else {
                out[n + 1] = 0x81;
                out[n + 2] = (uint8_t)len;
                n += 3 + len;
            }
        }
    }
    memset(&ca, 0, sizeof ca);
    ca.present = 1u << EXT_NAME_CONSTRAINTS;
    ca.name_constraints = t99_span(out, n);
    ca.subject = t99_span(bytes[1], put_name(bytes[1], "CA"));
}

static void put_leaf(const char *subject, const char *names)
{
    memset(&leaf, 0, sizeof leaf);
    leaf.subject = t99_span(bytes[2], put_name(bytes[2], subject));
    leaf.issuer = ca.subject;
    if (names != NULL) {
        leaf.present = 1u << EXT_SUBJECT_ALT_NAME;
        leaf.subject_alt_name = t99_span(bytes[3], put_names(bytes[3], names, false));
    }
}

static bool check(const char *permitted, const char *excluded, const char *names)
{
    put_constraints(permitted, excluded);
    put_leaf("", names);
    work = t99_work_full();
    t99_fault_clear(&fault);
    return t99_check_name_constraints(&ca, leaf_only, 1, false, &work, &fault);
}

static void a_dns_constraint_holds_the_name_and_all_below(void **state)
{
    (void)state;
    assert_true(check("d:example.com", NULL, "d:example.com"));
    assert_true(check("d:example.com", NULL, "d:www.Example.COM"));
    assert_true(check("d:example.com", NULL, "d:a.b.example.com"));
    assert_false(check("d:example.com", NULL, "d:badexample.com"));
    assert_string_equal(fault.text,
                        "certificate verification failed: permitted subtree violation: certificate 0 (no "
                        "subject) holds the DNS name badexample.com, which is not among those permitted by "
                        "certificate 1 (CN=CA)");
    assert_false(check("d:example.com", NULL, "d:com"));
    assert_true(check("d:a.test d:b.test", NULL, "d:x.b.test"));
    assert_false(check("d:a.test d:b.test", NULL, "d:x.b.test d:c.test"));
    assert_true(check("d:", NULL, "d:any.test"));
}

static void a_leading_dot_means_only_below_and_is_refused_by_the_strict_profile(void **state)
{
    (void)state;
    assert_true(check("d:.example.com", NULL, "d:www.example.com"));
    assert_false(check("d:.example.com", NULL, "d:example.com"));
    t99_fault_clear(&fault);
    assert_false(t99_check_name_constraints(&ca, leaf_only, 1, true, &work, &fault));
    assert_non_null(strstr(fault.text, "malformed"));
}

static void excluded_goes_before_permitted(void **state)
{
    (void)state;
    assert_false(check("d:example.com", "d:example.com", "d:www.example.com"));
    assert_non_null(strstr(fault.text, "excluded subtree violation"));
    assert_true(check("d:example.com", "d:bad.example.com", "d:www.example.com"));
    assert_false(check("d:example.com", "d:bad.example.com", "d:x.bad.example.com"));
    assert_false(check(NULL, "d:", "d:any.test"));
}

static void a_wildcard_must_be_permitted_whole_and_not_be_excluded_in_part(void **state)
{
    (void)state;
    assert_true(check("d:example.com", NULL, "d:*.example.com"));
    assert_true(check("d:.example.com", NULL, "d:*.example.com"));
    assert_false(check("d:www.example.com", NULL, "d:*.example.com"));
    assert_false(check(NULL, "d:www.example.com", "d:*.example.com"));
    assert_true(check(NULL, "d:a.b.example.com", "d:*.example.com"));
    assert_true(check(NULL, "d:www.example.org", "d:*.example.com"));
}

static void names_of_other_kinds_are_not_touched(void **state)
{
    (void)state;
    assert_true(check("d:example.com", NULL, "i:c0000201 e:a@b.test"));
    assert_true(check(NULL, "i:c0000200ffffff00", "d:example.com"));
    assert_true(check("o:", NULL, "d:example.com"));
    assert_false(
        check("o:", NULL, "d:example.com o:")); /* a kind that cannot be compared: refused where it matters */
    assert_false(check(NULL, "o:", "o:"));
}

static void addresses_are_compared_under_their_mask(void **state)
{
    (void)state;
    assert_true(check("i:c0000200ffffff00", NULL, "i:c00002fe"));
    assert_false(check("i:c0000200ffffff00", NULL, "i:c0000301"));
    assert_false(check(NULL, "i:c0000200ffffff00", "i:c0000201"));
    assert_true(check("i:0a00000080000000", NULL, "i:0b000001"));
    assert_false(check("i:c0000200ffffff00", NULL, "i:20010db8000000000000000000000001"));
    assert_true(check("i:20010db8000000000000000000000000ffffffff000000000000000000000000", NULL,
                      "i:20010db8000000000000000000000001"));
    assert_false(check("i:c0000200ffffff00", NULL, "i:c00002"));
}

static void address_constraints_that_are_no_prefix_are_refused(void **state)
{
    (void)state;
    assert_false(check("i:c0000200ff00ff00", NULL, "i:c0000201"));
    assert_non_null(strstr(fault.text, "certificate 1 (CN=CA)"));
    assert_false(check("i:c0000200", NULL, "i:c0000201"));
    assert_false(check(NULL, "i:c0000200ffffff00ff", "d:example.com"));
}

static void e_mail_constraints_are_a_mailbox_a_host_or_a_domain(void **state)
{
    (void)state;
    assert_true(check("e:root@example.com", NULL, "e:root@EXAMPLE.com"));
    assert_false(check("e:root@example.com", NULL, "e:Root@example.com"));
    assert_false(check("e:root@example.com", NULL, "e:x@example.com"));
    assert_true(check("e:example.com", NULL, "e:x@example.com"));
    assert_false(check("e:example.com", NULL, "e:x@host.example.com"));
    assert_true(check("e:.example.com", NULL, "e:x@host.example.com"));
    assert_false(check("e:.example.com", NULL, "e:x@example.com"));
    assert_true(check("e:*@example.com", NULL, "e:*@example.com"));
    assert_false(check("e:**@example.com", NULL, "e:*@example.com"));
    assert_false(check("e:example.com", NULL, "e:example.com")); /* no mailbox */
}

static void uri_constraints_are_about_the_host(void **state)
{
    (void)state;
    assert_true(check("u:host.example.com", NULL, "u:https://user@HOST.example.com:8443/path@x"));
    assert_false(check("u:example.com", NULL, "u:http://host.example.com/"));
    assert_true(check("u:.example.com", NULL, "u:http://my.host.example.com"));
    assert_false(check("u:.example.com", NULL, "u:http://example.com"));
    assert_false(check(NULL, "u:.example.com", "u:http://my.host.example.com?q"));
    assert_false(check("u:.example.com", NULL, "u:http://192.0.2.1/"));
    assert_false(check("u:.example.com", NULL, "u:http://[::1]/"));
    assert_false(check("u:.example.com", NULL, "u:mailto:x"));
}

static void directory_constraints_hold_the_subject_too(void **state)
{
    (void)state;
    put_constraints("n:foo", NULL);
    put_leaf("foo", "n:foo d:example.com");
    work = t99_work_full();
    assert_true(t99_check_name_constraints(&ca, leaf_only, 1, false, &work, &fault));
    put_leaf("bar", "n:foo");
    t99_fault_clear(&fault);
    assert_false(t99_check_name_constraints(&ca, leaf_only, 1, false, &work, &fault));
    assert_non_null(strstr(fault.text, "directory name CN=bar"));
    assert_false(check(NULL, "n:foo", "n:FOO"));
}

static void malformed_names_and_constraints_are_refused(void **state)
{
    (void)state;
    assert_false(check("d:example.com", NULL, "d:.example.com"));
    assert_non_null(strstr(fault.text, "invalid name syntax"));
    assert_false(check("d:*.example.com", NULL, "d:www.example.com"));
    assert_non_null(strstr(fault.text, "\"*.example.com\", which is malformed"));
    assert_false(check(NULL, NULL, "d:example.com"));
    assert_non_null(strstr(fault.text, "empty or malformed"));
    assert_false(check("", NULL, "d:example.com"));
}

static void self_issued_cas_are_exempt_and_the_leaf_is_not(void **state)
{
    struct t99_certificate middle;
    const struct t99_certificate *path[2];

    (void)state;
    put_constraints("d:example.com", NULL);
    put_leaf("", "d:not-example.com");
    middle = leaf;
    middle.issuer = middle.subject;
    path[1] = &middle;
    put_leaf("", NULL);
    path[0] = &leaf;
    work = t99_work_full();
    t99_fault_clear(&fault);
    assert_true(t99_check_name_constraints(&ca, path, 2, false, &work, &fault));
    middle.issuer = ca.subject;
    assert_false(t99_check_name_constraints(&ca, path, 2, false, &work, &fault));
    assert_non_null(strstr(fault.text, "certificate 1 "));
    middle.issuer = middle.subject;
    path[0] = &middle;
    t99_fault_clear(&fault);
    assert_false(t99_check_name_constraints(&ca, path, 1, false, &work, &fault));
}

/* What a check costs, of a budget without end. */
static uint32_t cost(void)
{
    work.time = work.names = UINT32_MAX;
    t99_fault_clear(&fault);
    if (!t99_check_name_constraints(&ca, leaf_only, 1, false, &work, &fault)) {
        print_error("%s\n", fault.text);
        fail();
    }
    return UINT32_MAX - work.names;
}

static void the_product_of_names_and_constraints_is_bounded(void **state)
{
    uint32_t whole;

    (void)state;
    put_constraints("d:a.test d:b.test d:c.test d:d.test", NULL);
    put_leaf("", "d:x.d.test d:y.d.test");
    whole = cost();
    assert_true(whole >= 2 * 4); /* each name is held against each constraint */
    t99_fault_clear(&fault);
    work.names = whole - 1;
    assert_false(t99_check_name_constraints(&ca, leaf_only, 1, false, &work, &fault));
    assert_non_null(strstr(fault.text, "too many name constraints: certificate 1 "));
    assert_non_null(strstr(fault.text, "has 42 bytes of them, and the names below it take 22 bytes"));
    work.names = whole;
    assert_true(t99_check_name_constraints(&ca, leaf_only, 1, false, &work, &fault));
    assert_int_equal(work.names, 0);
}

/* General names of num times the text, whose length is under 120; wrapped as subtrees if so wished. */
static size_t put_many(uint8_t *out, unsigned tag, const char *text, size_t num, bool subtrees)
{
    size_t len = strlen(text), n = 0;

    for (; num != 0; num--) {
        if (subtrees) {
            out[n++] = 0x30;
            out[n++] = (uint8_t)(len + 2);
        }
        out[n++] = (uint8_t)tag;
        out[n++] = (uint8_t)len;
        memcpy(out + n, text, len);
        n += len;
    }
    return n;
}

#define MANY 5000
static uint8_t many_constraints[MANY * 40 + 8], many_names[MANY * 40];

/* Excluded subtrees that hold none of the names. */
static void put_many_constraints(unsigned tag, const char *text, size_t num)
{
    size_t len = put_many(many_constraints + 5, tag, text, num, true);

    many_constraints[0] = 0xa1;
    many_constraints[1] = 0x83;
    many_constraints[2] = (uint8_t)(len >> 16);
    many_constraints[3] = (uint8_t)(len >> 8);
    many_constraints[4] = (uint8_t)len;
    ca.name_constraints = t99_span(many_constraints, len + 5);
}

static void many_names_and_many_constraints_are_too_many(void **state)
{
    (void)state;
    put_constraints("d:a.test", NULL);
    put_leaf("", "d:a.test");
    put_many_constraints(0x82, "excluded.test", MANY);
    leaf.subject_alt_name = t99_span(many_names, put_many(many_names, 0x82, "a.test", 200, false));
    assert_true(cost() >= 200 * MANY);
    leaf.subject_alt_name = t99_span(many_names, put_many(many_names, 0x82, "a.test", MANY, false));
    work = t99_work_full();
    t99_fault_clear(&fault);
    assert_false(t99_check_name_constraints(&ca, leaf_only, 1, false, &work, &fault));
    assert_non_null(strstr(fault.text, "too many name constraints"));
    assert_int_equal(work.names, 0);
}

/* OpenSSL counts names and constraints of all kinds together; here other kinds cost their reading only. */
static void constraints_of_other_kinds_cost_their_bytes_for_each_batch_of_names(void **state)
{
    uint32_t alone, with_others;

    (void)state;
    put_constraints("d:a.test", NULL);
    put_leaf("", "d:a.test");
    leaf.subject_alt_name = t99_span(many_names, put_many(many_names, 0x82, "a.test", MANY, false));
    put_many_constraints(0x86, "excluded.test", MANY);
    alone = cost(); /* nothing is compared */
    assert_in_range(alone, (ca.name_constraints.len + leaf.subject_alt_name.len) / 4, 60000);
    memcpy(many_constraints + 5, "\x30\x0f\x82\x0d", 4); /* one of them is a dNSName now */
    with_others = cost();
    assert_true(with_others - alone >= MANY + MANY / 32 * (ca.name_constraints.len / 4));
}

/* Directory names are hashed whole, so that their bytes count where a CA has one constraint alone. */
static void the_bytes_of_names_cost_for_every_ca(void **state)
{
    uint32_t small;

    (void)state;
    put_constraints("n:foo", NULL);
    put_leaf("foo", "d:a.test");
    small = cost();
    leaf.subject_alt_name = t99_span(many_names, put_many(many_names, 0x82, "a.test", MANY, false));
    assert_true(cost() - small >= 2 * leaf.subject_alt_name.len / 4 - 8); /* counted, then compared */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dns_constraint_holds_the_name_and_all_below),
        cmocka_unit_test(a_leading_dot_means_only_below_and_is_refused_by_the_strict_profile),
        cmocka_unit_test(excluded_goes_before_permitted),
        cmocka_unit_test(a_wildcard_must_be_permitted_whole_and_not_be_excluded_in_part),
        cmocka_unit_test(names_of_other_kinds_are_not_touched),
        cmocka_unit_test(addresses_are_compared_under_their_mask),
        cmocka_unit_test(address_constraints_that_are_no_prefix_are_refused),
        cmocka_unit_test(e_mail_constraints_are_a_mailbox_a_host_or_a_domain),
        cmocka_unit_test(uri_constraints_are_about_the_host),
        cmocka_unit_test(directory_constraints_hold_the_subject_too),
        cmocka_unit_test(malformed_names_and_constraints_are_refused),
        cmocka_unit_test(self_issued_cas_are_exempt_and_the_leaf_is_not),
        cmocka_unit_test(the_product_of_names_and_constraints_is_bounded),
        cmocka_unit_test(many_names_and_many_constraints_are_too_many),
        cmocka_unit_test(constraints_of_other_kinds_cost_their_bytes_for_each_batch_of_names),
        cmocka_unit_test(the_bytes_of_names_cost_for_every_ca),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
