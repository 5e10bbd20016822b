/* A client certificate and its private key. */
#ifndef T99_HANDSHAKE_CREDENTIAL_H
#define T99_HANDSHAKE_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/env.h"
#include "crypto/sign/private_key.h"
#include "handshake/signature_scheme.h"

struct t99_credential {
    struct t99_span certs[10]; /* leaf first */
    size_t num_certs;
    struct t99_public_key public_key; /* of the leaf */
    struct t99_span issuers[10];      /* Names with header, of each certificate */
    struct t99_private_key key;
    /* Which schemes it may sign with, best first; num 0: all that fit the key. */
    uint16_t schemes[16];
    size_t num_schemes;
    bool must_match_issuer; /* is of use only where the server names one of the issuers */
};

#define T99_SIGNATURE_MAX 1024

/* True if the key is of the scheme's kind and large enough for it. */
bool t99_key_can_sign(const struct t99_private_key *key, const struct t99_signature_scheme *scheme);

/*
 * sig (room for T99_SIGNATURE_MAX, *sig_len bytes) over the message with the scheme. False: the key cannot,
 * or no randomness. Constant time in the key.
 */
bool t99_sign(const struct t99_private_key *key, const struct t99_signature_scheme *scheme,
              const struct t99_env *env, uint8_t *sig, size_t *sig_len, const uint8_t *message,
              size_t len) T99_MUST_CHECK;

#endif
