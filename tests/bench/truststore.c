/*
 * What it costs to load a bundle of trust anchors at the start of a program, side by side with other
 * libraries:
 *
 *     truststore [BUNDLE]
 *
 * CPU time of the load in fresh processes, the libraries taking turns: the median and the worst of all. The
 * heap that a loaded store holds. For tls99 that is all from tls_config_new() to a store that a handshake may
 * use. OpenSSL and GnuTLS are opened at run time, if they are there, and set up before the clock runs.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "api/env_system.h"
#include "api/internal.h"

#define RUNS 51

static const char *bundle = "/etc/ssl/certs/ca-certificates.crt";

/* ---- Measuring ---- */

static double cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* glibc's answer, looked up so that other systems build this too. */
struct heap_info {
    size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};

static void *find(void *library, const char *name)
{
    return dlsym(library, name);
}

/* Bytes in use; 0 where that cannot be asked. */
static size_t heap_bytes(void)
{
    struct heap_info (*info)(void) = NULL;
    void *self = dlopen(NULL, RTLD_NOW), *p = self != NULL ? find(self, "mallinfo2") : NULL;
    struct heap_info now;

    if (p == NULL) {
        return 0;
    }
    memcpy(&info, &p, sizeof info);
    now = info();
    return now.uordblks + now.hblkhd;
}

/* One library: load() gives a store. */
struct contender {
    const char *name;
    bool (*open)(void);
    void *(*load)(void);
    size_t (*count)(void *store);
};

/* What a process tells: the time first. */
struct result {
    double us;
    size_t num, heap, asked;
};

static int compare(const void *a, const void *b)
{
    double x = ((const struct result *)a)->us, y = ((const struct result *)b)->us;

    return x < y ? -1 : x > y;
}

static size_t asked; /* bytes that tls99 holds, as it counts */

/* In the process of its own; prints a line. */
static int measure(const struct contender *c)
{
    size_t before;
    double start, us;
    void *store;

    if (!c->open()) {
        return 1;
    }
    before = heap_bytes();
    start = cpu_us();
    store = c->load();
    us = cpu_us() - start;
    if (store == NULL) {
        return 1;
    }
    printf("%f %zu %zu %zu\n", us, c->count(store), heap_bytes() - before, asked);
    return 0;
}

/* This program again, for one load, so that nothing finds what another run has warmed up. */
static bool run(const char *self, const struct contender *c, struct result *r)
{
    char command[1000];
    FILE *f;
    bool ok;

    if (snprintf(command, sizeof command, "'%s' --one %s '%s'", self, c->name, bundle) >=
        (int)sizeof command) {
        return false;
    }
    f = popen(command, "r");
    ok = f != NULL && fscanf(f, "%lf %zu %zu %zu", &r->us, &r->num, &r->heap, &r->asked) == 4;
    return f != NULL && pclose(f) == 0 && ok;
}

/* ---- tls99 ---- */

static void *count_alloc(void *arg, size_t len)
{
    (void)arg;
    asked += len;
    return malloc(len);
}

static void count_release(void *arg, void *p, size_t len)
{
    (void)arg;
    asked -= len;
    free(p);
}

static bool ours_open(void)
{
    return setenv("SSL_CERT_FILE", bundle, 1) == 0 && unsetenv("SSL_CERT_DIR") == 0;
}

static void *ours_load(void)
{
    struct t99_env env = t99_env_system;
    struct tls_config *config;
    struct t99_error error;

    env.alloc = count_alloc;
    env.release = count_release;
    config = t99_config_new_env(&env);
    return config != NULL ? t99_anchors_get(config, &error) : NULL;
}

static size_t ours_count(void *store)
{
    struct t99_anchors *anchors = store;

    return t99_trust_count(anchors->trust);
}

/* ---- OpenSSL ---- */

static void *libcrypto, *libssl;

static void *(*tls_method)(void);
static void *(*ssl_ctx_new)(const void *method);
static int (*ssl_ctx_load)(void *ctx, const char *file);
static void (*ssl_ctx_free)(void *ctx);
static void *(*ssl_ctx_store)(const void *ctx);
static void *(*store_objects)(const void *store);
static int (*stack_num)(const void *stack);

/* ISO C has no cast from an object's address to a function's. */
#define LOOK_UP(function, library, name)                                                                     \
    do {                                                                                                     \
        void *address = find(library, name);                                                                 \
        memcpy(&(function), &address, sizeof(function));                                                     \
        ok = ok && address != NULL;                                                                          \
    } while (0)

