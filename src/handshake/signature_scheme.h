/* The signature schemes (RFC 9846, 4.3.3), one table. */
#ifndef T99_HANDSHAKE_SIGNATURE_SCHEME_H
#define T99_HANDSHAKE_SIGNATURE_SCHEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/sign/public_key.h"

struct t99_signature_scheme {
    uint16_t id;
    const char *name; /* "ecdsa_secp256r1_sha256" */
    enum t99_key_type key_type;
    const struct t99_curve *curve; /* the only one in TLS 1.3 (4.3.3); in 1.2 any curve goes with the hash */
    struct t99_sig_alg alg;
    bool tls12_only; /* rsa_pkcs1_*: in TLS 1.3 only inside certificates */
};

const struct t99_signature_scheme *t99_signature_scheme_at(size_t i);
const struct t99_signature_scheme *t99_signature_scheme_find(uint16_t id);
const struct t99_signature_scheme *t99_signature_scheme_named(const char *name, size_t len);

/* True if a key may be used with the scheme in this version of TLS. */
bool t99_signature_scheme_fits(const struct t99_signature_scheme *scheme, const struct t99_public_key *key,
                               uint16_t version);

#endif
