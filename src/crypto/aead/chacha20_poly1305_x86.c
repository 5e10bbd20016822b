/*
 * AEAD_CHACHA20_POLY1305 (RFC 8439, 2.8) with AVX2 and BMI2: eight blocks of key stream at once, a block to a
 * lane of 32 bits, while the scalar units, which that leaves idle, compute Poly1305.
 */
#include "base/compiler.h"

#if T99_X86 && T99_INT128

#include <immintrin.h>
#include <string.h>

#include "base/bytes.h"
#include "base/ct.h"
#include "base/wipe.h"
#include "crypto/aead/impl.h"
#include "crypto/cipher/chacha20.h"
#include "crypto/cpu.h"

#define AVX2 T99_TARGET("avx2,bmi2")
#define CHUNK (8 * T99_CHACHA20_BLOCK)
#define FIRST (CHUNK - T99_CHACHA20_BLOCK) /* bytes of data that the first chunk has room for */

static bool supported(void)
{
    const uint32_t needed = T99_CPU_AVX2 | T99_CPU_BMI2;

    return (t99_cpu() & needed) == needed;
}

static void init(struct t99_aead_key *key, const uint8_t *bytes, size_t len)
{
    memcpy(key->data, bytes, len);
}

/* --- Poly1305: RFC 8439, 2.5 --- */

/*
 * Limbs of 64 bits, least first. r1 is a multiple of 4, so that 2^128 r1 is 2^130 r1 / 4, which is 5 r1 / 4.
 */
struct mac {
    uint64_t r0, r1, five_quarters_r1, h0, h1, h2; /* h2 is not reduced: it fills its limb */
    uint8_t s[16];
};

static inline uint64_t load64(const uint8_t *p)
{
    uint64_t x;

    memcpy(&x, p, sizeof x);
    return x;
}

static void mac_init(struct mac *m, const uint8_t key[32])
{
    m->r0 = load64(key) & UINT64_C(0x0ffffffc0fffffff);
    m->r1 = load64(key + 8) & UINT64_C(0x0ffffffc0ffffffc);
    m->five_quarters_r1 = m->r1 + (m->r1 >> 2);
    m->h0 = m->h1 = m->h2 = 0;
    memcpy(m->s, key + 16, sizeof m->s);
}

/*
 * h = (h + block + 2^128) * r, where 2^130 counts as 5; no highest sum overflows: r0 and r1 are below 2^60.
 * Carries are spelt out because gcc adds 64 bits to 128 in memory.
 */
AVX2 static inline void mac_block(struct mac *m, const uint8_t *p)
{
    uint64_t b0 = load64(p), b1 = load64(p + 8), h0, h1, h2, c, x, y;
    t99_u128 d0, d1;

    c = (m->h2 & ~UINT64_C(3)) + (m->h2 >> 2); /* 5 times what is above 2^130 */
    b0 += m->h0;
    x = b0 < m->h0;
    b1 += m->h1;
    h2 = (m->h2 & 3) + 1 + (b1 < m->h1);
    h0 = b0 + c;
    x += h0 < c;
    h1 = b1 + x;
    h2 += h1 < x;
    d0 = (t99_u128)h0 * m->r0 + (t99_u128)h1 * m->five_quarters_r1;
    d1 = (t99_u128)h0 * m->r1 + (t99_u128)h1 * m->r0;
    y = (uint64_t)(d0 >> 64) + h2 * m->five_quarters_r1;
    m->h0 = (uint64_t)d0;
    m->h1 = (uint64_t)d1 + y;
    m->h2 = (uint64_t)(d1 >> 64) + h2 * m->r0 + (m->h1 < y);
}

/* len bytes, then zeros up to a whole block. */
AVX2 static void mac_padded(struct mac *m, const uint8_t *p, size_t len)
{
    uint8_t block[16];

    for (; len >= sizeof block; len -= sizeof block, p += sizeof block) {
        mac_block(m, p);
    }
    if (len != 0) {
        memset(block, 0, sizeof block);
        memcpy(block, p, len);
        mac_block(m, block);
    }
}

