/* Operations with the public key: RFC 8017, 5.1.1 and 5.2.2. */
#include "crypto/rsa/rsa.h"

#include <string.h>

#include "base/ct.h"
#include "base/wipe.h"
#include "crypto/bignum/bignum.h"
#include "crypto/rsa/padding.h"

size_t t99_rsa_bits(const struct t99_rsa_public *key)
{
    return t99_bn_bits(key->n);
}

size_t t99_rsa_len(const struct t99_rsa_public *key)
{
    size_t bits = t99_rsa_bits(key);

    return bits <= 8 * T99_RSA_MAX_BYTES ? (bits + 7) / 8 : 0;
}

bool t99_rsa_public_valid(const struct t99_rsa_public *key)
{
    size_t bits = t99_bn_bits(key->n), e_bits = t99_bn_bits(key->e);

    return bits >= 1024 && bits <= 8 * T99_RSA_MAX_BYTES && (key->n.p[key->n.len - 1] & 1) != 0 &&
           e_bits >= 2 && e_bits <= 33 && (key->e.p[key->e.len - 1] & 1) != 0;
}

static uint64_t exponent(const struct t99_rsa_public *key)
{
    uint64_t e = 0;
    size_t i;

    for (i = 0; i < key->e.len; i++) {
        e = e << 8 | key->e.p[i];
    }
    return e;
}

/* out = in^e mod n; both as long as the modulus. False: the key is not valid, or in is not below n. */
static bool raise(const struct t99_rsa_public *key, uint8_t *out, const uint8_t *in, size_t len)
{
    uint64_t x[T99_BN_MAX];
    struct t99_modulus m;
    bool ok = t99_rsa_public_valid(key) && t99_modulus_init(&m, key->n) &&
              t99_bn_load(x, m.len, t99_span(in, len)) && t99_bn_below(x, m.n, m.len) != 0;

    if (ok) {
        t99_mont_enter(x, x, &m);
        t99_mont_exp_public(x, x, exponent(key), &m);
        t99_mont_leave(x, x, &m);
        t99_bn_store(out, len, x, m.len);
    }
    t99_wipe(x, sizeof x);
    return ok;
}

bool t99_rsa_verify_pkcs1(const struct t99_rsa_public *key, const struct t99_hash *hash,
                          const uint8_t *digest, struct t99_span sig)
{
    uint8_t em[T99_RSA_MAX_BYTES], expected[T99_RSA_MAX_BYTES];
    size_t len = t99_rsa_len(key);

    return len != 0 && sig.len == len && t99_emsa_pkcs1(expected, len, hash, digest) &&
           raise(key, em, sig.p, len) && memcmp(em, expected, len) == 0;
}

bool t99_rsa_verify_pss(const struct t99_rsa_public *key, const struct t99_hash *hash,
                        const struct t99_hash *mgf_hash, size_t salt_len, const uint8_t *digest,
                        struct t99_span sig)
{
    uint8_t em[T99_RSA_MAX_BYTES];
    size_t bits = t99_rsa_bits(key), len = t99_rsa_len(key), skip = bits % 8 == 1 ? 1 : 0;

    if (len == 0 || sig.len != len || !raise(key, em, sig.p, len) || (skip != 0 && em[0] != 0)) {
        return false;
    }
    return t99_emsa_pss_verify(em + skip, bits - 1, hash, mgf_hash, digest, salt_len);
}

/* RFC 8017, 7.2.1. Zeros of the padding become ones, of which there is one in 256 more then: no harm. */
bool t99_rsa_encrypt_pkcs1(const struct t99_rsa_public *key, uint8_t *out, const uint8_t *message, size_t len,
                           const uint8_t *padding)
{
    size_t size = t99_rsa_len(key), num, i;
    uint8_t em[T99_RSA_MAX_BYTES];
    bool ok;

    if (size < len + 11) {
        return false;
    }
    num = size - len - 3;
    em[0] = 0;
    em[1] = 2;
    for (i = 0; i < num; i++) {
        em[2 + i] = (uint8_t)(padding[i] | (ct_is_zero(padding[i]) & 1));
    }
    em[2 + num] = 0;
    memcpy(em + 3 + num, message, len);
    ok = raise(key, out, em, size);
    t99_wipe(em, sizeof em);
    return ok;
}
