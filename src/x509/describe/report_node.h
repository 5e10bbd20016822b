/* The tree of a report, and how it is drawn. */
#ifndef T99_X509_DESCRIBE_REPORT_NODE_H
#define T99_X509_DESCRIBE_REPORT_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "x509/describe/outline.h"

enum t99_report_state {
    STATE_OPEN, /* in order itself, but nothing above it was accepted */
    STATE_ACCEPTED,
    STATE_REJECTED,
    STATE_NO_ISSUER,
    STATE_UNUSED /* not in the tree: sent, and no candidate */
};

struct t99_report_node {
    size_t depth;
    size_t sent; /* place among those sent, or T99_NOT_SENT */
    enum t99_report_state state;
    bool is_anchor, self_issued;
    char subject[160], issuer[160];
    int64_t not_before, not_after;
    uint8_t sha256[32];
    char reason[T99_FAULT_TEXT];
};

struct t99_tree {
    struct t99_report_node *nodes; /* each before those above it on its paths; then the unused */
    size_t num, cap;
    size_t num_unused;              /* the last of them */
    size_t omitted, unused_omitted; /* that there was no room for */
    bool judged, verified, ignore_time;
    int64_t time;
    size_t num_anchors;
    char name[300];
    char verdict[T99_FAULT_TEXT];
};

/* A refusal's sentence without its usual beginning. NULL if text is. */
const char *t99_reason(const char *text);

void t99_tree_lines(struct t99_outline *o, const struct t99_tree *tree);
void t99_tree_json(struct t99_outline *o, const struct t99_tree *tree);

#endif
