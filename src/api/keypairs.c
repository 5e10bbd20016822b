/* Client certificates and their private keys, as a program sets them. */
#include <string.h>

#include "api/internal.h"

void t99_keypair_clear(const struct t99_env *env, struct t99_keypair *pair)
{
    t99_blob_clear(env, &pair->cert);
    t99_blob_clear(env, &pair->key);
    t99_blob_clear(env, &pair->cert_file);
    t99_blob_clear(env, &pair->key_file);
}

static void move(const struct t99_env *env, struct t99_blob *to, struct t99_blob *from)
{
    t99_blob_clear(env, to);
    *to = *from;
    memset(from, 0, sizeof *from);
}

static const struct t99_keypair nothing;

/* --- One half at a time, of the pair that set_cert and set_key speak of --- */

static struct t99_keypair *first_pair(struct tls_config *config)
{
    if (config->num_keypairs == 0) {
        config->num_keypairs = 1;
    }
    return &config->keypairs[0];
}

/* Takes what was read over if it is a certificate; what was there before stays otherwise. */
static int set_cert(struct tls_config *config, struct t99_keypair *from, int read)
{
    struct t99_keypair *to;

    if (read != 0 || !t99_keypair_check_cert(&config->env, from, &config->error)) {
        t99_keypair_clear(&config->env, from);
        return -1;
    }
    to = first_pair(config);
    move(&config->env, &to->cert, &from->cert);
    move(&config->env, &to->cert_file, &from->cert_file);
    return 0;
}

int tls_config_set_cert_file(struct tls_config *config, const char *cert_file)
{
    struct t99_keypair pair = nothing;

    return set_cert(config, &pair,
                    t99_config_read(config, &pair.cert, &pair.cert_file, cert_file, "certificate"));
}

int tls_config_set_cert_mem(struct tls_config *config, const uint8_t *cert, size_t len)
{
    struct t99_keypair pair = nothing;

    return set_cert(config, &pair, t99_config_copy(config, &pair.cert, NULL, cert, len));
}

/* Whether a key belongs to the certificate is asked when connecting: that may be set after the key. */
static int set_key(struct tls_config *config, struct t99_keypair *from, int read)
{
    struct t99_keypair *to;

    if (read != 0) {
        t99_keypair_clear(&config->env, from);
        return -1;
    }
    to = first_pair(config);
    move(&config->env, &to->key, &from->key);
    move(&config->env, &to->key_file, &from->key_file);
    return 0;
}

int tls_config_set_key_file(struct tls_config *config, const char *key_file)
{
    struct t99_keypair pair = nothing;

    return set_key(config, &pair, t99_config_read(config, &pair.key, &pair.key_file, key_file, "key"));
}

int tls_config_set_key_mem(struct tls_config *config, const uint8_t *key, size_t len)
{
    struct t99_keypair pair = nothing;

    return set_key(config, &pair, t99_config_copy(config, &pair.key, NULL, key, len));
}

/* --- Pairs --- */

static int read_pair(struct tls_config *config, struct t99_keypair *pair, const char *cert_file,
                     const char *key_file)
{
    return t99_config_read(config, &pair->cert, &pair->cert_file, cert_file, "certificate") == 0 &&
                   t99_config_read(config, &pair->key, &pair->key_file, key_file, "key") == 0
               ? 0
               : -1;
}

static int copy_pair(struct tls_config *config, struct t99_keypair *pair, const uint8_t *cert,
                     size_t cert_len, const uint8_t *key, size_t key_len)
{
    return t99_config_copy(config, &pair->cert, NULL, cert, cert_len) == 0 &&
                   t99_config_copy(config, &pair->key, NULL, key, key_len) == 0
               ? 0
               : -1;
}

/* Takes the pair over as the i-th if it is one, and read: 0. Otherwise nothing changes. */
static int keep_pair(struct tls_config *config, size_t i, struct t99_keypair *pair, int read)
{
    if (read != 0 || !t99_keypair_check(config, pair)) {
        t99_keypair_clear(&config->env, pair);
        return -1;
    }
    t99_keypair_clear(&config->env, &config->keypairs[i]);
    config->keypairs[i] = *pair;
    config->num_keypairs = i < config->num_keypairs ? config->num_keypairs : i + 1;
    return 0;
}

int tls_config_set_keypair_file(struct tls_config *config, const char *cert_file, const char *key_file)
{
    struct t99_keypair pair = nothing;

    return keep_pair(config, 0, &pair, read_pair(config, &pair, cert_file, key_file));
}

int tls_config_set_keypair_mem(struct tls_config *config, const uint8_t *cert, size_t cert_len,
                               const uint8_t *key, size_t key_len)
{
    struct t99_keypair pair = nothing;

    return keep_pair(config, 0, &pair, copy_pair(config, &pair, cert, cert_len, key, key_len));
}

static int check_room(struct tls_config *config)
{
    return config->num_keypairs < T99_KEYPAIRS_MAX
               ? 0
               : t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT, "too many certificates: at most %d",
                           T99_KEYPAIRS_MAX);
}

int tls_config_add_keypair_file(struct tls_config *config, const char *cert_file, const char *key_file)
{
    struct t99_keypair pair = nothing;

    return check_room(config) == 0
               ? keep_pair(config, config->num_keypairs, &pair, read_pair(config, &pair, cert_file, key_file))
               : -1;
}

int tls_config_add_keypair_mem(struct tls_config *config, const uint8_t *cert, size_t cert_len,
                               const uint8_t *key, size_t key_len)
{
    struct t99_keypair pair = nothing;

    return check_room(config) == 0 ? keep_pair(config, config->num_keypairs, &pair,
                                               copy_pair(config, &pair, cert, cert_len, key, key_len))
                                   : -1;
}

void tls_config_clear_keys(struct tls_config *config)
{
    size_t i;

    for (i = 0; i < config->num_keypairs; i++) {
        t99_blob_clear(&config->env, &config->keypairs[i].key);
    }
}
