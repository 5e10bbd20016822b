/* P-521 (SP 800-186, 3.2.1.5): its field, the order of its group, and its row of struct t99_curve. */
#include "crypto/ec/curve.h"
#include "crypto/ec/nist_comb.h"
#include "crypto/ec/nist_mont.h"
#include "crypto/ec/weierstrass.h"

#define LIMBS 9
#define ORDER_INV 0x1d2f5ccd79a995c7u /* -1 / n mod 2^64 */
#define ORDER                                                                                                \
    {                                                                                                        \
        0xbb6fb71e91386409u, 0x3bb5c9b8899c47aeu, 0x7fcc0148f709a5d0u, 0x51868783bf2f966bu,                  \
            0xfffffffffffffffau, 0xffffffffffffffffu, 0xffffffffffffffffu, 0xffffffffffffffffu,              \
            0x00000000000001ffu                                                                              \
    }

static const uint64_t order_words[LIMBS] = ORDER;

/* p = 2^521 - 1. As 2^521 is 1 modulo p, no Montgomery form is needed: R = 1. */
#define FIELD                                                                                                \
    {                                                                                                        \
        0xffffffffffffffffu, 0xffffffffffffffffu, 0xffffffffffffffffu, 0xffffffffffffffffu,                  \
            0xffffffffffffffffu, 0xffffffffffffffffu, 0xffffffffffffffffu, 0xffffffffffffffffu,              \
            0x00000000000001ffu                                                                              \
    }
static const uint64_t field_words[LIMBS] = FIELD;

/*
 * Products are summed by columns, in parts of 58 bits, nine of which are 522: two words then hold a column
 * without carries in between, and what is beyond 2^522 counts twice in the column nine below.
 */
#define PART_BITS 58
#define PART_MASK (((uint64_t)1 << PART_BITS) - 1)
#define TOP_BITS 57 /* of the ninth part: 521 - 8 * 58 */

/* The parts of x, and before them the same times two. Written out, as each shift is another. */
static inline void split(uint64_t wrap[2 * LIMBS], const uint64_t *x)
{
    uint64_t *part = wrap + LIMBS;
    size_t k;

    part[0] = x[0] & PART_MASK;
    part[1] = (x[0] >> 58 | x[1] << 6) & PART_MASK;
    part[2] = (x[1] >> 52 | x[2] << 12) & PART_MASK;
    part[3] = (x[2] >> 46 | x[3] << 18) & PART_MASK;
    part[4] = (x[3] >> 40 | x[4] << 24) & PART_MASK;
    part[5] = (x[4] >> 34 | x[5] << 30) & PART_MASK;
    part[6] = (x[5] >> 28 | x[6] << 36) & PART_MASK;
    part[7] = (x[6] >> 22 | x[7] << 42) & PART_MASK;
    part[8] = (x[7] >> 16 | x[8] << 48) & PART_MASK;
    for (k = 0; k < LIMBS; k++) {
        wrap[k] = 2 * part[k];
    }
}

/* out = part + carry, each part 58 bits, the last 57. Returns what is above 521 bits, taken off. */
static inline uint64_t add_and_carry(uint64_t out[LIMBS], const uint64_t part[LIMBS], uint64_t carry)
{
    size_t k;

    for (k = 0; k + 1 < LIMBS; k++) {
        carry += part[k];
        out[k] = carry & PART_MASK;
        carry >>= PART_BITS;
    }
    carry += part[k];
    out[k] = carry & (((uint64_t)1 << TOP_BITS) - 1);
    return carry >> TOP_BITS;
}

/*
 * The words of an x below 2 * p, whose parts may be greater than 2^58, modulo p. If x + 1 reaches 2^521,
 * x - p is that less 2^521.
 */
