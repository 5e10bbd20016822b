#include "crypto/ec/edwards25519.h"

#include <string.h>

#include "base/wipe.h"

/* d = -121665/121666, 2 d, and the square root of -1 (RFC 8032, 5.1), in limbs of 51 bits. */
static const t99_fe d = { 0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb,
                          0x52036cee2b6ff };
static const t99_fe d2 = { 0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977,
                           0x2406d9dc56dff };
static const t99_fe sqrt_m1 = { 0x61b274a0ea0b0, 0xd5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e,
                                0x2b8324804fc1d };

/* --- The group law: Hisil, Wong, Carter, Dawson 2008; complete on this curve --- */

static void set_neutral(struct t99_edwards *p)
{
    t99_fe_set(p->x, 0);
    t99_fe_set(p->y, 1);
    t99_fe_set(p->z, 1);
    t99_fe_set(p->t, 0);
}

/* From E, F, G, H to the point. */
static void finish(struct t99_edwards *r, const t99_fe e, const t99_fe f, const t99_fe g, const t99_fe h)
{
    t99_fe_mul(r->x, e, f);
    t99_fe_mul(r->y, g, h);
    t99_fe_mul(r->t, e, h);
    t99_fe_mul(r->z, f, g);
}

static void add_affine(struct t99_edwards *r, const struct t99_edwards *p, const struct t99_edwards_affine *q)
{
    t99_fe a, b, c, dd, e, f, g, h;

    t99_fe_sub(a, p->y, p->x);
    t99_fe_mul(a, a, q->difference);
    t99_fe_add(b, p->y, p->x);
    t99_fe_mul(b, b, q->sum);
    t99_fe_mul(c, p->t, q->txy);
    t99_fe_add(dd, p->z, p->z);
    t99_fe_sub(e, b, a);
    t99_fe_sub(f, dd, c);
    t99_fe_add(g, dd, c);
    t99_fe_add(h, b, a);
    finish(r, e, f, g, h);
}

static void add(struct t99_edwards *r, const struct t99_edwards *p, const struct t99_edwards *q)
{
    t99_fe a, b, c, dd, e, f, g, h;

    t99_fe_sub(a, p->y, p->x);
    t99_fe_sub(e, q->y, q->x);
    t99_fe_mul(a, a, e);
    t99_fe_add(b, p->y, p->x);
    t99_fe_add(e, q->y, q->x);
    t99_fe_mul(b, b, e);
    t99_fe_mul(c, p->t, q->t);
    t99_fe_mul(c, c, d2);
    t99_fe_mul(dd, p->z, q->z);
    t99_fe_add(dd, dd, dd);
    t99_fe_sub(e, b, a);
    t99_fe_sub(f, dd, c);
    t99_fe_add(g, dd, c);
    t99_fe_add(h, b, a);
    finish(r, e, f, g, h);
}

static void twice(struct t99_edwards *r, const struct t99_edwards *p)
{
    t99_fe a, b, c, e, f, g, h, zero;

    t99_fe_square(a, p->x);
    t99_fe_square(b, p->y);
    t99_fe_square(c, p->z);
    t99_fe_add(c, c, c);
    t99_fe_add(h, a, b);
    t99_fe_add(e, p->x, p->y);
    t99_fe_square(e, e);
    t99_fe_sub(e, h, e);
    t99_fe_sub(g, a, b);
    t99_fe_set(zero, 1); /* products bring the limbs of the sum below back to size */
    t99_fe_mul(g, g, zero);
    t99_fe_add(f, c, g);
    finish(r, e, f, g, h);
}

void t99_edwards_negate(struct t99_edwards *p)
{
    t99_fe zero;

    t99_fe_set(zero, 0);
    t99_fe_sub(p->x, zero, p->x);
    t99_fe_sub(p->t, zero, p->t);
    t99_fe_set(zero, 1);
    t99_fe_mul(p->x, p->x, zero);
    t99_fe_mul(p->t, p->t, zero);
}

/* --- Multiples of the base point --- */

