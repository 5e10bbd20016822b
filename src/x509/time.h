/* Times of certificates (RFC 5280, 4.1.2.5): text to seconds since 1970. */
#ifndef T99_X509_TIME_H
#define T99_X509_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"

/*
 * "YYMMDDHHMMSSZ" if two_digits (1950 to 2049), else "YYYYMMDDHHMMSSZ". False: not such a time, or no such
 * day.
 */
bool t99_time_parse(int64_t *seconds, struct t99_span text, bool two_digits) T99_MUST_CHECK;

#endif
