#include "x509/revocation.h"

#include <stdio.h>
#include <string.h>

#include "x509/checks.h"
#include "x509/crl_list.h"
#include "x509/crl_scope.h"
#include "x509/name.h"
#include "x509/ocsp.h"

#define REMOVE_FROM_CRL 8
#define MAX_NESTING 2 /* signers of lists about signers of lists */
#define MAX_ASKED 16  /* lists that are looked into once for a certificate, however often it points to them */

/* One certificate whose status is wanted. */
struct status {
    struct t99_search *s;
    const struct t99_verify_params *params;
    const struct t99_chain *chain;
    size_t depth;
    const struct t99_certificate *cert, *issuer;
    const struct t99_crl *asked[MAX_ASKED]; /* that do not list it */
    size_t num_asked;
    unsigned reasons;   /* for which some list has spoken: the reasons_mask of 6.3.2 */
    const char *phrase; /* of the best explanation why no list settles it */
    char detail[224];
    struct t99_fault *why;
};

/* ---- Who signed the list ---- */

static bool may_sign_lists(const struct status *st, const struct t99_certificate *c)
{
    bool is_anchor = c == st->chain->certs[st->chain->num - 1];

    return !t99_has_ext(c, EXT_KEY_USAGE) || (c->key_usage & KU_CRL_SIGN) != 0 ||
           (is_anchor && st->params->anchor_name_and_key);
}

static bool signed_list(const struct status *st, const struct t99_crl *crl, const struct t99_certificate *c)
{
    return crl->sig_alg.weak == NULL &&
           t99_signed_by(st->s, crl->der, crl->tbs, &crl->sig_alg, crl->signature, &c->key, c->spki);
}

/* RFC 5280, 6.3.3 (f): a valid path for that signer, not revoked itself, to the same anchor. */
static bool is_trusted_signer(const struct status *st, size_t node)
{
    struct t99_verify_params params = *st->params;
    struct t99_fault best = st->s->best;
    unsigned best_rank = st->s->best_rank;
    const struct t99_certificate *anchor = st->chain->certs[st->chain->num - 1];
    struct t99_chain chain;
    bool ok;

    params.peer = NULL;
    params.purpose = PURPOSE_ANY;
    params.profile = PROFILE_DEFAULT;
    params.max_intermediates = -1;
    params.num_policies = 0;
    params.require_explicit_policy = false;
    params.trace = NULL;
    st->s->nesting++;
    ok = t99_find_path(st->s, &params, &chain, node) &&
         t99_span_equal(chain.certs[chain.num - 1]->spki, anchor->spki) &&
         t99_name_equal(chain.certs[chain.num - 1]->subject, anchor->subject);
    st->s->nesting--;
    st->s->best = best;
    st->s->best_rank = best_rank;
    return ok;
}

/*
 * The certificate whose key signed the list: one of the path, or another one sent. A signer of lists may
 * speak for itself: then it is the leaf of the path. NULL: none, and *refused tells why.
 */
static const struct t99_certificate *find_signer(const struct status *st, const struct t99_crl *crl,
                                                 const char **refused)
{
    size_t i, lowest = st->s->nesting != 0 ? 0 : 1;

    *refused = "none of the certificates of that name signed it";
    for (i = st->chain->num; i-- > lowest;) {
        const struct t99_certificate *c = st->chain->certs[i];

        if (t99_name_equal(c->subject, crl->issuer)) {
            if (!may_sign_lists(st, c)) {
                *refused = "its issuer has no cRLSign in its keyUsage";
            } else if (signed_list(st, crl, c)) {
                return c;
            }
        }
    }
    for (i = 1; i < st->s->num_nodes && st->s->nesting < MAX_NESTING; i++) {
        const struct t99_node *node = &st->s->nodes[i];

        if (node->bad == NULL && node->distance != T99_NO_ANCHOR &&
            t99_name_equal(node->cert.subject, crl->issuer) && may_sign_lists(st, &node->cert) &&
            signed_list(st, crl, &node->cert)) {
            if (is_trusted_signer(st, i)) {
                return &node->cert;
            }
            *refused = "the certificate of its signer is not valid, or revoked";
        }
    }
    return NULL;
}

/* ---- Which lists count ---- */

static void explain(struct status *st, const char *phrase, const struct t99_crl *crl, const char *detail)
{
    char name[64];

    st->phrase = phrase;
    snprintf(st->detail, sizeof st->detail, "the CRL of %s: %s",
             t99_name_short(name, sizeof name, crl->issuer), detail);
}

