/*
 * A bundle compiled in by -DTLS99_EMBED_CA=file.pem, for machines without a file system: DER, one after the
 * other.
 */
#ifndef T99_API_EMBEDDED_CA_H
#define T99_API_EMBEDDED_CA_H

#include <stddef.h>
#include <stdint.h>

extern const uint8_t t99_embedded_ca[];
extern const size_t t99_embedded_ca_len; /* 0: none was given */

#endif