/* The block of lengths, then the tag: h modulo 2^130 - 5, plus s, modulo 2^128. */
AVX2 static void mac_final(struct mac *m, uint8_t tag[16], size_t aad_len, size_t len)
{
    uint8_t lengths[16];
    uint64_t h0, h1, h2;
    t99_u128 low, high;
    ct_mask less;

    store_le64(lengths, aad_len);
    store_le64(lengths + 8, len);
    mac_block(m, lengths);
    low = (t99_u128)m->h0 + ((m->h2 & ~UINT64_C(3)) + (m->h2 >> 2));
    high = (t99_u128)m->h1 + (uint64_t)(low >> 64);
    h0 = (uint64_t)low;
    h1 = (uint64_t)high;
    h2 = (m->h2 & 3) + (uint64_t)(high >> 64);
    low = (t99_u128)h0 + 5;
    high = (t99_u128)h1 + (uint64_t)(low >> 64);
    less = ct_is_zero((h2 + (uint64_t)(high >> 64)) >> 2); /* h + 5 is below 2^130: h is below the prime */
    low = (t99_u128)ct_pick(less, h0, (uint64_t)low) + load64(m->s);
    high = (t99_u128)ct_pick(less, h1, (uint64_t)high) + load64(m->s + 8) + (uint64_t)(low >> 64);
    store_le64(tag, (uint64_t)low);
    store_le64(tag + 8, (uint64_t)high);
}

/* --- ChaCha20: RFC 8439, 2.3 --- */

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

AVX2 static inline __m256i rotl12(__m256i x)
{
    return _mm256_or_si256(_mm256_slli_epi32(x, 12), _mm256_srli_epi32(x, 20));
}

AVX2 static inline __m256i rotl7(__m256i x)
{
    return _mm256_or_si256(_mm256_slli_epi32(x, 7), _mm256_srli_epi32(x, 25));
}

/* A line of a quarter round. */
#define LINE(a, b, d, rotl)                                                                                  \
    do {                                                                                                     \
        x[a] = _mm256_add_epi32(x[a], x[b]);                                                                 \
        x[d] = rotl(_mm256_xor_si256(x[d], x[a]));                                                           \
    } while (0)

/* Two quarter rounds side by side: more would not fit into the registers. */
#define QUARTER_ROUNDS(a0, b0, c0, d0, a1, b1, c1, d1)                                                       \
    do {                                                                                                     \
        LINE(a0, b0, d0, rotl16);                                                                            \
        LINE(a1, b1, d1, rotl16);                                                                            \
        LINE(c0, d0, b0, rotl12);                                                                            \
        LINE(c1, d1, b1, rotl12);                                                                            \
        LINE(a0, b0, d0, rotl8);                                                                             \
        LINE(a1, b1, d1, rotl8);                                                                             \
        LINE(c0, d0, b0, rotl7);                                                                             \
        LINE(c1, d1, b1, rotl7);                                                                             \
    } while (0)

/* Word i of the state, in all lanes, put in or added. */
#define SPREAD(i) _mm256_set1_epi32((int)state[i])
#define ADD_SPREAD(i) (x[i] = _mm256_add_epi32(x[i], SPREAD(i)))

AVX2 static inline void xor_out(uint8_t *out, const uint8_t *in, __m256i x)
{
    _mm256_storeu_si256((__m256i *)(void *)out,
                        _mm256_xor_si256(x, _mm256_loadu_si256((const __m256i *)(const void *)in)));
}

