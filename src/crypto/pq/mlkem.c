#include "crypto/pq/mlkem.h"

#include <string.h>

#include "base/bytes.h"
#include "base/ct.h"
#include "base/wipe.h"
#include "crypto/pq/keccak.h"
#include "crypto/pq/poly.h"

#define MAX_K 4

/*
 * FIPS 203, 8: eta_1 and eta_2 are 2 in both sets; d_u and d_v are the bits of a coefficient in a
 * ciphertext.
 */
const struct t99_mlkem t99_mlkem_768 = { "ML-KEM-768", 3, 1184, 2400, 1088 };
const struct t99_mlkem t99_mlkem_1024 = { "ML-KEM-1024", 4, 1568, 3168, 1568 };

static unsigned bits_of_u(const struct t99_mlkem *kem)
{
    return kem->k == 4 ? 11 : 10;
}

static unsigned bits_of_v(const struct t99_mlkem *kem)
{
    return kem->k == 4 ? 5 : 4;
}

/*
 * K-PKE.KeyGen (Algorithm 13) from d. dk: room for k polynomials, or NULL. The matrix is never held whole:
 * each element is multiplied as it is made.
 */
static void generate_key(const struct t99_mlkem *kem, uint8_t *ek, uint8_t *dk, const uint8_t d[32])
{
    struct {
        struct t99_poly s[MAX_K], e;
        struct t99_poly_sum sum;
        uint8_t rho_sigma[64];
    } w;
    struct t99_poly a, t;
    uint8_t k = (uint8_t)kem->k, i, j;

    t99_sha3_512(w.rho_sigma, d, 32, &k, 1);
    T99_DECLASSIFY(w.rho_sigma, 32); /* rho is part of ek */
    for (i = 0; i < k; i++) {
        t99_poly_noise(&w.s[i], w.rho_sigma + 32, i);
        t99_poly_ntt(&w.s[i]);
        if (dk != NULL) {
            t99_poly_encode(dk + (size_t)i * T99_POLY_BYTES, &w.s[i]);
        }
    }
    for (i = 0; i < k; i++) {
        memset(&w.sum, 0, sizeof w.sum);
        for (j = 0; j < k; j++) {
            t99_poly_sample(&a, w.rho_sigma, j, i);
            t99_poly_multiply_add(&w.sum, &a, &w.s[j]);
        }
        t99_poly_reduce(&t, &w.sum);
        t99_poly_scale(&t);
        t99_poly_noise(&w.e, w.rho_sigma + 32, (uint8_t)(k + i));
        t99_poly_ntt(&w.e);
        t99_poly_add(&t, &w.e);
        t99_poly_encode(ek + (size_t)i * T99_POLY_BYTES, &t);
    }
    memcpy(ek + (size_t)k * T99_POLY_BYTES, w.rho_sigma, 32);
    t99_wipe(&w, sizeof w);
}

/* K-PKE.Encrypt (Algorithm 14) of the 32 bytes m with the randomness r. */
static void encrypt(const struct t99_mlkem *kem, uint8_t *ct, const uint8_t *ek, const uint8_t m[32],
                    const uint8_t r[32])
{
    struct {
        struct t99_poly y[MAX_K], e, u;
        struct t99_poly_sum sum;
    } w;
    const uint8_t *rho = ek + (size_t)kem->k * T99_POLY_BYTES;
    struct t99_poly a;
    uint8_t k = (uint8_t)kem->k, i, j;

    for (i = 0; i < k; i++) {
        t99_poly_noise(&w.y[i], r, i);
        t99_poly_ntt(&w.y[i]);
    }
    for (i = 0; i < k; i++) {
        memset(&w.sum, 0, sizeof w.sum);
        for (j = 0; j < k; j++) {
            t99_poly_sample(&a, rho, i, j); /* of the transposed matrix */
            t99_poly_multiply_add(&w.sum, &a, &w.y[j]);
        }
        t99_poly_reduce(&w.u, &w.sum);
        t99_poly_inverse_ntt(&w.u);
        t99_poly_noise(&w.e, r, (uint8_t)(k + i));
        t99_poly_add(&w.u, &w.e);
        t99_poly_compress(ct, &w.u, bits_of_u(kem));
        ct += (size_t)32 * bits_of_u(kem);
    }
    memset(&w.sum, 0, sizeof w.sum);
    for (i = 0; i < k; i++) {
        (void)t99_poly_decode(&a, ek + (size_t)i * T99_POLY_BYTES); /* checked before, or our own */
        t99_poly_multiply_add(&w.sum, &a, &w.y[i]);
    }
    t99_poly_reduce(&w.u, &w.sum);
    t99_poly_inverse_ntt(&w.u);
    t99_poly_noise(&w.e, r, (uint8_t)(2 * k));
    t99_poly_add(&w.u, &w.e);
    t99_poly_decompress(&w.e, m, 1);
    t99_poly_add(&w.u, &w.e);
    t99_poly_compress(ct, &w.u, bits_of_v(kem));
    t99_wipe(&w, sizeof w);
}

