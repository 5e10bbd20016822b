#include "x509/describe/outline.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "x509/attribute.h"
#include "x509/der.h"

#define FIRST_CAP 4096
#define INDENT 2

/* ---- Memory ---- */

static bool make_room(struct t99_outline *o, size_t more)
{
    size_t cap = o->cap != 0 ? o->cap : FIRST_CAP;
    char *grown;

    if (o->failed || more > T99_OUTLINE_MAX - o->len) {
        o->failed = true;
        return false;
    }
    while (cap - o->len < more) {
        cap *= 2;
    }
    if (cap == o->cap) {
        return true;
    }
    grown = (char *)t99_alloc(o->env, cap);
    if (grown == NULL) {
        o->failed = true;
        return false;
    }
    if (o->len != 0) {
        memcpy(grown, o->p, o->len);
    }
    t99_free(o->env, o->p, o->cap);
    o->p = grown;
    o->cap = cap;
    return true;
}

static void put(struct t99_outline *o, const char *s, size_t len)
{
    if (make_room(o, len)) {
        memcpy(o->p + o->len, s, len);
        o->len += len;
    }
}

static void put_text(struct t99_outline *o, const char *s)
{
    put(o, s, strlen(s));
}

void t99_outline_begin(struct t99_outline *o, const struct t99_env *env, bool json)
{
    memset(o, 0, sizeof *o);
    o->env = env;
    o->json = json;
}

char *t99_outline_end(struct t99_outline *o, size_t *alloc_len)
{
    put(o, o->json || o->len == 0 ? "" : "\n", o->json || o->len == 0 ? 0 : 1);
    put(o, "", 1);
    if (o->failed) {
        t99_free(o->env, o->p, o->cap);
        o->p = NULL;
    }
    *alloc_len = o->cap;
    return o->p;
}

/* ---- The outline ---- */

static void put_blanks(struct t99_outline *o, size_t n)
{
    while (n-- > 0) {
        put(o, " ", 1);
    }
}

void t99_outline_line(struct t99_outline *o, size_t indent, size_t hang)
{
    if (o->json) {
        return;
    }
    if (o->len != 0) {
        put(o, "\n", 1);
    }
    put_blanks(o, indent);
    o->hang = indent + hang;
    o->columns = indent;
    o->space = 0;
}

void t99_outline_label(struct t99_outline *o, const char *label)
{
    size_t len = strlen(label);

    t99_outline_line(o, INDENT, T99_OUTLINE_LABEL);
    if (!o->json) {
        put_text(o, label);
        put_blanks(o, len < T99_OUTLINE_LABEL ? T99_OUTLINE_LABEL - len : 1);
        o->columns = INDENT + (len < T99_OUTLINE_LABEL ? T99_OUTLINE_LABEL : len + 1);
    }
}

void t99_outline_below(struct t99_outline *o)
{
    t99_outline_line(o, INDENT + T99_OUTLINE_LABEL, 2);
}

/* The line is too long: it goes on in another from its last space. */
static void wrap(struct t99_outline *o)
{
    size_t tail = o->len - o->space - 1, i;
    char *at;

    if (!make_room(o, o->hang)) {
        return;
    }
    at = o->p + o->space;
    memmove(at + 1 + o->hang, at + 1, tail);
    *at = '\n';
    memset(at + 1, ' ', o->hang);
    o->len += o->hang;
    o->columns = o->hang;
    for (i = 0; i < tail; i++) {
        o->columns += ((unsigned char)at[1 + o->hang + i] & 0xc0) != 0x80 ? 1 : 0;
    }
    o->space = 0;
}

void t99_outline_say(struct t99_outline *o, const char *text)
{
    for (; !o->json && !o->failed && *text != '\0'; text++) {
        if (*text == ' ' && o->columns > o->hang) {
            o->space = o->len;
        }
        put(o, text, 1);
        o->columns += ((unsigned char)*text & 0xc0) != 0x80 ? 1 : 0;
        if (o->columns > T99_OUTLINE_COLUMNS && o->space != 0 && *text != ' ') {
            wrap(o);
        }
    }
}

void t99_outline_sayf(struct t99_outline *o, const char *format, ...)
{
    char text[256];
    va_list ap;

    va_start(ap, format);
    if (vsnprintf(text, sizeof text, format, ap) < 0) {
        text[0] = '\0';
    }
    va_end(ap);
    t99_outline_say(o, text);
}

/* ---- JSON: RFC 8259 ---- */

static void put_escape(struct t99_outline *o, uint32_t c)
{
    char text[16];

    if (c >= 0x10000) {
        (void)snprintf(text, sizeof text, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (c >> 10)),
                       (unsigned)(0xdc00 + (c & 0x3ff)));
    } else {
        (void)snprintf(text, sizeof text, "\\u%04x", (unsigned)c);
    }
    put_text(o, text);
}

