#include "common/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ALPHA "abcdefghijklmnopqrstuvwxyz"
#define DIGIT "0123456789"
#define ALPHA_BIG "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static enum url_result malformed(const char **why, const char *what)
{
    *why = what;
    return URL_MALFORMED;
}

/* --- Paths --- */

/* Takes the last segment off, with its slash: "/a/b" becomes "/a". */
static size_t up(const char *out, size_t n)
{
    while (n > 0 && out[n - 1] != '/') {
        n--;
    }
    return n > 0 ? n - 1 : 0;
}

/* RFC 3986, 5.2.4, in place; the len bytes before a query, which start with a slash. Returns what is left. */
static size_t remove_dots(char *path, size_t len)
{
    size_t in = 0, n = 0, segment;
    bool last;

    while (in < len) {
        const char *slash = memchr(path + in + 1, '/', len - in - 1);

        segment = slash != NULL ? (size_t)(slash - (path + in)) : len - in; /* with the slash before it */
        last = slash == NULL;
        if ((segment == 2 && memcmp(path + in, "/.", 2) == 0) ||
            (segment == 3 && memcmp(path + in, "/..", 3) == 0)) {
            n = segment == 3 ? up(path, n) : n;
            if (last) {
                path[n++] = '/';
            }
        } else {
            memmove(path + n, path + in, segment);
            n += segment;
        }
        in += segment;
    }
    return n;
}

/* Up to a fragment, which is for the reader alone. No space and no control character gets into a request. */
static enum url_result set_path(struct url *url, const char *p, const char **why)
{
    size_t n = 0, len, query;
    const char *end = p + strcspn(p, "#");

    if (p == end || *p == '?') {
        url->path[n++] = '/';
    }
    for (; p < end; p++) {
        unsigned char c = (unsigned char)*p;

        if (n + 4 > sizeof url->path) {
            return malformed(why, "longer than 8191 bytes");
        }
        if (c < 0x20 || c == 0x7f) {
            return malformed(why, "a control character in it");
        }
        n += (size_t)snprintf(url->path + n, 4, c > 0x20 && c < 0x80 ? "%c" : "%%%02X", c);
    }
    url->path[n] = '\0';
    query = strcspn(url->path, "?");
    len = remove_dots(url->path, query);
    memmove(url->path + len, url->path + query, n - query + 1);
    return URL_OK;
}

/* --- The server --- */

static enum url_result set_host(struct url *url, const char *p, size_t len, bool brackets, const char **why)
{
    static const char name[] = ALPHA ALPHA_BIG DIGIT ".-_~", address[] = "abcdefABCDEF" DIGIT ":.%" ALPHA;
    size_t i;

    if (len == 0) {
        return malformed(why, "no host");
    }
    if (len >= sizeof url->host) {
        return malformed(why, "a host longer than 255 bytes");
    }
    for (i = 0; i < len; i++) {
        if (p[i] == '\0' || strchr(brackets ? address : name, p[i]) == NULL) {
            return malformed(why, (unsigned char)p[i] >= 0x80
                                      ? "a host that is not ASCII: write it in its xn-- form"
                                      : "a character that no host has");
        }
        url->host[i] = (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] + 32 : p[i]);
    }
    url->host[len] = '\0';
    return URL_OK;
}

/* Digits after the colon; none: 443. */
static enum url_result set_port(struct url *url, const char *p, size_t len, const char **why)
{
    long number = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return malformed(why, "a port that is no number");
        }
        number = number > 65535 ? number : 10 * number + (p[i] - '0');
    }
    if (len > 0 && (number < 1 || number > 65535)) {
        return malformed(why, "a port that is not between 1 and 65535");
    }
    snprintf(url->port, sizeof url->port, "%ld", len > 0 ? number : 443L);
    return URL_OK;
}

static enum url_result set_authority(struct url *url, const char *p, size_t len, const char **why)
{
    const char *end = p + len, *host_end, *port;
    bool brackets = len > 0 && *p == '[';
    enum url_result r;

