#include <stdlib.h>
#include <string.h>

#include "x509/crl_list.h"
#include "x509/der.h"
#include "x509/name.h"

/* Extensions of lists and entries, by the last byte of their OID under id-ce. */
enum {
    CE_CRL_NUMBER = 20,
    CE_REASON = 21,
    CE_INVALIDITY_DATE = 24,
    CE_DELTA_CRL = 27,
    CE_IDP = 28,
    CE_CERTIFICATE_ISSUER = 29,
    CE_AUTHORITY_KEY_ID = 35,
    CE_FRESHEST_CRL = 46,
    CE_ISSUER_ALT_NAME = 18
};

#define T99_YEAR_2050 INT64_C(2524608000)

struct extension {
    int id; /* last byte of an OID under id-ce; 0: another one */
    bool critical;
    struct t99_span value; /* contents of the OCTET STRING */
};

static bool next_extension(struct reader *r, struct extension *e)
{
    struct reader one;
    struct t99_span oid;

    if (rd_left(r) == 0) {
        return false;
    }
    one = t99_der_enter(r, DER_SEQUENCE, "extension");
    oid = t99_der_contents(&one, DER_OID, "extnID");
    e->critical = t99_der_peek(&one, DER_BOOLEAN) && t99_der_boolean(&one, "critical");
    e->value = t99_der_contents(&one, DER_OCTET_STRING, "extnValue");
    e->id = oid.len == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x1d ? oid.p[2] : 0;
    return rd_end(&one, "extension");
}

/* ---- Entries ---- */

struct entry {
    struct t99_span serial;
    struct t99_span issuer; /* from certificateIssuer: a Name with header; .p NULL: as before */
    int64_t date;
    uint8_t date_tag;
    int reason;
    bool unknown_critical;
    bool odd_criticality; /* of a known extension */
};

static void entry_extension(struct entry *e, struct reader *parent, const struct extension *ext)
{
    const char *bad;
    struct reader r = rd_init(ext->value.p, ext->value.len, &bad), names;
    enum t99_general_name type;
    struct t99_span value;

    if (ext->id == CE_REASON) {
        struct t99_span reason = t99_der_contents(&r, DER_ENUMERATED, "reasonCode");

        if (!rd_end(&r, "reasonCode") || reason.len != 1 || reason.p[0] > 10) {
            (void)rd_refuse(parent, "reasonCode");
        } else {
            e->reason = reason.p[0];
            e->odd_criticality = ext->critical;
        }
    } else if (ext->id == CE_CERTIFICATE_ISSUER) {
        names = t99_der_enter(&r, DER_SEQUENCE, "certificateIssuer");
        while (t99_next_general_name(&names, &type, &value)) {
            if (type == GN_DIRECTORY) {
                e->issuer = value;
            }
        }
        if (!rd_ok(&r)) {
            (void)rd_refuse(parent, "certificateIssuer");
        }
    } else if (ext->id != CE_INVALIDITY_DATE && ext->critical) {
        e->unknown_critical = true;
    }
}

static bool next_entry(struct reader *r, struct entry *e)
{
    struct reader one, extensions;
    struct extension ext;

    if (rd_left(r) == 0) {
        return false;
    }
    memset(e, 0, sizeof *e);
    e->reason = -1;
    one = t99_der_enter(r, DER_SEQUENCE, "revokedCertificate");
    e->serial = t99_der_integer(&one, "userCertificate");
    e->date = t99_der_time(&one, &e->date_tag, "revocationDate");
    if (t99_der_peek(&one, DER_SEQUENCE)) {
        extensions = t99_der_enter(&one, DER_SEQUENCE, "crlEntryExtensions");
        while (next_extension(&extensions, &ext)) {
            entry_extension(e, r, &ext);
        }
    }
    return rd_end(&one, "revokedCertificate");
}

