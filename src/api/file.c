#include "api/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Twice the room, the old memory wiped. */
static uint8_t *grow(const struct t99_env *env, uint8_t *old, size_t *cap)
{
    uint8_t *more = *cap < T99_FILE_MAX ? t99_alloc(env, 2 * *cap) : NULL;

    if (more != NULL) {
        memcpy(more, old, *cap);
    } else {
        errno = *cap < T99_FILE_MAX ? ENOMEM : EFBIG;
    }
    t99_free(env, old, *cap);
    *cap *= 2;
    return more;
}

static ssize_t read_some(int fd, uint8_t *out, size_t len)
{
    ssize_t got;

    do {
        got = read(fd, out, len);
    } while (got < 0 && errno == EINTR);
    return got;
}

uint8_t *t99_file_read_fd(const struct t99_env *env, int fd, size_t *alloc_len, size_t *len)
{
    struct stat st;
    size_t cap = 4096, n = 0;
    uint8_t *buf;
    ssize_t got;

    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
        (uintmax_t)st.st_size < T99_FILE_MAX) {
        cap = (size_t)st.st_size + 1;
    }
    buf = t99_alloc(env, cap);
    if (buf == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    for (;;) {
        uint8_t more;
        bool full = n == cap - 1;

        got = full ? read_some(fd, &more, 1) /* a file of the size that it said needs no second buffer */
                   : read_some(fd, buf + n, cap - 1 - n);
        if (got <= 0) {
            break;
        }
        if (full) {
            buf = grow(env, buf, &cap);
            if (buf == NULL) {
                return NULL;
            }
            buf[n] = more;
        }
        n += (size_t)got;
    }
    if (got < 0) {
        int why = errno;

        t99_free(env, buf, cap);
        errno = why;
        return NULL;
    }
    buf[n] = 0;
    *alloc_len = cap;
    *len = n;
    return buf;
}

uint8_t *t99_file_read(const struct t99_env *env, const char *path, size_t *alloc_len, size_t *len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), why;
    uint8_t *buf;

    if (fd < 0) {
        return NULL;
    }
    buf = t99_file_read_fd(env, fd, alloc_len, len);
    why = errno;
    close(fd);
    errno = why;
    return buf;
}
