/*
 * Operations with the private key: by its primes (RFC 8017, 5.1.2), blinded, checked before anything leaves.
 */
#include <string.h>

#include "base/ct.h"
#include "base/wide.h"
#include "base/wipe.h"
#include "crypto/bignum/bignum.h"
#include "crypto/rsa/padding.h"
#include "crypto/rsa/rsa.h"

/* --- Does a key fit together? --- */

/*
 * v mod (p - 1) == 0 for v = e * dp - 1 of p->len + 1 limbs, whose quotient is below 2^40: shift and
 * subtract.
 */
static bool multiple_of_p1(uint64_t *v, const struct t99_modulus *p)
{
    uint64_t shifted[T99_BN_MAX + 1], diff[T99_BN_MAX + 1], p1[T99_BN_MAX + 1], borrow, left = 0;
    size_t len = p->len + 1, i;
    int shift;

    memset(p1, 0, sizeof p1);
    memcpy(p1, p->n, p->len * sizeof p1[0]);
    p1[0] -= 1; /* p is odd */
    for (shift = 40; shift >= 0; shift--) {
        for (i = 0; i < len; i++) {
            shifted[i] = p1[i] << shift | (shift > 0 && i > 0 ? p1[i - 1] >> (64 - shift) : 0);
        }
        borrow = 0;
        for (i = 0; i < len; i++) {
            diff[i] = t99_sub_borrow(&borrow, v[i], shifted[i]);
        }
        for (i = 0; i < len; i++) {
            v[i] = ct_pick(ct_bit(borrow), v[i], diff[i]);
        }
    }
    for (i = 0; i < len; i++) {
        left |= v[i];
    }
    t99_wipe(shifted, sizeof shifted);
    t99_wipe(diff, sizeof diff);
    t99_wipe(p1, sizeof p1);
    return ct_reveal(ct_is_zero(left));
}

/* e * d = 1 mod p - 1. */
static bool exponent_fits(struct t99_span e, struct t99_span d, const struct t99_modulus *p)
{
    uint64_t x[T99_BN_MAX], product[T99_BN_MAX + 1], e_limb, borrow = 1;
    size_t i;
    bool ok = t99_bn_load(x, p->len, d) && t99_bn_load(&e_limb, 1, e) &&
              ct_reveal(ct_bit(t99_bn_below(x, p->n, p->len)));

    if (ok) {
        t99_bn_mul(product, x, p->len, &e_limb, 1);
        for (i = 0; i < p->len + 1; i++) {
            product[i] = t99_sub_borrow(&borrow, product[i], 0);
        }
        ok = ct_reveal(ct_is_zero(borrow)) && multiple_of_p1(product, p);
    }
    t99_wipe(x, sizeof x);
    t99_wipe(product, sizeof product);
    return ok;
}

/* qinv * q = 1 mod p. */
static bool inverse_fits(struct t99_span qinv, const struct t99_modulus *p, const struct t99_modulus *q)
{
    uint64_t x[T99_BN_MAX], y[T99_BN_MAX], other = 0;
    size_t i;
    bool ok = t99_bn_load(x, p->len, qinv) && ct_reveal(ct_bit(t99_bn_below(x, p->n, p->len)));

    if (ok) {
        t99_mont_reduce_long(y, q->n, q->len, p); /* q R */
        t99_mont_mul(y, y, x, p);                 /* q qinv */
        other = y[0] ^ 1;
        for (i = 1; i < p->len; i++) {
            other |= y[i];
        }
        ok = ct_reveal(ct_is_zero(other));
    }
    t99_wipe(x, sizeof x);
    t99_wipe(y, sizeof y);
    return ok;
}

