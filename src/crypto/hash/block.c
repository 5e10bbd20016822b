#include "crypto/hash/block.h"

#include <string.h>

#include "base/bytes.h"

void t99_block_update(struct t99_hash_ctx *ctx, size_t block_len, t99_compress *compress, const void *data,
                      size_t len)
{
    const uint8_t *p = (const uint8_t *)data;
    size_t held = (size_t)ctx->total & (block_len - 1);

    ctx->total += len;
    if (held != 0) {
        size_t n = len < block_len - held ? len : block_len - held;

        if (n != 0) {
            memcpy(ctx->block + held, p, n);
            p += n;
            len -= n;
        }
        if (held + n < block_len) {
            return;
        }
        compress(ctx, ctx->block, 1);
    }
    if (len >= block_len) {
        size_t whole = len & ~(block_len - 1);

        compress(ctx, p, whole / block_len);
        p += whole;
        len -= whole;
    }
    if (len != 0) {
        memcpy(ctx->block, p, len);
    }
}

/* FIPS 180-4, 5.1: the length takes an eighth of a block; its upper half is zero in a block of 128 bytes. */
void t99_block_pad(struct t99_hash_ctx *ctx, size_t block_len, t99_compress *compress)
{
    size_t held = (size_t)ctx->total & (block_len - 1);

    ctx->block[held++] = 0x80;
    if (held > block_len - block_len / 8) {
        memset(ctx->block + held, 0, block_len - held);
        compress(ctx, ctx->block, 1);
        held = 0;
    }
    memset(ctx->block + held, 0, block_len - 8 - held);
    store_be64(ctx->block + block_len - 8, ctx->total << 3);
    compress(ctx, ctx->block, 1);
}
