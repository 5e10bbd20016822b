/* The connection as it happens, for people (--explain) and tools (--explain=json). */
#ifndef HTTPS_GET_EXPLAIN_H
#define HTTPS_GET_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tls.h>

#include "https_get/diagram.h"
#include "https_get/options.h"

struct story {
    const struct options *o;
    int64_t start_us;
    struct diagram diagram;
};

void explain_begin(struct story *e, const struct options *o);
/* Before the connection: so that messages are seen. */
void explain_attach(struct story *e, struct tls_config *config);
void explain_connected(struct story *e, struct tls *tls);
/* The connection is over: what is left to be said. Before tls_free(). */
void explain_end(struct story *e, struct tls *tls, const char *error);

#endif
