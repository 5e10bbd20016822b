/*
 * Whole handshake messages out of records: they may be split over several, or share one (RFC 9846, 5.1). A
 * message that stands whole in one record is handed out where it is; only a split one is collected in memory
 * of its own.
 */
#ifndef T99_RECORD_JOIN_H
#define T99_RECORD_JOIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/env.h"
#include "base/fault.h"

#define T99_JOIN_HEADER 4 /* type, 24-bit length */

/* All zero is empty. */
struct t99_join {
    struct t99_span rest; /* of the record that was put in last */
    uint8_t header[T99_JOIN_HEADER];
    size_t header_len; /* bytes of a header that is not whole */
    uint8_t *message;  /* being collected; NULL: none */
    size_t message_len, message_have;
    bool handed_out; /* message is whole and was handed out: freed by the next call */
};

/*
 * Longest body that a message of this type may have now; longer ones are refused before memory is spent.
 * *name: what the sentence calls it.
 */
typedef size_t (*t99_join_limit)(void *arg, const char **name, uint8_t type);

enum t99_join_result { JOIN_MESSAGE, JOIN_EMPTY, JOIN_FAILED };

/*
 * Puts in the content of the next handshake record, which must stay where it is until t99_join_next() said
 * JOIN_EMPTY. Refused: no content at all (unexpected_message, RFC 9846, 5.1). What was put in before has been
 * taken.
 */
bool t99_join_put(struct t99_join *j, const uint8_t *content, size_t len,
                  struct t99_fault *fault) T99_MUST_CHECK;

/*
 * JOIN_MESSAGE: *message is the next whole message, header included, valid until the next call. JOIN_EMPTY:
 * all is taken or kept as a part. JOIN_FAILED: too long (illegal_parameter), or out of memory.
 */
enum t99_join_result t99_join_next(struct t99_join *j, const struct t99_env *env, t99_join_limit limit,
                                   void *arg, struct t99_span *message,
                                   struct t99_fault *fault) T99_MUST_CHECK;

/* True if the beginning of a message is there: records of other types may not come now. */
bool t99_join_partial(const struct t99_join *j);

/*
 * True if anything is there beside the message that was handed out last: then keys may not change (RFC 9846,
 * 5.1).
 */
bool t99_join_pending(const struct t99_join *j);

/* Forgets all, wiped. */
void t99_join_clear(struct t99_join *j, const struct t99_env *env);

#endif
