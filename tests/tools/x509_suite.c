/*
 * Runs the verifier over a suite of certificate cases in the "xcase" text form.
 *
 *     x509_suite [--profile default|strict] [--slowest] [--show CASE] DIR
 *
 * DIR is a suite's folder (files *.txt) or a folder of such folders. For each case a line `id expected got
 * reason`, and last `N passed, N failed, N skipped`; exit status 1 if any failed. Skipped are cases that no
 * verifier of servers can express: a client's certificate, a mailbox as the peer. A file that is no case, by
 * its form, has failed: MALFORMED is what was got.
 *
 * With the default profile a case of limbo counts only if most verifiers agree with its expectation:
 * consensus.tsv beside it says `all` or `most`. Cases that do not count, and those of limbo's pull requests,
 * are run and shown, with "(not judged)".
 *
 * Some cases say which rules they are about, whichever profile was asked for: BoringSSL's "strict"
 * extKeyUsage is a matter of the strict profile, so those cases are run with it (or with it for the leaf);
 * a case of limbo that says that the web PKI has it otherwise is run by RFC 5280 alone instead of the strict
 * profile.
 *
 * --slowest: the CPU time of the slowest cases, each the best of three runs.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kv.h"
#include "x509/verify.h"
#include "x509/xcase.h"
#include "x509/xcase_sections.h"

#define MAX_POLICIES 8
#define NUM_SLOWEST 10

struct timing {
    double ms;
    char id[160];
};

struct totals {
    size_t passed, failed, skipped, not_judged;
    struct timing slowest[NUM_SLOWEST];
};

struct options {
    enum t99_profile profile;
    bool slowest;
    const char *show;
    const char *dir;
};

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- Running it ---- */

static void show(void *arg, const struct t99_trace *step)
{
    char name[100];

    (void)arg;
    if (step->kind == TRACE_TRIED || step->kind == TRACE_REJECTED) {
        printf("    %zu %s%s%s%s\n", step->depth, t99_name_text(name, sizeof name, step->cert->subject),
               step->is_anchor ? " (anchor)" : "", step->reason != NULL ? ": " : "",
               step->reason != NULL ? step->reason : "");
    }
}

static enum t99_profile profile_of(const struct xcase *x, enum t99_profile asked)
{
    if (xcase_has_feature(x, "eku-strict") || xcase_has_feature(x, "eku-strict-leaf")) {
        return PROFILE_STRICT;
    }
    return asked == PROFILE_STRICT && xcase_has_feature(x, "rfc5280-incompatible-with-webpki")
               ? PROFILE_RFC5280
               : asked;
}

/* What of the anchor counts. Without a word about it, all does. */
static void set_anchor(struct t99_verify_params *params, const char *mode)
{
    bool constraints = xcase_has_word(mode, "constraints");

    if (mode[0] == '\0') {
        return;
    }
    params->anchor_any_time = !xcase_has_word(mode, "expiry");
    params->anchor_name_and_key = !constraints;
    params->anchor_implies_ca = constraints && !xcase_has_word(mode, "require-basic-constraints");
}

static void set_params(struct t99_verify_params *params, const struct xcase *x, const struct material *m,
                       const struct options *options)
{
    memset(params, 0, sizeof *params);
    params->env = &env;
    params->trust = m->trust;
    params->crls = m->num_crls != 0 || xcase_has_feature(x, "has-crl") ? m->crls : NULL;
    params->time = x->time;
    params->verify_chain = true;
    params->profile = profile_of(x, options->profile);
    params->strict_leaf_only = xcase_has_feature(x, "eku-strict-leaf");
    params->purpose = strcmp(x->kind, "SERVER") == 0 ? PURPOSE_SERVER : PURPOSE_ANY;
    params->max_intermediates = x->max_depth != NULL ? (int)strtol(x->max_depth, NULL, 10) : -1;
    params->require_explicit_policy = x->explicit_policy;
    params->inhibit_policy_mapping = x->mapping_inhibit;
    params->inhibit_any_policy = x->any_inhibit;
    set_anchor(params, x->anchor_mode);
    if (options->show != NULL) {
        params->trace = show;
    }
}

