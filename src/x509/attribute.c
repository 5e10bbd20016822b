#include "x509/attribute.h"

#include <string.h>

#include "x509/der.h"
#include "x509/oid.h"

struct reader t99_name_rdns(struct t99_span name, const char **bad)
{
    struct reader r = rd_init(name.p, name.len, bad);

    return t99_der_enter(&r, DER_SEQUENCE, "name");
}

bool t99_next_attribute(struct reader *rdn, struct t99_attribute *a)
{
    struct reader seq;

    if (rd_left(rdn) == 0) {
        return false;
    }
    seq = t99_der_enter(rdn, DER_SEQUENCE, "attribute");
    a->type = t99_der_oid(&seq, "AttributeType");
    a->tag = rd_left(&seq) != 0 ? seq.pos[0] : (uint8_t)0;
    a->value = t99_der_contents(&seq, a->tag, "AttributeValue");
    if (rd_left(&seq) != 0) {
        rd_refuse(rdn, "attribute");
    }
    return rd_ok(rdn);
}

bool t99_name_well_formed(struct t99_span name)
{
    const char *bad = NULL;
    struct reader r = rd_init(name.p, name.len, &bad), rdns = t99_der_enter(&r, DER_SEQUENCE, "name"), rdn;
    struct t99_attribute a;

    while (rd_left(&rdns) != 0) {
        rdn = t99_der_enter(&rdns, DER_SET, "rdn");
        while (t99_next_attribute(&rdn, &a)) {
        }
    }
    return rd_end(&r, "name");
}

bool t99_is_text(uint8_t tag)
{
    static const uint8_t tags[] = { DER_UTF8_STRING,      DER_NUMERIC_STRING, DER_PRINTABLE_STRING,
                                    DER_TELETEX_STRING,   DER_IA5_STRING,     DER_VISIBLE_STRING,
                                    DER_UNIVERSAL_STRING, DER_BMP_STRING };

    return memchr(tags, tag, sizeof tags) != NULL;
}

struct t99_chars t99_chars(uint8_t tag, struct t99_span value)
{
    struct t99_chars c;

    c.tag = tag;
    c.left = value;
    return c;
}

static void skip(struct t99_chars *c, size_t n)
{
    c->left = t99_span(c->left.p + n, c->left.len - n);
}

/* RFC 3629: no overlong forms, no surrogates. */
static int32_t next_utf8(struct t99_chars *c)
{
    static const int32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    const uint8_t *p = c->left.p;
    size_t n = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0, i;
    int32_t v;

    if (n == 1) {
        skip(c, 1);
        return p[0];
    }
    v = n == 0 ? 0 : p[0] & (0x7f >> n);
    for (i = 1; i < n; i++) {
        if (i >= c->left.len || p[i] >> 6 != 2) {
            n = 0;
            break;
        }
        v = v << 6 | (p[i] & 0x3f);
    }
    if (n == 0 || v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff)) {
        skip(c, 1);
        return T99_NO_CHARACTER + p[0];
    }
    skip(c, n);
    return v;
}

/* BMPString, UniversalString: n bytes a character. */
static int32_t next_wide(struct t99_chars *c, size_t n)
{
    uint32_t v;

    if (c->left.len < n) {
        v = T99_NO_CHARACTER + c->left.p[0];
        skip(c, 1);
        return (int32_t)v;
    }
    v = n == 2 ? load_be16(c->left.p) : load_be32(c->left.p);
    skip(c, n);
    return v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff) ? T99_NO_CHARACTER + (int32_t)(v & 0xff) : (int32_t)v;
}

int32_t t99_chars_next(struct t99_chars *c)
{
    uint8_t byte;

    if (c->left.len == 0) {
        return -1;
    }
    switch (c->tag) {
    case DER_UTF8_STRING:
        return next_utf8(c);
    case DER_BMP_STRING:
        return next_wide(c, 2);
    case DER_UNIVERSAL_STRING:
        return next_wide(c, 4);
    default: /* Latin-1 stands in for TeletexString; the others are ASCII */
        byte = c->left.p[0];
        skip(c, 1);
        return byte;
    }
}

static bool printable(int32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c > 0 && c < 0x80 && strchr(" '()+,-./:=?", (int)c) != NULL);
}

bool t99_chars_valid(uint8_t tag, struct t99_span value)
{
    struct t99_chars chars = t99_chars(tag, value);
    int32_t c;

    while ((c = t99_chars_next(&chars)) >= 0) {
        bool ok = tag == DER_PRINTABLE_STRING ? printable(c)
                  : tag == DER_NUMERIC_STRING ? (c >= '0' && c <= '9') || c == ' '
                  : tag == DER_VISIBLE_STRING ? c >= 0x20 && c <= 0x7e
                  : tag == DER_IA5_STRING     ? c < 0x80
                                              : c < T99_NO_CHARACTER;

        if (!ok) {
            return false;
        }
    }
    return true;
}
