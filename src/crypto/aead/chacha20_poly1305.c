/* AEAD_CHACHA20_POLY1305 (RFC 8439, 2.8) in portable C. */
#include <string.h>

#include "base/bytes.h"
#include "base/ct.h"
#include "base/wipe.h"
#include "crypto/aead/impl.h"
#include "crypto/cipher/chacha20.h"
#include "crypto/mac/poly1305.h"

static bool always(void)
{
    return true;
}

static void cp_init(struct t99_aead_key *key, const uint8_t *bytes, size_t len)
{
    memcpy(key->data, bytes, len);
}

/* The first block of key stream is Poly1305's key; the state is left at counter 1. */
static void begin(const struct t99_aead_key *key, uint32_t state[16], struct t99_poly1305 *mac,
                  const uint8_t *nonce)
{
    uint8_t block[T99_CHACHA20_BLOCK];

    t99_chacha20_init(state, (const uint8_t *)key->data, nonce, 0);
    t99_chacha20_block(state, block);
    t99_poly1305_init(mac, block);
    t99_wipe(block, sizeof block);
}

static void make_tag(struct t99_poly1305 *mac, uint8_t tag[16], const uint8_t *aad, size_t aad_len,
                     const uint8_t *ciphertext, size_t len)
{
    uint8_t lengths[16];

    store_le64(lengths, aad_len);
    store_le64(lengths + 8, len);
    t99_poly1305_padded(mac, aad, aad_len);
    t99_poly1305_padded(mac, ciphertext, len);
    t99_poly1305_blocks(mac, lengths, 1);
    t99_poly1305_final(mac, tag);
}

static void cp_seal(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                    size_t aad_len, const uint8_t *in, size_t len)
{
    struct t99_poly1305 mac;
    uint32_t state[16];

    begin(key, state, &mac, nonce);
    t99_chacha20_xor(state, out, in, len);
    make_tag(&mac, out + len, aad, aad_len, out, len);
    t99_wipe(state, sizeof state);
}

static bool cp_open(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                    size_t aad_len, const uint8_t *in, size_t len)
{
    struct t99_poly1305 mac;
    uint32_t state[16];
    uint8_t tag[16];
    bool ok;

    begin(key, state, &mac, nonce);
    make_tag(&mac, tag, aad, aad_len, in, len);
    ok = ct_reveal(t99_ct_equal(tag, in + len, sizeof tag));
    if (ok) {
        t99_chacha20_xor(state, out, in, len);
    } else if (len != 0) {
        memset(out, 0, len);
    }
    t99_wipe(state, sizeof state);
    return ok;
}

const struct t99_aead_impl t99_chacha20_poly1305_portable = { "portable", always, cp_init, cp_seal, cp_open };
