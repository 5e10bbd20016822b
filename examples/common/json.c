#include "common/json.h"

#include <string.h>
#include <time.h>

void json_begin(struct json *j, FILE *to)
{
    memset(j, 0, sizeof *j);
    j->to = to;
}

void json_end(struct json *j)
{
    fputc('\n', j->to);
    fflush(j->to);
}

static void new_line(struct json *j)
{
    fprintf(j->to, "\n%*s", (int)(2 * j->depth), "");
}

/* A Unicode character outside of printable ASCII: RFC 8259, 7. */
static void put_escaped(struct json *j, uint32_t c)
{
    if (c >= 0x10000) {
        c -= 0x10000;
        fprintf(j->to, "\\u%04x", (unsigned)(0xd800 + (c >> 10)));
        c = 0xdc00 + (c & 0x3ff);
    }
    fprintf(j->to, "\\u%04x", (unsigned)c);
}

/* How many bytes of p are one character of UTF-8 (RFC 3629), which is put into *c; 0: it is none. */
static size_t decode_utf8(uint32_t *c, const uint8_t *p, size_t len)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 0, i;

    if (n == 0 || n > len || p[0] > 0xf4) {
        return 0;
    }
    *c = n == 1 ? p[0] : (uint32_t)p[0] & (0x7fu >> n);
    for (i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
        *c = *c << 6 | (p[i] & 0x3fu);
    }
    return *c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000) ? 0 : n;
}

static void put_string(struct json *j, const void *value, size_t len)
{
    const uint8_t *p = (const uint8_t *)value;
    uint32_t c = 0;
    size_t n;

    fputc('"', j->to);
    while (len > 0) {
        n = decode_utf8(&c, p, len);
        if (n == 0) {
            put_escaped(j, 0xfffd);
            n = 1;
        } else if (c == '"' || c == '\\') {
            fprintf(j->to, "\\%c", (char)c);
        } else if (c >= 0x20 && c < 0x7f) {
            fputc((int)c, j->to);
        } else {
            put_escaped(j, c);
        }
        p += n;
        len -= n;
    }
    fputc('"', j->to);
}

/* What stands before a value: comma, line, name. */
static void put_name(struct json *j, const char *name)
{
    if (j->depth > 0) {
        fputs(j->some[j->depth] ? "," : "", j->to);
        new_line(j);
    }
    j->some[j->depth] = true;
    if (name != NULL) {
        put_string(j, name, strlen(name));
        fputs(": ", j->to);
    }
}

static void open_level(struct json *j, const char *name, char bracket)
{
    put_name(j, name);
    fputc(bracket, j->to);
    j->depth += j->depth < JSON_DEPTH_MAX;
    j->some[j->depth] = false;
}

static void close_level(struct json *j, char bracket)
{
    bool some = j->some[j->depth];

    j->depth -= j->depth > 0;
    if (some) {
        new_line(j);
    }
    fputc(bracket, j->to);
}

void json_open_object(struct json *j, const char *name)
{
    open_level(j, name, '{');
}

void json_close_object(struct json *j)
{
    close_level(j, '}');
}

void json_open_array(struct json *j, const char *name)
{
    open_level(j, name, '[');
}

void json_close_array(struct json *j)
{
    close_level(j, ']');
}

void json_text_of(struct json *j, const char *name, const void *value, size_t len)
{
    put_name(j, name);
    put_string(j, value, len);
}

void json_text(struct json *j, const char *name, const char *value)
{
    if (value == NULL) {
        json_null(j, name);
    } else {
        json_text_of(j, name, value, strlen(value));
    }
}

void json_hex(struct json *j, const char *name, const void *value, size_t len)
{
    const uint8_t *p = (const uint8_t *)value;
    size_t i;

    put_name(j, name);
    fputc('"', j->to);
    for (i = 0; i < len; i++) {
        fprintf(j->to, "%02x", (unsigned)p[i]);
    }
    fputc('"', j->to);
}

void json_bool(struct json *j, const char *name, bool value)
{
    put_name(j, name);
    fputs(value ? "true" : "false", j->to);
}

void json_null(struct json *j, const char *name)
{
    put_name(j, name);
    fputs("null", j->to);
}

void json_raw(struct json *j, const char *name, const char *value)
{
    put_name(j, name);
    fputs(value, j->to);
}

void json_integer(struct json *j, const char *name, int64_t value)
{
    put_name(j, name);
    fprintf(j->to, "%lld", (long long)value);
}

void json_ms(struct json *j, const char *name, int64_t us)
{
    put_name(j, name);
    fprintf(j->to, "%s%lld.%03d", us < 0 ? "-" : "", (long long)(us < 0 ? -(us / 1000) : us / 1000),
            (int)(us < 0 ? -(us % 1000) : us % 1000));
}

void json_time(struct json *j, const char *name, int64_t seconds)
{
    time_t when = (time_t)seconds;
    struct tm parts;
    char text[40];

    if (gmtime_r(&when, &parts) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        json_null(j, name);
    } else {
        json_text(j, name, text);
    }
}
