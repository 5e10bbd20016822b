/* Names for people. What comes from a certificate never reaches a terminal as a control character. */
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "x509/attribute.h"
#include "x509/der.h"
#include "x509/name.h"
#include "x509/oid.h"
#include "x509/profile.h"

/* Short names of attribute types: RFC 4514, 3; X.520; EV guidelines. */
static const struct {
    const char *name;
    uint8_t len;
    uint8_t oid[11];
} types[] = {
    { "CN", 3, { 0x55, 0x04, 0x03 } },
    { "SN", 3, { 0x55, 0x04, 0x04 } },
    { "serialNumber", 3, { 0x55, 0x04, 0x05 } },
    { "C", 3, { 0x55, 0x04, 0x06 } },
    { "L", 3, { 0x55, 0x04, 0x07 } },
    { "ST", 3, { 0x55, 0x04, 0x08 } },
    { "street", 3, { 0x55, 0x04, 0x09 } },
    { "O", 3, { 0x55, 0x04, 0x0a } },
    { "OU", 3, { 0x55, 0x04, 0x0b } },
    { "title", 3, { 0x55, 0x04, 0x0c } },
    { "businessCategory", 3, { 0x55, 0x04, 0x0f } },
    { "postalCode", 3, { 0x55, 0x04, 0x11 } },
    { "GN", 3, { 0x55, 0x04, 0x2a } },
    { "initials", 3, { 0x55, 0x04, 0x2b } },
    { "generationQualifier", 3, { 0x55, 0x04, 0x2c } },
    { "dnQualifier", 3, { 0x55, 0x04, 0x2e } },
    { "pseudonym", 3, { 0x55, 0x04, 0x41 } },
    { "organizationIdentifier", 3, { 0x55, 0x04, 0x61 } },
    { "emailAddress", 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01 } },
    { "DC", 10, { 0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19 } },
    { "UID", 10, { 0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x01 } },
    { "jurisdictionL", 11, { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3c, 0x02, 0x01, 0x01 } },
    { "jurisdictionST", 11, { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3c, 0x02, 0x01, 0x02 } },
    { "jurisdictionC", 11, { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3c, 0x02, 0x01, 0x03 } },
};

/*
 * Text of limited length; once something does not fit, it is cut with "...", for which there is always room.
 */
struct text {
    char *p;
    size_t cap, len;
    bool cut;
};

#define CUT_LEN 4 /* "..." and the end */

static void put(struct text *t, const char *s, size_t len)
{
    if (t->cut) {
        return;
    }
    if (len > t->cap - CUT_LEN - t->len) {
        memcpy(t->p + t->len, "...", 3);
        t->len += 3;
        t->cut = true;
        return;
    }
    memcpy(t->p + t->len, s, len);
    t->len += len;
}

static void put_string(struct text *t, const char *s)
{
    put(t, s, strlen(s));
}

static struct text begin(char *out, size_t out_len)
{
    struct text t;

    t.p = out;
    t.cap = out_len;
    t.len = 0;
    t.cut = out_len < CUT_LEN;
    return t;
}

static const char *end(struct text *t)
{
    if (t->cap != 0) {
        t->p[t->len] = '\0';
    }
    return t->p;
}

static void put_type(struct text *t, struct t99_span oid)
{
    char dotted[2 * T99_OID_TEXT];
    size_t i;

    for (i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (t99_span_equal(oid, t99_span(types[i].oid, types[i].len))) {
            put_string(t, types[i].name);
            return;
        }
    }
    put_string(t, t99_oid_text(dotted, sizeof dotted, oid));
}

static void put_hex_byte(struct text *t, unsigned byte)
{
    char hex[8];

    (void)snprintf(hex, sizeof hex, "\\x%02X", byte & 0xff);
    put_string(t, hex);
}

/* Controls, and characters that change how those around them are shown. */
static bool invisible(int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff0 && c <= 0xfffb) || c >= 0xe0000;
}

static void put_utf8(struct text *t, int32_t c)
{
    char s[4];
    size_t n;

    if (c < 0x80) {
        s[0] = (char)c;
        n = 1;
    } else if (c < 0x800) {
        s[0] = (char)(0xc0 | c >> 6);
        s[1] = (char)(0x80 | (c & 0x3f));
        n = 2;
    } else if (c < 0x10000) {
        s[0] = (char)(0xe0 | c >> 12);
        s[1] = (char)(0x80 | (c >> 6 & 0x3f));
        s[2] = (char)(0x80 | (c & 0x3f));
        n = 3;
    } else {
        s[0] = (char)(0xf0 | c >> 18);
        s[1] = (char)(0x80 | (c >> 12 & 0x3f));
        s[2] = (char)(0x80 | (c >> 6 & 0x3f));
        s[3] = (char)(0x80 | (c & 0x3f));
        n = 4;
    }
    put(t, s, n);
}

