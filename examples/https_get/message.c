#include "https_get/message.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A reader of its own: an example uses the public interface alone. */
struct cursor {
    const uint8_t *p;
    size_t left;
};

static unsigned take(struct cursor *c, size_t bytes)
{
    unsigned v = 0;

    while (bytes-- > 0 && c->left > 0) {
        v = v << 8 | *c->p++;
        c->left--;
    }
    return v;
}

static struct cursor take_vector(struct cursor *c, size_t length_bytes)
{
    struct cursor v;
    size_t len = take(c, length_bytes);

    v.p = c->p;
    v.left = len < c->left ? len : c->left;
    c->p += v.left;
    c->left -= v.left;
    return v;
}

const char *message_name(const struct tls_message *m)
{
    static const struct {
        uint8_t type;
        const char *name;
    } names[] = {
        { 0, "HelloRequest" },        { 1, "ClientHello" },
        { 2, "ServerHello" },         { 4, "NewSessionTicket" },
        { 5, "EndOfEarlyData" },      { 8, "EncryptedExtensions" },
        { 11, "Certificate" },        { 12, "ServerKeyExchange" },
        { 13, "CertificateRequest" }, { 14, "ServerHelloDone" },
        { 15, "CertificateVerify" },  { 16, "ClientKeyExchange" },
        { 20, "Finished" },           { 22, "CertificateStatus" },
        { 24, "KeyUpdate" },          { 25, "CompressedCertificate" },
    };
    static const uint8_t retry[4] = { 0xcf, 0x21, 0xad, 0x74 }; /* how a HelloRetryRequest's random begins */
    size_t i;

    if (m->content_type != 22) {
        return m->content_type == 20   ? "ChangeCipherSpec"
               : m->content_type == 21 ? "Alert"
               : m->content_type == 23 ? "application data"
                                       : "record";
    }
    if (m->len > 38 && m->message[0] == 2 && memcmp(m->message + 6, retry, sizeof retry) == 0) {
        return "HelloRetryRequest";
    }
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (m->len > 0 && names[i].type == m->message[0]) {
            return names[i].name;
        }
    }
    return "handshake message";
}

static size_t say(char *out, size_t out_len, size_t n, const char *text)
{
    int more = n < out_len ? snprintf(out + n, out_len - n, "%s", text) : 0;

    return more > 0 ? n + (size_t)more : n;
}

static size_t say_version(char *out, size_t out_len, size_t n, unsigned version)
{
    return say(out, out_len, n, version == 0x0304 ? "TLS 1.3" : version == 0x0303 ? "TLS 1.2" : "other");
}

static size_t say_alpn(char *out, size_t out_len, size_t n, struct cursor x)
{
    struct cursor list = take_vector(&x, 2), name;
    char text[64];

    n = say(out, out_len, n, "; ALPN");
    while (list.left > 0) {
        name = take_vector(&list, 1);
        snprintf(text, sizeof text, " %.*s", (int)(name.left < 32 ? name.left : 32), (const char *)name.p);
        n = say(out, out_len, n, text);
    }
    return n;
}

/* Extensions that decide something. */
static size_t say_extensions(char *out, size_t out_len, size_t n, struct cursor all, int client)
{
    char text[96];

    while (all.left > 3) {
        unsigned type = take(&all, 2), bytes;
        struct cursor x = take_vector(&all, 2);

        if (type == 0 && client && x.left > 5) {
            snprintf(text, sizeof text, "; server_name %.*s", (int)(x.left - 5 < 64 ? x.left - 5 : 64),
                     (const char *)x.p + 5);
            n = say(out, out_len, n, text);
        } else if (type == 16) {
            n = say_alpn(out, out_len, n, x);
        } else if (type == 43 && client) {
            struct cursor list = take_vector(&x, 1);

            n = say(out, out_len, n, "; versions");
            while (list.left > 1) {
                n = say(out, out_len, n, " ");
                n = say_version(out, out_len, n, take(&list, 2));
            }
        } else if (type == 43) {
            n = say(out, out_len, n, "; version ");
            n = say_version(out, out_len, n, take(&x, 2));
        } else if (type == 51) {
            bytes = (unsigned)x.left;
            snprintf(text, sizeof text, client ? "; key shares of %u bytes" : "; key share of %u bytes",
                     bytes);
            n = say(out, out_len, n, text);
        } else if (type == 41) {
            n = say(out, out_len, n, client ? "; a session to resume" : "; resumes the session");
        } else if (type == 42) {
            n = say(out, out_len, n, client ? "; early data" : "; takes the early data");
        } else if (type == 44) {
            n = say(out, out_len, n, "; cookie");
        }
    }
    return n;
}

static void client_hello(char *out, size_t out_len, struct cursor c)
{
    struct cursor suites;
    size_t n = 0;
    char text[64];

    take(&c, 2);
    c.p += c.left > 32 ? 32 : c.left;
    c.left -= c.left > 32 ? 32 : c.left;
    (void)take_vector(&c, 1);
    suites = take_vector(&c, 2);
    (void)take_vector(&c, 1);
    snprintf(text, sizeof text, "%u cipher suites", (unsigned)(suites.left / 2));
    n = say(out, out_len, n, text);
    say_extensions(out, out_len, n, take_vector(&c, 2), 1);
}

static void server_hello(char *out, size_t out_len, struct cursor c)
{
    char text[64];
    size_t n = 0;

    take(&c, 2);
    c.p += c.left > 32 ? 32 : c.left;
    c.left -= c.left > 32 ? 32 : c.left;
    (void)take_vector(&c, 1);
    snprintf(text, sizeof text, "chose cipher suite 0x%04x", take(&c, 2));
    n = say(out, out_len, n, text);
    take(&c, 1);
    say_extensions(out, out_len, n, take_vector(&c, 2), 0);
}

static void first_bytes(char *out, size_t out_len, const char *what, const uint8_t *p, size_t len)
{
    size_t n = say(out, out_len, strlen(out), what), i;
    char text[8];

    for (i = 0; i < len && i < 8; i++) {
        snprintf(text, sizeof text, " %02x", (unsigned)p[i]);
        n = say(out, out_len, n, text);
    }
}

void message_details(char *out, size_t out_len, const struct tls_message *m)
{
    struct cursor c;

    out[0] = '\0';
    if (m->content_type == 23) {
        if (m->record != NULL && m->record_len > 5) {
            first_bytes(out, out_len, "on the wire", m->record + 5, m->record_len - 5);
        }
        first_bytes(out, out_len, "; as the program sees it", m->message, m->len);
        return;
    }
    if (m->content_type == 21 && m->len >= 2) {
        snprintf(out, out_len, "%s, description %u%s", m->message[0] == 1 ? "warning" : "fatal",
                 m->message[1], m->message[1] == 0 ? " (close_notify)" : "");
        return;
    }
    if (m->content_type != 22 || m->len < 4) {
        return;
    }
    c.p = m->message + 4;
    c.left = m->len - 4;
    if (m->message[0] == 1) {
        client_hello(out, out_len, c);
    } else if (m->message[0] == 2) {
        server_hello(out, out_len, c);
    } else if (m->message[0] == 8) {
        say_extensions(out, out_len, 0, take_vector(&c, 2), 0);
        if (out[0] == ';') {
            memmove(out, out + 2, strlen(out + 2) + 1);
        }
    }
}
