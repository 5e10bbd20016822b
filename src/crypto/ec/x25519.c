#include "crypto/ec/x25519.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/ec/edwards25519.h"
#include "crypto/ec/field25519.h"

#define A24 121665 /* (486662 - 2) / 4: RFC 7748, 5 */

/* One step of the ladder: RFC 7748, 5, with its names. */
static void ladder_step(const t99_fe x1, t99_fe x2, t99_fe z2, t99_fe x3, t99_fe z3)
{
    t99_fe a, aa, b, bb, e, c, d, da, cb;

    t99_fe_add(a, x2, z2);
    t99_fe_square(aa, a);
    t99_fe_sub(b, x2, z2);
    t99_fe_square(bb, b);
    t99_fe_sub(e, aa, bb);
    t99_fe_add(c, x3, z3);
    t99_fe_sub(d, x3, z3);
    t99_fe_mul(da, d, a);
    t99_fe_mul(cb, c, b);
    t99_fe_add(x3, da, cb);
    t99_fe_square(x3, x3);
    t99_fe_sub(z3, da, cb);
    t99_fe_square(z3, z3);
    t99_fe_mul(z3, z3, x1);
    t99_fe_mul(x2, aa, bb);
    t99_fe_mul_small(z2, e, A24);
    t99_fe_add(z2, z2, aa);
    t99_fe_mul(z2, z2, e);
}

static void clamp(uint8_t e[32], const uint8_t scalar[32])
{
    memcpy(e, scalar, 32);
    e[0] &= 248;
    e[31] &= 127;
    e[31] |= 64;
}

bool t99_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t u[32])
{
    static const uint8_t zero[32];
    t99_fe x1, x2, z2, x3, z3;
    uint8_t e[32];
    uint64_t swap = 0, bit;
    int i;

    clamp(e, scalar);
    t99_fe_decode(x1, u);
    t99_fe_set(x2, 1);
    t99_fe_set(z2, 0);
    t99_fe_copy(x3, x1);
    t99_fe_set(z3, 1);
    for (i = 254; i >= 0; i--) {
        bit = (uint64_t)(e[i / 8] >> (i % 8)) & 1;
        t99_fe_swap(ct_bit(swap ^ bit), x2, x3);
        t99_fe_swap(ct_bit(swap ^ bit), z2, z3);
        swap = bit;
        ladder_step(x1, x2, z2, x3, z3);
    }
    t99_fe_swap(ct_bit(swap), x2, x3);
    t99_fe_swap(ct_bit(swap), z2, z3);
    t99_fe_invert(z2, z2);
    t99_fe_mul(x2, x2, z2);
    t99_fe_encode(out, x2);
    t99_wipe(e, sizeof e);
    t99_wipe(x2, sizeof x2);
    t99_wipe(z2, sizeof z2);
    t99_wipe(x3, sizeof x3);
    t99_wipe(z3, sizeof z3);
    return !ct_reveal(t99_ct_equal(out, zero, sizeof zero));
}

/*
 * On the Edwards curve, whose multiples of the base point come out of a table: u = (Z + Y) / (Z - Y), RFC
 * 7748, 4.1.
 */
void t99_x25519_public(uint8_t out[32], const uint8_t scalar[32])
{
    struct t99_edwards p;
    t99_fe above, below;
    uint8_t e[32];

    clamp(e, scalar);
    t99_edwards_mul_base(&p, e);
    t99_fe_add(above, p.z, p.y);
    t99_fe_sub(below, p.z, p.y);
    t99_fe_invert(below, below);
    t99_fe_mul(above, above, below);
    t99_fe_encode(out, above);
    t99_wipe(e, sizeof e);
    t99_wipe(&p, sizeof p);
    t99_wipe(above, sizeof above);
}
