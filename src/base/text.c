#include "base/text.h"

#include <stdio.h>
#include <string.h>

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool t99_same_word(const char *word, const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (word[i] == '\0' || lower(word[i]) != lower(text[i])) {
            return false;
        }
    }
    return word[len] == '\0';
}

#define DOTS "..."
#define WORD_MAX 48 /* a longer one is cut itself */

/* Where text that was cut at `len` can end: before a space, or else not within a character of UTF-8. */
static size_t cut_at(const char *text, size_t len)
{
    size_t i = len;

    while (i > 0 && len - i < WORD_MAX && text[i] != ' ') {
        i--;
    }
    if (i > 0 && text[i] == ' ') {
        return i;
    }
    while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) {
        len--;
    }
    return len;
}

/* C0, DEL, and C1 in UTF-8: what a terminal may take as a command. */
static void tame(char *text)
{
    size_t i;

    for (i = 0; text[i] != '\0'; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c < 0x20 || c == 0x7f) {
            text[i] = '?';
        } else if (c == 0xc2 && (unsigned char)text[i + 1] >= 0x80 && (unsigned char)text[i + 1] < 0xa0) {
            text[i] = text[i + 1] = '?';
        }
    }
}

void t99_sentence_va(char *out, size_t out_len, const char *format, va_list ap)
{
    int n = vsnprintf(out, out_len, format, ap);

    if (n < 0) {
        out[0] = '\0';
    } else if ((size_t)n >= out_len) {
        memcpy(out + cut_at(out, out_len - sizeof DOTS), DOTS, sizeof DOTS);
    }
    tame(out);
}

void t99_sentence(char *out, size_t out_len, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    t99_sentence_va(out, out_len, format, ap);
    va_end(ap);
}
