/* Whole files in memory. */
#ifndef T99_API_FILE_H
#define T99_API_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/env.h"

#define T99_FILE_MAX ((size_t)64 << 20) /* no bundle or key comes near */

/*
 * Reads to the end (pipes too). Memory of env, *alloc_len bytes of it, *len of them read; one byte more is
 * zero. NULL: errno says why (EFBIG: too large; ENOMEM).
 */
uint8_t *t99_file_read(const struct t99_env *env, const char *path, size_t *alloc_len,
                       size_t *len) T99_MUST_CHECK;
uint8_t *t99_file_read_fd(const struct t99_env *env, int fd, size_t *alloc_len, size_t *len) T99_MUST_CHECK;

#endif
