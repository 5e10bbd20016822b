#include "certinfo/source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>

#include "certinfo/guess.h"
#include "certinfo/server.h"

#define FILE_MAX_LEN ((size_t)64 << 20)

bool source_fail(struct source *s, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(s->error, sizeof s->error, format, ap);
    va_end(ap);
    return false;
}

/* To the end of the file. */
static bool read_all(struct source *s, FILE *from)
{
    size_t cap = 0, got;
    uint8_t *grown;

    do {
        if (s->len == cap) {
            cap = cap == 0 ? 16384 : 2 * cap;
            grown = cap <= FILE_MAX_LEN ? (uint8_t *)realloc(s->bytes, cap) : NULL;
            if (grown == NULL) {
                return source_fail(s, "too large: more than %zu MB", FILE_MAX_LEN >> 20);
            }
            s->bytes = grown;
        }
        got = fread(s->bytes + s->len, 1, cap - s->len, from);
        s->len += got;
    } while (got != 0);
    return ferror(from) == 0;
}

/* A name that is no file, but could be a host's. */
static bool like_host(const char *name)
{
    return strchr(name, '/') == NULL && strchr(name, '.') != NULL &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:")] == '\0';
}

static bool cannot_read(struct source *s, int why)
{
    if (why == EISDIR) {
        return source_fail(s, "is a folder: name the files in it");
    }
    return source_fail(s, "%s%s%s", strerror(why),
                       why == ENOENT && like_host(s->name) ? "; if a server is meant: https://" : "",
                       why == ENOENT && like_host(s->name) ? s->name : "");
}

static bool read_file(struct source *s)
{
    FILE *f = fopen(s->name, "rb");
    bool ok;
    int why;

    if (f == NULL) {
        return cannot_read(s, errno);
    }
    errno = 0;
    ok = read_all(s, f);
    why = errno;
    fclose(f);
    return ok || s->error[0] != '\0' || cannot_read(s, why);
}

static bool read_stdin(struct source *s)
{
    errno = 0;
    return read_all(s, stdin) || s->error[0] != '\0' || cannot_read(s, errno);
}

/* Something else than certificates is said to be that. */
static bool holds_certificates(struct source *s)
{
    const char *other = NULL;
    char *text;

    if (guess_is_der(s->bytes, s->len)) {
        other = guess_other(s->bytes, s->len);
    } else {
        text = tls_describe_certs(s->bytes, s->len, TLS_DESCRIBE_TEXT, 1);
        if (text == NULL) {
            return source_fail(s, "out of memory, or too many certificates to describe");
        }
        other = text[0] == '\0' ? guess_other(s->bytes, s->len) : NULL;
        free(text);
    }
    return other == NULL || source_fail(s, "%s", other);
}

bool source_read(struct source *s, const struct options *o, const char *name)
{
    const char *why;

    memset(s, 0, sizeof *s);
    s->name = name;
    if (strstr(name, "://") != NULL) {
        s->kind = SOURCE_SERVER;
        if (url_parse(&s->url, name, &why) != URL_OK) {
            return source_fail(s, "not a URL of a server: %s", why);
        }
        return server_fetch(s, o);
    }
    s->kind = strcmp(name, "-") == 0 ? SOURCE_STDIN : SOURCE_FILE;
    (void)(s->kind == SOURCE_STDIN ? read_stdin(s) : read_file(s));
    return s->error[0] == '\0' && holds_certificates(s);
}

void source_free(struct source *s)
{
    free(s->bytes);
    s->bytes = NULL;
}
