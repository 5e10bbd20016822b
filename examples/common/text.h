/* Text for people: folded to 80 columns, and free of what a server could do to a terminal. */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <stddef.h>
#include <stdio.h>

#define TEXT_COLUMNS 80

/* Copies a line: control characters, and bytes that are not UTF-8, become \xHH. Cut at cap. Returns out. */
const char *text_safe(char *out, size_t cap, const char *text, size_t len);

/* Columns of UTF-8 text: characters, as none of ours is wide. */
size_t text_columns(const char *text, size_t len);

/* Writes text as lines of 80 columns, broken at spaces; first stands before the first, rest before others. */
void text_fold(FILE *to, const char *first, const char *rest, const char *text, size_t len);

#endif
