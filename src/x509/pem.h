/* PEM (RFC 7468): found in text, decoded in place; what stands between blocks is passed over. */
#ifndef T99_X509_PEM_H
#define T99_X509_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"

struct t99_pem_block {
    struct t99_span label;   /* "CERTIFICATE" */
    struct t99_span headers; /* RFC 1421 header lines, empty for RFC 7468 */
    struct t99_span body;    /* base64 with white space, as it stands */
};

/* True for the label of a certificate, OpenSSL's trusted ones and the old X509 CERTIFICATE included. */
bool t99_pem_is_certificate(struct t99_span label);

/*
 * Next block at *pos of len bytes of text; moves *pos behind it. False: no more, or *bad names what is wrong
 * with one; then *pos is behind that one, so that the search may go on, and is len if text may be missing.
 */
bool t99_pem_next(struct t99_pem_block *block, const uint8_t *text, size_t len, size_t *pos,
                  const char **bad) T99_MUST_CHECK;

/* What text is that has no block of the wanted kind, for a sentence: "it is empty", "it is not PEM". */
const char *t99_pem_fault(const uint8_t *text, size_t len);

/* The number of the line that `at` stands in, from 1. */
size_t t99_pem_line(const uint8_t *text, const uint8_t *at);

/* Most bytes that a body of this length decodes to. */
size_t t99_pem_decoded_max(size_t body_len);

/*
 * Decodes into out, which has room for t99_pem_decoded_max and may be where the body starts. Strict base64
 * (RFC 4648), white space skipped. Constant time (keys).
 */
bool t99_pem_decode(uint8_t *out, size_t *out_len, struct t99_span body) T99_MUST_CHECK;

/* The same, faster, for what is no secret. */
bool t99_pem_decode_public(uint8_t *out, size_t *out_len, struct t99_span body) T99_MUST_CHECK;

/*
 * "-----BEGIN label-----", 64 columns. Returns the bytes needed; writes only if they fit into cap. Constant
 * time (keys).
 */
size_t t99_pem_encode(uint8_t *out, size_t cap, const char *label, struct t99_span der);

#endif
