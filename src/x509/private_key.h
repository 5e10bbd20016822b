/*
 * Private keys from files: PKCS#1 (RFC 8017, A.1.2), SEC 1 (RFC 5915), PKCS#8 (RFC 5958), and PKCS#8
 * encrypted by PBES2 (RFC 8018: PBKDF2 with HMAC-SHA-1 or -SHA-2, AES-CBC), in PEM.
 */
#ifndef T99_X509_PRIVATE_KEY_H
#define T99_X509_PRIVATE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/env.h"
#include "crypto/sign/private_key.h"

/* What a PEM label says that the bytes are. */
enum t99_key_format { KEY_FORMAT_PKCS1, KEY_FORMAT_SEC1, KEY_FORMAT_PKCS8, KEY_FORMAT_ENCRYPTED_PKCS8 };

/*
 * Decodes a key that is not encrypted; points into der. The parts of an RSA key are checked to fit together.
 * False: *why says what is wrong.
 */
bool t99_private_key_decode(struct t99_private_key *key, struct t99_span der, enum t99_key_format format,
                            const char **why) T99_MUST_CHECK;

/*
 * The first private key in PEM text. password: ends with NUL, or NULL. Returns the DER that the key points
 * into, which the caller frees by t99_free(env, der, *alloc_len) and which is secret. NULL: *why says why
 * ("it is empty", "wrong password"), or is NULL: out of memory.
 */
uint8_t *t99_private_key_from_pem(const struct t99_env *env, struct t99_span pem, const char *password,
                                  struct t99_private_key *key, size_t *alloc_len, size_t *len,
                                  enum t99_key_format *format, const char **why);

/* Decrypts an EncryptedPrivateKeyInfo in place: *plain is the PrivateKeyInfo, within der. */
bool t99_pbes2_decrypt(struct t99_span *plain, uint8_t *der, size_t len, const char *password,
                       const char **why) T99_MUST_CHECK;

#endif
