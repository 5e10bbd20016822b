#include "handshake/transcript.h"

#include "base/bytes.h"

#define HS_MESSAGE_HASH 254

void t99_transcript_init(struct t99_transcript *t)
{
    t->hash = NULL;
    t99_sha256.init(&t->ctx);
    t99_sha384.init(&t->other);
}

void t99_transcript_choose(struct t99_transcript *t, const struct t99_hash *hash)
{
    if (t->hash == NULL && hash != &t99_sha256) {
        t->ctx = t->other;
    }
    t->hash = hash;
}

void t99_transcript_add(struct t99_transcript *t, const void *message, size_t len)
{
    if (t->hash != NULL) {
        t->hash->update(&t->ctx, message, len);
        return;
    }
    t99_sha256.update(&t->ctx, message, len);
    t99_sha384.update(&t->other, message, len);
}

void t99_transcript_restart(struct t99_transcript *t)
{
    uint8_t header[4] = { HS_MESSAGE_HASH, 0, 0, 0 }, digest[T99_HASH_MAX];

    t->hash->final(&t->ctx, digest);
    header[3] = (uint8_t)t->hash->len;
    t->hash->init(&t->ctx);
    t->hash->update(&t->ctx, header, sizeof header);
    t->hash->update(&t->ctx, digest, t->hash->len);
}

void t99_transcript_hash(const struct t99_transcript *t, uint8_t *out)
{
    struct t99_hash_ctx ctx = t->ctx;

    t->hash->final(&ctx, out);
}

void t99_transcript_hash_with(const struct t99_transcript *t, const struct t99_hash *hash, uint8_t *out,
                              const void *more, size_t len)
{
    struct t99_hash_ctx ctx = t->hash == NULL && hash != &t99_sha256 ? t->other : t->ctx;

    hash->update(&ctx, more, len);
    hash->final(&ctx, out);
}
