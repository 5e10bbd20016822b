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

static void clear_pair(const struct t99_env *env, struct t99_keypair *pair)
{
    t99_blob_clear(env, &pair->cert);
    t99_blob_clear(env, &pair->key);
    t99_blob_clear(env, &pair->cert_file);
    t99_blob_clear(env, &pair->key_file);
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
    t99_sessions_clear(config);
    tls_config_clear_keys(config);
    while (config->num_keypairs > 0) {
        clear_pair(&env, &config->keypairs[--config->num_keypairs]);
    }
    t99_blob_clear(&env, &config->alpn);
    t99_blob_clear(&env, &config->ca);
    t99_blob_clear(&env, &config->ca_path);
    t99_blob_clear(&env, &config->ca_file);
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

/* what: "CA", "certificate", "key", "CRL": as it stands in libtls's messages. name: keeps the file's. */
static int set_file(struct tls_config *config, struct t99_blob *blob, struct t99_blob *name, const char *file,
                    const char *what)
{
    struct stat st;
    struct t99_blob read;

    read.p = t99_file_read(&config->env, file, &read.alloc_len, &read.len);
    if (read.p == NULL) {
        return t99_error_errno(&config->error,
                               stat(file, &st) == 0 && S_ISDIR(st.st_mode) ? "failed to read %s file '%s'"
                                                                           : "failed to open %s file '%s'",
                               what, file);
    }
    if (name != NULL && !t99_blob_set(&config->env, name, file, strlen(file) + 1)) {
        t99_blob_clear(&config->env, &read);
        return t99_error(&config->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    t99_blob_clear(&config->env, blob);
    *blob = read;
    return 0;
}

static int set_mem(struct tls_config *config, struct t99_blob *blob, struct t99_blob *name, const uint8_t *p,
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

int tls_config_set_ca_file(struct tls_config *config, const char *ca_file)
{
    t99_anchors_forget(config);
    return set_file(config, &config->ca, &config->ca_file, ca_file, "CA");
}

int tls_config_set_ca_mem(struct tls_config *config, const uint8_t *ca, size_t len)
{
    t99_anchors_forget(config);
    return set_mem(config, &config->ca, &config->ca_file, ca, len);
}

int tls_config_set_ca_path(struct tls_config *config, const char *ca_path)
{
    t99_anchors_forget(config);
    return set_mem(config, &config->ca_path, NULL, (const uint8_t *)ca_path,
                   ca_path != NULL ? strlen(ca_path) + 1 : 0);
}

int tls_config_set_crl_file(struct tls_config *config, const char *crl_file)
{
    t99_anchors_forget(config);
    return set_file(config, &config->crl, NULL, crl_file, "CRL");
}

int tls_config_set_crl_mem(struct tls_config *config, const uint8_t *crl, size_t len)
{
    t99_anchors_forget(config);
    return set_mem(config, &config->crl, NULL, crl, len);
}

/* --- Client certificates --- */

/* The pair that set_cert and set_key speak of. */
static struct t99_keypair *first_pair(struct tls_config *config)
{
    if (config->num_keypairs == 0) {
        config->num_keypairs = 1;
    }
    return &config->keypairs[0];
}

static int set_cert(struct tls_config *config, struct t99_keypair *pair, int set)
{
    if (set != 0) {
        return -1;
    }
    if (!t99_keypair_check_cert(&config->env, pair, &config->error)) {
        t99_blob_clear(&config->env, &pair->cert);
        return -1;
    }
    return 0;
}

static int set_cert_file(struct tls_config *config, struct t99_keypair *pair, const char *file)
{
    return set_cert(config, pair, set_file(config, &pair->cert, &pair->cert_file, file, "certificate"));
}

static int set_cert_mem(struct tls_config *config, struct t99_keypair *pair, const uint8_t *cert, size_t len)
{
    return set_cert(config, pair, set_mem(config, &pair->cert, &pair->cert_file, cert, len));
}

int tls_config_set_cert_file(struct tls_config *config, const char *cert_file)
{
    return set_cert_file(config, first_pair(config), cert_file);
}

int tls_config_set_cert_mem(struct tls_config *config, const uint8_t *cert, size_t len)
{
    return set_cert_mem(config, first_pair(config), cert, len);
}

int tls_config_set_key_file(struct tls_config *config, const char *key_file)
{
    struct t99_keypair *pair = first_pair(config);

    return set_file(config, &pair->key, &pair->key_file, key_file, "key");
}

int tls_config_set_key_mem(struct tls_config *config, const uint8_t *key, size_t len)
{
    struct t99_keypair *pair = first_pair(config);

    return set_mem(config, &pair->key, &pair->key_file, key, len);
}

int tls_config_set_keypair_file(struct tls_config *config, const char *cert_file, const char *key_file)
{
    if (tls_config_set_cert_file(config, cert_file) != 0 || tls_config_set_key_file(config, key_file) != 0) {
        return -1;
    }
    return 0;
}

int tls_config_set_keypair_mem(struct tls_config *config, const uint8_t *cert, size_t cert_len,
                               const uint8_t *key, size_t key_len)
{
    if (tls_config_set_cert_mem(config, cert, cert_len) != 0 ||
        tls_config_set_key_mem(config, key, key_len) != 0) {
        return -1;
    }
    return 0;
}

void tls_config_clear_keys(struct tls_config *config)
{
    size_t i;

    for (i = 0; i < config->num_keypairs; i++) {
        t99_blob_clear(&config->env, &config->keypairs[i].key);
    }
}

/* A further pair; the server's request decides between them. */
static struct t99_keypair *next_pair(struct tls_config *config)
{
    if (config->num_keypairs == T99_KEYPAIRS_MAX) {
        t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT, "too many certificates: at most %d",
                  T99_KEYPAIRS_MAX);
        return NULL;
    }
    return &config->keypairs[config->num_keypairs++];
}

static int keep_pair(struct tls_config *config, struct t99_keypair *pair, int result)
{
    if (result != 0) {
        clear_pair(&config->env, pair);
        config->num_keypairs--;
    }
    return result;
}

int tls_config_add_keypair_file(struct tls_config *config, const char *cert_file, const char *key_file)
{
    struct t99_keypair *pair = next_pair(config);

    if (pair == NULL) {
        return -1;
    }
    return keep_pair(config, pair,
                     set_cert_file(config, pair, cert_file) == 0 &&
                             set_file(config, &pair->key, &pair->key_file, key_file, "key") == 0
                         ? 0
                         : -1);
}

int tls_config_add_keypair_mem(struct tls_config *config, const uint8_t *cert, size_t cert_len,
                               const uint8_t *key, size_t key_len)
{
    struct t99_keypair *pair = next_pair(config);

    if (pair == NULL) {
        return -1;
    }
    return keep_pair(config, pair,
                     set_cert_mem(config, pair, cert, cert_len) == 0 &&
                             set_mem(config, &pair->key, &pair->key_file, key, key_len) == 0
                         ? 0
                         : -1);
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
