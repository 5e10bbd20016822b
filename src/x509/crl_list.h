/* A certificate list, decoded (RFC 5280, 5), and the store that holds them. For revocation.c. */
#ifndef T99_X509_CRL_LIST_H
#define T99_X509_CRL_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "x509/certificate.h"
#include "x509/crl.h"

/* Reasons: RFC 5280, 4.2.1.13, as a set; bit 0 is not used. */
#define T99_REASONS_ALL 0x1feu

/* Well-formed, but not as RFC 5280 wants it. The strict profile does not use such a list. */
enum t99_crl_oddity {
    ODD_CRL_TIME_ENCODING = 1 << 0, /* GeneralizedTime before 2050 */
    ODD_CRL_DUPLICATE = 1 << 1,     /* a serial number twice */
    ODD_CRL_VERSION = 1 << 2,       /* not version 2 */
    ODD_CRL_NAME_NOT_URI = 1 << 3,  /* issuingDistributionPoint with another name than a URI */
    ODD_CRL_NO_NUMBER = 1 << 4,     /* no CRLNumber or authorityKeyIdentifier */
    ODD_CRL_EMPTY_REVOKED = 1 << 5, /* an empty revokedCertificates: it should be absent */
    ODD_CRL_LONG_NUMBER = 1 << 6,   /* cRLNumber of more than 20 octets */
    ODD_CRL_CRITICALITY = 1 << 7,   /* an extension is critical and should not be, or the reverse */
    ODD_CRL_IDP = 1 << 8, /* issuingDistributionPoint: indirect, by reasons, for attributes, relative name */
    ODD_CRL_REASON = 1 << 9 /* a reason that is not to be given: unspecified, certificateHold */
};

struct t99_crl {
    struct t99_span der, tbs;
    struct t99_sig_alg sig_alg;
    struct t99_span signature;
    struct t99_span issuer;           /* Name, with header */
    struct t99_span revoked;          /* contents of revokedCertificates */
    struct t99_span authority_key_id; /* .p NULL: absent */
    struct t99_span number;           /* CRLNumber's INTEGER contents; .p NULL: absent */
    struct t99_span base_number;      /* of a delta CRL, the BaseCRLNumber; .p NULL: not a delta */
    struct t99_span idp;              /* the extension's value whole, to compare; .p NULL: absent */
    struct t99_span point; /* its distributionPoint: contents of DistributionPointName; .p NULL: absent */
    int64_t this_update, next_update; /* next_update -1: absent */
    uint32_t oddities;                /* set of enum t99_crl_oddity */
    uint16_t some_reasons;            /* onlySomeReasons; T99_REASONS_ALL: no limit */
    bool only_user, only_ca, only_attribute, indirect;
    const char *unusable; /* why it cannot be used at all; NULL: it can */
};

/* What a list says of a certificate. */
struct t99_crl_entry {
    bool listed;
    int reason; /* CRLReason; -1: not given */
    int64_t date;
};

/* True if der is one CertificateList. */
bool t99_crl_decode(struct t99_crl *crl, struct t99_span der, const char **bad) T99_MUST_CHECK;

/* Sets ODD_CRL_DUPLICATE if a serial number of one issuer stands there twice. False: out of memory. */
bool t99_crl_find_duplicates(struct t99_crl *crl, const struct t99_env *env) T99_MUST_CHECK;

/* Looks the certificate up by serial number and issuer: RFC 5280, 5.3.3 for indirect lists. */
void t99_crl_look_up(struct t99_crl_entry *out, const struct t99_crl *crl, const struct t99_certificate *c);

/* The list behind that one of the store; NULL: the first. NULL: no more. */
const struct t99_crl *t99_crl_next(const struct t99_crl_store *store, const struct t99_crl *crl);

#endif