static bool product_fits(struct t99_span n, const struct t99_modulus *p, const struct t99_modulus *q)
{
    uint64_t product[2 * T99_BN_MAX], modulus[2 * T99_BN_MAX];
    bool ok = p->len + q->len <= T99_BN_MAX + 1 && t99_bn_load(modulus, p->len + q->len, n);

    if (ok) {
        t99_bn_mul(product, p->n, p->len, q->n, q->len);
        ok = ct_reveal(t99_ct_equal(product, modulus, (p->len + q->len) * sizeof product[0]));
    }
    t99_wipe(product, sizeof product);
    return ok;
}

bool t99_rsa_private_valid(const struct t99_rsa_private *key)
{
    struct t99_modulus p, q;
    bool ok = t99_rsa_public_valid(&key->pub) && t99_bn_bits(key->pub.e) <= 33 &&
              t99_modulus_init(&p, key->p) && t99_modulus_init(&q, key->q) &&
              product_fits(key->pub.n, &p, &q) && exponent_fits(key->pub.e, key->dp, &p) &&
              exponent_fits(key->pub.e, key->dq, &q) && inverse_fits(key->qinv, &p, &q);

    t99_wipe(&p, sizeof p);
    t99_wipe(&q, sizeof q);
    return ok;
}

/* --- Signing --- */

/* Part of a signature modulo one prime: c^d, not in Montgomery form. */
static bool power(uint64_t *out, const uint64_t *c, size_t c_len, struct t99_span d,
                  const struct t99_modulus *p)
{
    uint64_t base[T99_BN_MAX], e[T99_BN_MAX];
    bool ok = t99_bn_load(e, p->len, d);

    if (ok) {
        t99_mont_reduce_long(base, c, c_len, p);
        t99_mont_exp(out, base, e, p->len, p);
        t99_mont_leave(out, out, p);
    }
    t99_wipe(base, sizeof base);
    t99_wipe(e, sizeof e);
    return ok;
}

/* s = c^d mod n by Garner: s = m2 + q (qinv (m1 - m2) mod p). n_len limbs. */
static bool private_power(const struct t99_rsa_private *key, uint64_t *s, const uint64_t *c, size_t n_len)
{
    uint64_t m1[T99_BN_MAX], m2[T99_BN_MAX], h[T99_BN_MAX], qinv[T99_BN_MAX], product[2 * T99_BN_MAX],
        carry = 0;
    struct t99_modulus p, q;
    size_t i;
    bool ok = t99_modulus_init(&p, key->p) && t99_modulus_init(&q, key->q) &&
              p.len + q.len <= T99_BN_MAX + 1 && power(m1, c, n_len, key->dp, &p) &&
              power(m2, c, n_len, key->dq, &q) && t99_bn_load(qinv, p.len, key->qinv);

    if (ok) {
        t99_mont_reduce_long(h, m2, q.len, &p); /* m2 R mod p */
        t99_mont_leave(h, h, &p);
        t99_mod_sub(h, m1, h, &p);
        t99_mont_enter(qinv, qinv, &p);
        t99_mont_mul(h, h, qinv, &p);
        memset(product, 0, sizeof product);
        t99_bn_mul(product, h, p.len, q.n, q.len);
        for (i = 0; i < p.len + q.len; i++) {
            product[i] = t99_add_carry(&carry, product[i], i < q.len ? m2[i] : 0);
        }
        memcpy(s, product, n_len * sizeof s[0]);
    }
    t99_wipe(&p, sizeof p);
    t99_wipe(&q, sizeof q);
    t99_wipe(m1, sizeof m1);
    t99_wipe(m2, sizeof m2);
    t99_wipe(h, sizeof h);
    t99_wipe(qinv, sizeof qinv);
    t99_wipe(product, sizeof product);
    return ok;
}

/*
 * A random number and its inverse, both in Montgomery form. The inverse is taken in variable time, but of the
 * product with another random number, which says nothing about either.
 */
