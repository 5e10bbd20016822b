/* Client certificates: PEM as configured to what a handshake signs with. */
#include <string.h>

#include "api/internal.h"
#include "base/text.h"
#include "x509/pem.h"
#include "x509/private_key.h"

static bool is_certificate(struct t99_span label)
{
    return t99_same_word("CERTIFICATE", (const char *)label.p, label.len);
}

/* All certificates of PEM text into one buffer, DER after DER. NULL: why says why. */
static const char *decode_certs(const struct t99_env *env, struct t99_span pem, struct t99_blob *out,
                                struct t99_credential *c)
{
    struct t99_pem_block block;
    const char *bad = NULL;
    size_t pos = 0, len;

    out->alloc_len = t99_pem_decoded_max(pem.len) + 1;
    out->p = t99_alloc(env, out->alloc_len);
    if (out->p == NULL) {
        return "out of memory";
    }
    while (t99_pem_next(&block, pem.p, pem.len, &pos, &bad)) {
        if (!is_certificate(block.label)) {
            continue;
        }
        if (c->num_certs == sizeof c->certs / sizeof c->certs[0]) {
            return "more than 10 certificates";
        }
        if (!t99_pem_decode(out->p + out->len, &len, block.body)) {
            return "damaged base64";
        }
        c->certs[c->num_certs++] = t99_span(out->p + out->len, len);
        out->len += len;
    }
    return bad != NULL ? bad : c->num_certs == 0 ? "no certificate in it" : NULL;
}

static const char *decode_chain(struct t99_credential *c)
{
    struct t99_certificate cert;
    const char *bad = NULL;
    size_t i;

    for (i = 0; i < c->num_certs; i++) {
        if (!t99_certificate_decode(&cert, c->certs[i], &bad)) {
            return bad;
        }
        c->issuers[i] = cert.issuer;
        if (i == 0) {
            c->public_key = cert.key;
        }
    }
    return NULL;
}

const char *t99_certificate_pem_fault(const struct t99_env *env, struct t99_span pem)
{
    struct t99_credential c;
    struct t99_blob der = { NULL, 0, 0 };
    const char *why;

    memset(&c, 0, sizeof c);
    why = decode_certs(env, pem, &der, &c);
    if (why == NULL) {
        why = decode_chain(&c);
    }
    t99_blob_clear(env, &der);
    return why;
}

static bool load_pair(struct tls_config *config, struct t99_credentials *all, size_t i,
                      struct t99_error *error)
{
    const struct t99_keypair *pair = &config->keypairs[i];
    struct t99_credential *c = &all->list[i];
    enum t99_key_format format;
    const char *why;

    if (pair->cert.p == NULL || pair->key.p == NULL) {
        t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                  "private/public key mismatch: there is a %s without a %s",
                  pair->cert.p != NULL ? "certificate" : "key", pair->cert.p != NULL ? "key" : "certificate");
        return false;
    }
    why = decode_certs(&config->env, t99_span(pair->cert.p, pair->cert.len), &all->certs[i], c);
    if (why == NULL) {
        why = decode_chain(c);
    }
    if (why != NULL) {
        t99_error(error, TLS_ERROR_INVALID_ARGUMENT, "failed to load certificate: %s", why);
        return false;
    }
    all->keys[i].p = t99_private_key_from_pem(&config->env, t99_span(pair->key.p, pair->key.len),
                                              (const char *)config->password.p, &c->key,
                                              &all->keys[i].alloc_len, &all->keys[i].len, &format, &why);
    if (all->keys[i].p == NULL) {
        t99_error(error, TLS_ERROR_INVALID_ARGUMENT, "failed to read private key: %s", why);
        return false;
    }
    if (!t99_private_key_matches(&c->key, &c->public_key)) {
        t99_error(error, TLS_ERROR_INVALID_ARGUMENT,
                  "failed to load private key: it does not belong to the certificate");
        return false;
    }
    if (c->public_key.type == T99_KEY_RSA_PSS) {
        c->key.type = T99_KEY_RSA_PSS;
    }
    return true;
}

struct t99_credentials *t99_credentials_load(struct tls_config *config, struct t99_error *error)
{
    struct t99_credentials *all;
    size_t i;

    if (config->num_keypairs == 0) {
        return NULL;
    }
    all = t99_alloc(&config->env, sizeof *all);
    if (all == NULL) {
        t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
        return NULL;
    }
    for (i = 0; i < config->num_keypairs; i++) {
        if (!load_pair(config, all, i, error)) {
            t99_credentials_free(&config->env, all);
            return NULL;
        }
    }
    all->num = config->num_keypairs;
    return all;
}

void t99_credentials_free(const struct t99_env *env, struct t99_credentials *c)
{
    size_t i;

    if (c == NULL) {
        return;
    }
    for (i = 0; i < T99_KEYPAIRS_MAX; i++) {
        t99_blob_clear(env, &c->certs[i]);
        t99_blob_clear(env, &c->keys[i]);
    }
    t99_free(env, c, sizeof *c);
}
