/*
 * AES-GCM (NIST SP 800-38D) with VAES and VPCLMULQDQ: as aes_gcm_x86.c, which also does all but the bulk of
 * the data, but with two blocks in a register, sixteen at a step.
 */
#include "base/compiler.h"

#if T99_X86

#include "crypto/aead/aes_gcm_x86.h"
#include "crypto/aead/impl.h"
#include "crypto/cpu.h"

#define VAES T99_TARGET("avx2,vaes,vpclmulqdq,aes,pclmul,ssse3,sse4.1")
#define CHUNK 256

static bool supported(void)
{
    const uint32_t needed = T99_CPU_AVX2 | T99_CPU_VAES | T99_CPU_VPCLMUL;

    return (t99_cpu() & needed) == needed && t99_gcm_x86_supported();
}

VAES static inline __m256i load(const void *p, size_t i)
{
    return _mm256_loadu_si256((const __m256i *)p + i);
}

VAES static inline __m256i both(__m128i x)
{
    return _mm256_broadcastsi128_si256(x);
}

VAES static inline __m256i swap_bytes(__m256i x)
{
    return _mm256_shuffle_epi8(x, both(_mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)));
}

VAES static inline __m128i add_lanes(__m256i x)
{
    return _mm_xor_si128(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
}

/* Both lanes added up, modulo the polynomial; the middle as Karatsuba's multiplication leaves it. */
VAES static inline __m128i reduce(__m256i low2, __m256i middle2, __m256i high2)
{
    const __m128i poly = _mm_set_epi64x((long long)0xc200000000000000, 1);
    __m128i low = add_lanes(low2), high = add_lanes(high2);
    __m128i middle = _mm_xor_si128(add_lanes(middle2), _mm_xor_si128(low, high));

    low = _mm_xor_si128(low, _mm_slli_si128(middle, 8));
    high = _mm_xor_si128(high, _mm_srli_si128(middle, 8));
    low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, poly, 0x10));
    low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, poly, 0x10));
    return _mm_xor_si128(low, high);
}

#define EACH(DO)                                                                                             \
    do {                                                                                                     \
        DO(0);                                                                                               \
        DO(1);                                                                                               \
        DO(2);                                                                                               \
        DO(3);                                                                                               \
        DO(4);                                                                                               \
        DO(5);                                                                                               \
        DO(6);                                                                                               \
        DO(7);                                                                                               \
    } while (0)

/* What EACH does with x[i]: the first key and two counters in it, one round, the last round and the data. */
#define COUNT(i) (x[i] = _mm256_xor_si256(swap_bytes(counter), key), counter = _mm256_add_epi32(counter, two))
#define ENCRYPT(i) (x[i] = _mm256_aesenc_epi128(x[i], key))
#define LAST(i) (x[i] = _mm256_aesenclast_epi128(x[i], _mm256_xor_si256(key, load(in, i))))
#define STORE(i) _mm256_storeu_si256((__m256i *)(void *)out + i, x[i])

#define ROUND(r)                                                                                             \
    do {                                                                                                     \
        key = both(k->round_keys[r]);                                                                        \
        EACH(ENCRYPT);                                                                                       \
    } while (0)

/* The rounds after the ninth, and the data. */
#define LAST_ROUNDS()                                                                                        \
    do {                                                                                                     \
        if (k->rounds == 14) {                                                                               \
            ROUND(10);                                                                                       \
            ROUND(11);                                                                                       \
            ROUND(12);                                                                                       \
            ROUND(13);                                                                                       \
        }                                                                                                    \
        key = both(k->round_keys[k->rounds]);                                                                \
        EACH(LAST);                                                                                          \
        EACH(STORE);                                                                                         \
    } while (0)

/*
 * Adds blocks 2 i and 2 i + 1 of half a chunk, times their powers, to the sums of products; the first sets
 * them.
 */
#define HASH(first, half, i, plus)                                                                           \
    do {                                                                                                     \
        data = swap_bytes(load(hashed, 4 * half + i));                                                       \
        if (i == 0) {                                                                                        \
            data = _mm256_xor_si256(data, _mm256_zextsi128_si256(plus));                                     \
        }                                                                                                    \
        product = _mm256_clmulepi64_epi128(data, load(k->powers, i), 0x00);                                  \
        low = first ? product : _mm256_xor_si256(low, product);                                              \
        product = _mm256_clmulepi64_epi128(data, load(k->powers, i), 0x11);                                  \
        high = first ? product : _mm256_xor_si256(high, product);                                            \
        data = _mm256_xor_si256(data, _mm256_shuffle_epi32(data, 0x4e));                                     \
        product = _mm256_clmulepi64_epi128(data, load(k->folded, i / 2), i % 2 * 0x10);                      \
        middle = first ? product : _mm256_xor_si256(middle, product);                                        \
    } while (0)

