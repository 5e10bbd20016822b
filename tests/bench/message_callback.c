/*
 * What the message callback costs a handshake with TLS 1.3, with the server for tests in the same process:
 * CPU time of both sides, without and with a callback by turns, the median of many. Ends with 1 if anything
 * is in place to call while none is set.
 *
 *     message_callback [rounds [without|with]]
 *
 * The last word runs one kind alone: for tools that count instructions. Randomness is the same each time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/internal.h"
#include "engine/inside.h"
#include "peer/wire.h"

#define EACH 5 /* handshakes a round */
#define MOST 2000

struct bench {
    struct test_env client_env, server_env;
    struct tls_config *config;
    struct peer_settings set;
    struct peer_identity identity;
    struct peer peer;
    struct wire wire;
    unsigned long calls;
};

static void must(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "message_callback: %s\n", what);
        exit(1);
    }
}

static ssize_t read_cb(struct tls *tls, void *buf, size_t len, void *arg)
{
    struct bench *b = arg;
    size_t n = len < b->wire.out_len ? len : b->wire.out_len;

    (void)tls;
    if (n == 0) {
        return TLS_WANT_POLLIN;
    }
    memcpy(buf, b->wire.out, n);
    wire_fetched(&b->wire, n);
    return (ssize_t)n;
}

static ssize_t write_cb(struct tls *tls, const void *buf, size_t len, void *arg)
{
    struct bench *b = arg;

    (void)tls;
    must(wire_take(&b->wire, buf, len), "the server failed");
    return (ssize_t)len;
}

static void on_message(struct tls *tls, const struct tls_message *m, void *arg)
{
    (void)tls;
    (void)m;
    ++*(unsigned long *)arg;
}

static void begin(struct bench *b, bool with)
{
    memset(b, 0, sizeof *b);
    test_env_init(&b->client_env, 1);
    test_env_init(&b->server_env, 2);
    b->config = t99_config_new_env(&b->client_env.env);
    must(b->config != NULL, "out of memory");
    tls_config_insecure_noverifycert(b->config);
    tls_config_insecure_noverifyname(b->config);
    peer_identity_p256(&b->identity);
    b->set.version = T99_TLS13;
    b->set.suite = 0x1301;
    b->set.group = T99_GROUP_X25519;
    b->set.scheme = 0x0403;
    b->set.identity = &b->identity;
    if (with) {
        tls_config_set_message_cb(b->config, on_message, &b->calls);
    }
}

static void handshake(struct bench *b, bool with)
{
    struct tls *tls = t99_client_env(&b->client_env.env);
    int r;

    peer_init(&b->peer, &b->set, &b->server_env.env);
    wire_init(&b->wire, &b->peer);
    must(tls != NULL && tls_configure(tls, b->config) == 0, "no context");
    must(tls_connect_cbs(tls, read_cb, write_cb, b, "tls99.test") == 0, "not connected");
    must(with == (tls->hs.on.message != NULL) && with == (tls->engine->record_cb != NULL),
         "what is called does not depend on the callback");
    do {
        r = tls_handshake(tls);
    } while (r == TLS_WANT_POLLIN && b->wire.out_len != 0);
    must(r == 0, tls_error(tls));
    tls_free(tls);
    wire_clear(&b->wire);
    peer_clear(&b->peer);
}

static double cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Microseconds a handshake. */
static double round_of(bool with, unsigned long *calls)
{
    static struct bench b; /* large */
    double start;
    int i;

    begin(&b, with);
    start = cpu_us();
    for (i = 0; i < EACH; i++) {
        handshake(&b, with);
    }
    start = cpu_us() - start;
    tls_config_free(b.config);
    *calls = b.calls / EACH;
    return start / EACH;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    static const char *const names[] = { "without", "with" };
    static double took[2][MOST];
    unsigned long calls[2] = { 0, 0 };
    int rounds = argc > 1 ? atoi(argv[1]) : 201, i, with;

    must(rounds > 0 && rounds <= MOST, "1 to 2000 rounds");
    for (i = 0; i < rounds; i++) {
        for (with = 0; with < 2; with++) {
            if (argc <= 2 || strcmp(argv[2], names[with]) == 0) {
                took[with][i] = round_of(with != 0, &calls[with]);
            }
        }
    }
    for (with = 0; with < 2; with++) {
        qsort(took[with], (size_t)rounds, sizeof took[with][0], by_size);
        printf("%-7s %8.1f us a handshake, %2lu calls\n", names[with], took[with][rounds / 2], calls[with]);
    }
    return 0;
}
