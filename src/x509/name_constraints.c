#include "x509/name_constraints.h"

#include <stdio.h>
#include <string.h>

#include "x509/checks.h"
#include "x509/der.h"
#include "x509/name.h"
#include "x509/profile.h"

/* A name in a certificate, or the base of a subtree. */
struct name {
    enum t99_general_name type;
    struct t99_span value;
};

/* Everything that one check needs. */
struct check {
    const struct t99_certificate *ca;
    size_t ca_depth;
    struct t99_span permitted, excluded; /* contents of GeneralSubtrees; .p NULL: absent */
    unsigned constrained;                /* set of 1 << type that a subtree has */
    struct t99_work *work;
    struct t99_fault *why;
};

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool equal_folded(struct t99_span a, struct t99_span b)
{
    size_t i;

    for (i = 0; a.len == b.len && i < a.len && lower(a.p[i]) == lower(b.p[i]); i++) {
    }
    return a.len == b.len && i == a.len;
}

static struct t99_span tail(struct t99_span s, size_t from)
{
    return t99_span(s.p + from, s.len - from);
}

/* True if `domain` is `base` or lies below it; ".base": only below. */
static bool domain_within(struct t99_span domain, struct t99_span base)
{
    if (base.len == 0) {
        return true;
    }
    if (domain.len < base.len || !equal_folded(tail(domain, domain.len - base.len), base)) {
        return false;
    }
    return base.p[0] == '.' ? domain.len > base.len
                            : domain.len == base.len || domain.p[domain.len - base.len - 1] == '.';
}

/* "*.example.com" stands for all names of one more label: are they all within base? */
static bool dns_permitted(struct t99_span dns, struct t99_span base)
{
    if (dns.len > 2 && dns.p[0] == '*') {
        struct t99_span parent = tail(dns, 2);

        return domain_within(parent, base) || (base.len != 0 && equal_folded(tail(dns, 1), base));
    }
    return domain_within(dns, base);
}

/* Is one of them within base? */
static bool dns_excluded(struct t99_span dns, struct t99_span base)
{
    size_t i;

    if (dns_permitted(dns, base)) {
        return true;
    }
    if (dns.len <= 2 || dns.p[0] != '*' || base.p[0] == '.') {
        return false;
    }
    for (i = 0; i < base.len && base.p[i] != '.'; i++) {
    }
    return i < base.len && equal_folded(tail(base, i), tail(dns, 1)); /* base is "label.example.com" */
}

static bool ip_within(struct t99_span ip, struct t99_span base)
{
    size_t i;

    if (base.len != 2 * ip.len) {
        return false;
    }
    for (i = 0; i < ip.len && ((ip.p[i] ^ base.p[i]) & base.p[ip.len + i]) == 0; i++) {
    }
    return i == ip.len;
}

/* Where the host of a mailbox begins; 0: it has none. */
static size_t mailbox_host(struct t99_span mailbox)
{
    size_t i;

    for (i = mailbox.len; i > 0 && mailbox.p[i - 1] != '@'; i--) {
    }
    return i > 1 ? i : 0;
}

/*
 * A mailbox, all mailboxes of a host, or ".domain": all hosts below it. The local part is compared as it
 * stands.
 */
static bool email_within(struct t99_span email, struct t99_span base)
{
    size_t host = mailbox_host(email), base_host = mailbox_host(base);

    if (base_host != 0) {
        return host == base_host && memcmp(email.p, base.p, host) == 0 &&
               equal_folded(tail(email, host), tail(base, host));
    }
    if (base.len == 0 || base.p[0] == '.') {
        return domain_within(tail(email, host), base);
    }
    return equal_folded(tail(email, host), base);
}

/* The host of scheme://user@host:port/path; .len 0: none, or an address literal. */
static struct t99_span uri_host(struct t99_span uri)
{
    size_t i, start, end, digits = 0;

