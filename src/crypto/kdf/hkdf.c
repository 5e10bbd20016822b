#include "crypto/kdf/hkdf.h"

#include <string.h>

#include "base/wipe.h"
#include "base/writer.h"
#include "crypto/mac/hmac.h"

/* RFC 5869, 2.2. HMAC pads a short key with zeros, so that no salt and a salt of zeros are the same. */
void t99_hkdf_extract(const struct t99_hash *hash, uint8_t *prk, const void *salt, size_t salt_len,
                      const void *ikm, size_t ikm_len)
{
    t99_hmac(hash, prk, salt, salt_len, ikm, ikm_len);
}

/* RFC 5869, 2.3: T(i) = HMAC(prk, T(i - 1) || info || i). */
void t99_hkdf_expand(const struct t99_hash *hash, uint8_t *okm, size_t okm_len, const void *prk,
                     size_t prk_len, const void *info, size_t info_len)
{
    struct t99_hmac keyed, ctx;
    uint8_t t[T99_HASH_MAX], i = 1;
    size_t t_len = 0;

    if (okm_len > 255 * hash->len) {
        memset(okm, 0, okm_len);
        return;
    }
    t99_hmac_init(&keyed, hash, prk, prk_len);
    while (okm_len != 0) {
        size_t n = okm_len < hash->len ? okm_len : hash->len;

        ctx = keyed;
        t99_hmac_update(&ctx, t, t_len);
        t99_hmac_update(&ctx, info, info_len);
        t99_hmac_update(&ctx, &i, 1);
        t99_hmac_final(&ctx, t);
        t_len = hash->len;
        memcpy(okm, t, n);
        okm += n;
        okm_len -= n;
        i++;
    }
    t99_wipe(&keyed, sizeof keyed);
    t99_wipe(t, sizeof t);
}

/* HkdfLabel: RFC 9846, 7.1. */
void t99_hkdf_expand_label(const struct t99_hash *hash, uint8_t *out, size_t out_len, const uint8_t *secret,
                           const char *label, const void *context, size_t context_len)
{
    uint8_t info[2 + 1 + 255 + 1 + 255];
    struct writer w = wr_init(info, sizeof info);
    size_t mark;

    wr_u16(&w, (uint16_t)out_len);
    mark = wr_open8(&w);
    wr_bytes(&w, "tls13 ", 6);
    wr_bytes(&w, label, strlen(label));
    wr_close8(&w, mark);
    mark = wr_open8(&w);
    wr_bytes(&w, context, context_len);
    wr_close8(&w, mark);
    if (wr_ok(&w)) {
        t99_hkdf_expand(hash, out, out_len, secret, hash->len, info, w.len);
    } else {
        memset(out, 0, out_len); /* a caller's bug, as too long an output is in t99_hkdf_expand() */
    }
    t99_wipe(info, sizeof info);
}

void t99_derive_secret(const struct t99_hash *hash, uint8_t *out, const uint8_t *secret, const char *label,
                       const uint8_t *transcript_hash)
{
    t99_hkdf_expand_label(hash, out, hash->len, secret, label, transcript_hash, hash->len);
}
