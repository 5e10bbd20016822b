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

/* Contents of an OBJECT IDENTIFIER: each arc minimal and whole, at least one (X.690, 8.19). */
bool t99_oid_valid(struct t99_span oid);

/* Next OBJECT IDENTIFIER, valid. */
struct t99_span t99_der_oid(struct reader *r, const char *field);

#define T99_OID_TEXT 64 /* room for t99_oid_text of all that is in use */

/* Contents of an OID as "1.3.6.1"; arcs that do not fit are left out for "...". out_len > 3. Returns out. */
const char *t99_oid_text(char *out, size_t out_len, struct t99_span oid);

#endif
