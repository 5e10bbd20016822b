/*
 * Fuzzes https_get's HTTP and URLs. The first byte of the input says what the rest is: 0: a URL; 1: where a
 * redirection leads; else an answer, that many bytes at a time, to a HEAD if it is odd.
 */
#include <stdio.h>

#include "common/url.h"
#include "fuzz/fuzz.h"
#include "https_get/http.h"

static void check_url(const struct url *u)
{
    static struct url again;
    char authority[300];
    static char text[9000];
    const char *why = NULL;

    check(u->host[0] != '\0' && u->port[0] != '\0' && u->path[0] == '/');
    check(strpbrk(u->path, " \r\n\t") == NULL && strpbrk(u->host, " \r\n\t/?#@") == NULL);
    url_authority(authority, sizeof authority, u);
    check(snprintf(text, sizeof text, "https://%s%s", authority, u->path) < (int)sizeof text);
    check(url_parse(&again, text, &why) == URL_OK && url_same_server(&again, u));
    check(strcmp(again.path, u->path) == 0);
}

static void fuzz_url(const char *text, bool redirect)
{
    static struct url base, u;
    const char *why = NULL;
    char name[64];
    enum url_result r;

    check(url_parse(&base, "https://example.com/a/b?c", &why) == URL_OK);
    r = redirect ? url_resolve(&u, &base, text, &why) : url_parse(&u, text, &why);
    if (r == URL_OK) {
        check_url(&u);
        check(url_file_name(name, sizeof name, &u) < sizeof name);
    } else {
        check(why != NULL);
    }
}

struct input {
    const uint8_t *p;
    size_t left, step;
};

static ssize_t give(void *arg, void *buf, size_t len)
{
    struct input *in = arg;
    size_t n = len < in->step ? len : in->step;

    n = n < in->left ? n : in->left;
    if (n != 0) {
        memcpy(buf, in->p, n);
    }
    in->p += n;
    in->left -= n;
    return (ssize_t)n;
}

static bool take(void *arg, const void *buf, size_t len)
{
    size_t *total = arg;

    (void)buf;
    *total += len;
    return true;
}

static void fuzz_answers(struct input in, bool head)
{
    static struct http_stream s;
    static struct http_answer a;
    size_t size = in.left, total;
    enum http_result r;

    http_stream_init(&s, give, &in);
    do {
        total = 0;
        r = http_read_head(&s, &a, head);
        if (r == HTTP_OK) {
            check(a.status >= 100 && a.status <= 999 && a.head_len <= sizeof a.head);
            check(a.content_length >= -1);
            r = http_read_body(&s, &a, take, &total);
            check(total <= size);
            check(r != HTTP_OK || a.chunked || http_has_no_body(&a) || a.content_length < 0 ||
                  total == (size_t)a.content_length);
        }
        check(memchr(s.error, 0, sizeof s.error) != NULL);
    } while (r == HTTP_OK && http_may_reuse(&s, &a) && in.left != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;
    char *text;

    if (size < 2) {
        return 0;
    }
    if (data[0] < 2) {
        text = malloc(size);
        check(text != NULL);
        memcpy(text, data + 1, size - 1);
        text[size - 1] = '\0';
        fuzz_url(text, data[0] == 1);
        free(text);
        return 0;
    }
    in.p = data + 1;
    in.left = size - 1;
    in.step = data[0];
    fuzz_answers(in, data[0] % 2 == 1);
    return 0;
}
