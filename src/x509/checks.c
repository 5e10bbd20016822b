#include "x509/checks.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "x509/der.h"
#include "x509/name.h"
#include "x509/oid.h"
#include "x509/profile.h"

#define ERROR_PREFIX "certificate verification failed: "

const char *t99_cert_text(char *out, size_t out_len, size_t depth, const struct t99_certificate *cert)
{
    char name[T99_CERT_TEXT - 24];

    if (cert->subject.len <= 2) {
        snprintf(out, out_len, "certificate %zu (no subject)", depth);
    } else {
        snprintf(out, out_len, "certificate %zu (%s)", depth,
                 t99_name_short(name, sizeof name, cert->subject));
    }
    return out;
}

/* Days since 1970 to a date of the Gregorian calendar, by eras of 400 years that begin on March 1. */
const char *t99_time_text(char *out, size_t out_len, int64_t t)
{
    int64_t days = t / 86400 - (t % 86400 < 0 ? 1 : 0), seconds = t - days * 86400;
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9), day = (int)(doy - (153 * mp + 2) / 5 + 1);
    int64_t year = yoe + era * 400 + (month <= 2 ? 1 : 0);

    snprintf(out, out_len, "%04d-%02d-%02d %02d:%02d:%02d UTC", (int)(year % 100000), month, day,
             (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
    return out;
}

bool t99_refuse(struct t99_fault *why, enum t99_alert alert, const char *phrase, size_t depth,
                const struct t99_certificate *cert, const char *format, ...)
{
    char who[T99_CERT_TEXT], rest[T99_FAULT_TEXT];
    va_list ap;

    va_start(ap, format);
    if (vsnprintf(rest, sizeof rest, format, ap) < 0) {
        rest[0] = '\0';
    }
    va_end(ap);
    return t99_fail_as(why, FAULT_VERIFY, alert, ERROR_PREFIX "%s: %s %s", phrase,
                       t99_cert_text(who, sizeof who, depth, cert), rest);
}

static unsigned role_of(const struct t99_link *link)
{
    return link->depth == 0 ? ROLE_LEAF : link->is_anchor ? ROLE_ANCHOR : ROLE_INTERMEDIATE;
}

const char *t99_duration_text(char *out, size_t out_len, int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" }, { 1, "second" } };
    size_t i = 0;
    int64_t n;

    while (i < 3 && seconds < units[i].seconds) {
        i++;
    }
    n = seconds / units[i].seconds;
    snprintf(out, out_len, "%ld %s%s", (long)n, units[i].name, n == 1 ? "" : "s");
    return out;
}

/* A clock that shows a time before this was written was never set. */
#define THIS_WAS_WRITTEN INT64_C(1767225600) /* 2026-01-01 */

const char *t99_now_text(char *out, size_t out_len, const struct t99_verify_params *params)
{
    char now[T99_TIME_TEXT];

    snprintf(out, out_len, params->time_given ? "the time that was given is %s" : "the clock says %s",
             t99_time_text(now, sizeof now, params->time));
    return out;
}

/* notBefore and notAfter are both included: RFC 5280, 4.1.2.5. */
static bool check_validity(const struct t99_link *link, struct t99_fault *why)
{
    const struct t99_verify_params *params = link->params;
    const struct t99_certificate *c = link->cert;
    char limit[T99_TIME_TEXT], now[T99_NOW_TEXT], span[T99_DURATION_TEXT];
    bool wrong_clock = params->time < THIS_WAS_WRITTEN && !params->time_given;

    if (params->ignore_time || (link->is_anchor && params->anchor_any_time)) {
        return true;
    }
    t99_now_text(now, sizeof now, params);
    if (params->time > c->not_after) {
        return t99_refuse(why, ALERT_CERTIFICATE_EXPIRED, "certificate has expired", link->depth, c,
                          "was valid until %s, %s ago (%s)", t99_time_text(limit, sizeof limit, c->not_after),
                          t99_duration_text(span, sizeof span, params->time - c->not_after), now);
    }
    if (params->time < c->not_before) {
        return t99_refuse(why, ALERT_CERTIFICATE_EXPIRED, "certificate is not yet valid", link->depth, c,
                          "is valid from %s, in %s (%s%s)", t99_time_text(limit, sizeof limit, c->not_before),
                          t99_duration_text(span, sizeof span, c->not_before - params->time), now,
                          wrong_clock ? ", which cannot be: set it" : "");
    }
    return true;
}

static bool keep_rules(const struct t99_link *link, const struct t99_rule *rules, size_t num,
                       struct t99_fault *why)
{
    unsigned role = role_of(link);
    char value[128];
    size_t i;

    for (i = 0; i < num; i++) {
        const struct t99_rule *rule = &rules[i];

        if ((rule->roles & role) == 0 || !rule->broken(link)) {
            continue;
        }
        value[0] = '\0';
        if (rule->value != NULL) {
            rule->value(value, sizeof value, link);
        }
        return t99_refuse(why, rule->alert, rule->phrase, link->depth, link->cert, "%s%s%s", rule->sentence,
                          value[0] != '\0' ? ": " : "", value);
    }
    return true;
}

/* ---- What the rules ask ---- */

/* 0 is no key at all: not supported, but not weak. */
static bool has_weak_key(const struct t99_link *link)
{
    const struct t99_public_key *key = &link->cert->key;
    size_t bits = key->type == T99_KEY_RSA || key->type == T99_KEY_RSA_PSS ? t99_rsa_bits(&key->rsa) : 0;

    return bits != 0 && bits < 2048;
}

static bool has_unusable_key(const struct t99_link *link)
{
    const struct t99_public_key *key = &link->cert->key;

    switch (key->type) {
    case T99_KEY_RSA:
    case T99_KEY_RSA_PSS:
        return !t99_rsa_public_valid(&key->rsa);
    case T99_KEY_EC:
        return key->curve == NULL;
    case T99_KEY_ED25519:
        return false;
    case T99_KEY_UNKNOWN:
        break;
    }
    return true;
}

static void show_key(char *out, size_t out_len, const struct t99_link *link)
{
    t99_public_key_name(out, out_len, &link->cert->key);
}

static bool has_weak_signature(const struct t99_link *link)
{
    return link->cert->sig_alg.weak != NULL;
}

static void show_weak_hash(char *out, size_t out_len, const struct t99_link *link)
{
    snprintf(out, out_len, "%s", link->cert->sig_alg.weak);
}

static bool has_unknown_signature(const struct t99_link *link)
{
    return link->cert->sig_alg.type == T99_SIG_UNKNOWN;
}

static void show_signature(char *out, size_t out_len, const struct t99_link *link)
{
    const char *bad;
    struct reader r = rd_init(link->cert->inner_alg.p, link->cert->inner_alg.len, &bad),
                  alg = t99_der_enter(&r, DER_SEQUENCE, "signature");

    t99_oid_text(out, out_len, t99_der_contents(&alg, DER_OID, "algorithm"));
}

static bool has_wrong_version(const struct t99_link *link)
{
    return (link->cert->oddities & ODD_VERSION) != 0;
}

static bool has_no_issuer(const struct t99_link *link)
{
    return (link->cert->oddities & ODD_EMPTY_ISSUER) != 0 || link->cert->issuer.len <= 2;
}

/* What an anchor that is a name and a key says in its extensions does not matter. */
static bool is_bare(const struct t99_link *link)
{
    return link->is_anchor && link->params->anchor_name_and_key;
}

static bool is_precertificate(const struct t99_link *link)
{
    return t99_has_ext(link->cert, EXT_CT_POISON);
}

/* Microsoft's application policies repeat the extKeyUsage: where that stands too, they may be passed over. */
static const uint8_t ms_application_policies[] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x15, 0x0a };

