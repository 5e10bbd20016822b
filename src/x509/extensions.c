#include "x509/extensions.h"

#include <string.h>

#include "x509/der.h"
#include "x509/name.h"
#include "x509/oid.h"

#define MAX_EXTENSIONS 64 /* in a certificate: more are refused */

static const uint8_t oid_ce[] = { 0x55, 0x1d }; /* id-ce, then one byte */
static const uint8_t oid_aia[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x01 };
static const uint8_t oid_sia[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x0b };
static const uint8_t oid_tls_feature[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x18 };
static const uint8_t oid_sct[] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x02 };
static const uint8_t oid_poison[] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x03 };
static const uint8_t oid_nocheck[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x05 };
static const uint8_t oid_kp[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03 }; /* id-kp, then one byte */

/* The last byte of id-ce OIDs: RFC 5280, A.2. */
static const struct {
    uint8_t last, ext;
} ce[] = {
    { 35, EXT_AUTHORITY_KEY_ID },     { 14, EXT_SUBJECT_KEY_ID },    { 15, EXT_KEY_USAGE },
    { 32, EXT_CERTIFICATE_POLICIES }, { 33, EXT_POLICY_MAPPINGS },   { 17, EXT_SUBJECT_ALT_NAME },
    { 18, EXT_ISSUER_ALT_NAME },      { 19, EXT_BASIC_CONSTRAINTS }, { 30, EXT_NAME_CONSTRAINTS },
    { 36, EXT_POLICY_CONSTRAINTS },   { 37, EXT_EXT_KEY_USAGE },     { 31, EXT_CRL_DISTRIBUTION_POINTS },
    { 54, EXT_INHIBIT_ANY_POLICY },   { 46, EXT_FRESHEST_CRL },
};

static int find_extension(struct t99_span oid)
{
    size_t i;

    if (oid.len == 3 && memcmp(oid.p, oid_ce, sizeof oid_ce) == 0) {
        for (i = 0; i < sizeof ce / sizeof ce[0]; i++) {
            if (ce[i].last == oid.p[2]) {
                return ce[i].ext;
            }
        }
        return -1;
    }
    return t99_is_oid(oid, oid_aia)           ? EXT_AUTHORITY_INFO_ACCESS
           : t99_is_oid(oid, oid_sia)         ? EXT_SUBJECT_INFO_ACCESS
           : t99_is_oid(oid, oid_tls_feature) ? EXT_TLS_FEATURE
           : t99_is_oid(oid, oid_sct)         ? EXT_SCT_LIST
           : t99_is_oid(oid, oid_poison)      ? EXT_CT_POISON
           : t99_is_oid(oid, oid_nocheck)     ? EXT_OCSP_NOCHECK
                                              : -1;
}

/* A SEQUENCE that must not be empty; its contents. */
static struct t99_span sequence(struct reader *r, const char *field)
{
    struct t99_span s = t99_der_contents(r, DER_SEQUENCE, field);

    if (s.len == 0) {
        rd_refuse(r, field);
    }
    return s;
}

/* RFC 5280, 4.2.1.1: issuer and serial stand together or not at all. */
static void read_authority_key_id(struct t99_certificate *c, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "authorityKeyIdentifier");

    if (t99_der_peek(&seq, DER_CONTEXT | 0)) {
        c->authority_key_id = t99_der_contents(&seq, DER_CONTEXT | 0, "keyIdentifier");
    }
    if (t99_der_peek(&seq, DER_CONTEXT_CONSTRUCTED | 1)) {
        c->authority_issuer = t99_der_contents(&seq, DER_CONTEXT_CONSTRUCTED | 1, "authorityCertIssuer");
    }
    if (t99_der_peek(&seq, DER_CONTEXT | 2)) {
        c->authority_serial = t99_der_contents(&seq, DER_CONTEXT | 2, "authorityCertSerialNumber");
    }
    if (rd_left(&seq) != 0 || (c->authority_issuer.p == NULL) != (c->authority_serial.p == NULL)) {
        rd_refuse(r, "authorityKeyIdentifier");
    }
}

/* RFC 5280, 4.2.1.9. */
static void read_basic_constraints(struct t99_certificate *c, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "basicConstraints");

    if (t99_der_peek(&seq, DER_BOOLEAN)) {
        c->is_ca = t99_der_boolean(&seq, "cA");
        if (!c->is_ca) {
            rd_refuse(r, "basicConstraints: cA FALSE, which DER leaves out");
        }
    }
    if (t99_der_peek(&seq, DER_INTEGER)) {
        struct t99_span n = t99_der_integer(&seq, "pathLenConstraint");

        if (n.len != 0 && n.p[0] >= 0x80) {
            rd_refuse(r, "pathLenConstraint: negative");
        }
        c->path_len = n.len == 1 ? n.p[0] : n.len == 2 && n.p[0] == 0 ? n.p[1] : INT16_MAX;
        if (!c->is_ca) {
            c->oddities |= ODD_BASIC_CONSTRAINTS;
        }
    }
    if (rd_left(&seq) != 0) {
        rd_refuse(r, "basicConstraints");
    }
}

