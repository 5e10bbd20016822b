/*
 * The client's side of the TLS handshake, without I/O and without records: whole handshake messages in, whole
 * handshake messages and keys out through a sink.
 *
 * A handshake lives in one allocation that goes when it has ended; what the connection needs afterwards
 * (facts for the user, secrets for key updates, exporters and tickets) is in struct t99_conn, which outlives
 * it.
 */
#ifndef T99_HANDSHAKE_HANDSHAKE_H
#define T99_HANDSHAKE_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/fault.h"
#include "crypto/aead/traffic_key.h"
#include "handshake/config.h"
#include "handshake/conn.h"

/*
 * What the handshake asks of the connection around it. A false ends the handshake; the fault is recorded by
 * the callee.
 */
struct t99_sink {
    void *arg;
    /* Sends one whole handshake message, header included, under the write key of this moment. */
    bool (*send)(void *arg, const uint8_t *message, size_t len);
    /*
     * Sends a change_cipher_spec record, never encrypted but in TLS 1.2 renegotiation, which does not exist
     * here.
     */
    bool (*send_ccs)(void *arg);
    /*
     * From here on records are read, or written, under this key. For reading: refused (unexpected_message) if
     * bytes of a handshake message that came under the old key are left over.
     */
    bool (*read_key)(void *arg, const struct t99_traffic_key *key);
    /*
     * The server has said all it may before it is answered: refused (unexpected_message) if it goes on in the
     * same record.
     */
    bool (*flight_end)(void *arg);
    /*
     * key NULL: in the clear again, for the second ClientHello after early data was turned down by a
     * HelloRetryRequest.
     */
    bool (*write_key)(void *arg, const struct t99_traffic_key *key);
    /* The version is known: records that follow carry it (RFC 9846, 5.1; RFC 5246, E.1). */
    void (*version)(void *arg, uint16_t version);
    /*
     * The server has rejected early data: records that do not decrypt may come, up to the limit (RFC 9846,
     * 4.3.10).
     */
    void (*early_data_rejected)(void *arg);
    /*
     * Plaintext limits that the record_size_limit extensions agreed on: RFC 8449. Content bytes, without the
     * type byte.
     */
    void (*record_limits)(void *arg, size_t send, size_t receive);
};

struct t99_handshake;

/*
 * Sends the ClientHello. config, conn, sink and fault must outlive the handshake; conn is all zero and is
 * filled in. NULL: failed, see fault.
 */
struct t99_handshake *t99_handshake_start(const struct t99_hs_config *config, struct t99_conn *conn,
                                          const struct t99_sink *sink, struct t99_fault *fault);

/*
 * Takes the next whole handshake message, header included (type, 24-bit length, body). False: failed, see
 * fault.
 */
bool t99_handshake_message(struct t99_handshake *hs, const uint8_t *message, size_t len) T99_MUST_CHECK;

/*
 * Takes a change_cipher_spec record of one byte 1 that came in the clear. TLS 1.3: passed over between the
 * first ClientHello and the server's Finished (RFC 9846, 5); TLS 1.2: changes the read key. False: failed
 * (unexpected_message).
 */
bool t99_handshake_change_cipher_spec(struct t99_handshake *hs) T99_MUST_CHECK;

/* True once the server's Finished is verified and ours is sent: then free it. */
bool t99_handshake_done(const struct t99_handshake *hs);

/* True between the ClientHello and the server's answer while early data may be written. */
bool t99_handshake_early_open(const struct t99_handshake *hs);

/* Longest body that a message of this type may have at this moment, checked before it is collected. */
size_t t99_handshake_limit(const struct t99_handshake *hs, uint8_t type);

/* What is awaited, for errors: "server_hello". */
const char *t99_handshake_awaits(const struct t99_handshake *hs);

/* Wipes and frees. hs may be NULL. */
void t99_handshake_free(struct t99_handshake *hs);

#endif
