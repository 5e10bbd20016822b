/*
 * The NIST curves P-256, P-384 and P-521 (SP 800-186): key agreement and ECDSA (FIPS 186-5) behind one table.
 *
 * Points are uncompressed: 0x04 || X || Y, 2 * len + 1 bytes; scalars and coordinates are big-endian, len
 * bytes. Every point is checked to be on the curve (and not infinity) before use. What takes a secret is
 * constant time; verification is not, as all its inputs are public.
 */
#ifndef T99_CRYPTO_EC_CURVE_H
#define T99_CRYPTO_EC_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"

#define T99_SCALAR_MAX 66
#define T99_POINT_MAX 133

struct t99_curve {
    const char *name; /* "P-256" */
    size_t len;       /* of a coordinate and of a scalar, bytes: 32, 48, 66 */
    unsigned bits;    /* 256, 384, 521 */
    /* True if the scalar is in [1, n - 1]. */
    bool (*scalar_valid)(const uint8_t *scalar);
    /* point = scalar * G. False if the scalar is not in [1, n - 1]. */
    bool (*public_key)(uint8_t *point, const uint8_t *scalar);
    /*
     * x = X coordinate of scalar * peer. False if peer is not a valid point, the scalar is out of range, or
     * the result is infinity.
     */
    bool (*ecdh)(uint8_t *x, const uint8_t *scalar, const uint8_t *peer, size_t peer_len);
    bool (*point_valid)(const uint8_t *point, size_t point_len);
    /* digest is cut to the bits of n (FIPS 186-5, 6.4). r, s: len bytes each. */
    bool (*verify)(const uint8_t *point, size_t point_len, const uint8_t *digest, size_t digest_len,
                   const uint8_t *r, const uint8_t *s);
    /* k: the per-signature secret, in [1, n - 1]. False if r or s came out 0: take another k. */
    bool (*sign)(uint8_t *r, uint8_t *s, const uint8_t *scalar, const uint8_t *k, const uint8_t *digest,
                 size_t digest_len);
};

extern const struct t99_curve t99_p256;
extern const struct t99_curve t99_p384;
extern const struct t99_curve t99_p521;

/* A DER ECDSA-Sig-Value (RFC 3279, 2.2.3), strict: minimal positive integers, nothing left over. */
bool t99_ecdsa_verify(const struct t99_curve *curve, struct t99_span point, const uint8_t *digest,
                      size_t digest_len, struct t99_span sig) T99_MUST_CHECK;

#endif
