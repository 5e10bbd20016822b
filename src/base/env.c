#include "base/env.h"

#include <string.h>

#include "base/wipe.h"

void *t99_alloc(const struct t99_env *env, size_t len)
{
    void *p = env->alloc(env->arg, len);

    if (p != NULL) {
        memset(p, 0, len);
    }
    return p;
}

void t99_free(const struct t99_env *env, void *p, size_t len)
{
    if (p != NULL) {
        t99_wipe(p, len);
        env->release(env->arg, p, len);
    }
}

void *t99_dup(const struct t99_env *env, const void *p, size_t len)
{
    void *copy = env->alloc(env->arg, len != 0 ? len : 1);

    if (copy != NULL && len != 0) {
        memcpy(copy, p, len);
    }
    return copy;
}
