/* Names: distinguished names (RFC 5280, 4.1.2.4 and 7.1) and host names (RFC 9525, RFC 6125). */
#ifndef T99_X509_NAME_H
#define T99_X509_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/reader.h"
#include "x509/certificate.h"

/*
 * Same distinguished name: attribute by attribute, case and white space folded, string types alike (7.1).
 * Name with header.
 */
bool t99_name_equal(struct t99_span a, struct t99_span b);

/* The same value for names that are equal. */
uint32_t t99_name_hash(struct t99_span name);

/*
 * out[i]: the hash of the name that the first i RDNs of this one make, from i = 0 to all of them. How many
 * values there are; 0 if more than max.
 */
size_t t99_name_hashes(uint32_t *out, size_t max, struct t99_span name);

/* True if `name` lies in the subtree `base` (RFC 5280, 4.2.1.10: base's RDNs are the first of name's). */
bool t99_name_within(struct t99_span name, struct t99_span base);

/* "/C=DE/O=B\xC3\xBCcher/CN=x": the form that libtls programs know. Cut if too long. Returns out. */
const char *t99_name_oneline(char *out, size_t out_len, struct t99_span name);

/* "CN=Example CA, O=Example, C=DE" (RFC 4514 order: last RDN first), printable. Returns out. */
const char *t99_name_text(char *out, size_t out_len, struct t99_span name);

/* A string of this type, printable; what is no string as "#" and its contents in hex. Returns out. */
const char *t99_string_text(char *out, size_t out_len, uint8_t tag, struct t99_span value);

/* The shortest that tells a person which: the common name as "CN=x", else the whole text. Returns out. */
const char *t99_name_short(char *out, size_t out_len, struct t99_span name);

/* The last commonName as bytes with its DER string tag; .p NULL: none. *num: how many there are. */
struct t99_span t99_common_name(struct t99_span name, uint8_t *tag, size_t *num);

/*
 * The raw oddities of a Name (empty RDN sets, string types that are not allowed): NULL if none, else what is
 * wrong.
 */
const char *t99_name_fault(struct t99_span name);

/* GeneralName: RFC 5280, 4.2.1.6. Values of `type`: the context tag numbers. */
enum t99_general_name {
    GN_OTHER = 0,
    GN_EMAIL = 1,
    GN_DNS = 2,
    GN_X400 = 3,
    GN_DIRECTORY = 4,
    GN_EDI = 5,
    GN_URI = 6,
    GN_IP = 7,
    GN_OID = 8
};

/*
 * Next GeneralName of the contents of a GeneralNames; false at the end (or when poisoned). GN_DIRECTORY:
 * value is the Name with header.
 */
bool t99_next_general_name(struct reader *r, enum t99_general_name *type, struct t99_span *value);

/* What a user asked for: a DNS name or an IP address. */
struct t99_peer_name {
    enum t99_general_name type; /* GN_DNS or GN_IP */
    char dns[256];              /* GN_DNS: lower case, without a trailing dot */
    uint8_t ip[16];
    uint8_t ip_len; /* 4, 16 */
};

/*
 * Text to peer name: IPv4 dotted quad, IPv6 (RFC 4291, no brackets or zone), else a DNS name. False: neither.
 */
bool t99_peer_name_parse(struct t99_peer_name *name, const char *text) T99_MUST_CHECK;

/* True if a subjectAltName of the certificate is that peer; *matched: which one. */
bool t99_peer_name_matches(const struct t99_peer_name *name, const struct t99_certificate *c,
                           struct t99_span *matched) T99_MUST_CHECK;

/*
 * A DNS-ID against a reference name: exact, or "*." as the whole left-most label against exactly one label.
 * Lower-case reference.
 */
bool t99_dns_matches(struct t99_span presented, const char *reference);

/*
 * Is this a DNS-ID that may stand in a certificate: LDH labels (underscore tolerated), optional "*." first?
 */
bool t99_dns_id_valid(struct t99_span presented, bool allow_wildcard);

/* "a.example, *.b.example, 192.0.2.1": the names in the certificate, for error messages. Returns out. */
const char *t99_names_in(char *out, size_t out_len, const struct t99_certificate *c);

#endif