/* The counters of the first two blocks; moves on by a chunk. */
VAES static inline __m256i count(struct t99_gcm_x86_message *m)
{
    __m256i counter = _mm256_add_epi32(both(m->counter), _mm256_set_epi32(0, 0, 0, 1, 0, 0, 0, 0));

    m->counter = _mm_add_epi32(m->counter, _mm_set_epi32(0, 0, 0, CHUNK / 16));
    return counter;
}

/* out = in XOR key stream, one chunk. */
VAES static void crypt(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, uint8_t *out,
                       const uint8_t *in)
{
    const __m256i two = _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 2);
    __m256i x[8], key = both(k->round_keys[0]), counter = count(m);

    EACH(COUNT);
    ROUND(1);
    ROUND(2);
    ROUND(3);
    ROUND(4);
    ROUND(5);
    ROUND(6);
    ROUND(7);
    ROUND(8);
    ROUND(9);
    LAST_ROUNDS();
}

/* The hash after one more chunk. */
VAES static void hash(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, const uint8_t *hashed)
{
    __m256i data, product, low, middle, high;

    HASH(true, 0, 0, m->sum);
    HASH(false, 0, 1, m->sum);
    HASH(false, 0, 2, m->sum);
    HASH(false, 0, 3, m->sum);
    m->sum = reduce(low, middle, high);
    HASH(true, 1, 0, m->sum);
    HASH(false, 1, 1, m->sum);
    HASH(false, 1, 2, m->sum);
    HASH(false, 1, 3, m->sum);
    m->sum = reduce(low, middle, high);
}

/*
 * Both at once. The ciphertext that is hashed is read before anything is written. The second half begins with
 * what does not wait for the hash of the first.
 */
VAES static void crypt_and_hash(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, uint8_t *out,
                                const uint8_t *in, const uint8_t *hashed)
{
    const __m256i two = _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 2);
    __m256i x[8], key = both(k->round_keys[0]), counter = count(m), data, product, low, middle, high;

    EACH(COUNT);
    ROUND(1);
    HASH(true, 0, 0, m->sum);
    ROUND(2);
    HASH(false, 0, 1, m->sum);
    ROUND(3);
    HASH(false, 0, 2, m->sum);
    ROUND(4);
    HASH(false, 0, 3, m->sum);
    m->sum = reduce(low, middle, high);
    ROUND(5);
    HASH(true, 1, 1, m->sum);
    ROUND(6);
    HASH(false, 1, 2, m->sum);
    ROUND(7);
    HASH(false, 1, 3, m->sum);
    ROUND(8);
    HASH(false, 1, 0, m->sum);
    ROUND(9);
    m->sum = reduce(low, middle, high);
    LAST_ROUNDS();
}

/* The hash runs one chunk behind. */
VAES static void seal(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                      size_t aad_len, const uint8_t *in, size_t len)
{
    const struct t99_gcm_x86_key *k = t99_gcm_x86_key(key);
    struct t99_gcm_x86_message m;
    size_t done = 0;

    t99_gcm_x86_begin(k, &m, nonce, aad, aad_len);
    if (len >= CHUNK) {
        crypt(k, &m, out, in);
        for (done = CHUNK; len - done >= CHUNK; done += CHUNK) {
            crypt_and_hash(k, &m, out + done, in + done, out + done - CHUNK);
        }
        hash(k, &m, out + done - CHUNK);
    }
    if (done != len) {
        t99_gcm_x86_encrypt(k, &m, out + done, in + done, len - done);
    }
    t99_gcm_x86_tag(k, &m, out + len, aad_len, len);
}

VAES static bool open(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                      size_t aad_len, const uint8_t *in, size_t len)
{
    const struct t99_gcm_x86_key *k = t99_gcm_x86_key(key);
    struct t99_gcm_x86_message m;
    size_t done;

    t99_gcm_x86_begin(k, &m, nonce, aad, aad_len);
    for (done = 0; len - done >= CHUNK; done += CHUNK) {
        crypt_and_hash(k, &m, out + done, in + done, in + done);
    }
    if (done != len) {
        t99_gcm_x86_decrypt(k, &m, out + done, in + done, len - done);
    }
    return t99_gcm_x86_check(k, &m, in + len, aad_len, out, len);
}

const struct t99_aead_impl t99_aes_gcm_vaes = { "vaes", supported, t99_gcm_x86_init, seal, open };

#else
typedef int t99_not_x86; /* a translation unit must not be empty */
#endif