/* entry = digit * 256^window * B, -8 <= digit <= 8; all entries are read. */
static void select_entry(struct t99_edwards_affine *entry, int window, int digit)
{
    uint64_t negative = (uint64_t)((unsigned)digit >> (8 * sizeof(unsigned) - 1));
    uint64_t size = (uint64_t)(((unsigned)digit ^ (0 - (unsigned)negative)) + (unsigned)negative);
    const struct t99_edwards_affine *row = window < T99_COMB_WINDOWS / 2
                                               ? t99_edwards_low[window]
                                               : t99_edwards_high[window - T99_COMB_WINDOWS / 2];
    t99_fe minus, zero;
    int j;

    t99_fe_set(entry->sum, 1);
    t99_fe_set(entry->difference, 1);
    t99_fe_set(entry->txy, 0);
    for (j = 0; j < T99_COMB_ENTRIES; j++) {
        ct_mask mask = ct_eq(size, (uint64_t)j + 1);

        t99_fe_pick(mask, entry->sum, row[j].sum);
        t99_fe_pick(mask, entry->difference, row[j].difference);
        t99_fe_pick(mask, entry->txy, row[j].txy);
    }
    t99_fe_swap(ct_bit(negative), entry->sum, entry->difference);
    t99_fe_set(zero, 0);
    t99_fe_sub(minus, zero, entry->txy);
    t99_fe_pick(ct_bit(negative), entry->txy, minus);
}

/* 64 digits of -8 to 8, four bits each. */
static void recode(int8_t digits[64], const uint8_t scalar[32])
{
    int i, carry = 0;

    for (i = 0; i < 32; i++) {
        digits[2 * i] = (int8_t)(scalar[i] & 15);
        digits[2 * i + 1] = (int8_t)(scalar[i] >> 4);
    }
    for (i = 0; i < 63; i++) {
        int v = digits[i] + carry;

        carry = (v + 8) >> 4;
        digits[i] = (int8_t)(v - 16 * carry);
    }
    digits[63] = (int8_t)(digits[63] + carry);
}

/* Odd digits first, times 16, then even ones: one table serves both. */
void t99_edwards_mul_base(struct t99_edwards *p, const uint8_t scalar[32])
{
    struct t99_edwards_affine entry;
    int8_t digits[64];
    int i;

    recode(digits, scalar);
    set_neutral(p);
    for (i = 1; i < 64; i += 2) {
        select_entry(&entry, i / 2, digits[i]);
        add_affine(p, p, &entry);
    }
    for (i = 0; i < 4; i++) {
        twice(p, p);
    }
    for (i = 0; i < 64; i += 2) {
        select_entry(&entry, i / 2, digits[i]);
        add_affine(p, p, &entry);
    }
    t99_wipe(digits, sizeof digits);
    t99_wipe(&entry, sizeof entry);
}

/* --- Verification: variable time --- */

#define WNAF_WIDTH 5
#define WNAF_ODD (1 << (WNAF_WIDTH - 2)) /* 1, 3, ..., 15 times A */

/* Digits 0 or odd, of at most 15 in size, no two within WNAF_WIDTH places. Returns how many. */
static int wnaf(int8_t digits[256], const uint8_t scalar[32])
{
    int i, j, bits[256 + WNAF_WIDTH + 1], top = 0;

    memset(digits, 0, 256);
    memset(bits, 0, sizeof bits);
    for (i = 0; i < 256; i++) {
        bits[i] = scalar[i / 8] >> (i % 8) & 1;
    }
    for (i = 0; i < 256; i++) {
        int v = 0;

        if (bits[i] == 0) {
            continue;
        }
        for (j = 0; j < WNAF_WIDTH; j++) {
            v |= bits[i + j] << j;
            bits[i + j] = 0;
        }
        if (v >= 1 << (WNAF_WIDTH - 1)) { /* the rest goes up by one */
            v -= 1 << WNAF_WIDTH;
            for (j = i + WNAF_WIDTH; bits[j] != 0; j++) {
                bits[j] = 0;
            }
            bits[j] = 1;
        }
        digits[i] = (int8_t)v;
        top = i + 1;
    }
    return top;
}

