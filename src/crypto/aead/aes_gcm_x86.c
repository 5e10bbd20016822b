/*
 * AES-GCM with AES-NI and PCLMULQDQ, eight blocks at a step: their key stream and the hash of eight blocks of
 * ciphertext are computed side by side.
 *
 * Blocks are hashed byte-swapped, so that the standard's reflected field stands in a register as an integer;
 * the hash key is multiplied by x beforehand, which saves a shift of every product.
 */
#include "base/compiler.h"

#if T99_X86

#include <string.h>

#include "base/bytes.h"
#include "base/ct.h"
#include "base/wipe.h"
#include "crypto/aead/aes_gcm_x86.h"
#include "crypto/aead/impl.h"
#include "crypto/cpu.h"

typedef char
    gcm_x86_key_fits[sizeof(struct t99_gcm_x86_key) <= sizeof(((struct t99_aead_key *)0)->data) ? 1 : -1];

bool t99_gcm_x86_supported(void)
{
    uint32_t need = T99_CPU_AES | T99_CPU_PCLMUL | T99_CPU_SSSE3 | T99_CPU_SSE41;

    return (t99_cpu() & need) == need;
}

/* --- Key: FIPS 197, 5.2 --- */

T99_AESNI static inline __m128i fold_words(__m128i key)
{
    key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
    return _mm_xor_si128(key, _mm_slli_si128(key, 8));
}

/* The instruction wants its round constant at compile time. */
#define EXPAND(previous, from, rcon, lane)                                                                   \
    _mm_xor_si128(fold_words(previous), _mm_shuffle_epi32(_mm_aeskeygenassist_si128(from, rcon), lane))

T99_AESNI static void expand_128(__m128i *k)
{
    k[1] = EXPAND(k[0], k[0], 0x01, 0xff);
    k[2] = EXPAND(k[1], k[1], 0x02, 0xff);
    k[3] = EXPAND(k[2], k[2], 0x04, 0xff);
    k[4] = EXPAND(k[3], k[3], 0x08, 0xff);
    k[5] = EXPAND(k[4], k[4], 0x10, 0xff);
    k[6] = EXPAND(k[5], k[5], 0x20, 0xff);
    k[7] = EXPAND(k[6], k[6], 0x40, 0xff);
    k[8] = EXPAND(k[7], k[7], 0x80, 0xff);
    k[9] = EXPAND(k[8], k[8], 0x1b, 0xff);
    k[10] = EXPAND(k[9], k[9], 0x36, 0xff);
}

T99_AESNI static void expand_256(__m128i *k)
{
    k[2] = EXPAND(k[0], k[1], 0x01, 0xff);
    k[3] = EXPAND(k[1], k[2], 0x00, 0xaa);
    k[4] = EXPAND(k[2], k[3], 0x02, 0xff);
    k[5] = EXPAND(k[3], k[4], 0x00, 0xaa);
    k[6] = EXPAND(k[4], k[5], 0x04, 0xff);
    k[7] = EXPAND(k[5], k[6], 0x00, 0xaa);
    k[8] = EXPAND(k[6], k[7], 0x08, 0xff);
    k[9] = EXPAND(k[7], k[8], 0x00, 0xaa);
    k[10] = EXPAND(k[8], k[9], 0x10, 0xff);
    k[11] = EXPAND(k[9], k[10], 0x00, 0xaa);
    k[12] = EXPAND(k[10], k[11], 0x20, 0xff);
    k[13] = EXPAND(k[11], k[12], 0x00, 0xaa);
    k[14] = EXPAND(k[12], k[13], 0x40, 0xff);
}

T99_AESNI static inline __m128i encrypt_block(const struct t99_gcm_x86_key *k, __m128i x)
{
    uint64_t i;

    x = _mm_xor_si128(x, k->round_keys[0]);
    for (i = 1; i < k->rounds; i++) {
        x = _mm_aesenc_si128(x, k->round_keys[i]);
    }
    return _mm_aesenclast_si128(x, k->round_keys[k->rounds]);
}

/* --- Hash: NIST SP 800-38D, 6.4 --- */

