#include "crypto/ec/field25519.h"

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/wide.h"

#define M51 ((UINT64_C(1) << 51) - 1)

#if T99_INT128
typedef t99_u128 wide;

#define MUL(x, y) ((t99_u128)(x) * (y))
#define ADD_MUL(acc, x, y) ((acc) += (t99_u128)(x) * (y))
#define ADD(acc, v) ((acc) += (v))
#define LOW51(acc) ((uint64_t)(acc)&M51)
#define HIGH51(acc) ((uint64_t)((acc) >> 51))
#else
typedef struct {
    uint64_t high, low;
} wide;

static inline wide wide_mul_add(wide acc, uint64_t x, uint64_t y)
{
    uint64_t high = 0, low = t99_mul_add2(&high, x, y, acc.low, 0);

    acc.low = low;
    acc.high += high;
    return acc;
}

static inline wide wide_zero(void)
{
    wide w = { 0, 0 };

    return w;
}

#define MUL(x, y) wide_mul_add(wide_zero(), x, y)
#define ADD_MUL(acc, x, y) ((acc) = wide_mul_add(acc, x, y))
#define ADD(acc, v) ((acc) = wide_mul_add(acc, v, 1))
#define LOW51(acc) ((acc).low & M51)
#define HIGH51(acc) ((acc).low >> 51 | (acc).high << 13)
#endif

static inline void carry(t99_fe z, wide r0, wide r1, wide r2, wide r3, wide r4)
{
    ADD(r1, HIGH51(r0));
    ADD(r2, HIGH51(r1));
    ADD(r3, HIGH51(r2));
    ADD(r4, HIGH51(r3));
    z[1] = LOW51(r1);
    z[2] = LOW51(r2);
    z[3] = LOW51(r3);
    z[4] = LOW51(r4);
    z[0] = LOW51(r0) + 19 * HIGH51(r4);
    z[1] += z[0] >> 51;
    z[0] &= M51;
}

void t99_fe_mul(t99_fe z, const t99_fe x, const t99_fe y)
{
    uint64_t x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], x4 = x[4];
    uint64_t y0 = y[0], y1 = y[1], y2 = y[2], y3 = y[3], y4 = y[4];
    uint64_t u1 = 19 * y1, u2 = 19 * y2, u3 = 19 * y3, u4 = 19 * y4; /* 2^255 = 19 */
    wide r0 = MUL(x0, y0), r1 = MUL(x0, y1), r2 = MUL(x0, y2), r3 = MUL(x0, y3), r4 = MUL(x0, y4);

    ADD_MUL(r0, x1, u4);
    ADD_MUL(r1, x1, y0);
    ADD_MUL(r2, x1, y1);
    ADD_MUL(r3, x1, y2);
    ADD_MUL(r4, x1, y3);
    ADD_MUL(r0, x2, u3);
    ADD_MUL(r1, x2, u4);
    ADD_MUL(r2, x2, y0);
    ADD_MUL(r3, x2, y1);
    ADD_MUL(r4, x2, y2);
    ADD_MUL(r0, x3, u2);
    ADD_MUL(r1, x3, u3);
    ADD_MUL(r2, x3, u4);
    ADD_MUL(r3, x3, y0);
    ADD_MUL(r4, x3, y1);
    ADD_MUL(r0, x4, u1);
    ADD_MUL(r1, x4, u2);
    ADD_MUL(r2, x4, u3);
    ADD_MUL(r3, x4, u4);
    ADD_MUL(r4, x4, y0);
    carry(z, r0, r1, r2, r3, r4);
}

void t99_fe_square(t99_fe z, const t99_fe x)
{
    uint64_t x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], x4 = x[4];
    uint64_t d0 = 2 * x0, d1 = 2 * x1, d2 = 2 * x2, d3 = 2 * x3, u3 = 19 * x3, u4 = 19 * x4;
    wide r0 = MUL(x0, x0), r1 = MUL(d0, x1), r2 = MUL(d0, x2), r3 = MUL(d0, x3), r4 = MUL(d0, x4);

    ADD_MUL(r0, d1, u4);
    ADD_MUL(r0, d2, u3);
    ADD_MUL(r1, d2, u4);
    ADD_MUL(r1, x3, u3);
    ADD_MUL(r2, x1, x1);
    ADD_MUL(r2, d3, u4);
    ADD_MUL(r3, d1, x2);
    ADD_MUL(r3, x4, u4);
    ADD_MUL(r4, d1, x3);
    ADD_MUL(r4, x2, x2);
    carry(z, r0, r1, r2, r3, r4);
}

