/*
 * tls99: the client side of libtls, and what tls99 adds to it.
 *
 * Programs written for OpenBSD's libtls compile and run unchanged. A typical client:
 *
 *     struct tls *ctx = tls_client();
 *     if (ctx == NULL || tls_connect(ctx, "example.com", "443") == -1 || ...)
 *         errx(1, "%s", tls_error(ctx));
 *
 * Conventions, unless a function says otherwise:
 *   - int functions return 0 when done and -1 when not; tls_error() or tls_config_error() then says why, in a
 *     sentence.
 *   - TLS_WANT_POLLIN and TLS_WANT_POLLOUT mean: poll the descriptor for that, then call again with the same
 *     arguments.
 *   - Strings and bytes that getters return belong to the context and live until tls_reset() or tls_free().
 *     Getters
 *     return NULL, 0 or -1 before the handshake is over.
 *   - Arguments are copied. A config may be shared by contexts and threads; a context is used by one thread
 *     at a time.
 *   - Lengths count bytes. Times are seconds since 1970.
 */
#ifndef HEADER_TLS_H
#define HEADER_TLS_H

#ifdef __cplusplus
extern "C" {
#endif

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#define TLS_API 20200120

#define TLS_PROTOCOL_TLSv1_0 (1 << 1) /* accepted and ignored: not spoken */
#define TLS_PROTOCOL_TLSv1_1 (1 << 2) /* accepted and ignored: not spoken */
#define TLS_PROTOCOL_TLSv1_2 (1 << 3)
#define TLS_PROTOCOL_TLSv1_3 (1 << 4)
#define TLS_PROTOCOL_TLSv1 (TLS_PROTOCOL_TLSv1_2 | TLS_PROTOCOL_TLSv1_3)
#define TLS_PROTOCOLS_ALL TLS_PROTOCOL_TLSv1
#define TLS_PROTOCOLS_DEFAULT (TLS_PROTOCOL_TLSv1_2 | TLS_PROTOCOL_TLSv1_3)

#define TLS_WANT_POLLIN -2
#define TLS_WANT_POLLOUT -3

/* OCSP response status: libtls's numbers. */
#define TLS_OCSP_RESPONSE_SUCCESSFUL 0
#define TLS_OCSP_RESPONSE_MALFORMED 1
#define TLS_OCSP_RESPONSE_INTERNALERROR 2
#define TLS_OCSP_RESPONSE_TRYLATER 3
#define TLS_OCSP_RESPONSE_SIGREQUIRED 4
#define TLS_OCSP_RESPONSE_UNAUTHORIZED 5

/* OCSP certificate status: RFC 6960, 4.2.1. */
#define TLS_OCSP_CERT_GOOD 0
#define TLS_OCSP_CERT_REVOKED 1
#define TLS_OCSP_CERT_UNKNOWN 2

/* Revocation reasons: RFC 5280, 5.3.1. */
#define TLS_CRL_REASON_UNSPECIFIED 0
#define TLS_CRL_REASON_KEY_COMPROMISE 1
#define TLS_CRL_REASON_CA_COMPROMISE 2
#define TLS_CRL_REASON_AFFILIATION_CHANGED 3
#define TLS_CRL_REASON_SUPERSEDED 4
#define TLS_CRL_REASON_CESSATION_OF_OPERATION 5
#define TLS_CRL_REASON_CERTIFICATE_HOLD 6
#define TLS_CRL_REASON_REMOVE_FROM_CRL 8
#define TLS_CRL_REASON_PRIVILEGE_WITHDRAWN 9
#define TLS_CRL_REASON_AA_COMPROMISE 10

#define TLS_MAX_SESSION_ID_LENGTH 32
#define TLS_TICKET_KEY_SIZE 48

/* tls_error_code(), tls_config_error_code(). */
#define TLS_ERROR_UNKNOWN 0x0000
#define TLS_ERROR_OUT_OF_MEMORY 0x1000
#define TLS_ERROR_INVALID_CONTEXT 0x2000
#define TLS_ERROR_INVALID_ARGUMENT 0x2001

struct tls;
struct tls_config;

/*
 * Transport of a context made by tls_connect_cbs(). Return: bytes moved (reading: 0 at the end),
 * TLS_WANT_POLLIN or TLS_WANT_POLLOUT, or -1. Fewer bytes than asked for are fine. After TLS_WANT_* the
 * arguments may differ next time.
 */
typedef ssize_t (*tls_read_cb)(struct tls *_ctx, void *_buf, size_t _buflen, void *_cb_arg);
typedef ssize_t (*tls_write_cb)(struct tls *_ctx, const void *_buf, size_t _buflen, void *_cb_arg);

/* --- Library, errors --- */

/* Nothing needs to be initialised; always 0. */
int tls_init(void);

/* Why the last call failed; NULL if it did not. One sentence. */
const char *tls_config_error(struct tls_config *_config);
const char *tls_error(struct tls *_ctx);

/* TLS_ERROR_*, of the last failure. */
int tls_config_error_code(struct tls_config *_config);
int tls_error_code(struct tls *_ctx);

/* --- Configurations --- */

/*
 * A config with secure defaults: TLS 1.3 and 1.2, AEAD ciphers with forward secrecy, certificate, name and
 * dates verified against the system's trust anchors. NULL: out of memory.
 */
struct tls_config *tls_config_new(void);

/* Gives up the caller's reference; contexts that were configured with it keep theirs. NULL is allowed. */
void tls_config_free(struct tls_config *_config);

/* Path of the system's bundle of trust anchors: the first that is there. Never NULL. */
const char *tls_default_ca_cert_file(void);

/*
 * Trust anchors: PEM certificates in a file (read now), in memory, or in a directory (all its files); the
 * first two replace each other and come before a directory.
 */
int tls_config_set_ca_file(struct tls_config *_config, const char *_ca_file);
int tls_config_set_ca_mem(struct tls_config *_config, const uint8_t *_ca, size_t _len);
int tls_config_set_ca_path(struct tls_config *_config, const char *_ca_path);

/* Client certificate (PEM, leaf first, then its chain) and private key (PEM: PKCS#8, PKCS#1, SEC 1). */
int tls_config_set_cert_file(struct tls_config *_config, const char *_cert_file);
int tls_config_set_cert_mem(struct tls_config *_config, const uint8_t *_cert, size_t _len);
int tls_config_set_key_file(struct tls_config *_config, const char *_key_file);
int tls_config_set_key_mem(struct tls_config *_config, const uint8_t *_key, size_t _len);
int tls_config_set_keypair_file(struct tls_config *_config, const char *_cert_file, const char *_key_file);
int tls_config_set_keypair_mem(struct tls_config *_config, const uint8_t *_cert, size_t _cert_len,
                               const uint8_t *_key, size_t _key_len);
/* Further client certificates (at most 8 in all): the server's request decides which is used. */
int tls_config_add_keypair_file(struct tls_config *_config, const char *_cert_file, const char *_key_file);
int tls_config_add_keypair_mem(struct tls_config *_config, const uint8_t *_cert, size_t _cert_len,
                               const uint8_t *_key, size_t _key_len);
/* Wipes all private keys; connections that are up go on. */
void tls_config_clear_keys(struct tls_config *_config);

/* Protocols to offer, most wanted first: "h2,http/1.1" (RFC 7301). */
int tls_config_set_alpn(struct tls_config *_config, const char *_alpn);

/*
 * Cipher suites, most wanted first, as a list with ':' or ',' of IANA or OpenSSL names; or "default",
 * "secure", "compat", "legacy", "all", "insecure", which all mean the secure ones. Unknown names are passed
 * over; -1 if nothing is left. Suites of a version of TLS that the list does not name stay as they are by
 * default: AES-GCM first where the processor has AES, else ChaCha20-Poly1305.
 */
int tls_config_set_ciphers(struct tls_config *_config, const char *_ciphers);

/* Groups for key exchange, most wanted first: "X25519MLKEM768,X25519,P-256,P-384"; NULL or "default". */
int tls_config_set_ecdhecurves(struct tls_config *_config, const char *_curves);
int tls_config_set_ecdhecurve(struct tls_config *_config, const char *_curve);

/* Versions: a set of TLS_PROTOCOL_*. */
int tls_config_set_protocols(struct tls_config *_config, uint32_t _protocols);
/* The same from words: "tlsv1.2,tlsv1.3", "all", "secure", "!tlsv1.2". On failure *protocols is untouched. */
int tls_config_parse_protocols(uint32_t *_protocols, const char *_protostr);

/* How many intermediate certificates a chain may have; default 6; below 0: no limit of its own. */
int tls_config_set_verify_depth(struct tls_config *_config, int _verify_depth);

/* Certificate revocation lists (PEM): once set, every certificate of the chain needs one that is current. */
int tls_config_set_crl_file(struct tls_config *_config, const char *_crl_file);
int tls_config_set_crl_mem(struct tls_config *_config, const uint8_t *_crl, size_t _len);

/* What weakens: the chain, the name, the dates are not checked. tls_config_verify() takes all three back. */
void tls_config_insecure_noverifycert(struct tls_config *_config);
void tls_config_insecure_noverifyname(struct tls_config *_config);
void tls_config_insecure_noverifytime(struct tls_config *_config);
void tls_config_verify(struct tls_config *_config);

/* The handshake fails unless the server staples a good OCSP response (RFC 6066, 8). */
void tls_config_ocsp_require_stapling(struct tls_config *_config);

/*
 * Sessions are kept in this file across processes: regular, owned by the user, mode 0600. The descriptor
 * stays the caller's. -1: no file.
 */
int tls_config_set_session_fd(struct tls_config *_config, int _session_fd);

/* Settings of servers: checked, then without effect on a client. */
int tls_config_set_keypair_ocsp_file(struct tls_config *_config, const char *_cert_file,
                                     const char *_key_file, const char *_ocsp_staple_file);
int tls_config_set_keypair_ocsp_mem(struct tls_config *_config, const uint8_t *_cert, size_t _cert_len,
                                    const uint8_t *_key, size_t _key_len, const uint8_t *_staple,
                                    size_t _staple_len);
int tls_config_add_keypair_ocsp_file(struct tls_config *_config, const char *_cert_file,
                                     const char *_key_file, const char *_ocsp_staple_file);
int tls_config_add_keypair_ocsp_mem(struct tls_config *_config, const uint8_t *_cert, size_t _cert_len,
                                    const uint8_t *_key, size_t _key_len, const uint8_t *_staple,
                                    size_t _staple_len);
int tls_config_set_ocsp_staple_file(struct tls_config *_config, const char *_staple_file);
int tls_config_set_ocsp_staple_mem(struct tls_config *_config, const uint8_t *_staple, size_t _len);
int tls_config_set_dheparams(struct tls_config *_config, const char *_params);
int tls_config_set_session_id(struct tls_config *_config, const unsigned char *_session_id, size_t _len);
int tls_config_set_session_lifetime(struct tls_config *_config, int _lifetime);
int tls_config_add_ticket_key(struct tls_config *_config, uint32_t _keyrev, unsigned char *_key,
                              size_t _keylen);
void tls_config_prefer_ciphers_client(struct tls_config *_config);
void tls_config_prefer_ciphers_server(struct tls_config *_config);
void tls_config_verify_client(struct tls_config *_config);
void tls_config_verify_client_optional(struct tls_config *_config);

/*
 * A whole file, malloc'ed; *len: its length. password not NULL: the file is a private key, which comes back
 * as PEM that is not encrypted. NULL: not readable, wrong password. Free it with tls_unload_file(), which
 * wipes it.
 */
uint8_t *tls_load_file(const char *_file, size_t *_len, char *_password);
void tls_unload_file(uint8_t *_buf, size_t len);

/* --- Contexts --- */

/* A client context with a default config; may be used without tls_configure(). NULL: out of memory. */
struct tls *tls_client(void);

/* There is no server side: NULL with errno ENOTSUP, and -1. */
struct tls *tls_server(void);
int tls_accept_fds(struct tls *_ctx, struct tls **_cctx, int _fd_read, int _fd_write);
int tls_accept_socket(struct tls *_ctx, struct tls **_cctx, int _socket);
int tls_accept_cbs(struct tls *_ctx, struct tls **_cctx, tls_read_cb _read_cb, tls_write_cb _write_cb,
                   void *_cb_arg);

/* Uses this config (a reference is taken, no copy) from now on; NULL: a default one. */
int tls_configure(struct tls *_ctx, struct tls_config *_config);

/* Back to what tls_client() gives: no connection, no error, a default config. */
void tls_reset(struct tls *_ctx);

/* Frees the context, and closes a socket that tls_connect() made. Sends nothing. NULL is allowed. */
void tls_free(struct tls *_ctx);

/* --- Connecting --- */

/*
 * TCP to host (name or address; "host:port" and "[v6]:port" if port is NULL), port (number or service), over
 * IPv6 and IPv4 as they answer (RFC 8305). Blocks. TLS starts with the first tls_handshake(), tls_read() or
 * tls_write(). servername: whom the certificate must name, host if NULL. The socket is the context's:
 * tls_close() closes it.
 */
int tls_connect(struct tls *_ctx, const char *_host, const char *_port);
int tls_connect_servername(struct tls *_ctx, const char *_host, const char *_port, const char *_servername);

/*
 * TLS over descriptors or callbacks, which stay the caller's; blocking or not. servername may be NULL only if
 * the name is not verified.
 */
int tls_connect_socket(struct tls *_ctx, int _s, const char *_servername);
int tls_connect_fds(struct tls *_ctx, int _fd_read, int _fd_write, const char *_servername);
int tls_connect_cbs(struct tls *_ctx, tls_read_cb _read_cb, tls_write_cb _write_cb, void *_cb_arg,
                    const char *_servername);

/* Completes the handshake: 0, TLS_WANT_*, or -1. A second one is -1. */
int tls_handshake(struct tls *_ctx);

/*
 * Reads decrypted data, completing the handshake first if need be. buf has room for buflen bytes. Returns 1
 * to buflen: that many bytes, of one record at most; 0: the server has closed; TLS_WANT_*; -1: failed, and
 * the connection is over. After 0, tls_close() fails if the server sent no close_notify: the data may be cut
 * short (RFC 9846, 6.1). Nothing beyond the record that is returned is taken from the socket.
 */
ssize_t tls_read(struct tls *_ctx, void *_buf, size_t _buflen);

/*
 * Writes up to one record (16384 bytes), completing the handshake first if need be. Returns how many bytes of
 * buf were written: all of their record has been handed to the system; 0 for buflen 0; TLS_WANT_*: call again
 * with the same data; -1: failed.
 */
ssize_t tls_write(struct tls *_ctx, const void *_buf, size_t _buflen);

/*
 * Sends close_notify (once; the server's is not waited for), and closes the socket if it is the context's. 0,
 * TLS_WANT_*, or -1: the server had closed without a close_notify.
 */
int tls_close(struct tls *_ctx);

/* --- What became of it --- */

/* "TLSv1.3"; "TLS_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256" (OpenSSL's names); 128, 256 bits. */
const char *tls_conn_version(struct tls *_ctx);
const char *tls_conn_cipher(struct tls *_ctx);
int tls_conn_cipher_strength(struct tls *_ctx);

/* The protocol that the server chose by ALPN; NULL: none. */
const char *tls_conn_alpn_selected(struct tls *_ctx);

/* The name that the certificate was to have. */
const char *tls_conn_servername(struct tls *_ctx);

/* 1: an earlier session was resumed. */
int tls_conn_session_resumed(struct tls *_ctx);

/*
 * The server's certificate. contains_name: 1 if it names this host or address. hash: "SHA256:" and hex of the
 * DER. Names as "/C=DE/CN=example".
 */
int tls_peer_cert_provided(struct tls *_ctx);
int tls_peer_cert_contains_name(struct tls *_ctx, const char *_name);
const char *tls_peer_cert_hash(struct tls *_ctx);
const char *tls_peer_cert_issuer(struct tls *_ctx);
const char *tls_peer_cert_subject(struct tls *_ctx);
const char *tls_peer_cert_common_name(struct tls *_ctx);
time_t tls_peer_cert_notbefore(struct tls *_ctx);
time_t tls_peer_cert_notafter(struct tls *_ctx);

/* The certificates as the server sent them, leaf first, in PEM; *len bytes without a NUL. */
const uint8_t *tls_peer_cert_chain_pem(struct tls *_ctx, size_t *_len);

/*
 * Revocation: RFC 6960. process_response: verifies a DER response that the caller fetched; 0: good or
 * unknown.
 */
int tls_ocsp_process_response(struct tls *_ctx, const unsigned char *_response, size_t _size);
const char *tls_peer_ocsp_url(struct tls *_ctx);
const char *
tls_peer_ocsp_result(struct tls *_ctx); /* "good", "unknown", or a reason; NULL: nothing was verified */
int tls_peer_ocsp_response_status(struct tls *_ctx);
int tls_peer_ocsp_cert_status(struct tls *_ctx);
int tls_peer_ocsp_crl_reason(struct tls *_ctx);
time_t tls_peer_ocsp_this_update(struct tls *_ctx);
time_t tls_peer_ocsp_next_update(struct tls *_ctx);
time_t tls_peer_ocsp_revocation_time(struct tls *_ctx);

/* --- What tls99 adds to libtls. TLS99 is defined, so that programs can tell. --- */
#define TLS99 1

/* Offers RSA key transport (TLS 1.2; no forward secrecy) after all else. */
void tls_config_legacy_rsa_key_transport(struct tls_config *_config);

/* Accepts TLS 1.2 servers that lack secure renegotiation (RFC 5746). */
void tls_config_legacy_renegotiation_unaware(struct tls_config *_config);

/* The whole web PKI profile: CA/Browser Forum Baseline Requirements, RFC 5280 to the letter. */
void tls_config_verify_strict(struct tls_config *_config);

/* As tls_config_set_ciphers(), for the suites of one version; the other's stay. */
int tls_config_set_tls12_ciphers(struct tls_config *_config, const char *_ciphers);
int tls_config_set_tls13_ciphers(struct tls_config *_config, const char *_ciphers);

/* Password of encrypted private keys (PKCS#8, PBES2). NULL: none. */
int tls_config_set_key_password(struct tls_config *_config, const char *_password);

/* Sessions are kept in the config's memory for later connections: on by default. 0: off. */
void tls_config_set_session_cache(struct tls_config *_config, int _on);

/* Asks for a stapled OCSP response (RFC 6066, 8): on by default. 0: off, for servers that break on it. */
void tls_config_set_status_request(struct tls_config *_config, int _on);

/* GREASE values and a random order of extensions in the ClientHello (RFC 8701). 0: off, the default. */
void tls_config_set_grease(struct tls_config *_config, int _on);

/*
 * Lets the server ask for the client certificate after the handshake (RFC 9846, 4.7.2). 0: off, the default.
 */
void tls_config_set_post_handshake_auth(struct tls_config *_config, int _on);

/* Longest record that the server may send, 64 to 16385 (RFC 8449). 0: not said. */
int tls_config_set_record_size_limit(struct tls_config *_config, int _limit);

/*
 * For tls_connect(): milliseconds for DNS and TCP, 0: the system's; addresses 4: IPv4 only, 6: IPv6 only, 0:
 * both.
 */
int tls_config_set_connect_timeout(struct tls_config *_config, int _milliseconds);
int tls_config_set_address_family(struct tls_config *_config, int _family);

/*
 * Secrets of connections, as lines of the NSS key log format, without line feed: whoever has them can
 * decrypt. For debugging with Wireshark. NULL: off.
 */
typedef void (*tls_keylog_cb)(const char *_line, void *_arg);
void tls_config_insecure_set_keylog_cb(struct tls_config *_config, tls_keylog_cb _cb, void *_arg);

/*
 * A message as it passes, sent or received, in order: for programs that show what happens. Received messages
 * are told before they are judged. Valid during the call, in which the context may be asked for what is known
 * by then. Costs nothing when it is not set. NULL: off.
 */
struct tls_message {
    int sent;               /* 1: by us, 0: by the server */
    int content_type;       /* 20 change_cipher_spec, 21 alert, 22 handshake, 23 application_data */
    const uint8_t *message; /* decrypted: a whole handshake message with its header, an alert, or data */
    size_t len;
    const uint8_t *
        /* as on the wire, with its header; NULL for handshake messages, which need not match records */
        record;
    size_t record_len;
    int64_t time_us; /* of a steady clock */
};
typedef void (*tls_message_cb)(struct tls *_ctx, const struct tls_message *_message, void *_arg);
void tls_config_set_message_cb(struct tls_config *_config, tls_message_cb _cb, void *_arg);

/*
 * What tls_connect() does before there is TLS, as it happens: the name becomes addresses, which are tried,
 * several at a time if they are slow (RFC 8305). NULL: off.
 */
#define TLS_DIAL_RESOLVE 0   /* the name is asked for */
#define TLS_DIAL_RESOLVED 1  /* address: one that the name has, in the order in which they are tried */
#define TLS_DIAL_SYN 2       /* address: is being connected to */
#define TLS_DIAL_CONNECTED 3 /* address: has answered, and is taken */
#define TLS_DIAL_FAILED 4    /* address: error says why; NULL: the name has none */
#define TLS_DIAL_DROPPED 5   /* address: has not answered, and is not waited for any more */
struct tls_dial {
    int what;            /* TLS_DIAL_* */
    const char *address; /* numeric; NULL: see above */
    const char *port;    /* numeric; RESOLVE: as given */
    int error;           /* errno, 0: none */
    int64_t time_us;     /* of a steady clock */
};
typedef void (*tls_dial_cb)(struct tls *_ctx, const struct tls_dial *_step, void *_arg);
void tls_config_set_dial_cb(struct tls_config *_config, tls_dial_cb _cb, void *_arg);

/*
 * Names of the numbers in messages, as IANA and the RFCs spell them: "TLS 1.3", "ClientHello",
 * "close_notify", "TLS_AES_128_GCM_SHA256", "x25519", "ecdsa_secp256r1_sha256", "server_name"; "GREASE" (RFC
 * 8701). NULL: unknown.
 */
#define TLS_CODE_VERSION 0
#define TLS_CODE_MESSAGE 1 /* type of a handshake message */
#define TLS_CODE_ALERT 2
#define TLS_CODE_CIPHER_SUITE 3
#define TLS_CODE_GROUP 4
#define TLS_CODE_SIGNATURE_SCHEME 5
#define TLS_CODE_EXTENSION 6
const char *tls_code_name(int _kind, unsigned _code);

/* Keeps the search for a certificate path, for tls_conn_verify_report(). 0: off, the default. */
void tls_config_set_verify_report(struct tls_config *_config, int _on);

/*
 * Data to be sent with the first flight if a session allows it (0-RTT), else after the handshake. An attacker
 * can make the server receive it more than once: only for data that is harmless when replayed, such as a GET.
 * After tls_connect*(), before the handshake. Never lost: what the server rejects is sent again.
 */
int tls_set_early_data(struct tls *_ctx, const void *_data, size_t _len);

#define TLS_EARLY_DATA_NONE 0 /* not offered */
#define TLS_EARLY_DATA_ACCEPTED 1
#define TLS_EARLY_DATA_REJECTED 2 /* and sent again */
int tls_conn_early_data(struct tls *_ctx);

/* What became of an earlier session with this host and port. Known once the server's hello has been read. */
#define TLS_SESSION_NONE 0     /* there was none */
#define TLS_SESSION_EXPIRED 1  /* it was too old, or the certificate has expired since */
#define TLS_SESSION_UNFIT 2    /* made under other settings: version, cipher suite, name or verification */
#define TLS_SESSION_DECLINED 3 /* offered; the server made a new one */
#define TLS_SESSION_RESUMED 4
int tls_conn_session_status(struct tls *_ctx);

/*
 * Names: "X25519MLKEM768", NULL for RSA key transport; "ecdsa_secp256r1_sha256", NULL likewise; IANA's name
 * of the suite; "P-256". Like all that follow, known as soon as it has been agreed on, also in a message
 * callback and after a handshake that failed.
 */
const char *tls_conn_group(struct tls *_ctx);
const char *tls_conn_signature_scheme(struct tls *_ctx);
const char *tls_conn_cipher_suite(struct tls *_ctx);
const char *tls_peer_cert_key(struct tls *_ctx);

/* 1: the server asked for another key share first (HelloRetryRequest). */
int tls_conn_hello_retry(struct tls *_ctx);

/* The entry of the certificate's subjectAltName that matched the server's name. */
const char *tls_conn_matched_name(struct tls *_ctx);

/* What tls_connect() reached: numeric address and port. */
const char *tls_conn_address(struct tls *_ctx);
const char *tls_conn_port(struct tls *_ctx);

/*
 * The socket that tls_connect() made, to be polled, or to be made non-blocking before the handshake; it stays
 * the context's. -1: there is none.
 */
int tls_conn_socket(struct tls *_ctx);

/*
 * The i-th certificate that the server sent, leaf first, in DER; also after a handshake that failed. And the
 * i-th of the path that was verified, leaf first, trust anchor last; a resumed session has none. NULL: no
 * more.
 */
const uint8_t *tls_peer_cert_der(struct tls *_ctx, size_t _i, size_t *_len);
const uint8_t *tls_conn_verified_cert_der(struct tls *_ctx, size_t _i, size_t *_len);

/*
 * What a certificate says, for programs that show it. Texts are UTF-8 without control characters, whatever
 * the certificate holds. Free it with tls_certificate_free().
 */
struct tls_certificate_name {
    const char *type; /* "DNS", "IP", "email", "URI", "directory", "other" */
    const char *value;
};
struct tls_certificate {
    const char *subject, *issuer; /* "CN=x, O=y" */
    const char *serial;           /* hex */
    const char *key;              /* "P-256", "RSA 2048" */
    const char *sha256;           /* of the DER, in hex */
    time_t not_before, not_after;
    int is_ca, self_issued;
    size_t num_names; /* subjectAltName */
    const struct tls_certificate_name *names;
};
/* DER: one certificate, and nothing more. NULL: it is none, or out of memory. */
struct tls_certificate *tls_certificate_read(const void *_der, size_t _len);
void tls_certificate_free(struct tls_certificate *_certificate);

/* The verified path, leaf first, trust anchor last, in PEM; *len bytes without a NUL. */
const uint8_t *tls_conn_verified_chain_pem(struct tls *_ctx, size_t *_len);

/*
 * The same for people, a line a certificate: name, key, validity, issuer; the path if it was verified, else
 * what was sent.
 */
const char *tls_peer_cert_chain_text(struct tls *_ctx);

/*
 * Certificates described, from PEM with any text around it (such as tls_peer_cert_chain_pem() gives) or from
 * one in DER.
 *   format   TLS_DESCRIBE_TEXT: an outline of at most 80 columns for people, a paragraph a certificate;
 *            TLS_DESCRIBE_JSON: an array with an object for each, in ASCII: certinfo(1) documents its fields
 *   now      what days are counted from; 0: the clock
 *   returns  a string that the caller gives to free(); without a certificate it is empty, or "[]". NULL: out
 *            of memory, or more than 16 MB of text
 * A certificate that does not decode is described as far as it does, with what is wrong. Nothing is verified.
 * Control characters and the like are escaped. Lists of more than 1000 entries and names of more than 2000
 * bytes are cut.
 */
#define TLS_DESCRIBE_TEXT 0
#define TLS_DESCRIBE_JSON 1
char *tls_describe_certs(const void *_certs, size_t _len, int _format, time_t _now);

/*
 * What the ClientHello offers: "TLS 1.3, TLS 1.2; TLS_AES_128_GCM_SHA256 ...; X25519MLKEM768 ...". After
 * tls_connect*().
 */
const char *tls_conn_offer(struct tls *_ctx);

/*
 * Verifies certificates as those of a server.
 *   config   says by which CAs, CRLs and profile, to what depth, and whether their time counts
 *   certs    PEM with any text around it, or one certificate in DER: the server's first; those behind it may
 *            come in any order and be superfluous
 *   host     name or address that the first must be for; NULL: no name is checked
 *   now      when they must be valid; 0: the clock
 *   format   of the report: TLS_DESCRIBE_TEXT, TLS_DESCRIBE_JSON
 *   report   becomes the search for a path, see tls_conn_verify_report(): a string that the caller gives to
 *            free(), NULL if it failed. NULL: no report is wanted
 *   returns  1: accepted; 0: rejected; -1: failed, tls_config_error() says why
 */
int tls_config_verify_certs(struct tls_config *_config, const void *_certs, size_t _len, const char *_host,
                            time_t _now, int _format, char **_report);

/*
 * The search for a certificate path as a tree, if tls_config_set_verify_report() asked for it: the server's
 * certificate, above each certificate those that may have issued it, with the reason for each refusal; as
 * text of at most 80 columns for people, or as a JSON object in ASCII. Up to 200 candidates are shown, and
 * the path that was accepted. Also after a failed handshake. NULL: not asked for, no certificate was verified
 * (yet, or as an earlier session was resumed), or out of memory.
 */
const char *tls_conn_verify_report(struct tls *_ctx);
const char *tls_conn_verify_report_json(struct tls *_ctx);

/* Microseconds that each step took; 0: did not happen. */
struct tls_times {
    int64_t dns, tcp, handshake;
};
void tls_conn_times(struct tls *_ctx, struct tls_times *_times);

/*
 * Keying material of this connection for another protocol: RFC 9846, 7.5; RFC 5705. context NULL: none. out:
 * out_len bytes.
 */
int tls_exporter(struct tls *_ctx, const char *_label, const void *_context, size_t _context_len, void *_out,
                 size_t _out_len);

/* The tls-exporter channel binding: 32 bytes (RFC 9266). */
int tls_channel_binding(struct tls *_ctx, void *_out);

/*
 * TLS 1.3: new keys for what we send; request: for the other direction too (RFC 9846, 4.7.3). 0, TLS_WANT_*,
 * -1.
 */
int tls_key_update(struct tls *_ctx, int _request);

#ifdef __cplusplus
}
#endif

#endif
