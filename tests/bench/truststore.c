/*
 * What it costs to load a bundle of trust anchors at the start of a program, side by side with other
 * libraries:
 *
 *     truststore [BUNDLE]
 *
 * CPU time of the first load in a process of its own, the median of 20 more, and the heap that a loaded store
 * holds. OpenSSL and GnuTLS are opened at run time if they are there; nothing is linked.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/env.h"
#include "x509/trust.h"

#define RUNS 20

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

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* One library: load() gives a store, drop() ends it. */
struct contender {
    const char *name;
    bool (*open)(void);
    void *(*load)(void);
    void (*drop)(void *store);
    size_t (*count)(void *store);
};

static void measure(const struct contender *c)
{
    double times[RUNS], start, first;
    size_t before = heap_bytes(), held;
    void *store;
    int i;

    start = cpu_us();
    store = c->load();
    first = cpu_us() - start;
    held = heap_bytes() - before;
    if (store == NULL) {
        printf("%-8s cannot load %s\n", c->name, bundle);
        return;
    }
    printf("%-8s %9zu %12.0f", c->name, c->count(store), first);
    c->drop(store);
    for (i = 0; i < RUNS; i++) {
        start = cpu_us();
        store = c->load();
        times[i] = cpu_us() - start;
        c->drop(store);
    }
    qsort(times, RUNS, sizeof times[0], compare);
    printf(" %12.0f %12zu\n", times[RUNS / 2], held);
}

/* ---- tls99 ---- */

static size_t in_use, text_len; /* what the store asked for; the file in it */

static void *count_alloc(void *arg, size_t len)
{
    (void)arg;
    in_use += len;
    return malloc(len);
}

static void count_release(void *arg, void *p, size_t len)
{
    (void)arg;
    in_use -= len;
    free(p);
}

static const struct t99_env env = { NULL, count_alloc, count_release, NULL, NULL };

static bool ours_open(void)
{
    return true;
}

static void *ours_load(void)
{
    struct t99_trust *trust = t99_trust_new(&env);
    FILE *f = fopen(bundle, "rb");
    size_t added, skipped;
    uint8_t *text = NULL;
    long len = -1;

    if (f != NULL && fseek(f, 0, SEEK_END) == 0 && (len = ftell(f)) > 0) {
        rewind(f);
        text_len = (size_t)len;
        text = count_alloc(NULL, text_len);
    }
    if (trust == NULL || text == NULL || fread(text, 1, text_len, f) != text_len ||
        !t99_trust_adopt_pem(trust, text, text_len, text_len, &added, &skipped)) {
        return NULL;
    }
    fclose(f);
    return trust;
}

static void ours_drop(void *store)
{
    t99_trust_free(store);
}

static size_t ours_count(void *store)
{
    return t99_trust_count(store);
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
    return ok;
}

static void *openssl_load(void)
{
    void *ctx = ssl_ctx_new(tls_method());

    return ctx != NULL && ssl_ctx_load(ctx, bundle) == 1 ? ctx : NULL;
}

static void openssl_drop(void *ctx)
{
    ssl_ctx_free(ctx);
}

static size_t openssl_count(void *ctx)
{
    return (size_t)stack_num(store_objects(ssl_ctx_store(ctx)));
}

/* ---- GnuTLS ---- */

static int (*credentials_new)(void **credentials);
static int (*credentials_load)(void *credentials, const char *file, int format);
static void (*credentials_free)(void *credentials);
static int gnutls_loaded;

static bool gnutls_open(void)
{
    void *library = dlopen("libgnutls.so.30", RTLD_NOW);
    bool ok = library != NULL;

    if (ok) {
        LOOK_UP(credentials_new, library, "gnutls_certificate_allocate_credentials");
        LOOK_UP(credentials_load, library, "gnutls_certificate_set_x509_trust_file");
        LOOK_UP(credentials_free, library, "gnutls_certificate_free_credentials");
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

static void gnutls_drop(void *credentials)
{
    credentials_free(credentials);
}

static size_t gnutls_count(void *credentials)
{
    (void)credentials;
    return (size_t)gnutls_loaded;
}

/* In a process of its own, so that no library finds what another has warmed up. */
static void run(const struct contender *c)
{
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        if (c->open()) {
            measure(c);
        } else {
            printf("%-8s not there\n", c->name);
        }
        fflush(stdout);
        _exit(0);
    }
    if (child > 0) {
        (void)waitpid(child, NULL, 0);
    }
}

int main(int argc, char **argv)
{
    static const struct contender contenders[] = {
        { "tls99", ours_open, ours_load, ours_drop, ours_count },
        { "OpenSSL", openssl_open, openssl_load, openssl_drop, openssl_count },
        { "GnuTLS", gnutls_open, gnutls_load, gnutls_drop, gnutls_count },
    };
    struct t99_trust *trust;
    size_t i;

    bundle = argc > 1 ? argv[1] : bundle;
    printf("%s\n%-8s %9s %12s %12s %12s\n", bundle, "", "anchors", "first, us", "median, us", "heap, bytes");
    for (i = 0; i < sizeof contenders / sizeof contenders[0]; i++) {
        run(&contenders[i]);
    }
    trust = ours_load();
    if (trust == NULL) {
        return 1;
    }
    printf("tls99 asked for %zu bytes beside the %zu of the file\n", in_use - text_len, text_len);
    t99_trust_free(trust);
    return in_use == 0 ? 0 : 1;
}
