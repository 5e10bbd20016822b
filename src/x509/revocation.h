/* Revocation by CRL: RFC 5280, 6.3. */
#ifndef T99_X509_REVOCATION_H
#define T99_X509_REVOCATION_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/fault.h"
#include "x509/path.h"

/*
 * Checks every certificate of the chain but the anchor against params->crls. False: *why says which is
 * revoked, or for which no CRL that is current and of the right scope settles the matter.
 */
bool t99_check_revocation(struct t99_search *s, const struct t99_verify_params *params,
                          const struct t99_chain *chain, struct t99_fault *why) T99_MUST_CHECK;

#endif
