/* Tables of servers that break one rule each, and of what tls_error() then says. */
#ifndef TESTS_PEER_BROKEN_H
#define TESTS_PEER_BROKEN_H

#include "handshake/messages.h"
#include "peer/alter.h"
#include "peer/call.h"

struct broken {
    uint16_t version;
    void (*before)(struct call *c); /* changes config and settings of the server; NULL: nothing */
    struct alteration alterations[2];
    const char *says; /* tls_error() without "handshake failed: " before and the name of the host behind */
};

/* For alterations: one, none, or both. */
#define BROKEN(type, which, how, at, hex)                                                                    \
    {                                                                                                        \
        {                                                                                                    \
            type, which, how, at, hex                                                                        \
        }                                                                                                    \
    }
#define WHOLE                                                                                                \
    {                                                                                                        \
        {                                                                                                    \
            0, 0, ALTER_NOTHING, 0, ""                                                                       \
        }                                                                                                    \
    }

/* Asserts that a handshake with each fails, and says so. */
void broken_all(const struct broken *rows, size_t num);

#define BROKEN_ALL(rows) broken_all(rows, sizeof(rows) / sizeof(rows)[0])

/* True if tls_error() is this, from its first to its last letter; prints both if not. */
bool call_says(const struct call *c, const char *expected);

#endif
