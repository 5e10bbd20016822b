/*
 * A context of the library and the server for tests, connected by callbacks: everything a program sees goes
 * through tls.h. The transport can move few bytes at a time, say "not now" every other time, end, or break.
 *
 * Certificates are verified in earnest: an authority with the key 0x41 signs a leaf for tls99.test.
 */
#ifndef TESTS_PEER_CALL_H
#define TESTS_PEER_CALL_H

#include "api/internal.h"
#include "peer/wire.h"

#define CALL_NAME "tls99.test"

/* What a leaf is to be; zero: the usual. */
struct call_leaf {
    const char *to;    /* notAfter; NULL: 2035 */
    const char *ca_to; /* of the authority */
    bool must_staple;
    unsigned serial; /* 0: 1 */
};

struct call {
    struct test_env env, server_env;
    struct tls_config *config;
    struct tls *tls;
    struct peer_settings set; /* of the server: to be changed before call_connect() */
    struct peer_session session;
    struct peer_identity identity;
    struct peer peer;
    struct wire wire;
    uint8_t ca_pem[1200];
    size_t ca_pem_len;

    size_t chunk;                /* bytes that a callback moves at most; 0: any number */
    bool interrupt;              /* every other call of a callback moves nothing */
    unsigned turns;              /* calls of callbacks */
    bool end;                    /* the transport ends where the server has no more bytes */
    int read_error, write_error; /* errno that callbacks fail with */
    size_t write_room;           /* bytes that the transport still takes */
    struct t99_hash_ctx sent;    /* over all bytes that the client wrote */
    const char *connect_to;      /* NULL: CALL_NAME */
    bool deaf;                   /* what is written goes nowhere */
};

/* A server of this version with its usual leaf, and a config that trusts its authority. */
void call_init(struct call *c, uint16_t version);

/* Another leaf for the server; the config then trusts the authority that signed it. */
void call_leaf(struct call *c, const struct call_leaf *leaf);

/* A DER response of OCSP: 0 good, 1 revoked, 2 unknown; of the leaf with this serial; "YYYYMMDDHHMMSSZ". */
struct t99_span call_ocsp(struct call *c, unsigned status, unsigned serial, const char *from, const char *to);

/* A fresh context and server, connected by callbacks; no byte has moved. As tls_connect_cbs(). */
int call_connect(struct call *c);

/* These go on where TLS_WANT_* is returned, as long as anything moves. */
int call_handshake(struct call *c);
ssize_t call_read(struct call *c, void *buf, size_t len);
int call_write(struct call *c, const void *buf, size_t len); /* all of it: 0 */
int call_close(struct call *c);

/* call_connect() and call_handshake(). */
int call_start(struct call *c);

/* The server sends this as application data. */
void call_serve(struct call *c, const void *data, size_t len);

/* Reads until nothing comes: tickets and all. */
void call_drain(struct call *c);

/* Frees the context; the config, its sessions and what the server remembers stay. */
void call_end(struct call *c);

/* Frees everything, and asserts that nothing is left. */
void call_clear(struct call *c);

#endif
