/* Makes OCSP responses for tests, with keys as make_cert.h has them: RFC 6960, 4.2.1. */
#ifndef TESTS_MAKE_OCSP_H
#define TESTS_MAKE_OCSP_H

#include "x509/make_cert.h"

#ifndef OCSP_MAX
#define OCSP_MAX 4
#endif

/* One certificate's state. */
struct ocsp_single {
    const char *issuer; /* name and key of the CA that CertID hashes */
    unsigned issuer_key, serial;
    int status;                            /* 0 good, 1 revoked on 2027-01-01, 2 unknown */
    const char *this_update, *next_update; /* NULL: 2027-01-14 and 2027-01-20; "": none */
    bool unknown_hash, unknown_critical;
};

struct ocsp_spec {
    const char *responder;  /* NULL: by its key */
    unsigned responder_key; /* whose hash names it, if by key */
    unsigned key;           /* that signs */
    struct ocsp_single singles[OCSP_MAX];
    size_t num_singles;
    const struct cert_spec *certs[12];
    size_t num_certs;
    struct t99_span alg;       /* that it is signed with; .p NULL: ecdsa-with-SHA256 */
    struct t99_span signature; /* instead of a true one */
    unsigned status;           /* OCSPResponseStatus; other than 0: nothing else is in it */
};

/* What is hashed of a key: the point on P-256 that is key times the generator. */
static inline void ocsp_key_hash(uint8_t out[20], unsigned key)
{
    uint8_t scalar[32], point[65];

    memset(scalar, (int)key, sizeof scalar);
    if (!t99_p256.public_key(point, scalar)) {
        fprintf(stderr, "make_ocsp: no such key\n");
        exit(2);
    }
    t99_hash(&t99_sha1, out, point, sizeof point);
}

static inline void ocsp_cert_id(struct der_out *d, const struct ocsp_single *s)
{
    struct der_out name;
    uint8_t hash[20];
    size_t end = d->pos;

    der_small(d, s->serial);
    ocsp_key_hash(hash, s->issuer_key);
    der_value(d, 0x04, hash, sizeof hash);
    der_start(&name);
    der_name(&name, s->issuer);
    t99_hash(&t99_sha1, hash, der_done(&name).p, der_done(&name).len);
    der_value(d, 0x04, hash, sizeof hash);
    /* SHA-1, or an algorithm that nobody knows */
    der_bytes(d,
              s->unknown_hash ? "\x30\x09\x06\x05\x2b\x0e\x03\x02\x7f\x05\x00"
                              : "\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00",
              11);
    der_wrap(d, 0x30, end);
}

static inline void ocsp_put_single(struct der_out *d, const struct ocsp_single *s)
{
    const char *this_update = s->this_update != NULL ? s->this_update : "20270114000000Z";
    const char *next_update = s->next_update != NULL ? s->next_update : "20270120000000Z";
    size_t all = d->pos, end = all;

    if (s->unknown_critical) {
        der_bytes(d, "\x30\x0c\x06\x03\x2a\x03\x04\x01\x01\xff\x04\x02\x05\x00", 14);
        der_wrap(d, 0x30, end);
        der_wrap(d, 0xa1, end);
    }
    end = d->pos;
    if (next_update[0] != '\0') {
        der_time(d, next_update);
        der_wrap(d, 0xa0, end);
    }
    der_time(d, this_update);
    end = d->pos;
    if (s->status == 1) {
        der_time(d, "20270101000000Z");
        der_wrap(d, 0xa1, end);
    } else {
        der_value(d, 0x80u + (unsigned)s->status, "", 0);
    }
    ocsp_cert_id(d, s);
    der_wrap(d, 0x30, all);
}

static inline void ocsp_put_data(struct der_out *d, const struct ocsp_spec *o)
{
    uint8_t hash[20];
    size_t all = d->pos, end, i;

    for (i = o->num_singles; i > 0; i--) {
        ocsp_put_single(d, &o->singles[i - 1]);
    }
    der_wrap(d, 0x30, all);
    der_time(d, "20270114000000Z");
    end = d->pos;
    if (o->responder != NULL) {
        der_name(d, o->responder);
        der_wrap(d, 0xa1, end);
    } else {
        ocsp_key_hash(hash, o->responder_key);
        der_value(d, 0x04, hash, sizeof hash);
        der_wrap(d, 0xa2, end);
    }
    der_wrap(d, 0x30, all);
}

/* The response lies in d. */
static inline struct t99_span make_ocsp(struct der_out *d, const struct ocsp_spec *o)
{
    struct der_out basic, cert;
    struct t99_span s;
    size_t end, header, i;

    der_start(&basic);
    ocsp_put_data(&basic, o);
    if (o->signature.p != NULL) {
        der_forge(&basic, o->alg, o->signature);
    } else {
        der_sign_as(&basic, o->key,
                    o->alg.p != NULL ? o->alg : t99_span(der_ecdsa_sha256, DER_ECDSA_SHA256_LEN));
    }
    s = der_done(&basic);
    header = s.p[1] < 0x80 ? 2 : 2 + (s.p[1] & 0x7fu); /* the certificates go inside */
    der_start(d);
    end = d->pos;
    if (o->status != 0) {
        der_byte(d, o->status);
        der_wrap(d, 0x0a, end);
        der_wrap(d, 0x30, end);
        return der_done(d);
    }
    for (i = o->num_certs; i > 0; i--) {
        make_cert(&cert, o->certs[i - 1]);
        der_bytes(d, der_done(&cert).p, der_done(&cert).len);
    }
    if (o->num_certs != 0) {
        der_wrap(d, 0x30, end);
        der_wrap(d, 0xa0, end);
    }
    der_bytes(d, s.p + header, s.len - header);
    der_wrap(d, 0x30, end);
    der_wrap(d, 0x04, end);
    der_bytes(d, "\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01", 11);
    der_wrap(d, 0x30, end);
    der_wrap(d, 0xa0, end);
    der_bytes(d, "\x0a\x01\x00", 3);
    der_wrap(d, 0x30, end);
    return der_done(d);
}

#endif
