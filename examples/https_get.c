/* Fetches https URLs, and shows how each connection came about. Options and exit codes: see https_get(1). */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "https_get/client.h"
#include "https_get/output.h"
#include "https_get/verbose.h"

#define MAX_REDIRECTS 50
#define REQUEST_MAX 16384

/* --- --max-time: the process ends where it stands --- */

static void on_alarm(int signal_number)
{
    static const char text[] = "https_get: the time given by --max-time is over\n";

    (void)signal_number;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) {
        _exit(EXIT_TIMEOUT);
    }
    _exit(EXIT_TIMEOUT);
}

static void set_deadline(double seconds)
{
    struct sigaction action;
    struct itimerval timer;

    if (seconds <= 0) {
        return;
    }
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, NULL);
    memset(&timer, 0, sizeof timer);
    timer.it_value.tv_sec = (time_t)seconds;
    timer.it_value.tv_usec = (suseconds_t)((seconds - (double)timer.it_value.tv_sec) * 1e6);
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* --- One request --- */

static bool has_header(const struct options *o, const char *name)
{
    size_t i;

    for (i = 0; i < o->num_headers; i++) {
        if (strncmp(o->headers[i], name, strlen(name)) == 0) {
            return true;
        }
    }
    return false;
}

/* Its length; 0: too long. */
static size_t make_request(char *out, size_t cap, const struct options *o, const struct url *url)
{
    char authority[sizeof url->host + 16];
    size_t n, i;

    url_authority(authority, sizeof authority, url);
    n = (size_t)snprintf(out, cap, "%s %s HTTP/1.1\r\n", o->head ? "HEAD" : "GET", url->path);
    if (!has_header(o, "Host:")) {
        n += (size_t)snprintf(out + n, cap - n, "Host: %s\r\n", authority);
    }
    if (!has_header(o, "User-Agent:")) {
        n += (size_t)snprintf(out + n, cap - n, "User-Agent: https_get (tls99)\r\n");
    }
    if (!has_header(o, "Accept:")) {
        n += (size_t)snprintf(out + n, cap - n, "Accept: */*\r\n");
    }
    for (i = 0; i < o->num_headers; i++) {
        if (n + strlen(o->headers[i]) + 5 > cap) {
            return 0;
        }
        n += (size_t)snprintf(out + n, cap - n, "%s\r\n", o->headers[i]);
    }
    if (n + 3 > cap) {
        return 0;
    }
    return n + (size_t)snprintf(out + n, cap - n, "\r\n");
}

static int http_failed(struct client *c, enum http_result r)
{
    switch (r) {
    case HTTP_OK:
        return EXIT_OK;
    case HTTP_SOURCE_FAILED:
        return client_read_failed(c);
    case HTTP_SINK_FAILED:
        return complain(c->o, EXIT_WRITE, "writing the body: %s", strerror(errno));
    case HTTP_EMPTY:
        return complain(c->o, EXIT_EMPTY, "%s: the server closed without an answer", c->at.host);
    case HTTP_TRUNCATED:
        return complain(c->o, EXIT_PARTIAL, "%s: the answer was cut short", c->at.host);
    default:
        return complain(c->o, EXIT_BAD_ANSWER, "%s: %s", c->at.host, c->stream.error);
    }
}

static bool same_server(const struct url *a, const struct url *b)
{
    return strcmp(a->host, b->host) == 0 && strcmp(a->port, b->port) == 0;
}

static bool discard(void *arg, const void *buf, size_t len)
{
    (void)arg;
    (void)buf;
    (void)len;
    return true;
}

static void show_answer(struct client *c, const struct http_answer *a, int64_t asked_us)
{
    verbose_note(c->o, "First byte after %.1f ms", (double)(steady_us() - asked_us) / 1000);
    verbose_lines(c->o, '<', a->headers, a->headers_len);
}

