/* AEAD_CHACHA20_POLY1305 with AVX2: eight blocks of key stream at once, a block to a lane. */
#include "base/compiler.h"

#if T99_X86

#include <immintrin.h>
#include <string.h>

#include "base/bytes.h"
#include "base/ct.h"
#include "base/wipe.h"
#include "crypto/aead/impl.h"
#include "crypto/cipher/chacha20.h"
#include "crypto/cpu.h"
#include "crypto/mac/poly1305.h"

#define AVX2 T99_TARGET("avx2")
#define CHUNK (8 * T99_CHACHA20_BLOCK)

static bool supported(void)
{
    return (t99_cpu() & T99_CPU_AVX2) != 0;
}

static void init(struct t99_aead_key *key, const uint8_t *bytes, size_t len)
{
    memcpy(key->data, bytes, len);
}

AVX2 static inline __m256i rotl16(__m256i x)
{
    return _mm256_shuffle_epi8(x, _mm256_set_epi8(13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2, 13,
                                                  12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2));
}

AVX2 static inline __m256i rotl8(__m256i x)
{
    return _mm256_shuffle_epi8(x, _mm256_set_epi8(14, 13, 12, 15, 10, 9, 8, 11, 6, 5, 4, 7, 2, 1, 0, 3, 14,
                                                  13, 12, 15, 10, 9, 8, 11, 6, 5, 4, 7, 2, 1, 0, 3));
}

AVX2 static inline __m256i rotl(__m256i x, int n)
{
    return _mm256_or_si256(_mm256_slli_epi32(x, n), _mm256_srli_epi32(x, 32 - n));
}

AVX2 static inline void quarter_round(__m256i *a, __m256i *b, __m256i *c, __m256i *d)
{
    *a = _mm256_add_epi32(*a, *b);
    *d = rotl16(_mm256_xor_si256(*d, *a));
    *c = _mm256_add_epi32(*c, *d);
    *b = rotl(_mm256_xor_si256(*b, *c), 12);
    *a = _mm256_add_epi32(*a, *b);
    *d = rotl8(_mm256_xor_si256(*d, *a));
    *c = _mm256_add_epi32(*c, *d);
    *b = rotl(_mm256_xor_si256(*b, *c), 7);
}

/* Eight registers of eight words: rows become columns. */
AVX2 static inline void transpose(__m256i r[8])
{
    __m256i t[8], u[8];
    int i;

    for (i = 0; i < 4; i++) {
        t[2 * i] = _mm256_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
        t[2 * i + 1] = _mm256_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
    }
    for (i = 0; i < 2; i++) {
        u[4 * i] = _mm256_unpacklo_epi64(t[4 * i], t[4 * i + 2]);
        u[4 * i + 1] = _mm256_unpackhi_epi64(t[4 * i], t[4 * i + 2]);
        u[4 * i + 2] = _mm256_unpacklo_epi64(t[4 * i + 1], t[4 * i + 3]);
        u[4 * i + 3] = _mm256_unpackhi_epi64(t[4 * i + 1], t[4 * i + 3]);
    }
    for (i = 0; i < 4; i++) {
        r[i] = _mm256_permute2x128_si256(u[i], u[4 + i], 0x20);
        r[4 + i] = _mm256_permute2x128_si256(u[i], u[4 + i], 0x31);
    }
}

AVX2 static inline void xor_out(uint8_t *out, const uint8_t *in, __m256i x)
{
    _mm256_storeu_si256((__m256i *)(void *)out,
                        _mm256_xor_si256(x, _mm256_loadu_si256((const __m256i *)(const void *)in)));
}

/* 512 bytes. */
AVX2 static void chunk(uint32_t state[16], uint8_t *out, const uint8_t *in)
{
    __m256i x[16], counters = _mm256_add_epi32(_mm256_set1_epi32((int)state[12]),
                                               _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
    int i;

    for (i = 0; i < 16; i++) {
        x[i] = i == 12 ? counters : _mm256_set1_epi32((int)state[i]);
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
        x[i] = _mm256_add_epi32(x[i], i == 12 ? counters : _mm256_set1_epi32((int)state[i]));
    }
    transpose(x);
    transpose(x + 8);
    for (i = 0; i < 8; i++) {
        xor_out(out + 64 * i, in + 64 * i, x[i]);
        xor_out(out + 64 * i + 32, in + 64 * i + 32, x[8 + i]);
    }
    state[12] += 8;
}

static void begin(const struct t99_aead_key *key, uint32_t state[16], struct t99_poly1305 *mac,
                  const uint8_t *nonce, const uint8_t *aad, size_t aad_len)
{
    uint8_t block[T99_CHACHA20_BLOCK];

    t99_chacha20_init(state, (const uint8_t *)key->data, nonce, 0);
    t99_chacha20_block(state, block);
    t99_poly1305_init(mac, block);
    t99_poly1305_padded(mac, aad, aad_len);
    t99_wipe(block, sizeof block);
}

static void end(struct t99_poly1305 *mac, uint8_t tag[16], size_t aad_len, size_t len)
{
    uint8_t lengths[16];

    store_le64(lengths, aad_len);
    store_le64(lengths + 8, len);
    t99_poly1305_blocks(mac, lengths, 1);
    t99_poly1305_final(mac, tag);
}

static void seal(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, const uint8_t *in, size_t len)
{
    struct t99_poly1305 mac;
    uint32_t state[16];
    size_t i;

    begin(key, state, &mac, nonce, aad, aad_len);
    for (i = 0; i + CHUNK <= len; i += CHUNK) {
        chunk(state, out + i, in + i);
        t99_poly1305_blocks(&mac, out + i, CHUNK / 16);
    }
    t99_chacha20_xor(state, out + i, in + i, len - i);
    t99_poly1305_padded(&mac, out + i, len - i);
    end(&mac, out + len, aad_len, len);
    t99_wipe(state, sizeof state);
}

static bool open(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, const uint8_t *in, size_t len)
{
    struct t99_poly1305 mac;
    uint8_t tag[16], theirs[16];
    uint32_t state[16];
    size_t i;
    bool ok;

    memcpy(theirs, in + len, sizeof theirs);
    begin(key, state, &mac, nonce, aad, aad_len);
    for (i = 0; i + CHUNK <= len; i += CHUNK) {
        t99_poly1305_blocks(&mac, in + i, CHUNK / 16);
        chunk(state, out + i, in + i);
    }
    t99_poly1305_padded(&mac, in + i, len - i);
    t99_chacha20_xor(state, out + i, in + i, len - i);
    end(&mac, tag, aad_len, len);
    ok = ct_reveal(t99_ct_equal(tag, theirs, sizeof tag));
    if (!ok && len != 0) {
        memset(out, 0, len);
    }
    t99_wipe(state, sizeof state);
    t99_wipe(tag, sizeof tag);
    return ok;
}

const struct t99_aead_impl t99_chacha20_poly1305_avx2 = { "avx2", supported, init, seal, open };

#else
typedef int t99_not_x86; /* a translation unit must not be empty */
#endif
