#include "x509/ocsp.h"

#include <stdio.h>
#include <string.h>

#include "crypto/hash/hash.h"
#include "x509/checks.h"
#include "x509/name.h"
#include "x509/ocsp_decode.h"

#define PREFIX "ocsp verify failed: "
#define MAX_RESPONDERS 8 /* certificates in a response that are tried as its signer */

static const char *const reason_names[] = {
    "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
    "superseded",    "cessationOfOperation", "certificateHold", NULL,
    "removeFromCRL", "privilegeWithdrawn",   "aACompromise"
};

static const char *const status_names[] = { "successful", "malformedRequest", "internalError", "tryLater",
                                            NULL,         "sigRequired",      "unauthorized" };

const char *t99_crl_reason_name(int reason)
{
    bool known = reason >= 0 && (size_t)reason < sizeof reason_names / sizeof reason_names[0];

    return known ? reason_names[reason] : NULL;
}

static bool refuse(struct t99_fault *fault, const char *what, const char *detail)
{
    return t99_fail_as(fault, FAULT_VERIFY, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE, PREFIX "%s%s%s", what,
                       detail != NULL ? ": " : "", detail != NULL ? detail : "");
}

/* ---- Who signed it: RFC 6960, 4.2.2.2 ---- */

static bool is_responder(const struct t99_ocsp_response *r, const struct t99_certificate *c)
{
    struct t99_span key = t99_ocsp_key_bits(c);
    uint8_t digest[T99_HASH_MAX];

    if (r->responder_name.p != NULL) {
        return t99_name_equal(r->responder_name, c->subject);
    }
    t99_hash(&t99_sha1, digest, key.p, key.len);
    return t99_span_equal(r->responder_key_hash, t99_span(digest, t99_sha1.len));
}

static bool verify_signature(const struct t99_public_key *key, const struct t99_sig_alg *alg,
                             struct t99_span signed_bytes, struct t99_span signature, struct t99_work *work)
{
    return alg->weak == NULL && t99_work_spend(&work->time, t99_signature_cost(key, signed_bytes.len)) &&
           t99_verify_signature(key, alg, signed_bytes, signature);
}

static bool signed_by(const struct t99_ocsp_response *r, const struct t99_certificate *c,
                      struct t99_work *work)
{
    return verify_signature(&c->key, &r->sig_alg, r->tbs, r->signature, work);
}

/* Is c a responder that the issuer appointed: issued by it directly, for OCSP, and now? NULL: yes. */
static const char *delegate_fault(const struct t99_certificate *c, const struct t99_certificate *issuer,
                                  int64_t now, struct t99_work *work)
{
    if (!t99_name_equal(c->issuer, issuer->subject)) {
        return "the responder was not appointed by the certificate's issuer";
    }
    if ((c->eku & EKU_OCSP_SIGNING) == 0) {
        return "the responder's certificate has no extKeyUsage OCSPSigning";
    }
    if (t99_has_ext(c, EXT_KEY_USAGE) && (c->key_usage & KU_DIGITAL_SIGNATURE) == 0) {
        return "the responder's certificate has no digitalSignature in its keyUsage";
    }
    if (c->unknown_critical.p != NULL) {
        return "the responder's certificate has a critical extension that is not understood";
    }
    if ((c->key.type == T99_KEY_RSA || c->key.type == T99_KEY_RSA_PSS) && t99_rsa_bits(&c->key.rsa) < 2048) {
        return "the responder's key is of less than 2048 bits";
    }
    if (now < c->not_before || now > c->not_after) {
        return "the responder's certificate has expired or is not yet valid";
    }
    if (!verify_signature(&issuer->key, &c->sig_alg, c->tbs, c->signature, work)) {
        return "the responder's certificate was not signed by the certificate's issuer";
    }
    return NULL;
}

static bool check_signer(const struct t99_ocsp_response *r, const struct t99_certificate *issuer, int64_t now,
                         struct t99_work *work, struct t99_fault *fault)
{
    struct reader certs = r->certs;
    const char *why = "the responder is neither the certificate's issuer nor among the certificates sent",
               *bad;
    struct t99_certificate c;
    size_t i;

    if (r->sig_alg.weak != NULL) {
        return refuse(fault, "the response is signed with a hash that can be forged", r->sig_alg.weak);
    }
    if (is_responder(r, issuer)) {
        if (signed_by(r, issuer, work)) {
            return true;
        }
        why = "the signature is not the issuer's";
    }
    for (i = 0; i < MAX_RESPONDERS && rd_left(&certs) != 0; i++) {
        const char *delegate;

        if (!t99_certificate_decode(&c, t99_ocsp_next_cert(&certs), &bad) || !is_responder(r, &c)) {
            continue;
        }
        delegate = delegate_fault(&c, issuer, now, work);
        if (delegate == NULL && signed_by(r, &c, work)) {
            return true;
        }
        why = delegate != NULL ? delegate : "the signature is not the responder's";
    }
    return refuse(fault, work->time != 0 ? why : "to find its signer is more than a verification may cost",
                  NULL);
}

/* ---- What it says ---- */

/* How responses name the issuer: by one hash or another, each of which is computed once. */
struct issuer_id {
    struct t99_span name, key;
    struct hashes {
        const struct t99_hash *hash;
        uint8_t name[T99_HASH_MAX], key[T99_HASH_MAX];
    } known[4]; /* as many as t99_ocsp_next_single() tells apart */
    size_t num;
};

