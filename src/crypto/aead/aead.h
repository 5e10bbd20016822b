/*
 * Authenticated encryption: AES-GCM (NIST SP 800-38D) and ChaCha20-Poly1305 (RFC 8439), 96-bit nonces,
 * 128-bit tags.
 *
 * An algorithm is a const row; how it runs on this CPU is chosen once, when a key is set up, from the rows
 * that t99_*_impl() lists, best first and portable last. Tests run every row. All of it is constant time.
 */
#ifndef T99_CRYPTO_AEAD_AEAD_H
#define T99_CRYPTO_AEAD_AEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define T99_AEAD_NONCE_LEN 12
#define T99_AEAD_TAG_LEN 16
#define T99_AEAD_KEY_MAX 32

struct t99_aead_impl;

/* An expanded key: belongs to whoever declares it, wiped by t99_aead_wipe(). Not to be copied by byte. */
struct t99_aead_key {
    const struct t99_aead_impl *impl;
    uint64_t data[72] T99_ALIGNED(16);
};

/* One way to compute one algorithm. */
struct t99_aead_impl {
    const char *name;        /* "portable", "aesni+pclmul" */
    bool (*supported)(void); /* by this CPU */
    void (*init)(struct t99_aead_key *key, const uint8_t *bytes, size_t len);
    /*
     * out = in encrypted, len bytes, then the tag, 16 bytes. out may be in; otherwise they must not overlap.
     */
    void (*seal)(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, const uint8_t *in, size_t len);
    /*
     * in: len bytes of ciphertext, then the tag. False and out zeroed (len bytes) if it is not authentic. out
     * may be in.
     */
    bool (*open)(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, const uint8_t *in, size_t len);
};

struct t99_aead {
    const char *name; /* "AES_128_GCM", as a browser's security panel says it */
    size_t key_len;
    unsigned strength;   /* bits */
    uint64_t seal_limit; /* records under one key before it must change: RFC 9846, 5.5 */
    const struct t99_aead_impl *(*impl)(
        size_t i); /* the i-th that this CPU runs, best first; NULL: no more */
};

extern const struct t99_aead t99_aes_128_gcm;
extern const struct t99_aead t99_aes_256_gcm;
extern const struct t99_aead t99_chacha20_poly1305;

/* Sets up a key of aead->key_len bytes on the best implementation. */
void t99_aead_init(struct t99_aead_key *key, const struct t99_aead *aead, const uint8_t *bytes);

static inline void t99_aead_seal(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce,
                                 const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t len)
{
    key->impl->seal(key, out, nonce, aad, aad_len, in, len);
}

T99_MUST_CHECK
static inline bool t99_aead_open(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce,
                                 const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t len)
{
    return key->impl->open(key, out, nonce, aad, aad_len, in, len);
}

void t99_aead_wipe(struct t99_aead_key *key);

#endif
