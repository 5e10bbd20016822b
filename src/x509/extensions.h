/* Certificate extensions: RFC 5280, 4.2. */
#ifndef T99_X509_EXTENSIONS_H
#define T99_X509_EXTENSIONS_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/reader.h"
#include "x509/certificate.h"

struct t99_extension {
    struct t99_span oid, value; /* contents of extnID, of extnValue */
    bool critical;
};

/* The next of the contents of Extensions; false: malformed (or poisoned). */
bool t99_next_extension(struct t99_extension *e, struct reader *r) T99_MUST_CHECK;

/* Its enum t99_ext; -1: one that is not understood. */
int t99_extension_id(struct t99_span oid);

/* Decodes the contents of Extensions into c. What is malformed, or there twice, poisons the reader. */
void t99_read_extensions(struct t99_certificate *c, struct reader *r);

#endif
