#include "handshake/hs.h"

#include <string.h>

#include "x509/name.h"

/* --- Which certificate, and how it signs --- */

/* RFC 9846, 4.4.3: if the server names authorities, one of the chain's issuers should be among them. */
static bool issuer_wanted(const struct t99_credential *credential, struct t99_span authorities)
{
    const char *bad = NULL;
    struct reader r = rd_init(authorities.p, authorities.len, &bad), name;
    size_t i;

    if (authorities.len == 0) {
        return true;
    }
    while (rd_left(&r) != 0) {
        name = rd_vec16(&r, 1, 65535, "distinguished_name");
        for (i = 0; i < credential->num_certs; i++) {
            if (t99_name_equal(credential->issuers[i], rd_rest(&name))) {
                return true;
            }
        }
    }
    return false;
}

static bool requested(const struct t99_certificate_request *request, uint16_t id)
{
    size_t i;

    for (i = 0; i + 1 < request->schemes.len; i += 2) {
        if (load_be16(request->schemes.p + i) == id) {
            return true;
        }
    }
    return false;
}

/* ClientCertificateType: RFC 5246, 7.4.4 and RFC 8422, 5.5: rsa_sign, ecdsa_sign (Ed25519 too). */
static bool type_wanted(const struct t99_certificate_request *request, enum t99_key_type type)
{
    uint8_t wanted = type == T99_KEY_RSA || type == T99_KEY_RSA_PSS ? 1 : 64;

    return request->types.p == NULL || memchr(request->types.p, wanted, request->types.len) != NULL;
}

/* The best scheme of ours that the server takes and the key can. */
static const struct t99_signature_scheme *common_scheme(const struct t99_credential *credential,
                                                        const struct t99_certificate_request *request,
                                                        uint16_t version)
{
    const struct t99_signature_scheme *scheme;
    size_t i;

    for (i = 0;; i++) {
        if (credential->num_schemes == 0) {
            scheme = t99_signature_scheme_at(i);
        } else {
            scheme = i < credential->num_schemes ? t99_signature_scheme_find(credential->schemes[i]) : NULL;
            if (scheme == NULL && i < credential->num_schemes) {
                continue; /* one that is not ours */
            }
        }
        if (scheme == NULL) {
            return NULL;
        }
        if (t99_signature_scheme_fits(scheme, &credential->public_key, version) &&
            requested(request, scheme->id) && t99_key_can_sign(&credential->key, scheme)) {
            return scheme;
        }
    }
}

/* How near a credential comes to being of use, for the sentence. */
enum usable { NOT_THE_KIND, NOT_THE_ISSUER, NOT_THE_SIGNATURE, USABLE };

static enum usable judge(const struct t99_credential *credential,
                         const struct t99_certificate_request *request, uint16_t version,
                         const struct t99_signature_scheme **scheme)
{
    bool named = request->authorities.len != 0 && issuer_wanted(credential, request->authorities);

    if (!type_wanted(request, credential->public_key.type)) {
        return NOT_THE_KIND;
    }
    if (credential->must_match_issuer && !named) {
        return NOT_THE_ISSUER;
    }
    *scheme = common_scheme(credential, request, version);
    return *scheme != NULL ? USABLE : NOT_THE_SIGNATURE;
}

static bool refuse(enum usable nearest, struct t99_fault *fault)
{
    static const char *const sentences[] = {
        [NOT_THE_KIND] =
            "certificate_request: the server takes no certificate of the client certificate's kind",
        [NOT_THE_ISSUER] = "certificate_request: the server names none of the client certificate's issuers",
        [NOT_THE_SIGNATURE] =
            "certificate_request: the server takes no signature that the client certificate's key can make",
    };

    return t99_fail(fault, ALERT_HANDSHAKE_FAILURE, "%s", sentences[nearest]);
}

bool t99_choose_credential(const struct t99_hs_config *config, const struct t99_certificate_request *request,
                           uint16_t version, const struct t99_credential **credential,
                           const struct t99_signature_scheme **scheme, struct t99_fault *fault)
{
    enum usable nearest = NOT_THE_KIND, usable;
    size_t i, round;

    *credential = NULL;
    *scheme = NULL;
    if (config->on.certificate_request != NULL && !config->on.certificate_request(config->on.arg, fault)) {
        return false;
    }
    /* First those whose issuer is wanted; a server's list is advice, so that then any will do. */
    for (round = 0; round < 2; round++) {
        for (i = 0; i < config->num_credentials; i++) {
            const struct t99_credential *c = &config->credentials[i];

            if (round == 0 && !issuer_wanted(c, request->authorities)) {
                continue;
            }
            usable = judge(c, request, version, scheme);
            if (usable == USABLE) {
                *credential = c;
                return true;
            }
            nearest = usable > nearest ? usable : nearest;
        }
    }
    return config->num_credentials == 0 || refuse(nearest, fault);
}

/* --- Messages --- */

uint8_t *t99_compose_certificate(const struct t99_env *env, uint16_t version,
                                 const struct t99_credential *credential, struct t99_span context,
                                 size_t *alloc_len, size_t *len)
{
    size_t num = credential != NULL ? credential->num_certs : 0, cap = T99_HS_HEADER + 1 + context.len + 3, i,
           mark;
    struct writer w;
    uint8_t *buf;

    for (i = 0; i < num; i++) {
        cap += 3 + credential->certs[i].len + 2;
    }
    buf = t99_alloc(env, cap);
    if (buf == NULL) {
        return NULL;
    }
    w = wr_init(buf, cap);
    wr_u8(&w, HS_CERTIFICATE);
    mark = wr_open24(&w);
    if (version >= T99_TLS13) {
        wr_u8(&w, (uint8_t)context.len);
        wr_bytes(&w, context.p, context.len);
    }
    wr_u24(&w, (uint32_t)(cap - T99_HS_HEADER - 1 - context.len - 3 - (version >= T99_TLS13 ? 0 : 2 * num)));
    for (i = 0; i < num; i++) {
        size_t cert = wr_open24(&w);

        wr_bytes(&w, credential->certs[i].p, credential->certs[i].len);
        wr_close24(&w, cert);
        if (version >= T99_TLS13) {
            wr_u16(&w, 0); /* no extensions */
        }
    }
    wr_close24(&w, mark);
    *alloc_len = cap;
    *len = w.len;
    return buf;
}

bool t99_compose_certificate_verify(const struct t99_env *env, const struct t99_credential *credential,
                                    const struct t99_signature_scheme *scheme, const uint8_t *content,
                                    size_t content_len, uint8_t *out, size_t *out_len,
                                    struct t99_fault *fault)
{
    size_t sig_len = 0;

    if (!t99_sign(&credential->key, scheme, env, out + 8, &sig_len, content, content_len)) {
        return t99_fail_as(fault, FAULT_SYSTEM, ALERT_INTERNAL_ERROR,
                           "certificate_verify: signing with %s failed: no randomness, or a damaged key",
                           scheme->name);
    }
    out[0] = HS_CERTIFICATE_VERIFY;
    store_be24(out + 1, (uint32_t)(4 + sig_len));
    store_be16(out + 4, scheme->id);
    store_be16(out + 6, (uint16_t)sig_len);
    *out_len = 8 + sig_len;
    return true;
}
