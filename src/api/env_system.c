#include "api/env_system.h"

#include <stdlib.h>
#include <time.h>

#include "crypto/rand/random.h"

static void *system_alloc(void *arg, size_t len)
{
    (void)arg;
    return malloc(len);
}

static void system_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    free(p);
}

static bool system_random(void *arg, uint8_t *out, size_t len)
{
    (void)arg;
    return t99_random_system(out, len);
}

static int64_t system_now_us(void *arg)
{
    struct timespec now;

    (void)arg;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return 0;
    }
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

const struct t99_env t99_env_system = { NULL, system_alloc, system_release, system_random, system_now_us };
