#include "handshake/credential.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/ec/ecdsa.h"
#include "crypto/ec/ed25519.h"

bool t99_key_can_sign(const struct t99_private_key *key, const struct t99_signature_scheme *scheme)
{
    size_t bytes;

    if (key->type != T99_KEY_RSA && key->type != T99_KEY_RSA_PSS) {
        return key->type == scheme->key_type;
    }
    /* RFC 8017, 9.1.1: emLen >= hLen + sLen + 2; a 1024-bit key is too small for PSS with SHA-512 */
    bytes = (t99_rsa_bits(&key->rsa.pub) + 6) / 8;
    return scheme->key_type == key->type &&
           (scheme->alg.type != T99_SIG_RSA_PSS || bytes >= scheme->alg.hash->len + scheme->alg.salt_len + 2);
}

static bool sign_rsa(const struct t99_private_key *key, const struct t99_sig_alg *alg,
                     const struct t99_env *env, uint8_t *sig, size_t *sig_len, const uint8_t *digest)
{
    uint8_t blinding[T99_RSA_MAX_BYTES], salt[T99_HASH_MAX];
    size_t len = t99_rsa_len(&key->rsa.pub);
    bool ok = env->random(env->arg, blinding, len);

    if (ok && alg->type == T99_SIG_RSA_PSS) {
        ok = env->random(env->arg, salt, alg->salt_len) &&
             t99_rsa_sign_pss(&key->rsa, alg->hash, sig, digest, salt, alg->salt_len, blinding);
    } else if (ok) {
        ok = t99_rsa_sign_pkcs1(&key->rsa, alg->hash, sig, digest, blinding);
    }
    *sig_len = len;
    t99_wipe(blinding, sizeof blinding);
    return ok;
}

static bool sign_ecdsa(const struct t99_private_key *key, const struct t99_sig_alg *alg,
                       const struct t99_env *env, uint8_t *sig, size_t *sig_len, const uint8_t *digest)
{
    uint8_t noise[32];
    bool ok = env->random(env->arg, noise, sizeof noise) &&
              t99_ecdsa_sign(key->curve, alg->hash, sig, sig_len, key->scalar.p, digest, noise, sizeof noise);

    t99_wipe(noise, sizeof noise);
    return ok;
}

static void sign_ed25519(const struct t99_private_key *key, uint8_t *sig, size_t *sig_len,
                         const uint8_t *message, size_t len)
{
    uint8_t public_key[32];

    t99_ed25519_public(public_key, key->scalar.p);
    t99_ed25519_sign(sig, key->scalar.p, public_key, message, len);
    *sig_len = 64;
}

bool t99_sign(const struct t99_private_key *key, const struct t99_signature_scheme *scheme,
              const struct t99_env *env, uint8_t *sig, size_t *sig_len, const uint8_t *message, size_t len)
{
    uint8_t digest[T99_HASH_MAX];

    if (key->type == T99_KEY_ED25519) {
        sign_ed25519(key, sig, sig_len, message, len);
        return true;
    }
    t99_hash(scheme->alg.hash, digest, message, len);
    if (key->type == T99_KEY_EC) {
        return sign_ecdsa(key, &scheme->alg, env, sig, sig_len, digest);
    }
    return sign_rsa(key, &scheme->alg, env, sig, sig_len, digest);
}
