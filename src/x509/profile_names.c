#include <stdio.h>
#include <string.h>

#include "x509/der.h"
#include "x509/name.h"
#include "x509/profile.h"

struct purpose {
    const char *name;
    size_t oid_len;
    uint8_t oid[10];
};

static const struct purpose forbidden[] = {
    { "anyExtendedKeyUsage", 4, { 0x55, 0x1d, 0x25, 0x00 } },
    { "codeSigning", 8, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03 } },
    { "emailProtection", 8, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04 } },
    { "timeStamping", 8, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08 } },
    { "OCSPSigning", 8, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09 } },
    { "precertificate signing", 10, { 0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x04 } },
};

const char *t99_web_eku_fault(const struct t99_certificate *c)
{
    const char *bad;
    struct reader r = rd_init(c->ext_key_usage.p, c->ext_key_usage.len, &bad);
    size_t i;

    while (rd_left(&r) != 0) {
        struct t99_span oid = t99_der_contents(&r, DER_OID, "keyPurposeId");

        for (i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
            if (t99_span_equal(oid, t99_span(forbidden[i].oid, forbidden[i].oid_len))) {
                return forbidden[i].name;
            }
        }
    }
    return NULL;
}

bool t99_holds_server_name(const struct t99_certificate *c)
{
    const char *bad;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);
    enum t99_general_name type;
    struct t99_span value;

    while (t99_next_general_name(&r, &type, &value)) {
        if (type == GN_DNS || type == GN_IP) {
            return true;
        }
    }
    return false;
}

/*
 * Addresses that no one on the Internet has (BR 4.2.2), by prefix. ::1 and the blocks for documentation are
 * left out: tests and examples live there.
 */
static const struct {
    uint8_t len, bits, prefix[2];
} reserved[] = {
    { 4, 8, { 0 } },         { 4, 8, { 10 } },       { 4, 8, { 127 } },
    { 4, 16, { 169, 254 } }, { 4, 12, { 172, 16 } }, { 4, 16, { 192, 168 } },
    { 4, 3, { 224 } },       { 16, 7, { 0xfc } },    { 16, 10, { 0xfe, 0x80 } },
    { 16, 8, { 0xff } },
};

static bool is_reserved(struct t99_span ip)
{
    size_t i;

    for (i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        unsigned bits = reserved[i].bits;

        if (ip.len == reserved[i].len &&
            (load_be16(ip.p) ^ load_be16(reserved[i].prefix)) >> (16 - bits) == 0) {
            return true;
        }
    }
    return false;
}

static const char *dns_fault(struct t99_span name)
{
    size_t i, dots = 0;

    if (!t99_dns_id_valid(name, true)) {
        return "a dNSName that is no domain name";
    }
    for (i = 0; i < name.len; i++) {
        if (name.p[i] == '_') {
            return "an underscore in a dNSName";
        }
        dots += name.p[i] == '.' ? 1 : 0;
    }
    if (dots == 0) {
        return "a dNSName of one label";
    }
    return name.p[0] == '*' && dots < 2 ? "a wildcard for a whole top-level domain" : NULL;
}

const char *t99_alt_name_fault(const struct t99_certificate *c)
{
    const char *bad, *fault = NULL;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);
    enum t99_general_name type;
    struct t99_span value;

    while (fault == NULL && t99_next_general_name(&r, &type, &value)) {
        if (type == GN_DNS) {
            fault = dns_fault(value);
        } else if (type != GN_IP) {
            fault = "a name that is neither dNSName nor iPAddress";
        } else if (value.len != 4 && value.len != 16) {
            fault = "an iPAddress of a wrong length";
        } else if (is_reserved(value)) {
            fault = "a reserved iPAddress";
        }
    }
    return fault == NULL && !rd_ok(&r) ? "malformed" : fault;
}

/* The longest run of zero groups, the first if there are several, and of two at least, becomes "::". */
static void ipv6_text(char *out, const uint8_t *ip)
{
    unsigned groups[8], i, j, best = 8, best_len = 1;
    size_t n = 0;

    for (i = 0; i < 8; i++) {
        groups[i] = load_be16(ip + 2 * i);
    }
    for (i = 0; i < 8; i++) {
        for (j = i; j < 8 && groups[j] == 0; j++) {
        }
        if (j - i > best_len) {
            best = i;
            best_len = j - i;
        }
    }
    for (i = 0; i < 8; i++) {
        if (i == best) {
            n += (size_t)snprintf(out + n, 40 - n, "::");
            i += best_len - 1;
        } else {
            n += (size_t)snprintf(out + n, 40 - n, "%s%x", n != 0 && out[n - 1] != ':' ? ":" : "", groups[i]);
        }
    }
}