void t99_fe_square_n(t99_fe z, const t99_fe x, int n)
{
    t99_fe_square(z, x);
    while (--n > 0) {
        t99_fe_square(z, z);
    }
}

void t99_fe_mul_small(t99_fe z, const t99_fe x, uint32_t small)
{
    carry(z, MUL(x[0], small), MUL(x[1], small), MUL(x[2], small), MUL(x[3], small), MUL(x[4], small));
}

/* x^(2^250 - 1), and x^11 on the way. */
static void pow_2_250(t99_fe z, t99_fe x11, const t99_fe x)
{
    t99_fe a, b, c;

    t99_fe_square(a, x);      /* 2 */
    t99_fe_square_n(b, a, 2); /* 8 */
    t99_fe_mul(b, b, x);      /* 9 */
    t99_fe_mul(x11, b, a);    /* 11 */
    t99_fe_square(a, x11);    /* 22 */
    t99_fe_mul(b, a, b);      /* 2^5 - 1 */
    t99_fe_square_n(a, b, 5);
    t99_fe_mul(b, a, b); /* 2^10 - 1 */
    t99_fe_square_n(a, b, 10);
    t99_fe_mul(c, a, b); /* 2^20 - 1 */
    t99_fe_square_n(a, c, 20);
    t99_fe_mul(a, a, c); /* 2^40 - 1 */
    t99_fe_square_n(a, a, 10);
    t99_fe_mul(b, a, b); /* 2^50 - 1 */
    t99_fe_square_n(a, b, 50);
    t99_fe_mul(c, a, b); /* 2^100 - 1 */
    t99_fe_square_n(a, c, 100);
    t99_fe_mul(a, a, c); /* 2^200 - 1 */
    t99_fe_square_n(a, a, 50);
    t99_fe_mul(z, a, b); /* 2^250 - 1 */
}

void t99_fe_invert(t99_fe z, const t99_fe x)
{
    t99_fe a, x11;

    pow_2_250(a, x11, x);
    t99_fe_square_n(a, a, 5);
    t99_fe_mul(z, a, x11); /* 2^255 - 21 */
}

void t99_fe_pow_p58(t99_fe z, const t99_fe x)
{
    t99_fe a, x11, base;

    t99_fe_copy(base, x);
    pow_2_250(a, x11, base);
    t99_fe_square_n(a, a, 2);
    t99_fe_mul(z, a, base); /* 2^252 - 3 */
}

void t99_fe_decode(t99_fe z, const uint8_t in[32])
{
    uint64_t a = load_le64(in), b = load_le64(in + 8), c = load_le64(in + 16), d = load_le64(in + 24);

    z[0] = a & M51;
    z[1] = (a >> 51 | b << 13) & M51;
    z[2] = (b >> 38 | c << 26) & M51;
    z[3] = (c >> 25 | d << 39) & M51;
    z[4] = d >> 12 & M51;
}

void t99_fe_encode(uint8_t out[32], const t99_fe x)
{
    uint64_t z[5], q, c = 0;
    int i, round;

    t99_fe_copy(z, x);
    for (round = 0; round < 2; round++) {
        for (i = 0; i < 5; i++) {
            z[i] += c;
            c = z[i] >> 51;
            z[i] &= M51;
        }
        c *= 19;
    }
    z[0] += c;
    /* now below 2^255 + small; subtract p once if it fits, found by adding 19 and looking at bit 255 */
    q = (z[0] + 19) >> 51;
    for (i = 1; i < 5; i++) {
        q = (z[i] + q) >> 51;
    }
    z[0] += 19 * q;
    c = 0;
    for (i = 0; i < 5; i++) {
        z[i] += c;
        c = z[i] >> 51;
        z[i] &= M51;
    }
    store_le64(out, z[0] | z[1] << 51);
    store_le64(out + 8, z[1] >> 13 | z[2] << 38);
    store_le64(out + 16, z[2] >> 26 | z[3] << 25);
    store_le64(out + 24, z[3] >> 39 | z[4] << 12);
}
