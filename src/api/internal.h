/* Inside of api/: the config and the context, shared by its files and by nobody else. */
#ifndef T99_API_INTERNAL_H
#define T99_API_INTERNAL_H

/* What the library exports is what tls.h declares, and nothing else: all is hidden but this. */
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#include <tls.h>
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/env.h"
#include "base/fault.h"
#include "engine/engine.h"
#include "handshake/config.h"
#include "net/dial.h"
#include "x509/crl.h"
#include "x509/trust.h"
#include "x509/verify.h"

#define T99_ERROR_MAX 720
#define T99_SESSIONS_MAX 32     /* in a cache */
#define T99_SESSIONS_PER_HOST 4 /* tickets of one server */
#define T99_SESSION_KEY_MAX 512 /* "host port" with its NUL */

/* The last error of a config or context: one sentence and a code of libtls. */
struct t99_error {
    int code;
    bool set;
    char text[T99_ERROR_MAX];
};

/* Always -1, so that `return t99_error(...)` is the whole error path. */
int t99_error(struct t99_error *e, int code, const char *format, ...) T99_PRINTF(3, 4);
/* The same with ": " and what errno says. */
int t99_error_errno(struct t99_error *e, const char *format, ...) T99_PRINTF(2, 3);
/* A file of the caller's that could not be read, as errno says. what: "CA", as libtls has it. */
int t99_error_file(struct t99_error *e, const char *what, const char *file);
void t99_error_clear(struct t99_error *e);

/* Bytes of its own. */
struct t99_blob {
    uint8_t *p;
    size_t len, alloc_len;
};

void t99_blob_clear(const struct t99_env *env, struct t99_blob *b);
/* Replaces by a copy; p NULL: by nothing. False: out of memory. */
bool t99_blob_set(const struct t99_env *env, struct t99_blob *b, const void *p, size_t len) T99_MUST_CHECK;

/* What a file or bytes of trust anchors held. */
struct t99_found {
    size_t added, skipped; /* certificates: new ones, and those that do not decode */
    const char *fault;     /* if there are neither: what it holds instead, for a sentence */
};

/* The CA file or memory, decoded. */
struct t99_ca {
    struct t99_trust *trust; /* shared under the config's lock; NULL: neither was given */
    struct t99_blob file;    /* its name with its NUL; nothing: memory */
    struct t99_found found;
};

/* Trust anchors and CRLs once read: counted, as connections use them after the config has changed. */
struct t99_anchors {
    int refs; /* under the config's lock */
    struct t99_trust *trust;
    struct t99_crl_store *crls; /* NULL: none set */
    uint8_t digest[32];         /* of the anchors, if hashed */
    bool hashed;
};

/* A client certificate as it was given: PEM, and the names of its files (with NUL) for sentences, if any. */
struct t99_keypair {
    struct t99_blob cert, key, cert_file, key_file;
};

#define T99_KEYPAIRS_MAX 8

struct t99_cache_entry {
    struct t99_session *session; /* NULL: the place is free */
    char *key;                   /* "host port", of its own */
    size_t key_len;              /* with its NUL */
    uint64_t age;                /* order of arrival */
};

struct t99_cache {
    struct t99_cache_entry entries[T99_SESSIONS_MAX];
    uint64_t clock; /* age of the newest */
    bool changed;
};

struct tls_config {
    pthread_mutex_t lock; /* of refs, anchors' refs, and the session cache */
    int refs;
    struct t99_env env;
    struct t99_error error;

    uint32_t protocols;
    uint16_t suites[T99_MAX_SUITES];
    size_t num_suites;
    uint16_t groups[T99_MAX_GROUPS];
    size_t num_groups;
    struct t99_blob alpn; /* ProtocolNameList contents */

    struct t99_ca ca;
    struct t99_blob ca_path, crl; /* a path with its NUL; PEM */
    struct t99_anchors *anchors;  /* made from these when first needed; NULL: not yet */
    bool verify_cert, verify_name, verify_time, strict;
    int verify_depth;
    bool require_staple;
    struct t99_keypair keypairs[T99_KEYPAIRS_MAX];
    size_t num_keypairs;
    struct t99_blob password;

    int session_fd;
    bool sessions; /* the cache is on */
    struct t99_cache cache;

    bool no_status_request, legacy_rsa, legacy_renegotiation_unaware, grease, post_handshake_auth, early_data;
    uint16_t record_size_limit;
    int connect_timeout_ms, family;
    tls_keylog_cb keylog;
    void *keylog_arg;
    tls_message_cb message;
    void *message_arg;
    tls_dial_cb dial;
    void *dial_arg;
    bool report;
};

