/*
 * Polynomials of ML-KEM: 256 coefficients modulo q = 3329 (FIPS 203, 2.4 and 4). Constant time in every
 * coefficient, but for t99_poly_sample(), whose input is public. No division: remainders and quotients are
 * multiplications.
 *
 * A coefficient is canonical (below q) wherever nothing else is said.
 */
#ifndef T99_CRYPTO_PQ_POLY_H
#define T99_CRYPTO_PQ_POLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define T99_POLY_N 256
#define T99_POLY_BYTES 384 /* of a polynomial with 12 bits a coefficient */

struct t99_poly {
    uint16_t c[T99_POLY_N];
};

/* A sum of at most four products, not yet reduced: coefficients below 12 q^2, times 2^16 modulo q. */
struct t99_poly_sum {
    uint32_t c[T99_POLY_N];
};

/* SampleNTT (Algorithm 7): an element of a matrix from rho and its place. Variable time: rho is public. */
void t99_poly_sample(struct t99_poly *p, const uint8_t rho[32], uint8_t column, uint8_t row);

/* SamplePolyCBD_2 of PRF_2(seed, number) (Algorithm 8; 4.3): coefficients -2 to 2 as values below q + 3. */
void t99_poly_noise(struct t99_poly *p, const uint8_t seed[32], uint8_t number);

/* NTT (Algorithm 9). In: coefficients below 2q. */
void t99_poly_ntt(struct t99_poly *p);

/* The inverse of NTT (Algorithm 10), and times 2^16, which undoes what t99_poly_reduce() leaves. */
void t99_poly_inverse_ntt(struct t99_poly *p);

/* sum += a * b, all in the NTT's domain (Algorithm 11). a and b stay below 2q; at most four a sum. */
void t99_poly_multiply_add(struct t99_poly_sum *sum, const struct t99_poly *a, const struct t99_poly *b);

/* p = sum / 2^16 modulo q. */
void t99_poly_reduce(struct t99_poly *p, const struct t99_poly_sum *sum);

/* p = 2^16 p. For a sum that stays in the NTT's domain. */
void t99_poly_scale(struct t99_poly *p);

/* p += a, p -= a. Both below 2q. */
void t99_poly_add(struct t99_poly *p, const struct t99_poly *a);
void t99_poly_subtract(struct t99_poly *p, const struct t99_poly *a);

/* ByteEncode_12 (Algorithm 5): T99_POLY_BYTES bytes. */
void t99_poly_encode(uint8_t *out, const struct t99_poly *p);

/*
 * ByteDecode_12 (Algorithm 6), which reduces modulo q. Ones if no coefficient had to be reduced, else zeros.
 */
uint64_t t99_poly_decode(struct t99_poly *p, const uint8_t *in);

/* ByteEncode_d of Compress_d (4.7), 32 d bytes, d from 1 to 11; and the way back. */
void t99_poly_compress(uint8_t *out, const struct t99_poly *p, unsigned d);
void t99_poly_decompress(struct t99_poly *p, const uint8_t *in, unsigned d);

#endif
