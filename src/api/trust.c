/* Trust anchors and CRLs of a config: read once, when first needed, then shared. */
#include <string.h>

#include "api/internal.h"

static void destroy(const struct t99_env *env, struct t99_anchors *a)
{
    if (a != NULL) {
        t99_trust_free(a->trust);
        t99_crl_store_free(a->crls);
        t99_free(env, a, sizeof *a);
    }
}

/* From what the caller gave: bytes, else a directory, else the system's. */
static bool fill_trust(struct tls_config *config, struct t99_anchors *a, struct t99_error *error)
{
    size_t added = 0, skipped = 0;

    if (config->ca.p != NULL) {
        if (!t99_trust_add_pem(a->trust, config->ca.p, config->ca.len, &added, &skipped)) {
            t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
            return false;
        }
        if (added == 0) {
            t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                      "ssl verify memory setup failure: no certificate in the %zu bytes of the CA file",
                      config->ca.len);
            return false;
        }
        return true;
    }
    if (config->ca_path.p != NULL) {
        if (!t99_trust_add_dir(&config->env, a->trust, (const char *)config->ca_path.p, &added)) {
            t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
            return false;
        }
        if (added == 0) {
            t99_error(error, TLS_ERROR_INVALID_ARGUMENT, "no certificate in the CA directory '%s'",
                      (const char *)config->ca_path.p);
            return false;
        }
        return true;
    }
    return t99_system_trust(&config->env, a->trust, error);
}

static bool fill_crls(struct tls_config *config, struct t99_anchors *a, struct t99_error *error)
{
    size_t added = 0, skipped = 0;

    if (config->crl.p == NULL) {
        return true;
    }
    a->crls = t99_crl_store_new(&config->env);
    if (a->crls == NULL ||
        !t99_crl_store_add_pem(a->crls, config->crl.p, config->crl.len, &added, &skipped)) {
        t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
        return false;
    }
    return true;
}

/* Made under the lock, so that two connections that start at once read the bundle once. */
static struct t99_anchors *make(struct tls_config *config, struct t99_error *error)
{
    struct t99_anchors *a = t99_alloc(&config->env, sizeof *a);

    if (a == NULL || (a->trust = t99_trust_new(&config->env)) == NULL) {
        t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
        destroy(&config->env, a);
        return NULL;
    }
    if ((config->verify_cert && !fill_trust(config, a, error)) || !fill_crls(config, a, error)) {
        destroy(&config->env, a);
        return NULL;
    }
    a->refs = 1; /* the config's own */
    return a;
}

struct t99_anchors *t99_anchors_get(struct tls_config *config, struct t99_error *error)
{
    struct t99_anchors *a;

    t99_config_lock(config);
    if (config->anchors != NULL && config->verify_cert && t99_trust_count(config->anchors->trust) == 0) {
        if (--config->anchors->refs == 0) { /* made while verification was off */
            destroy(&config->env, config->anchors);
        }
        config->anchors = NULL;
    }
    if (config->anchors == NULL) {
        config->anchors = make(config, error);
    }
    a = config->anchors;
    if (a != NULL) {
        a->refs++;
    }
    t99_config_unlock(config);
    return a;
}

void t99_anchors_put(struct tls_config *config, struct t99_anchors *anchors)
{
    bool last;

    if (anchors == NULL) {
        return;
    }
    t99_config_lock(config);
    last = --anchors->refs == 0;
    t99_config_unlock(config);
    if (last) {
        destroy(&config->env, anchors);
    }
}

void t99_anchors_forget(struct tls_config *config)
{
    struct t99_anchors *a = config->anchors;

    config->anchors = NULL;
    t99_anchors_put(config, a);
}
