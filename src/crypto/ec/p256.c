/* P-256 (SP 800-186, 3.2.1.3): the order of its group, and its row of struct t99_curve. */
#include "crypto/ec/curve.h"
#include "crypto/ec/nist_comb.h"
#include "crypto/ec/nist_mont.h"
#include "crypto/ec/p256_field.h"
#include "crypto/ec/weierstrass.h"

#define LIMBS 4
#define ORDER_INV 0xccd1c8aaee00bc4fu /* -1 / n mod 2^64 */
#define ORDER                                                                                                \
    {                                                                                                        \
        0xf3b9cac2fc632551u, 0xbce6faada7179e84u, 0xffffffffffffffffu, 0xffffffff00000000u                   \
    }

static const uint64_t order_words[LIMBS] = ORDER;

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
    32,
    256,
    order_mul,
    order_sqr,
    order_add,
    order_sub,
    order_half,
    ORDER,
    { 0x0c46353d039cdaafu, 0x4319055258e8617bu, 0x0000000000000000u, 0x00000000ffffffffu },
    { 0x83244c95be79eea2u, 0x4699799c49bd6fa6u, 0x2845b2392b6bec59u, 0x66e12d94f3d95620u }
};

/* What does not depend on the way of computing in the field. */
#define GROUP_CONSTANTS                                                                                      \
    &order, { 0xd89cdf6229c4bddfu, 0xacf005cd78843090u, 0xe5a220abf7212ed6u, 0xdc30061d04874834u },          \
        t99_p256_comb, T99_P256_BLOCKS, 5,                                                                   \
        { 0x0000000000000000u, 0x0000000000000000u, 0x0000000000000000u, 0x8000000000000000u },              \
    {                                                                                                        \
        0x408485d5198772a8u, 0xff1dc873dfbb30cbu, 0x8000000000000862u, 0x80001fff7fffe000u                   \
    }

const struct t99_group *t99_p256_group(size_t i)
{
    static const struct t99_group rows[] = {
        { &t99_p256_field_x86, GROUP_CONSTANTS },
        { &t99_p256_field_portable, GROUP_CONSTANTS },
    };
    size_t row;

    for (row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        if ((rows[row].field->supported == NULL || rows[row].field->supported()) && i-- == 0) {
            return &rows[row];
        }
    }
    return NULL;
}

static bool scalar_valid(const uint8_t *scalar)
{
    return t99_group_scalar_valid(t99_p256_group(0), scalar);
}

static bool public_key(uint8_t *point, const uint8_t *scalar)
{
    return t99_group_public_key(t99_p256_group(0), point, scalar);
}

static bool ecdh(uint8_t *x, const uint8_t *scalar, const uint8_t *peer, size_t peer_len)
{
    return t99_group_ecdh(t99_p256_group(0), x, scalar, peer, peer_len);
}

static bool point_valid(const uint8_t *point, size_t point_len)
{
    return t99_group_point_valid(t99_p256_group(0), point, point_len);
}

static bool verify(const uint8_t *point, size_t point_len, const uint8_t *digest, size_t digest_len,
                   const uint8_t *r, const uint8_t *s)
{
    return t99_group_verify(t99_p256_group(0), point, point_len, digest, digest_len, r, s);
}

static bool sign(uint8_t *r, uint8_t *s, const uint8_t *scalar, const uint8_t *k, const uint8_t *digest,
                 size_t digest_len)
{
    return t99_group_sign(t99_p256_group(0), r, s, scalar, k, digest, digest_len);
}

const struct t99_curve t99_p256 = { "P-256", 32,          256,    scalar_valid, public_key,
                                    ecdh,    point_valid, verify, sign };
