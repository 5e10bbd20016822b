/* Name constraints: RFC 5280, 4.2.1.10 and 6.1.3 (b), (c). */
#ifndef T99_X509_NAME_CONSTRAINTS_H
#define T99_X509_NAME_CONSTRAINTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/fault.h"
#include "x509/certificate.h"
#include "x509/verify_work.h"

/*
 * Holds the names of certs[0] (the leaf) to certs[num - 1] against the constraints of `ca`, which stands
 * above them at depth num. strict: no leading dot in a DNS constraint. False: *why says which name is not
 * allowed, or what is wrong with the constraints. True at once if ca has none. Work: names, one for each
 * comparison and more for long names.
 */
bool t99_check_name_constraints(const struct t99_certificate *ca, const struct t99_certificate *const *certs,
                                size_t num, bool strict, struct t99_work *work,
                                struct t99_fault *why) T99_MUST_CHECK;

#endif
