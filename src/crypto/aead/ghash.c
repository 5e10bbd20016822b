#include "crypto/aead/ghash.h"

#include <string.h>

#include "base/bytes.h"

/* Every fourth bit. */
#define GAPS UINT64_C(0x1111111111111111)

/*
 * Low 64 bits of the carry-less product. With three zeros between any two bits, at most 16 ones meet in a
 * column, whose count of up to 16 spills over only into gap bits, except in the top column, where it leaves
 * the word. The low bit of each column is the sum modulo 2.
 */
static uint64_t clmul_low(uint64_t x, uint64_t y)
{
    uint64_t x0 = x & GAPS, x1 = x & GAPS << 1, x2 = x & GAPS << 2, x3 = x & GAPS << 3;
    uint64_t y0 = y & GAPS, y1 = y & GAPS << 1, y2 = y & GAPS << 2, y3 = y & GAPS << 3;
    uint64_t z0 = (x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1);
    uint64_t z1 = (x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2);
    uint64_t z2 = (x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3);
    uint64_t z3 = (x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0);

    return (z0 & GAPS) | (z1 & GAPS << 1) | (z2 & GAPS << 2) | (z3 & GAPS << 3);
}

static uint64_t reverse(uint64_t x)
{
    x = (x >> 1 & UINT64_C(0x5555555555555555)) | (x & UINT64_C(0x5555555555555555)) << 1;
    x = (x >> 2 & UINT64_C(0x3333333333333333)) | (x & UINT64_C(0x3333333333333333)) << 2;
    x = (x >> 4 & UINT64_C(0x0f0f0f0f0f0f0f0f)) | (x & UINT64_C(0x0f0f0f0f0f0f0f0f)) << 4;
    x = (x >> 8 & UINT64_C(0x00ff00ff00ff00ff)) | (x & UINT64_C(0x00ff00ff00ff00ff)) << 8;
    x = (x >> 16 & UINT64_C(0x0000ffff0000ffff)) | (x & UINT64_C(0x0000ffff0000ffff)) << 16;
    return x >> 32 | x << 32;
}

void t99_ghash_init(struct t99_ghash *g, const uint8_t h[16])
{
    g->h[0] = load_be64(h);
    g->h[1] = load_be64(h + 8);
    g->reversed[0] = reverse(g->h[0]);
    g->reversed[1] = reverse(g->h[1]);
    g->y[0] = g->y[1] = 0;
}

/*
 * y = y * h in GF(2^128). The high half of a product of 64 bits is the low half of the product of the
 * reversed factors, reversed and one bit off. The standard's bits run from the left, so that the product of
 * two 128-bit words as they stand is one bit short of 256: a shift by one puts it right, then the right half
 * is reduced by x^128 = x^7 + x^2 + x + 1.
 */
static void multiply(struct t99_ghash *g)
{
    uint64_t a1 = g->y[0], a0 = g->y[1], b1 = g->h[0], b0 = g->h[1];
    uint64_t ra1 = reverse(a1), ra0 = reverse(a0), rb1 = g->reversed[0], rb0 = g->reversed[1];
    uint64_t h0 = clmul_low(a1, b1), h1 = clmul_low(ra1, rb1); /* Karatsuba: high, low and both halves */
    uint64_t l0 = clmul_low(a0, b0), l1 = clmul_low(ra0, rb0);
    uint64_t m0 = clmul_low(a1 ^ a0, b1 ^ b0) ^ h0 ^ l0;
    uint64_t m1 = clmul_low(ra1 ^ ra0, rb1 ^ rb0) ^ h1 ^ l1;
    uint64_t z3, z2, z1, z0;

    h1 = reverse(h1) >> 1;
    m1 = reverse(m1) >> 1;
    l1 = reverse(l1) >> 1;
    z3 = h1;
    z2 = h0 ^ m1;
    z1 = l1 ^ m0;
    z0 = l0;
    z3 = z3 << 1 | z2 >> 63;
    z2 = z2 << 1 | z1 >> 63;
    z1 = z1 << 1 | z0 >> 63;
    z0 = z0 << 1;
    z2 ^= z0 ^ z0 >> 1 ^ z0 >> 2 ^ z0 >> 7;
    z1 ^= z0 << 63 ^ z0 << 62 ^ z0 << 57;
    z3 ^= z1 ^ z1 >> 1 ^ z1 >> 2 ^ z1 >> 7;
    z2 ^= z1 << 63 ^ z1 << 62 ^ z1 << 57;
    g->y[0] = z3;
    g->y[1] = z2;
}

void t99_ghash_update(struct t99_ghash *g, const uint8_t *p, size_t len)
{
    uint8_t block[16];

    while (len != 0) {
        size_t n = len < 16 ? len : 16;

        if (n < 16) {
            memset(block, 0, sizeof block);
            memcpy(block, p, n);
            p = block;
        }
        g->y[0] ^= load_be64(p);
        g->y[1] ^= load_be64(p + 8);
        multiply(g);
        p += n;
        len -= n;
    }
}

void t99_ghash_final(struct t99_ghash *g, uint8_t out[16], uint64_t aad_len, uint64_t len)
{
    g->y[0] ^= aad_len * 8;
    g->y[1] ^= len * 8;
    multiply(g);
    store_be64(out, g->y[0]);
    store_be64(out + 8, g->y[1]);
}