static bool next_extension(struct reader *r, struct t99_span *oid, bool *critical)
{
    struct reader ext;

    if (rd_left(r) == 0) {
        return false;
    }
    ext = t99_der_enter(r, DER_SEQUENCE, "extension");
    *oid = t99_der_contents(&ext, DER_OID, "extnID");
    *critical = t99_der_peek(&ext, DER_BOOLEAN) && t99_der_boolean(&ext, "critical");
    return rd_ok(r);
}

/* True if that is the one critical extension that is not understood: all others are counted in `critical`. */
static bool only_application_policies(const struct t99_certificate *c)
{
    const char *bad;
    struct reader r = rd_init(c->extensions.p, c->extensions.len, &bad);
    struct t99_span oid;
    bool critical;
    uint32_t understood;
    size_t others = 0;

    if (!t99_has_ext(c, EXT_EXT_KEY_USAGE) ||
        !t99_span_equal(c->unknown_critical,
                        t99_span(ms_application_policies, sizeof ms_application_policies))) {
        return false;
    }
    while (next_extension(&r, &oid, &critical)) {
        others += critical && !t99_span_equal(oid, c->unknown_critical) ? 1 : 0;
    }
    for (understood = c->critical; understood != 0; understood &= understood - 1) {
        others -= others != 0 ? 1 : 0;
    }
    return rd_ok(&r) && others == 0;
}

static bool has_unknown_critical(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return c->unknown_critical.p != NULL && !is_bare(link) && !only_application_policies(c);
}

