/*
 * What the back ends of AES-GCM for x86-64 share. Included by files that are compiled for that target only.
 */
#ifndef T99_CRYPTO_AEAD_AES_GCM_X86_H
#define T99_CRYPTO_AEAD_AES_GCM_X86_H

#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "crypto/aead/aead.h"

#define T99_AESNI T99_TARGET("aes,pclmul,ssse3,sse4.1")
#define T99_GCM_CHUNK 128 /* bytes that a step handles: 8 blocks */

/* What stands in a struct t99_aead_key. Powers of the hash key as t99_gcm_multiply wants them: H^8 first. */
struct t99_gcm_x86_key {
    __m128i round_keys[15];
    __m128i powers[8];
    uint64_t rounds;
};

/* A message under way: counter block as little-endian integer lanes, hash sum byte-swapped. */
struct t99_gcm_x86_state {
    __m128i counter, sum;
};

bool t99_gcm_x86_supported(void);
void t99_gcm_x86_init(struct t99_aead_key *key, const uint8_t *bytes, size_t len);
/* Everything but whole chunks of data: additional data, the rest, the tag. */
void t99_gcm_x86_begin(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_state *s, const uint8_t *nonce,
                       const uint8_t *aad, size_t aad_len);
void t99_gcm_x86_rest(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_state *s, uint8_t *out,
                      const uint8_t *in, size_t len, bool seal);
void t99_gcm_x86_tag(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_state *s, uint8_t tag[16],
                     const uint8_t *nonce, size_t aad_len, size_t len);

static inline const struct t99_gcm_x86_key *t99_gcm_x86_key(const struct t99_aead_key *key)
{
    return (const struct t99_gcm_x86_key *)(const void *)key->data;
}

#endif
