#include "crypto/bignum/bignum.h"

#include <string.h>

#include "base/ct.h"
#include "base/wide.h"
#include "base/wipe.h"

/* --- Numbers --- */

size_t t99_bn_bits(struct t99_span bytes)
{
    size_t i = 0, bits;
    unsigned top;

    while (i < bytes.len && bytes.p[i] == 0) {
        i++;
    }
    if (i == bytes.len) {
        return 0;
    }
    bits = 8 * (bytes.len - i - 1);
    for (top = bytes.p[i]; top != 0; top >>= 1) {
        bits++;
    }
    return bits;
}

bool t99_bn_load(uint64_t *x, size_t len, struct t99_span bytes)
{
    unsigned spill = 0;
    size_t i;

    memset(x, 0, len * sizeof x[0]);
    for (i = 0; i < bytes.len; i++) {
        unsigned byte = bytes.p[bytes.len - 1 - i];

        if (i / 8 < len) {
            x[i / 8] |= (uint64_t)byte << 8 * (i % 8);
        } else {
            spill |= byte;
        }
    }
    return ct_reveal(ct_is_zero(spill));
}

void t99_bn_store(uint8_t *out, size_t out_len, const uint64_t *x, size_t len)
{
    size_t i;

    for (i = 0; i < out_len; i++) {
        uint64_t limb = i / 8 < len ? x[i / 8] : 0;

        out[out_len - 1 - i] = (uint8_t)(limb >> 8 * (i % 8));
    }
}

/* z = x - y; the borrow. */
static uint64_t subtract(uint64_t *z, const uint64_t *x, const uint64_t *y, size_t len)
{
    uint64_t borrow = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        z[i] = t99_sub_borrow(&borrow, x[i], y[i]);
    }
    return borrow;
}

static uint64_t add(uint64_t *z, const uint64_t *x, const uint64_t *y, size_t len)
{
    uint64_t carry = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        z[i] = t99_add_carry(&carry, x[i], y[i]);
    }
    return carry;
}

/* z = x where the mask is ones. */
static void pick(ct_mask mask, uint64_t *z, const uint64_t *x, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        z[i] = ct_pick(mask, x[i], z[i]);
    }
}

uint64_t t99_bn_below(const uint64_t *x, const uint64_t *y, size_t len)
{
    uint64_t borrow = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        (void)t99_sub_borrow(&borrow, x[i], y[i]);
    }
    return borrow;
}

void t99_bn_mul(uint64_t *z, const uint64_t *x, size_t x_len, const uint64_t *y, size_t y_len)
{
    size_t i, j;

    memset(z, 0, (x_len + y_len) * sizeof z[0]);
    for (i = 0; i < x_len; i++) {
        uint64_t carry = 0;

        for (j = 0; j < y_len; j++) {
            z[i + j] = t99_mul_add2(&carry, x[i], y[j], z[i + j], carry);
        }
        z[i + y_len] = carry;
    }
}

/* --- Modulo n --- */

/* z = t - n where that, with the bit above t, is not negative; t otherwise. */
static void reduce_once(uint64_t *z, const uint64_t *t, uint64_t top, const struct t99_modulus *m)
{
    uint64_t diff[T99_BN_MAX], borrow = subtract(diff, t, m->n, m->len);

    if (z != t) {
        memcpy(z, t, m->len * sizeof z[0]);
    }
    pick(~ct_bit(borrow) | ct_bit(top), z, diff, m->len);
}

void t99_mod_add(uint64_t *z, const uint64_t *x, const uint64_t *y, const struct t99_modulus *m)
{
    uint64_t carry = add(z, x, y, m->len);

    reduce_once(z, z, carry, m);
}

void t99_mod_sub(uint64_t *z, const uint64_t *x, const uint64_t *y, const struct t99_modulus *m)
{
    uint64_t back[T99_BN_MAX], borrow = subtract(z, x, y, m->len);

    (void)add(back, z, m->n, m->len);
    pick(ct_bit(borrow), z, back, m->len);
}

