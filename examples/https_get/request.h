/* The request as text. */
#ifndef HTTPS_GET_REQUEST_H
#define HTTPS_GET_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "common/url.h"
#include "https_get/options.h"

#define REQUEST_MAX 65536

/*
 * Its length; 0: longer than cap. home: the server that the user named. Others, to which redirects lead, do
 * not get Authorization, Cookie and Host of -H.
 */
size_t request_make(char *out, size_t cap, const struct options *o, const struct url *url, bool home);

/* Can this line of -H stand in a request? */
bool request_header_ok(const char *line);

#endif
