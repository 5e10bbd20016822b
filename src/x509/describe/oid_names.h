/* Names of object identifiers, for people. */
#ifndef T99_X509_DESCRIBE_OID_NAMES_H
#define T99_X509_DESCRIBE_OID_NAMES_H

#include "base/bytes.h"
#include "x509/describe/outline.h"

/* "serverAuth"; NULL: it has none here. */
const char *t99_oid_name(struct t99_span oid);

/* Only in JSON: "oid" and, if there is one, "name", in the object that is open. */
void t99_describe_oid_fields(struct t99_outline *o, struct t99_span oid);

/* Said by name, else by number. In JSON "oid" and, if there is one, "name", in the object that is open. */
void t99_describe_oid(struct t99_outline *o, struct t99_span oid);

#endif
