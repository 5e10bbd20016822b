/* The field of P-256: one struct t99_field for every way of computing in it. Elements are the same in all. */
#ifndef T99_CRYPTO_EC_P256_FIELD_H
#define T99_CRYPTO_EC_P256_FIELD_H

#include <stddef.h>

#include "crypto/ec/nist_field.h"
#include "crypto/ec/weierstrass.h"

/* p = 2^256 - 2^224 + 2^192 + 2^96 - 1 (SP 800-186, 3.2.1.3), least word first. */
#define T99_P256_P0 0xffffffffffffffffu
#define T99_P256_P1 0x00000000ffffffffu
#define T99_P256_P2 0
#define T99_P256_P3 0xffffffff00000001u

/* What is the same in every row: modulus, R and R^2 with R = 2^256. */
#define T99_P256_CONSTANTS                                                                                   \
    { T99_P256_P0, T99_P256_P1, T99_P256_P2, T99_P256_P3 },                                                  \
        { 0x0000000000000001u, 0xffffffff00000000u, 0xffffffffffffffffu, 0x00000000fffffffeu },              \
    {                                                                                                        \
        0x0000000000000003u, 0xfffffffbffffffffu, 0xfffffffffffffffeu, 0x00000004fffffffdu                   \
    }

/* With the instructions MULX, ADC and SBB of x86-64; elsewhere `supported` says no. */
extern const struct t99_field t99_p256_field_x86;

extern const struct t99_field t99_p256_field_portable;

/* The group over the i-th field that this CPU runs, best first; NULL: no more. */
const struct t99_group *t99_p256_group(size_t i);

#endif
