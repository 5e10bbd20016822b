/* RSA key transport of TLS 1.2 (RFC 5246, 7.4.7.1): no forward secrecy; only for who asks for it by name. */
#ifndef T99_KEX_RSA_H
#define T99_KEX_RSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/env.h"
#include "crypto/rsa/rsa.h"

#define T99_PREMASTER_LEN 48

/*
 * Makes a pre-master secret, 48 bytes that start with the version offered, and encrypts it to the server's
 * key. out: room for T99_RSA_MAX_BYTES; *out_len: as long as the modulus. False: no randomness, or the key is
 * not usable.
 */
bool t99_rsa_key_transport(const struct t99_rsa_public *key, const struct t99_env *env,
                           uint16_t offered_version, uint8_t premaster[T99_PREMASTER_LEN], uint8_t *out,
                           size_t *out_len) T99_MUST_CHECK;

#endif
