/* https URLs: RFC 3986. */
#ifndef HTTPS_GET_URL_H
#define HTTPS_GET_URL_H

#include <stdbool.h>
#include <stddef.h>

struct url {
    char host[256]; /* without brackets */
    char port[8];
    char path[4096]; /* with the query; at least "/" */
};

/* False: *why says what is wrong. A missing scheme counts as https. */
bool url_parse(struct url *url, const char *text, const char **why);

/* Where a Location header leads, seen from base: absolute, "//host/path", "/path" or relative. */
bool url_resolve(struct url *url, const struct url *base, const char *location, const char **why);

/* "host" or "[v6]", with ":port" unless it is 443: as the Host header has it. */
void url_authority(char *out, size_t out_len, const struct url *url);

#endif
