#include "https_get/diagram.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/terminal.h"

#define WIDTH_LEAST 80
#define WIDTH_MOST 120
#define MARGIN 3 /* left of the client's line, right of the server's */
#define LABEL 18 /* columns of a label, with the blanks behind it */
#define TEXT_MAX 8192

static const char dim[] = "2", bold[] = "1", cyan[] = "36", green[] = "32", yellow[] = "33", red[] = "1;31";

/* --- The terminal --- */

static size_t width_of_terminal(void)
{
    size_t width = terminal_columns(STDERR_FILENO);

    return width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : width;
}

void diagram_begin(struct diagram *d)
{
    d->begun = false;
    d->colour = terminal_colour(STDERR_FILENO);
    d->width = width_of_terminal();
}

static void on(const struct diagram *d, const char *colour)
{
    if (d->colour) {
        fprintf(stderr, "\033[%sm", colour);
    }
}

static void off(const struct diagram *d)
{
    if (d->colour) {
        fputs("\033[0m", stderr);
    }
}

/* --- Text that takes a column a character --- */

/*
 * The length of the character at p if it can be shown as one column: printable ASCII, or the Latin letters of
 * UTF-8. 0: it cannot.
 */
static size_t narrow(const unsigned char *p)
{
    if (p[0] >= 0x20 && p[0] < 0x7f) {
        return 1;
    }
    if (p[0] >= 0xc2 && p[0] <= 0xc9 && (p[1] & 0xc0) == 0x80) {
        return p[0] == 0xc2 && p[1] < 0xa1 ? 0 : 2; /* not U+0080 to U+00A0 */
    }
    return 0;
}

/* A copy in which all else but line feeds is written as \xHH. */
static const char *tame(char *out, size_t cap, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t n = 0, len;

    while (*p != '\0' && n + 5 <= cap) {
        len = *p == '\n' ? 1 : narrow(p);
        if (len == 0) {
            n += (size_t)snprintf(out + n, cap - n, "\\x%02x", (unsigned)*p++);
        } else {
            memcpy(out + n, p, len);
            n += len;
            p += len;
        }
    }
    out[n] = '\0';
    return out;
}

static size_t columns(const char *text, size_t len)
{
    size_t i, n = 0;

    for (i = 0; i < len; i++) {
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return n;
}

/* How many bytes of text fit into room columns, up to a line feed, or to a blank if there is one. */
static size_t fit(const char *text, size_t room)
{
    size_t i, n = 0, blank = 0;

    for (i = 0; text[i] != '\0' && text[i] != '\n'; i++) {
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
        if (n > room) {
            return blank != 0 ? blank : i;
        }
        if (text[i] == ' ' && i != 0) {
            blank = i;
        }
    }
    return i;
}

/* --- Lines --- */

static void bar(const struct diagram *d)
{
    on(d, dim);
    fputc('|', stderr);
    off(d);
}

static void blanks(size_t n)
{
    fprintf(stderr, "%*s", (int)n, "");
}

static void repeat(char c, size_t n)
{
    while (n-- > 0) {
        fputc(c, stderr);
    }
}

static void heading(struct diagram *d)
{
    if (!d->begun) {
        d->begun = true;
        on(d, bold);
        fputs("[Client]", stderr);
        blanks(d->width - 16);
        fputs("[Server]", stderr);
        off(d);
        fputc('\n', stderr);
    }
}

static size_t inner(const struct diagram *d)
{
    return d->width - (size_t)2 * MARGIN - 2;
}

void diagram_arrow(struct diagram *d, enum arrow arrow, const char *name, const char *measure)
{
    bool sent = arrow == ARROW_SENT || arrow == ARROW_ALARM_SENT;
    const char *colour = arrow == ARROW_SENT ? cyan : arrow == ARROW_RECEIVED ? green : red;
    size_t used = 8 + strlen(name) + strlen(measure), room = inner(d);

    heading(d);
    blanks(MARGIN);
    bar(d);
    on(d, colour);
    fprintf(stderr, "%s %s ", sent ? "--" : "<-", name);
    repeat('-', room > used ? room - used : 1);
    fprintf(stderr, " %s %s", measure, sent ? "->" : "--");
    off(d);
    bar(d);
    fputc('\n', stderr);
}

/* A line of text between the lines of life: first before the first of them, blanks before the others. */
static void paragraph(struct diagram *d, const char *first, const char *first_colour, const char *colour,
                      const char *text)
{
    char safe[TEXT_MAX];
    const char *p = tame(safe, sizeof safe, text);
    size_t indent = strlen(first), room = inner(d) - indent - 1, len;
    bool is_first = true;

    heading(d);
    do {
        len = fit(p, room);
        blanks(MARGIN);
        bar(d);
        on(d, first_colour);
        fprintf(stderr, "%-*s", (int)indent, is_first ? first : "");
        off(d);
        on(d, colour);
        fprintf(stderr, "%.*s", (int)len, p);
        off(d);
        blanks(room - columns(p, len) + 1);
        bar(d);
        fputc('\n', stderr);
        p += len;
        p += *p == '\n' ? 1 : strspn(p, " ");
        is_first = false;
    } while (*p != '\0');
}

static const char *label_text(char out[LABEL + 8], const char *label)
{
    size_t i;

    snprintf(out, LABEL + 8, "    %-*s", LABEL, label);
    for (i = 0; out[i] != '\0'; i++) {
        if (out[i] == '_') {
            out[i] = ' ';
        }
    }
    return out;
}

void diagram_fact(struct diagram *d, const char *label, const char *value)
{
    char text[LABEL + 8];

    paragraph(d, label_text(text, label), dim, "0", value);
}

void diagram_decision(struct diagram *d, const char *text)
{
    paragraph(d, " => ", yellow, yellow, text);
}

void diagram_failure(struct diagram *d, const char *text)
{
    paragraph(d, " !! ", red, red, text);
}

/* --- The box --- */

void diagram_box(struct diagram *d, const char *title)
{
    size_t room = inner(d);

    blanks(MARGIN);
    on(d, dim);
    fputc('+', stderr);
    repeat('-', 2);
    off(d);
    on(d, bold);
    fprintf(stderr, " %s ", title);
    off(d);
    on(d, dim);
    repeat('-', room - 4 - strlen(title));
    fputc('+', stderr);
    off(d);
    fputc('\n', stderr);
}

void diagram_box_line(struct diagram *d, const char *label, const char *value)
{
    char text[LABEL + 8];

    paragraph(d, label_text(text, label), bold, "0", value);
}

void diagram_box_text(struct diagram *d, const char *text)
{
    paragraph(d, " ", "0", "0", text);
}

void diagram_box_end(struct diagram *d)
{
    blanks(MARGIN);
    on(d, dim);
    fputc('+', stderr);
    repeat('-', inner(d));
    fputc('+', stderr);
    off(d);
    fputc('\n', stderr);
}
