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
#define TOP_BITS 9 /* of p in its last word */
#define TOP_MASK 0x1ffu

static const uint64_t field_words[LIMBS] = FIELD;

/*
 * z = t mod p for the 18 words of a product: its upper 521 bits added to the lower, then p taken off once if
 * need be.
 */
static void fold(uint64_t *z, const uint64_t t[2 * LIMBS])
{
    uint64_t low, high, carry = 0, s[LIMBS];
    size_t i;

    for (i = 0; i < LIMBS; i++) {
        low = i + 1 < LIMBS ? t[i] : t[i] & TOP_MASK;
        high = t[LIMBS - 1 + i] >> TOP_BITS | t[LIMBS + i] << (64 - TOP_BITS);
        s[i] = t99_mul_add2(&carry, low, 1, high, carry);
    }
    mont_reduce_once(z, s, 0, field_words, LIMBS);
}

static void field_mul(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    uint64_t t[2 * LIMBS] = { 0 }, carry;
    size_t i, j;

    for (i = 0; i < LIMBS; i++) {
        carry = 0;
        for (j = 0; j < LIMBS; j++) {
            t[i + j] = t99_mul_add2(&carry, x[i], y[j], t[i + j], carry);
        }
        t[i + LIMBS] = carry;
    }
    fold(z, t);
}

static void field_sqr(uint64_t *z, const uint64_t *x)
{
    field_mul(z, x, x);
}

static void field_add(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    mont_add(z, x, y, field_words, LIMBS);
}

static void field_sub(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    mont_sub(z, x, y, field_words, LIMBS);
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
