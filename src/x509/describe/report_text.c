/* A report as lines for people, and as JSON. */
#include <stdio.h>
#include <string.h>

#include "x509/checks.h"
#include "x509/describe/parts.h"
#include "x509/describe/report_node.h"
#include "x509/verify.h"

#define STEP 3 /* columns of the drawing a depth: of the deepest 50, with those before a line that goes on */
#define COLUMNS 70 /* a program may indent it, or draw a box around it */

const char *t99_reason(const char *text)
{
    static const char prefix[] = "certificate verification failed: ";

    return text != NULL && strncmp(text, prefix, sizeof prefix - 1) == 0 ? text + sizeof prefix - 1 : text;
}

/* ---- Lines ---- */

/* How much of text goes into a line: to a blank, else as far as there is room. */
static size_t fitting(const char *text, size_t width)
{
    size_t len = 0, columns = 0, blank = 0;

    for (; text[len] != '\0'; len++) {
        columns += ((unsigned char)text[len] & 0xc0) != 0x80 ? 1 : 0;
        if (columns > width) {
            return blank != 0 ? blank : len;
        }
        blank = text[len] == ' ' ? len : blank;
    }
    return len;
}

/* Text in lines of a drawing: the first begins with one prefix, the others with another. */
static void draw(struct t99_outline *o, const char *first, const char *rest, const char *text)
{
    const char *prefix = first;

    do {
        size_t len = fitting(text, COLUMNS - strlen(prefix));
        char line[2 * T99_FAULT_TEXT];

        (void)snprintf(line, sizeof line, "%s%.*s", prefix, (int)len, text);
        t99_outline_line(o, 0, T99_OUTLINE_COLUMNS); /* already broken */
        t99_outline_say(o, line);
        text += len + strspn(text + len, " ");
        prefix = rest;
    } while (*text != '\0');
}

/* Is there another at the same depth, on the same path? */
static bool has_next(const struct t99_tree *tree, size_t i)
{
    size_t depth = tree->nodes[i].depth, num = tree->num - tree->num_unused, j;

    for (j = i + 1; j < num && tree->nodes[j].depth > depth; j++) {
    }
    return j < num && tree->nodes[j].depth == depth;
}

static bool has_child(const struct t99_tree *tree, size_t i)
{
    return i + 1 < tree->num - tree->num_unused && tree->nodes[i + 1].depth > tree->nodes[i].depth;
}

/* The lines that pass by the node, from those below it: "|  |  ". */
static size_t draw_passing(char *out, const struct t99_tree *tree, size_t i)
{
    size_t depth = tree->nodes[i].depth, n = depth > 0 ? STEP * (depth - 1) : 0, j = i;

    memset(out, ' ', n);
    while (depth > 1) {
        while (tree->nodes[j].depth >= depth) {
            j--;
        }
        depth--;
        if (has_next(tree, j)) {
            out[STEP * (depth - 1)] = '|';
        }
    }
    return n;
}

static const char *state_text(enum t99_report_state state)
{
    return state == STATE_ACCEPTED    ? ": ok"
           : state == STATE_REJECTED  ? ": REJECTED"
           : state == STATE_NO_ISSUER ? ": NO ISSUER"
                                      : "";
}

static void node_line(char *out, size_t out_len, const struct t99_report_node *node)
{
    char until[T99_TIME_TEXT], place[32] = "";

    if (node->sent != T99_NOT_SENT) {
        (void)snprintf(place, sizeof place, "[%zu] ", node->sent);
    }
    (void)snprintf(out, out_len, "%s%s%s%s%s, until %.10s%s", place, node->is_anchor ? "trusted " : "",
                   node->subject, node->self_issued ? "" : ", issued by ",
                   node->self_issued ? "" : node->issuer, t99_time_text(until, sizeof until, node->not_after),
                   state_text(node->state));
}

static void draw_node(struct t99_outline *o, const struct t99_tree *tree, size_t i)
{
    const struct t99_report_node *node = &tree->nodes[i];
    char first[STEP * T99_PATH_MAX + 8], rest[STEP * T99_PATH_MAX + 16], text[512];
    size_t n = draw_passing(first, tree, i);

    memcpy(rest, first, n);
    (void)snprintf(first + n, sizeof first - n, "%s", node->depth > 0 ? "+- " : "");
    (void)snprintf(rest + n, sizeof rest - n, "%s%s    ",
                   node->depth == 0    ? ""
                   : has_next(tree, i) ? "|  "
                                       : "   ",
                   has_child(tree, i) ? "|" : " ");
    node_line(text, sizeof text, node);
    draw(o, first, rest, text);
    if (node->reason[0] != '\0') {
        draw(o, rest, rest, node->reason);
    }
}

