/* Bytes from the peer: exactly one record at a time, and application data out of it when it is asked for. */
#include "engine/inside.h"

#include <string.h>

#include "base/wipe.h"

void t99_input_next(struct t99_engine *e)
{
    if (e->record != NULL) {
        t99_free(e->env, e->record, T99_RECORD_HEADER + e->frame.len);
    }
    e->record = NULL;
    e->body = NULL;
    e->frame.len = 0;
    e->body_have = 0;
    e->plain_at = 0;
    e->plain_left = 0;
    e->header_have = 0;
    e->state = INPUT_HEADER;
}

uint8_t *t99_engine_in(struct t99_engine *e, size_t *want)
{
    *want = 0;
    if (t99_faulted(&e->fault)) {
        return NULL;
    }
    if (e->close_came || e->input_ended) {
        return e->header;
    }
    switch (e->state) {
    case INPUT_HEADER:
        *want = T99_RECORD_HEADER - e->header_have;
        return e->header + e->header_have;
    case INPUT_GREETING:
        *want = 1; /* where a line of text ends is not known before */
        return e->header + e->header_have;
    case INPUT_BODY:
        *want = e->frame.len - e->body_have;
        return e->body + e->body_have;
    default:
        return e->header;
    }
}

/* --- A whole record. --- */

static void tell_received(struct t99_engine *e, uint8_t type, const uint8_t *record, const uint8_t *plain,
                          size_t plain_len)
{
    if (e->record_cb != NULL) {
        e->record_cb(e->record_arg, DIRECTION_RECEIVED, type, record, T99_RECORD_HEADER + e->frame.len, plain,
                     plain_len);
    }
}

/* Opens the record in body to out, which may be body; the content begins at opened->offset of it. */
T99_MUST_CHECK
static bool open_record(struct t99_engine *e, uint8_t *out, struct t99_opened *opened)
{
    size_t limit = e->reading.aead != NULL ? e->receive_limit : T99_RECORD_CONTENT_MAX; /* RFC 8449, 4 */
    size_t len = T99_RECORD_HEADER + e->frame.len;
    uint8_t *copy = NULL; /* a callback wants both sides of the record, which is decrypted in place */
    bool ok;

    if (e->record_cb != NULL) {
        copy = t99_dup(e->env, e->record, len);
        if (copy == NULL) {
            return t99_fail_memory(&e->fault);
        }
    }
    ok = t99_protect_open(&e->reading, opened, out, &e->frame, e->body, limit, &e->fault);
    if (ok) {
        tell_received(e, opened->type, copy, out + opened->offset, opened->len);
    }
    t99_free(e->env, copy, len);
    return ok;
}

/*
 * A change_cipher_spec record is never encrypted before the handshake has ended; in TLS 1.2 it changes the
 * keys.
 */
static bool is_clear_ccs(const struct t99_engine *e)
{
    return e->frame.type == CONTENT_CHANGE_CIPHER_SPEC &&
           (e->reading.aead == NULL || e->reading.version == T99_TLS13);
}

static bool whole_record(struct t99_engine *e)
{
    struct t99_opened opened = { 0 };
    bool ok;

    e->any_input = true;
    e->stats.records_in++;
    e->stats.bytes_in += T99_RECORD_HEADER + e->frame.len;
    if (e->up && e->frame.type == CONTENT_APPLICATION_DATA) {
        e->state = INPUT_SEALED; /* read() opens it, straight into the caller's buffer if it can */
        return true;
    }
    if (is_clear_ccs(e)) {
        tell_received(e, e->frame.type, e->record, e->body, e->frame.len);
        ok = t99_content_change_cipher_spec(e, e->body, e->frame.len);
    } else {
        ok = open_record(e, e->body, &opened) && t99_content_check(e, opened.type, opened.len) &&
             t99_content_take(e, opened.type, e->body + opened.offset, opened.len);
    }
    t99_input_next(e);
    return ok;
}

static bool whole_header(struct t99_engine *e)
{
    struct t99_frame_rules rules;
    struct t99_frame frame;

    rules.first = !e->any_input;
    rules.version = e->conn.version;
    rules.sealed = e->reading.aead != NULL;
    if (rules.first && t99_frame_is_greeting(e->header)) {
        e->state = INPUT_GREETING;
        return true;
    }
    if (!t99_frame_decode(&frame, e->header, &rules, &e->fault)) {
        return false;
    }
    /* Filled before it is read: need not be zeroed. */
    e->record = e->env->alloc(e->env->arg, T99_RECORD_HEADER + frame.len);
    if (e->record == NULL) {
        return t99_fail_memory(&e->fault);
    }
    memcpy(e->record, e->header, T99_RECORD_HEADER);
    e->body = e->record + T99_RECORD_HEADER;
    e->frame = frame;
    e->state = INPUT_BODY;
    return frame.len != 0 || whole_record(e);
}

