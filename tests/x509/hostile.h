/*
 * Sets of certificates that are made to cost a verifier as much as possible, none larger than a Certificate
 * message may be. What the work budget (x509/verify_work.h) is for.
 */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#define MAKE_MAX 120000
#define OCSP_MAX 600

#include "crypto/ec/curve.h"
#include "x509/make_cert.h"
#include "x509/make_ocsp.h"
#include "x509/path.h"

#define HOSTILE_BYTES 102400 /* of certificates: a server cannot send more */
#define HOSTILE_CERTS 400

/* What a server sends, and the root that is trusted. */
struct hostile {
    uint8_t bytes[HOSTILE_BYTES], root[1024], staple_bytes[HOSTILE_BYTES];
    struct t99_span certs[HOSTILE_CERTS], anchor, staple;
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
    h->staple = t99_span(NULL, 0);
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
static inline struct t99_span hostile_rsa_key(struct der_out *spki)
{
    static uint8_t number[1024];
    static const uint8_t exponent[] = { 0x01, 0xff, 0xff, 0xff, 0xff };
    size_t end;

    memset(number, 0xa5, sizeof number);
    der_start(spki);
    end = spki->pos;
    der_number(spki, exponent, sizeof exponent);
    der_number(spki, number, sizeof number);
    der_wrap(spki, 0x30, end);
    der_byte(spki, 0);
    der_wrap(spki, 0x03, end);
    der_bytes(spki, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15);
    der_wrap(spki, 0x30, end);
    return der_done(spki);
}

/* What is no signature of such a key, but takes as long. */
static inline struct t99_span hostile_rsa_signature(void)
{
    static uint8_t signature[1024];

    memset(signature, 0x5a, sizeof signature);
    return t99_span(signature, sizeof signature);
}

static inline void hostile_rsa(struct hostile *h)
{
    struct cert_spec c = hostile_ca, leaf = hostile_leaf;

    c.raw_spki = hostile_rsa_key(&hostile_part[0]);
    leaf.raw_alg = t99_span(hostile_rsa_sha256, 15);
    leaf.raw_signature = hostile_rsa_signature();
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

/* The leaf gets so many names, and its own. */
static inline void hostile_alt_names(struct cert_spec *leaf, struct der_out *san, unsigned tag,
                                     const char *name, size_t num)
{
    size_t end;

    der_start(san);
    end = san->pos;
    hostile_names(san, tag, name, num, false);
    der_text(san, 0x82, "server.example");
    der_wrap(san, 0x30, end);
    der_extension(san, "\x55\x1d\x11", false, end);
    leaf->dns = NULL;
    leaf->extra = der_done(san).p;
    leaf->extra_len = der_done(san).len;
}

/* The CA excludes so many names, and so many of another kind. */
static inline void hostile_exclusions(struct cert_spec *ca, struct der_out *nc, unsigned tag,
                                      const char *base, size_t num, size_t num_others)
{
    size_t end;

    der_start(nc);
    end = nc->pos;
    hostile_names(nc, tag, base, num, true);
    hostile_names(nc, tag == 0x86 ? 0x82 : 0x86, "u.v", num_others, true);
    der_wrap(nc, 0xa1, end);
    der_wrap(nc, 0x30, end);
    der_extension(nc, "\x55\x1d\x1e", true, end);
    ca->extra = der_done(nc).p;
    ca->extra_len = der_done(nc).len;
}

/* None of them match. */
static inline void hostile_constraints(struct hostile *h, unsigned tag, const char *name, size_t num_names,
                                       const char *base, size_t num_bases, size_t num_others)
{
    struct cert_spec c = hostile_ca, leaf = hostile_leaf;

    hostile_alt_names(&leaf, &hostile_part[0], tag, name, num_names);
    hostile_exclusions(&c, &hostile_part[1], tag, base, num_bases, num_others);
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

/* ---- All budgets at once ---- */

#define HOSTILE_SERVER_AUTH "\x2b\x06\x01\x05\x05\x07\x03\x01"

/*
 * A row of CAs that the strict profile takes, too: X has issued the leaf, and is issued by Z, that by W, that
 * by the root. Before it stand two certificates of X for the same key that are nearer to the root, by their
 * names: they hold almost as many name constraints as may be compared, and their issuer has num_wrong
 * certificates, with RSA keys that did not sign them. Last, what nobody asked for, until the message is full.
 */
static inline void hostile_combined(struct hostile *h, bool found, size_t num_wrong)
{
    struct cert_spec leaf = hostile_leaf, x = hostile_ca, ca = hostile_ca;
    size_t i;

    x.no_key_ids = ca.no_key_ids = leaf.no_key_ids = false;
    x.key_usage = ca.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
    leaf.eku = HOSTILE_SERVER_AUTH;
    leaf.eku_len = 8;
    leaf.issuer = "X";
    hostile_alt_names(&leaf, &hostile_part[0], 0x82, "*.server.example", 1023);
    hostile_add(h, &leaf);
    x.subject = "X";
    x.issuer = "Y";
    x.issuer_key = 7;
    x.raw_alg = t99_span(hostile_rsa_sha256, 15);
    x.raw_signature = hostile_rsa_signature();
    for (i = 0; i < 2; i++) {
        x.serial = 1 + (unsigned)i;
        hostile_exclusions(&x, &hostile_part[1], 0x82, "deeply.excluded.example", i == 0 ? 1024 : 150, 0);
        hostile_add(h, &x);
    }
    ca.subject = "Y";
    ca.key = 7;
    ca.raw_spki = hostile_rsa_key(&hostile_part[2]);
    for (i = 0; i < num_wrong; i++) {
        ca.serial = 1 + (unsigned)i;
        hostile_add(h, &ca);
    }
    ca.raw_spki = t99_span(NULL, 0);
    for (i = 0; found && i < 3; i++) {
        ca.subject = i == 0 ? "X" : i == 1 ? "Z" : "W";
        ca.issuer = i == 0 ? "Z" : i == 1 ? "W" : "Root";
        ca.key = i == 0 ? 2 : i == 1 ? 5 : 6;
        ca.issuer_key = i == 0 ? 5 : i == 1 ? 6 : 1;
        hostile_add(h, &ca);
    }
    ca.subject = "nobody";
    hostile_fill(h, &ca);
}

/* As many wrong ones, tried for both certificates of X, as leave enough to find the path. */
#define HOSTILE_WRONG ((T99_WORK_TIME - 6000) / 2 / 3600)

static inline void hostile_all_refused(struct hostile *h)
{
    hostile_combined(h, false, HOSTILE_WRONG + 1);
}

static inline void hostile_all_found(struct hostile *h)
{
    hostile_combined(h, true, HOSTILE_WRONG);
}

/* ---- Staples ---- */

static inline void hostile_staple(struct hostile *h, const struct ocsp_spec *o)
{
    struct t99_span der = make_ocsp(&hostile_cert, o);

    if (der.len > sizeof h->staple_bytes) {
        fprintf(stderr, "hostile: the staple is too long\n");
        exit(2);
    }
    memcpy(h->staple_bytes, der.p, der.len);
    h->staple = t99_span(h->staple_bytes, der.len);
}

/* The leaf's issuer has appointed eight responders of one name, with keys that take long; none has signed. */
static inline void hostile_responders(struct hostile *h, const char *issuer)
{
    static struct ocsp_spec o;
    struct cert_spec responder = hostile_leaf;

    memset(&o, 0, sizeof o);
    responder.subject = o.responder = "Responder";
    responder.issuer = issuer;
    responder.eku = "\x2b\x06\x01\x05\x05\x07\x03\x09";
    responder.eku_len = 8;
    responder.raw_spki = hostile_rsa_key(&hostile_part[2]);
    for (; o.num_certs < 8; o.num_certs++) {
        o.certs[o.num_certs] = &responder;
    }
    o.alg = t99_span(hostile_rsa_sha256, 15);
    o.signature = hostile_rsa_signature();
    hostile_staple(h, &o);
}

static inline void hostile_all_stapled(struct hostile *h)
{
    hostile_all_found(h);
    hostile_responders(h, "X");
}

static inline void hostile_many_responders(struct hostile *h)
{
    hostile_add(h, &hostile_leaf);
    hostile_add(h, &hostile_ca);
    hostile_responders(h, "Middle");
}

/* An issuer with a name of 40 KB, and a response that has the serial number often, and another issuer. */
static inline void hostile_long_issuer(struct hostile *h)
{
    static char name[40001];
    static struct ocsp_spec o;
    struct cert_spec ca = hostile_ca, leaf = hostile_leaf;

    memset(name, 'a', sizeof name - 1);
    ca.subject = leaf.issuer = name;
    hostile_add(h, &leaf);
    hostile_add(h, &ca);
    memset(&o, 0, sizeof o);
    o.responder_key = o.key = 2;
    for (; o.num_singles < OCSP_MAX; o.num_singles++) {
        o.singles[o.num_singles].issuer = "another";
        o.singles[o.num_singles].issuer_key = 9;
        o.singles[o.num_singles].serial = 1;
    }
    hostile_staple(h, &o);
}

/* ---- CRLs ---- */

/* A leaf that points to its issuer's list as often as there is room for, without saying where. */
static inline void hostile_points(struct hostile *h, size_t num)
{
    struct cert_spec leaf = hostile_leaf;
    struct der_out *points = &hostile_part[0];
    size_t end, i;

    der_start(points);
    end = points->pos;
    for (i = 0; i < num; i++) {
        der_bytes(points, "\x30\x00", 2);
    }
    der_wrap(points, 0x30, end);
    der_extension(points, "\x55\x1d\x1f", false, end);
    leaf.extra = der_done(points).p;
    leaf.extra_len = der_done(points).len;
    hostile_add(h, &leaf);
    hostile_add(h, &hostile_ca);
}

static inline void hostile_many_points(struct hostile *h)
{
    hostile_points(h, 45000);
}

/* ---- All of them ---- */

struct hostile_case {
    const char *name;
    void (*make)(struct hostile *h);
    bool found;   /* there is a good path, and the budget is enough to find it */
    size_t lists; /* of others than these CAs: so many, and those of these CAs */
};

static const struct hostile_case hostile_cases[] = {
    { "namesakes with other keys", hostile_namesakes, false, 0 },
    { "twins that the root did not issue", hostile_twins, false, 0 },
    { "expired twins before a good one", hostile_expired_twins, true, 0 },
    { "a mesh of CAs", hostile_mesh, false, 0 },
    { "RSA keys of 8192 bits, exponents of 33", hostile_rsa, false, 0 },
    { "keys on P-521", hostile_p521, false, 0 },
    { "1024 DNS names, 1024 constraints", hostile_dns_product, true, 0 },
    { "3000 DNS names, 3000 constraints", hostile_dns_too_many, false, 0 },
    { "850 directory names, 1000 constraints", hostile_directory_product, true, 0 },
    { "9000 DNS names, 6000 constraints on URIs", hostile_other_kinds, false, 0 },
    { "many CAs with constraints", hostile_many_constrained, true, 0 },
    { "policies mapped to each other", hostile_policies, false, 0 },
    { "names and RSA keys, all of both budgets", hostile_all_refused, false, 0 },
    { "the same before a good path", hostile_all_found, true, 0 },
    { "the same with CRLs and a staple", hostile_all_stapled, true, 200 },
    { "a staple of eight responders with RSA keys", hostile_many_responders, true, 0 },
    { "a staple for an issuer's name of 40 KB", hostile_long_issuer, true, 0 },
    { "45000 distribution points and 200 CRLs", hostile_many_points, false, 200 },
};
#define NUM_HOSTILE (sizeof hostile_cases / sizeof hostile_cases[0])

#endif
