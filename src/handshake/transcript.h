/* The transcript hash (RFC 9846, 4.4.1; RFC 5246, 7.4.9): over all handshake messages, both ways. */
#ifndef T99_HANDSHAKE_TRANSCRIPT_H
#define T99_HANDSHAKE_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/hash/hash.h"

/*
 * Until the server has chosen the hash, both run. Not more memory than two contexts: messages themselves are
 * not kept.
 */
struct t99_transcript {
    const struct t99_hash *hash; /* NULL: not yet chosen */
    struct t99_hash_ctx ctx;     /* SHA-256 until chosen, then `hash` */
    struct t99_hash_ctx other;   /* SHA-384 until chosen */
};

void t99_transcript_init(struct t99_transcript *t);

/* The suite is known. hash: SHA-256 or SHA-384. */
void t99_transcript_choose(struct t99_transcript *t, const struct t99_hash *hash);

void t99_transcript_add(struct t99_transcript *t, const void *message, size_t len);

/*
 * A HelloRetryRequest has come: the first ClientHello is replaced by its hash (RFC 9846, 4.4.1). The hash is
 * chosen.
 */
void t99_transcript_restart(struct t99_transcript *t);

/* out: hash->len bytes. Goes on afterwards. */
void t99_transcript_hash(const struct t99_transcript *t, uint8_t *out);

/*
 * The same with more bytes added, by this hash, also before one is chosen (binders). hash: SHA-256 or
 * SHA-384.
 */
void t99_transcript_hash_with(const struct t99_transcript *t, const struct t99_hash *hash, uint8_t *out,
                              const void *more, size_t len);

#endif
