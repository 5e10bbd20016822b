/* Where a body goes: a file, or stdout. */
#ifndef HTTPS_GET_OUTPUT_H
#define HTTPS_GET_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output {
    const char *path; /* NULL: stdout */
    int fd;           /* -1: not open yet */
};

/* path NULL or "-": stdout. A file is made when there is something to write, or by output_close(). */
void output_begin(struct output *o, const char *path);
/* False: errno says why. Nothing is buffered. */
bool output_write(struct output *o, const void *buf, size_t len);
/* complete: a file that got nothing is made too. */
bool output_close(struct output *o, bool complete);
bool output_is_terminal(const struct output *o);

int64_t steady_us(void);

#endif