/* config.c */
/*
 * Replaces bytes by those of a file; what: "CA", "certificate", "key", "CRL", as libtls's messages say. name:
 * keeps the file's; NULL: nothing does.
 */
int t99_config_read(struct tls_config *config, struct t99_blob *blob, struct t99_blob *name, const char *file,
                    const char *what);
int t99_config_copy(struct tls_config *config, struct t99_blob *blob, struct t99_blob *name, const uint8_t *p,
                    size_t len);
struct tls_config *t99_config_new_env(const struct t99_env *env); /* for tests */
void t99_config_ref(struct tls_config *config);
void t99_config_lock(struct tls_config *config);
void t99_config_unlock(struct tls_config *config);

/* keypairs.c */
void t99_keypair_clear(const struct t99_env *env, struct t99_keypair *pair);

/* lists.c */
void t99_config_default_lists(struct tls_config *config);
/* Only the suites of one version are replaced. */
int t99_config_set_suites_of(struct tls_config *config, const char *ciphers, uint16_t version);

/* trust.c: counted; NULL: failed, *error says why. */
struct t99_anchors *t99_anchors_get(struct tls_config *config, struct t99_error *error);
void t99_anchors_put(struct tls_config *config, struct t99_anchors *anchors);
/* Something that anchors are made of has changed. */
void t99_anchors_forget(struct tls_config *config);
/* Forgets the CA file or memory. */
void t99_ca_clear(struct tls_config *config);

/* system_trust.c: adds the system's anchors. False: none found; *error says where it looked. */
bool t99_system_trust(const struct t99_env *env, struct t99_trust *trust,
                      struct t99_error *error) T99_MUST_CHECK;
/* Adds all certificates in the files of a directory. False: out of memory. */
bool t99_trust_add_dir(const struct t99_env *env, struct t99_trust *trust, const char *dir,
                       size_t *added) T99_MUST_CHECK;
/* Adds those of a PEM file (a pipe too). False: errno says why (ENOMEM; EFBIG: a block without an end). */
bool t99_trust_add_file(const struct t99_env *env, struct t99_trust *trust, const char *path,
                        struct t99_found *found) T99_MUST_CHECK;

/* sessions.c */
/*
 * Takes one for this server that hs would offer (TLS 1.3: single use) out of memory or the file; the caller
 * frees it. NULL: none; *use says whether there was one that may not be offered.
 */
struct t99_session *t99_sessions_take(struct tls_config *config, const char *key,
                                      const struct t99_hs_config *hs, uint8_t *use);
/* Keeps it. Takes it over. */
void t99_sessions_put(struct tls_config *config, const char *key, struct t99_session *session);
/* After a fatal alert none of this server is of use any more (RFC 5246, 7.2.2; RFC 9846, 6.2). */
void t99_sessions_forget(struct tls_config *config, const char *key);
/* Names the settings under which servers are verified: 32 bytes. */
void t99_verify_id(struct tls_config *config, struct t99_anchors *anchors, uint8_t id[32]);
/* Takes the session over. age: above that of all that came before. */
void t99_cache_put(const struct t99_env *env, struct t99_cache *cache, const char *key,
                   struct t99_session *session, uint64_t age);
void t99_cache_clear(const struct t99_env *env, struct t99_cache *cache);

/* session_file.c */
/* Against other processes. False: another holds it for too long, or the descriptor is not for writing. */
bool t99_session_file_lock(int fd) T99_MUST_CHECK;
void t99_session_file_unlock(int fd);
/* Into an empty cache. What cannot be read or is not such a file gives nothing. */
void t99_session_file_read(const struct t99_env *env, int fd, struct t99_cache *cache);
void t99_session_file_write(const struct t99_env *env, int fd, const struct t99_cache *cache);

/* credentials.c: client certificates, decoded for one connection. */
struct t99_loaded {
    struct t99_credential *credential;
    struct t99_blob certs, key; /* DER that it points into */
};
struct t99_credentials {
    size_t num;
    struct t99_credential list[T99_KEYPAIRS_MAX];
    struct t99_loaded pairs[T99_KEYPAIRS_MAX];
};
/* For a config that has key pairs. NULL with *error set: failed. */
struct t99_credentials *t99_credentials_load(struct tls_config *config, struct t99_error *error);
void t99_credentials_free(const struct t99_env *env, struct t99_credentials *c);
/* Do all certificates in the pair's PEM text decode, and is there one? False: *error says what is wrong. */
bool t99_keypair_check_cert(const struct t99_env *env, const struct t99_keypair *pair,
                            struct t99_error *error) T99_MUST_CHECK;
