/*
 * Keccak-f[1600] and what ML-KEM needs of it: SHA3-256, SHA3-512, SHAKE128 and SHAKE256 (FIPS 202). Constant
 * time but for lengths.
 */
#ifndef T99_CRYPTO_PQ_KECCAK_H
#define T99_CRYPTO_PQ_KECCAK_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the state that take part in input and output: FIPS 202, 6.1 and 6.2. */
enum { T99_SHAKE128_RATE = 168, T99_SHAKE256_RATE = 136, T99_SHA3_256_RATE = 136, T99_SHA3_512_RATE = 72 };

/* The domain of a function, with the first bit of the padding: FIPS 202, 6.1, 6.2 and B.2. */
enum { T99_SHA3_SUFFIX = 0x06, T99_SHAKE_SUFFIX = 0x1f };

struct t99_sponge {
    uint64_t state[25]; /* lane x + 5y; byte i of the rate is byte i % 8, least first, of lane i / 8 */
    size_t rate, pos;   /* pos: the next byte of the rate to be read or written */
};

void t99_sponge_init(struct t99_sponge *s, size_t rate);
void t99_sponge_absorb(struct t99_sponge *s, const void *data, size_t len);

/* Between the last absorb and the first squeeze. */
void t99_sponge_pad(struct t99_sponge *s, uint8_t suffix);

/* The next len bytes of output. */
void t99_sponge_squeeze(struct t99_sponge *s, uint8_t *out, size_t len);

/* Of a || b, in one call; b may be empty. The sponge is wiped. */
void t99_sha3_256(uint8_t out[32], const void *a, size_t a_len, const void *b, size_t b_len);
void t99_sha3_512(uint8_t out[64], const void *a, size_t a_len, const void *b, size_t b_len);
void t99_shake256(uint8_t *out, size_t out_len, const void *a, size_t a_len, const void *b, size_t b_len);

#endif
