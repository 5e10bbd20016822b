/* Certificate revocation lists: RFC 5280, 5 and 6.3. */
#ifndef T99_X509_CRL_H
#define T99_X509_CRL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/env.h"
#include "x509/certificate.h"

struct t99_crl_store;

/* NULL: out of memory. */
struct t99_crl_store *t99_crl_store_new(const struct t99_env *env);
void t99_crl_store_free(struct t99_crl_store *store);

/*
 * Adds the "X509 CRL" blocks of PEM text, copied. Those that do not decode are counted in *skipped. False:
 * out of memory.
 */
bool t99_crl_store_add_pem(struct t99_crl_store *store, const uint8_t *text, size_t len, size_t *added,
                           size_t *skipped) T99_MUST_CHECK;

#endif