/* Row by row: t += x[i] y, then the multiple of n that clears t's lowest limb, which is dropped. */
void t99_mont_mul(uint64_t *z, const uint64_t *x, const uint64_t *y, const struct t99_modulus *m)
{
    uint64_t t[T99_BN_MAX + 1], top = 0, c1, c2, q, low;
    size_t len = m->len, i, j;

    memset(t, 0, (len + 1) * sizeof t[0]);
    for (i = 0; i < len; i++) {
        c1 = c2 = 0;
        low = t99_mul_add2(&c1, x[i], y[0], t[0], 0);
        q = low * m->n0;
        (void)t99_mul_add2(&c2, q, m->n[0], low, 0);
        for (j = 1; j < len; j++) {
            low = t99_mul_add2(&c1, x[i], y[j], t[j], c1);
            t[j - 1] = t99_mul_add2(&c2, q, m->n[j], low, c2);
        }
        low = 0;
        t[len - 1] = t99_add_carry(&low, top, c1);
        top = low;
        low = 0;
        t[len - 1] = t99_add_carry(&low, t[len - 1], c2);
        top += low;
    }
    reduce_once(z, t, top, m);
}

void t99_mont_enter(uint64_t *z, const uint64_t *x, const struct t99_modulus *m)
{
    t99_mont_mul(z, x, m->rr, m);
}

void t99_mont_leave(uint64_t *z, const uint64_t *x, const struct t99_modulus *m)
{
    uint64_t one[T99_BN_MAX];

    memset(one, 0, m->len * sizeof one[0]);
    one[0] = 1;
    t99_mont_mul(z, x, one, m);
}

/* Newton's iteration doubles the bits that are right; n n = 1 mod 8 gives three to begin with. */
static uint64_t negative_inverse(uint64_t n)
{
    uint64_t x = n;
    int i;

    for (i = 0; i < 5; i++) {
        x *= 2 - n * x;
    }
    return 0 - x;
}

static void twice(uint64_t *x, const struct t99_modulus *m)
{
    t99_mod_add(x, x, x, m);
}

/*
 * R mod n by doubling from the highest power of 2 below n; then 2^(64 len) in Montgomery form by squaring and
 * doubling.
 */
static void compute_rr(struct t99_modulus *m, size_t bits)
{
    size_t i, exponent = 64 * m->len, bit = (size_t)1 << 14;

    memset(m->rr, 0, m->len * sizeof m->rr[0]);
    m->rr[(bits - 1) / 64] = (uint64_t)1 << ((bits - 1) % 64);
    for (i = bits - 1; i < 64 * m->len; i++) {
        twice(m->rr, m);
    }
    while ((exponent & bit) == 0) {
        bit >>= 1;
    }
    twice(m->rr, m);
    for (bit >>= 1; bit != 0; bit >>= 1) {
        t99_mont_mul(m->rr, m->rr, m->rr, m);
        if ((exponent & bit) != 0) {
            twice(m->rr, m);
        }
    }
}

bool t99_modulus_init(struct t99_modulus *m, struct t99_span n)
{
    size_t bits = t99_bn_bits(n);

    if (bits < 2 || bits > 64 * T99_BN_MAX || (n.p[n.len - 1] & 1) == 0) {
        return false;
    }
    m->len = (bits + 63) / 64;
    if (!t99_bn_load(m->n, m->len, n)) {
        return false;
    }
    m->n0 = negative_inverse(m->n[0]);
    compute_rr(m, bits);
    return true;
}

void t99_mont_exp_public(uint64_t *z, const uint64_t *x, uint64_t e, const struct t99_modulus *m)
{
    uint64_t base[T99_BN_MAX], bit = UINT64_C(1) << 63;

    memcpy(base, x, m->len * sizeof base[0]);
    while ((e & bit) == 0) {
        bit >>= 1;
    }
    if (z != x) {
        memcpy(z, x, m->len * sizeof z[0]);
    }
    for (bit >>= 1; bit != 0; bit >>= 1) {
        t99_mont_mul(z, z, z, m);
        if ((e & bit) != 0) {
            t99_mont_mul(z, z, base, m);
        }
    }
}

#define WINDOW 5

/* z = table[index]; all entries are read. */
static void look_up(uint64_t *z, const uint64_t *table, uint64_t index, size_t len)
{
    size_t i;

    memset(z, 0, len * sizeof z[0]);
    for (i = 0; i < (size_t)1 << WINDOW; i++) {
        pick(ct_eq(index, i), z, table + i * len, len);
    }
}

/* WINDOW bits of e from bit `at` on. */
static uint64_t window_at(const uint64_t *e, size_t len, size_t at)
{
    uint64_t v = e[at / 64] >> (at % 64);

    if (at % 64 > 64 - WINDOW && at / 64 + 1 < len) {
        v |= e[at / 64 + 1] << (64 - at % 64);
    }
    return v & (((uint64_t)1 << WINDOW) - 1);
}

