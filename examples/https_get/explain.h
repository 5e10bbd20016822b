/* The connection as it happens, for people (--explain) and tools (--explain=json). */
#ifndef HTTPS_GET_EXPLAIN_H
#define HTTPS_GET_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <tls.h>

#include "https_get/diagram.h"
#include "https_get/document.h"
#include "https_get/facts.h"
#include "https_get/message.h"
#include "https_get/options.h"

/* Of one connection after the other. */
struct story {
    const struct options *o;
    bool open, reported; /* reported: the document of the last connection has its error */
    struct tls *tls;
    int64_t start_us, syn_us; /* of the last SYN */
    char addresses[512];      /* that the name has */
    struct asked asked;
    struct seen seen;
    struct facts facts; /* of the last message */
    int pending;        /* message_type() of what the server sent last, as long as nobody has judged it; -1 */
    struct diagram diagram;
    struct document document;
};

void explain_begin(struct story *e, const struct options *o);
/* A connection to this host is about to be begun. */
void explain_ask(struct story *e, const char *host, const char *port);
/* Before the connection: so that steps and messages are seen. */
void explain_attach(struct story *e, struct tls_config *config);
/* The handshake is complete. */
void explain_established(struct story *e);
/*
 * The connection is over: what is left to be said. Before tls_free(). error: NULL: none. True: people have
 * been told of it, and need not be again.
 */
bool explain_end(struct story *e, struct tls *tls, const char *error);
/* For tools: what went wrong without a connection. */
void explain_complaint(struct story *e);

#endif
