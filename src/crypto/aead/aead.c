#include "crypto/aead/aead.h"

#include "base/wipe.h"
#include "crypto/aead/impl.h"

static const struct t99_aead_impl *const gcm_rows[] = {
#if T99_X86
    &t99_aes_gcm_vaes,
    &t99_aes_gcm_aesni,
#endif
    &t99_aes_gcm_portable,
};

static const struct t99_aead_impl *const chacha_rows[] = {
#if T99_X86 && T99_INT128
    &t99_chacha20_poly1305_avx2,
#endif
    &t99_chacha20_poly1305_portable,
};

static const struct t99_aead_impl *nth(const struct t99_aead_impl *const *rows, size_t num, size_t i)
{
    size_t j;

    for (j = 0; j < num; j++) {
        if (rows[j]->supported() && i-- == 0) {
            return rows[j];
        }
    }
    return NULL;
}

static const struct t99_aead_impl *gcm_impl(size_t i)
{
    return nth(gcm_rows, sizeof gcm_rows / sizeof gcm_rows[0], i);
}

static const struct t99_aead_impl *chacha_impl(size_t i)
{
    return nth(chacha_rows, sizeof chacha_rows / sizeof chacha_rows[0], i);
}

/* Limits: RFC 9846, 5.5: 2^24.5 full-sized records for AES-GCM; ChaCha20's is beyond any sequence number. */
#define GCM_LIMIT UINT64_C(23726566)

const struct t99_aead t99_aes_128_gcm = { "AES_128_GCM", 16, 128, GCM_LIMIT, gcm_impl };
const struct t99_aead t99_aes_256_gcm = { "AES_256_GCM", 32, 256, GCM_LIMIT, gcm_impl };
const struct t99_aead t99_chacha20_poly1305 = { "CHACHA20_POLY1305", 32, 256, UINT64_C(1) << 62,
                                                chacha_impl };

void t99_aead_init(struct t99_aead_key *key, const struct t99_aead *aead, const uint8_t *bytes)
{
    key->impl = aead->impl(0);
    key->impl->init(key, bytes, aead->key_len);
}

void t99_aead_wipe(struct t99_aead_key *key)
{
    t99_wipe(key, sizeof *key);
}
