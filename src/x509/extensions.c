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
static const uint8_t oid_any_eku[] = { 0x55, 0x1d, 0x25, 0x00 };
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

int t99_extension_id(struct t99_span oid)
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

/* A SEQUENCE that must not be empty; its contents, and a reader for them. */
static struct t99_span sequence(struct reader *r, struct reader *contents, const char *field)
{
    struct t99_span s = t99_der_contents(r, DER_SEQUENCE, field);

    if (s.len == 0) {
        rd_refuse(r, field);
    }
    *contents = t99_der_inside(r, s);
    return s;
}

/* INTEGER (0..MAX) in the bytes of an IMPLICIT one; what no path is long enough for is all the same. */
static int32_t read_count(struct reader *r, struct t99_span n, const char *field)
{
    if (!t99_integer_valid(n) || n.p[0] >= 0x80) {
        rd_refuse(r, field);
        return -1;
    }
    return n.len == 1 ? n.p[0] : n.len == 2 ? load_be16(n.p) : INT16_MAX;
}

/* Each GeneralName well-formed, at least one, and addresses of the right length: RFC 5280, 4.2.1.6. */
static struct t99_span read_general_names(struct reader *r, struct t99_span all, const char *field)
{
    struct reader names = t99_der_inside(r, all);
    enum t99_general_name type;
    struct t99_span value;

    if (all.len == 0) {
        rd_refuse(r, field);
    }
    while (t99_next_general_name(&names, &type, &value)) {
        if (type == GN_IP && value.len != 4 && value.len != 16) {
            rd_refuse(r, "iPAddress");
        }
    }
    return all;
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
        read_general_names(&seq, c->authority_issuer, "authorityCertIssuer");
    }
    if (t99_der_peek(&seq, DER_CONTEXT | 2)) {
        c->authority_serial = t99_der_contents(&seq, DER_CONTEXT | 2, "authorityCertSerialNumber");
        if (!t99_integer_valid(c->authority_serial)) {
            rd_refuse(&seq, "authorityCertSerialNumber");
        }
    }
    if (rd_left(&seq) != 0 || (c->authority_issuer.p == NULL) != (c->authority_serial.p == NULL)) {
        rd_refuse(r, "authorityKeyIdentifier");
    }
}

/* RFC 5280, 4.2.1.9. cA FALSE, which DER leaves out, is common in private PKIs. */
static void read_basic_constraints(struct t99_certificate *c, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "basicConstraints");

    if (t99_der_peek(&seq, DER_BOOLEAN)) {
        c->is_ca = t99_der_boolean(&seq, "cA");
        c->oddities |= c->is_ca ? 0 : (uint32_t)ODD_DEFAULT_ENCODED;
    }
    if (t99_der_peek(&seq, DER_INTEGER)) {
        c->path_len = read_count(&seq, t99_der_integer(&seq, "pathLenConstraint"), "pathLenConstraint");
        c->oddities |= c->is_ca ? 0 : (uint32_t)ODD_BASIC_CONSTRAINTS;
    }
    if (rd_left(&seq) != 0) {
        rd_refuse(r, "basicConstraints");
    }
}

/* RFC 5280, 4.2.1.3: at least one bit is set. */
static void read_key_usage(struct t99_certificate *c, struct reader *r)
{
    c->key_usage = t99_der_named_bits(r, DER_BIT_STRING, "keyUsage");
    if (c->key_usage == 0) {
        rd_refuse(r, "keyUsage");
    }
}

