/*
 * Fuzzes the DER reader. Input: a byte that picks the type, then elements one after the other. What is
 * accepted must be the one encoding of its value: it is encoded again and compared.
 */
#include "fuzz/fuzz.h"
#include "x509/der.h"
#include "x509/oid.h"
#include <stdio.h>
#include <time.h>

/* Tag and minimal length, before contents of len bytes, are what stands at p. */
static void check_header(const uint8_t *p, size_t whole, uint8_t tag, size_t len)
{
    uint8_t header[5];
    size_t n = 0, bytes = len < 0x80 ? 0 : len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;

    header[n++] = tag;
    if (bytes == 0) {
        header[n++] = (uint8_t)len;
    } else {
        header[n++] = (uint8_t)(0x80 | bytes);
        for (; bytes > 0; bytes--) {
            header[n++] = (uint8_t)(len >> 8 * (bytes - 1));
        }
    }
    check(whole == n + len && memcmp(p, header, n) == 0);
}

static void check_time(struct t99_span contents, uint8_t tag, int64_t t)
{
    char text[32];
    struct tm tm;
    time_t c_time = (time_t)t;
    size_t skip = tag == DER_UTC_TIME ? 2 : 0;

    if ((int64_t)c_time == t && gmtime_r(&c_time, &tm) != NULL) {
        check(strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm) <= 15);
        if (tm.tm_year >= 1000 - 1900) { /* earlier years are not padded by every libc */
            check(t99_span_equal(contents, t99_span(text + skip, strlen(text) - skip)));
        }
    }
}

static void check_small(struct t99_span contents, uint32_t v)
{
    uint8_t bytes[5] = { 0, (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };
    size_t i = 0;

    while (i < 4 && bytes[i] == 0 && bytes[i + 1] < 0x80) {
        i++;
    }
    check(t99_span_equal(contents, t99_span(bytes + i, 5 - i)));
}

/* Reads one element as a type; then r has moved past it. */
static void read_as(uint8_t type, struct reader *r, struct t99_span contents)
{
    uint8_t tag = 0;
    int64_t t;
    uint32_t v;
    bool b;

    switch (type % 7) {
    case 0:
        t = t99_der_time(r, &tag, "time");
        if (rd_ok(r)) {
            check_time(contents, tag, t);
        }
        break;
    case 1:
        v = t99_der_small(r, 0x7fffffff, "small");
        if (rd_ok(r)) {
            check_small(contents, v);
        }
        break;
    case 2:
        b = t99_der_boolean(r, "boolean");
        check(!rd_ok(r) || (contents.len == 1 && contents.p[0] == (b ? 0xff : 0)));
        break;
    case 3:
        t99_der_named_bits(r, DER_BIT_STRING, "bits");
        break;
    case 4:
        check(t99_der_bit_octets(r, "octets").len == contents.len - 1 || !rd_ok(r));
        break;
    case 5:
        t99_der_oid(r, "oid");
        break;
    default:
        t99_der_integer(r, "integer");
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bad, *bad_typed, *bad_inner;
    struct reader r, typed, inner;
    struct t99_span element, contents;
    uint8_t tag;

    if (size == 0) {
        return 0;
    }
    r = rd_init(data + 1, size - 1, &bad);
    while (rd_left(&r) != 0) {
        const uint8_t *start = r.pos;

        typed = rd_init(start, rd_left(&r), &bad_typed);
        element = t99_der_element(&r, &tag, "element");
        if (!rd_ok(&r)) {
            check(element.p == NULL && element.len == 0);
            break;
        }
        check(element.p == start && r.pos == start + element.len && element.len <= size);
        inner = rd_init(element.p, element.len, &bad_inner);
        contents = t99_der_contents(&inner, tag, "contents");
        check(rd_end(&inner, "element"));
        check_header(element.p, element.len, tag, contents.len);
        read_as(data[0], &typed, contents);
        check(!rd_ok(&typed) || typed.pos == r.pos);
    }
    return 0;
}