/* A demand on the peer's keyUsage, extKeyUsage and signature beyond what makes a server. NULL: met. */
static const char *unmet_demand(const struct xcase *x, const struct t99_certificate *peer)
{
    static const char *const usages[] = { "digitalSignature", "nonRepudiation", "keyEncipherment",
                                          "dataEncipherment", "keyAgreement",   "keyCertSign",
                                          "cRLSign",          "encipherOnly",   "decipherOnly" };
    static const char *const kinds[] = { "UNKNOWN", "RSA", "RSASSA_PSS", "ECDSA", "ED25519" };
    const struct t99_sig_alg *alg = &peer->sig_alg;
    char name[40];
    size_t i;

    for (i = 0; t99_has_ext(peer, EXT_KEY_USAGE) && i < sizeof usages / sizeof usages[0]; i++) {
        if (xcase_has_word(x->key_usage, usages[i]) && (peer->key_usage >> i & 1) == 0) {
            return usages[i];
        }
    }
    if (xcase_has_word(x->ext_key_usage, "clientAuth") && t99_has_ext(peer, EXT_EXT_KEY_USAGE) &&
        (peer->eku & (EKU_CLIENT | EKU_ANY)) == 0) {
        return "clientAuth";
    }
    snprintf(name, sizeof name, alg->hash != NULL ? "%s_WITH_SHA%u" : "%s", kinds[alg->type],
             alg->hash != NULL ? (unsigned)alg->hash->len * 8 : 0);
    return x->sig_algs[0] != '\0' && !xcase_has_word(x->sig_algs, name) ? "another signature algorithm"
                                                                        : NULL;
}

static bool run(const struct xcase *x, const struct t99_verify_params *params, const struct material *m,
                struct t99_fault *fault)
{
    struct t99_path *path;
    const char *unmet;

    if (!t99_verify(&path, params, m->certs, m->num_certs, fault)) {
        return false;
    }
    unmet = unmet_demand(x, &path->certs[0]);
    if (unmet != NULL) {
        t99_fail_as(fault, FAULT_CALLER, ALERT_NONE, "the case demands %s of the peer", unmet);
    }
    t99_path_free(&env, path);
    return unmet == NULL;
}

/* What was got of the case, as it is printed; *fault says why. */
static const char *verify(const struct xcase *x, const struct options *options, struct t99_fault *fault,
                          double *ms)
{
    static struct material m;
    struct t99_verify_params params;
    struct t99_peer_name peer;
    struct t99_span policies[MAX_POLICIES];
    uint8_t oids[MAX_POLICIES][64];
    char *end = NULL;
    const char *p = x->policies, *malformed = read_sections(&m, x->pem);
    bool ok = false;
    double start;
    int round;

    t99_fault_clear(fault);
    *ms = 0;
    if (malformed != NULL) {
        t99_fail_as(fault, FAULT_CALLER, ALERT_NONE, "%s", malformed);
        free_sections(&m);
        return "MALFORMED";
    }
    set_params(&params, x, &m, options);
    while (*p >= '0' && *p <= '9' && params.num_policies < MAX_POLICIES) {
        size_t i = params.num_policies++;

        policies[i] = t99_span(oids[i], xcase_encode_oid(oids[i], p, &end));
        p = *end == ' ' ? end + 1 : end;
    }
    params.policies = policies;
    *ms = 1e9;
    for (round = 0; round < (options->slowest ? 3 : 1); round++) {
        start = now_ms();
        t99_fault_clear(fault);
        if (x->peer != NULL && !t99_peer_name_parse(&peer, x->peer)) {
            t99_fail_as(fault, FAULT_CALLER, ALERT_NONE, "`%s' is no host name", x->peer);
        }
        params.peer = x->peer != NULL ? &peer : NULL;
        params.peer_text = x->peer;
        ok = !t99_faulted(fault) && run(x, &params, &m, fault);
        *ms = now_ms() - start < *ms ? now_ms() - start : *ms;
    }
    free_sections(&m);
    return ok ? "SUCCESS" : "FAILURE";
}

