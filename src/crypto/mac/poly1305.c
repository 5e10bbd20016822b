#include "crypto/mac/poly1305.h"

#include <string.h>

#include "base/bytes.h"
#include "base/ct.h"
#include "base/wipe.h"

#if T99_INT128

#define M44 UINT64_C(0xfffffffffff)
#define M42 UINT64_C(0x3ffffffffff)

void t99_poly1305_init(struct t99_poly1305 *p, const uint8_t key[32])
{
    uint64_t t0 = load_le64(key) & UINT64_C(0x0ffffffc0fffffff);
    uint64_t t1 = load_le64(key + 8) & UINT64_C(0x0ffffffc0ffffffc);

    p->r[0] = t0 & M44;
    p->r[1] = (t0 >> 44 | t1 << 20) & M44;
    p->r[2] = t1 >> 24;
    p->h[0] = p->h[1] = p->h[2] = 0;
    memcpy(p->s, key + 16, 16);
}

void t99_poly1305_blocks(struct t99_poly1305 *p, const uint8_t *in, size_t num)
{
    uint64_t r0 = p->r[0], r1 = p->r[1], r2 = p->r[2], s1 = 20 * r1,
             s2 = 20 * r2; /* 2^132 = 20 mod 2^130 - 5 */
    uint64_t h0 = p->h[0], h1 = p->h[1], h2 = p->h[2], c;
    t99_u128 d0, d1, d2;

    for (; num > 0; num--, in += 16) {
        uint64_t t0 = load_le64(in), t1 = load_le64(in + 8);

        h0 += t0 & M44;
        h1 += (t0 >> 44 | t1 << 20) & M44;
        h2 += (t1 >> 24) | UINT64_C(1) << 40;
        d0 = (t99_u128)h0 * r0 + (t99_u128)h1 * s2 + (t99_u128)h2 * s1;
        d1 = (t99_u128)h0 * r1 + (t99_u128)h1 * r0 + (t99_u128)h2 * s2;
        d2 = (t99_u128)h0 * r2 + (t99_u128)h1 * r1 + (t99_u128)h2 * r0;
        c = (uint64_t)(d0 >> 44);
        h0 = (uint64_t)d0 & M44;
        d1 += c;
        c = (uint64_t)(d1 >> 44);
        h1 = (uint64_t)d1 & M44;
        d2 += c;
        c = (uint64_t)(d2 >> 42);
        h2 = (uint64_t)d2 & M42;
        h0 += c * 5;
        c = h0 >> 44;
        h0 &= M44;
        h1 += c;
    }
    p->h[0] = h0;
    p->h[1] = h1;
    p->h[2] = h2;
}

/* h modulo 2^130 - 5, its low 128 bits. */
static void reduce(const struct t99_poly1305 *p, uint64_t *low, uint64_t *high)
{
    uint64_t h0 = p->h[0], h1 = p->h[1], h2 = p->h[2], g0, g1, g2, c, keep;
    int i;

    for (i = 0; i < 2; i++) { /* carries all the way round, twice */
        c = h1 >> 44;
        h1 &= M44;
        h2 += c;
        c = h2 >> 42;
        h2 &= M42;
        h0 += c * 5;
        c = h0 >> 44;
        h0 &= M44;
        h1 += c;
    }
    g0 = h0 + 5;
    c = g0 >> 44;
    g0 &= M44;
    g1 = h1 + c;
    c = g1 >> 44;
    g1 &= M44;
    g2 = h2 + c - (UINT64_C(1) << 42);
    keep = ct_bit(g2 >> 63); /* h was below the prime */
    h0 = ct_pick(keep, h0, g0);
    h1 = ct_pick(keep, h1, g1);
    h2 = ct_pick(keep, h2, g2);
    *low = h0 | h1 << 44;
    *high = h1 >> 20 | h2 << 24;
}

#else

#define M26 UINT32_C(0x3ffffff)

void t99_poly1305_init(struct t99_poly1305 *p, const uint8_t key[32])
{
    p->r[0] = load_le32(key) & 0x3ffffff;
    p->r[1] = load_le32(key + 3) >> 2 & 0x3ffff03;
    p->r[2] = load_le32(key + 6) >> 4 & 0x3ffc0ff;
    p->r[3] = load_le32(key + 9) >> 6 & 0x3f03fff;
    p->r[4] = load_le32(key + 12) >> 8 & 0x00fffff;
    memset(p->h, 0, sizeof p->h);
    memcpy(p->s, key + 16, 16);
}

void t99_poly1305_blocks(struct t99_poly1305 *p, const uint8_t *in, size_t num)
{
    const uint32_t *r = p->r;
    uint32_t *h = p->h;
    uint64_t d[5], c;
    int i, j;

    for (; num > 0; num--, in += 16) {
        h[0] += load_le32(in) & M26;
        h[1] += load_le32(in + 3) >> 2 & M26;
        h[2] += load_le32(in + 6) >> 4 & M26;
        h[3] += load_le32(in + 9) >> 6 & M26;
        h[4] += load_le32(in + 12) >> 8 | UINT32_C(1) << 24;
        for (i = 0; i < 5; i++) {
            d[i] = 0;
            for (j = 0; j < 5; j++) { /* 2^130 = 5 */
                d[i] += (uint64_t)h[j] * (i >= j ? r[i - j] : 5 * r[i - j + 5]);
            }
        }
        c = 0;
        for (i = 0; i < 5; i++) {
            d[i] += c;
            c = d[i] >> 26;
            h[i] = (uint32_t)d[i] & M26;
        }
        h[0] += (uint32_t)c * 5;
        h[1] += h[0] >> 26;
        h[0] &= M26;
    }
}

static void reduce(const struct t99_poly1305 *p, uint64_t *low, uint64_t *high)
{
    uint32_t h[5], g[5], c;
    uint64_t keep;
    int i, round;

    memcpy(h, p->h, sizeof h);
    for (round = 0; round < 2; round++) {
        c = 0;
        for (i = 0; i < 5; i++) {
            h[i] += c;
            c = h[i] >> 26;
            h[i] &= M26;
        }
        h[0] += c * 5;
    }
    c = 5;
    for (i = 0; i < 5; i++) {
        g[i] = h[i] + c;
        c = g[i] >> 26;
        g[i] &= M26;
    }
    keep = ct_is_zero(c); /* h + 5 stayed below 2^130: h was below the prime */
    for (i = 0; i < 5; i++) {
        h[i] = (uint32_t)ct_pick(keep, h[i], g[i]);
    }
    *low = h[0] | (uint64_t)h[1] << 26 | (uint64_t)h[2] << 52;
    *high = h[2] >> 12 | (uint64_t)h[3] << 14 | (uint64_t)h[4] << 40;
}

#endif

void t99_poly1305_padded(struct t99_poly1305 *p, const uint8_t *in, size_t len)
{
    uint8_t block[16];

    t99_poly1305_blocks(p, in, len / 16);
    if (len % 16 != 0) {
        memset(block, 0, sizeof block);
        memcpy(block, in + (len - len % 16), len % 16);
        t99_poly1305_blocks(p, block, 1);
    }
}

void t99_poly1305_final(struct t99_poly1305 *p, uint8_t tag[16])
{
    uint64_t low, high, sum;

    reduce(p, &low, &high);
    sum = low + load_le64(p->s);
    high += load_le64(p->s + 8) + (ct_lt(sum, low) & 1);
    store_le64(tag, sum);
    store_le64(tag + 8, high);
    t99_wipe(p, sizeof *p);
}