    for (i = 0; i + 3 <= uri.len && memcmp(uri.p + i, "://", 3) != 0; i++) {
    }
    start = end = i + 3 <= uri.len ? i + 3 : uri.len;
    while (end < uri.len && uri.p[end] != '/' && uri.p[end] != '?' && uri.p[end] != '#') {
        end++;
    }
    for (i = start; i < end; i++) {
        if (uri.p[i] == '@') {
            start = i + 1;
        }
    }
    for (i = start; i < end && uri.p[i] != ':'; i++) {
        digits += (uri.p[i] >= '0' && uri.p[i] <= '9') || uri.p[i] == '.' ? 1 : 0;
    }
    end = i;
    return digits == end - start || uri.p[start] == '[' ? t99_span(NULL, 0)
                                                        : t99_span(uri.p + start, end - start);
}

static bool uri_within(struct t99_span uri, struct t99_span base)
{
    struct t99_span host = uri_host(uri);

    return base.len == 0 || base.p[0] == '.' ? domain_within(host, base) : equal_folded(host, base);
}

static bool name_within(const struct name *n, struct t99_span base, bool excluded)
{
    switch (n->type) {
    case GN_DNS:
        return excluded ? dns_excluded(n->value, base) : dns_permitted(n->value, base);
    case GN_IP:
        return ip_within(n->value, base);
    case GN_EMAIL:
        return email_within(n->value, base);
    case GN_URI:
        return uri_within(n->value, base);
    case GN_DIRECTORY:
        return t99_name_within(n->value, base);
    default:
        return false;
    }
}

/* Is this a name that can be compared? */
static bool name_valid(const struct name *n)
{
    size_t host;

    switch (n->type) {
    case GN_DNS:
        return t99_dns_id_valid(n->value, true);
    case GN_IP:
        return n->value.len == 4 || n->value.len == 16;
    case GN_EMAIL:
        host = mailbox_host(n->value);
        return host != 0 && t99_dns_id_valid(tail(n->value, host), false);
    case GN_URI:
        return uri_host(n->value).len != 0;
    default:
        return n->type == GN_DIRECTORY;
    }
}

static bool domain_base_valid(struct t99_span base, bool dot_allowed)
{
    if (base.len != 0 && base.p[0] == '.' && dot_allowed) {
        base = tail(base, 1);
    }
    return base.len == 0 || t99_dns_id_valid(base, false);
}

/* The mask must be ones and then zeros: RFC 5280 takes it from RFC 4632. */
static bool ip_base_valid(struct t99_span base)
{
    size_t i, half = base.len / 2;
    bool zeros = false;
    unsigned bit;

    for (i = half; i < base.len; i++) {
        for (bit = 0x80; bit != 0; bit >>= 1) {
            bool one = (base.p[i] & bit) != 0;

            if (one && zeros) {
                return false;
            }
            zeros = !one;
        }
    }
    return base.len == 8 || base.len == 32;
}

static bool base_valid(const struct name *n, bool strict)
{
    size_t host;

    switch (n->type) {
    case GN_DNS:
        return domain_base_valid(n->value, !strict);
    case GN_IP:
        return ip_base_valid(n->value);
    case GN_EMAIL:
        host = mailbox_host(n->value);
        return domain_base_valid(tail(n->value, host), host == 0);
    case GN_URI:
        return domain_base_valid(n->value, true);
    default:
        return true; /* a Name is well-formed by now; the others are refused where such a name appears */
    }
}

static bool next_subtree(struct reader *r, struct name *base)
{
    struct reader one;
    bool found;

    if (rd_left(r) == 0) {
        return false;
    }
    one = t99_der_enter(r, DER_SEQUENCE, "generalSubtree");
    found = t99_next_general_name(&one, &base->type, &base->value);
    if (rd_left(&one) != 0) { /* minimum is 0, which DER leaves out, and there is no maximum */
        (void)rd_refuse(&one, "minimum or maximum");
    }
    return found && rd_ok(r);
}

