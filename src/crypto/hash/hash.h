/*
 * Hash functions: FIPS 180-4 (SHA-1, SHA-256, SHA-384, SHA-512). A hash is a const row; a context is plain
 * memory that may be copied with = to fork a running hash (transcripts). Nothing here can fail.
 */
#ifndef T99_CRYPTO_HASH_HASH_H
#define T99_CRYPTO_HASH_HASH_H

#include <stddef.h>
#include <stdint.h>

#define T99_HASH_MAX 64   /* longest digest, bytes */
#define T99_BLOCK_MAX 128 /* longest block, bytes */

struct t99_hash_ctx {
    union {
        uint32_t w32[8];
        uint64_t w64[8];
    } state;
    uint64_t total; /* bytes so far; no message here is longer than 2^61 bytes */
    uint8_t block[T99_BLOCK_MAX];
};

struct t99_hash {
    const char *name; /* "SHA-256" */
    size_t len;       /* of the digest, bytes */
    size_t block_len;
    void (*init)(struct t99_hash_ctx *ctx);
    void (*update)(struct t99_hash_ctx *ctx, const void *data, size_t len);
    /* Writes the digest, len bytes, and wipes the context. */
    void (*final)(struct t99_hash_ctx *ctx, uint8_t *digest);
};

extern const struct t99_hash
    t99_sha1; /* only where a protocol names things by it (CertID, key identifiers) */
extern const struct t99_hash t99_sha256;
extern const struct t99_hash t99_sha384;
extern const struct t99_hash t99_sha512;

/* digest = hash of len bytes at data, in one call. */
void t99_hash(const struct t99_hash *hash, uint8_t *digest, const void *data, size_t len);

#endif
