/*
 * The server for tests with its records: bytes in, bytes out. How messages are put into records is up to the
 * test: one each, cut into pieces, several together, padded.
 */
#ifndef TESTS_PEER_WIRE_H
#define TESTS_PEER_WIRE_H

#include "peer/server.h"
#include "record/frame.h"
#include "record/join.h"
#include "record/protect.h"

struct wire {
    struct peer *peer;
    struct t99_protect reading, writing;
    struct t99_join join;

    /* How records are made. */
    size_t fragment; /* content of a handshake record at most; 0: 2^14 */
    bool pack;       /* messages that follow each other under one key share records */
    size_t padding;  /* 1.3: zeros after the type */

    /* To the client. */
    uint8_t *room, *out; /* out: what is not yet fetched, somewhere in room */
    size_t out_len, out_cap;

    /* From the client. */
    uint8_t in[T99_RECORD_HEADER + T99_RECORD_BODY_MAX_12];
    size_t in_len;
    uint8_t *data; /* application data, early data included */
    size_t data_len, data_cap;
    size_t early_len, skipped; /* of it early data; records of early data that were skipped */
    size_t num_records, num_ccs;
    uint8_t first_record_minor;   /* of the first record's version */
    bool alert_came, alert_clear; /* alert_clear: in the clear, although the server had keys on */
    uint8_t alert_level, alert;
    bool close_came;
    const char *failed;
};

void wire_init(struct wire *w, struct peer *peer);
void wire_clear(struct wire *w);

/* Takes bytes from the client; what the server answers is put into out. False: w->failed says why. */
bool wire_take(struct wire *w, const uint8_t *bytes, size_t len);

/* Turns what the server has in its items into records. Called by wire_take(). */
void wire_flush(struct wire *w);

/*
 * One record of any type under the write key of this moment (clear: in the clear in any case), or bytes as
 * they are.
 */
void wire_send(struct wire *w, uint8_t type, const void *content, size_t len);
void wire_send_clear(struct wire *w, uint8_t type, const void *content, size_t len);
void wire_send_raw(struct wire *w, const void *bytes, size_t len);
void wire_send_alert(struct wire *w, uint8_t level, uint8_t description);

/* The first len bytes of out have been fetched. */
void wire_fetched(struct wire *w, size_t len);

#endif
