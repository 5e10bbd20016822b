/*
 * Sets of certificates that are made to cost a verifier as much as possible, none larger than a Certificate
 * message may be. What the work budget (x509/verify_work.h) is for.
 */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#define MAKE_MAX 120000

#include "crypto/ec/curve.h"
#include "x509/make_cert.h"
#include "x509/path.h"

#define HOSTILE_BYTES 102400 /* of certificates: a server cannot send more */
#define HOSTILE_CERTS 400

/* What a server sends, and the root that is trusted. */
struct hostile {
    uint8_t bytes[HOSTILE_BYTES], root[1024];
    struct t99_span certs[HOSTILE_CERTS], anchor;
    size_t num, len;
};

static struct der_out hostile_cert, hostile_part[3];

static const struct cert_spec hostile_root = {
    .subject = "Root", .issuer = "Root", .key = 1, .issuer_key = 1, .ca = true
};
static const struct cert_spec hostile_ca = {
    .subject = "Middle", .issuer = "Root", .key = 2, .issuer_key = 1, .ca = true, .no_key_ids = true
};
static const struct cert_spec hostile_leaf = { .subject = "server.example",
                                               .issuer = "Middle",
                                               .key = 3,
                                               .issuer_key = 2,
                                               .dns = "server.example",
                                               .no_key_ids = true };

static inline void hostile_begin(struct hostile *h)
{
    struct t99_span root = make_cert(&hostile_cert, &hostile_root);

    h->num = h->len = 0;
    memcpy(h->root, root.p, root.len);
    h->anchor = t99_span(h->root, root.len);
}

/* False: the message is full. */
static inline bool hostile_add(struct hostile *h, const struct cert_spec *c)
{
    struct t99_span der = make_cert(&hostile_cert, c);

    if (h->num == HOSTILE_CERTS || h->len + der.len > HOSTILE_BYTES) {
        return false;
    }
    memcpy(h->bytes + h->len, der.p, der.len);
    h->certs[h->num++] = t99_span(h->bytes + h->len, der.len);
    h->len += der.len;
    return true;
}

/* As many as there is room for, each with another serial number. */
static inline void hostile_fill(struct hostile *h, struct cert_spec *c)
{
    for (c->serial = 1; hostile_add(h, c); c->serial++) {
    }
}

/* ---- Namesakes and meshes ---- */

/* All claim to be the issuer, each with another key. */
static inline void hostile_namesakes(struct hostile *h)
{
    struct cert_spec c = hostile_ca;

    hostile_add(h, &hostile_leaf);
    for (c.key = 4; c.key < 250 && hostile_add(h, &c); c.key++) {
    }
}

/* All have issued the leaf; the root has issued none of them. */
static inline void hostile_twins(struct hostile *h)
{
    struct cert_spec c = hostile_ca;

    hostile_add(h, &hostile_leaf);
    c.issuer_key = 9;
    hostile_fill(h, &c);
}

/* All but the last have expired. */
static inline void hostile_expired_twins(struct hostile *h)
{
    struct cert_spec c = hostile_ca;

    hostile_add(h, &hostile_leaf);
    c.to = "260101000000Z";
    for (c.serial = 1; c.serial < 250 && hostile_add(h, &c); c.serial++) {
    }
    c.to = NULL;
    hostile_add(h, &c);
}

/* Everyone has issued everyone, and claims to be issued by the root as well. */
static inline void hostile_mesh(struct hostile *h)
{
    static char names[16][4];
    struct cert_spec c = hostile_ca, leaf = hostile_leaf;
    unsigned i, j;

    for (i = 0; i < 16; i++) {
        snprintf(names[i], sizeof names[i], "%u", i);
    }
    leaf.issuer = names[0];
    leaf.issuer_key = 40;
    hostile_add(h, &leaf);
    for (i = 0; i < 15; i++) {
        for (j = 0; j < 16; j++) {
            c.subject = names[i];
            c.key = 40 + i;
            c.issuer = i == j || j == 15 ? "Root" : names[j];
            c.issuer_key = 40 + j;
            hostile_add(h, &c);
        }
    }
}

/* ---- Keys and signatures that take long ---- */

static const char hostile_rsa_sha256[] = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";