/*
 * False with the config's error set: certificate or key do not decode, or do not belong together. A key that
 * is encrypted while there is no password is taken as it is: the password may still come.
 */
bool t99_keypair_check(struct tls_config *config, const struct t99_keypair *pair) T99_MUST_CHECK;

/* Microseconds of a steady clock, 0: not yet. */
struct t99_times {
    int64_t dns, tcp;          /* how long they took */
    int64_t started, finished; /* the handshake, when */
};

struct t99_report; /* x509/describe/report.h */

struct tls {
    struct tls_config *config;
    struct t99_error error;
    struct t99_engine *engine;   /* NULL: not connected */
    struct t99_hs_config hs;     /* what engine was told */
    struct t99_anchors *anchors; /* in use by it */
    struct t99_credentials *credentials;
    struct t99_session *offered;
    struct t99_peer_name peer;
    struct t99_blob alpn;  /* copy that hs points into */
    char *servername;      /* as given, without a trailing dot; its own */
    size_t servername_len; /* allocated */
    char *session_key;     /* "host port" */
    size_t session_key_len;

    int rfd, wfd, own_socket; /* -1: none */
    tls_read_cb read_cb;
    tls_write_cb write_cb;
    void *cb_arg;
    bool started, handshake_done, close_sent, closed, eof_reported, early_resent, key_update_queued,
        sessions_forgotten;
    size_t write_pending; /* bytes of the caller's buffer that a record under way stands for */

    struct t99_blob early; /* early data not yet sent, or to be sent again */
    size_t early_sent;

    /* Texts that getters hand out, made when first asked for. */
    struct t99_blob cert_pem;
    char hash[8 + 64 + 1];
    char *subject, *issuer, *common_name;
    size_t subject_len, issuer_len, common_name_len;
    char *ocsp_url;
    size_t ocsp_url_len;
    struct t99_ocsp_result ocsp; /* of tls_ocsp_process_response() */
    bool ocsp_processed;
    char *alpn_text;
    size_t alpn_text_len;
    struct t99_report *report; /* the search for a path; NULL: the config does not ask for it */
    char *report_text[2];      /* for people, JSON */
    size_t report_text_len[2];
    struct t99_times times;
    char address[64], port[8]; /* what tls_connect() reached */
    char key_text[32], matched_text[300];
    struct t99_blob path_pem;
    char *offer, *chain_text;
    size_t offer_len, chain_text_len;
};

/*
 * peer.c: seconds since 1970, those of a certificate up to the year 9999, as time_t; where that has 32 bits,
 * what it cannot say becomes its nearest end.
 */
time_t t99_time(int64_t seconds);

/* peer.c: text becomes the context's own. NULL: out of memory. */
const char *t99_keep_text(struct tls *ctx, char **slot, size_t *slot_len, const char *text);

/* context.c */
void t99_context_drop(struct tls *ctx); /* connection and all that belongs to it, not the config or error */

struct tls *t99_client_env(const struct t99_env *env); /* for tests */

/*
 * The transport (transport.c). Sends all that waits: 0, TLS_WANT_*, or -1 with the fault in the engine. One
 * read of exactly what the engine wants: 1: some came; 0: the transport ended; TLS_WANT_*; -1. After a fault:
 * the alert goes out if it can, and tls_error() says what failed; always -1.
 */
int t99_transport_flush(struct tls *ctx);
int t99_transport_fill(struct tls *ctx);
int t99_transport_give_up(struct tls *ctx, const char *doing);

/* start.c: engine and all it needs. port: for the session cache, may be empty. 0, or -1 and an error. */
int t99_start(struct tls *ctx, const char *servername, const char *port);
/* How the config says that a server's certificates are verified; name and time are left. */
void t99_set_verification(struct t99_verify_params *params, const struct tls_config *config,
                          const struct t99_anchors *anchors);

/* explain.c: what the handshake tells while it goes on. */
void t99_on_message(void *arg, enum t99_direction direction, const uint8_t *message, size_t len);
void t99_on_record(void *arg, enum t99_direction direction, uint8_t type, const uint8_t *record,
                   size_t record_len, const uint8_t *plain, size_t plain_len);
void t99_on_dial(void *arg, enum t99_dial_step step, const char *address, const char *port, int error);

#endif
