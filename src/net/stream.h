/* Bytes through a descriptor: never a SIGPIPE, never an EINTR. */
#ifndef T99_NET_STREAM_H
#define T99_NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * One read, one write, of any descriptor, blocking or not. Returns bytes moved (reading: 0 at the end), or -1
 * with errno (EAGAIN: would block).
 */
ssize_t t99_stream_read(int fd, void *buf, size_t len);
ssize_t t99_stream_write(int fd, const void *buf, size_t len);

/* One read of a socket that does not wait, even if the socket would. Anything but a socket: -1. */
ssize_t t99_stream_read_now(int fd, void *buf, size_t len);

#endif
