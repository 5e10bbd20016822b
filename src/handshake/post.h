/*
 * After the handshake: KeyUpdate, NewSessionTicket, post-handshake authentication (RFC 9846, 4.7), exporters
 * (7.5).
 */
#ifndef T99_HANDSHAKE_POST_H
#define T99_HANDSHAKE_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/fault.h"
#include "handshake/config.h"
#include "handshake/conn.h"
#include "handshake/handshake.h"

/*
 * Takes one whole handshake message that came after the handshake. TLS 1.2: HelloRequest is answered by
 * no_renegotiation (fatal), or passed over where config says so. False: failed, see fault.
 */
bool t99_post_message(struct t99_conn *conn, const struct t99_hs_config *config, const struct t99_sink *sink,
                      struct t99_fault *fault, const uint8_t *message, size_t len) T99_MUST_CHECK;

/* Longest body of a message after the handshake. */
size_t t99_post_limit(const struct t99_conn *conn, uint8_t type);

/*
 * Sends a KeyUpdate and changes the write key. request: ask the peer to do the same, unless it was asked and
 * has not done so yet (RFC 9846, 4.7.3). Only once connected, with TLS 1.3.
 */
bool t99_post_key_update(struct t99_conn *conn, const struct t99_hs_config *config,
                         const struct t99_sink *sink, bool request) T99_MUST_CHECK;

/*
 * Keying material for the application: RFC 9846, 7.5; RFC 5705 (only with extended master secret).
 * has_context false and an empty context differ in TLS 1.2. out_len at most 255 * hash length. False: not
 * connected, or not possible (FAULT_CALLER).
 */
bool t99_exporter(const struct t99_conn *conn, struct t99_fault *fault, uint8_t *out, size_t out_len,
                  const char *label, bool has_context, const uint8_t *context,
                  size_t context_len) T99_MUST_CHECK;

#endif
