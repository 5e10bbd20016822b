/*
 * Groups of points on y^2 = x^3 - 3 * x + b modulo a prime, of prime order: what P-256, P-384 and P-521
 * share.
 *
 * Three parts: points (weierstrass_point.c), multiples of them (weierstrass_mul.c), and the operations of
 * struct t99_curve (weierstrass.c), which curves hand on with their own struct t99_group.
 */
#ifndef T99_CRYPTO_EC_WEIERSTRASS_H
#define T99_CRYPTO_EC_WEIERSTRASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ct.h"
#include "crypto/ec/nist_field.h"

#define T99_COMB_TEETH 6
#define T99_COMB_POINTS 32 /* of a block: 2^(T99_COMB_TEETH - 1) */

/* Jacobian coordinates: the point (x / z^2, y / z^3), or infinity where z is 0. */
struct t99_point {
    uint64_t x[T99_FIELD_LIMBS], y[T99_FIELD_LIMBS], z[T99_FIELD_LIMBS];
};

/*
 * comb: multiples of the base point G, x and y of each, `limbs` words per coordinate; see t99_mul_base().
 * Point m of block j is the sum of +-2^((6 * j + h) * spacing) * G over h = 0 to 5, with plus for h = 5 and
 * where bit h of m is set.
 */
struct t99_group {
    const struct t99_field *field; /* of the coordinates */
    const struct t99_field *order; /* integers modulo the number of points; Montgomery's form */
    uint64_t b[T99_FIELD_LIMBS];   /* an element of the field */
    const uint64_t *comb;
    size_t num_blocks, spacing;          /* teeth * num_blocks * spacing is at least the bits of the order */
    uint64_t comb_half[T99_FIELD_LIMBS]; /* 1 / 2 modulo the order, times R */
    uint64_t comb_offset[T99_FIELD_LIMBS]; /* (2^(teeth * num_blocks * spacing) - 1) / 2 modulo the order */
};

/* P-256 has one for every way of computing in its field: p256_field.h. */
extern const struct t99_group t99_p384_group;
extern const struct t99_group t99_p521_group;

/* r = 2 * p. r may be p. */
void t99_point_double(const struct t99_field *f, struct t99_point *r, const struct t99_point *p);

/* How t99_point_add() may go about it. */
enum t99_add_flags {
    T99_ADD_AFFINE = 1, /* q is not infinity, and its z, which is not read, is 1 */
    T99_ADD_VARTIME = 2 /* p and q are public */
};

/*
 * r = p + q, whatever these are: the same, opposite or infinity. r may be p or q. flags: enum t99_add_flags.
 */
void t99_point_add(const struct t99_field *f, struct t99_point *r, const struct t99_point *p,
                   const struct t99_point *q, unsigned flags);

/* p = -p where the mask is ones. */
void t99_point_negate(const struct t99_field *f, struct t99_point *p, ct_mask mask);

/* x and y (may be NULL) as elements of the field; zeros for infinity. */
void t99_point_affine(const struct t99_field *f, uint64_t *x, uint64_t *y, const struct t99_point *p);

/* From 0x04 || X || Y. False, in variable time, if it is anything else or not on the curve. */
bool t99_point_decode(const struct t99_group *g, struct t99_point *p, const uint8_t *bytes, size_t len);

/* r = k * p; k: `limbs` words, below the order. Constant time. */
void t99_mul(const struct t99_group *g, struct t99_point *r, const uint64_t *k, const struct t99_point *p);

/* r = k * G. Constant time. */
void t99_mul_base(const struct t99_group *g, struct t99_point *r, const uint64_t *k);

/* r = j * G + k * p. Variable time. */
void t99_mul_two_vartime(const struct t99_group *g, struct t99_point *r, const uint64_t *j, const uint64_t *k,
                         const struct t99_point *p);

/* The functions of struct t99_curve, with the same promises. */
bool t99_group_scalar_valid(const struct t99_group *g, const uint8_t *scalar);
bool t99_group_public_key(const struct t99_group *g, uint8_t *point, const uint8_t *scalar);
bool t99_group_ecdh(const struct t99_group *g, uint8_t *x, const uint8_t *scalar, const uint8_t *peer,
                    size_t peer_len);
bool t99_group_point_valid(const struct t99_group *g, const uint8_t *point, size_t point_len);
bool t99_group_verify(const struct t99_group *g, const uint8_t *point, size_t point_len,
                      const uint8_t *digest, size_t digest_len, const uint8_t *r, const uint8_t *s);
bool t99_group_sign(const struct t99_group *g, uint8_t *r, uint8_t *s, const uint8_t *scalar,
                    const uint8_t *k, const uint8_t *digest, size_t digest_len);

#endif
