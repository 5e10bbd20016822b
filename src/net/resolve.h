/* Names to addresses, within a time that getaddrinfo() does not know. */
#ifndef T99_NET_RESOLVE_H
#define T99_NET_RESOLVE_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct t99_lookup {
    const char *host, *port;
    int family;     /* 0: both, 4, 6 */
    int timeout_ms; /* 0: the resolver's own */
};

/*
 * *list is the caller's, for freeaddrinfo(). False: *why is a static text or strerror()'s. With a timeout,
 * unless host is numeric, a thread waits for the resolver; one that comes too late frees what it has.
 */
bool t99_resolve(struct addrinfo **list, const char **why, const struct t99_lookup *what) T99_MUST_CHECK;

#endif
