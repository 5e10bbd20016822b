/* Signed certificate timestamps: RFC 6962, 3.2 and 3.3. */
#ifndef T99_X509_DESCRIBE_SCT_H
#define T99_X509_DESCRIBE_SCT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/reader.h"

#define T99_SCT_V1 0

struct t99_sct {
    uint8_t version;        /* T99_SCT_V1; of others nothing else is known */
    struct t99_span log_id; /* SHA-256 of the log's key */
    uint64_t time_ms;       /* since 1970 */
    struct t99_span extensions;
    uint8_t hash, signature; /* algorithms, in TLS 1.2's numbers: RFC 5246, 7.4.1.4.1 */
};

/* The SignedCertificateTimestampList's contents, from the extension's OCTET STRING. Poisoned: malformed. */
struct reader t99_sct_list(struct reader *r);

/* The next of the list; false at the end (or when poisoned). */
bool t99_next_sct(struct t99_sct *sct, struct reader *list) T99_MUST_CHECK;

#endif
