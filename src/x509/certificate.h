/*
 * Certificates: bytes to a struct (RFC 5280, 4). The decoder refuses what is not DER or not the ASN.1 of the
 * RFC; what is well-formed but unwise or forbidden is left to verify.c, which finds it in the fields and in
 * `oddities`. All spans point into the bytes that were decoded, which must outlive the struct. Nothing is
 * allocated.
 */
#ifndef T99_X509_CERTIFICATE_H
#define T99_X509_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "crypto/sign/public_key.h"

/* Extensions that are understood. A bit (1 << id) in `present` and `critical`. */
enum t99_ext {
    EXT_AUTHORITY_KEY_ID,
    EXT_SUBJECT_KEY_ID,
    EXT_KEY_USAGE,
    EXT_CERTIFICATE_POLICIES,
    EXT_POLICY_MAPPINGS,
    EXT_SUBJECT_ALT_NAME,
    EXT_ISSUER_ALT_NAME,
    EXT_BASIC_CONSTRAINTS,
    EXT_NAME_CONSTRAINTS,
    EXT_POLICY_CONSTRAINTS,
    EXT_EXT_KEY_USAGE,
    EXT_CRL_DISTRIBUTION_POINTS,
    EXT_INHIBIT_ANY_POLICY,
    EXT_FRESHEST_CRL,
    EXT_AUTHORITY_INFO_ACCESS,
    EXT_SUBJECT_INFO_ACCESS,
    EXT_TLS_FEATURE, /* RFC 7633 */
    EXT_SCT_LIST,    /* RFC 6962, 3.3 */
    EXT_CT_POISON,   /* RFC 6962, 3.1 */
    EXT_OCSP_NOCHECK /* RFC 6960, 4.2.2.2.1 */
};

/* KeyUsage bits: RFC 5280, 4.2.1.3. */
enum t99_key_usage {
    KU_DIGITAL_SIGNATURE = 1 << 0,
    KU_NON_REPUDIATION = 1 << 1,
    KU_KEY_ENCIPHERMENT = 1 << 2,
    KU_DATA_ENCIPHERMENT = 1 << 3,
    KU_KEY_AGREEMENT = 1 << 4,
    KU_KEY_CERT_SIGN = 1 << 5,
    KU_CRL_SIGN = 1 << 6,
    KU_ENCIPHER_ONLY = 1 << 7,
    KU_DECIPHER_ONLY = 1 << 8
};

enum t99_eku {
    EKU_ANY = 1 << 0,
    EKU_SERVER = 1 << 1,
    EKU_CLIENT = 1 << 2,
    EKU_OCSP_SIGNING = 1 << 3,
    EKU_OTHER = 1 << 4
};

/*
 * Well-formed, but not as RFC 5280 or the CA/Browser Forum wants it. The strict profile judges them, the
 * default some.
 */
enum t99_oddity {
    ODD_SERIAL_NEGATIVE = 1 << 0,
    ODD_SERIAL_ZERO = 1 << 1,
    ODD_SERIAL_LONG = 1 << 2,   /* over 20 octets */
    ODD_TIME_ENCODING = 1 << 3, /* GeneralizedTime before 2050 */
    ODD_UNIQUE_ID = 1 << 4,     /* issuerUniqueID or subjectUniqueID present */
    ODD_EMPTY_ISSUER = 1 << 5,
    ODD_SIG_ALG_PARAMS = 1 << 6,    /* parameters absent where NULL is wanted, or the reverse */
    ODD_BASIC_CONSTRAINTS = 1 << 7, /* pathLenConstraint without cA */
    ODD_VERSION = 1 << 8,           /* extensions in a certificate that is not v3 */
    ODD_DEFAULT_ENCODED = 1 << 9    /* basicConstraints: cA FALSE written out, which DER leaves out */
};

struct t99_certificate {
    struct t99_span der;        /* whole */
    struct t99_span tbs;        /* tbsCertificate with its header: what is signed */
    struct t99_span outer_alg;  /* signatureAlgorithm, whole */
    struct t99_span inner_alg;  /* tbsCertificate.signature, whole */
    struct t99_sig_alg sig_alg; /* outer_alg decoded */
    struct t99_span signature;
    struct t99_span serial;          /* INTEGER contents */
    struct t99_span issuer, subject; /* Name, with header */
    struct t99_span spki;            /* SubjectPublicKeyInfo, with header */
    struct t99_public_key key;
    int64_t not_before, not_after; /* seconds since 1970, both included */

    uint32_t present, critical; /* sets of 1 << enum t99_ext */
    uint32_t oddities;          /* set of enum t99_oddity */
    struct t99_span
        /* OID contents of the first critical extension that is not understood; .p NULL: none */
        unknown_critical;

    struct t99_span extensions; /* contents of the Extensions SEQUENCE, for printing */
    struct t99_span subject_key_id;
    struct t99_span authority_key_id, authority_issuer, authority_serial; /* .p NULL: absent */
    struct t99_span subject_alt_name; /* contents of GeneralNames; each well-formed */
    struct t99_span name_constraints; /* contents of NameConstraints */
    struct t99_span policies;         /* contents of CertificatePolicies */
    struct t99_span policy_mappings;  /* contents */
    struct t99_span crl_points, freshest_crl, authority_info, sct_list, ext_key_usage,
        tls_feature;          /* contents */
    int32_t path_len;         /* pathLenConstraint, -1: none */
    int32_t require_explicit; /* requireExplicitPolicy, -1: none */
    int32_t inhibit_mapping;  /* inhibitPolicyMapping, -1: none */
    int32_t inhibit_any;      /* inhibitAnyPolicy, -1: none */
    uint16_t key_usage;       /* set of enum t99_key_usage */
    uint8_t eku;              /* set of enum t99_eku */
    uint8_t version;          /* 1, 2, 3 */
    bool is_ca;
};

/*
 * True if der is one certificate and nothing more. Otherwise *bad names the field ("extensions: duplicate").
 */
bool t99_certificate_decode(struct t99_certificate *c, struct t99_span der, const char **bad) T99_MUST_CHECK;

/*
 * Subject without decoding the rest: for an index. Name with header; false if der does not look like a
 * certificate.
 */
bool t99_certificate_subject(struct t99_span *subject, struct t99_span der) T99_MUST_CHECK;

/*
 * AlgorithmIdentifier and SubjectPublicKeyInfo alone. False if they are not well-formed; unknown algorithms
 * are true, with type 0.
 */
bool t99_decode_sig_alg(struct t99_sig_alg *alg, struct t99_span algorithm_identifier, uint32_t *oddities,
                        const char **bad) T99_MUST_CHECK;
bool t99_decode_spki(struct t99_public_key *key, struct t99_span spki, const char **bad) T99_MUST_CHECK;

static inline bool t99_has_ext(const struct t99_certificate *c, enum t99_ext ext)
{
    return (c->present >> ext & 1) != 0;
}

static inline bool t99_ext_critical(const struct t99_certificate *c, enum t99_ext ext)
{
    return (c->critical >> ext & 1) != 0;
}

/* Subject and issuer are the same name. */
bool t99_self_issued(const struct t99_certificate *c);

/* First OCSP responder URI of the authorityInfoAccess; .p NULL: none. */
struct t99_span t99_ocsp_uri(const struct t99_certificate *c);

/* Where it says that its issuer's certificate can be had (caIssuers); .p NULL: nowhere. */
struct t99_span t99_issuer_uri(const struct t99_certificate *c);

/* tls_feature lists status_request: RFC 7633. */
bool t99_must_staple(const struct t99_certificate *c);

#endif
