/* Alerts, both ways: RFC 9846, 6; RFC 5246, 7.2. */
#include "engine/inside.h"

#include <string.h>

#define LEVEL_WARNING 1
#define LEVEL_FATAL 2

#define NO_CERTIFICATE ": it may want the client certificate that it asked for and did not get"

/* --- Sent. --- */

bool t99_alert_queue(struct t99_engine *e, uint8_t level, uint8_t description)
{
    uint8_t alert[2];

    alert[0] = level;
    alert[1] = description;
    return t99_output_record(e, CONTENT_ALERT, alert, sizeof alert);
}

/* Goes out under the write key of this moment, which is what the peer expects next. */
static void tell_peer(struct t99_engine *e)
{
    bool told = true;

    if (e->fault.kind == FAULT_PEER || e->fault.kind == FAULT_IO) {
        t99_output_drop(e); /* nobody reads it */
    } else if (e->started && !e->close_sent && e->fault.alert != ALERT_NONE) {
        told = t99_alert_queue(e, LEVEL_FATAL, e->fault.alert);
    }
    (void)told; /* out of memory: the alert is lost, the fault stays what it was */
    e->close_sent = true;
}

bool t99_engine_settle(struct t99_engine *e, bool ok)
{
    if (!t99_faulted(&e->fault)) {
        return ok;
    }
    tell_peer(e); /* once: nothing is sent after it */
    t99_handshake_free(e->hs);
    e->hs = NULL;
    t99_conn_forget(&e->conn); /* RFC 9846, 6 */
    t99_protect_wipe(&e->reading);
    t99_protect_wipe(&e->writing);
    t99_input_next(e);
    t99_join_clear(&e->join, e->env);
    return false;
}

bool t99_engine_close(struct t99_engine *e)
{
    if (t99_faulted(&e->fault)) {
        return false;
    }
    if (e->close_sent || !e->started) {
        return true;
    }
    if (!t99_alert_queue(e, LEVEL_WARNING, ALERT_CLOSE_NOTIFY)) {
        return t99_engine_settle(e, false);
    }
    e->close_sent = true;
    return true;
}

bool t99_engine_send_alert(struct t99_engine *e, uint8_t level, uint8_t description)
{
    if (t99_faulted(&e->fault) || e->close_sent || !e->started) {
        return false;
    }
    if (!t99_alert_queue(e, level, description)) {
        return t99_engine_settle(e, false);
    }
    e->close_sent = level != LEVEL_WARNING || description == ALERT_CLOSE_NOTIFY;
    return true;
}

/* --- Received. --- */

/* What a server means by an alert, as far as it can be guessed: hints for the user. */
enum when {
    ANY_TIME,
    TO_HELLO,           /* in answer to the ClientHello */
    CERTIFICATE_SENT,   /* the client showed its certificate */
    CERTIFICATE_LACKING /* the client was asked for one and had none */
};

static const struct {
    uint8_t alert;
    uint8_t when; /* enum when */
    const char *hint;
} hints[] = {
    { ALERT_HANDSHAKE_FAILURE, TO_HELLO,
      ": it shares no version, cipher suite, group or signature scheme with what was offered" },
    { ALERT_INSUFFICIENT_SECURITY, TO_HELLO, ": it wants stronger algorithms than were offered" },
    { ALERT_PROTOCOL_VERSION, TO_HELLO, ": it has none of the versions that were offered" },
    { ALERT_UNRECOGNIZED_NAME, TO_HELLO, ": it knows no host of the name that was asked for" },
    { ALERT_NO_APPLICATION_PROTOCOL, ANY_TIME, ": it has none of the ALPN protocols that were offered" },
    { ALERT_INAPPROPRIATE_FALLBACK, TO_HELLO, ": it could have done a higher version than was offered" },
    { ALERT_MISSING_EXTENSION, TO_HELLO, ": it misses an extension in the client_hello" },
    { ALERT_UNKNOWN_PSK_IDENTITY, TO_HELLO, ": it does not know the session that was offered" },
    { ALERT_CERTIFICATE_REQUIRED, ANY_TIME, ": it wants a client certificate" },
    { ALERT_HANDSHAKE_FAILURE, CERTIFICATE_LACKING, NO_CERTIFICATE },
    { ALERT_BAD_CERTIFICATE, CERTIFICATE_LACKING, NO_CERTIFICATE },
    { ALERT_ACCESS_DENIED, CERTIFICATE_LACKING, NO_CERTIFICATE },
    { ALERT_HANDSHAKE_FAILURE, CERTIFICATE_SENT, ": it may not accept the client certificate" },
    { ALERT_BAD_CERTIFICATE, CERTIFICATE_SENT, ": it refuses the client certificate" },
    { ALERT_UNSUPPORTED_CERTIFICATE, CERTIFICATE_SENT, ": it cannot use this kind of client certificate" },
    { ALERT_CERTIFICATE_REVOKED, CERTIFICATE_SENT, ": it says that the client certificate is revoked" },
    { ALERT_CERTIFICATE_EXPIRED, CERTIFICATE_SENT, ": it says that the client certificate has expired" },
    { ALERT_CERTIFICATE_UNKNOWN, CERTIFICATE_SENT, ": it does not accept the client certificate" },
    { ALERT_UNKNOWN_CA, CERTIFICATE_SENT, ": it does not trust the issuer of the client certificate" },
    { ALERT_ACCESS_DENIED, CERTIFICATE_SENT, ": it knows the client certificate, but denies access" },
    { ALERT_INTERNAL_ERROR, ANY_TIME, ": something went wrong in the server itself" },
    { ALERT_BAD_RECORD_MAC, ANY_TIME, ": it could not decrypt what was sent" },
    { ALERT_DECRYPT_ERROR, ANY_TIME, ": a signature or Finished that was sent did not verify there" },
    { ALERT_USER_CANCELED, ANY_TIME, ": it was canceled there" },
};

