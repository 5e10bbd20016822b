#include "https_get/message.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define HEADER 4

static bool is_retry(const struct tls_message *m)
{
    static const uint8_t random[4] = { 0xcf, 0x21, 0xad, 0x74 }; /* how a HelloRetryRequest's begins */

    return m->len > 38 && m->message[0] == SERVER_HELLO && memcmp(m->message + 6, random, sizeof random) == 0;
}

int message_type(const struct tls_message *m)
{
    return m->content_type != CONTENT_HANDSHAKE || m->len < HEADER ? -1
           : is_retry(m)                                           ? HELLO_RETRY_REQUEST
                                                                   : m->message[0];
}

const char *message_name(const struct tls_message *m)
{
    int type = message_type(m);
    const char *name = type >= 0 ? tls_code_name(TLS_CODE_MESSAGE, (unsigned)type) : NULL;

    return type == HELLO_RETRY_REQUEST                     ? "HelloRetryRequest"
           : name != NULL                                  ? name
           : m->content_type == CONTENT_HANDSHAKE          ? "unknown handshake message"
           : m->content_type == CONTENT_CHANGE_CIPHER_SPEC ? "ChangeCipherSpec"
           : m->content_type == CONTENT_ALERT              ? "Alert"
           : m->content_type == CONTENT_APPLICATION_DATA   ? "application data"
                                                           : "unknown record";
}

/* RFC 9846, 2, figures 1 and 4: () {} []. An alert's record says whether it is encrypted. */
static enum protection protection_13(const struct seen *seen, const struct tls_message *m)
{
    bool alert = m->content_type == CONTENT_ALERT, data = m->content_type == CONTENT_APPLICATION_DATA;

    if (alert && m->record_len > 0 && m->record[0] == CONTENT_ALERT) {
        return PROTECTION_NONE;
    }
    if (m->sent) {
        return seen->finished_sent                            ? PROTECTION_APPLICATION
               : data || message_type(m) == END_OF_EARLY_DATA ? PROTECTION_EARLY
                                                              : PROTECTION_HANDSHAKE;
    }
    return seen->finished_received ? PROTECTION_APPLICATION : PROTECTION_HANDSHAKE;
}

enum protection message_protection(const struct seen *seen, const struct tls_message *m)
{
    if (m->content_type == CONTENT_CHANGE_CIPHER_SPEC) {
        return PROTECTION_NONE;
    }
    if (!seen->answered) {
        return m->content_type == CONTENT_APPLICATION_DATA ? PROTECTION_EARLY : PROTECTION_NONE;
    }
    if (seen->version >= 0x0304) {
        return protection_13(seen, m);
    }
    return (m->sent ? seen->ccs_sent : seen->ccs_received) ? PROTECTION_APPLICATION : PROTECTION_NONE;
}

/* --- Certificates --- */

static const char *day(char out[16], time_t t)
{
    struct tm parts;

    if (gmtime_r(&t, &parts) == NULL || strftime(out, 16, "%Y-%m-%d", &parts) == 0) {
        snprintf(out, 16, "?");
    }
    return out;
}

const char *certificate_line(char *out, size_t cap, size_t i, const uint8_t *der, size_t len)
{
    struct tls_certificate *c = tls_certificate_read(der, len);
    char from[16], until[16];

    if (c == NULL) {
        snprintf(out, cap, "%zu: malformed, %zu bytes", i, len);
    } else {
        snprintf(out, cap, "%zu: %s; %s; %s to %s; by %s", i,
                 c->subject[0] != '\0' ? c->subject : "no subject", c->key, day(from, c->not_before),
                 day(until, c->not_after), c->self_issued ? "itself" : c->issuer);
    }
    tls_certificate_free(c);
    return out;
}

/* Extensions of a CertificateEntry: RFC 9846, 4.5.1. */
static void entry_extensions(struct seen *seen, struct cursor all, size_t *scts)
{
    while (all.left > 3) {
        unsigned type = take(&all, 2);
        struct cursor x = take_vector(&all, 2);

        if (type == 5) { /* status_request */
            (void)take(&x, 1);
            seen->status_len = (unsigned)take_vector(&x, 3).left;
        } else if (type == 18) { /* signed_certificate_timestamp */
            *scts += x.left;
        }
    }
}

