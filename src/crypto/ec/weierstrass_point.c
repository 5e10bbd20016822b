#include "crypto/ec/weierstrass.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/ec/weierstrass_double.h"

typedef uint64_t element[T99_FIELD_LIMBS];

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

/* r = q where p is infinity, p where q is, else sum. */
static void pick_sum(const struct t99_field *f, uint64_t *r, ct_mask p_infinite, const uint64_t *q,
                     ct_mask q_infinite, const uint64_t *p, const uint64_t *sum)
{
    size_t i;

    for (i = 0; i < f->limbs; i++) {
        r[i] = ct_pick(p_infinite, q[i], ct_pick(q_infinite, p[i], sum[i]));
    }
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
    const uint64_t *q_z = (flags & T99_ADD_AFFINE) != 0 ? f->one : q->z;
    ct_mask p_infinite = t99_field_is_zero(f, p->z), q_infinite = t99_field_is_zero(f, q_z), same = 0;
    element dx2, dx3, x3, y3, z3;
    struct sum s;

    bring_together(f, &s, p, q, flags);
    if ((flags & T99_ADD_DISTINCT) == 0) {
        same = t99_field_is_zero(f, s.dx) & t99_field_is_zero(f, s.dy);
        if ((flags & T99_ADD_VARTIME) == 0 || ct_reveal(same)) {
            take_tangent(f, &s, same, flags);
        }
    }
    f->sqr(dx2, s.dx);
    f->mul(dx3, dx2, s.dx);
    f->mul(z3, s.dx, s.z);
    f->mul(s.y1, s.y1, dx3);
    f->mul(s.x1, s.x1, dx2);
    t99_field_pick(f, dx3, same, zero, dx3);
    f->sqr(x3, s.dy);
    f->sub(x3, x3, dx3);
    f->sub(x3, x3, s.x1);
    f->sub(x3, x3, s.x1);
    f->sub(y3, s.x1, x3);
    f->mul(y3, y3, s.dy);
    f->sub(y3, y3, s.y1);
    pick_sum(f, r->x, p_infinite, q->x, q_infinite, p->x, x3);
    pick_sum(f, r->y, p_infinite, q->y, q_infinite, p->y, y3);
    pick_sum(f, r->z, p_infinite, q_z, q_infinite, p->z, z3);
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
