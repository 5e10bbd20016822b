#include "crypto/kdf/tls12_prf.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/mac/hmac.h"

/*
 * RFC 5246, 5: A(i) = HMAC(secret, A(i - 1)), A(0) = label || seed; each block is HMAC(secret, A(i) || label
 * || seed).
 */
void t99_tls12_prf(const struct t99_hash *hash, uint8_t *out, size_t out_len, const void *secret,
                   size_t secret_len, const char *label, const void *seed1, size_t seed1_len,
                   const void *seed2, size_t seed2_len)
{
    struct t99_hmac keyed, ctx;
    uint8_t a[T99_HASH_MAX], block[T99_HASH_MAX];
    size_t label_len = strlen(label);

    t99_hmac_init(&keyed, hash, secret, secret_len);
    ctx = keyed;
    t99_hmac_update(&ctx, label, label_len);
    t99_hmac_update(&ctx, seed1, seed1_len);
    t99_hmac_update(&ctx, seed2, seed2_len);
    t99_hmac_final(&ctx, a);
    while (out_len != 0) {
        size_t n = out_len < hash->len ? out_len : hash->len;

        ctx = keyed;
        t99_hmac_update(&ctx, a, hash->len);
        t99_hmac_update(&ctx, label, label_len);
        t99_hmac_update(&ctx, seed1, seed1_len);
        t99_hmac_update(&ctx, seed2, seed2_len);
        t99_hmac_final(&ctx, block);
        memcpy(out, block, n);
        out += n;
        out_len -= n;
        ctx = keyed;
        t99_hmac_update(&ctx, a, hash->len);
        t99_hmac_final(&ctx, a);
    }
    t99_wipe(&keyed, sizeof keyed);
    t99_wipe(a, sizeof a);
    t99_wipe(block, sizeof block);
}
