/*
 * Records on the wire: five bytes of header, then the body (RFC 9846, 5.1; RFC 5246, 6.2). What a header may
 * say depends on how far the connection is, which the rules tell.
 */
#ifndef T99_RECORD_FRAME_H
#define T99_RECORD_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/fault.h"

#define T99_RECORD_HEADER 5
#define T99_RECORD_CONTENT_MAX 16384 /* 2^14 bytes of content */
#define T99_RECORD_BODY_MAX_13 (T99_RECORD_CONTENT_MAX + 256)
#define T99_RECORD_BODY_MAX_12 (T99_RECORD_CONTENT_MAX + 1024) /* RFC 5246, 6.2.3.3: AEAD adds up to 1024 */

enum t99_content_type {
    CONTENT_CHANGE_CIPHER_SPEC = 20,
    CONTENT_ALERT = 21,
    CONTENT_HANDSHAKE = 22,
    CONTENT_APPLICATION_DATA = 23
};

/* "handshake"; "unknown" for a type that has no name. */
const char *t99_content_name(unsigned type);

struct t99_frame {
    uint8_t type;
    uint16_t version;
    size_t len; /* of the body */
};

/* How far the connection is. */
struct t99_frame_rules {
    bool first;       /* nothing was received before: whoever answers may not speak TLS at all */
    uint16_t version; /* negotiated; 0: not yet */
    bool sealed;      /* the body is protected */
};

/* Why the peer answers with no TLS: to be told from its first bytes. */
#define T99_GREETING_MAX 24

/*
 * True if the 5 bytes are the beginning of a protocol of lines of text that is known to answer so (HTTP, SSH,
 * SMTP, FTP), so that the rest of the line, up to T99_GREETING_MAX bytes, may be awaited for the sentence.
 */
bool t99_frame_is_greeting(const uint8_t header[T99_RECORD_HEADER]);

/* True if the header of a first record cannot be TLS: no content type, or no version 3.x. */
bool t99_frame_is_foreign(const uint8_t header[T99_RECORD_HEADER]);

/* Records what was answered instead of TLS: len bytes of it. Always false. */
bool t99_frame_refuse_foreign(struct t99_fault *fault, const uint8_t *bytes, size_t len);

/*
 * Reads a header. Refused: what is no TLS (protocol_version), another version than was negotiated
 * (protocol_version), a body longer than can be (record_overflow). The type is judged where it is known,
 * after decryption.
 */
bool t99_frame_decode(struct t99_frame *frame, const uint8_t header[T99_RECORD_HEADER],
                      const struct t99_frame_rules *rules, struct t99_fault *fault) T99_MUST_CHECK;

void t99_frame_encode(uint8_t header[T99_RECORD_HEADER], uint8_t type, uint16_t version, size_t len);

#endif
