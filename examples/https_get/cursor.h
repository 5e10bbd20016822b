/*
 * Reads what a message holds, and no more: where bytes are missing, it gives zeros and empty vectors. A
 * reader of its own, as an example uses the public interface alone.
 */
#ifndef HTTPS_GET_CURSOR_H
#define HTTPS_GET_CURSOR_H

#include <stddef.h>
#include <stdint.h>

struct cursor {
    const uint8_t *p;
    size_t left;
};

static inline struct cursor cursor_of(const uint8_t *p, size_t len)
{
    struct cursor c;

    c.p = p;
    c.left = len;
    return c;
}

/* A number of so many bytes. */
static inline unsigned take(struct cursor *c, size_t bytes)
{
    unsigned v = 0;

    while (bytes-- > 0) {
        v = v << 8;
        if (c->left > 0) {
            v |= *c->p++;
            c->left--;
        }
    }
    return v;
}

static inline struct cursor take_bytes(struct cursor *c, size_t len)
{
    struct cursor v = cursor_of(c->p, len < c->left ? len : c->left);

    c->p += v.left;
    c->left -= v.left;
    return v;
}

/* What follows its length, a number of so many bytes. */
static inline struct cursor take_vector(struct cursor *c, size_t length_bytes)
{
    size_t len = take(c, length_bytes);

    return take_bytes(c, len);
}

#endif
