#include "x509/path.h"

#include <stdio.h>
#include <string.h>

#include "x509/checks.h"
#include "x509/name.h"
#include "x509/name_constraints.h"
#include "x509/policy.h"
#include "x509/revocation.h"

/* How much a refusal is worth telling: what comes nearest to a path that would have been accepted. */
enum rank {
    RANK_SIGNATURE = 1,  /* of the right name but another key: not the issuer at all */
    RANK_UNREADABLE = 2, /* may or may not have been the issuer */
    RANK_NO_ISSUER = 3,
    RANK_RULE = 8,  /* breaks a rule: + depth, + 4 if the key identifiers say that it is the issuer */
    RANK_PATH = 40, /* reached an anchor, but the whole breaks a rule: + depth */
    RANK_WORK = 100
};

/* A certificate on the path, and which of its possible issuers have been tried. */
struct level {
    uint16_t node;      /* in s->nodes; T99_NO_ANCHOR: it is an anchor */
    size_t counted;     /* intermediates up to and with it that are not self-issued */
    size_t next_anchor; /* which of the anchors with the issuer's name is tried next */
    bool any_tried;
    uint8_t tried[T99_WORK_NODES / 8];
};

/* One run of the search. */
struct run {
    struct t99_search *s;
    const struct t99_verify_params *params;
    struct t99_chain *chain;
    bool leaf_is_anchor;
    struct level levels[T99_PATH_MAX];
};

/* ---- Refusals ---- */

static void keep_best(struct run *r, const struct t99_fault *why, unsigned rank)
{
    if (rank > r->s->best_rank) {
        r->s->best = *why;
        r->s->best_rank = rank;
    }
}

/* sent: index in s->nodes. */
static void trace(struct run *r, enum t99_trace_kind kind, size_t depth, const struct t99_certificate *c,
                  size_t sent, const char *reason)
{
    struct t99_trace step;

    if (r->params->trace != NULL) {
        step.kind = kind;
        step.depth = depth;
        step.cert = c;
        step.sent = sent;
        step.is_anchor = sent == T99_NOT_SENT || (depth == 0 && r->leaf_is_anchor);
        step.reason = reason;
        step.params = r->params;
        r->s->num_traced += kind == TRACE_TRIED ? 1 : 0;
        r->params->trace(r->params->trace_arg, &step);
    }
}

static void trace_accepted(struct run *r)
{
    size_t i;

    for (i = 0; i < r->chain->num; i++) {
        trace(r, TRACE_ACCEPTED, i, r->chain->certs[i],
              r->levels[i].node != T99_NO_ANCHOR ? r->levels[i].node : T99_NOT_SENT, NULL);
    }
}

/*
 * Those that may have issued what stands at depth - 1, but from which the names lead nowhere. The search does
 * not pay for it, so that a report changes no verdict; instead it ends at T99_TRACE_MAX.
 */
static void trace_not_followed(struct run *r, uint32_t issuer_hash, size_t depth, const struct t99_node *but)
{
    size_t i;

    if (r->params->trace == NULL) {
        return;
    }
    for (i = 1; i < r->s->num_nodes && r->s->num_traced < T99_TRACE_MAX; i++) {
        const struct t99_node *node = &r->s->nodes[i];

        if (node->bad == NULL && node->subject_hash == issuer_hash && node->distance == T99_NO_ANCHOR &&
            node != but) {
            trace(r, TRACE_TRIED, depth, &node->cert, i, NULL);
            trace(r, TRACE_REJECTED, depth, &node->cert, i,
                  "not followed: from its issuer no names lead to a trusted certificate");
        }
    }
}

static bool out_of_work(struct run *r)
{
    static const char prefix[] = "certificate verification failed: ";
    const char *best = r->s->best.text;
    struct t99_fault why;

    if (r->s->work.time != 0) {
        return false;
    }
    best += strncmp(best, prefix, sizeof prefix - 1) == 0 ? sizeof prefix - 1 : 0;
    t99_fault_clear(&why);
    t99_fail_as(
        &why, FAULT_VERIFY, ALERT_BAD_CERTIFICATE,
        "%stoo many possible paths: the %zu certificates sent need more work than a verification may cost; "
        "the best path so far: %s",
        prefix, r->s->num_nodes, best);
    keep_best(r, &why, RANK_WORK);
    return true;
}

/* " (it is at http://r.example/)", where the certificate says where its issuer's is to be had. */
static const char *issuer_place(char *out, size_t out_len, const struct t99_certificate *c)
{
    struct t99_span uri = t99_issuer_uri(c);
    char text[100];

    out[0] = '\0';
    if (uri.p != NULL && uri.len != 0) {
        snprintf(out, out_len, " (it is at %s)", t99_printable(text, sizeof text, uri.p, uri.len));
    }
    return out;
}