static bool openssl_open(void)
{
    bool ok = true;

    libcrypto = dlopen("libcrypto.so.3", RTLD_NOW);
    libssl = dlopen("libssl.so.3", RTLD_NOW);
    if (libcrypto == NULL || libssl == NULL) {
        return false;
    }
    LOOK_UP(tls_method, libssl, "TLS_client_method");
    LOOK_UP(ssl_ctx_new, libssl, "SSL_CTX_new");
    LOOK_UP(ssl_ctx_load, libssl, "SSL_CTX_load_verify_file");
    LOOK_UP(ssl_ctx_free, libssl, "SSL_CTX_free");
    LOOK_UP(ssl_ctx_store, libssl, "SSL_CTX_get_cert_store");
    LOOK_UP(store_objects, libcrypto, "X509_STORE_get0_objects");
    LOOK_UP(stack_num, libcrypto, "OPENSSL_sk_num");
    if (ok) { /* what a library does once is not counted */
        ssl_ctx_free(ssl_ctx_new(tls_method()));
    }
    return ok;
}

static void *openssl_load(void)
{
    void *ctx = ssl_ctx_new(tls_method());

    return ctx != NULL && ssl_ctx_load(ctx, bundle) == 1 ? ctx : NULL;
}

static size_t openssl_count(void *ctx)
{
    return (size_t)stack_num(store_objects(ssl_ctx_store(ctx)));
}

/* ---- GnuTLS ---- */

static int (*credentials_new)(void **credentials);
static int (*credentials_load)(void *credentials, const char *file, int format);
static int gnutls_loaded;

static bool gnutls_open(void)
{
    void *library = dlopen("libgnutls.so.30", RTLD_NOW);
    bool ok = library != NULL;

    if (ok) {
        LOOK_UP(credentials_new, library, "gnutls_certificate_allocate_credentials");
        LOOK_UP(credentials_load, library, "gnutls_certificate_set_x509_trust_file");
    }
    return ok;
}

static void *gnutls_load(void)
{
    void *credentials = NULL;

    if (credentials_new(&credentials) != 0) {
        return NULL;
    }
    gnutls_loaded = credentials_load(credentials, bundle, 1); /* 1: PEM */
    return gnutls_loaded > 0 ? credentials : NULL;
}

static size_t gnutls_count(void *credentials)
{
    (void)credentials;
    return (size_t)gnutls_loaded;
}

/* ---- All of them ---- */

static const struct contender contenders[] = {
    { "tls99", ours_open, ours_load, ours_count },
    { "OpenSSL", openssl_open, openssl_load, openssl_count },
    { "GnuTLS", gnutls_open, gnutls_load, gnutls_count },
};

#define NUM (sizeof contenders / sizeof contenders[0])

static void report(const char *name, struct result *results, size_t num)
{
    if (num == 0) {
        printf("%-8s not there, or cannot load it\n", name);
        return;
    }
    qsort(results, num, sizeof results[0], compare);
    printf("%-8s %9zu %12.0f %12.0f %12zu\n", name, results[0].num, results[num / 2].us, results[num - 1].us,
           results[0].heap);
}

int main(int argc, char **argv)
{
    static struct result results[NUM][RUNS];
    size_t done[NUM] = { 0 }, i, k;
    struct stat st;

    if (argc == 4 && strcmp(argv[1], "--one") == 0) {
        bundle = argv[3];
        for (i = 0; i < NUM && strcmp(contenders[i].name, argv[2]) != 0; i++) {
        }
        return i == NUM || measure(&contenders[i]);
    }
    bundle = argc > 1 ? argv[1] : bundle;
    if (stat(bundle, &st) != 0) {
        perror(bundle);
        return 1;
    }
    for (k = 0; k < RUNS; k++) {
        for (i = 0; i < NUM; i++) {
            done[i] += run(argv[0], &contenders[i], &results[i][done[i]]) ? 1 : 0;
        }
    }
    printf("%s, %ld bytes; CPU time of %d processes each\n", bundle, (long)st.st_size, RUNS);
    printf("%-8s %9s %12s %12s %12s\n", "", "anchors", "median, us", "worst, us", "heap, bytes");
    for (i = 0; i < NUM; i++) {
        report(contenders[i].name, results[i], done[i]);
    }
    printf("tls99 asked for %zu bytes: %ld beside the file\n", results[0][0].asked,
           (long)results[0][0].asked - (long)st.st_size);
    return done[0] != RUNS;
}
