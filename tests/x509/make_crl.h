/* Makes certificate lists for tests, with keys as make_cert.h has them. */
#ifndef TESTS_MAKE_CRL_H
#define TESTS_MAKE_CRL_H

#include "x509/make_cert.h"

struct crl_spec {
    const char *issuer;
    unsigned key;
    const char *from, *to;        /* NULL: 2027-01-01 to 2027-02-01 */
    unsigned revoked;             /* serial number; 0: none */
    int reason;                   /* 1 + CRLReason; 0: none */
    const char *entry_issuer;     /* certificateIssuer */
    unsigned number, base_number; /* 0: none */
    const void *idp;              /* contents of the IssuingDistributionPoint */
    size_t idp_len;
    bool twice, no_next, unknown_critical;
    bool version_1;                     /* no version is written, whatever else there is */
    bool no_key_id;                     /* no authorityKeyIdentifier */
    bool empty;                         /* revokedCertificates without an entry */
    struct t99_span extra, entry_extra; /* whole extensions more, of the list and of its entries */
    struct t99_span inner_alg, alg;     /* instead of ecdsa-with-SHA256: in what is signed, and outside */
};

static inline void put_number(struct der_out *d, const char *oid, bool critical, unsigned number)
{
    size_t end = d->pos;

    if (number != 0) {
        der_small(d, number);
        der_extension(d, oid, critical, end);
    }
}

static inline void put_crl_extensions(struct der_out *d, const struct crl_spec *c)
{
    size_t all = d->pos, end = all;
    uint8_t id[4];

    if (c->unknown_critical) {
        der_bytes(d, "\x30\x0c\x06\x03\x2a\x03\x04\x01\x01\xff\x04\x02\x05\x00", 14);
    }
    end = d->pos;
    if (c->idp != NULL) {
        der_value(d, 0x30, c->idp, c->idp_len);
        der_extension(d, "\x55\x1d\x1c", true, end);
    }
    put_number(d, "\x55\x1d\x1b", true, c->base_number);
    put_number(d, "\x55\x1d\x14", false, c->number);
    der_raw(d, c->extra);
    if (!c->no_key_id) {
        end = d->pos;
        memset(id, (int)c->key, sizeof id);
        der_value(d, 0x80, id, sizeof id);
        der_wrap(d, 0x30, end);
        der_extension(d, "\x55\x1d\x23", false, end);
    }
    if (d->pos != all) {
        der_wrap(d, 0x30, all);
        der_wrap(d, 0xa0, all);
    }
}

static inline void put_entry(struct der_out *d, const struct crl_spec *c)
{
    size_t all = d->pos, end;

    end = d->pos;
    if (c->entry_issuer != NULL) {
        der_name(d, c->entry_issuer);
        der_wrap(d, 0xa4, end);
        der_wrap(d, 0x30, end);
        der_extension(d, "\x55\x1d\x1d", true, end);
    }
    end = d->pos;
    if (c->reason != 0) {
        der_byte(d, (unsigned)c->reason - 1);
        der_wrap(d, 0x0a, end);
        der_extension(d, "\x55\x1d\x15", false, end);
    }
    der_raw(d, c->entry_extra);
    if (d->pos != all) {
        der_wrap(d, 0x30, all);
    }
    der_time(d, "270102030405Z");
    der_small(d, c->revoked);
    der_wrap(d, 0x30, all);
}

static inline struct t99_span make_crl(struct der_out *d, const struct crl_spec *c)
{
    size_t all, end;

    der_start(d);
    all = d->pos;
    put_crl_extensions(d, c);
    if (c->revoked != 0) {
        end = d->pos;
        put_entry(d, c);
        if (c->twice) {
            put_entry(d, c);
        }
        der_wrap(d, 0x30, end);
    } else if (c->empty) {
        der_wrap(d, 0x30, d->pos);
    }
    if (!c->no_next) {
        der_time(d, c->to != NULL ? c->to : "270201000000Z");
    }
    der_time(d, c->from != NULL ? c->from : "270101000000Z");
    der_name(d, c->issuer);
    if (!der_raw(d, c->inner_alg)) {
        der_bytes(d, der_ecdsa_sha256, DER_ECDSA_SHA256_LEN);
    }
    if (!c->version_1) {
        der_small(d, 1);
    }
    der_wrap(d, 0x30, all);
    der_sign_as(d, c->key, c->alg.p != NULL ? c->alg : t99_span(der_ecdsa_sha256, DER_ECDSA_SHA256_LEN));
    return der_done(d);
}

#endif