/* Nobody here issued the certificate at that depth. */
static void no_issuer(struct run *r, const struct t99_certificate *top, size_t depth)
{
    size_t num_trusted = t99_trust_count(r->params->trust), i;
    struct t99_fault why;
    char issuer[96], place[128];

    t99_fault_clear(&why);
    for (i = 0; i < r->s->num_nodes && r->s->nodes[i].bad == NULL; i++) {
    }
    t99_name_short(issuer, sizeof issuer, top->issuer);
    issuer_place(place, sizeof place, top);
    if (t99_self_issued(top)) {
        t99_refuse(&why, ALERT_UNKNOWN_CA,
                   depth == 0 ? "self signed certificate" : "self signed certificate in certificate chain",
                   depth, top, "is not among the %zu trusted ones", num_trusted);
    } else if (i < r->s->num_nodes) {
        t99_refuse(&why, ALERT_UNKNOWN_CA, "unable to get local issuer certificate", depth, top,
                   "was issued by %s, which is not among the %zu trusted ones; nor did the server send it%s, "
                   "unless it is certificate %zu, which does not decode: %s",
                   issuer, num_trusted, place, i, r->s->nodes[i].bad);
    } else {
        t99_refuse(&why, ALERT_UNKNOWN_CA, "unable to get local issuer certificate", depth, top,
                   "was issued by %s, which is not among the %zu trusted ones; nor did the server send it%s",
                   issuer, num_trusted, place);
    }
    keep_best(r, &why, RANK_NO_ISSUER);
    trace(r, TRACE_NO_ISSUER, depth, top, T99_NOT_SENT, why.text);
}

/* Anchors are decoded only when a path needs them, and one that was trusted may be damaged. */
static void bad_anchor(struct run *r, const struct t99_certificate *top, size_t depth, const char *bad)
{
    struct t99_fault why;
    char issuer[96];

    t99_fault_clear(&why);
    t99_refuse(&why, ALERT_UNKNOWN_CA, "unable to get local issuer certificate", depth, top,
               "was issued by %s, but the trusted certificate of that name does not decode: %s",
               t99_name_short(issuer, sizeof issuer, top->issuer), bad);
    keep_best(r, &why, RANK_NO_ISSUER);
    trace(r, TRACE_NO_ISSUER, depth, top, T99_NOT_SENT, why.text);
}

/* No anchor can be reached from the leaf: goes up by names to where the issuer is missing. */
static void no_anchor(struct run *r, size_t start)
{
    const struct t99_search *s = r->s;
    const struct t99_node *top = &s->nodes[start];
    size_t depth = 0, i;

    for (i = 1; i < s->num_nodes && depth < T99_PATH_MAX && top->issuer_hash != top->subject_hash; i++) {
        const struct t99_node *node = &s->nodes[i];

        if (node->bad == NULL && node->subject_hash == top->issuer_hash) {
            depth++;
            trace_not_followed(r, top->issuer_hash, depth, node);
            trace(r, TRACE_TRIED, depth, &node->cert, i, NULL);
            top = node;
            i = 0; /* and again, from the first */
        }
    }
    no_issuer(r, &top->cert, depth);
}

/* ---- Candidates ---- */

static bool same_key_ids(const struct t99_certificate *issuer, const struct t99_certificate *issued)
{
    return issuer->subject_key_id.p != NULL && issued->authority_key_id.p != NULL &&
           t99_span_equal(issuer->subject_key_id, issued->authority_key_id);
}

static bool other_key_ids(const struct t99_certificate *issuer, const struct t99_certificate *issued)
{
    return issuer->subject_key_id.p != NULL && issued->authority_key_id.p != NULL &&
           !t99_span_equal(issuer->subject_key_id, issued->authority_key_id);
}

static bool is_current(const struct run *r, const struct t99_certificate *c)
{
    return r->params->ignore_time || (r->params->time >= c->not_before && r->params->time <= c->not_after);
}

/* RFC 4158, 2.4.2: the same subject and key twice make a loop. */
static bool is_on_path(const struct run *r, const struct t99_certificate *c)
{
    size_t i;

    for (i = 0; i < r->chain->num; i++) {
        if (t99_span_equal(r->chain->certs[i]->spki, c->spki) &&
            t99_name_equal(r->chain->certs[i]->subject, c->subject)) {
            return true;
        }
    }
    return false;
}

