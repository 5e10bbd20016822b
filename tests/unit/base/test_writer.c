/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "base/writer.h"

static void integers_and_bytes_are_written_big_endian_and_in_turn(void **state)
{
    uint8_t buf[13];
    struct writer w = wr_init(buf, sizeof buf);

    (void)state;
    wr_u8(&w, 0x01);
    wr_u16(&w, 0x0203);
    wr_u24(&w, 0x040506);
    wr_u32(&w, 0x0708090a);
    wr_bytes(&w, "\x0b\x0c\x0d", 3);
    wr_bytes(&w, NULL, 0);
    assert_true(wr_ok(&w));
    assert_int_equal(w.len, 13);
    assert_memory_equal(buf, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d", 13);
}

static void what_does_not_fit_is_not_written_and_nothing_after_it(void **state)
{
    uint8_t buf[4] = { 0xee, 0xee, 0xee, 0xee };
    struct writer w = wr_init(buf, 3);

    (void)state;
    wr_u16(&w, 0x0102);
    wr_u16(&w, 0x0304);
    wr_u8(&w, 5); /* would fit */
    assert_false(wr_ok(&w));
    assert_null(wr_room(&w, 1));
    assert_int_equal(w.len, 2);
    assert_memory_equal(buf, "\x01\x02\xee\xee", 4);
}

static void a_full_buffer_is_no_fault(void **state)
{
    uint8_t buf[3];
    struct writer w = wr_init(buf, sizeof buf);

    (void)state;
    wr_u24(&w, 1);
    assert_true(wr_ok(&w));
    wr_bytes(&w, buf, 0);
    assert_true(wr_ok(&w));
    wr_u8(&w, 1);
    assert_false(wr_ok(&w));
}

static void a_length_that_would_overflow_is_refused(void **state)
{
    uint8_t buf[4];
    struct writer w = wr_init(buf, sizeof buf);

    (void)state;
    wr_u8(&w, 1);
    assert_null(wr_room(&w, SIZE_MAX));
    assert_false(wr_ok(&w));
}

static void the_lengths_of_nested_vectors_are_filled_in(void **state)
{
    uint8_t buf[32];
    struct writer w = wr_init(buf, sizeof buf);
    size_t outer = wr_open24(&w), middle = wr_open16(&w), inner = wr_open8(&w);

    (void)state;
    wr_bytes(&w, "ab", 2);
    wr_close8(&w, inner);
    wr_u8(&w, 0x63);
    wr_close16(&w, middle);
    wr_close24(&w, outer);
    assert_true(wr_ok(&w));
    assert_int_equal(w.len, 9);
    assert_memory_equal(buf,
                        "\0\0\x06\0\x04\x02"
                        "abc",
                        9);
}

static void a_vector_may_be_empty(void **state)
{
    uint8_t buf[2] = { 0xff, 0xff };
    struct writer w = wr_init(buf, sizeof buf);

    (void)state;
    wr_close16(&w, wr_open16(&w));
    assert_true(wr_ok(&w));
    assert_memory_equal(buf, "\0\0", 2);
}

static void a_vector_too_long_for_its_length_is_refused(void **state)
{
    static uint8_t buf[70000];
    struct writer w = wr_init(buf, sizeof buf);
    size_t mark = wr_open8(&w);

    (void)state;
    assert_non_null(wr_room(&w, 255));
    wr_close8(&w, mark);
    assert_true(wr_ok(&w));
    assert_int_equal(buf[0], 255);
    assert_non_null(wr_room(&w, 1));
    wr_close8(&w, mark);
    assert_false(wr_ok(&w));
    w = wr_init(buf, sizeof buf);
    mark = wr_open16(&w);
    assert_non_null(wr_room(&w, 65535));
    wr_close16(&w, mark);
    assert_true(wr_ok(&w));
    assert_int_equal(load_be16(buf), 65535);
    assert_non_null(wr_room(&w, 1));
    wr_close16(&w, mark);
    assert_false(wr_ok(&w));
}

static void a_vector_opened_where_no_room_is_left_stays_refused(void **state)
{
    uint8_t buf[2] = { 1, 2 };
    struct writer w = wr_init(buf, 1);
    size_t mark = wr_open16(&w);

    (void)state;
    wr_close16(&w, mark);
    assert_false(wr_ok(&w));
    assert_memory_equal(buf, "\x01\x02", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_and_bytes_are_written_big_endian_and_in_turn),
        cmocka_unit_test(what_does_not_fit_is_not_written_and_nothing_after_it),
        cmocka_unit_test(a_full_buffer_is_no_fault),
        cmocka_unit_test(a_length_that_would_overflow_is_refused),
        cmocka_unit_test(the_lengths_of_nested_vectors_are_filled_in),
        cmocka_unit_test(a_vector_may_be_empty),
        cmocka_unit_test(a_vector_too_long_for_its_length_is_refused),
        cmocka_unit_test(a_vector_opened_where_no_room_is_left_stays_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
