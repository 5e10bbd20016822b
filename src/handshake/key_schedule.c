#include "handshake/key_schedule.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/kdf/hkdf.h"
#include "crypto/kdf/tls12_prf.h"
#include "crypto/mac/hmac.h"

void t99_early_secret(const struct t99_hash *hash, uint8_t *secret, const uint8_t *psk, size_t psk_len)
{
    static const uint8_t zeros[T99_HASH_MAX];

    if (psk_len == 0) {
        t99_hkdf_extract(hash, secret, NULL, 0, zeros, hash->len);
    } else {
        t99_hkdf_extract(hash, secret, NULL, 0, psk, psk_len);
    }
}

/* Derive-Secret(secret, "derived", ""), the salt of the next stage. */
static void derived(const struct t99_hash *hash, uint8_t *out, const uint8_t *secret)
{
    uint8_t empty[T99_HASH_MAX];

    t99_hash(hash, empty, NULL, 0);
    t99_derive_secret(hash, out, secret, "derived", empty);
}

void t99_handshake_secret(const struct t99_hash *hash, uint8_t *secret, const uint8_t *shared,
                          size_t shared_len)
{
    uint8_t salt[T99_HASH_MAX];

    derived(hash, salt, secret);
    t99_hkdf_extract(hash, secret, salt, hash->len, shared, shared_len);
    t99_wipe(salt, sizeof salt);
}

void t99_main_secret(const struct t99_hash *hash, uint8_t *secret)
{
    static const uint8_t zeros[T99_HASH_MAX];
    uint8_t salt[T99_HASH_MAX];

    derived(hash, salt, secret);
    t99_hkdf_extract(hash, secret, salt, hash->len, zeros, hash->len);
    t99_wipe(salt, sizeof salt);
}

void t99_traffic_key_13(struct t99_traffic_key *key, const struct t99_cipher_suite *suite,
                        const uint8_t *secret)
{
    memset(key, 0, sizeof *key);
    key->aead = suite->aead;
    key->version = T99_TLS13;
    t99_hkdf_expand_label(suite->hash, key->key, suite->aead->key_len, secret, "key", NULL, 0);
    t99_hkdf_expand_label(suite->hash, key->iv, sizeof key->iv, secret, "iv", NULL, 0);
}

void t99_next_traffic_secret(const struct t99_hash *hash, uint8_t *secret)
{
    uint8_t next[T99_HASH_MAX];

    t99_hkdf_expand_label(hash, next, hash->len, secret, "traffic upd", NULL, 0);
    memcpy(secret, next, hash->len);
    t99_wipe(next, sizeof next);
}

void t99_finished_mac(const struct t99_hash *hash, uint8_t *mac, const uint8_t *base_secret,
                      const uint8_t *transcript_hash)
{
    uint8_t key[T99_HASH_MAX];

    t99_hkdf_expand_label(hash, key, hash->len, base_secret, "finished", NULL, 0);
    t99_hmac(hash, mac, key, hash->len, transcript_hash, hash->len);
    t99_wipe(key, sizeof key);
}

void t99_ticket_psk(const struct t99_hash *hash, uint8_t *psk, const uint8_t *resumption_secret,
                    const uint8_t *nonce, size_t nonce_len)
{
    t99_hkdf_expand_label(hash, psk, hash->len, resumption_secret, "resumption", nonce, nonce_len);
}

void t99_main_secret_12(const struct t99_hash *hash, uint8_t main[T99_MAIN_SECRET_LEN],
                        const uint8_t *premaster, size_t premaster_len, const uint8_t *session_hash,
                        const uint8_t client_random[32], const uint8_t server_random[32])
{
    if (session_hash != NULL) {
        t99_tls12_prf(hash, main, T99_MAIN_SECRET_LEN, premaster, premaster_len, "extended master secret",
                      session_hash, hash->len, NULL, 0);
    } else {
        t99_tls12_prf(hash, main, T99_MAIN_SECRET_LEN, premaster, premaster_len, "master secret",
                      client_random, 32, server_random, 32);
    }
}

void t99_traffic_keys_12(struct t99_traffic_key *client, struct t99_traffic_key *server,
                         const struct t99_cipher_suite *suite, const uint8_t main[T99_MAIN_SECRET_LEN],
                         const uint8_t client_random[32], const uint8_t server_random[32])
{
    uint8_t block[2 * (T99_AEAD_KEY_MAX + T99_AEAD_NONCE_LEN)];
    bool explicit_nonce = suite->aead != &t99_chacha20_poly1305; /* RFC 5288, 3; RFC 7905, 2 */
    size_t key_len = suite->aead->key_len, iv_len = explicit_nonce ? 4 : T99_AEAD_NONCE_LEN;

    memset(client, 0, sizeof *client);
    client->aead = suite->aead;
    client->version = T99_TLS12;
    client->explicit_nonce = explicit_nonce;
    *server = *client;
    t99_tls12_prf(suite->hash, block, 2 * (key_len + iv_len), main, T99_MAIN_SECRET_LEN, "key expansion",
                  server_random, 32, client_random, 32);
    memcpy(client->key, block, key_len);
    memcpy(server->key, block + key_len, key_len);
    memcpy(client->iv, block + 2 * key_len, iv_len);
    memcpy(server->iv, block + 2 * key_len + iv_len, iv_len);
    t99_wipe(block, sizeof block);
}

void t99_verify_data_12(const struct t99_hash *hash, uint8_t out[12], const uint8_t main[T99_MAIN_SECRET_LEN],
                        bool from_client, const uint8_t *transcript_hash)
{
    t99_tls12_prf(hash, out, 12, main, T99_MAIN_SECRET_LEN,
                  from_client ? "client finished" : "server finished", transcript_hash, hash->len, NULL, 0);
}
