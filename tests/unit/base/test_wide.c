/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/wide.h"

#define MAX UINT64_MAX

/* Products known by algebra: (2^64 - 1)^2 = 2^128 - 2^65 + 1, and two more added fill 128 bits. */
static void products_of_extremes_are_exact(void **state)
{
    uint64_t hi;

    (void)state;
    assert_true(t99_mul_add2(&hi, MAX, MAX, 0, 0) == 1 && hi == MAX - 1);
    assert_true(t99_mul_add2(&hi, MAX, MAX, MAX, MAX) == MAX && hi == MAX);
    assert_true(t99_mul_add2(&hi, 0, MAX, MAX, MAX) == MAX - 1 && hi == 1);
    assert_true(t99_mul_add2(&hi, 0, 0, 0, 0) == 0 && hi == 0);
    assert_true(t99_mul_add2(&hi, (uint64_t)1 << 63, 2, 0, 0) == 0 && hi == 1);
    assert_true(t99_mul_add2(&hi, MAX, 1, 1, 0) == 0 && hi == 1);
    assert_true(t99_mul_add2(&hi, MAX, 1, 0, 1) == 0 && hi == 1);
}

/* Made with Python's integers. */
static const struct {
    uint64_t a, b, c, d, hi, lo;
} products[] = {
    { 0x4164d8399f767c45, 0x5bc8fbbcbde5c099, 0xb0c11fdecb91ce37, 0xd76d4330f1446bea, 0x17722ff37f452074,
      0x19a7dd8102933f5e },
    { 0xffffffffbd69fe29, 0x87b0b125ec1d7da0, 0xd7210dff076ce2ef, 0xc6a5387777330bdb, 0x87b0b125c8d26d74,
      0x64986606389dcd6a },
    { 0x3fc1ea36f17fd374, 0x0d464138ffffffff, 0xffffffffffa16a3b, 0x5f2dd97f1cfb10f6, 0x034e582943eea03f,
      0x0f4a781c2b1ca7bd },
    { 0xde5271007814e8a2, 0x617959ce3f1f65a8, 0x1a1afe878b33e968, 0x3fd4235992edcf45, 0x54a69fc65d2a543a,
      0xcf7fadb435404cfd },
    { 0xffffffff035b7399, 0x687c966c377b9aa2, 0x2e9c82b1478c281d, 0xde11cc9dea959c21, 0x687c966bd05dcd71,
      0xfc596406bf0df510 },
    { 0x63b229f1c4069545, 0xc30d8b76ffffffff, 0xffffffffff11d357, 0x9e30691c238642ea, 0x4bf5fc4f5e2fbcdc,
      0x101b193d5e9180fc },
    { 0x71e0c07e9e115e4b, 0x21da8978206f5c66, 0xf8eb18b900745130, 0x015c33b2df1461aa, 0x0f0f2f5af4fe7781,
      0xc4228b265adc38bc },
    { 0xffffffff359eeefb, 0xf5cae3bf3729c619, 0x2a759159fb7ff337, 0x2a9eba0cdf561d80, 0xf5cae3be74da7c2c,
      0xe20348dd3764893a },
    { 0x504b74ba4a0fe75d, 0x32ea6928ffffffff, 0xffffffffff0a8c96, 0xa02fdaa1ad864c44, 0x0ff842c0e3b4e7f1,
      0x575798cc6280f17d },
    { 0x2e81d66d346c6e2b, 0xf7f35634f0e3cd97, 0x3266aa3bb0cde917, 0xf7108e96f770c226, 0x2d0b7acb2368ba85,
      0x37971c61688d159a },
    { 0xffffffffe4cc4132, 0x0585a01c4c7d6df0, 0x6a3753915c76f18a, 0xef901b932a7c1880, 0x0585a01c4be73851,
      0xd9b72004ab9c72ea },
    { 0x43892dfc254cb864, 0x54f46a69ffffffff, 0xffffffffff25deb3, 0x960d5a8f9a656aaf, 0x16697de954682b7b,
      0x17f1edfb743e90fe },
    { 0x9892139600ddb74d, 0xb52a43abad8d194a, 0x10e6d8e6568068b9, 0x5af84e6b4f596727, 0x6bf87824d15b0d2a,
      0x10eb5d2f8b405122 },
    { 0xffffffffd18a669a, 0xb24891917b121dc5, 0x2f4d4c8650d7d13f, 0x78f845f57b3120df, 0xb24891915ab72d9e,
      0x94c11f55edfd58a0 },
    { 0x2d1634b4b4653252, 0x419521feffffffff, 0xffffffffffa01fe8, 0xf3001cee05da8467, 0x0b8ce74b54e47bef,
      0x9ded99e7511571fd },
    { 0x5b8e8fb2bff29101, 0x677fd139d84a1d3a, 0x8c8f95ef04a012e8, 0x6b384309c9a937a6, 0x2504125e48518a18,
      0x53dee7e687f541c8 },
};

static void products_are_those_of_another_implementation(void **state)
{
    uint64_t hi, lo;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof products / sizeof products[0]; i++) {
        lo = t99_mul_add2(&hi, products[i].a, products[i].b, products[i].c, products[i].d);
        assert_true(lo == products[i].lo && hi == products[i].hi);
    }
}

static void sums_carry(void **state)
{
    uint64_t carry = 0;

    (void)state;
    assert_true(t99_add_carry(&carry, 1, 2) == 3 && carry == 0);
    assert_true(t99_add_carry(&carry, MAX, 1) == 0 && carry == 1);
    assert_true(t99_add_carry(&carry, MAX, MAX) == MAX && carry == 1);
    assert_true(t99_add_carry(&carry, MAX, 0) == 0 && carry == 1);
    assert_true(t99_add_carry(&carry, 0, 0) == 1 && carry == 0);
}

static void differences_borrow(void **state)
{
    uint64_t borrow = 0;

    (void)state;
    assert_true(t99_sub_borrow(&borrow, 3, 2) == 1 && borrow == 0);
    assert_true(t99_sub_borrow(&borrow, 0, 1) == MAX && borrow == 1);
    assert_true(t99_sub_borrow(&borrow, 0, MAX) == 0 && borrow == 1);
    assert_true(t99_sub_borrow(&borrow, 5, 5) == MAX && borrow == 1);
    assert_true(t99_sub_borrow(&borrow, 0, 0) == MAX && borrow == 1);
    assert_true(t99_sub_borrow(&borrow, 7, 5) == 1 && borrow == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_of_extremes_are_exact),
        cmocka_unit_test(products_are_those_of_another_implementation),
        cmocka_unit_test(sums_carry),
        cmocka_unit_test(differences_borrow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
