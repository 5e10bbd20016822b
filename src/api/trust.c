/* Trust anchors and CRLs of a config: read once, when first needed, then shared. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "api/internal.h"
#include "x509/pem.h"

static bool no_memory(struct t99_error *error)
{
    t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    return false;
}

/* --- The CA file or memory: decoded when it is given, judged when it is used, as libtls does --- */

/* Takes trust over. */
static int set_ca(struct tls_config *config, struct t99_trust *trust, const char *file,
                  const struct t99_found *found)
{
    t99_ca_clear(config);
    config->ca.trust = trust;
    config->ca.found = *found;
    if (!t99_blob_set(&config->env, &config->ca.file, file, file != NULL ? strlen(file) + 1 : 0)) {
        t99_ca_clear(config);
        (void)no_memory(&config->error);
        return -1;
    }
    return 0;
}

int tls_config_set_ca_file(struct tls_config *config, const char *ca_file)
{
    struct t99_trust *trust = t99_trust_new(&config->env);
    struct t99_found found;

    if (trust == NULL) {
        (void)no_memory(&config->error);
        return -1;
    }
    if (!t99_trust_add_file(&config->env, trust, ca_file, &found)) {
        (void)t99_error_file(&config->error, "CA", ca_file);
        t99_trust_free(trust);
        return -1;
    }
    return set_ca(config, trust, ca_file, &found);
}

int tls_config_set_ca_mem(struct tls_config *config, const uint8_t *ca, size_t len)
{
    struct t99_trust *trust;
    struct t99_found found;

    if (ca == NULL) {
        t99_ca_clear(config);
        return 0;
    }
    trust = t99_trust_new(&config->env);
    if (trust == NULL || !t99_trust_add_pem(trust, ca, len, &found.added, &found.skipped)) {
        t99_trust_free(trust);
        (void)no_memory(&config->error);
        return -1;
    }
    found.fault = t99_pem_fault(ca, len);
    return set_ca(config, trust, NULL, &found);
}

void t99_ca_clear(struct tls_config *config)
{
    t99_anchors_forget(config);
    t99_config_lock(config);
    t99_trust_free(config->ca.trust);
    config->ca.trust = NULL;
    t99_config_unlock(config);
    t99_blob_clear(&config->env, &config->ca.file);
}

/* --- What connections share --- */

/* Under the lock, as the trust store may be the config's too. */
static void destroy(const struct t99_env *env, struct t99_anchors *a)
{
    if (a != NULL) {
        t99_trust_free(a->trust);
        t99_crl_store_free(a->crls);
        t99_free(env, a, sizeof *a);
    }
}

static bool fill_from_ca(const struct t99_ca *ca, struct t99_anchors *a, struct t99_error *error)
{
    const char *where = ca->file.p != NULL ? (const char *)ca->file.p : "the CAs from memory";

    if (t99_trust_count(ca->trust) != 0) {
        t99_trust_free(a->trust);
        a->trust = t99_trust_share(ca->trust);
        return true;
    }
    if (ca->found.skipped != 0) {
        t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                  "ssl verify memory setup failure: none of the %zu certificates in %s decodes",
                  ca->found.skipped, where);
    } else {
        t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                  "ssl verify memory setup failure: no certificate in %s: %s", where, ca->found.fault);
    }
    return false;
}

static bool fill_from_dir(const struct tls_config *config, struct t99_trust *trust, struct t99_error *error)
{
    const char *dir = (const char *)config->ca_path.p;
    size_t added = 0;

    errno = 0;
    if (!t99_trust_add_dir(&config->env, trust, dir, &added)) {
        return no_memory(error);
    }
    if (added == 0 && access(dir, R_OK | X_OK) != 0) {
        t99_error_errno(error, "no trust anchors: CA directory '%s'", dir);
    } else if (added == 0) {
        t99_error(
            error, TLS_ERROR_INVALID_ARGUMENT,
            "no trust anchors: no certificate in the CA directory '%s' (files named .pem, .crt, .cer or "
            "by OpenSSL's hash are read)",
            dir);
    }
    return added != 0;
}

/* From what the caller gave: a file or bytes, else a directory, else the system's. */
static bool fill_trust(const struct tls_config *config, struct t99_anchors *a, struct t99_error *error)
{
    return config->ca.trust != NULL    ? fill_from_ca(&config->ca, a, error)
           : config->ca_path.p != NULL ? fill_from_dir(config, a->trust, error)
                                       : t99_system_trust(&config->env, a->trust, error);
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
        return no_memory(error);
    }
    return true;
}

/* Made under the lock, so that two connections that start at once read the bundle once. */
static struct t99_anchors *make(struct tls_config *config, struct t99_error *error)
{
    struct t99_anchors *a = t99_alloc(&config->env, sizeof *a);

    if (a == NULL || (a->trust = t99_trust_new(&config->env)) == NULL) {
        (void)no_memory(error);
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
    if (anchors == NULL) {
        return;
    }
    t99_config_lock(config);
    if (--anchors->refs == 0) {
        destroy(&config->env, anchors);
    }
    t99_config_unlock(config);
}

void t99_anchors_forget(struct tls_config *config)
{
    struct t99_anchors *a = config->anchors;

    config->anchors = NULL;
    t99_anchors_put(config, a);
}
