#include "crypto/ec/nist_field.h"

#include <string.h>

#include "base/wide.h"
#include "base/wipe.h"

#define WINDOW 4 /* bits of the exponent at a time */

ct_mask t99_field_is_zero(const struct t99_field *f, const uint64_t *x)
{
    uint64_t all = 0;
    size_t i;

    for (i = 0; i < f->limbs; i++) {
        all |= x[i];
    }
    return ct_is_zero(all);
}

void t99_field_pick(const struct t99_field *f, uint64_t *z, ct_mask mask, const uint64_t *x,
                    const uint64_t *y)
{
    size_t i;

    for (i = 0; i < f->limbs; i++) {
        z[i] = ct_pick(mask, x[i], y[i]);
    }
}

/* By Fermat: x ^ (modulus - 2). The exponent is public, so it may steer the program. */
void t99_field_invert(const struct t99_field *f, uint64_t *z, const uint64_t *x)
{
    uint64_t power[1 << WINDOW][T99_FIELD_LIMBS], acc[T99_FIELD_LIMBS], exponent[T99_FIELD_LIMBS];
    size_t size = f->limbs * sizeof acc[0], i;
    unsigned digit, j;

    memcpy(exponent, f->modulus, size);
    exponent[0] -= 2; /* no borrow: every modulus here ends in more than 1 */
    memcpy(power[0], f->one, size);
    for (i = 1; i < 1 << WINDOW; i++) {
        f->mul(power[i], power[i - 1], x);
    }
    memcpy(acc, f->one, size);
    for (i = (f->bits + WINDOW - 1) / WINDOW; i-- > 0;) {
        for (j = 0; j < WINDOW; j++) {
            f->sqr(acc, acc);
        }
        digit = (unsigned)(exponent[i * WINDOW / 64] >> i * WINDOW % 64) & ((1 << WINDOW) - 1);
        if (digit != 0) {
            f->mul(acc, acc, power[digit]);
        }
    }
    memcpy(z, acc, size);
    t99_wipe(power, sizeof power);
    t99_wipe(acc, sizeof acc);
}

void t99_field_load(const struct t99_field *f, uint64_t *z, const uint8_t *bytes, size_t num)
{
    size_t i;

    memset(z, 0, f->limbs * sizeof z[0]);
    for (i = 0; i < num; i++) {
        z[i / 8] |= (uint64_t)bytes[num - 1 - i] << 8 * (i % 8);
    }
}

ct_mask t99_field_in_range(const struct t99_field *f, const uint64_t *x)
{
    uint64_t borrow = 0;
    size_t i;

    for (i = 0; i < f->limbs; i++) {
        (void)t99_sub_borrow(&borrow, x[i], f->modulus[i]);
    }
    return ct_bit(borrow);
}

void t99_field_enter(const struct t99_field *f, uint64_t *z, const uint64_t *x)
{
    f->mul(z, x, f->r2);
}

void t99_field_leave(const struct t99_field *f, uint64_t *z, const uint64_t *x)
{
    static const uint64_t unit[T99_FIELD_LIMBS] = { 1 };

    f->mul(z, x, unit);
}

void t99_field_store(const struct t99_field *f, uint8_t *bytes, const uint64_t *x)
{
    uint64_t plain[T99_FIELD_LIMBS];
    size_t i;

    t99_field_leave(f, plain, x);
    for (i = 0; i < f->len; i++) {
        bytes[f->len - 1 - i] = (uint8_t)(plain[i / 8] >> 8 * (i % 8));
    }
    t99_wipe(plain, sizeof plain);
}
