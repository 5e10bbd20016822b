/* Settings that are lists of words: protocols, ciphers, curves, ALPN. */
#include <stdio.h>
#include <string.h>

#include "api/internal.h"
#include "base/text.h"
#include "handshake/cipher_suite.h"
#include "kex/group.h"

static bool separator(char c)
{
    return c == ',' || c == ':';
}

/* The word at *text; moves behind it and its separator. False: no more. */
static bool next_word(const char **text, const char **word, size_t *len)
{
    const char *p = *text;

    if (*p == '\0') {
        return false;
    }
    *word = p;
    while (*p != '\0' && !separator(*p)) {
        p++;
    }
    *len = (size_t)(p - *word);
    *text = *p != '\0' ? p + 1 : p;
    return true;
}

/* --- Protocols --- */

static const struct {
    const char *word;
    uint32_t protocols;
} protocol_words[] = {
    { "all", TLS_PROTOCOLS_ALL },         { "legacy", TLS_PROTOCOLS_ALL },
    { "default", TLS_PROTOCOLS_DEFAULT }, { "secure", TLS_PROTOCOLS_DEFAULT },
    { "tlsv1", TLS_PROTOCOL_TLSv1 },      { "tlsv1.0", TLS_PROTOCOL_TLSv1_0 },
    { "tlsv1.1", TLS_PROTOCOL_TLSv1_1 },  { "tlsv1.2", TLS_PROTOCOL_TLSv1_2 },
    { "tlsv1.3", TLS_PROTOCOL_TLSv1_3 },
};

static bool find_protocol(const char *word, size_t len, uint32_t *out)
{
    size_t i;

    for (i = 0; i < sizeof protocol_words / sizeof protocol_words[0]; i++) {
        if (t99_same_word(protocol_words[i].word, word, len)) {
            *out = protocol_words[i].protocols;
            return true;
        }
    }
    return false;
}

int tls_config_parse_protocols(uint32_t *protocols, const char *protostr)
{
    const char *p = protostr, *word;
    uint32_t set = 0, one;
    bool negate;
    size_t len;

    if (protostr == NULL) {
        *protocols = TLS_PROTOCOLS_DEFAULT;
        return 0;
    }
    if (*protostr == '\0' || separator(protostr[strlen(protostr) - 1])) {
        return -1;
    }
    while (next_word(&p, &word, &len)) {
        while (len > 0 && (*word == ' ' || *word == '\t')) {
            word++;
            len--;
        }
        negate = len > 0 && *word == '!';
        if (negate) {
            word++;
            len--;
            if (set == 0) {
                set = TLS_PROTOCOLS_ALL;
            }
        }
        if (!find_protocol(word, len, &one)) {
            return -1;
        }
        set = negate ? set & ~one : set | one;
    }
    *protocols = set;
    return 0;
}

int tls_config_set_protocols(struct tls_config *config, uint32_t protocols)
{
    config->protocols = protocols;
    return 0;
}

/* --- Ciphers --- */

/* All but the legacy ones, in the table's order. */
static void default_suites(struct tls_config *config)
{
    const struct t99_cipher_suite *suite;
    size_t i;

    config->num_suites = 0;
    for (i = 0; (suite = t99_cipher_suite_at(i)) != NULL; i++) {
        if (!suite->legacy) {
            config->suites[config->num_suites++] = suite->id;
        }
    }
}

static bool has_suite(const uint16_t *suites, size_t num, uint16_t id)
{
    size_t i;

    for (i = 0; i < num; i++) {
        if (suites[i] == id) {
            return true;
        }
    }
    return false;
}

/* Suites of a version that the list does not name at all stay as they are by default. */
static void fill_version(uint16_t *suites, size_t *num, uint16_t version)
{
    const struct t99_cipher_suite *suite;
    size_t i;

    for (i = 0; i < *num; i++) {
        if (t99_cipher_suite_find(suites[i])->version == version) {
            return;
        }
    }
    for (i = 0; (suite = t99_cipher_suite_at(i)) != NULL; i++) {
        if (suite->version == version && !suite->legacy) {
            suites[(*num)++] = suite->id;
        }
    }
}

static bool is_keyword(const char *ciphers)
{
    static const char *const words[] = { "default", "secure", "compat", "legacy", "all", "insecure" };
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (t99_same_word(words[i], ciphers, strlen(ciphers))) {
            return true;
        }
    }
    return false;
}

/*
 * version 0: any; else only suites of that version are taken from the list, and those of the other version
 * are kept.
 */
