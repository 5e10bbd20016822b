/* Sessions that may be resumed: RFC 9846, 4.7.1; RFC 5077; RFC 5246, 7.4.1.2. */
#ifndef T99_HANDSHAKE_SESSION_H
#define T99_HANDSHAKE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/env.h"

struct t99_hs_config;

/* One allocation; secret. Spans point behind the struct. */
struct t99_session {
    size_t alloc_len;
    uint16_t version, suite, group, scheme;
    bool ems;
    uint8_t secret_len;
    uint8_t secret[48];         /* TLS 1.3: the PSK; TLS 1.2: the main secret */
    int64_t received_ms;        /* when the ticket or session came: milliseconds since 1970, rounded up */
    int64_t auth_ms;            /* when the certificate was last verified */
    int64_t not_after;          /* of the verified path, seconds since 1970: not resumed after it */
    uint32_t lifetime;          /* seconds from received_ms */
    uint32_t age_add;           /* TLS 1.3 */
    uint32_t max_early_data;    /* bytes; 0: none */
    uint8_t verify_id[32];      /* of the settings under which the server was verified */
    struct t99_span ticket;     /* TLS 1.3: the identity; TLS 1.2: RFC 5077's ticket, may be empty */
    struct t99_span session_id; /* TLS 1.2 */
    struct t99_span servername; /* text without NUL; empty: none */
    struct t99_span alpn;       /* empty: none */
    struct t99_span chain;      /* certificates: (length u24, DER)*, leaf first */
    struct t99_span staple, scts;
};

/* A session of its own with copies of all that *from points to. NULL: out of memory. */
struct t99_session *t99_session_copy(const struct t99_env *env, const struct t99_session *from);
void t99_session_free(const struct t99_env *env, struct t99_session *session);

/* For files. Returns the bytes needed; writes only if they fit into cap. */
size_t t99_session_encode(uint8_t *out, size_t cap, const struct t99_session *session);

/* NULL: not such bytes, or out of memory. */
struct t99_session *t99_session_decode(const struct t99_env *env, const uint8_t *bytes, size_t len);

/*
 * True if it may be offered now: within its lifetime and 7 days of the server's verification, no certificate
 * of that expired.
 */
bool t99_session_fresh(const struct t99_session *session, int64_t now_ms);

/* What becomes of a session that the caller has. */
enum t99_session_use { SESSION_NONE, SESSION_EXPIRED, SESSION_UNFIT, SESSION_OFFERED };

/*
 * SESSION_OFFERED if it is fresh, and what it stands for is what config asks for: server, verification,
 * suite, version.
 */
enum t99_session_use t99_session_judge(const struct t99_session *session, const struct t99_hs_config *config);

#endif
