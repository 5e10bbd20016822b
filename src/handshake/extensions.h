/*
 * Extensions of handshake messages (RFC 9846, 4.3; RFC 6066 and others for TLS 1.2), one table: bytes to
 * spans by name.
 */
#ifndef T99_HANDSHAKE_EXTENSIONS_H
#define T99_HANDSHAKE_EXTENSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/fault.h"
#include "base/reader.h"

enum t99_extension {
    TLSEXT_SERVER_NAME,
    TLSEXT_STATUS_REQUEST,
    TLSEXT_SUPPORTED_GROUPS,
    TLSEXT_EC_POINT_FORMATS,
    TLSEXT_SIGNATURE_ALGORITHMS,
    TLSEXT_ALPN,
    TLSEXT_SCT,
    TLSEXT_EMS,
    TLSEXT_COMPRESS_CERTIFICATE,
    TLSEXT_RECORD_SIZE_LIMIT,
    TLSEXT_SESSION_TICKET,
    TLSEXT_PRE_SHARED_KEY,
    TLSEXT_EARLY_DATA,
    TLSEXT_SUPPORTED_VERSIONS,
    TLSEXT_COOKIE,
    TLSEXT_PSK_KEY_EXCHANGE_MODES,
    TLSEXT_CERTIFICATE_AUTHORITIES,
    TLSEXT_OID_FILTERS,
    TLSEXT_POST_HANDSHAKE_AUTH,
    TLSEXT_SIGNATURE_ALGORITHMS_CERT,
    TLSEXT_KEY_SHARE,
    TLSEXT_TLS_FLAGS,
    TLSEXT_RENEGOTIATION_INFO,
    TLSEXT_NUM
};

#define TLSEXT_BIT(x) ((uint32_t)1 << (x))

/* A decoded block. Spans point into the message. */
struct t99_ext_block {
    uint32_t present; /* set of TLSEXT_BIT */
    struct t99_span data[TLSEXT_NUM];
    bool has_unknown;
    uint16_t unknown; /* the first one's type */
    bool has_duplicate;
    uint16_t duplicate;
};

/* The code point, and the field's name. */
uint16_t t99_extension_type(enum t99_extension x);
const char *t99_extension_name(enum t99_extension x);

/* Splits the contents of Extension extensions<..> into the block. A malformed one poisons the reader. */
void t99_decode_extensions(struct t99_ext_block *block, struct reader *r);

static inline bool t99_has_extension(const struct t99_ext_block *block, enum t99_extension x)
{
    return (block->present & TLSEXT_BIT(x)) != 0;
}

/* A reader for the contents of a block's extension; *bad is set to NULL. */
static inline struct reader t99_extension_reader(const struct t99_ext_block *block, enum t99_extension x,
                                                 const char **bad)
{
    return rd_init(block->data[x].p, block->data[x].len, bad);
}

/*
 * Judges a block of an answer: no duplicates (illegal_parameter; decode_error of unknown ones), none that was
 * not offered or does not belong there (unsupported_extension). message: its name, for the sentence.
 */
bool t99_judge_answer(const struct t99_ext_block *block, uint32_t belong, uint32_t offered,
                      const char *message, struct t99_fault *fault) T99_MUST_CHECK;

/*
 * Judges a block in which unknown extensions are passed over: no duplicates, none that does not belong there
 * (illegal_parameter).
 */
bool t99_judge_request(const struct t99_ext_block *block, uint32_t belong, const char *message,
                       struct t99_fault *fault) T99_MUST_CHECK;

#endif
