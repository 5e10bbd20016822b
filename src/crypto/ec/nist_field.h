/*
 * Arithmetic modulo the primes of the NIST curves, and modulo the orders of their groups.
 *
 * An element is `limbs` 64-bit words, least first, always below the modulus. It stands for the value times R,
 * where R is 2^(64 * limbs), Montgomery's form, or 1 where the modulus reduces more easily without it.
 * Everything here is constant time: it depends on the field alone, not on the elements.
 */
#ifndef T99_CRYPTO_EC_NIST_FIELD_H
#define T99_CRYPTO_EC_NIST_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ct.h"

#define T99_FIELD_LIMBS 9 /* of the largest: 521 bits */

/* Results may take the place of operands. */
struct t99_field {
    const char *name;        /* of this way of computing: "portable" */
    bool (*supported)(void); /* by this CPU; NULL: by every one */
    size_t limbs;
    size_t len;    /* of an encoded element, bytes */
    unsigned bits; /* of the modulus */
    /* z = x * y / R. With Montgomery's form, x may be any `limbs` words. */
    void (*mul)(uint64_t *z, const uint64_t *x, const uint64_t *y);
    void (*sqr)(uint64_t *z, const uint64_t *x);
    void (*add)(uint64_t *z, const uint64_t *x, const uint64_t *y);
    void (*sub)(uint64_t *z, const uint64_t *x, const uint64_t *y);
    void (*half)(uint64_t *z, const uint64_t *x); /* z = x / 2 */
    uint64_t modulus[T99_FIELD_LIMBS];
    uint64_t one[T99_FIELD_LIMBS]; /* R */
    uint64_t r2[T99_FIELD_LIMBS];  /* R^2 */
};

/* Ones if x is 0. */
ct_mask t99_field_is_zero(const struct t99_field *f, const uint64_t *x);

/* z = x where the mask is ones, else y. */
void t99_field_pick(const struct t99_field *f, uint64_t *z, ct_mask mask, const uint64_t *x,
                    const uint64_t *y);

/* z = x ^ -1; 0 for 0. */
void t99_field_invert(const struct t99_field *f, uint64_t *z, const uint64_t *x);

/*
 * The words of a big-endian integer of num bytes, at most those that `limbs` words hold; not reduced, not
 * times R.
 */
void t99_field_load(const struct t99_field *f, uint64_t *z, const uint8_t *bytes, size_t num);

/* Ones if the words are an integer below the modulus. */
ct_mask t99_field_in_range(const struct t99_field *f, const uint64_t *x);

/* z = x * R: from an integer of `limbs` words (reduced on the way) to an element. */
void t99_field_enter(const struct t99_field *f, uint64_t *z, const uint64_t *x);

/* z = x / R: from an element to an integer below the modulus. */
void t99_field_leave(const struct t99_field *f, uint64_t *z, const uint64_t *x);

/* The element as a big-endian integer of len bytes. */
void t99_field_store(const struct t99_field *f, uint8_t *bytes, const uint64_t *x);

#endif
