#include "https_get/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "https_get/version.h"

struct text {
    char *p;
    size_t len, cap;
    bool full;
};

static void put(struct text *t, const char *format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsnprintf(t->p + t->len, t->cap - t->len, format, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= t->cap - t->len) {
        t->full = true;
    } else {
        t->len += (size_t)n;
    }
}

static bool is_called(const char *line, const char *name)
{
    size_t len = strlen(name);

    return strncasecmp(line, name, len) == 0 && (line[len] == ':' || line[len] == ';');
}

static bool given(const struct options *o, const char *name)
{
    size_t i;

    for (i = 0; i < o->num_headers; i++) {
        if (is_called(o->headers[i], name)) {
            return true;
        }
    }
    return false;
}

static bool for_home_alone(const char *line)
{
    static const char *const names[] = { "Authorization", "Cookie", "Proxy-Authorization", "Host" };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (is_called(line, names[i])) {
            return true;
        }
    }
    return false;
}

/* As with curl, "Name:" takes a header away, and "Name;" gives it an empty value. */
static void put_header(struct text *t, const char *line)
{
    size_t name = strcspn(line, ":;");

    if (line[name] == ';') {
        put(t, "%.*s:\r\n", (int)name, line);
    } else if (line[name + 1 + strspn(line + name + 1, " \t")] != '\0') {
        put(t, "%s\r\n", line);
    }
}

size_t request_make(char *out, size_t cap, const struct options *o, const struct url *url, bool home)
{
    char authority[sizeof url->host + 16];
    struct text t = { 0 };
    size_t i;

    t.p = out;
    t.cap = cap;
    url_authority(authority, sizeof authority, url);
    put(&t, "%s %s HTTP/1.1\r\n", o->head ? "HEAD" : "GET", url->path);
    if (!given(o, "Host") || !home) {
        put(&t, "Host: %s\r\n", authority);
    }
    if (!given(o, "User-Agent")) {
        put(&t, "User-Agent: %s\r\n", o->user_agent != NULL ? o->user_agent : "https_get/" TLS99_VERSION);
    }
    if (!given(o, "Accept")) {
        put(&t, "Accept: */*\r\n");
    }
    for (i = 0; i < o->num_headers; i++) {
        if (home || !for_home_alone(o->headers[i])) {
            put_header(&t, o->headers[i]);
        }
    }
    put(&t, "\r\n");
    return t.full ? 0 : t.len;
}

bool request_header_ok(const char *line)
{
    static const char token[] =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t name = strspn(line, token);
    const char *p;

    if (name == 0 || (line[name] != ':' && !(line[name] == ';' && line[name + 1] == '\0'))) {
        return false;
    }
    for (p = line; *p != '\0'; p++) { /* no line feed gets a second request into this one */
        if (((unsigned char)*p < 0x20 && *p != '\t') || *p == 0x7f) {
            return false;
        }
    }
    return true;
}
