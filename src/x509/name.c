/* Distinguished names compared: RFC 5280, 7.1. */
#include "x509/name.h"

#include "x509/attribute.h"
#include "x509/der.h"
#include "x509/oid.h"

/* --- Strings as characters, folded --- */

/* Characters of a string, with ASCII case folded and white space collapsed and trimmed; -1 at the end. */
struct folded {
    struct t99_chars chars;
    int32_t next; /* already taken, folded; -1: none */
    bool started;
};

/* RFC 4518, 2.2: the controls that mean white space, and the blanks of Unicode. */
static bool is_white(int32_t c)
{
    return c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
           c == 0x3000;
}

static int32_t raw_folded(struct t99_chars *chars)
{
    int32_t c = t99_chars_next(chars);

    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : is_white(c) ? ' ' : c;
}

static struct folded fold(uint8_t tag, struct t99_span value)
{
    struct folded f;

    f.chars = t99_chars(tag, value);
    f.next = -1;
    f.started = false;
    return f;
}

static int32_t folded_next(struct folded *f)
{
    int32_t c = f->next >= 0 ? f->next : raw_folded(&f->chars);

    f->next = -1;
    if (c != ' ') {
        f->started = f->started || c >= 0;
        return c;
    }
    while (c == ' ') {
        c = raw_folded(&f->chars);
    }
    if (!f->started || c < 0) { /* leading or trailing */
        f->started = f->started || c >= 0;
        return c;
    }
    f->next = c;
    return ' ';
}

static bool value_equal(const struct t99_attribute *a, const struct t99_attribute *b)
{
    struct folded fa, fb;
    int32_t ca, cb;

    if (!t99_is_text(a->tag) || !t99_is_text(b->tag)) {
        return a->tag == b->tag && t99_span_equal(a->value, b->value);
    }
    if (a->tag == b->tag && t99_span_equal(a->value, b->value)) {
        return true;
    }
    fa = fold(a->tag, a->value);
    fb = fold(b->tag, b->value);
    do {
        ca = folded_next(&fa);
        cb = folded_next(&fb);
    } while (ca == cb && ca >= 0);
    return ca == cb;
}

static bool attribute_equal(const struct t99_attribute *a, const struct t99_attribute *b)
{
    return t99_span_equal(a->type, b->type) && value_equal(a, b);
}

/* --- Names --- */

#define MANY 16 /* attributes of an RDN; real ones have one or two */

static size_t count(struct reader rdn)
{
    struct t99_attribute a;
    size_t n = 0;

    while (t99_next_attribute(&rdn, &a)) {
        n++;
    }
    return n;
}

/* Finds an attribute that is not taken yet, and takes it. */
static bool take(struct reader rdn, const struct t99_attribute *wanted, uint32_t *taken)
{
    struct t99_attribute a;
    uint32_t bit;

    for (bit = 1; t99_next_attribute(&rdn, &a); bit <<= 1) {
        if ((*taken & bit) == 0 && attribute_equal(&a, wanted)) {
            *taken |= bit;
            return true;
        }
    }
    return false;
}

/*
 * DER sorts sets, but by bytes, which are not what is compared. Beyond any use, order is to be the same: no
 * squares.
 */
static bool rdn_equal(struct reader a, struct reader b)
{
    size_t num = count(a);
    struct t99_attribute x, y;
    uint32_t taken = 0;

    if (count(b) != num) {
        return false;
    }
    while (t99_next_attribute(&a, &x)) {
        if (num <= MANY ? !take(b, &x, &taken) : !t99_next_attribute(&b, &y) || !attribute_equal(&x, &y)) {
            return false;
        }
    }
    return true;
}

/* RDN by RDN; true at the end of `base` if `whole` is false, at the end of both otherwise. */
static bool same_rdns(struct t99_span base, struct t99_span name, bool whole)
{
    const char *bad_a = NULL, *bad_b = NULL;
    struct reader a = t99_name_rdns(base, &bad_a), b = t99_name_rdns(name, &bad_b), x, y;

    while (rd_left(&a) != 0) {
        if (rd_left(&b) == 0) {
            return false;
        }
        x = t99_der_enter(&a, DER_SET, "rdn");
        y = t99_der_enter(&b, DER_SET, "rdn");
        if (!rdn_equal(x, y)) {
            return false;
        }
    }
    return bad_a == NULL && bad_b == NULL && (!whole || rd_left(&b) == 0);
}

