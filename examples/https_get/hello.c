/* ClientHello and ServerHello: RFC 9846, 4.2.2 and 4.2.3; their extensions: 4.3, RFC 6066, RFC 7301. */
#include <stdio.h>
#include <string.h>

#include "https_get/message.h"

#define GREASE(code) (((code)&0x0f0f) == 0x0a0a && (code) >> 8 == ((code)&0xff))

enum extension {
    SERVER_NAME = 0,
    SUPPORTED_GROUPS = 10,
    SIGNATURE_ALGORITHMS = 13,
    ALPN = 16,
    EXTENDED_MAIN_SECRET = 23,
    PRE_SHARED_KEY = 41,
    EARLY_DATA = 42,
    SUPPORTED_VERSIONS = 43,
    COOKIE = 44,
    KEY_SHARE = 51
};

static void remember(struct codes *codes, unsigned code)
{
    bool signalling = code == 0x00ff || code == 0x5600;

    if (!GREASE(code) && !signalling && codes->num < CODES_MAX) {
        codes->list[codes->num++] = (uint16_t)code;
    }
}

static void remember_all(struct codes *codes, struct cursor list)
{
    codes->num = 0;
    while (list.left > 1) {
        remember(codes, take(&list, 2));
    }
}

size_t codes_place(const struct codes *codes, unsigned code)
{
    size_t i;

    for (i = 0; i < codes->num; i++) {
        if (codes->list[i] == code) {
            return i + 1;
        }
    }
    return 0;
}

void codes_fact(struct facts *f, const char *name, int kind, struct cursor list)
{
    facts_list(f, FACT_LIST, name);
    while (list.left > 1) {
        facts_code(f, kind, take(&list, 2));
    }
}

/* The names of the extensions, in their order. */
static void extension_names(struct facts *f, struct cursor all)
{
    facts_list(f, FACT_LIST, "extensions");
    while (all.left > 3) {
        facts_code(f, TLS_CODE_EXTENSION, take(&all, 2));
        (void)take_vector(&all, 2);
    }
}

/* The contents of an extension; false: it is not there. */
static bool find(struct cursor *x, struct cursor all, unsigned type)
{
    while (all.left > 3) {
        unsigned t = take(&all, 2);

        *x = take_vector(&all, 2);
        if (t == type) {
            return true;
        }
    }
    return false;
}

/* The first name of a ProtocolNameList into out, all of them into the facts. Returns how many. */
static unsigned alpn_fact(struct facts *f, char *out, size_t cap, struct cursor x)
{
    struct cursor list = take_vector(&x, 2), name;
    size_t n = 0;
    unsigned num = 0;

    facts_list(f, FACT_LIST, "alpn");
    out[0] = '\0';
    while (list.left > 0) {
        name = take_vector(&list, 1);
        facts_item(f, (const char *)name.p, name.left);
        if (n + name.left + 3 < cap) {
            n += (size_t)snprintf(out + n, cap - n, "%s%.*s", num == 0 ? "" : ", ", (int)name.left,
                                  (const char *)name.p);
        }
        num++;
    }
    return num;
}

/* KeyShareEntry: RFC 9846, 4.3.8. */
static unsigned key_share(struct facts *f, struct cursor *list)
{
    unsigned group = take(list, 2);
    struct cursor key = take_vector(list, 2);
    char number[8];

    facts_sized(f, name_or_number(number, TLS_CODE_GROUP, group), (int64_t)key.left);
    return group;
}

static void key_shares(struct facts *f, struct seen *seen, struct cursor x)
{
    struct cursor list = take_vector(&x, 2);

    facts_list(f, FACT_SIZES, "key_shares");
    seen->shares.num = 0;
    while (list.left > 3) {
        remember(&seen->shares, key_share(f, &list));
    }
}

static void server_name(struct facts *f, struct cursor x)
{
    struct cursor list = take_vector(&x, 2), name;

    (void)take(&list, 1); /* host_name, the only type there is */
    name = take_vector(&list, 2);
    facts_list(f, FACT_TEXT, "server_name");
    facts_item(f, (const char *)name.p, name.left);
}

/* PskIdentity: RFC 9846, 4.3.11. */
static void offered_sessions(struct facts *f, struct cursor x)
{
    struct cursor identities = take_vector(&x, 2), identity;

    facts_list(f, FACT_SIZES, "sessions");
    while (identities.left > 6) {
        identity = take_vector(&identities, 2);
        (void)take(&identities, 4);
        facts_sized(f, "ticket", (int64_t)identity.left);
    }
}

