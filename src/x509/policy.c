#include "x509/policy.h"

#include <stdio.h>

#include "x509/checks.h"
#include "x509/der.h"

#define PHRASE "invalid or inconsistent certificate policy extension"

/* A policy that the next certificate may assert. */
struct entry {
    struct t99_span oid;
    bool wanted; /* what it was mapped from, in the domain of the anchor, is in the user's set */
};

struct set {
    struct entry entries[T99_POLICIES_MAX];
    size_t num;
    bool any; /* anyPolicy: whatever the next certificate asserts is a beginning of its own */
};

/* The state variables of RFC 5280, 6.1.2, and the certificate in hand. */
struct state {
    const struct t99_verify_params *params;
    struct set expected; /* what the certificates so far leave open: the valid_policy_graph's last row */
    size_t explicit_policy, policy_mapping, inhibit_any_policy;
    const struct t99_certificate *cert;
    size_t depth;
    struct t99_fault *why;
};

static const uint8_t any_policy_oid[] = { 0x55, 0x1d, 0x20, 0x00 };

static bool is_any_policy(struct t99_span oid)
{
    return t99_span_equal(oid, t99_span(any_policy_oid, sizeof any_policy_oid));
}

static struct entry *find(struct set *set, struct t99_span oid)
{
    size_t i;

    for (i = 0; i < set->num; i++) {
        if (t99_span_equal(set->entries[i].oid, oid)) {
            return &set->entries[i];
        }
    }
    return NULL;
}

/* Adds a policy, or makes an entry that is there wanted. False: no room. */
static bool add(struct set *set, struct t99_span oid, bool wanted)
{
    struct entry *e = find(set, oid);

    if (e == NULL) {
        if (set->num == T99_POLICIES_MAX) {
            return false;
        }
        e = &set->entries[set->num++];
        e->oid = oid;
        e->wanted = false;
    }
    e->wanted = e->wanted || wanted;
    return true;
}

static bool user_wants(const struct t99_verify_params *params, struct t99_span oid)
{
    size_t i;

    for (i = 0; i < params->num_policies; i++) {
        if (t99_span_equal(params->policies[i], oid) || is_any_policy(params->policies[i])) {
            return true;
        }
    }
    return params->num_policies == 0;
}

static bool refuse(struct state *s, const char *what)
{
    return t99_refuse(s->why, ALERT_BAD_CERTIFICATE, PHRASE, s->depth, s->cert, "%s", what);
}

/* The policies of the certificate; *any: anyPolicy is one. */
static bool read_policies(struct state *s, struct set *out)
{
    const char *bad;
    struct reader r = rd_init(s->cert->policies.p, s->cert->policies.len, &bad);

    out->num = 0;
    out->any = false;
    while (rd_left(&r) != 0) {
        struct reader info = t99_der_enter(&r, DER_SEQUENCE, "policyInformation");
        struct t99_span oid = t99_der_contents(&info, DER_OID, "policyIdentifier");

        if (is_any_policy(oid) ? out->any : find(out, oid) != NULL) {
            return refuse(s, "lists a policy twice (RFC 5280, 4.2.1.4)");
        }
        if (is_any_policy(oid)) {
            out->any = true;
        } else if (!add(out, oid, false)) {
            return refuse(s, "has more policies than can be processed");
        }
    }
    return true; /* t99_certificate_decode() has seen that they are well-formed, and the mappings below */
}

/* 6.1.3 (d), (e): which of the expected policies the certificate asserts, and which begin with it. */
static bool assert_policies(struct state *s, bool is_last)
{
    struct set asserted, next;
    bool any_counts;
    size_t i;

    next.num = 0;
    next.any = false;
    if (t99_has_ext(s->cert, EXT_CERTIFICATE_POLICIES)) {
        if (!read_policies(s, &asserted)) {
            return false;
        }
        any_counts = asserted.any && (s->inhibit_any_policy > 0 || (!is_last && t99_self_issued(s->cert)));
        for (i = 0; i < asserted.num; i++) {
            struct t99_span oid = asserted.entries[i].oid;
            const struct entry *e = find(&s->expected, oid);

            if (e != NULL) {
                (void)add(&next, oid, e->wanted); /* there is room: these are no more than asserted */
            } else if (s->expected.any) {
                (void)add(&next, oid, user_wants(s->params, oid));
            }
        }
        for (i = 0; any_counts && i < s->expected.num; i++) {
            if (!add(&next, s->expected.entries[i].oid, s->expected.entries[i].wanted)) {
                return refuse(s, "has more policies than can be processed");
            }
        }
        next.any = any_counts && s->expected.any;
    }
    s->expected = next;
    return true;
}

struct mapping {
    struct t99_span issuer, subject;
};

static bool next_mapping(struct reader *r, struct mapping *m)
{
    struct reader one;

    if (rd_left(r) == 0) {
        return false;
    }
    one = t99_der_enter(r, DER_SEQUENCE, "policyMapping");
    m->issuer = t99_der_contents(&one, DER_OID, "issuerDomainPolicy");
    m->subject = t99_der_contents(&one, DER_OID, "subjectDomainPolicy");
    return rd_end(&one, "policyMapping");
}

static bool is_mapped(const struct t99_certificate *c, struct t99_span oid)
{
    const char *bad;
    struct reader r = rd_init(c->policy_mappings.p, c->policy_mappings.len, &bad);
    struct mapping m;

    while (next_mapping(&r, &m)) {
        if (t99_span_equal(m.issuer, oid)) {
            return true;
        }
    }
    return false;
}

