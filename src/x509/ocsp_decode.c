#include "x509/ocsp_decode.h"

#include <string.h>

#include "x509/der.h"

/* id-pkix-ocsp and, behind it, basic (1), nonce (2) and extended-revoke (9). */
static const uint8_t pkix_ocsp[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01 };

static const uint8_t sha1_oid[] = { 0x2b, 0x0e, 0x03, 0x02, 0x1a };
static const uint8_t sha2_arc[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02 };

static bool is_pkix_ocsp(struct t99_span oid, uint8_t last)
{
    return oid.len == sizeof pkix_ocsp + 1 && memcmp(oid.p, pkix_ocsp, sizeof pkix_ocsp) == 0 &&
           oid.p[oid.len - 1] == last;
}

/* Reads Extensions; true if a critical one is none of those that need nothing done. */
static bool unknown_critical(struct reader *r)
{
    struct reader all = t99_der_enter(r, DER_SEQUENCE, "extensions"), one;
    bool found = false;

    while (rd_left(&all) != 0) {
        struct t99_span oid;

        one = t99_der_enter(&all, DER_SEQUENCE, "extension");
        oid = t99_der_contents(&one, DER_OID, "extnID");
        if (t99_der_peek(&one, DER_BOOLEAN) && t99_der_boolean(&one, "critical") && !is_pkix_ocsp(oid, 2) &&
            !is_pkix_ocsp(oid, 9)) {
            found = true;
        }
        (void)t99_der_contents(&one, DER_OCTET_STRING, "extnValue");
        if (!rd_end(&one, "extension")) {
            break;
        }
    }
    return found;
}

static const struct t99_hash *decode_hash(struct reader *r)
{
    struct reader alg = t99_der_enter(r, DER_SEQUENCE, "hashAlgorithm");
    struct t99_span oid = t99_der_contents(&alg, DER_OID, "hashAlgorithm");

    if (t99_span_equal(oid, t99_span(sha1_oid, sizeof sha1_oid))) {
        return &t99_sha1;
    }
    if (oid.len == sizeof sha2_arc + 1 && memcmp(oid.p, sha2_arc, sizeof sha2_arc) == 0) {
        switch (oid.p[sizeof sha2_arc]) {
        case 1:
            return &t99_sha256;
        case 2:
            return &t99_sha384;
        case 3:
            return &t99_sha512;
        default:
            break;
        }
    }
    return NULL;
}

static void decode_status(struct t99_ocsp_single *s, struct reader *r)
{
    struct reader revoked, reason;
    struct t99_span value;

    if (t99_der_peek(r, DER_CONTEXT_CONSTRUCTED | 1)) {
        s->status = 1;
        revoked = t99_der_enter(r, DER_CONTEXT_CONSTRUCTED | 1, "revoked");
        s->revocation_time = t99_der_time(&revoked, NULL, "revocationTime");
        if (t99_der_peek(&revoked, DER_CONTEXT_CONSTRUCTED | 0)) {
            reason = t99_der_enter(&revoked, DER_CONTEXT_CONSTRUCTED | 0, "revocationReason");
            value = t99_der_contents(&reason, DER_ENUMERATED, "revocationReason");
            if (value.len != 1 || value.p[0] > 10) {
                (void)rd_refuse(&reason, "revocationReason");
            } else {
                s->reason = value.p[0];
            }
        }
        if (rd_left(&revoked) != 0) {
            (void)rd_refuse(&revoked, "revoked");
        }
        return;
    }
    s->status = t99_der_peek(r, DER_CONTEXT | 0) ? 0 : 2;
    value = t99_der_contents(r, (uint8_t)(DER_CONTEXT | s->status), "certStatus");
    if (value.len != 0) {
        (void)rd_refuse(r, "certStatus");
    }
}

bool t99_ocsp_next_single(struct reader *responses, struct t99_ocsp_single *s)
{
    struct reader one, id, optional;

    if (rd_left(responses) == 0) {
        return false;
    }
    memset(s, 0, sizeof *s);
    s->reason = -1;
    s->revocation_time = s->next_update = -1;
    one = t99_der_enter(responses, DER_SEQUENCE, "singleResponse");
    id = t99_der_enter(&one, DER_SEQUENCE, "certID");
    s->hash = decode_hash(&id);
    s->issuer_name_hash = t99_der_contents(&id, DER_OCTET_STRING, "issuerNameHash");
    s->issuer_key_hash = t99_der_contents(&id, DER_OCTET_STRING, "issuerKeyHash");
    s->serial = t99_der_integer(&id, "serialNumber");
    decode_status(s, &one);
    s->this_update = t99_der_time(&one, NULL, "thisUpdate");
    if (t99_der_peek(&one, DER_CONTEXT_CONSTRUCTED | 0)) {
        optional = t99_der_enter(&one, DER_CONTEXT_CONSTRUCTED | 0, "nextUpdate");
        s->next_update = t99_der_time(&optional, NULL, "nextUpdate");
    }
    if (t99_der_peek(&one, DER_CONTEXT_CONSTRUCTED | 1)) {
        optional = t99_der_enter(&one, DER_CONTEXT_CONSTRUCTED | 1, "singleExtensions");
        s->unknown_critical = unknown_critical(&optional);
    }
    return rd_end(&one, "singleResponse");
}

