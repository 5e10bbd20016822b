/* --explain=json: one document a connection on stderr, as things happen. See explain.schema.json. */
#ifndef HTTPS_GET_DOCUMENT_H
#define HTTPS_GET_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <tls.h>

#include "common/json.h"
#include "https_get/facts.h"
#include "https_get/message.h"

/* Whom to talk to. */
struct asked {
    char host[256], port[8], address[64]; /* the address tried last; empty: none was, or no such thing */
};

struct document {
    struct json json;
    bool in_message, in_messages;
};

void document_begin(struct document *d);
/* A step before TLS. time_us: since the start. */
void document_dial(struct document *d, const struct tls_dial *step, int64_t time_us);
/* A message, of which facts says what stands in it; then what was decided. */
void document_message(struct document *d, const struct tls_message *m, const struct facts *facts,
                      enum protection protection, int64_t time_us);
void document_decision(struct document *d, const char *text);
/* What became of it all. tls NULL: there was no connection. asked: for what the connection does not know. */
void document_end(struct document *d, struct tls *tls, const struct seen *seen, const struct asked *asked,
                  int64_t total_us, const char *error);

#endif
