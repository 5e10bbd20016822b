/* ML-KEM-768 and ML-KEM-1024: FIPS 203. Constant time in every secret. */
#ifndef T99_CRYPTO_PQ_MLKEM_H
#define T99_CRYPTO_PQ_MLKEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define T99_MLKEM_SEED_LEN 64 /* d || z: the private key at rest */
#define T99_MLKEM_SHARED_LEN 32
#define T99_MLKEM_EK_MAX 1568
#define T99_MLKEM_CT_MAX 1568

struct t99_mlkem {
    const char *name; /* "ML-KEM-768" */
    unsigned k;       /* 3, 4 */
    size_t ek_len;    /* encapsulation key: 1184, 1568 */
    size_t dk_len;    /* expanded decapsulation key: 2400, 3168 */
    size_t ct_len;    /* ciphertext: 1088, 1568 */
};

extern const struct t99_mlkem t99_mlkem_768;
extern const struct t99_mlkem t99_mlkem_1024;

/* ML-KEM.KeyGen_internal (Algorithm 16): ek from the seed d || z. */
void t99_mlkem_public(const struct t99_mlkem *kem, uint8_t *ek, const uint8_t seed[T99_MLKEM_SEED_LEN]);

/* The expanded decapsulation key, dk_len bytes, from the seed. */
void t99_mlkem_expand(const struct t99_mlkem *kem, uint8_t *dk, const uint8_t seed[T99_MLKEM_SEED_LEN]);

/*
 * ML-KEM.Decaps (Algorithm 21) from the seed. False only if ct_len is wrong; a wrong ciphertext gives a
 * random key.
 */
bool t99_mlkem_decaps(const struct t99_mlkem *kem, uint8_t shared[T99_MLKEM_SHARED_LEN],
                      const uint8_t seed[T99_MLKEM_SEED_LEN], const uint8_t *ct,
                      size_t ct_len) T99_MUST_CHECK;

/* The same from an expanded key; false too if dk fails the hash check of 7.3. */
bool t99_mlkem_decaps_expanded(const struct t99_mlkem *kem, uint8_t shared[T99_MLKEM_SHARED_LEN],
                               const uint8_t *dk, size_t dk_len, const uint8_t *ct,
                               size_t ct_len) T99_MUST_CHECK;

/* ML-KEM.Encaps (Algorithm 20) with given randomness m. False if ek fails the checks of 7.2. */
bool t99_mlkem_encaps(const struct t99_mlkem *kem, uint8_t *ct, uint8_t shared[T99_MLKEM_SHARED_LEN],
                      const uint8_t *ek, size_t ek_len, const uint8_t m[32]) T99_MUST_CHECK;

#endif
