/* OCSP responses: bytes to structs (RFC 6960, 4.2.1). Spans point into the response. */
#ifndef T99_X509_OCSP_DECODE_H
#define T99_X509_OCSP_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/reader.h"
#include "crypto/hash/hash.h"
#include "x509/certificate.h"

struct t99_ocsp_response {
    int status;          /* OCSPResponseStatus; what follows is set only if it is 0 */
    struct t99_span tbs; /* ResponseData with header: what is signed */
    struct t99_sig_alg sig_alg;
    struct t99_span signature;
    struct t99_span responder_name;     /* Name with header; .p NULL: by key */
    struct t99_span responder_key_hash; /* SHA-1 */
    bool unknown_critical;              /* a critical extension that is not understood */
    struct reader responses;            /* for t99_ocsp_next_single */
    struct reader certs;                /* for t99_ocsp_next_cert */
    const char *bad;                    /* error slot of the two */
};

struct t99_ocsp_single {
    const struct t99_hash *hash; /* of the CertID; NULL: one that is not known */
    struct t99_span issuer_name_hash, issuer_key_hash, serial;
    int status;                                        /* 0 good, 1 revoked, 2 unknown */
    int reason;                                        /* CRLReason; -1: none */
    int64_t revocation_time, this_update, next_update; /* -1: absent */
    bool unknown_critical;
};

/*
 * True if der is an OCSPResponse and, if successful, holds a BasicOCSPResponse. Do not copy *r: readers point
 * to it.
 */
bool t99_ocsp_decode(struct t99_ocsp_response *r, struct t99_span der, const char **bad) T99_MUST_CHECK;

/* False at the end. All of them are well-formed: t99_ocsp_decode has been through them. */
bool t99_ocsp_next_single(struct reader *responses, struct t99_ocsp_single *single) T99_MUST_CHECK;

/* The next certificate, whole. */
struct t99_span t99_ocsp_next_cert(struct reader *certs);

/* The bits of the subjectPublicKey, which CertID and KeyHash hash. */
struct t99_span t99_ocsp_key_bits(const struct t99_certificate *c);

#endif
