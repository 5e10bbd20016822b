/* Each extension that is understood, as lines and as JSON: RFC 5280, 4.2. */
#include <stdio.h>

#include "x509/checks.h"
#include "x509/der.h"
#include "x509/describe/oid_names.h"
#include "x509/describe/parts.h"
#include "x509/describe/sct.h"
#include "x509/oid.h"

/* ---- Names ---- */

static void subject_alt_name(struct t99_outline *o, struct reader *r)
{
    t99_outline_label(o, "names");
    t99_describe_general_names(o, "subject_alt_names", t99_der_enter(r, DER_SEQUENCE, "subjectAltName"));
}

static void issuer_alt_name(struct t99_outline *o, struct reader *r)
{
    t99_outline_label(o, "issuer names");
    t99_describe_general_names(o, "issuer_alt_names", t99_der_enter(r, DER_SEQUENCE, "issuerAltName"));
}

/* GeneralSubtrees; minimum and maximum, which nobody may use, are passed over. */
static void subtrees(struct t99_outline *o, const char *key, struct reader all)
{
    enum t99_general_name type;
    struct t99_span value;

    t99_outline_list(o, key);
    while (rd_left(&all) != 0) {
        struct reader one = t99_der_enter(&all, DER_SEQUENCE, "GeneralSubtree");

        if (!t99_next_general_name(&one, &type, &value)) {
            rd_refuse(&all, "GeneralSubtree");
        } else if (t99_outline_item(o)) {
            t99_outline_open(o, NULL);
            t99_describe_general_name(o, type, value, true);
            t99_outline_close(o);
        }
    }
    t99_outline_list_end(o);
}

static void name_constraints(struct t99_outline *o, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "nameConstraints");

    t99_outline_open(o, "name_constraints");
    if (t99_der_peek(&seq, DER_CONTEXT_CONSTRUCTED | 0)) {
        t99_outline_label(o, "permits");
        subtrees(o, "permitted", t99_der_enter(&seq, DER_CONTEXT_CONSTRUCTED | 0, "permittedSubtrees"));
    }
    if (t99_der_peek(&seq, DER_CONTEXT_CONSTRUCTED | 1)) {
        t99_outline_label(o, "excludes");
        subtrees(o, "excluded", t99_der_enter(&seq, DER_CONTEXT_CONSTRUCTED | 1, "excludedSubtrees"));
    }
    if (rd_left(&seq) != 0) {
        rd_refuse(r, "nameConstraints");
    }
    t99_outline_close(o);
}

/* ---- What for ---- */

static void key_usage(struct t99_outline *o, struct reader *r)
{
    static const char *const bits[] = { "digitalSignature", "nonRepudiation", "keyEncipherment",
                                        "dataEncipherment", "keyAgreement",   "keyCertSign",
                                        "cRLSign",          "encipherOnly",   "decipherOnly" };
    unsigned usage = t99_der_named_bits(r, DER_BIT_STRING, "keyUsage"), i;

    t99_outline_label(o, "usage");
    t99_outline_list(o, "key_usage");
    for (i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        if ((usage >> i & 1) != 0 && t99_outline_item(o)) {
            t99_outline_say(o, bits[i]);
            t99_outline_string(o, NULL, bits[i]);
        }
    }
    t99_outline_list_end(o);
}

static void ext_key_usage(struct t99_outline *o, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "extKeyUsage");

    t99_outline_label(o, "purposes");
    t99_outline_list(o, "extended_key_usage");
    while (rd_left(&seq) != 0) {
        struct t99_span oid = t99_der_oid(&seq, "keyPurposeId");

        if (rd_ok(&seq) && t99_outline_item(o)) {
            t99_outline_open(o, NULL);
            t99_describe_oid(o, oid);
            t99_outline_close(o);
        }
    }
    t99_outline_list_end(o);
}

static void basic_constraints(struct t99_outline *o, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "basicConstraints");
    bool ca = t99_der_peek(&seq, DER_BOOLEAN) && t99_der_boolean(&seq, "cA");

    t99_outline_label(o, "CA");
    t99_outline_say(o, ca ? "yes" : "no");
    t99_outline_open(o, "basic_constraints");
    t99_outline_bool(o, "ca", ca);
    if (t99_der_peek(&seq, DER_INTEGER)) {
        t99_outline_say(o, ", CAs below it at most ");
        t99_describe_count(o, "path_length", t99_der_integer(&seq, "pathLenConstraint"));
    }
    t99_outline_close(o);
}

/* ---- Key identifiers ---- */

static void subject_key_id(struct t99_outline *o, struct reader *r)
{
    t99_outline_label(o, "key id");
    t99_outline_hex(o, "subject_key_id", t99_der_contents(r, DER_OCTET_STRING, "subjectKeyIdentifier"),
                    T99_OUTLINE_HEX);
}

static void authority_key_id(struct t99_outline *o, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "authorityKeyIdentifier");

    t99_outline_label(o, "issuer key");
    t99_outline_open(o, "authority_key_id");
    if (t99_der_peek(&seq, DER_CONTEXT | 0)) {
        t99_outline_hex(o, "key_id", t99_der_contents(&seq, DER_CONTEXT | 0, "keyIdentifier"),
                        T99_OUTLINE_HEX);
    }
    if (t99_der_peek(&seq, DER_CONTEXT_CONSTRUCTED | 1)) {
        t99_outline_say(o, " issued by ");
        t99_describe_general_names(o, "issuer",
                                   t99_der_enter(&seq, DER_CONTEXT_CONSTRUCTED | 1, "authorityCertIssuer"));
    }
    if (t99_der_peek(&seq, DER_CONTEXT | 2)) {
        t99_outline_say(o, " serial ");
        t99_outline_hex(o, "serial", t99_der_contents(&seq, DER_CONTEXT | 2, "authorityCertSerialNumber"),
                        T99_OUTLINE_HEX);
    }
    t99_outline_close(o);
}

