#include "handshake/signature_scheme.h"

#include "base/text.h"
#include "crypto/aead/traffic_key.h"

#define ECDSA(hash)                                                                                          \
    {                                                                                                        \
        T99_SIG_ECDSA, hash, NULL, 0, NULL                                                                   \
    }
#define PKCS1(hash)                                                                                          \
    {                                                                                                        \
        T99_SIG_RSA_PKCS1, hash, NULL, 0, NULL                                                               \
    }
#define PSS(hash, salt_len)                                                                                  \
    {                                                                                                        \
        T99_SIG_RSA_PSS, hash, hash, salt_len, NULL                                                          \
    }

/* Ids and names: RFC 9846, 4.3.3. Best first. SHA-1 has no row: such a signature is refused as unknown. */
static const struct t99_signature_scheme schemes[] = {
    { 0x0403, "ecdsa_secp256r1_sha256", T99_KEY_EC, &t99_p256, ECDSA(&t99_sha256), false },
    { 0x0804, "rsa_pss_rsae_sha256", T99_KEY_RSA, NULL, PSS(&t99_sha256, 32), false },
    { 0x0401, "rsa_pkcs1_sha256", T99_KEY_RSA, NULL, PKCS1(&t99_sha256), true },
    { 0x0503, "ecdsa_secp384r1_sha384", T99_KEY_EC, &t99_p384, ECDSA(&t99_sha384), false },
    { 0x0807, "ed25519", T99_KEY_ED25519, NULL, { T99_SIG_ED25519, NULL, NULL, 0, NULL }, false },
    { 0x0805, "rsa_pss_rsae_sha384", T99_KEY_RSA, NULL, PSS(&t99_sha384, 48), false },
    { 0x0501, "rsa_pkcs1_sha384", T99_KEY_RSA, NULL, PKCS1(&t99_sha384), true },
    { 0x0603, "ecdsa_secp521r1_sha512", T99_KEY_EC, &t99_p521, ECDSA(&t99_sha512), false },
    { 0x0806, "rsa_pss_rsae_sha512", T99_KEY_RSA, NULL, PSS(&t99_sha512, 64), false },
    { 0x0601, "rsa_pkcs1_sha512", T99_KEY_RSA, NULL, PKCS1(&t99_sha512), true },
    { 0x0809, "rsa_pss_pss_sha256", T99_KEY_RSA_PSS, NULL, PSS(&t99_sha256, 32), false },
    { 0x080a, "rsa_pss_pss_sha384", T99_KEY_RSA_PSS, NULL, PSS(&t99_sha384, 48), false },
    { 0x080b, "rsa_pss_pss_sha512", T99_KEY_RSA_PSS, NULL, PSS(&t99_sha512, 64), false },
};

#define NUM_SCHEMES (sizeof schemes / sizeof schemes[0])

const struct t99_signature_scheme *t99_signature_scheme_at(size_t i)
{
    return i < NUM_SCHEMES ? &schemes[i] : NULL;
}

const struct t99_signature_scheme *t99_signature_scheme_find(uint16_t id)
{
    size_t i;

    for (i = 0; i < NUM_SCHEMES; i++) {
        if (schemes[i].id == id) {
            return &schemes[i];
        }
    }
    return NULL;
}

const struct t99_signature_scheme *t99_signature_scheme_named(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < NUM_SCHEMES; i++) {
        if (t99_same_word(schemes[i].name, name, len)) {
            return &schemes[i];
        }
    }
    return NULL;
}

/*
 * RFC 9846, 4.3.3. In TLS 1.2 a scheme is a pair of hash and key type, so that any curve goes with any hash
 * (RFC 5246, 7.4.1.4.1; RFC 8422, 5.1.1), and an RSA key may sign by PSS too (RFC 9846, 4.3.3).
 */
bool t99_signature_scheme_fits(const struct t99_signature_scheme *scheme, const struct t99_public_key *key,
                               uint16_t version)
{
    if (scheme->key_type != key->type || (scheme->tls12_only && version >= T99_TLS13)) {
        return false;
    }
    if (scheme->key_type == T99_KEY_EC) {
        return key->curve != NULL && (version < T99_TLS13 || key->curve == scheme->curve);
    }
    if (key->type == T99_KEY_RSA_PSS && key->pss_restricted) {
        return key->pss_params.hash == scheme->alg.hash && key->pss_params.mgf_hash == scheme->alg.mgf_hash &&
               key->pss_params.salt_len <= scheme->alg.salt_len;
    }
    return true;
}
