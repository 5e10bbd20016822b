/* SHA-256: FIPS 180-4, 6.2. */
#include "base/bytes.h"
#include "base/wipe.h"
#include "crypto/hash/block.h"
#include "crypto/hash/hash.h"

#define BLOCK_LEN 64

const uint32_t t99_sha256_k[64] = {
    /* FIPS 180-4, 4.2.2: of the cube roots of the first 64 primes */
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t rotr(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static inline uint32_t big_sigma0(uint32_t x)
{
    return rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22);
}

static inline uint32_t big_sigma1(uint32_t x)
{
    return rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25);
}

static inline uint32_t small_sigma0(uint32_t x)
{
    return rotr(x, 7) ^ rotr(x, 18) ^ (x >> 3);
}

static inline uint32_t small_sigma1(uint32_t x)
{
    return rotr(x, 17) ^ rotr(x, 19) ^ (x >> 10);
}

/*
 * One round: FIPS 180-4, 6.2.2, step 3, without moving the variables along: the next round names them
 * shifted by one.
 */
#define ROUND(a, b, c, d, e, f, g, h, i)                                                                     \
    do {                                                                                                     \
        uint32_t t1 = h + big_sigma1(e) + (g ^ (e & (f ^ g))) + t99_sha256_k[t + i] + w[i];                  \
        d += t1;                                                                                             \
        h = t1 + big_sigma0(a) + ((a & b) | (c & (a | b)));                                                  \
    } while (0)

/* The next word of the message schedule, in place of the one sixteen rounds before. */
#define SCHEDULE(i)                                                                                          \
    (w[i] += small_sigma1(w[((i) + 14) & 15]) + w[((i) + 9) & 15] + small_sigma0(w[((i) + 1) & 15]))

/* Sixteen rounds in a row, after which every variable has its own name again. */
static inline void rounds(uint32_t v[8], const uint32_t w[16], unsigned t)
{
    uint32_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
    unsigned i;

    for (i = 0; i < 16; i += 8) {
        ROUND(a, b, c, d, e, f, g, h, i);
        ROUND(h, a, b, c, d, e, f, g, i + 1);
        ROUND(g, h, a, b, c, d, e, f, i + 2);
        ROUND(f, g, h, a, b, c, d, e, i + 3);
        ROUND(e, f, g, h, a, b, c, d, i + 4);
        ROUND(d, e, f, g, h, a, b, c, i + 5);
        ROUND(c, d, e, f, g, h, a, b, i + 6);
        ROUND(b, c, d, e, f, g, h, a, i + 7);
    }
    v[0] = a;
    v[1] = b;
    v[2] = c;
    v[3] = d;
    v[4] = e;
    v[5] = f;
    v[6] = g;
    v[7] = h;
}

static void compress_portable(struct t99_hash_ctx *ctx, const uint8_t *blocks, size_t num_blocks)
{
    uint32_t *state = ctx->state.w32, v[8], w[16];
    unsigned i, t;

    for (; num_blocks != 0; num_blocks--, blocks += BLOCK_LEN) {
        memcpy(v, state, sizeof v);
        for (i = 0; i < 16; i++) {
            w[i] = load_be32(blocks + (size_t)4 * i);
        }
        rounds(v, w, 0);
        for (t = 16; t < 64; t += 16) {
            for (i = 0; i < 16; i++) {
                SCHEDULE(i);
            }
            rounds(v, w, t);
        }
        for (i = 0; i < 8; i++) {
            state[i] += v[i];
        }
    }
    t99_wipe(v, sizeof v);
    t99_wipe(w, sizeof w);
}

static const struct t99_compress_impl portable = { "portable", NULL, compress_portable };

static const struct t99_compress_impl *const impls[] = { &t99_sha256_x86, &portable }; /* best first */

const struct t99_compress_impl *t99_sha256_impl(size_t i)
{
    size_t row;

    for (row = 0; row < sizeof impls / sizeof impls[0]; row++) {
        if ((impls[row]->supported == NULL || impls[row]->supported()) && i-- == 0) {
            return impls[row];
        }
    }
    return NULL;
}

static void update(struct t99_hash_ctx *ctx, const void *data, size_t len)
{
    t99_block_update(ctx, BLOCK_LEN, t99_sha256_impl(0)->compress, data, len);
}

static void init(struct t99_hash_ctx *ctx)
{
    static const uint32_t initial[8] = {
        /* FIPS 180-4, 5.3.3: of the square roots of the first 8 primes */
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };

    memcpy(ctx->state.w32, initial, sizeof initial);
    ctx->total = 0;
}

static void final(struct t99_hash_ctx *ctx, uint8_t *digest)
{
    size_t i;

    t99_block_pad(ctx, BLOCK_LEN, t99_sha256_impl(0)->compress);
    for (i = 0; i < 8; i++) {
        store_be32(digest + 4 * i, ctx->state.w32[i]);
    }
    t99_wipe(ctx, sizeof *ctx);
}

const struct t99_hash t99_sha256 = { "SHA-256", 32, BLOCK_LEN, init, update, final };
