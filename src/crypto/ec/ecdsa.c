#include "crypto/ec/ecdsa.h"

#include <string.h>

#include "base/ct.h"
#include "base/reader.h"
#include "base/wipe.h"
#include "crypto/mac/hmac.h"

/* --- Signatures as DER: RFC 3279, 2.2.3 --- */

static size_t read_length(struct reader *r)
{
    uint8_t first = rd_u8(r, "length");

    if (first < 0x80) {
        return first;
    }
    if (first != 0x81) { /* no signature is longer than 255 bytes */
        rd_refuse(r, "length");
        return 0;
    }
    first = rd_u8(r, "length");
    if (first < 0x80) {
        rd_refuse(r, "length");
    }
    return first;
}

/* A positive INTEGER, minimal, into len big-endian bytes. */
static void read_integer(struct reader *r, uint8_t *out, size_t len)
{
    struct t99_span s;

    if (rd_u8(r, "INTEGER") != 0x02) {
        rd_refuse(r, "INTEGER");
    }
    s = rd_bytes(r, read_length(r), "INTEGER");
    if (s.len == 0 || s.p[0] >= 0x80 || (s.len > 1 && s.p[0] == 0 && s.p[1] < 0x80)) {
        rd_refuse(r, "INTEGER");
        return;
    }
    if (s.p[0] == 0) {
        s = t99_span(s.p + 1, s.len - 1);
    }
    if (s.len > len) {
        rd_refuse(r, "INTEGER");
        return;
    }
    memset(out, 0, len - s.len);
    if (s.len != 0) {
        memcpy(out + len - s.len, s.p, s.len);
    }
}

bool t99_ecdsa_verify(const struct t99_curve *curve, struct t99_span point, const uint8_t *digest,
                      size_t digest_len, struct t99_span sig)
{
    uint8_t r[T99_SCALAR_MAX], s[T99_SCALAR_MAX];
    const char *bad = NULL;
    struct reader rd = rd_init(sig.p, sig.len, &bad), seq;
    size_t len;

    if (rd_u8(&rd, "SEQUENCE") != 0x30) {
        rd_refuse(&rd, "SEQUENCE");
    }
    len = read_length(&rd);
    seq = rd_sub(&rd, len, 6, 255, "SEQUENCE");
    read_integer(&seq, r, curve->len);
    read_integer(&seq, s, curve->len);
    if (rd_left(&seq) != 0) {
        rd_refuse(&rd, "ECDSA-Sig-Value");
    }
    return rd_end(&rd, "ECDSA-Sig-Value") && curve->verify(point.p, point.len, digest, digest_len, r, s);
}

/* Leading zeros go, one comes back before a set top bit. */
static size_t put_integer(uint8_t *out, const uint8_t *v, size_t len)
{
    size_t n = 2;

    while (len > 1 && v[0] == 0) {
        v++;
        len--;
    }
    out[0] = 0x02;
    out[1] = (uint8_t)(len + (v[0] >> 7));
    if (v[0] >= 0x80) {
        out[n++] = 0;
    }
    memcpy(out + n, v, len);
    return n + len;
}

static size_t put_signature(uint8_t *sig, const uint8_t *r, const uint8_t *s, size_t len)
{
    uint8_t body[2 * (T99_SCALAR_MAX + 3)];
    size_t n = put_integer(body, r, len), head = 0;

    n += put_integer(body + n, s, len);
    sig[head++] = 0x30;
    if (n >= 0x80) {
        sig[head++] = 0x81;
    }
    sig[head++] = (uint8_t)n;
    memcpy(sig + head, body, n);
    return head + n;
}

/* --- Nonces: RFC 6979, 3.2, with additional data as in 3.6 --- */

struct generator {
    const struct t99_hash *hash;
    uint8_t k[T99_HASH_MAX], v[T99_HASH_MAX];
};

/* K = HMAC_K(V || tag || scalar || digest || noise), V = HMAC_K(V). */
static void feed(struct generator *g, uint8_t tag, const uint8_t *scalar, const uint8_t *digest, size_t len,
                 const uint8_t *noise, size_t noise_len)
{
    struct t99_hmac mac;

    t99_hmac_init(&mac, g->hash, g->k, g->hash->len);
    t99_hmac_update(&mac, g->v, g->hash->len);
    t99_hmac_update(&mac, &tag, 1);
    t99_hmac_update(&mac, scalar, len);
    t99_hmac_update(&mac, digest, len);
    t99_hmac_update(&mac, noise, noise_len);
    t99_hmac_final(&mac, g->k);
    t99_hmac(g->hash, g->v, g->k, g->hash->len, g->v, g->hash->len);
}

