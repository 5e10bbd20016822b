#include "x509/describe/describe.h"

#include <stdio.h>
#include <string.h>

#include "crypto/hash/hash.h"
#include "x509/checks.h"
#include "x509/der.h"
#include "x509/describe/oid_names.h"
#include "x509/describe/parts.h"
#include "x509/extensions.h"
#include "x509/oid.h"

#define DAY 86400
#define MAX_WALKED 1000 /* extensions: the decoder accepts far less */

/* ---- Validity ---- */

/* Whole days, rounded down: negative once it has expired. */
static int64_t days_left(int64_t not_after, int64_t now)
{
    int64_t left = not_after - now;

    return left >= 0 ? left / DAY : -((-left + DAY - 1) / DAY);
}

static void validity(struct t99_outline *o, const struct t99_certificate *c, int64_t now)
{
    char from[T99_TIME_TEXT], until[T99_TIME_TEXT];
    char span[T99_DURATION_TEXT];
    const char *state = now > c->not_after ? "expired" : now < c->not_before ? "not yet valid" : "valid";

    t99_outline_label(o, "valid");
    t99_outline_sayf(o, "%.19s to %s", t99_time_text(from, sizeof from, c->not_before),
                     t99_time_text(until, sizeof until, c->not_after));
    if (now > c->not_after) {
        t99_outline_below(o);
        t99_outline_sayf(o, "EXPIRED %s ago", t99_duration_text(span, sizeof span, now - c->not_after));
    } else if (now < c->not_before) {
        t99_outline_below(o);
        t99_outline_sayf(o, "NOT YET VALID, for another %s",
                         t99_duration_text(span, sizeof span, c->not_before - now));
    } else {
        t99_outline_sayf(o, ", %s left", t99_duration_text(span, sizeof span, c->not_after - now));
    }
    t99_describe_time(o, "not_before", c->not_before);
    t99_describe_time(o, "not_after", c->not_after);
    t99_outline_number(o, "days_left", days_left(c->not_after, now));
    t99_outline_string(o, "validity", state);
}

/* ---- Keys and signatures ---- */

/* The OBJECT IDENTIFIER of an AlgorithmIdentifier, and the one in its parameters (.p NULL: none there). */
static struct t99_span algorithm_oid(struct t99_span algorithm, struct t99_span *parameter)
{
    const char *bad;
    struct reader r = rd_init(algorithm.p, algorithm.len, &bad),
                  seq = t99_der_enter(&r, DER_SEQUENCE, "algorithm");
    struct t99_span oid = t99_der_oid(&seq, "algorithm");

    *parameter = t99_der_peek(&seq, DER_OID) ? t99_der_oid(&seq, "parameters") : t99_span(NULL, 0);
    return rd_ok(&r) ? oid : t99_span(NULL, 0);
}

static struct t99_span key_algorithm(struct t99_span spki)
{
    const char *bad;
    struct reader r = rd_init(spki.p, spki.len, &bad), seq = t99_der_enter(&r, DER_SEQUENCE, "spki");

    return t99_der_element(&seq, NULL, "algorithm");
}

static void rsa_key(struct t99_outline *o, const struct t99_rsa_public *rsa)
{
    struct t99_span e = rsa->e;
    unsigned bits = (unsigned)t99_rsa_bits(rsa);
    uint32_t exponent = 0;
    size_t i;

    for (i = 0; i < e.len && i < 4; i++) {
        exponent = exponent << 8 | e.p[i];
    }
    t99_outline_sayf(o, "%u bits, exponent ", bits);
    t99_outline_number(o, "bits", bits);
    if (e.len <= 4) {
        t99_outline_sayf(o, "%lu", (unsigned long)exponent);
        t99_outline_number(o, "exponent", exponent);
    } else {
        t99_outline_say(o, "0x");
        t99_outline_hex(o, "exponent_hex", e, T99_OUTLINE_HEX);
    }
}

static void fingerprint(struct t99_outline *o, const char *label, const char *key, struct t99_span bytes)
{
    uint8_t digest[T99_HASH_MAX];

    t99_hash(&t99_sha256, digest, bytes.p, bytes.len);
    t99_outline_label(o, label);
    t99_outline_hex(o, key, t99_span(digest, t99_sha256.len), T99_OUTLINE_HEX);
}

static void ec_key(struct t99_outline *o, const struct t99_public_key *key, struct t99_span curve)
{
    t99_outline_say(o, "EC on ");
    t99_outline_open(o, "curve");
    t99_describe_oid(o, curve);
    t99_outline_close(o);
    if (key->curve != NULL) {
        t99_outline_number(o, "bits", (int64_t)key->curve->bits);
    }
}

