#include "https_get/fetch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "https_get/output.h"
#include "https_get/progress.h"
#include "https_get/request.h"
#include "https_get/verbose.h"

#define DISCARD_MAX 1048576 /* of a body that nobody wants; a longer one costs the connection */

struct fetch {
    struct client *c;
    const struct options *o;
    struct url home, url; /* as given, and where the redirects have led */
    struct http_answer answer;
    struct output output;
    struct progress progress;
    char name[256]; /* for -O */
    char request[REQUEST_MAX];
    size_t request_len;
    int64_t asked_us;
};

/* --- Failures --- */

static int write_failed(struct fetch *f)
{
    int why = errno;

    return complain(f->o, EXIT_WRITE, "%s: %s", f->output.path != NULL ? f->output.path : "stdout",
                    strerror(why));
}

static int answer_failed(struct fetch *f, enum http_result r)
{
    const char *host = f->c->at.host, *error = f->c->stream.error;

    switch (r) {
    case HTTP_OK:
        return EXIT_OK;
    case HTTP_SOURCE_FAILED:
        return client_failed(f->c, EXIT_RECEIVE);
    case HTTP_SINK_FAILED:
        return write_failed(f);
    case HTTP_EMPTY:
        return complain(f->o, EXIT_EMPTY, "%s: the server closed the connection without an answer", host);
    case HTTP_TRUNCATED:
        return complain(f->o, EXIT_PARTIAL, "%s: the answer was cut short: %s", host, error);
    case HTTP_CODING:
        return complain(f->o, EXIT_CODING, "%s: %s", host, error);
    case HTTP_NOT_HTTP:
        return complain(f->o, EXIT_PROTOCOL, "%s: %s", host, error);
    case HTTP_BAD_CHUNK:
        return complain(f->o, EXIT_RECEIVE, "%s: malformed answer: %s", host, error);
    default:
        return complain(f->o, EXIT_BAD_ANSWER, "%s: malformed answer: %s", host, error);
    }
}

/* --- Asking --- */

static int connect_and_send(struct fetch *f)
{
    const char *early = f->o->early_data ? f->request : NULL;
    int code;

    (void)client_disconnect(f->c);
    code = client_connect(f->c, &f->url, early, f->request_len);
    if (code == EXIT_OK) {
        verbose_lines(f->o, '>', f->request, f->request_len);
        f->asked_us = steady_us();
        if (!f->c->early_sent && !client_send(f->c, f->request, f->request_len)) {
            code = client_failed(f->c, EXIT_SEND);
        }
    }
    return code;
}

/* On the connection that is there. False: it was gone before a byte of the answer came; a new one may do. */
static bool ask_again_on_it(struct fetch *f, enum http_result *r)
{
    struct client *c = f->c;

    verbose_note(f->o, "The connection to %s is used again", f->url.host);
    verbose_lines(f->o, '>', f->request, f->request_len);
    f->asked_us = steady_us();
    if (!client_send(c, f->request, f->request_len)) {
        *r = HTTP_SOURCE_FAILED;
        return c->late;
    }
    *r = http_read_head(&c->stream, &f->answer, f->o->head);
    return !(*r == HTTP_EMPTY || (*r == HTTP_SOURCE_FAILED && c->stream.total == 0 && !c->late));
}

/* The request goes out, and the head of the answer comes in. */
static int ask(struct fetch *f)
{
    enum http_result r;
    int code;

    f->request_len =
        request_make(f->request, sizeof f->request, f->o, &f->url, url_same_server(&f->home, &f->url));
    if (f->request_len == 0) {
        return complain(f->o, EXIT_USAGE, "the request is longer than %d bytes", REQUEST_MAX);
    }
    if (!client_alive(f->c, &f->url) || !ask_again_on_it(f, &r)) {
        code = connect_and_send(f);
        if (code != EXIT_OK) {
            return code;
        }
        r = http_read_head(&f->c->stream, &f->answer, f->o->head);
    }
    if (r != HTTP_OK) {
        return answer_failed(f, r);
    }
    verbose_note(f->o, "First byte after %.1f ms", (double)(f->c->first_byte_us - f->asked_us) / 1000);
    verbose_lines(f->o, '<', f->answer.head, f->answer.head_len);
    return EXIT_OK;
}

/* --- Bodies --- */

static bool keep(void *arg, const void *buf, size_t len)
{
    struct fetch *f = (struct fetch *)arg;

    if (!output_write(&f->output, buf, len)) {
        return false;
    }
    progress_add(&f->progress, len);
    return true;
}

static bool discard(void *arg, const void *buf, size_t len)
{
    size_t *total = (size_t *)arg;

    (void)buf;
    *total += len;
    return *total <= DISCARD_MAX;
}

static void on_idle(void *arg)
{
    progress_tick((struct progress *)arg);
}

static enum progress_kind progress_kind(const struct fetch *f)
{
    bool bar = isatty(STDERR_FILENO) != 0 && !output_is_terminal(&f->output);

    return f->o->silent || f->o->head || f->o->explain != EXPLAIN_NO ? PROGRESS_NONE
           : bar                                                     ? PROGRESS_BAR
           : f->o->progress                                          ? PROGRESS_LINES
                                                                     : PROGRESS_NONE;
}