static bool answers_hello(const struct t99_engine *e)
{
    return e->hs != NULL && e->conn.version == 0;
}

static bool is_time(const struct t99_engine *e, enum when when)
{
    switch (when) {
    case TO_HELLO:
        return answers_hello(e);
    case CERTIFICATE_SENT:
        return e->conn.certificate_sent;
    case CERTIFICATE_LACKING:
        return e->conn.certificate_requested && !e->conn.certificate_sent;
    default:
        return true;
    }
}

static const char *find_hint(const struct t99_engine *e, uint8_t alert)
{
    size_t i;

    for (i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (hints[i].alert == alert && is_time(e, (enum when)hints[i].when)) {
            return hints[i].hint;
        }
    }
    return "";
}

const char *t99_engine_end_hint(const struct t99_engine *e)
{
    if (answers_hello(e)) {
        return ": it may speak no TLS on this port, or only versions that were not offered";
    }
    return is_time(e, CERTIFICATE_LACKING) ? NO_CERTIFICATE : "";
}

static bool fatal_received(struct t99_engine *e, uint8_t alert)
{
    return t99_fail_as(&e->fault, FAULT_PEER, (enum t99_alert)alert, "the server sent the alert %s (%u)%s%s",
                       t99_alert_name(alert), (unsigned)alert,
                       answers_hello(e) ? " in answer to the client_hello" : "", find_hint(e, alert));
}

static bool close_received(struct t99_engine *e)
{
    if (e->hs != NULL) {
        return t99_fail_as(&e->fault, FAULT_PEER, ALERT_CLOSE_NOTIFY,
                           "the server closed the connection during the handshake (awaiting %s)%s",
                           t99_handshake_awaits(e->hs), t99_engine_end_hint(e));
    }
    if (t99_join_partial(&e->join)) {
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "the server closed the connection in the middle of a handshake message");
    }
    e->close_came = true;
    return true;
}

/*
 * TLS 1.3 has but two that are no errors (RFC 9846, 6); TLS 1.2's may be passed over, in reasonable number.
 */
static bool warning_received(struct t99_engine *e, uint8_t alert)
{
    if (t99_join_partial(&e->join)) {
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "the server sent the warning %s (%u) between two parts of a handshake message",
                        t99_alert_name(alert), (unsigned)alert);
    }
    if (e->conn.version == T99_TLS13 && alert != ALERT_USER_CANCELED) {
        return t99_fail(&e->fault, ALERT_DECODE_ERROR,
                        "the server sent the alert %s (%u) as a warning, which TLS 1.3 does not have",
                        t99_alert_name(alert), (unsigned)alert);
    }
    if (++e->warning_alerts > MAX_WARNING_ALERTS) {
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "too many warning alerts: %d in a row, the last %s (%u)", MAX_WARNING_ALERTS + 1,
                        t99_alert_name(alert), (unsigned)alert);
    }
    return true;
}

bool t99_alert_received(struct t99_engine *e, const uint8_t *content, size_t len)
{
    if (len != 2) { /* RFC 9846, 5.4 and 6: empty ones are unexpected_message */
        return t99_fail(&e->fault, len == 0 ? ALERT_UNEXPECTED_MESSAGE : ALERT_DECODE_ERROR,
                        "an alert record has %zu bytes instead of 2", len);
    }
    if (content[0] != LEVEL_WARNING && content[0] != LEVEL_FATAL) {
        return t99_fail(&e->fault, ALERT_ILLEGAL_PARAMETER, "the alert %s (%u) has the unknown level %u",
                        t99_alert_name(content[1]), (unsigned)content[1], (unsigned)content[0]);
    }
    if (content[1] == ALERT_CLOSE_NOTIFY && (content[0] == LEVEL_WARNING || e->conn.version == T99_TLS13)) {
        return close_received(e);
    }
    return content[0] == LEVEL_FATAL ? fatal_received(e, content[1]) : warning_received(e, content[1]);
}