/* RSA of 8192 bits, with the largest exponent that is taken. */
static inline void hostile_rsa(struct hostile *h)
{
    static uint8_t number[1024], signature[1024];
    static const uint8_t exponent[] = { 0x01, 0xff, 0xff, 0xff, 0xff };
    struct cert_spec c = hostile_ca, leaf = hostile_leaf;
    struct der_out *spki = &hostile_part[0];
    size_t end;

    memset(number, 0xa5, sizeof number);
    memset(signature, 0x5a, sizeof signature);
    der_start(spki);
    end = spki->pos;
    der_number(spki, exponent, sizeof exponent);
    der_number(spki, number, sizeof number);
    der_wrap(spki, 0x30, end);
    der_byte(spki, 0);
    der_wrap(spki, 0x03, end);
    der_bytes(spki, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15);
    der_wrap(spki, 0x30, end);
    c.raw_spki = der_done(spki);
    leaf.raw_alg = t99_span(hostile_rsa_sha256, 15);
    leaf.raw_signature = t99_span(signature, sizeof signature);
    hostile_add(h, &leaf);
    hostile_fill(h, &c);
}

/* P-521, the slowest of the curves. */
static inline void hostile_p521(struct hostile *h)
{
    static const char alg[] = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x04";
    static const uint8_t point_alg[] = { 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
                                         0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23 };
    uint8_t scalar[66], point[133];
    struct cert_spec c = hostile_ca, leaf = hostile_leaf;
    struct der_out *spki = &hostile_part[0], *signature = &hostile_part[1];
    size_t end;

    memset(scalar, 0x5a, sizeof scalar);
    scalar[0] = 0;
    der_start(signature);
    end = signature->pos;
    der_number(signature, scalar, sizeof scalar);
    der_number(signature, scalar, sizeof scalar);
    der_wrap(signature, 0x30, end);
    der_start(spki);
    end = spki->pos;
    if (!t99_p521.public_key(point, scalar)) {
        fprintf(stderr, "hostile: no such key\n");
        exit(2);
    }
    der_bytes(spki, point, sizeof point);
    der_byte(spki, 0);
    der_wrap(spki, 0x03, end);
    der_bytes(spki, point_alg, sizeof point_alg);
    der_wrap(spki, 0x30, end);
    c.raw_spki = der_done(spki);
    leaf.raw_alg = t99_span(alg, 12);
    leaf.raw_signature = der_done(signature);
    hostile_add(h, &leaf);
    hostile_fill(h, &c);
}

/* ---- Name constraints ---- */

/* num names, or subtrees, of the text. */
static inline void hostile_names(struct der_out *d, unsigned tag, const char *text, size_t num, bool subtrees)
{
    for (; num != 0; num--) {
        size_t end = d->pos;

        if (tag == 0xa4) {
            der_name(d, text);
            der_wrap(d, tag, end);
        } else {
            der_text(d, tag, text);
        }
        if (subtrees) {
            der_wrap(d, 0x30, end);
        }
    }
}

/*
 * A leaf with names of one kind, and a CA that excludes names of that kind and of another, none of which
 * match.
 */
static inline void hostile_constraints(struct hostile *h, unsigned tag, const char *name, size_t num_names,
                                       const char *base, size_t num_bases, size_t num_others)
{
    struct cert_spec c = hostile_ca, leaf = hostile_leaf;
    struct der_out *san = &hostile_part[0], *nc = &hostile_part[1];
    size_t end;

    der_start(san);
    end = san->pos;
    hostile_names(san, tag, name, num_names, false);
    der_text(san, 0x82, "server.example");
    der_wrap(san, 0x30, end);
    der_extension(san, "\x55\x1d\x11", false, end);
    leaf.dns = NULL;
    leaf.extra = der_done(san).p;
    leaf.extra_len = der_done(san).len;
    der_start(nc);
    end = nc->pos;
    hostile_names(nc, tag, base, num_bases, true);
    hostile_names(nc, tag == 0x86 ? 0x82 : 0x86, "u.v", num_others, true);
    der_wrap(nc, 0xa1, end);
    der_wrap(nc, 0x30, end);
    der_extension(nc, "\x55\x1d\x1e", true, end);
    c.extra = der_done(nc).p;
    c.extra_len = der_done(nc).len;
    hostile_add(h, &leaf);
    hostile_fill(h, &c);
}