const char *t99_ip_text(char *out, const uint8_t *ip, size_t len)
{
    if (len == 4) {
        snprintf(out, 40, "%u.%u.%u.%u", (unsigned)ip[0], (unsigned)ip[1], (unsigned)ip[2], (unsigned)ip[3]);
    } else if (len == 16) {
        ipv6_text(out, ip);
    } else {
        out[0] = '\0';
    }
    return out;
}

/* Is sub a name below domain, or its wildcard? */
static bool is_below(struct t99_span sub, struct t99_span domain)
{
    return sub.len > domain.len + 1 && sub.p[sub.len - domain.len - 1] == '.' &&
           memcmp(sub.p + sub.len - domain.len, domain.p, domain.len) == 0;
}

/* "example.com": a domain name whose last label is not numeric, so that it cannot be meant for an address. */
static bool is_domain(struct t99_span name)
{
    return t99_dns_id_valid(name, false) && memchr(name.p, '.', name.len) != NULL &&
           (name.p[name.len - 1] < '0' || name.p[name.len - 1] > '9');
}

/*
 * BR 7.1.4.3 wants a letter by letter copy. Two other uses do not mislead anybody and are let pass: the
 * domain above the names in the subjectAltName ("example.com" for "*.example.com"), and a domain beside
 * nothing but addresses.
 */
bool t99_common_name_is_alt_name(const struct t99_certificate *c)
{
    const char *bad;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);
    enum t99_general_name type;
    struct t99_span value, cn;
    uint8_t tag;
    size_t num, num_dns = 0;
    bool domain;
    char text[40];

    cn = t99_common_name(c->subject, &tag, &num);
    if (num != 1) {
        return num == 0;
    }
    domain = is_domain(cn);
    while (t99_next_general_name(&r, &type, &value)) {
        num_dns += type == GN_DNS ? 1 : 0;
        if (type == GN_IP) {
            t99_ip_text(text, value.p, value.len);
            value = t99_span(text, strlen(text));
        }
        if ((type == GN_IP || type == GN_DNS) &&
            (t99_span_equal(cn, value) || (type == GN_DNS && domain && is_below(value, cn)))) {
            return true;
        }
    }
    return domain && num_dns == 0;
}

static bool is_http_url(enum t99_general_name type, struct t99_span value)
{
    return type == GN_URI && value.len > 7 && memcmp(value.p, "http://", 7) == 0;
}

bool t99_aia_valid(struct t99_span info)
{
    static const uint8_t arc[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30 };
    const char *bad;
    struct reader r = rd_init(info.p, info.len, &bad);
    enum t99_general_name type;
    struct t99_span value;
    bool ok = info.len != 0;

    while (ok && rd_left(&r) != 0) {
        struct reader one = t99_der_enter(&r, DER_SEQUENCE, "accessDescription");
        struct t99_span method = t99_der_contents(&one, DER_OID, "accessMethod");

        ok = method.len == 8 && memcmp(method.p, arc, 7) == 0 && (method.p[7] == 1 || method.p[7] == 2) &&
             t99_next_general_name(&one, &type, &value) && is_http_url(type, value) && rd_left(&one) == 0;
    }
    return ok && rd_ok(&r);
}

bool t99_crl_points_valid(struct t99_span points)
{
    const char *bad;
    struct reader r = rd_init(points.p, points.len, &bad);
    enum t99_general_name type;
    struct t99_span value;
    bool ok = points.len != 0;

    while (ok && rd_left(&r) != 0) {
        struct reader point = t99_der_enter(&r, DER_SEQUENCE, "distributionPoint");
        struct reader name = t99_der_enter(&point, DER_CONTEXT_CONSTRUCTED | 0, "distributionPointName");
        struct reader full = t99_der_enter(&name, DER_CONTEXT_CONSTRUCTED | 0, "fullName");

        ok = rd_left(&full) != 0 && rd_left(&point) == 0; /* no reasons, no cRLIssuer */
        while (ok && t99_next_general_name(&full, &type, &value)) {
            ok = is_http_url(type, value);
        }
    }
    return ok && rd_ok(&r);
}
