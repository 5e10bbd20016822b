/* AES-GCM with VAES and VPCLMULQDQ: as aes_gcm_x86.c, two blocks a register. */
#include "base/compiler.h"

#if T99_X86

#include <string.h>

#include "base/ct.h"
#include "base/wipe.h"
#include "crypto/aead/aes_gcm_x86.h"
#include "crypto/aead/impl.h"
#include "crypto/cpu.h"

#define VAES T99_TARGET("avx2,vaes,vpclmulqdq,aes,pclmul,ssse3,sse4.1")
#define CHUNK 256 /* 16 blocks in 8 registers; hashed in two halves of 8 */

static bool supported(void)
{
    uint32_t need = T99_CPU_AVX2 | T99_CPU_VAES | T99_CPU_VPCLMUL;

    return (t99_cpu() & need) == need && t99_gcm_x86_supported();
}

VAES static inline __m256i load2(const uint8_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

VAES static inline __m256i swap2(__m256i x)
{
    return _mm256_shuffle_epi8(x, _mm256_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1,
                                                  2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

VAES static inline __m256i both(__m128i x)
{
    return _mm256_broadcastsi128_si256(x);
}

VAES static inline void multiply_add2(__m256i acc[3], __m256i x, __m256i y)
{
    acc[0] = _mm256_xor_si256(acc[0], _mm256_clmulepi64_epi128(x, y, 0x00));
    acc[2] = _mm256_xor_si256(acc[2], _mm256_clmulepi64_epi128(x, y, 0x11));
    acc[1] = _mm256_xor_si256(acc[1], _mm256_clmulepi64_epi128(x, y, 0x01));
    acc[1] = _mm256_xor_si256(acc[1], _mm256_clmulepi64_epi128(x, y, 0x10));
}

VAES static inline __m128i fold(__m256i x)
{
    return _mm_xor_si128(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
}

/* Both lanes added up, then as in the 128-bit version. */
VAES static inline __m128i reduce2(const __m256i acc[3])
{
    __m128i poly = _mm_set_epi64x((long long)0xc200000000000000, 1), middle = fold(acc[1]);
    __m128i low = _mm_xor_si128(fold(acc[0]), _mm_slli_si128(middle, 8));
    __m128i high = _mm_xor_si128(fold(acc[2]), _mm_srli_si128(middle, 8));

    low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, poly, 0x10));
    low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, poly, 0x10));
    return _mm_xor_si128(low, high);
}

/* Eight blocks at p into the sum. */
VAES static inline __m128i hash8(const struct t99_gcm_x86_key *k, __m128i sum, const uint8_t *p)
{
    __m256i acc[3] = { _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256() };
    int i;

    for (i = 0; i < 4; i++) {
        __m256i x = swap2(load2(p + 32 * i));

        if (i == 0) {
            x = _mm256_xor_si256(x, _mm256_set_m128i(_mm_setzero_si128(), sum));
        }
        multiply_add2(acc, x, load2((const uint8_t *)&k->powers[2 * i]));
    }
    return reduce2(acc);
}

VAES static inline void chunk(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_state *s, uint8_t *out,
                              const uint8_t *in, const uint8_t *hashed)
{
    __m256i x[8], counter = _mm256_add_epi32(both(s->counter), _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 1));
    __m128i sum = s->sum;
    __m256i key = both(k->round_keys[0]);
    uint64_t r;
    int i;

    for (i = 0; i < 8; i++) {
        x[i] = _mm256_xor_si256(swap2(counter), key);
        counter = _mm256_add_epi32(counter, _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 2));
    }
    s->counter = _mm_add_epi32(s->counter, _mm_set_epi32(0, 0, 0, 16));
    if (hashed != NULL) { /* independent of the rounds below: the processor runs both at once */
        sum = hash8(k, sum, hashed);
        sum = hash8(k, sum, hashed + T99_GCM_CHUNK);
    }
    for (r = 1; r < k->rounds; r++) {
        key = both(k->round_keys[r]);
        for (i = 0; i < 8; i++) {
            x[i] = _mm256_aesenc_epi128(x[i], key);
        }
    }
    key = both(k->round_keys[r]);
    for (i = 0; i < 8; i++) {
        x[i] = _mm256_xor_si256(_mm256_aesenclast_epi128(x[i], key), load2(in + 32 * i));
    }
    for (i = 0; i < 8; i++) {
        _mm256_storeu_si256((__m256i *)(void *)(out + 32 * i), x[i]);
    }
    s->sum = sum;
}

VAES static void seal(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                      size_t aad_len, const uint8_t *in, size_t len)
{
    const struct t99_gcm_x86_key *k = t99_gcm_x86_key(key);
    struct t99_gcm_x86_state s;
    const uint8_t *behind = NULL;
    size_t i;

    t99_gcm_x86_begin(k, &s, nonce, aad, aad_len);
    for (i = 0; i + CHUNK <= len; i += CHUNK) {
        chunk(k, &s, out + i, in + i, behind);
        behind = out + i;
    }
    if (behind != NULL) {
        s.sum = hash8(k, hash8(k, s.sum, behind), behind + T99_GCM_CHUNK);
    }
    t99_gcm_x86_rest(k, &s, out + i, in + i, len - i, true);
    t99_gcm_x86_tag(k, &s, out + len, nonce, aad_len, len);
    t99_wipe(&s, sizeof s);
}

VAES static bool open(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                      size_t aad_len, const uint8_t *in, size_t len)
{
    const struct t99_gcm_x86_key *k = t99_gcm_x86_key(key);
    struct t99_gcm_x86_state s;
    uint8_t tag[16], theirs[16];
    size_t i;
    bool ok;

    memcpy(theirs, in + len, sizeof theirs);
    t99_gcm_x86_begin(k, &s, nonce, aad, aad_len);
    for (i = 0; i + CHUNK <= len; i += CHUNK) {
        chunk(k, &s, out + i, in + i, in + i);
    }
    t99_gcm_x86_rest(k, &s, out + i, in + i, len - i, false);
    t99_gcm_x86_tag(k, &s, tag, nonce, aad_len, len);
    ok = ct_reveal(t99_ct_equal(tag, theirs, sizeof tag));
    if (!ok && len != 0) {
        memset(out, 0, len);
    }
    t99_wipe(&s, sizeof s);
    t99_wipe(tag, sizeof tag);
    return ok;
}

const struct t99_aead_impl t99_aes_gcm_vaes = { "vaes", supported, t99_gcm_x86_init, seal, open };

#else
typedef int t99_not_x86; /* a translation unit must not be empty */
#endif
