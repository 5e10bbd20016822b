/*
 * Throughput of records, GB/s (10^9 bytes of content): sealing and opening alone, and through an engine,
 * where the content goes straight to the caller (a large buffer) or by way of the engine (a buffer of the
 * record's size in TLS 1.3, which the type byte exceeds). The best of several rounds. bench_record
 * [milliseconds a round]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/inside.h"

#define ROUNDS 5

static const size_t sizes[] = { 64, 1350, 16384 };

static const struct {
    const char *name;
    const struct t99_aead *aead;
    uint16_t version;
    bool explicit_nonce;
} kinds[] = {
    { "1.3 AES-128-GCM", &t99_aes_128_gcm, T99_TLS13, false },
    { "1.3 AES-256-GCM", &t99_aes_256_gcm, T99_TLS13, false },
    { "1.3 ChaCha20-Poly1305", &t99_chacha20_poly1305, T99_TLS13, false },
    { "1.2 AES-128-GCM", &t99_aes_128_gcm, T99_TLS12, true },
};

struct job {
    struct t99_engine *engine;
    struct t99_traffic_key key;
    struct t99_protect seal, open;
    size_t len, read_len;
    uint8_t content[65536], record[20000];
};

static void *plain_alloc(void *arg, size_t len)
{
    (void)arg;
    return malloc(len);
}

static void plain_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    free(p);
}

static const struct t99_env env = { NULL, plain_alloc, plain_release, NULL, NULL };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void must(bool ok)
{
    if (!ok) {
        fprintf(stderr, "bench_record: a record was refused\n");
        exit(1);
    }
}

static void seal_record(struct job *j)
{
    struct t99_fault fault;

    j->seal.seq = 0;
    must(t99_protect_seal(&j->seal, j->record, CONTENT_APPLICATION_DATA, T99_TLS12, j->content, j->len,
                          &fault));
}

static void seal_and_open_record(struct job *j)
{
    uint8_t *body = j->record + T99_RECORD_HEADER;
    struct t99_frame frame;
    struct t99_opened opened;
    struct t99_fault fault;

    seal_record(j);
    frame.type = CONTENT_APPLICATION_DATA;
    frame.version = T99_TLS12;
    frame.len = t99_protect_sealed_len(&j->seal, j->len) - T99_RECORD_HEADER;
    j->open.seq = 0;
    must(t99_protect_open(&j->open, &opened, body, &frame, body, T99_RECORD_CONTENT_MAX, &fault));
}

static void engine_write(struct job *j)
{
    size_t n, len;

    j->engine->writing.seq = 0;
    must(t99_engine_write(j->engine, j->content, j->len, &n) && n == j->len);
    t99_engine_out(j->engine, &len);
    t99_engine_sent(j->engine, len);
}

/* The record is made once and read again and again. */
static void engine_read(struct job *j)
{
    const uint8_t *from = j->record;
    size_t want, n, total = 0;
    uint8_t *p;

    j->engine->reading.seq = 0;
    while (p = t99_engine_in(j->engine, &want), want != 0) {
        memcpy(p, from, want);
        from += want;
        must(t99_engine_received(j->engine, want));
    }
    do {
        must(t99_engine_read(j->engine, j->content, j->read_len, &n));
        total += n;
    } while (n != 0);
    must(total == j->len);
}

static double seconds_each(struct job *j, void (*run)(struct job *), double round)
{
    double best = 1e9, start, took = 0;
    size_t times = 1, i;
    int k;

    for (k = 0; k < ROUNDS;) {
        start = now();
        for (i = 0; i < times; i++) {
            run(j);
        }
        took = now() - start;
        if (took < round / 2) {
            times *= 2;
            continue;
        }
        best = took / (double)times < best ? took / (double)times : best;
        k++;
    }
    return best;
}

static void bench(struct job *j, const char *name, double round)
{
    double len = (double)j->len * 1e-9, seal, both, write, direct, copied;

    seal = seconds_each(j, seal_record, round);
    both = seconds_each(j, seal_and_open_record, round);
    write = seconds_each(j, engine_write, round);
    seal_record(j);
    j->read_len = sizeof j->content;
    direct = seconds_each(j, engine_read, round);
    j->read_len = j->len;
    copied = seconds_each(j, engine_read, round);
    printf("%-22s %6zu  %7.3f %7.3f  %7.3f %7.3f %7.3f\n", name, j->len, len / seal, len / (both - seal),
           len / write, len / direct, len / copied);
}

int main(int argc, char **argv)
{
    double round = (argc > 1 ? atof(argv[1]) : 20) * 1e-3;
    struct job *j = calloc(1, sizeof *j);
    struct t99_hs_config config;
    size_t i, k;

    if (j == NULL) {
        return 1;
    }
    memset(&config, 0, sizeof config);
    config.env = &env;
    printf("%-22s %6s  %7s %7s  %7s %7s %7s\n", "GB/s", "bytes", "seal", "open", "write", "read", "copied");
    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        memset(&j->key, 0x42, sizeof j->key);
        j->key.aead = kinds[i].aead;
        j->key.version = kinds[i].version;
        j->key.explicit_nonce = kinds[i].explicit_nonce;
        t99_protect_init(&j->seal, &j->key);
        t99_protect_init(&j->open, &j->key);
        j->engine = t99_engine_new(&config);
        if (j->engine == NULL) {
            return 1;
        }
        j->engine->started = true; /* as after a handshake */
        j->engine->up = true;
        j->engine->any_input = true;
        j->engine->conn.version = kinds[i].version;
        t99_protect_init(&j->engine->reading, &j->key);
        t99_protect_init(&j->engine->writing, &j->key);
        for (k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            j->len = sizes[k];
            bench(j, kinds[i].name, round);
        }
        t99_engine_free(j->engine);
    }
    free(j);
    return 0;
}
