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

/* --- Hash --- */

T99_AESNI static inline __m128i swap_bytes(__m128i x)
{
    return _mm_shuffle_epi8(x, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

/* x^128 + x^127 + x^126 + x^121 + 1, reflected. */
T99_AESNI static inline __m128i poly(void)
{
    return _mm_set_epi64x((long long)0xc200000000000000, 1);
}

/* Adds x * y, 256 bits: low, middle (of Karatsuba's or schoolbook's two), high. */
T99_AESNI static inline void multiply_add(__m128i acc[3], __m128i x, __m128i y)
{
    acc[0] = _mm_xor_si128(acc[0], _mm_clmulepi64_si128(x, y, 0x00));
    acc[2] = _mm_xor_si128(acc[2], _mm_clmulepi64_si128(x, y, 0x11));
    acc[1] = _mm_xor_si128(acc[1], _mm_clmulepi64_si128(x, y, 0x01));
    acc[1] = _mm_xor_si128(acc[1], _mm_clmulepi64_si128(x, y, 0x10));
}

T99_AESNI static inline __m128i reduce(const __m128i acc[3])
{
    __m128i low = _mm_xor_si128(acc[0], _mm_slli_si128(acc[1], 8));
    __m128i high = _mm_xor_si128(acc[2], _mm_srli_si128(acc[1], 8));

    low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, poly(), 0x10));
    low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, poly(), 0x10));
    return _mm_xor_si128(low, high);
}

T99_AESNI static inline __m128i multiply(__m128i x, __m128i y)
{
    __m128i acc[3] = { _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128() };

    multiply_add(acc, x, y);
    return reduce(acc);
}

/* x times the field's x, in the reflected form. */
T99_AESNI static __m128i times_x(__m128i h)
{
    __m128i carry = _mm_srli_epi64(h, 63), top = _mm_shuffle_epi32(carry, 0xee);

    h = _mm_or_si128(_mm_slli_epi64(h, 1), _mm_slli_si128(carry, 8));
    return _mm_xor_si128(h, _mm_and_si128(poly(), _mm_sub_epi64(_mm_setzero_si128(), top)));
}

T99_AESNI void t99_gcm_x86_init(struct t99_aead_key *key, const uint8_t *bytes, size_t len)
{
    struct t99_gcm_x86_key *k = (struct t99_gcm_x86_key *)(void *)key->data;
    int i;

    k->round_keys[0] = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    if (len == 16) {
        k->rounds = 10;
        expand_128(k->round_keys);
    } else {
        k->rounds = 14;
        k->round_keys[1] = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16));
        expand_256(k->round_keys);
    }
    k->powers[7] = times_x(swap_bytes(encrypt_block(k, _mm_setzero_si128())));
    for (i = 6; i >= 0; i--) {
        k->powers[i] = multiply(k->powers[i + 1], k->powers[7]);
    }
}

/* --- Parts of a message --- */

T99_AESNI static void hash(const struct t99_gcm_x86_key *k, __m128i *sum, const uint8_t *p, size_t len)
{
    uint8_t block[16];

    while (len > 0) {
        size_t n = len < 16 ? len : 16;

        if (n < 16) {
            memset(block, 0, sizeof block);
            memcpy(block, p, n);
            p = block;
        }
        *sum = _mm_xor_si128(*sum, swap_bytes(_mm_loadu_si128((const __m128i *)(const void *)p)));
        *sum = multiply(*sum, k->powers[7]);
        p += n;
        len -= n;
    }
}

T99_AESNI static __m128i first_counter(const uint8_t *nonce)
{
    uint8_t block[16];

    memcpy(block, nonce, T99_AEAD_NONCE_LEN);
    memset(block + 12, 0, 4);
    block[15] = 1;
    return swap_bytes(_mm_loadu_si128((const __m128i *)(const void *)block));
}

T99_AESNI void t99_gcm_x86_begin(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_state *s,
                                 const uint8_t *nonce, const uint8_t *aad, size_t aad_len)
{
    s->counter = first_counter(nonce);
    s->sum = _mm_setzero_si128();
    hash(k, &s->sum, aad, aad_len);
}

T99_AESNI void t99_gcm_x86_rest(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_state *s, uint8_t *out,
                                const uint8_t *in, size_t len, bool seal)
{
    uint8_t stream[16];

    while (len > 0) {
        size_t n = len < 16 ? len : 16, i;

        if (!seal) {
            hash(k, &s->sum, in, n);
        }
        s->counter = _mm_add_epi32(s->counter, _mm_set_epi32(0, 0, 0, 1));
        _mm_storeu_si128((__m128i *)(void *)stream, encrypt_block(k, swap_bytes(s->counter)));
        for (i = 0; i < n; i++) {
            out[i] = in[i] ^ stream[i];
        }
        if (seal) {
            hash(k, &s->sum, out, n);
        }
        out += n;
        in += n;
        len -= n;
    }
    t99_wipe(stream, sizeof stream);
}

