/* Inside of a handshake: shared by the files that implement handshake.h, and by nobody else. */
#ifndef T99_HANDSHAKE_HS_H
#define T99_HANDSHAKE_HS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/writer.h"
#include "handshake/handshake.h"
#include "handshake/key_schedule.h"
#include "handshake/messages.h"
#include "handshake/transcript.h"

enum t99_hs_state {
    WAIT_SERVER_HELLO,
    /* TLS 1.3: RFC 9846, A.1 */
    WAIT_ENCRYPTED_EXTENSIONS,
    WAIT_CERT_CR,
    WAIT_CERT,
    WAIT_CERT_VERIFY,
    WAIT_FINISHED,
    /* TLS 1.2: RFC 5246, 7.3 */
    WAIT_CERT_12,
    WAIT_STATUS_12,  /* certificate_status, which may be left out, or what follows it */
    WAIT_SKE_12,     /* server_key_exchange */
    WAIT_CR_DONE_12, /* certificate_request or server_hello_done */
    WAIT_DONE_12,    /* server_hello_done */
    WAIT_TICKET_12,  /* new_session_ticket, then change_cipher_spec */
    WAIT_CCS_12,     /* change_cipher_spec */
    WAIT_FINISHED_12,
    CONNECTED,
    HS_STATE_BY_HANDLER = 255 /* in the table of edges: the handler sets it */
};

/* Private part of a key share. */
struct t99_share {
    const struct t99_group *group;
    uint8_t
        *private_part; /* of its own: group->private_len bytes, then group->share_len bytes of the share */
};

struct t99_handshake {
    const struct t99_hs_config *config;
    struct t99_conn *conn;
    const struct t99_sink *sink;
    struct t99_fault *fault;
    uint8_t state; /* enum t99_hs_state */

    /* The ClientHello, as far as a second one has to repeat it. */
    uint8_t session_id[32];
    uint8_t session_id_len;
    uint8_t seed[16]; /* for GREASE values and the order of extensions: the same in both hellos */
    uint32_t offered; /* set of TLSEXT_BIT: extensions in the last ClientHello */
    struct t99_share shares[T99_MAX_GROUPS];
    size_t num_shares;
    const struct t99_group *retry_group; /* what a HelloRetryRequest asked for */
    uint8_t *cookie;
    size_t cookie_len;
    const struct t99_session *session; /* that was offered; NULL: none */
    const struct t99_cipher_suite *retry_suite;

    struct t99_transcript transcript;
    uint8_t *kept; /* TLS 1.2 with client certificates: all messages, which its CertificateVerify signs */
    size_t kept_len, kept_cap;

    uint8_t secret[T99_HASH_MAX]; /* TLS 1.3: early, handshake, main secret in turn; TLS 1.2: main secret */
    uint8_t client_secret[T99_HASH_MAX]; /* handshake traffic secrets */
    uint8_t server_secret[T99_HASH_MAX];
    bool ccs_sent;

    struct t99_public_key server_key; /* of conn->chain's leaf, once decoded */
    uint8_t *point;                   /* TLS 1.2: our share, kept until ServerHelloDone */
    uint8_t *shared;                  /* TLS 1.2: pre-master secret */
    size_t shared_len, point_len;

    const struct t99_credential *credential; /* chosen client certificate; NULL: an empty list is sent */
    const struct t99_signature_scheme *client_scheme;

    bool ticket_expected, status_expected; /* TLS 1.2: new_session_ticket, certificate_status */
    struct t99_span ticket;                /* of its own: TLS 1.2, until the session is made */
    uint32_t ticket_lifetime;
    uint8_t new_session_id[32]; /* TLS 1.2: what the server calls this session */
    uint8_t new_session_id_len;
};

/* client_hello.c: composes and sends it; also the second one, once the fields above say so. */
bool t99_send_client_hello(struct t99_handshake *hs) T99_MUST_CHECK;

/* client_extensions.c */
/* Where a GREASE value goes (RFC 8701, 3.1); each takes its own byte of the seed. */
enum t99_grease { GREASE_SUITE, GREASE_GROUP, GREASE_VERSION, GREASE_FIRST_EXT, GREASE_LAST_EXT, GREASE_NUM };
uint16_t t99_grease_value(const struct t99_handshake *hs, enum t99_grease which);
bool t99_offers_13(const struct t99_handshake *hs);
bool t99_offers_12(const struct t99_handshake *hs);
/* All but pre_shared_key, which must be the last; fills in hs->offered. */
void t99_put_extensions(struct t99_handshake *hs, struct writer *w);

