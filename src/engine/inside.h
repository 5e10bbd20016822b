/* Inside of an engine: shared by the files that implement engine.h, and by nobody else (but tests). */
#ifndef T99_ENGINE_INSIDE_H
#define T99_ENGINE_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"
#include "handshake/handshake.h"
#include "handshake/post.h"
#include "record/frame.h"
#include "record/join.h"
#include "record/protect.h"

#define MAX_EMPTY_RECORDS 32 /* in a row; change_cipher_spec records that are passed over count too */
#define MAX_WARNING_ALERTS 4 /* in a row */

enum t99_input_state {
    INPUT_HEADER,   /* header_have of header's bytes are there */
    INPUT_GREETING, /* no TLS: the rest of a line of text, for the sentence */
    INPUT_BODY,     /* body_have of frame.len bytes are there */
    INPUT_SEALED,   /* a whole application_data record, opened by read() */
    INPUT_PLAIN     /* an opened record of application data, of which read() has not yet given all */
};

struct t99_engine {
    const struct t99_hs_config *config;
    const struct t99_env *env;
    struct t99_handshake *hs; /* NULL: not started, or over */
    struct t99_sink sink;
    struct t99_fault fault;
    uint16_t write_version; /* 0: not yet known, so that the ClientHello's record says 0x0301 */
    bool started, up;       /* up: the handshake is over, and well */
    bool early_rejected;
    bool close_sent;                       /* nothing may be sent any more */
    bool close_came;                       /* close_notify */
    bool input_ended;                      /* the transport's end came */
    bool any_input;                        /* a record was received */
    uint8_t state;                         /* enum t99_input_state */
    uint8_t empty_records, warning_alerts; /* in a row */
    uint64_t early_written;
    size_t send_limit, receive_limit; /* content of a protected record */

    /* Input. */
    uint8_t header[T99_GREETING_MAX]; /* of the record, or a greeting */
    size_t header_have;
    struct t99_frame frame;
    uint8_t *record; /* header, then the body of frame.len bytes; NULL: none */
    uint8_t *body;   /* in record */
    size_t body_have;
    size_t plain_at, plain_left; /* INPUT_PLAIN: in body */
    struct t99_protect reading;
    struct t99_join join;

    /* Output: records that wait to be sent, in memory of exactly their length. */
    uint8_t *out;
    size_t out_cap, out_at;
    struct t99_protect writing;

    struct t99_engine_stats stats;
    t99_record_cb record_cb;
    void *record_arg;
    struct t99_conn conn;
};

/* output.c: one record at the end of out. Content at most what a record may hold. */
bool t99_output_record(struct t99_engine *e, uint8_t type, const uint8_t *content, size_t len) T99_MUST_CHECK;
void t99_output_drop(struct t99_engine *e);

/* sink.c: what the handshake asks for. */
void t99_sink_init(struct t99_engine *e);

/* alert.c */
/* Takes an alert record's content. False: failed. */
bool t99_alert_received(struct t99_engine *e, const uint8_t *content, size_t len) T99_MUST_CHECK;
bool t99_alert_queue(struct t99_engine *e, uint8_t level, uint8_t description) T99_MUST_CHECK;
/*
 * The end of every call that may have failed: tells the peer of a new fault, once. Returns ok, false if there
 * is a fault.
 */
bool t99_engine_settle(struct t99_engine *e, bool ok);

/* content.c: what is done with an opened record that is not application data, and what may not be. */
/* A record's type and length are judged: empty ones, and others between the parts of a message. */
bool t99_content_check(struct t99_engine *e, uint8_t type, size_t len) T99_MUST_CHECK;
/* Handshake, alert and change_cipher_spec; application data where it may not be. */
bool t99_content_take(struct t99_engine *e, uint8_t type, const uint8_t *content, size_t len) T99_MUST_CHECK;
/* A change_cipher_spec record in the clear. */
bool t99_content_change_cipher_spec(struct t99_engine *e, const uint8_t *content, size_t len) T99_MUST_CHECK;

/* input.c */
/* The record is done with: the next header is wanted. */
void t99_input_next(struct t99_engine *e);

#endif
