/*
 * HKDF (RFC 5869) and the TLS 1.3 functions on top of it (RFC 9846, 7.1). Secrets in, secrets out: constant
 * time.
 */
#ifndef T99_CRYPTO_KDF_HKDF_H
#define T99_CRYPTO_KDF_HKDF_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/hash/hash.h"

/* prk: hash->len bytes. salt_len 0: a salt of hash->len zeros. prk may be salt or ikm. */
void t99_hkdf_extract(const struct t99_hash *hash, uint8_t *prk, const void *salt, size_t salt_len,
                      const void *ikm, size_t ikm_len);

/*
 * okm: okm_len bytes, at most 255 * hash->len (more: okm is zeroed and nothing else happens: a caller's bug).
 */
void t99_hkdf_expand(const struct t99_hash *hash, uint8_t *okm, size_t okm_len, const void *prk,
                     size_t prk_len, const void *info, size_t info_len);

/*
 * HKDF-Expand-Label(secret, label, context, out_len): label without "tls13 ", at most 249 bytes; secret:
 * hash->len bytes; context at most 255 bytes; out_len at most 255 * hash->len.
 */
void t99_hkdf_expand_label(const struct t99_hash *hash, uint8_t *out, size_t out_len, const uint8_t *secret,
                           const char *label, const void *context, size_t context_len);

/* Derive-Secret with the transcript hash already computed: out and transcript_hash are hash->len bytes. */
void t99_derive_secret(const struct t99_hash *hash, uint8_t *out, const uint8_t *secret, const char *label,
                       const uint8_t *transcript_hash);

#endif
