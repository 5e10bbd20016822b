#include "crypto/ec/nist_field.h"

#include <string.h>

#include "base/wide.h"
#include "base/wipe.h"

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
