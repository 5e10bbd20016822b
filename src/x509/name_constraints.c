#include "x509/name_constraints.h"

#include <stdio.h>
#include <string.h>

#include "x509/attribute.h"
#include "x509/checks.h"
#include "x509/der.h"
#include "x509/name.h"
#include "x509/name_form.h"
#include "x509/oid.h"
#include "x509/profile.h"

#define BATCH 32 /* names, and constraints, that are ready to be compared at a time */
#define NUM_KINDS (GN_OID + 1)

/* A name that waits for being compared, and where it stands. */
struct waiting {
    struct t99_name_form form;
    const struct t99_certificate *cert;
    size_t depth;
    bool permitted, excluded; /* some subtree holds it */
};

/* Everything that one check needs. */
struct check {
    const struct t99_certificate *ca;
    size_t ca_depth;
    bool strict;
    struct t99_span permitted, excluded; /* contents of GeneralSubtrees; .p NULL: absent */
    bool some_permitted[NUM_KINDS];      /* kinds of names that have permitted subtrees */
    uint32_t num_subtrees[NUM_KINDS], num_names[NUM_KINDS];
    size_t path_len;            /* bytes that the names of the path take */
    enum t99_general_name kind; /* which is compared now: each kind has its turn */
    struct waiting batch[BATCH];
    size_t num_batch;
    struct t99_work *work;
    struct t99_fault *why;
};

/* ---- Subtrees ---- */

/* False at the end, or where the subtree is malformed. */
static bool next_subtree(struct reader *r, enum t99_general_name *type, struct t99_span *value)
{
    struct reader one;
    bool found;

    if (rd_left(r) == 0) {
        return false;
    }
    one = t99_der_enter(r, DER_SEQUENCE, "generalSubtree");
    found = t99_next_general_name(&one, type, value);
    if (!found) { /* an empty one must not hide those behind it */
        (void)rd_refuse(&one, "base");
    }
    if (rd_left(&one) != 0) { /* minimum is 0, which DER leaves out, and there is no maximum */
        (void)rd_refuse(&one, "minimum or maximum");
    }
    return found && rd_ok(r);
}

static bool scan_subtrees(struct check *k, struct t99_span subtrees, bool permitted)
{
    const char *bad;
    struct reader r = rd_init(subtrees.p, subtrees.len, &bad);
    enum t99_general_name type;
    struct t99_span value;
    struct t99_name_form base;
    char text[64];

    while (next_subtree(&r, &type, &value)) {
        if (!t99_form_base(&base, type, value, k->strict)) {
            return t99_refuse(k->why, ALERT_BAD_CERTIFICATE, "unsupported or invalid name constraint syntax",
                              k->ca_depth, k->ca, "constrains names to \"%s\", which is malformed",
                              t99_printable(text, sizeof text, value.p, value.len));
        }
        k->num_subtrees[type]++;
        k->some_permitted[type] = k->some_permitted[type] || permitted;
    }
    if (!rd_ok(&r) || (subtrees.p != NULL && subtrees.len == 0)) {
        return t99_refuse(k->why, ALERT_BAD_CERTIFICATE, "unsupported or invalid name constraint syntax",
                          k->ca_depth, k->ca, "has nameConstraints with a bad %s",
                          rd_ok(&r) ? "subtree: empty" : bad);
    }
    return true;
}

static bool decode(struct check *k)
{
    const char *bad;
    struct reader r = rd_init(k->ca->name_constraints.p, k->ca->name_constraints.len, &bad);

    if (t99_der_peek(&r, DER_CONTEXT_CONSTRUCTED | 0)) {
        k->permitted = t99_der_contents(&r, DER_CONTEXT_CONSTRUCTED | 0, "permittedSubtrees");
    }
    if (t99_der_peek(&r, DER_CONTEXT_CONSTRUCTED | 1)) {
        k->excluded = t99_der_contents(&r, DER_CONTEXT_CONSTRUCTED | 1, "excludedSubtrees");
    }
    if (!rd_end(&r, "nameConstraints") || (k->permitted.p == NULL && k->excluded.p == NULL)) {
        return t99_refuse(k->why, ALERT_BAD_CERTIFICATE, "unsupported or invalid name constraint syntax",
                          k->ca_depth, k->ca, "has nameConstraints that are empty or malformed");
    }
    return scan_subtrees(k, k->permitted, true) && scan_subtrees(k, k->excluded, false);
}

/* ---- Refusals ---- */

