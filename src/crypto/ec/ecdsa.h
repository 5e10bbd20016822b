/* ECDSA signing with a hedged nonce: RFC 6979's generator, fed with fresh randomness as well (its 3.6). */
#ifndef T99_CRYPTO_EC_ECDSA_H
#define T99_CRYPTO_EC_ECDSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/ec/curve.h"
#include "crypto/hash/hash.h"

#define T99_ECDSA_SIG_MAX 141 /* DER, P-521 */

/*
 * sig: DER, *sig_len bytes, room for T99_ECDSA_SIG_MAX. scalar: the private key. digest: of the message, by
 * `hash`. noise: noise_len random bytes for the nonce, 0 for plain RFC 6979. Constant time but for the length
 * of sig.
 */
bool t99_ecdsa_sign(const struct t99_curve *curve, const struct t99_hash *hash, uint8_t *sig, size_t *sig_len,
                    const uint8_t *scalar, const uint8_t *digest, const uint8_t *noise,
                    size_t noise_len) T99_MUST_CHECK;

#endif