void t99_mont_exp(uint64_t *z, const uint64_t *x, const uint64_t *e, size_t len, const struct t99_modulus *m)
{
    uint64_t table[((size_t)1 << WINDOW) * T99_BN_MAX], entry[T99_BN_MAX];
    size_t i, at = (64 * len + WINDOW - 1) / WINDOW * WINDOW;
    int j;

    memset(entry, 0, m->len * sizeof entry[0]);
    entry[0] = 1;
    t99_mont_enter(table, entry, m);
    for (i = 1; i < (size_t)1 << WINDOW; i++) {
        t99_mont_mul(table + i * m->len, table + (i - 1) * m->len, x, m);
    }
    memcpy(z, table, m->len * sizeof z[0]);
    while (at > 0) {
        at -= WINDOW;
        for (j = 0; j < WINDOW; j++) {
            t99_mont_mul(z, z, z, m);
        }
        look_up(entry, table, window_at(e, len, at), m->len);
        t99_mont_mul(z, z, entry, m);
    }
    t99_wipe(table, sizeof table);
    t99_wipe(entry, sizeof entry);
}

/* Horner in pieces as long as the modulus. */
void t99_mont_reduce_long(uint64_t *z, const uint64_t *x, size_t x_len, const struct t99_modulus *m)
{
    size_t pieces = (x_len + m->len - 1) / m->len, i, from, n;
    uint64_t piece[T99_BN_MAX], sum[T99_BN_MAX];

    memset(sum, 0, m->len * sizeof sum[0]);
    for (i = pieces; i > 0; i--) {
        from = (i - 1) * m->len;
        n = x_len - from < m->len ? x_len - from : m->len;
        memset(piece, 0, m->len * sizeof piece[0]);
        memcpy(piece, x + from, n * sizeof piece[0]);
        t99_mont_enter(piece, piece, m);
        t99_mont_enter(sum, sum, m); /* times R, in Montgomery form */
        t99_mod_add(sum, sum, piece, m);
    }
    memcpy(z, sum, m->len * sizeof z[0]);
    t99_wipe(piece, sizeof piece);
    t99_wipe(sum, sizeof sum);
}

/* --- Inverse: binary Euclid, variable time --- */

static void halve(uint64_t *x, uint64_t top, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        x[i] = x[i] >> 1 | (i + 1 < len ? x[i + 1] : top) << 63;
    }
}

static bool is_one(const uint64_t *x, size_t len)
{
    size_t i;

    for (i = 1; i < len; i++) {
        if (x[i] != 0) {
            return false;
        }
    }
    return x[0] == 1;
}

static bool is_zero(const uint64_t *x, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (x[i] != 0) {
            return false;
        }
    }
    return true;
}

/* While a is even: a / 2, and its factor x / 2 mod n. */
static void make_odd(uint64_t *a, uint64_t *x, const struct t99_modulus *m)
{
    while ((a[0] & 1) == 0) {
        uint64_t carry = 0;

        halve(a, 0, m->len);
        if ((x[0] & 1) != 0) {
            carry = add(x, x, m->n, m->len);
        }
        halve(x, carry, m->len);
    }
}

bool t99_mod_invert_variable(uint64_t *z, const uint64_t *x, const struct t99_modulus *m)
{
    uint64_t a[T99_BN_MAX], b[T99_BN_MAX], u[T99_BN_MAX], v[T99_BN_MAX];
    size_t size = m->len * sizeof a[0];

    memcpy(a, x, size);
    memcpy(b, m->n, size);
    memset(u, 0, size);
    memset(v, 0, size);
    u[0] = 1;
    if (is_zero(a, m->len)) {
        return false;
    }
    for (;;) { /* a = u x, b = v x mod n */
        make_odd(a, u, m);
        make_odd(b, v, m);
        if (is_one(a, m->len)) {
            memcpy(z, u, size);
            return true;
        }
        if (is_one(b, m->len)) {
            memcpy(z, v, size);
            return true;
        }
        if (t99_bn_below(a, b, m->len) != 0) {
            (void)subtract(b, b, a, m->len);
            t99_mod_sub(v, v, u, m);
        } else {
            (void)subtract(a, a, b, m->len);
            t99_mod_sub(u, u, v, m);
        }
        if (is_zero(a, m->len) || is_zero(b, m->len)) {
            return false;
        }
    }
}
