#include "x509/der.h"

#include "x509/time.h"

static const struct t99_span nothing = { NULL, 0 };

bool t99_der_peek(const struct reader *r, uint8_t tag)
{
    return rd_left(r) != 0 && r->pos[0] == tag;
}

/*
 * X.690, 10.1: definite, in as few octets as possible. At most three octets of length: nothing here is
 * larger.
 */
static size_t read_length(struct reader *r, const char *field)
{
    uint8_t first = rd_u8(r, field);
    size_t len = 0;
    int n;

    if (first < 0x80) {
        return first;
    }
    n = first & 0x7f;
    if (n == 0 || n > 3) {
        rd_refuse(r, field);
        return 0;
    }
    for (; n > 0; n--) {
        len = len << 8 | rd_u8(r, field);
    }
    if (len < 0x80 || (first > 0x81 && len < 0x100) || (first > 0x82 && len < 0x10000)) {
        rd_refuse(r, field);
    }
    return len;
}

struct t99_span t99_der_contents(struct reader *r, uint8_t tag, const char *field)
{
    if (rd_u8(r, field) != tag) {
        rd_refuse(r, field);
    }
    return rd_bytes(r, read_length(r, field), field);
}

struct reader t99_der_enter(struct reader *r, uint8_t tag, const char *field)
{
    struct t99_span s = t99_der_contents(r, tag, field);

    return t99_der_inside(r, s);
}

struct t99_span t99_der_element(struct reader *r, uint8_t *tag, const char *field)
{
    const uint8_t *start = r->pos;
    uint8_t t = rd_u8(r, field);

    if ((t & 0x1f) == 0x1f) { /* tag numbers above 30 do not occur */
        rd_refuse(r, field);
    }
    rd_bytes(r, read_length(r, field), field);
    if (tag != NULL) {
        *tag = t;
    }
    return rd_ok(r) ? t99_span(start, (size_t)(r->pos - start)) : nothing;
}

bool t99_integer_valid(struct t99_span s)
{
    return s.len == 1 ||
           (s.len > 1 && !(s.p[0] == 0 && s.p[1] < 0x80) && !(s.p[0] == 0xff && s.p[1] >= 0x80));
}

struct t99_span t99_der_integer(struct reader *r, const char *field)
{
    struct t99_span s = t99_der_contents(r, DER_INTEGER, field);

    if (rd_ok(r) && !t99_integer_valid(s)) {
        rd_refuse(r, field);
    }
    return rd_ok(r) ? s : nothing;
}

uint32_t t99_der_small(struct reader *r, uint32_t max, const char *field)
{
    struct t99_span s = t99_der_integer(r, field);
    uint32_t v = 0;
    size_t i;

    if (s.len > 4 || (s.len != 0 && s.p[0] >= 0x80)) {
        rd_refuse(r, field);
        return 0;
    }
    for (i = 0; i < s.len; i++) {
        v = v << 8 | s.p[i];
    }
    if (v > max) {
        rd_refuse(r, field);
        return 0;
    }
    return v;
}

bool t99_der_boolean(struct reader *r, const char *field)
{
    struct t99_span s = t99_der_contents(r, DER_BOOLEAN, field);

    if (s.len != 1 || (s.p[0] != 0 && s.p[0] != 0xff)) {
        rd_refuse(r, field);
        return false;
    }
    return s.p[0] != 0;
}

struct t99_span t99_der_bit_octets(struct reader *r, const char *field)
{
    struct t99_span s = t99_der_contents(r, DER_BIT_STRING, field);

    if (s.len == 0 || s.p[0] != 0) {
        rd_refuse(r, field);
        return nothing;
    }
    return t99_span(s.p + 1, s.len - 1);
}

uint16_t t99_der_named_bits(struct reader *r, uint8_t tag, const char *field)
{
    struct t99_span s = t99_der_contents(r, tag, field);
    unsigned unused, bits = 0, i;

    if (s.len == 0 || s.len > 3 || s.p[0] > 7 || (s.len == 1 && s.p[0] != 0)) {
        rd_refuse(r, field);
        return 0;
    }
    if (s.len == 1) {
        return 0;
    }
    unused = s.p[0];
    if ((s.p[s.len - 1] & ((1u << unused) - 1)) != 0) {
        rd_refuse(r, field);
        return 0;
    }
    for (i = 0; i < 8 * (s.len - 1); i++) {
        bits |= (unsigned)(s.p[1 + i / 8] >> (7 - i % 8) & 1) << i;
    }
    return (uint16_t)bits;
}

int64_t t99_der_time(struct reader *r, uint8_t *tag, const char *field)
{
    uint8_t t = rd_left(r) != 0 ? r->pos[0] : (uint8_t)0;
    struct t99_span s;
    int64_t seconds = 0;

    if (t != DER_UTC_TIME && t != DER_GENERALIZED_TIME) {
        rd_refuse(r, field);
        return 0;
    }
    s = t99_der_contents(r, t, field);
    if (tag != NULL) {
        *tag = t;
    }
    if (rd_ok(r) && !t99_time_parse(&seconds, s, t == DER_UTC_TIME)) {
        rd_refuse(r, field);
    }
    return seconds;
}
