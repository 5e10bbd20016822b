/*
 * The Poly1305 inside the AVX2 row of ChaCha20-Poly1305, which no message reaches with chosen keys: carries
 * that random values never make.
 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/compiler.h"
#include "crypto/mac/poly1305.h"
#include "hex.h"

/* Beside the one of the library, which this program links too. */
#define t99_chacha20_poly1305_avx2 own_chacha20_poly1305_avx2

#include "crypto/aead/chacha20_poly1305_x86.c"

#if T99_X86 && T99_INT128

static bool absent(void)
{
    if (!supported()) {
        printf("this CPU has no AVX2 or no BMI2\n");
        return true;
    }
    return false;
}

/* RFC 8439, A.3: keys r and s, texts of whole blocks, but for the block of lengths that mac_final() adds. */
static const struct row {
    const char *r, *s, *text, *tag;
} rows[] = {
    { "02000000000000000000000000000000", "00000000000000000000000000000000",
      "ffffffffffffffffffffffffffffffff", "03000000000000000000000000000000" }, /* 5 */
    { "02000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
      "02000000000000000000000000000000", "03000000000000000000000000000000" }, /* 6 */
    { "01000000000000000000000000000000", "00000000000000000000000000000000",
      "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000",
      "05000000000000000000000000000000" }, /* 7 */
    { "01000000000000000000000000000000", "00000000000000000000000000000000",
      "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101",
      "00000000000000000000000000000000" }, /* 8 */
    { "02000000000000000000000000000000", "00000000000000000000000000000000",
      "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff" }, /* 9 */
    { "01000000000000000400000000000000", "00000000000000000000000000000000",
      "e33594d7505e43b900000000000000003394d7505e4379cd010000000000000000000000000000000000000000000000"
      "01000000000000000000000000000000",
      "14000000000000005500000000000000" }, /* 10 */
    { "01000000000000000400000000000000", "00000000000000000000000000000000",
      "e33594d7505e43b900000000000000003394d7505e4379cd010000000000000000000000000000000000000000000000",
      "13000000000000000000000000000000" }, /* 11 */
};

static void it_gives_the_tags_of_rfc_8439_a_3(void **state)
{
    uint8_t key[32], text[64], tag[16];
    struct mac m;
    size_t i, len;

    (void)state;
    if (absent()) {
        skip();
    }
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hex_read(key, 16, rows[i].r);
        hex_read(key + 16, 16, rows[i].s);
        len = hex_read(text, sizeof text, rows[i].text);
        mac_init(&m, key);
        mac_padded(&m, text, len - 16); /* the last block of the text as if it were the lengths */
        mac_final(&m, tag, (size_t)load_le64(text + len - 16), (size_t)load_le64(text + len - 8));
        assert_true(hex_equal(tag, sizeof tag, rows[i].tag));
    }
}

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Bytes mostly of ones, sometimes of zeros or of anything: sums that carry far. */
static void fill(uint8_t *p, size_t len, uint64_t *seed)
{
    for (; len != 0; len -= 8, p += 8) {
        uint64_t kind = next(seed) % 8, word = ~UINT64_C(0);

        word = kind < 4 ? word - next(seed) % 3 : kind == 4 ? next(seed) % 8 : word;
        store_le64(p, kind == 5 ? next(seed) << 33 ^ next(seed) : word);
    }
}

static void it_agrees_with_the_portable_one_where_carries_go_far(void **state)
{
    uint8_t key[32], text[96], tag[16], expected[16];
    struct t99_poly1305 portable;
    uint64_t seed = 1;
    struct mac m;
    long i;

    (void)state;
    if (absent()) {
        skip();
    }
    for (i = 0; i < 300000; i++) {
        size_t len = 16 * (1 + next(&seed) % 6);

        fill(text, sizeof text, &seed);
        fill(key, sizeof key, &seed);
        if (i % 2 == 0) { /* small multipliers leave limbs of ones as they are */
            memset(key, 0, 16);
            key[0] = (uint8_t)(1 + i / 2 % 3);
            key[8] = (uint8_t)(i / 6 % 3 * 4);
        }
        mac_init(&m, key);
        mac_padded(&m, text, len - 16);
        mac_final(&m, tag, (size_t)load_le64(text + len - 16), (size_t)load_le64(text + len - 8));
        t99_poly1305_init(&portable, key);
        t99_poly1305_blocks(&portable, text, len / 16);
        t99_poly1305_final(&portable, expected);
        assert_memory_equal(tag, expected, sizeof tag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gives_the_tags_of_rfc_8439_a_3),
        cmocka_unit_test(it_agrees_with_the_portable_one_where_carries_go_far),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void nothing_to_test(void **state)
{
    (void)state;
    printf("not x86-64, or no 128-bit integers\n");
    skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_to_test) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
