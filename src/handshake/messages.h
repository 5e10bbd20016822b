/*
 * Handshake messages from bytes to structs (RFC 9846, 4; RFC 5246, 7.4). A decoder knows no connection: it
 * refuses what is malformed and leaves judging to the handlers. Spans point into the message. *bad names the
 * field that is wrong.
 */
#ifndef T99_HANDSHAKE_MESSAGES_H
#define T99_HANDSHAKE_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/fault.h"
#include "base/reader.h"
#include "handshake/extensions.h"

#define T99_HS_HEADER 4 /* type, 24-bit length */

enum t99_hs_type {
    HS_HELLO_REQUEST = 0,
    HS_CLIENT_HELLO = 1,
    HS_SERVER_HELLO = 2,
    HS_NEW_SESSION_TICKET = 4,
    HS_END_OF_EARLY_DATA = 5,
    HS_ENCRYPTED_EXTENSIONS = 8,
    HS_CERTIFICATE = 11,
    HS_SERVER_KEY_EXCHANGE = 12,
    HS_CERTIFICATE_REQUEST = 13,
    HS_SERVER_HELLO_DONE = 14,
    HS_CERTIFICATE_VERIFY = 15,
    HS_CLIENT_KEY_EXCHANGE = 16,
    HS_FINISHED = 20,
    HS_CERTIFICATE_STATUS = 22,
    HS_KEY_UPDATE = 24,
    HS_COMPRESSED_CERTIFICATE = 25
};

/* "server_hello"; "unknown" for a type that has no name. */
const char *t99_hs_name(unsigned type);

/*
 * decode_error: the field that rd_end() named is wrong; the message itself: bytes are left over. Always
 * false.
 */
bool t99_hs_malformed(struct t99_fault *fault, const char *message, const char *field);

/* The body of a whole message. */
static inline struct reader t99_hs_body(const uint8_t *message, size_t len, const char **bad)
{
    return rd_init(message + T99_HS_HEADER, len - T99_HS_HEADER, bad);
}

struct t99_server_hello {
    uint16_t legacy_version;
    uint8_t random[32];
    struct t99_span session_id;
    uint16_t cipher_suite;
    uint8_t compression_method;
    struct t99_ext_block ext;
};

/* RFC 9846, 4.2.3; RFC 5246, 7.4.1.3. */
bool t99_decode_server_hello(struct t99_server_hello *m, struct reader r) T99_MUST_CHECK;

/* The random that makes a ServerHello a HelloRetryRequest: RFC 9846, 4.2.3. */
extern const uint8_t t99_hello_retry_random[32];

/* RFC 9846, 4.4.1. */
bool t99_decode_encrypted_extensions(struct t99_ext_block *ext, struct reader r) T99_MUST_CHECK;

struct t99_certificate_request {
    struct t99_span context;     /* 1.3 */
    struct t99_span types;       /* 1.2: ClientCertificateType, a byte each */
    struct t99_span schemes;     /* uint16 each */
    struct t99_span authorities; /* (length16, Name)*; .p NULL: absent */
    struct t99_ext_block ext;    /* 1.3 */
};

/* RFC 9846, 4.4.2. */
bool t99_decode_certificate_request_13(struct t99_certificate_request *m, struct reader r) T99_MUST_CHECK;
/* RFC 5246, 7.4.4. */
bool t99_decode_certificate_request_12(struct t99_certificate_request *m, struct reader r) T99_MUST_CHECK;

struct t99_server_key_exchange {
    uint8_t curve_type;
    uint16_t group;
    struct t99_span point;
    struct t99_span params; /* what is signed of this message */
    uint16_t scheme;
    struct t99_span signature;
};

/* RFC 8422, 5.4. */
bool t99_decode_server_key_exchange(struct t99_server_key_exchange *m, struct reader r) T99_MUST_CHECK;

struct t99_certificate_verify {
    uint16_t scheme;
    struct t99_span signature;
};

/* RFC 9846, 4.5.2. */
bool t99_decode_certificate_verify(struct t99_certificate_verify *m, struct reader r) T99_MUST_CHECK;

struct t99_new_session_ticket {
    uint32_t lifetime, age_add; /* age_add: 1.3 */
    struct t99_span nonce;      /* 1.3 */
    struct t99_span ticket;
    struct t99_ext_block ext; /* 1.3 */
};

/* RFC 9846, 4.7.1. */
bool t99_decode_new_session_ticket_13(struct t99_new_session_ticket *m, struct reader r) T99_MUST_CHECK;
/* RFC 5077, 3.3. */
bool t99_decode_new_session_ticket_12(struct t99_new_session_ticket *m, struct reader r) T99_MUST_CHECK;

/*
 * CertificateStatus, also as the contents of an extension (RFC 6066, 8; RFC 9846, 4.5.1.1). response: at
 * least one byte.
 */
bool t99_decode_certificate_status(struct t99_span *response, struct reader r) T99_MUST_CHECK;

/* SignedCertificateTimestampList: RFC 6962, 3.3: not empty, nor any of its entries. */
bool t99_decode_sct_list(struct reader r) T99_MUST_CHECK;

/* CompressedCertificate: RFC 8879, 4. */
struct t99_compressed_certificate {
    uint16_t algorithm;
    uint32_t uncompressed_len;
    struct t99_span data;
};
bool t99_decode_compressed_certificate(struct t99_compressed_certificate *m, struct reader r) T99_MUST_CHECK;

#endif
