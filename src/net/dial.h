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

struct t99_dial {
    /* What is asked. */
    const char *host, *port; /* a name or numeric address; a number or service */
    int family;              /* 0: both, 4, 6 */
    int timeout_ms;          /* for all of it; 0: none but the system's */
    /* What came of it. */
    int fd;                         /* blocking, close-on-exec */
    char address[T99_ADDRESS_TEXT]; /* numeric */
    char port_number[T99_PORT_TEXT];
    int64_t dns_us, tcp_us; /* how long each took */
};

/*
 * False: FAULT_IO with what was tried ("connect to h port 443: 192.0.2.1: Connection refused"); nothing is
 * left open.
 */
bool t99_dial(struct t99_dial *dial, struct t99_fault *fault) T99_MUST_CHECK;

#endif
