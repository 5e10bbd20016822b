#include "peer/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

static void append(uint8_t **buf, size_t *len, size_t *cap, const void *bytes, size_t n)
{
    if (n > *cap - *len) {
        *cap = 2 * (*len + n);
        *buf = realloc(*buf, *cap);
        if (*buf == NULL) {
            abort();
        }
    }
    if (n != 0) {
        memcpy(*buf + *len, bytes, n);
        *len += n;
    }
}

void wire_init(struct wire *w, struct peer *peer)
{
    memset(w, 0, sizeof *w);
    w->peer = peer;
}

void wire_clear(struct wire *w)
{
    free(w->room);
    free(w->data);
    t99_join_clear(&w->join, w->peer->env);
    t99_protect_wipe(&w->reading);
    t99_protect_wipe(&w->writing);
    memset(w, 0, sizeof *w);
}

static bool fail(struct wire *w, const char *why)
{
    if (w->failed == NULL) {
        w->failed = why;
    }
    return false;
}

/* --- Out --- */

/* What is left moves to the front only here: a client that fetches single bytes would move all for each. */
void wire_send_raw(struct wire *w, const void *bytes, size_t len)
{
    if (w->out != w->room) {
        memmove(w->room, w->out, w->out_len);
    }
    append(&w->room, &w->out_len, &w->out_cap, bytes, len);
    w->out = w->room;
}

void wire_fetched(struct wire *w, size_t len)
{
    w->out += len;
    w->out_len -= len;
}

static void seal(struct wire *w, struct t99_protect *p, uint8_t type, const void *content, size_t len)
{
    static uint8_t record[T99_RECORD_CONTENT_MAX + 2048];
    struct t99_fault fault;

    t99_fault_clear(&fault);
    if (!t99_protect_seal(p, record, type, T99_TLS12, content, len, &fault)) {
        abort();
    }
    wire_send_raw(w, record, t99_protect_sealed_len(p, len));
}

/* Padding: the content, its type and the zeros but one are "content", of type 0 (RFC 9846, 5.4). */
void wire_send(struct wire *w, uint8_t type, const void *content, size_t len)
{
    static uint8_t inner[T99_RECORD_CONTENT_MAX + 1024];

    if (w->padding == 0 || w->writing.version != T99_TLS13) {
        seal(w, &w->writing, type, content, len);
        return;
    }
    memset(inner, 0, sizeof inner);
    if (len != 0) {
        memcpy(inner, content, len);
    }
    inner[len] = type;
    seal(w, &w->writing, 0, inner, len + w->padding);
}

void wire_send_clear(struct wire *w, uint8_t type, const void *content, size_t len)
{
    struct t99_protect clear;

    memset(&clear, 0, sizeof clear);
    seal(w, &clear, type, content, len);
}

void wire_send_alert(struct wire *w, uint8_t level, uint8_t description)
{
    uint8_t alert[2];

    alert[0] = level;
    alert[1] = description;
    wire_send(w, CONTENT_ALERT, alert, sizeof alert);
}

static void send_pieces(struct wire *w, const uint8_t *bytes, size_t len)
{
    size_t max = w->fragment != 0 ? w->fragment : T99_RECORD_CONTENT_MAX, n;

    while (len > 0) {
        n = len < max ? len : max;
        wire_send(w, CONTENT_HANDSHAKE, bytes, n);
        bytes += n;
        len -= n;
    }
}

/* Messages from the i-th item on that go together; returns how many. */
static size_t send_messages(struct wire *w, size_t i)
{
    struct peer *p = w->peer;
    uint8_t *joined = NULL;
    size_t len = 0, cap = 0, n = 0;

    do {
        append(&joined, &len, &cap, p->items[i + n].bytes, p->items[i + n].len);
        n++;
    } while (w->pack && i + n < p->num_items && p->items[i + n].kind == PEER_MESSAGE);
    send_pieces(w, joined, len);
    free(joined);
    return n;
}

void wire_flush(struct wire *w)
{
    static const uint8_t one[1] = { 1 };
    struct peer *p = w->peer;
    size_t i = 0;

    while (i < p->num_items) {
        switch (p->items[i].kind) {
        case PEER_MESSAGE:
            i += send_messages(w, i);
            break;
        case PEER_CCS:
            wire_send_clear(w, CONTENT_CHANGE_CIPHER_SPEC, one, sizeof one);
            i++;
            break;
        default:
            t99_protect_init(&w->writing, &p->items[i].key);
            i++;
            break;
        }
    }
    while (p->num_items != 0) {
        peer_drop(p, p->num_items - 1);
    }
}

/* --- In --- */

static size_t no_limit(void *arg, const char **name, uint8_t type)
{
    (void)arg;
    (void)type;
    *name = "a message";
    return 0xffffff;
}

