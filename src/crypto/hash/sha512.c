/* SHA-512 and SHA-384: FIPS 180-4, 6.4 and 6.5. */
#include "base/bytes.h"
#include "base/wipe.h"
#include "crypto/hash/block.h"
#include "crypto/hash/hash.h"

#define BLOCK_LEN 128

static const uint64_t k[80] = {
    /* FIPS 180-4, 4.2.3: of the cube roots of the first 80 primes */
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
    0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
    0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
    0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
    0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
    0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
    0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
    0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
    0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
    0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
    0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
    0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static inline uint64_t rotr(uint64_t x, unsigned n)
{
    return x >> n | x << (64 - n);
}

static inline uint64_t big_sigma0(uint64_t x)
{
    return rotr(x, 28) ^ rotr(x, 34) ^ rotr(x, 39);
}

static inline uint64_t big_sigma1(uint64_t x)
{
    return rotr(x, 14) ^ rotr(x, 18) ^ rotr(x, 41);
}

static inline uint64_t small_sigma0(uint64_t x)
{
    return rotr(x, 1) ^ rotr(x, 8) ^ (x >> 7);
}

static inline uint64_t small_sigma1(uint64_t x)
{
    return rotr(x, 19) ^ rotr(x, 61) ^ (x >> 6);
}

/*
 * One round: FIPS 180-4, 6.4.2, step 3, without moving the variables along: the next round names them
 * shifted by one.
 */
#define ROUND(a, b, c, d, e, f, g, h, i)                                                                     \
    do {                                                                                                     \
        uint64_t t1 = h + big_sigma1(e) + (g ^ (e & (f ^ g))) + k[t + i] + w[i];                             \
        d += t1;                                                                                             \
        h = t1 + big_sigma0(a) + ((a & b) | (c & (a | b)));                                                  \
    } while (0)

/* The next word of the message schedule, in place of the one sixteen rounds before. */
#define SCHEDULE(i)                                                                                          \
    (w[i] += small_sigma1(w[((i) + 14) & 15]) + w[((i) + 9) & 15] + small_sigma0(w[((i) + 1) & 15]))

/* Sixteen rounds in a row, after which every variable has its own name again. */
static inline void rounds(uint64_t v[8], const uint64_t w[16], unsigned t)
{
    uint64_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
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
    uint64_t *state = ctx->state.w64, v[8], w[16];
    unsigned i, t;

    for (; num_blocks != 0; num_blocks--, blocks += BLOCK_LEN) {
        memcpy(v, state, sizeof v);
        for (i = 0; i < 16; i++) {
            w[i] = load_be64(blocks + (size_t)8 * i);
        }
        rounds(v, w, 0);
        for (t = 16; t < 80; t += 16) {
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

static const struct t99_compress_impl impls[] = {
    /* best first */
    { "portable", NULL, compress_portable },
};

const struct t99_compress_impl *t99_sha512_impl(size_t i)
{
    size_t row;

    for (row = 0; row < sizeof impls / sizeof impls[0]; row++) {
        if ((impls[row].supported == NULL || impls[row].supported()) && i-- == 0) {
            return &impls[row];
        }
    }
    return NULL;
}

static void update(struct t99_hash_ctx *ctx, const void *data, size_t len)
{
    t99_block_update(ctx, BLOCK_LEN, t99_sha512_impl(0)->compress, data, len);
}

static void init_384(struct t99_hash_ctx *ctx)
{
    static const uint64_t initial[8] = {
        /* FIPS 180-4, 5.3.4: of the square roots of the 9th to 16th primes */
        0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
        0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
    };

    memcpy(ctx->state.w64, initial, sizeof initial);
    ctx->total = 0;
}

static void init_512(struct t99_hash_ctx *ctx)
{
    static const uint64_t initial[8] = {
        /* FIPS 180-4, 5.3.5: of the square roots of the first 8 primes */
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    };

    memcpy(ctx->state.w64, initial, sizeof initial);
    ctx->total = 0;
}

static void finish(struct t99_hash_ctx *ctx, uint8_t *digest, size_t num_words)
{
    size_t i;

    t99_block_pad(ctx, BLOCK_LEN, t99_sha512_impl(0)->compress);
    for (i = 0; i < num_words; i++) {
        store_be64(digest + 8 * i, ctx->state.w64[i]);
    }
    t99_wipe(ctx, sizeof *ctx);
}

static void final_384(struct t99_hash_ctx *ctx, uint8_t *digest)
{
    finish(ctx, digest, 6);
}

static void final_512(struct t99_hash_ctx *ctx, uint8_t *digest)
{
    finish(ctx, digest, 8);
}

const struct t99_hash t99_sha384 = { "SHA-384", 48, BLOCK_LEN, init_384, update, final_384 };
const struct t99_hash t99_sha512 = { "SHA-512", 64, BLOCK_LEN, init_512, update, final_512 };
