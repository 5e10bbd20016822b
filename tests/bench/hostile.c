/*
 * The worst that a server can do with a Certificate message of the largest size that is taken, and with the
 * OCSP response that it staples: CPU time of a verification, median and worst of several runs, and what it
 * took of the work budget. Where a case says so there are CRLs, too.
 *
 *     hostile
 *
 * November 2026, gcc, Release, two cores of a Xeon that others used, too. All budgets at once: 24 ms (median;
 * the slowest of 21 runs 39 ms while the machine was busy), with CRLs and a staple 23 ms, in both profiles.
 * RSA keys alone 14 ms, names alone 11 ms, eight responders alone 14 ms. With 30000 for T99_WORK_TIME, and
 * the staple not charged, it was 53 ms for all and 19 ms for the responders.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "x509/crl.h"
#include "x509/hostile.h"
#include "x509/make_crl.h"
#include "x509/ocsp.h"
#include "x509/path.h"
#include "x509/pem.h"
#include "x509/verify.h"

#define RUNS 21
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
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void die(const char *what)
{
    fprintf(stderr, "hostile: %s\n", what);
    exit(2);
}

/* ---- CRLs ---- */

static void add_list(struct t99_crl_store *store, const char *issuer, unsigned key)
{
    static struct der_out d;
    struct crl_spec spec = { .issuer = issuer, .key = key, .number = 5 };
    uint8_t pem[4096];
    size_t len = t99_pem_encode(pem, sizeof pem, "X509 CRL", make_crl(&d, &spec)), added, skipped;

    if (len > sizeof pem || !t99_crl_store_add_pem(store, pem, len, &added, &skipped) || added != 1) {
        die("a CRL is not taken");
    }
}

/* Of others, then of the CAs of hostile.h. */
static struct t99_crl_store *make_lists(size_t num_others)
{
    static const struct {
        const char *issuer;
        unsigned key;
    } cas[] = { { "Middle", 2 }, { "X", 2 }, { "Z", 5 }, { "W", 6 }, { "Root", 1 } };
    struct t99_crl_store *store = t99_crl_store_new(&bench_env);
    char name[32];
    size_t i;

    if (store == NULL) {
        die("out of memory");
    }
    for (i = 0; i < num_others; i++) {
        snprintf(name, sizeof name, "Other CA %zu", i);
        add_list(store, name, 9);
    }
    for (i = 0; i < sizeof cas / sizeof cas[0]; i++) {
        add_list(store, cas[i].issuer, cas[i].key);
    }
    return store;
}

/* ---- Measuring ---- */

struct outcome {
    struct t99_work left;
    bool found, believed;
    double median, worst;
};

/* One verification. */
static void verify(struct outcome *out, const struct t99_verify_params *params, const struct hostile *h)
{
    static struct t99_search s;
    struct t99_chain chain;
    struct t99_ocsp_result result;
    struct t99_fault fault;

    t99_fault_clear(&fault);
    out->found =
        t99_search_init(&s, params, h->certs, h->num, &fault) && t99_find_path(&s, params, &chain, 0);
    out->believed = out->found && h->staple.len != 0 &&
                    t99_ocsp_verify(&result, &s.work, h->staple, chain.certs[0], chain.certs[1], NOW, &fault);
    out->left = s.work;
    t99_search_free(&s);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static struct outcome measure(const struct hostile_case *c, enum t99_profile profile)
{
    static struct hostile h;
    struct t99_verify_params params;
    struct t99_trust *trust = t99_trust_new(&bench_env);
    struct t99_crl_store *lists = c->lists != 0 ? make_lists(c->lists) : NULL;
    struct outcome out;
    double ms[RUNS];
    size_t i;

    hostile_begin(&h);
    c->make(&h);
    memset(&params, 0, sizeof params);
    if (trust == NULL || !t99_trust_add_der(trust, h.anchor)) {
        die("out of memory");
    }
    params.env = &bench_env;
    params.trust = trust;
    params.crls = lists;
    params.time = NOW;
    params.profile = profile;
    params.max_intermediates = -1;
    params.verify_chain = true;
    for (i = 0; i < RUNS; i++) {
        ms[i] = cpu_ms();
        verify(&out, &params, &h);
        ms[i] = cpu_ms() - ms[i];
    }
    qsort(ms, RUNS, sizeof ms[0], compare);
    out.median = ms[RUNS / 2];
    out.worst = ms[RUNS - 1];
    printf("%6.2f %6.2f ms  %3u%% %3u%%  %-8s %3zu certificates  %s\n", out.median, out.worst,
           100 - (unsigned)(out.left.time * (uint64_t)100 / T99_WORK_TIME),
           100 - (unsigned)(out.left.names * (uint64_t)100 / T99_WORK_NAMES),
           out.believed ? "stapled"
           : out.found  ? "found"
                        : "refused",
           h.num, c->name);
    t99_crl_store_free(lists);
    t99_trust_free(trust);
    return out;
}

static void measure_all(enum t99_profile profile, const char *name)
{
    struct outcome one;
    double median = 0, worst = 0;
    size_t i;

    printf("%s\nmedian  worst     spent of time, names\n", name);
    for (i = 0; i < NUM_HOSTILE; i++) {
        one = measure(&hostile_cases[i], profile);
        median = one.median > median ? one.median : median;
        worst = one.worst > worst ? one.worst : worst;
    }
    printf("%6.2f %6.2f ms: the worst of all\n\n", median, worst);
}

int main(void)
{
    measure_all(PROFILE_DEFAULT, "The default");
    measure_all(PROFILE_STRICT, "The strict profile");
    return 0;
}
