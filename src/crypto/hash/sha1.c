/* SHA-1: FIPS 180-4, 6.1. For names only (CertID, key identifiers), so it is short rather than fast. */
#include "base/bytes.h"
#include "base/wipe.h"
#include "crypto/hash/block.h"
#include "crypto/hash/hash.h"

#define BLOCK_LEN 64

static uint32_t rotl(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

/* f_t(b, c, d) + K_t: FIPS 180-4, 4.1.1 and 4.2.1. */
static uint32_t mix(unsigned t, uint32_t b, uint32_t c, uint32_t d)
{
    if (t < 20) {
        return (d ^ (b & (c ^ d))) + 0x5a827999;
    }
    if (t < 40) {
        return (b ^ c ^ d) + 0x6ed9eba1;
    }
    if (t < 60) {
        return ((b & c) | (d & (b | c))) + 0x8f1bbcdc;
    }
    return (b ^ c ^ d) + 0xca62c1d6;
}

static void compress(struct t99_hash_ctx *ctx, const uint8_t *blocks, size_t num_blocks)
{
    uint32_t *h = ctx->state.w32, w[80];
    unsigned t;

    for (; num_blocks != 0; num_blocks--, blocks += BLOCK_LEN) {
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];

        for (t = 0; t < 16; t++) {
            w[t] = load_be32(blocks + (size_t)4 * t);
        }
        for (; t < 80; t++) {
            w[t] = rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        }
        for (t = 0; t < 80; t++) {
            uint32_t x = rotl(a, 5) + mix(t, b, c, d) + e + w[t];

            e = d;
            d = c;
            c = rotl(b, 30);
            b = a;
            a = x;
        }
        h[0] += a;
        h[1] += b;
        h[2] += c;
        h[3] += d;
        h[4] += e;
    }
    t99_wipe(w, sizeof w);
}

static void init(struct t99_hash_ctx *ctx)
{
    static const uint32_t initial[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };

    memcpy(ctx->state.w32, initial, sizeof initial);
    ctx->total = 0;
}

static void update(struct t99_hash_ctx *ctx, const void *data, size_t len)
{
    t99_block_update(ctx, BLOCK_LEN, compress, data, len);
}

static void final(struct t99_hash_ctx *ctx, uint8_t *digest)
{
    size_t i;

    t99_block_pad(ctx, BLOCK_LEN, compress);
    for (i = 0; i < 5; i++) {
        store_be32(digest + 4 * i, ctx->state.w32[i]);
    }
    t99_wipe(ctx, sizeof *ctx);
}

const struct t99_hash t99_sha1 = { "SHA-1", 20, BLOCK_LEN, init, update, final };
