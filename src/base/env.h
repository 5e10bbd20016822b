/*
 * All that the library takes from outside: memory, randomness, the clock. One struct that travels with the
 * config, so that tests replay recorded handshakes, stop the clock, and make the n-th allocation fail.
 */
#ifndef T99_BASE_ENV_H
#define T99_BASE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct t99_env {
    void *arg; /* handed to each function below */

    /* len > 0 bytes, aligned for any type, or NULL. */
    void *(*alloc)(void *arg, size_t len);
    /* Gives back what alloc gave, already wiped. */
    void (*release)(void *arg, void *p, size_t len);
    /* Fills out with len unpredictable bytes; false if that cannot be done, and then the connection fails. */
    bool (*random)(void *arg, uint8_t *out, size_t len);
    /* Microseconds since 1970-01-01 00:00:00 UTC. */
    int64_t (*now_us)(void *arg);
};

static inline int64_t t99_now_ms(const struct t99_env *env)
{
    return env->now_us(env->arg) / 1000;
}

/* Rounded up: for the beginning of a span of time that must not be said too long. */
static inline int64_t t99_now_ms_up(const struct t99_env *env)
{
    return (env->now_us(env->arg) + 999) / 1000;
}

static inline int64_t t99_now_s(const struct t99_env *env)
{
    return env->now_us(env->arg) / 1000000;
}

/* len zeroed bytes, or NULL. */
void *t99_alloc(const struct t99_env *env, size_t len) T99_MUST_CHECK;

/* Wipes and gives back. p may be NULL. len is the length that t99_alloc was asked for. */
void t99_free(const struct t99_env *env, void *p, size_t len);

/* A copy of len bytes in memory of its own, or NULL. len may be 0: then one byte is allocated. */
void *t99_dup(const struct t99_env *env, const void *p, size_t len) T99_MUST_CHECK;

#endif
