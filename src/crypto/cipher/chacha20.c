#include "crypto/cipher/chacha20.h"

#include "base/bytes.h"
#include "base/wipe.h"

void t99_chacha20_init(uint32_t state[16], const uint8_t key[32], const uint8_t nonce[12], uint32_t counter)
{
    int i;

    state[0] = 0x61707865; /* "expa", "nd 3", "2-by", "te k" */
    state[1] = 0x3320646e;
    state[2] = 0x79622d32;
    state[3] = 0x6b206574;
    for (i = 0; i < 8; i++) {
        state[4 + i] = load_le32(key + 4 * i);
    }
    state[12] = counter;
    for (i = 0; i < 3; i++) {
        state[13 + i] = load_le32(nonce + 4 * i);
    }
}

static inline uint32_t rotl(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

static inline void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
    *a += *b;
    *d = rotl(*d ^ *a, 16);
    *c += *d;
    *b = rotl(*b ^ *c, 12);
    *a += *b;
    *d = rotl(*d ^ *a, 8);
    *c += *d;
    *b = rotl(*b ^ *c, 7);
}

void t99_chacha20_block(uint32_t state[16], uint8_t out[T99_CHACHA20_BLOCK])
{
    uint32_t x[16];
    int i;

    for (i = 0; i < 16; i++) {
        x[i] = state[i];
    }
    for (i = 0; i < 10; i++) {
        quarter_round(&x[0], &x[4], &x[8], &x[12]);
        quarter_round(&x[1], &x[5], &x[9], &x[13]);
        quarter_round(&x[2], &x[6], &x[10], &x[14]);
        quarter_round(&x[3], &x[7], &x[11], &x[15]);
        quarter_round(&x[0], &x[5], &x[10], &x[15]);
        quarter_round(&x[1], &x[6], &x[11], &x[12]);
        quarter_round(&x[2], &x[7], &x[8], &x[13]);
        quarter_round(&x[3], &x[4], &x[9], &x[14]);
    }
    for (i = 0; i < 16; i++) {
        store_le32(out + 4 * i, x[i] + state[i]);
    }
    state[12]++;
}

void t99_chacha20_xor(uint32_t state[16], uint8_t *out, const uint8_t *in, size_t len)
{
    uint8_t block[T99_CHACHA20_BLOCK];
    size_t i;

    while (len > 0) {
        size_t n = len < sizeof block ? len : sizeof block;

        t99_chacha20_block(state, block);
        for (i = 0; i < n; i++) {
            out[i] = in[i] ^ block[i];
        }
        out += n;
        in += n;
        len -= n;
    }
    t99_wipe(block, sizeof block);
}
