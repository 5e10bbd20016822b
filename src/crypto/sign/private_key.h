/* Private keys of client certificates, decoded. */
#ifndef T99_CRYPTO_SIGN_PRIVATE_KEY_H
#define T99_CRYPTO_SIGN_PRIVATE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "crypto/ec/curve.h"
#include "crypto/rsa/rsa.h"
#include "crypto/sign/public_key.h"

/* Points into secret bytes that belong to its owner. */
struct t99_private_key {
    enum t99_key_type type; /* RSA, RSA_PSS, EC, ED25519 */
    struct t99_rsa_private rsa;
    const struct t99_curve *curve;
    struct t99_span scalar; /* EC: curve->len bytes; ED25519: the 32-byte seed */
};

/* True if the two halves are one key pair. Constant time in the private key but for the answer. */
bool t99_private_key_matches(const struct t99_private_key *key,
                             const struct t99_public_key *pub) T99_MUST_CHECK;

#endif
