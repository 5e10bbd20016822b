#include "x509/certificate.h"

#include <string.h>

#include "x509/attribute.h"
#include "x509/der.h"
#include "x509/extensions.h"
#include "x509/name.h"
#include "x509/oid.h"

#define FEATURE_STATUS_REQUEST 5 /* RFC 7633, 4.2.2; RFC 6066, 8 */

/* id-ad-ocsp, id-ad-caIssuers: RFC 5280, 4.2.2.1. */
static const uint8_t oid_ocsp[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01 };
static const uint8_t oid_ca_issuers[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02 };

/* RFC 5280, 4.1.2.2: positive, at most 20 octets; what is not is an oddity. */
static void read_serial(struct t99_certificate *c, struct reader *tbs)
{
    c->serial = t99_der_integer(tbs, "serialNumber");
    if (c->serial.len == 0) {
        return;
    }
    if (c->serial.p[0] >= 0x80) {
        c->oddities |= ODD_SERIAL_NEGATIVE;
    }
    if (c->serial.len == 1 && c->serial.p[0] == 0) {
        c->oddities |= ODD_SERIAL_ZERO;
    }
    if (c->serial.len > 20) {
        c->oddities |= ODD_SERIAL_LONG;
    }
}

#define YEAR_2050 INT64_C(2524608000)

static int64_t read_time(struct t99_certificate *c, struct reader *validity, const char *field)
{
    uint8_t tag = 0;
    int64_t t = t99_der_time(validity, &tag, field);

    if (tag == DER_GENERALIZED_TIME && t < YEAR_2050) {
        c->oddities |= ODD_TIME_ENCODING;
    }
    return t;
}

static struct t99_span read_name(struct reader *tbs, const char *field)
{
    struct t99_span name = t99_der_element(tbs, NULL, field);

    if (rd_ok(tbs) && !t99_name_well_formed(name)) {
        rd_refuse(tbs, field);
    }
    return name;
}

/* [1] and [2]: issuerUniqueID, subjectUniqueID; [3]: extensions. */
static void read_optional(struct t99_certificate *c, struct reader *tbs)
{
    struct reader outer, extensions;
    int i;

    for (i = 1; i <= 2; i++) {
        if (t99_der_peek(tbs, (uint8_t)(DER_CONTEXT | i))) {
            t99_der_contents(tbs, (uint8_t)(DER_CONTEXT | i), "uniqueIdentifier");
            c->oddities |= ODD_UNIQUE_ID;
            if (c->version == 1) {
                c->oddities |= ODD_VERSION;
            }
        }
    }
    if (t99_der_peek(tbs, DER_CONTEXT_CONSTRUCTED | 3)) {
        outer = t99_der_enter(tbs, DER_CONTEXT_CONSTRUCTED | 3, "extensions");
        extensions = t99_der_enter(&outer, DER_SEQUENCE, "extensions");
        t99_read_extensions(c, &extensions);
        if (rd_left(&outer) != 0) {
            rd_refuse(tbs, "extensions");
        }
        if (c->version != 3) {
            c->oddities |= ODD_VERSION;
        }
    }
}

/* RFC 5280, 4.1.2.1: [0] EXPLICIT, v1 left out. */
static void read_version(struct t99_certificate *c, struct reader *tbs)
{
    struct reader outer;

    c->version = 1;
    if (t99_der_peek(tbs, DER_CONTEXT_CONSTRUCTED | 0)) {
        outer = t99_der_enter(tbs, DER_CONTEXT_CONSTRUCTED | 0, "version");
        c->version = (uint8_t)(1 + t99_der_small(&outer, 2, "version"));
        if (c->version == 1 || rd_left(&outer) != 0) {
            rd_refuse(tbs, "version");
        }
    }
}

static void read_tbs(struct t99_certificate *c, struct reader *tbs)
{
    struct reader validity;

    read_version(c, tbs);
    read_serial(c, tbs);
    c->inner_alg = t99_der_element(tbs, NULL, "signature");
    c->issuer = read_name(tbs, "issuer");
    if (c->issuer.len == 2) {
        c->oddities |= ODD_EMPTY_ISSUER;
    }
    validity = t99_der_enter(tbs, DER_SEQUENCE, "validity");
    c->not_before = read_time(c, &validity, "notBefore");
    c->not_after = read_time(c, &validity, "notAfter");
    if (rd_left(&validity) != 0) {
        rd_refuse(tbs, "validity");
    }
    c->subject = read_name(tbs, "subject");
    c->spki = t99_der_element(tbs, NULL, "subjectPublicKeyInfo");
    read_optional(c, tbs);
    if (rd_left(tbs) != 0) {
        rd_refuse(tbs, "tbsCertificate: bytes left over");
    }
}

