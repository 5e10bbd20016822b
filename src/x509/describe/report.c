#include "x509/describe/report.h"

#include <string.h>

#include "base/fault.h"
#include "crypto/hash/hash.h"
#include "x509/checks.h"
#include "x509/describe/report_node.h"
#include "x509/name.h"
#include "x509/verify_work.h"

#define NONE UINT16_MAX

struct t99_report {
    const struct t99_env *env;
    struct t99_tree tree;
    uint16_t path[T99_PATH_MAX];       /* the last node at each depth; NONE: left out */
    uint8_t tried[T99_WORK_NODES / 8]; /* of those sent */
    bool failed;                       /* out of memory */
};

struct t99_report *t99_report_new(const struct t99_env *env)
{
    struct t99_report *report = (struct t99_report *)t99_alloc(env, sizeof *report);

    if (report != NULL) {
        report->env = env;
        memset(report->path, 0xff, sizeof report->path);
    }
    return report;
}

static void clear(struct t99_report *report)
{
    const struct t99_env *env = report->env;

    t99_free(env, report->tree.nodes, report->tree.cap * sizeof report->tree.nodes[0]);
    memset(report, 0, sizeof *report);
    report->env = env;
    memset(report->path, 0xff, sizeof report->path);
}

void t99_report_free(struct t99_report *report)
{
    if (report != NULL) {
        clear(report);
        t99_free(report->env, report, sizeof *report);
    }
}

/* A node more; NULL: out of memory. */
static struct t99_report_node *grow(struct t99_report *report)
{
    struct t99_tree *tree = &report->tree;
    size_t cap = tree->cap != 0 ? 2 * tree->cap : 8;
    struct t99_report_node *grown;

    if (tree->num == tree->cap && !report->failed) {
        grown = (struct t99_report_node *)t99_alloc(report->env, cap * sizeof *grown);
        if (grown == NULL) {
            report->failed = true;
            return NULL;
        }
        if (tree->num != 0) {
            memcpy(grown, tree->nodes, tree->num * sizeof *grown);
        }
        t99_free(report->env, tree->nodes, tree->cap * sizeof *grown);
        tree->nodes = grown;
        tree->cap = cap;
    }
    return report->failed ? NULL : &tree->nodes[tree->num++];
}

/* Hashed once, however often it is a candidate; of anchors there are not many. */
static void set_hash(struct t99_report *report, struct t99_report_node *node, struct t99_span der)
{
    const struct t99_report_node *other = report->tree.nodes;
    uint8_t digest[T99_HASH_MAX];

    while (other->sent != node->sent) { /* at the latest it is the node itself */
        other++;
    }
    if (other != node && node->sent != T99_NOT_SENT) {
        memcpy(node->sha256, other->sha256, sizeof node->sha256);
        return;
    }
    t99_hash(&t99_sha256, digest, der.p, der.len);
    memcpy(node->sha256, digest, sizeof node->sha256);
}

static void fill(struct t99_report *report, struct t99_report_node *node, const struct t99_trace *step)
{
    const struct t99_certificate *c = step->cert;

    node->depth = step->depth;
    node->sent = step->sent;
    node->is_anchor = step->is_anchor;
    t99_name_short(node->subject, sizeof node->subject, c->subject);
    t99_name_short(node->issuer, sizeof node->issuer, c->issuer);
    node->self_issued = t99_self_issued(c);
    node->not_before = c->not_before;
    node->not_after = c->not_after;
    set_hash(report, node, c->der);
}

static void add_candidate(struct t99_report *report, const struct t99_trace *step)
{
    struct t99_report_node *node;
    size_t i;

    for (i = step->depth; i < T99_PATH_MAX; i++) {
        report->path[i] = NONE;
    }
    node = grow(report);
    if (node != NULL) {
        fill(report, node, step);
        report->path[step->depth] = (uint16_t)(report->tree.num - 1);
    }
}

static void tried(struct t99_report *report, const struct t99_trace *step)
{
    if (step->depth == 0) {
        clear(report);
    }
    if (step->sent < T99_WORK_NODES) {
        report->tried[step->sent / 8] |= (uint8_t)(1u << step->sent % 8);
    }
    if (report->tree.num < T99_REPORT_NODES) {
        add_candidate(report, step);
    } else {
        report->tree.omitted++;
        report->path[step->depth] = NONE;
    }
}