/* Decoded again: if the certificate does not decode, its key perhaps does. */
static void public_key(struct t99_outline *o, const struct t99_certificate *c)
{
    struct t99_span curve, oid = algorithm_oid(key_algorithm(c->spki), &curve);
    struct t99_public_key key;
    const char *bad = NULL;
    bool ok = t99_decode_spki(&key, c->spki, &bad);
    char text[2 * T99_OID_TEXT];

    t99_outline_label(o, "key");
    t99_outline_open(o, "key");
    t99_describe_oid_fields(o, oid);
    if (!ok) {
        t99_outline_sayf(o, "malformed: %s", bad);
        t99_outline_string(o, "malformed", bad);
    } else if (key.type == T99_KEY_RSA || key.type == T99_KEY_RSA_PSS) {
        t99_outline_say(o, key.type == T99_KEY_RSA ? "RSA, " : "RSA-PSS, ");
        rsa_key(o, &key.rsa);
    } else if (key.type == T99_KEY_EC && curve.p != NULL) {
        ec_key(o, &key, curve);
    } else {
        t99_outline_say(o,
                        t99_oid_name(oid) != NULL ? t99_oid_name(oid) : t99_oid_text(text, sizeof text, oid));
    }
    fingerprint(o, "SPKI SHA-256", "spki_sha256", c->spki);
    t99_outline_close(o);
}

static void pss_parameters(struct t99_outline *o, const struct t99_sig_alg *alg)
{
    const char *hash = alg->hash != NULL   ? alg->hash->name
                       : alg->weak != NULL ? alg->weak
                                           : "unknown hash",
               *mgf = alg->mgf_hash != NULL ? alg->mgf_hash->name : "unknown hash";

    t99_outline_sayf(o, " with %s, MGF1 of %s, salt of %zu bytes", hash, mgf, alg->salt_len);
    t99_outline_string(o, "hash", hash);
    t99_outline_string(o, "mgf_hash", mgf);
    t99_outline_number(o, "salt_length", (int64_t)alg->salt_len);
}

static void signature(struct t99_outline *o, const struct t99_certificate *c)
{
    struct t99_span parameter, oid = algorithm_oid(c->inner_alg, &parameter);
    struct t99_sig_alg alg;
    const char *bad = NULL;
    uint32_t oddities = 0;

    t99_outline_label(o, "signature");
    t99_outline_open(o, "signature_algorithm");
    t99_describe_oid(o, oid);
    if (!t99_decode_sig_alg(&alg, c->inner_alg, &oddities, &bad)) {
        t99_outline_sayf(o, " (malformed: %s)", bad);
        t99_outline_string(o, "malformed", bad);
    } else if (alg.type == T99_SIG_RSA_PSS) {
        pss_parameters(o, &alg);
    }
    t99_outline_close(o);
}

/* ---- Extensions ---- */

/* The first with this id; false: there is none. */
static bool find_extension(struct t99_extension *e, const struct t99_certificate *c, enum t99_ext ext)
{
    const char *bad;
    struct reader r = rd_init(c->extensions.p, c->extensions.len, &bad);
    size_t i;

    for (i = 0; i < MAX_WALKED && rd_left(&r) != 0 && t99_next_extension(e, &r); i++) {
        if (t99_extension_id(e->oid) == (int)ext) {
            return true;
        }
    }
    return false;
}

/* True if it was as it should be. */
static bool understood_extension(struct t99_outline *o, const struct t99_extension_text *text,
                                 const struct t99_extension *e)
{
    const char *bad;
    struct reader r = rd_init(e->value.p, e->value.len, &bad);
    bool ok;

    text->describe(o, &r);
    ok = rd_end(&r, "extnValue");
    if (!ok) {
        t99_outline_sayf(o, " (malformed: %s)", bad);
    }
    if (e->critical) {
        t99_outline_say(o, " (critical)");
    }
    return ok;
}

static void unknown_extension(struct t99_outline *o, const struct t99_extension *e)
{
    char text[2 * T99_OID_TEXT];
    const char *name = t99_oid_name(e->oid);

    t99_outline_label(o, "other");
    t99_outline_sayf(o, "%s%s%s, %zu bytes%s ", t99_oid_text(text, sizeof text, e->oid),
                     name != NULL ? " " : "", name != NULL ? name : "", e->value.len,
                     e->critical ? " (critical):" : ":");
    if (!o->json) {
        t99_outline_hex(o, NULL, e->value, 16);
    }
}

/* JSON: all of them, in order. */
static void list_extensions(struct t99_outline *o, const struct t99_certificate *c, uint32_t malformed)
{
    const char *bad;
    struct reader r = rd_init(c->extensions.p, c->extensions.len, &bad);
    struct t99_extension e;
    size_t i;

    t99_outline_list(o, "extensions");
    for (i = 0; i < MAX_WALKED && rd_left(&r) != 0 && t99_next_extension(&e, &r); i++) {
        int id = t99_extension_id(e.oid);

        if (id < 0) {
            unknown_extension(o, &e);
        }
        if (!o->json || !t99_outline_item(o)) {
            continue;
        }
        t99_outline_open(o, NULL);
        t99_describe_oid(o, e.oid);
        t99_outline_bool(o, "critical", e.critical);
        t99_outline_bool(o, "understood", id >= 0);
        t99_outline_number(o, "size", (int64_t)e.value.len);
        if (id < 0) {
            t99_outline_hex(o, "value", e.value, T99_OUTLINE_HEX);
        } else if ((malformed >> id & 1) != 0) {
            t99_outline_bool(o, "malformed", true);
        }
        t99_outline_close(o);
    }
    t99_outline_list_end(o);
}

