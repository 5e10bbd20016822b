/* Attributes of distinguished names, and the characters of ASN.1 strings. */
#ifndef T99_X509_ATTRIBUTE_H
#define T99_X509_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/reader.h"

/* AttributeTypeAndValue: RFC 5280, 4.1.2.4. */
struct t99_attribute {
    struct t99_span type; /* OID contents */
    uint8_t tag;          /* of the value */
    struct t99_span value;
};

/* The RDNs of a Name with header, each a SET. */
struct reader t99_name_rdns(struct t99_span name, const char **bad);

/* Is this a Name with header, of RDNs that are sets of attributes? Strings are not looked at. */
bool t99_name_well_formed(struct t99_span name);

/* Next attribute of an RDN's contents; false at the end (or when poisoned). */
bool t99_next_attribute(struct reader *rdn, struct t99_attribute *a);

/* A string type of ASN.1. */
bool t99_is_text(uint8_t tag);

/* Walks a string's characters. */
struct t99_chars {
    uint8_t tag;
    struct t99_span left;
};

struct t99_chars t99_chars(uint8_t tag, struct t99_span value);

#define T99_NO_CHARACTER 0x110000 /* a byte that belongs to none counts from here */

/* The next code point. -1 at the end. */
int32_t t99_chars_next(struct t99_chars *chars);

/* All characters are allowed by the string type. */
bool t99_chars_valid(uint8_t tag, struct t99_span value);

#endif
