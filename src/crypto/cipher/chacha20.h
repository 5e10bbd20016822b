/* ChaCha20: RFC 8439, 2.3 and 2.4. Constant time by construction. */
#ifndef T99_CRYPTO_CIPHER_CHACHA20_H
#define T99_CRYPTO_CIPHER_CHACHA20_H

#include <stddef.h>
#include <stdint.h>

#define T99_CHACHA20_BLOCK 64

/* The state of a key and a nonce, with its counter at `counter`. */
void t99_chacha20_init(uint32_t state[16], const uint8_t key[32], const uint8_t nonce[12], uint32_t counter);

/* One block of key stream; the counter moves on. */
void t99_chacha20_block(uint32_t state[16], uint8_t out[T99_CHACHA20_BLOCK]);

/* out = in XOR key stream, len bytes; out may be in. A last partial block uses up a whole one. */
void t99_chacha20_xor(uint32_t state[16], uint8_t *out, const uint8_t *in, size_t len);

#endif
