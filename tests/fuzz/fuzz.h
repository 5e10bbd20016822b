/* What fuzz targets have in common. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/env.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Also where assertions are compiled out. */
static inline void check(int holds)
{
    if (!holds) {
        abort();
    }
}

/* part lies in whole, or is absent. */
static inline void check_inside(struct t99_span whole, struct t99_span part)
{
    check(part.p == NULL ? part.len == 0
                         : part.p >= whole.p && part.len <= whole.len &&
                               (size_t)(part.p - whole.p) <= whole.len - part.len);
}

static inline void *fuzz_alloc(void *arg, size_t len)
{
    (void)arg;
    return malloc(len);
}

static inline void fuzz_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    free(p);
}

static inline int64_t fuzz_now_us(void *arg)
{
    (void)arg;
    return INT64_C(1800000000000000);
}

/* Plain memory, a clock that stands still, no randomness. */
static inline struct t99_env fuzz_env(void)
{
    struct t99_env env = { NULL, fuzz_alloc, fuzz_release, NULL, fuzz_now_us };

    return env;
}

#endif
