#include "crypto/pq/poly.h"

#include <string.h>

#include "base/ct.h"
#include "base/wipe.h"
#include "crypto/pq/keccak.h"

#define N T99_POLY_N
#define Q 3329u

/* 17^BitRev_7(i) * 2^16 mod q (FIPS 203, Appendix A, in Montgomery's form). 17 is a 256th root of unity. */
static const uint16_t zetas[128] = {
    2285, 2571, 2970, 1812, 1493, 1422, 287,  202,  3158, 622,  1577, 182,  962,  2127, 1855, 1468,
    573,  2004, 264,  383,  2500, 1458, 1727, 3199, 2648, 1017, 732,  608,  1787, 411,  3124, 1758,
    1223, 652,  2777, 1015, 2036, 1491, 3047, 1785, 516,  3321, 3009, 2663, 1711, 2167, 126,  1469,
    2476, 3239, 3058, 830,  107,  1908, 3082, 2378, 2931, 961,  1821, 2604, 448,  2264, 677,  2054,
    2226, 430,  555,  843,  2078, 871,  1550, 105,  422,  587,  177,  3094, 3038, 2869, 1574, 1653,
    3083, 778,  1159, 3182, 2552, 1483, 2727, 1119, 1739, 644,  2457, 349,  418,  329,  3173, 3254,
    817,  1097, 603,  610,  1322, 2044, 1864, 384,  2114, 3193, 1218, 1994, 2455, 220,  2142, 1670,
    2144, 1799, 2051, 794,  1819, 2475, 2459, 478,  3221, 3021, 996,  991,  958,  1869, 1522, 1628,
};

/* x mod q for x < 2^16: 20159 is 2^26 / q rounded up, by so little that the quotient is exact up to 2^16. */
static inline uint16_t reduce(uint32_t x)
{
    return (uint16_t)(x - (x * 20159 >> 26) * Q);
}

/* x / 2^16 mod q, below 2q, for x < 2^16 q (Montgomery): 3327 is -1 / q mod 2^16. */
static inline uint32_t montgomery(uint32_t x)
{
    return (x + (x * 3327 & 0xffff) * Q) >> 16;
}

void t99_poly_sample(struct t99_poly *p, const uint8_t rho[32], uint8_t column, uint8_t row)
{
    struct t99_sponge xof;
    uint8_t place[2], block[T99_SHAKE128_RATE];
    size_t n = 0, i;

    place[0] = column;
    place[1] = row;
    t99_sponge_init(&xof, T99_SHAKE128_RATE);
    t99_sponge_absorb(&xof, rho, 32);
    t99_sponge_absorb(&xof, place, sizeof place);
    t99_sponge_pad(&xof, T99_SHAKE_SUFFIX);
    while (n < N) {
        t99_sponge_squeeze(&xof, block, sizeof block);
        for (i = 0; i < sizeof block && n < N; i += 3) {
            unsigned d1 = block[i] | (block[i + 1] & 15u) << 8;
            unsigned d2 = block[i + 1] >> 4 | (unsigned)block[i + 2] << 4;

            if (d1 < Q) {
                p->c[n++] = (uint16_t)d1;
            }
            if (d2 < Q && n < N) {
                p->c[n++] = (uint16_t)d2;
            }
        }
    }
}

void t99_poly_noise(struct t99_poly *p, const uint8_t seed[32], uint8_t number)
{
    uint8_t bytes[N / 2];
    size_t i;

    t99_shake256(bytes, sizeof bytes, seed, 32, &number, 1);
    for (i = 0; i < sizeof bytes; i++) {
        unsigned pairs = (bytes[i] & 0x55u) + (bytes[i] >> 1 & 0x55u); /* four sums of two bits */

        p->c[2 * i] = (uint16_t)(Q + (pairs & 3) - (pairs >> 2 & 3));
        p->c[2 * i + 1] = (uint16_t)(Q + (pairs >> 4 & 3) - (pairs >> 6));
    }
    t99_wipe(bytes, sizeof bytes);
}

/*
 * One layer of the NTT: coefficients len apart. It adds at most 2q to each. len is a constant wherever this
 * is called, so that compilers use vectors.
 */
static inline void forward_layer(struct t99_poly *p, size_t len)
{
    size_t start, j, i = N / 2 / len;

    for (start = 0; start < N; start += 2 * len) {
        uint32_t zeta = zetas[i++];
        uint16_t *lo = p->c + start, *hi = lo + len;

        for (j = 0; j < len; j++) {
            uint32_t a = lo[j], t = montgomery(zeta * hi[j]);

            hi[j] = (uint16_t)(a + 2 * Q - t);
            lo[j] = (uint16_t)(a + t);
        }
    }
}

static void reduce_all(struct t99_poly *p)
{
    size_t j;

    for (j = 0; j < N; j++) {
        p->c[j] = reduce(p->c[j]);
    }
}

/* From 2q to 16q in seven layers, which is below 2^16, so that one reduction does. */
void t99_poly_ntt(struct t99_poly *p)
{
    forward_layer(p, 128);
    forward_layer(p, 64);
    forward_layer(p, 32);
    forward_layer(p, 16);
    forward_layer(p, 8);
    forward_layer(p, 4);
    forward_layer(p, 2);
    reduce_all(p);
}

/*
 * One layer of the inverse, of coefficients below the bound: sums are below twice that, and products below
 * 2q.
 */
