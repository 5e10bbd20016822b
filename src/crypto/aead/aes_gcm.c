/* AES-GCM (NIST SP 800-38D) in portable C. */
#include <string.h>

#include "base/bytes.h"
#include "base/ct.h"
#include "base/wipe.h"
#include "crypto/aead/ghash.h"
#include "crypto/aead/impl.h"
#include "crypto/cipher/aes_bitslice.h"

#define BATCH (T99_AES_BATCH * T99_AES_BLOCK)

/* What stands in a struct t99_aead_key: 64-bit words, as its type says. */
struct gcm_key {
    struct t99_aes_key aes;
    uint64_t h[2]; /* the hash key, high half first */
};

typedef char gcm_key_fits[sizeof(struct gcm_key) <= sizeof(((struct t99_aead_key *)0)->data) ? 1 : -1];

/* A message under way. */
struct message {
    struct t99_aes_planes aes;
    uint8_t stream[BATCH]; /* the first block masks the tag, the others go over the data */
    uint8_t nonce[T99_AEAD_NONCE_LEN];
    uint32_t counter; /* of the next batch */
};

static bool always(void)
{
    return true;
}

static void gcm_init(struct t99_aead_key *key, const uint8_t *bytes, size_t len)
{
    struct gcm_key *k = (struct gcm_key *)(void *)key->data;
    struct t99_aes_planes planes;
    uint8_t batch[BATCH];

    t99_aes_expand(&k->aes, bytes, len);
    t99_aes_spread(&planes, &k->aes);
    memset(batch, 0, sizeof batch);
    t99_aes_encrypt4(&planes, batch, batch);
    k->h[0] = load_be64(batch);
    k->h[1] = load_be64(batch + 8);
    t99_wipe(batch, sizeof batch);
    t99_wipe(&planes, sizeof planes);
}

/* The key stream of the next counters. */
static void next_batch(struct message *m)
{
    uint32_t i;

    for (i = 0; i < T99_AES_BATCH; i++) {
        memcpy(m->stream + 16 * i, m->nonce, T99_AEAD_NONCE_LEN);
        store_be32(m->stream + 16 * i + T99_AEAD_NONCE_LEN, m->counter + i);
    }
    m->counter += T99_AES_BATCH;
    t99_aes_encrypt4(&m->aes, m->stream, m->stream);
}

static void begin(struct message *m, const struct gcm_key *k, uint8_t mask[16], const uint8_t *nonce)
{
    t99_aes_spread(&m->aes, &k->aes);
    memcpy(m->nonce, nonce, T99_AEAD_NONCE_LEN);
    m->counter = 1;
    next_batch(m);
    memcpy(mask, m->stream, 16);
}

/* out = in XOR key stream: what is left of the first batch, whole batches, part of one. */
static void crypt(struct message *m, uint8_t *out, const uint8_t *in, size_t len)
{
    size_t n = len < BATCH - 16 ? len : BATCH - 16, i;

    for (i = 0; i < n; i++) {
        out[i] = in[i] ^ m->stream[16 + i];
    }
    while (len - n >= BATCH) {
        next_batch(m);
        for (i = 0; i < BATCH; i += 8, n += 8) {
            store_le64(out + n, load_le64(in + n) ^ load_le64(m->stream + i));
        }
    }
    if (n != len) {
        next_batch(m);
        for (i = 0; n < len; i++, n++) {
            out[n] = in[n] ^ m->stream[i];
        }
    }
}

static void make_tag(const struct gcm_key *k, uint8_t tag[16], const uint8_t mask[16], const uint8_t *aad,
                     size_t aad_len, const uint8_t *ciphertext, size_t len)
{
    uint8_t h[16], hash[16];
    struct t99_ghash g;
    size_t i;

    store_be64(h, k->h[0]);
    store_be64(h + 8, k->h[1]);
    t99_ghash_init(&g, h);
    t99_ghash_update(&g, aad, aad_len);
    t99_ghash_update(&g, ciphertext, len);
    t99_ghash_final(&g, hash, aad_len, len);
    for (i = 0; i < 16; i++) {
        tag[i] = hash[i] ^ mask[i];
    }
    t99_wipe(h, sizeof h);
    t99_wipe(hash, sizeof hash);
    t99_wipe(&g, sizeof g);
}

static void gcm_seal(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                     size_t aad_len, const uint8_t *in, size_t len)
{
    const struct gcm_key *k = (const struct gcm_key *)(const void *)key->data;
    struct message m;
    uint8_t mask[16];

    begin(&m, k, mask, nonce);
    crypt(&m, out, in, len);
    make_tag(k, out + len, mask, aad, aad_len, out, len);
    t99_wipe(mask, sizeof mask);
    t99_wipe(&m, sizeof m);
}

static bool gcm_open(const struct t99_aead_key *key, uint8_t *out, const uint8_t *nonce, const uint8_t *aad,
                     size_t aad_len, const uint8_t *in, size_t len)
{
    const struct gcm_key *k = (const struct gcm_key *)(const void *)key->data;
    struct message m;
    uint8_t mask[16], tag[16];
    bool ok;

    begin(&m, k, mask, nonce);
    make_tag(k, tag, mask, aad, aad_len, in, len);
    ok = ct_reveal(t99_ct_equal(tag, in + len, sizeof tag));
    if (ok) {
        crypt(&m, out, in, len);
    } else if (len != 0) {
        memset(out, 0, len);
    }
    t99_wipe(mask, sizeof mask);
    t99_wipe(tag, sizeof tag);
    t99_wipe(&m, sizeof m);
    return ok;
}

const struct t99_aead_impl t99_aes_gcm_portable = { "portable", always, gcm_init, gcm_seal, gcm_open };