/* Beyond ASCII as escapes: so the document is ASCII, and nothing in it can change how a terminal shows it. */
static void put_quoted(struct t99_outline *o, const char *s)
{
    struct t99_chars chars = t99_chars(DER_UTF8_STRING, t99_span(s, strlen(s)));
    int32_t c;
    char byte;

    put(o, "\"", 1);
    while (!o->failed && (c = t99_chars_next(&chars)) >= 0) {
        if (c == '"' || c == '\\') {
            put(o, "\\", 1);
        }
        if (c >= 0x20 && c < 0x7f) {
            byte = (char)c;
            put(o, &byte, 1);
        } else {
            put_escape(o, c >= T99_NO_CHARACTER ? 0xfffd : (uint32_t)c);
        }
    }
    put(o, "\"", 1);
}

/* What stands before a value: a comma, and its key. */
static void put_key(struct t99_outline *o, const char *key)
{
    struct t99_outline_level *level = &o->levels[o->depth];

    if (level->num++ != 0) {
        put(o, ",", 1);
    }
    if (key != NULL) {
        put_quoted(o, key);
        put(o, ":", 1);
    }
}

static void enter(struct t99_outline *o, const char *key, char close)
{
    if (o->depth + 1 >= T99_OUTLINE_DEPTH) {
        o->failed = true;
        return;
    }
    o->depth++;
    memset(&o->levels[o->depth], 0, sizeof o->levels[o->depth]);
    o->levels[o->depth].key = key;
    o->levels[o->depth].close = close;
}

static void leave(struct t99_outline *o)
{
    if (o->depth == 0) {
        o->failed = true;
        return;
    }
    if (o->json) {
        put(o, &o->levels[o->depth].close, 1);
    }
    o->depth--;
}

void t99_outline_open(struct t99_outline *o, const char *key)
{
    if (o->json) {
        put_key(o, key);
        put(o, "{", 1);
        enter(o, key, '}');
    }
}

void t99_outline_close(struct t99_outline *o)
{
    if (o->json) {
        leave(o);
    }
}

void t99_outline_string(struct t99_outline *o, const char *key, const char *text)
{
    if (o->json) {
        put_key(o, key);
        put_quoted(o, text);
    }
}

void t99_outline_number(struct t99_outline *o, const char *key, int64_t value)
{
    char text[24];

    if (o->json) {
        (void)snprintf(text, sizeof text, "%" PRId64, value);
        put_key(o, key);
        put_text(o, text);
    }
}

void t99_outline_bool(struct t99_outline *o, const char *key, bool value)
{
    if (o->json) {
        put_key(o, key);
        put_text(o, value ? "true" : "false");
    }
}

/* ---- Both ---- */

void t99_outline_list(struct t99_outline *o, const char *key)
{
    if (o->json) {
        put_key(o, key);
        put(o, "[", 1);
    }
    enter(o, key, ']');
}

/* Is there room for another? *first: it is the first. JSON counts where it writes the comma. */
static bool next_item(struct t99_outline *o, bool *first)
{
    struct t99_outline_level *level = &o->levels[o->depth];

    if (level->num >= T99_OUTLINE_ITEMS) {
        level->omitted++;
        return false;
    }
    *first = level->num == 0;
    level->num += o->json ? 0 : 1;
    return !o->failed;
}

bool t99_outline_item(struct t99_outline *o)
{
    bool first, room = next_item(o, &first);

    if (room && !first) {
        t99_outline_say(o, ", ");
    }
    return room;
}

bool t99_outline_row(struct t99_outline *o)
{
    bool first, room = next_item(o, &first);

    if (room && !first) {
        t99_outline_below(o);
    }
    return room;
}

void t99_outline_list_end(struct t99_outline *o)
{
    struct t99_outline_level level = o->levels[o->depth];
    char key[64];

    leave(o);
    if (level.omitted != 0) {
        (void)snprintf(key, sizeof key, "%s_omitted", level.key != NULL ? level.key : "items");
        t99_outline_sayf(o, " and %zu more", level.omitted);
        if (o->json && level.key != NULL) {
            t99_outline_number(o, key, (int64_t)level.omitted);
        }
    }
}

void t99_outline_value(struct t99_outline *o, const char *label, const char *key, const char *text)
{
    t99_outline_label(o, label);
    t99_outline_say(o, text);
    t99_outline_string(o, key, text);
}

void t99_outline_hex(struct t99_outline *o, const char *key, struct t99_span bytes, size_t max)
{
    char text[2 * T99_OUTLINE_HEX + 4];
    size_t i, n = 0;

    max = max < T99_OUTLINE_HEX ? max : T99_OUTLINE_HEX;
    for (i = 0; i < bytes.len && i < max; i++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%02x", (unsigned)bytes.p[i]);
    }
    (void)snprintf(text + n, sizeof text - n, "%s", bytes.len > max ? "..." : "");
    t99_outline_say(o, text);
    if (key != NULL) {
        t99_outline_string(o, key, text);
    }
}