T99_AESNI static inline __m128i load(const uint8_t *p, size_t i)
{
    return _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
}

T99_AESNI static inline void store(uint8_t *p, size_t i, __m128i x)
{
    _mm_storeu_si128((__m128i *)(void *)(p + 16 * i), x);
}

T99_AESNI static inline __m128i swap_bytes(__m128i x)
{
    return _mm_shuffle_epi8(x, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

T99_AESNI static inline __m128i swap_halves(__m128i x)
{
    return _mm_shuffle_epi32(x, 0x4e);
}

/* x^128 + x^127 + x^126 + x^121 + 1, reflected. */
T99_AESNI static inline __m128i poly(void)
{
    return _mm_set_epi64x((long long)0xc200000000000000, 1);
}

/* A sum of products, 256 bits, modulo the polynomial: low half, middle half that overlaps both, high half. */
T99_AESNI static inline __m128i reduce(__m128i low, __m128i middle, __m128i high)
{
    low = _mm_xor_si128(low, _mm_slli_si128(middle, 8));
    high = _mm_xor_si128(high, _mm_srli_si128(middle, 8));
    low = _mm_xor_si128(swap_halves(low), _mm_clmulepi64_si128(low, poly(), 0x10));
    low = _mm_xor_si128(swap_halves(low), _mm_clmulepi64_si128(low, poly(), 0x10));
    return _mm_xor_si128(low, high);
}

/* The hash after n blocks more, 1 to 8. */
T99_AESNI static __m128i hash(const struct t99_gcm_x86_key *k, __m128i sum, const uint8_t *blocks, size_t n)
{
    __m128i low = _mm_setzero_si128(), middle = low, high = low;
    size_t i;

    for (i = 0; i < n; i++) {
        __m128i x = _mm_xor_si128(swap_bytes(load(blocks, i)), sum), power = k->powers[8 - n + i];

        low = _mm_xor_si128(low, _mm_clmulepi64_si128(x, power, 0x00));
        high = _mm_xor_si128(high, _mm_clmulepi64_si128(x, power, 0x11));
        middle = _mm_xor_si128(middle, _mm_clmulepi64_si128(x, power, 0x01));
        middle = _mm_xor_si128(middle, _mm_clmulepi64_si128(x, power, 0x10));
        sum = _mm_setzero_si128();
    }
    return reduce(low, middle, high);
}

/* x times the field's x, in the reflected form. */
T99_AESNI static __m128i times_x(__m128i h)
{
    __m128i carry = _mm_srli_epi64(h, 63), top = _mm_shuffle_epi32(carry, 0xee);

    h = _mm_or_si128(_mm_slli_epi64(h, 1), _mm_slli_si128(carry, 8));
    return _mm_xor_si128(h, _mm_and_si128(poly(), _mm_sub_epi64(_mm_setzero_si128(), top)));
}

/* Halves added up, for Karatsuba's multiplication: those of x below those of y. */
T99_AESNI static inline __m128i fold(__m128i x, __m128i y)
{
    return _mm_xor_si128(_mm_unpacklo_epi64(x, y), _mm_unpackhi_epi64(x, y));
}

T99_AESNI void t99_gcm_x86_init(struct t99_aead_key *key, const uint8_t *bytes, size_t len)
{
    struct t99_gcm_x86_key *k = (struct t99_gcm_x86_key *)(void *)key->data;
    uint8_t block[16];
    __m128i *h = k->powers;
    int i;

    k->round_keys[0] = load(bytes, 0);
    if (len == 16) {
        k->rounds = 10;
        expand_128(k->round_keys);
    } else {
        k->rounds = 14;
        k->round_keys[1] = load(bytes, 1);
        expand_256(k->round_keys);
    }
    h[7] = times_x(swap_bytes(encrypt_block(k, _mm_setzero_si128())));
    for (i = 6; i >= 0; i--) {
        store(block, 0, swap_bytes(h[i + 1])); /* hash() multiplies blocks by h[7] */
        h[i] = hash(k, _mm_setzero_si128(), block, 1);
    }
    k->folded[0] = fold(h[0], h[2]);
    k->folded[1] = fold(h[1], h[3]);
    k->folded[2] = fold(h[4], h[6]);
    k->folded[3] = fold(h[5], h[7]);
    t99_wipe(block, sizeof block);
}

/* --- Chunks of eight blocks --- */

#define CHUNK 128

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

/* What EACH does with x[i]: the first key and the counter in it, one round, the last round and the data. */
#define COUNT(i)                                                                                             \
    (x[i] = _mm_xor_si128(swap_bytes(m->counter), key),                                                      \
     m->counter = _mm_add_epi32(m->counter, _mm_set_epi32(0, 0, 0, 1)))
#define ENCRYPT(i) (x[i] = _mm_aesenc_si128(x[i], key))
#define LAST(i) (x[i] = _mm_aesenclast_si128(x[i], _mm_xor_si128(key, load(in, i))))
#define STORE(i) store(out, i, x[i])

#define ROUND(r)                                                                                             \
    do {                                                                                                     \
        key = k->round_keys[r];                                                                              \
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
        key = k->round_keys[k->rounds];                                                                      \
        EACH(LAST);                                                                                          \
        EACH(STORE);                                                                                         \
    } while (0)

/* out = in XOR key stream, one chunk. */
T99_AESNI static void crypt(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, uint8_t *out,
                            const uint8_t *in)
{
    __m128i x[8], key = k->round_keys[0];

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

/* Adds block i times its power to the sum of products: Karatsuba's three products instead of four. */
#define HASH(i)                                                                                              \
    do {                                                                                                     \
        data = swap_bytes(load(hashed, i));                                                                  \
        if (i == 0) {                                                                                        \
            data = _mm_xor_si128(data, m->sum);                                                              \
        }                                                                                                    \
        product = _mm_clmulepi64_si128(data, k->powers[i], 0x00);                                            \
        low = i == 0 ? product : _mm_xor_si128(low, product);                                                \
        product = _mm_clmulepi64_si128(data, k->powers[i], 0x11);                                            \
        high = i == 0 ? product : _mm_xor_si128(high, product);                                              \
        product = _mm_clmulepi64_si128(_mm_xor_si128(data, swap_halves(data)), k->folded[i / 4 * 2 + i % 2], \
                                       i / 2 % 2 * 0x10);                                                    \
        middle = i == 0 ? product : _mm_xor_si128(middle, product);                                          \
    } while (0)

/* The same, while eight blocks of ciphertext are hashed. They are read before anything is written. */
T99_AESNI static void crypt_and_hash(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m,
                                     uint8_t *out, const uint8_t *in, const uint8_t *hashed)
{
    __m128i x[8], key = k->round_keys[0], data, product, low, middle, high;

    EACH(COUNT);
    ROUND(1);
    HASH(0);
    ROUND(2);
    HASH(1);
    ROUND(3);
    HASH(2);
    ROUND(4);
    HASH(3);
    ROUND(5);
    HASH(4);
    ROUND(6);
    HASH(5);
    ROUND(7);
    HASH(6);
    ROUND(8);
    HASH(7);
    ROUND(9);
    m->sum = reduce(low, _mm_xor_si128(middle, _mm_xor_si128(low, high)), high);
    LAST_ROUNDS();
}

/* --- Parts of a message --- */

/* Hashes len bytes, less than a chunk, not 0, then zeros up to a whole block. */
T99_AESNI static void hash_padded(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m,
                                  const uint8_t *p, size_t len)
{
    uint8_t buffer[CHUNK];

    memset(buffer, 0, sizeof buffer);
    memcpy(buffer, p, len);
    m->sum = hash(k, m->sum, buffer, (len + 15) / 16);
}

T99_AESNI void t99_gcm_x86_begin(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m,
                                 const uint8_t *nonce, const uint8_t *aad, size_t aad_len)
{
    uint8_t block[16] = { 0 };

    memcpy(block, nonce, T99_AEAD_NONCE_LEN);
    block[15] = 1;
    m->mask = encrypt_block(k, load(block, 0));
    m->counter = _mm_add_epi32(swap_bytes(load(block, 0)), _mm_set_epi32(0, 0, 0, 1));
    m->sum = _mm_setzero_si128();
    for (; aad_len >= CHUNK; aad_len -= CHUNK, aad += CHUNK) {
        m->sum = hash(k, m->sum, aad, 8);
    }
    if (aad_len != 0) {
        hash_padded(k, m, aad, aad_len);
    }
}

/* The last len bytes, less than a chunk, not 0. */
T99_AESNI static void crypt_rest(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, uint8_t *out,
                                 const uint8_t *in, size_t len)
{
    uint8_t buffer[CHUNK];

    memset(buffer, 0, sizeof buffer);
    memcpy(buffer, in, len);
    crypt(k, m, buffer, buffer);
    memcpy(out, buffer, len);
    t99_wipe(buffer, sizeof buffer);
}

/* The hash runs one chunk behind. */
T99_AESNI void t99_gcm_x86_encrypt(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m,
                                   uint8_t *out, const uint8_t *in, size_t len)
{
    if (len >= CHUNK) {
        crypt(k, m, out, in);
        for (len -= CHUNK, in += CHUNK, out += CHUNK; len >= CHUNK; len -= CHUNK, in += CHUNK, out += CHUNK) {
            crypt_and_hash(k, m, out, in, out - CHUNK);
        }
        m->sum = hash(k, m->sum, out - CHUNK, 8);
    }
    if (len != 0) {
        crypt_rest(k, m, out, in, len);
        hash_padded(k, m, out, len);
    }
}

T99_AESNI void t99_gcm_x86_decrypt(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m,
                                   uint8_t *out, const uint8_t *in, size_t len)
{
    for (; len >= CHUNK; len -= CHUNK, in += CHUNK, out += CHUNK) {
        crypt_and_hash(k, m, out, in, in);
    }
    if (len != 0) {
        hash_padded(k, m, in, len);
        crypt_rest(k, m, out, in, len);
    }
}

T99_AESNI void t99_gcm_x86_tag(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m, uint8_t *tag,
                               size_t aad_len, size_t len)
{
    uint8_t lengths[16];

    store_be64(lengths, (uint64_t)aad_len * 8);
    store_be64(lengths + 8, (uint64_t)len * 8);
    m->sum = hash(k, m->sum, lengths, 1);
    store(tag, 0, _mm_xor_si128(swap_bytes(m->sum), m->mask));
    t99_wipe(m, sizeof *m);
}

T99_AESNI bool t99_gcm_x86_check(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_message *m,
                                 const uint8_t *theirs, size_t aad_len, uint8_t *out, size_t len)
{
    uint8_t tag[T99_AEAD_TAG_LEN];
    bool ok;

    t99_gcm_x86_tag(k, m, tag, aad_len, len);
    ok = ct_reveal(t99_ct_equal(tag, theirs, sizeof tag));
    if (!ok && len != 0) {
        memset(out, 0, len);
    }
    t99_wipe(tag, sizeof tag);
    return ok;
}

/* --- AEAD --- */

static void seal(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, const uint8_t *in, size_t len)
{
    const struct t99_gcm_x86_key *k = t99_gcm_x86_key(key);
    struct t99_gcm_x86_message m;

    t99_gcm_x86_begin(k, &m, nonce, aad, aad_len);
    if (len != 0) {
        t99_gcm_x86_encrypt(k, &m, out, in, len);
    }
    t99_gcm_x86_tag(k, &m, out + len, aad_len, len);
}

static bool open(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, const uint8_t *in, size_t len)
{
    const struct t99_gcm_x86_key *k = t99_gcm_x86_key(key);
    struct t99_gcm_x86_message m;

    t99_gcm_x86_begin(k, &m, nonce, aad, aad_len);
    if (len != 0) {
        t99_gcm_x86_decrypt(k, &m, out, in, len);
    }
    return t99_gcm_x86_check(k, &m, in + len, aad_len, out, len);
}

const struct t99_aead_impl t99_aes_gcm_aesni = { "aesni", t99_gcm_x86_supported, t99_gcm_x86_init, seal,
                                                 open };

#else
typedef int t99_not_x86; /* a translation unit must not be empty */
#endif
