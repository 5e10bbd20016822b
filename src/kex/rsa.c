#include "kex/rsa.h"

#include "base/bytes.h"
#include "base/wipe.h"

bool t99_rsa_key_transport(const struct t99_rsa_public *key, const struct t99_env *env,
                           uint16_t offered_version, uint8_t premaster[T99_PREMASTER_LEN], uint8_t *out,
                           size_t *out_len)
{
    uint8_t padding[T99_RSA_MAX_BYTES];
    size_t modulus_len = t99_rsa_len(key);
    bool ok = modulus_len >= T99_PREMASTER_LEN + 11 && modulus_len <= T99_RSA_MAX_BYTES &&
              env->random(env->arg, premaster, T99_PREMASTER_LEN) &&
              env->random(env->arg, padding, modulus_len - T99_PREMASTER_LEN - 3);

    if (ok) {
        store_be16(premaster, offered_version);
        ok = t99_rsa_encrypt_pkcs1(key, out, premaster, T99_PREMASTER_LEN, padding);
        *out_len = modulus_len;
    }
    t99_wipe(padding, sizeof padding);
    return ok;
}
