#include "certinfo/paint.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"

#define LABEL_COLUMNS 15 /* of a line "  label        value" */

/* A word that has a colour wherever it stands. */
struct word {
    const char *word, *code;
};

static void put(const char *code, const char *text, size_t len)
{
    if (len > 0) {
        printf(code != NULL ? "\033[%s%s%.*s%s" : "%s%s%.*s%s", code != NULL ? code : "",
               code != NULL ? "m" : "", (int)len, text, code != NULL ? "\033[0m" : "");
    }
}

void paint_fold(bool colour, const char *code, const char *text)
{
    printf(colour ? "\033[%sm" : "%.0s", code);
    text_fold(stdout, "", "    ", text, strlen(text));
    fputs(colour ? "\033[0m" : "", stdout);
}

/* The first of the words, in its colour; the rest as it is. */
static void paint_words(const struct word *words, const char *line, size_t len)
{
    size_t i, at, n;

    for (i = 0; words[i].word != NULL; i++) {
        n = strlen(words[i].word);
        for (at = 0; at + n <= len; at++) {
            if (memcmp(line + at, words[i].word, n) == 0) {
                put(NULL, line, at);
                put(words[i].code, line + at, n);
                put(NULL, line + at + n, len - at - n);
                return;
            }
        }
    }
    put(NULL, line, len);
}

static void certificate_line(const char *line, size_t len)
{
    static const struct word words[] = {
        { "EXPIRED", PAINT_RED }, { "NOT YET VALID", PAINT_RED }, { "malformed", PAINT_RED }, { NULL, NULL }
    };

    if (len > 0 && line[0] == '[') {
        put(PAINT_BOLD, line, len);
    } else if (len > LABEL_COLUMNS && line[2] != ' ') {
        put(PAINT_CYAN, line, LABEL_COLUMNS);
        paint_words(words, line + LABEL_COLUMNS, len - LABEL_COLUMNS);
    } else {
        paint_words(words, line, len);
    }
}

static void tree_line(const char *line, size_t len)
{
    static const struct word words[] = { { "NOT VERIFIED", PAINT_RED }, { "VERIFIED", PAINT_GREEN },
                                         { "REJECTED", PAINT_RED },     { "NO ISSUER", PAINT_YELLOW },
                                         { ": ok", PAINT_GREEN },       { NULL, NULL } };

    paint_words(words, line, len);
}

static void each_line(const char *text, void (*line)(const char *line, size_t len))
{
    size_t len;

    for (; *text != '\0'; text += len + (text[len] != '\0')) {
        len = strcspn(text, "\n");
        line(text, len);
        putchar('\n');
    }
}

void paint_certificates(bool colour, const char *text)
{
    if (colour) {
        each_line(text, certificate_line);
    } else {
        fputs(text, stdout);
    }
}

void paint_tree(bool colour, const char *text)
{
    if (colour) {
        each_line(text, tree_line);
    } else {
        fputs(text, stdout);
    }
}
