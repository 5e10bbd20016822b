#include "peer/env.h"

#include <stdlib.h>
#include <string.h>

static void *env_alloc(void *arg, size_t len)
{
    struct test_env *t = arg;
    void *p;

    if (t->num_allocs++ == t->fail_at) {
        return NULL;
    }
    p = malloc(len);
    if (p == NULL) {
        abort();
    }
    memset(p, 0xa5, len);
    t->live++;
    t->live_bytes += len;
    if (t->live_bytes > t->peak_bytes) {
        t->peak_bytes = t->live_bytes;
    }
    return p;
}

static void env_release(void *arg, void *p, size_t len)
{
    struct test_env *t = arg;
    size_t i;

    for (i = 0; i < len; i++) {
        t->not_wiped = t->not_wiped || ((uint8_t *)p)[i] != 0;
    }
    t->live--;
    t->live_bytes -= len;
    free(p);
}

/* splitmix64: no randomness at all, but well spread. */
static bool env_random(void *arg, uint8_t *out, size_t len)
{
    struct test_env *t = arg;
    uint64_t z;
    size_t i;

    for (i = 0; i < len; i++) {
        t->random += 0x9e3779b97f4a7c15;
        z = t->random;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        out[i] = (uint8_t)(z >> 56);
    }
    return true;
}

static int64_t env_now(void *arg)
{
    const struct test_env *t = (const struct test_env *)arg;

    return t->now_ms * 1000 + t->now_us;
}

void test_env_init(struct test_env *t, uint64_t seed)
{
    memset(t, 0, sizeof *t);
    t->env.arg = t;
    t->env.alloc = env_alloc;
    t->env.release = env_release;
    t->env.random = env_random;
    t->env.now_us = env_now;
    t->fail_at = -1;
    t->random = seed;
    t->now_ms = INT64_C(1798761600000); /* 2027-01-01 */
}
