/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "hex.h"
#include "x509/der.h"
#include "x509/oid.h"

static const char *bad;
static uint8_t input[512];

/* A reader for hex digits. */
static struct reader reader_of(const char *hex)
{
    return rd_init(input, hex_read(input, sizeof input, hex), &bad);
}

static bool is_hex(struct t99_span s, const char *hex)
{
    uint8_t expected[64];

    return t99_span_equal(s, t99_span(expected, hex_read(expected, sizeof expected, hex)));
}

/* X.690, 8.1.3, 10.1: lengths in as few octets as possible. */
static void lengths_are_definite_and_minimal(void **state)
{
    static const char *const refused[] = {
        "",
        "04",
        "0401",
        "0480aa0000",
        "048101aa",
        "0482000100",
        "0485000000",
        "04ff",
        "048100",
        "04830000aa",
        "0484000000010000aa",
        "04820080",
        "0402aa",
        "2480040000",
        "1f0100",
        "3f810100",
        "0481",
        "048201",
    };
    struct reader r;
    size_t i;

    (void)state;
    r = reader_of("0400 0402aabb 3003020105");
    assert_int_equal(t99_der_element(&r, NULL, "a").len, 2);
    assert_true(is_hex(t99_der_element(&r, NULL, "b"), "0402aabb"));
    assert_true(is_hex(t99_der_contents(&r, DER_SEQUENCE, "c"), "020105"));
    assert_true(rd_end(&r, "all"));
    for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        r = reader_of(refused[i]);
        assert_null(t99_der_element(&r, NULL, "element").p);
        assert_string_equal(bad, "element");
    }
}

static void lengths_of_two_and_three_octets_are_read(void **state)
{
    static uint8_t big[70000];
    struct reader r;

    (void)state;
    memcpy(big, "\x04\x81\x80", 3);
    r = rd_init(big, 3 + 0x80, &bad);
    assert_int_equal(t99_der_contents(&r, DER_OCTET_STRING, "x").len, 0x80);
    assert_true(rd_end(&r, "x"));
    memcpy(big, "\x04\x82\x01\x00", 4);
    r = rd_init(big, 4 + 0x100, &bad);
    assert_int_equal(t99_der_contents(&r, DER_OCTET_STRING, "x").len, 0x100);
    assert_true(rd_end(&r, "x"));
    memcpy(big, "\x04\x83\x01\x00\x00", 5);
    r = rd_init(big, 5 + 0x10000, &bad);
    assert_int_equal(t99_der_contents(&r, DER_OCTET_STRING, "x").len, 0x10000);
    assert_true(rd_end(&r, "x"));
    r = rd_init(big, 5 + 0xffff, &bad);
    assert_null(t99_der_contents(&r, DER_OCTET_STRING, "x").p);
}

static void a_tag_that_is_not_expected_is_refused_and_poisons(void **state)
{
    struct reader r = reader_of("040100 0500"), sub;

    (void)state;
    assert_true(t99_der_peek(&r, DER_OCTET_STRING));
    assert_false(t99_der_peek(&r, DER_NULL));
    sub = t99_der_enter(&r, DER_SEQUENCE, "outer");
    assert_int_equal(rd_left(&sub), 0);
    assert_int_equal(t99_der_contents(&r, DER_NULL, "later").len, 0);
    assert_false(rd_end(&r, "all"));
    assert_string_equal(bad, "outer");
}

/* X.690, 8.3.2: the first nine bits are not all the same. */
static void integers_are_minimal(void **state)
{
    static const char *const refused[] = { "0200",     "02020000",   "0202007f", "0202ff80",
                                           "0202ffff", "0203000001", "0a0101" };
    static const char *const accepted[] = { "020100", "02017f", "02020080", "0201ff", "0201 80", "0202ff7f" };
    struct reader r;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        r = reader_of(refused[i]);
        assert_null(t99_der_integer(&r, "n").p);
        assert_false(rd_ok(&r));
    }
    for (i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        r = reader_of(accepted[i]);
        assert_non_null(t99_der_integer(&r, "n").p);
        assert_true(rd_end(&r, "n"));
    }
}

static void small_integers_have_their_value_and_their_bound(void **state)
{
    struct reader r = reader_of("020100 02017f 02020080 02027fff 02047fffffff");

    (void)state;
    assert_int_equal(t99_der_small(&r, 0, "n"), 0);
    assert_int_equal(t99_der_small(&r, 127, "n"), 127);
    assert_int_equal(t99_der_small(&r, 0x7fffffff, "n"), 128);
    assert_int_equal(t99_der_small(&r, 0x7fff, "n"), 0x7fff);
    assert_int_equal(t99_der_small(&r, 0x7fffffff, "n"), 0x7fffffff);
    assert_true(rd_end(&r, "n"));
    r = reader_of("020103");
    assert_int_equal(t99_der_small(&r, 2, "version"), 0);
    assert_string_equal(bad, "version");
    r = reader_of("0201ff");
    t99_der_small(&r, 0x7fffffff, "negative");
    assert_string_equal(bad, "negative");
    r = reader_of("02050100000000");
    t99_der_small(&r, 0x7fffffff, "long");
    assert_string_equal(bad, "long");
}