/* ---- TLS and transparency ---- */

/* RFC 7633: extensions that the server must answer; 5, status_request, is a stapled OCSP response. */
static void tls_feature(struct t99_outline *o, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "tlsFeature");

    t99_outline_label(o, "TLS features");
    t99_outline_list(o, "tls_features");
    while (rd_left(&seq) != 0) {
        uint32_t feature = t99_der_small(&seq, 65535, "tlsFeature");

        if (rd_ok(&seq) && t99_outline_item(o)) {
            t99_outline_sayf(o, "%lu%s", (unsigned long)feature,
                             feature == 5    ? " (status_request: must staple)"
                             : feature == 17 ? " (status_request_v2)"
                                             : "");
            t99_outline_number(o, NULL, feature);
        }
    }
    t99_outline_list_end(o);
}

static const char *sct_hash(uint8_t n)
{
    static const char *const hashes[] = {
        "none", "MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"
    };

    return n < sizeof hashes / sizeof hashes[0] ? hashes[n] : "unknown hash";
}

static const char *sct_signature(uint8_t n)
{
    return n == 1 ? "RSA" : n == 2 ? "DSA" : n == 3 ? "ECDSA" : "unknown signature";
}

#define YEAR_10000 253402300800u /* seconds: the form of times ends there */

static void sct_v1(struct t99_outline *o, const struct t99_sct *sct)
{
    char text[T99_TIME_TEXT], ms[T99_TIME_TEXT + 16];
    uint64_t seconds = sct->time_ms / 1000;
    int i = (int)(sct->time_ms % 1000);

    t99_time_text(text, sizeof text, (int64_t)(seconds < YEAR_10000 ? seconds : YEAR_10000 - 1));
    t99_outline_hex(o, "log_id", sct->log_id, T99_OUTLINE_HEX);
    t99_outline_below(o);
    t99_outline_sayf(o, "  v1, %.19s.%03d UTC, %s with %s", text, i, sct_signature(sct->signature),
                     sct_hash(sct->hash));
    (void)snprintf(ms, sizeof ms, "%.10sT%.8s.%03dZ", text, text + 11, i);
    t99_outline_string(o, "time", ms);
    t99_outline_string(o, "hash", sct_hash(sct->hash));
    t99_outline_string(o, "signature", sct_signature(sct->signature));
    if (sct->extensions.len != 0) {
        t99_outline_say(o, ", extensions ");
        t99_outline_hex(o, "extensions", sct->extensions, T99_OUTLINE_HEX);
    }
}

static void sct_list(struct t99_outline *o, struct reader *r)
{
    struct t99_span octets = t99_der_contents(r, DER_OCTET_STRING, "signedCertificateTimestampList");
    struct reader inner = t99_der_inside(r, octets), list = t99_sct_list(&inner);
    struct t99_sct sct;

    t99_outline_label(o, "SCTs");
    t99_outline_list(o, "scts");
    while (t99_next_sct(&sct, &list)) {
        if (!t99_outline_row(o)) {
            continue;
        }
        t99_outline_open(o, NULL);
        t99_outline_number(o, "version", sct.version + 1);
        if (sct.version == T99_SCT_V1) {
            sct_v1(o, &sct);
        } else {
            t99_outline_sayf(o, "of version %u, which is not known", sct.version + 1u);
        }
        t99_outline_close(o);
    }
    t99_outline_list_end(o);
}

static void poison(struct t99_outline *o, struct reader *r)
{
    t99_der_element(r, NULL, "precertificatePoison");
    t99_outline_label(o, "remark");
    t99_outline_say(o, "a precertificate, for logs only: no server may use it");
}

static void ocsp_no_check(struct t99_outline *o, struct reader *r)
{
    t99_der_element(r, NULL, "ocspNoCheck");
    t99_outline_label(o, "remark");
    t99_outline_say(o, "the revocation of this OCSP signer is not checked (ocspNoCheck)");
}

static const struct t99_extension_text texts[] = {
    { EXT_SUBJECT_ALT_NAME, subject_alt_name },
    { EXT_KEY_USAGE, key_usage },
    { EXT_EXT_KEY_USAGE, ext_key_usage },
    { EXT_BASIC_CONSTRAINTS, basic_constraints },
    { EXT_NAME_CONSTRAINTS, name_constraints },
    { EXT_CERTIFICATE_POLICIES, t99_describe_policies },
    { EXT_POLICY_MAPPINGS, t99_describe_policy_mappings },
    { EXT_POLICY_CONSTRAINTS, t99_describe_policy_constraints },
    { EXT_INHIBIT_ANY_POLICY, t99_describe_inhibit_any_policy },
    { EXT_SUBJECT_KEY_ID, subject_key_id },
    { EXT_AUTHORITY_KEY_ID, authority_key_id },
    { EXT_ISSUER_ALT_NAME, issuer_alt_name },
    { EXT_AUTHORITY_INFO_ACCESS, t99_describe_authority_info },
    { EXT_SUBJECT_INFO_ACCESS, t99_describe_subject_info },
    { EXT_CRL_DISTRIBUTION_POINTS, t99_describe_crl_points },
    { EXT_FRESHEST_CRL, t99_describe_freshest_crl },
    { EXT_TLS_FEATURE, tls_feature },
    { EXT_OCSP_NOCHECK, ocsp_no_check },
    { EXT_CT_POISON, poison },
    { EXT_SCT_LIST, sct_list },
};

const struct t99_extension_text *t99_extension_text(size_t i)
{
    return i < sizeof texts / sizeof texts[0] ? &texts[i] : NULL;
}
