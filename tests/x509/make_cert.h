/*
 * Makes certificates for tests: a small DER writer that works from the end to the beginning, so that lengths
 * are known when they are written, and ECDSA signatures with keys that are a byte repeated.
 */
#ifndef TESTS_MAKE_CERT_H
#define TESTS_MAKE_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "crypto/ec/curve.h"
#include "crypto/hash/hash.h"

#ifndef MAKE_MAX
#define MAKE_MAX 2048
#endif

/* Written from the end: what is put first stands last. */
struct der_out {
    uint8_t buf[MAKE_MAX];
    size_t pos;
};

static inline void der_start(struct der_out *d)
{
    d->pos = sizeof d->buf;
}

static inline struct t99_span der_done(const struct der_out *d)
{
    return t99_span(d->buf + d->pos, sizeof d->buf - d->pos);
}

static inline void der_bytes(struct der_out *d, const void *p, size_t len)
{
    if (len > d->pos) {
        fprintf(stderr, "make_cert: no room\n");
        exit(2);
    }
    d->pos -= len;
    if (len != 0) {
        memcpy(d->buf + d->pos, p, len);
    }
}

static inline void der_byte(struct der_out *d, unsigned byte)
{
    uint8_t b = (uint8_t)byte;

    der_bytes(d, &b, 1);
}

/* Wraps everything since `end`, a value that d->pos had. */
static inline void der_wrap(struct der_out *d, unsigned tag, size_t end)
{
    size_t len = end - d->pos;

    der_byte(d, (unsigned)len & 0xff);
    if (len >= 0x10000) {
        der_byte(d, (unsigned)len >> 8 & 0xff);
        der_byte(d, (unsigned)len >> 16);
        der_byte(d, 0x83);
    } else if (len >= 0x100) {
        der_byte(d, (unsigned)len >> 8);
        der_byte(d, 0x82);
    } else if (len >= 0x80) {
        der_byte(d, 0x81);
    }
    der_byte(d, tag);
}

static inline void der_value(struct der_out *d, unsigned tag, const void *p, size_t len)
{
    size_t end = d->pos;

    der_bytes(d, p, len);
    der_wrap(d, tag, end);
}

static inline void der_text(struct der_out *d, unsigned tag, const char *text)
{
    der_value(d, tag, text, strlen(text));
}

/* A Name of one commonName; "" is the empty Name. */
static inline void der_name(struct der_out *d, const char *common_name)
{
    size_t end = d->pos;

    if (common_name[0] != '\0') {
        der_text(d, 0x0c, common_name);
        der_bytes(d, "\x06\x03\x55\x04\x03", 5);
        der_wrap(d, 0x30, end);
        der_wrap(d, 0x31, end);
    }
    der_wrap(d, 0x30, end);
}

/* INTEGER, non-negative. */
static inline void der_number(struct der_out *d, const uint8_t *p, size_t len)
{
    size_t end = d->pos;

    for (; len > 1 && p[0] == 0; p++, len--) {
    }
    der_bytes(d, p, len);
    if (p[0] >= 0x80) {
        der_byte(d, 0);
    }
    der_wrap(d, 0x02, end);
}

static inline void der_small(struct der_out *d, unsigned value)
{
    uint8_t bytes[2];

    store_be16(bytes, (uint16_t)value);
    der_number(d, bytes, 2);
}

/* UTCTime or GeneralizedTime, by its length. */
static inline void der_time(struct der_out *d, const char *text)
{
    der_text(d, strlen(text) == 13 ? 0x17 : 0x18, text);
}

static const char der_ecdsa_sha256[] = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
#define DER_ECDSA_SHA256_LEN 12

/* SubjectPublicKeyInfo of the key `key`: the scalar is that byte repeated. */
static inline void der_spki(struct der_out *d, unsigned key)
{
    uint8_t scalar[32], point[65];
    size_t end = d->pos;

    memset(scalar, (int)key, sizeof scalar);
    if (!t99_p256.public_key(point, scalar)) {
        fprintf(stderr, "make_cert: no such key\n");
        exit(2);
    }
    der_bytes(d, point, sizeof point);
    der_byte(d, 0);
    der_wrap(d, 0x03, end);
    der_bytes(d, "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", 21);
    der_wrap(d, 0x30, end);
}

/* That of an RSA key which nobody has: a modulus of len bytes, and 65537. */
static inline struct t99_span der_rsa_spki(struct der_out *d, size_t len)
{
    size_t end, i;

    der_start(d);
    end = d->pos;
    der_bytes(d, "\x02\x03\x01\x00\x01", 5);
    for (i = 0; i < len; i++) {
        der_byte(d, 0xa5);
    }
    der_byte(d, 0);
    der_wrap(d, 0x02, end - 5);
    der_wrap(d, 0x30, end);
    der_byte(d, 0);
    der_wrap(d, 0x03, end);
    der_bytes(d, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15);
    der_wrap(d, 0x30, end);
    return der_done(d);
}

