/*
 * Throughput of every implementation of every AEAD that this CPU runs: GB/s (10^9 bytes) and cycles of the
 * time stamp counter a byte (x86 only), for sealing and opening records of three sizes with 13 bytes of
 * additional data: the best of several rounds. bench_aead [milliseconds a round]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/compiler.h"
#include "crypto/aead/aead.h"

#if T99_X86
#include <x86intrin.h>
#endif

#define AAD_LEN 13
#define SIZE_MAX_TRIED 16384
#define ROUNDS 40

static const size_t sizes[] = { 64, 1350,
                                SIZE_MAX_TRIED }; /* a small record, a packet's fill, a full record */

static const struct t99_aead *const aeads[] = { &t99_aes_128_gcm, &t99_aes_256_gcm, &t99_chacha20_poly1305 };

struct job {
    struct t99_aead_key key;
    uint8_t nonce[T99_AEAD_NONCE_LEN], aad[AAD_LEN];
    uint8_t plain[SIZE_MAX_TRIED], sealed[SIZE_MAX_TRIED + T99_AEAD_TAG_LEN];
};

struct speed {
    double seconds, cycles; /* a call */
};

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double cycles(void)
{
#if T99_X86
    return (double)__rdtsc();
#else
    return 0;
#endif
}

static void run(struct job *job, size_t len, int opening, size_t times)
{
    for (; times != 0; times--) {
        if (!opening) {
            t99_aead_seal(&job->key, job->sealed, job->nonce, job->aad, AAD_LEN, job->plain, len);
        } else if (!t99_aead_open(&job->key, job->plain, job->nonce, job->aad, AAD_LEN, job->sealed, len)) {
            fprintf(stderr, "bench_aead: what was sealed does not open\n");
            exit(1);
        }
    }
}

/* The best of some rounds of about `seconds` each. */
static struct speed measure(struct job *job, size_t len, int opening, double seconds)
{
    struct speed best = { 1e9, 0 };
    size_t times = 1;
    double start, took;
    int i;

    for (;;) { /* how many calls fill a round */
        start = now();
        run(job, len, opening, times);
        took = now() - start;
        if (took > seconds / 2) {
            break;
        }
        times *= 2;
    }
    for (i = 0; i < ROUNDS; i++) {
        double from;

        start = now();
        from = cycles();
        run(job, len, opening, times);
        from = cycles() - from;
        took = now() - start;
        if (took / (double)times < best.seconds) {
            best.seconds = took / (double)times;
            best.cycles = from / (double)times;
        }
    }
    return best;
}

static void bench(struct job *job, const struct t99_aead *aead, const struct t99_aead_impl *impl,
                  double seconds)
{
    uint8_t bytes[T99_AEAD_KEY_MAX];
    size_t i;

    memset(bytes, 0x42, sizeof bytes);
    job->key.impl = impl;
    impl->init(&job->key, bytes, aead->key_len);
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        double len = (double)sizes[i];
        struct speed seal = measure(job, sizes[i], 0, seconds), open = measure(job, sizes[i], 1, seconds);

        printf("%-18s %-10s %6zu  %8.3f %7.3f  %8.3f %7.3f\n", aead->name, impl->name, sizes[i],
               len / seal.seconds * 1e-9, seal.cycles / len, len / open.seconds * 1e-9, open.cycles / len);
    }
    t99_aead_wipe(&job->key);
}

int main(int argc, char **argv)
{
    double seconds = (argc > 1 ? atof(argv[1]) : 2) * 1e-3;
    struct job *job = (struct job *)calloc(1, sizeof *job);
    const struct t99_aead_impl *impl;
    size_t i, row;

    if (job == NULL) {
        return 1;
    }
    printf("%-18s %-10s %6s  %8s %7s  %8s %7s\n", "aead", "impl", "bytes", "seal GB/s", "c/B", "open GB/s",
           "c/B");
    for (i = 0; i < sizeof aeads / sizeof aeads[0]; i++) {
        for (row = 0; (impl = aeads[i]->impl(row)) != NULL; row++) {
            bench(job, aeads[i], impl, seconds);
        }
    }
    free(job);
    return 0;
}