static void certificate(struct facts *f, struct seen *seen, struct cursor c, bool sent)
{
    bool has_extensions = seen->version >= 0x0304;
    struct cursor list, der;
    char line[1024];
    size_t i = 0, scts = 0;

    if (has_extensions) {
        (void)take_vector(&c, 1); /* certificate_request_context */
    }
    list = take_vector(&c, 3);
    facts_list(f, FACT_LINES, "certificates");
    while (list.left > 3) {
        der = take_vector(&list, 3);
        (void)certificate_line(line, sizeof line, i++, der.p, der.left);
        facts_item(f, line, strlen(line));
        if (has_extensions) {
            entry_extensions(seen, take_vector(&list, 2), &scts);
        }
    }
    if (sent) {
        seen->client_certificate = i != 0;
    } else if (seen->status_len != 0) {
        facts_number(f, "ocsp_response", seen->status_len, "bytes");
    }
    if (scts != 0) {
        facts_number(f, "sct_list", (int64_t)scts, "bytes");
    }
}

/* --- The others --- */

static void signature(struct facts *f, struct seen *seen, struct cursor c, bool sent)
{
    unsigned scheme = take(&c, 2);

    if (!sent) {
        seen->scheme = scheme;
    }
    facts_named(f, "signature_scheme", TLS_CODE_SIGNATURE_SCHEME, scheme);
    facts_number(f, "signature", (int64_t)take_vector(&c, 2).left, "bytes");
}

/* RFC 8422, 5.4. */
static void server_key_exchange(struct facts *f, struct seen *seen, struct cursor c)
{
    (void)take(&c, 1); /* named_curve */
    seen->group = take(&c, 2);
    facts_named(f, "group", TLS_CODE_GROUP, seen->group);
    facts_number(f, "public_value", (int64_t)take_vector(&c, 1).left, "bytes");
    signature(f, seen, c, false);
}

static void client_key_exchange(struct facts *f, const struct seen *seen, struct cursor c)
{
    if (seen->group != 0) {
        facts_named(f, "group", TLS_CODE_GROUP, seen->group);
        facts_number(f, "public_value", (int64_t)take_vector(&c, 1).left, "bytes");
    } else {
        facts_number(f, "encrypted_secret", (int64_t)take_vector(&c, 2).left, "bytes");
    }
}

static void authorities(struct facts *f, struct cursor list)
{
    int64_t num = 0;

    while (list.left > 1) {
        (void)take_vector(&list, 2);
        num++;
    }
    facts_number(f, "authorities", num, "named");
}

/* RFC 5246, 7.4.4. */
static void certificate_request_12(struct facts *f, struct cursor c)
{
    static const char *const names[] = { [1] = "rsa_sign", [2] = "dss_sign", [64] = "ecdsa_sign" };
    struct cursor types = take_vector(&c, 1);

    facts_list(f, FACT_LIST, "certificate_types");
    while (types.left > 0) {
        unsigned type = take(&types, 1);
        const char *name = type < sizeof names / sizeof names[0] ? names[type] : NULL;

        name = name != NULL ? name : "another";
        facts_item(f, name, strlen(name));
    }
    codes_fact(f, "signature_schemes", TLS_CODE_SIGNATURE_SCHEME, take_vector(&c, 2));
    authorities(f, take_vector(&c, 2));
}

/* RFC 9846, 4.4.2. */
static void certificate_request(struct facts *f, struct seen *seen, struct cursor c)
{
    struct cursor all;

    seen->certificate_wanted = true;
    if (seen->version < 0x0304) {
        certificate_request_12(f, c);
        return;
    }
    (void)take_vector(&c, 1); /* certificate_request_context */
    all = take_vector(&c, 2);
    while (all.left > 3) {
        unsigned type = take(&all, 2);
        struct cursor x = take_vector(&all, 2);

        if (type == 13) { /* signature_algorithms */
            codes_fact(f, "signature_schemes", TLS_CODE_SIGNATURE_SCHEME, take_vector(&x, 2));
        } else if (type == 47) { /* certificate_authorities */
            authorities(f, take_vector(&x, 2));
        }
    }
}

