#include "net/stream.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

ssize_t t99_stream_read(int fd, void *buf, size_t len)
{
    ssize_t n;

    do {
        n = read(fd, buf, len);
    } while (n < 0 && errno == EINTR);
    return n;
}

ssize_t t99_stream_read_now(int fd, void *buf, size_t len)
{
    ssize_t n;

    do {
        n = recv(fd, buf, len, MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    return n;
}

/*
 * A pipe has no MSG_NOSIGNAL: the signal is blocked for this thread while it writes, and one that this write
 * caused is taken away before it is let through again.
 */
static ssize_t write_quietly(int fd, const void *buf, size_t len)
{
    static const struct timespec now = { 0, 0 };
    sigset_t pipe_set, old, pending;
    bool was_pending;
    ssize_t n;
    int why;

    sigemptyset(&pipe_set);
    sigaddset(&pipe_set, SIGPIPE);
    sigemptyset(&pending);
    sigpending(&pending);
    was_pending = sigismember(&pending, SIGPIPE) == 1;
    if (was_pending || pthread_sigmask(SIG_BLOCK, &pipe_set, &old) != 0) {
        return write(fd, buf, len);
    }
    n = write(fd, buf, len);
    why = errno;
    if (n < 0 && why == EPIPE) {
        (void)sigtimedwait(&pipe_set, NULL, &now);
    }
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    errno = why;
    return n;
}

ssize_t t99_stream_write(int fd, const void *buf, size_t len)
{
    ssize_t n;

    do {
        n = send(fd, buf, len, MSG_NOSIGNAL);
        if (n < 0 && errno == ENOTSOCK) {
            n = write_quietly(fd, buf, len);
        }
    } while (n < 0 && errno == EINTR);
    return n;
}