static inline void inverse_layer(struct t99_poly *p, size_t len, uint32_t bound)
{
    size_t start, j, i = N / len - 1;

    for (start = 0; start < N; start += 2 * len) {
        uint32_t zeta = zetas[i--];
        uint16_t *lo = p->c + start, *hi = lo + len;

        for (j = 0; j < len; j++) {
            uint32_t a = lo[j], b = hi[j];

            lo[j] = (uint16_t)(a + b);
            hi[j] = (uint16_t)montgomery(zeta * (b + bound - a));
        }
    }
}

/* The bounds are kept below 2^16, which is 19q, by one reduction between the layers. */
void t99_poly_inverse_ntt(struct t99_poly *p)
{
    const uint32_t scale = 1441; /* 2^32 / 128 mod q */
    size_t j;

    inverse_layer(p, 2, Q);
    inverse_layer(p, 4, 2 * Q);
    inverse_layer(p, 8, 4 * Q);
    inverse_layer(p, 16, 8 * Q);
    reduce_all(p);
    inverse_layer(p, 32, Q);
    inverse_layer(p, 64, 2 * Q);
    inverse_layer(p, 128, 4 * Q);
    for (j = 0; j < N; j++) {
        p->c[j] = reduce(montgomery(scale * p->c[j]));
    }
}

/*
 * Pairs are multiplied modulo X^2 - gamma, where gamma is zetas[64 + i] and its negative by turns (FIPS 203,
 * 4.3.1). gamma carries a factor 2^16, so that its product with a Montgomery product carries none, as the
 * others.
 */
void t99_poly_multiply_add(struct t99_poly_sum *sum, const struct t99_poly *a, const struct t99_poly *b)
{
    size_t i;

    for (i = 0; i < N; i += 2) {
        uint32_t a0 = a->c[i], a1 = a->c[i + 1], b0 = b->c[i], b1 = b->c[i + 1];
        uint32_t zeta = zetas[64 + i / 4], gamma = (i & 2) == 0 ? zeta : Q - zeta;

        sum->c[i] += a0 * b0 + montgomery(a1 * b1) * gamma;
        sum->c[i + 1] += a0 * b1 + a1 * b0;
    }
}

void t99_poly_reduce(struct t99_poly *p, const struct t99_poly_sum *sum)
{
    size_t i;

    for (i = 0; i < N; i++) {
        p->c[i] = reduce(montgomery(sum->c[i]));
    }
}

void t99_poly_scale(struct t99_poly *p)
{
    size_t i;

    for (i = 0; i < N; i++) {
        p->c[i] = reduce(montgomery(1353u * p->c[i])); /* 2^32 mod q */
    }
}

void t99_poly_add(struct t99_poly *p, const struct t99_poly *a)
{
    size_t i;

    for (i = 0; i < N; i++) {
        p->c[i] = reduce((uint32_t)p->c[i] + a->c[i]);
    }
}

void t99_poly_subtract(struct t99_poly *p, const struct t99_poly *a)
{
    size_t i;

    for (i = 0; i < N; i++) {
        p->c[i] = reduce(p->c[i] + 2 * Q - a->c[i]);
    }
}

void t99_poly_encode(uint8_t *out, const struct t99_poly *p)
{
    size_t i;

    for (i = 0; i < N; i += 2, out += 3) {
        unsigned a = p->c[i], b = p->c[i + 1];

        out[0] = (uint8_t)a;
        out[1] = (uint8_t)(a >> 8 | b << 4);
        out[2] = (uint8_t)(b >> 4);
    }
}

uint64_t t99_poly_decode(struct t99_poly *p, const uint8_t *in)
{
    uint32_t changed = 0;
    size_t i;

    for (i = 0; i < N; i += 2, in += 3) {
        unsigned a = in[0] | (in[1] & 15u) << 8;
        unsigned b = in[1] >> 4 | (unsigned)in[2] << 4;

        p->c[i] = reduce(a);
        p->c[i + 1] = reduce(b);
        changed |= (a ^ p->c[i]) | (b ^ p->c[i + 1]);
    }
    return ct_is_zero(changed);
}

/* The quotient by q is a product with 2^36 / q rounded up, exact up to 2^11 q + q / 2. */
void t99_poly_compress(uint8_t *out, const struct t99_poly *p, unsigned d)
{
    uint32_t held = 0;
    unsigned num_held = 0;
    size_t i;

    for (i = 0; i < N; i++) {
        uint64_t x = ((uint64_t)p->c[i] << d) + Q / 2;
        uint32_t y = (uint32_t)(x * 20642679 >> 36) & ((1u << d) - 1);

        held |= y << num_held;
        for (num_held += d; num_held >= 8; num_held -= 8) {
            *out++ = (uint8_t)held;
            held >>= 8;
        }
    }
}

void t99_poly_decompress(struct t99_poly *p, const uint8_t *in, unsigned d)
{
    uint32_t held = 0, mask = (1u << d) - 1;
    unsigned num_held = 0;
    size_t i;

    for (i = 0; i < N; i++) {
        for (; num_held < d; num_held += 8) {
            held |= (uint32_t)*in++ << num_held;
        }
        p->c[i] = (uint16_t)(((uint32_t)ct_hide(held & mask) * Q + (1u << (d - 1))) >> d);
        held >>= d;
        num_held -= d;
    }
}