static inline void join(uint64_t *z, const uint64_t sum[LIMBS])
{
    uint64_t part[LIMBS], reaches = add_and_carry(part, sum, 1);

    (void)add_and_carry(part, sum, reaches);
    z[0] = part[0] | part[1] << 58;
    z[1] = part[1] >> 6 | part[2] << 52;
    z[2] = part[2] >> 12 | part[3] << 46;
    z[3] = part[3] >> 18 | part[4] << 40;
    z[4] = part[4] >> 24 | part[5] << 34;
    z[5] = part[5] >> 30 | part[6] << 28;
    z[6] = part[6] >> 36 | part[7] << 22;
    z[7] = part[7] >> 42 | part[8] << 16;
    z[8] = part[8] >> 48;
}

struct column {
    uint64_t low, high;
};

static inline void add_product(struct column *c, uint64_t x, uint64_t y)
{
    uint64_t high, low = t99_mul_add2(&high, x, y, 0, 0);

    c->low += low;
    c->high += high + (c->low < low);
}

/* The lowest `bits` bits of column + carry; *carry becomes the rest, below 2^64. */
static inline uint64_t take(uint64_t *carry, struct column c, unsigned bits)
{
    add_product(&c, *carry, 1);
    *carry = c.low >> bits | c.high << (64 - bits);
    return c.low & (((uint64_t)1 << bits) - 1);
}

/* Column k is the sum of x[i] * y[k - i], y[k - i + 9] counting twice: at most 9 * 2^58 * 2^59. */
static void field_mul(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    uint64_t x_wrap[2 * LIMBS], wrap[2 * LIMBS], sum[LIMBS], carry = 0;
    const uint64_t *a = x_wrap + LIMBS, *w;
    struct column c;
    size_t k;

    split(x_wrap, x);
    split(wrap, y);
    for (k = 0; k < LIMBS; k++) {
        c.low = c.high = 0;
        w = wrap + LIMBS + k;
        add_product(&c, a[0], w[0]);
        add_product(&c, a[1], w[-1]);
        add_product(&c, a[2], w[-2]);
        add_product(&c, a[3], w[-3]);
        add_product(&c, a[4], w[-4]);
        add_product(&c, a[5], w[-5]);
        add_product(&c, a[6], w[-6]);
        add_product(&c, a[7], w[-7]);
        add_product(&c, a[8], w[-8]);
        sum[k] = take(&carry, c, k + 1 < LIMBS ? PART_BITS : TOP_BITS);
    }
    sum[0] += carry;
    join(z, sum);
}

/*
 * The same with each product of unlike parts once, times two. In column k they lie around part h, the like
 * one, with 2 * h = k or, where k is odd, k + 9.
 */
static void field_sqr(uint64_t *z, const uint64_t *x)
{
    uint64_t wrap[2 * LIMBS], sum[LIMBS], carry = 0;
    const uint64_t *a = wrap + LIMBS, *w, *t;
    struct column c;
    size_t k;

    split(wrap, x);
    for (k = 0; k < LIMBS; k++) {
        c.low = c.high = 0;
        if (k % 2 == 0) {
            w = wrap + LIMBS + k / 2;
            t = wrap + k / 2;
            add_product(&c, a[k / 2], w[0]);
            add_product(&c, t[1], w[-1]);
            add_product(&c, t[2], w[-2]);
            add_product(&c, t[3], w[-3]);
            add_product(&c, t[4], w[-4]);
        } else {
            w = wrap + (k + 9) / 2;
            t = wrap + (k + 9) / 2;
            add_product(&c, a[(k + 9) / 2], w[0]);
            add_product(&c, t[-1], w[1]);
            add_product(&c, t[-2], w[2]);
            add_product(&c, t[-3], w[3]);
            add_product(&c, t[-4], w[4]);
        }
        sum[k] = take(&carry, c, k + 1 < LIMBS ? PART_BITS : TOP_BITS);
    }
    sum[0] += carry;
    join(z, sum);
}

static void field_add(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    mont_add(z, x, y, field_words, LIMBS);
}

static void field_sub(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    mont_sub(z, x, y, field_words, LIMBS);
}