static const char *strict_fault(const struct t99_crl *crl)
{
    static const struct {
        uint32_t oddity;
        const char *what;
    } faults[] = {
        { ODD_CRL_TIME_ENCODING, "it has a date before 2050 as GeneralizedTime (RFC 5280, 5.1.2.4)" },
        { ODD_CRL_DUPLICATE, "it lists a serial number twice" },
        { ODD_CRL_VERSION, "it is not of version 2 (RFC 5280, 5.1.2.1)" },
        { ODD_CRL_NAME_NOT_URI, "its issuingDistributionPoint has a name that is no URI (BR 7.2.2.1)" },
        { ODD_CRL_NO_NUMBER, "it has no cRLNumber or no authorityKeyIdentifier (RFC 5280, 5.2)" },
        { ODD_CRL_EMPTY_REVOKED, "its revokedCertificates are empty (RFC 5280, 5.1.2.6)" },
        { ODD_CRL_LONG_NUMBER, "its cRLNumber is longer than 20 octets (RFC 5280, 5.2.3)" },
        { ODD_CRL_CRITICALITY,
          "an extension is critical that must not be, or the reverse (RFC 5280, 5.2, 5.3)" },
        { ODD_CRL_IDP,
          "its issuingDistributionPoint is indirect, for some reasons or relative (BR 7.2.2.1)" },
        { ODD_CRL_REASON, "it gives a reason that must not be given (BR 7.2.2)" },
    };
    size_t i;

    for (i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if ((crl->oddities & faults[i].oddity) != 0) {
            return faults[i].what;
        }
    }
    return NULL;
}

static bool is_usable(struct status *st, const struct t99_crl *crl)
{
    const char *fault = crl->unusable;
    char date[T99_TIME_TEXT], now[T99_NOW_TEXT], text[128];

    if (fault == NULL && st->params->profile != PROFILE_DEFAULT) {
        fault = strict_fault(crl);
    }
    if (fault == NULL && crl->sig_alg.weak != NULL) {
        fault = "it is signed with a hash that can be forged";
    }
    if (fault != NULL) {
        explain(st, "invalid CRL", crl, fault);
        return false;
    }
    if (st->params->ignore_time) {
        return true;
    }
    t99_now_text(now, sizeof now, st->params);
    if (st->params->time < crl->this_update) {
        snprintf(text, sizeof text, "it is of %s (%s)", t99_time_text(date, sizeof date, crl->this_update),
                 now);
        explain(st, "CRL is not yet valid", crl, text);
    } else if (crl->next_update < 0) {
        explain(st, "invalid CRL", crl, "it has no nextUpdate (RFC 5280, 5.1.2.5)");
    } else if (st->params->time > crl->next_update) {
        snprintf(text, sizeof text, "it was to be renewed by %s (%s)",
                 t99_time_text(date, sizeof date, crl->next_update), now);
        explain(st, "CRL has expired", crl, text);
    } else {
        return true;
    }
    return false;
}

static bool same_or_absent(struct t99_span a, struct t99_span b)
{
    return a.p == NULL || b.p == NULL ? a.p == b.p : t99_span_equal(a, b);
}

/* Non-negative INTEGERs. */
static int compare_numbers(struct t99_span a, struct t99_span b)
{
    for (; a.len > 1 && a.p[0] == 0; a.p++, a.len--) {
    }
    for (; b.len > 1 && b.p[0] == 0; b.p++, b.len--) {
    }
    if (a.len != b.len) {
        return a.len < b.len ? -1 : 1;
    }
    return a.len != 0 ? memcmp(a.p, b.p, a.len) : 0;
}

/* RFC 5280, 5.2.4 and 6.3.3 (c): may delta be applied to the complete list? */
static bool is_delta_of(const struct t99_crl *delta, const struct t99_crl *complete)
{
    return delta->base_number.p != NULL && delta->number.p != NULL && complete->number.p != NULL &&
           t99_name_equal(delta->issuer, complete->issuer) && same_or_absent(delta->idp, complete->idp) &&
           same_or_absent(delta->authority_key_id, complete->authority_key_id) &&
           compare_numbers(complete->number, delta->base_number) >= 0 &&
           compare_numbers(delta->number, complete->number) > 0;
}

/* The newest entry for the certificate: that of a delta list counts before that of the complete one. */
static void look_up(struct status *st, const struct t99_crl *complete, const struct t99_certificate *signer,
                    struct t99_crl_entry *entry)
{
    const struct t99_crl *crl = NULL, *newest = NULL;
    struct t99_crl_entry in_delta;

    t99_crl_look_up(entry, complete, st->cert);
    while ((crl = t99_crl_next(st->params->crls, crl)) != NULL) {
        if (is_delta_of(crl, complete) && is_usable(st, crl) &&
            (newest == NULL || compare_numbers(crl->number, newest->number) > 0) &&
            signed_list(st, crl, signer)) {
            newest = crl;
        }
    }
    if (newest != NULL) {
        t99_crl_look_up(&in_delta, newest, st->cert);
        if (in_delta.listed) {
            *entry = in_delta;
            entry->listed = in_delta.reason != REMOVE_FROM_CRL;
        }
    }
}

