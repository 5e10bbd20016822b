/*
 * What the default profile leaves out: what RFC 5280 says that conforming CAs do, and, for the web PKI, the
 * Baseline Requirements of the CA/Browser Forum (BR, the sections in brackets), as far as it can be seen in a
 * certificate.
 */
#include <stdio.h>
#include <string.h>

#include "x509/checks.h"
#include "x509/der.h"
#include "x509/name.h"
#include "x509/profile.h"

/* ---- Serial number, encodings, names ---- */

/* Some old roots of the web PKI have the serial number 0: nothing depends on that of an anchor. */
static bool has_bad_serial(const struct t99_link *link)
{
    uint32_t bad = ODD_SERIAL_NEGATIVE | ODD_SERIAL_LONG | (link->is_anchor ? 0u : (uint32_t)ODD_SERIAL_ZERO);

    return (link->cert->oddities & bad) != 0;
}

static bool has_bad_time_encoding(const struct t99_link *link)
{
    return (link->cert->oddities & ODD_TIME_ENCODING) != 0;
}

static bool has_unique_id(const struct t99_link *link)
{
    return (link->cert->oddities & ODD_UNIQUE_ID) != 0;
}

static bool has_bad_algorithm_params(const struct t99_link *link)
{
    return (link->cert->oddities & ODD_SIG_ALG_PARAMS) != 0;
}

static bool is_not_v3(const struct t99_link *link)
{
    return link->cert->version != 3;
}

static bool has_bad_name(const struct t99_link *link)
{
    return t99_name_fault(link->cert->issuer) != NULL || t99_name_fault(link->cert->subject) != NULL;
}

static void show_name_fault(char *out, size_t out_len, const struct t99_link *link)
{
    const char *fault = t99_name_fault(link->cert->issuer);

    snprintf(out, out_len, "%s", fault != NULL ? fault : t99_name_fault(link->cert->subject));
}

/* ---- Keys and signatures ---- */

static bool has_odd_rsa_key(const struct t99_link *link)
{
    const struct t99_public_key *key = &link->cert->key;

    return (key->type == T99_KEY_RSA || key->type == T99_KEY_RSA_PSS) && t99_rsa_bits(&key->rsa) % 8 != 0;
}

static bool has_key_outside_web(const struct t99_link *link)
{
    const enum t99_key_type type = link->cert->key.type;

    return type != T99_KEY_RSA && type != T99_KEY_EC;
}

static void show_key(char *out, size_t out_len, const struct t99_link *link)
{
    t99_public_key_name(out, out_len, &link->cert->key);
}

/* BR 7.1.3.2.1: PSS only with MGF1 of the same hash and a salt as long as it. */
static bool has_signature_outside_web(const struct t99_link *link)
{
    const struct t99_sig_alg *alg = &link->cert->sig_alg;

    if (link->is_anchor) {
        return false; /* nobody verifies that signature */
    }
    return alg->type == T99_SIG_ED25519 ||
           (alg->type == T99_SIG_RSA_PSS && (alg->hash != alg->mgf_hash || alg->salt_len != alg->hash->len));
}

/* ---- Key identifiers ---- */

static bool is_self_signed(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return t99_self_issued(c) && (c->authority_key_id.p == NULL || c->subject_key_id.p == NULL ||
                                  t99_span_equal(c->authority_key_id, c->subject_key_id));
}

static bool lacks_authority_key_id(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    if (!t99_has_ext(c, EXT_AUTHORITY_KEY_ID)) {
        return !is_self_signed(link); /* RFC 5280, 4.2.1.1: only those may leave it out */
    }
    return c->authority_key_id.p == NULL;
}

static bool names_authority_otherwise(const struct t99_link *link)
{
    return link->cert->authority_issuer.p != NULL || link->cert->authority_serial.p != NULL;
}

static bool has_other_authority_key_id(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return t99_self_issued(c) && c->authority_key_id.p != NULL &&
           !t99_span_equal(c->authority_key_id, c->subject_key_id);
}

/* The certificate below was issued under another key identifier than this one has. */
static bool is_not_the_authority_below(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert, *below = link->below;

    return below->authority_key_id.p != NULL && !t99_span_equal(below->authority_key_id, c->subject_key_id);
}

static bool lacks_subject_key_id(const struct t99_link *link)
{
    return !t99_has_ext(link->cert, EXT_SUBJECT_KEY_ID);
}

/* ---- CA extensions ---- */

static bool lacks_basic_constraints(const struct t99_link *link)
{
    return !link->cert->is_ca;
}

static bool has_optional_basic_constraints(const struct t99_link *link)
{
    return !t99_ext_critical(link->cert, EXT_BASIC_CONSTRAINTS);
}

/*
 * Where the web PKI goes its own way (BR 7.1.2.10.8: they SHOULD be critical), it is not held to this.
 */
