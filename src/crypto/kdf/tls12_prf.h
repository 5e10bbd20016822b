/* The TLS 1.2 pseudorandom function: RFC 5246, 5. */
#ifndef T99_CRYPTO_KDF_TLS12_PRF_H
#define T99_CRYPTO_KDF_TLS12_PRF_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/hash/hash.h"

/*
 * out = PRF(secret, label, seed1 || seed2), out_len bytes, with P_hash of the given hash. seed2 may be empty.
 */
void t99_tls12_prf(const struct t99_hash *hash, uint8_t *out, size_t out_len, const void *secret,
                   size_t secret_len, const char *label, const void *seed1, size_t seed1_len,
                   const void *seed2, size_t seed2_len);

#endif