static bool refuse_revoked(struct status *st, const struct t99_crl *crl, const struct t99_crl_entry *entry)
{
    char date[T99_TIME_TEXT], name[64];
    const char *reason = entry->reason >= 0 ? t99_crl_reason_name(entry->reason) : NULL;

    return t99_refuse(st->why, ALERT_CERTIFICATE_REVOKED, "certificate revoked", st->depth, st->cert,
                      "was revoked at %s%s%s, says the CRL of %s",
                      t99_time_text(date, sizeof date, entry->date), reason != NULL ? ", reason " : "",
                      reason != NULL ? reason : "", t99_name_short(name, sizeof name, crl->issuer));
}

static bool was_asked(const struct status *st, const struct t99_crl *crl)
{
    size_t i;

    for (i = 0; i < st->num_asked; i++) {
        if (st->asked[i] == crl) {
            return true;
        }
    }
    return false;
}

/* To see whether the names of a point and of a list meet. */
static size_t scope_cost(const struct t99_crl_point *point, const struct t99_crl *crl,
                         const struct t99_certificate *c)
{
    bool compared =
        crl->point.p != NULL && (point->crl_issuer.p != NULL || t99_name_equal(crl->issuer, c->issuer));

    return 2 + (compared ? (point->name.len + crl->point.len) / 8 : 0);
}

/* 6.3.3 for one distribution point and one list. False: revoked. */
static bool ask_list(struct status *st, const struct t99_crl_point *point, const struct t99_crl *crl)
{
    const struct t99_certificate *signer;
    struct t99_crl_entry entry;
    const char *refused;

    if (!t99_work_spend(&st->s->work.time, scope_cost(point, crl, st->cert))) {
        return true; /* undecided, and so refused in the end */
    }
    if (crl->base_number.p != NULL || !t99_crl_in_scope(crl, point, st->cert) || !is_usable(st, crl)) {
        return true;
    }
    if (was_asked(st, crl)) {
        st->reasons |= crl->some_reasons & point->reasons;
        return true;
    }
    signer = find_signer(st, crl, &refused);
    if (signer == NULL) {
        explain(st, "CRL signature failure", crl, refused);
        return true;
    }
    if (!t99_work_spend(&st->s->work.time, 10 + crl->revoked.len / 4096)) {
        return true;
    }
    look_up(st, crl, signer, &entry);
    if (entry.listed) {
        return refuse_revoked(st, crl, &entry);
    }
    if (st->num_asked < MAX_ASKED) {
        st->asked[st->num_asked++] = crl;
    }
    st->reasons |= crl->some_reasons & point->reasons;
    return true;
}

static bool ask_lists(struct status *st, const struct t99_crl_point *point)
{
    const struct t99_crl *crl = NULL;

    while (st->s->work.time != 0 && (crl = t99_crl_next(st->params->crls, crl)) != NULL) {
        if (!ask_list(st, point, crl)) {
            return false;
        }
    }
    return true;
}

static bool check_one(struct status *st)
{
    const char *bad;
    struct reader r = rd_init(st->cert->crl_points.p, st->cert->crl_points.len, &bad);
    struct t99_crl_point point;

    while (st->s->work.time != 0 && t99_next_crl_point(&r, &point)) {
        if (!ask_lists(st, &point)) {
            return false;
        }
    }
    t99_implied_crl_point(&point);
    if (st->reasons != T99_REASONS_ALL && !ask_lists(st, &point)) {
        return false;
    }
    if (st->reasons == T99_REASONS_ALL) {
        return true;
    }
    return t99_refuse(st->why, ALERT_CERTIFICATE_UNKNOWN, st->phrase, st->depth, st->cert,
                      "may be revoked: %s", st->detail);
}

bool t99_check_revocation(struct t99_search *s, const struct t99_verify_params *params,
                          const struct t99_chain *chain, struct t99_fault *why)
{
    struct status st;
    char issuer[64];
    size_t i;

    for (i = 0; i + 1 < chain->num; i++) {
        memset(&st, 0, sizeof st);
        st.s = s;
        st.params = params;
        st.chain = chain;
        st.depth = i;
        st.cert = chain->certs[i];
        st.issuer = chain->certs[i + 1];
        st.phrase = "unable to get certificate CRL";
        st.why = why;
        snprintf(st.detail, sizeof st.detail, "there is no CRL of %s that covers it",
                 t99_name_short(issuer, sizeof issuer, st.cert->issuer));
        if (!check_one(&st)) {
            return false;
        }
    }
    return true;
}