/* The leftmost bits of len bytes, as a number (bits2int), in place: P-521 takes 521 of 528. */
static void shift_right(uint8_t *p, size_t len, unsigned n)
{
    size_t i;

    for (i = len; n != 0 && i > 0; i--) {
        unsigned above = i > 1 ? p[i - 2] : 0;

        p[i - 1] = (uint8_t)((unsigned)p[i - 1] >> n | above << (8 - n));
    }
}

/* Orders of the base points: SP 800-186, 3.2.1. */
static const uint8_t order_p256[32] = { 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                        0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51 };
static const uint8_t order_p384[48] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37,
                                        0x2d, 0xdf, 0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a,
                                        0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73 };
static const uint8_t order_p521[66] = { 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc,
                                        0x01, 0x48, 0xf7, 0x09, 0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89,
                                        0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38, 0x64, 0x09 };

/* x = x - n if x is not below n. Constant time. */
static void reduce_once(const struct t99_curve *curve, uint8_t *x)
{
    const uint8_t *n = curve == &t99_p256 ? order_p256 : curve == &t99_p384 ? order_p384 : order_p521;
    uint8_t diff[T99_SCALAR_MAX];
    unsigned borrow = 0;
    size_t i;

    for (i = curve->len; i > 0; i--) {
        unsigned v = (unsigned)x[i - 1] - n[i - 1] - borrow;

        diff[i - 1] = (uint8_t)v;
        borrow = v >> 8 & 1;
    }
    t99_ct_select(x, ct_bit(borrow), x, diff, curve->len);
}

/* The digest modulo n (bits2octets), len bytes: its leftmost bits, less n once if they reach it. */
static void digest_octets(const struct t99_curve *curve, uint8_t *out, const uint8_t *digest,
                          size_t digest_len)
{
    memset(out, 0, curve->len);
    if (digest_len >= curve->len) {
        memcpy(out, digest, curve->len);
        shift_right(out, curve->len, (unsigned)(8 * curve->len - curve->bits));
    } else {
        memcpy(out + curve->len - digest_len, digest, digest_len);
    }
    reduce_once(curve, out);
}

static void next_nonce(struct generator *g, const struct t99_curve *curve, uint8_t *nonce)
{
    size_t done = 0, n;

    while (done < curve->len) {
        t99_hmac(g->hash, g->v, g->k, g->hash->len, g->v, g->hash->len);
        n = curve->len - done < g->hash->len ? curve->len - done : g->hash->len;
        memcpy(nonce + done, g->v, n);
        done += n;
    }
    shift_right(nonce, curve->len, (unsigned)(8 * curve->len - curve->bits));
}

/* A nonce that will not do: K = HMAC_K(V || 0), V = HMAC_K(V). */
static void step(struct generator *g)
{
    feed(g, 0, NULL, NULL, 0, NULL, 0);
}

bool t99_ecdsa_sign(const struct t99_curve *curve, const struct t99_hash *hash, uint8_t *sig, size_t *sig_len,
                    const uint8_t *scalar, const uint8_t *digest, const uint8_t *noise, size_t noise_len)
{
    uint8_t h[T99_SCALAR_MAX], nonce[T99_SCALAR_MAX], r[T99_SCALAR_MAX], s[T99_SCALAR_MAX];
    struct generator g;
    bool done = false;
    int tries;

    if (!curve->scalar_valid(scalar)) {
        return false;
    }
    g.hash = hash;
    memset(g.k, 0, sizeof g.k);
    memset(g.v, 1, sizeof g.v);
    digest_octets(curve, h, digest, hash->len);
    feed(&g, 0, scalar, h, curve->len, noise, noise_len);
    feed(&g, 1, scalar, h, curve->len, noise, noise_len);
    for (tries = 0; !done && tries < 64; tries++) { /* each fails with probability below 2^-32 */
        next_nonce(&g, curve, nonce);
        done = curve->scalar_valid(nonce) && curve->sign(r, s, scalar, nonce, digest, hash->len);
        if (!done) {
            step(&g);
        }
    }
    if (done) {
        T99_DECLASSIFY(r, sizeof r); /* the signature is for everybody */
        T99_DECLASSIFY(s, sizeof s);
        *sig_len = put_signature(sig, r, s, curve->len);
    }
    t99_wipe(&g, sizeof g);
    t99_wipe(nonce, sizeof nonce);
    return done;
}
