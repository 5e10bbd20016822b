#include "https_get/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>

#define HEX_KEPT 32
#define DATA_KEPT 96

void facts_begin(struct facts *f)
{
    f->num = 0;
    f->len = 0;
}

static struct fact *add(struct facts *f, enum fact_kind kind, const char *name)
{
    struct fact *fact = &f->list[f->num < FACTS_MAX ? f->num++ : FACTS_MAX - 1];

    memset(fact, 0, sizeof *fact);
    fact->name = name;
    fact->kind = kind;
    fact->at = f->len;
    return fact;
}

/* One more string at the end of the last fact. */
static bool put(struct facts *f, const void *p, size_t len, bool end)
{
    if (len + 1 > sizeof f->text - f->len) {
        return false;
    }
    if (len != 0) {
        memcpy(f->text + f->len, p, len);
    }
    f->len += len;
    if (end) {
        f->text[f->len++] = '\0';
    }
    return true;
}

void facts_item(struct facts *f, const char *value, size_t len)
{
    const char *nul = memchr(value, '\0', len); /* where a server puts one, the name ends for us */

    if (put(f, value, nul != NULL ? (size_t)(nul - value) : len, true)) {
        f->list[f->num - 1].num++;
    }
}

void facts_sized(struct facts *f, const char *value, int64_t size)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)size);
    if (strlen(value) + strlen(text) + 2 <= sizeof f->text - f->len) {
        facts_item(f, value, strlen(value));
        (void)put(f, text, strlen(text), true);
    }
}

const char *name_or_number(char number[8], int kind, unsigned code)
{
    const char *name = tls_code_name(kind, code);

    snprintf(number, 8, "0x%04x", code & 0xffff);
    return name != NULL ? name : number;
}

void facts_code(struct facts *f, int kind, unsigned code)
{
    char number[8];
    const char *name = name_or_number(number, kind, code);

    facts_item(f, name, strlen(name));
}

void facts_named(struct facts *f, const char *name, int kind, unsigned code)
{
    (void)add(f, FACT_TEXT, name);
    facts_code(f, kind, code);
}

void facts_text(struct facts *f, const char *name, const char *value)
{
    add(f, FACT_TEXT, name);
    facts_item(f, value, strlen(value));
}

void facts_number(struct facts *f, const char *name, int64_t value, const char *unit)
{
    struct fact *fact = add(f, FACT_NUMBER, name);

    fact->number = value;
    fact->unit = unit;
}

void facts_bytes(struct facts *f, enum fact_kind kind, const char *name, const uint8_t *p, size_t len)
{
    struct fact *fact = add(f, kind, name);
    size_t most = kind == FACT_DATA ? DATA_KEPT : HEX_KEPT, keep = len < most ? len : most;

    fact->number = (int64_t)len;
    if (put(f, p, keep, false)) {
        fact->num = keep;
    }
}

void facts_list(struct facts *f, enum fact_kind kind, const char *name)
{
    add(f, kind, name);
}

/* --- JSON --- */

static void sizes_json(struct json *j, const char *p, size_t num)
{
    const char *size;
    size_t i;

    for (i = 0; i < num; i++) {
        long long v;

        size = p + strlen(p) + 1;
        v = strtoll(size, NULL, 10);
        json_open_object(j, NULL);
        json_text(j, "name", p);
        json_integer(j, "length", v);
        json_close_object(j);
        p = size + strlen(size) + 1;
    }
}

static void fact_json(const struct facts *f, const struct fact *fact, struct json *j)
{
    const char *p = f->text + fact->at;
    size_t i;

    switch (fact->kind) {
    case FACT_TEXT:
        json_text(j, fact->name, fact->num != 0 ? p : NULL);
        break;
    case FACT_NUMBER:
        json_integer(j, fact->name, fact->number);
        break;
    case FACT_HEX:
        json_hex(j, fact->name, p, fact->num);
        break;
    case FACT_DATA:
        json_text_of(j, fact->name, p, fact->num);
        break;
    default:
        json_open_array(j, fact->name);
        if (fact->kind == FACT_SIZES) {
            sizes_json(j, p, fact->num);
        } else {
            for (i = 0; i < fact->num; i++, p += strlen(p) + 1) {
                json_text(j, NULL, p);
            }
        }
        json_close_array(j);
        break;
    }
}

void facts_json(const struct facts *f, struct json *j)
{
    size_t i;

    for (i = 0; i < f->num; i++) {
        fact_json(f, &f->list[i], j);
    }
}

/* --- For people --- */

static size_t say(char *out, size_t cap, size_t n, const char *text)
{
    size_t len = strlen(text);

    if (n + len + 1 > cap) {
        return n;
    }
    memcpy(out + n, text, len + 1);
    return n + len;
}

static void list_text(char *out, size_t cap, const struct facts *f, const struct fact *fact)
{
    const char *p = f->text + fact->at;
    size_t n = 0, i;

    for (i = 0; i < fact->num; i++, p += strlen(p) + 1) {
        n = say(out, cap, n, i == 0 ? "" : fact->kind == FACT_LINES ? "\n" : ", ");
        n = say(out, cap, n, p);
        if (fact->kind == FACT_SIZES) {
            p += strlen(p) + 1;
            n = say(out, cap, n, " (");
            n = say(out, cap, n, p);
            n = say(out, cap, n, " bytes)");
        }
    }
    if (fact->num == 0) {
        (void)say(out, cap, 0, "none");
    }
}

static void hex_text(char *out, size_t cap, const struct facts *f, const struct fact *fact)
{
    char two[8];
    size_t n = 0, i;

    for (i = 0; i < fact->num; i++) {
        snprintf(two, sizeof two, "%s%02x", i == 0 ? "" : " ", (unsigned)(uint8_t)f->text[fact->at + i]);
        n = say(out, cap, n, two);
    }
    (void)say(out, cap, n, (int64_t)fact->num < fact->number ? " ..." : "");
}

/* As a C string would be written, a line a line. */
static void data_text(char *out, size_t cap, const struct facts *f, const struct fact *fact)
{
    char one[8];
    size_t n = say(out, cap, 0, "\""), i;

    for (i = 0; i < fact->num; i++) {
        unsigned char c = (unsigned char)f->text[fact->at + i];

        if (c == '\r' || c == '\n' || c == '\t' || c == '"' || c == '\\') {
            snprintf(one, sizeof one, "\\%c", c == '\r' ? 'r' : c == '\n' ? 'n' : c == '\t' ? 't' : c);
        } else {
            snprintf(one, sizeof one, c >= 0x20 && c < 0x7f ? "%c" : "\\x%02x", c);
        }
        n = say(out, cap, n, one);
        n = say(out, cap, n, c == '\n' && i + 1 < fact->num ? "\n" : "");
    }
    n = say(out, cap, n, "\"");
    (void)say(out, cap, n, (int64_t)fact->num < fact->number ? " ..." : "");
}

const char *fact_value(char *out, size_t cap, const struct facts *f, const struct fact *fact)
{
    out[0] = '\0';
    switch (fact->kind) {
    case FACT_TEXT:
        (void)say(out, cap, 0, fact->num != 0 ? f->text + fact->at : "");
        break;
    case FACT_NUMBER:
        snprintf(out, cap, "%lld %s", (long long)fact->number,
                 fact->number == 1 && strcmp(fact->unit, "bytes") == 0 ? "byte" : fact->unit);
        break;
    case FACT_HEX:
        hex_text(out, cap, f, fact);
        break;
    case FACT_DATA:
        data_text(out, cap, f, fact);
        break;
    default:
        list_text(out, cap, f, fact);
        break;
    }
    return out;
}