static bool has_optional_name_constraints(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return t99_has_ext(c, EXT_NAME_CONSTRAINTS) && !t99_ext_critical(c, EXT_NAME_CONSTRAINTS) &&
           link->params->profile == PROFILE_RFC5280;
}

static bool has_optional_policy_constraints(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return (t99_has_ext(c, EXT_POLICY_CONSTRAINTS) && !t99_ext_critical(c, EXT_POLICY_CONSTRAINTS)) ||
           (t99_has_ext(c, EXT_INHIBIT_ANY_POLICY) && !t99_ext_critical(c, EXT_INHIBIT_ANY_POLICY));
}

static void show_key_usage(char *out, size_t out_len, const struct t99_link *link)
{
    static const char *const names[] = { "digitalSignature", "nonRepudiation", "keyEncipherment",
                                         "dataEncipherment", "keyAgreement",   "keyCertSign",
                                         "cRLSign",          "encipherOnly",   "decipherOnly" };
    size_t i, n = 0;

    snprintf(out, out_len, "none");
    for (i = 0; i < sizeof names / sizeof names[0] && n < out_len; i++) {
        if ((link->cert->key_usage >> i & 1) != 0) {
            n += (size_t)snprintf(out + n, out_len - n, "%s%s", n != 0 ? ", " : "", names[i]);
        }
    }
}

/* BR 7.1.2.10.7. */
static bool has_bad_ca_key_usage(const struct t99_link *link)
{
    const unsigned allowed = KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN | KU_CRL_SIGN;

    return !t99_has_ext(link->cert, EXT_KEY_USAGE) || (link->cert->key_usage & ~allowed) != 0;
}

static bool is_root_with_eku(const struct t99_link *link)
{
    return t99_has_ext(link->cert, EXT_EXT_KEY_USAGE) && t99_self_issued(link->cert);
}

static bool has_forbidden_eku(const struct t99_link *link)
{
    return link->params->purpose == PURPOSE_SERVER && t99_web_eku_fault(link->cert) != NULL;
}

static void show_forbidden_eku(char *out, size_t out_len, const struct t99_link *link)
{
    snprintf(out, out_len, "%s", t99_web_eku_fault(link->cert));
}

/* ---- Leaf extensions ---- */

static bool is_ca(const struct t99_link *link)
{
    return link->cert->is_ca;
}

static bool has_bad_basic_constraints(const struct t99_link *link)
{
    return (link->cert->oddities & ODD_BASIC_CONSTRAINTS) != 0 ||
           (!link->cert->is_ca && link->cert->path_len >= 0);
}

static bool signs_without_being_a_ca(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return (c->key_usage & KU_KEY_CERT_SIGN) != 0 && !c->is_ca;
}

static bool has_ca_extension(const struct t99_link *link)
{
    const uint32_t for_cas = 1u << EXT_NAME_CONSTRAINTS | 1u << EXT_POLICY_CONSTRAINTS |
                             1u << EXT_POLICY_MAPPINGS | 1u << EXT_INHIBIT_ANY_POLICY;

    return (link->cert->present & for_cas) != 0 && !link->cert->is_ca;
}

static bool lacks_server_eku(const struct t99_link *link)
{
    return link->params->purpose == PURPOSE_SERVER && (link->cert->eku & EKU_SERVER) == 0;
}

static bool has_critical_eku(const struct t99_link *link)
{
    return t99_ext_critical(link->cert, EXT_EXT_KEY_USAGE);
}

/* BR 7.1.2.7.11. */
static bool has_bad_key_usage(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;
    const unsigned rsa = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT;
    const unsigned ec = KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT;
    unsigned usage = c->key_usage;

    if (!t99_has_ext(c, EXT_KEY_USAGE)) {
        return false;
    }
    if (c->key.type == T99_KEY_EC) {
        return (usage & KU_DIGITAL_SIGNATURE) == 0 || (usage & ~ec) != 0;
    }
    return usage == 0 || (usage & ~rsa) != 0;
}

static bool lacks_alt_name(const struct t99_link *link)
{
    return t99_is_server(link) && !t99_has_ext(link->cert, EXT_SUBJECT_ALT_NAME);
}

static bool has_optional_alt_name(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return c->subject.len <= 2 && !t99_ext_critical(c, EXT_SUBJECT_ALT_NAME);
}

static bool has_malformed_alt_name(const struct t99_link *link)
{
    return t99_is_server(link) && t99_alt_name_malformed(link->cert).p != NULL;
}

static void show_malformed_alt_name(char *out, size_t out_len, const struct t99_link *link)
{
    struct t99_span name = t99_alt_name_malformed(link->cert);

    t99_printable(out, out_len, name.p, name.len);
}

