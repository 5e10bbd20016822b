/*
 * The session file: what a cache holds, for other processes and later ones. A header, a digest of the rest,
 * then the sessions, newest first, each behind the server's name and port. What is not like that is as good
 * as empty: it may come from another program, another version, or a process that died while it wrote.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "api/internal.h"
#include "base/reader.h"
#include "base/writer.h"
#include "crypto/hash/hash.h"

#define MAGIC 0x74393953 /* "t99S" */
#define FORMAT 2
#define HEADER_LEN ((size_t)4 + 2 + 32)
#define FILE_MAX ((size_t)1 << 20)
#define LOCK_TRIES 100 /* of a millisecond: whoever holds the lock reads and writes one file */

/* --- Between processes --- */

bool t99_session_file_lock(int fd)
{
    const struct timespec millisecond = { 0, 1000000 };
    struct flock lock;
    int i;

    memset(&lock, 0, sizeof lock);
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET; /* from the start, however long */
    for (i = 0; i < LOCK_TRIES; i++) {
        if (fcntl(fd, F_SETLK, &lock) == 0) {
            return true;
        }
        if (errno != EACCES && errno != EAGAIN && errno != EINTR) {
            return false;
        }
        (void)nanosleep(&millisecond, NULL);
    }
    return false;
}

void t99_session_file_unlock(int fd)
{
    struct flock lock;

    memset(&lock, 0, sizeof lock);
    lock.l_type = F_UNLCK;
    lock.l_whence = SEEK_SET;
    (void)fcntl(fd, F_SETLK, &lock);
}

/* --- Reading --- */

static void add(const struct t99_env *env, struct t99_cache *cache, struct t99_span key,
                struct t99_span bytes, uint64_t age)
{
    struct t99_session *session = t99_session_decode(env, bytes.p, bytes.len);
    char text[T99_SESSION_KEY_MAX];

    if (session == NULL) {
        return;
    }
    if (key.len >= sizeof text || memchr(key.p, 0, key.len) != NULL) {
        t99_session_free(env, session);
        return;
    }
    memcpy(text, key.p, key.len);
    text[key.len] = '\0';
    t99_cache_put(env, cache, text, session, age);
}

static void decode(const struct t99_env *env, struct t99_cache *cache, const uint8_t *p, size_t len)
{
    const char *bad = NULL;
    struct reader r = rd_init(p, len, &bad), key, session;
    uint8_t written[32], digest[32];
    uint64_t age;

    if (rd_u32(&r, "magic") != MAGIC || rd_u16(&r, "format") != FORMAT) {
        return;
    }
    rd_copy(&r, written, sizeof written, "digest");
    if (!rd_ok(&r)) {
        return;
    }
    t99_hash(&t99_sha256, digest, p + HEADER_LEN, len - HEADER_LEN);
    if (memcmp(written, digest, sizeof digest) != 0) {
        return;
    }
    for (age = T99_SESSIONS_MAX; age > 0 && rd_left(&r) != 0; age--) {
        key = rd_vec16(&r, 1, 65535, "key");
        session = rd_vec24(&r, 1, 0xffffff, "session");
        if (rd_ok(&r)) {
            add(env, cache, rd_rest(&key), rd_rest(&session), age);
        }
    }
    cache->clock = T99_SESSIONS_MAX;
}

void t99_session_file_read(const struct t99_env *env, int fd, struct t99_cache *cache)
{
    struct stat st;
    uint8_t *buf;
    size_t len;

    if (fstat(fd, &st) != 0 || st.st_size < (off_t)HEADER_LEN || st.st_size > (off_t)FILE_MAX) {
        return;
    }
    len = (size_t)st.st_size;
    buf = t99_alloc(env, len);
    if (buf != NULL) {
        if (pread(fd, buf, len, 0) == (ssize_t)len) {
            decode(env, cache, buf, len);
        }
        t99_free(env, buf, len);
    }
}

/* --- Writing --- */

/* The newest that is older than this age. NULL: there is none. */
static const struct t99_cache_entry *older(const struct t99_cache *cache, uint64_t than)
{
    const struct t99_cache_entry *best = NULL;
    size_t i;

    for (i = 0; i < T99_SESSIONS_MAX; i++) {
        const struct t99_cache_entry *e = &cache->entries[i];

        if (e->session != NULL && e->age < than && (best == NULL || e->age > best->age)) {
            best = e;
        }
    }
    return best;
}

static void encode_entry(struct writer *w, const struct t99_cache_entry *e)
{
    size_t len = t99_session_encode(NULL, 0, e->session);
    uint8_t *at;

    wr_u16(w, (uint16_t)(e->key_len - 1));
    wr_bytes(w, e->key, e->key_len - 1);
    wr_u24(w, (uint32_t)len);
    at = wr_room(w, len);
    if (at != NULL) {
        (void)t99_session_encode(at, len, e->session);
    }
}

/* As many of the newest as fit. Returns the file's length. */
static size_t encode(uint8_t *buf, size_t cap, const struct t99_cache *cache)
{
    const struct t99_cache_entry *e = older(cache, UINT64_MAX);
    struct writer w = wr_init(buf, cap);
    size_t len;

    wr_u32(&w, MAGIC);
    wr_u16(&w, FORMAT);
    (void)wr_room(&w, 32);
    for (len = w.len; e != NULL; e = older(cache, e->age)) {
        encode_entry(&w, e);
        if (!wr_ok(&w)) {
            break;
        }
        len = w.len;
    }
    t99_hash(&t99_sha256, buf + HEADER_LEN - 32, buf + HEADER_LEN, len - HEADER_LEN);
    return len;
}

/* Room for all of them, if that is not too much. */
static size_t measure(const struct t99_cache *cache)
{
    size_t total = HEADER_LEN, i;

    for (i = 0; i < T99_SESSIONS_MAX; i++) {
        const struct t99_cache_entry *e = &cache->entries[i];

        total += e->session != NULL ? 2 + e->key_len + 3 + t99_session_encode(NULL, 0, e->session) : 0;
    }
    return total < FILE_MAX ? total : FILE_MAX;
}

/* Cut last: a file that is half old and half new has a wrong digest. */
static void put_file(int fd, const uint8_t *p, size_t len)
{
    size_t done = 0;

    while (done < len) {
        ssize_t n = pwrite(fd, p + done, len - done, (off_t)done);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            len = 0; /* no room: better none than a half */
            break;
        }
        done += (size_t)n;
    }
    (void)ftruncate(fd, (off_t)len);
}

void t99_session_file_write(const struct t99_env *env, int fd, const struct t99_cache *cache)
{
    size_t cap = measure(cache);
    uint8_t *buf = t99_alloc(env, cap);

    if (buf != NULL) {
        put_file(fd, buf, encode(buf, cap, cache));
        t99_free(env, buf, cap);
    }
}
