#include "common/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_LEN 4096

/* Bytes of the UTF-8 character at p; 0: it is none, or a control character (C1: U+0080 to U+009F). */
static size_t character(const unsigned char *p, size_t len)
{
    size_t need = p[0] < 0x80 ? 1 : p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 0;
    size_t i;

    if (need == 0 || p[0] >= 0xf5 || need > len || p[0] < 0x20 || p[0] == 0x7f ||
        (p[0] == 0xc2 && len > 1 && p[1] < 0xa0)) {
        return 0;
    }
    for (i = 1; i < need; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return need;
}

const char *text_safe(char *out, size_t cap, const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t n = 0, i = 0, bytes;

    while (i < len && n + 5 <= cap) {
        bytes = p[i] == '\t' ? 0 : character(p + i, len - i);
        if (bytes != 0) {
            memcpy(out + n, p + i, bytes);
            n += bytes;
            i += bytes;
        } else if (p[i] == '\t') {
            out[n++] = ' ';
            i++;
        } else {
            n += (size_t)snprintf(out + n, cap - n, "\\x%02x", (unsigned)p[i++]);
        }
    }
    out[n] = '\0';
    return out;
}

size_t text_columns(const char *text, size_t len)
{
    size_t i, n = 0;

    for (i = 0; i < len; i++) {
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return n;
}

/* How much of p goes into a line of room columns: to a semicolon far enough right, or to a space. */
static size_t line_length(const char *p, size_t room)
{
    size_t end = 0, columns = 0, space = 0, semicolon = 0;

    while (p[end] != '\0') {
        columns += ((unsigned char)p[end] & 0xc0) != 0x80;
        if (columns > room) {
            return semicolon != 0 ? semicolon : space != 0 ? space : end;
        }
        if (p[end] == ' ' && p[end + 1] != ' ') {
            space = end + 1;
            semicolon = end > 0 && p[end - 1] == ';' && columns > room / 4 ? space : semicolon;
        }
        end++;
    }
    return end;
}

void text_fold(FILE *to, const char *first, const char *rest, const char *text, size_t len)
{
    char safe[LINE_MAX_LEN];
    const char *p = text_safe(safe, sizeof safe, text, len), *prefix = first;
    size_t room, take, shown;

    do {
        room = TEXT_COLUMNS - text_columns(prefix, strlen(prefix));
        take = line_length(p, room + 1); /* a space at the end does not count */
        for (shown = take; shown > 0 && p[shown - 1] == ' '; shown--) {
        }
        if (text_columns(p, shown) > room) {
            take = shown = line_length(p, room);
        }
        fprintf(to, "%s%.*s\n", prefix, (int)shown, p);
        p += take;
        prefix = rest;
    } while (*p != '\0');
}
