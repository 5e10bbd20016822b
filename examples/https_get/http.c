#include "https_get/http.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"

void http_stream_init(struct http_stream *s, http_source source, void *arg)
{
    s->source = source;
    s->source_arg = arg;
    s->pos = s->len = 0;
    s->total = 0;
    s->line_len = 0;
    s->error[0] = '\0';
}

enum http_result http_bad(struct http_stream *s, enum http_result result, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(s->error, sizeof s->error, format, ap);
    va_end(ap);
    return result;
}

/* More bytes into an empty buffer. 1, 0 at the end, -1. */
static int refill(struct http_stream *s)
{
    ssize_t n;

    if (s->pos < s->len) {
        return 1;
    }
    n = s->source(s->source_arg, s->buf, sizeof s->buf);
    s->pos = 0;
    s->len = n > 0 ? (size_t)n : 0;
    s->total += s->len;
    return n > 0 ? 1 : (int)n;
}

int http_peek(struct http_stream *s)
{
    int r = refill(s);

    return r > 0 ? s->buf[s->pos] : r - 1;
}

/* --- Lines --- */

static enum http_result end_of_line(struct http_stream *s)
{
    if (s->line_len > 0 && s->line[s->line_len - 1] == '\r') {
        s->line_len--;
    }
    s->line[s->line_len] = '\0';
    if (memchr(s->line, '\r', s->line_len) != NULL) {
        return http_bad(s, HTTP_BAD_HEAD, "a CR without LF in a line");
    }
    if (memchr(s->line, '\0', s->line_len) != NULL) {
        return http_bad(s, HTTP_BAD_HEAD, "a NUL byte in a line");
    }
    return HTTP_OK;
}

/* An end of LF alone is taken too: RFC 9112, 2.2. */
enum http_result http_read_line(struct http_stream *s)
{
    size_t have, take;
    const uint8_t *lf;
    int r;

    s->line_len = 0;
    do {
        r = refill(s);
        if (r <= 0) {
            return r < 0           ? HTTP_SOURCE_FAILED
                   : s->total == 0 ? HTTP_EMPTY
                                   : http_bad(s, HTTP_TRUNCATED, "it ended in the middle of a line");
        }
        have = s->len - s->pos;
        lf = memchr(s->buf + s->pos, '\n', have);
        take = lf != NULL ? (size_t)(lf - (s->buf + s->pos)) : have;
        if (take >= HTTP_LINE_MAX - s->line_len) {
            return http_bad(s, HTTP_BAD_HEAD, "a line longer than %d bytes", HTTP_LINE_MAX - 1);
        }
        memcpy(s->line + s->line_len, s->buf + s->pos, take);
        s->line_len += take;
        s->pos += take + (lf != NULL);
    } while (lf == NULL);
    return end_of_line(s);
}

/* --- Bodies --- */

bool http_has_no_body(const struct http_answer *a)
{
    return a->head_request || a->status == 204 || a->status == 304;
}

bool http_ends_with_connection(const struct http_answer *a)
{
    return !http_has_no_body(a) && !a->chunked && a->content_length < 0;
}

bool http_may_reuse(const struct http_stream *s, const struct http_answer *a)
{
    return a->keep_alive && !http_ends_with_connection(a) && s->pos == s->len;
}

/* Exactly n bytes, or, if n < 0, all until the end. */
static enum http_result pass(struct http_stream *s, int64_t n, http_sink sink, void *arg)
{
    int64_t left = n;
    size_t take;
    int r;

    while (left != 0) {
        r = refill(s);
        if (r < 0) {
            return HTTP_SOURCE_FAILED;
        }
        if (r == 0) {
            return n < 0 ? HTTP_OK
                         : http_bad(s, HTTP_TRUNCATED, "it ended after %lld of %lld bytes",
                                    (long long)(n - left), (long long)n);
        }
        take = s->len - s->pos;
        if (left > 0 && (uint64_t)left < take) {
            take = (size_t)left;
        }
        if (!sink(arg, s->buf + s->pos, take)) {
            return HTTP_SINK_FAILED;
        }
        s->pos += take;
        left -= left > 0 ? (int64_t)take : 0;
    }
    return HTTP_OK;
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* RFC 9112, 7.1: hexadecimal digits, then nothing, or extensions, which say nothing to us. */
static enum http_result chunk_size(struct http_stream *s, int64_t *size)
{
    char shown[32];
    size_t i;

    *size = 0;
    for (i = 0; hex(s->line[i]) >= 0; i++) {
        if (*size > INT64_MAX >> 4) {
            return http_bad(s, HTTP_BAD_CHUNK, "a chunk larger than any file");
        }
        *size = *size * 16 + hex(s->line[i]);
    }
    if (i == 0 || strchr(" \t;", s->line[i]) == NULL ||
        strchr(";", s->line[i + strspn(s->line + i, " \t")]) == NULL) {
        return http_bad(s, HTTP_BAD_CHUNK, "a chunk whose size is \"%s\"",
                        text_safe(shown, sizeof shown, s->line, s->line_len));
    }
    return HTTP_OK;
}

/* What is wrong with a line of the head is told the same here; an end counts as one in the body. */
static enum http_result chunk_line(struct http_stream *s)
{
    enum http_result r = http_read_line(s);

    return r == HTTP_BAD_HEAD ? HTTP_BAD_CHUNK : r;
}

static enum http_result skip_trailers(struct http_stream *s)
{
    size_t n = 0, total = 0;
    enum http_result r;

    do {
        r = chunk_line(s);
        total += s->line_len;
        if (r == HTTP_OK && (n++ > HTTP_FIELDS_MAX || total > HTTP_HEAD_MAX)) {
            return http_bad(s, HTTP_BAD_CHUNK, "trailers without end");
        }
    } while (r == HTTP_OK && s->line_len != 0);
    return r;
}

static enum http_result pass_chunks(struct http_stream *s, http_sink sink, void *arg)
{
    enum http_result r;
    int64_t size;

    for (;;) {
        r = chunk_line(s);
        r = r == HTTP_OK ? chunk_size(s, &size) : r;
        if (r != HTTP_OK || size == 0) {
            return r != HTTP_OK ? r : skip_trailers(s);
        }
        r = pass(s, size, sink, arg);
        r = r == HTTP_OK ? chunk_line(s) : r;
        if (r != HTTP_OK) {
            return r;
        }
        if (s->line_len != 0) {
            return http_bad(s, HTTP_BAD_CHUNK, "a chunk longer than its size of %lld bytes", (long long)size);
        }
    }
}

enum http_result http_read_body(struct http_stream *s, const struct http_answer *a, http_sink sink, void *arg)
{
    if (http_has_no_body(a)) {
        return HTTP_OK;
    }
    return a->chunked ? pass_chunks(s, sink, arg) : pass(s, a->content_length, sink, arg);
}
