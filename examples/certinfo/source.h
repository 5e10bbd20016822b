/* Where certificates come from: a file, stdin, a server. */
#ifndef CERTINFO_SOURCE_H
#define CERTINFO_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certinfo/options.h"
#include "common/url.h"

enum source_kind { SOURCE_FILE, SOURCE_STDIN, SOURCE_SERVER };

struct source {
    const char *name; /* as on the command line */
    enum source_kind kind;
    uint8_t *bytes; /* PEM with any text around it, or DER */
    size_t len;
    char error[2048]; /* a sentence */

    /* Of a server: */
    struct url url;
    char address[64], version[16];
};

/* False: s->error says why; with certificates nevertheless if a server sent them and failed then. */
bool source_read(struct source *s, const struct options *o, const char *name);
void source_free(struct source *s);

/* For s->error. Always false. */
bool source_fail(struct source *s, const char *format, ...);

#endif
