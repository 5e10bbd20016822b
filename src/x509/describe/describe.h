/*
 * Certificates described: for people, and as JSON for programs. What does not decode is described as far as
 * it does. No more than T99_OUTLINE_MAX bytes, whatever the certificates are like.
 */
#ifndef T99_X509_DESCRIBE_DESCRIBE_H
#define T99_X509_DESCRIBE_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "x509/describe/outline.h"

/* The index-th of a list: some lines, or an object of the list that is open. now: seconds since 1970. */
void t99_describe_certificate(struct t99_outline *o, size_t index, struct t99_span der, int64_t now);

#endif
