/*
 * Strict DER (X.690, 10 and 11): definite minimal lengths, low tag numbers, nothing left over. Built on
 * base/reader.h: sticky, every read names its field.
 */
#ifndef T99_X509_DER_H
#define T99_X509_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/reader.h"

enum der_tag {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_ENUMERATED = 0x0a,
    DER_UTF8_STRING = 0x0c,
    DER_NUMERIC_STRING = 0x12,
    DER_PRINTABLE_STRING = 0x13,
    DER_TELETEX_STRING = 0x14,
    DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_VISIBLE_STRING = 0x1a,
    DER_UNIVERSAL_STRING = 0x1c,
    DER_BMP_STRING = 0x1e,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT = 0x80,            /* | n: [n] IMPLICIT of a primitive type */
    DER_CONTEXT_CONSTRUCTED = 0xa0 /* | n: [n] EXPLICIT, or IMPLICIT of a constructed type */
};

/* A reader for bytes that were cut out of r, which shares its error slot. */
static inline struct reader t99_der_inside(const struct reader *r, struct t99_span s)
{
    struct reader sub;

    sub.pos = s.p;
    sub.end = s.len != 0 ? s.p + s.len : s.p;
    sub.bad = r->bad;
    return sub;
}

/* True if the next element has this tag (nothing is read). */
bool t99_der_peek(const struct reader *r, uint8_t tag);

/* The contents of the next element, which must have this tag; as a reader of its own. */
struct reader t99_der_enter(struct reader *r, uint8_t tag, const char *field);

/* The same as a span. */
struct t99_span t99_der_contents(struct reader *r, uint8_t tag, const char *field);

/* The next element whole, header included; its tag in *tag unless NULL. */
struct t99_span t99_der_element(struct reader *r, uint8_t *tag, const char *field);

/* Contents of an INTEGER: minimal, not empty; may be negative (X.690, 8.3). */
bool t99_integer_valid(struct t99_span contents);

/* The next INTEGER's contents, valid. */
struct t99_span t99_der_integer(struct reader *r, const char *field);

/* INTEGER in [0, max], max < 2^31. */
uint32_t t99_der_small(struct reader *r, uint32_t max, const char *field);

/* BOOLEAN: 00 or ff. */
bool t99_der_boolean(struct reader *r, const char *field);

/* BIT STRING with no unused bits: its octets. */
struct t99_span t99_der_bit_octets(struct reader *r, const char *field);

/*
 * Named-bit BIT STRING of up to 16 bits: bit 0 of the ASN.1 in bit 0 of the result. Unused bits must be zero.
 * X.690, 11.2.2 also forbids trailing zero bits, but roots that everybody trusts have them, so they are let
 * pass.
 */
uint16_t t99_der_named_bits(struct reader *r, uint8_t tag, const char *field);

/*
 * UTCTime or GeneralizedTime as RFC 5280, 4.1.2.5 wants them (Z, seconds, no fraction): seconds since 1970.
 * *tag: which.
 */
int64_t t99_der_time(struct reader *r, uint8_t *tag, const char *field);

#endif