static const char *show_name(char *out, size_t out_len, enum t99_general_name type, struct t99_span value)
{
    static const char *const kinds[NUM_KINDS] = { "other name", "e-mail ",         "DNS name ",
                                                  "X.400 name", "directory name ", "EDI name",
                                                  "URI ",       "address ",        "registered ID" };
    int n_out = snprintf(out, out_len, "%s", kinds[type]);
    size_t used = n_out < 0 ? 0 : (size_t)n_out;

    if (type == GN_DIRECTORY) {
        t99_name_text(out + used, out_len - used, value);
    } else if (type == GN_IP && out_len - used >= 40) {
        t99_ip_text(out + used, value.p, value.len);
    } else if (type == GN_EMAIL || type == GN_DNS || type == GN_URI) {
        t99_printable(out + used, out_len - used, value.p, value.len);
    }
    return out;
}

static bool refuse_name(struct check *k, const char *phrase, const struct waiting *w, const char *relation)
{
    char text[128], ca[T99_CERT_TEXT];

    return t99_refuse(k->why, ALERT_BAD_CERTIFICATE, phrase, w->depth, w->cert, "holds the %s, which %s %s",
                      show_name(text, sizeof text, w->form.type, w->form.value), relation,
                      t99_cert_text(ca, sizeof ca, k->ca_depth, k->ca));
}

static bool refuse_work(struct check *k)
{
    return t99_refuse(k->why, ALERT_BAD_CERTIFICATE, "too many name constraints", k->ca_depth, k->ca,
                      "has %zu bytes of them, and the names below it take %zu bytes: to compare them is more "
                      "than a verification may cost",
                      k->ca->name_constraints.len, k->path_len);
}

/* ---- Comparing ---- */

/* Some subtrees of the kind that has its turn, ready to be compared: how many. */
static size_t take_subtrees(struct check *k, struct t99_name_form *bases, struct reader *r)
{
    enum t99_general_name type;
    struct t99_span value;
    size_t num = 0;

    while (num < BATCH && next_subtree(r, &type, &value)) {
        num += type == k->kind && t99_form_base(&bases[num], type, value, k->strict) ? 1 : 0;
    }
    return num;
}

/* Holds the waiting names against all subtrees of one side. False: that costs too much. */
static bool compare_batch(struct check *k, struct t99_span subtrees, bool excluded)
{
    const char *bad;
    struct reader r = rd_init(subtrees.p, subtrees.len, &bad);
    struct t99_name_form bases[BATCH];
    size_t num, i, j, cost = 0;

    while ((num = take_subtrees(k, bases, &r)) != 0) {
        for (i = 0; i < k->num_batch; i++) {
            struct waiting *w = &k->batch[i];
            bool *held = excluded ? &w->excluded : &w->permitted;

            for (j = 0; j < num && !*held; j++) {
                *held = t99_form_within(&w->form, &bases[j], excluded, &cost);
            }
        }
        if (cost != 0 && !t99_work_spend(&k->work->names, cost)) {
            return refuse_work(k);
        }
        cost = 0;
    }
    return true;
}

static bool judge_batch(struct check *k)
{
    size_t i;

    if (!compare_batch(k, k->excluded, true) || !compare_batch(k, k->permitted, false)) {
        return false;
    }
    for (i = 0; i < k->num_batch; i++) {
        const struct waiting *w = &k->batch[i];

        if (w->excluded) {
            return refuse_name(k, "excluded subtree violation", w, "is excluded by");
        }
        if (k->some_permitted[w->form.type] && !w->permitted) {
            return refuse_name(k, "permitted subtree violation", w, "is not among those permitted by");
        }
    }
    k->num_batch = 0;
    return true;
}

/* ---- Names ---- */

/* What is done with each name of the path. False: an end of it. */
typedef bool name_visitor(struct check *k, const struct t99_certificate *cert, size_t depth,
                          enum t99_general_name type, struct t99_span value);

static bool count_name(struct check *k, const struct t99_certificate *cert, size_t depth,
                       enum t99_general_name type, struct t99_span value)
{
    (void)cert;
    (void)depth;
    (void)value;
    k->num_names[type]++;
    return true;
}

static bool compare_name(struct check *k, const struct t99_certificate *cert, size_t depth,
                         enum t99_general_name type, struct t99_span value)
{
    struct waiting *w = &k->batch[k->num_batch];

