/*
 * The one way to read bytes from the network: bounds are checked here and nowhere else.
 *
 * A reader is sticky: the first read that does not fit, or vector whose length is outside its <min..max>,
 * poisons it and every reader cut from it, and names the field. A poisoned reader yields zeros and empty
 * spans and touches nothing. So a decoder runs straight through and asks once, with rd_end(), which must be
 * checked.
 *
 * The error slot must outlive the reader: it belongs to whoever holds the message.
 */
#ifndef T99_BASE_READER_H
#define T99_BASE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "base/compiler.h"

struct reader {
    const uint8_t *pos, *end;
    const char **bad; /* name of the first field that could not be read; NULL so far */
};

/* *bad is set to NULL here. */
static inline struct reader rd_init(const void *p, size_t len, const char **bad)
{
    struct reader r;

    r.pos = (const uint8_t *)p;
    r.end = len != 0 ? r.pos + len : r.pos;
    r.bad = bad;
    *bad = NULL;
    return r;
}

static inline bool rd_ok(const struct reader *r)
{
    return *r->bad == NULL;
}

static inline size_t rd_left(const struct reader *r)
{
    return rd_ok(r) ? (size_t)(r->end - r->pos) : 0;
}

/* Marks the field as bad: for values that a decoder itself refuses. Always false. */
static inline bool rd_refuse(struct reader *r, const char *field)
{
    if (*r->bad == NULL) {
        *r->bad = field;
    }
    return false;
}

/* The next len bytes, which stay where they are. Poisoned: an empty span. */
static inline struct t99_span rd_bytes(struct reader *r, size_t len, const char *field)
{
    struct t99_span s = { NULL, 0 };

    if (rd_ok(r)) {
        if (len > (size_t)(r->end - r->pos)) {
            rd_refuse(r, field);
        } else {
            s = t99_span(r->pos, len);
            r->pos = len != 0 ? r->pos + len : r->pos;
        }
    }
    return s;
}

static inline uint8_t rd_u8(struct reader *r, const char *field)
{
    struct t99_span s = rd_bytes(r, 1, field);

    return s.len == 1 ? s.p[0] : (uint8_t)0;
}

static inline uint16_t rd_u16(struct reader *r, const char *field)
{
    struct t99_span s = rd_bytes(r, 2, field);

    return s.len == 2 ? load_be16(s.p) : (uint16_t)0;
}

static inline uint32_t rd_u24(struct reader *r, const char *field)
{
    struct t99_span s = rd_bytes(r, 3, field);

    return s.len == 3 ? load_be24(s.p) : 0;
}

static inline uint32_t rd_u32(struct reader *r, const char *field)
{
    struct t99_span s = rd_bytes(r, 4, field);

    return s.len == 4 ? load_be32(s.p) : 0;
}

static inline uint64_t rd_u64(struct reader *r, const char *field)
{
    struct t99_span s = rd_bytes(r, 8, field);

    return s.len == 8 ? load_be64(s.p) : 0;
}

/* Copies len bytes to out; zeros when poisoned. */
static inline void rd_copy(struct reader *r, void *out, size_t len, const char *field)
{
    struct t99_span s = rd_bytes(r, len, field);

    if (s.len == len && len != 0) {
        memcpy(out, s.p, len);
    } else if (len != 0) {
        memset(out, 0, len);
    }
}

/* A reader for the next len bytes, which shares this one's error slot. */
static inline struct reader rd_sub(struct reader *r, size_t len, size_t min, size_t max, const char *field)
{
    struct reader sub = { NULL, NULL, NULL };
    struct t99_span s = { NULL, 0 };

    if (len < min || len > max) {
        rd_refuse(r, field);
    } else {
        s = rd_bytes(r, len, field);
    }
    sub.pos = s.p;
    sub.end = s.len != 0 ? s.p + s.len : s.p;
    sub.bad = r->bad;
    return sub;
}

/* Vectors with a length of 1, 2 or 3 bytes and the RFC's bounds <min..max> (RFC 9846, 3.4). */
static inline struct reader rd_vec8(struct reader *r, size_t min, size_t max, const char *field)
{
    return rd_sub(r, rd_u8(r, field), min, max, field);
}

static inline struct reader rd_vec16(struct reader *r, size_t min, size_t max, const char *field)
{
    return rd_sub(r, rd_u16(r, field), min, max, field);
}

static inline struct reader rd_vec24(struct reader *r, size_t min, size_t max, const char *field)
{
    return rd_sub(r, rd_u24(r, field), min, max, field);
}

/* What is left, as a span, without moving on. */
static inline struct t99_span rd_rest(const struct reader *r)
{
    return t99_span(r->pos, rd_left(r));
}

/*
 * True if all went well and nothing is left over; else the first bad field is named (left-over bytes: by
 * `whole`).
 */
T99_MUST_CHECK
static inline bool rd_end(struct reader *r, const char *whole)
{
    if (rd_left(r) != 0) {
        rd_refuse(r, whole);
    }
    return rd_ok(r);
}

#endif
