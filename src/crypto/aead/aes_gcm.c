/* AES-GCM (NIST SP 800-38D) in portable C. */
#include <string.h>

#include "base/bytes.h"
#include "base/ct.h"
#include "base/wipe.h"
#include "crypto/aead/ghash.h"
#include "crypto/aead/impl.h"
#include "crypto/cipher/aes_bitslice.h"

#define BATCH (T99_AES_BATCH * T99_AES_BLOCK)

/* What stands in a struct t99_aead_key. */
struct gcm_key {
    struct t99_aes_key aes;
    uint8_t h[16];
};

typedef char gcm_key_fits[sizeof(struct gcm_key) <= sizeof(((struct t99_aead_key *)0)->data) ? 1 : -1];

static bool always(void)
{
    return true;
}

static void gcm_init(struct t99_aead_key *key, const uint8_t *bytes, size_t len)
{
    struct gcm_key *k = (struct gcm_key *)(void *)key->data;
    uint8_t batch[BATCH];

    t99_aes_expand(&k->aes, bytes, len);
    memset(batch, 0, sizeof batch);
    t99_aes_encrypt4(&k->aes, batch, batch);
    memcpy(k->h, batch, sizeof k->h);
    t99_wipe(batch, sizeof batch);
}

/* Key stream of the counters from `counter` on. */
static void key_stream(const struct gcm_key *k, uint8_t out[BATCH], const uint8_t *nonce, uint32_t counter)
{
    uint32_t i;

    for (i = 0; i < T99_AES_BATCH; i++) {
        memcpy(out + 16 * i, nonce, T99_AEAD_NONCE_LEN);
        store_be32(out + 16 * i + 12, counter + i);
    }
    t99_aes_encrypt4(&k->aes, out, out);
}

/* The first block of key stream masks the tag, the others the data. */
static void crypt(const struct gcm_key *k, uint8_t *out, uint8_t mask[16], const uint8_t *nonce,
                  const uint8_t *in, size_t len)
{
    uint8_t stream[BATCH];
    size_t used = 16, i;
    uint32_t counter = 1;

    key_stream(k, stream, nonce, counter);
    memcpy(mask, stream, 16);
    while (len > 0) {
        size_t n = BATCH - used < len ? BATCH - used : len;

        for (i = 0; i < n; i++) {
            out[i] = in[i] ^ stream[used + i];
        }
        out += n;
        in += n;
        len -= n;
        used = 0;
        counter += T99_AES_BATCH;
        if (len > 0) {
            key_stream(k, stream, nonce, counter);
        }
    }
    t99_wipe(stream, sizeof stream);
}

static void make_tag(const struct gcm_key *k, uint8_t tag[16], const uint8_t mask[16], const uint8_t *aad,
                     size_t aad_len, const uint8_t *ciphertext, size_t len)
{
    struct t99_ghash g;
    size_t i;

    t99_ghash_init(&g, k->h);
    t99_ghash_update(&g, aad, aad_len);
    t99_ghash_update(&g, ciphertext, len);
    t99_ghash_final(&g, tag, aad_len, len);
    for (i = 0; i < 16; i++) {
        tag[i] ^= mask[i];
    }
    t99_wipe(&g, sizeof g);
}

static void gcm_seal(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                     size_t aad_len, const uint8_t *in, size_t len)
{
    const struct gcm_key *k = (const struct gcm_key *)(const void *)key->data;
    uint8_t mask[16];

    crypt(k, out, mask, nonce, in, len);
    make_tag(k, out + len, mask, aad, aad_len, out, len);
    t99_wipe(mask, sizeof mask);
}

static bool gcm_open(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                     size_t aad_len, const uint8_t *in, size_t len)
{
    const struct gcm_key *k = (const struct gcm_key *)(const void *)key->data;
    uint8_t mask[16], tag[16];
    bool ok;

    crypt(k, out, mask, nonce, in, 0);
    make_tag(k, tag, mask, aad, aad_len, in, len);
    ok = ct_reveal(t99_ct_equal(tag, in + len, sizeof tag));
    if (ok) {
        crypt(k, out, mask, nonce, in, len);
    } else if (len != 0) {
        memset(out, 0, len);
    }
    t99_wipe(mask, sizeof mask);
    t99_wipe(tag, sizeof tag);
    return ok;
}

const struct t99_aead_impl t99_aes_gcm_portable = { "portable", always, gcm_init, gcm_seal, gcm_open };
