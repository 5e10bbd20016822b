/* Client certificates: PEM as configured to what a handshake signs with. */
#include <stdio.h>
#include <string.h>

#include "api/internal.h"
#include "base/text.h"
#include "x509/pem.h"
#include "x509/private_key.h"

#define FILE_TEXT 160

/* " (file 'client.pem')", or nothing for bytes from memory. */
static const char *file_text(char out[FILE_TEXT], const struct t99_blob *file)
{
    out[0] = '\0';
    if (file->p != NULL) {
        t99_sentence(out, FILE_TEXT, " (file '%s')", (const char *)file->p);
    }
    return out;
}

static bool is_certificate(struct t99_span label)
{
    return t99_same_word("CERTIFICATE", (const char *)label.p, label.len);
}

/* Always false: " (file 'client.pem')" is added if there is one. */
static bool bad_cert(struct t99_error *error, const struct t99_keypair *pair, size_t line, const char *why)
{
    char place[32] = "", file[FILE_TEXT];

    if (line != 0) {
        (void)snprintf(place, sizeof place, "line %zu: ", line);
    }
    t99_error(error, TLS_ERROR_INVALID_ARGUMENT, "failed to load certificate: %s%s%s", place, why,
              file_text(file, &pair->cert_file));
    return false;
}

/* All certificates of the pair's PEM text into one buffer, DER after DER. */
static bool decode_certs(const struct t99_env *env, const struct t99_keypair *pair, struct t99_blob *out,
                         struct t99_credential *c, struct t99_error *error)
{
    const struct t99_blob *pem = &pair->cert;
    struct t99_pem_block block;
    const char *bad = NULL;
    size_t pos = 0, len, line;

    out->alloc_len = t99_pem_decoded_max(pem->len) + 1;
    out->p = t99_alloc(env, out->alloc_len);
    if (out->p == NULL) {
        t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
        return false;
    }
    while (t99_pem_next(&block, pem->p, pem->len, &pos, &bad)) {
        if (!is_certificate(block.label)) {
            continue;
        }
        line = t99_pem_line(pem->p, block.label.p);
        if (c->num_certs == sizeof c->certs / sizeof c->certs[0]) {
            return bad_cert(error, pair, line, "there are more than 10 certificates");
        }
        if (!t99_pem_decode(out->p + out->len, &len, block.body)) {
            return bad_cert(error, pair, line, "the base64 below it is damaged");
        }
        c->certs[c->num_certs++] = t99_span(out->p + out->len, len);
        out->len += len;
    }
    if (bad != NULL || c->num_certs == 0) {
        return bad_cert(error, pair, 0, bad != NULL ? bad : t99_pem_fault(pem->p, pem->len));
    }
    return true;
}

static bool decode_chain(const struct t99_keypair *pair, struct t99_credential *c, struct t99_error *error)
{
    struct t99_certificate cert;
    const char *bad = NULL;
    char why[160];
    size_t i;

    for (i = 0; i < c->num_certs; i++) {
        if (!t99_certificate_decode(&cert, c->certs[i], &bad)) {
            (void)snprintf(why, sizeof why, "certificate %zu in it does not decode: %s", i, bad);
            return bad_cert(error, pair, 0, why);
        }
        c->issuers[i] = cert.issuer;
        if (i == 0) {
            c->public_key = cert.key;
        }
    }
    return true;
}

bool t99_keypair_check_cert(const struct t99_env *env, const struct t99_keypair *pair,
                            struct t99_error *error)
{
    struct t99_credential c;
    struct t99_blob der = { NULL, 0, 0 };
    bool ok;

    memset(&c, 0, sizeof c);
    ok = decode_certs(env, pair, &der, &c, error) && decode_chain(pair, &c, error);
    t99_blob_clear(env, &der);
    return ok;
}

/* A decoder names the field that is bad; all else that it says is a phrase. why NULL: out of memory. */
static bool bad_key(struct t99_error *error, const struct t99_keypair *pair, const char *why)
{
    char file[FILE_TEXT];

    if (why == NULL) {
        t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
        return false;
    }
    t99_error(error, TLS_ERROR_INVALID_ARGUMENT, "failed to read private key: %s%s%s",
              strchr(why, ' ') == NULL ? "it is malformed: " : "", why, file_text(file, &pair->key_file));
    return false;
}

