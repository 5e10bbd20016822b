/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/bytes.h"

static const uint8_t bytes[9] = { 0x00, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8 };

static void integers_are_loaded_from_any_address(void **state)
{
    (void)state;
    assert_int_equal(load_be16(bytes + 1), 0xf1f2);
    assert_int_equal(load_be24(bytes + 1), 0xf1f2f3);
    assert_true(load_be32(bytes + 1) == 0xf1f2f3f4u);
    assert_true(load_be64(bytes + 1) == 0xf1f2f3f4f5f6f7f8u);
    assert_true(load_le32(bytes + 1) == 0xf4f3f2f1u);
    assert_true(load_le64(bytes + 1) == 0xf8f7f6f5f4f3f2f1u);
}

static void what_is_stored_is_loaded_again(void **state)
{
    uint8_t out[9];

    (void)state;
    memset(out, 0, sizeof out);
    store_be16(out + 1, 0xf1f2);
    assert_memory_equal(out, bytes, 3);
    store_be24(out + 1, 0xf1f2f3);
    assert_memory_equal(out, bytes, 4);
    store_be32(out + 1, 0xf1f2f3f4u);
    assert_memory_equal(out, bytes, 5);
    store_be64(out + 1, 0xf1f2f3f4f5f6f7f8u);
    assert_memory_equal(out, bytes, 9);
    store_le32(out + 1, 0xf4f3f2f1u);
    assert_memory_equal(out, bytes, 9);
    memset(out, 0, sizeof out);
    store_le64(out + 1, 0xf8f7f6f5f4f3f2f1u);
    assert_memory_equal(out, bytes, 9);
}

static void spans_are_equal_by_content(void **state)
{
    (void)state;
    assert_true(t99_span_equal(t99_span("abc", 3), t99_span("abcd", 3)));
    assert_false(t99_span_equal(t99_span("abc", 3), t99_span("abd", 3)));
    assert_false(t99_span_equal(t99_span("abc", 3), t99_span("abc", 2)));
    assert_true(t99_span_equal(t99_span(NULL, 0), t99_span("", 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_loaded_from_any_address),
        cmocka_unit_test(what_is_stored_is_loaded_again),
        cmocka_unit_test(spans_are_equal_by_content),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
