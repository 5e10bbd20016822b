/*
 * What SHA-1 and SHA-2 share: cutting a message into blocks, and the padding (FIPS 180-4, 5.1). How a block
 * is worked in is the compression function's affair: SHA-256 and SHA-512 choose it from a table, best first,
 * portable last.
 */
#ifndef T99_CRYPTO_HASH_BLOCK_H
#define T99_CRYPTO_HASH_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/hash/hash.h"

/* Works num_blocks blocks, one after the other in memory, into ctx->state. */
typedef void t99_compress(struct t99_hash_ctx *ctx, const uint8_t *blocks, size_t num_blocks);

/* One way to compute a compression function. */
struct t99_compress_impl {
    const char *name;        /* "portable" */
    bool (*supported)(void); /* by this CPU; NULL: by every one */
    t99_compress *compress;
};

/* The i-th that this CPU runs, best first; NULL: no more. SHA-384 goes with SHA-512. */
const struct t99_compress_impl *t99_sha256_impl(size_t i);
const struct t99_compress_impl *t99_sha512_impl(size_t i);

/* Rows of the table of SHA-256, and what they share. On other processors supported() is false. */
extern const struct t99_compress_impl t99_sha256_x86;
extern const uint32_t t99_sha256_k[64];

/* Adds len bytes at data to the message. block_len: 64 or 128. */
void t99_block_update(struct t99_hash_ctx *ctx, size_t block_len, t99_compress *compress, const void *data,
                      size_t len);

/* Adds a one bit, zeros and the length of the message in bits, as many as fill the last block. */
void t99_block_pad(struct t99_hash_ctx *ctx, size_t block_len, t99_compress *compress);

#endif
