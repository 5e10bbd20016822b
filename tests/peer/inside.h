/* Inside of the server for tests. */
#ifndef TESTS_PEER_INSIDE_H
#define TESTS_PEER_INSIDE_H

#include "base/writer.h"
#include "handshake/key_schedule.h"
#include "handshake/messages.h"
#include "peer/server.h"

/* A ClientHello, decoded; points into the message. */
struct peer_hello {
    uint8_t random[32];
    struct t99_span session_id, suites;
    struct t99_ext_block ext;
};

bool peer_fail(struct peer *p, const char *why);
bool peer_read_hello(struct peer *p, struct peer_hello *hello, const uint8_t *message, size_t len);
/* True if the list of 16-bit values has this one. */
bool peer_lists(struct t99_span list, uint16_t value);

/* A message: its header is there, the body is to be written; then it enters the transcript and the flight. */
struct writer peer_begin(struct peer *p, uint8_t type);
void peer_end(struct peer *p, struct writer *w, bool in_transcript);
size_t peer_open_ext(struct writer *w, enum t99_extension x);         /* closed by wr_close16 */
void peer_record(struct peer *p, const uint8_t *message, size_t len); /* into the transcript */

void peer_add_ccs(struct peer *p);
void peer_add_key(struct peer *p, const struct t99_traffic_key *key);
void peer_set_read_key(struct peer *p, const struct t99_traffic_key *key);
void peer_flight_ready(struct peer *p);
void peer_digest(struct peer *p, uint8_t *digest);
bool peer_sign(struct peer *p, struct writer *w, const uint8_t *content,
               size_t len); /* scheme, signature<> */
/* The group's other half: the server's share and the secret, from the client's share. */
bool peer_answer_share(struct peer *p, struct t99_span client, uint8_t *share, uint8_t *shared);
/* The signature algorithms of a CertificateRequest. */
void peer_put_schemes(const struct peer *p, struct writer *w);
/* A client's certificate message without its frame, and its signature. */
bool peer_take_leaf(struct peer *p, struct reader *list, bool with_extensions);
bool peer_check_signature(struct peer *p, struct reader r, struct t99_span content);

bool peer_take_12(struct peer *p, const uint8_t *message, size_t len);
bool peer_take_13(struct peer *p, const uint8_t *message, size_t len);
bool peer_answer_hello_12(struct peer *p, const struct peer_hello *hello, const uint8_t *message, size_t len);
bool peer_answer_hello_13(struct peer *p, const struct peer_hello *hello, const uint8_t *message, size_t len);

#endif
