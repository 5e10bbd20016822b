/*
 * Fuzzes saved sessions. The first byte of the input says what the rest is:
 *   0  a session
 *   1  what stands behind the digest of a session file
 *   2  a session file
 * What is read is written, and must be read again.
 */
#include "api/internal.h"
#include "crypto/hash/hash.h"
#include "fuzz/fuzz.h"
#include <stdio.h>
#include <unistd.h>

static void fuzz_one(const uint8_t *data, size_t size)
{
    struct t99_env env = fuzz_env();
    struct t99_session *s = t99_session_decode(&env, data, size), *t;
    size_t len, again;
    uint8_t *out;

    if (s == NULL) {
        return;
    }
    (void)t99_session_fresh(s, fuzz_now_us(NULL) / 1000);
    len = t99_session_encode(NULL, 0, s);
    out = malloc(2 * len);
    check(len == size && out != NULL && t99_session_encode(out, len, s) == len);
    t = t99_session_decode(&env, out, len);
    check(t != NULL);
    again = t99_session_encode(out + len, len, t);
    check(again == len && memcmp(out, out + len, len) == 0);
    t99_session_free(&env, t);
    t99_session_free(&env, s);
    free(out);
}

static size_t count(const struct t99_cache *cache)
{
    size_t i, n = 0;

    for (i = 0; i < T99_SESSIONS_MAX; i++) {
        const struct t99_cache_entry *e = &cache->entries[i];

        check(e->session == NULL || (e->key != NULL && strlen(e->key) + 1 == e->key_len));
        n += e->session != NULL ? 1 : 0;
    }
    return n;
}

static void put_file(int fd, const uint8_t *p, size_t len)
{
    check(ftruncate(fd, 0) == 0 && pwrite(fd, p, len, 0) == (ssize_t)len);
}

static void fuzz_file(const uint8_t *data, size_t size)
{
    static FILE *f;
    static struct t99_cache first, second;
    struct t99_env env = fuzz_env();

    if (f == NULL) {
        f = tmpfile();
        check(f != NULL);
    }
    memset(&first, 0, sizeof first);
    memset(&second, 0, sizeof second);
    put_file(fileno(f), data, size);
    t99_session_file_read(&env, fileno(f), &first);
    t99_session_file_write(&env, fileno(f), &first);
    t99_session_file_read(&env, fileno(f), &second);
    check(count(&first) == count(&second));
    t99_cache_clear(&env, &first);
    t99_cache_clear(&env, &second);
}

/* A file that is what it says. */
static void fuzz_contents(const uint8_t *data, size_t size)
{
    static const uint8_t header[] = { 0x74, 0x39, 0x39, 0x53, 0, 2 };
    uint8_t *file = malloc(sizeof header + 32 + size);

    check(file != NULL);
    memcpy(file, header, sizeof header);
    t99_hash(&t99_sha256, file + sizeof header, data, size);
    memcpy(file + sizeof header + 32, data, size);
    fuzz_file(file, sizeof header + 32 + size);
    free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    switch (data[0]) {
    case 0:
        fuzz_one(data + 1, size - 1);
        break;
    case 1:
        fuzz_contents(data + 1, size - 1);
        break;
    case 2:
        fuzz_file(data + 1, size - 1);
        break;
    default:
        break;
    }
    return 0;
}