/*
 * The sentence without what the tree says anyway: "certificate verification failed: ", and
 * "certificate 1 (CN=x) " if that is the node itself.
 */
static void set_reason(struct t99_report_node *node, const struct t99_trace *step)
{
    char who[T99_CERT_TEXT], *at;
    const char *reason = t99_reason(step->reason);

    if (step->reason == NULL) {
        return;
    }
    memcpy(node->reason, reason, strlen(reason) + 1); /* a fault's text: as long, at most */
    if (step->cert == NULL) {
        return;
    }
    t99_cert_text(who, sizeof who, step->depth, step->cert);
    at = strstr(node->reason, who);
    if (at != NULL && at >= node->reason + 2 && at[-2] == ':' && at[strlen(who)] == ' ') {
        memmove(at, at + strlen(who) + 1, strlen(at + strlen(who) + 1) + 1);
    }
}

static void judged(struct t99_report *report, const struct t99_trace *step, enum t99_report_state state)
{
    struct t99_report_node *node;

    if (report->path[step->depth] == NONE) {
        if (state != STATE_ACCEPTED) {
            return;
        }
        add_candidate(report, step); /* there is room for one path more */
        if (report->path[step->depth] == NONE) {
            return;
        }
        report->tree.omitted--;
    }
    node = &report->tree.nodes[report->path[step->depth]];
    node->state = state;
    set_reason(node, step);
}

/* Certificates that were sent for nothing. */
static void sent(struct t99_report *report, const struct t99_trace *step)
{
    struct t99_report_node *node;

    if (step->sent < T99_WORK_NODES && (report->tried[step->sent / 8] >> step->sent % 8 & 1) != 0) {
        return;
    }
    if (report->tree.num_unused == T99_REPORT_UNUSED) {
        report->tree.unused_omitted++;
        return;
    }
    node = grow(report);
    if (node == NULL) {
        return;
    }
    report->tree.num_unused++;
    node->sent = step->sent;
    node->state = STATE_UNUSED;
    if (step->cert != NULL) {
        fill(report, node, step);
    }
    set_reason(node, step);
}

static void verdict(struct t99_report *report, const struct t99_trace *step)
{
    const struct t99_verify_params *params = step->params;
    struct t99_tree *tree = &report->tree;

    tree->judged = true;
    tree->verified = step->reason == NULL;
    tree->time = params->time;
    tree->ignore_time = params->ignore_time;
    tree->num_anchors = t99_trust_count(params->trust);
    tree->unused_omitted += step->sent > T99_WORK_NODES ? step->sent - T99_WORK_NODES : 0;
    t99_printable(tree->name, sizeof tree->name, params->peer != NULL ? params->peer_text : "",
                  params->peer != NULL ? strlen(params->peer_text) : 0);
    if (step->reason != NULL) {
        memcpy(tree->verdict, step->reason, strlen(step->reason) + 1);
    }
}

void t99_report_step(void *arg, const struct t99_trace *step)
{
    struct t99_report *report = (struct t99_report *)arg;

    switch (step->kind) {
    case TRACE_TRIED:
        tried(report, step);
        break;
    case TRACE_REJECTED:
        judged(report, step, STATE_REJECTED);
        break;
    case TRACE_NO_ISSUER:
        judged(report, step, STATE_NO_ISSUER);
        break;
    case TRACE_ACCEPTED:
        judged(report, step, STATE_ACCEPTED);
        break;
    case TRACE_SENT:
        sent(report, step);
        break;
    case TRACE_VERDICT:
        verdict(report, step);
        break;
    }
}

char *t99_report_text(const struct t99_report *report, bool json, size_t *alloc_len)
{
    struct t99_outline o;

    if (report->failed || !report->tree.judged) {
        return NULL;
    }
    t99_outline_begin(&o, report->env, json);
    if (json) {
        t99_tree_json(&o, &report->tree);
    } else {
        t99_tree_lines(&o, &report->tree);
    }
    return t99_outline_end(&o, alloc_len);
}
