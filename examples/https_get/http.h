/* HTTP/1.1 (RFC 9112): one answer after the other, over any stream, however hostile the server. */
#ifndef HTTPS_GET_HTTP_H
#define HTTPS_GET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HTTP_LINE_MAX 32768 /* of one line */
#define HTTP_HEAD_MAX 131072
#define HTTP_FIELDS_MAX 500
#define HTTP_INTERIM_MAX 32 /* answers 1xx before the one that counts */

/* Bytes of the answer: 1 or more, 0 at the end, -1 after an error that the source has kept. */
typedef ssize_t (*http_source)(void *arg, void *buf, size_t len);
/* Takes bytes of the body; false stops. */
typedef bool (*http_sink)(void *arg, const void *buf, size_t len);

struct http_answer {
    int status;
    char reason[64];          /* for messages: cut, and printable */
    char head[HTTP_HEAD_MAX]; /* status line and fields as they came, lines ending with CRLF */
    size_t head_len;
    unsigned num_fields;
    bool head_request; /* it answers a HEAD: no body */
    bool keep_alive, close, chunked;
    int64_t content_length;       /* -1: not said */
    char location[HTTP_LINE_MAX]; /* "" : none */
};

enum http_result {
    HTTP_OK,
    HTTP_SOURCE_FAILED, /* the source returned -1 */
    HTTP_SINK_FAILED,
    HTTP_EMPTY,     /* not one byte */
    HTTP_TRUNCATED, /* ended in the middle: error says where */
    HTTP_NOT_HTTP,  /* the first line is none of HTTP/1.x: error says why */
    HTTP_CODING,    /* a Transfer-Encoding that nobody asked for; likewise */
    HTTP_BAD_HEAD,  /* likewise */
    HTTP_BAD_CHUNK  /* likewise */
};

struct http_stream {
    http_source source;
    void *source_arg;
    uint8_t buf[16384];
    size_t pos, len;          /* bytes not yet used */
    uint64_t total;           /* bytes that came of this answer */
    char line[HTTP_LINE_MAX]; /* the last one */
    size_t line_len;
    char error[256];
};

void http_stream_init(struct http_stream *s, http_source source, void *arg);

/* Status line and fields; answers 1xx are passed over. head: the request was a HEAD. */
enum http_result http_read_head(struct http_stream *s, struct http_answer *a, bool head);

/* The body: by length, by chunks, or to the end. */
enum http_result http_read_body(struct http_stream *s, const struct http_answer *a, http_sink sink,
                                void *arg);

/* Has it no body, by its status or its request? */
bool http_has_no_body(const struct http_answer *a);

/* Does only the end of the connection end the body? Then that must be a clean one. */
bool http_ends_with_connection(const struct http_answer *a);

/* After the body: may the connection be used again? Not if bytes came that nobody asked for. */
bool http_may_reuse(const struct http_stream *s, const struct http_answer *a);

/* --- for http.c and http_head.c --- */

/* The next line into s->line, without its end. */
enum http_result http_read_line(struct http_stream *s);
enum http_result http_bad(struct http_stream *s, enum http_result result, const char *format, ...);
/* The byte that comes next stays: -1 at the end, -2 if the source failed. */
int http_peek(struct http_stream *s);

#endif