static void draw_verdict(struct t99_outline *o, const struct t99_tree *tree)
{
    char text[2 * T99_FAULT_TEXT], now[T99_TIME_TEXT];

    if (tree->verified) {
        (void)snprintf(text, sizeof text, "VERIFIED%s%s%s%s, %zu trusted certificate%s",
                       tree->name[0] != '\0' ? " for " : "", tree->name,
                       tree->ignore_time ? ", at any time" : " at ",
                       tree->ignore_time ? "" : t99_time_text(now, sizeof now, tree->time), tree->num_anchors,
                       tree->num_anchors == 1 ? "" : "s");
    } else {
        (void)snprintf(text, sizeof text, "NOT VERIFIED: %s", t99_reason(tree->verdict));
    }
    draw(o, "", "    ", text);
}

static void draw_unused(struct t99_outline *o, const struct t99_report_node *node)
{
    char text[2 * T99_FAULT_TEXT];

    if (node->reason[0] != '\0') {
        (void)snprintf(text, sizeof text, "[%zu] was sent too, but does not decode: %s", node->sent,
                       node->reason);
    } else {
        (void)snprintf(text, sizeof text, "[%zu] %s was sent too: of no use here", node->sent, node->subject);
    }
    draw(o, "", "    ", text);
}

void t99_tree_lines(struct t99_outline *o, const struct t99_tree *tree)
{
    size_t num = tree->num - tree->num_unused, i;
    char text[96];

    draw_verdict(o, tree);
    for (i = 0; i < num; i++) {
        draw_node(o, tree, i);
    }
    if (tree->omitted != 0) {
        (void)snprintf(text, sizeof text, "... and %zu candidates more", tree->omitted);
        draw(o, "", "    ", text);
    }
    for (; i < tree->num; i++) {
        draw_unused(o, &tree->nodes[i]);
    }
    if (tree->unused_omitted != 0) {
        (void)snprintf(text, sizeof text, "... and %zu certificates more of no use", tree->unused_omitted);
        draw(o, "", "    ", text);
    }
}

/* ---- JSON ---- */

static const char *state_name(enum t99_report_state state)
{
    return state == STATE_ACCEPTED    ? "accepted"
           : state == STATE_REJECTED  ? "rejected"
           : state == STATE_NO_ISSUER ? "no issuer"
           : state == STATE_UNUSED    ? "unused"
                                      : "open";
}

static void node_fields(struct t99_outline *o, const struct t99_report_node *node)
{
    if (node->sent != T99_NOT_SENT) {
        t99_outline_number(o, "index", (int64_t)node->sent);
    }
    if (node->subject[0] != '\0') {
        t99_outline_bool(o, "trusted", node->is_anchor);
        t99_outline_string(o, "subject", node->subject);
        t99_outline_string(o, "issuer", node->issuer);
        t99_describe_time(o, "not_before", node->not_before);
        t99_describe_time(o, "not_after", node->not_after);
        t99_outline_hex(o, "sha256", t99_span(node->sha256, sizeof node->sha256), T99_OUTLINE_HEX);
    }
    t99_outline_string(o, "state", state_name(node->state));
    if (node->reason[0] != '\0') {
        t99_outline_string(o, "reason", node->reason);
    }
}

/* Each node holds those above it in "issuers". */
static void nested(struct t99_outline *o, const struct t99_tree *tree)
{
    size_t num = tree->num - tree->num_unused, i, open = 0;

    for (i = 0; i < num; i++) {
        for (; open > tree->nodes[i].depth; open--) {
            t99_outline_list_end(o);
            t99_outline_close(o);
        }
        t99_outline_open(o, i == 0 ? "tree" : NULL);
        node_fields(o, &tree->nodes[i]);
        t99_outline_list(o, "issuers");
        open++;
    }
    for (; open > 0; open--) {
        t99_outline_list_end(o);
        t99_outline_close(o);
    }
}

void t99_tree_json(struct t99_outline *o, const struct t99_tree *tree)
{
    size_t i;

    t99_outline_open(o, NULL);
    t99_outline_bool(o, "verified", tree->verified);
    if (!tree->verified) {
        t99_outline_string(o, "error", tree->verdict);
    }
    if (tree->name[0] != '\0') {
        t99_outline_string(o, "name", tree->name);
    }
    if (!tree->ignore_time) {
        t99_describe_time(o, "time", tree->time);
    }
    t99_outline_number(o, "trusted_certificates", (int64_t)tree->num_anchors);
    nested(o, tree);
    t99_outline_number(o, "candidates_omitted", (int64_t)tree->omitted);
    t99_outline_list(o, "unused");
    for (i = tree->num - tree->num_unused; i < tree->num; i++) {
        t99_outline_open(o, NULL);
        node_fields(o, &tree->nodes[i]);
        t99_outline_close(o);
    }
    t99_outline_list_end(o);
    t99_outline_number(o, "certificates_omitted", (int64_t)tree->unused_omitted);
    t99_outline_close(o);
}
