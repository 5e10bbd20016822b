/*
 * A TLS server for tests, version 1.2 or 1.3, without records: whole handshake messages in, whole messages
 * and keys out. It is made of the library's own primitives and key schedule, does what its settings say, and
 * lets a test lay hands on each message: before it enters the transcript, so that both sides agree on the
 * change, or afterwards.
 */
#ifndef TESTS_PEER_SERVER_H
#define TESTS_PEER_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/aead/traffic_key.h"
#include "crypto/sign/private_key.h"
#include "handshake/cipher_suite.h"
#include "handshake/extensions.h"
#include "handshake/key_schedule.h"
#include "handshake/transcript.h"
#include "kex/group.h"
#include "peer/env.h"

#define PEER_MESSAGE_MAX 70000
#define PEER_MAX_ITEMS 64

/* A certificate and its private key, in memory of its own. */
struct peer_identity {
    uint8_t bytes[4096];
    struct t99_span cert;
    struct t99_private_key key;
};

void peer_identity_p256(struct peer_identity *id);
void peer_identity_rsa(struct peer_identity *id);

#define PEER_MAX_TICKETS 64

/* 1.3: a ticket that was given out. */
struct peer_ticket {
    uint8_t ticket[16], psk[T99_HASH_MAX];
    uint16_t suite;
    unsigned presented; /* how often a client has come with it */
    uint32_t age;       /* what the client said last, in milliseconds, the obfuscation taken away */
};

/* What a server remembers between two connections. */
struct peer_session {
    struct peer_ticket tickets[PEER_MAX_TICKETS];
    size_t num_tickets; /* the newest is the last */

    /* 1.2: one session. */
    bool valid, ems;
    uint16_t suite;
    uint8_t ticket[16], secret[T99_MAIN_SECRET_LEN], id[32];
};

enum peer_item_kind { PEER_MESSAGE, PEER_CCS, PEER_WRITE_KEY };

/* What the server sends, in order. */
struct peer_item {
    enum peer_item_kind kind;
    uint8_t *bytes; /* of a message; malloc */
    size_t len;
    struct t99_traffic_key key; /* from here on, for writing */
};

struct peer;

struct peer_settings {
    uint16_t version;      /* T99_TLS12, T99_TLS13 */
    uint16_t suite, group; /* what is chosen */
    uint16_t scheme;       /* of the server's signature */
    const struct peer_identity *identity;
    bool hello_retry;  /* 1.3: first a HelloRetryRequest for the group */
    size_t cookie_len; /* 1.3: with a cookie of so many bytes; without hello_retry, for the cookie alone */
    bool no_ccs;       /* 1.3: no middlebox compatibility */
    bool request_certificate;
    const uint16_t *request_schemes; /* signature algorithms in the request; NULL: 0x0403, 0x0804 */
    size_t num_request_schemes;
    struct t99_span authorities; /* in the request: (u16 length, Name)* */
    bool no_ems;                 /* 1.2 */
    bool send_status;            /* staple a response of the bytes below */
    struct t99_span staple;
    const char *alpn; /* chosen if the client offers ALPN at all; NULL: none */
    uint16_t record_size_limit;
    unsigned num_tickets;     /* 1.2: 0 or 1 */
    uint32_t ticket_lifetime; /* seconds; 0: 7200 */
    uint32_t max_early_data;  /* in tickets */
    bool accept_early_data;
    struct peer_session *session; /* tickets go here, and are taken from here; NULL: neither */
    bool refuse_session;
    bool issue_session_id; /* 1.2: the session may be resumed by id */

    void *arg;
    /* A message before it enters the transcript: may change it, up to cap bytes; *len 0: it is left out. */
    void (*edit)(void *arg, struct peer *p, uint8_t *message, size_t *len, size_t cap);
    /* A flight is ready in p->items: may change them in any way, the transcript has been written. */
    void (*flight)(void *arg, struct peer *p);
};

enum peer_state {
    PEER_AWAITS_HELLO,
    PEER_AWAITS_END_OF_EARLY_DATA,
    PEER_AWAITS_CERTIFICATE,
    PEER_AWAITS_CLIENT_KEY_EXCHANGE,
    PEER_AWAITS_CERTIFICATE_VERIFY,
    PEER_AWAITS_CCS,
    PEER_AWAITS_FINISHED,
    PEER_CONNECTED
};

struct peer {
    const struct peer_settings *set;
    const struct t99_env *env;
    enum peer_state state;
    const char *failed; /* why, for the test's output; NULL: all is well */

    struct peer_item items[PEER_MAX_ITEMS];
    size_t num_items;

    /* The key for reading, when it has changed. Early data that was turned down is to be skipped. */
    struct t99_traffic_key read_key;
    bool read_key_changed, skip_early_data;

    /* Facts. */
    const struct t99_cipher_suite *suite;
    const struct t99_group *group;
    bool retried, resumed, ems, early_accepted, client_certificate, ocsp_wanted, ticket_wanted;
    unsigned key_updates; /* received */
    unsigned tickets_sent;
    uint8_t client_random[32], server_random[32];
    uint8_t session_id[32];
    size_t session_id_len;
    uint8_t cookie[64];

    /* Secrets. */
    struct t99_transcript transcript;
    uint8_t *kept; /* 1.2: all messages, which the client's CertificateVerify signs; malloc */
    size_t kept_len;
    uint8_t secret[T99_HASH_MAX], client_secret[T99_HASH_MAX], server_secret[T99_HASH_MAX];
    uint8_t next_client[T99_HASH_MAX]; /* 1.3: of application data */
    uint8_t private_part[T99_PRIVATE_MAX];
    uint16_t client_scheme; /* of the client's CertificateVerify */
    struct t99_span leaf;   /* the client's certificate; malloc */

    uint8_t buf[PEER_MESSAGE_MAX];
};

void peer_init(struct peer *p, const struct peer_settings *settings, const struct t99_env *env);
void peer_clear(struct peer *p);

/* Takes the client's next message, or its change_cipher_spec. False: p->failed says why. */
bool peer_take(struct peer *p, const uint8_t *message, size_t len);
bool peer_take_ccs(struct peer *p);

/*
 * Connected: a KeyUpdate and the new write key; another ticket; any message at all (it is in no transcript).
 */
void peer_send_key_update(struct peer *p, bool request);
void peer_send_ticket(struct peer *p);
void peer_send_message(struct peer *p, uint8_t type, const void *body, size_t len);

/* For the flight hook: the i-th item goes, comes twice, or changes places with the next. */
void peer_drop(struct peer *p, size_t i);
void peer_double(struct peer *p, size_t i);
void peer_swap(struct peer *p, size_t i);

#endif
