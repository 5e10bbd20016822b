/*
 * How long the operations of the NIST curves take: microseconds and cycles of the time stamp counter (x86
 * only), the median of many runs. bench_nist [repetitions]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/compiler.h"
#include "crypto/ec/curve.h"

#if T99_X86
#include <x86intrin.h>
#endif

static const struct t99_curve *const curves[] = { &t99_p256, &t99_p384, &t99_p521 };

/* Keys, a signature and where results go; the scalars are arbitrary. */
struct job {
    const struct t99_curve *curve;
    uint8_t scalar[T99_SCALAR_MAX], nonce[T99_SCALAR_MAX], digest[64];
    uint8_t point[T99_POINT_MAX], x[T99_SCALAR_MAX], r[T99_SCALAR_MAX], s[T99_SCALAR_MAX];
};

static bool run_public_key(struct job *job)
{
    return job->curve->public_key(job->point, job->scalar);
}

static bool run_ecdh(struct job *job)
{
    return job->curve->ecdh(job->x, job->scalar, job->point, 1 + 2 * job->curve->len);
}

static bool run_sign(struct job *job)
{
    return job->curve->sign(job->r, job->s, job->scalar, job->nonce, job->digest, sizeof job->digest);
}

static bool run_verify(struct job *job)
{
    return job->curve->verify(job->point, 1 + 2 * job->curve->len, job->digest, sizeof job->digest, job->r,
                              job->s);
}

static double microseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static double cycles(void)
{
#if T99_X86
    return (double)__rdtsc();
#else
    return 0;
#endif
}

static int compare(const void *a, const void *b)
{
    const double *x = (const double *)a, *y = (const double *)b;

    return (*x > *y) - (*x < *y);
}

static void measure(const char *name, bool (*run)(struct job *job), struct job *job, size_t num)
{
    double *us = (double *)malloc(2 * num * sizeof *us), *ticks = us + num;
    size_t i;

    if (us == NULL) {
        exit(2);
    }
    for (i = 0; i < num; i++) {
        double t = microseconds(), c = cycles();

        if (!run(job)) {
            fprintf(stderr, "%s %s failed\n", job->curve->name, name);
            exit(1);
        }
        ticks[i] = cycles() - c;
        us[i] = microseconds() - t;
    }
    qsort(us, num, sizeof us[0], compare);
    qsort(ticks, num, sizeof ticks[0], compare);
    printf("%s %-10s %8.1f us (least %8.1f) %10.0f cycles\n", job->curve->name, name, us[num / 2], us[0],
           ticks[num / 2]);
    free(us);
}

int main(int argc, char **argv)
{
    size_t num = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 1000, i, j;
    struct job job;

    if (num == 0) {
        return 2;
    }
    for (i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        job.curve = curves[i];
        for (j = 0; j < sizeof job.scalar; j++) {
            job.scalar[j] = (uint8_t)(j == 0 ? 0 : 37 * j + 11);
            job.nonce[j] = (uint8_t)(j == 0 ? 0 : 91 * j + 5);
        }
        memset(job.digest, 0xa5, sizeof job.digest);
        measure("public", run_public_key, &job, num);
        measure("ecdh", run_ecdh, &job, num);
        measure("sign", run_sign, &job, num);
        measure("verify", run_verify, &job, num);
    }
    return 0;
}
