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
void t99_trust_free(struct t99_trust *trust);

/*
 * Adds every CERTIFICATE (also "X509 CERTIFICATE", "TRUSTED CERTIFICATE": first element) block of PEM text;
 * the text is copied (and decoded in that copy). *added: how many. Blocks that do not decode or have no
 * subject are passed over and counted in *skipped. False: out of memory.
 */
bool t99_trust_add_pem(struct t99_trust *trust, const uint8_t *text, size_t len, size_t *added,
                       size_t *skipped) T99_MUST_CHECK;

/*
 * The same, taking over the memory of text, which came from t99_alloc(env, cap) (also when false is
 * returned).
 */
bool t99_trust_adopt_pem(struct t99_trust *trust, uint8_t *text, size_t len, size_t cap, size_t *added,
                         size_t *skipped) T99_MUST_CHECK;

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
