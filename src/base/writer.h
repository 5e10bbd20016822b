/*
 * The one way to compose messages: a buffer of fixed capacity and a sticky error. Once something does not
 * fit, nothing more is written; wr_ok(), which must be checked, tells. A vector's length is filled in when it
 * is closed.
 */
#ifndef T99_BASE_WRITER_H
#define T99_BASE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "base/compiler.h"

struct writer {
    uint8_t *buf;
    size_t cap, len;
    bool bad;
};

static inline struct writer wr_init(void *buf, size_t cap)
{
    struct writer w;

    w.buf = (uint8_t *)buf;
    w.cap = cap;
    w.len = 0;
    w.bad = false;
    return w;
}

/* True if all that was written fitted. */
T99_MUST_CHECK
static inline bool wr_ok(const struct writer *w)
{
    return !w->bad;
}

/* Room for len bytes, which the caller fills; NULL if they do not fit. */
static inline uint8_t *wr_room(struct writer *w, size_t len)
{
    uint8_t *p = NULL;

    if (w->bad || len > w->cap - w->len) {
        w->bad = true;
    } else {
        p = w->buf + w->len;
        w->len += len;
    }
    return p;
}

static inline void wr_bytes(struct writer *w, const void *p, size_t len)
{
    uint8_t *room = wr_room(w, len);

    if (room != NULL && len != 0) {
        memcpy(room, p, len);
    }
}

static inline void wr_u8(struct writer *w, uint8_t v)
{
    wr_bytes(w, &v, 1);
}

static inline void wr_u16(struct writer *w, uint16_t v)
{
    uint8_t *p = wr_room(w, 2);

    if (p != NULL) {
        store_be16(p, v);
    }
}

static inline void wr_u24(struct writer *w, uint32_t v)
{
    uint8_t *p = wr_room(w, 3);

    if (p != NULL) {
        store_be24(p, v);
    }
}

static inline void wr_u32(struct writer *w, uint32_t v)
{
    uint8_t *p = wr_room(w, 4);

    if (p != NULL) {
        store_be32(p, v);
    }
}

/* Opens a vector whose length takes `width` bytes; returns the mark that wr_close() wants. */
static inline size_t wr_open(struct writer *w, size_t width)
{
    wr_room(w, width);
    return w->len;
}

static inline void wr_close(struct writer *w, size_t mark, size_t width)
{
    size_t n = w->len - mark, i;

    if (w->bad || (width < sizeof n && n >> 8 * width != 0)) {
        w->bad = true;
        return;
    }
    for (i = 0; i < width; i++) {
        w->buf[mark - 1 - i] = (uint8_t)(n >> 8 * i);
    }
}

static inline size_t wr_open8(struct writer *w)
{
    return wr_open(w, 1);
}

static inline size_t wr_open16(struct writer *w)
{
    return wr_open(w, 2);
}

static inline size_t wr_open24(struct writer *w)
{
    return wr_open(w, 3);
}

static inline void wr_close8(struct writer *w, size_t mark)
{
    wr_close(w, mark, 1);
}

static inline void wr_close16(struct writer *w, size_t mark)
{
    wr_close(w, mark, 2);
}

static inline void wr_close24(struct writer *w, size_t mark)
{
    wr_close(w, mark, 3);
}

#endif
