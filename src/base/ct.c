#include "base/ct.h"

volatile const uint64_t t99_ct_zero = 0;

ct_mask t99_ct_equal(const void *a, const void *b, size_t len)
{
    const uint8_t *x = (const uint8_t *)a, *y = (const uint8_t *)b;
    uint64_t diff = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        diff |= (uint64_t)(x[i] ^ y[i]);
    }
    return ct_is_zero(diff);
}

void t99_ct_select(void *out, ct_mask mask, const void *a, const void *b, size_t len)
{
    const uint8_t *x = (const uint8_t *)a, *y = (const uint8_t *)b;
    uint8_t *z = (uint8_t *)out;
    uint8_t m = (uint8_t)mask;
    size_t i;

    for (i = 0; i < len; i++) {
        z[i] = (uint8_t)(y[i] ^ (m & (x[i] ^ y[i])));
    }
}

void t99_ct_swap(ct_mask mask, void *a, void *b, size_t len)
{
    uint8_t *x = (uint8_t *)a, *y = (uint8_t *)b;
    uint8_t m = (uint8_t)mask;
    size_t i;

    for (i = 0; i < len; i++) {
        uint8_t t = (uint8_t)(m & (x[i] ^ y[i]));

        x[i] ^= t;
        y[i] ^= t;
    }
}
