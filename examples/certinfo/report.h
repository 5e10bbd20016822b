/* What is found out about one input after the other, as text or as one JSON document. */
#ifndef CERTINFO_REPORT_H
#define CERTINFO_REPORT_H

#include <stdbool.h>
#include <time.h>
#include <tls.h>

#include "certinfo/options.h"
#include "certinfo/source.h"
#include "common/json.h"

struct report {
    const struct options *o;
    struct tls_config *config; /* NULL: nothing is judged */
    time_t now;
    bool colour;
    size_t num; /* inputs so far */
    struct json json;
};

void report_begin(struct report *r, const struct options *o, struct tls_config *config);
/* Judges an input that was read (or not), and tells all about it. Its exit code. */
int report_input(struct report *r, const struct source *s);
/* code: of all. */
void report_end(struct report *r, int code);

#endif