/* client.c: for all. */
bool t99_hs_send(struct t99_handshake *hs, const uint8_t *message, size_t len) T99_MUST_CHECK;
bool t99_hs_record(struct t99_handshake *hs, const uint8_t *message, size_t len) T99_MUST_CHECK;
void t99_hs_keylog(const struct t99_hs_config *config, const struct t99_conn *conn, const char *label,
                   const uint8_t *secret, size_t len);
bool t99_hs_install(struct t99_handshake *hs, bool reading, const uint8_t *secret) T99_MUST_CHECK;
bool t99_hs_send_ccs_once(struct t99_handshake *hs) T99_MUST_CHECK;
bool t99_hs_bad(struct t99_handshake *hs, const char *message, const char *field);
bool t99_hs_select_alpn(struct t99_handshake *hs, const struct t99_ext_block *ext,
                        const char *message) T99_MUST_CHECK;
bool t99_hs_record_limit(struct t99_handshake *hs, const struct t99_ext_block *ext,
                         const char *message) T99_MUST_CHECK;
bool t99_hs_offers_alpn(const struct t99_handshake *hs, struct t99_span name);
bool t99_hs_offers_suite(const struct t99_hs_config *config, uint16_t id);
bool t99_hs_offers_group(const struct t99_hs_config *config, uint16_t id);
bool t99_hs_offers_scheme(const struct t99_hs_config *config, uint16_t id);

/* server_hello13.c */
bool t99_recv_server_hello_13(struct t99_handshake *hs, const struct t99_server_hello *m,
                              const uint8_t *message, size_t len) T99_MUST_CHECK;
bool t99_recv_hello_retry_request(struct t99_handshake *hs, const struct t99_server_hello *m,
                                  const uint8_t *message, size_t len) T99_MUST_CHECK;

/* client13.c */
bool t99_recv_encrypted_extensions(struct t99_handshake *hs, const uint8_t *message,
                                   size_t len) T99_MUST_CHECK;
bool t99_recv_certificate_request_13(struct t99_handshake *hs, const uint8_t *message,
                                     size_t len) T99_MUST_CHECK;
bool t99_recv_certificate_13(struct t99_handshake *hs, const uint8_t *message, size_t len) T99_MUST_CHECK;
bool t99_recv_compressed_certificate(struct t99_handshake *hs, const uint8_t *message,
                                     size_t len) T99_MUST_CHECK;
bool t99_recv_certificate_verify(struct t99_handshake *hs, const uint8_t *message, size_t len) T99_MUST_CHECK;
bool t99_recv_finished_13(struct t99_handshake *hs, const uint8_t *message, size_t len) T99_MUST_CHECK;

/* server_hello12.c */
bool t99_recv_server_hello_12(struct t99_handshake *hs, const struct t99_server_hello *m,
                              const uint8_t *message, size_t len) T99_MUST_CHECK;

/* client12.c */
bool t99_recv_certificate_12(struct t99_handshake *hs, const uint8_t *message, size_t len) T99_MUST_CHECK;
bool t99_recv_certificate_status(struct t99_handshake *hs, const uint8_t *message, size_t len) T99_MUST_CHECK;
bool t99_recv_server_key_exchange(struct t99_handshake *hs, const uint8_t *message,
                                  size_t len) T99_MUST_CHECK;
bool t99_recv_certificate_request_12(struct t99_handshake *hs, const uint8_t *message,
                                     size_t len) T99_MUST_CHECK;
bool t99_recv_server_hello_done(struct t99_handshake *hs, const uint8_t *message, size_t len) T99_MUST_CHECK;
bool t99_recv_new_session_ticket_12(struct t99_handshake *hs, const uint8_t *message,
                                    size_t len) T99_MUST_CHECK;
bool t99_recv_finished_12(struct t99_handshake *hs, const uint8_t *message, size_t len) T99_MUST_CHECK;
bool t99_recv_ccs_12(struct t99_handshake *hs) T99_MUST_CHECK;

