/*
 * Protection of records, one direction under one key: RFC 9846, 5.2 to 5.5; for TLS 1.2 RFC 5246, 6.2.3.3
 * with the nonces of RFC 5288 (AES-GCM) and RFC 7905 (ChaCha20-Poly1305).
 */
#ifndef T99_RECORD_PROTECT_H
#define T99_RECORD_PROTECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/fault.h"
#include "crypto/aead/traffic_key.h"
#include "record/frame.h"

/* Longest addition to the content of a record: header, explicit nonce or inner type, tag. */
#define T99_RECORD_OVERHEAD (T99_RECORD_HEADER + 8 + T99_AEAD_TAG_LEN)

/* Secret; lives where it was set up, since an expanded key may not be copied. All zero: in the clear. */
struct t99_protect {
    const struct t99_aead *aead; /* NULL: in the clear */
    uint16_t version;
    bool explicit_nonce;
    uint8_t iv[T99_AEAD_NONCE_LEN];
    uint64_t seq; /* of the next record; never wraps */
    struct t99_aead_key key;
};

/* Takes a new key in place of what was there; sequence numbers start at 0. */
void t99_protect_init(struct t99_protect *p, const struct t99_traffic_key *key);

/* In the clear (again), nothing secret left. */
void t99_protect_wipe(struct t99_protect *p);

/* Records that may still be sealed before the key must change: RFC 9846, 5.5, and the end of the numbers. */
uint64_t t99_protect_seals_left(const struct t99_protect *p);

/* Bytes on the wire of a record with len bytes of content, header included. */
size_t t99_protect_sealed_len(const struct t99_protect *p, size_t len);

/*
 * Composes one record at out, which has room for t99_protect_sealed_len(): header and body. in: at most 2^14
 * bytes, not overlapping out; may be NULL if len is 0. clear_version: legacy_record_version while in the
 * clear; protected records say 0x0303. False: no sequence number is left (internal_error).
 */
bool t99_protect_seal(struct t99_protect *p, uint8_t *out, uint8_t type, uint16_t clear_version,
                      const uint8_t *in, size_t len, struct t99_fault *fault) T99_MUST_CHECK;

/* An opened record. */
struct t99_opened {
    uint8_t type;  /* the content type proper */
    size_t offset; /* of the content in the output buffer */
    size_t len;
};

/*
 * Bytes that opening a body of this length writes to an output buffer of its own; 0 if it is too short to be
 * one. The content is at most that long.
 */
size_t t99_protect_opened_max(const struct t99_protect *p, size_t body_len);

/*
 * Opens the body of a record. out: either body itself, or a buffer of t99_protect_opened_max() bytes that
 * does not overlap it (then offset is 0). limit: longest content that may come, at most 2^14; in TLS 1.3
 * padding counts (RFC 8449, 4). Refused: bad_record_mac, record_overflow, unexpected_message (an outer type
 * that is not application_data, or padding only: RFC 9846, 5.2 and 5.4). After a failure out holds nothing
 * that was decrypted.
 */
bool t99_protect_open(struct t99_protect *p, struct t99_opened *opened, uint8_t *out,
                      const struct t99_frame *frame, const uint8_t *body, size_t limit,
                      struct t99_fault *fault) T99_MUST_CHECK;

#endif
