/* -v: what a browser's security panel shows, and how it came about, on stderr. */
#ifndef HTTPS_GET_VERBOSE_H
#define HTTPS_GET_VERBOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <tls.h>

#include "common/url.h"
#include "https_get/options.h"

/* Each of them does nothing without -v. */
void verbose_connected(const struct options *o, struct tls *tls, const struct url *url);
void verbose_handshake(const struct options *o, struct tls *tls);
/* The handshake has failed: the paths that were tried, if it was for the certificate. */
void verbose_failed(const struct options *o, struct tls *tls);
/* Lines of a request or an answer, each after mark. */
void verbose_lines(const struct options *o, char mark, const char *text, size_t len);
void verbose_note(const struct options *o, const char *format, ...);

#endif
