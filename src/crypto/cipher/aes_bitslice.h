/*
 * AES (FIPS 197) on bits: four blocks at once in eight words, one for each bit of a byte. No table, no index
 * or branch that depends on key or data.
 */
#ifndef T99_CRYPTO_CIPHER_AES_BITSLICE_H
#define T99_CRYPTO_CIPHER_AES_BITSLICE_H

#include <stddef.h>
#include <stdint.h>

#define T99_AES_BLOCK 16
#define T99_AES_BATCH 4 /* blocks */

/* Round keys, to be kept: each the eight planes of one block, of 16 bits, four to a word. */
struct t99_aes_key {
    uint64_t rounds; /* 10, 12, 14 */
    uint64_t round_keys[15][2];
};

/* Round keys, to be used: planes of four blocks. Large; made anew for each message. */
struct t99_aes_planes {
    uint64_t rounds;
    uint64_t round_keys[15][8];
};

/* key_len: 16, 24 or 32. Both are secret: whoever holds one wipes it. */
void t99_aes_expand(struct t99_aes_key *key, const uint8_t *bytes, size_t key_len);
void t99_aes_spread(struct t99_aes_planes *planes, const struct t99_aes_key *key);

/* Four blocks, 64 bytes; out may be in. */
void t99_aes_encrypt4(const struct t99_aes_planes *key, uint8_t *out, const uint8_t *in);
void t99_aes_decrypt4(const struct t99_aes_planes *key, uint8_t *out, const uint8_t *in);

#endif
