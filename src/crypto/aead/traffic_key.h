/*
 * What protects one direction of a connection: derived by the handshake, used by the record layer, which do
 * not know each other. Secret; whoever holds one wipes it.
 */
#ifndef T99_CRYPTO_AEAD_TRAFFIC_KEY_H
#define T99_CRYPTO_AEAD_TRAFFIC_KEY_H

#include <stdint.h>

#include "crypto/aead/aead.h"

#define T99_TLS12 0x0303
#define T99_TLS13 0x0304

struct t99_traffic_key {
    const struct t99_aead *aead;
    uint16_t version; /* T99_TLS12 or T99_TLS13: how nonces and additional data are made */
    /*
     * TLS 1.2 AES-GCM: the nonce is iv[0..3] and 8 explicit bytes in the record (RFC 5288, 3); else iv XOR
     * sequence number.
     */
    bool explicit_nonce;
    uint8_t key[T99_AEAD_KEY_MAX];
    uint8_t iv[T99_AEAD_NONCE_LEN];
};

#endif