T99_AESNI void t99_gcm_x86_tag(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_state *s, uint8_t tag[16],
                               const uint8_t *nonce, size_t aad_len, size_t len)
{
    __m128i lengths = _mm_set_epi64x((long long)((uint64_t)aad_len * 8), (long long)((uint64_t)len * 8));
    __m128i mask = encrypt_block(k, swap_bytes(first_counter(nonce)));

    s->sum = multiply(_mm_xor_si128(s->sum, lengths), k->powers[7]);
    _mm_storeu_si128((__m128i *)(void *)tag, _mm_xor_si128(swap_bytes(s->sum), mask));
}

/* --- Chunks --- */

T99_AESNI static inline __m128i load(const uint8_t *p, int i)
{
    return _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
}

/*
 * One chunk: out = in XOR key stream; hashed: the eight blocks of ciphertext that go into the sum, or NULL.
 */
T99_AESNI static inline void chunk(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_state *s, uint8_t *out,
                                   const uint8_t *in, const uint8_t *hashed)
{
    __m128i x[8], acc[3] = { _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128() };
    __m128i sum = s->sum;
    uint64_t r;
    int i;

    for (i = 0; i < 8; i++) {
        s->counter = _mm_add_epi32(s->counter, _mm_set_epi32(0, 0, 0, 1));
        x[i] = _mm_xor_si128(swap_bytes(s->counter), k->round_keys[0]);
    }
    for (r = 1; r < 9; r++) { /* a block hashed with each round */
        for (i = 0; i < 8; i++) {
            x[i] = _mm_aesenc_si128(x[i], k->round_keys[r]);
        }
        if (hashed != NULL) {
            sum = _mm_xor_si128(sum, swap_bytes(load(hashed, (int)r - 1)));
            multiply_add(acc, sum, k->powers[r - 1]);
            sum = _mm_setzero_si128();
        }
    }
    for (; r < k->rounds; r++) {
        for (i = 0; i < 8; i++) {
            x[i] = _mm_aesenc_si128(x[i], k->round_keys[r]);
        }
    }
    for (i = 0; i < 8; i++) {
        x[i] = _mm_xor_si128(_mm_aesenclast_si128(x[i], k->round_keys[r]), load(in, i));
    }
    for (i = 0; i < 8; i++) {
        _mm_storeu_si128((__m128i *)(void *)(out + 16 * i), x[i]);
    }
    if (hashed != NULL) {
        s->sum = reduce(acc);
    }
}

T99_AESNI static void hash_chunk(const struct t99_gcm_x86_key *k, struct t99_gcm_x86_state *s,
                                 const uint8_t *p)
{
    __m128i acc[3] = { _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128() };
    int i;

    for (i = 0; i < 8; i++) {
        __m128i x = swap_bytes(load(p, i));

        multiply_add(acc, i == 0 ? _mm_xor_si128(x, s->sum) : x, k->powers[i]);
    }
    s->sum = reduce(acc);
}

/* The hash runs one chunk behind the encryption. */
T99_AESNI static void seal(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce,
                           const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t len)
{
    const struct t99_gcm_x86_key *k = t99_gcm_x86_key(key);
    struct t99_gcm_x86_state s;
    const uint8_t *behind = NULL;
    size_t i;

    t99_gcm_x86_begin(k, &s, nonce, aad, aad_len);
    for (i = 0; i + T99_GCM_CHUNK <= len; i += T99_GCM_CHUNK) {
        chunk(k, &s, out + i, in + i, behind);
        behind = out + i;
    }
    if (behind != NULL) {
        hash_chunk(k, &s, behind);
    }
    t99_gcm_x86_rest(k, &s, out + i, in + i, len - i, true);
    t99_gcm_x86_tag(k, &s, out + len, nonce, aad_len, len);
    t99_wipe(&s, sizeof s);
}

T99_AESNI static bool open(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce,
                           const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t len)
{
    const struct t99_gcm_x86_key *k = t99_gcm_x86_key(key);
    struct t99_gcm_x86_state s;
    uint8_t tag[16], theirs[16];
    size_t i;
    bool ok;

    memcpy(theirs, in + len, sizeof theirs);
    t99_gcm_x86_begin(k, &s, nonce, aad, aad_len);
    for (i = 0; i + T99_GCM_CHUNK <= len; i += T99_GCM_CHUNK) {
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

const struct t99_aead_impl t99_aes_gcm_aesni = { "aesni", t99_gcm_x86_supported, t99_gcm_x86_init, seal,
                                                 open };

#else
typedef int t99_not_x86; /* a translation unit must not be empty */
#endif