static inline void hostile_dns_product(struct hostile *h)
{
    hostile_constraints(h, 0x82, "*.server.example", 1023, "deeply.excluded.example", 1024, 0);
}

static inline void hostile_dns_too_many(struct hostile *h)
{
    hostile_constraints(h, 0x82, "a.example", 3000, "excluded.example", 3000, 0);
}

static inline void hostile_directory_product(struct hostile *h)
{
    hostile_constraints(h, 0xa4, "a name of some length that is not excluded", 850, "excluded", 1000, 0);
}

static inline void hostile_other_kinds(struct hostile *h)
{
    hostile_constraints(h, 0x82, "a.b", 9000, "c.d", 1, 6000);
}

/* Many CAs, all of which have issued the leaf, each with constraints of its own. */
static inline void hostile_many_constrained(struct hostile *h)
{
    hostile_constraints(h, 0x82, "a.b", 2000, "c.d", 20, 0);
}

/* ---- Policies ---- */

#define HOSTILE_POLICIES 17

static inline void hostile_policy(struct der_out *d, unsigned policy)
{
    uint8_t oid[] = { 0x55, 0x01, 0 };

    oid[2] = (uint8_t)policy;
    der_value(d, 0x06, oid, sizeof oid);
}

/* Policies 1 to 17, each mapped to each. */
static inline void hostile_policy_extensions(struct der_out *d)
{
    size_t all, end;
    unsigned i, j;

    der_start(d);
    all = d->pos;
    for (i = 1; i <= HOSTILE_POLICIES; i++) {
        for (j = 1; j <= HOSTILE_POLICIES; j++) {
            end = d->pos;
            hostile_policy(d, j);
            hostile_policy(d, i);
            der_wrap(d, 0x30, end);
        }
    }
    der_wrap(d, 0x30, all);
    der_extension(d, "\x55\x1d\x21", false, all);
    all = d->pos;
    for (i = 1; i <= HOSTILE_POLICIES; i++) {
        end = d->pos;
        hostile_policy(d, i);
        der_wrap(d, 0x30, end);
    }
    der_wrap(d, 0x30, all);
    der_extension(d, "\x55\x1d\x20", false, all);
}

/* A row of such CAs, as long as a path may be. */
static inline void hostile_policies(struct hostile *h)
{
    static char names[T99_PATH_MAX][4];
    struct cert_spec c = hostile_ca, leaf = hostile_leaf;
    const unsigned num = T99_PATH_MAX - 2;
    unsigned i;

    for (i = 0; i < num; i++) {
        snprintf(names[i], sizeof names[i], "%u", i);
    }
    leaf.issuer = names[num - 1];
    leaf.issuer_key = 30 + num - 1;
    hostile_add(h, &leaf);
    hostile_policy_extensions(&hostile_part[0]);
    c.extra = der_done(&hostile_part[0]).p;
    c.extra_len = der_done(&hostile_part[0]).len;
    for (i = 0; i < num; i++) {
        c.subject = names[i];
        c.key = 30 + i;
        c.issuer = i == 0 ? "Root" : names[i - 1];
        c.issuer_key = i == 0 ? 1 : 30 + i - 1;
        hostile_add(h, &c);
    }
}

/* ---- All of them ---- */

struct hostile_case {
    const char *name;
    void (*make)(struct hostile *h);
    bool found; /* there is a good path, and the budget is enough to find it */
};

static const struct hostile_case hostile_cases[] = {
    { "namesakes with other keys", hostile_namesakes, false },
    { "twins that the root did not issue", hostile_twins, false },
    { "expired twins before a good one", hostile_expired_twins, true },
    { "a mesh of CAs", hostile_mesh, false },
    { "RSA keys of 8192 bits, exponents of 33", hostile_rsa, false },
    { "keys on P-521", hostile_p521, false },
    { "1024 DNS names, 1024 constraints", hostile_dns_product, true },
    { "3000 DNS names, 3000 constraints", hostile_dns_too_many, false },
    { "850 directory names, 1000 constraints", hostile_directory_product, true },
    { "9000 DNS names, 6000 constraints on URIs", hostile_other_kinds, false },
    { "many CAs with constraints", hostile_many_constrained, true },
    { "policies mapped to each other", hostile_policies, false },
};
#define NUM_HOSTILE (sizeof hostile_cases / sizeof hostile_cases[0])

#endif