    if (memchr(p, '@', len) != NULL) {
        *why = "user names and passwords are not taken from URLs";
        return URL_USER;
    }
    if (brackets) {
        p++;
        host_end = memchr(p, ']', len - 1);
        if (host_end == NULL) {
            return malformed(why, "a bracket is missing");
        }
        if (memchr(p, ':', (size_t)(host_end - p)) == NULL) {
            return malformed(why, "no IPv6 address in the brackets");
        }
        port = host_end + 1;
        if (port < end && *port != ':') {
            return malformed(why, "something else than a port after the bracket");
        }
    } else {
        host_end = memchr(p, ':', len);
        host_end = host_end != NULL ? host_end : end;
        port = host_end;
    }
    r = set_host(url, p, (size_t)(host_end - p), brackets, why);
    return r != URL_OK   ? r
           : port == end ? set_port(url, port, 0, why)
                         : set_port(url, port + 1, (size_t)(end - port - 1), why);
}

/* --- Whole URLs --- */

/* Length of "https" in "https://..."; 0: no scheme. */
static size_t scheme_length(const char *text)
{
    size_t n = strspn(text, ALPHA ALPHA_BIG DIGIT "+-.");

    return strncmp(text + n, "://", 3) == 0 ? n : 0;
}

enum url_result url_parse(struct url *url, const char *text, const char **why)
{
    size_t scheme = scheme_length(text), len;
    enum url_result r;

    *why = NULL;
    if (scheme != 0 && (scheme != 5 || strncasecmp(text, "https", 5) != 0)) {
        *why = "only https is spoken";
        return URL_NOT_HTTPS;
    }
    text += scheme != 0 ? scheme + 3 : 0;
    if (strchr(text, ' ') != NULL) {
        return malformed(why, "a space in it");
    }
    len = strcspn(text, "/?#");
    r = set_authority(url, text, len, why);
    return r == URL_OK ? set_path(url, text + len, why) : r;
}

/* A reference without a scheme and a server: RFC 3986, 5.2.2 and 5.2.3. */
static enum url_result join_path(struct url *url, const struct url *base, const char *reference,
                                 const char **why)
{
    char text[3 * URL_PATH_MAX]; /* a reference of url_resolve(), behind a path */
    size_t query = strcspn(base->path, "?"), keep = query;

    if (strlen(reference) >= URL_PATH_MAX) {
        return malformed(why, "longer than 8191 bytes");
    }
    if (*reference == '\0' || *reference == '#') {
        keep = strlen(base->path);
    } else if (*reference != '?') {
        while (keep > 0 && base->path[keep - 1] != '/') {
            keep--;
        }
    }
    snprintf(text, sizeof text, "%.*s%s", *reference == '/' ? 0 : (int)keep, base->path, reference);
    return set_path(url, text, why);
}

enum url_result url_resolve(struct url *url, const struct url *base, const char *location, const char **why)
{
    static const char scheme[] = ALPHA ALPHA_BIG DIGIT "+-.";
    char text[2 * URL_PATH_MAX] = "";
    size_t i, n = 0;

    *why = NULL;
    for (i = 0; location[i] != '\0' && n + 4 < sizeof text;
         i++) { /* servers send spaces, and browsers take them */
        unsigned char c = (unsigned char)location[i];

        n += (size_t)snprintf(text + n, 4, c != 0x20 && c < 0x80 ? "%c" : "%%%02X", c);
    }
    text[n] = '\0';
    if (location[i] != '\0') {
        return malformed(why, "longer than 16380 bytes");
    }
    if (scheme_length(text) != 0) {
        return url_parse(url, text, why);
    }
    if (text[0] != ':' &&
        text[strspn(text, scheme)] == ':') { /* "mailto:x"; "a:b" is no relative path either */
        *why = "only https is spoken";
        return URL_NOT_HTTPS;
    }
    if (strncmp(text, "//", 2) == 0) {
        return url_parse(url, text + 2, why);
    }
    *url = *base;
    return join_path(url, base, text, why);
}

void url_authority(char *out, size_t out_len, const struct url *url)
{
    bool v6 = strchr(url->host, ':') != NULL, usual = strcmp(url->port, "443") == 0;

    snprintf(out, out_len, "%s%s%s%s%s", v6 ? "[" : "", url->host, v6 ? "]" : "", usual ? "" : ":",
             usual ? "" : url->port);
}

bool url_same_server(const struct url *a, const struct url *b)
{
    return strcmp(a->host, b->host) == 0 && strcmp(a->port, b->port) == 0;
}

size_t url_file_name(char *out, size_t out_len, const struct url *url)
{
    size_t end = strcspn(url->path, "?"), start = end, len;

    while (start > 0 && url->path[start - 1] != '/') {
        start--;
    }
    len = end - start < out_len ? end - start : out_len - 1;
    memcpy(out, url->path + start, len);
    out[len] = '\0';
    return len;
}