static bool scan_subtrees(struct check *k, struct t99_span subtrees, bool strict)
{
    const char *bad;
    struct reader r = rd_init(subtrees.p, subtrees.len, &bad);
    struct name base;
    char text[64];

    while (next_subtree(&r, &base)) {
        if (!t99_work_spend(&k->work->names, 1)) {
            return t99_refuse(k->why, ALERT_BAD_CERTIFICATE, "too many name constraints", k->ca_depth, k->ca,
                              "has more than can be checked");
        }
        if (!base_valid(&base, strict)) {
            return t99_refuse(k->why, ALERT_BAD_CERTIFICATE, "unsupported or invalid name constraint syntax",
                              k->ca_depth, k->ca, "constrains names to \"%s\", which is malformed",
                              t99_printable(text, sizeof text, base.value.p, base.value.len));
        }
        k->constrained |= 1u << base.type;
    }
    if (!rd_ok(&r) || (subtrees.p != NULL && subtrees.len == 0)) {
        return t99_refuse(k->why, ALERT_BAD_CERTIFICATE, "unsupported or invalid name constraint syntax",
                          k->ca_depth, k->ca, "has nameConstraints with a bad %s",
                          rd_ok(&r) ? "subtree: empty" : bad);
    }
    return true;
}

static bool decode(struct check *k, bool strict)
{
    const char *bad;
    struct reader r = rd_init(k->ca->name_constraints.p, k->ca->name_constraints.len, &bad);

    if (t99_der_peek(&r, DER_CONTEXT_CONSTRUCTED | 0)) {
        k->permitted = t99_der_contents(&r, DER_CONTEXT_CONSTRUCTED | 0, "permittedSubtrees");
    }
    if (t99_der_peek(&r, DER_CONTEXT_CONSTRUCTED | 1)) {
        k->excluded = t99_der_contents(&r, DER_CONTEXT_CONSTRUCTED | 1, "excludedSubtrees");
    }
    if (!rd_end(&r, "nameConstraints") || (k->permitted.p == NULL && k->excluded.p == NULL)) {
        return t99_refuse(k->why, ALERT_BAD_CERTIFICATE, "unsupported or invalid name constraint syntax",
                          k->ca_depth, k->ca, "has nameConstraints that are empty or malformed");
    }
    return scan_subtrees(k, k->permitted, strict) && scan_subtrees(k, k->excluded, strict);
}

static const char *show_name(char *out, size_t out_len, const struct name *n)
{
    static const char *const kinds[] = { "other name", "e-mail ",         "DNS name ",
                                         "X.400 name", "directory name ", "EDI name",
                                         "URI ",       "address ",        "registered ID" };
    int n_out = snprintf(out, out_len, "%s", kinds[n->type]);
    size_t used = n_out < 0 ? 0 : (size_t)n_out;

    if (n->type == GN_DIRECTORY) {
        t99_name_text(out + used, out_len - used, n->value);
    } else if (n->type == GN_IP && out_len - used >= 40) {
        t99_ip_text(out + used, n->value.p, n->value.len);
    } else if (n->type == GN_EMAIL || n->type == GN_DNS || n->type == GN_URI) {
        t99_printable(out + used, out_len - used, n->value.p, n->value.len);
    }
    return out;
}

/* *found: a subtree of that kind; the result: one that holds the name. */
static bool in_subtrees(struct check *k, struct t99_span subtrees, const struct name *n, bool excluded,
                        bool *found)
{
    const char *bad;
    struct reader r = rd_init(subtrees.p, subtrees.len, &bad);
    struct name base;

    *found = false;
    while (next_subtree(&r, &base)) {
        size_t len = base.type == n->type ? n->value.len + base.value.len : 0;

        if (!t99_work_spend(&k->work->names, 1 + len / (n->type == GN_DIRECTORY ? 8 : 64))) {
            return false;
        }
        if (base.type == n->type) {
            *found = true;
            if (name_within(n, base.value, excluded)) {
                return true;
            }
        }
    }
    return false;
}