/* What is no string: its contents in hex. */
static void put_dump(struct text *t, struct t99_span value)
{
    char hex[4];
    size_t i;

    put(t, "#", 1);
    for (i = 0; !t->cut && i < value.len; i++) {
        (void)snprintf(hex, sizeof hex, "%02x", (unsigned)value.p[i]);
        put(t, hex, 2);
    }
}

/* What of `special` is in the text is escaped. */
static void put_characters(struct text *t, uint8_t tag, struct t99_span value, const char *special)
{
    struct t99_chars chars = t99_chars(tag, value);
    char code[16];
    int32_t c;

    if (!t99_is_text(tag)) {
        put_dump(t, value);
        return;
    }
    while (!t->cut && (c = t99_chars_next(&chars)) >= 0) {
        if (c < 0x80 && c > 0 && strchr(special, (int)c) != NULL) {
            put(t, "\\", 1);
        }
        if (!invisible(c)) {
            put_utf8(t, c);
        } else if (c < 0x80 || c >= T99_NO_CHARACTER) {
            put_hex_byte(t, (unsigned)c);
        } else {
            (void)snprintf(code, sizeof code, "\\u%04lX", (unsigned long)c);
            put_string(t, code);
        }
    }
}

/* RFC 4514, 2.4: what has a meaning in the text. */
static void put_value(struct text *t, const struct t99_attribute *a)
{
    put_characters(t, a->tag, a->value, "\",+;<>\\");
}

const char *t99_string_text(char *out, size_t out_len, uint8_t tag, struct t99_span value)
{
    struct text t = begin(out, out_len);

    put_characters(&t, tag, value, "\\");
    return end(&t);
}

static void put_rdn(struct text *t, struct reader rdn)
{
    struct t99_attribute a;
    bool first = true;

    while (t99_next_attribute(&rdn, &a)) {
        if (!first) {
            put(t, "+", 1);
        }
        first = false;
        put_type(t, a.type);
        put(t, "=", 1);
        put_value(t, &a);
    }
}

#define MAX_RDNS 32 /* shown */

const char *t99_name_text(char *out, size_t out_len, struct t99_span name)
{
    const char *bad = NULL;
    struct reader rdns = t99_name_rdns(name, &bad), list[MAX_RDNS];
    struct text t = begin(out, out_len);
    size_t n = 0;

    while (rd_left(&rdns) != 0 && n < MAX_RDNS) {
        list[n++] = t99_der_enter(&rdns, DER_SET, "rdn");
    }
    if (n == 0) {
        put_string(&t, "(empty name)");
    }
    if (rd_left(&rdns) != 0) {
        put_string(&t, "..., ");
    }
    while (n > 0) {
        put_rdn(&t, list[--n]);
        if (n > 0) {
            put(&t, ", ", 2);
        }
    }
    return end(&t);
}

const char *t99_name_short(char *out, size_t out_len, struct t99_span name)
{
    struct t99_attribute a;
    struct text t = begin(out, out_len);
    size_t num = 0;

    a.value = t99_common_name(name, &a.tag, &num);
    if (num == 0) {
        return t99_name_text(out, out_len, name);
    }
    put_string(&t, "CN=");
    put_value(&t, &a);
    return end(&t);
}

const char *t99_name_oneline(char *out, size_t out_len, struct t99_span name)
{
    const char *bad = NULL;
    struct reader rdns = t99_name_rdns(name, &bad), rdn;
    struct text t = begin(out, out_len);
    struct t99_attribute a;
    size_t i;

    while (rd_left(&rdns) != 0) {
        rdn = t99_der_enter(&rdns, DER_SET, "rdn");
        while (t99_next_attribute(&rdn, &a)) {
            put(&t, "/", 1);
            put_type(&t, a.type);
            put(&t, "=", 1);
            for (i = 0; !t.cut && i < a.value.len; i++) {
                if (a.value.p[i] >= 0x20 && a.value.p[i] <= 0x7e) {
                    put(&t, (const char *)a.value.p + i, 1);
                } else {
                    put_hex_byte(&t, a.value.p[i]);
                }
            }
        }
    }
    return end(&t);
}

const char *t99_names_in(char *out, size_t out_len, const struct t99_certificate *c)
{
    const char *bad = NULL;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);
    struct text t = begin(out, out_len);
    enum t99_general_name type;
    struct t99_span value;
    char name[300];
    bool first = true;

    while (!t.cut && t99_next_general_name(&r, &type, &value)) {
        if (type != GN_DNS && !(type == GN_IP && (value.len == 4 || value.len == 16))) {
            continue;
        }
        if (!first) {
            put(&t, ", ", 2);
        }
        first = false;
        if (type == GN_IP) {
            put_string(&t, t99_ip_text(name, value.p, value.len));
        } else {
            put_string(&t, t99_printable(name, sizeof name, value.p, value.len));
        }
    }
    return end(&t);
}
