/*
 * The field of P-256 on x86-64: MULX leaves the flags alone, so that carries run through whole rows of ADC.
 */
#include "base/compiler.h"
#include "crypto/cpu.h"
#include "crypto/ec/p256_field.h"

#if T99_X86

#include <immintrin.h>

#define P0 T99_P256_P0
#define P1 T99_P256_P1
#define P2 T99_P256_P2
#define P3 T99_P256_P3

typedef unsigned long long word; /* as the intrinsics have it */

static bool supported(void)
{
    return (t99_cpu() & T99_CPU_BMI2) != 0;
}

/*
 * Word by word, for the next multiplication waits for them: volatile keeps GCC from packing two into one
 * store.
 */
static inline void put(volatile uint64_t *z, word t0, word t1, word t2, word t3)
{
    z[0] = t0;
    z[1] = t1;
    z[2] = t2;
    z[3] = t3;
}

/* z = t, plus p where the mask is ones. */
static inline void put_plus(uint64_t *z, word t0, word t1, word t2, word t3, ct_mask mask)
{
    unsigned char carry;

    carry = _addcarry_u64(0, t0, P0 & mask, &t0);
    carry = _addcarry_u64(carry, t1, P1 & mask, &t1);
    carry = _addcarry_u64(carry, t2, P2 & mask, &t2);
    (void)_addcarry_u64(carry, t3, P3 & mask, &t3);
    put(z, t0, t1, t2, t3);
}

/* z = t - p if that is not negative, else t. */
static inline void reduce_once(uint64_t *z, word t0, word t1, word t2, word t3, word t4)
{
    word s0, s1, s2, s3;
    unsigned char borrow;
    ct_mask below;

    borrow = _subborrow_u64(0, t0, P0, &s0);
    borrow = _subborrow_u64(borrow, t1, P1, &s1);
    borrow = _subborrow_u64(borrow, t2, P2, &s2);
    borrow = _subborrow_u64(borrow, t3, P3, &s3);
    borrow = _subborrow_u64(borrow, t4, 0, &t4);
    below = ct_bit(borrow);
    put(z, ct_pick(below, t0, s0), ct_pick(below, t1, s1), ct_pick(below, t2, s2), ct_pick(below, t3, s3));
}

/* r = x * y, five words. */
T99_TARGET("bmi2") static inline void mul_word(word r[5], uint64_t x, const uint64_t *y)
{
    word low1, low2, low3, high0, high1, high2, high3;
    unsigned char carry;

    r[0] = _mulx_u64(x, y[0], &high0);
    low1 = _mulx_u64(x, y[1], &high1);
    low2 = _mulx_u64(x, y[2], &high2);
    low3 = _mulx_u64(x, y[3], &high3);
    carry = _addcarry_u64(0, low1, high0, &r[1]);
    carry = _addcarry_u64(carry, low2, high1, &r[2]);
    carry = _addcarry_u64(carry, low3, high2, &r[3]);
    (void)_addcarry_u64(carry, high3, 0, &r[4]);
}

/* t = t / 2^64 after t[0] * p made it divisible: see reduce_word() of p256_field.c. top: the sixth word. */
T99_TARGET("bmi2") static inline void reduce_word(word t[5], word top)
{
    word m = t[0], low, high;
    unsigned char carry;

    low = _mulx_u64(m, P3, &high);
    carry = _addcarry_u64(0, t[1], m << 32, &t[0]);
    carry = _addcarry_u64(carry, t[2], m >> 32, &t[1]);
    carry = _addcarry_u64(carry, t[3], low, &t[2]);
    carry = _addcarry_u64(carry, t[4], high, &t[3]);
    (void)_addcarry_u64(carry, top, 0, &t[4]);
}

/* t = (t + x * y) / 2^64, by the above. */
T99_TARGET("bmi2") static inline void mul_row(word t[5], uint64_t x, const uint64_t *y)
{
    word r[5], top;
    unsigned char carry;

    mul_word(r, x, y);
    carry = _addcarry_u64(0, t[0], r[0], &t[0]);
    carry = _addcarry_u64(carry, t[1], r[1], &t[1]);
    carry = _addcarry_u64(carry, t[2], r[2], &t[2]);
    carry = _addcarry_u64(carry, t[3], r[3], &t[3]);
    carry = _addcarry_u64(carry, t[4], r[4], &t[4]);
    (void)_addcarry_u64(carry, 0, 0, &top);
    reduce_word(t, top);
}

T99_TARGET("bmi2") static void mul(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    word t[5];

    mul_word(t, x[0], y);
    reduce_word(t, 0);
    mul_row(t, x[1], y);
    mul_row(t, x[2], y);
    mul_row(t, x[3], y);
    reduce_once(z, t[0], t[1], t[2], t[3], t[4]);
}

/* The products of unlike words of x, once: words 1 to 6 of the square, in low and high. */
T99_TARGET("bmi2") static inline void square_unlike(word low[4], word high[4], const uint64_t *x)
{
    word a, b, c, d, a_high, c_high, d_high;
    unsigned char carry;

    low[1] = _mulx_u64(x[0], x[1], &a_high);
    a = _mulx_u64(x[0], x[2], &low[3]);
    b = _mulx_u64(x[0], x[3], &high[0]);
    carry = _addcarry_u64(0, a, a_high, &low[2]);
    carry = _addcarry_u64(carry, low[3], b, &low[3]);
    (void)_addcarry_u64(carry, high[0], 0, &high[0]);
    c = _mulx_u64(x[1], x[2], &c_high);
    d = _mulx_u64(x[1], x[3], &d_high);
    b = _mulx_u64(x[2], x[3], &high[2]);
    carry = _addcarry_u64(0, d, c_high, &d);
    (void)_addcarry_u64(carry, d_high, 0, &d_high);
    carry = _addcarry_u64(0, low[3], c, &low[3]);
    carry = _addcarry_u64(carry, high[0], d, &high[0]);
    carry = _addcarry_u64(carry, d_high, b, &high[1]);
    (void)_addcarry_u64(carry, high[2], 0, &high[2]);
}

