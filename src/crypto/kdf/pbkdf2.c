#include "crypto/kdf/pbkdf2.h"

#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "crypto/mac/hmac.h"

/* The function F of RFC 8018, 5.2, step 3: block number i. keyed: with the password. */
static void pbkdf2_block(uint8_t *block, const struct t99_hmac *keyed, const void *salt, size_t salt_len,
                         uint32_t iterations, uint32_t i)
{
    struct t99_hmac ctx = *keyed;
    uint8_t u[T99_HASH_MAX], number[4];
    size_t len = keyed->hash->len, j;

    store_be32(number, i);
    t99_hmac_update(&ctx, salt, salt_len);
    t99_hmac_update(&ctx, number, sizeof number);
    t99_hmac_final(&ctx, u);
    memcpy(block, u, len);
    while (iterations-- > 1) {
        ctx = *keyed;
        t99_hmac_update(&ctx, u, len);
        t99_hmac_final(&ctx, u);
        for (j = 0; j < len; j++) {
            block[j] ^= u[j];
        }
    }
    t99_wipe(u, sizeof u);
}

void t99_pbkdf2(const struct t99_hash *hash, uint8_t *out, size_t out_len, const void *password,
                size_t password_len, const void *salt, size_t salt_len, uint32_t iterations)
{
    struct t99_hmac keyed;
    uint8_t block[T99_HASH_MAX];
    uint32_t i = 1;

    t99_hmac_init(&keyed, hash, password, password_len);
    while (out_len != 0) {
        size_t n = out_len < hash->len ? out_len : hash->len;

        pbkdf2_block(block, &keyed, salt, salt_len, iterations, i++);
        memcpy(out, block, n);
        out += n;
        out_len -= n;
    }
    t99_wipe(&keyed, sizeof keyed);
    t99_wipe(block, sizeof block);
}
