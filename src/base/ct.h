/*
 * Constant time: masks made of secrets, and what may be done with them.
 *
 * A mask is all ones or all zeros. Only the functions here make one, and each passes through a volatile zero
 * so that no compiler turns it back into a branch. ct_reveal() is the one way from a mask to a condition: it
 * says that the answer (not the data behind it) may be public.
 */
#ifndef T99_BASE_CT_H
#define T99_BASE_CT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

typedef uint64_t ct_mask;

extern volatile const uint64_t t99_ct_zero;

/* x, of which the compiler knows nothing any more. */
static inline uint64_t ct_hide(uint64_t x)
{
    return x ^ t99_ct_zero;
}

/* From a bit: 1 gives all ones, 0 all zeros. */
static inline ct_mask ct_bit(uint64_t bit)
{
    return 0 - ct_hide(bit & 1);
}

static inline ct_mask ct_is_zero(uint64_t x)
{
    return ct_bit((~x & (x - 1)) >> 63);
}

static inline ct_mask ct_eq(uint64_t a, uint64_t b)
{
    return ct_is_zero(a ^ b);
}

static inline ct_mask ct_lt(uint64_t a, uint64_t b)
{
    return ct_bit((a ^ ((a ^ b) | ((a - b) ^ b))) >> 63);
}

/* a where the mask is ones, else b. */
static inline uint64_t ct_pick(ct_mask mask, uint64_t a, uint64_t b)
{
    return b ^ (mask & (a ^ b));
}

/* The mask becomes a condition: its value is public from here on. */
static inline bool ct_reveal(ct_mask mask)
{
    T99_DECLASSIFY(&mask, sizeof mask);
    return mask != 0;
}

/* Ones if the len bytes at a and b are the same. */
ct_mask t99_ct_equal(const void *a, const void *b, size_t len);

/* out = a where the mask is ones, else b; len bytes each; out may be a or b. */
void t99_ct_select(void *out, ct_mask mask, const void *a, const void *b, size_t len);

/* Swaps the len bytes at a and b where the mask is ones. */
void t99_ct_swap(ct_mask mask, void *a, void *b, size_t len);

#endif
