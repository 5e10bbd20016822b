/*
 * The worst that a server can do with a Certificate message of the largest size that is taken: CPU time of a
 * verification, best of several runs, and what it took of the work budget.
 *
 *     hostile
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "x509/hostile.h"
#include "x509/path.h"
#include "x509/verify.h"

#define RUNS 5
#define NOW INT64_C(1800000000) /* 2027-01-15 */

static void *bench_alloc(void *arg, size_t len)
{
    (void)arg;
    return malloc(len);
}

static void bench_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    free(p);
}

static const struct t99_env bench_env = { NULL, bench_alloc, bench_release, NULL, NULL };

static double cpu_ms(void)
{
    return (double)clock() * 1e3 / CLOCKS_PER_SEC;
}

/* One search, and what is left of its budget. */
static bool search(struct t99_work *left, const struct t99_verify_params *params, const struct hostile *h)
{
    struct t99_search s;
    struct t99_chain chain;
    struct t99_fault fault;
    bool found;

    t99_fault_clear(&fault);
    found = t99_search_init(&s, params, h->certs, h->num, &fault) && t99_find_path(&s, params, &chain, 0);
    *left = s.work;
    t99_search_free(&s);
    return found;
}

static double measure(const struct hostile_case *c, enum t99_profile profile)
{
    static struct hostile h;
    struct t99_verify_params params;
    struct t99_work left = t99_work_full();
    struct t99_trust *trust = t99_trust_new(&bench_env);
    double best = 1e9, begin, ms;
    bool found = false;
    size_t i;

    hostile_begin(&h);
    c->make(&h);
    memset(&params, 0, sizeof params);
    if (trust == NULL || !t99_trust_add_der(trust, h.anchor)) {
        fprintf(stderr, "hostile: out of memory\n");
        exit(2);
    }
    params.env = &bench_env;
    params.trust = trust;
    params.time = NOW;
    params.profile = profile;
    params.max_intermediates = -1;
    params.verify_chain = true;
    for (i = 0; i < RUNS; i++) {
        begin = cpu_ms();
        found = search(&left, &params, &h);
        ms = cpu_ms() - begin;
        best = ms < best ? ms : best;
    }
    printf("%7.2f ms  %3u%% %3u%%  %-8s  %3zu certificates  %s\n", best,
           100 - (unsigned)(left.time * (uint64_t)100 / T99_WORK_TIME),
           100 - (unsigned)(left.names * (uint64_t)100 / T99_WORK_NAMES), found ? "found" : "refused", h.num,
           c->name);
    t99_trust_free(trust);
    return best;
}

int main(void)
{
    double worst = 0, ms;
    size_t i;

    printf("       CPU  spent of time, names\n");
    for (i = 0; i < NUM_HOSTILE; i++) {
        ms = measure(&hostile_cases[i], PROFILE_DEFAULT);
        worst = ms > worst ? ms : worst;
    }
    printf("worst: %.2f ms\n", worst);
    return 0;
}
