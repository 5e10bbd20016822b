/*
 * Montgomery's arithmetic for any odd modulus of n = 4, 6 or 9 words, to be inlined with a constant n: the
 * generic case behind struct t99_field. P. L. Montgomery, Modular Multiplication Without Trial Division,
 * 1985.
 */
#ifndef T99_CRYPTO_EC_NIST_MONT_H
#define T99_CRYPTO_EC_NIST_MONT_H

#include <stddef.h>
#include <stdint.h>

#include "base/ct.h"
#include "base/wide.h"
#include "crypto/ec/nist_field.h"

/* z = top * 2^(64 * n) + t - p if that is not negative, else t. */
static inline void mont_reduce_once(uint64_t *z, const uint64_t *t, uint64_t top, const uint64_t *p, size_t n)
{
    uint64_t s[T99_FIELD_LIMBS], carry = 1; /* t - p is t + ~p + 1 */
    ct_mask below;
    size_t i;

    for (i = 0; i < n; i++) {
        s[i] = t99_mul_add2(&carry, t[i], 1, ~p[i], carry);
    }
    below = ct_bit(~(carry | top));
    for (i = 0; i < n; i++) {
        z[i] = ct_pick(below, t[i], s[i]);
    }
}

/* What leaves a word: of x * y, and of m * p. */
struct mont_carry {
    uint64_t product, reduction;
};

/* Word j of t + x * y + m * p, moved down by one word. */
static inline void mont_step(struct mont_carry *c, uint64_t *t, size_t j, uint64_t x, const uint64_t *y,
                             uint64_t m, const uint64_t *p)
{
    uint64_t sum = t99_mul_add2(&c->product, x, y[j], t[j], c->product);

    t[j - 1] = t99_mul_add2(&c->reduction, m, p[j], sum, c->reduction);
}

/*
 * z = x * y / 2^(64 * n) mod p, with p_inv = -1 / p mod 2^64. For each word of x: x * y, and as much of p as
 * makes the lowest word 0, in one go. The steps are written out: n is known where this is inlined.
 */
static inline void mont_mul(uint64_t *z, const uint64_t *x, const uint64_t *y, const uint64_t *p,
                            uint64_t p_inv, size_t n)
{
    uint64_t t[T99_FIELD_LIMBS] = { 0 }, top = 0, sum, m;
    struct mont_carry c;
    size_t i;

    for (i = 0; i < n; i++) {
        sum = t99_mul_add2(&c.product, x[i], y[0], t[0], 0);
        m = sum * p_inv;
        (void)t99_mul_add2(&c.reduction, m, p[0], sum, 0);
        mont_step(&c, t, 1, x[i], y, m, p);
        mont_step(&c, t, 2, x[i], y, m, p);
        mont_step(&c, t, 3, x[i], y, m, p);
        if (n > 4) {
            mont_step(&c, t, 4, x[i], y, m, p);
            mont_step(&c, t, 5, x[i], y, m, p);
        }
        if (n > 6) {
            mont_step(&c, t, 6, x[i], y, m, p);
            mont_step(&c, t, 7, x[i], y, m, p);
            mont_step(&c, t, 8, x[i], y, m, p);
        }
        t[n - 1] = t99_mul_add2(&top, c.product, 1, c.reduction, top);
    }
    mont_reduce_once(z, t, top, p, n);
}

static inline void mont_add(uint64_t *z, const uint64_t *x, const uint64_t *y, const uint64_t *p, size_t n)
{
    uint64_t t[T99_FIELD_LIMBS], carry = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        t[i] = t99_mul_add2(&carry, x[i], 1, y[i], carry);
    }
    mont_reduce_once(z, t, carry, p, n);
}

static inline void mont_sub(uint64_t *z, const uint64_t *x, const uint64_t *y, const uint64_t *p, size_t n)
{
    uint64_t no_borrow = 1, carry = 0;
    ct_mask negative;
    size_t i;

    for (i = 0; i < n; i++) {
        z[i] = t99_mul_add2(&no_borrow, x[i], 1, ~y[i], no_borrow);
    }
    negative = ct_bit(~no_borrow);
    for (i = 0; i < n; i++) {
        z[i] = t99_mul_add2(&carry, z[i], 1, p[i] & negative, carry);
    }
}

/* z = x / 2 mod p: where x is odd, x + p is even. */
static inline void mont_half(uint64_t *z, const uint64_t *x, const uint64_t *p, size_t n)
{
    ct_mask odd = ct_bit(x[0] & 1);
    uint64_t carry = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        z[i] = t99_mul_add2(&carry, x[i], 1, p[i] & odd, carry);
    }
    for (i = 0; i + 1 < n; i++) {
        z[i] = z[i] >> 1 | z[i + 1] << 63;
    }
    z[i] = z[i] >> 1 | carry << 63;
}

#endif
