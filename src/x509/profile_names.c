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

/* "Preferred name syntax": RFC 1034, 3.5, which knows no underscore. */
static bool is_preferred_syntax(struct t99_span name)
{
    return t99_dns_id_valid(name, true) && memchr(name.p, '_', name.len) == NULL;
}

struct t99_span t99_alt_name_malformed(const struct t99_certificate *c)
{
    const char *bad;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);
    enum t99_general_name type;
    struct t99_span value;

    while (t99_next_general_name(&r, &type, &value)) {
        if (type == GN_DNS && !is_preferred_syntax(value)) {
            return value;
        }
    }
    return t99_span(NULL, 0);
}

/* RFC 3492, 5 and 6.1. */
enum { PUNY_BASE = 36, PUNY_TMIN = 1, PUNY_TMAX = 26, PUNY_SKEW = 38, PUNY_DAMP = 700, PUNY_BIAS = 72 };

static uint32_t puny_adapt(uint32_t delta, uint32_t num_points, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / PUNY_DAMP : delta / 2;
    delta += delta / num_points;
    for (; delta > (PUNY_BASE - PUNY_TMIN) * PUNY_TMAX / 2; k += PUNY_BASE) {
        delta /= PUNY_BASE - PUNY_TMIN;
    }
    return k + (PUNY_BASE - PUNY_TMIN + 1) * delta / (delta + PUNY_SKEW);
}

/* A variable-length integer at *at: RFC 3492, 3.3. False: it has no end, or is too large. */
static bool puny_delta(uint32_t *delta, struct t99_span s, size_t *at, uint32_t bias)
{
    uint32_t weight = 1, k, t, digit;

    *delta = 0;
    for (k = PUNY_BASE; *at < s.len; k += PUNY_BASE) {
        uint8_t c = s.p[(*at)++];

        digit = c >= '0' && c <= '9' ? c - '0' + 26u : (c | 0x20u) - 'a';
        if (digit >= PUNY_BASE || digit > (UINT32_MAX - *delta) / weight) {
            return false;
        }
        *delta += digit * weight;
        t = k <= bias ? PUNY_TMIN : k >= bias + PUNY_TMAX ? PUNY_TMAX : k - bias;
        if (digit < t) {
            return true;
        }
        if (weight > UINT32_MAX / (PUNY_BASE - t)) {
            return false;
        }
        weight *= PUNY_BASE - t;
    }
    return false;
}

/* Does it decode to Unicode characters, at least one of which is not ASCII? RFC 3492, 6.2. */
static bool is_punycode(struct t99_span s)
{
    uint32_t num, delta, i = 0, n = 0x80, bias = PUNY_BIAS;
    size_t at = s.len;

    while (at > 0 && s.p[at - 1] != '-') {
        at--;
    }
    num = at > 1 ? (uint32_t)at - 1 : 0; /* before the last hyphen, ASCII stands for itself */
    at = num != 0 ? at : 0;
    if (at == s.len) {
        return false;
    }
    while (at < s.len) {
        if (!puny_delta(&delta, s, &at, bias) || delta > UINT32_MAX - i) {
            return false;
        }
        bias = puny_adapt(delta, ++num, i == 0 && n == 0x80);
        i += delta;
        n += i / num;
        if (n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff)) {
            return false;
        }
        i = i % num + 1;
    }
    return true;
}

/*
 * BR 7.1.2.7.12: labels are P-labels or have no hyphens in the third and fourth place (RFC 5890, 2.3.1 and
 * 2.3.2.1).
 */
static bool is_web_label(struct t99_span label)
{
    if (label.len < 4 || label.p[2] != '-' || label.p[3] != '-') {
        return true;
    }
    return (label.p[0] | 0x20) == 'x' && (label.p[1] | 0x20) == 'n' &&
           is_punycode(t99_span(label.p + 4, label.len - 4));
}

static const char *dns_fault(struct t99_span name)
{
    size_t i, start = 0, dots = 0;
    struct t99_span label = name;

    if (!t99_dns_id_valid(name, true)) {
        return "a dNSName that is no domain name";
    }
    for (i = 0; i <= name.len; i++) {
        if (i == name.len || name.p[i] == '.') {
            label = t99_span(name.p + start, i - start);
            if (!is_web_label(label)) {
                return "a dNSName with a label that is neither LDH nor Punycode";
            }
            dots += i < name.len ? 1 : 0;
            start = i + 1;
        }
    }
    for (i = 0; i < label.len && label.p[i] >= '0' && label.p[i] <= '9'; i++) {
    }
    if (i == label.len) {
        return "a dNSName that ends in a number";
    }
    return name.p[0] == '*' && dots < 2 ? "a wildcard for a whole top-level domain" : NULL;
}

/*
 * Reserved addresses and names of one label, which no CA of the web PKI issues (BR 4.2.2), are let pass: what
 * they can do harm to is no public name, and whoever asks for one knows so.
 */
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
 * domain above the names in the subjectAltName ("example.com" for "*.example.com"), and a domain where there
 * is none that it could be a copy of: nothing but addresses and names of one label.
 */
bool t99_common_name_is_alt_name(const struct t99_certificate *c)
{
    const char *bad;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);
    enum t99_general_name type;
    struct t99_span value, cn;
    uint8_t tag;
    size_t num, num_domains = 0;
    bool domain;
    char text[40];

    cn = t99_common_name(c->subject, &tag, &num);
    if (num != 1) {
        return num == 0;
    }
    domain = is_domain(cn);
    while (t99_next_general_name(&r, &type, &value)) {
        num_domains += type == GN_DNS && memchr(value.p, '.', value.len) != NULL ? 1 : 0;
        if (type == GN_IP) {
            t99_ip_text(text, value.p, value.len);
            value = t99_span(text, strlen(text));
        }
        if ((type == GN_IP || type == GN_DNS) &&
            (t99_span_equal(cn, value) || (type == GN_DNS && domain && is_below(value, cn)))) {
            return true;
        }
    }
    return domain && num_domains == 0;
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
