/* HTTP/1.1 (RFC 9112): one request, one answer, over any stream. */
#ifndef HTTPS_GET_HTTP_H
#define HTTPS_GET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HTTP_HEADERS_MAX 65536

/* Bytes of the answer: 1 or more, 0 at the end, -1 after an error that the source has kept. */
typedef ssize_t (*http_source)(void *arg, void *buf, size_t len);
/* Takes bytes of the body; false stops. */
typedef bool (*http_sink)(void *arg, const void *buf, size_t len);

struct http_answer {
    int status;
    char headers[HTTP_HEADERS_MAX]; /* status line and headers as they came; ends with NUL */
    size_t headers_len;
    bool keep_alive, chunked;
    int64_t content_length; /* -1: not said */
    char location[4096];    /* "" : none */
};

enum http_result {
    HTTP_OK,
    HTTP_SOURCE_FAILED, /* the source returned -1 */
    HTTP_SINK_FAILED,
    HTTP_EMPTY,     /* not one byte */
    HTTP_TRUNCATED, /* ended in the middle */
    HTTP_MALFORMED  /* not HTTP: error says why */
};

struct http_stream {
    http_source source;
    void *source_arg;
    uint8_t buf[16384];
    size_t pos, len; /* bytes not yet used */
    uint64_t total;  /* bytes that came */
    const char *error;
};

void http_stream_init(struct http_stream *s, http_source source, void *arg);

/* Status line and headers; answers 1xx are passed over. */
enum http_result http_read_headers(struct http_stream *s, struct http_answer *a);

/* The body: by length, by chunks, or to the end (then *to_end). No body for HEAD, 204, 304. */
enum http_result http_read_body(struct http_stream *s, const struct http_answer *a, bool head, http_sink sink,
                                void *arg);

/* Could the body end with the connection? Then its end must be a clean one. */
bool http_ends_with_connection(const struct http_answer *a, bool head);

#endif