/* RFC 5280, 4.2.1.12. */
static void read_ext_key_usage(struct t99_certificate *c, struct reader *r)
{
    struct reader seq;

    c->ext_key_usage = sequence(r, &seq, "extKeyUsage");
    while (rd_left(&seq) != 0) {
        struct t99_span oid = t99_der_oid(&seq, "keyPurposeId");
        uint8_t bit = EKU_OTHER;

        if (t99_is_oid(oid, oid_any_eku)) {
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

/* RFC 5280, 4.2.1.11. */
static void read_policy_constraints(struct t99_certificate *c, struct reader *r)
{
    struct reader seq;

    sequence(r, &seq, "policyConstraints");
    if (t99_der_peek(&seq, DER_CONTEXT | 0)) {
        c->require_explicit = read_count(
            &seq, t99_der_contents(&seq, DER_CONTEXT | 0, "requireExplicitPolicy"), "requireExplicitPolicy");
    }
    if (t99_der_peek(&seq, DER_CONTEXT | 1)) {
        c->inhibit_mapping = read_count(&seq, t99_der_contents(&seq, DER_CONTEXT | 1, "inhibitPolicyMapping"),
                                        "inhibitPolicyMapping");
    }
    if (rd_left(&seq) != 0) {
        rd_refuse(r, "policyConstraints");
    }
}

/* PolicyQualifierInfos, at least one: an OID and anything. */
static void read_qualifiers(struct reader *policy)
{
    struct reader all, one;

    sequence(policy, &all, "policyQualifiers");
    while (rd_left(&all) != 0) {
        one = t99_der_enter(&all, DER_SEQUENCE, "policyQualifierInfo");
        t99_der_oid(&one, "policyQualifierId");
        t99_der_element(&one, NULL, "qualifier");
        if (rd_left(&one) != 0) {
            rd_refuse(policy, "policyQualifierInfo");
        }
    }
}

/* RFC 5280, 4.2.1.4. */
static void read_policies(struct t99_certificate *c, struct reader *r)
{
    struct reader seq, policy;

    c->policies = sequence(r, &seq, "certificatePolicies");
    while (rd_left(&seq) != 0) {
        policy = t99_der_enter(&seq, DER_SEQUENCE, "policyInformation");
        t99_der_oid(&policy, "policyIdentifier");
        if (rd_left(&policy) != 0) {
            read_qualifiers(&policy);
        }
        if (rd_left(&policy) != 0) {
            rd_refuse(r, "policyInformation");
        }
    }
}

/* RFC 5280, 4.2.1.5. */
static void read_policy_mappings(struct t99_certificate *c, struct reader *r)
{
    struct reader seq, mapping;

    c->policy_mappings = sequence(r, &seq, "policyMappings");
    while (rd_left(&seq) != 0) {
        mapping = t99_der_enter(&seq, DER_SEQUENCE, "policyMapping");
        t99_der_oid(&mapping, "issuerDomainPolicy");
        t99_der_oid(&mapping, "subjectDomainPolicy");
        if (rd_left(&mapping) != 0) {
            rd_refuse(r, "policyMapping");
        }
    }
}

/* AccessDescriptions: RFC 5280, 4.2.2.1. */
static struct t99_span read_access(struct reader *r, const char *field)
{
    struct reader seq, access;
    struct t99_span all = sequence(r, &seq, field), value;
    enum t99_general_name type;

    while (rd_left(&seq) != 0) {
        access = t99_der_enter(&seq, DER_SEQUENCE, "accessDescription");
        t99_der_oid(&access, "accessMethod");
        if (!t99_next_general_name(&access, &type, &value) || rd_left(&access) != 0) {
            rd_refuse(r, "accessLocation");
        }
    }
    return all;
}

/* DistributionPoints, which crl_scope.c reads where they are needed: here that they are SEQUENCEs. */
static struct t99_span read_points(struct reader *r, const char *field)
{
    struct reader seq;
    struct t99_span all = sequence(r, &seq, field);

    while (rd_left(&seq) != 0) {
        t99_der_contents(&seq, DER_SEQUENCE, "distributionPoint");
    }
    return all;
}

/* RFC 7633, 4.1. */
static void read_tls_feature(struct t99_certificate *c, struct reader *r)
{
    struct reader seq;

    c->tls_feature = sequence(r, &seq, "tlsFeature");
    while (rd_left(&seq) != 0) {
        t99_der_small(&seq, 65535, "tlsFeature");
    }
}

static void read_key_identifier(struct t99_certificate *c, struct reader *r)
{
    c->subject_key_id = t99_der_contents(r, DER_OCTET_STRING, "subjectKeyIdentifier");
    if (c->subject_key_id.len == 0) {
        rd_refuse(r, "subjectKeyIdentifier");
    }
}

static void read_rare_value(struct t99_certificate *c, enum t99_ext ext, struct reader *r)
{
    switch (ext) {
    case EXT_CRL_DISTRIBUTION_POINTS:
        c->crl_points = read_points(r, "cRLDistributionPoints");
        break;
    case EXT_FRESHEST_CRL:
        c->freshest_crl = read_points(r, "freshestCRL");
        break;
    case EXT_INHIBIT_ANY_POLICY:
        c->inhibit_any = read_count(r, t99_der_integer(r, "inhibitAnyPolicy"), "inhibitAnyPolicy");
        break;
    case EXT_AUTHORITY_INFO_ACCESS:
        c->authority_info = read_access(r, "authorityInfoAccess");
        break;
    case EXT_SUBJECT_INFO_ACCESS:
        read_access(r, "subjectInfoAccess");
        break;
    case EXT_TLS_FEATURE:
        read_tls_feature(c, r);
        break;
    case EXT_SCT_LIST:
        c->sct_list = t99_der_contents(r, DER_OCTET_STRING, "signedCertificateTimestampList");
        break;
    default: /* the poison and OCSP's nocheck say what they say by being there */
        t99_der_element(r, NULL, "extnValue");
        break;
    }
}

/* r: the contents of extnValue, all of which must be read. */
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
        read_key_usage(c, r);
        break;
    case EXT_CERTIFICATE_POLICIES:
        read_policies(c, r);
        break;
    case EXT_POLICY_MAPPINGS:
        read_policy_mappings(c, r);
        break;
    case EXT_SUBJECT_ALT_NAME:
        c->subject_alt_name = t99_der_contents(r, DER_SEQUENCE, "subjectAltName");
        read_general_names(r, c->subject_alt_name, "subjectAltName");
        break;
    case EXT_ISSUER_ALT_NAME:
        read_general_names(r, t99_der_contents(r, DER_SEQUENCE, "issuerAltName"), "issuerAltName");
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
    default:
        read_rare_value(c, ext, r);
        break;
    }
}

/* Has the same extension stood there before? Compared one with the other, within the limit. */
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

/* RFC 5280, 4.1: critical is DEFAULT FALSE, so that FALSE is left out. */
bool t99_next_extension(struct t99_extension *e, struct reader *r)
{
    struct reader ext = t99_der_enter(r, DER_SEQUENCE, "Extension");

    e->oid = t99_der_oid(&ext, "extnID");
    e->critical = t99_der_peek(&ext, DER_BOOLEAN);
    if (e->critical && !t99_der_boolean(&ext, "critical")) {
        rd_refuse(r, "critical: FALSE, which DER leaves out");
    }
    e->value = t99_der_contents(&ext, DER_OCTET_STRING, "extnValue");
    if (rd_left(&ext) != 0) {
        rd_refuse(r, "Extension");
    }
    return rd_ok(r);
}

static void read_extension(struct t99_certificate *c, const struct t99_extension *e, struct reader *r)
{
    struct reader inner = t99_der_inside(r, e->value);
    int id = t99_extension_id(e->oid);

    if (id < 0) {
        if (e->critical && c->unknown_critical.p == NULL) {
            c->unknown_critical = e->oid;
        }
        return;
    }
    c->present |= (uint32_t)1 << id;
    c->critical |= (uint32_t)e->critical << id;
    read_value(c, (enum t99_ext)id, &inner);
    if (rd_left(&inner) != 0) {
        rd_refuse(r, "extnValue: bytes left over");
    }
}

void t99_read_extensions(struct t99_certificate *c, struct reader *r)
{
    struct t99_extension e;
    size_t num = 0;

    c->extensions = rd_rest(r);
    if (rd_left(r) == 0) {
        rd_refuse(r, "extensions: empty");
    }
    while (rd_left(r) != 0) {
        const uint8_t *start = r->pos;

        if (!t99_next_extension(&e, r)) {
            return;
        }
        if (++num > MAX_EXTENSIONS) {
            rd_refuse(r, "extensions: too many");
            return;
        }
        if (seen_before(c->extensions, start, e.oid)) {
            rd_refuse(r, "extensions: duplicate");
            return;
        }
        read_extension(c, &e, r);
    }
}
