/*
 * Secrets of a handshake: TLS 1.3 (RFC 9846, 7.1 to 7.3) and TLS 1.2 (RFC 5246, 8.1 and 6.3; RFC 7627). All
 * outputs are secret and belong to the caller, who wipes them. Transcript hashes are hash->len bytes.
 */
#ifndef T99_HANDSHAKE_KEY_SCHEDULE_H
#define T99_HANDSHAKE_KEY_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/aead/traffic_key.h"
#include "crypto/hash/hash.h"
#include "handshake/cipher_suite.h"

#define T99_MAIN_SECRET_LEN 48

/* Early secret from a PSK (RFC 9846, 7.1); psk_len 0: no PSK. secret: hash->len. */
void t99_early_secret(const struct t99_hash *hash, uint8_t *secret, const uint8_t *psk, size_t psk_len);

/* secret: in the early secret, out the handshake secret. */
void t99_handshake_secret(const struct t99_hash *hash, uint8_t *secret, const uint8_t *shared,
                          size_t shared_len);

/* secret: in the handshake secret, out the main secret. */
void t99_main_secret(const struct t99_hash *hash, uint8_t *secret);

/* Key and IV of a traffic secret (7.3). */
void t99_traffic_key_13(struct t99_traffic_key *key, const struct t99_cipher_suite *suite,
                        const uint8_t *secret);

/* application_traffic_secret_N+1 in place (7.2). */
void t99_next_traffic_secret(const struct t99_hash *hash, uint8_t *secret);

/* verify_data of Finished (4.5.3) and binders (4.3.11.2): hash->len bytes. */
void t99_finished_mac(const struct t99_hash *hash, uint8_t *mac, const uint8_t *base_secret,
                      const uint8_t *transcript_hash);

/* PSK of a ticket: 4.7.1. */
void t99_ticket_psk(const struct t99_hash *hash, uint8_t *psk, const uint8_t *resumption_secret,
                    const uint8_t *nonce, size_t nonce_len);

/* TLS 1.2. main: 48 bytes. session_hash NULL: the two randoms instead (no extended_master_secret). */
void t99_main_secret_12(const struct t99_hash *hash, uint8_t main[T99_MAIN_SECRET_LEN],
                        const uint8_t *premaster, size_t premaster_len, const uint8_t *session_hash,
                        const uint8_t client_random[32], const uint8_t server_random[32]);

/* Both directions' keys: RFC 5246, 6.3. */
void t99_traffic_keys_12(struct t99_traffic_key *client, struct t99_traffic_key *server,
                         const struct t99_cipher_suite *suite, const uint8_t main[T99_MAIN_SECRET_LEN],
                         const uint8_t client_random[32], const uint8_t server_random[32]);

/* verify_data: 12 bytes (RFC 5246, 7.4.9). */
void t99_verify_data_12(const struct t99_hash *hash, uint8_t out[12], const uint8_t main[T99_MAIN_SECRET_LEN],
                        bool from_client, const uint8_t *transcript_hash);

#endif
