#include "x509/name_form.h"

#include <string.h>

static struct t99_span tail(struct t99_span s, size_t from)
{
    return t99_span(s.p + from, s.len - from);
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Takes s as the text, letters folded from `from` on. False: too long. */
static bool take_text(struct t99_name_form *f, struct t99_span s, size_t from)
{
    size_t i;

    if (s.len > sizeof f->u.text) {
        return false;
    }
    f->len = s.len;
    for (i = 0; i < s.len; i++) {
        f->u.text[i] = i < from ? s.p[i] : lower(s.p[i]);
    }
    return true;
}

/* ---- Mailboxes and URIs ---- */

static bool is_atext(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* Dot-string or Quoted-string: RFC 5321, 4.1.2. */
static bool local_part_valid(struct t99_span s)
{
    bool quoted = s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"', dot = true;
    size_t i;

    for (i = 0; !quoted && i < s.len; i++) {
        if (s.p[i] == '.' ? dot : !is_atext(s.p[i])) {
            return false;
        }
        dot = s.p[i] == '.';
    }
    for (i = 1; quoted && i + 1 < s.len; i++) {
        i += s.p[i] == '\\' ? 1 : 0;
        if (i + 1 >= s.len || s.p[i] < 0x20 || s.p[i] > 0x7e || (s.p[i] == '"' && s.p[i - 1] != '\\')) {
            return false;
        }
    }
    return quoted || !dot;
}

/* Where the domain of a mailbox begins; 0: it has no local part, or none that is valid. */
static size_t mailbox_host(struct t99_span mailbox)
{
    size_t i;

    for (i = mailbox.len; i > 0 && mailbox.p[i - 1] != '@'; i--) {
    }
    return i > 1 && local_part_valid(t99_span(mailbox.p, i - 1)) ? i : 0;
}

/* The last label is digits alone. */
static bool ends_in_number(struct t99_span domain)
{
    size_t i;

    for (i = domain.len; i > 0 && domain.p[i - 1] >= '0' && domain.p[i - 1] <= '9'; i--) {
    }
    return i == 0 || domain.p[i - 1] == '.';
}

/* The host of scheme://user@host:port/path; .len 0: none, or an address. */
static struct t99_span uri_host(struct t99_span uri)
{
    size_t i, start, end;
    struct t99_span host;

    for (i = 0; i + 3 <= uri.len && memcmp(uri.p + i, "://", 3) != 0; i++) {
    }
    start = end = i + 3 <= uri.len ? i + 3 : uri.len;
    while (end < uri.len && strchr("/?#", uri.p[end]) == NULL) {
        end++;
    }
    for (i = start; i < end; i++) {
        if (uri.p[i] == '@') {
            start = i + 1;
        }
    }
    for (i = start; i < end && uri.p[i] != ':'; i++) {
    }
    host = t99_span(uri.p + start, i - start);
    return t99_dns_id_valid(host, false) && !ends_in_number(host) ? host : t99_span(NULL, 0);
}

/* ---- Forms ---- */

bool t99_form_name(struct t99_name_form *f, enum t99_general_name type, struct t99_span value)
{
    struct t99_span host;

    f->type = type;
    f->value = value;
    f->host = 0;
    switch (type) {
    case GN_DNS:
        return t99_dns_id_valid(value, true) && take_text(f, value, 0);
    case GN_IP:
        return (value.len == 4 || value.len == 16) && take_text(f, value, value.len);
    case GN_EMAIL:
        f->host = mailbox_host(value);
        return f->host != 0 && t99_dns_id_valid(tail(value, f->host), false) && take_text(f, value, f->host);
    case GN_URI:
        host = uri_host(value);
        return host.len != 0 && take_text(f, host, 0);
    case GN_DIRECTORY:
        f->len = t99_name_hashes(f->u.hashes, T99_FORM_RDNS + 1, value);
        return f->len != 0;
    default:
        return false;
    }
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

static bool domain_base_valid(struct t99_span base, bool dot_allowed)
{
    if (base.len != 0 && base.p[0] == '.' && dot_allowed) {
        base = tail(base, 1);
    }
    return base.len == 0 || t99_dns_id_valid(base, false);
}

bool t99_form_base(struct t99_name_form *f, enum t99_general_name type, struct t99_span value, bool strict)
{
    f->type = type;
    f->value = value;
    f->host = 0;
    f->len = 0;
    switch (type) {
    case GN_DNS:
        return domain_base_valid(value, !strict) && take_text(f, value, 0);
    case GN_IP:
        return ip_base_valid(value) && take_text(f, value, value.len);
    case GN_EMAIL:
        f->host = mailbox_host(value);
        return domain_base_valid(tail(value, f->host), f->host == 0) && take_text(f, value, f->host);
    case GN_URI:
        return domain_base_valid(value, true) && take_text(f, value, 0);
    case GN_DIRECTORY:
        f->len = t99_name_hashes(f->u.hashes, T99_FORM_RDNS + 1, value);
        return f->len != 0;
    default:
        return true;
    }
}

/* ---- Comparing ---- */

static struct t99_span text_of(const struct t99_name_form *f)
{
    return t99_span(f->u.text, f->len);
}

/* True if `domain` is `base` or lies below it; ".base": only below. */
static bool domain_within(struct t99_span domain, struct t99_span base)
{
    if (base.len == 0) {
        return true;
    }
    if (domain.len < base.len || memcmp(domain.p + domain.len - base.len, base.p, base.len) != 0) {
        return false;
    }
    return base.p[0] == '.' ? domain.len > base.len
                            : domain.len == base.len || domain.p[domain.len - base.len - 1] == '.';
}

/* "*.example.com" stands for all names of one more label: is one of them, or are all of them, within base? */
static bool dns_within(struct t99_span dns, struct t99_span base, bool excluded)
{
    const uint8_t *dot;

    if (dns.p[0] != '*') {
        return domain_within(dns, base);
    }
    if (domain_within(tail(dns, 2), base) || t99_span_equal(tail(dns, 1), base)) {
        return true;
    }
    /* "label.example.com" holds one of them. */
    dot = excluded && base.len > dns.len - 1 ? (const uint8_t *)memchr(base.p, '.', base.len) : NULL;
    return dot != NULL && dot != base.p && t99_span_equal(tail(base, (size_t)(dot - base.p)), tail(dns, 1));
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

/* A host, or with a dot all that lie below it. */
static bool host_within(struct t99_span host, struct t99_span base)
{
    return base.len == 0 || base.p[0] == '.' ? domain_within(host, base) : t99_span_equal(host, base);
}

static bool directory_within(const struct t99_name_form *name, const struct t99_name_form *base, size_t *cost)
{
    if (name->len < base->len || name->u.hashes[base->len - 1] != base->u.hashes[base->len - 1]) {
        return false;
    }
    *cost += base->value.len; /* the same, or made to look so */
    return t99_name_within(name->value, base->value);
}

bool t99_form_within(const struct t99_name_form *name, const struct t99_name_form *base, bool excluded,
                     size_t *cost)
{
    switch (name->type) {
    case GN_DNS:
        return dns_within(text_of(name), text_of(base), excluded);
    case GN_IP:
        return ip_within(text_of(name), text_of(base));
    case GN_EMAIL:
        return base->host != 0 ? t99_span_equal(text_of(name), text_of(base))
                               : host_within(tail(text_of(name), name->host), text_of(base));
    case GN_URI:
        return host_within(text_of(name), text_of(base));
    case GN_DIRECTORY:
        return directory_within(name, base, cost);
    default:
        return false;
    }
}
