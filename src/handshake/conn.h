/*
 * What a connection knows about itself, during the handshake and after it: facts for the user, and the
 * secrets that live on.
 */
#ifndef T99_HANDSHAKE_CONN_H
#define T99_HANDSHAKE_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/env.h"
#include "handshake/cipher_suite.h"
#include "handshake/credential.h"
#include "handshake/signature_scheme.h"
#include "kex/group.h"
#include "x509/ocsp.h"
#include "x509/verify.h"

#define T99_CHAIN_MAX 64 /* certificates that a server may send */

/* The certificates as the server sent them, leaf first; one allocation. */
struct t99_chain {
    size_t alloc_len;
    size_t num;
    struct t99_span certs[T99_CHAIN_MAX]; /* into the bytes behind the struct */
};

enum t99_early_data { EARLY_NOT_OFFERED, EARLY_OFFERED, EARLY_ACCEPTED, EARLY_REJECTED };

struct t99_conn {
    /* Facts. */
    uint16_t version; /* 0: not yet known */
    const struct t99_cipher_suite *suite;
    const struct t99_group *group;             /* NULL: RSA key transport, or resumed without one */
    const struct t99_signature_scheme *scheme; /* of the server's signature; NULL: none (RSA key transport) */
    uint8_t *alpn;                             /* of its own; NULL: none was chosen */
    size_t alpn_len;
    bool connected, resumed, hello_retry, ems, secure_renegotiation, certificate_requested, certificate_sent;
    bool ticket_across_names;                /* the last ticket may be used for the chain's other names */
    const struct t99_credential *credential; /* that was sent; NULL: none */
    uint8_t session_use;                     /* enum t99_session_use */
    uint8_t early_data;                      /* enum t99_early_data */
    uint32_t max_early_data;                 /* bytes that may be sent as early data */
    struct t99_chain *chain;                 /* of its own; NULL: none */
    uint8_t *staple, *scts;                  /* of their own; OCSPResponse, SignedCertificateTimestampList */
    size_t staple_len, scts_len;
    struct t99_ocsp_result ocsp; /* what the staple says, if it was verified */
    bool ocsp_verified;
    size_t num_path; /* the verified path, leaf first, anchor last: into chain and trust store */
    struct t99_span path[T99_PATH_MAX];
    struct t99_span matched_name; /* into chain */
    int64_t auth_ms;   /* when the server was verified: milliseconds since 1970; a session hands it on */
    int64_t not_after; /* until when the path of then is valid: seconds since 1970 */
    uint8_t client_random[32];

    /*
     * Secrets. TLS 1.3: the current application traffic secrets; TLS 1.2: the main secret in exporter_secret.
     */
    uint8_t client_secret[T99_HASH_MAX], server_secret[T99_HASH_MAX];
    uint8_t exporter_secret[T99_HASH_MAX], resumption_secret[T99_HASH_MAX];
    uint8_t server_random[32]; /* TLS 1.2 exporter */
    unsigned key_updates;      /* received in a row without application data between */
    bool key_update_pending;   /* an update_requested was answered by one that is not yet followed by data */
    bool key_update_requested; /* of the server, and not yet come */
    struct t99_hash_ctx *transcript; /* of its own; kept only for post-handshake authentication */
};

/* Wipes the secrets of a connection that has failed; the facts stay. */
void t99_conn_forget(struct t99_conn *conn);

/* Wipes and frees all that conn owns, and zeroes it. */
void t99_conn_clear(struct t99_conn *conn, const struct t99_env *env);

#endif