static const struct hashes *hashes_of(struct issuer_id *id, const struct t99_hash *hash)
{
    struct hashes *h;
    size_t i;

    for (i = 0; i < id->num; i++) {
        if (id->known[i].hash == hash) {
            return &id->known[i];
        }
    }
    h = &id->known[id->num++];
    h->hash = hash;
    t99_hash(hash, h->name, id->name.p, id->name.len);
    t99_hash(hash, h->key, id->key.p, id->key.len);
    return h;
}

static bool is_about(const struct t99_ocsp_single *s, const struct t99_certificate *leaf,
                     struct issuer_id *issuer)
{
    const struct hashes *h;

    if (s->hash == NULL || !t99_span_equal(s->serial, leaf->serial)) {
        return false;
    }
    h = hashes_of(issuer, s->hash);
    return t99_span_equal(s->issuer_name_hash, t99_span(h->name, s->hash->len)) &&
           t99_span_equal(s->issuer_key_hash, t99_span(h->key, s->hash->len));
}

static bool check_times(const struct t99_ocsp_single *s, int64_t now, struct t99_fault *fault)
{
    char a[T99_TIME_TEXT], b[T99_TIME_TEXT], text[128];

    t99_time_text(b, sizeof b, now);
    if (s->this_update - T99_OCSP_SKEW > now) {
        snprintf(text, sizeof text, "it is of %s (the clock says %s)",
                 t99_time_text(a, sizeof a, s->this_update), b);
    } else if (s->next_update >= 0 && s->next_update < s->this_update) {
        snprintf(text, sizeof text, "its nextUpdate, %s, is before its thisUpdate",
                 t99_time_text(a, sizeof a, s->next_update));
    } else if (s->next_update >= 0 && s->next_update + T99_OCSP_SKEW < now) {
        snprintf(text, sizeof text, "it was to be renewed by %s (the clock says %s)",
                 t99_time_text(a, sizeof a, s->next_update), b);
    } else if (s->next_update < 0 && s->this_update + T99_OCSP_MAX_AGE < now) {
        snprintf(text, sizeof text, "it is of %s, without nextUpdate (the clock says %s)",
                 t99_time_text(a, sizeof a, s->this_update), b);
    } else {
        return true;
    }
    return refuse(fault, "ocsp response not current", text);
}

static bool judge(struct t99_ocsp_result *out, const struct t99_ocsp_single *s, int64_t now,
                  struct t99_fault *fault)
{
    char date[T99_TIME_TEXT];
    const char *reason = t99_crl_reason_name(s->reason);

    if (s->unknown_critical) {
        return refuse(fault, "the response has a critical extension that is not understood", NULL);
    }
    out->this_update = s->this_update;
    out->next_update = s->next_update;
    if (!check_times(s, now, fault)) {
        return false;
    }
    out->cert_status = s->status;
    out->crl_reason = s->reason;
    out->revocation_time = s->revocation_time;
    if (s->status == 1) {
        return t99_fail_as(fault, FAULT_VERIFY, ALERT_CERTIFICATE_REVOKED, PREFIX "revoked cert - %s, at %s",
                           reason != NULL ? reason : "unspecified",
                           t99_time_text(date, sizeof date, s->revocation_time));
    }
    return true;
}

/*
 * Of several results for the certificate, revoked goes before good; those that are not current only count
 * where there is no other.
 */
static bool judge_all(struct t99_ocsp_result *out, struct t99_ocsp_response *r,
                      const struct t99_certificate *leaf, const struct t99_certificate *issuer, int64_t now,
                      struct t99_fault *fault)
{
    struct reader singles = r->responses;
    struct t99_ocsp_single single;
    struct t99_ocsp_result best = *out;
    struct t99_fault why, first;
    struct issuer_id id;
    bool found = false, good = false;

    id.name = leaf->issuer;
    id.key = t99_ocsp_key_bits(issuer);
    id.num = 0;
    while (t99_ocsp_next_single(&singles, &single)) {
        struct t99_ocsp_result one = *out;

        if (!is_about(&single, leaf, &id)) {
            continue;
        }
        t99_fault_clear(&why);
        if (judge(&one, &single, now, &why)) {
            best = good ? best : one;
            good = true;
        } else if (one.cert_status == 1) {
            *out = one;
            *fault = why;
            return false;
        } else if (!found) {
            best = one;
            first = why;
        }
        found = true;
    }
    if (!found) {
        return refuse(fault, "no result for cert", "it speaks of others only");
    }
    *out = best;
    if (!good) {
        *fault = first;
    }
    return good;
}

bool t99_ocsp_verify(struct t99_ocsp_result *out, struct t99_work *work, struct t99_span response,
                     const struct t99_certificate *leaf, const struct t99_certificate *issuer, int64_t now,
                     struct t99_fault *fault)
{
    struct t99_ocsp_response r;
    const char *bad = NULL, *name;

    out->response_status = out->cert_status = out->crl_reason = -1;
    out->this_update = out->next_update = out->revocation_time = -1;
    if (!t99_ocsp_decode(&r, response, &bad)) {
        return refuse(fault, "unable to parse OCSP response", bad);
    }
    out->response_status = r.status;
    if (r.status != 0) {
        name =
            (size_t)r.status < sizeof status_names / sizeof status_names[0] ? status_names[r.status] : NULL;
        return refuse(fault, "ocsp response not successful", name != NULL ? name : "unknown status");
    }
    if (r.unknown_critical) {
        return refuse(fault, "the response has a critical extension that is not understood", NULL);
    }
    if (!check_signer(&r, issuer, now, work, fault)) {
        return false;
    }
    return judge_all(out, &r, leaf, issuer, now, fault);
}
