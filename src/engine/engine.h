/*
 * A connection without I/O: bytes from the peer in, bytes for the peer out, application data either way.
 * Whoever owns it moves the bytes: a socket, two callbacks, or a test that does it one at a time.
 *
 * It never asks for a byte beyond the record it needs next, so that nothing the application has not asked for
 * leaves the socket. Buffers live only while they hold something: at rest a connection is this struct and two
 * keys.
 *
 * An owner's loop: send what out() has; read(): data, or a failure, or the end; else put in the bytes that
 * in() wants and say received(). In TLS 1.3 only decryption, which is read()'s, shows what a record is: so
 * read() may well take a ticket, a KeyUpdate or a close_notify and give no data, after which in() wants the
 * next header. *n 0 without an end is thus no reason to stop, but to look at in() again. A handshake needs no
 * read(): out(), in() and received() do it.
 */
#ifndef T99_ENGINE_ENGINE_H
#define T99_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/fault.h"
#include "handshake/config.h"
#include "handshake/conn.h"

#define T99_PLAINTEXT_MAX 16384

struct t99_engine;

/* config must outlive the engine. NULL: out of memory. Nothing is sent yet. */
struct t99_engine *t99_engine_new(const struct t99_hs_config *config);

/* Wipes and frees; sends nothing. engine may be NULL. */
void t99_engine_free(struct t99_engine *e);

/* Makes the ClientHello: now out() has bytes. Once. False: failed, see fault. */
bool t99_engine_start(struct t99_engine *e) T99_MUST_CHECK;

const struct t99_conn *t99_engine_conn(const struct t99_engine *e);

/*
 * The first fault, kept; kind FAULT_NONE while all is well. After a fault out() may hold an alert that should
 * still be sent.
 */
const struct t99_fault *t99_engine_fault(const struct t99_engine *e);

/*
 * Why the server may have ended the connection now without a word, as the end of a sentence (": it may ...");
 * "" if nothing speaks for a reason.
 */
const char *t99_engine_end_hint(const struct t99_engine *e);

/* Lets an owner record a fault of the transport (FAULT_IO). Always false. */
bool t99_engine_fail(struct t99_engine *e, const struct t99_fault *fault);

bool t99_engine_connected(const struct t99_engine *e); /* handshake over, and well */

/* Bytes to be sent, *len of them (0: none); then tell how many were. */
const uint8_t *t99_engine_out(const struct t99_engine *e, size_t *len);
void t99_engine_sent(struct t99_engine *e, size_t n);

/*
 * Where the next bytes from the peer go, and exactly how many are wanted (5 of a header, then the rest of the
 * record): fewer may be put there, more may not. *want 0: none now, because application data waits to be
 * read, or because of a fault (then NULL).
 */
uint8_t *t99_engine_in(struct t99_engine *e, size_t *want);

/* n bytes were put there. Handles what is complete. False: failed, see fault; an alert may be in out(). */
bool t99_engine_received(struct t99_engine *e, size_t n) T99_MUST_CHECK;

/*
 * The transport has ended. False and a fault if that is in the middle of the handshake or of a record; after
 * that clean() tells.
 */
bool t99_engine_eof(struct t99_engine *e) T99_MUST_CHECK;

/*
 * Application data, decrypted into buf: *n bytes, at most one record's. *n 0: none is there: more input is
 * needed, or the end was reached (see t99_engine_ended). A record is decrypted straight into buf if it fits.
 * False: failed, see fault.
 */
bool t99_engine_read(struct t99_engine *e, uint8_t *buf, size_t len, size_t *n) T99_MUST_CHECK;

/* True if the peer sent close_notify, or the transport ended, and all data before it has been read. */
bool t99_engine_ended(const struct t99_engine *e);

/* True if the end came by close_notify: what was read is all there was (RFC 9846, 6.1). */
bool t99_engine_clean_end(const struct t99_engine *e);

/*
 * Seals at most one record of application data: *n bytes of buf were taken; 0 while out() is not empty (send
 * that first). Before the end of the handshake early data, if open, is taken up to its limit; otherwise *n is
 * 0. False: failed, see fault.
 */
bool t99_engine_write(struct t99_engine *e, const uint8_t *buf, size_t len, size_t *n) T99_MUST_CHECK;

/* Queues close_notify, once (RFC 9846, 6.1); nothing can be written after it, reading goes on. */
bool t99_engine_close(struct t99_engine *e) T99_MUST_CHECK;

/* Queues a fatal or warning alert (tests). */
bool t99_engine_send_alert(struct t99_engine *e, uint8_t level, uint8_t description) T99_MUST_CHECK;

/* Sends a KeyUpdate; request: the peer is asked to update too. False: TLS 1.2, or not connected. */
bool t99_engine_key_update(struct t99_engine *e, bool request) T99_MUST_CHECK;

/* True while early data may be written. */
bool t99_engine_early_open(const struct t99_engine *e);

/*
 * RFC 9846, 7.5 and RFC 5705: see handshake/post.h. The fault, if any, goes to *fault, and does not end the
 * connection.
 */
bool t99_engine_exporter(const struct t99_engine *e, struct t99_fault *fault, uint8_t *out, size_t out_len,
                         const char *label, bool has_context, const uint8_t *context,
                         size_t context_len) T99_MUST_CHECK;

/* What a record layer would want to know: records and bytes, both ways (tests, statistics). */
struct t99_engine_stats {
    uint64_t records_in, records_out, bytes_in, bytes_out; /* on the wire */
};
void t99_engine_stats(const struct t99_engine *e, struct t99_engine_stats *stats);

/*
 * Told of each record on the wire, if config's owner set it before start: for tools that draw the connection.
 */
typedef void (*t99_record_cb)(void *arg, enum t99_direction direction, uint8_t type, const uint8_t *record,
                              size_t record_len, const uint8_t *plain, size_t plain_len);
void t99_engine_set_record_cb(struct t99_engine *e, t99_record_cb cb, void *arg);

#endif