static bool has_critical_alt_name(const struct t99_link *link)
{
    const struct t99_certificate *c = link->cert;

    return c->subject.len > 2 && t99_ext_critical(c, EXT_SUBJECT_ALT_NAME);
}

static bool has_bad_alt_name(const struct t99_link *link)
{
    return t99_is_server(link) && t99_alt_name_fault(link->cert) != NULL;
}

static void show_alt_name_fault(char *out, size_t out_len, const struct t99_link *link)
{
    snprintf(out, out_len, "%s", t99_alt_name_fault(link->cert));
}

static bool has_bad_common_name(const struct t99_link *link)
{
    return t99_is_server(link) && !t99_common_name_is_alt_name(link->cert);
}

static void show_common_name(char *out, size_t out_len, const struct t99_link *link)
{
    uint8_t tag;
    size_t num;
    struct t99_span cn = t99_common_name(link->cert->subject, &tag, &num);

    t99_printable(out, out_len, cn.p, cn.len);
}

static bool has_bad_aia(const struct t99_link *link)
{
    return t99_has_ext(link->cert, EXT_AUTHORITY_INFO_ACCESS) && !t99_aia_valid(link->cert->authority_info);
}

static bool has_bad_crl_points(const struct t99_link *link)
{
    return t99_has_ext(link->cert, EXT_CRL_DISTRIBUTION_POINTS) &&
           !t99_crl_points_valid(link->cert->crl_points);
}

#define BELOW_ANCHOR (ROLE_LEAF | ROLE_INTERMEDIATE)
#define MALFORMED "malformed certificate"
#define BAD_CA "invalid CA certificate"
#define BAD_NAMES "invalid subject names"
#define PURPOSE "unsupported certificate purpose"

static const struct t99_rule rfc5280_rules[] = {
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, has_bad_serial, MALFORMED,
      "has a serial number that is not positive or longer than 20 octets (RFC 5280, 4.1.2.2)", NULL },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, has_bad_time_encoding, MALFORMED,
      "has a date before 2050 as GeneralizedTime (RFC 5280, 4.1.2.5)", NULL },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, has_unique_id, MALFORMED,
      "has a unique identifier (RFC 5280, 4.1.2.8)", NULL },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, has_bad_algorithm_params, MALFORMED,
      "has a signature algorithm with wrong parameters (RFC 3279, 2.2; RFC 4055, 5; RFC 5758, 3.2)", NULL },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, has_bad_name, MALFORMED, "has a name that is not well-formed",
      show_name_fault },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, lacks_authority_key_id, "missing authority key identifier",
      "has no keyIdentifier in an authorityKeyIdentifier (RFC 5280, 4.2.1.1; BR 7.1.2.11.1)", NULL },
    { ROLE_CA, ALERT_BAD_CERTIFICATE, lacks_subject_key_id, "missing subject key identifier",
      "is a CA without subjectKeyIdentifier (RFC 5280, 4.2.1.2)", NULL },
    { ROLE_CA, ALERT_BAD_CERTIFICATE, is_not_the_authority_below, "invalid authority key identifier",
      "has another subjectKeyIdentifier than the certificate that it issued says (RFC 5280, 4.2.1.2)", NULL },

    { ROLE_CA, ALERT_UNKNOWN_CA, lacks_basic_constraints, BAD_CA,
      "is not a CA by its basicConstraints (RFC 5280, 4.2.1.9)", NULL },
    { ROLE_CA, ALERT_BAD_CERTIFICATE, has_optional_basic_constraints, BAD_CA,
      "has basicConstraints that are not critical (RFC 5280, 4.2.1.9)", NULL },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, has_bad_basic_constraints, MALFORMED,
      "has a pathLenConstraint but is no CA (RFC 5280, 4.2.1.9)", NULL },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, signs_without_being_a_ca, MALFORMED,
      "has keyCertSign in its keyUsage but is no CA (RFC 5280, 4.2.1.9)", NULL },
    { ROLE_CA, ALERT_BAD_CERTIFICATE, has_optional_name_constraints, BAD_CA,
      "has nameConstraints that are not critical (RFC 5280, 4.2.1.10)", NULL },
    { ROLE_CA, ALERT_BAD_CERTIFICATE, has_optional_policy_constraints, BAD_CA,
      "has policyConstraints or inhibitAnyPolicy that are not critical (RFC 5280, 4.2.1.11, 4.2.1.14)",
      NULL },
    { ROLE_LEAF, ALERT_BAD_CERTIFICATE, has_ca_extension, MALFORMED,
      "has name constraints or policy rules, which are for CAs (RFC 5280, 4.2.1.10)", NULL },
    { ROLE_LEAF, ALERT_BAD_CERTIFICATE, has_optional_alt_name, BAD_NAMES,
      "has no subject, and a subjectAltName that is not critical (RFC 5280, 4.2.1.6)", NULL },
    { ROLE_LEAF, ALERT_BAD_CERTIFICATE, has_malformed_alt_name, BAD_NAMES,
      "has a dNSName that is no domain name (RFC 5280, 4.2.1.6)", show_malformed_alt_name },
};

