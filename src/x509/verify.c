#include "x509/verify.h"

#include <string.h>

#include "x509/checks.h"
#include "x509/name.h"
#include "x509/path.h"

static bool check_name(const struct t99_verify_params *params, const struct t99_certificate *leaf,
                       struct t99_span *matched, struct t99_fault *fault)
{
    char names[200], cn[80];

    if (params->peer == NULL || t99_peer_name_matches(params->peer, leaf, matched)) {
        return true;
    }
    t99_names_in(names, sizeof names, leaf);
    if (names[0] != '\0') {
        return t99_fail_as(fault, FAULT_VERIFY, ALERT_BAD_CERTIFICATE,
                           "name `%s' not present in server certificate, which is for %s", params->peer_text,
                           names);
    }
    return t99_fail_as(fault, FAULT_VERIFY, ALERT_BAD_CERTIFICATE,
                       "name `%s' not present in server certificate, which is for no name at all: it has no "
                       "subjectAltName, and its subject (%s) does not count",
                       params->peer_text, t99_name_short(cn, sizeof cn, leaf->subject));
}

static bool leaf_unreadable(const char *bad, struct t99_fault *fault)
{
    return t99_fail_as(
        fault, FAULT_VERIFY, ALERT_BAD_CERTIFICATE,
        "certificate verification failed: malformed certificate: certificate 0 does not decode: %s",
        bad != NULL ? bad : "certificate");
}

static bool check_name_only(const struct t99_verify_params *params, struct t99_span der,
                            struct t99_fault *fault)
{
    struct t99_certificate leaf;
    struct t99_span matched = { NULL, 0 };
    const char *bad = NULL;

    if (params->peer == NULL) {
        return true;
    }
    if (!t99_certificate_decode(&leaf, der, &bad)) {
        return leaf_unreadable(bad, fault);
    }
    return check_name(params, &leaf, &matched, fault);
}

static struct t99_path *copy_chain(const struct t99_verify_params *params, const struct t99_chain *chain)
{
    struct t99_path *path = (struct t99_path *)t99_alloc(params->env, sizeof *path);
    size_t i;

    if (path != NULL) {
        path->num = chain->num;
        for (i = 0; i < chain->num; i++) {
            path->certs[i] = *chain->certs[i];
        }
    }
    return path;
}

static void trace(const struct t99_verify_params *params, enum t99_trace_kind kind,
                  const struct t99_certificate *c, size_t sent, const char *reason)
{
    struct t99_trace step;

    if (params->trace != NULL) {
        memset(&step, 0, sizeof step);
        step.kind = kind;
        step.cert = c;
        step.sent = sent;
        step.reason = reason;
        step.params = params;
        params->trace(params->trace_arg, &step);
    }
}

/* The verdict says in `sent` how many there were. */
static void trace_end(const struct t99_search *s, size_t num_certs, const struct t99_fault *fault)
{
    size_t i;

    for (i = 0; i < s->num_nodes; i++) {
        const struct t99_node *node = &s->nodes[i];

        trace(s->params, TRACE_SENT, node->bad == NULL ? &node->cert : NULL, i, node->bad);
    }
    trace(s->params, TRACE_VERDICT, NULL, num_certs, t99_faulted(fault) ? fault->text : NULL);
}

/* In a function of its own, so that the search's memory is given back on one way out. */
static bool build_path(struct t99_path **path, struct t99_search *s, struct t99_fault *fault)
{
    const struct t99_verify_params *params = s->params;
    struct t99_chain chain;
    struct t99_span matched = { NULL, 0 };

    if (s->nodes[0].bad != NULL) {
        return leaf_unreadable(s->nodes[0].bad, fault);
    }
    if (!t99_find_path(s, params, &chain, 0)) {
        return t99_fail_as(fault, FAULT_VERIFY, (enum t99_alert)s->best.alert, "%s", s->best.text);
    }
    if (!check_name(params, &s->nodes[0].cert, &matched, fault)) {
        trace(params, TRACE_REJECTED, &s->nodes[0].cert, 0, fault->text);
        return false;
    }
    *path = copy_chain(params, &chain);
    if (*path == NULL) {
        return t99_fail_memory(fault);
    }
    (*path)->matched_name = matched;
    (*path)->work = s->work;
    return true;
}

bool t99_verify(struct t99_path **path, const struct t99_verify_params *params, const struct t99_span *certs,
                size_t num_certs, struct t99_fault *fault)
{
    struct t99_search s;
    bool ok;

    *path = NULL;
    if (num_certs == 0) {
        return t99_fail_as(fault, FAULT_VERIFY, ALERT_BAD_CERTIFICATE,
                           "certificate verification failed: the server sent no certificate");
    }
    if (!params->verify_chain) {
        return check_name_only(params, certs[0], fault);
    }
    ok = t99_search_init(&s, params, certs, num_certs, fault);
    if (ok) {
        ok = build_path(path, &s, fault);
        trace_end(&s, num_certs, fault);
    }
    t99_search_free(&s);
    return ok;
}

void t99_path_free(const struct t99_env *env, struct t99_path *path)
{
    t99_free(env, path, sizeof *path);
}
