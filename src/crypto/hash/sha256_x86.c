/* SHA-256's compression function with the SHA instructions of x86-64 (Intel's manual, volume 2). */
#include "base/compiler.h"
#include "crypto/cpu.h"
#include "crypto/hash/block.h"

#if T99_X86

#include <immintrin.h>

static bool supported(void)
{
    const uint32_t needed = T99_CPU_SHA | T99_CPU_SSE41 | T99_CPU_SSSE3;

    return (t99_cpu() & needed) == needed;
}

/* Four rounds with the words w, the first of which is word 4 * i of the schedule. */
#define ROUNDS(w, i)                                                                                         \
    do {                                                                                                     \
        __m128i wk = _mm_add_epi32(w, load(&t99_sha256_k[4 * (i)]));                                         \
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);                                                        \
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0e));                               \
    } while (0)

/* The four words after w0 to w3, in place of w0. */
#define SCHEDULE(w0, w1, w2, w3)                                                                             \
    (w0 = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4)), w3))

T99_TARGET("sse4.1,ssse3") static inline __m128i load(const void *p)
{
    return _mm_loadu_si128((const __m128i *)p);
}

/* The instructions want the state as F E B A and H G D C, least word first. */
T99_TARGET("sha,sse4.1,ssse3")
static void compress(struct t99_hash_ctx *ctx, const uint8_t *blocks, size_t num_blocks)
{
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i dcba = _mm_shuffle_epi32(load(ctx->state.w32), 0xb1);
    __m128i hgfe = _mm_shuffle_epi32(load(ctx->state.w32 + 4), 0x1b);
    __m128i abef = _mm_alignr_epi8(dcba, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, dcba, 0xf0);
    size_t i;

    for (; num_blocks != 0; num_blocks--, blocks += 64) {
        __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w0 = _mm_shuffle_epi8(load(blocks), big_endian);
        __m128i w1 = _mm_shuffle_epi8(load(blocks + 16), big_endian);
        __m128i w2 = _mm_shuffle_epi8(load(blocks + 32), big_endian);
        __m128i w3 = _mm_shuffle_epi8(load(blocks + 48), big_endian);

        for (i = 0; i < 12; i += 4) {
            ROUNDS(w0, i);
            SCHEDULE(w0, w1, w2, w3);
            ROUNDS(w1, i + 1);
            SCHEDULE(w1, w2, w3, w0);
            ROUNDS(w2, i + 2);
            SCHEDULE(w2, w3, w0, w1);
            ROUNDS(w3, i + 3);
            SCHEDULE(w3, w0, w1, w2);
        }
        ROUNDS(w0, 12);
        ROUNDS(w1, 13);
        ROUNDS(w2, 14);
        ROUNDS(w3, 15);
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    abef = _mm_shuffle_epi32(abef, 0x1b);
    cdgh = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)(void *)ctx->state.w32, _mm_blend_epi16(abef, cdgh, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)(ctx->state.w32 + 4), _mm_alignr_epi8(cdgh, abef, 8));
}

#else

static bool supported(void)
{
    return false;
}

static void compress(struct t99_hash_ctx *ctx, const uint8_t *blocks, size_t num_blocks)
{
    (void)ctx;
    (void)blocks;
    (void)num_blocks;
}

#endif

const struct t99_compress_impl t99_sha256_x86 = { "sha-ni", supported, compress };
