#include "handshake/cipher_suite.h"

#include "base/text.h"
#include "crypto/aead/traffic_key.h"

/* Ids and names: IANA, TLS Cipher Suites. */
static const struct t99_cipher_suite suites[] = {
    { 0x1301, T99_TLS13, SUITE_KEX_ANY, SUITE_AUTH_ANY, false, "TLS_AES_128_GCM_SHA256",
      "TLS_AES_128_GCM_SHA256", &t99_aes_128_gcm, &t99_sha256 },
    { 0x1302, T99_TLS13, SUITE_KEX_ANY, SUITE_AUTH_ANY, false, "TLS_AES_256_GCM_SHA384",
      "TLS_AES_256_GCM_SHA384", &t99_aes_256_gcm, &t99_sha384 },
    { 0x1303, T99_TLS13, SUITE_KEX_ANY, SUITE_AUTH_ANY, false, "TLS_CHACHA20_POLY1305_SHA256",
      "TLS_CHACHA20_POLY1305_SHA256", &t99_chacha20_poly1305, &t99_sha256 },
    { 0xc02b, T99_TLS12, SUITE_KEX_ECDHE, SUITE_AUTH_ECDSA, false, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
      "ECDHE-ECDSA-AES128-GCM-SHA256", &t99_aes_128_gcm, &t99_sha256 },
    { 0xc02f, T99_TLS12, SUITE_KEX_ECDHE, SUITE_AUTH_RSA, false, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
      "ECDHE-RSA-AES128-GCM-SHA256", &t99_aes_128_gcm, &t99_sha256 },
    { 0xc02c, T99_TLS12, SUITE_KEX_ECDHE, SUITE_AUTH_ECDSA, false, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "ECDHE-ECDSA-AES256-GCM-SHA384", &t99_aes_256_gcm, &t99_sha384 },
    { 0xc030, T99_TLS12, SUITE_KEX_ECDHE, SUITE_AUTH_RSA, false, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
      "ECDHE-RSA-AES256-GCM-SHA384", &t99_aes_256_gcm, &t99_sha384 },
    { 0xcca9, T99_TLS12, SUITE_KEX_ECDHE, SUITE_AUTH_ECDSA, false,
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305",
      &t99_chacha20_poly1305, &t99_sha256 },
    { 0xcca8, T99_TLS12, SUITE_KEX_ECDHE, SUITE_AUTH_RSA, false,
      "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305", &t99_chacha20_poly1305,
      &t99_sha256 },
    { 0x009c, T99_TLS12, SUITE_KEX_RSA, SUITE_AUTH_RSA, true, "TLS_RSA_WITH_AES_128_GCM_SHA256",
      "AES128-GCM-SHA256", &t99_aes_128_gcm, &t99_sha256 },
    { 0x009d, T99_TLS12, SUITE_KEX_RSA, SUITE_AUTH_RSA, true, "TLS_RSA_WITH_AES_256_GCM_SHA384",
      "AES256-GCM-SHA384", &t99_aes_256_gcm, &t99_sha384 },
};

#define NUM_SUITES (sizeof suites / sizeof suites[0])

/* Indices into suites[], whose order is that for a processor with AES. */
static const uint8_t chacha_first[NUM_SUITES] = { 2, 0, 1, 7, 8, 3, 4, 5, 6, 9, 10 };

const struct t99_cipher_suite *t99_cipher_suite_in_order(size_t i, bool aes_is_fast)
{
    return i < NUM_SUITES ? &suites[aes_is_fast ? i : chacha_first[i]] : NULL;
}

const struct t99_cipher_suite *t99_cipher_suite_at(size_t i)
{
    return t99_cipher_suite_in_order(i, t99_aes_128_gcm.impl(1) != NULL); /* more than the portable one */
}

const struct t99_cipher_suite *t99_cipher_suite_find(uint16_t id)
{
    size_t i;

    for (i = 0; i < NUM_SUITES; i++) {
        if (suites[i].id == id) {
            return &suites[i];
        }
    }
    return NULL;
}

const struct t99_cipher_suite *t99_cipher_suite_named(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < NUM_SUITES; i++) {
        if (t99_same_word(suites[i].name, name, len) || t99_same_word(suites[i].openssl_name, name, len)) {
            return &suites[i];
        }
    }
    return NULL;
}