/* RFC 5280, 4.2.1.12. */
static void read_ext_key_usage(struct t99_certificate *c, struct reader *r)
{
    struct t99_span all = sequence(r, "extKeyUsage");
    struct reader seq = *r;

    c->ext_key_usage = all;
    seq.pos = all.p;
    seq.end = all.len != 0 ? all.p + all.len : all.p;
    while (rd_left(&seq) != 0) {
        struct t99_span oid = t99_der_oid(&seq, "keyPurposeId");
        uint8_t bit = EKU_OTHER;

        if (oid.len == 4 && memcmp(oid.p, oid_ce, 2) == 0 && oid.p[2] == 37 && oid.p[3] == 0) {
            bit = EKU_ANY;
        } else if (oid.len == sizeof oid_kp + 1 && memcmp(oid.p, oid_kp, sizeof oid_kp) == 0) {
            bit = oid.p[sizeof oid_kp] == 1   ? EKU_SERVER
                  : oid.p[sizeof oid_kp] == 2 ? EKU_CLIENT
                  : oid.p[sizeof oid_kp] == 9 ? EKU_OCSP_SIGNING
                                              : EKU_OTHER;
        }
        c->eku |= bit;
    }
}

/* Each GeneralName well-formed, at least one: RFC 5280, 4.2.1.6. */
static struct t99_span read_general_names(struct reader *r, const char *field)
{
    struct t99_span all = sequence(r, field), value;
    struct reader names = *r;
    enum t99_general_name type;

    names.pos = all.p;
    names.end = all.len != 0 ? all.p + all.len : all.p;
    while (t99_next_general_name(&names, &type, &value)) {
    }
    return all;
}

/* RFC 5280, 4.2.1.11. */
static void read_policy_constraints(struct t99_certificate *c, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "policyConstraints"), inner;
    struct t99_span n;

    if (rd_left(&seq) == 0) {
        rd_refuse(r, "policyConstraints");
    }
    if (t99_der_peek(&seq, DER_CONTEXT | 0)) {
        n = t99_der_contents(&seq, DER_CONTEXT | 0, "requireExplicitPolicy");
        c->require_explicit = n.len == 1 && n.p[0] < 0x80  ? n.p[0]
                              : n.len > 1 && n.p[0] < 0x80 ? INT16_MAX
                                                           : -2;
    }
    if (t99_der_peek(&seq, DER_CONTEXT | 1)) {
        n = t99_der_contents(&seq, DER_CONTEXT | 1, "inhibitPolicyMapping");
        c->inhibit_mapping = n.len == 1 && n.p[0] < 0x80  ? n.p[0]
                             : n.len > 1 && n.p[0] < 0x80 ? INT16_MAX
                                                          : -2;
    }
    inner = seq;
    if (rd_left(&inner) != 0 || c->require_explicit == -2 || c->inhibit_mapping == -2) {
        rd_refuse(r, "policyConstraints");
    }
}

/* PolicyInformation and PolicyMapping are SEQUENCEs of which the verifier reads the OIDs; here: that they are SEQUENCEs. */
static struct t99_span sequence_of_sequences(struct reader *r, const char *field)
{
    struct t99_span all = sequence(r, field);
    struct reader seq = *r;

    seq.pos = all.p;
    seq.end = all.len != 0 ? all.p + all.len : all.p;
    while (rd_left(&seq) != 0) {
        t99_der_contents(&seq, DER_SEQUENCE, field);
    }
    return all;
}

static void read_key_identifier(struct t99_certificate *c, struct reader *r)
{
    c->subject_key_id = t99_der_contents(r, DER_OCTET_STRING, "subjectKeyIdentifier");
    if (c->subject_key_id.len == 0) {
        rd_refuse(r, "subjectKeyIdentifier");
    }
}

static void read_sct_list(struct t99_certificate *c, struct reader *r)
{
    c->sct_list = t99_der_contents(r, DER_OCTET_STRING, "SignedCertificateTimestampList");
}

static void read_any(struct reader *r)
{
    t99_der_element(r, NULL, "extnValue");
}