static void negated(struct t99_edwards *r, const struct t99_edwards *p)
{
    *r = *p;
    t99_edwards_negate(r);
}

static void add_digit(struct t99_edwards *p, const struct t99_edwards odd[WNAF_ODD], int digit)
{
    struct t99_edwards minus;

    if (digit > 0) {
        add(p, p, &odd[digit / 2]);
    } else if (digit < 0) {
        negated(&minus, &odd[-digit / 2]);
        add(p, p, &minus);
    }
}

static void odd_multiples(struct t99_edwards odd[WNAF_ODD], const struct t99_edwards *A)
{
    struct t99_edwards two;
    int i;

    twice(&two, A);
    odd[0] = *A;
    for (i = 1; i < WNAF_ODD; i++) {
        add(&odd[i], &odd[i - 1], &two);
    }
}

/* b * B by the table, as signing does it; a * A by sliding windows. */
void t99_edwards_mul_double(struct t99_edwards *p, const uint8_t a[32], const struct t99_edwards *A,
                            const uint8_t b[32])
{
    struct t99_edwards odd[WNAF_ODD], base;
    int8_t digits[256];
    int i, top = wnaf(digits, a);

    odd_multiples(odd, A);
    set_neutral(p);
    for (i = top - 1; i >= 0; i--) {
        twice(p, p);
        add_digit(p, odd, digits[i]);
    }
    t99_edwards_mul_base(&base, b);
    add(p, p, &base);
}

/* --- Bytes --- */

void t99_edwards_encode(uint8_t out[32], const struct t99_edwards *p)
{
    t99_fe x, y, inverse;
    uint8_t sign[32];

    t99_fe_invert(inverse, p->z);
    t99_fe_mul(x, p->x, inverse);
    t99_fe_mul(y, p->y, inverse);
    t99_fe_encode(out, y);
    t99_fe_encode(sign, x);
    out[31] = (uint8_t)(out[31] | (sign[0] & 1) << 7);
}

static bool is_equal(const t99_fe a, const t99_fe b)
{
    uint8_t x[32], y[32];

    t99_fe_encode(x, a);
    t99_fe_encode(y, b);
    return memcmp(x, y, 32) == 0;
}

/* x = sqrt((y^2 - 1) / (d y^2 + 1)): RFC 8032, 5.1.3. */
bool t99_edwards_decode(struct t99_edwards *p, const uint8_t in[32])
{
    t99_fe u, v, v3, root, check, zero, minus_u;
    uint8_t canonical[32], x[32];

    t99_fe_decode(p->y, in);
    t99_fe_encode(canonical, p->y);
    canonical[31] = (uint8_t)(canonical[31] | (in[31] & 0x80));
    if (memcmp(canonical, in, 32) != 0) {
        return false;
    }
    t99_fe_set(p->z, 1);
    t99_fe_square(u, p->y);
    t99_fe_mul(v, u, d);
    t99_fe_sub(u, u, p->z);
    t99_fe_add(v, v, p->z);
    t99_fe_square(v3, v);
    t99_fe_mul(v3, v3, v);
    t99_fe_square(root, v3);
    t99_fe_mul(root, root, v);
    t99_fe_mul(root, root, u); /* u v^7 */
    t99_fe_pow_p58(root, root);
    t99_fe_mul(root, root, v3);
    t99_fe_mul(root, root, u);
    t99_fe_square(check, root);
    t99_fe_mul(check, check, v);
    t99_fe_set(zero, 0);
    t99_fe_mul(u, u, p->z);
    t99_fe_sub(minus_u, zero, u);
    if (!is_equal(check, u)) {
        if (!is_equal(check, minus_u)) {
            return false;
        }
        t99_fe_mul(root, root, sqrt_m1);
    }
    t99_fe_encode(x, root);
    if ((x[0] & 1) != in[31] >> 7) {
        if (is_equal(root, zero)) {
            return false; /* minus zero */
        }
        t99_fe_sub(root, zero, root);
        t99_fe_mul(root, root, p->z);
    }
    t99_fe_copy(p->x, root);
    t99_fe_mul(p->t, p->x, p->y);
    return true;
}