static bool make_blinding(uint64_t *r, uint64_t *r_inverse, const uint8_t *random, size_t len,
                          const struct t99_modulus *n)
{
    uint8_t other[T99_RSA_MAX_BYTES];
    uint64_t v[T99_BN_MAX], product[T99_BN_MAX];
    bool ok;

    memset(other, 0, len);
    t99_mgf1_xor(&t99_sha256, other, len, random, len);
    ok = t99_bn_load(r, n->len, t99_span(random, len)) && t99_bn_load(v, n->len, t99_span(other, len));
    if (ok) {
        t99_mont_enter(r, r, n); /* any number below R is reduced by this */
        t99_mont_enter(v, v, n);
        t99_mont_mul(product, r, v, n);
        t99_mont_leave(product, product, n);
        T99_DECLASSIFY(product, sizeof product);
        ok = t99_mod_invert_variable(product, product, n);
    }
    if (ok) {
        t99_mont_enter(product, product, n);
        t99_mont_mul(r_inverse, product, v, n);
    }
    t99_wipe(other, sizeof other);
    t99_wipe(v, sizeof v);
    t99_wipe(product, sizeof product);
    return ok;
}

static uint64_t public_exponent(const struct t99_rsa_private *key)
{
    uint64_t e = 0;

    return t99_bn_load(&e, 1, key->pub.e) ? e : 3;
}

/* sig = em^d mod n, as long as the modulus: blinded, and raised back to em before it counts. */
static bool sign(const struct t99_rsa_private *key, uint8_t *sig, const uint8_t *em, size_t len,
                 const uint8_t *blinding)
{
    uint64_t c[T99_BN_MAX], r[T99_BN_MAX], r_inverse[T99_BN_MAX], s[T99_BN_MAX], back[T99_BN_MAX];
    struct t99_modulus n;
    uint64_t e = public_exponent(key);
    bool ok = t99_rsa_public_valid(&key->pub) && t99_modulus_init(&n, key->pub.n) &&
              t99_bn_load(c, n.len, t99_span(em, len)) && t99_bn_below(c, n.n, n.len) != 0 &&
              make_blinding(r, r_inverse, blinding, len, &n);

    if (ok) {
        t99_mont_exp_public(r, r, e, &n); /* r^e R */
        t99_mont_mul(r, r, c, &n);        /* c r^e */
        ok = private_power(key, s, r, n.len);
    }
    if (ok) {
        t99_mont_mul(s, s, r_inverse, &n);
        t99_mont_enter(back, s, &n);
        t99_mont_exp_public(back, back, e, &n);
        t99_mont_leave(back, back, &n);
        ok = ct_reveal(t99_ct_equal(back, c, n.len * sizeof c[0])); /* a fault would give a prime away */
        t99_bn_store(sig, len, s, n.len);
    }
    if (!ok) {
        memset(sig, 0, len);
    }
    t99_wipe(r, sizeof r);
    t99_wipe(r_inverse, sizeof r_inverse);
    t99_wipe(s, sizeof s);
    return ok;
}

bool t99_rsa_sign_pkcs1(const struct t99_rsa_private *key, const struct t99_hash *hash, uint8_t *sig,
                        const uint8_t *digest, const uint8_t *blinding)
{
    size_t len = t99_rsa_len(&key->pub);
    uint8_t em[T99_RSA_MAX_BYTES];

    return len != 0 && t99_emsa_pkcs1(em, len, hash, digest) && sign(key, sig, em, len, blinding);
}

bool t99_rsa_sign_pss(const struct t99_rsa_private *key, const struct t99_hash *hash, uint8_t *sig,
                      const uint8_t *digest, const uint8_t *salt, size_t salt_len, const uint8_t *blinding)
{
    size_t bits = t99_rsa_bits(&key->pub), len = t99_rsa_len(&key->pub), skip = bits % 8 == 1 ? 1 : 0;
    uint8_t em[T99_RSA_MAX_BYTES];

    if (len == 0) {
        return false;
    }
    em[0] = 0;
    return t99_emsa_pss_encode(em + skip, bits - 1, hash, hash, digest, salt, salt_len) &&
           sign(key, sig, em, len, blinding);
}