/* Those doubled, and the products of like words added. */
T99_TARGET("bmi2") static inline void square(word low[4], word high[4], const uint64_t *x)
{
    word a, b, c, a_high, b_high, c_high, first_high;
    unsigned char carry;

    square_unlike(low, high, x);
    carry = _addcarry_u64(0, low[1], low[1], &low[1]);
    carry = _addcarry_u64(carry, low[2], low[2], &low[2]);
    carry = _addcarry_u64(carry, low[3], low[3], &low[3]);
    carry = _addcarry_u64(carry, high[0], high[0], &high[0]);
    carry = _addcarry_u64(carry, high[1], high[1], &high[1]);
    carry = _addcarry_u64(carry, high[2], high[2], &high[2]);
    (void)_addcarry_u64(carry, 0, 0, &high[3]);
    low[0] = _mulx_u64(x[0], x[0], &first_high);
    a = _mulx_u64(x[1], x[1], &a_high);
    b = _mulx_u64(x[2], x[2], &b_high);
    c = _mulx_u64(x[3], x[3], &c_high);
    carry = _addcarry_u64(0, low[1], first_high, &low[1]);
    carry = _addcarry_u64(carry, low[2], a, &low[2]);
    carry = _addcarry_u64(carry, low[3], a_high, &low[3]);
    carry = _addcarry_u64(carry, high[0], b, &high[0]);
    carry = _addcarry_u64(carry, high[1], b_high, &high[1]);
    carry = _addcarry_u64(carry, high[2], c, &high[2]);
    (void)_addcarry_u64(carry, high[3], c_high, &high[3]);
}

/* reduce_word() of four words: no carry leaves them. */
T99_TARGET("bmi2") static inline void reduce_low(word t[4])
{
    word m = t[0], low, high;
    unsigned char carry;

    low = _mulx_u64(m, P3, &high);
    carry = _addcarry_u64(0, t[1], m << 32, &t[0]);
    carry = _addcarry_u64(carry, t[2], m >> 32, &t[1]);
    carry = _addcarry_u64(carry, t[3], low, &t[2]);
    (void)_addcarry_u64(carry, high, 0, &t[3]);
}

T99_TARGET("bmi2") static void sqr(uint64_t *z, const uint64_t *x)
{
    word low[4], high[4], top;
    unsigned char carry;

    square(low, high, x);
    reduce_low(low);
    reduce_low(low);
    reduce_low(low);
    reduce_low(low);
    carry = _addcarry_u64(0, low[0], high[0], &low[0]);
    carry = _addcarry_u64(carry, low[1], high[1], &low[1]);
    carry = _addcarry_u64(carry, low[2], high[2], &low[2]);
    carry = _addcarry_u64(carry, low[3], high[3], &low[3]);
    (void)_addcarry_u64(carry, 0, 0, &top);
    reduce_once(z, low[0], low[1], low[2], low[3], top);
}

static void add(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    word t0, t1, t2, t3, t4;
    unsigned char carry;

    carry = _addcarry_u64(0, x[0], y[0], &t0);
    carry = _addcarry_u64(carry, x[1], y[1], &t1);
    carry = _addcarry_u64(carry, x[2], y[2], &t2);
    carry = _addcarry_u64(carry, x[3], y[3], &t3);
    (void)_addcarry_u64(carry, 0, 0, &t4);
    carry = _subborrow_u64(0, t0, P0, &t0);
    carry = _subborrow_u64(carry, t1, P1, &t1);
    carry = _subborrow_u64(carry, t2, P2, &t2);
    carry = _subborrow_u64(carry, t3, P3, &t3);
    carry = _subborrow_u64(carry, t4, 0, &t4);
    put_plus(z, t0, t1, t2, t3, ct_bit(carry));
}

static void sub(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    word t0, t1, t2, t3;
    unsigned char carry;

    carry = _subborrow_u64(0, x[0], y[0], &t0);
    carry = _subborrow_u64(carry, x[1], y[1], &t1);
    carry = _subborrow_u64(carry, x[2], y[2], &t2);
    carry = _subborrow_u64(carry, x[3], y[3], &t3);
    put_plus(z, t0, t1, t2, t3, ct_bit(carry));
}

static void half(uint64_t *z, const uint64_t *x)
{
    word t0, t1, t2, t3, top;
    unsigned char carry;
    ct_mask odd = ct_bit(x[0] & 1);

    carry = _addcarry_u64(0, x[0], P0 & odd, &t0);
    carry = _addcarry_u64(carry, x[1], P1 & odd, &t1);
    carry = _addcarry_u64(carry, x[2], P2 & odd, &t2);
    carry = _addcarry_u64(carry, x[3], P3 & odd, &t3);
    (void)_addcarry_u64(carry, 0, 0, &top);
    put(z, t0 >> 1 | t1 << 63, t1 >> 1 | t2 << 63, t2 >> 1 | t3 << 63, t3 >> 1 | top << 63);
}

#else

static bool supported(void)
{
    return false;
}

static void mul(uint64_t *z, const uint64_t *x, const uint64_t *y)
{
    (void)z;
    (void)x;
    (void)y;
}

static void sqr(uint64_t *z, const uint64_t *x)
{
    (void)z;
    (void)x;
}

#define add mul
#define sub mul
#define half sqr

#endif

const struct t99_field t99_p256_field_x86 = { "mulx", supported,         4, 32, 256, mul, sqr, add, sub,
                                              half,   T99_P256_CONSTANTS };