/* The most promising certificate sent that may have issued the top one and has not been tried. */
static const struct t99_node *pick_node(struct run *r, struct level *level, uint16_t *index)
{
    const struct t99_certificate *top = r->chain->certs[r->chain->num - 1];
    uint32_t wanted =
        level->node != T99_NO_ANCHOR ? r->s->nodes[level->node].issuer_hash : t99_name_hash(top->issuer);
    const struct t99_node *best = NULL;
    unsigned best_score = 0;
    size_t i;

    for (i = 1; i < r->s->num_nodes; i++) {
        const struct t99_node *node = &r->s->nodes[i];
        unsigned score;

        if (node->bad != NULL || node->subject_hash != wanted || node->distance == T99_NO_ANCHOR ||
            (level->tried[i / 8] >> i % 8 & 1) != 0) {
            continue;
        }
        score = (same_key_ids(&node->cert, top)    ? 4096u
                 : other_key_ids(&node->cert, top) ? 1024u
                                                   : 2048u) +
                (is_current(r, &node->cert) ? 512u : 0u) + 256u - node->distance;
        if (score > best_score) {
            best = node;
            best_score = score;
            *index = (uint16_t)i;
        }
    }
    if (best != NULL) {
        level->tried[*index / 8] |= (uint8_t)(1u << *index % 8);
    }
    return best;
}

/*
 * May c, at the end of the chain, have issued the certificate below it? Cheap rules first, then signature and
 * names.
 */
static bool check_candidate(struct run *r, const struct t99_certificate *c, size_t sent)
{
    const bool is_anchor = sent == T99_NOT_SENT;
    const struct t99_chain *chain = r->chain;
    const struct t99_certificate *below = chain->certs[chain->num - 1];
    struct t99_link link;
    struct t99_fault why;
    char issuer[96];

    t99_fault_clear(&why);
    link.params = r->params;
    link.cert = c;
    link.below = below;
    link.depth = chain->num;
    link.counted = r->levels[chain->num - 1].counted;
    link.is_anchor = is_anchor;
    if (!t99_check_certificate(&link, &why)) {
        keep_best(r, &why,
                  other_key_ids(c, below)
                      ? RANK_SIGNATURE
                      : RANK_RULE + (unsigned)chain->num + (same_key_ids(c, below) ? 4 : 0));
    } else if (!t99_signed_by(r->s, below->der, below->tbs, &below->sig_alg, below->signature, &c->key,
                              c->spki)) {
        t99_refuse(&why, ALERT_BAD_CERTIFICATE, "certificate signature failure", chain->num - 1, below,
                   "was issued by %s, but not signed with the key of the certificate of that name that %s",
                   t99_name_short(issuer, sizeof issuer, below->issuer),
                   is_anchor ? "is trusted" : "the server sent");
        keep_best(r, &why, RANK_SIGNATURE);
    } else if ((!is_anchor || !r->params->anchor_name_and_key) &&
               !t99_check_name_constraints(c, chain->certs, chain->num, r->params->profile != PROFILE_DEFAULT,
                                           &r->s->work, &why)) {
        keep_best(r, &why, RANK_PATH + (unsigned)chain->num);
    } else {
        return true;
    }
    trace(r, TRACE_REJECTED, chain->num, c, sent, why.text);
    return false;
}

static void push(struct run *r, const struct t99_certificate *c, uint16_t node)
{
    struct level *level = &r->levels[r->chain->num];

    memset(level, 0, sizeof *level);
    level->node = node;
    level->counted = 0;
    if (r->chain->num != 0) {
        level->counted = r->levels[r->chain->num - 1].counted + (t99_self_issued(c) ? 0 : 1);
    }
    r->chain->certs[r->chain->num++] = c;
}

/* The path has reached an anchor: what can only be judged on the whole. */
static bool check_whole(struct run *r)
{
    const struct t99_chain *chain = r->chain;
    struct t99_fault why;
    size_t cost = T99_WORK_PATH, i;

    for (i = 0; i < chain->num; i++) {
        cost += (chain->certs[i]->policies.len + chain->certs[i]->policy_mappings.len) / 8;
    }
    if (!t99_work_spend(&r->s->work.time, cost)) {
        return false;
    }
    t99_fault_clear(&why);
    if (t99_check_policies(r->params, chain->certs, chain->num, &why) &&
        (r->params->crls == NULL || t99_check_revocation(r->s, r->params, chain, &why))) {
        return true;
    }
    keep_best(r, &why, RANK_PATH + (unsigned)chain->num);
    trace(r, TRACE_REJECTED, chain->num - 1, chain->certs[chain->num - 1], T99_NOT_SENT, why.text);
    return false;
}

/* Tries the anchors that bear the issuer's name; each ends the path. */
static bool try_anchors(struct run *r, struct level *level)
{
    struct t99_chain *chain = r->chain;
    const struct t99_certificate *top = chain->certs[chain->num - 1];
    struct t99_span der;
    const char *bad;

    while (t99_trust_find(r->params->trust, top->issuer, level->next_anchor, &der)) {
        level->next_anchor++;
        if (!t99_work_spend(&r->s->work.time, 2 * T99_WORK_CANDIDATE + der.len / 32)) {
            return false;
        }
        if (!t99_certificate_decode(&chain->anchor, der, &bad)) {
            bad_anchor(r, top, chain->num - 1, bad);
            continue;
        }
        trace(r, TRACE_TRIED, chain->num, &chain->anchor, T99_NOT_SENT, NULL);
        if (check_candidate(r, &chain->anchor, T99_NOT_SENT)) {
            push(r, &chain->anchor, T99_NO_ANCHOR);
            if (check_whole(r)) {
                return true;
            }
            chain->num--;
        }
    }
    return false;
}

