#include "https_get/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINE_MAX_LEN 8192

void http_stream_init(struct http_stream *s, http_source source, void *arg)
{
    s->source = source;
    s->source_arg = arg;
    s->pos = s->len = 0;
    s->total = 0;
    s->error = NULL;
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

/* A byte, or -1 at the end, -2 if the source failed. */
static int next_byte(struct http_stream *s)
{
    int r = refill(s);

    return r > 0 ? s->buf[s->pos++] : r - 1;
}

static enum http_result ended(int byte, enum http_result at_end)
{
    return byte == -2 ? HTTP_SOURCE_FAILED : at_end;
}

static enum http_result malformed(struct http_stream *s, const char *why)
{
    s->error = why;
    return HTTP_MALFORMED;
}

/* A line without its end, which may be LF alone. */
static enum http_result read_line(struct http_stream *s, char *line, size_t cap, size_t *len)
{
    size_t n = 0;
    int c;

    for (;;) {
        c = next_byte(s);
        if (c < 0) {
            return ended(c, n == 0 && s->total == 0 ? HTTP_EMPTY : HTTP_TRUNCATED);
        }
        if (c == '\n') {
            break;
        }
        if (c == 0) {
            return malformed(s, "a NUL byte in a header");
        }
        if (n + 1 >= cap) {
            return malformed(s, "a header is too long");
        }
        line[n++] = (char)c;
    }
    if (n > 0 && line[n - 1] == '\r') {
        n--;
    }
    line[n] = '\0';
    *len = n;
    return HTTP_OK;
}

static bool has_token(const char *value, const char *token)
{
    size_t len = strlen(token);

    while (*value != '\0') {
        value += strspn(value, " \t,");
        if (strncasecmp(value, token, len) == 0 && strchr(" \t,;", value[len]) != NULL) {
            return true;
        }
        value += strcspn(value, ",");
    }
    return false;
}

static bool parse_length(int64_t *out, const char *value)
{
    int64_t v = 0;
    size_t i;

    for (i = 0; value[i] >= '0' && value[i] <= '9'; i++) {
        if (v > (INT64_MAX - 9) / 10) {
            return false;
        }
        v = 10 * v + (value[i] - '0');
    }
    *out = v;
    return i > 0 && value[i + strspn(value + i, " \t")] == '\0';
}

static enum http_result take_header(struct http_stream *s, struct http_answer *a, char *line)
{
    char *colon = strchr(line, ':'), *value;
    int64_t length;

    if (colon == NULL) {
        return malformed(s, "a header without a colon");
    }
    *colon = '\0';
    value = colon + 1 + strspn(colon + 1, " \t");
    if (strcasecmp(line, "content-length") == 0) {
        if (!parse_length(&length, value) || (a->content_length >= 0 && a->content_length != length)) {
            return malformed(s, "a Content-Length that is no length, or two that differ");
        }
        a->content_length = length;
    } else if (strcasecmp(line, "transfer-encoding") == 0) {
        a->chunked = has_token(value, "chunked");
    } else if (strcasecmp(line, "connection") == 0) {
        a->keep_alive = has_token(value, "close")        ? false
                        : has_token(value, "keep-alive") ? true
                                                         : a->keep_alive;
    } else if (strcasecmp(line, "location") == 0 && strlen(value) < sizeof a->location) {
        strcpy(a->location, value);
    }
    *colon = ':';
    return HTTP_OK;
}

static bool keep_line(struct http_answer *a, const char *line, size_t len)
{
    if (a->headers_len + len + 2 >= sizeof a->headers) {
        return false;
    }
    memcpy(a->headers + a->headers_len, line, len);
    a->headers_len += len;
    a->headers[a->headers_len++] = '\n';
    a->headers[a->headers_len] = '\0';
    return true;
}

static enum http_result read_status(struct http_stream *s, struct http_answer *a, char *line, size_t *len)
{
    enum http_result r = read_line(s, line, LINE_MAX_LEN, len);

    if (r != HTTP_OK) {
        return r;
    }
    if (*len < 12 || strncmp(line, "HTTP/1.", 7) != 0 || line[8] != ' ') {
        return malformed(s, "the answer is not HTTP/1.1");
    }
    a->status = atoi(line + 9);
    a->keep_alive = line[7] == '1';
    return a->status >= 100 && a->status <= 999 ? HTTP_OK : malformed(s, "no status in the answer");
}

enum http_result http_read_headers(struct http_stream *s, struct http_answer *a)
{
    char line[LINE_MAX_LEN];
    enum http_result r;
    size_t len;

    do {
        memset(a, 0, offsetof(struct http_answer, headers) + 1);
        a->headers_len = 0;
        a->chunked = false;
        a->content_length = -1;
        a->location[0] = '\0';
        r = read_status(s, a, line, &len);
        while (r == HTTP_OK && keep_line(a, line, len)) {
            r = read_line(s, line, sizeof line, &len);
            if (r != HTTP_OK || len == 0) {
                break;
            }
            r = take_header(s, a, line);
        }
        if (r == HTTP_OK && len != 0) {
            r = malformed(s, "too many headers");
        }
    } while (r == HTTP_OK && a->status < 200 && a->status != 101);
    return r;
}

static bool has_no_body(const struct http_answer *a, bool head)
{
    return head || a->status == 204 || a->status == 304;
}

bool http_ends_with_connection(const struct http_answer *a, bool head)
{
    return !has_no_body(a, head) && !a->chunked && a->content_length < 0;
}

/* Exactly n bytes, or, if n < 0, all until the end. */
static enum http_result pass(struct http_stream *s, int64_t n, http_sink sink, void *arg)
{
    size_t take;
    int r;

    while (n != 0) {
        r = refill(s);
        if (r < 0) {
            return HTTP_SOURCE_FAILED;
        }
        if (r == 0) {
            return n < 0 ? HTTP_OK : HTTP_TRUNCATED;
        }
        take = s->len - s->pos;
        if (n >= 0 && (uint64_t)n < take) {
            take = (size_t)n;
        }
        if (!sink(arg, s->buf + s->pos, take)) {
            return HTTP_SINK_FAILED;
        }
        s->pos += take;
        n -= n > 0 ? (int64_t)take : 0;
    }
    return HTTP_OK;
}

/* RFC 9112, 7.1. */
static enum http_result pass_chunks(struct http_stream *s, http_sink sink, void *arg)
{
    char line[LINE_MAX_LEN], *end;
    unsigned long long size;
    enum http_result r;
    size_t len;

    for (;;) {
        r = read_line(s, line, sizeof line, &len);
        if (r != HTTP_OK) {
            return r == HTTP_EMPTY ? HTTP_TRUNCATED : r;
        }
        size = strtoull(line, &end, 16);
        if (end == line || line[0] == '-' || size > INT64_MAX || strchr(" \t;", *end) == NULL) {
            return malformed(s, "a chunk without its size");
        }
        if (size == 0) {
            break;
        }
        r = pass(s, (int64_t)size, sink, arg);
        if (r == HTTP_OK) {
            r = read_line(s, line, sizeof line, &len);
        }
        if (r == HTTP_OK && len != 0) {
            r = malformed(s, "a chunk longer than its size");
        }
        if (r != HTTP_OK) {
            return r;
        }
    }
    do { /* trailers */
        r = read_line(s, line, sizeof line, &len);
    } while (r == HTTP_OK && len != 0);
    return r;
}

enum http_result http_read_body(struct http_stream *s, const struct http_answer *a, bool head, http_sink sink,
                                void *arg)
{
    if (has_no_body(a, head)) {
        return HTTP_OK;
    }
    return a->chunked ? pass_chunks(s, sink, arg) : pass(s, a->content_length, sink, arg);
}
