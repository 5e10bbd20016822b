/* HMAC: RFC 2104, FIPS 198-1. */
#ifndef T99_CRYPTO_MAC_HMAC_H
#define T99_CRYPTO_MAC_HMAC_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/hash/hash.h"

/*
 * Both pads are hashed once, so that many messages can be authenticated under one key (copy with =, then
 * update).
 */
struct t99_hmac {
    const struct t99_hash *hash;
    struct t99_hash_ctx inner, outer;
};

void t99_hmac_init(struct t99_hmac *ctx, const struct t99_hash *hash, const void *key, size_t key_len);
void t99_hmac_update(struct t99_hmac *ctx, const void *data, size_t len);
/* Writes hash->len bytes and wipes the context. */
void t99_hmac_final(struct t99_hmac *ctx, uint8_t *mac);

/* In one call. mac: hash->len bytes; may be key or data. */
void t99_hmac(const struct t99_hash *hash, uint8_t *mac, const void *key, size_t key_len, const void *data,
              size_t len);

#endif