/*
 * Puts signature algorithm alg and an ECDSA signature behind what is in d (a to-be-signed structure), and
 * wraps it all.
 */
static inline void der_sign_as(struct der_out *d, unsigned key, struct t99_span alg)
{
    struct t99_span tbs = der_done(d);
    struct der_out out;
    uint8_t scalar[32], k[32], digest[32], r[32], s[32];
    size_t end, signature_end;

    memset(scalar, (int)key, sizeof scalar);
    t99_hash(&t99_sha256, digest, tbs.p, tbs.len);
    memcpy(k, digest, sizeof k);
    k[0] &= 0x7f; /* below the order; as good a nonce as a test needs */
    if (!t99_p256.sign(r, s, scalar, k, digest, sizeof digest)) {
        fprintf(stderr, "make_cert: cannot sign\n");
        exit(2);
    }
    der_start(&out);
    end = signature_end = out.pos;
    der_number(&out, s, 32);
    der_number(&out, r, 32);
    der_wrap(&out, 0x30, signature_end);
    der_byte(&out, 0);
    der_wrap(&out, 0x03, signature_end);
    der_bytes(&out, alg.p, alg.len);
    der_bytes(&out, tbs.p, tbs.len);
    der_wrap(&out, 0x30, end);
    *d = out;
}

/* The same with a signature that is no signature. */
static inline void der_forge(struct der_out *d, struct t99_span alg, struct t99_span signature)
{
    size_t tbs = d->pos, end;
    struct der_out out;

    der_start(&out);
    end = out.pos;
    der_bytes(&out, signature.p, signature.len);
    der_byte(&out, 0);
    der_wrap(&out, 0x03, end);
    der_bytes(&out, alg.p, alg.len);
    der_bytes(&out, d->buf + tbs, sizeof d->buf - tbs);
    der_wrap(&out, 0x30, end);
    *d = out;
}

static inline void der_sign(struct der_out *d, unsigned key)
{
    der_sign_as(d, key, t99_span(der_ecdsa_sha256, DER_ECDSA_SHA256_LEN));
}

/* What a certificate is to be. Zero means: left out, or the usual. */
struct cert_spec {
    const char *subject, *issuer; /* commonName */
    unsigned key, issuer_key;
    const char *from, *to; /* NULL: 2025 to 2035 */
    bool ca;
    int path_len;          /* 1 + pathLenConstraint */
    unsigned key_usage;    /* set of enum t99_key_usage */
    const char *eku;       /* OID contents: "\x55\x1d\x25\x00" */
    size_t eku_len;        /* of eku */
    const char *dns;       /* one dNSName */
    const char *permitted; /* a dNSName in nameConstraints */
    const void *extra;     /* whole extensions, put behind the others */
    size_t extra_len;
    unsigned version; /* 0: 3 */
    unsigned serial;  /* 0: 1 */
    bool no_key_ids;
    bool plain_constraints; /* basicConstraints are not critical */
    /* Whole elements in the place of those that the above gives; .p NULL: not so. */
    struct t99_span raw_serial, raw_alg, raw_issuer, raw_subject, raw_spki;
    struct t99_span raw_unique_id; /* put behind the key */
    struct t99_span raw_signature; /* instead of a true one; raw_alg says what it claims to be */
};

/* Whole extensions one after the other, for `extra`. */
struct ext_list {
    uint8_t buf[1024];
    size_t len;
};

/* OID contents under 128 bytes; value: the contents of extnValue, under 128 bytes. */
static inline void ext_add(struct ext_list *list, const char *oid, bool critical, const void *value,
                           size_t len)
{
    size_t oid_len = strlen(oid), inner = 2 + oid_len + (critical ? 3 : 0) + 2 + len;
    uint8_t *p = list->buf + list->len;

    if (len > 100 || inner > 127 || list->len + inner + 2 > sizeof list->buf) {
        fprintf(stderr, "make_cert: no room\n");
        exit(2);
    }
    *p++ = 0x30;
    *p++ = (uint8_t)inner;
    *p++ = 0x06;
    *p++ = (uint8_t)oid_len;
    memcpy(p, oid, oid_len);
    p += oid_len;
    if (critical) {
        memcpy(p, "\x01\x01\xff", 3);
        p += 3;
    }
    *p++ = 0x04;
    *p++ = (uint8_t)len;
    memcpy(p, value, len);
    list->len += inner + 2;
}

static inline void der_extension(struct der_out *d, const char *oid, bool critical, size_t value_end)
{
    der_wrap(d, 0x04, value_end);
    if (critical) {
        der_bytes(d, "\x01\x01\xff", 3);
    }
    der_text(d, 0x06, oid);
    der_wrap(d, 0x30, value_end);
}

