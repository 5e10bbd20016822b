/*
 * Integers modulo an odd number, by Montgomery's method. Numbers are arrays of 64-bit limbs, least first, as
 * long as their modulus. Constant time in all values, not in lengths, unless a name says variable.
 */
#ifndef T99_CRYPTO_BIGNUM_BIGNUM_H
#define T99_CRYPTO_BIGNUM_BIGNUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"

#define T99_BN_MAX 128 /* limbs: 8192 bits */

struct t99_modulus {
    size_t len;              /* limbs */
    uint64_t n[T99_BN_MAX];  /* odd, its top limb not zero */
    uint64_t n0;             /* -1 / n modulo 2^64 */
    uint64_t rr[T99_BN_MAX]; /* R^2 mod n, where R = 2^(64 len) */
};

/* Bits of a big-endian integer, leading zeros not counted. */
size_t t99_bn_bits(struct t99_span bytes);

/* x = big-endian bytes; false if they do not fit into len limbs. */
bool t99_bn_load(uint64_t *x, size_t len, struct t99_span bytes) T99_MUST_CHECK;
/* out: out_len bytes, big-endian; what does not fit is dropped. */
void t99_bn_store(uint8_t *out, size_t out_len, const uint64_t *x, size_t len);

/* x < y, as 0 or 1. */
uint64_t t99_bn_below(const uint64_t *x, const uint64_t *y, size_t len);

/* Sets the modulus up. False if n is even, 1, or too long. The number of its bits is not secret. */
bool t99_modulus_init(struct t99_modulus *m, struct t99_span n) T99_MUST_CHECK;

/* z = x y / R mod n. x y < n R is enough. z may be x or y. */
void t99_mont_mul(uint64_t *z, const uint64_t *x, const uint64_t *y, const struct t99_modulus *m);

/* z = x R mod n, and back. */
void t99_mont_enter(uint64_t *z, const uint64_t *x, const struct t99_modulus *m);
void t99_mont_leave(uint64_t *z, const uint64_t *x, const struct t99_modulus *m);

/* z = x + y mod n, x - y mod n; both below n. */
void t99_mod_add(uint64_t *z, const uint64_t *x, const uint64_t *y, const struct t99_modulus *m);
void t99_mod_sub(uint64_t *z, const uint64_t *x, const uint64_t *y, const struct t99_modulus *m);

/* z = x^e in Montgomery form; e public. */
void t99_mont_exp_public(uint64_t *z, const uint64_t *x, uint64_t e, const struct t99_modulus *m);

/* z = x^e in Montgomery form; e: len limbs, secret. z is not x. */
void t99_mont_exp(uint64_t *z, const uint64_t *x, const uint64_t *e, size_t len, const struct t99_modulus *m);

/* z = x R mod n for x of any length: x_len limbs. */
void t99_mont_reduce_long(uint64_t *z, const uint64_t *x, size_t x_len, const struct t99_modulus *m);

/* z = 1 / x mod n; x below n. False if there is none. Variable time. */
bool t99_mod_invert_variable(uint64_t *z, const uint64_t *x, const struct t99_modulus *m) T99_MUST_CHECK;

/* z (x_len + y_len limbs) = x y. */
void t99_bn_mul(uint64_t *z, const uint64_t *x, size_t x_len, const uint64_t *y, size_t y_len);

#endif
