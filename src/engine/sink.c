/* What the handshake asks of the connection around it: struct t99_sink. */
#include "engine/inside.h"

#include <string.h>

/* RFC 9846, 5.1: a message that is longer than a record may be is cut. */
static bool sink_send(void *arg, const uint8_t *message, size_t len)
{
    struct t99_engine *e = arg;
    size_t limit = e->writing.aead != NULL ? e->send_limit : T99_RECORD_CONTENT_MAX;

    if (e->close_sent) {
        return true; /* RFC 9846, 6.1: nothing follows close_notify, not even the answer to a KeyUpdate */
    }
    while (len > 0) {
        size_t n = len < limit ? len : limit;

        if (!t99_output_record(e, CONTENT_HANDSHAKE, message, n)) {
            return false;
        }
        message += n;
        len -= n;
    }
    return true;
}

/* In the clear, although keys may be on: TLS 1.3 with early data sends it after them (RFC 9846, D.4). */
static bool sink_send_ccs(void *arg)
{
    static const uint8_t one[1] = { 1 };
    struct t99_engine *e = arg;

    return e->close_sent || t99_output_record(e, CONTENT_CHANGE_CIPHER_SPEC, one, sizeof one);
}

/* RFC 9846, 5.1: messages do not span a change of keys. */
static bool sink_read_key(void *arg, const struct t99_traffic_key *key)
{
    struct t99_engine *e = arg;

    if (t99_join_pending(&e->join)) {
        return t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                        "excess handshake data: the server goes on under old keys where they change");
    }
    t99_protect_init(&e->reading, key);
    return true;
}

static bool sink_flight_end(void *arg)
{
    struct t99_engine *e = arg;

    return !t99_join_pending(&e->join) ||
           t99_fail(&e->fault, ALERT_UNEXPECTED_MESSAGE,
                    "excess handshake data: the server goes on where it must wait for an answer");
}

static bool sink_write_key(void *arg, const struct t99_traffic_key *key)
{
    struct t99_engine *e = arg;

    if (key != NULL) {
        t99_protect_init(&e->writing, key);
    } else {
        t99_protect_wipe(&e->writing);
    }
    return true;
}

static void sink_version(void *arg, uint16_t version)
{
    struct t99_engine *e = arg;

    e->write_version = version;
}

/* What was already sealed is still sent: the server skips it. */
static void sink_early_data_rejected(void *arg)
{
    struct t99_engine *e = arg;

    e->early_rejected = true;
}

static void sink_record_limits(void *arg, size_t send, size_t receive)
{
    struct t99_engine *e = arg;

    e->send_limit = send < T99_RECORD_CONTENT_MAX ? send : T99_RECORD_CONTENT_MAX;
    e->receive_limit = receive < T99_RECORD_CONTENT_MAX ? receive : T99_RECORD_CONTENT_MAX;
}

void t99_sink_init(struct t99_engine *e)
{
    e->sink.arg = e;
    e->sink.send = sink_send;
    e->sink.send_ccs = sink_send_ccs;
    e->sink.read_key = sink_read_key;
    e->sink.flight_end = sink_flight_end;
    e->sink.write_key = sink_write_key;
    e->sink.version = sink_version;
    e->sink.early_data_rejected = sink_early_data_rejected;
    e->sink.record_limits = sink_record_limits;
}
