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

/* What stands in a struct t99_aead_key. */
struct t99_gcm_x86_key {
    __m128i round_keys[15];
    __m128i powers[8]; /* of the hash key, times x (see aes_gcm_x86.c): H^8 first */
    __m128i folded[4]; /* high XOR low half of powers 0 and 2, 1 and 3, 4 and 6, 5 and 7 */
    uint64_t rounds;   /* 10 or 14 */
};

/* A message under way. */
struct t99_gcm_x86_message {
    __m128i counter; /* the next block's, byte-swapped */
    __m128i sum;     /* of the hash, byte-swapped */
    __m128i mask;    /* of the tag */
};

bool t99_gcm_x86_supported(void);
void t99_gcm_x86_init(struct t99_aead_key *key, const uint8_t *bytes, size_t len);

/* The beginning of a message: nonce and additional data. */
void t99_gcm_x86_begin(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, const uint8_t *nonce,
                       const uint8_t *aad, size_t aad_len);

/*
 * Encrypts or decrypts all that is left of a message, len bytes, not 0, and hashes the ciphertext. out may be
 * in.
 */
void t99_gcm_x86_encrypt(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, uint8_t *out,
                         const uint8_t *in, size_t len);
void t99_gcm_x86_decrypt(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, uint8_t *out,
                         const uint8_t *in, size_t len);

/* The tag of a message with this much additional data and text. Wipes the message. */
void t99_gcm_x86_tag(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, uint8_t *tag,
                     size_t aad_len, size_t len);

/* The same, to be compared: true if it is `theirs`; else out is zeroed. */
bool t99_gcm_x86_check(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, const uint8_t *theirs,
                       size_t aad_len, uint8_t *out, size_t len);

static inline const struct t99_gcm_x86_key *t99_gcm_x86_key(const struct t99_aead_key *key)
{
    return (const struct t99_gcm_x86_key *)(const void *)key->data;
}

#endif
