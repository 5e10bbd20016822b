/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "base/reader.h"

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 };

static void integers_are_read_big_endian_and_in_turn(void **state)
{
    const char *bad = "x";
    struct reader r = rd_init(bytes, sizeof bytes, &bad);

    (void)state;
    assert_null(bad);
    assert_int_equal(rd_u8(&r, "a"), 0x01);
    assert_int_equal(rd_u16(&r, "b"), 0x0203);
    assert_int_equal(rd_u24(&r, "c"), 0x040506);
    assert_int_equal(rd_u32(&r, "d"), 0x0708090a);
    assert_true(rd_u64(&r, "e") == 0x0b0c0d0e0f101112u);
    assert_int_equal(rd_left(&r), 0);
    assert_true(rd_end(&r, "all"));
}

static void the_first_field_that_does_not_fit_is_named_and_stays_named(void **state)
{
    const char *bad;
    struct reader r = rd_init(bytes, 3, &bad);

    (void)state;
    assert_int_equal(rd_u16(&r, "first"), 0x0102);
    assert_int_equal(rd_u16(&r, "second"), 0);
    assert_int_equal(rd_u8(&r, "third"), 0); /* one byte is left, but a poisoned reader gives none */
    assert_false(rd_ok(&r));
    assert_int_equal(rd_left(&r), 0);
    assert_int_equal(rd_rest(&r).len, 0);
    assert_false(rd_end(&r, "all"));
    assert_string_equal(bad, "second");
}

static void bytes_left_over_are_blamed_on_the_whole(void **state)
{
    const char *bad;
    struct reader r = rd_init(bytes, 3, &bad);

    (void)state;
    rd_u16(&r, "first");
    assert_int_equal(rd_rest(&r).len, 1);
    assert_ptr_equal(rd_rest(&r).p, bytes + 2);
    assert_false(rd_end(&r, "server_hello"));
    assert_string_equal(bad, "server_hello");
}

static void spans_point_into_the_message_and_copies_do_not(void **state)
{
    const char *bad;
    struct reader r = rd_init(bytes, 8, &bad);
    struct t99_span s = rd_bytes(&r, 3, "span");
    uint8_t copy[5];

    (void)state;
    assert_ptr_equal(s.p, bytes);
    assert_int_equal(s.len, 3);
    rd_copy(&r, copy, 5, "copy");
    assert_memory_equal(copy, bytes + 3, 5);
    assert_true(rd_end(&r, "all"));
    memset(copy, 0xff, sizeof copy);
    rd_copy(&r, copy, 5, "beyond");
    assert_memory_equal(copy, "\0\0\0\0\0", 5);
    assert_string_equal(bad, "beyond");
}

static void an_empty_message_is_read_without_being_touched(void **state)
{
    const char *bad;
    struct reader r = rd_init(NULL, 0, &bad);

    (void)state;
    assert_int_equal(rd_left(&r), 0);
    assert_int_equal(rd_bytes(&r, 0, "nothing").len, 0);
    rd_copy(&r, NULL, 0, "nothing");
    assert_true(rd_end(&r, "all"));
    assert_int_equal(rd_u8(&r, "one"), 0);
    assert_string_equal(bad, "one");
}

static void vectors_give_a_reader_of_their_own(void **state)
{
    static const uint8_t message[] = { 2, 10, 11, 0, 1, 12, 0, 0, 3, 13, 14, 15, 99 };
    const char *bad;
    struct reader r = rd_init(message, sizeof message, &bad);
    struct reader v = rd_vec8(&r, 0, 255, "v8");

    (void)state;
    assert_int_equal(rd_u16(&v, "x"), 0x0a0b);
    assert_true(rd_end(&v, "v8"));
    v = rd_vec16(&r, 1, 1, "v16");
    assert_int_equal(rd_u8(&v, "x"), 12);
    assert_true(rd_end(&v, "v16"));
    v = rd_vec24(&r, 0, 16777215, "v24");
    assert_int_equal(rd_u24(&v, "x"), 0x0d0e0f);
    assert_true(rd_end(&v, "v24"));
    assert_int_equal(rd_u8(&r, "last"), 99);
    assert_true(rd_end(&r, "all"));
}

static void a_vector_below_or_above_its_bounds_is_refused(void **state)
{
    static const uint8_t message[] = { 3, 1, 2, 3 };
    const char *bad;
    struct reader r = rd_init(message, sizeof message, &bad);

    (void)state;
    (void)rd_vec8(&r, 4, 255, "short");
    assert_string_equal(bad, "short");
    r = rd_init(message, sizeof message, &bad);
    (void)rd_vec8(&r, 0, 2, "long");
    assert_string_equal(bad, "long");
    r = rd_init(message, sizeof message, &bad);
    assert_int_equal(rd_vec8(&r, 3, 3, "right").pos - message, 1);
    assert_null(bad);
}

static void a_vector_longer_than_the_message_is_refused(void **state)
{
    static const uint8_t message[] = { 0, 4, 1, 2, 3 };
    const char *bad;
    struct reader r = rd_init(message, sizeof message, &bad), v;

    (void)state;
    v = rd_vec16(&r, 0, 65535, "vector");
    assert_int_equal(rd_left(&v), 0);
    assert_int_equal(rd_u8(&v, "element"), 0);
    assert_string_equal(bad, "vector");
}

static void a_fault_within_a_vector_poisons_the_message(void **state)
{
    static const uint8_t message[] = { 1, 7, 8 };
    const char *bad;
    struct reader r = rd_init(message, sizeof message, &bad), v = rd_vec8(&r, 0, 255, "vector");

    (void)state;
    rd_u16(&v, "element");
    assert_int_equal(rd_u8(&r, "after"), 0);
    assert_false(rd_end(&r, "all"));
    assert_string_equal(bad, "element");
}

static void a_decoder_may_refuse_a_value_itself(void **state)
{
    const char *bad;
    struct reader r = rd_init(bytes, 2, &bad);

    (void)state;
    assert_false(rd_refuse(&r, "value"));
    assert_false(rd_refuse(&r, "another"));
    assert_false(rd_end(&r, "all"));
    assert_string_equal(bad, "value");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_read_big_endian_and_in_turn),
        cmocka_unit_test(the_first_field_that_does_not_fit_is_named_and_stays_named),
        cmocka_unit_test(bytes_left_over_are_blamed_on_the_whole),
        cmocka_unit_test(spans_point_into_the_message_and_copies_do_not),
        cmocka_unit_test(an_empty_message_is_read_without_being_touched),
        cmocka_unit_test(vectors_give_a_reader_of_their_own),
        cmocka_unit_test(a_vector_below_or_above_its_bounds_is_refused),
        cmocka_unit_test(a_vector_longer_than_the_message_is_refused),
        cmocka_unit_test(a_fault_within_a_vector_poisons_the_message),
        cmocka_unit_test(a_decoder_may_refuse_a_value_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