/* RFC 9846, 4.7.1; RFC 5077, 3.3. */
static void new_session_ticket(struct facts *f, struct seen *seen, struct cursor c)
{
    struct cursor all;

    seen->tickets++;
    facts_number(f, "lifetime", take(&c, 4), "s");
    if (seen->version >= 0x0304) {
        (void)take(&c, 4);        /* ticket_age_add */
        (void)take_vector(&c, 1); /* ticket_nonce */
    }
    facts_number(f, "ticket", (int64_t)take_vector(&c, 2).left, "bytes");
    all = take_vector(&c, 2);
    while (all.left > 3) {
        unsigned type = take(&all, 2);
        struct cursor x = take_vector(&all, 2);

        if (type == 42) { /* early_data */
            facts_number(f, "max_early_data", take(&x, 4), "bytes");
        }
    }
}

/* RFC 8879, 4. */
static void compressed_certificate(struct facts *f, struct cursor c)
{
    static const char *const algorithms[] = { "reserved", "zlib", "brotli", "zstd" };
    unsigned algorithm = take(&c, 2);

    facts_text(f, "compression", algorithm < 4 ? algorithms[algorithm] : "another");
    facts_number(f, "uncompressed", take(&c, 3), "bytes");
}

static void certificate_status(struct facts *f, struct seen *seen, struct cursor c)
{
    (void)take(&c, 1); /* ocsp */
    seen->status_len = (unsigned)take_vector(&c, 3).left;
    facts_number(f, "ocsp_response", seen->status_len, "bytes");
}

static void handshake(struct facts *f, struct seen *seen, const struct tls_message *m)
{
    struct cursor c = cursor_of(m->message + HEADER, m->len - HEADER);

    switch (message_type(m)) {
    case CLIENT_HELLO:
        client_hello_read(f, seen, c);
        break;
    case SERVER_HELLO:
    case HELLO_RETRY_REQUEST:
        server_hello_read(f, seen, c);
        break;
    case ENCRYPTED_EXTENSIONS:
        server_extensions_read(f, seen, take_vector(&c, 2));
        break;
    case CERTIFICATE_REQUEST:
        certificate_request(f, seen, c);
        break;
    case CERTIFICATE:
        certificate(f, seen, c, m->sent != 0);
        break;
    case COMPRESSED_CERTIFICATE:
        compressed_certificate(f, c);
        break;
    case CERTIFICATE_STATUS:
        certificate_status(f, seen, c);
        break;
    case SERVER_KEY_EXCHANGE:
        server_key_exchange(f, seen, c);
        break;
    case CLIENT_KEY_EXCHANGE:
        client_key_exchange(f, seen, c);
        break;
    case CERTIFICATE_VERIFY:
        signature(f, seen, c, m->sent != 0);
        break;
    case FINISHED:
        facts_number(f, "verify_data", (int64_t)c.left, "bytes");
        break;
    case NEW_SESSION_TICKET:
        new_session_ticket(f, seen, c);
        break;
    case KEY_UPDATE:
        facts_text(f, "request_update", take(&c, 1) == 1 ? "update_requested" : "update_not_requested");
        break;
    default:
        break;
    }
}

/* Which keys come next. */
static void keys(struct seen *seen, const struct tls_message *m)
{
    int type = message_type(m);

    if (m->content_type == CONTENT_CHANGE_CIPHER_SPEC) {
        *(m->sent ? &seen->ccs_sent : &seen->ccs_received) = true;
    } else if (type == FINISHED) {
        *(m->sent ? &seen->finished_sent : &seen->finished_received) = true;
    } else if (type == SERVER_HELLO) {
        seen->answered = true;
    }
}

void message_read(struct facts *f, struct seen *seen, const struct tls_message *m)
{
    keys(seen, m);
    if (m->content_type == CONTENT_HANDSHAKE && m->len >= HEADER) {
        handshake(f, seen, m);
    } else if (m->content_type == CONTENT_ALERT && m->len >= 2) {
        facts_text(f, "level", m->message[0] == 1 ? "warning" : "fatal");
        facts_named(f, "description", TLS_CODE_ALERT, m->message[1]);
    } else if (m->content_type == CONTENT_APPLICATION_DATA) {
        facts_bytes(f, FACT_HEX, "on_the_wire", m->record, m->record_len);
        facts_bytes(f, FACT_DATA, "plaintext", m->message, m->len);
    }
}
