#include "crypto/mac/hmac.h"

#include <string.h>

#include "base/wipe.h"

void t99_hmac_init(struct t99_hmac *ctx, const struct t99_hash *hash, const void *key, size_t key_len)
{
    uint8_t pad[T99_BLOCK_MAX] = { 0 };
    size_t i;

    if (key_len > hash->block_len) {
        t99_hash(hash, pad, key, key_len);
    } else if (key_len != 0) {
        memcpy(pad, key, key_len);
    }
    ctx->hash = hash;
    for (i = 0; i < hash->block_len; i++) {
        pad[i] ^= 0x36;
    }
    hash->init(&ctx->inner);
    hash->update(&ctx->inner, pad, hash->block_len);
    for (i = 0; i < hash->block_len; i++) {
        pad[i] ^= 0x36 ^ 0x5c;
    }
    hash->init(&ctx->outer);
    hash->update(&ctx->outer, pad, hash->block_len);
    t99_wipe(pad, sizeof pad);
}

void t99_hmac_update(struct t99_hmac *ctx, const void *data, size_t len)
{
    ctx->hash->update(&ctx->inner, data, len);
}

void t99_hmac_final(struct t99_hmac *ctx, uint8_t *mac)
{
    const struct t99_hash *hash = ctx->hash;

    hash->final(&ctx->inner, mac);
    hash->update(&ctx->outer, mac, hash->len);
    hash->final(&ctx->outer, mac);
}

void t99_hmac(const struct t99_hash *hash, uint8_t *mac, const void *key, size_t key_len, const void *data,
              size_t len)
{
    struct t99_hmac ctx;

    t99_hmac_init(&ctx, hash, key, key_len);
    t99_hmac_update(&ctx, data, len);
    t99_hmac_final(&ctx, mac);
}
