/* What a handshake is told: one struct of settings, const for the handshake, made by api/ or by a test. */
#ifndef T99_HANDSHAKE_CONFIG_H
#define T99_HANDSHAKE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/env.h"
#include "base/fault.h"
#include "crypto/aead/traffic_key.h"
#include "handshake/credential.h"
#include "handshake/session.h"
#include "x509/verify.h"

#define T99_MAX_SUITES 24
#define T99_MAX_GROUPS 12
#define T99_MAX_SCHEMES 24

#define T99_COMPRESSION_ZLIB 1

/* Which way a message went, for message callbacks. */
enum t99_direction { DIRECTION_SENT, DIRECTION_RECEIVED };

struct t99_conn;

/* Functions that the handshake calls; any may be NULL. */
struct t99_hs_callbacks {
    void *arg;
    /* Every handshake message, header included, as it stands in the transcript. */
    void (*message)(void *arg, enum t99_direction direction, const uint8_t *message, size_t len);
    /* A line of the NSS key log format: label, client_random, secret. */
    void (*keylog)(void *arg, const char *label, const uint8_t client_random[32], const uint8_t *secret,
                   size_t secret_len);
    /* A session that may be offered later; the callee owns it. */
    void (*new_session)(void *arg, struct t99_session *session);
    /*
     * Takes the place of t99_verify() (tests). resumed: the chain of a session that is being resumed. False:
     * refused, fault recorded.
     */
    bool (*verify)(void *arg, const struct t99_conn *conn, bool resumed, struct t99_fault *fault);
    /* Takes the place of the stapled response's verification (tests). staple.p NULL: none came. */
    bool (*ocsp)(void *arg, struct t99_span staple, struct t99_fault *fault);
    /*
     * Takes the place of zlib (tests): all of out, from in, by one of config's compressions. False: it is
     * nothing of the kind.
     */
    bool (*decompress)(void *arg, uint16_t algorithm, uint8_t *out, size_t out_len, struct t99_span in);
    /* Called when the server asked for a certificate, before one is chosen (tests). */
    bool (*certificate_request)(void *arg, struct t99_fault *fault);
};

struct t99_hs_config {
    const struct t99_env *env;
    uint16_t min_version, max_version; /* T99_TLS12, T99_TLS13 */

    /* In order of preference; ids of the tables in cipher_suite.h, kex/group.h and signature_scheme.h. */
    uint16_t suites[T99_MAX_SUITES];
    size_t num_suites;
    uint16_t groups[T99_MAX_GROUPS];
    size_t num_groups;
    uint16_t key_shares[T99_MAX_GROUPS]; /* groups that get a key share at once */
    size_t num_key_shares;
    bool default_key_shares; /* instead: the first group, and the first of the other kind (hybrid or not) */
    uint16_t schemes[T99_MAX_SCHEMES]; /* signatures that are accepted from the server */
    size_t num_schemes;

    const char *servername;   /* for server_name; NULL: none is sent */
    struct t99_span alpn;     /* ProtocolNameList contents: (length byte, name)*; .len 0: not offered */
    bool alpn_accept_unknown; /* tests: do not check the server's choice */

    bool request_ocsp, request_sct;
    uint16_t compressions[4]; /* of certificates, in order of preference: RFC 8879, 3 */
    size_t num_compressions;
    bool offer_tickets; /* session_ticket (1.2), psk_key_exchange_modes (1.3) */
    bool offer_ems;     /* extended_master_secret: always but in tests */
    bool post_handshake_auth;
    bool grease, shuffle_extensions;
    bool ignore_hello_request;  /* TLS 1.2: pass over instead of refusing */
    bool legacy_server_connect; /* accept a TLS 1.2 server without renegotiation_info (RFC 5746, 4.1) */
    bool fallback_scsv;
    bool require_staple;
    bool check_key_usage; /* digitalSignature or keyEncipherment of the leaf, as the key exchange needs */
    uint16_t record_size_limit; /* our limit, 64 to 16385; 0: extension not sent */
    size_t max_cert_list;       /* longest Certificate message; 0: the default of 100 KB */

    /* Session to offer; NULL: none. Stays the caller's. */
    const struct t99_session *session;
    uint8_t session_use; /* enum t99_session_use: why there is none, if there was */
    bool early_data;     /* offer 0-RTT with it, if it allows */

    const struct t99_credential *credentials; /* client certificates, in order of preference */
    size_t num_credentials;

    /* Who the server must be. params.env and .time are taken from env. */
    struct t99_verify_params verify;
    bool verify_name;      /* verify.peer is checked */
    uint8_t verify_id[32]; /* names these settings: a session made under others is not resumed */

    struct t99_hs_callbacks on;
};

#endif