    if (type != k->kind) {
        return true;
    }
    w->cert = cert;
    w->depth = depth;
    w->permitted = w->excluded = false;
    if (!t99_form_name(&w->form, type, value)) {
        return refuse_name(k, "unsupported or invalid name syntax", w,
                           "cannot be held against the constraints of");
    }
    return ++k->num_batch < BATCH || judge_batch(k);
}

/* 4.2.1.6: without a subjectAltName, mailboxes stand in the subject (emailAddress, PKCS #9). */
static bool visit_subject_emails(struct check *k, const struct t99_certificate *cert, size_t depth,
                                 name_visitor *visit)
{
    static const uint8_t email_address[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01 };
    const char *bad;
    struct reader rdns = t99_name_rdns(cert->subject, &bad), rdn;
    struct t99_attribute a;

    while (rd_left(&rdns) != 0) {
        rdn = t99_der_enter(&rdns, DER_SET, "RDN");
        while (t99_next_attribute(&rdn, &a)) {
            if (t99_is_oid(a.type, email_address) && a.tag == DER_IA5_STRING &&
                !visit(k, cert, depth, GN_EMAIL, a.value)) {
                return false;
            }
        }
    }
    return true;
}

static bool visit_names(struct check *k, const struct t99_certificate *cert, size_t depth,
                        name_visitor *visit)
{
    const char *bad;
    struct reader r = rd_init(cert->subject_alt_name.p, cert->subject_alt_name.len, &bad);
    enum t99_general_name type;
    struct t99_span value;

    if (cert->subject.len > 2 && !visit(k, cert, depth, GN_DIRECTORY, cert->subject)) {
        return false;
    }
    while (t99_next_general_name(&r, &type, &value)) {
        if (!visit(k, cert, depth, type, value)) {
            return false;
        }
    }
    return t99_has_ext(cert, EXT_SUBJECT_ALT_NAME) || visit_subject_emails(k, cert, depth, visit);
}

/* 6.1.3 (b), (c): self-issued certificates are exempt but for the last. */
static bool visit_path(struct check *k, const struct t99_certificate *const *certs, size_t num,
                       name_visitor *visit)
{
    size_t i;

    for (i = 0; i < num; i++) {
        if ((i == 0 || !t99_self_issued(certs[i])) && !visit_names(k, certs[i], i, visit)) {
            return false;
        }
    }
    return true;
}

/* ---- What it costs ---- */

#define BYTES_READ 4 /* take as long as a comparison */

static bool pay(struct check *k, uint64_t cost)
{
    return t99_work_spend(&k->work->names, cost < UINT32_MAX ? (size_t)cost : UINT32_MAX) || refuse_work(k);
}

/* To see what is there: the constraints, and the names of the path. */
static bool pay_for_reading(struct check *k, const struct t99_certificate *const *certs, size_t num)
{
    size_t i;

    for (i = 0; i < num; i++) {
        k->path_len += certs[i]->subject.len + certs[i]->subject_alt_name.len;
    }
    return pay(k, 1 + (k->path_len + k->ca->name_constraints.len) / BYTES_READ);
}

/* To hold each name against each subtree: the subtrees are read again for each batch of names. */
static bool pay_for_comparing(struct check *k)
{
    uint64_t names = k->num_names[k->kind], batches = (names + BATCH - 1) / BATCH;

    return pay(k, names * k->num_subtrees[k->kind] +
                      (k->path_len + batches * k->ca->name_constraints.len) / BYTES_READ);
}

static bool compare_kinds(struct check *k, const struct t99_certificate *const *certs, size_t num)
{
    size_t i;

    for (i = 0; i < NUM_KINDS; i++) {
        k->kind = (enum t99_general_name)i;
        if (k->num_names[i] != 0 && k->num_subtrees[i] != 0 &&
            (!pay_for_comparing(k) || !visit_path(k, certs, num, compare_name) || !judge_batch(k))) {
            return false;
        }
    }
    return true;
}

bool t99_check_name_constraints(const struct t99_certificate *ca, const struct t99_certificate *const *certs,
                                size_t num, bool strict, struct t99_work *work, struct t99_fault *why)
{
    struct check k;

    if (!t99_has_ext(ca, EXT_NAME_CONSTRAINTS)) {
        return true;
    }
    memset(&k, 0, offsetof(struct check, batch));
    k.num_batch = 0;
    k.ca = ca;
    k.ca_depth = num;
    k.strict = strict;
    k.work = work;
    k.why = why;
    return pay_for_reading(&k, certs, num) && decode(&k) && visit_path(&k, certs, num, count_name) &&
           compare_kinds(&k, certs, num);
}
