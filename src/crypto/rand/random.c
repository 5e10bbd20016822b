/* An OS-specific file: more than POSIX is asked of the headers here. */
#if defined(__linux__)
#define _DEFAULT_SOURCE 1
#elif defined(__APPLE__)
#define _DARWIN_C_SOURCE 1
#else
#undef _POSIX_C_SOURCE /* the BSDs hide arc4random_buf() from those who ask for POSIX alone */
#endif

#include "crypto/rand/random.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#if defined(__has_include)
#if __has_include(<sys/random.h>)
#include <sys/random.h>
#define HAVE_GETRANDOM 1
#endif
#endif
#endif

#ifndef O_CLOEXEC
#define O_CLOEXEC 0
#endif

enum outcome { GIVEN, REFUSED, MISSING }; /* REFUSED: the system said no; MISSING: it has no such call */

static bool fill_from(int fd, uint8_t *out, size_t len)
{
    while (len != 0) {
        ssize_t n = read(fd, out, len);

        if (n > 0) {
            out += n;
            len -= (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool t99_random_device(const char *path, uint8_t *out, size_t len)
{
    struct stat info;
    bool ok = false;
    int fd;

    do {
        fd = open(path, O_RDONLY | O_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    if (fd >= 0) {
        ok = fstat(fd, &info) == 0 && S_ISCHR(info.st_mode) && fill_from(fd, out, len);
        close(fd);
    }
    if (!ok) {
        memset(out, 0, len);
    }
    return ok;
}

#if defined(HAVE_GETRANDOM) || (defined(__linux__) && defined(SYS_getrandom))
/* Waits until the kernel's generator is seeded, which /dev/urandom does not. */
static enum outcome from_system(uint8_t *out, size_t len)
{
    while (len != 0) {
#if defined(HAVE_GETRANDOM)
        ssize_t n = getrandom(out, len, 0);
#else
        long n = syscall(SYS_getrandom, out, len, 0);
#endif

        if (n > 0) {
            out += n;
            len -= (size_t)n;
        } else if (n < 0 && (errno == ENOSYS || errno == EPERM)) {
            return MISSING; /* before Linux 3.17, or a sandbox that does not know it */
        } else if (n == 0 || errno != EINTR) {
            return REFUSED;
        }
    }
    return GIVEN;
}
#elif defined(__APPLE__) || defined(__OpenBSD__) || defined(__FreeBSD__) || defined(__NetBSD__) ||           \
    defined(__DragonFly__)
/* Cannot fail: the system ends the process rather than give bad bytes. */
static enum outcome from_system(uint8_t *out, size_t len)
{
    arc4random_buf(out, len);
    return GIVEN;
}
#else
static enum outcome from_system(uint8_t *out, size_t len)
{
    (void)out;
    (void)len;
    return MISSING;
}
#endif

bool t99_random_system(uint8_t *out, size_t len)
{
    enum outcome outcome = from_system(out, len);

    if (outcome == MISSING) {
        return t99_random_device("/dev/urandom", out, len);
    }
    if (outcome != GIVEN) {
        memset(out, 0, len);
    }
    return outcome == GIVEN;
}
