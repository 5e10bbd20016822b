/* Configurations: their life, and their simple settings. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/env_system.h"
#include "api/file.h"
#include "api/internal.h"

#define DEFAULT_DEPTH 6 /* intermediates: as libtls */

int tls_init(void)
{
    return 0;
}

struct tls_config *t99_config_new_env(const struct t99_env *env)
{
    struct tls_config *config = t99_alloc(env, sizeof *config);

    if (config == NULL) {
        return NULL;
    }
    if (pthread_mutex_init(&config->lock, NULL) != 0) {
        t99_free(env, config, sizeof *config);
        return NULL;
    }
    config->refs = 1;
    config->env = *env;
    t99_config_default_lists(config);
    config->verify_cert = true;
    config->verify_name = true;
    config->verify_time = true;
    config->verify_depth = DEFAULT_DEPTH;
    config->session_fd = -1;
    config->sessions = true;
    return config;
}

struct tls_config *tls_config_new(void)
{
    return t99_config_new_env(&t99_env_system);
}

void t99_config_lock(struct tls_config *config)
{
    (void)pthread_mutex_lock(&config->lock);
}

void t99_config_unlock(struct tls_config *config)
{
    (void)pthread_mutex_unlock(&config->lock);
}

void t99_config_ref(struct tls_config *config)
{
    t99_config_lock(config);
    config->refs++;
    t99_config_unlock(config);
}

void tls_config_free(struct tls_config *config)
{
    struct t99_env env;
    bool last;

    if (config == NULL) {
        return;
    }
    t99_config_lock(config);
    last = --config->refs == 0;
    t99_config_unlock(config);
    if (!last) {
        return;
    }
    env = config->env;
    t99_anchors_forget(config);
    t99_cache_clear(&env, &config->cache);
    tls_config_clear_keys(config);
    while (config->num_keypairs > 0) {
        t99_keypair_clear(&env, &config->keypairs[--config->num_keypairs]);
    }
    t99_blob_clear(&env, &config->alpn);
    t99_ca_clear(config);
    t99_blob_clear(&env, &config->ca_path);
    t99_blob_clear(&env, &config->crl);
    t99_blob_clear(&env, &config->password);
    (void)pthread_mutex_destroy(&config->lock);
    t99_free(&env, config, sizeof *config);
}

const char *tls_config_error(struct tls_config *config)
{
    return config->error.set ? config->error.text : NULL;
}

int tls_config_error_code(struct tls_config *config)
{
    return config->error.code;
}

/* --- Files that stand for bytes --- */

int t99_config_read(struct tls_config *config, struct t99_blob *blob, struct t99_blob *name, const char *file,
                    const char *what)
{
    struct t99_blob read;

    read.p = t99_file_read(&config->env, file, &read.alloc_len, &read.len);
    if (read.p == NULL) {
        return t99_error_file(&config->error, what, file);
    }
    if (name != NULL && !t99_blob_set(&config->env, name, file, strlen(file) + 1)) {
        t99_blob_clear(&config->env, &read);
        return t99_error(&config->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    t99_blob_clear(&config->env, blob);
    *blob = read;
    return 0;
}

int t99_config_copy(struct tls_config *config, struct t99_blob *blob, struct t99_blob *name, const uint8_t *p,
                    size_t len)
{
    if (!t99_blob_set(&config->env, blob, p, len)) {
        return t99_error(&config->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    if (name != NULL) {
        t99_blob_clear(&config->env, name);
    }
    return 0;
}

int tls_config_set_ca_path(struct tls_config *config, const char *ca_path)
{
    t99_anchors_forget(config);
    return t99_config_copy(config, &config->ca_path, NULL, (const uint8_t *)ca_path,
                           ca_path != NULL ? strlen(ca_path) + 1 : 0);
}

int tls_config_set_crl_file(struct tls_config *config, const char *crl_file)
{
    t99_anchors_forget(config);
    return t99_config_read(config, &config->crl, NULL, crl_file, "CRL");
}

int tls_config_set_crl_mem(struct tls_config *config, const uint8_t *crl, size_t len)
{
    t99_anchors_forget(config);
    return t99_config_copy(config, &config->crl, NULL, crl, len);
}

/* --- What is verified --- */

void tls_config_insecure_noverifycert(struct tls_config *config)
{
    config->verify_cert = false;
}

void tls_config_insecure_noverifyname(struct tls_config *config)
{
    config->verify_name = false;
}

void tls_config_insecure_noverifytime(struct tls_config *config)
{
    config->verify_time = false;
}

void tls_config_verify(struct tls_config *config)
{
    config->verify_cert = true;
    config->verify_name = true;
    config->verify_time = true;
}

int tls_config_set_verify_depth(struct tls_config *config, int verify_depth)
{
    config->verify_depth = verify_depth;
    return 0;
}

void tls_config_ocsp_require_stapling(struct tls_config *config)
{
    config->require_staple = true;
}

/* --- Sessions --- */

/* A session file holds secrets: it must be the caller's alone. */
int tls_config_set_session_fd(struct tls_config *config, int session_fd)
{
    struct stat st;

    if (session_fd == -1) {
        config->session_fd = -1;
        return 0;
    }
    if (fstat(session_fd, &st) != 0) {
        return t99_error_errno(&config->error, "failed to stat session file (descriptor %d)", session_fd);
    }
    if (!S_ISREG(st.st_mode)) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "session file is not a regular file (descriptor %d)", session_fd);
    }
    if (st.st_uid != getuid()) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "session file has incorrect owner (uid %lu != %lu)", (unsigned long)st.st_uid,
                         (unsigned long)getuid());
    }
    if ((st.st_mode & 07777) != 0600) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "session file has incorrect permissions (%o != 600): it holds secrets",
                         (unsigned)(st.st_mode & 07777));
    }
    config->session_fd = session_fd;
    return 0;
}
