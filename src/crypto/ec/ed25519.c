#include "crypto/ec/ed25519.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/ec/edwards25519.h"
#include "crypto/ec/scalar25519.h"
#include "crypto/hash/hash.h"

/* RFC 8032, 5.1.5: the seed's hash is the secret scalar, clamped, and the prefix of nonces. */
static void expand(uint8_t h[64], const uint8_t seed[32])
{
    t99_hash(&t99_sha512, h, seed, 32);
    h[0] &= 248;
    h[31] &= 127;
    h[31] |= 64;
}

void t99_ed25519_public(uint8_t public_key[32], const uint8_t seed[32])
{
    struct t99_edwards a;
    uint8_t h[64];

    expand(h, seed);
    t99_edwards_mul_base(&a, h);
    t99_edwards_encode(public_key, &a);
    t99_wipe(h, sizeof h);
    t99_wipe(&a, sizeof a);
}

/* SHA-512(first || second || message) modulo L. */
static void hash_to_scalar(uint8_t out[32], const uint8_t first[32], const uint8_t *second,
                           const void *message, size_t len)
{
    struct t99_hash_ctx ctx;
    uint8_t digest[64];

    t99_sha512.init(&ctx);
    t99_sha512.update(&ctx, first, 32);
    if (second != NULL) {
        t99_sha512.update(&ctx, second, 32);
    }
    t99_sha512.update(&ctx, message, len);
    t99_sha512.final(&ctx, digest);
    t99_scalar25519_reduce(out, digest);
    t99_wipe(digest, sizeof digest);
}

/* RFC 8032, 5.1.6. */
void t99_ed25519_sign(uint8_t sig[64], const uint8_t seed[32], const uint8_t public_key[32],
                      const void *message, size_t len)
{
    struct t99_edwards point;
    uint8_t h[64], r[32], k[32];

    expand(h, seed);
    hash_to_scalar(r, h + 32, NULL, message, len);
    t99_edwards_mul_base(&point, r);
    t99_edwards_encode(sig, &point);
    hash_to_scalar(k, sig, public_key, message, len);
    t99_scalar25519_mul_add(sig + 32, k, h, r);
    t99_wipe(h, sizeof h);
    t99_wipe(r, sizeof r);
    t99_wipe(&point, sizeof point);
}

/* RFC 8032, 5.1.7, without the cofactor: S B - k A is R, byte for byte. */
bool t99_ed25519_verify(const uint8_t sig[64], const uint8_t public_key[32], const void *message, size_t len)
{
    struct t99_edwards a, r;
    uint8_t k[32], encoded[32];

    if (!t99_scalar25519_canonical(sig + 32) || !t99_edwards_decode(&a, public_key)) {
        return false;
    }
    t99_edwards_negate(&a);
    hash_to_scalar(k, sig, public_key, message, len);
    t99_edwards_mul_double(&r, k, &a, sig + 32);
    t99_edwards_encode(encoded, &r);
    return memcmp(encoded, sig, sizeof encoded) == 0;
}
