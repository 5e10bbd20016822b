/*
 * Certificate policies: RFC 5280, 6.1, with the processing of RFC 9618: what is kept between two certificates
 * is a set with at most one entry a policy, not a tree, so that mappings cannot make it grow exponentially.
 */
#ifndef T99_X509_POLICY_H
#define T99_X509_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/fault.h"
#include "x509/certificate.h"
#include "x509/verify.h"

#define T99_POLICIES_MAX 64 /* of one certificate, and in the set; more are refused */

/*
 * certs[0] is the leaf, certs[num - 1] the anchor, whose own policies count unless
 * params->anchor_name_and_key. False: *why says which certificate breaks which rule.
 */
bool t99_check_policies(const struct t99_verify_params *params, const struct t99_certificate *const *certs,
                        size_t num, struct t99_fault *why) T99_MUST_CHECK;

#endif
