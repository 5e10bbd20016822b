/* Sessions kept for later connections: in the config's memory, or in a file if the caller gave one. */
#include <string.h>

#include "api/internal.h"
#include "crypto/hash/hash.h"

/* --- A cache --- */

static void drop(const struct t99_env *env, struct t99_cache *cache, struct t99_cache_entry *e)
{
    t99_session_free(env, e->session);
    t99_free(env, e->key, e->key_len);
    memset(e, 0, sizeof *e);
    cache->changed = true;
}

void t99_cache_clear(const struct t99_env *env, struct t99_cache *cache)
{
    size_t i;

    for (i = 0; i < T99_SESSIONS_MAX; i++) {
        drop(env, cache, &cache->entries[i]);
    }
}

static bool same_key(const struct t99_cache_entry *e, const char *key)
{
    return e->session != NULL && strcmp(e->key, key) == 0;
}

/*
 * Where a new one goes: in place of this server's oldest if it has many, else a free place, else the oldest
 * of all. A session of TLS 1.2 is used again and again, so that one of a server is enough.
 */
static struct t99_cache_entry *place_for(struct t99_cache *cache, const char *key, uint16_t version)
{
    struct t99_cache_entry *own = NULL, *oldest = &cache->entries[0];
    size_t i, num = 0;

    for (i = 0; i < T99_SESSIONS_MAX; i++) {
        struct t99_cache_entry *e = &cache->entries[i];

        if (same_key(e, key)) {
            if (version == T99_TLS12 && e->session->version == T99_TLS12) {
                return e;
            }
            num++;
            if (own == NULL || e->age < own->age) {
                own = e;
            }
        }
        if (e->session == NULL || (oldest->session != NULL && e->age < oldest->age)) {
            oldest = e;
        }
    }
    return num >= T99_SESSIONS_PER_HOST ? own : oldest;
}

void t99_cache_put(const struct t99_env *env, struct t99_cache *cache, const char *key,
                   struct t99_session *session, uint64_t age)
{
    struct t99_cache_entry *e = place_for(cache, key, session->version);

    drop(env, cache, e);
    e->key = t99_dup(env, key, strlen(key) + 1);
    if (e->key == NULL) {
        t99_session_free(env, session);
        return;
    }
    e->key_len = strlen(key) + 1;
    e->session = session;
    e->age = age;
}

/* The newest of this server that may be offered. Those whose time is over go. *use: what stood in the way. */
static struct t99_cache_entry *find(const struct t99_env *env, struct t99_cache *cache, const char *key,
                                    const struct t99_hs_config *hs, uint8_t *use)
{
    struct t99_cache_entry *best = NULL;
    size_t i;

    for (i = 0; i < T99_SESSIONS_MAX; i++) {
        struct t99_cache_entry *e = &cache->entries[i];
        enum t99_session_use judged;

        if (!same_key(e, key)) {
            continue;
        }
        judged = t99_session_judge(e->session, hs);
        *use = judged > *use ? (uint8_t)judged : *use;
        if (!t99_session_fresh(e->session, t99_now_ms_up(env))) {
            drop(env, cache, e);
        } else if (judged == SESSION_OFFERED && (best == NULL || e->age > best->age)) {
            best = e;
        }
    }
    return best;
}

/* A ticket of TLS 1.3 is used once, so that connections cannot be linked by it (RFC 9846, C.4). */
static struct t99_session *take(const struct t99_env *env, struct t99_cache *cache, const char *key,
                                const struct t99_hs_config *hs, uint8_t *use)
{
    struct t99_cache_entry *e = find(env, cache, key, hs, use);
    struct t99_session *session;

    if (e == NULL) {
        return NULL;
    }
    if (e->session->version == T99_TLS12) {
        return t99_session_copy(env, e->session);
    }
    session = e->session;
    e->session = NULL;
    drop(env, cache, e);
    return session;
}

static void forget(const struct t99_env *env, struct t99_cache *cache, const char *key)
{
    size_t i;

    for (i = 0; i < T99_SESSIONS_MAX; i++) {
        if (same_key(&cache->entries[i], key)) {
            drop(env, cache, &cache->entries[i]);
        }
    }
}

/* --- The config's --- */

/*
 * The cache to work on, under the config's lock: its own, or what the file holds. A file that cannot be had
 * is an empty one, of which nothing is kept. NULL: sessions are off.
 */