/* Bits that do not fill their last octet are no signature of any algorithm, but they are a certificate. */
static struct t99_span read_signature(struct reader *cert)
{
    struct t99_span bits = t99_der_contents(cert, DER_BIT_STRING, "signatureValue");

    if (bits.len == 0 || bits.p[0] > 7 || (bits.len == 1 && bits.p[0] != 0)) {
        rd_refuse(cert, "signatureValue");
        return t99_span(NULL, 0);
    }
    return bits.p[0] == 0 ? t99_span(bits.p + 1, bits.len - 1) : t99_span(NULL, 0);
}

bool t99_certificate_decode(struct t99_certificate *c, struct t99_span der, const char **bad)
{
    struct reader r = rd_init(der.p, der.len, bad), cert, tbs, inner;

    memset(c, 0, sizeof *c);
    c->path_len = c->require_explicit = c->inhibit_mapping = c->inhibit_any = -1;
    c->der = der;
    cert = t99_der_enter(&r, DER_SEQUENCE, "Certificate");
    c->tbs = t99_der_element(&cert, NULL, "tbsCertificate");
    inner = t99_der_inside(&cert, c->tbs);
    tbs = t99_der_enter(&inner, DER_SEQUENCE, "tbsCertificate");
    read_tbs(c, &tbs);
    c->outer_alg = t99_der_element(&cert, NULL, "signatureAlgorithm");
    c->signature = read_signature(&cert);
    if (rd_left(&cert) != 0) {
        rd_refuse(&r, "Certificate: bytes left over");
    }
    if (!rd_end(&r, "Certificate: bytes left over")) {
        return false;
    }
    if (!t99_span_equal(c->inner_alg, c->outer_alg)) {
        *bad = "signature: not the same algorithm as signatureAlgorithm";
        return false;
    }
    return t99_decode_sig_alg(&c->sig_alg, c->outer_alg, &c->oddities, bad) &&
           t99_decode_spki(&c->key, c->spki, bad);
}

bool t99_certificate_subject(struct t99_span *subject, struct t99_span der)
{
    const char *bad = NULL;
    struct reader r = rd_init(der.p, der.len, &bad), cert = t99_der_enter(&r, DER_SEQUENCE, "Certificate");
    struct reader tbs = t99_der_enter(&cert, DER_SEQUENCE, "tbsCertificate");

    if (t99_der_peek(&tbs, DER_CONTEXT_CONSTRUCTED | 0)) {
        t99_der_element(&tbs, NULL, "version");
    }
    t99_der_element(&tbs, NULL, "serialNumber");
    t99_der_element(&tbs, NULL, "signature");
    t99_der_element(&tbs, NULL, "issuer");
    t99_der_element(&tbs, NULL, "validity");
    if (!t99_der_peek(&tbs, DER_SEQUENCE)) {
        rd_refuse(&tbs, "subject");
    }
    *subject = t99_der_element(&tbs, NULL, "subject");
    return rd_end(&r, "Certificate");
}

bool t99_self_issued(const struct t99_certificate *c)
{
    return t99_name_equal(c->subject, c->issuer);
}

/* The first URI for an access method. */
static struct t99_span access_uri(const struct t99_certificate *c, struct t99_span method)
{
    static const struct t99_span none = { NULL, 0 };
    const char *bad = NULL;
    struct reader r = rd_init(c->authority_info.p, c->authority_info.len, &bad), access;

    while (rd_left(&r) != 0) {
        access = t99_der_enter(&r, DER_SEQUENCE, "AccessDescription");
        if (t99_span_equal(t99_der_oid(&access, "accessMethod"), method) &&
            t99_der_peek(&access, DER_CONTEXT | GN_URI)) {
            return t99_der_contents(&access, DER_CONTEXT | GN_URI, "accessLocation");
        }
    }
    return none;
}

struct t99_span t99_ocsp_uri(const struct t99_certificate *c)
{
    return access_uri(c, t99_span(oid_ocsp, sizeof oid_ocsp));
}

struct t99_span t99_issuer_uri(const struct t99_certificate *c)
{
    return access_uri(c, t99_span(oid_ca_issuers, sizeof oid_ca_issuers));
}

bool t99_must_staple(const struct t99_certificate *c)
{
    const char *bad = NULL;
    struct reader r = rd_init(c->tls_feature.p, c->tls_feature.len, &bad);

    while (rd_left(&r) != 0) {
        if (t99_der_small(&r, 65535, "TLSFeature") == FEATURE_STATUS_REQUEST && rd_ok(&r)) {
            return true;
        }
    }
    return false;
}