static bool refuse_name(struct check *k, const char *phrase, const struct t99_certificate *cert, size_t depth,
                        const struct name *n, const char *relation)
{
    char text[128], ca[T99_CERT_TEXT];

    return t99_refuse(k->why, ALERT_BAD_CERTIFICATE, phrase, depth, cert, "holds the %s, which %s %s",
                      show_name(text, sizeof text, n), relation,
                      t99_cert_text(ca, sizeof ca, k->ca_depth, k->ca));
}

static bool check_name(struct check *k, const struct t99_certificate *cert, size_t depth,
                       const struct name *n)
{
    bool some_permitted, some_excluded, in_permitted, in_excluded;

    if ((k->constrained >> n->type & 1) == 0) {
        return true;
    }
    if (!name_valid(n)) {
        return refuse_name(k, "unsupported or invalid name syntax", cert, depth, n,
                           "cannot be held against the constraints of");
    }
    in_excluded = in_subtrees(k, k->excluded, n, true, &some_excluded);
    in_permitted = in_subtrees(k, k->permitted, n, false, &some_permitted);
    if (k->work->names == 0) {
        return refuse_name(k, "too many name constraints", cert, depth, n,
                           "is one of too many to be held against the constraints of");
    }
    if (in_excluded) {
        return refuse_name(k, "excluded subtree violation", cert, depth, n, "is excluded by");
    }
    if (some_permitted && !in_permitted) {
        return refuse_name(k, "permitted subtree violation", cert, depth, n,
                           "is not among those permitted by");
    }
    return true;
}

/* 4.2.1.6: without a subjectAltName, mailboxes stand in the subject (emailAddress, PKCS #9). */
static bool check_subject_emails(struct check *k, const struct t99_certificate *cert, size_t depth)
{
    static const uint8_t email_address[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01 };
    const char *bad;
    struct reader r = rd_init(cert->subject.p, cert->subject.len, &bad);
    struct reader name = t99_der_enter(&r, DER_SEQUENCE, "name"), rdn, attribute;
    struct name n;

    n.type = GN_EMAIL;
    while (rd_left(&name) != 0) {
        rdn = t99_der_enter(&name, DER_SET, "RDN");
        while (rd_left(&rdn) != 0) {
            struct t99_span oid;

            attribute = t99_der_enter(&rdn, DER_SEQUENCE, "attribute");
            oid = t99_der_contents(&attribute, DER_OID, "type");
            if (t99_span_equal(oid, t99_span(email_address, sizeof email_address)) &&
                t99_der_peek(&attribute, DER_IA5_STRING)) {
                n.value = t99_der_contents(&attribute, DER_IA5_STRING, "emailAddress");
                if (!check_name(k, cert, depth, &n)) {
                    return false;
                }
            }
        }
    }
    return true;
}

static bool check_names(struct check *k, const struct t99_certificate *cert, size_t depth)
{
    const char *bad;
    struct reader r = rd_init(cert->subject_alt_name.p, cert->subject_alt_name.len, &bad);
    struct name n;

    n.type = GN_DIRECTORY;
    n.value = cert->subject;
    if (cert->subject.len > 2 && !check_name(k, cert, depth, &n)) {
        return false;
    }
    while (t99_next_general_name(&r, &n.type, &n.value)) {
        if (!check_name(k, cert, depth, &n)) {
            return false;
        }
    }
    return t99_has_ext(cert, EXT_SUBJECT_ALT_NAME) || check_subject_emails(k, cert, depth);
}

bool t99_check_name_constraints(const struct t99_certificate *ca, const struct t99_certificate *const *certs,
                                size_t num, bool strict, struct t99_work *work, struct t99_fault *why)
{
    struct check k;
    size_t i;

    if (!t99_has_ext(ca, EXT_NAME_CONSTRAINTS)) {
        return true;
    }
    memset(&k, 0, sizeof k);
    k.ca = ca;
    k.ca_depth = num;
    k.work = work;
    k.why = why;
    if (!decode(&k, strict)) {
        return false;
    }
    for (i = 0; i < num; i++) {
        if ((i == 0 || !t99_self_issued(certs[i])) && !check_names(&k, certs[i], i)) {
            return false;
        }
    }
    return true;
}
