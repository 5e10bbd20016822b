/*
 * Which certificates a list speaks of: distribution points of both sides (RFC 5280, 4.2.1.13, 5.2.5, 6.3.3
 * (b)).
 */
#ifndef T99_X509_CRL_SCOPE_H
#define T99_X509_CRL_SCOPE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/reader.h"
#include "x509/certificate.h"
#include "x509/crl_list.h"

/* A DistributionPoint of a certificate. */
struct t99_crl_point {
    struct t99_span name;       /* contents of DistributionPointName; .p NULL: absent */
    struct t99_span crl_issuer; /* contents of GeneralNames; .p NULL: absent: the certificate's issuer */
    unsigned reasons;
};

/* Next one of the contents of CRLDistributionPoints; false at the end, or when it is malformed. */
bool t99_next_crl_point(struct reader *r, struct t99_crl_point *point) T99_MUST_CHECK;

/* The one that every certificate has beside: lists of its issuer, for all reasons. */
void t99_implied_crl_point(struct t99_crl_point *point);

/* True if the list, used for that point, speaks of certificates like c. */
bool t99_crl_in_scope(const struct t99_crl *crl, const struct t99_crl_point *point,
                      const struct t99_certificate *c);

#endif
