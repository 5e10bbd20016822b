/* Decompression of zlib streams (RFC 1950, RFC 1951) into memory of known size, bounded in time and space. */
#ifndef T99_BASE_INFLATE_H
#define T99_BASE_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * True if the len bytes at in are one whole zlib stream that gives exactly out_len bytes, with the right
 * Adler-32 and nothing left over. out may hold anything after a failure. No preset dictionaries.
 */
bool t99_inflate_zlib(uint8_t *out, size_t out_len, const uint8_t *in, size_t len) T99_MUST_CHECK;

#endif
