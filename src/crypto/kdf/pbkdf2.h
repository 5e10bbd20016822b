/* PBKDF2 with HMAC: RFC 8018, 5.2. For encrypted private keys. */
#ifndef T99_CRYPTO_KDF_PBKDF2_H
#define T99_CRYPTO_KDF_PBKDF2_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/hash/hash.h"

/* out: out_len bytes; iterations at least 1 (the caller bounds it from above). */
void t99_pbkdf2(const struct t99_hash *hash, uint8_t *out, size_t out_len, const void *password,
                size_t password_len, const void *salt, size_t salt_len, uint32_t iterations);

#endif