/* server_certificate.c: what both versions do with the server's certificates. */
/* One more certificate of the message: appended to conn->chain, which was made with room for all. */
struct t99_chain *t99_chain_new(const struct t99_env *env, size_t bytes);
bool t99_chain_add(struct t99_chain *chain, struct t99_span der) T99_MUST_CHECK;
/* The leaf is decoded, its key fits the purpose. message: for sentences. */
bool t99_take_leaf(struct t99_handshake *hs) T99_MUST_CHECK;
/* Chain, name and staple are verified as config says; conn gets path and matched name. */
bool t99_verify_server(struct t99_handshake *hs) T99_MUST_CHECK;
/* The same for a session that is resumed: conn gets its chain. */
bool t99_restore_server(struct t99_handshake *hs) T99_MUST_CHECK;
/* A signature of the server: scheme offered, fits the key, is right. who: "certificate_verify". */
bool t99_check_server_signature(struct t99_handshake *hs, uint16_t scheme_id, struct t99_span signed_bytes,
                                struct t99_span signature, const char *who) T99_MUST_CHECK;
bool t99_keep_staple(struct t99_handshake *hs, struct t99_span response) T99_MUST_CHECK;
/* keep: the leaf's. The list is checked in any case. */
bool t99_keep_scts(struct t99_handshake *hs, bool keep, struct t99_span list,
                   const char *message) T99_MUST_CHECK;

/* client_certificate.c */
/* Extensions that may stand in TLS 1.3's CertificateRequest. */
#define T99_CERTIFICATE_REQUEST_EXTENSIONS                                                                   \
    (TLSEXT_BIT(TLSEXT_STATUS_REQUEST) | TLSEXT_BIT(TLSEXT_SIGNATURE_ALGORITHMS) | TLSEXT_BIT(TLSEXT_SCT) |  \
     TLSEXT_BIT(TLSEXT_COMPRESS_CERTIFICATE) | TLSEXT_BIT(TLSEXT_CERTIFICATE_AUTHORITIES) |                  \
     TLSEXT_BIT(TLSEXT_OID_FILTERS) | TLSEXT_BIT(TLSEXT_SIGNATURE_ALGORITHMS_CERT) |                         \
     TLSEXT_BIT(TLSEXT_TLS_FLAGS))

/*
 * Chooses credential and scheme for a request; none fits: credential NULL. types: 1.2's certificate types, .p
 * NULL in 1.3.
 */
bool t99_choose_credential(const struct t99_hs_config *config, const struct t99_certificate_request *request,
                           uint16_t version, const struct t99_credential **credential,
                           const struct t99_signature_scheme **scheme,
                           struct t99_fault *fault) T99_MUST_CHECK;
/*
 * Composes a Certificate message (either version; context: 1.3's) into memory of its own. NULL: out of
 * memory.
 */
uint8_t *t99_compose_certificate(const struct t99_env *env, uint16_t version,
                                 const struct t99_credential *credential, struct t99_span context,
                                 size_t *alloc_len, size_t *len);
/* CertificateVerify over the bytes to be signed. out: room for 8 + T99_SIGNATURE_MAX. */
bool t99_compose_certificate_verify(const struct t99_env *env, const struct t99_credential *credential,
                                    const struct t99_signature_scheme *scheme, const uint8_t *content,
                                    size_t content_len, uint8_t *out, size_t *out_len,
                                    struct t99_fault *fault) T99_MUST_CHECK;
/* What is signed in TLS 1.3 (RFC 9846, 4.5.2): out has room for T99_SIGNED_MAX. Returns its length. */
#define T99_SIGNED_MAX (64 + 34 + T99_HASH_MAX)
size_t t99_signed_content_13(uint8_t *out, bool by_server, const uint8_t *transcript_hash, size_t hash_len);

/* session.c side: a session made of what the handshake or a ticket gave; handed to config->on.new_session. */
bool t99_yield_session(const struct t99_hs_config *config, const struct t99_conn *conn, const uint8_t *secret,
                       size_t secret_len, struct t99_span ticket, struct t99_span session_id,
                       uint32_t lifetime, uint32_t age_add, uint32_t max_early_data,
                       struct t99_fault *fault) T99_MUST_CHECK;

#endif