static void keep_time(struct totals *totals, const char *id, double ms)
{
    size_t i;

    if (ms <= totals->slowest[NUM_SLOWEST - 1].ms) {
        return;
    }
    for (i = NUM_SLOWEST - 1; i > 0 && totals->slowest[i - 1].ms < ms; i--) {
        totals->slowest[i] = totals->slowest[i - 1];
    }
    totals->slowest[i].ms = ms;
    snprintf(totals->slowest[i].id, sizeof totals->slowest[i].id, "%s", id);
}

/* What consensus.tsv says of the case: third column; "" if there is none. */
static void look_up_consensus(char *out, size_t out_len, const char *consensus, const char *id)
{
    const char *line = consensus, *tab;
    size_t id_len = strlen(id);

    out[0] = '\0';
    while (line != NULL && *line != '\0') {
        if (strncmp(line, id, id_len) == 0 && line[id_len] == '\t') {
            tab = strchr(line + id_len + 1, '\t');
            if (tab != NULL) {
                snprintf(out, out_len, "%.*s", (int)strcspn(tab + 1, "\t\n"), tab + 1);
            }
            return;
        }
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
}

static bool is_judged(const struct xcase *x, const struct options *options, const char *consensus)
{
    char agreement[16];

    if (options->profile == PROFILE_STRICT || strncmp(x->suite, "limbo", 5) != 0) {
        return true;
    }
    if (consensus == NULL) {
        return strcmp(x->suite, "limbo") == 0; /* not those of its pull requests: nobody was asked */
    }
    look_up_consensus(agreement, sizeof agreement, consensus, x->id);
    return strcmp(agreement, "all") == 0 || strcmp(agreement, "most") == 0;
}

/* Why no verifier of servers can express the case; NULL: it can. */
static const char *why_skip(const struct xcase *x)
{
    static const char *const purposes[] = { "", "SERVER_AUTH", "SERVER_AUTH_STRICT",
                                            "SERVER_AUTH_STRICT_LEAF", "ANY_EKU" };
    size_t i;

    if (x->peer_kind != NULL && strcmp(x->peer_kind, "RFC822") == 0) {
        return "the peer is a mailbox";
    }
    if (strcmp(x->kind, "CLIENT") == 0) {
        return "a client's certificate";
    }
    for (i = 0; i < sizeof purposes / sizeof purposes[0]; i++) {
        if (strcmp(x->key_purpose, purposes[i]) == 0) {
            return NULL;
        }
    }
    return "for another purpose than a server's";
}

/* A header that cannot be read. */
static void fail_header(const struct xcase *x, const char *path, const char *fault, struct totals *totals)
{
    const char *name = strrchr(path, '/');

    printf("%s %s MALFORMED %s\n",
           x->id != NULL  ? x->id
           : name != NULL ? name + 1
                          : path,
           x->expect != NULL ? x->expect : "-", fault);
    totals->failed++;
}

static void run_case(const char *path, const char *consensus, const struct options *options,
                     struct totals *totals)
{
    char *text = kv_load(path);
    struct xcase x;
    struct t99_fault fault;
    const char *got, *inexpressible, *malformed;
    bool judged;
    double ms;

    if (text == NULL) {
        xcase_die("cannot read", path);
    }
    malformed = xcase_read_header(&x, text);
    if (options->show != NULL && (x.id == NULL || strcmp(options->show, x.id) != 0)) {
        free(text);
        return;
    }
    inexpressible = malformed == NULL ? why_skip(&x) : NULL;
    if (malformed != NULL) {
        fail_header(&x, path, malformed, totals);
    } else if (inexpressible != NULL) {
        printf("%s %s SKIPPED %s\n", x.id, x.expect, inexpressible);
        totals->skipped++;
    } else {
        got = verify(&x, options, &fault, &ms);
        judged = is_judged(&x, options, consensus);
        printf("%s %s %s %s%s\n", x.id, x.expect, got, judged ? "" : "(not judged) ",
               fault.text[0] != '\0' ? fault.text : "-");
        *(!judged                      ? &totals->not_judged
          : strcmp(got, x.expect) == 0 ? &totals->passed
                                       : &totals->failed) += 1;
        keep_time(totals, x.id, ms);
    }
    free(text);
}

/* ---- Folders ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in the folder, sorted; the caller frees them. */
static char **list_folder(const char *dir, size_t *num)
{
    DIR *d = opendir(dir);
    struct dirent *entry;
    char **names = NULL;

    *num = 0;
    while (d != NULL && (entry = readdir(d)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        names = (char **)realloc(names, (*num + 1) * sizeof names[0]);
        if (names == NULL || (names[*num] = strdup(entry->d_name)) == NULL) {
            xcase_die("out of memory", dir);
        }
        ++*num;
    }
    if (d != NULL) {
        closedir(d);
        if (names != NULL) {
            qsort(names, *num, sizeof names[0], compare_names);
        }
    }
    return names;
}

static bool is_case(const char *path)
{
    char head[16] = "";
    FILE *f = fopen(path, "rb");
    bool yes = f != NULL && fread(head, 1, 7, f) == 7 && strcmp(head, "format:") == 0;

    if (f != NULL) {
        fclose(f);
    }
    return yes;
}

/* Runs the cases in the folder and, if `deeper`, in the folders in it. */
static void run_folder(const char *dir, bool deeper, const struct options *options, struct totals *totals)
{
    char path[1024], *consensus, **names;
    size_t num, i;

    snprintf(path, sizeof path, "%s/consensus.tsv", dir);
    consensus = kv_load(path);
    names = list_folder(dir, &num);
    for (i = 0; i < num; i++) {
        size_t len = strlen(names[i]);

        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        if (len > 4 && strcmp(names[i] + len - 4, ".txt") == 0) {
            if (is_case(path)) {
                run_case(path, consensus, options, totals);
            }
        } else if (deeper && strchr(names[i], '.') == NULL) {
            run_folder(path, false, options, totals);
        }
        free(names[i]);
    }
    free(names);
    free(consensus);
}

static bool read_options(struct options *options, int argc, char **argv)
{
    int i;

    memset(options, 0, sizeof *options);
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--profile") == 0 && i + 1 < argc) {
            i++;
            options->profile = strcmp(argv[i], "strict") == 0 ? PROFILE_STRICT : PROFILE_DEFAULT;
            if (strcmp(argv[i], "strict") != 0 && strcmp(argv[i], "default") != 0) {
                return false;
            }
        } else if (strcmp(argv[i], "--slowest") == 0) {
            options->slowest = true;
        } else if (strcmp(argv[i], "--show") == 0 && i + 1 < argc) {
            options->show = argv[++i];
        } else if (options->dir == NULL && argv[i][0] != '-') {
            options->dir = argv[i];
        } else {
            return false;
        }
    }
    return options->dir != NULL;
}

int main(int argc, char **argv)
{
    static struct totals totals;
    struct options options;
    size_t i;

    if (!read_options(&options, argc, argv)) {
        fprintf(stderr, "usage: x509_suite [--profile default|strict] [--slowest] [--show CASE] DIR\n");
        return 2;
    }
    run_folder(options.dir, true, &options, &totals);
    for (i = 0; options.slowest && i < NUM_SLOWEST && totals.slowest[i].ms > 0; i++) {
        printf("%.2f ms %s\n", totals.slowest[i].ms, totals.slowest[i].id);
    }
    if (totals.not_judged != 0) {
        printf("%zu not judged by the default profile: no consensus on what they expect\n",
               totals.not_judged);
    }
    if (totals.passed + totals.failed + totals.skipped + totals.not_judged == 0) {
        fprintf(stderr, "x509_suite: no cases in %s\n", options.dir);
        return 2;
    }
    printf("%zu passed, %zu failed, %zu skipped\n", totals.passed, totals.failed, totals.skipped);
    return totals.failed != 0 ? 1 : 0;
}