/* K-PKE.Decrypt (Algorithm 15). dk: k polynomials. */
static void decrypt(const struct t99_mlkem *kem, uint8_t m[32], const uint8_t *dk, const uint8_t *ct)
{
    struct {
        struct t99_poly s, p;
        struct t99_poly_sum sum;
    } w;
    struct t99_poly c;
    size_t u_len = (size_t)32 * bits_of_u(kem), i;

    memset(&w.sum, 0, sizeof w.sum);
    for (i = 0; i < kem->k; i++) {
        t99_poly_decompress(&c, ct + i * u_len, bits_of_u(kem));
        t99_poly_ntt(&c);
        (void)t99_poly_decode(&w.s, dk + i * T99_POLY_BYTES);
        t99_poly_multiply_add(&w.sum, &c, &w.s);
    }
    t99_poly_reduce(&w.s, &w.sum);
    t99_poly_inverse_ntt(&w.s);
    t99_poly_decompress(&w.p, ct + kem->k * u_len, bits_of_v(kem));
    t99_poly_subtract(&w.p, &w.s);
    t99_poly_compress(m, &w.p, 1);
    t99_wipe(&w, sizeof w);
}

/* ML-KEM.KeyGen_internal (Algorithm 16): the key is dk of K-PKE || ek || H(ek) || z. */
void t99_mlkem_expand(const struct t99_mlkem *kem, uint8_t *dk, const uint8_t seed[T99_MLKEM_SEED_LEN])
{
    uint8_t *ek = dk + (size_t)kem->k * T99_POLY_BYTES;

    generate_key(kem, ek, dk, seed);
    t99_sha3_256(ek + kem->ek_len, ek, kem->ek_len, NULL, 0);
    memcpy(ek + kem->ek_len + 32, seed + 32, 32);
}

void t99_mlkem_public(const struct t99_mlkem *kem, uint8_t *ek, const uint8_t seed[T99_MLKEM_SEED_LEN])
{
    generate_key(kem, ek, NULL, seed);
}

/* The modulus check of 7.2: ek is public. */
static bool ek_valid(const struct t99_mlkem *kem, const uint8_t *ek, size_t ek_len)
{
    struct t99_poly t;
    ct_mask canonical = ~(ct_mask)0;
    size_t i;

    if (ek_len != kem->ek_len) {
        return false;
    }
    for (i = 0; i < kem->k; i++) {
        canonical &= t99_poly_decode(&t, ek + i * T99_POLY_BYTES);
    }
    return ct_reveal(canonical);
}

/* ML-KEM.Encaps_internal (Algorithm 17), after the checks of ML-KEM.Encaps. */
bool t99_mlkem_encaps(const struct t99_mlkem *kem, uint8_t *ct, uint8_t shared[T99_MLKEM_SHARED_LEN],
                      const uint8_t *ek, size_t ek_len, const uint8_t m[32])
{
    uint8_t hash[32], key_r[64];

    if (!ek_valid(kem, ek, ek_len)) {
        return false;
    }
    t99_sha3_256(hash, ek, ek_len, NULL, 0);
    t99_sha3_512(key_r, m, 32, hash, sizeof hash);
    encrypt(kem, ct, ek, m, key_r + 32);
    memcpy(shared, key_r, 32);
    t99_wipe(key_r, sizeof key_r);
    return true;
}

/* Ones if a and b are the same; len is a multiple of 8. */
static ct_mask same_ciphertext(const uint8_t *a, const uint8_t *b, size_t len)
{
    uint64_t diff = 0;
    size_t i;

    for (i = 0; i < len; i += 8) {
        diff |= load_le64(a + i) ^ load_le64(b + i);
    }
    return ct_is_zero(diff);
}

/* ML-KEM.Decaps_internal (Algorithm 18). */
static void decapsulate(const struct t99_mlkem *kem, uint8_t shared[T99_MLKEM_SHARED_LEN], const uint8_t *dk,
                        const uint8_t *ct)
{
    const uint8_t *ek = dk + (size_t)kem->k * T99_POLY_BYTES, *hash = ek + kem->ek_len, *z = hash + 32;
    struct {
        uint8_t m[32], key_r[64], rejection[32], ct_again[T99_MLKEM_CT_MAX];
    } w;

    decrypt(kem, w.m, dk, ct);
    t99_sha3_512(w.key_r, w.m, sizeof w.m, hash, 32);
    t99_shake256(w.rejection, sizeof w.rejection, z, 32, ct, kem->ct_len);
    encrypt(kem, w.ct_again, ek, w.m, w.key_r + 32);
    t99_ct_select(shared, same_ciphertext(ct, w.ct_again, kem->ct_len), w.key_r, w.rejection,
                  T99_MLKEM_SHARED_LEN);
    t99_wipe(&w, sizeof w);
}

bool t99_mlkem_decaps(const struct t99_mlkem *kem, uint8_t shared[T99_MLKEM_SHARED_LEN],
                      const uint8_t seed[T99_MLKEM_SEED_LEN], const uint8_t *ct, size_t ct_len)
{
    uint8_t dk[3168]; /* of ML-KEM-1024 */

    if (ct_len != kem->ct_len) {
        return false;
    }
    t99_mlkem_expand(kem, dk, seed);
    decapsulate(kem, shared, dk, ct);
    t99_wipe(dk, sizeof dk);
    return true;
}

bool t99_mlkem_decaps_expanded(const struct t99_mlkem *kem, uint8_t shared[T99_MLKEM_SHARED_LEN],
                               const uint8_t *dk, size_t dk_len, const uint8_t *ct, size_t ct_len)
{
    const uint8_t *ek = dk + (size_t)kem->k * T99_POLY_BYTES;
    uint8_t hash[32];

    if (dk_len != kem->dk_len || ct_len != kem->ct_len) {
        return false;
    }
    t99_sha3_256(hash, ek, kem->ek_len, NULL, 0);
    if (!ct_reveal(t99_ct_equal(hash, ek + kem->ek_len, sizeof hash))) {
        return false;
    }
    decapsulate(kem, shared, dk, ct);
    return true;
}