static void show_unknown_critical(char *out, size_t out_len, const struct t99_link *link)
{
    t99_oid_text(out, out_len, link->cert->unknown_critical);
}

bool t99_unknown_policy_qualifier(const struct t99_certificate *c)
{
    static const char cps[] = "\x2b\x06\x01\x05\x05\x07\x02\x01",
                      notice[] = "\x2b\x06\x01\x05\x05\x07\x02\x02";
    const char *bad;
    struct reader r = rd_init(c->policies.p, c->policies.len, &bad), info, all, one;

    if (!t99_ext_critical(c, EXT_CERTIFICATE_POLICIES)) {
        return false;
    }
    while (rd_left(&r) != 0) {
        info = t99_der_enter(&r, DER_SEQUENCE, "policyInformation");
        (void)t99_der_contents(&info, DER_OID, "policyIdentifier");
        if (rd_left(&info) == 0) {
            continue;
        }
        all = t99_der_enter(&info, DER_SEQUENCE, "policyQualifiers");
        while (rd_left(&all) != 0) {
            struct t99_span id;

            one = t99_der_enter(&all, DER_SEQUENCE, "policyQualifierInfo");
            id = t99_der_contents(&one, DER_OID, "policyQualifierId");
            if (!t99_span_equal(id, t99_span(cps, 8)) && !t99_span_equal(id, t99_span(notice, 8))) {
                return true;
            }
        }
    }
    return !rd_ok(&r);
}

static bool has_unknown_qualifier(const struct t99_link *link)
{
    return !is_bare(link) && t99_unknown_policy_qualifier(link->cert);
}

/* RFC 5280, 4.2.1.1, 4.2.1.2, 4.2.1.15, 4.2.2.1, 4.2.2.2: MUST mark as non-critical. */
static bool has_forbidden_critical(const struct t99_link *link)
{
    const uint32_t never = 1u << EXT_AUTHORITY_KEY_ID | 1u << EXT_SUBJECT_KEY_ID | 1u << EXT_FRESHEST_CRL |
                           1u << EXT_AUTHORITY_INFO_ACCESS | 1u << EXT_SUBJECT_INFO_ACCESS;

    return (link->cert->critical & never) != 0 && !is_bare(link);
}

static void show_forbidden_critical(char *out, size_t out_len, const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    snprintf(out, out_len, "%s",
             t99_ext_critical(c, EXT_AUTHORITY_KEY_ID)        ? "authorityKeyIdentifier"
             : t99_ext_critical(c, EXT_SUBJECT_KEY_ID)        ? "subjectKeyIdentifier"
             : t99_ext_critical(c, EXT_FRESHEST_CRL)          ? "freshestCRL"
             : t99_ext_critical(c, EXT_AUTHORITY_INFO_ACCESS) ? "authorityInfoAccess"
                                                              : "subjectInfoAccess");
}

/* 4.2.1.9. An anchor of version 1 or 2 cannot say that it is a CA: being an anchor says so. */
static bool is_no_ca(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;
    bool need_not_say =
        c->version < 3 || (link->params->anchor_implies_ca && !t99_has_ext(c, EXT_BASIC_CONSTRAINTS));

    return !c->is_ca && !is_bare(link) && !(link->is_anchor && need_not_say);
}

static bool may_not_sign(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return t99_has_ext(c, EXT_KEY_USAGE) && (c->key_usage & KU_KEY_CERT_SIGN) == 0 && !is_bare(link);
}

static bool path_too_long(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return c->path_len >= 0 && link->counted > (size_t)c->path_len && !is_bare(link);
}

static void show_path_len(char *out, size_t out_len, const struct t99_link *link)
{
    snprintf(out, out_len, "%lu allowed, %zu on this path", (unsigned long)link->cert->path_len,
             link->counted);
}

/*
 * An intermediate's extKeyUsage limits what stands below it: CA/Browser Forum BR 7.1.2.10.6, and common
 * practice.
 */
static bool is_not_for_servers(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return link->params->purpose == PURPOSE_SERVER && t99_has_ext(c, EXT_EXT_KEY_USAGE) &&
           (c->eku & (EKU_SERVER | EKU_ANY)) == 0 && !is_bare(link);
}

/* The first purpose, if it is one that people know. */
static void show_purposes(char *out, size_t out_len, const struct t99_link *link)
{
    const char *other = t99_web_eku_fault(link->cert);

    snprintf(out, out_len, "%s", (link->cert->eku & EKU_CLIENT) != 0 ? "it is for clientAuth" : "");
    if (out[0] == '\0' && other != NULL) {
        snprintf(out, out_len, "it is for %s", other);
    }
}

