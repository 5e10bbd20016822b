#include "crypto/sign/public_key.h"

#include <stdio.h>

#include "crypto/bignum/bignum.h"
#include "crypto/ec/ed25519.h"

static bool verify_rsa(const struct t99_public_key *key, const struct t99_sig_alg *alg, const uint8_t *digest,
                       struct t99_span sig)
{
    if (alg->type == T99_SIG_RSA_PKCS1) {
        return key->type == T99_KEY_RSA && t99_rsa_verify_pkcs1(&key->rsa, alg->hash, digest, sig);
    }
    if (key->type == T99_KEY_RSA_PSS && key->pss_restricted &&
        (key->pss_params.hash != alg->hash || key->pss_params.mgf_hash != alg->mgf_hash ||
         alg->salt_len < key->pss_params.salt_len)) {
        return false; /* RFC 4055, 3.3 */
    }
    return (key->type == T99_KEY_RSA || key->type == T99_KEY_RSA_PSS) && alg->mgf_hash != NULL &&
           t99_rsa_verify_pss(&key->rsa, alg->hash, alg->mgf_hash, alg->salt_len, digest, sig);
}

bool t99_verify_signature(const struct t99_public_key *key, const struct t99_sig_alg *alg,
                          struct t99_span message, struct t99_span sig)
{
    uint8_t digest[T99_HASH_MAX];

    if (alg->weak != NULL) {
        return false;
    }
    if (alg->type == T99_SIG_ED25519) {
        return key->type == T99_KEY_ED25519 && key->point.len == 32 && sig.len == 64 &&
               t99_ed25519_verify(sig.p, key->point.p, message.p, message.len);
    }
    if (alg->hash == NULL) {
        return false;
    }
    t99_hash(alg->hash, digest, message.p, message.len);
    switch (alg->type) {
    case T99_SIG_RSA_PKCS1:
    case T99_SIG_RSA_PSS:
        return verify_rsa(key, alg, digest, sig);
    case T99_SIG_ECDSA:
        return key->type == T99_KEY_EC && key->curve != NULL &&
               t99_ecdsa_verify(key->curve, key->point, digest, alg->hash->len, sig);
    default:
        return false;
    }
}

const char *t99_public_key_name(char *out, size_t out_len, const struct t99_public_key *key)
{
    switch (key->type) {
    case T99_KEY_RSA:
        (void)snprintf(out, out_len, "RSA %u", (unsigned)t99_bn_bits(key->rsa.n));
        break;
    case T99_KEY_RSA_PSS:
        (void)snprintf(out, out_len, "RSA-PSS %u", (unsigned)t99_bn_bits(key->rsa.n));
        break;
    case T99_KEY_EC:
        (void)snprintf(out, out_len, "%s", key->curve != NULL ? key->curve->name : "EC on an unknown curve");
        break;
    case T99_KEY_ED25519:
        (void)snprintf(out, out_len, "Ed25519");
        break;
    default:
        (void)snprintf(out, out_len, "an unknown algorithm");
        break;
    }
    return out;
}
