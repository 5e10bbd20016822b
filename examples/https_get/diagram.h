/* The connection as a sequence diagram on stderr, 80 columns wide, and as JSON. */
#ifndef HTTPS_GET_DIAGRAM_H
#define HTTPS_GET_DIAGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <tls.h>

#define DIAGRAM_MAX 512 /* messages that are kept for JSON */

struct diagram {
    bool json, colour, begun;
    int64_t start_us;
    struct {
        bool sent;
        const char *type;
        size_t len;
        int64_t time_us;
    } messages[DIAGRAM_MAX];
    size_t num;
};

void diagram_begin(struct diagram *d, bool json);
void diagram_tcp(struct diagram *d, const char *address, const char *port, double ms);
void diagram_message(struct diagram *d, const struct tls_message *m);
/* A line without an arrow: what was decided. */
void diagram_note(struct diagram *d, const char *text);
/* The document; error NULL: all is well. */
void diagram_json(const struct diagram *d, struct tls *tls, const char *error);

#endif
