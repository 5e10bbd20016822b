/* Object identifiers by the contents of their DER. */
#ifndef T99_X509_OID_H
#define T99_X509_OID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/reader.h"

/* True if oid is this one: an array of bytes. */
#define t99_is_oid(oid, array) t99_span_equal(oid, t99_span(array, sizeof(array)))

/* Next OBJECT IDENTIFIER: each arc minimal, not empty (X.690, 8.19). */
struct t99_span t99_der_oid(struct reader *r, const char *field);

#endif
