/* P-384 (SP 800-186, 3.2.1.4): its field, the order of its group, and its row of struct t99_curve. */
#include "crypto/ec/curve.h"
#include "crypto/ec/nist_comb.h"
#include "crypto/ec/nist_mont.h"
#include "crypto/ec/weierstrass.h"

#define LIMBS 6
#define ORDER_INV 0x6ed46089e88fdc45u /* -1 / n mod 2^64 */
#define ORDER                                                                                                \
    {                                                                                                        \
        0xecec196accc52973u, 0x581a0db248b0a77au, 0xc7634d81f4372ddfu, 0xffffffffffffffffu,                  \
            0xffffffffffffffffu, 0xffffffffffffffffu                                                         \
    }

static const uint64_t order_words[LIMBS] = ORDER;

/* p = 2^384 - 2^128 - 2^96 + 2^32 - 1, and -1 / p mod 2^64. */
#define FIELD                                                                                                \
    {                                                                                                        \
        0x00000000ffffffffu, 0xffffffff00000000u, 0xfffffffffffffffeu, 0xffffffffffffffffu,                  \
            0xffffffffffffffffu, 0xffffffffffffffffu                                                         \
    }
#define FIELD_INV 0x0000000100000001u

static const uint64_t field_words[LIMBS] = FIELD;

static void field_mul(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    mont_mul(z, x, y, field_words, FIELD_INV, LIMBS);
}

static void field_sqr(uint64_t *z, const uint64_t *x)
{
    mont_mul(z, x, x, field_words, FIELD_INV, LIMBS);
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

static const struct t99_field field = { "portable",
                                        NULL,
                                        LIMBS,
                                        48,
                                        384,
                                        field_mul,
                                        field_sqr,
                                        field_add,
                                        field_sub,
                                        field_half,
                                        FIELD,
                                        { 0xffffffff00000001u, 0x00000000ffffffffu, 0x0000000000000001u,
                                          0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u },
                                        { 0xfffffffe00000001u, 0x0000000200000000u, 0xfffffffe00000000u,
                                          0x0000000200000000u, 0x0000000000000001u, 0x0000000000000000u } };

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

static const struct t99_field order = { "portable",
                                        NULL,
                                        LIMBS,
                                        48,
                                        384,
                                        order_mul,
                                        order_sqr,
                                        order_add,
                                        order_sub,
                                        order_half,
                                        ORDER,
                                        { 0x1313e695333ad68du, 0xa7e5f24db74f5885u, 0x389cb27e0bc8d220u,
                                          0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u },
                                        { 0x2d319b2419b409a9u, 0xff3d81e5df1aa419u, 0xbc3e483afcb82947u,
                                          0xd40d49174aab1cc5u, 0x3fb05b7a28266895u, 0x0c84ee012b39bf21u } };

const struct t99_group t99_p384_group = { &field,
                                          &order,
                                          { 0x081188719d412dccu, 0xf729add87a4c32ecu, 0x77f2209b1920022eu,
                                            0xe3374bee94938ae2u, 0xb62b21f41f022094u, 0xcd08114b604fbff9u },
                                          t99_p384_comb,
                                          T99_P384_BLOCKS,
                                          32,
                                          { 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u,
                                            0x0000000000000000u, 0x0000000000000000u, 0x8000000000000000u },
                                          { 0x8989f34a999d6b46u, 0x53f2f926dba7ac42u, 0x1c4e593f05e46910u,
                                            0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u } };

static bool scalar_valid(const uint8_t *scalar)
{
    return t99_group_scalar_valid(&t99_p384_group, scalar);
}

static bool public_key(uint8_t *point, const uint8_t *scalar)
{
    return t99_group_public_key(&t99_p384_group, point, scalar);
}

static bool ecdh(uint8_t *x, const uint8_t *scalar, const uint8_t *peer, size_t peer_len)
{
    return t99_group_ecdh(&t99_p384_group, x, scalar, peer, peer_len);
}

static bool point_valid(const uint8_t *point, size_t point_len)
{
    return t99_group_point_valid(&t99_p384_group, point, point_len);
}

static bool verify(const uint8_t *point, size_t point_len, const uint8_t *digest, size_t digest_len,
                   const uint8_t *r, const uint8_t *s)
{
    return t99_group_verify(&t99_p384_group, point, point_len, digest, digest_len, r, s);
}

static bool sign(uint8_t *r, uint8_t *s, const uint8_t *scalar, const uint8_t *k, const uint8_t *digest,
                 size_t digest_len)
{
    return t99_group_sign(&t99_p384_group, r, s, scalar, k, digest, digest_len);
}

const struct t99_curve t99_p384 = { "P-384", 48,          384,    scalar_valid, public_key,
                                    ecdh,    point_valid, verify, sign };
