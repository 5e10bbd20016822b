/* The group of edwards25519 (RFC 8032, 5.1; RFC 7748, 4.1), in extended coordinates. */
#ifndef T99_CRYPTO_EC_EDWARDS25519_H
#define T99_CRYPTO_EC_EDWARDS25519_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "crypto/ec/field25519.h"

/* x = X/Z, y = Y/Z, x y = T/Z. */
struct t99_edwards {
    t99_fe x, y, z, t;
};

/* An affine point as additions want it: y + x, y - x, 2 d x y. */
struct t99_edwards_affine {
    t99_fe sum, difference, txy;
};

#define T99_COMB_WINDOWS 32
#define T99_COMB_ENTRIES 8

/* [i][j]: (j + 1) 256^i B, and (j + 1) 256^(i + 16) B. */
extern const struct t99_edwards_affine t99_edwards_low[T99_COMB_WINDOWS / 2][T99_COMB_ENTRIES];
extern const struct t99_edwards_affine t99_edwards_high[T99_COMB_WINDOWS / 2][T99_COMB_ENTRIES];

/* p = scalar * B; scalar: 32 bytes little-endian, below 2^255. Constant time. */
void t99_edwards_mul_base(struct t99_edwards *p, const uint8_t scalar[32]);

/* p = a * A + b * B. Variable time: for verification. Scalars below 2^253. */
void t99_edwards_mul_double(struct t99_edwards *p, const uint8_t a[32], const struct t99_edwards *A,
                            const uint8_t b[32]);

/* RFC 8032, 5.1.2 and 5.1.3. Decoding refuses what is not canonical or not on the curve. */
void t99_edwards_encode(uint8_t out[32], const struct t99_edwards *p);
bool t99_edwards_decode(struct t99_edwards *p, const uint8_t in[32]) T99_MUST_CHECK;

void t99_edwards_negate(struct t99_edwards *p);

#endif