static struct t99_cache *begin(struct tls_config *config, struct t99_cache *from_file)
{
    t99_config_lock(config);
    memset(from_file, 0, sizeof *from_file);
    if (config->session_fd == -1) {
        return config->sessions ? &config->cache : NULL;
    }
    if (!t99_session_file_lock(config->session_fd)) {
        return NULL;
    }
    t99_session_file_read(&config->env, config->session_fd, from_file);
    from_file->changed = false;
    return from_file;
}

static void end(struct tls_config *config, struct t99_cache *from_file, const struct t99_cache *used)
{
    if (used == from_file) {
        if (used->changed) {
            t99_session_file_write(&config->env, config->session_fd, from_file);
        }
        t99_session_file_unlock(config->session_fd);
        t99_cache_clear(&config->env, from_file);
    }
    t99_config_unlock(config);
}

struct t99_session *t99_sessions_take(struct tls_config *config, const char *key,
                                      const struct t99_hs_config *hs, uint8_t *use)
{
    struct t99_cache from_file, *cache = begin(config, &from_file);
    struct t99_session *session;

    *use = SESSION_NONE;
    session = cache != NULL ? take(&config->env, cache, key, hs, use) : NULL;
    end(config, &from_file, cache);
    return session;
}

void t99_sessions_put(struct tls_config *config, const char *key, struct t99_session *session)
{
    struct t99_cache from_file, *cache = begin(config, &from_file);

    if (cache != NULL) {
        t99_cache_put(&config->env, cache, key, session, ++cache->clock);
    } else {
        t99_session_free(&config->env, session);
    }
    end(config, &from_file, cache);
}

void t99_sessions_forget(struct tls_config *config, const char *key)
{
    struct t99_cache from_file, *cache = begin(config, &from_file);

    if (cache != NULL) {
        forget(&config->env, cache, key);
    }
    end(config, &from_file, cache);
}

/* --- Under which settings --- */

static void hash_bytes(struct t99_hash_ctx *ctx, const void *p, size_t len)
{
    uint8_t prefix[8];

    store_be64(prefix, len);
    t99_sha256.update(ctx, prefix, sizeof prefix);
    t99_sha256.update(ctx, p, len);
}

/* The anchors themselves, wherever they come from: a bundle may change its contents and keep its name. */
static void hash_anchors(uint8_t digest[32], const struct t99_trust *trust)
{
    struct t99_hash_ctx ctx;
    struct t99_span der;
    size_t i;

    t99_sha256.init(&ctx);
    for (i = 0; t99_trust_at(trust, i, &der); i++) {
        hash_bytes(&ctx, der.p, der.len);
    }
    t99_sha256.final(&ctx, digest);
}

/* Once for all connections that use them. */
static void anchors_digest(struct tls_config *config, struct t99_anchors *anchors, uint8_t digest[32])
{
    t99_config_lock(config);
    if (!anchors->hashed) {
        hash_anchors(anchors->digest, anchors->trust);
        anchors->hashed = true;
    }
    memcpy(digest, anchors->digest, 32);
    t99_config_unlock(config);
}

/*
 * A hash over all that decides whether a server is accepted, and who we are to it: a session made under other
 * rules proves nothing, and one made with another certificate is somebody else's.
 */
void t99_verify_id(struct tls_config *config, struct t99_anchors *anchors, uint8_t id[32])
{
    uint8_t flags[12] = { 0 }, digest[32];
    struct t99_hash_ctx ctx;
    size_t i;

    flags[0] = config->verify_cert;
    flags[1] = config->verify_name;
    flags[2] = config->verify_time;
    flags[3] = config->strict;
    flags[4] = config->require_staple;
    flags[5] = config->no_status_request;
    store_be32(flags + 8, (uint32_t)config->verify_depth);
    anchors_digest(config, anchors, digest);
    t99_sha256.init(&ctx);
    t99_sha256.update(&ctx, flags, sizeof flags);
    t99_sha256.update(&ctx, digest, sizeof digest);
    hash_bytes(&ctx, config->crl.p, config->crl.len);
    for (i = 0; i < config->num_keypairs; i++) {
        hash_bytes(&ctx, config->keypairs[i].cert.p, config->keypairs[i].cert.len);
    }
    t99_sha256.final(&ctx, id);
}
