/*
 * Trust anchors, indexed by subject. Loading a bundle decodes its base64 and looks at each certificate only
 * as far as its subject; an anchor is parsed when a path needs it. Read-only once loaded: shared by
 * connections and threads.
 */
#ifndef T99_X509_TRUST_H
#define T99_X509_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/env.h"

struct t99_trust;

/* NULL: out of memory. */
struct t99_trust *t99_trust_new(const struct t99_env *env);
/* Counted, so that several may share it: each takes one and frees one. Not locked. */
struct t99_trust *t99_trust_share(struct t99_trust *trust);
void t99_trust_free(struct t99_trust *trust);

/*
 * Adds every CERTIFICATE (also "X509 CERTIFICATE", and "TRUSTED CERTIFICATE" if its settings trust it for
 * servers) block of PEM text, decoded. *added: how many; one that is there already does not count. Blocks
 * that do not decode or have no subject are passed over and counted in *skipped. False: out of memory.
 */
bool t99_trust_add_pem(struct t99_trust *trust, const uint8_t *text, size_t len, size_t *added,
                       size_t *skipped) T99_MUST_CHECK;

/*
 * The same for text that comes in parts: *used bytes of it are done with, and the rest, in which a block may
 * begin, is to be given again with what follows it. last: nothing follows.
 */
bool t99_trust_add_part(struct t99_trust *trust, const uint8_t *text, size_t len, bool last, size_t *used,
                        size_t *added, size_t *skipped) T99_MUST_CHECK;

/* Adds one certificate; copied. */
bool t99_trust_add_der(struct t99_trust *trust, struct t99_span der) T99_MUST_CHECK;

/*
 * Bytes that live as long as the program (a bundle compiled in): PEM blocks already decoded, one DER after
 * the other.
 */
bool t99_trust_add_static_der(struct t99_trust *trust, const uint8_t *ders, size_t len) T99_MUST_CHECK;

size_t t99_trust_count(const struct t99_trust *trust);

/* The i-th anchor (from 0) with this subject, in the order added; false: no more. */
bool t99_trust_find(const struct t99_trust *trust, struct t99_span subject, size_t i,
                    struct t99_span *der) T99_MUST_CHECK;

/* True if this very certificate is an anchor. */
bool t99_trust_contains(const struct t99_trust *trust, struct t99_span der);

/* The i-th anchor of all, for listing. */
bool t99_trust_at(const struct t99_trust *trust, size_t i, struct t99_span *der) T99_MUST_CHECK;

#endif