void t99_crl_look_up(struct t99_crl_entry *out, const struct t99_crl *crl, const struct t99_certificate *c)
{
    const char *bad;
    struct reader r = rd_init(crl->revoked.p, crl->revoked.len, &bad);
    struct t99_span issuer = crl->issuer;
    bool same_issuer = t99_name_equal(issuer, c->issuer);
    struct entry e;

    out->listed = false;
    out->reason = -1;
    out->date = -1;
    while (next_entry(&r, &e)) {
        if (crl->indirect && e.issuer.p != NULL) {
            same_issuer = t99_name_equal(e.issuer, c->issuer);
        }
        if (same_issuer && t99_span_equal(e.serial, c->serial)) {
            out->listed = true;
            out->reason = e.reason;
            out->date = e.date;
        }
    }
}

/* ---- The list ---- */

static void decode_idp(struct t99_crl *crl, struct reader *parent, struct t99_span value)
{
    const char *bad;
    struct reader r = rd_init(value.p, value.len, &bad), idp, names;
    enum t99_general_name type;
    struct t99_span name;
    static const char *const fields[] = { "onlyContainsUserCerts", "onlyContainsCACerts", "onlySomeReasons",
                                          "indirectCRL", "onlyContainsAttributeCerts" };
    bool flags[5] = { false, false, false, false, false };
    unsigned i;

    crl->idp = value;
    idp = t99_der_enter(&r, DER_SEQUENCE, "issuingDistributionPoint");
    if (t99_der_peek(&idp, DER_CONTEXT_CONSTRUCTED | 0)) {
        names = t99_der_enter(&idp, DER_CONTEXT_CONSTRUCTED | 0, "distributionPoint");
        crl->point = rd_rest(&names);
        if (t99_der_peek(&names, DER_CONTEXT_CONSTRUCTED | 0)) {
            names = t99_der_enter(&names, DER_CONTEXT_CONSTRUCTED | 0, "fullName");
            while (t99_next_general_name(&names, &type, &name)) {
                crl->oddities |= type != GN_URI ? (uint32_t)ODD_CRL_NAME_NOT_URI : 0;
            }
        } else {
            crl->oddities |= ODD_CRL_IDP;
        }
    }
    for (i = 0; i < 5; i++) {
        if (i == 2 && t99_der_peek(&idp, DER_CONTEXT | 3)) {
            crl->some_reasons =
                (uint16_t)(t99_der_named_bits(&idp, DER_CONTEXT | 3, fields[i]) & T99_REASONS_ALL);
        } else if (i != 2 && t99_der_peek(&idp, (uint8_t)(DER_CONTEXT | (i + 1)))) {
            struct t99_span b = t99_der_contents(&idp, (uint8_t)(DER_CONTEXT | (i + 1)), fields[i]);

            flags[i] = b.len == 1 && b.p[0] == 0xff;
            if (!flags[i]) { /* FALSE is the default, which DER leaves out */
                (void)rd_refuse(&idp, fields[i]);
            }
        }
    }
    crl->only_user = flags[0];
    crl->only_ca = flags[1];
    crl->indirect = flags[3];
    crl->only_attribute = flags[4];
    if (crl->indirect || crl->only_attribute || crl->some_reasons != T99_REASONS_ALL) {
        crl->oddities |= ODD_CRL_IDP;
    }
    if (!rd_end(&idp, "issuingDistributionPoint") || !rd_end(&r, "issuingDistributionPoint")) {
        (void)rd_refuse(parent, "issuingDistributionPoint");
    }
}

static struct t99_span decode_number(struct reader *parent, struct t99_span value, const char *field)
{
    const char *bad;
    struct reader r = rd_init(value.p, value.len, &bad);
    struct t99_span number = t99_der_integer(&r, field);

    if (!rd_end(&r, field) || (number.p[0] & 0x80) != 0) {
        (void)rd_refuse(parent, field);
    }
    return number;
}

static struct t99_span decode_key_id(struct t99_span value)
{
    const char *bad;
    struct reader r = rd_init(value.p, value.len, &bad), aki = t99_der_enter(&r, DER_SEQUENCE, "aki");
    struct t99_span id = { NULL, 0 };

    if (t99_der_peek(&aki, DER_CONTEXT | 0)) {
        id = t99_der_contents(&aki, DER_CONTEXT | 0, "keyIdentifier");
    }
    return id;
}