/* value: the contents of extnValue, all of which must be read. */
static void read_value(struct t99_certificate *c, enum t99_ext ext, struct reader *r)
{
    switch (ext) {
    case EXT_AUTHORITY_KEY_ID:
        read_authority_key_id(c, r);
        break;
    case EXT_SUBJECT_KEY_ID:
        read_key_identifier(c, r);
        break;
    case EXT_KEY_USAGE:
        c->key_usage = t99_der_named_bits(r, DER_BIT_STRING, "keyUsage");
        break;
    case EXT_CERTIFICATE_POLICIES:
        c->policies = sequence_of_sequences(r, "certificatePolicies");
        break;
    case EXT_POLICY_MAPPINGS:
        c->policy_mappings = sequence_of_sequences(r, "policyMappings");
        break;
    case EXT_SUBJECT_ALT_NAME:
        c->subject_alt_name = read_general_names(r, "subjectAltName");
        break;
    case EXT_ISSUER_ALT_NAME:
        read_general_names(r, "issuerAltName");
        break;
    case EXT_BASIC_CONSTRAINTS:
        read_basic_constraints(c, r);
        break;
    case EXT_NAME_CONSTRAINTS:
        c->name_constraints = t99_der_contents(r, DER_SEQUENCE, "nameConstraints");
        break;
    case EXT_POLICY_CONSTRAINTS:
        read_policy_constraints(c, r);
        break;
    case EXT_EXT_KEY_USAGE:
        read_ext_key_usage(c, r);
        break;
    case EXT_CRL_DISTRIBUTION_POINTS:
        c->crl_points = sequence_of_sequences(r, "cRLDistributionPoints");
        break;
    case EXT_INHIBIT_ANY_POLICY:
        c->inhibit_any = (int32_t)t99_der_small(r, INT16_MAX, "inhibitAnyPolicy");
        break;
    case EXT_FRESHEST_CRL:
        c->freshest_crl = sequence_of_sequences(r, "freshestCRL");
        break;
    case EXT_AUTHORITY_INFO_ACCESS:
        c->authority_info = sequence_of_sequences(r, "authorityInfoAccess");
        break;
    case EXT_SUBJECT_INFO_ACCESS:
        sequence_of_sequences(r, "subjectInfoAccess");
        break;
    case EXT_TLS_FEATURE:
        c->tls_feature = t99_der_contents(r, DER_SEQUENCE, "tlsFeature");
        break;
    case EXT_SCT_LIST:
        read_sct_list(c, r);
        break;
    case EXT_CT_POISON:
    case EXT_OCSP_NOCHECK:
        read_any(r);
        break;
    }
}

/* Has an extension that is not known stood there before? Compared one with the other, within the limit. */
static bool seen_before(struct t99_span all, const uint8_t *until, struct t99_span oid)
{
    const char *bad = NULL;
    struct reader r = rd_init(all.p, (size_t)(until - all.p), &bad), ext;

    while (rd_left(&r) != 0) {
        ext = t99_der_enter(&r, DER_SEQUENCE, "Extension");
        if (t99_span_equal(t99_der_oid(&ext, "extnID"), oid)) {
            return true;
        }
    }
    return false;
}

void t99_read_extensions(struct t99_certificate *c, struct reader *r)
{
    struct t99_span all = rd_rest(r), value;
    struct reader ext, inner;
    size_t num = 0;

    c->extensions = all;
    if (all.len == 0) {
        rd_refuse(r, "extensions: empty");
    }
    while (rd_left(r) != 0) {
        const uint8_t *start = r->pos;
        bool critical = false;
        struct t99_span oid;
        int id;

        ext = t99_der_enter(r, DER_SEQUENCE, "Extension");
        oid = t99_der_oid(&ext, "extnID");
        if (t99_der_peek(&ext, DER_BOOLEAN)) {
            critical = t99_der_boolean(&ext, "critical");
            if (!critical) {
                rd_refuse(r, "critical: FALSE, which DER leaves out");
            }
        }
        value = t99_der_contents(&ext, DER_OCTET_STRING, "extnValue");
        if (rd_left(&ext) != 0) {
            rd_refuse(r, "Extension");
        }
        if (++num > MAX_EXTENSIONS) {
            rd_refuse(r, "extensions: too many");
        }
        if (!rd_ok(r)) {
            return;
        }
        if (seen_before(all, start, oid)) {
            rd_refuse(r, "extensions: duplicate");
            return;
        }
        id = find_extension(oid);
        if (id < 0) {
            if (critical && c->unknown_critical.p == NULL) {
                c->unknown_critical = oid;
            }
            continue;
        }
        c->present |= (uint32_t)1 << id;
        c->critical |= (uint32_t)critical << id;
        inner = *r;
        inner.pos = value.p;
        inner.end = value.len != 0 ? value.p + value.len : value.p;
        read_value(c, (enum t99_ext)id, &inner);
        if (rd_left(&inner) != 0) {
            rd_refuse(r, "extnValue: bytes left over");
        }
    }
}
