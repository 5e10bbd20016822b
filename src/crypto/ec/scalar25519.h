/*
 * Integers modulo L, the order of edwards25519's base point (RFC 8032, 5.1). Little-endian bytes. Constant
 * time.
 */
#ifndef T99_CRYPTO_EC_SCALAR25519_H
#define T99_CRYPTO_EC_SCALAR25519_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

/* out = the 64 bytes modulo L. */
void t99_scalar25519_reduce(uint8_t out[32], const uint8_t in[64]);

/* out = a * b + c modulo L; each any 32 bytes. */
void t99_scalar25519_mul_add(uint8_t out[32], const uint8_t a[32], const uint8_t b[32], const uint8_t c[32]);

/* True if s is below L. */
bool t99_scalar25519_canonical(const uint8_t s[32]) T99_MUST_CHECK;

#endif
