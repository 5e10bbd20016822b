/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/pq/poly.h"

#define Q 3329u

static void fill(struct t99_poly *p, unsigned start, unsigned step)
{
    size_t i;

    for (i = 0; i < T99_POLY_N; i++) {
        p->c[i] = (uint16_t)((start + step * i * i) % Q);
    }
}

/* FIPS 203, 2.4.4: the product modulo X^256 + 1, as it is defined. */
static void multiply_slowly(struct t99_poly *out, const struct t99_poly *a, const struct t99_poly *b)
{
    uint32_t c[2 * T99_POLY_N] = { 0 };
    size_t i, j;

    for (i = 0; i < T99_POLY_N; i++) {
        for (j = 0; j < T99_POLY_N; j++) {
            c[i + j] = (c[i + j] + (uint32_t)a->c[i] * b->c[j]) % Q;
        }
    }
    for (i = 0; i < T99_POLY_N; i++) {
        out->c[i] = (uint16_t)((c[i] + Q - c[i + T99_POLY_N]) % Q);
    }
}

static void assert_product(const struct t99_poly *a, const struct t99_poly *b, unsigned times)
{
    struct t99_poly x = *a, y = *b, slow, fast;
    struct t99_poly_sum sum;
    unsigned i;

    memset(&sum, 0, sizeof sum);
    t99_poly_ntt(&x);
    t99_poly_ntt(&y);
    for (i = 0; i < times; i++) {
        t99_poly_multiply_add(&sum, &x, &y);
    }
    t99_poly_reduce(&fast, &sum);
    t99_poly_inverse_ntt(&fast);
    multiply_slowly(&slow, a, b);
    for (i = 0; i < T99_POLY_N; i++) {
        assert_int_equal(fast.c[i], (uint32_t)slow.c[i] * times % Q);
    }
}

static void the_product_of_transforms_is_the_transform_of_the_product(void **state)
{
    struct t99_poly a, b;
    unsigned i, times;

    (void)state;
    for (times = 1; times <= 4; times++) {
        for (i = 0; i < 20; i++) {
            fill(&a, i * 17, i + 1);
            fill(&b, i * 171, 3 * i + 5);
            assert_product(&a, &b, times);
        }
        fill(&a, Q - 1, 0); /* the largest coefficients, at which sums are largest */
        assert_product(&a, &a, times);
        fill(&b, 0, 0);
        assert_product(&a, &b, times);
    }
}

/* 4 q^2 * 3 is what the header promises: the worst that four products can leave in each place. */
static void the_largest_sums_do_not_overflow(void **state)
{
    struct t99_poly a, p;
    struct t99_poly_sum sum;
    size_t i;

    (void)state;
    memset(&sum, 0, sizeof sum);
    fill(&a, Q - 1, 0);
    for (i = 0; i < 4; i++) {
        t99_poly_multiply_add(&sum, &a, &a);
    }
    for (i = 0; i < T99_POLY_N; i++) {
        assert_true(sum.c[i] < 12 * Q * Q);
    }
    t99_poly_reduce(&p, &sum);
    t99_poly_scale(&p);
    for (i = 1; i < T99_POLY_N; i += 2) {
        assert_int_equal(p.c[i], 8); /* 4 * 2 * (-1)(-1) */
    }
}

static void the_transform_takes_coefficients_up_to_2q(void **state)
{
    struct t99_poly small, large;
    size_t i;

    (void)state;
    fill(&small, Q - 1, 0);
    fill(&large, 0, 0);
    for (i = 0; i < T99_POLY_N; i++) {
        large.c[i] = (uint16_t)(2 * Q - 1);
    }
    t99_poly_ntt(&small);
    t99_poly_ntt(&large);
    assert_memory_equal(&small, &large, sizeof small);
}

/* FIPS 203, 4.7: 2^d x / q, rounded, and back, for every x and every d in use. */
static void compression_rounds_as_its_definition_for_every_value(void **state)
{
    static const unsigned bits[] = { 1, 4, 5, 10, 11 };
    size_t b, i;
    unsigned x, first;

    (void)state;
    for (b = 0; b < sizeof bits / sizeof bits[0]; b++) {
        unsigned d = bits[b];

        for (first = 0; first < Q; first += T99_POLY_N) {
            struct t99_poly p, back;
            uint8_t out[32 * 11];

            for (i = 0; i < T99_POLY_N; i++) {
                p.c[i] = (uint16_t)((first + i) % Q);
            }
            t99_poly_compress(out, &p, d);
            t99_poly_decompress(&back, out, d);
            for (i = 0; i < T99_POLY_N; i++) {
                unsigned y = ((2 * ((unsigned)p.c[i] << d) + Q) / (2 * Q)) % (1u << d);
                size_t bit, at = i * d;

                for (bit = 0; bit < d; bit++) {
                    assert_int_equal(out[(at + bit) / 8] >> (at + bit) % 8 & 1, y >> bit & 1);
                }
                x = (2 * y * Q + (1u << d)) / (2u << d);
                assert_int_equal(back.c[i], x);
            }
        }
    }
}

static void decoding_reduces_and_tells(void **state)
{
    struct t99_poly p, back;
    uint8_t bytes[T99_POLY_BYTES], again[T99_POLY_BYTES];

    (void)state;
    fill(&p, 3, 7);
    t99_poly_encode(bytes, &p);
    assert_true(t99_poly_decode(&back, bytes) == ~(uint64_t)0);
    assert_memory_equal(&p, &back, sizeof p);
    p.c[200] = Q;
    t99_poly_encode(bytes, &p);
    assert_true(t99_poly_decode(&back, bytes) == 0);
    assert_int_equal(back.c[200], 0);
    p.c[200] = 5;
    p.c[1] = 4095;
    t99_poly_encode(bytes, &p);
    assert_true(t99_poly_decode(&back, bytes) == 0);
    assert_int_equal(back.c[1], 4095 - Q);
    t99_poly_encode(again, &back);
    assert_memory_not_equal(again, bytes, sizeof bytes);
}

/* FIPS 203, 4.2.2: the number of ones among two bits less that among two others. */
static void noise_is_the_centred_binomial_distribution(void **state)
{
    static const uint8_t seed[32] = { 1 };
    unsigned count[5] = { 0 }, number;
    size_t i;

    (void)state;
    for (number = 0; number < 100; number++) {
        struct t99_poly p;

        t99_poly_noise(&p, seed, (uint8_t)number);
        for (i = 0; i < T99_POLY_N; i++) {
            assert_in_range(p.c[i], Q - 2, Q + 2);
            count[p.c[i] - (Q - 2)]++;
        }
    }
    /* of 25600: 1, 4, 6, 4, 1 sixteenths, within 6 standard deviations */
    assert_in_range(count[0], 1360, 1840);
    assert_in_range(count[1], 5980, 6820);
    assert_in_range(count[2], 9130, 10070);
    assert_in_range(count[3], 5980, 6820);
    assert_in_range(count[4], 1360, 1840);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_product_of_transforms_is_the_transform_of_the_product),
        cmocka_unit_test(the_largest_sums_do_not_overflow),
        cmocka_unit_test(the_transform_takes_coefficients_up_to_2q),
        cmocka_unit_test(compression_rounds_as_its_definition_for_every_value),
        cmocka_unit_test(decoding_reduces_and_tells),
        cmocka_unit_test(noise_is_the_centred_binomial_distribution),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
