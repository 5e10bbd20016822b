/* Certificate extensions: RFC 5280, 4.2. */
#ifndef T99_X509_EXTENSIONS_H
#define T99_X509_EXTENSIONS_H

#include "base/reader.h"
#include "x509/certificate.h"

/* Decodes the contents of Extensions into c. What is malformed, or there twice, poisons the reader. */
void t99_read_extensions(struct t99_certificate *c, struct reader *r);

#endif