static bool take_handshake(struct wire *w, const uint8_t *content, size_t len, struct t99_fault *fault)
{
    enum t99_join_result r;
    struct t99_span m;

    if (!t99_join_put(&w->join, content, len, fault)) {
        return fail(w, "an empty handshake record from the client");
    }
    while ((r = t99_join_next(&w->join, w->peer->env, no_limit, NULL, &m, fault)) == JOIN_MESSAGE) {
        if (!peer_take(w->peer, m.p, m.len)) {
            return fail(w, w->peer->failed);
        }
        if (w->peer->read_key_changed) {
            if (t99_join_pending(&w->join)) {
                return fail(w, "the client's messages span a change of keys");
            }
            t99_protect_init(&w->reading, &w->peer->read_key);
            w->peer->read_key_changed = false;
        }
        wire_flush(w);
    }
    return r == JOIN_EMPTY || fail(w, "the client's messages do not join");
}

static void take_alert(struct wire *w, const uint8_t *content, size_t len)
{
    if (len != 2) {
        fail(w, "an alert that is not 2 bytes long");
    } else if (content[1] == ALERT_CLOSE_NOTIFY && content[0] == 1) {
        w->close_came = true;
    } else {
        w->alert_came = true;
        w->alert_level = content[0];
        w->alert = content[1];
    }
}

static bool take_content(struct wire *w, uint8_t type, const uint8_t *content, size_t len,
                         struct t99_fault *fault)
{
    if (w->close_came) {
        return fail(w, "the client sent a record after its close_notify");
    }
    if (w->alert_came) {
        return fail(w, "the client sent a record after its alert");
    }
    if (type == CONTENT_HANDSHAKE) {
        return take_handshake(w, content, len, fault);
    }
    if (type == CONTENT_ALERT) {
        take_alert(w, content, len);
        return w->failed == NULL;
    }
    if (type != CONTENT_APPLICATION_DATA ||
        (w->peer->state != PEER_CONNECTED && w->peer->state != PEER_AWAITS_END_OF_EARLY_DATA)) {
        return fail(w, "a record of a type that was not due");
    }
    if (w->peer->state == PEER_AWAITS_END_OF_EARLY_DATA) {
        w->early_len += len;
    }
    append(&w->data, &w->data_len, &w->data_cap, content, len);
    return true;
}

static bool take_ccs(struct wire *w, const struct t99_frame *frame, const uint8_t *body)
{
    w->num_ccs++;
    if (frame->len != 1 || body[0] != 1) {
        return fail(w, "a malformed change_cipher_spec");
    }
    if (t99_join_partial(&w->join) || !peer_take_ccs(w->peer)) {
        return fail(w, "a change_cipher_spec that was not due");
    }
    if (w->peer->read_key_changed) {
        t99_protect_init(&w->reading, &w->peer->read_key);
        w->peer->read_key_changed = false;
    }
    return true;
}

static bool take_record(struct wire *w, const struct t99_frame *frame)
{
    uint8_t *body = w->in + T99_RECORD_HEADER;
    static uint8_t plain[T99_RECORD_BODY_MAX_12];
    struct t99_opened opened;
    struct t99_fault fault;

    t99_fault_clear(&fault);
    if (w->num_records++ == 0) {
        w->first_record_minor = w->in[2];
    } else if (load_be16(w->in + 1) != T99_TLS12) {
        return fail(w, "a later record without version 0x0303");
    }
    if (frame->type == CONTENT_CHANGE_CIPHER_SPEC) {
        return take_ccs(w, frame, body);
    }
    if (w->peer->skip_early_data && frame->type == CONTENT_APPLICATION_DATA && w->reading.aead == NULL) {
        w->skipped++;
        return true;
    }
    if (frame->type == CONTENT_ALERT && frame->len == 2 && w->reading.aead != NULL && w->reading.seq == 0) {
        w->alert_clear = true; /* the client failed before it had keys */
        take_alert(w, body, frame->len);
        return true;
    }
    if (!t99_protect_open(&w->reading, &opened, plain, frame, body, T99_RECORD_CONTENT_MAX, &fault)) {
        if (w->peer->skip_early_data && frame->type == CONTENT_APPLICATION_DATA) {
            w->skipped++;
            return true;
        }
        return fail(w, "a record of the client does not decrypt");
    }
    w->peer->skip_early_data = w->peer->skip_early_data && w->reading.aead == NULL;
    return take_content(w, opened.type, plain, opened.len, &fault);
}

bool wire_take(struct wire *w, const uint8_t *bytes, size_t len)
{
    struct t99_frame frame;
    size_t total;

    while (len > 0 && w->failed == NULL) {
        w->in[w->in_len++] = *bytes++;
        len--;
        if (w->in_len < T99_RECORD_HEADER) {
            continue;
        }
        frame.type = w->in[0];
        frame.version = load_be16(w->in + 1);
        frame.len = load_be16(w->in + 3);
        total = T99_RECORD_HEADER + frame.len;
        if (total > sizeof w->in) {
            return fail(w, "a record that is too long");
        }
        if (w->in_len == total) {
            w->in_len = 0;
            if (!take_record(w, &frame)) {
                return false;
            }
        }
    }
    return w->failed == NULL;
}