/* True if the path may grow by one more intermediate: those that are not self-issued count. */
static bool may_grow(const struct run *r, const struct t99_certificate *c)
{
    size_t counted = r->levels[r->chain->num - 1].counted + (t99_self_issued(c) ? 0 : 1);

    return r->chain->num + 1 < T99_PATH_MAX &&
           (r->params->max_intermediates < 0 || counted <= (size_t)r->params->max_intermediates);
}

static bool try_node(struct run *r, const struct t99_node *node, uint16_t index)
{
    const struct t99_certificate *c = &node->cert;
    const struct t99_certificate *top = r->chain->certs[r->chain->num - 1];
    struct t99_fault why;

    if (!t99_work_spend(&r->s->work.time, c->der.len / 32) || c == top ||
        !t99_name_equal(c->subject, top->issuer)) {
        return false;
    }
    r->levels[r->chain->num - 1].any_tried = true;
    trace(r, TRACE_TRIED, r->chain->num, c, index, NULL);
    if (is_on_path(r, c)) {
        trace(r, TRACE_REJECTED, r->chain->num, c, index,
              "its name and key are on this path already: a loop leads nowhere");
        return false;
    }
    if (!may_grow(r, c)) {
        t99_fault_clear(&why);
        t99_refuse(&why, ALERT_UNKNOWN_CA, "certificate chain too long", r->chain->num, c,
                   "would be one intermediate more than the %d allowed",
                   r->params->max_intermediates < 0 ? T99_PATH_MAX - 2 : r->params->max_intermediates);
        keep_best(r, &why, RANK_RULE + (unsigned)r->chain->num);
        trace(r, TRACE_REJECTED, r->chain->num, c, index, why.text);
        return false;
    }
    return check_candidate(r, c, index);
}

/* The leaf may be an anchor itself. */
static bool check_leaf(struct run *r, const struct t99_certificate *leaf, size_t start)
{
    struct t99_link link;
    struct t99_fault why;

    t99_fault_clear(&why);
    memset(&link, 0, sizeof link);
    link.params = r->params;
    link.cert = leaf;
    link.is_anchor = r->leaf_is_anchor;
    if (!t99_check_certificate(&link, &why)) {
        keep_best(r, &why, RANK_WORK + 1);
        trace(r, TRACE_REJECTED, 0, leaf, start, why.text);
        return false;
    }
    return true;
}

bool t99_find_path(struct t99_search *s, const struct t99_verify_params *params, struct t99_chain *chain,
                   size_t start)
{
    struct run r;
    const struct t99_node *leaf = &s->nodes[start], *node;
    uint16_t index = 0;

    r.s = s;
    r.params = params;
    r.chain = chain;
    r.leaf_is_anchor = t99_trust_contains(params->trust, leaf->cert.der);
    chain->num = 0;
    if (leaf->bad != NULL) {
        return false;
    }
    trace(&r, TRACE_TRIED, 0, &leaf->cert, start, NULL);
    if (leaf->distance == T99_NO_ANCHOR && t99_self_issued(&leaf->cert)) {
        no_anchor(&r, start); /* that matters more than what else is wrong with it */
        return false;
    }
    if (!check_leaf(&r, &leaf->cert, start)) {
        return false;
    }
    push(&r, &leaf->cert, (uint16_t)start);
    if (r.leaf_is_anchor) {
        trace_accepted(&r);
        return true;
    }
    if (leaf->distance == T99_NO_ANCHOR) {
        no_anchor(&r, start);
        return false;
    }
    while (chain->num != 0) {
        struct level *level = &r.levels[chain->num - 1];

        if (level->next_anchor == 0 && try_anchors(&r, level)) {
            trace_accepted(&r);
            return true;
        }
        if (!t99_work_spend(&s->work.time, T99_WORK_CANDIDATE) || out_of_work(&r)) {
            (void)out_of_work(&r);
            return false;
        }
        node = pick_node(&r, level, &index);
        if (node == NULL) {
            trace_not_followed(&r, t99_name_hash(chain->certs[chain->num - 1]->issuer), chain->num, NULL);
            if (!level->any_tried && level->next_anchor == 0) {
                no_issuer(&r, chain->certs[chain->num - 1], chain->num - 1);
            }
            chain->num--;
        } else if (try_node(&r, node, index)) {
            push(&r, &node->cert, index);
        }
    }
    return false;
}
