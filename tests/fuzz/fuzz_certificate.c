/*
 * Fuzzes the decoder of certificates and all that reads a decoded one. Input: a certificate, or the text of a
 * peer's name.
 */
#include "fuzz/fuzz.h"
#include "x509/certificate.h"
#include "x509/ip.h"
#include "x509/name.h"

static void check_spans(const struct t99_certificate *c, struct t99_span der)
{
    const struct t99_span parts[] = {
        c->der,
        c->tbs,
        c->outer_alg,
        c->inner_alg,
        c->signature,
        c->serial,
        c->issuer,
        c->subject,
        c->spki,
        c->unknown_critical,
        c->extensions,
        c->policies,
        c->policy_mappings,
        c->subject_key_id,
        c->authority_key_id,
        c->crl_points,
        c->sct_list,
        c->subject_alt_name,
        c->authority_issuer,
        c->authority_serial,
        c->freshest_crl,
        c->tls_feature,
        c->name_constraints,
        c->authority_info,
        c->ext_key_usage,
        c->key.rsa.n,
        c->key.rsa.e,
        c->key.point,
    };
    size_t i;

    for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        check_inside(der, parts[i]);
    }
    check((c->critical & ~c->present) == 0 && c->version >= 1 && c->version <= 3);
    check(t99_span_equal(c->inner_alg, c->outer_alg));
}

/* No control characters, no bytes but UTF-8, an end within the buffer. */
static void check_text(const char *text, size_t cap)
{
    size_t i;

    check(memchr(text, '\0', cap) != NULL);
    for (i = 0; text[i] != '\0'; i++) {
        check((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
    }
}

static void check_names(const struct t99_certificate *c, size_t seed)
{
    static const size_t caps[] = { 1, 4, 5, 17, 64, 300 };
    char text[301];
    size_t cap = caps[seed % (sizeof caps / sizeof caps[0])], num;
    uint8_t tag;

    text[cap] = '~';
    check_text(t99_name_text(text, cap, c->subject), cap);
    check_text(t99_name_short(text, cap, c->subject), cap);
    check_text(t99_name_oneline(text, cap, c->subject), cap);
    check_text(t99_names_in(text, cap, c), cap);
    check(text[cap] == '~');
    check_inside(c->der, t99_common_name(c->subject, &tag, &num));
    (void)t99_name_fault(c->subject);

    check(t99_name_equal(c->subject, c->subject) && t99_name_within(c->subject, c->subject));
    check(t99_name_equal(c->subject, c->issuer) == t99_name_equal(c->issuer, c->subject));
    check(t99_self_issued(c) == t99_name_equal(c->issuer, c->subject));
    if (t99_self_issued(c)) {
        check(t99_name_hash(c->subject) == t99_name_hash(c->issuer));
        check(t99_name_within(c->subject, c->issuer));
    }
}

static void check_alt_names(const struct t99_certificate *c)
{
    const char *bad;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);
    enum t99_general_name type;
    struct t99_span value, matched;
    struct t99_peer_name peer;
    char text[256];

    while (t99_next_general_name(&r, &type, &value)) {
        check_inside(c->subject_alt_name, value);
        if (type == GN_DNS && value.len < sizeof text && memchr(value.p, 0, value.len) == NULL) {
            memcpy(text, value.p, value.len);
            text[value.len] = '\0';
            if (t99_dns_id_valid(value, false) && t99_peer_name_parse(&peer, text) && peer.type == GN_DNS) {
                check(t99_peer_name_matches(&peer, c, &matched));
            }
        }
    }
    check(rd_ok(&r)); /* the decoder has seen to that */
}

static void fuzz_peer_name(const uint8_t *data, size_t size)
{
    struct t99_peer_name peer;
    char text[400];
    size_t len = size < sizeof text ? size : sizeof text - 1;

    memcpy(text, data, len);
    text[len] = '\0';
    if (t99_peer_name_parse(&peer, text)) {
        check(peer.type == GN_IP
                  ? peer.ip_len == 4 || peer.ip_len == 16
                  : peer.type == GN_DNS && t99_dns_id_valid(t99_span(peer.dns, strlen(peer.dns)), false) &&
                        t99_dns_matches(t99_span(peer.dns, strlen(peer.dns)), peer.dns));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct t99_span der = t99_span(data, size), subject;
    struct t99_certificate c, again;
    const char *bad = NULL;

    if (size == 0) {
        return 0;
    }
    fuzz_peer_name(data, size);
    if (!t99_certificate_decode(&c, der, &bad)) {
        check(bad != NULL);
        return 0;
    }
    check_spans(&c, der);
    check_names(&c, size);
    check_alt_names(&c);
    check_inside(der, t99_ocsp_uri(&c));
    check_inside(der, t99_issuer_uri(&c));
    (void)t99_must_staple(&c);
    check(t99_certificate_subject(&subject, der) && subject.p == c.subject.p && subject.len == c.subject.len);
    check(!t99_certificate_decode(&again, t99_span(data, size - 1), &bad));
    return 0;
}
