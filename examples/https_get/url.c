#include "https_get/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool copy(char *out, size_t cap, const char *p, size_t len)
{
    if (len >= cap) {
        return false;
    }
    memcpy(out, p, len);
    out[len] = '\0';
    return true;
}

/* No spaces and no control characters may get into a request. */
static bool clean(const char *p)
{
    for (; *p != '\0'; p++) {
        if ((unsigned char)*p <= 0x20 || *p == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool set_path(struct url *url, const char *p, const char **why)
{
    size_t len = strcspn(p, "#"); /* a fragment is for the reader alone */

    if (len == 0 || p[0] == '?') {
        if (len + 2 > sizeof url->path) {
            *why = "too long";
            return false;
        }
        url->path[0] = '/';
        memcpy(url->path + 1, p, len);
        url->path[1 + len] = '\0';
        return true;
    }
    if (!copy(url->path, sizeof url->path, p, len)) {
        *why = "too long";
        return false;
    }
    return true;
}

static bool set_authority(struct url *url, const char *p, size_t len, const char **why)
{
    const char *end = p + len, *host_end, *port = NULL;
    long number;

    if (memchr(p, '@', len) != NULL) {
        *why = "user names are not supported";
        return false;
    }
    if (len > 0 && p[0] == '[') {
        host_end = memchr(p, ']', len);
        if (host_end == NULL) {
            *why = "a bracket is missing";
            return false;
        }
        p++;
        port = host_end + 1 < end ? host_end + 1 : NULL;
    } else {
        host_end = memchr(p, ':', len);
        port = host_end;
        host_end = host_end != NULL ? host_end : end;
    }
    if (host_end == p || !copy(url->host, sizeof url->host, p, (size_t)(host_end - p))) {
        *why = host_end == p ? "no host" : "host too long";
        return false;
    }
    strcpy(url->port, "443");
    if (port != NULL && port + 1 < end) {
        if (*port != ':' || !copy(url->port, sizeof url->port, port + 1, (size_t)(end - port - 1)) ||
            url->port[strspn(url->port, "0123456789")] != '\0') {
            *why = "not a port";
            return false;
        }
        number = strtol(url->port, NULL, 10);
        if (number < 1 || number > 65535) {
            *why = "not a port";
            return false;
        }
    }
    return true;
}

bool url_parse(struct url *url, const char *text, const char **why)
{
    const char *p = strstr(text, "://");
    size_t len;

    *why = NULL;
    if (!clean(text)) {
        *why = "a space or control character in it";
        return false;
    }
    if (p != NULL && p == text + strcspn(text, ":/?#")) {
        if (p - text != 5 || strncasecmp(text, "https", 5) != 0) {
            *why = "only https is spoken";
            return false;
        }
        text = p + 3;
    }
    len = strcspn(text, "/?#");
    return set_authority(url, text, len, why) && set_path(url, text + len, why);
}

bool url_resolve(struct url *url, const struct url *base, const char *location, const char **why)
{
    char text[sizeof url->path + 32];
    const char *slash;

    *why = NULL;
    if (strstr(location, "://") != NULL && strcspn(location, ":") < strcspn(location, "/?#")) {
        return url_parse(url, location, why);
    }
    if (!clean(location)) {
        *why = "a space or control character in it";
        return false;
    }
    if (strncmp(location, "//", 2) == 0) {
        return url_parse(url, location + 2, why);
    }
    *url = *base;
    if (location[0] == '/') {
        return set_path(url, location, why);
    }
    slash = strrchr(base->path, '/');
    if (strchr(base->path, '?') != NULL && slash > strchr(base->path, '?')) {
        slash = base->path;
    }
    if (snprintf(text, sizeof text, "%.*s/%s", (int)(slash - base->path), base->path, location) >=
        (int)sizeof text) {
        *why = "too long";
        return false;
    }
    return set_path(url, text, why);
}

void url_authority(char *out, size_t out_len, const struct url *url)
{
    bool v6 = strchr(url->host, ':') != NULL, usual = strcmp(url->port, "443") == 0;

    snprintf(out, out_len, "%s%s%s%s%s", v6 ? "[" : "", url->host, v6 ? "]" : "", usual ? "" : ":",
             usual ? "" : url->port);
}
