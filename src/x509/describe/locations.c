/* Where to ask about a certificate, as lines and as JSON: RFC 5280, 4.2.1.13, 4.2.1.15, 4.2.2. */
#include "x509/der.h"
#include "x509/describe/oid_names.h"
#include "x509/describe/parts.h"
#include "x509/oid.h"

static const uint8_t oid_ocsp[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01 };
static const uint8_t oid_ca_issuers[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02 };

/* ReasonFlags: RFC 5280, 4.2.1.13. */
static void reasons(struct t99_outline *o, struct reader *point)
{
    static const char *const bits[] = { "unused",          "keyCompromise",
                                        "cACompromise",    "affiliationChanged",
                                        "superseded",      "cessationOfOperation",
                                        "certificateHold", "privilegeWithdrawn",
                                        "aACompromise" };
    unsigned flags = t99_der_named_bits(point, DER_CONTEXT | 1, "reasons"), i;

    t99_outline_say(o, " for ");
    t99_outline_list(o, "reasons");
    for (i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        if ((flags >> i & 1) != 0 && t99_outline_item(o)) {
            t99_outline_say(o, bits[i]);
            t99_outline_string(o, NULL, bits[i]);
        }
    }
    t99_outline_list_end(o);
}

/* DistributionPointName: full names, or one relative to the issuer. */
static void point_name(struct t99_outline *o, struct reader *point)
{
    struct reader choice = t99_der_enter(point, DER_CONTEXT_CONSTRUCTED | 0, "distributionPoint");

    if (t99_der_peek(&choice, DER_CONTEXT_CONSTRUCTED | 0)) {
        t99_describe_general_names(o, "names",
                                   t99_der_enter(&choice, DER_CONTEXT_CONSTRUCTED | 0, "fullName"));
    } else {
        t99_outline_say(o, "a name relative to the issuer ");
        t99_outline_hex(o, "relative_name",
                        t99_der_contents(&choice, DER_CONTEXT_CONSTRUCTED | 1, "nameRelativeToCRLIssuer"),
                        T99_OUTLINE_HEX);
    }
}

static void points(struct t99_outline *o, const char *label, const char *key, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "cRLDistributionPoints");

    t99_outline_label(o, label);
    t99_outline_list(o, key);
    while (rd_left(&seq) != 0) {
        struct reader point = t99_der_enter(&seq, DER_SEQUENCE, "distributionPoint");

        if (!rd_ok(&point) || !t99_outline_item(o)) {
            continue;
        }
        t99_outline_open(o, NULL);
        if (t99_der_peek(&point, DER_CONTEXT_CONSTRUCTED | 0)) {
            point_name(o, &point);
        }
        if (t99_der_peek(&point, DER_CONTEXT | 1)) {
            reasons(o, &point);
        }
        if (t99_der_peek(&point, DER_CONTEXT_CONSTRUCTED | 2)) {
            t99_outline_say(o, " signed by ");
            t99_describe_general_names(o, "crl_issuer",
                                       t99_der_enter(&point, DER_CONTEXT_CONSTRUCTED | 2, "cRLIssuer"));
        }
        if (rd_left(&point) != 0) {
            rd_refuse(r, "distributionPoint");
        }
        t99_outline_close(o);
    }
    t99_outline_list_end(o);
}

void t99_describe_crl_points(struct t99_outline *o, struct reader *r)
{
    points(o, "CRL", "crl_points", r);
}

void t99_describe_freshest_crl(struct t99_outline *o, struct reader *r)
{
    points(o, "delta CRL", "freshest_crl_points", r);
}

/* AccessDescriptions: those with this method; NULL: with none of the two that have a line of their own. */
static void access(struct t99_outline *o, const char *label, const char *key, struct reader seq,
                   const struct t99_span *method)
{
    bool any = false;

    while (rd_left(&seq) != 0) {
        struct reader one = t99_der_enter(&seq, DER_SEQUENCE, "accessDescription");
        struct t99_span oid = t99_der_oid(&one, "accessMethod"), value;
        bool wanted = method != NULL ? t99_span_equal(oid, *method) != 0
                                     : !t99_is_oid(oid, oid_ocsp) && !t99_is_oid(oid, oid_ca_issuers);
        enum t99_general_name type;

        if (!wanted || !t99_next_general_name(&one, &type, &value)) {
            continue;
        }
        if (!any) {
            t99_outline_label(o, label);
            t99_outline_list(o, key);
            any = true;
        }
        if (t99_outline_item(o)) {
            t99_outline_open(o, NULL);
            if (method == NULL) {
                t99_outline_open(o, "method");
                t99_describe_oid(o, oid);
                t99_outline_close(o);
                t99_outline_say(o, " ");
            }
            t99_describe_general_name(o, type, value, false);
            t99_outline_close(o);
        }
    }
    if (any) {
        t99_outline_list_end(o);
    }
}

void t99_describe_authority_info(struct t99_outline *o, struct reader *r)
{
    const struct t99_span ocsp = { oid_ocsp, sizeof oid_ocsp },
                          ca_issuers = { oid_ca_issuers, sizeof oid_ca_issuers };
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "authorityInfoAccess");

    access(o, "OCSP", "ocsp", seq, &ocsp);
    access(o, "CA issuers", "ca_issuers", seq, &ca_issuers);
    access(o, "other access", "authority_info_other", seq, NULL);
}

void t99_describe_subject_info(struct t99_outline *o, struct reader *r)
{
    access(o, "subject info", "subject_info", t99_der_enter(r, DER_SEQUENCE, "subjectInfoAccess"), NULL);
}
