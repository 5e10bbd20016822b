/* The combs of the NIST curves (struct t99_group): constants, big enough to have files of their own. */
#ifndef T99_CRYPTO_EC_NIST_COMB_H
#define T99_CRYPTO_EC_NIST_COMB_H

#include <stdint.h>

/* Blocks, and words: 32 points a block, two coordinates a point. */
#define T99_P256_BLOCKS 9
#define T99_P384_BLOCKS 2
#define T99_P521_BLOCKS 2

extern const uint64_t t99_p256_comb[T99_P256_BLOCKS * 32 * 8];
extern const uint64_t t99_p384_comb[T99_P384_BLOCKS * 32 * 12];
extern const uint64_t t99_p521_comb[T99_P521_BLOCKS * 32 * 18];

#endif
