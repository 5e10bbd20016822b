/* What RFC 5280 and the web PKI ask of names, URLs and purposes; the rules that use it are in profile.c. */
#ifndef T99_X509_PROFILE_H
#define T99_X509_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "x509/certificate.h"

/*
 * The extKeyUsage that neither a TLS server nor its CAs may have (BR 7.1.2.7.10, 7.1.2.10.6), by name; NULL:
 * none.
 */
const char *t99_web_eku_fault(const struct t99_certificate *c);

/* True if the subjectAltName holds a DNS name or an IP address. */
bool t99_holds_server_name(const struct t99_certificate *c);

/* The first dNSName that is not one: RFC 5280, 4.2.1.6; a wildcard is. .p NULL: none. */
struct t99_span t99_alt_name_malformed(const struct t99_certificate *c);

/* What in the subjectAltName is not a public DNS name or address (BR 7.1.2.7.12); NULL: nothing. */
const char *t99_alt_name_fault(const struct t99_certificate *c);

/* True if there is no commonName, or one that is the text of an entry of the subjectAltName (BR 7.1.4.3). */
bool t99_common_name_is_alt_name(const struct t99_certificate *c);

/* Contents of AuthorityInfoAccessSyntax: at least one, OCSP or CA issuers, http URLs (BR 7.1.2.7.7). */
bool t99_aia_valid(struct t99_span info);

/* Contents of CRLDistributionPoints: each a full name of http URLs, nothing else (BR 7.1.2.11.2). */
bool t99_crl_points_valid(struct t99_span points);

/* An address as RFC 3986, 3.2.2 and RFC 5952, 4 write it; room for 40 characters. Returns out. */
const char *t99_ip_text(char *out, const uint8_t *ip, size_t len);

#endif
