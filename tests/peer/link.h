/* An engine and the server for tests, connected by memory: bytes move in steps of any size. */
#ifndef TESTS_PEER_LINK_H
#define TESTS_PEER_LINK_H

#include "engine/engine.h"
#include "peer/wire.h"

struct link {
    struct test_env env, server_env;
    struct t99_hs_config config; /* of the client: to be changed before link_start() */
    struct peer_settings set;    /* of the server: likewise */
    struct peer_identity identity;
    struct peer peer;
    struct wire wire;
    struct t99_engine *engine;

    size_t chunk;     /* bytes that move at a time at most; 0: any number */
    size_t read_size; /* of the buffer for t99_engine_read(): at most 65536 */
    uint8_t *got;     /* application data that the client has read */
    size_t got_len, got_cap;

    /* Told by callbacks. */
    struct t99_session *session; /* the last one */
    unsigned num_sessions, num_verified;
    bool refuse_certificate;
};

/* A client and a server with this version's first suite, P-256, and nothing optional. */
void link_init(struct link *l, uint16_t version);

/* Makes engine and server from the settings and sends the ClientHello. False: failed. */
bool link_start(struct link *l);

/* Moves bytes and reads data until nothing moves any more. False: the engine failed. */
bool link_run(struct link *l);

/* Start and run. True if both sides are connected. */
bool link_connect(struct link *l);

/* Writes all of it, moving bytes as needed. False: the engine failed, or takes no more. */
bool link_write(struct link *l, const void *data, size_t len);

/* The next connection of the same client and server, sessions kept: then link_start(). */
void link_again(struct link *l);

/* Frees all; checks nothing. Memory of the client that is still live afterwards is a leak: l->env.live. */
void link_clear(struct link *l);

/* The fault's sentence, and what the server says, for assertions. */
const char *link_fault(const struct link *l);

#endif
