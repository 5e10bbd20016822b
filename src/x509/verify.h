/*
 * Is this the server that the user asked for? Path building (RFC 4158) and validation (RFC 5280, 6; RFC 9525
 * for the name) over whatever the server sent, to one of the trust anchors, within a budget of work that no
 * set of certificates can exceed. Every refusal names the certificate, the rule and the value.
 */
#ifndef T99_X509_VERIFY_H
#define T99_X509_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/env.h"
#include "base/fault.h"
#include "x509/certificate.h"
#include "x509/name.h"
#include "x509/trust.h"
#include "x509/verify_work.h"

#define T99_PATH_MAX 16 /* certificates on a path, leaf and anchor included */

enum t99_profile {
    PROFILE_DEFAULT, /* what the best verifiers agree on: private PKIs made with common tools work */
    PROFILE_RFC5280, /* RFC 5280 to the letter, also where the web PKI has it otherwise */
    PROFILE_STRICT   /* the web PKI to the letter: CA/Browser Forum Baseline Requirements, RFC 5280 */
};

enum t99_purpose { PURPOSE_SERVER, PURPOSE_ANY };

struct t99_crl_store; /* crl.h */

/* A step of the search for a path: depth first, so a candidate comes after those below it on its path. */
enum t99_trace_kind {
    TRACE_TRIED,     /* a candidate at this depth; 0: the leaf */
    TRACE_REJECTED,  /* the last that was tried at this depth, or the path that it ended: reason */
    TRACE_NO_ISSUER, /* nothing here may have issued the last that was tried at this depth: reason */
    TRACE_ACCEPTED,  /* it is on the path that was found; told from the leaf upwards */
    TRACE_SENT,      /* at the end, each certificate that the peer sent; reason: why it does not decode */
    TRACE_VERDICT    /* last; reason NULL: verified */
};

#define T99_NOT_SENT SIZE_MAX
#define T99_TRACE_MAX 1000 /* candidates told; then those that are not followed are passed over */

struct t99_verify_params;

struct t99_trace {
    enum t99_trace_kind kind;
    size_t depth;
    const struct t99_certificate *cert; /* NULL: none, or one that does not decode */
    size_t sent; /* its place among those that the peer sent, or T99_NOT_SENT; VERDICT: how many */
    bool is_anchor;
    const char *reason;
    const struct t99_verify_params *params;
};

struct t99_verify_params {
    const struct t99_env *env;
    const struct t99_trust *trust;
    const struct t99_crl_store *crls; /* NULL: no revocation check by CRL; else the whole chain is checked */
    const struct t99_peer_name *peer; /* NULL: no name check */
    const char *peer_text;            /* as the user wrote it, for messages; NULL if peer is */
    int64_t time;                     /* seconds since 1970 */
    bool time_given;                  /* by the caller: it is not what the clock says */
    bool ignore_time;                 /* validity is not checked */
    bool verify_chain;                /* false: only the name is checked (insecure_noverifycert) */
    enum t99_profile profile;
    bool strict_leaf_only; /* what the profile adds to the default counts for the leaf alone */
    enum t99_purpose purpose;
    int max_intermediates; /* between leaf and anchor; < 0: no limit but T99_PATH_MAX */
    /* Policy inputs of RFC 5280, 6.1.1: contents of OIDs; num_policies 0: any-policy. */
    const struct t99_span *policies;
    size_t num_policies;
    bool require_explicit_policy, inhibit_policy_mapping, inhibit_any_policy;
    /*
     * RFC 5280, 6.1.1 (d) takes an anchor for a name and a key. Here what its certificate says counts too,
     * unless:
     */
    bool anchor_any_time;     /* its validity does not */
    bool anchor_name_and_key; /* its extensions do not: constraints, usages, policies */
    bool anchor_implies_ca;   /* basicConstraints may be absent: RFC 5937, 3.2 */
    /* Told of every step of the search, for a report. May be NULL. */
    void (*trace)(void *arg, const struct t99_trace *step);
    void *trace_arg;
};

/*
 * The path that was found: [0] the leaf, [num - 1] the anchor. Certificates point into the caller's bytes and
 * the trust store's.
 */
struct t99_path {
    size_t num;
    struct t99_certificate certs[T99_PATH_MAX];
    struct t99_span matched_name; /* the subjectAltName entry that matched; .p NULL: not checked */
    struct t99_work work;         /* what is left of the budget, for a stapled response */
};

/*
 * certs[0] is the leaf, the others come in any order and may be superfluous. The path is allocated by env and
 * is freed with t99_path_free; *path is NULL on failure (and when verify_chain is false). A refusal is
 * recorded as FAULT_VERIFY with its alert; the text starts with the phrase that libtls programs know
 * ("certificate verification failed: certificate has expired: ...", "name `h' not present in server
 * certificate...").
 */
bool t99_verify(struct t99_path **path, const struct t99_verify_params *params, const struct t99_span *certs,
                size_t num_certs, struct t99_fault *fault) T99_MUST_CHECK;

void t99_path_free(const struct t99_env *env, struct t99_path *path);

#endif
