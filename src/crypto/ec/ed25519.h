/* Ed25519: RFC 8032, 5.1. */
#ifndef T99_CRYPTO_EC_ED25519_H
#define T99_CRYPTO_EC_ED25519_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* True if sig is the signature of the message under the public key. Canonical encodings only, S below L. */
bool t99_ed25519_verify(const uint8_t sig[64], const uint8_t public_key[32], const void *message,
                        size_t len) T99_MUST_CHECK;

/* public_key of a 32-byte seed. Constant time. */
void t99_ed25519_public(uint8_t public_key[32], const uint8_t seed[32]);

/* Constant time in the seed; deterministic. */
void t99_ed25519_sign(uint8_t sig[64], const uint8_t seed[32], const uint8_t public_key[32],
                      const void *message, size_t len);

#endif