static void crl_extension(struct t99_crl *crl, struct reader *parent, const struct extension *ext)
{
    if (ext->critical != (ext->id == CE_DELTA_CRL || ext->id == CE_IDP)) {
        crl->oddities |= ODD_CRL_CRITICALITY;
    }
    switch (ext->id) {
    case CE_CRL_NUMBER:
        crl->number = decode_number(parent, ext->value, "cRLNumber");
        crl->oddities |= crl->number.len > 20 ? (uint32_t)ODD_CRL_LONG_NUMBER : 0;
        if (ext->critical) {
            crl->unusable = "its cRLNumber is critical (RFC 5280, 5.2.3)";
        }
        break;
    case CE_DELTA_CRL:
        crl->base_number = decode_number(parent, ext->value, "deltaCRLIndicator");
        break;
    case CE_IDP:
        decode_idp(crl, parent, ext->value);
        break;
    case CE_AUTHORITY_KEY_ID:
        crl->authority_key_id = decode_key_id(ext->value);
        break;
    case CE_FRESHEST_CRL:
    case CE_ISSUER_ALT_NAME:
        break;
    default:
        if (ext->critical) {
            crl->unusable = "it has a critical extension that is not understood (RFC 5280, 5.2)";
        }
        break;
    }
}

static void decode_extensions(struct t99_crl *crl, struct reader *tbs)
{
    struct reader outer, all;
    struct extension ext;
    uint64_t seen = 0;

    outer = t99_der_enter(tbs, DER_CONTEXT_CONSTRUCTED | 0, "crlExtensions");
    all = t99_der_enter(&outer, DER_SEQUENCE, "crlExtensions");
    while (next_extension(&all, &ext)) {
        if (ext.id > 0 && ext.id < 64) {
            if ((seen >> ext.id & 1) != 0) {
                (void)rd_refuse(tbs, "crlExtensions: duplicate");
            }
            seen |= (uint64_t)1 << ext.id;
        }
        crl_extension(crl, tbs, &ext);
    }
}

static int compare_serials(const void *a, const void *b)
{
    const struct t99_span *x = (const struct t99_span *)a, *y = (const struct t99_span *)b;

    if (x->len != y->len) {
        return x->len < y->len ? -1 : 1;
    }
    return x->len != 0 ? memcmp(x->p, y->p, x->len) : 0;
}

bool t99_crl_find_duplicates(struct t99_crl *crl, const struct t99_env *env)
{
    const char *bad;
    struct reader r = rd_init(crl->revoked.p, crl->revoked.len, &bad);
    struct t99_span *serials;
    struct entry e;
    size_t num = 0, i;

    while (next_entry(&r, &e)) {
        num++;
    }
    if (num < 2 || crl->indirect) {
        return true;
    }
    serials = (struct t99_span *)t99_alloc(env, num * sizeof serials[0]);
    if (serials == NULL) {
        return false;
    }
    r = rd_init(crl->revoked.p, crl->revoked.len, &bad);
    for (i = 0; i < num && next_entry(&r, &e); i++) {
        serials[i] = e.serial;
    }
    qsort(serials, num, sizeof serials[0], compare_serials);
    for (i = 1; i < num; i++) {
        if (t99_span_equal(serials[i - 1], serials[i])) {
            crl->oddities |= ODD_CRL_DUPLICATE;
        }
    }
    t99_free(env, serials, num * sizeof serials[0]);
    return true;
}