bool t99_name_equal(struct t99_span a, struct t99_span b)
{
    return t99_span_equal(a, b) || same_rdns(a, b, true);
}

bool t99_name_within(struct t99_span name, struct t99_span base)
{
    return same_rdns(base, name, false);
}

/* FNV-1a. */
static uint32_t mix(uint32_t h, uint32_t v)
{
    return (h ^ v) * 16777619u;
}

static uint32_t hash_attribute(const struct t99_attribute *a)
{
    uint32_t h = 2166136261u;
    struct folded f;
    int32_t c;
    size_t i;

    for (i = 0; i < a->type.len; i++) {
        h = mix(h, a->type.p[i]);
    }
    if (!t99_is_text(a->tag)) {
        for (i = 0; i < a->value.len; i++) {
            h = mix(h, a->value.p[i]);
        }
        return h;
    }
    f = fold(a->tag, a->value);
    while ((c = folded_next(&f)) >= 0) {
        h = mix(h, (uint32_t)c);
    }
    return h;
}

#define NO_RDNS 2166136261u

/* Attributes of one RDN are added up, as their order does not count. */
static uint32_t hash_rdn(struct reader *rdns, uint32_t before)
{
    struct reader rdn = t99_der_enter(rdns, DER_SET, "rdn");
    struct t99_attribute a;
    uint32_t sum = 0;

    while (t99_next_attribute(&rdn, &a)) {
        sum += hash_attribute(&a);
    }
    return mix(before, sum);
}

uint32_t t99_name_hash(struct t99_span name)
{
    const char *bad = NULL;
    struct reader rdns = t99_name_rdns(name, &bad);
    uint32_t h = NO_RDNS;

    while (rd_left(&rdns) != 0) {
        h = hash_rdn(&rdns, h);
    }
    return h;
}

size_t t99_name_hashes(uint32_t *out, size_t max, struct t99_span name)
{
    const char *bad = NULL;
    struct reader rdns = t99_name_rdns(name, &bad);
    uint32_t h = NO_RDNS;
    size_t num = 0;

    out[num++] = h;
    while (rd_left(&rdns) != 0 && num < max) {
        h = hash_rdn(&rdns, h);
        out[num++] = h;
    }
    return rd_left(&rdns) == 0 ? num : 0;
}

struct t99_span t99_common_name(struct t99_span name, uint8_t *tag, size_t *num)
{
    static const uint8_t oid_cn[] = { 0x55, 0x04, 0x03 };
    const char *bad = NULL;
    struct reader rdns = t99_name_rdns(name, &bad), rdn;
    struct t99_span found = { NULL, 0 };
    struct t99_attribute a;

    *num = 0;
    *tag = 0;
    while (rd_left(&rdns) != 0) {
        rdn = t99_der_enter(&rdns, DER_SET, "rdn");
        while (t99_next_attribute(&rdn, &a)) {
            if (t99_is_oid(a.type, oid_cn)) {
                found = a.value;
                *tag = a.tag;
                (*num)++;
            }
        }
    }
    return found;
}

const char *t99_name_fault(struct t99_span name)
{
    const char *bad = NULL;
    struct reader rdns = t99_name_rdns(name, &bad), rdn;
    struct t99_attribute a;

    while (rd_left(&rdns) != 0) {
        rdn = t99_der_enter(&rdns, DER_SET, "rdn");
        if (rd_left(&rdn) == 0) {
            return "an empty relative distinguished name";
        }
        while (t99_next_attribute(&rdn, &a)) {
            if (!t99_is_text(a.tag)) {
                return "an attribute value that is no string";
            }
            if (!t99_chars_valid(a.tag, a.value)) {
                return "an attribute value with characters that its string type does not allow";
            }
        }
    }
    return bad != NULL ? "malformed" : NULL;
}