bool t99_is_server(const struct t99_link *link)
{
    return link->params->purpose == PURPOSE_SERVER &&
           (link->params->peer != NULL || t99_holds_server_name(link->cert));
}

/*
 * A self-signed server that is itself trusted is usually marked as a CA by the tools that made it. RFC 5280,
 * 6.1 lets a path end with a CA.
 */
static bool is_ca_as_server(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return t99_is_server(link) && c->is_ca && (c->key_usage & KU_KEY_CERT_SIGN) != 0 && !link->is_anchor &&
           link->params->profile != PROFILE_RFC5280;
}

static const struct t99_rule default_rules[] = {
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, has_wrong_version, "malformed certificate",
      "has extensions, which only version 3 may have (RFC 5280, 4.1.2.1)", NULL },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, has_no_issuer, "malformed certificate",
      "has an empty issuer (RFC 5280, 4.1.2.4)", NULL },
    { ROLE_CA, ALERT_BAD_CERTIFICATE, has_weak_key, "CA certificate key too weak",
      "has a key of less than 2048 bits", show_key },
    { ROLE_LEAF, ALERT_BAD_CERTIFICATE, has_weak_key, "EE certificate key too weak",
      "has a key of less than 2048 bits", show_key },
    { ROLE_ALL, ALERT_UNSUPPORTED_CERTIFICATE, has_unusable_key, "unsupported public key",
      "has a key of a kind or size that is not supported", show_key },
    { ROLE_LEAF | ROLE_INTERMEDIATE, ALERT_BAD_CERTIFICATE, has_weak_signature,
      "CA signature digest algorithm too weak", "is signed with a hash that can be forged", show_weak_hash },
    { ROLE_LEAF | ROLE_INTERMEDIATE, ALERT_UNSUPPORTED_CERTIFICATE, has_unknown_signature,
      "unsupported signature algorithm", "is signed in a way that is not supported", show_signature },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, is_precertificate, "unhandled critical extension",
      "is a precertificate, made for certificate transparency logs only (RFC 6962, 3.1)", NULL },
    { ROLE_ALL, ALERT_UNSUPPORTED_CERTIFICATE, has_unknown_critical, "unhandled critical extension",
      "has a critical extension that is not understood (RFC 5280, 4.2)", show_unknown_critical },
    { ROLE_ALL, ALERT_UNSUPPORTED_CERTIFICATE, has_unknown_qualifier, "unhandled critical extension",
      "has critical policies with a qualifier that is not understood (RFC 5280, 4.2.1.4)", NULL },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, has_forbidden_critical, "invalid extension",
      "has an extension marked critical that must not be (RFC 5280, 4.2)", show_forbidden_critical },
    { ROLE_CA, ALERT_UNKNOWN_CA, is_no_ca, "invalid CA certificate",
      "issued another but is not a CA by its basicConstraints (RFC 5280, 4.2.1.9)", NULL },
    { ROLE_CA, ALERT_UNKNOWN_CA, may_not_sign, "invalid CA certificate",
      "issued another but has no keyCertSign in its keyUsage (RFC 5280, 4.2.1.3)", NULL },
    { ROLE_CA, ALERT_UNKNOWN_CA, path_too_long, "path length constraint exceeded",
      "has more intermediate CAs below it than its pathLenConstraint allows", show_path_len },
    { ROLE_ALL, ALERT_UNSUPPORTED_CERTIFICATE, is_not_for_servers, "unsupported certificate purpose",
      "is not for TLS servers by its extKeyUsage (RFC 5280, 4.2.1.12)", show_purposes },
    { ROLE_LEAF, ALERT_UNSUPPORTED_CERTIFICATE, is_ca_as_server, "unsupported certificate purpose",
      "is a CA that signs certificates and must not serve as a server's", NULL },
};

bool t99_check_certificate(const struct t99_link *link, struct t99_fault *why)
{
    const struct t99_verify_params *params = link->params;
    const struct t99_rule *letter, *web;
    size_t num_letter, num_web;

    if (!check_validity(link, why) ||
        !keep_rules(link, default_rules, sizeof default_rules / sizeof default_rules[0], why)) {
        return false;
    }
    if (params->profile == PROFILE_DEFAULT || is_bare(link) ||
        (params->strict_leaf_only && link->depth > 0)) {
        return true;
    }
    letter = t99_rfc5280_rules(&num_letter);
    web = t99_web_rules(&num_web);
    return (params->profile != PROFILE_STRICT || keep_rules(link, web, num_web, why)) &&
           keep_rules(link, letter, num_letter, why);
}
