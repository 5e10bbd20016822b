/* https URLs: RFC 3986. */
#ifndef COMMON_URL_H
#define COMMON_URL_H

#include <stdbool.h>
#include <stddef.h>

#define URL_PATH_MAX 8192

struct url {
    char host[256]; /* lower case, without brackets */
    char port[8];
    char path[URL_PATH_MAX]; /* with the query, without dot segments; at least "/" */
};

enum url_result {
    URL_OK,
    URL_MALFORMED,
    URL_NOT_HTTPS, /* another scheme */
    URL_USER       /* a user's name, and perhaps a password, before the host */
};

/* *why says what is wrong. A missing scheme counts as https. */
enum url_result url_parse(struct url *url, const char *text, const char **why);

/* Where a Location header leads, seen from base: RFC 3986, 5.2. What is no URL's character gets escaped. */
enum url_result url_resolve(struct url *url, const struct url *base, const char *location, const char **why);

/* "host" or "[v6]", with ":port" unless it is 443: as the Host header has it. */
void url_authority(char *out, size_t out_len, const struct url *url);

bool url_same_server(const struct url *a, const struct url *b);

/* The last part of the path, without the query: for a file's name. Its length; 0: there is none. */
size_t url_file_name(char *out, size_t out_len, const struct url *url);

#endif
