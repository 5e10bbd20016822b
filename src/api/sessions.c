/* Sessions kept for later connections: in the config, and in a file if the caller gave one. */
#include <string.h>
#include <unistd.h>

#include "api/file.h"
#include "api/internal.h"
#include "crypto/hash/hash.h"
#include "handshake/session.h"

#define SESSION_FILE_MAX ((off_t)1 << 20)

static void drop(struct tls_config *config, struct t99_cache_entry *e)
{
    t99_session_free(&config->env, e->session);
    t99_free(&config->env, e->key, e->key_len);
    memset(e, 0, sizeof *e);
}

void t99_sessions_clear(struct tls_config *config)
{
    size_t i;

    for (i = 0; i < T99_SESSIONS_MAX; i++) {
        drop(config, &config->cache[i]);
    }
}

static bool same_key(const struct t99_cache_entry *e, const char *key)
{
    return e->session != NULL && strcmp(e->key, key) == 0;
}

/* The newest of this host. */
static struct t99_cache_entry *newest(struct tls_config *config, const char *key)
{
    struct t99_cache_entry *best = NULL;
    size_t i;

    for (i = 0; i < T99_SESSIONS_MAX; i++) {
        if (same_key(&config->cache[i], key) && (best == NULL || config->cache[i].age > best->age)) {
            best = &config->cache[i];
        }
    }
    return best;
}

/*
 * Where a new one goes: in place of this host's oldest if it has many, else a free place, else the oldest of
 * all.
 */
static struct t99_cache_entry *place_for(struct tls_config *config, const char *key)
{
    struct t99_cache_entry *own = NULL, *oldest = &config->cache[0];
    size_t i, num = 0;

    for (i = 0; i < T99_SESSIONS_MAX; i++) {
        struct t99_cache_entry *e = &config->cache[i];

        if (same_key(e, key)) {
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

/* What is not a session of ours is as good as none: a file may come from elsewhere, or be empty still. */
static struct t99_session *read_file(struct tls_config *config)
{
    struct t99_session *session = NULL;
    off_t end = lseek(config->session_fd, 0, SEEK_END);
    uint8_t *buf;
    ssize_t got;

    if (end <= 0 || end > SESSION_FILE_MAX) {
        return NULL;
    }
    buf = t99_alloc(&config->env, (size_t)end);
    if (buf != NULL) {
        got = pread(config->session_fd, buf, (size_t)end, 0);
        if (got == (ssize_t)end) {
            session = t99_session_decode(&config->env, buf, (size_t)end);
        }
        t99_free(&config->env, buf, (size_t)end);
    }
    return session;
}

static void write_file(struct tls_config *config, const struct t99_session *session)
{
    size_t needed = t99_session_encode(NULL, 0, session), done = 0;
    uint8_t *buf = t99_alloc(&config->env, needed);

    if (buf == NULL) {
        return;
    }
    (void)t99_session_encode(buf, needed, session);
    if (ftruncate(config->session_fd, 0) == 0) {
        while (done < needed) {
            ssize_t n = pwrite(config->session_fd, buf + done, needed - done, (off_t)done);

            if (n <= 0) {
                break; /* half a session does not decode, and then there is none */
            }
            done += (size_t)n;
        }
    }
    t99_free(&config->env, buf, needed);
}

/*
 * A TLS 1.3 ticket is used once, so that connections cannot be linked by it (RFC 9846, C.4); in the file it
 * stays, because a process that ends without a new one would otherwise have none.
 */
struct t99_session *t99_sessions_take(struct tls_config *config, const char *key)
{
    struct t99_session *session = NULL;
    struct t99_cache_entry *e;

    t99_config_lock(config);
    e = config->sessions ? newest(config, key) : NULL;
    if (e != NULL && e->session->version >= T99_TLS13) {
        session = e->session;
        e->session = NULL;
        drop(config, e);
    } else if (e != NULL) {
        session = t99_session_copy(&config->env, e->session);
    } else if (config->session_fd != -1) {
        session = read_file(config);
    }
    t99_config_unlock(config);
    return session;
}

void t99_sessions_put(struct tls_config *config, const char *key, struct t99_session *session)
{
    struct t99_cache_entry *e;

    t99_config_lock(config);
    if (config->session_fd != -1) {
        write_file(config, session);
    }
    if (config->sessions) {
        e = place_for(config, key);
        drop(config, e);
        e->key = t99_dup(&config->env, key, strlen(key) + 1);
        e->key_len = strlen(key) + 1;
        if (e->key != NULL) {
            e->session = session;
            e->age = ++config->cache_clock;
            session = NULL;
        }
    }
    t99_session_free(&config->env, session);
    t99_config_unlock(config);
}

/*
 * A hash over all that decides whether a server is accepted: a session made under other rules proves nothing.
 */
void t99_verify_id(const struct tls_config *config, uint8_t id[32])
{
    const struct t99_blob *blobs[3];
    struct t99_hash_ctx ctx;
    uint8_t flags[12];
    size_t i;

    blobs[0] = &config->ca;
    blobs[1] = &config->ca_path;
    blobs[2] = &config->crl;
    memset(flags, 0, sizeof flags);
    flags[0] = config->verify_cert;
    flags[1] = config->verify_name;
    flags[2] = config->verify_time;
    flags[3] = config->strict;
    flags[4] = config->require_staple;
    store_be32(flags + 8, (uint32_t)config->verify_depth);
    t99_sha256.init(&ctx);
    t99_sha256.update(&ctx, flags, sizeof flags);
    for (i = 0; i < 3; i++) {
        uint8_t len[8];

        store_be64(len, blobs[i]->len);
        t99_sha256.update(&ctx, len, sizeof len);
        t99_sha256.update(&ctx, blobs[i]->p, blobs[i]->len);
    }
    t99_sha256.final(&ctx, id);
}
