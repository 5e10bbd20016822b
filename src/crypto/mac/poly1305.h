/* Poly1305: RFC 8439, 2.5. A key is for one message. Constant time. */
#ifndef T99_CRYPTO_MAC_POLY1305_H
#define T99_CRYPTO_MAC_POLY1305_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct t99_poly1305 {
#if T99_INT128
    uint64_t r[3], h[3]; /* limbs of 44, 44, 42 bits */
#else
    uint32_t r[5], h[5]; /* limbs of 26 bits */
#endif
    uint8_t s[16];
};

void t99_poly1305_init(struct t99_poly1305 *p, const uint8_t key[32]);
/* Whole blocks: num of 16 bytes each. */
void t99_poly1305_blocks(struct t99_poly1305 *p, const uint8_t *in, size_t num);
/* len bytes, then zeros up to a whole block: how the AEAD pads (RFC 8439, 2.8). */
void t99_poly1305_padded(struct t99_poly1305 *p, const uint8_t *in, size_t len);
void t99_poly1305_final(struct t99_poly1305 *p, uint8_t tag[16]);

#endif