static void extensions(struct t99_outline *o, const struct t99_certificate *c)
{
    const struct t99_extension_text *text;
    struct t99_extension e;
    uint32_t malformed = 0;
    size_t i;

    for (i = 0; (text = t99_extension_text(i)) != NULL; i++) {
        if (find_extension(&e, c, text->ext)) {
            malformed |= understood_extension(o, text, &e) ? 0 : (uint32_t)1 << text->ext;
        }
    }
    list_extensions(o, c, malformed);
    t99_outline_bool(o, "must_staple", t99_must_staple(c));
}

/* ---- The whole ---- */

/* What is well-formed, but not as it should be. */
static void remarks(struct t99_outline *o, const struct t99_certificate *c)
{
    static const struct {
        uint32_t bit;
        const char *text;
    } odd[] = {
        { ODD_SERIAL_NEGATIVE, "the serial number is negative" },
        { ODD_SERIAL_ZERO, "the serial number is 0" },
        { ODD_SERIAL_LONG, "the serial number is longer than 20 bytes" },
        { ODD_TIME_ENCODING, "a time before 2050 is a GeneralizedTime" },
        { ODD_UNIQUE_ID, "it has a unique identifier, which nobody uses" },
        { ODD_EMPTY_ISSUER, "the issuer's name is empty" },
        { ODD_SIG_ALG_PARAMS, "the parameters of the signature algorithm are not as the RFC wants them" },
        { ODD_BASIC_CONSTRAINTS, "it limits the CAs below it and is no CA" },
        { ODD_VERSION, "it has parts that its version cannot have" },
        { ODD_DEFAULT_ENCODED, "basicConstraints: FALSE is written out, which DER leaves out" },
    };
    size_t i;

    t99_outline_list(o, "remarks");
    for (i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        if ((c->oddities & odd[i].bit) != 0) {
            t99_outline_label(o, "remark");
            t99_outline_say(o, odd[i].text);
            t99_outline_string(o, NULL, odd[i].text);
        }
    }
    t99_outline_list_end(o);
}

/* In hex, without the zero byte that keeps a large number from being negative. */
static void serial(struct t99_outline *o, const struct t99_certificate *c)
{
    struct t99_span n = c->serial;

    if (n.len > 1 && n.p[0] == 0) {
        n = t99_span(n.p + 1, n.len - 1);
    }
    t99_outline_label(o, "serial");
    t99_outline_hex(o, "serial", n, T99_OUTLINE_HEX);
    if (c->version != 3) {
        t99_outline_sayf(o, " (version %u)", (unsigned)c->version);
    }
    t99_outline_number(o, "version", c->version);
}

/* Up to where it decodes. */
static void fields(struct t99_outline *o, const struct t99_certificate *c, int64_t now)
{
    if (c->subject.p != NULL) {
        t99_outline_label(o, "subject");
        t99_describe_name(o, "subject", c->subject);
    }
    if (c->issuer.p != NULL) {
        t99_outline_label(o, "issuer");
        t99_describe_name(o, "issuer", c->issuer);
    }
    if (c->serial.p != NULL) {
        serial(o, c);
    }
    if (c->subject.p != NULL) { /* what stands before it, too */
        t99_outline_bool(o, "self_issued", t99_self_issued(c));
        validity(o, c, now);
        signature(o, c);
    }
    if (c->spki.p != NULL) {
        public_key(o, c);
    }
    if (c->extensions.p != NULL) {
        extensions(o, c);
    }
    remarks(o, c);
}

static void heading(struct t99_outline *o, size_t index, const struct t99_certificate *c)
{
    char name[T99_DESCRIBE_NAME];

    t99_outline_line(o, 0, 4);
    t99_outline_sayf(o, "[%zu] ", index);
    t99_outline_say(o, c->subject.p == NULL  ? "(not a certificate)"
                       : c->subject.len <= 2 ? "(no subject)"
                                             : t99_name_short(name, sizeof name, c->subject));
}

void t99_describe_certificate(struct t99_outline *o, size_t index, struct t99_span der, int64_t now)
{
    struct t99_certificate c;
    const char *bad = NULL;
    bool ok = t99_certificate_decode(&c, der, &bad);

    heading(o, index, &c);
    t99_outline_open(o, NULL);
    t99_outline_number(o, "index", (int64_t)index);
    t99_outline_number(o, "size", (int64_t)der.len);
    if (!ok) {
        bad = bad != NULL ? bad : "Certificate";
        t99_outline_label(o, "malformed");
        t99_outline_sayf(o, "does not decode: %s", bad);
        t99_outline_string(o, "malformed", bad);
    }
    fields(o, &c, now);
    fingerprint(o, "SHA-256", "sha256", der);
    t99_outline_close(o);
}
