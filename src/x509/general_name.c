/* Subject alternative names and the names that users ask for: RFC 5280, 4.2.1.6; RFC 9525. */
#include <string.h>

#include "x509/attribute.h"
#include "x509/der.h"
#include "x509/ip.h"
#include "x509/name.h"
#include "x509/oid.h"

static const char *const names[9] = { "otherName",
                                      "rfc822Name",
                                      "dNSName",
                                      "x400Address",
                                      "directoryName",
                                      "ediPartyName",
                                      "uniformResourceIdentifier",
                                      "iPAddress",
                                      "registeredID" };

/* IA5String: RFC 5280 has mail addresses, domain names and URIs in ASCII. */
static bool is_ascii(struct t99_span s)
{
    uint8_t all = 0;
    size_t i;

    for (i = 0; i < s.len; i++) {
        all |= s.p[i];
    }
    return all < 0x80;
}

/* OtherName: an OID and [0] EXPLICIT of anything. */
static bool is_other_name(const struct reader *r, struct t99_span value)
{
    struct reader inner = t99_der_inside(r, value), any;

    t99_der_oid(&inner, "otherName");
    any = t99_der_enter(&inner, DER_CONTEXT_CONSTRUCTED | 0, "otherName");
    t99_der_element(&any, NULL, "otherName");
    return rd_ok(&any) && rd_left(&any) == 0 && rd_left(&inner) == 0;
}

/*
 * Is value what the type says? A directoryName is EXPLICIT, as Name is a CHOICE: its contents are the Name
 * whole.
 */
static bool check_value(const struct reader *r, enum t99_general_name type, struct t99_span value)
{
    switch (type) {
    case GN_EMAIL:
    case GN_DNS:
    case GN_URI:
        return is_ascii(value);
    case GN_DIRECTORY:
        return t99_name_well_formed(value);
    case GN_OTHER:
        return is_other_name(r, value);
    case GN_OID:
        return t99_oid_valid(value);
    default:
        return true;
    }
}

bool t99_next_general_name(struct reader *r, enum t99_general_name *type, struct t99_span *value)
{
    static const uint8_t constructed[9] = { 1, 0, 0, 1, 1, 1, 0, 0, 0 };
    uint8_t tag, number;

    if (rd_left(r) == 0) {
        return false;
    }
    tag = r->pos[0];
    number = tag & 0x1f;
    if ((tag & 0xc0) != 0x80 || number > GN_OID || ((tag & 0x20) != 0) != (constructed[number] != 0)) {
        return rd_refuse(r, "GeneralName");
    }
    *type = (enum t99_general_name)number;
    *value = t99_der_contents(r, tag, "GeneralName");
    return rd_ok(r) && (check_value(r, *type, *value) || rd_refuse(r, names[number]));
}

static bool label_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* LDH labels of 1 to 63 characters, at most 253 in all. */
static bool valid_labels(const uint8_t *p, size_t len)
{
    size_t i, label = 0;

    if (len == 0 || len > 253) {
        return false;
    }
    for (i = 0; i <= len; i++) {
        if (i == len || p[i] == '.') {
            if (label == 0 || label > 63 || p[i - 1] == '-' || p[i - label] == '-') {
                return false;
            }
            label = 0;
        } else if (!label_char(p[i])) {
            return false;
        } else {
            label++;
        }
    }
    return true;
}

bool t99_dns_id_valid(struct t99_span presented, bool allow_wildcard)
{
    if (allow_wildcard && presented.len > 2 && presented.p[0] == '*' && presented.p[1] == '.') {
        return valid_labels(presented.p + 2, presented.len - 2);
    }
    return valid_labels(presented.p, presented.len);
}

static bool same_dns(const uint8_t *p, const char *reference, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        uint8_t c = p[i] >= 'A' && p[i] <= 'Z' ? (uint8_t)(p[i] - 'A' + 'a') : p[i];

        if (c != (uint8_t)reference[i]) {
            return false;
        }
    }
    return true;
}

/* RFC 9525, 6.3; a wildcard stands for one whole label, and not for all names of a top-level domain. */
bool t99_dns_matches(struct t99_span presented, const char *reference)
{
    size_t len = strlen(reference), rest;
    const char *dot;

    if (!t99_dns_id_valid(presented, true)) {
        return false;
    }
    if (presented.p[0] != '*') {
        return presented.len == len && same_dns(presented.p, reference, len);
    }
    dot = strchr(reference, '.');
    if (dot == NULL || dot == reference || memchr(presented.p + 2, '.', presented.len - 2) == NULL) {
        return false;
    }
    rest = strlen(dot);
    return presented.len - 1 == rest && same_dns(presented.p + 1, dot, rest);
}

/* The last label is all digits: no host name, but perhaps an address badly written. */
static bool ends_in_number(const char *name)
{
    const char *dot = strrchr(name, '.'), *last = dot != NULL ? dot + 1 : name;

    return last[strspn(last, "0123456789")] == '\0';
}

bool t99_peer_name_parse(struct t99_peer_name *name, const char *text)
{
    size_t len = strlen(text), i;

    memset(name, 0, sizeof *name);
    name->ip_len = (uint8_t)t99_ip_parse(name->ip, text);
    if (name->ip_len != 0) {
        name->type = GN_IP;
        return true;
    }
    if (len > 0 && text[len - 1] == '.') {
        len--;
    }
    if (!valid_labels((const uint8_t *)text, len)) {
        return false;
    }
    name->type = GN_DNS;
    for (i = 0; i < len; i++) {
        name->dns[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
    }
    return !ends_in_number(name->dns);
}

bool t99_peer_name_matches(const struct t99_peer_name *name, const struct t99_certificate *c,
                           struct t99_span *matched)
{
    const char *bad = NULL;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);
    enum t99_general_name type;
    struct t99_span value;

    while (t99_next_general_name(&r, &type, &value)) {
        if (type == name->type && (type == GN_IP ? t99_span_equal(value, t99_span(name->ip, name->ip_len))
                                                 : type == GN_DNS && t99_dns_matches(value, name->dns))) {
            *matched = value;
            return true;
        }
    }
    return false;
}
