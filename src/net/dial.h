/* TCP to a host by name: all its addresses, raced as in RFC 8305 (Happy Eyeballs). */
#ifndef T99_NET_DIAL_H
#define T99_NET_DIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/fault.h"

#define T99_ADDRESS_TEXT 64
#define T99_PORT_TEXT 8

/* What happens on the way, for those who show it. */
enum t99_dial_step { DIAL_RESOLVE, DIAL_RESOLVED, DIAL_SYN, DIAL_CONNECTED, DIAL_FAILED, DIAL_DROPPED };

struct t99_dial {
    /* What is asked. */
    const char *host, *port; /* a name or numeric address; a number or service */
    int family;              /* 0: both, 4, 6 */
    int timeout_ms;          /* for all of it; 0: none but the system's */
    /* Told of each step, with the numeric address (NULL: of the name) and errno. May be NULL. */
    void (*step)(void *arg, enum t99_dial_step step, const char *address, const char *port, int error);
    void *step_arg;
    /* What came of it. */
    int fd;                         /* blocking, close-on-exec */
    char address[T99_ADDRESS_TEXT]; /* numeric */
    char port_number[T99_PORT_TEXT];
    int64_t dns_us, tcp_us; /* how long each took */
};

/*
 * False: FAULT_IO with what was tried ("connect to h port 443: 192.0.2.1: Connection refused", "resolve h
 * port 443: there is no host of that name"), or FAULT_CALLER for a port that is none; nothing is left open.
 */
bool t99_dial(struct t99_dial *dial, struct t99_fault *fault) T99_MUST_CHECK;

#endif
