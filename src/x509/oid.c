#include "x509/oid.h"

#include <stdio.h>
#include <string.h>

#include "x509/der.h"

bool t99_oid_valid(struct t99_span oid)
{
    uint8_t before = 0; /* the last byte of an arc has no 80 bit: so one begins */
    size_t i;

    for (i = 0; i < oid.len; i++) {
        if (before < 0x80 && oid.p[i] == 0x80) { /* a leading zero */
            return false;
        }
        before = oid.p[i];
    }
    return oid.len != 0 && before < 0x80;
}

struct t99_span t99_der_oid(struct reader *r, const char *field)
{
    struct t99_span s = t99_der_contents(r, DER_OID, field);

    if (rd_ok(r) && !t99_oid_valid(s)) {
        rd_refuse(r, field);
    }
    return s;
}

/* ---- Text ---- */

#define LIMB 1000000000u /* nine decimal digits */
#define LIMBS 5          /* 149 bits: arcs of 2.25 are UUIDs, of 128 */

struct arc {
    uint32_t limbs[LIMBS]; /* least first */
    bool too_big;
};

/* arc * 128 + low */
static void arc_shift(struct arc *arc, uint32_t low)
{
    uint64_t carry = low;
    size_t i;

    for (i = 0; i < LIMBS; i++) {
        carry += (uint64_t)arc->limbs[i] * 128;
        arc->limbs[i] = (uint32_t)(carry % LIMB);
        carry /= LIMB;
    }
    arc->too_big = arc->too_big || carry != 0;
}

static bool arc_below(const struct arc *arc, uint32_t n)
{
    size_t i;

    for (i = 1; i < LIMBS && arc->limbs[i] == 0; i++) {
    }
    return i == LIMBS && arc->limbs[0] < n;
}

/* n is no more than the arc. */
static void arc_subtract(struct arc *arc, uint32_t n)
{
    size_t i;

    for (i = 0; i < LIMBS && arc->limbs[i] < n; i++) {
        arc->limbs[i] += LIMB - n;
        n = 1;
    }
    if (i < LIMBS) {
        arc->limbs[i] -= n;
    }
}

static size_t arc_text(char *out, size_t out_len, const struct arc *arc)
{
    size_t i = LIMBS - 1, n;

    while (i > 0 && arc->limbs[i] == 0) {
        i--;
    }
    n = (size_t)snprintf(out, out_len, "%lu", (unsigned long)arc->limbs[i]);
    while (i-- > 0 && n < out_len) {
        n += (size_t)snprintf(out + n, out_len - n, "%09lu", (unsigned long)arc->limbs[i]);
    }
    return n;
}

/* The first two arcs share a number: 40 times the first, which is 0, 1 or 2, and the second. */
static char split_first(struct arc *arc)
{
    char top = arc_below(arc, 40) ? '0' : arc_below(arc, 80) ? '1' : '2';

    arc_subtract(arc, 40u * (unsigned)(top - '0'));
    return top;
}

const char *t99_oid_text(char *out, size_t out_len, struct t99_span oid)
{
    static const struct arc zero = { { 0 }, false };
    struct arc arc = zero;
    char text[9 * LIMBS + 4];
    size_t i, n = 0, len;

    for (i = 0; i < oid.len; i++) {
        arc_shift(&arc, oid.p[i] & 0x7fu);
        if (oid.p[i] >= 0x80) {
            continue;
        }
        len = 0;
        if (n == 0) {
            text[len++] = split_first(&arc);
        }
        text[len++] = '.';
        len += arc.too_big ? (size_t)snprintf(text + len, sizeof text - len, "?")
                           : arc_text(text + len, sizeof text - len, &arc);
        if (n + len + 4 > out_len) {
            memcpy(out + n, "...", 3);
            n += 3;
            break;
        }
        memcpy(out + n, text, len);
        n += len;
        arc = zero;
    }
    out[n] = '\0';
    return out;
}
