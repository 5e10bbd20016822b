#include "crypto/ec/weierstrass.h"

#include <string.h>

#include "base/wipe.h"

#define WINDOW 5                    /* of t99_mul(): digits of -16 to 16 */
#define WINDOW_POINTS 16            /* 2^(WINDOW - 1) */
#define NAF_POINTS 8                /* odd digits of -15 to 15 */
#define SCALAR_BITS 521             /* of the largest order */
#define WORDS (T99_FIELD_LIMBS + 1) /* of a scalar followed by zeros */

/* num <= 32 bits of k from bit `at` on; zeros beyond its words. */
static unsigned bits_at(const uint64_t *k, size_t limbs, size_t at, unsigned num)
{
    size_t word = at / 64;
    unsigned shift = (unsigned)(at % 64);
    uint64_t v = word < limbs ? k[word] >> shift : 0;

    if (shift + num > 64 && word + 1 < limbs) {
        v |= k[word + 1] << (64 - shift);
    }
    return (unsigned)(v & (((uint64_t)1 << num) - 1));
}

/* r = table[digit - 1] or, for 0, infinity. All `num` entries are read. */
static void select_point(const struct t99_field *f, struct t99_point *r, const struct t99_point *table,
                         size_t num, unsigned digit)
{
    size_t i, j;

    memset(r, 0, sizeof *r);
    for (i = 0; i < num; i++) {
        ct_mask mask = ct_eq(i + 1, digit);

        for (j = 0; j < f->limbs; j++) {
            r->x[j] |= table[i].x[j] & mask;
            r->y[j] |= table[i].y[j] & mask;
            r->z[j] |= table[i].z[j] & mask;
        }
    }
}

/*
 * Booth's recoding: a digit of five bits and the one below them is (top bits + 1) / 2 - 32 * (bit 5), so that
 * k is the sum of the digits times 32^i, and -16 <= digit <= 16. Returns the magnitude; *negative: ones for a
 * digit below 0.
 */
static unsigned booth_digit(ct_mask *negative, unsigned six_bits)
{
    ct_mask minus = ct_bit(six_bits >> WINDOW);
    uint64_t v = ct_pick(minus, 63 - six_bits, six_bits);

    *negative = minus;
    return (unsigned)((v + 1) >> 1);
}

void t99_mul(const struct t99_group *g, struct t99_point *r, const uint64_t *k, const struct t99_point *p)
{
    const struct t99_field *f = g->field;
    struct t99_point table[WINDOW_POINTS], acc, q;
    size_t i, j, num_digits = g->order->bits / WINDOW + 1;
    ct_mask negative;
    unsigned digit;

    table[0] = *p;
    for (i = 1; i < WINDOW_POINTS; i++) {
        if (i % 2 == 1) {
            t99_point_double(f, &table[i], &table[i / 2]);
        } else {
            t99_point_add(f, &table[i], &table[i - 1], p, T99_ADD_VARTIME);
        }
    }
    memset(&acc, 0, sizeof acc);
    for (i = num_digits; i-- > 0;) {
        for (j = 0; j < WINDOW && i + 1 < num_digits; j++) {
            t99_point_double(f, &acc, &acc);
        }
        digit =
            i == 0 ? bits_at(k, f->limbs, 0, WINDOW) << 1 : bits_at(k, f->limbs, WINDOW * i - 1, WINDOW + 1);
        digit = booth_digit(&negative, digit);
        select_point(f, &q, table, WINDOW_POINTS, digit);
        t99_point_negate(f, &q, negative);
        t99_point_add(f, &acc, &acc, &q, 0);
    }
    *r = acc;
    t99_wipe(table, sizeof table);
    t99_wipe(&acc, sizeof acc);
    t99_wipe(&q, sizeof q);
}

/*
 * c with k = sum of (2 * c_i - 1) * 2^i over all bits of the comb: c = (k + 2^bits - 1) / 2 modulo the order.
 * Every bit of c is a plus or a minus, so that no digit of the comb is 0.
 */
static void comb_recode(const struct t99_group *g, uint64_t c[WORDS], const uint64_t *k)
{
    memset(c, 0, WORDS * sizeof c[0]);
    g->order->mul(c, k, g->comb_half);
    g->order->add(c, c, g->comb_offset);
}

/* The digit of block j at distance i: one bit every `spacing`, as tooth 5 to be the sign of all. */
static unsigned comb_digit(const struct t99_group *g, ct_mask *negative, const uint64_t c[WORDS], size_t j,
                           size_t i)
{
    size_t at = j * T99_COMB_TEETH * g->spacing + i;
    unsigned h, digit = 0;

    for (h = 0; h < T99_COMB_TEETH; h++) {
        digit |= bits_at(c, WORDS, at + h * g->spacing, 1) << h;
    }
    *negative = ct_bit((digit >> (T99_COMB_TEETH - 1)) ^ 1);
    return (digit ^ (unsigned)*negative) & (T99_COMB_POINTS - 1);
}

