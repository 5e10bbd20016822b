/* Beside each step: what was decided, and why. */
#ifndef HTTPS_GET_DECIDE_H
#define HTTPS_GET_DECIDE_H

#include <stdbool.h>
#include <tls.h>

#include "https_get/message.h"
#include "https_get/options.h"

struct decider {
    const struct options *o;
    const struct seen *seen;
    struct tls *tls;
    /* Takes a sentence. */
    void (*say)(void *arg, const char *text);
    void *arg;
};

/* What a message says at once. */
void decide_at(const struct decider *d, const struct tls_message *m);

/* What its reader has made of it, once that is known: the message was good. type: message_type(). */
void decide_after(const struct decider *d, int type);

/* The handshake is complete. */
void decide_established(const struct decider *d);

/* The certificate was refused: what its names were compared with, if none fits. */
void decide_names(const struct decider *d);

#endif
