/*
 * Surroundings for tests: memory that counts and fails on demand, randomness that repeats, a clock that
 * stands still.
 */
#ifndef TESTS_PEER_ENV_H
#define TESTS_PEER_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/env.h"

struct test_env {
    struct t99_env env; /* env.arg is this struct */
    long num_allocs;    /* so far */
    long fail_at;       /* the allocation with this number (from 0) fails; -1: none */
    long live;          /* given and not yet given back */
    size_t live_bytes;
    size_t peak_bytes;
    bool not_wiped;  /* something was given back that was not zeroed */
    uint64_t random; /* state of the generator */
    int64_t now_ms;
    int64_t now_us; /* on top of it */
};

/* seed: of the randomness. */
void test_env_init(struct test_env *t, uint64_t seed);

#endif
