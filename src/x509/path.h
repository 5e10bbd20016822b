/*
 * Path building: RFC 4158. Depth first, from the leaf upwards, over the anchors and whatever certificates the
 * peer sent, with cheap checks before signatures and within a budget of work. No recursion: the path is the
 * stack.
 */
#ifndef T99_X509_PATH_H
#define T99_X509_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/fault.h"
#include "x509/certificate.h"
#include "x509/verify.h"
#include "x509/verify_work.h"

#define T99_NO_ANCHOR 0xffff /* distance of a certificate from which the names lead to no anchor */
#define T99_MEMO 64

/* A certificate that the peer sent. */
struct t99_node {
    struct t99_certificate cert;
    const char *bad; /* why it does not decode; NULL: it does */
    uint32_t subject_hash, issuer_hash;
    uint16_t distance; /* steps to the nearest anchor, going by names; 0: it is one */
};

/* A path that is being built or was found; certs[num - 1] may be &anchor, so it must not be copied. */
struct t99_chain {
    size_t num;
    const struct t99_certificate *certs[T99_PATH_MAX];
    struct t99_certificate anchor;
};

/* Signatures that have been verified already in this search. */
struct t99_memo {
    const uint8_t *signed_der, *key;
    bool good;
};

struct t99_search {
    const struct t99_verify_params *params;
    struct t99_node *nodes; /* [0] the leaf */
    size_t num_nodes;
    struct t99_work work;
    struct t99_fault best; /* the refusal that is worth telling */
    unsigned best_rank;
    struct t99_memo memo[T99_MEMO];
    size_t num_memo;
    unsigned nesting;  /* of paths for the signers of CRLs */
    size_t num_traced; /* candidates told */
};

/*
 * Decodes the certificates and finds out which can lead to an anchor. False: out of memory, or the leaf is
 * refused.
 */
bool t99_search_init(struct t99_search *s, const struct t99_verify_params *params,
                     const struct t99_span *certs, size_t num_certs, struct t99_fault *fault) T99_MUST_CHECK;
void t99_search_free(struct t99_search *s);

/*
 * Finds a path from nodes[start] to an anchor that keeps all rules of params (which may be other than those
 * of s->params in purpose and revocation). False: s->best says why not.
 */
bool t99_find_path(struct t99_search *s, const struct t99_verify_params *params, struct t99_chain *chain,
                   size_t start) T99_MUST_CHECK;

/* True if issuer's key made the signature; charged to the budget, remembered for the next time. */
bool t99_signed_by(struct t99_search *s, struct t99_span der, struct t99_span tbs,
                   const struct t99_sig_alg *alg, struct t99_span signature, const struct t99_public_key *key,
                   struct t99_span spki) T99_MUST_CHECK;

#endif
