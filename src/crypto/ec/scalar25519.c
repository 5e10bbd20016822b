#include "crypto/ec/scalar25519.h"

#include <string.h>

#include "base/bytes.h"
#include "base/ct.h"
#include "base/wide.h"
#include "base/wipe.h"

/* L = 2^252 + 27742317777372353535851937790883648493. */
static const uint64_t order[4] = { UINT64_C(0x5812631a5cf5d3ed), UINT64_C(0x14def9dea2f79cd6), 0,
                                   UINT64_C(0x1000000000000000) };

/* x = x - L where that does not go below zero; x: 5 words. */
static void subtract_order(uint64_t x[5])
{
    uint64_t diff[5], borrow = 0;
    ct_mask keep;
    int i;

    for (i = 0; i < 5; i++) {
        diff[i] = t99_sub_borrow(&borrow, x[i], i < 4 ? order[i] : 0);
    }
    keep = ct_bit(borrow);
    for (i = 0; i < 5; i++) {
        x[i] = ct_pick(keep, x[i], diff[i]);
    }
}

/* Bit by bit from the top: slow, but signatures need it three times only. 512 bits modulo L. */
static void reduce(uint64_t out[4], const uint64_t in[8])
{
    uint64_t x[5] = { 0, 0, 0, 0, 0 };
    int i, j;

    for (i = 511; i >= 0; i--) {
        for (j = 4; j > 0; j--) {
            x[j] = x[j] << 1 | x[j - 1] >> 63;
        }
        x[0] = x[0] << 1 | (in[i / 64] >> (i % 64) & 1);
        subtract_order(x);
    }
    memcpy(out, x, 4 * sizeof out[0]);
    t99_wipe(x, sizeof x);
}

static void load(uint64_t *x, const uint8_t *in, int words)
{
    int i;

    for (i = 0; i < words; i++) {
        x[i] = load_le64(in + 8 * i);
    }
}

static void store(uint8_t out[32], const uint64_t x[4])
{
    int i;

    for (i = 0; i < 4; i++) {
        store_le64(out + 8 * i, x[i]);
    }
}

void t99_scalar25519_reduce(uint8_t out[32], const uint8_t in[64])
{
    uint64_t x[8], r[4];

    load(x, in, 8);
    reduce(r, x);
    store(out, r);
    t99_wipe(x, sizeof x);
    t99_wipe(r, sizeof r);
}

void t99_scalar25519_mul_add(uint8_t out[32], const uint8_t a[32], const uint8_t b[32], const uint8_t c[32])
{
    uint64_t x[4], y[4], z[8], r[4], carry;
    int i, j;

    load(x, a, 4);
    load(y, b, 4);
    memset(z, 0, sizeof z);
    load(z, c, 4);
    for (i = 0; i < 4; i++) {
        carry = 0;
        for (j = 0; j < 4; j++) {
            z[i + j] = t99_mul_add2(&carry, x[i], y[j], z[i + j], carry);
        }
        for (j = i + 4; j < 8; j++) {
            z[j] = t99_mul_add2(&carry, 0, 0, z[j], carry);
        }
    }
    reduce(r, z);
    store(out, r);
    t99_wipe(x, sizeof x);
    t99_wipe(y, sizeof y);
    t99_wipe(z, sizeof z);
    t99_wipe(r, sizeof r);
}

bool t99_scalar25519_canonical(const uint8_t s[32])
{
    uint64_t x[4], borrow = 0;
    int i;

    load(x, s, 4);
    for (i = 0; i < 4; i++) {
        (void)t99_sub_borrow(&borrow, x[i], order[i]);
    }
    return ct_reveal(ct_bit(borrow));
}
