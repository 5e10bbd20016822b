/* AES-CBC decryption (NIST SP 800-38A), for encrypted private keys only. Constant time in key and data. */
#ifndef T99_CRYPTO_CIPHER_AES_CBC_H
#define T99_CRYPTO_CIPHER_AES_CBC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * out = len bytes decrypted; key_len 16, 24 or 32; len a multiple of 16; out may be in. False if a length is
 * wrong.
 */
bool t99_aes_cbc_decrypt(uint8_t *out, const uint8_t *key, size_t key_len, const uint8_t iv[16],
                         const uint8_t *in, size_t len) T99_MUST_CHECK;

#endif