/* X.690, 11.1. */
static void booleans_are_00_or_ff(void **state)
{
    struct reader r = reader_of("010100 0101ff");

    (void)state;
    assert_false(t99_der_boolean(&r, "b"));
    assert_true(t99_der_boolean(&r, "b"));
    assert_true(rd_end(&r, "b"));
    r = reader_of("010101");
    t99_der_boolean(&r, "b");
    assert_false(rd_ok(&r));
    r = reader_of("0102ffff");
    t99_der_boolean(&r, "b");
    assert_false(rd_ok(&r));
    r = reader_of("0100");
    t99_der_boolean(&r, "b");
    assert_false(rd_ok(&r));
}

/* X.690, 8.6.4.2: its example, 0a3b5f291cd with four unused bits. */
static void bit_strings_fill_their_octets_where_they_must(void **state)
{
    struct reader r = reader_of("030300aabb 030100");

    (void)state;
    assert_true(is_hex(t99_der_bit_octets(&r, "bits"), "aabb"));
    assert_int_equal(t99_der_bit_octets(&r, "bits").len, 0);
    assert_true(rd_end(&r, "bits"));
    r = reader_of("0307040a3b5f291cd0");
    t99_der_bit_octets(&r, "bits");
    assert_false(rd_ok(&r));
    r = reader_of("0300");
    t99_der_bit_octets(&r, "bits");
    assert_false(rd_ok(&r));
}

/* keyUsage as openssl(1) encodes "keyCertSign, cRLSign", "digitalSignature" and "decipherOnly". */
static void named_bits_are_numbered_from_the_first(void **state)
{
    struct reader r = reader_of("03020106 03020780 0303070080 030100 0303070600 8102 0640");

    (void)state;
    assert_int_equal(t99_der_named_bits(&r, DER_BIT_STRING, "ku"), 1 << 5 | 1 << 6);
    assert_int_equal(t99_der_named_bits(&r, DER_BIT_STRING, "ku"), 1 << 0);
    assert_int_equal(t99_der_named_bits(&r, DER_BIT_STRING, "ku"), 1 << 8);
    assert_int_equal(t99_der_named_bits(&r, DER_BIT_STRING, "ku"), 0);
    /* as in the root Trustwave Global ECC P256: a trailing zero bit */
    assert_int_equal(t99_der_named_bits(&r, DER_BIT_STRING, "ku"), 1 << 5 | 1 << 6);
    assert_int_equal(t99_der_named_bits(&r, DER_CONTEXT | 1, "reasons"), 1 << 1);
    assert_true(rd_end(&r, "ku"));
}

static void named_bits_with_a_bad_count_or_padding_are_refused(void **state)
{
    static const char *const refused[] = { "0300",     "030101",       "030208ff",
                                           "03020107", "030400ffffff", "0302ff80" };
    struct reader r;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        r = reader_of(refused[i]);
        assert_int_equal(t99_der_named_bits(&r, DER_BIT_STRING, "ku"), 0);
        assert_false(rd_ok(&r));
    }
}

/* X.690, 8.19.2 and its example 8.19.5: {2 100 3} is 06 03 813403. */
static void oids_have_whole_minimal_arcs(void **state)
{
    static const char *const refused[] = { "0600",        "060180",      "06028001",
                                           "06035580 01", "060355 0480", "0603558080" };
    struct reader r = reader_of("0603813403 0603550403 06028100");
    size_t i;

    (void)state;
    assert_true(is_hex(t99_der_oid(&r, "oid"), "813403"));
    assert_true(is_hex(t99_der_oid(&r, "oid"), "550403"));
    assert_true(is_hex(t99_der_oid(&r, "oid"), "8100"));
    assert_true(rd_end(&r, "oid"));
    for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        r = reader_of(refused[i]);
        t99_der_oid(&r, "oid");
        assert_false(rd_ok(&r));
    }
}

static void times_come_with_their_tag(void **state)
{
    struct reader r;
    uint8_t tag = 0;

    (void)state;
    r = rd_init("\x17\x0d"
                "700101000001Z"
                "\x18\x0f"
                "19700101000002Z",
                32, &bad);
    assert_int_equal(t99_der_time(&r, &tag, "t"), 1);
    assert_int_equal(tag, DER_UTC_TIME);
    assert_int_equal(t99_der_time(&r, &tag, "t"), 2);
    assert_int_equal(tag, DER_GENERALIZED_TIME);
    assert_true(rd_end(&r, "t"));
    r = reader_of("020100");
    t99_der_time(&r, &tag, "t");
    assert_string_equal(bad, "t");
}

static void a_reader_inside_shares_the_error(void **state)
{
    struct reader r = reader_of("3003020105"), inner;

    (void)state;
    inner = t99_der_inside(&r, t99_span(input + 2, 3));
    assert_int_equal(t99_der_small(&inner, 9, "n"), 5);
    t99_der_small(&inner, 9, "one more");
    assert_false(rd_ok(&r));
    assert_string_equal(bad, "one more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_definite_and_minimal),
        cmocka_unit_test(lengths_of_two_and_three_octets_are_read),
        cmocka_unit_test(a_tag_that_is_not_expected_is_refused_and_poisons),
        cmocka_unit_test(integers_are_minimal),
        cmocka_unit_test(small_integers_have_their_value_and_their_bound),
        cmocka_unit_test(booleans_are_00_or_ff),
        cmocka_unit_test(bit_strings_fill_their_octets_where_they_must),
        cmocka_unit_test(named_bits_are_numbered_from_the_first),
        cmocka_unit_test(named_bits_with_a_bad_count_or_padding_are_refused),
        cmocka_unit_test(oids_have_whole_minimal_arcs),
        cmocka_unit_test(times_come_with_their_tag),
        cmocka_unit_test(a_reader_inside_shares_the_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