/* A connection that is still there is used again; one that turns out to be closed is made anew. */
static int ask(struct client *c, const struct url *url, struct http_answer *answer)
{
    char request[REQUEST_MAX];
    size_t len = make_request(request, sizeof request, c->o, url);
    bool reused = c->tls != NULL && same_server(&c->at, url);
    enum http_result r;
    int64_t asked_us;
    int code;

    if (len == 0) {
        return complain(c->o, EXIT_USAGE, "the request is too long");
    }
    for (;;) {
        if (!reused) {
            (void)client_disconnect(c);
            code = client_connect(c, url, c->o->early_data ? request : NULL, len);
            if (code != EXIT_OK) {
                return code;
            }
        }
        asked_us = steady_us();
        code = !reused && c->early_sent ? EXIT_OK : client_send(c, request, len);
        r = code == EXIT_OK ? http_read_headers(&c->stream, answer) : HTTP_EMPTY;
        if (reused && (code != EXIT_OK || r == HTTP_EMPTY)) {
            reused = false;
            continue;
        }
        break;
    }
    if (code != EXIT_OK) {
        return code;
    }
    if (r != HTTP_OK) {
        return http_failed(c, r);
    }
    show_answer(c, answer, asked_us);
    return EXIT_OK;
}

static bool redirects(const struct options *o, const struct http_answer *a)
{
    return o->follow && a->location[0] != '\0' &&
           (a->status == 301 || a->status == 302 || a->status == 303 || a->status == 307 || a->status == 308);
}

/* The body into the output; the connection is kept if it may be. */
static int take_body(struct client *c, const struct http_answer *a, struct output *out, bool wanted)
{
    enum http_result r;
    bool clean = true;

    if (wanted && c->o->head) {
        fwrite(a->headers, 1, a->headers_len, out->file);
    }
    if (wanted) {
        output_expect(out, c->at.host, a->content_length);
    }
    r = http_read_body(&c->stream, a, c->o->head, wanted ? output_write : discard, out);
    if (wanted && !c->o->head) {
        output_finish(out);
    }
    if (r != HTTP_OK) {
        return http_failed(c, r);
    }
    if (http_ends_with_connection(a, c->o->head) || !a->keep_alive) {
        clean = client_disconnect(c);
    }
    if (!clean && http_ends_with_connection(a, c->o->head)) {
        return complain(c->o, EXIT_PARTIAL,
                        "%s: the connection ended without close_notify: the body may be cut short",
                        c->at.host);
    }
    return EXIT_OK;
}

static int fetch(struct client *c, const char *text, struct output *out)
{
    static struct http_answer answer; /* 64 KB: too much for some stacks */
    struct url url, next;
    const char *why;
    int code, hops;

    if (!url_parse(&url, text, &why)) {
        return complain(c->o, EXIT_URL, "%s: %s", text, why);
    }
    for (hops = 0;; hops++) {
        code = ask(c, &url, &answer);
        if (code != EXIT_OK) {
            return code;
        }
        if (!redirects(c->o, &answer)) {
            return take_body(c, &answer, out, true);
        }
        if (hops == MAX_REDIRECTS) {
            return complain(c->o, EXIT_REDIRECTS, "more than %d redirects", MAX_REDIRECTS);
        }
        if (!url_resolve(&next, &url, answer.location, &why)) {
            return complain(c->o, EXIT_URL, "redirect to %s: %s", answer.location, why);
        }
        code = take_body(c, &answer, out, false);
        if (code != EXIT_OK) {
            return code;
        }
        url = next;
    }
}

int main(int argc, char **argv)
{
    static struct options o;
    static struct client c;
    struct output out;
    bool done = false;
    int code, first = EXIT_OK;
    size_t i;

    if (!options_parse(&o, argc, argv, &done)) {
        return EXIT_USAGE;
    }
    if (done) {
        return EXIT_OK;
    }
    set_deadline(o.max_time);
    if (!output_open(&out, o.output, o.silent, o.progress)) {
        return complain(&o, EXIT_WRITE, "%s: %s", o.output, strerror(errno));
    }
    code = client_open(&c, &o);
    for (i = 0; code == EXIT_OK && i < o.num_urls; i++) {
        int one = fetch(&c, o.urls[i], &out);

        first = first == EXIT_OK ? one : first;
        if (one != EXIT_OK) {
            (void)client_disconnect(&c);
        }
    }
    client_close(&c);
    if (!output_close(&out) && first == EXIT_OK) {
        first = complain(&o, EXIT_WRITE, "writing the body: %s", strerror(errno));
    }
    return code != EXIT_OK ? code : first;
}