/* r = point number `digit` of block j. All of the block are read. */
static void select_comb(const struct t99_group *g, struct t99_point *r, size_t j, unsigned digit)
{
    size_t limbs = g->field->limbs, i, word;
    const uint64_t *entry = g->comb + j * T99_COMB_POINTS * 2 * limbs;

    memset(r, 0, sizeof *r);
    for (i = 0; i < T99_COMB_POINTS; i++) {
        ct_mask mask = ct_eq(i, digit);

        for (word = 0; word < limbs; word++) {
            r->x[word] |= entry[word] & mask;
            r->y[word] |= entry[limbs + word] & mask;
        }
        entry += 2 * limbs;
    }
}

/*
 * A comb of many blocks: M. Hamburg, Fast and compact elliptic-curve cryptography, IACR ePrint 2012/309, 3.3;
 * after C. Lim and P. Lee, CRYPTO '94.
 */
void t99_mul_base(const struct t99_group *g, struct t99_point *r, const uint64_t *k)
{
    const struct t99_field *f = g->field;
    struct t99_point acc, q;
    uint64_t c[WORDS];
    ct_mask negative;
    unsigned digit;
    size_t i, j;

    comb_recode(g, c, k);
    memset(&acc, 0, sizeof acc);
    for (i = g->spacing; i-- > 0;) {
        t99_point_double(f, &acc, &acc);
        for (j = 0; j < g->num_blocks; j++) {
            digit = comb_digit(g, &negative, c, j, i);
            select_comb(g, &q, j, digit);
            t99_point_negate(f, &q, negative);
            t99_point_add(f, &acc, &acc, &q, T99_ADD_AFFINE);
        }
    }
    *r = acc;
    t99_wipe(c, sizeof c);
    t99_wipe(&acc, sizeof acc);
    t99_wipe(&q, sizeof q);
}

/*
 * Width-5 non-adjacent form: k = sum of digits[i] * 2^i, with digits 0 or odd, -15 to 15, four zeros or more
 * between.
 */
static void naf_recode(signed char digits[SCALAR_BITS + 1], const uint64_t *k, const struct t99_field *order)
{
    size_t at = 0, num_bits = order->bits + 1;
    unsigned carry = 0, v;

    memset(digits, 0, SCALAR_BITS + 1);
    while (at < num_bits) {
        if (bits_at(k, order->limbs, at, 1) == carry) {
            at++;
            continue;
        }
        v = bits_at(k, order->limbs, at, WINDOW) + carry;
        carry = v >> (WINDOW - 1);
        digits[at] = (signed char)((int)v - (int)(carry << WINDOW));
        at += WINDOW;
    }
}

/* acc += digit * p, for the odd multiples of p: 1, 3, 5 to 15 times. */
static void add_naf(const struct t99_field *f, struct t99_point *acc, const struct t99_point *odd, int digit)
{
    struct t99_point q = odd[(digit < 0 ? -digit : digit) / 2];

    t99_point_negate(f, &q, digit < 0 ? ~(ct_mask)0 : 0);
    t99_point_add(f, acc, acc, &q, T99_ADD_VARTIME);
}

/* acc += the points of all blocks of the comb at distance i. */
static void add_comb(const struct t99_group *g, struct t99_point *acc, const uint64_t c[WORDS], size_t i)
{
    size_t limbs = g->field->limbs, j;
    const uint64_t *entry;
    struct t99_point q;
    ct_mask negative;
    unsigned digit;

    for (j = 0; j < g->num_blocks; j++) {
        digit = comb_digit(g, &negative, c, j, i);
        entry = g->comb + (j * T99_COMB_POINTS + digit) * 2 * limbs;
        memset(&q, 0, sizeof q);
        memcpy(q.x, entry, limbs * sizeof q.x[0]);
        memcpy(q.y, entry + limbs, limbs * sizeof q.y[0]);
        t99_point_negate(g->field, &q, negative);
        t99_point_add(g->field, acc, acc, &q, T99_ADD_AFFINE | T99_ADD_VARTIME);
    }
}

/* Shamir's trick: one run of doublings for both, the comb joining in its last part. */
void t99_mul_two_vartime(const struct t99_group *g, struct t99_point *r, const uint64_t *j, const uint64_t *k,
                         const struct t99_point *p)
{
    const struct t99_field *f = g->field;
    struct t99_point odd[NAF_POINTS], twice;
    signed char digits[SCALAR_BITS + 1];
    uint64_t c[WORDS];
    size_t i;

    comb_recode(g, c, j);
    naf_recode(digits, k, g->order);
    t99_point_double(f, &twice, p);
    odd[0] = *p;
    for (i = 1; i < NAF_POINTS; i++) {
        t99_point_add(f, &odd[i], &odd[i - 1], &twice, T99_ADD_VARTIME);
    }
    memset(r, 0, sizeof *r);
    for (i = g->order->bits + 1; i-- > 0;) {
        t99_point_double(f, r, r);
        if (digits[i] != 0) {
            add_naf(f, r, odd, digits[i]);
        }
        if (i < g->spacing) {
            add_comb(g, r, c, i);
        }
    }
}
