/*
 * The cipher suites, one table: the ClientHello, the check of the ServerHello and the names that users see
 * read it.
 */
#ifndef T99_HANDSHAKE_CIPHER_SUITE_H
#define T99_HANDSHAKE_CIPHER_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/aead/aead.h"
#include "crypto/hash/hash.h"

/* How a suite authenticates and agrees on keys. TLS 1.3 suites leave it open. */
enum t99_suite_kex { SUITE_KEX_ANY, SUITE_KEX_ECDHE, SUITE_KEX_RSA };
enum t99_suite_auth { SUITE_AUTH_ANY, SUITE_AUTH_RSA, SUITE_AUTH_ECDSA };

struct t99_cipher_suite {
    uint16_t id;
    uint16_t version;         /* T99_TLS12 or T99_TLS13 */
    uint8_t kex;              /* enum t99_suite_kex */
    uint8_t auth;             /* enum t99_suite_auth; ECDSA stands for Ed25519 too (RFC 8422, 5.10) */
    bool legacy;              /* RSA key transport: only when asked for by name */
    const char *name;         /* IANA: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" */
    const char *openssl_name; /* "ECDHE-ECDSA-AES128-GCM-SHA256" */
    const struct t99_aead *aead;
    const struct t99_hash *hash; /* of transcript, HKDF and PRF */
};

/*
 * The i-th, best first on this CPU; NULL: no more. In portable C, AES-GCM takes five times as long as
 * ChaCha20: without instructions for AES the suites with ChaCha20 lead those of their version.
 */
const struct t99_cipher_suite *t99_cipher_suite_at(size_t i);
const struct t99_cipher_suite *t99_cipher_suite_in_order(size_t i, bool aes_is_fast);

/* NULL: not one of ours. */
const struct t99_cipher_suite *t99_cipher_suite_find(uint16_t id);

/* By either name, len bytes, letters of any case. NULL: not one of ours. */
const struct t99_cipher_suite *t99_cipher_suite_named(const char *name, size_t len);

#endif
