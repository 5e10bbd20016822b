/* Where the body goes, and how far it has come. */
#ifndef HTTPS_GET_OUTPUT_H
#define HTTPS_GET_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct output {
    FILE *file;
    bool own;   /* to be closed */
    bool bar;   /* a bar on a terminal */
    bool lines; /* a line every 10 % */
    const char *name;
    int64_t total; /* expected; -1: not known */
    int64_t done;
    int64_t start_us, shown_us;
    int shown_tenths;
};

/* path NULL or "-": stdout. False: errno says why. */
bool output_open(struct output *o, const char *path, bool silent, bool progress);
void output_expect(struct output *o, const char *name, int64_t total);
bool output_write(void *output, const void *buf, size_t len);
/* Ends the bar, or the lines. */
void output_finish(struct output *o);
bool output_close(struct output *o);

int64_t steady_us(void);

#endif
