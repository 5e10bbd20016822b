/*
 * The field of 2^255 - 19 elements: five limbs of 51 bits, products in 128. Limbs may be somewhat larger
 * between operations; all operations are constant time. Without a 128-bit type the products go through
 * base/wide.h.
 */
#ifndef T99_CRYPTO_EC_FIELD25519_H
#define T99_CRYPTO_EC_FIELD25519_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ct.h"

/* Limbs below 2^54 as inputs of mul and square; outputs below 2^52. */
typedef uint64_t t99_fe[5];

void t99_fe_mul(t99_fe z, const t99_fe x, const t99_fe y);
void t99_fe_square(t99_fe z, const t99_fe x);
/* z = x^(2^n), n at least 1. */
void t99_fe_square_n(t99_fe z, const t99_fe x, int n);
/* x: limbs below 2^54; small below 2^17. */
void t99_fe_mul_small(t99_fe z, const t99_fe x, uint32_t small);
/* 1 / x; 0 for 0. */
void t99_fe_invert(t99_fe z, const t99_fe x);
/* x^((p - 5) / 8), for square roots (RFC 8032, 5.1.3). */
void t99_fe_pow_p58(t99_fe z, const t99_fe x);

/* 32 bytes, little-endian; the top bit is ignored, values of p and above are taken modulo p. */
void t99_fe_decode(t99_fe z, const uint8_t in[32]);
/* The canonical encoding. */
void t99_fe_encode(uint8_t out[32], const t99_fe x);

static inline void t99_fe_copy(t99_fe z, const t99_fe x)
{
    int i;

    for (i = 0; i < 5; i++) {
        z[i] = x[i];
    }
}

static inline void t99_fe_set(t99_fe z, uint64_t small)
{
    z[0] = small;
    z[1] = z[2] = z[3] = z[4] = 0;
}

static inline void t99_fe_add(t99_fe z, const t99_fe x, const t99_fe y)
{
    int i;

    for (i = 0; i < 5; i++) {
        z[i] = x[i] + y[i];
    }
}

/* x - y + 4 p: y's limbs below 2^53. */
static inline void t99_fe_sub(t99_fe z, const t99_fe x, const t99_fe y)
{
    int i;

    z[0] = x[0] + UINT64_C(0x1fffffffffffb4) - y[0];
    for (i = 1; i < 5; i++) {
        z[i] = x[i] + UINT64_C(0x1ffffffffffffc) - y[i];
    }
}

static inline void t99_fe_swap(ct_mask mask, t99_fe x, t99_fe y)
{
    int i;

    for (i = 0; i < 5; i++) {
        uint64_t t = mask & (x[i] ^ y[i]);

        x[i] ^= t;
        y[i] ^= t;
    }
}

static inline void t99_fe_pick(ct_mask mask, t99_fe z, const t99_fe x)
{
    int i;

    for (i = 0; i < 5; i++) {
        z[i] = ct_pick(mask, x[i], z[i]);
    }
}

#endif