static bool mismatch(struct t99_error *error, const struct t99_keypair *pair, const struct t99_credential *c)
{
    char ours[48], theirs[48], key_file[FILE_TEXT], cert_file[FILE_TEXT];
    struct t99_public_key pub;

    memset(&pub, 0, sizeof pub);
    pub.type = c->key.type;
    pub.rsa = c->key.rsa.pub;
    pub.curve = c->key.curve;
    t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
              "failed to load private key: the key, %s%s, is not that of the certificate, %s%s",
              t99_public_key_name(ours, sizeof ours, &pub), file_text(key_file, &pair->key_file),
              t99_public_key_name(theirs, sizeof theirs, &c->public_key),
              file_text(cert_file, &pair->cert_file));
    return false;
}

/* *locked: it is encrypted, and there is no password (yet). */
static bool load_key(struct tls_config *config, const struct t99_keypair *pair, struct t99_loaded *to,
                     bool *locked, struct t99_error *error)
{
    const char *password = (const char *)config->password.p, *why;
    enum t99_key_format format = KEY_FORMAT_PKCS8;
    struct t99_credential *c = to->credential;

    to->key.p = t99_private_key_from_pem(&config->env, t99_span(pair->key.p, pair->key.len), password,
                                         &c->key, &to->key.alloc_len, &to->key.len, &format, &why);
    *locked = to->key.p == NULL && format == KEY_FORMAT_ENCRYPTED_PKCS8 && password == NULL;
    if (to->key.p == NULL) {
        return bad_key(error, pair, why);
    }
    if (!t99_private_key_matches(&c->key, &c->public_key)) {
        return mismatch(error, pair, c);
    }
    if (c->public_key.type == T99_KEY_RSA_PSS) {
        c->key.type = T99_KEY_RSA_PSS;
    }
    return true;
}

static bool load_pair(struct tls_config *config, const struct t99_keypair *pair, struct t99_loaded *to,
                      bool *locked, struct t99_error *error)
{
    *locked = false;
    if (pair->cert.p == NULL || pair->key.p == NULL) {
        t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                  pair->cert.p != NULL ? "private/public key mismatch: a certificate is set, but no key"
                  : pair->key.p != NULL
                      ? "private/public key mismatch: a key is set, but no certificate"
                      : "private/public key mismatch: neither a certificate nor a key is set");
        return false;
    }
    return decode_certs(&config->env, pair, &to->certs, to->credential, error) &&
           decode_chain(pair, to->credential, error) && load_key(config, pair, to, locked, error);
}

static void unload(const struct t99_env *env, struct t99_loaded *pair)
{
    t99_blob_clear(env, &pair->certs);
    t99_blob_clear(env, &pair->key);
}

bool t99_keypair_check(struct tls_config *config, const struct t99_keypair *pair)
{
    struct t99_credential credential;
    struct t99_loaded loaded;
    struct t99_error error;
    bool locked, ok;

    memset(&credential, 0, sizeof credential);
    memset(&loaded, 0, sizeof loaded);
    loaded.credential = &credential;
    ok = load_pair(config, pair, &loaded, &locked, &error) || locked;
    unload(&config->env, &loaded);
    if (!ok) {
        config->error = error;
    }
    return ok;
}

struct t99_credentials *t99_credentials_load(struct tls_config *config, struct t99_error *error)
{
    struct t99_credentials *all = t99_alloc(&config->env, sizeof *all);
    bool locked;
    size_t i;

    if (all == NULL) {
        t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
        return NULL;
    }
    for (i = 0; i < config->num_keypairs; i++) {
        const struct t99_keypair *pair = &config->keypairs[i];

        if (pair->cert.p == NULL && pair->key.p == NULL) {
            continue; /* a key was set and cleared */
        }
        all->pairs[all->num].credential = &all->list[all->num];
        if (!load_pair(config, pair, &all->pairs[all->num], &locked, error)) {
            t99_credentials_free(&config->env, all);
            return NULL;
        }
        all->num++;
    }
    return all;
}

void t99_credentials_free(const struct t99_env *env, struct t99_credentials *c)
{
    size_t i;

    if (c == NULL) {
        return;
    }
    for (i = 0; i < T99_KEYPAIRS_MAX; i++) {
        unload(env, &c->pairs[i]);
    }
    t99_free(env, c, sizeof *c);
}
