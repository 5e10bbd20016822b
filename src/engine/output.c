/* Bytes for the peer: records composed into one buffer, which lives while there is something to be sent. */
#include "engine/inside.h"

#include <string.h>

/* Kept free under a key for what is not application data: KeyUpdate, close_notify, an alert. */
#define RESERVED_SEALS 16

const uint8_t *t99_engine_out(const struct t99_engine *e, size_t *len)
{
    *len = e->out_cap - e->out_at;
    return *len != 0 ? e->out + e->out_at : NULL;
}

void t99_output_drop(struct t99_engine *e)
{
    t99_free(e->env, e->out, e->out_cap);
    e->out = NULL;
    e->out_cap = 0;
    e->out_at = 0;
}

void t99_engine_sent(struct t99_engine *e, size_t n)
{
    size_t left = e->out_cap - e->out_at;

    e->out_at += n < left ? n : left;
    if (e->out_at == e->out_cap) {
        t99_output_drop(e);
    }
}

/* Room for len more bytes at the end. NULL: out of memory, and what was there stays. */
static uint8_t *grow(struct t99_engine *e, size_t len)
{
    size_t kept = e->out_cap - e->out_at;
    uint8_t *more = e->env->alloc(e->env->arg, kept + len); /* filled to the end: need not be zeroed */

    if (more == NULL) {
        return NULL;
    }
    if (kept != 0) {
        memcpy(more, e->out + e->out_at, kept);
    }
    t99_output_drop(e);
    e->out = more;
    e->out_cap = kept + len;
    return more + kept;
}

/* The protection under which a record of this type goes out. */
static struct t99_protect *protection(struct t99_engine *e, uint8_t type, struct t99_protect *clear)
{
    if (type == CONTENT_CHANGE_CIPHER_SPEC) {
        clear->aead = NULL;
        clear->explicit_nonce = false;
        clear->version = 0;
        return clear;
    }
    return &e->writing;
}

/* RFC 9846, 5.1: the ClientHello's record says 0x0301, so that old servers read it; all others 0x0303. */
bool t99_output_record(struct t99_engine *e, uint8_t type, const uint8_t *content, size_t len)
{
    uint16_t version = type == CONTENT_HANDSHAKE && e->write_version == 0 ? 0x0301 : 0x0303;
    struct t99_protect clear, *p = protection(e, type, &clear);
    size_t total = t99_protect_sealed_len(p, len);
    uint8_t *record = grow(e, total);

    if (record == NULL) {
        return t99_fail_memory(&e->fault);
    }
    if (!t99_protect_seal(p, record, type, version, content, len, &e->fault)) {
        t99_output_drop(e); /* the room has no record in it, and the connection is over */
        return false;
    }
    e->stats.records_out++;
    e->stats.bytes_out += total;
    if (e->record_cb != NULL) {
        e->record_cb(e->record_arg, DIRECTION_SENT, type, record, total, content, len);
    }
    return true;
}

bool t99_engine_early_open(const struct t99_engine *e)
{
    return !t99_faulted(&e->fault) && !e->close_sent && e->hs != NULL && !e->early_rejected &&
           t99_handshake_early_open(e->hs) && e->early_written < e->conn.max_early_data;
}

/* RFC 9846, 5.5. A KeyUpdate goes before the record that would come too near the limit; TLS 1.2 has none. */
static bool renew_key(struct t99_engine *e)
{
    if (t99_protect_seals_left(&e->writing) > RESERVED_SEALS) {
        return true;
    }
    if (!e->up || e->conn.version != T99_TLS13) {
        return t99_fail_as(
            &e->fault, FAULT_CALLER, ALERT_INTERNAL_ERROR,
            "%s may not encrypt more than the %llu records that were sent, and the key cannot change",
            e->writing.aead->name, (unsigned long long)e->writing.seq);
    }
    return t99_post_key_update(&e->conn, e->config, &e->sink, false);
}

/* How many of len bytes go into the next record: 0 where application data may not be sent now. */
static size_t writable(const struct t99_engine *e, size_t len)
{
    size_t limit = e->send_limit;
    uint64_t early;

    if (e->out != NULL) {
        return 0;
    }
    if (!e->up) {
        early = t99_engine_early_open(e) ? e->conn.max_early_data - e->early_written : 0;
        limit = early < limit ? (size_t)early : limit;
    }
    return len < limit ? len : limit;
}

bool t99_engine_write(struct t99_engine *e, const uint8_t *buf, size_t len, size_t *n)
{
    size_t take;

    *n = 0;
    if (t99_faulted(&e->fault)) {
        return false;
    }
    if (e->close_sent) {
        return t99_engine_settle(
            e, t99_fail_as(&e->fault, FAULT_CALLER, ALERT_NONE, "nothing may be written after the close"));
    }
    take = writable(e, len);
    if (take == 0) {
        return true;
    }
    if (!renew_key(e) || !t99_output_record(e, CONTENT_APPLICATION_DATA, buf, take)) {
        return t99_engine_settle(e, false);
    }
    e->conn.key_update_pending = false;
    if (!e->up) {
        e->early_written += take;
    }
    *n = take;
    return true;
}

bool t99_engine_key_update(struct t99_engine *e, bool request)
{
    if (t99_faulted(&e->fault) || !e->up || e->close_sent || e->conn.version != T99_TLS13) {
        return false;
    }
    return t99_engine_settle(e, t99_post_key_update(&e->conn, e->config, &e->sink, request));
}
