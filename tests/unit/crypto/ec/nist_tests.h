/* What the tests of P-256, P-384 and P-521 have in common; each brings its own values. */
#ifndef TESTS_NIST_TESTS_H
#define TESTS_NIST_TESTS_H

#include <stdio.h>
#include <string.h>

#include "crypto/ec/curve.h"
#include "crypto/ec/weierstrass.h"
#include "crypto/hash/hash.h"
#include "hex.h"

struct signature {
    const struct t99_hash *hash;
    const char *message, *k, *r, *s;
};

struct multiple {
    const char *scalar, *point;
};

/* Key pairs (a, ga) and (b, gb) agree on gab, an x coordinate. */
static inline void check_agreement(const struct t99_curve *curve, const char *a, const char *ga,
                                   const char *b, const char *gb, const char *gab)
{
    uint8_t a_bytes[T99_SCALAR_MAX], b_bytes[T99_SCALAR_MAX], x[T99_SCALAR_MAX], point[T99_POINT_MAX];
    size_t point_len = 1 + 2 * curve->len;

    assert_int_equal(hex_read(a_bytes, sizeof a_bytes, a), curve->len);
    assert_int_equal(hex_read(b_bytes, sizeof b_bytes, b), curve->len);
    assert_true(curve->public_key(point, b_bytes));
    assert_true(hex_equal(point, point_len, gb));
    assert_true(curve->ecdh(x, a_bytes, point, point_len));
    assert_true(hex_equal(x, curve->len, gab));
    assert_true(curve->public_key(point, a_bytes));
    assert_true(hex_equal(point, point_len, ga));
    assert_true(curve->ecdh(x, b_bytes, point, point_len));
    assert_true(hex_equal(x, curve->len, gab));
}

