#include "x509/crl_scope.h"

#include "base/writer.h"
#include "x509/der.h"
#include "x509/name.h"

bool t99_next_crl_point(struct reader *r, struct t99_crl_point *point)
{
    struct reader one, name;

    if (rd_left(r) == 0) {
        return false;
    }
    t99_implied_crl_point(point);
    one = t99_der_enter(r, DER_SEQUENCE, "distributionPoint");
    if (t99_der_peek(&one, DER_CONTEXT_CONSTRUCTED | 0)) {
        name = t99_der_enter(&one, DER_CONTEXT_CONSTRUCTED | 0, "distributionPoint");
        point->name = rd_rest(&name);
    }
    if (t99_der_peek(&one, DER_CONTEXT | 1)) {
        point->reasons = t99_der_named_bits(&one, DER_CONTEXT | 1, "reasons") & T99_REASONS_ALL;
    }
    if (t99_der_peek(&one, DER_CONTEXT_CONSTRUCTED | 2)) {
        point->crl_issuer = t99_der_contents(&one, DER_CONTEXT_CONSTRUCTED | 2, "cRLIssuer");
    }
    return rd_end(&one, "distributionPoint");
}

void t99_implied_crl_point(struct t99_crl_point *point)
{
    point->name = t99_span(NULL, 0);
    point->crl_issuer = t99_span(NULL, 0);
    point->reasons = T99_REASONS_ALL;
}

#define RELATIVE_MAX 512

/* One name that a DistributionPointName stands for. */
struct point_name {
    enum t99_general_name type;
    struct t99_span value;
    uint8_t relative[RELATIVE_MAX]; /* what value is in, if it had to be put together */
};

/* Tag and length of up to 0xffff, as DER wants it. */
static void write_header(struct writer *w, uint8_t tag, size_t len)
{
    wr_u8(w, tag);
    if (len >= 0x100) {
        wr_u8(w, 0x82);
        wr_u16(w, (uint16_t)len);
        return;
    }
    if (len >= 0x80) {
        wr_u8(w, 0x81);
    }
    wr_u8(w, (uint8_t)len);
}

/* issuer's RDNs and one more: a Name in out->relative. */
static bool append_rdn(struct point_name *out, struct t99_span issuer, struct t99_span rdn)
{
    const char *bad;
    struct reader r = rd_init(issuer.p, issuer.len, &bad);
    struct t99_span rdns = t99_der_contents(&r, DER_SEQUENCE, "name");
    size_t header = rdn.len < 0x80 ? 2 : rdn.len < 0x100 ? 3 : 4;
    struct writer w = wr_init(out->relative, sizeof out->relative);

    if (!rd_ok(&r) || rdn.len > RELATIVE_MAX || rdns.len > RELATIVE_MAX) {
        return false;
    }
    write_header(&w, DER_SEQUENCE, rdns.len + header + rdn.len);
    wr_bytes(&w, rdns.p, rdns.len);
    write_header(&w, DER_SET, rdn.len);
    wr_bytes(&w, rdn.p, rdn.len);
    out->type = GN_DIRECTORY;
    out->value = t99_span(out->relative, w.len);
    return wr_ok(&w);
}

/* The i-th name of a DistributionPointName, whose relative form hangs under issuer. */
static bool name_at(struct point_name *out, struct t99_span point, struct t99_span issuer, size_t i)
{
    const char *bad;
    struct reader r = rd_init(point.p, point.len, &bad), full;

    if (t99_der_peek(&r, DER_CONTEXT_CONSTRUCTED | 1)) {
        return i == 0 &&
               append_rdn(out, issuer, t99_der_contents(&r, DER_CONTEXT_CONSTRUCTED | 1, "relative"));
    }
    full = t99_der_enter(&r, DER_CONTEXT_CONSTRUCTED | 0, "fullName");
    do {
        if (!t99_next_general_name(&full, &out->type, &out->value)) {
            return false;
        }
    } while (i-- > 0);
    return true;
}

static bool same_general_name(enum t99_general_name a_type, struct t99_span a, enum t99_general_name b_type,
                              struct t99_span b)
{
    return a_type == b_type && (a_type == GN_DIRECTORY ? t99_name_equal(a, b) : t99_span_equal(a, b));
}

/* The first directory name among general names: who a cRLIssuer is. */
static struct t99_span first_directory(struct t99_span general_names)
{
    const char *bad;
    struct reader r = rd_init(general_names.p, general_names.len, &bad);
    enum t99_general_name type;
    struct t99_span value;

    while (t99_next_general_name(&r, &type, &value)) {
        if (type == GN_DIRECTORY) {
            return value;
        }
    }
    return t99_span(NULL, 0);
}

#define NAMES_MAX 32 /* of a point; more are not looked at */

/* 6.3.3 (b) (2) (i): one name in common. */
static bool points_meet(const struct t99_crl *crl, const struct t99_crl_point *point,
                        const struct t99_certificate *c)
{
    struct t99_span authority = point->crl_issuer.p != NULL ? first_directory(point->crl_issuer) : c->issuer;
    struct point_name ours, theirs;
    size_t i, j;

    for (i = 0; i < NAMES_MAX && name_at(&theirs, crl->point, crl->issuer, i); i++) {
        if (point->name.p == NULL) {
            if (authority.p != NULL &&
                same_general_name(theirs.type, theirs.value, GN_DIRECTORY, authority)) {
                return true;
            }
            continue;
        }
        for (j = 0; j < NAMES_MAX && name_at(&ours, point->name, authority, j); j++) {
            if (same_general_name(theirs.type, theirs.value, ours.type, ours.value)) {
                return true;
            }
        }
    }
    return false;
}

static bool names_directory(struct t99_span general_names, struct t99_span name)
{
    const char *bad;
    struct reader r = rd_init(general_names.p, general_names.len, &bad);
    enum t99_general_name type;
    struct t99_span value;

    while (t99_next_general_name(&r, &type, &value)) {
        if (type == GN_DIRECTORY && t99_name_equal(value, name)) {
            return true;
        }
    }
    return false;
}

bool t99_crl_in_scope(const struct t99_crl *crl, const struct t99_crl_point *point,
                      const struct t99_certificate *c)
{
    if (point->crl_issuer.p != NULL) {
        if (!crl->indirect || !names_directory(point->crl_issuer, crl->issuer)) {
            return false;
        }
    } else if (!t99_name_equal(crl->issuer, c->issuer)) {
        return false;
    }
    if (crl->only_attribute || (crl->only_user && c->is_ca) || (crl->only_ca && !c->is_ca)) {
        return false;
    }
    return crl->point.p == NULL || points_meet(crl, point, c);
}
