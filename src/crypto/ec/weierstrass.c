#include "crypto/ec/weierstrass.h"

#include <string.h>

#include "base/wide.h"
#include "base/wipe.h"

typedef uint64_t scalar_words[T99_FIELD_LIMBS];

/* Ones if the scalar is in [1, n - 1]. */
static ct_mask load_scalar(const struct t99_group *g, uint64_t *k, const uint8_t *scalar)
{
    const struct t99_field *n = g->order;

    t99_field_load(n, k, scalar, n->len);
    return t99_field_in_range(n, k) & ~t99_field_is_zero(n, k);
}

bool t99_group_scalar_valid(const struct t99_group *g, const uint8_t *scalar)
{
    scalar_words k;
    ct_mask valid = load_scalar(g, k, scalar);

    t99_wipe(k, sizeof k);
    return ct_reveal(valid);
}

bool t99_group_point_valid(const struct t99_group *g, const uint8_t *point, size_t point_len)
{
    struct t99_point p;

    return t99_point_decode(g, &p, point, point_len);
}

bool t99_group_public_key(const struct t99_group *g, uint8_t *point, const uint8_t *scalar)
{
    const struct t99_field *f = g->field;
    uint64_t x[T99_FIELD_LIMBS], y[T99_FIELD_LIMBS];
    struct t99_point p;
    scalar_words k;
    ct_mask valid = load_scalar(g, k, scalar);

    t99_mul_base(g, &p, k);
    t99_point_affine(f, x, y, &p);
    point[0] = 0x04;
    t99_field_store(f, point + 1, x);
    t99_field_store(f, point + 1 + f->len, y);
    t99_wipe(k, sizeof k);
    t99_wipe(&p, sizeof p);
    return ct_reveal(valid);
}

/* SP 800-56A, 5.7.1.2, without a cofactor: these groups are of prime order. */
bool t99_group_ecdh(const struct t99_group *g, uint8_t *x, const uint8_t *scalar, const uint8_t *peer,
                    size_t peer_len)
{
    const struct t99_field *f = g->field;
    struct t99_point p;
    scalar_words k;
    ct_mask valid;

    if (!t99_point_decode(g, &p, peer, peer_len)) {
        return false;
    }
    valid = load_scalar(g, k, scalar);
    t99_mul(g, &p, k, &p);
    valid &= ~t99_field_is_zero(f, p.z);
    t99_point_affine(f, p.x, NULL, &p);
    t99_field_store(f, x, p.x);
    t99_wipe(k, sizeof k);
    t99_wipe(&p, sizeof p);
    return ct_reveal(valid);
}

/* The leftmost bits of the digest, as many as n has, as an integer modulo n: FIPS 186-5, 6.4.1, step 2. */
static void load_digest(const struct t99_group *g, uint64_t *e, const uint8_t *digest, size_t digest_len)
{
    const struct t99_field *n = g->order;
    unsigned excess = (unsigned)(8 * n->len - n->bits);
    size_t i;

    t99_field_load(n, e, digest, digest_len < n->len ? digest_len : n->len);
    if (digest_len >= n->len && excess != 0) {
        for (i = 0; i < n->limbs; i++) {
            e[i] = e[i] >> excess | (i + 1 < n->limbs ? e[i + 1] << (64 - excess) : 0);
        }
    }
    t99_field_enter(n, e, e);
}

/*
 * True if the x coordinate of p, modulo n, is r. No division: x = X / Z^2 is r, or r + n where that is below
 * p.
 */
static bool x_is(const struct t99_group *g, const struct t99_point *p, const uint64_t *r)
{
    const struct t99_field *f = g->field;
    uint64_t sum[T99_FIELD_LIMBS], candidate[T99_FIELD_LIMBS], z2[T99_FIELD_LIMBS], carry = 0;
    size_t size = f->limbs * sizeof sum[0], i;

    f->sqr(z2, p->z);
    t99_field_enter(f, candidate, r);
    f->mul(candidate, candidate, z2);
    if (memcmp(candidate, p->x, size) == 0) {
        return true;
    }
    for (i = 0; i < f->limbs; i++) {
        sum[i] = t99_add_carry(&carry, r[i], g->order->modulus[i]);
    }
    if (carry != 0 || !ct_reveal(t99_field_in_range(f, sum))) {
        return false;
    }
    t99_field_enter(f, candidate, sum);
    f->mul(candidate, candidate, z2);
    return memcmp(candidate, p->x, size) == 0;
}

/* FIPS 186-5, 6.4.2. */
bool t99_group_verify(const struct t99_group *g, const uint8_t *point, size_t point_len,
                      const uint8_t *digest, size_t digest_len, const uint8_t *r, const uint8_t *s)
{
    const struct t99_field *n = g->order;
    scalar_words r_words, u1, u2, w;
    struct t99_point q, sum;

    if (!t99_point_decode(g, &q, point, point_len) || !ct_reveal(load_scalar(g, r_words, r)) ||
        !ct_reveal(load_scalar(g, w, s))) {
        return false;
    }
    t99_field_enter(n, w, w);
    t99_field_invert(n, w, w);
    load_digest(g, u1, digest, digest_len);
    n->mul(u1, u1, w);
    t99_field_leave(n, u1, u1);
    n->mul(u2, r_words, w); /* r, not times R, times w times R: u2 without R */
    t99_mul_two_vartime(g, &sum, u1, u2, &q);
    return !ct_reveal(t99_field_is_zero(g->field, sum.z)) && x_is(g, &sum, r_words);
}

/* FIPS 186-5, 6.4.1. */
bool t99_group_sign(const struct t99_group *g, uint8_t *r, uint8_t *s, const uint8_t *scalar,
                    const uint8_t *k, const uint8_t *digest, size_t digest_len)
{
    const struct t99_field *n = g->order;
    scalar_words d, k_words, e, r_words;
    struct t99_point p;
    ct_mask valid = load_scalar(g, d, scalar) & load_scalar(g, k_words, k);

    t99_mul_base(g, &p, k_words);
    t99_point_affine(g->field, p.x, NULL, &p);
    t99_field_leave(g->field, r_words, p.x);
    t99_field_enter(n, r_words, r_words); /* and so reduced modulo n */
    t99_field_store(n, r, r_words);
    load_digest(g, e, digest, digest_len);
    t99_field_enter(n, d, d);
    n->mul(d, d, r_words);
    n->add(e, e, d);
    t99_field_enter(n, k_words, k_words);
    t99_field_invert(n, k_words, k_words);
    n->mul(e, e, k_words);
    t99_field_store(n, s, e);
    valid &= ~t99_field_is_zero(n, r_words) & ~t99_field_is_zero(n, e);
    t99_wipe(d, sizeof d);
    t99_wipe(k_words, sizeof k_words);
    t99_wipe(e, sizeof e);
    t99_wipe(&p, sizeof p);
    return ct_reveal(valid);
}
