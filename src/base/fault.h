/*
 * The first fault of a connection, kept until it is reset: who is to blame, which TLS alert tells the peer,
 * and one sentence for the user with the offending value. Recording never allocates and never fails.
 */
#ifndef T99_BASE_FAULT_H
#define T99_BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* Alert descriptions: RFC 9846, 6; RFC 5246, 7.2; RFC 6066; RFC 7301. */
enum t99_alert {
    ALERT_CLOSE_NOTIFY = 0,
    ALERT_UNEXPECTED_MESSAGE = 10,
    ALERT_BAD_RECORD_MAC = 20,
    ALERT_RECORD_OVERFLOW = 22,
    ALERT_DECOMPRESSION_FAILURE = 30,
    ALERT_HANDSHAKE_FAILURE = 40,
    ALERT_BAD_CERTIFICATE = 42,
    ALERT_UNSUPPORTED_CERTIFICATE = 43,
    ALERT_CERTIFICATE_REVOKED = 44,
    ALERT_CERTIFICATE_EXPIRED = 45,
    ALERT_CERTIFICATE_UNKNOWN = 46,
    ALERT_ILLEGAL_PARAMETER = 47,
    ALERT_UNKNOWN_CA = 48,
    ALERT_ACCESS_DENIED = 49,
    ALERT_DECODE_ERROR = 50,
    ALERT_DECRYPT_ERROR = 51,
    ALERT_PROTOCOL_VERSION = 70,
    ALERT_INSUFFICIENT_SECURITY = 71,
    ALERT_INTERNAL_ERROR = 80,
    ALERT_INAPPROPRIATE_FALLBACK = 86,
    ALERT_USER_CANCELED = 90,
    ALERT_NO_RENEGOTIATION = 100,
    ALERT_MISSING_EXTENSION = 109,
    ALERT_UNSUPPORTED_EXTENSION = 110,
    ALERT_UNRECOGNIZED_NAME = 112,
    ALERT_BAD_CERTIFICATE_STATUS_RESPONSE = 113,
    ALERT_UNKNOWN_PSK_IDENTITY = 115,
    ALERT_CERTIFICATE_REQUIRED = 116,
    ALERT_GENERAL_ERROR = 117,
    ALERT_NO_APPLICATION_PROTOCOL = 120,
    ALERT_NONE = 255 /* nothing is sent */
};

enum t99_fault_kind {
    FAULT_NONE,
    FAULT_PROTOCOL, /* the peer broke a rule: the alert tells it */
    FAULT_VERIFY,   /* the peer's certificate or name was refused */
    FAULT_PEER,     /* the peer sent a fatal alert: `alert` is what it sent, and nothing is sent back */
    FAULT_IO,       /* the transport failed or ended */
    FAULT_CALLER,   /* wrong use, or a setting that cannot be honoured */
    FAULT_MEMORY,   /* an allocation failed */
    FAULT_SYSTEM    /* randomness, a file, ... */
};

#define T99_FAULT_TEXT 512

struct t99_fault {
    uint8_t kind;  /* enum t99_fault_kind */
    uint8_t alert; /* enum t99_alert */
    char text[T99_FAULT_TEXT];
};

void t99_fault_clear(struct t99_fault *f);

static inline bool t99_faulted(const struct t99_fault *f)
{
    return f->kind != FAULT_NONE;
}

/*
 * Records a protocol fault with its alert and sentence unless one is there already. Always false, so that
 * `return t99_fail(...)` is the whole error path. The text is made by t99_sentence() (base/text.h). Bytes
 * from the peer must pass through t99_printable() first, which shows what they are.
 */
bool t99_fail(struct t99_fault *f, enum t99_alert alert, const char *format, ...) T99_PRINTF(3, 4);

/* The same for another kind. */
bool t99_fail_as(struct t99_fault *f, enum t99_fault_kind kind, enum t99_alert alert, const char *format, ...)
    T99_PRINTF(4, 5);

/* "out of memory": alert internal_error. Always false. */
bool t99_fail_memory(struct t99_fault *f);

/* The field's name of an alert ("unexpected_message"), "unknown" for a number that has none. */
const char *t99_alert_name(unsigned alert);

/*
 * Copies bytes to out (at least 5 bytes) as printable ASCII: others, and '\\', as \xHH; cut with "..." at
 * out_len. Returns out.
 */
const char *t99_printable(char *out, size_t out_len, const void *bytes, size_t len);

#endif
