/* Certificates described for people, or as JSON. In a file of its own: who does not call it does not pay. */
#include "x509/describe/describe.h"

#include "api/certs.h"
#include "api/env_system.h"
#include "api/internal.h"

char *tls_describe_certs(const void *certs, size_t len, int format, time_t now)
{
    const struct t99_env *env =
        &t99_env_system; /* its memory is malloc's, and the caller gives it to free() */
    int64_t seconds = now != 0 ? (int64_t)now : t99_now_s(env);
    struct t99_outline o;
    struct t99_certs all;
    size_t alloc_len, i;

    if (!t99_certs_read(env, &all, certs, len)) {
        return NULL;
    }
    t99_outline_begin(&o, env, format == TLS_DESCRIBE_JSON);
    t99_outline_list(&o, NULL);
    for (i = 0; i < all.num; i++) {
        if (i != 0) {
            t99_outline_line(&o, 0, 0);
        }
        t99_describe_certificate(&o, i, all.list[i], seconds);
    }
    t99_outline_list_end(&o);
    t99_certs_free(env, &all);
    return t99_outline_end(&o, &alloc_len);
}
