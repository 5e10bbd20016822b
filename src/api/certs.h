/* Certificates as a caller hands them in: PEM with any text around it, or one in DER. */
#ifndef T99_API_CERTS_H
#define T99_API_CERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/env.h"

struct t99_certs {
    struct t99_span *list; /* DER each; empty: base64 that does not decode */
    size_t num;
    uint8_t *bytes; /* that they point into */
    size_t list_len, bytes_len;
};

/* False: out of memory. */
bool t99_certs_read(const struct t99_env *env, struct t99_certs *certs, const void *in,
                    size_t len) T99_MUST_CHECK;
void t99_certs_free(const struct t99_env *env, struct t99_certs *certs);

#endif