static void begin_progress(struct fetch *f)
{
    char name[sizeof f->home.host];

    if (url_file_name(name, sizeof name, &f->home) == 0) {
        snprintf(name, sizeof name, "%s", f->home.host);
    }
    progress_begin(&f->progress, progress_kind(f), name, f->answer.content_length);
    if (f->answer.chunked) {
        f->progress.total = -1;
    }
    if (f->progress.kind == PROGRESS_BAR) {
        f->c->idle = on_idle;
        f->c->idle_arg = &f->progress;
    }
}

/* After a whole answer: the connection is kept if it may be. False: its end was not a clean one. */
static bool keep_connection(struct fetch *f)
{
    struct client *c = f->c;
    size_t more = c->stream.len - c->stream.pos;

    if (more > 0) {
        verbose_note(f->o, "The server sent %zu bytes more than its answer has", more);
    }
    return http_may_reuse(&c->stream, &f->answer) || client_disconnect(c);
}

static int take_body(struct fetch *f)
{
    struct client *c = f->c;
    enum http_result r;

    begin_progress(f);
    r = http_read_body(&c->stream, &f->answer, keep, f);
    c->idle = NULL;
    progress_end(&f->progress, r == HTTP_OK);
    if (r != HTTP_OK) {
        return answer_failed(f, r);
    }
    verbose_note(f->o, "%lld bytes after %.1f ms", (long long)f->progress.done,
                 (double)(steady_us() - c->begun_us) / 1000);
    if (!keep_connection(f) && http_ends_with_connection(&f->answer)) {
        return complain(
            f->o, EXIT_RECEIVE,
            "%s: the connection ended without close_notify, and nothing else marks the end of the body: "
            "it may have been cut short",
            c->at.host);
    }
    return EXIT_OK;
}

/* The body of a redirect, or of an error with -f. Whatever comes of it, the answer has been understood. */
static void drop_body(struct fetch *f)
{
    size_t total = 0;

    if (http_ends_with_connection(&f->answer) ||
        http_read_body(&f->c->stream, &f->answer, discard, &total) != HTTP_OK) {
        (void)client_disconnect(f->c);
    } else {
        (void)keep_connection(f);
    }
}

/* --- The whole --- */

static bool redirects(const struct fetch *f)
{
    int s = f->answer.status;

    return f->o->follow && f->answer.location[0] != '\0' &&
           (s == 301 || s == 302 || s == 303 || s == 307 || s == 308);
}

static int follow(struct fetch *f, int hops)
{
    const char *why;
    struct url next;
    enum url_result r = url_resolve(&next, &f->url, f->answer.location, &why);

    if (r != URL_OK) {
        return complain(f->o, r == URL_NOT_HTTPS ? EXIT_PROTOCOL : EXIT_URL, "%s redirects to %s: %s",
                        f->url.host, f->answer.location, why);
    }
    if (f->o->max_redirects >= 0 && hops >= f->o->max_redirects) {
        return complain(f->o, EXIT_REDIRECTS, "%s redirects once more, after %d redirects (--max-redirs)",
                        f->url.host, hops);
    }
    drop_body(f);
    verbose_note(f->o, "Redirected to https://%s%s%s%s", next.host, strcmp(next.port, "443") == 0 ? "" : ":",
                 strcmp(next.port, "443") == 0 ? "" : next.port, next.path);
    f->url = next;
    return EXIT_OK;
}

/* Until an answer is none that leads elsewhere. */
static int fetch_all(struct fetch *f)
{
    int code, hops;

    for (hops = 0;; hops++) {
        code = ask(f);
        if (code != EXIT_OK) {
            return code;
        }
        if (f->o->fail && f->answer.status >= 400) {
            drop_body(f);
            return complain(f->o, EXIT_HTTP_ERROR, "%s: the server answers %s", f->url.host,
                            f->answer.reason);
        }
        if ((f->o->head || f->o->include) && !output_write(&f->output, f->answer.head, f->answer.head_len)) {
            return write_failed(f);
        }
        if (!redirects(f)) {
            return take_body(f);
        }
        code = follow(f, hops);
        if (code != EXIT_OK) {
            return code;
        }
    }
}

static int open_output(struct fetch *f, const char *output)
{
    if (output == output_remote_name) {
        if (url_file_name(f->name, sizeof f->name, &f->home) == 0) {
            return complain(f->o, EXIT_WRITE, "-O: this URL has no file name: https://%s%s", f->home.host,
                            f->home.path);
        }
        output = f->name;
    }
    output_begin(&f->output, output);
    return EXIT_OK;
}

int fetch(struct client *c, const char *text, const char *output)
{
    static struct fetch f; /* large */
    const char *why;
    enum url_result r = url_parse(&f.home, text, &why);
    int code;

    f.c = c;
    f.o = c->o;
    if (r != URL_OK) {
        return complain(f.o, r == URL_NOT_HTTPS ? EXIT_PROTOCOL : EXIT_URL, "%s: %s%s", text, why,
                        r == URL_USER ? " (-H Authorization: is)" : "");
    }
    code = open_output(&f, output);
    if (code != EXIT_OK) {
        return code;
    }
    f.url = f.home;
    client_begin(c);
    code = fetch_all(&f);
    if (!output_close(&f.output, code == EXIT_OK) && code == EXIT_OK) {
        code = write_failed(&f);
    }
    if (code != EXIT_OK && code != EXIT_HTTP_ERROR) {
        (void)client_disconnect(c);
    }
    return code;
}
