#include "crypto/ec/weierstrass.h"

#include <string.h>

#include "base/wipe.h"

typedef uint64_t element[T99_FIELD_LIMBS];

/* z = 3 * (x - y) * (x + y): with y = Z^2, the tangent's slope at X = x, as a is -3. */
static void tangent(const struct t99_field *f, uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    element sum, twice;

    f->add(sum, x, y);
    f->sub(z, x, y);
    f->mul(z, z, sum);
    f->add(twice, z, z);
    f->add(z, twice, z);
}

/*
 * Explicit-Formulas Database, Jacobian coordinates with a = -3, dbl-2001-b, arranged so that 2 * y serves
 * thrice. No exceptions: infinity stays what it is, and no point of odd order has y = 0.
 */
void t99_point_double(const struct t99_field *f, struct t99_point *r, const struct t99_point *p)
{
    element slope, y, xy2, t;

    f->sqr(t, p->z);
    tangent(f, slope, p->x, t);
    f->add(y, p->y, p->y); /* 2 * y */
    f->mul(r->z, p->z, y);
    f->sqr(y, y);         /* 4 * y^2 */
    f->mul(xy2, p->x, y); /* 4 * x * y^2 */
    f->sqr(t, slope);
    f->sub(t, t, xy2);
    f->sub(r->x, t, xy2);
    f->sub(t, xy2, r->x);
    f->mul(t, t, slope);
    f->sqr(y, y);
    f->half(y, y); /* 8 * y^4 */
    f->sub(r->y, t, y);
}

/* Two points to be added, brought to a common z. */
struct sum {
    element x1, y1, z, z_squared; /* of p; z_squared: if q is affine */
    element dx, dy;               /* q - p */
};

static void bring_together(const struct t99_field *f, struct sum *s, const struct t99_point *p,
                           const struct t99_point *q, unsigned flags)
{
    size_t size = f->limbs * sizeof p->x[0];
    element t;

    f->sqr(s->z_squared, p->z);
    if ((flags & T99_ADD_AFFINE) != 0) {
        memcpy(s->x1, p->x, size);
        memcpy(s->y1, p->y, size);
        memcpy(s->z, p->z, size);
    } else {
        f->sqr(t, q->z);
        f->mul(s->x1, p->x, t);
        f->mul(t, t, q->z);
        f->mul(s->y1, p->y, t);
        f->mul(s->z, p->z, q->z);
    }
    f->mul(t, p->z, s->z_squared);
    f->mul(s->dx, q->x, s->z_squared);
    f->sub(s->dx, s->dx, s->x1);
    f->mul(s->dy, q->y, t);
    f->sub(s->dy, s->dy, s->y1);
}

/* Where the mask is ones: p = q, and what serves as slope, dy / dx, is that of the tangent. */
static void take_tangent(const struct t99_field *f, struct sum *s, ct_mask same, unsigned flags)
{
    element t;

    if ((flags & T99_ADD_AFFINE) == 0) {
        f->sqr(s->z_squared, s->z);
    }
    tangent(f, t, s->x1, s->z_squared);
    t99_field_pick(f, s->dy, same, t, s->dy);
    f->add(t, s->y1, s->y1);
    t99_field_pick(f, s->dx, same, t, s->dx);
}

static void pick_point(const struct t99_field *f, struct t99_point *r, ct_mask mask,
                       const struct t99_point *p)
{
    t99_field_pick(f, r->x, mask, p->x, r->x);
    t99_field_pick(f, r->y, mask, p->y, r->y);
    t99_field_pick(f, r->z, mask, p->z, r->z);
}

/*
 * With x1, y1 over a common z, x3 = dy^2 - dx^2 * (x1 + x2), y3 = dy * (dx^2 * x1 - x3) - dx^3 * y1 and z3 =
 * dx * z hold for chord and tangent alike; x1 + x2 is 2 * x1 + dx or, for the tangent, 2 * x1. Opposite
 * points have dx = 0, hence z3 = 0, but infinity as an operand needs the picks at the end.
 */