static bool more_greeting(struct t99_engine *e)
{
    if (e->header_have < T99_GREETING_MAX && e->header[e->header_have - 1] != '\n') {
        return true;
    }
    return t99_frame_refuse_foreign(&e->fault, e->header, e->header_have);
}

bool t99_engine_received(struct t99_engine *e, size_t n)
{
    bool ok = true;
    size_t want;

    if (t99_engine_in(e, &want) == NULL) {
        return false;
    }
    if (n > want) {
        ok = t99_fail_as(&e->fault, FAULT_CALLER, ALERT_INTERNAL_ERROR,
                         "%zu bytes were put in where %zu were wanted", n, want);
    } else if (n == 0) {
        return true;
    } else if (e->state == INPUT_BODY) {
        e->body_have += n;
        ok = n < want || whole_record(e);
    } else {
        e->header_have += n;
        ok = e->state == INPUT_GREETING ? more_greeting(e) : n < want || whole_header(e);
    }
    return t99_engine_settle(e, ok);
}

/* --- The end. --- */

bool t99_engine_eof(struct t99_engine *e)
{
    if (t99_faulted(&e->fault)) {
        return false;
    }
    e->input_ended = true;
    if (e->close_came || e->state == INPUT_SEALED || e->state == INPUT_PLAIN) {
        return true;
    }
    if (e->state == INPUT_GREETING ||
        (!e->any_input && e->header_have > 1 && t99_frame_is_foreign(e->header))) {
        t99_frame_refuse_foreign(&e->fault, e->header, e->header_have);
    } else if (e->header_have != 0) {
        t99_fail_as(&e->fault, FAULT_IO, ALERT_NONE,
                    "unexpected EOF: the connection was cut in the middle of a record");
    } else if (!e->up) {
        t99_fail_as(&e->fault, FAULT_IO, ALERT_NONE,
                    "unexpected EOF: the server closed the connection during the handshake (awaiting %s)%s",
                    e->hs != NULL ? t99_handshake_awaits(e->hs) : "its start", t99_engine_end_hint(e));
    } else if (t99_join_partial(&e->join)) {
        t99_fail_as(&e->fault, FAULT_IO, ALERT_NONE,
                    "unexpected EOF: the connection was cut in the middle of a handshake message");
    }
    return t99_engine_settle(e, !t99_faulted(&e->fault));
}

/* --- Application data. --- */

/*
 * Takes what the record that waits turned out to be. direct: it was opened to the caller's buffer; then *n
 * counts data.
 */
static bool take_opened(struct t99_engine *e, const struct t99_opened *opened, const uint8_t *content,
                        bool direct, size_t *n)
{
    if (!t99_content_check(e, opened->type, opened->len)) {
        return false;
    }
    if (opened->type != CONTENT_APPLICATION_DATA) {
        if (!t99_content_take(e, opened->type, content, opened->len)) {
            return false;
        }
        t99_input_next(e);
        return true;
    }
    if (opened->len != 0) {
        e->conn.key_updates = 0;
    }
    if (direct) {
        *n = opened->len;
        t99_input_next(e);
    } else {
        e->state = INPUT_PLAIN;
        e->plain_at = opened->offset;
        e->plain_left = opened->len;
    }
    return true;
}

static bool open_sealed(struct t99_engine *e, uint8_t *buf, size_t len, size_t *n)
{
    size_t max = t99_protect_opened_max(&e->reading, e->frame.len);
    bool direct = max <= len, ok;
    uint8_t *out = direct ? buf : e->body;
    struct t99_opened opened = { 0 };

    if (!open_record(e, out, &opened)) {
        return false;
    }
    ok = take_opened(e, &opened, out + opened.offset, direct, n);
    if (direct && *n == 0) {
        t99_wipe(buf, max); /* a ticket, or what may not be delivered: not the caller's business */
    }
    return ok;
}

static void give_plain(struct t99_engine *e, uint8_t *buf, size_t len, size_t *n)
{
    *n = e->plain_left < len ? e->plain_left : len;
    if (*n != 0) {
        memcpy(buf, e->body + e->plain_at, *n);
    }
    e->plain_at += *n;
    e->plain_left -= *n;
    if (e->plain_left == 0) {
        t99_input_next(e);
    }
}

bool t99_engine_read(struct t99_engine *e, uint8_t *buf, size_t len, size_t *n)
{
    *n = 0;
    if (t99_faulted(&e->fault)) {
        return false;
    }
    if (len == 0) {
        return true;
    }
    if (e->state == INPUT_SEALED && !open_sealed(e, buf, len, n)) {
        return t99_engine_settle(e, false);
    }
    if (e->state == INPUT_PLAIN) {
        give_plain(e, buf, len, n);
    }
    return true;
}
