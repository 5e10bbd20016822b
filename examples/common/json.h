/* JSON (RFC 8259), written piece by piece, indented, in ASCII whatever the strings hold. */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH_MAX 16

struct json {
    FILE *to;
    size_t depth;
    bool some[JSON_DEPTH_MAX + 1]; /* something stands already at this depth */
};

void json_begin(struct json *j, FILE *to);
/* The document is complete: a line feed, and out it goes. */
void json_end(struct json *j);

/* name: of a member; NULL in an array, and for the document itself. */
void json_open_object(struct json *j, const char *name);
void json_close_object(struct json *j);
void json_open_array(struct json *j, const char *name);
void json_close_array(struct json *j);

/* NULL: null. What is no UTF-8 becomes U+FFFD. */
void json_text(struct json *j, const char *name, const char *value);
void json_text_of(struct json *j, const char *name, const void *value, size_t len);
/* Lower-case hexadecimal digits. */
void json_hex(struct json *j, const char *name, const void *value, size_t len);
void json_bool(struct json *j, const char *name, bool value);
void json_null(struct json *j, const char *name);
void json_integer(struct json *j, const char *name, int64_t value);
/* Microseconds as milliseconds with three digits. */
void json_ms(struct json *j, const char *name, int64_t us);
/* A whole value that is JSON already. */
void json_raw(struct json *j, const char *name, const char *value);
/* Seconds since 1970 as RFC 3339: "2026-07-01T12:00:00Z". */
void json_time(struct json *j, const char *name, int64_t seconds);

#endif
