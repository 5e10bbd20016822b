/* Encodings of RFC 8017, 9: what is raised to a power. */
#ifndef T99_CRYPTO_RSA_PADDING_H
#define T99_CRYPTO_RSA_PADDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "crypto/hash/hash.h"

/*
 * EMSA-PKCS1-v1_5 (9.2) of a digest: em, len bytes. False: the key is too small, or the hash has no
 * identifier.
 */
bool t99_emsa_pkcs1(uint8_t *em, size_t len, const struct t99_hash *hash,
                    const uint8_t *digest) T99_MUST_CHECK;

/*
 * EMSA-PSS (9.1). em: len bytes that stand for em_bits bits (one bit less than the modulus; its length or one
 * byte less).
 */
bool t99_emsa_pss_encode(uint8_t *em, size_t em_bits, const struct t99_hash *hash,
                         const struct t99_hash *mgf_hash, const uint8_t *digest, const uint8_t *salt,
                         size_t salt_len) T99_MUST_CHECK;
/* em is changed. */
bool t99_emsa_pss_verify(uint8_t *em, size_t em_bits, const struct t99_hash *hash,
                         const struct t99_hash *mgf_hash, const uint8_t *digest,
                         size_t salt_len) T99_MUST_CHECK;

/* out ^= MGF1(seed), len bytes (B.2.1). */
void t99_mgf1_xor(const struct t99_hash *hash, uint8_t *out, size_t len, const uint8_t *seed,
                  size_t seed_len);

#endif