static void decode_data(struct t99_ocsp_response *out, struct reader data)
{
    struct reader part;

    if (t99_der_peek(&data, DER_CONTEXT_CONSTRUCTED | 0)) {
        part = t99_der_enter(&data, DER_CONTEXT_CONSTRUCTED | 0, "version");
        (void)t99_der_small(&part, 0, "version");
    }
    if (t99_der_peek(&data, DER_CONTEXT_CONSTRUCTED | 1)) {
        part = t99_der_enter(&data, DER_CONTEXT_CONSTRUCTED | 1, "responderID");
        out->responder_name = t99_der_element(&part, NULL, "byName");
    } else {
        part = t99_der_enter(&data, DER_CONTEXT_CONSTRUCTED | 2, "responderID");
        out->responder_key_hash = t99_der_contents(&part, DER_OCTET_STRING, "byKey");
    }
    (void)t99_der_time(&data, NULL, "producedAt");
    out->responses = t99_der_enter(&data, DER_SEQUENCE, "responses");
    if (t99_der_peek(&data, DER_CONTEXT_CONSTRUCTED | 1)) {
        part = t99_der_enter(&data, DER_CONTEXT_CONSTRUCTED | 1, "responseExtensions");
        out->unknown_critical = unknown_critical(&part);
    }
    if (rd_left(&data) != 0) {
        (void)rd_refuse(&data, "tbsResponseData");
    }
}

static void decode_basic(struct t99_ocsp_response *out, struct reader *r)
{
    struct reader basic = t99_der_enter(r, DER_SEQUENCE, "basicOCSPResponse"), data = basic;
    struct t99_span alg;
    const char *bad = NULL;
    uint32_t oddities = 0;

    out->tbs = t99_der_element(&basic, NULL, "tbsResponseData");
    decode_data(out, t99_der_enter(&data, DER_SEQUENCE, "tbsResponseData"));
    alg = t99_der_element(&basic, NULL, "signatureAlgorithm");
    if (rd_ok(&basic) && !t99_decode_sig_alg(&out->sig_alg, alg, &oddities, &bad)) {
        (void)rd_refuse(&basic, "signatureAlgorithm");
    }
    out->signature = t99_der_bit_octets(&basic, "signature");
    if (t99_der_peek(&basic, DER_CONTEXT_CONSTRUCTED | 0)) {
        struct reader certs = t99_der_enter(&basic, DER_CONTEXT_CONSTRUCTED | 0, "certs");

        out->certs = t99_der_enter(&certs, DER_SEQUENCE, "certs");
    }
    if (rd_left(&basic) != 0) {
        (void)rd_refuse(&basic, "basicOCSPResponse");
    }
}

bool t99_ocsp_decode(struct t99_ocsp_response *out, struct t99_span der, const char **bad)
{
    struct reader r, outer, bytes, basic, singles;
    struct t99_ocsp_single single;
    struct t99_span status, octets;

    memset(out, 0, sizeof *out);
    r = rd_init(der.p, der.len, &out->bad);
    out->responses = out->certs = rd_init(NULL, 0, &out->bad);
    outer = t99_der_enter(&r, DER_SEQUENCE, "ocspResponse");
    status = t99_der_contents(&outer, DER_ENUMERATED, "responseStatus");
    if (status.len != 1) {
        (void)rd_refuse(&outer, "responseStatus");
    } else {
        out->status = status.p[0];
    }
    if (rd_ok(&r) && out->status == 0) {
        bytes = t99_der_enter(&outer, DER_CONTEXT_CONSTRUCTED | 0, "responseBytes");
        bytes = t99_der_enter(&bytes, DER_SEQUENCE, "responseBytes");
        if (!is_pkix_ocsp(t99_der_contents(&bytes, DER_OID, "responseType"), 1)) {
            (void)rd_refuse(&bytes, "responseType");
        }
        octets = t99_der_contents(&bytes, DER_OCTET_STRING, "response");
        basic = bytes;
        basic.pos = octets.p;
        basic.end = octets.len != 0 ? octets.p + octets.len : octets.p;
        decode_basic(out, &basic);
        if (rd_left(&basic) != 0 || rd_left(&bytes) != 0) {
            (void)rd_refuse(&bytes, "response");
        }
    }
    singles = out->responses;
    while (t99_ocsp_next_single(&singles, &single)) {
    }
    if (!rd_end(&outer, "ocspResponse") || !rd_end(&r, "ocspResponse")) {
        *bad = out->bad;
        return false;
    }
    return true;
}

struct t99_span t99_ocsp_next_cert(struct reader *certs)
{
    return t99_der_element(certs, NULL, "certificate");
}

struct t99_span t99_ocsp_key_bits(const struct t99_certificate *c)
{
    const char *bad;
    struct reader r = rd_init(c->spki.p, c->spki.len, &bad), spki = t99_der_enter(&r, DER_SEQUENCE, "spki");

    (void)t99_der_element(&spki, NULL, "algorithm");
    return t99_der_bit_octets(&spki, "subjectPublicKey");
}