static void versions(struct facts *f, struct seen *seen, struct cursor all, unsigned legacy)
{
    struct cursor x, list;

    if (find(&x, all, SUPPORTED_VERSIONS)) {
        list = take_vector(&x, 1);
        codes_fact(f, "versions", TLS_CODE_VERSION, list);
        remember_all(&seen->versions, list);
    } else {
        facts_list(f, FACT_LIST, "versions");
        facts_code(f, TLS_CODE_VERSION, legacy);
        seen->versions.num = 0;
        remember(&seen->versions, legacy);
    }
}

static void client_extensions(struct facts *f, struct seen *seen, struct cursor all)
{
    struct cursor x, list;

    if (find(&x, all, SUPPORTED_GROUPS)) {
        list = take_vector(&x, 2);
        codes_fact(f, "groups", TLS_CODE_GROUP, list);
        remember_all(&seen->groups, list);
    }
    if (find(&x, all, KEY_SHARE)) {
        key_shares(f, seen, x);
    }
    if (find(&x, all, SIGNATURE_ALGORITHMS)) {
        list = take_vector(&x, 2);
        codes_fact(f, "signature_schemes", TLS_CODE_SIGNATURE_SCHEME, list);
        remember_all(&seen->schemes, list);
    }
    if (find(&x, all, SERVER_NAME)) {
        server_name(f, x);
    }
    if (find(&x, all, ALPN)) {
        seen->num_alpn = alpn_fact(f, seen->alpn, sizeof seen->alpn, x);
    }
    seen->psk_offered = find(&x, all, PRE_SHARED_KEY);
    if (seen->psk_offered) {
        offered_sessions(f, x);
    }
    seen->early_offered = find(&x, all, EARLY_DATA);
    if (find(&x, all, COOKIE)) {
        facts_number(f, "cookie", (int64_t)take_vector(&x, 2).left, "bytes");
    }
}

void client_hello_read(struct facts *f, struct seen *seen, struct cursor c)
{
    unsigned legacy = take(&c, 2);
    struct cursor suites, all;

    (void)take_bytes(&c, 32); /* random */
    (void)take_vector(&c, 1); /* legacy_session_id */
    suites = take_vector(&c, 2);
    (void)take_vector(&c, 1); /* legacy_compression_methods */
    all = take_vector(&c, 2);
    seen->hellos++;
    versions(f, seen, all, legacy);
    codes_fact(f, "cipher_suites", TLS_CODE_CIPHER_SUITE, suites);
    remember_all(&seen->suites, suites);
    client_extensions(f, seen, all);
    extension_names(f, all);
}

static void server_share(struct facts *f, struct seen *seen, struct cursor x, bool retry)
{
    if (retry) {
        seen->retry_group = take(&x, 2);
        facts_named(f, "group", TLS_CODE_GROUP, seen->retry_group);
    } else {
        facts_list(f, FACT_SIZES, "key_share");
        seen->group = key_share(f, &x);
    }
}

void server_extensions_read(struct facts *f, struct seen *seen, struct cursor all)
{
    struct cursor x;

    if (find(&x, all, ALPN)) {
        (void)alpn_fact(f, seen->alpn_chosen, sizeof seen->alpn_chosen, x);
    }
    seen->early_taken = find(&x, all, EARLY_DATA);
    extension_names(f, all);
}

void server_hello_read(struct facts *f, struct seen *seen, struct cursor c)
{
    /* How the random of a HelloRetryRequest begins. */
    static const uint8_t retry_random[4] = { 0xcf, 0x21, 0xad, 0x74 };
    unsigned legacy = take(&c, 2);
    struct cursor random = take_bytes(&c, 32), session, all, x;
    bool retry = random.left == 32 && memcmp(random.p, retry_random, sizeof retry_random) == 0;

    session = take_vector(&c, 1);
    seen->suite = take(&c, 2);
    (void)take(&c, 1); /* legacy_compression_method */
    all = take_vector(&c, 2);
    seen->version = find(&x, all, SUPPORTED_VERSIONS) ? take(&x, 2) : legacy;
    seen->retried = seen->retried || retry;
    facts_named(f, "version", TLS_CODE_VERSION, seen->version);
    facts_named(f, "cipher_suite", TLS_CODE_CIPHER_SUITE, seen->suite);
    if (seen->version < 0x0304) {
        facts_number(f, "session_id", (int64_t)session.left, "bytes");
    }
    if (find(&x, all, KEY_SHARE)) {
        server_share(f, seen, x, retry);
    }
    if (find(&x, all, COOKIE)) {
        seen->cookie = true;
        facts_number(f, "cookie", (int64_t)take_vector(&x, 2).left, "bytes");
    }
    seen->psk_taken = find(&x, all, PRE_SHARED_KEY);
    server_extensions_read(f, seen, all);
}
