/*
 * Montgomery's arithmetic for any odd modulus of n words, to be inlined with a constant n: the generic case
 * behind struct t99_field. P. L. Montgomery, Modular Multiplication Without Trial Division, 1985.
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
    uint64_t s[T99_FIELD_LIMBS], borrow = 0;
    ct_mask below;
    size_t i;

    for (i = 0; i < n; i++) {
        s[i] = t99_sub_borrow(&borrow, t[i], p[i]);
    }
    below = ct_bit(borrow & ~top);
    for (i = 0; i < n; i++) {
        z[i] = ct_pick(below, t[i], s[i]);
    }
}

/*
 * z = x * y / 2^(64 * n) mod p; p_inv = -1 / p mod 2^64. Row by row, each followed by its step of reduction.
 */
static inline void mont_mul(uint64_t *z, const uint64_t *x, const uint64_t *y, const uint64_t *p,
                            uint64_t p_inv, size_t n)
{
    uint64_t t[T99_FIELD_LIMBS] = { 0 }, top = 0, carry, carry2, m;
    size_t i, j;

    for (i = 0; i < n; i++) {
        carry = 0;
        for (j = 0; j < n; j++) {
            t[j] = t99_mul_add2(&carry, x[i], y[j], t[j], carry);
        }
        m = t[0] * p_inv;
        (void)t99_mul_add2(&carry2, m, p[0], t[0], 0);
        for (j = 1; j < n; j++) {
            t[j - 1] = t99_mul_add2(&carry2, m, p[j], t[j], carry2);
        }
        t[n - 1] = t99_mul_add2(&top, carry, 1, carry2, top);
    }
    mont_reduce_once(z, t, top, p, n);
}

static inline void mont_add(uint64_t *z, const uint64_t *x, const uint64_t *y, const uint64_t *p, size_t n)
{
    uint64_t t[T99_FIELD_LIMBS], carry = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        t[i] = t99_add_carry(&carry, x[i], y[i]);
    }
    mont_reduce_once(z, t, carry, p, n);
}

static inline void mont_sub(uint64_t *z, const uint64_t *x, const uint64_t *y, const uint64_t *p, size_t n)
{
    uint64_t borrow = 0, carry = 0;
    ct_mask negative;
    size_t i;

    for (i = 0; i < n; i++) {
        z[i] = t99_sub_borrow(&borrow, x[i], y[i]);
    }
    negative = ct_bit(borrow);
    for (i = 0; i < n; i++) {
        z[i] = t99_add_carry(&carry, z[i], p[i] & negative);
    }
}

#endif