/* 6.1.4 (a), (b): what is expected of the next certificate in place of a mapped policy. */
static bool map_policies(struct state *s)
{
    const char *bad;
    struct reader r = rd_init(s->cert->policy_mappings.p, s->cert->policy_mappings.len, &bad);
    struct set next;
    struct mapping m;
    size_t i, num = 0;

    while (next_mapping(&r, &m)) {
        if (is_any_policy(m.issuer) || is_any_policy(m.subject)) {
            return refuse(s, "maps anyPolicy (RFC 5280, 6.1.4 (a))");
        }
        if (++num > T99_POLICIES_MAX) {
            return refuse(s, "has more policy mappings than can be processed");
        }
    }
    r = rd_init(s->cert->policy_mappings.p, s->cert->policy_mappings.len, &bad);
    next.num = 0;
    next.any = s->expected.any;
    for (i = 0; i < s->expected.num; i++) {
        if (!is_mapped(s->cert, s->expected.entries[i].oid)) {
            (void)add(&next, s->expected.entries[i].oid, s->expected.entries[i].wanted);
        }
    }
    while (next_mapping(&r, &m)) {
        const struct entry *e = find(&s->expected, m.issuer);

        if (s->policy_mapping == 0 || (e == NULL && !s->expected.any)) {
            continue; /* a mapping that is inhibited ends the policy */
        }
        if (!add(&next, m.subject, e != NULL ? e->wanted : user_wants(s->params, m.issuer))) {
            return refuse(s, "has more policy mappings than can be processed");
        }
    }
    s->expected = next;
    return true;
}

static void at_most(size_t *variable, int32_t limit)
{
    if (limit >= 0 && (size_t)limit < *variable) {
        *variable = (size_t)limit;
    }
}

/* 6.1.4 (i), (j). */
static void take_limits(struct state *s)
{
    at_most(&s->explicit_policy, s->cert->require_explicit);
    at_most(&s->policy_mapping, s->cert->inhibit_mapping);
    at_most(&s->inhibit_any_policy, s->cert->inhibit_any);
}

/* 6.1.4 (h) to (j). */
static void count_down(struct state *s)
{
    if (!t99_self_issued(s->cert)) {
        s->explicit_policy -= s->explicit_policy != 0 ? 1 : 0;
        s->policy_mapping -= s->policy_mapping != 0 ? 1 : 0;
        s->inhibit_any_policy -= s->inhibit_any_policy != 0 ? 1 : 0;
    }
    take_limits(s);
}

/* 6.1.5 (a), (b), (g): is there a policy that the user wants, or need there be none? */
static bool wrap_up(struct state *s)
{
    size_t i;

    s->explicit_policy -= s->explicit_policy != 0 ? 1 : 0;
    if (s->cert->require_explicit == 0) {
        s->explicit_policy = 0;
    }
    if (s->explicit_policy > 0 || s->expected.any) {
        return true;
    }
    for (i = 0; i < s->expected.num; i++) {
        if (s->expected.entries[i].wanted) {
            return true;
        }
    }
    return t99_refuse(
        s->why, ALERT_BAD_CERTIFICATE, "no explicit policy", s->depth, s->cert,
        "is valid under no policy that is wanted, and the path requires one (RFC 5280, 6.1.5 (g))");
}

static bool process(struct state *s, const struct t99_certificate *cert, size_t depth)
{
    s->cert = cert;
    s->depth = depth;
    if (!assert_policies(s, depth == 0)) {
        return false;
    }
    if (s->explicit_policy == 0 && s->expected.num == 0 && !s->expected.any) {
        return t99_refuse(s->why, ALERT_BAD_CERTIFICATE, "no explicit policy", depth, cert,
                          "is valid under no policy, and the path requires one (RFC 5280, 6.1.3 (f))");
    }
    if (depth == 0) {
        return wrap_up(s);
    }
    if (!map_policies(s)) {
        return false;
    }
    count_down(s);
    return true;
}

bool t99_check_policies(const struct t99_verify_params *params, const struct t99_certificate *const *certs,
                        size_t num, struct t99_fault *why)
{
    const struct t99_certificate *anchor = certs[num - 1];
    bool anchor_asserts = !params->anchor_name_and_key && (t99_has_ext(anchor, EXT_CERTIFICATE_POLICIES) ||
                                                           t99_has_ext(anchor, EXT_POLICY_MAPPINGS));
    /* The anchor is outside of the path that is validated, unless its own policies are the first asserted. */
    size_t i, len = anchor_asserts ? num : num - 1;
    struct state s;

    s.params = params;
    s.why = why;
    s.expected.num = 0;
    s.expected.any = true;
    s.explicit_policy = params->require_explicit_policy ? 0 : len + 1;
    s.policy_mapping = params->inhibit_policy_mapping ? 0 : len + 1;
    s.inhibit_any_policy = params->inhibit_any_policy ? 0 : len + 1;
    if (num == 1) {
        return true;
    }
    if (!params->anchor_name_and_key && !anchor_asserts) {
        s.cert = anchor;
        take_limits(&s);
    }
    for (i = len; i-- > 0;) {
        if (!process(&s, certs[i], i)) {
            return false;
        }
    }
    return true;
}
