/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "base/inflate.h"

/* Made by zlib (Python's zlib.compress): a fixed, a stored, a dynamic block; 100000 zeros. */
static const uint8_t fixed_block[] = { 0x78, 0x01, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57,
                                       0xc8, 0x40, 0x90, 0x00, 0x3a, 0x2e, 0x06, 0x7d };
static const uint8_t stored_block[] = { 0x78, 0x01, 0x01, 0x06, 0x00, 0xf9, 0xff, 0x73, 0x74,
                                        0x6f, 0x72, 0x65, 0x64, 0x09, 0x3c, 0x02, 0x92 };
static const uint8_t dynamic_block[] = { 0x78, 0xda, 0x2b, 0xc9, 0x29, 0xb6, 0xb4, 0x54, 0x28, 0x41, 0x22,
                                         0x93, 0xf3, 0x73, 0x0b, 0x8a, 0x52, 0x8b, 0x8b, 0x15, 0x72, 0x53,
                                         0x75, 0x70, 0x72, 0x50, 0x74, 0x8c, 0xea, 0x1b, 0xd5, 0x37, 0xaa,
                                         0x6f, 0x54, 0xdf, 0xa8, 0xbe, 0x51, 0x7d, 0xa3, 0xfa, 0x46, 0xf5,
                                         0xd1, 0x53, 0x1f, 0x00, 0xa9, 0x52, 0x0c, 0x56 };
static const uint8_t zeros[] = { 0x78, 0xda, 0xed, 0xc1, 0x31, 0x01, 0x00, 0x00, 0x00, 0xc2, 0xa0, 0xf5,
                                 0x4f, 0x6d, 0x0d, 0x0f, 0xa0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x57, 0x03, 0x86, 0xaf, 0x00, 0x01 };

static void streams_of_zlib_come_out_whole(void **state)
{
    static const char piece[] = "tls99 tls99 tls99 compress me, compress me, compress me ";
    uint8_t out[2240];
    size_t i;

    (void)state;
    assert_int_equal(sizeof out, 40 * (sizeof piece - 1));
    assert_true(t99_inflate_zlib(out, 17, fixed_block, sizeof fixed_block));
    assert_memory_equal(out, "hello hello hello", 17);
    assert_true(t99_inflate_zlib(out, 6, stored_block, sizeof stored_block));
    assert_memory_equal(out, "stored", 6);
    assert_true(t99_inflate_zlib(out, sizeof out, dynamic_block, sizeof dynamic_block));
    for (i = 0; i < 40; i++) {
        assert_memory_equal(out + i * (sizeof piece - 1), piece, sizeof piece - 1);
    }
}

/* The length that was promised is the length that must come out. */
static void more_or_less_than_promised_is_refused(void **state)
{
    static uint8_t out[100001];

    (void)state;
    assert_true(t99_inflate_zlib(out, 100000, zeros, sizeof zeros));
    assert_false(t99_inflate_zlib(out, 99999, zeros, sizeof zeros));
    assert_false(t99_inflate_zlib(out, 100001, zeros, sizeof zeros));
    assert_false(t99_inflate_zlib(out, 16, fixed_block, sizeof fixed_block));
}

static void what_is_cut_altered_or_followed_is_refused(void **state)
{
    uint8_t in[sizeof dynamic_block + 1], out[2240];
    size_t i;

    (void)state;
    memcpy(in, dynamic_block, sizeof dynamic_block);
    in[sizeof dynamic_block] = 0;
    for (i = 0; i < sizeof dynamic_block; i++) {
        assert_false(t99_inflate_zlib(out, sizeof out, in, i));
    }
    assert_false(t99_inflate_zlib(out, sizeof out, in, sizeof in));
    for (i = 0; i < 8 * sizeof dynamic_block; i++) {
        in[i / 8] ^= (uint8_t)(1u << i % 8);
        if (t99_inflate_zlib(out, sizeof out, in, sizeof dynamic_block)) { /* a bit without effect */
            assert_memory_equal(out, "tls99 tls99 tls99 compress me", 29);
        }
        in[i / 8] ^= (uint8_t)(1u << i % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_of_zlib_come_out_whole),
        cmocka_unit_test(more_or_less_than_promised_is_refused),
        cmocka_unit_test(what_is_cut_altered_or_followed_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
