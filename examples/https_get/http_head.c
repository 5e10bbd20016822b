/* The head of an answer: status line and fields, RFC 9112, 4 to 6. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "https_get/http.h"

/* s->line belongs to the head. */
static bool keep_line(struct http_stream *s, struct http_answer *a)
{
    if (s->line_len + 3 > sizeof a->head - a->head_len) {
        return false;
    }
    memcpy(a->head + a->head_len, s->line, s->line_len);
    a->head_len += s->line_len;
    memcpy(a->head + a->head_len, "\r\n", 3);
    a->head_len += 2;
    return true;
}

/* --- Values --- */

static bool is_token(const char *p, size_t len)
{
    static const char chars[] =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return len > 0 && strspn(p, chars) >= len;
}

/* The next element of a list of tokens, without its parameters; its length is 0 at the end. */
static const char *next_token(const char **value, size_t *len)
{
    const char *p = *value + strspn(*value, " \t,");

    *len = strcspn(p, " \t,;");
    *value = p + strcspn(p, ",");
    return p;
}

static bool equal(const char *p, size_t len, const char *token)
{
    return len == strlen(token) && strncasecmp(p, token, len) == 0;
}

/* Digits, or the same number several times: RFC 9112, 6.3. */
static bool parse_length(int64_t *length, const char *value)
{
    int64_t v, before = -1;

    do {
        value += strspn(value, " \t");
        if (*value < '0' || *value > '9') {
            return false;
        }
        for (v = 0; *value >= '0' && *value <= '9'; value++) {
            if (v > (INT64_MAX - 9) / 10) {
                return false;
            }
            v = 10 * v + (*value - '0');
        }
        if (before >= 0 && v != before) {
            return false;
        }
        before = v;
        value += strspn(value, " \t");
    } while (*value++ == ',');
    *length = before;
    return value[-1] == '\0';
}

/* --- Fields --- */

static enum http_result take_length(struct http_stream *s, struct http_answer *a, const char *value)
{
    char shown[64];
    int64_t length;

    if (!parse_length(&length, value)) {
        return http_bad(s, HTTP_BAD_HEAD, "Content-Length: %s is no length",
                        text_safe(shown, sizeof shown, value, strlen(value)));
    }
    if (a->content_length >= 0 && a->content_length != length) {
        return http_bad(s, HTTP_BAD_HEAD, "Content-Length: %lld and Content-Length: %lld",
                        (long long)a->content_length, (long long)length);
    }
    a->content_length = length;
    return HTTP_OK;
}

/* We ask for no coding, so that none but chunked is to be expected. */
static enum http_result take_coding(struct http_stream *s, struct http_answer *a, const char *value)
{
    const char *p;
    char shown[64];
    size_t len;

    for (p = next_token(&value, &len); len > 0; p = next_token(&value, &len)) {
        if (equal(p, len, "identity")) {
            continue;
        }
        if (!equal(p, len, "chunked") || a->chunked) {
            return http_bad(s, HTTP_CODING, "Transfer-Encoding: %s%s was not asked for",
                            text_safe(shown, sizeof shown, p, len), a->chunked ? " after chunked" : "");
        }
        a->chunked = true;
    }
    return HTTP_OK;
}

static void take_connection(struct http_answer *a, const char *value)
{
    const char *p;
    size_t len;

    for (p = next_token(&value, &len); len > 0; p = next_token(&value, &len)) {
        a->close = a->close || equal(p, len, "close");
        a->keep_alive = a->keep_alive || equal(p, len, "keep-alive");
    }
}

static enum http_result take_field(struct http_stream *s, struct http_answer *a)
{
    char *line = s->line, *value, shown[64];
    const char *colon = memchr(line, ':', s->line_len);
    size_t name = colon != NULL ? (size_t)(colon - line) : 0, end;

    if (!is_token(line, name)) { /* nothing may stand between name and colon: RFC 9112, 5.1 */
        return http_bad(s, HTTP_BAD_HEAD, "a line that is no header: %s",
                        text_safe(shown, sizeof shown, line, s->line_len));
    }
    for (end = s->line_len; end > name + 1 && (line[end - 1] == ' ' || line[end - 1] == '\t'); end--) {
    }
    line[end] = '\0';
    value = line + name + 1 + strspn(line + name + 1, " \t");
    if (equal(line, name, "content-length")) {
        return take_length(s, a, value);
    }
    if (equal(line, name, "transfer-encoding")) {
        return take_coding(s, a, value);
    }
    if (equal(line, name, "connection")) {
        take_connection(a, value);
    } else if (equal(line, name, "location") && a->location[0] == '\0') {
        snprintf(a->location, sizeof a->location, "%s", value);
    }
    return HTTP_OK;
}

