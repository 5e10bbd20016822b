/*
 * Inverses in constant time: D. J. Bernstein and B.-Y. Yang, Fast constant-time gcd computation and modular
 * inversion, IACR ePrint 2019/266.
 *
 * A "divstep" makes (delta, f, g) (1 - delta, g, (g - f) / 2) if delta is positive and g odd, else (1 +
 * delta, f, (g + (g mod 2) * f) / 2). Begun with (1, modulus, x), it ends with g = 0 and f = +-1. As 62 of
 * them depend on no more than the lowest words of f and g, they are done there and come to a matrix, which is
 * then applied to all words of f and g, and to d and e modulo the modulus, with d * x = f and e * x = g
 * (times what e began with).
 */
#include <string.h>

#include "base/wide.h"
#include "base/wipe.h"
#include "crypto/ec/nist_field.h"

#define STEPS 62
#define STEPS_MASK (((uint64_t)1 << STEPS) - 1)
#define WORDS (T99_FIELD_LIMBS + 1) /* of f, g, d and e: two's complement, limbs + 1 of them in use */

/*
 * 2^62 times what 62 divsteps do: f' = u * f + v * g, g' = q * f + r * g. Two's complement, |u| + |v| <=
 * 2^62.
 */
struct matrix {
    uint64_t u, v, q, r;
};

struct state {
    uint64_t f[WORDS], g[WORDS], d[WORDS], e[WORDS];
    uint64_t delta; /* two's complement */
    struct matrix m;
};

static uint64_t negate_if(ct_mask mask, uint64_t x)
{
    return (x ^ mask) - mask;
}

/* Sums and differences that stand for both cases of a divstep, the one chosen by masks. */
static void divsteps(struct state *s)
{
    uint64_t f = s->f[0], g = s->g[0], delta = s->delta, u = 1, v = 0, q = 0, r = 1;
    ct_mask swap, odd;
    unsigned i;

    for (i = 0; i < STEPS; i++) {
        odd = ct_bit(g & 1);
        swap = ct_bit((0 - delta) >> 63); /* so far: delta is positive */
        g += negate_if(swap, f) & odd;
        q += negate_if(swap, u) & odd;
        r += negate_if(swap, v) & odd;
        swap &= odd;
        delta = negate_if(swap, delta) + 1;
        f += g & swap; /* g - f + f: the old g */
        u += q & swap;
        v += r & swap;
        g >>= 1;
        u <<= 1;
        v <<= 1;
    }
    s->delta = delta;
    s->m.u = u;
    s->m.v = v;
    s->m.q = q;
    s->m.r = r;
}

/* t = u * a + v * b, modulo 2^(64 * words). */
static void combine(uint64_t *t, size_t words, uint64_t u, const uint64_t *a, uint64_t v, const uint64_t *b)
{
    ct_mask u_minus = ct_bit(u >> 63), v_minus = ct_bit(v >> 63);
    uint64_t u_abs = negate_if(u_minus, u), v_abs = negate_if(v_minus, v), low;
    uint64_t a_carry = u_minus & 1, b_carry = v_minus & 1, u_carry = 0, v_carry = 0; /* -a is ~a + 1 */
    size_t i;

    for (i = 0; i < words; i++) {
        low = t99_mul_add2(&a_carry, a[i] ^ u_minus, 1, a_carry, 0);
        low = t99_mul_add2(&u_carry, u_abs, low, u_carry, 0);
        t[i] = t99_mul_add2(&b_carry, b[i] ^ v_minus, 1, b_carry, 0);
        t[i] = t99_mul_add2(&v_carry, v_abs, t[i], v_carry, low);
    }
}

/* t = t / 2^62, rounded down. */
static void shift(uint64_t *t, size_t words)
{
    size_t i;

    for (i = 0; i + 1 < words; i++) {
        t[i] = t[i] >> STEPS | t[i + 1] << (64 - STEPS);
    }
    t[i] = t[i] >> STEPS | (0 - (t[i] >> 63)) << (64 - STEPS);
}

/*
 * t = t / 2^62 modulo the modulus p, for -2^62 * p <= t <= 2^62 * p: with a multiple of p below 2^62 * p
 * added it is a multiple of 2^62, the quotient from -p to 2 * p. That less p, unless it is negative: -p <= t
 * < p.
 */
static void shift_mod(const struct t99_field *field, uint64_t *t, uint64_t minus_inverse)
{
    uint64_t k = t[0] * minus_inverse & STEPS_MASK, carry = 0, borrow = 0;
    size_t n = field->limbs, i;
    ct_mask positive;

    for (i = 0; i < n; i++) {
        t[i] = t99_mul_add2(&carry, k, field->modulus[i], t[i], carry);
    }
    t[n] += carry;
    shift(t, n + 1);
    positive = ~ct_bit(t[n] >> 63);
    for (i = 0; i < n; i++) {
        t[i] = t99_sub_borrow(&borrow, t[i], field->modulus[i] & positive);
    }
    t[n] -= borrow;
}

/* -1 / p mod 2^64, by Newton's iteration: p is its own inverse mod 8, and every round doubles the bits. */
static uint64_t minus_inverse_of(uint64_t p)
{
    uint64_t inverse = p;
    unsigned bits;

    for (bits = 3; bits < 64; bits *= 2) {
        inverse *= 2 - p * inverse;
    }
    return 0 - inverse;
}

static void apply(const struct t99_field *field, struct state *s, uint64_t minus_inverse)
{
    size_t words = field->limbs + 1, size = words * sizeof s->f[0];
    const struct matrix *m = &s->m;
    uint64_t t[WORDS];

    combine(t, words, m->u, s->f, m->v, s->g);
    combine(s->g, words, m->q, s->f, m->r, s->g);
    memcpy(s->f, t, size);
    shift(s->f, words);
    shift(s->g, words);
    combine(t, words, m->u, s->d, m->v, s->e);
    combine(s->e, words, m->q, s->d, m->r, s->e);
    memcpy(s->d, t, size);
    shift_mod(field, s->d, minus_inverse);
    shift_mod(field, s->e, minus_inverse);
}

/* x stands for x / R: its inverse is to be R / x, that of the words is 1 / (x * R), so e begins as R^2. */
void t99_field_invert(const struct t99_field *f, uint64_t *z, const uint64_t *x)
{
    size_t n = f->limbs, size = n * sizeof z[0], num_divsteps = (49 * f->bits + 57) / 17,
           i; /* Theorem 11.2 */
    uint64_t minus_inverse = minus_inverse_of(f->modulus[0]), carry;
    ct_mask minus;
    struct state s;

    memset(&s, 0, sizeof s);
    memcpy(s.f, f->modulus, size);
    memcpy(s.g, x, size);
    memcpy(s.e, f->r2, size);
    s.delta = 1;
    for (i = 0; i < num_divsteps; i += STEPS) {
        divsteps(&s);
        apply(f, &s, minus_inverse);
    }
    minus = ct_bit(s.f[n] >> 63); /* f = -1 */
    carry = minus & 1;
    for (i = 0; i <= n; i++) {
        s.d[i] = t99_add_carry(&carry, s.d[i] ^ minus, 0);
    }
    minus = ct_bit(s.d[n] >> 63);
    carry = 0;
    for (i = 0; i < n; i++) {
        z[i] = t99_add_carry(&carry, s.d[i], f->modulus[i] & minus);
    }
    t99_wipe(&s, sizeof s);
}
