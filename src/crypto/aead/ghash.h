/*
 * GHASH (NIST SP 800-38D, 6.4) without tables: carry-less products by integer multiplication of bits with
 * gaps between.
 */
#ifndef T99_CRYPTO_AEAD_GHASH_H
#define T99_CRYPTO_AEAD_GHASH_H

#include <stddef.h>
#include <stdint.h>

struct t99_ghash {
    uint64_t h[2];        /* the hash key, high half first */
    uint64_t reversed[2]; /* the same, the bits of each half in reverse */
    uint64_t y[2];        /* the sum so far */
};

void t99_ghash_init(struct t99_ghash *g, const uint8_t h[16]);
/* len bytes, then zeros up to a whole block. */
void t99_ghash_update(struct t99_ghash *g, const uint8_t *p, size_t len);
/* The block of lengths (in bytes), then the digest. */
void t99_ghash_final(struct t99_ghash *g, uint8_t out[16], uint64_t aad_len, uint64_t len);

#endif