const struct t99_rule *t99_rfc5280_rules(size_t *num)
{
    *num = sizeof rfc5280_rules / sizeof rfc5280_rules[0];
    return rfc5280_rules;
}

static const struct t99_rule web_rules[] = {
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, is_not_v3, MALFORMED, "is not of version 3 (BR 7.1.1)", NULL },
    { ROLE_ALL, ALERT_BAD_CERTIFICATE, has_odd_rsa_key, "unsupported public key",
      "has an RSA modulus whose bits are not divisible by 8 (BR 6.1.5)", show_key },
    { ROLE_ALL, ALERT_UNSUPPORTED_CERTIFICATE, has_key_outside_web, "unsupported public key",
      "has a key that is neither RSA nor on P-256, P-384 or P-521 (BR 6.1.5)", show_key },
    { ROLE_ALL, ALERT_UNSUPPORTED_CERTIFICATE, has_signature_outside_web, "unsupported signature algorithm",
      "is signed in a way that the web PKI does not use (BR 7.1.3.2)", NULL },

    { ROLE_ALL, ALERT_BAD_CERTIFICATE, names_authority_otherwise, "invalid authority key identifier",
      "names its issuer by issuer and serial number too (BR 7.1.2.11.1)", NULL },
    { ROLE_ANCHOR, ALERT_BAD_CERTIFICATE, has_other_authority_key_id, "invalid authority key identifier",
      "is a root whose two key identifiers differ (BR 7.1.2.1.3)", NULL },

    { ROLE_ANCHOR, ALERT_BAD_CERTIFICATE, is_root_with_eku, BAD_CA,
      "is a root with an extKeyUsage (BR 7.1.2.1.2)", NULL },
    { ROLE_INTERMEDIATE, ALERT_BAD_CERTIFICATE, has_bad_ca_key_usage, BAD_CA,
      "is a CA with no keyUsage, or one that a CA must not have (BR 7.1.2.10.7)", show_key_usage },
    { ROLE_ALL, ALERT_UNSUPPORTED_CERTIFICATE, has_forbidden_eku, PURPOSE,
      "has an extKeyUsage that a server and its CAs must not have (BR 7.1.2.7.10, 7.1.2.10.6)",
      show_forbidden_eku },

    { ROLE_LEAF, ALERT_UNSUPPORTED_CERTIFICATE, is_ca, PURPOSE, "is a CA (BR 7.1.2.7.8)", NULL },
    { ROLE_LEAF, ALERT_UNSUPPORTED_CERTIFICATE, lacks_server_eku, PURPOSE,
      "has no extKeyUsage serverAuth (BR 7.1.2.7.10)", NULL },
    { ROLE_LEAF, ALERT_BAD_CERTIFICATE, has_critical_eku, PURPOSE,
      "has a critical extKeyUsage (BR 7.1.2.7.6)", NULL },
    { ROLE_LEAF, ALERT_BAD_CERTIFICATE, has_bad_key_usage, PURPOSE,
      "has a keyUsage that does not go with its key (BR 7.1.2.7.11)", show_key_usage },
    { ROLE_LEAF, ALERT_BAD_CERTIFICATE, lacks_alt_name, BAD_NAMES, "has no subjectAltName (BR 7.1.2.7.12)",
      NULL },
    { ROLE_LEAF, ALERT_BAD_CERTIFICATE, has_critical_alt_name, BAD_NAMES,
      "has a subject, and a critical subjectAltName (BR 7.1.2.7.12)", NULL },
    { ROLE_LEAF, ALERT_BAD_CERTIFICATE, has_bad_alt_name, BAD_NAMES,
      "has a subjectAltName that the web PKI does not allow (BR 7.1.2.7.12)", show_alt_name_fault },
    { ROLE_LEAF, ALERT_BAD_CERTIFICATE, has_bad_common_name, BAD_NAMES,
      "has a commonName that is not, letter by letter, in its subjectAltName (BR 7.1.4.3)",
      show_common_name },
    { BELOW_ANCHOR, ALERT_BAD_CERTIFICATE, has_bad_aia, MALFORMED,
      "has an authorityInfoAccess that is empty, malformed or not a URL (BR 7.1.2.7.7)", NULL },
    { BELOW_ANCHOR, ALERT_BAD_CERTIFICATE, has_bad_crl_points, MALFORMED,
      "has cRLDistributionPoints other than http URLs (BR 7.1.2.11.2)", NULL },
};

const struct t99_rule *t99_web_rules(size_t *num)
{
    *num = sizeof web_rules / sizeof web_rules[0];
    return web_rules;
}