/* Eight registers with the same eight words of each block in turn: to 32 bytes of each block, XORed. */
AVX2 static inline void put_half(uint8_t *out, const uint8_t *in, const __m256i *x)
{
    __m256i t0 = _mm256_unpacklo_epi32(x[0], x[1]), t1 = _mm256_unpackhi_epi32(x[0], x[1]);
    __m256i t2 = _mm256_unpacklo_epi32(x[2], x[3]), t3 = _mm256_unpackhi_epi32(x[2], x[3]);
    __m256i t4 = _mm256_unpacklo_epi32(x[4], x[5]), t5 = _mm256_unpackhi_epi32(x[4], x[5]);
    __m256i t6 = _mm256_unpacklo_epi32(x[6], x[7]), t7 = _mm256_unpackhi_epi32(x[6], x[7]);
    __m256i u0 = _mm256_unpacklo_epi64(t0, t2), u1 = _mm256_unpackhi_epi64(t0, t2);
    __m256i u2 = _mm256_unpacklo_epi64(t1, t3), u3 = _mm256_unpackhi_epi64(t1, t3);
    __m256i u4 = _mm256_unpacklo_epi64(t4, t6), u5 = _mm256_unpackhi_epi64(t4, t6);
    __m256i u6 = _mm256_unpacklo_epi64(t5, t7), u7 = _mm256_unpackhi_epi64(t5, t7);

    xor_out(out, in, _mm256_permute2x128_si256(u0, u4, 0x20));
    xor_out(out + 64, in + 64, _mm256_permute2x128_si256(u1, u5, 0x20));
    xor_out(out + 128, in + 128, _mm256_permute2x128_si256(u2, u6, 0x20));
    xor_out(out + 192, in + 192, _mm256_permute2x128_si256(u3, u7, 0x20));
    xor_out(out + 256, in + 256, _mm256_permute2x128_si256(u0, u4, 0x31));
    xor_out(out + 320, in + 320, _mm256_permute2x128_si256(u1, u5, 0x31));
    xor_out(out + 384, in + 384, _mm256_permute2x128_si256(u2, u6, 0x31));
    xor_out(out + 448, in + 448, _mm256_permute2x128_si256(u3, u7, 0x31));
}

/*
 * out = in XOR key stream, one chunk. Meanwhile num_hashed blocks at hashed, at most 32, enter the MAC: a few
 * after each round, so that both run at once. They are read before anything is written. Longer than others:
 * all registers are named.
 */