static void field_half(uint64_t *z, const uint64_t *x)
{
    mont_half(z, x, field_words, LIMBS);
}

static const struct t99_field field = {
    "portable",
    NULL,
    LIMBS,
    66,
    521,
    field_mul,
    field_sqr,
    field_add,
    field_sub,
    field_half,
    FIELD,
    { 0x0000000000000001u, 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u,
      0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u },
    { 0x0000000000000001u, 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u,
      0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u }
};

static void order_mul(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    mont_mul(z, x, y, order_words, ORDER_INV, LIMBS);
}

static void order_sqr(uint64_t *z, const uint64_t *x)
{
    mont_mul(z, x, x, order_words, ORDER_INV, LIMBS);
}

static void order_add(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    mont_add(z, x, y, order_words, LIMBS);
}

static void order_sub(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    mont_sub(z, x, y, order_words, LIMBS);
}

static void order_half(uint64_t *z, const uint64_t *x)
{
    mont_half(z, x, order_words, LIMBS);
}

static const struct t99_field order = {
    "portable",
    NULL,
    LIMBS,
    66,
    521,
    order_mul,
    order_sqr,
    order_add,
    order_sub,
    order_half,
    ORDER,
    { 0xfb80000000000000u, 0x28a2482470b763cdu, 0x17e2251b23bb31dcu, 0xca4019ff5b847b2du, 0x02d73cbc3e206834u,
      0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u },
    { 0x137cd04dcf15dd04u, 0xf707badce5547ea3u, 0x12a78d38794573ffu, 0xd3721ef557f75e06u, 0xdd6e23d82e49c7dbu,
      0xcff3d142b7756e3eu, 0x5bcc6d61a8e567bcu, 0x2d8e03d1492d0d45u, 0x000000000000003du }
};

const struct t99_group t99_p521_group = {
    &field,
    &order,
    { 0xef451fd46b503f00u, 0x3573df883d2c34f1u, 0x1652c0bd3bb1bf07u, 0x56193951ec7e937bu, 0xb8b489918ef109e1u,
      0xa2da725b99b315f3u, 0x929a21a0b68540eeu, 0x953eb9618e1c9a1fu, 0x0000000000000051u },
    t99_p521_comb,
    T99_P521_BLOCKS,
    44,
    { 0xfdc0000000000000u, 0x14512412385bb1e6u, 0x8bf1128d91dd98eeu, 0x65200cffadc23d96u, 0x016b9e5e1f10341au,
      0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u },
    { 0x81ca13eafa832fc4u, 0x306876b9ddbc3828u, 0xcce5ae66b91b5ed9u, 0xc72162d213b23055u, 0x0000000000000168u,
      0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000100u }
};

static bool scalar_valid(const uint8_t *scalar)
{
    return t99_group_scalar_valid(&t99_p521_group, scalar);
}

static bool public_key(uint8_t *point, const uint8_t *scalar)
{
    return t99_group_public_key(&t99_p521_group, point, scalar);
}

static bool ecdh(uint8_t *x, const uint8_t *scalar, const uint8_t *peer, size_t peer_len)
{
    return t99_group_ecdh(&t99_p521_group, x, scalar, peer, peer_len);
}

static bool point_valid(const uint8_t *point, size_t point_len)
{
    return t99_group_point_valid(&t99_p521_group, point, point_len);
}

static bool verify(const uint8_t *point, size_t point_len, const uint8_t *digest, size_t digest_len,
                   const uint8_t *r, const uint8_t *s)
{
    return t99_group_verify(&t99_p521_group, point, point_len, digest, digest_len, r, s);
}

static bool sign(uint8_t *r, uint8_t *s, const uint8_t *scalar, const uint8_t *k, const uint8_t *digest,
                 size_t digest_len)
{
    return t99_group_sign(&t99_p521_group, r, s, scalar, k, digest, digest_len);
}

const struct t99_curve t99_p521 = { "P-521", 66,          521,    scalar_valid, public_key,
                                    ecdh,    point_valid, verify, sign };
