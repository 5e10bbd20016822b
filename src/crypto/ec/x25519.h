/* X25519: RFC 7748. Constant time. */
#ifndef T99_CRYPTO_EC_X25519_H
#define T99_CRYPTO_EC_X25519_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

/* out = X25519(scalar, u). False if out is all zero: u was a point of small order (RFC 7748, 6.1). */
bool t99_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t u[32]) T99_MUST_CHECK;

/* out = X25519(scalar, 9). */
void t99_x25519_public(uint8_t out[32], const uint8_t scalar[32]);

#endif
