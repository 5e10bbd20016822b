/*
 * OCSP responses: RFC 6960, verified in full, as stapled (RFC 6066, 8; RFC 9846, 4.5.1) or handed in by the
 * caller.
 */
#ifndef T99_X509_OCSP_H
#define T99_X509_OCSP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/fault.h"
#include "x509/certificate.h"
#include "x509/verify_work.h"

/* RFC 6960's values; libtls's public constants are mapped from these in api/. */
struct t99_ocsp_result {
    int response_status;                               /* OCSPResponseStatus, -1: nothing processed */
    int cert_status;                                   /* 0 good, 1 revoked, 2 unknown, -1 */
    int crl_reason;                                    /* CRLReason, -1: none given */
    int64_t this_update, next_update, revocation_time; /* seconds since 1970, -1: absent */
};

#define T99_OCSP_SKEW 60              /* seconds of clock difference forgiven */
#define T99_OCSP_MAX_AGE (14 * 86400) /* of a response without nextUpdate */

/*
 * Verifies a DER OCSPResponse for `leaf`, issued by `issuer`, at `now`. True: authentic, current, and good or
 * unknown (see out->cert_status). False: revoked, or not to be believed: FAULT_VERIFY with alert
 * bad_certificate_status_response or certificate_revoked, text starting with "ocsp verify failed: ". extra:
 * certificates the response may be signed by are in it. Signatures are charged to the work budget.
 */
bool t99_ocsp_verify(struct t99_ocsp_result *out, struct t99_work *work, struct t99_span response,
                     const struct t99_certificate *leaf, const struct t99_certificate *issuer, int64_t now,
                     struct t99_fault *fault) T99_MUST_CHECK;

/* "keyCompromise" for 1 and so on (RFC 5280, 5.3.1); NULL for a number that has no name. */
const char *t99_crl_reason_name(int reason);

#endif
