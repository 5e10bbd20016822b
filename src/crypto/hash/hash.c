#include "crypto/hash/hash.h"

void t99_hash(const struct t99_hash *hash, uint8_t *digest, const void *data, size_t len)
{
    struct t99_hash_ctx ctx;

    hash->init(&ctx);
    hash->update(&ctx, data, len);
    hash->final(&ctx, digest);
}