/* A line that begins with blanks goes on with the one before: obs-fold, RFC 9112, 5.2. Into s->line. */
static enum http_result read_field(struct http_stream *s, struct http_answer *a)
{
    static const char too_large[] = "headers larger than %d bytes";
    char unfolded[HTTP_LINE_MAX];
    size_t len = 0;
    enum http_result r;
    int next;

    do {
        r = http_read_line(s);
        if (r != HTTP_OK) {
            return r;
        }
        if (!keep_line(s, a)) {
            return http_bad(s, HTTP_BAD_HEAD, too_large, HTTP_HEAD_MAX);
        }
        if (len + s->line_len >= sizeof unfolded) {
            return http_bad(s, HTTP_BAD_HEAD, "a header longer than %d bytes", HTTP_LINE_MAX - 1);
        }
        memcpy(unfolded + len, s->line, s->line_len);
        len += s->line_len;
        if (len == 0) {
            return HTTP_OK; /* the end of the head; what stands after it is the body */
        }
        next = http_peek(s);
    } while (next == ' ' || next == '\t');
    memcpy(s->line, unfolded, len);
    s->line[len] = '\0';
    s->line_len = len;
    return HTTP_OK;
}

/* --- The whole --- */

static enum http_result take_status(struct http_stream *s, struct http_answer *a)
{
    const char *p = s->line;
    char shown[64];

    if (strncmp(p, "HTTP/1.", 7) != 0 || p[7] < '0' || p[7] > '9' || p[8] != ' ') {
        return http_bad(s, HTTP_NOT_HTTP, "the answer is not HTTP/1.1: it begins with \"%s\"",
                        text_safe(shown, sizeof shown, p, s->line_len));
    }
    if (strspn(p + 9, "0123456789") != 3 || (p[12] != ' ' && p[12] != '\0') || p[9] == '0') {
        return http_bad(s, HTTP_NOT_HTTP, "a status that is none: \"%s\"",
                        text_safe(shown, sizeof shown, p, s->line_len));
    }
    a->status = 100 * (p[9] - '0') + 10 * (p[10] - '0') + (p[11] - '0');
    a->keep_alive = p[7] != '0';
    text_safe(a->reason, sizeof a->reason, p + 9, s->line_len - 9);
    if (a->status == 101) {
        return http_bad(s, HTTP_BAD_HEAD, "101 Switching Protocols, which was not asked for");
    }
    return HTTP_OK;
}

static void clear(struct http_answer *a, bool head)
{
    a->status = 0;
    a->head_len = 0;
    a->num_fields = 0;
    a->head_request = head;
    a->keep_alive = a->close = a->chunked = false;
    a->content_length = -1;
    a->location[0] = '\0';
}

/* Between status line and empty line. */
static enum http_result read_fields(struct http_stream *s, struct http_answer *a)
{
    enum http_result r;
    int first = http_peek(s);

    if (first == ' ' || first == '\t') {
        return http_bad(s, HTTP_BAD_HEAD, "blanks before the first header");
    }
    for (;;) {
        r = read_field(s, a);
        if (r != HTTP_OK || s->line_len == 0) {
            return r;
        }
        if (++a->num_fields > HTTP_FIELDS_MAX) {
            return http_bad(s, HTTP_BAD_HEAD, "more than %d headers", HTTP_FIELDS_MAX);
        }
        r = take_field(s, a);
        if (r != HTTP_OK) {
            return r;
        }
    }
}

static enum http_result read_one(struct http_stream *s, struct http_answer *a, bool head)
{
    enum http_result r = http_read_line(s);

    clear(a, head);
    if (r == HTTP_OK) {
        (void)keep_line(s, a); /* the first always fits */
        r = take_status(s, a);
    }
    return r == HTTP_OK ? read_fields(s, a) : r;
}

enum http_result http_read_head(struct http_stream *s, struct http_answer *a, bool head)
{
    enum http_result r;
    int interim = 0;

    s->total = s->len - s->pos;
    do {
        r = read_one(s, a, head);
        if (r == HTTP_OK && a->status < 200 && ++interim > HTTP_INTERIM_MAX) {
            return http_bad(s, HTTP_BAD_HEAD, "more than %d answers 1xx", HTTP_INTERIM_MAX);
        }
    } while (r == HTTP_OK && a->status < 200);
    if (a->close || (a->chunked && (a->content_length >= 0 || a->head[7] == '0'))) {
        a->keep_alive =
            false; /* somebody in between may have been fooled about the length: RFC 9112, 6.1 and 6.3 */
    }
    return r;
}