static int set_suites(struct tls_config *config, const char *ciphers, uint16_t version)
{
    uint16_t suites[2 * T99_MAX_SUITES];
    const struct t99_cipher_suite *suite;
    const char *p = ciphers, *word;
    size_t num = 0, len, i;
    bool named_12 = false;

    if (ciphers == NULL || is_keyword(ciphers)) {
        if (version == 0) {
            default_suites(config);
            return 0;
        }
        fill_version(suites, &num, version);
        p = "";
    }
    while (next_word(&p, &word, &len)) {
        suite = t99_cipher_suite_named(word, len);
        if (suite != NULL && (version == 0 || suite->version == version) &&
            !has_suite(suites, num, suite->id)) {
            suites[num++] = suite->id;
            named_12 = named_12 || suite->version == T99_TLS12;
        }
    }
    if (num == 0) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "no ciphers for '%.200s': no cipher suite of that name is supported", ciphers);
    }
    if (version != 0) {
        for (i = 0; i < config->num_suites; i++) {
            if (t99_cipher_suite_find(config->suites[i])->version != version) {
                suites[num++] = config->suites[i];
            }
        }
    } else if (named_12) {
        fill_version(suites, &num, T99_TLS13);
    } else {
        fill_version(suites, &num, T99_TLS12);
    }
    memcpy(config->suites, suites, num * sizeof suites[0]);
    config->num_suites = num;
    return 0;
}

int tls_config_set_ciphers(struct tls_config *config, const char *ciphers)
{
    return set_suites(config, ciphers, 0);
}

/* --- Curves --- */

static void default_groups(struct tls_config *config)
{
    static const uint16_t ids[] = { T99_GROUP_X25519MLKEM768, T99_GROUP_X25519, T99_GROUP_SECP256R1,
                                    T99_GROUP_SECP384R1 };

    memcpy(config->groups, ids, sizeof ids);
    config->num_groups = sizeof ids / sizeof ids[0];
}

static int bad_curve(struct tls_config *config, const char *name)
{
    const struct t99_group *group;
    char known[160] = "";
    size_t n = 0, i;

    for (i = 0; (group = t99_group_at(i)) != NULL && n < sizeof known; i++) {
        n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", i == 0 ? "" : ", ", group->name);
    }
    return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                     "invalid ecdhe curve '%.200s': supported are %s", name, known);
}

int tls_config_set_ecdhecurves(struct tls_config *config, const char *curves)
{
    uint16_t groups[T99_MAX_GROUPS];
    const struct t99_group *group;
    const char *p = curves, *word;
    size_t num = 0, len;
    char name[48];

    if (curves == NULL || t99_same_word("default", curves, strlen(curves))) {
        default_groups(config);
        return 0;
    }
    while (next_word(&p, &word, &len)) {
        group = t99_group_named(word, len);
        if (group == NULL || num == T99_MAX_GROUPS) {
            return bad_curve(config, t99_printable(name, sizeof name, word, len));
        }
        if (!has_suite(groups, num, group->id)) {
            groups[num++] = group->id;
        }
    }
    if (num == 0) {
        return bad_curve(config, curves);
    }
    memcpy(config->groups, groups, num * sizeof groups[0]);
    config->num_groups = num;
    return 0;
}

int tls_config_set_ecdhecurve(struct tls_config *config, const char *curve)
{
    if (curve == NULL || t99_same_word("none", curve, strlen(curve)) ||
        t99_same_word("auto", curve, strlen(curve))) {
        curve = "default";
    }
    if (strchr(curve, ',') != NULL || strchr(curve, ':') != NULL) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "invalid ecdhe curve '%.200s': one is wanted, not a list", curve);
    }
    return tls_config_set_ecdhecurves(config, curve);
}

/* --- ALPN --- */

int tls_config_set_alpn(struct tls_config *config, const char *alpn)
{
    uint8_t *list;
    const char *p, *end;
    size_t cap, n = 0;

    if (alpn == NULL) {
        t99_blob_clear(&config->env, &config->alpn);
        return 0;
    }
    cap = strlen(alpn) + 1;
    if (cap > 65535) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "alpn too large: %zu bytes, at most 65534", cap - 1);
    }
    list = t99_alloc(&config->env, cap);
    if (list == NULL) {
        return t99_error(&config->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    for (p = alpn;; p = end + 1) {
        size_t len;

        end = strchr(p, ',');
        len = end != NULL ? (size_t)(end - p) : strlen(p);
        if (len == 0 || len > 255) {
            t99_free(&config->env, list, cap);
            return len == 0 ? t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                                        "alpn protocol with zero length in the list '%.200s'", alpn)
                            : t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                                        "alpn protocol too long: %zu bytes, at most 255", len);
        }
        list[n++] = (uint8_t)len;
        memcpy(list + n, p, len);
        n += len;
        if (end == NULL) {
            break;
        }
    }
    t99_blob_clear(&config->env, &config->alpn);
    config->alpn.p = list;
    config->alpn.len = n;
    config->alpn.alloc_len = cap;
    return 0;
}

void t99_config_default_lists(struct tls_config *config)
{
    config->protocols = TLS_PROTOCOLS_DEFAULT;
    default_suites(config);
    default_groups(config);
}

int t99_config_set_suites_of(struct tls_config *config, const char *ciphers, uint16_t version)
{
    return set_suites(config, ciphers, version);
}