/* The key identifier is the key's byte, four times. */
static inline void der_key_ids(struct der_out *d, const struct cert_spec *c)
{
    uint8_t id[4];
    size_t end = d->pos;

    memset(id, (int)c->key, sizeof id);
    der_value(d, 0x04, id, sizeof id);
    der_extension(d, "\x55\x1d\x0e", false, end);
    end = d->pos;
    memset(id, (int)c->issuer_key, sizeof id);
    der_value(d, 0x80, id, sizeof id);
    der_wrap(d, 0x30, end);
    der_extension(d, "\x55\x1d\x23", false, end);
}

static inline void der_key_usage(struct der_out *d, unsigned usage)
{
    uint8_t bits[3] = { 0, 0, 0 };
    size_t end = d->pos, len, i;

    for (i = 0; i < 9; i++) {
        if ((usage >> i & 1) != 0) {
            bits[1 + i / 8] |= (uint8_t)(0x80 >> i % 8);
            bits[0] = (uint8_t)(7 - i % 8);
        }
    }
    len = bits[2] != 0 ? 3 : 2;
    der_value(d, 0x03, bits, len);
    der_extension(d, "\x55\x1d\x0f", true, end);
}

static inline void der_constraints(struct der_out *d, const struct cert_spec *c)
{
    size_t end = d->pos;

    if (c->permitted != NULL) {
        der_text(d, 0x82, c->permitted);
        der_wrap(d, 0x30, end);
        der_wrap(d, 0xa0, end);
        der_wrap(d, 0x30, end);
        der_extension(d, "\x55\x1d\x1e", true, end);
    }
    end = d->pos;
    if (c->ca || c->path_len != 0) {
        if (c->path_len != 0) {
            der_small(d, (unsigned)c->path_len - 1);
        }
        if (c->ca) {
            der_bytes(d, "\x01\x01\xff", 3);
        }
        der_wrap(d, 0x30, end);
        der_extension(d, "\x55\x1d\x13", !c->plain_constraints, end);
    }
}

static inline void der_extensions(struct der_out *d, const struct cert_spec *c)
{
    size_t all = d->pos, end;

    der_bytes(d, c->extra, c->extra_len);
    end = d->pos;
    if (c->dns != NULL) {
        der_text(d, 0x82, c->dns);
        der_wrap(d, 0x30, end);
        der_extension(d, "\x55\x1d\x11", c->subject[0] == '\0', end);
    }
    end = d->pos;
    if (c->eku != NULL) {
        der_value(d, 0x06, c->eku, c->eku_len);
        der_wrap(d, 0x30, end);
        der_extension(d, "\x55\x1d\x25", false, end);
    }
    if (c->key_usage != 0) {
        der_key_usage(d, c->key_usage);
    }
    der_constraints(d, c);
    if (!c->no_key_ids) {
        der_key_ids(d, c);
    }
    if (d->pos != all) {
        der_wrap(d, 0x30, all);
        der_wrap(d, 0xa3, all);
    }
}

/* The raw element if there is one: true. */
static inline bool der_raw(struct der_out *d, struct t99_span raw)
{
    if (raw.p != NULL) {
        der_bytes(d, raw.p, raw.len);
    }
    return raw.p != NULL;
}

/* The certificate lies in d. */
static inline struct t99_span make_cert(struct der_out *d, const struct cert_spec *c)
{
    size_t all, end;

    der_start(d);
    all = d->pos;
    der_extensions(d, c);
    der_raw(d, c->raw_unique_id);
    if (!der_raw(d, c->raw_spki)) {
        der_spki(d, c->key);
    }
    if (!der_raw(d, c->raw_subject)) {
        der_name(d, c->subject);
    }
    end = d->pos;
    der_time(d, c->to != NULL ? c->to : "350101000000Z");
    der_time(d, c->from != NULL ? c->from : "250101000000Z");
    der_wrap(d, 0x30, end);
    if (!der_raw(d, c->raw_issuer)) {
        der_name(d, c->issuer);
    }
    if (!der_raw(d, c->raw_alg)) {
        der_bytes(d, der_ecdsa_sha256, DER_ECDSA_SHA256_LEN);
    }
    if (!der_raw(d, c->raw_serial)) {
        der_small(d, c->serial != 0 ? c->serial : 1);
    }
    if (c->version == 0 || c->version > 1) {
        end = d->pos;
        der_small(d, c->version == 0 ? 2 : c->version - 1);
        der_wrap(d, 0xa0, end);
    }
    der_wrap(d, 0x30, all);
    if (c->raw_signature.p != NULL) {
        der_forge(d, c->raw_alg, c->raw_signature);
    } else if (c->raw_alg.p != NULL) {
        der_sign_as(d, c->issuer_key, c->raw_alg);
    } else {
        der_sign(d, c->issuer_key);
    }
    return der_done(d);
}

#endif
