/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "base/ct.h"
#include "base/wipe.h"

#define ONES UINT64_MAX

static const uint64_t values[] = { 0,
                                   1,
                                   2,
                                   255,
                                   256,
                                   UINT32_MAX,
                                   (uint64_t)UINT32_MAX + 1,
                                   INT64_MAX,
                                   (uint64_t)INT64_MAX + 1,
                                   UINT64_MAX - 1,
                                   UINT64_MAX };
#define NUM_VALUES (sizeof values / sizeof values[0])

static void comparisons_give_ones_or_zeros_for_every_pair(void **state)
{
    size_t i, j;

    (void)state;
    for (i = 0; i < NUM_VALUES; i++) {
        uint64_t a = values[i];

        assert_true(ct_hide(a) == a);
        assert_true(ct_is_zero(a) == (a == 0 ? ONES : 0));
        assert_true(ct_bit(a) == (a % 2 == 1 ? ONES : 0));
        for (j = 0; j < NUM_VALUES; j++) {
            uint64_t b = values[j];

            assert_true(ct_eq(a, b) == (a == b ? ONES : 0));
            assert_true(ct_lt(a, b) == (a < b ? ONES : 0));
            assert_true(ct_pick(ONES, a, b) == a);
            assert_true(ct_pick(0, a, b) == b);
        }
    }
    assert_true(ct_reveal(ONES));
    assert_false(ct_reveal(0));
}

static void equality_of_bytes_sees_every_bit(void **state)
{
    uint8_t a[37], b[37];
    size_t bit;

    (void)state;
    memset(a, 0x3c, sizeof a);
    memcpy(b, a, sizeof a);
    assert_true(t99_ct_equal(a, b, sizeof a) == ONES);
    assert_true(t99_ct_equal(a, b, 0) == ONES);
    for (bit = 0; bit < 8 * sizeof a; bit++) {
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(t99_ct_equal(a, b, sizeof a) == 0);
        assert_true(t99_ct_equal(a, b, bit / 8) == ONES);
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void selection_takes_the_one_or_the_other_also_in_place(void **state)
{
    uint8_t a[5] = { 1, 2, 3, 4, 5 }, b[5] = { 6, 7, 8, 9, 10 }, out[5];

    (void)state;
    t99_ct_select(out, ONES, a, b, 5);
    assert_memory_equal(out, a, 5);
    t99_ct_select(out, 0, a, b, 5);
    assert_memory_equal(out, b, 5);
    t99_ct_select(a, 0, a, b, 4);
    assert_memory_equal(a, "\x06\x07\x08\x09\x05", 5);
    t99_ct_select(b, ONES, out, b, 0);
    assert_memory_equal(b, out, 5);
}

static void swapping_swaps_only_under_ones(void **state)
{
    uint8_t a[4] = { 1, 2, 3, 4 }, b[4] = { 5, 6, 7, 8 };

    (void)state;
    t99_ct_swap(0, a, b, 4);
    assert_memory_equal(a, "\x01\x02\x03\x04", 4);
    t99_ct_swap(ONES, a, b, 3);
    assert_memory_equal(a, "\x05\x06\x07\x04", 4);
    assert_memory_equal(b, "\x01\x02\x03\x08", 4);
}

static void wiping_leaves_zeros_and_no_more_than_asked(void **state)
{
    uint8_t secret[6] = { 1, 2, 3, 4, 5, 6 };

    (void)state;
    t99_wipe(secret + 1, 4);
    assert_memory_equal(secret, "\x01\0\0\0\0\x06", 6);
    t99_wipe(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_give_ones_or_zeros_for_every_pair),
        cmocka_unit_test(equality_of_bytes_sees_every_bit),
        cmocka_unit_test(selection_takes_the_one_or_the_other_also_in_place),
        cmocka_unit_test(swapping_swaps_only_under_ones),
        cmocka_unit_test(wiping_leaves_zeros_and_no_more_than_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
