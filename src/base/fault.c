#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

void t99_fault_clear(struct t99_fault *f)
{
    f->kind = FAULT_NONE;
    f->alert = ALERT_NONE;
    f->text[0] = '\0';
}

T99_PRINTF(4, 0)
static void record(struct t99_fault *f, enum t99_fault_kind kind, enum t99_alert alert, const char *format,
                   va_list ap)
{
    if (f->kind == FAULT_NONE) {
        f->kind = (uint8_t)kind;
        f->alert = (uint8_t)alert;
        t99_sentence_va(f->text, sizeof f->text, format, ap);
    }
}

bool t99_fail(struct t99_fault *f, enum t99_alert alert, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    record(f, FAULT_PROTOCOL, alert, format, ap);
    va_end(ap);
    return false;
}

bool t99_fail_as(struct t99_fault *f, enum t99_fault_kind kind, enum t99_alert alert, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    record(f, kind, alert, format, ap);
    va_end(ap);
    return false;
}

bool t99_fail_memory(struct t99_fault *f)
{
    return t99_fail_as(f, FAULT_MEMORY, ALERT_INTERNAL_ERROR, "out of memory");
}

static const struct {
    uint8_t alert;
    const char *name;
} names[] = {
    { ALERT_CLOSE_NOTIFY, "close_notify" },
    { ALERT_UNEXPECTED_MESSAGE, "unexpected_message" },
    { ALERT_BAD_RECORD_MAC, "bad_record_mac" },
    { ALERT_RECORD_OVERFLOW, "record_overflow" },
    { ALERT_DECOMPRESSION_FAILURE, "decompression_failure" },
    { ALERT_HANDSHAKE_FAILURE, "handshake_failure" },
    { ALERT_BAD_CERTIFICATE, "bad_certificate" },
    { ALERT_UNSUPPORTED_CERTIFICATE, "unsupported_certificate" },
    { ALERT_CERTIFICATE_REVOKED, "certificate_revoked" },
    { ALERT_CERTIFICATE_EXPIRED, "certificate_expired" },
    { ALERT_CERTIFICATE_UNKNOWN, "certificate_unknown" },
    { ALERT_ILLEGAL_PARAMETER, "illegal_parameter" },
    { ALERT_UNKNOWN_CA, "unknown_ca" },
    { ALERT_ACCESS_DENIED, "access_denied" },
    { ALERT_DECODE_ERROR, "decode_error" },
    { ALERT_DECRYPT_ERROR, "decrypt_error" },
    { ALERT_PROTOCOL_VERSION, "protocol_version" },
    { ALERT_INSUFFICIENT_SECURITY, "insufficient_security" },
    { ALERT_INTERNAL_ERROR, "internal_error" },
    { ALERT_INAPPROPRIATE_FALLBACK, "inappropriate_fallback" },
    { ALERT_USER_CANCELED, "user_canceled" },
    { ALERT_NO_RENEGOTIATION, "no_renegotiation" },
    { ALERT_MISSING_EXTENSION, "missing_extension" },
    { ALERT_UNSUPPORTED_EXTENSION, "unsupported_extension" },
    { ALERT_UNRECOGNIZED_NAME, "unrecognized_name" },
    { ALERT_BAD_CERTIFICATE_STATUS_RESPONSE, "bad_certificate_status_response" },
    { ALERT_UNKNOWN_PSK_IDENTITY, "unknown_psk_identity" },
    { ALERT_CERTIFICATE_REQUIRED, "certificate_required" },
    { ALERT_GENERAL_ERROR, "general_error" },
    { ALERT_NO_APPLICATION_PROTOCOL, "no_application_protocol" },
};

const char *t99_alert_name(unsigned alert)
{
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].alert == alert) {
            return names[i].name;
        }
    }
    return "unknown";
}

const char *t99_printable(char *out, size_t out_len, const void *bytes, size_t len)
{
    const uint8_t *p = (const uint8_t *)bytes;
    size_t i, n = 0;

    for (i = 0; i < len; i++) {
        bool plain = p[i] >= 0x20 && p[i] <= 0x7e && p[i] != '\\';
        size_t room = i + 1 == len ? 1 : 4; /* for the end, or "..." and the end */

        if (n + (plain ? 1 : 4) + room > out_len) {
            memcpy(out + n, "...", 3);
            n += 3;
            break;
        }
        if (plain) {
            out[n++] = (char)p[i];
        } else {
            n += (size_t)snprintf(out + n, out_len - n, "\\x%02X", (unsigned)p[i]);
        }
    }
    out[n] = '\0';
    return out;
}