void t99_point_add(const struct t99_field *f, struct t99_point *r, const struct t99_point *p,
                   const struct t99_point *q, unsigned flags)
{
    static const element zero = { 0 };
    struct t99_point sum, other = *q;
    ct_mask p_infinite = t99_field_is_zero(f, p->z), q_infinite = 0, same;
    struct sum s;
    element dx2, dx3;

    if ((flags & T99_ADD_AFFINE) != 0) {
        memcpy(other.z, f->one, sizeof other.z);
    } else {
        q_infinite = t99_field_is_zero(f, q->z);
    }
    bring_together(f, &s, p, &other, flags);
    same = t99_field_is_zero(f, s.dx) & t99_field_is_zero(f, s.dy);
    if ((flags & T99_ADD_VARTIME) == 0 || ct_reveal(same)) {
        take_tangent(f, &s, same, flags);
    }
    f->sqr(dx2, s.dx);
    f->mul(dx3, dx2, s.dx);
    f->mul(sum.z, s.dx, s.z);
    f->mul(s.y1, s.y1, dx3);
    f->mul(s.x1, s.x1, dx2);
    t99_field_pick(f, dx3, same, zero, dx3);
    f->sqr(sum.x, s.dy);
    f->sub(sum.x, sum.x, dx3);
    f->sub(sum.x, sum.x, s.x1);
    f->sub(sum.x, sum.x, s.x1);
    f->sub(sum.y, s.x1, sum.x);
    f->mul(sum.y, sum.y, s.dy);
    f->sub(sum.y, sum.y, s.y1);
    pick_point(f, &sum, p_infinite, &other);
    pick_point(f, &sum, q_infinite, p);
    *r = sum;
}

void t99_point_negate(const struct t99_field *f, struct t99_point *p, ct_mask mask)
{
    static const element zero = { 0 };
    element minus;

    f->sub(minus, zero, p->y);
    t99_field_pick(f, p->y, mask, minus, p->y);
}

void t99_point_affine(const struct t99_field *f, uint64_t *x, uint64_t *y, const struct t99_point *p)
{
    element inverse, square;

    t99_field_invert(f, inverse, p->z);
    f->sqr(square, inverse);
    f->mul(x, p->x, square);
    if (y != NULL) {
        f->mul(square, square, inverse);
        f->mul(y, p->y, square);
    }
    t99_wipe(inverse, sizeof inverse);
    t99_wipe(square, sizeof square);
}

/* y^2 = x^3 - 3 * x + b = (x^2 - 3) * x + b for a point with z = 1. */
static ct_mask on_curve(const struct t99_group *g, const struct t99_point *p)
{
    const struct t99_field *f = g->field;
    element left, right;

    f->sqr(right, p->x);
    f->sub(right, right, f->one);
    f->sub(right, right, f->one);
    f->sub(right, right, f->one);
    f->mul(right, right, p->x);
    f->add(right, right, g->b);
    f->sqr(left, p->y);
    f->sub(left, left, right);
    return t99_field_is_zero(f, left);
}

bool t99_point_decode(const struct t99_group *g, struct t99_point *p, const uint8_t *bytes, size_t len)
{
    const struct t99_field *f = g->field;

    if (len != 1 + 2 * f->len || bytes[0] != 0x04) {
        return false;
    }
    t99_field_load(f, p->x, bytes + 1, f->len);
    t99_field_load(f, p->y, bytes + 1 + f->len, f->len);
    if (!ct_reveal(t99_field_in_range(f, p->x) & t99_field_in_range(f, p->y))) {
        return false;
    }
    t99_field_enter(f, p->x, p->x);
    t99_field_enter(f, p->y, p->y);
    memcpy(p->z, f->one, sizeof p->z);
    return ct_reveal(on_curve(g, p));
}
