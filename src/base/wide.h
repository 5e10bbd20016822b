/* 64-bit limbs: products, sums and differences with carry. Constant time; no 128-bit type is needed. */
#ifndef T99_BASE_WIDE_H
#define T99_BASE_WIDE_H

#include <stdint.h>

#include "base/compiler.h"

/* 2^64 * *hi + result = a * b + c + d: never overflows. */
static inline uint64_t t99_mul_add2(uint64_t *hi, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
#if T99_INT128
    t99_u128 r = (t99_u128)a * b + c + d;

    *hi = (uint64_t)(r >> 64);
    return (uint64_t)r;
#else
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
    uint64_t mid = (p00 >> 32) + (uint32_t)p01 + (uint32_t)p10;
    uint64_t lo = mid << 32 | (uint32_t)p00;
    uint64_t top = p11 + (p01 >> 32) + (p10 >> 32) + (mid >> 32);

    lo += c;
    top += lo < c;
    lo += d;
    top += lo < d;
    *hi = top;
    return lo;
#endif
}

/* 2^64 * *carry + result = a + b + *carry; *carry is 0 or 1 before and after. */
static inline uint64_t t99_add_carry(uint64_t *carry, uint64_t a, uint64_t b)
{
    uint64_t s = a + b;
    uint64_t c = s < a;

    s += *carry;
    c |= s < *carry;
    *carry = c;
    return s;
}

/* result - 2^64 * *borrow = a - b - *borrow; *borrow is 0 or 1 before and after. */
static inline uint64_t t99_sub_borrow(uint64_t *borrow, uint64_t a, uint64_t b)
{
    uint64_t d = a - b;
    uint64_t c = a < b;
    uint64_t r = d - *borrow;

    c |= d < *borrow;
    *borrow = c;
    return r;
}

#endif
