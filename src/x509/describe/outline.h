/*
 * One walk, two forms: an outline for people (a line "  label        values ...", wrapped at 80 columns), or
 * JSON. A walker says everything once; what concerns only one of the forms is passed over in the other.
 * Whatever is said must be UTF-8 without control characters, as the functions for names make it.
 */
#ifndef T99_X509_DESCRIBE_OUTLINE_H
#define T99_X509_DESCRIBE_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/env.h"

#define T99_OUTLINE_COLUMNS 80
#define T99_OUTLINE_DEPTH 40               /* of objects and lists within one another */
#define T99_OUTLINE_ITEMS 1000             /* of a list: what is over is counted */
#define T99_OUTLINE_MAX ((size_t)16 << 20) /* bytes in all */
#define T99_OUTLINE_LABEL 13               /* columns of a label, with the blank behind it */
#define T99_OUTLINE_HEX 64                 /* bytes shown in hex at most */

/* An object or a list that is open. */
struct t99_outline_level {
    const char *key;
    char close;
    size_t num; /* things in it so far */
    size_t omitted;
};

struct t99_outline {
    const struct t99_env *env;
    bool json;
    bool failed; /* out of memory, or too long: nothing more is written */
    char *p;
    size_t len, cap;

    size_t hang;    /* columns before a line that goes on */
    size_t columns; /* of the line so far */
    size_t space;   /* where it may be broken; 0: nowhere */

    size_t depth;
    struct t99_outline_level levels[T99_OUTLINE_DEPTH];
};

void t99_outline_begin(struct t99_outline *o, const struct t99_env *env, bool json);

/* The whole, with a NUL: *alloc_len bytes of env, the caller's. NULL: it failed. */
char *t99_outline_end(struct t99_outline *o, size_t *alloc_len) T99_MUST_CHECK;

/* ---- Only in the outline ---- */

/* Ends the line, and begins one that is indented and, when it is wrapped, goes on `hang` columns further. */
void t99_outline_line(struct t99_outline *o, size_t indent, size_t hang);
/* A line that begins with this label; what is said next stands behind it. */
void t99_outline_label(struct t99_outline *o, const char *label);
/* A line that goes on below what was said behind a label. */
void t99_outline_below(struct t99_outline *o);
void t99_outline_say(struct t99_outline *o, const char *text);
/* Up to 255 bytes. */
void t99_outline_sayf(struct t99_outline *o, const char *format, ...) T99_PRINTF(2, 3);

/* ---- Only in JSON. key NULL: in a list ---- */

void t99_outline_open(struct t99_outline *o, const char *key);
void t99_outline_close(struct t99_outline *o);
void t99_outline_string(struct t99_outline *o, const char *key, const char *text);
void t99_outline_number(struct t99_outline *o, const char *key, int64_t value);
void t99_outline_bool(struct t99_outline *o, const char *key, bool value);

/* ---- In both ---- */

/*
 * A list. An item is written only if t99_outline_item() is true; those beyond T99_OUTLINE_ITEMS are counted,
 * and t99_outline_list_end() says how many ("key_omitted"). In the outline commas part the items; those
 * announced by t99_outline_row() stand on lines of their own.
 */
void t99_outline_list(struct t99_outline *o, const char *key);
bool t99_outline_item(struct t99_outline *o);
bool t99_outline_row(struct t99_outline *o);
void t99_outline_list_end(struct t99_outline *o);

/* A line with one value. */
void t99_outline_value(struct t99_outline *o, const char *label, const char *key, const char *text);
/* Bytes in hex; said only, or with a key a string too. At most max of them, then "...". */
void t99_outline_hex(struct t99_outline *o, const char *key, struct t99_span bytes, size_t max);

#endif
