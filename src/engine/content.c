/* What is done with the content of a record that is no application data, and what may not come when. */
#include "engine/inside.h"

#include <string.h>

#include "handshake/messages.h"

static size_t message_limit(void *arg, const char **name, uint8_t type)
{
    const struct t99_engine *e = arg;

    *name = t99_hs_name(type);
    return e->hs != NULL ? t99_handshake_limit(e->hs, type) : t99_post_limit(&e->conn, type);
}

static bool take_message(struct t99_engine *e, struct t99_span message)
{
    if (e->hs == NULL) {
        return t99_post_message(&e->conn, e->config, &e->sink, &e->fault, message.p, message.len);
    }
    if (!t99_handshake_message(e->hs, message.p, message.len)) {
        return false;
    }
    if (t99_handshake_done(e->hs)) { /* what it needed goes */
        t99_handshake_free(e->hs);
        e->hs = NULL;
        e->up = true;
    }
    return true;
}

static bool take_handshake(struct t99_engine *e, const uint8_t *content, size_t len)
{
    bool was_up = e->up;
    struct t99_span message;
    enum t99_join_result r;

    if (!e->started) {
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "the server sent a message before the client_hello");
    }
    if (!t99_join_put(&e->join, content, len, &e->fault)) {
        return false;
    }
    for (;;) {
        r = t99_join_next(&e->join, e->env, message_limit, e, &message, &e->fault);
        if (r != JOIN_MESSAGE) {
            break;
        }
        if (!take_message(e, message)) {
            return false;
        }
    }
    if (r == JOIN_EMPTY && e->up && !was_up && t99_join_partial(&e->join)) {
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "excess handshake data: a message begins in the record that ends the handshake");
    }
    return r == JOIN_EMPTY;
}

/* RFC 9846, 5; RFC 5246, 7.1. In TLS 1.3 it means nothing, so that its number is limited. */
bool t99_content_change_cipher_spec(struct t99_engine *e, const uint8_t *content, size_t len)
{
    if (e->hs == NULL) {
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "unexpected record: change_cipher_spec after the handshake");
    }
    if (len != 1 || content[0] != 1) {
        return t99_fail(
            &e->fault, e->conn.version == T99_TLS13 ? ALERT_UNEXPECTED_MESSAGE : ALERT_ILLEGAL_PARAMETER,
            "bad change_cipher_spec: %zu bytes, the first is %u", len, len != 0 ? (unsigned)content[0] : 0u);
    }
    if (t99_join_partial(&e->join)) {
        return t99_fail(
            &e->fault, ALERT_UNEXPECTED_MESSAGE,
            "unexpected record: change_cipher_spec (20) between two parts of a handshake message");
    }
    if (++e->empty_records > MAX_EMPTY_RECORDS) {
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "too many change_cipher_spec records: %d in a row", MAX_EMPTY_RECORDS + 1);
    }
    return t99_handshake_change_cipher_spec(e->hs);
}

/*
 * What moves nothing forward is counted: empty records here, warnings in alert.c. Only a record that brings
 * something ends the count, so that the two kinds may not take turns for ever.
 */
static bool count_idle(struct t99_engine *e, uint8_t type, size_t len)
{
    if (len == 0 && ++e->empty_records > MAX_EMPTY_RECORDS) {
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE, "too many empty records: %d in a row",
                        MAX_EMPTY_RECORDS + 1);
    }
    if (len != 0 && type != CONTENT_ALERT) {
        e->empty_records = 0;
        e->warning_alerts = 0;
    }
    return true;
}

/*
 * RFC 9846, 5.1: nothing stands between the parts of a message. An alert judges that for itself: it may be
 * the end.
 */
bool t99_content_check(struct t99_engine *e, uint8_t type, size_t len)
{
    if (!count_idle(e, type, len)) {
        return false;
    }
    if (type != CONTENT_HANDSHAKE && type != CONTENT_ALERT && t99_join_partial(&e->join)) {
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "unexpected record: %s (%u) between two parts of a handshake message",
                        t99_content_name(type), (unsigned)type);
    }
    return true;
}

bool t99_content_take(struct t99_engine *e, uint8_t type, const uint8_t *content, size_t len)
{
    switch (type) {
    case CONTENT_HANDSHAKE:
        return take_handshake(e, content, len);
    case CONTENT_ALERT:
        return t99_alert_received(e, content, len);
    case CONTENT_CHANGE_CIPHER_SPEC:
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "unexpected record: change_cipher_spec, encrypted");
    case CONTENT_APPLICATION_DATA:
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "unexpected record: application_data during the handshake (awaiting %s)",
                        e->hs != NULL ? t99_handshake_awaits(e->hs) : "its start");
    default:
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE, "unexpected record: unknown type %u",
                        (unsigned)type);
    }
}