AVX2 static void chunk(uint32_t state[16], struct mac *mac, uint8_t *out, const uint8_t *in,
                       const uint8_t *hashed, size_t num_hashed)
{
    const __m256i counters = _mm256_add_epi32(SPREAD(12), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
    __m256i x[16] = { SPREAD(0), SPREAD(1),  SPREAD(2),  SPREAD(3), SPREAD(4),  SPREAD(5),
                      SPREAD(6), SPREAD(7),  SPREAD(8),  SPREAD(9), SPREAD(10), SPREAD(11),
                      counters,  SPREAD(13), SPREAD(14), SPREAD(15) };
    struct mac m = *mac;
    size_t i, due = 0;

    for (i = 0; i < 10; i++) {
        QUARTER_ROUNDS(0, 4, 8, 12, 1, 5, 9, 13);
        QUARTER_ROUNDS(2, 6, 10, 14, 3, 7, 11, 15);
        for (due += num_hashed; due >= 20; due -= 20, hashed += 16) {
            mac_block(&m, hashed);
        }
        QUARTER_ROUNDS(0, 5, 10, 15, 1, 6, 11, 12);
        QUARTER_ROUNDS(2, 7, 8, 13, 3, 4, 9, 14);
        for (due += num_hashed; due >= 20; due -= 20, hashed += 16) {
            mac_block(&m, hashed);
        }
    }
    *mac = m;
    ADD_SPREAD(0);
    ADD_SPREAD(1);
    ADD_SPREAD(2);
    ADD_SPREAD(3);
    ADD_SPREAD(4);
    ADD_SPREAD(5);
    ADD_SPREAD(6);
    ADD_SPREAD(7);
    put_half(out, in, x);
    ADD_SPREAD(8);
    ADD_SPREAD(9);
    ADD_SPREAD(10);
    ADD_SPREAD(11);
    x[12] = _mm256_add_epi32(x[12], counters);
    ADD_SPREAD(13);
    ADD_SPREAD(14);
    ADD_SPREAD(15);
    put_half(out + 32, in + 32, x + 8);
    state[12] += 8;
}

/* --- AEAD --- */

struct message {
    uint32_t state[16];
    struct mac mac;
    uint8_t buffer[CHUNK]; /* a chunk that is not full, or whose first block is no key stream */
};

/*
 * The first chunk: its first block is Poly1305's key, the rest goes over the first bytes of data: returns how
 * many.
 */
static size_t begin(struct message *m, const struct t99_aead_key *key, const uint8_t *nonce,
                    const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t len)
{
    size_t n = len < FIRST ? len : FIRST;

    t99_chacha20_init(m->state, (const uint8_t *)key->data, nonce, 0);
    memset(&m->mac, 0, sizeof m->mac);
    memset(m->buffer, 0, sizeof m->buffer);
    if (n != 0) {
        memcpy(m->buffer + T99_CHACHA20_BLOCK, in, n);
    }
    chunk(m->state, &m->mac, m->buffer, m->buffer, NULL, 0);
    mac_init(&m->mac, m->buffer);
    mac_padded(&m->mac, aad, aad_len);
    return n;
}

/* The last n bytes, less than a chunk. */
static void rest(struct message *m, uint8_t *out, const uint8_t *in, size_t n, const uint8_t *hashed,
                 size_t num_hashed)
{
    memcpy(m->buffer, in, n);
    chunk(m->state, &m->mac, m->buffer, m->buffer, hashed, num_hashed);
    memcpy(out, m->buffer, n);
}

/* The MAC runs one chunk behind. */
static void seal(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, const uint8_t *in, size_t len)
{
    struct message m;
    size_t done = begin(&m, key, nonce, aad, aad_len, in, len), hashed = 0;

    memcpy(out, m.buffer + T99_CHACHA20_BLOCK, done);
    for (; len - done >= CHUNK; done += CHUNK) {
        chunk(m.state, &m.mac, out + done, in + done, out + hashed, (done - hashed) / 16);
        hashed = done;
    }
    if (done < len) {
        rest(&m, out + done, in + done, len - done, out + hashed, (done - hashed) / 16);
        hashed = done;
    }
    mac_padded(&m.mac, out + hashed, len - hashed);
    mac_final(&m.mac, out + len, aad_len, len);
    t99_wipe(&m, sizeof m);
}

static bool open(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, const uint8_t *in, size_t len)
{
    uint8_t tag[T99_AEAD_TAG_LEN], theirs[T99_AEAD_TAG_LEN];
    struct message m;
    size_t done = begin(&m, key, nonce, aad, aad_len, in, len);
    bool ok;

    memcpy(theirs, in + len, sizeof theirs);
    mac_padded(&m.mac, in, done);
    if (done != 0) {
        memcpy(out, m.buffer + T99_CHACHA20_BLOCK, done);
    }
    for (; len - done >= CHUNK; done += CHUNK) {
        chunk(m.state, &m.mac, out + done, in + done, in + done, CHUNK / 16);
    }
    if (done < len) {
        mac_padded(&m.mac, in + done, len - done);
        rest(&m, out + done, in + done, len - done, NULL, 0);
    }
    mac_final(&m.mac, tag, aad_len, len);
    ok = ct_reveal(t99_ct_equal(tag, theirs, sizeof tag));
    if (!ok && len != 0) {
        memset(out, 0, len);
    }
    t99_wipe(&m, sizeof m);
    t99_wipe(tag, sizeof tag);
    return ok;
}

const struct t99_aead_impl t99_chacha20_poly1305_avx2 = { "avx2", supported, init, seal, open };

#else
typedef int t99_not_x86; /* a translation unit must not be empty */
#endif
