#include "crypto/ec/p256_field.h"

#include "base/wide.h"
#include "crypto/ec/nist_mont.h"

#define P0 T99_P256_P0
#define P1 T99_P256_P1
#define P2 T99_P256_P2
#define P3 T99_P256_P3

/* z = t - p if that is not negative, else t; t has a fifth word of 0 or 1. */
static inline void reduce_once(uint64_t *z, const uint64_t t[5])
{
    uint64_t s[4], borrow = 0;
    ct_mask below;

    s[0] = t99_sub_borrow(&borrow, t[0], P0);
    s[1] = t99_sub_borrow(&borrow, t[1], P1);
    s[2] = t99_sub_borrow(&borrow, t[2], P2);
    s[3] = t99_sub_borrow(&borrow, t[3], P3);
    below = ct_bit(borrow & ~t[4]);
    z[0] = ct_pick(below, t[0], s[0]);
    z[1] = ct_pick(below, t[1], s[1]);
    z[2] = ct_pick(below, t[2], s[2]);
    z[3] = ct_pick(below, t[3], s[3]);
}

/*
 * One step of Montgomery's reduction: (t + top * 2^320) / 2^64 for the t of five words made divisible by
 * adding t[0] * p. As -1 / p mod 2^64 is 1, there is nothing to multiply by; and t[0] * (p + 1) / 2^64 is
 * t[0] * 2^32 + t[0] * P3 * 2^128.
 */
static inline void reduce_word(uint64_t t[5], uint64_t top)
{
    uint64_t m = t[0], carry;

    t[0] = t99_mul_add2(&carry, m, (uint64_t)1 << 32, t[1], 0);
    t[1] = t99_mul_add2(&carry, t[2], 1, carry, 0);
    t[2] = t99_mul_add2(&carry, m, P3, t[3], carry);
    t[3] = t99_mul_add2(&t[4], t[4], 1, carry, top);
}

/* t += x * y; top is what leaves the fourth word. */
static inline void mul_row(uint64_t t[4], uint64_t *top, uint64_t x, const uint64_t y[4])
{
    uint64_t carry;

    t[0] = t99_mul_add2(&carry, x, y[0], t[0], 0);
    t[1] = t99_mul_add2(&carry, x, y[1], t[1], carry);
    t[2] = t99_mul_add2(&carry, x, y[2], t[2], carry);
    t[3] = t99_mul_add2(top, x, y[3], t[3], carry);
}

static void mul(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    uint64_t t[5] = { 0 }, top;

    mul_row(t, &t[4], x[0], y);
    reduce_word(t, 0);
    mul_row(t, &top, x[1], y);
    reduce_word(t, top);
    mul_row(t, &top, x[2], y);
    reduce_word(t, top);
    mul_row(t, &top, x[3], y);
    reduce_word(t, top);
    reduce_once(z, t);
}

/* The eight words of x^2: the products of unlike words once, doubled, then those of like ones. */
static inline void square(uint64_t t[8], const uint64_t x[4])
{
    uint64_t carry;

    t[1] = t99_mul_add2(&carry, x[0], x[1], 0, 0);
    t[2] = t99_mul_add2(&carry, x[0], x[2], carry, 0);
    t[3] = t99_mul_add2(&t[4], x[0], x[3], carry, 0);
    t[3] = t99_mul_add2(&carry, x[1], x[2], t[3], 0);
    t[4] = t99_mul_add2(&t[5], x[1], x[3], t[4], carry);
    t[5] = t99_mul_add2(&t[6], x[2], x[3], t[5], 0);
    t[7] = t[6] >> 63;
    t[6] = t[6] << 1 | t[5] >> 63;
    t[5] = t[5] << 1 | t[4] >> 63;
    t[4] = t[4] << 1 | t[3] >> 63;
    t[3] = t[3] << 1 | t[2] >> 63;
    t[2] = t[2] << 1 | t[1] >> 63;
    t[1] = t[1] << 1;
    t[0] = t99_mul_add2(&carry, x[0], x[0], 0, 0);
    t[1] = t99_mul_add2(&carry, t[1], 1, carry, 0);
    t[2] = t99_mul_add2(&carry, x[1], x[1], t[2], carry);
    t[3] = t99_mul_add2(&carry, t[3], 1, carry, 0);
    t[4] = t99_mul_add2(&carry, x[2], x[2], t[4], carry);
    t[5] = t99_mul_add2(&carry, t[5], 1, carry, 0);
    t[6] = t99_mul_add2(&carry, x[3], x[3], t[6], carry);
    t[7] += carry;
}

static void sqr(uint64_t *z, const uint64_t *x)
{
    uint64_t t[8], low[5], carry;

    square(t, x);
    low[0] = t[0];
    low[1] = t[1];
    low[2] = t[2];
    low[3] = t[3];
    low[4] = 0;
    reduce_word(low, 0);
    reduce_word(low, 0);
    reduce_word(low, 0);
    reduce_word(low, 0);
    low[0] = t99_mul_add2(&carry, low[0], 1, t[4], 0);
    low[1] = t99_mul_add2(&carry, low[1], 1, t[5], carry);
    low[2] = t99_mul_add2(&carry, low[2], 1, t[6], carry);
    low[3] = t99_mul_add2(&low[4], low[3], 1, t[7], carry);
    reduce_once(z, low);
}

static void add(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    uint64_t t[5];

    t[4] = 0;
    t[0] = t99_add_carry(&t[4], x[0], y[0]);
    t[1] = t99_add_carry(&t[4], x[1], y[1]);
    t[2] = t99_add_carry(&t[4], x[2], y[2]);
    t[3] = t99_add_carry(&t[4], x[3], y[3]);
    reduce_once(z, t);
}

static void sub(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    uint64_t borrow = 0, carry = 0;
    uint64_t t0 = t99_sub_borrow(&borrow, x[0], y[0]);
    uint64_t t1 = t99_sub_borrow(&borrow, x[1], y[1]);
    uint64_t t2 = t99_sub_borrow(&borrow, x[2], y[2]);
    uint64_t t3 = t99_sub_borrow(&borrow, x[3], y[3]);
    ct_mask negative = ct_bit(borrow);

    z[0] = t99_add_carry(&carry, t0, P0 & negative);
    z[1] = t99_add_carry(&carry, t1, P1 & negative);
    z[2] = t99_add_carry(&carry, t2, P2 & negative);
    z[3] = t99_add_carry(&carry, t3, P3 & negative);
}

static void half(uint64_t *z, const uint64_t *x)
{
    static const uint64_t p[4] = { P0, P1, P2, P3 };

    mont_half(z, x, p, 4);
}

const struct t99_field t99_p256_field_portable = {
    "portable", NULL, 4, 32, 256, mul, sqr, add, sub, half, T99_P256_CONSTANTS
};
