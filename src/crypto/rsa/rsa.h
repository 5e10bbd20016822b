/*
 * RSA (RFC 8017): verification of PKCS#1 v1.5 and PSS signatures up to 8192 bits, encryption PKCS#1 v1.5 for
 * TLS 1.2 key transport, and signing. Public operations work on public data and are not constant time, except
 * that the plaintext of an encryption is treated as secret.
 */
#ifndef T99_CRYPTO_RSA_RSA_H
#define T99_CRYPTO_RSA_RSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "crypto/hash/hash.h"

#define T99_RSA_MAX_BYTES 1024 /* of a modulus: 8192 bits */

/* Big-endian integers; leading zeros are ignored. */
struct t99_rsa_public {
    struct t99_span n, e;
};

/* Bits of the modulus, also of one that is too short or too long to be used. */
size_t t99_rsa_bits(const struct t99_rsa_public *key);

/* Bytes of the modulus, and so of a signature: at most T99_RSA_MAX_BYTES; 0: it is longer, or none. */
size_t t99_rsa_len(const struct t99_rsa_public *key);

/*
 * True if n is odd, of 1024 to 8192 bits, and e is odd, at least 3 and below 2^33. What policy asks beyond
 * stands elsewhere.
 */
bool t99_rsa_public_valid(const struct t99_rsa_public *key);

/*
 * RSASSA-PKCS1-v1_5 (8.2.2). The encoded DigestInfo is compared whole, NULL parameters required; sig must be
 * as long as n.
 */
bool t99_rsa_verify_pkcs1(const struct t99_rsa_public *key, const struct t99_hash *hash,
                          const uint8_t *digest, struct t99_span sig) T99_MUST_CHECK;

/* RSASSA-PSS (8.1.2) with MGF1. */
bool t99_rsa_verify_pss(const struct t99_rsa_public *key, const struct t99_hash *hash,
                        const struct t99_hash *mgf_hash, size_t salt_len, const uint8_t *digest,
                        struct t99_span sig) T99_MUST_CHECK;

/*
 * RSAES-PKCS1-v1_5 (7.2.1): out, as long as the modulus. padding: modulus length - len - 3 random bytes;
 * zeros among them are made non-zero. False if the message is too long for the modulus or the key is not
 * valid.
 */
bool t99_rsa_encrypt_pkcs1(const struct t99_rsa_public *key, uint8_t *out, const uint8_t *message, size_t len,
                           const uint8_t *padding) T99_MUST_CHECK;

/* A private key with its Chinese-remainder parts (RFC 8017, 3.2), two primes. */
struct t99_rsa_private {
    struct t99_rsa_public pub;
    struct t99_span d, p, q, dp, dq, qinv;
};

/*
 * True if the parts fit together: n = p * q, sizes, e * dp = 1 mod p - 1, e * dq = 1 mod q - 1, qinv * q = 1
 * mod p. Constant time.
 */
bool t99_rsa_private_valid(const struct t99_rsa_private *key) T99_MUST_CHECK;

/*
 * sig, as long as the modulus. blinding: as many random bytes as the modulus has, for base blinding. The
 * result is verified before it leaves, against faults. Constant time.
 */
bool t99_rsa_sign_pkcs1(const struct t99_rsa_private *key, const struct t99_hash *hash, uint8_t *sig,
                        const uint8_t *digest, const uint8_t *blinding) T99_MUST_CHECK;
bool t99_rsa_sign_pss(const struct t99_rsa_private *key, const struct t99_hash *hash, uint8_t *sig,
                      const uint8_t *digest, const uint8_t *salt, size_t salt_len,
                      const uint8_t *blinding) T99_MUST_CHECK;

#endif
