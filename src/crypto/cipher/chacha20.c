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

#define QUARTER_ROUND(a, b, c, d)                                                                            \
    do {                                                                                                     \
        a += b;                                                                                              \
        d = rotl(d ^ a, 16);                                                                                 \
        c += d;                                                                                              \
        b = rotl(b ^ c, 12);                                                                                 \
        a += b;                                                                                              \
        d = rotl(d ^ a, 8);                                                                                  \
        c += d;                                                                                              \
        b = rotl(b ^ c, 7);                                                                                  \
    } while (0)

/* Variables, not an array, so that compilers keep them in registers. */
void t99_chacha20_block(uint32_t state[16], uint8_t out[T99_CHACHA20_BLOCK])
{
    const uint32_t *s = state;
    uint32_t a0 = s[0], a1 = s[1], a2 = s[2], a3 = s[3], b0 = s[4], b1 = s[5], b2 = s[6], b3 = s[7];
    uint32_t c0 = s[8], c1 = s[9], c2 = s[10], c3 = s[11], d0 = s[12], d1 = s[13], d2 = s[14], d3 = s[15];
    int i;

    for (i = 0; i < 10; i++) {
        QUARTER_ROUND(a0, b0, c0, d0);
        QUARTER_ROUND(a1, b1, c1, d1);
        QUARTER_ROUND(a2, b2, c2, d2);
        QUARTER_ROUND(a3, b3, c3, d3);
        QUARTER_ROUND(a0, b1, c2, d3);
        QUARTER_ROUND(a1, b2, c3, d0);
        QUARTER_ROUND(a2, b3, c0, d1);
        QUARTER_ROUND(a3, b0, c1, d2);
    }
    store_le32(out, a0 + s[0]);
    store_le32(out + 4, a1 + s[1]);
    store_le32(out + 8, a2 + s[2]);
    store_le32(out + 12, a3 + s[3]);
    store_le32(out + 16, b0 + s[4]);
    store_le32(out + 20, b1 + s[5]);
    store_le32(out + 24, b2 + s[6]);
    store_le32(out + 28, b3 + s[7]);
    store_le32(out + 32, c0 + s[8]);
    store_le32(out + 36, c1 + s[9]);
    store_le32(out + 40, c2 + s[10]);
    store_le32(out + 44, c3 + s[11]);
    store_le32(out + 48, d0 + s[12]);
    store_le32(out + 52, d1 + s[13]);
    store_le32(out + 56, d2 + s[14]);
    store_le32(out + 60, d3 + s[15]);
    state[12]++;
}

void t99_chacha20_xor(uint32_t state[16], uint8_t *out, const uint8_t *in, size_t len)
{
    uint8_t block[T99_CHACHA20_BLOCK];
    size_t i;

    for (; len >= sizeof block; len -= sizeof block, in += sizeof block, out += sizeof block) {
        t99_chacha20_block(state, block);
        for (i = 0; i < sizeof block; i += 8) {
            store_le64(out + i, load_le64(in + i) ^ load_le64(block + i));
        }
    }
    if (len != 0) {
        t99_chacha20_block(state, block);
        for (i = 0; i < len; i++) {
            out[i] = in[i] ^ block[i];
        }
    }
    t99_wipe(block, sizeof block);
}