/* Signs with the given k, compares, verifies; then nothing with one bit changed is valid. */
static inline void check_signature(const struct t99_curve *curve, const char *scalar, const char *point,
                                   const struct signature *row)
{
    uint8_t d[T99_SCALAR_MAX], k[T99_SCALAR_MAX], r[T99_SCALAR_MAX], s[T99_SCALAR_MAX], q[T99_POINT_MAX];
    uint8_t digest[T99_HASH_MAX], *const parts[] = { q, digest, r, s };
    size_t q_len = hex_read(q, sizeof q, point), len = row->hash->len, i, bit;

    t99_hash(row->hash, digest, row->message, strlen(row->message));
    hex_read(d, sizeof d, scalar);
    hex_read(k, sizeof k, row->k);
    assert_true(curve->sign(r, s, d, k, digest, len));
    assert_true(hex_equal(r, curve->len, row->r));
    assert_true(hex_equal(s, curve->len, row->s));
    assert_true(curve->verify(q, q_len, digest, len, r, s));
    for (i = 0; i < 4; i++) {
        for (bit = 1; bit <= 8 * 28; bit += 61) { /* all four have 28 bytes, and all of them count */
            parts[i][bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_false(curve->verify(q, q_len, digest, len, r, s));
            parts[i][bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    assert_false(curve->verify(q, q_len, digest, len, s, r));
    assert_true(curve->verify(q, q_len, digest, len, r, s));
}

/* scalar * G by the comb, and its x by the window. */
static inline void check_multiple(const struct t99_curve *curve, const char *generator,
                                  const struct multiple *row)
{
    uint8_t k[T99_SCALAR_MAX], g[T99_POINT_MAX], point[T99_POINT_MAX], x[T99_SCALAR_MAX];
    size_t g_len = hex_read(g, sizeof g, generator);

    assert_int_equal(hex_read(k, sizeof k, row->scalar), curve->len);
    assert_true(curve->public_key(point, k));
    assert_true(hex_equal(point, 1 + 2 * curve->len, row->point));
    assert_true(curve->ecdh(x, k, g, g_len));
    assert_memory_equal(x, point + 1, curve->len);
}

/* point = +-tooth[0] +-tooth[1] ... + tooth[5], the signs as struct t99_group has them. */
static inline void sum_teeth(const struct t99_field *f, struct t99_point *sum, const struct t99_point *teeth,
                             unsigned m)
{
    struct t99_point t;
    unsigned h;

    *sum = teeth[T99_COMB_TEETH - 1];
    for (h = 0; h + 1 < T99_COMB_TEETH; h++) {
        t = teeth[h];
        t99_point_negate(f, &t, (m >> h & 1) != 0 ? 0 : ~(ct_mask)0);
        t99_point_add(f, sum, sum, &t, 0);
    }
}

/* Computes all points of the comb, from G by doublings and additions alone. */
static inline void check_comb(const struct t99_group *g, const char *generator)
{
    const struct t99_field *f = g->field;
    struct t99_point power, teeth[T99_COMB_TEETH], sum;
    uint64_t x[T99_FIELD_LIMBS], y[T99_FIELD_LIMBS];
    const uint64_t *entry = g->comb;
    uint8_t bytes[T99_POINT_MAX];
    size_t j, h, i, size = f->limbs * sizeof x[0];
    unsigned m;

    assert_true(t99_point_decode(g, &power, bytes, hex_read(bytes, sizeof bytes, generator)));
    for (j = 0; j < g->num_blocks; j++) {
        for (h = 0; h < T99_COMB_TEETH; h++) {
            teeth[h] = power;
            for (i = 0; i < g->spacing; i++) {
                t99_point_double(f, &power, &power);
            }
        }
        for (m = 0; m < T99_COMB_POINTS; m++) {
            sum_teeth(f, &sum, teeth, m);
            t99_point_affine(f, x, y, &sum);
            assert_memory_equal(entry, x, size);
            assert_memory_equal(entry + f->limbs, y, size);
            entry += 2 * f->limbs;
        }
    }
}

/* Words that make carries run far: next to 0, 2^32, 2^63 and 2^64, and those of the modulus. */
static inline uint64_t awkward_word(const struct t99_field *f, size_t i, uint32_t *seed)
{
    static const uint64_t words[] = { 0,
                                      1,
                                      0xffffffffu,
                                      0x100000000u,
                                      0xffffffff00000001u,
                                      0x8000000000000000u,
                                      0xffffffffffffffffu,
                                      0xfffffffffffffffeu };
    uint64_t v;

    *seed = *seed * 1664525u + 1013904223u;
    v = *seed >> 28 < 8    ? words[*seed >> 28]
        : *seed >> 28 < 12 ? f->modulus[i]
                           : (uint64_t)*seed << 32 | (*seed * 2654435761u);
    return i + 1 == f->limbs && f->bits % 64 != 0 ? v & (((uint64_t)1 << f->bits % 64) - 1) : v;
}

static inline void awkward_element(const struct t99_field *f, uint64_t *x, uint32_t *seed)
{
    size_t i;

    do {
        for (i = 0; i < f->limbs; i++) {
            x[i] = awkward_word(f, i, seed);
        }
    } while (!ct_reveal(t99_field_in_range(f, x)));
}

/* r * 2^r_bits = x * y, as by doublings and additions. */
static inline void check_product(const struct t99_field *f, unsigned r_bits, const uint64_t *r,
                                 const uint64_t *x, const uint64_t *y)
{
    uint64_t left[T99_FIELD_LIMBS], right[T99_FIELD_LIMBS] = { 0 };
    size_t i, size = f->limbs * sizeof left[0];

    memcpy(left, r, size);
    for (i = 0; i < r_bits; i++) {
        f->add(left, left, left);
    }
    for (i = f->bits; i-- > 0;) {
        f->add(right, right, right);
        if ((x[i / 64] >> i % 64 & 1) != 0) {
            f->add(right, right, y);
        }
    }
    assert_memory_equal(left, right, size);
}

/* R is 2^r_bits. */
static inline void check_field(const struct t99_field *f, unsigned r_bits)
{
    uint64_t x[T99_FIELD_LIMBS], y[T99_FIELD_LIMBS], z[T99_FIELD_LIMBS];
    size_t size = f->limbs * sizeof x[0], i;
    uint32_t seed = 1;

    for (i = 0; i < 2000; i++) {
        awkward_element(f, x, &seed);
        awkward_element(f, y, &seed);
        f->mul(z, x, y);
        assert_true(ct_reveal(t99_field_in_range(f, z)));
        check_product(f, r_bits, z, x, y);
        f->sqr(z, x);
        assert_true(ct_reveal(t99_field_in_range(f, z)));
        check_product(f, r_bits, z, x, x);
        f->add(z, x, y);
        assert_true(ct_reveal(t99_field_in_range(f, z)));
        f->sub(z, z, y);
        assert_memory_equal(z, x, size);
        f->sub(z, x, y);
        assert_true(ct_reveal(t99_field_in_range(f, z)));
        f->add(z, z, y);
        assert_memory_equal(z, x, size);
    }
}

static inline void check_inverse(const struct t99_field *f, const uint64_t *x)
{
    uint64_t z[T99_FIELD_LIMBS];
    size_t size = f->limbs * sizeof z[0];

    t99_field_invert(f, z, x);
    assert_true(ct_reveal(t99_field_in_range(f, z)));
    f->mul(z, z, x);
    assert_memory_equal(z, f->one, size);
}

/* Inverses times what they are of; 0 has 0. */
static inline void check_inverses(const struct t99_field *f)
{
    uint64_t x[T99_FIELD_LIMBS] = { 0 }, z[T99_FIELD_LIMBS];
    size_t size = f->limbs * sizeof x[0], i;
    uint32_t seed = 2;

    memset(z, 0xff, sizeof z);
    t99_field_invert(f, z, x);
    assert_memory_equal(z, x, size);
    for (i = 1; i <= 200; i++) {
        x[0] = i;
        check_inverse(f, x);
    }
    memcpy(x, f->modulus, size);
    for (i = 1; i <= 200; i++) {
        x[0]--;
        check_inverse(f, x);
    }
    for (i = 0; i < 2000; i++) {
        awkward_element(f, x, &seed);
        if (!ct_reveal(t99_field_is_zero(f, x))) {
            check_inverse(f, x);
        }
    }
    for (i = 0; i + 1 < f->bits; i++) {
        memset(x, 0, sizeof x);
        x[i / 64] = (uint64_t)1 << i % 64;
        check_inverse(f, x);
    }
}

#endif
