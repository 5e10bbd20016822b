/*
 * Public keys and signature algorithms, as certificates and handshakes use them: one call verifies any of
 * them.
 */
#ifndef T99_CRYPTO_SIGN_PUBLIC_KEY_H
#define T99_CRYPTO_SIGN_PUBLIC_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "crypto/ec/curve.h"
#include "crypto/hash/hash.h"
#include "crypto/rsa/rsa.h"

enum t99_key_type {
    T99_KEY_UNKNOWN, /* an algorithm that we do not know: such a certificate may be present but not used */
    T99_KEY_RSA,     /* rsaEncryption */
    T99_KEY_RSA_PSS, /* id-RSASSA-PSS */
    T99_KEY_EC,
    T99_KEY_ED25519
};

enum t99_sig_type { T99_SIG_UNKNOWN, T99_SIG_RSA_PKCS1, T99_SIG_RSA_PSS, T99_SIG_ECDSA, T99_SIG_ED25519 };

/* How something was signed: an AlgorithmIdentifier or a SignatureScheme, decoded. */
struct t99_sig_alg {
    enum t99_sig_type type;
    const struct t99_hash
        *hash; /* NULL for Ed25519; NULL too for a hash that is never accepted (MD5, SHA-1): see weak */
    const struct t99_hash *mgf_hash; /* PSS */
    size_t salt_len;                 /* PSS */
    const char *weak;                /* "MD5", "SHA-1": recognised and always refused; NULL otherwise */
};

/* Points into the SubjectPublicKeyInfo it was decoded from. */
struct t99_public_key {
    enum t99_key_type type;
    struct t99_rsa_public rsa;     /* RSA, RSA_PSS */
    bool pss_restricted;           /* id-RSASSA-PSS with parameters: */
    struct t99_sig_alg pss_params; /* hash, mgf_hash, least salt_len */
    const struct t99_curve *curve; /* EC; NULL: a curve that we do not know */
    struct t99_span point;         /* EC: uncompressed; ED25519: 32 bytes */
};

/* True if sig is a valid signature of the message. False too if key and algorithm do not go together. */
bool t99_verify_signature(const struct t99_public_key *key, const struct t99_sig_alg *alg,
                          struct t99_span message, struct t99_span sig) T99_MUST_CHECK;

/* "RSA 2048", "P-256", "Ed25519": for people. Returns out. */
const char *t99_public_key_name(char *out, size_t out_len, const struct t99_public_key *key);

#endif