/* Walks all entries once, so that looking up need not judge them any more. */
static void check_entries(struct t99_crl *crl, struct reader *tbs)
{
    struct reader r = *tbs;
    struct entry e;

    r.pos = crl->revoked.p;
    r.end = crl->revoked.p + crl->revoked.len;
    while (next_entry(&r, &e)) {
        if (e.unknown_critical) {
            crl->unusable = "an entry has a critical extension that is not understood (RFC 5280, 5.3)";
        }
        if (e.issuer.p != NULL && !crl->indirect) {
            crl->unusable = "an entry has a certificateIssuer and the list is not indirect (RFC 5280, 5.3.3)";
        }
        if (e.date_tag == DER_GENERALIZED_TIME && e.date < T99_YEAR_2050) {
            crl->oddities |= ODD_CRL_TIME_ENCODING;
        }
        if (e.odd_criticality) {
            crl->oddities |= ODD_CRL_CRITICALITY;
        }
        if (e.reason == 0 || e.reason == 6 || (e.reason == 8 && crl->base_number.p == NULL)) {
            crl->oddities |= ODD_CRL_REASON;
        }
    }
}

static void decode_tbs(struct t99_crl *crl, struct reader *tbs, struct t99_span *inner_alg)
{
    uint8_t this_tag = 0, next_tag = 0;

    crl->oddities |= ODD_CRL_VERSION;
    if (t99_der_peek(tbs, DER_INTEGER)) {
        if (t99_der_small(tbs, 1, "version") == 1) {
            crl->oddities &= ~(uint32_t)ODD_CRL_VERSION;
        }
    }
    *inner_alg = t99_der_element(tbs, NULL, "signature");
    crl->issuer = t99_der_element(tbs, NULL, "issuer");
    crl->this_update = t99_der_time(tbs, &this_tag, "thisUpdate");
    crl->next_update = -1;
    if (t99_der_peek(tbs, DER_UTC_TIME) || t99_der_peek(tbs, DER_GENERALIZED_TIME)) {
        crl->next_update = t99_der_time(tbs, &next_tag, "nextUpdate");
    }
    if ((this_tag == DER_GENERALIZED_TIME && crl->this_update < T99_YEAR_2050) ||
        (next_tag == DER_GENERALIZED_TIME && crl->next_update < T99_YEAR_2050)) {
        crl->oddities |= ODD_CRL_TIME_ENCODING;
    }
    if (t99_der_peek(tbs, DER_SEQUENCE)) {
        crl->revoked = t99_der_contents(tbs, DER_SEQUENCE, "revokedCertificates");
        crl->oddities |= crl->revoked.len == 0 ? (uint32_t)ODD_CRL_EMPTY_REVOKED : 0;
    }
    if (t99_der_peek(tbs, DER_CONTEXT_CONSTRUCTED | 0)) {
        decode_extensions(crl, tbs);
    }
    if (rd_ok(tbs) && crl->revoked.p != NULL) {
        check_entries(crl, tbs);
    }
}

bool t99_crl_decode(struct t99_crl *crl, struct t99_span der, const char **bad)
{
    struct reader r = rd_init(der.p, der.len, bad), list, tbs;
    struct t99_span inner_alg, outer_alg;
    const char *alg_bad = NULL;
    uint32_t alg_oddities = 0;

    memset(crl, 0, sizeof *crl);
    crl->some_reasons = T99_REASONS_ALL;
    crl->der = der;
    list = t99_der_enter(&r, DER_SEQUENCE, "certificateList");
    tbs = list;
    crl->tbs = t99_der_element(&list, NULL, "tbsCertList");
    tbs = t99_der_enter(&tbs, DER_SEQUENCE, "tbsCertList");
    decode_tbs(crl, &tbs, &inner_alg);
    outer_alg = t99_der_element(&list, NULL, "signatureAlgorithm");
    crl->signature = t99_der_bit_octets(&list, "signatureValue");
    if (!rd_end(&tbs, "tbsCertList") || !rd_end(&list, "certificateList") || !rd_end(&r, "certificateList")) {
        return false;
    }
    if (!t99_span_equal(inner_alg, outer_alg)) {
        crl->unusable = "it names one signature algorithm inside and another outside";
    }
    if (!t99_decode_sig_alg(&crl->sig_alg, outer_alg, &alg_oddities, &alg_bad)) {
        return rd_refuse(&r, "signatureAlgorithm");
    }
    if (crl->number.p == NULL || crl->authority_key_id.p == NULL) {
        crl->oddities |= ODD_CRL_NO_NUMBER;
    }
    return true;
}
