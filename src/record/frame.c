#include "record/frame.h"

#include <string.h>

#include "base/bytes.h"

const char *t99_content_name(unsigned type)
{
    switch (type) {
    case CONTENT_CHANGE_CIPHER_SPEC:
        return "change_cipher_spec";
    case CONTENT_ALERT:
        return "alert";
    case CONTENT_HANDSHAKE:
        return "handshake";
    case CONTENT_APPLICATION_DATA:
        return "application_data";
    default:
        return "unknown";
    }
}

bool t99_frame_is_greeting(const uint8_t header[T99_RECORD_HEADER])
{
    static const char *const known[] = { "HTTP/", "SSH-", "220 ", "220-" };
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (memcmp(header, known[i], strlen(known[i])) == 0) {
            return true;
        }
    }
    return false;
}

bool t99_frame_is_foreign(const uint8_t header[T99_RECORD_HEADER])
{
    return header[0] < CONTENT_CHANGE_CIPHER_SPEC || header[0] > CONTENT_APPLICATION_DATA || header[1] != 3;
}

bool t99_frame_refuse_foreign(struct t99_fault *fault, const uint8_t *bytes, size_t len)
{
    char text[4 * T99_GREETING_MAX + 4];

    while (len > 0 && (bytes[len - 1] == '\r' || bytes[len - 1] == '\n')) {
        len--;
    }
    return t99_fail(fault, ALERT_PROTOCOL_VERSION, "the server speaks no TLS on this port: it answered '%s'",
                    t99_printable(text, sizeof text, bytes, len));
}

/*
 * RFC 9846, 5.1 and RFC 5246, 6.2.1. A protected body is bounded by the version's ciphertext limit; until the
 * version is known nothing is protected.
 */
static size_t body_limit(const struct t99_frame_rules *rules)
{
    if (!rules->sealed) {
        return T99_RECORD_CONTENT_MAX;
    }
    return rules->version == 0x0304 ? T99_RECORD_BODY_MAX_13 : T99_RECORD_BODY_MAX_12;
}

bool t99_frame_decode(struct t99_frame *frame, const uint8_t header[T99_RECORD_HEADER],
                      const struct t99_frame_rules *rules, struct t99_fault *fault)
{
    frame->type = header[0];
    frame->version = load_be16(header + 1);
    frame->len = load_be16(header + 3);
    if (rules->first && t99_frame_is_foreign(header)) {
        return t99_frame_refuse_foreign(fault, header, T99_RECORD_HEADER);
    }
    if (rules->version != 0 ? frame->version != 0x0303 : frame->version >> 8 != 3) {
        return t99_fail(fault, ALERT_PROTOCOL_VERSION, "a record has the wrong version 0x%04x instead of %s",
                        (unsigned)frame->version, rules->version != 0 ? "0x0303" : "0x03xx");
    }
    if (frame->len > body_limit(rules)) {
        return t99_fail(fault, ALERT_RECORD_OVERFLOW, "%s record has %zu bytes, more than the limit of %zu",
                        rules->sealed ? "an encrypted" : "an unencrypted", frame->len, body_limit(rules));
    }
    return true;
}

void t99_frame_encode(uint8_t header[T99_RECORD_HEADER], uint8_t type, uint16_t version, size_t len)
{
    header[0] = type;
    store_be16(header + 1, version);
    store_be16(header + 3, (uint16_t)len);
}
