#include "https_get/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t steady_us(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 : 0;
}

void output_begin(struct output *o, const char *path)
{
    o->path = path != NULL && strcmp(path, "-") != 0 ? path : NULL;
    o->fd = -1;
}

bool output_is_terminal(const struct output *o)
{
    return o->path == NULL && isatty(STDOUT_FILENO) != 0;
}

static bool open_it(struct output *o)
{
    if (o->fd == -1) {
        o->fd =
            o->path != NULL ? open(o->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : STDOUT_FILENO;
    }
    return o->fd != -1;
}

bool output_write(struct output *o, const void *buf, size_t len)
{
    const char *p = (const char *)buf;
    struct pollfd ready;
    ssize_t n;

    if (!open_it(o)) {
        return false;
    }
    while (len > 0) {
        n = write(o->fd, p, len);
        if (n >= 0) {
            p += n;
            len -= (size_t)n;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) { /* stdout may be somebody's non-blocking pipe */
            ready.fd = o->fd;
            ready.events = POLLOUT;
            (void)poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool output_close(struct output *o, bool complete)
{
    bool ok = !complete || open_it(o);

    if (o->fd != -1 && o->path != NULL && close(o->fd) != 0) {
        ok = false;
    }
    o->fd = -1;
    return ok;
}
