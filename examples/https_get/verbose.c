#include "https_get/verbose.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"

#define FIELD_REST "*                    "

void verbose_note(const struct options *o, const char *format, ...)
{
    char text[1024];
    va_list ap;

    if (o->verbose) {
        va_start(ap, format);
        vsnprintf(text, sizeof text, format, ap);
        va_end(ap);
        text_fold(stderr, "* ", "*   ", text, strlen(text));
    }
}

static void field_len(const char *name, const char *value, size_t len)
{
    char first[32];

    snprintf(first, sizeof first, "*   %-16s ", name);
    text_fold(stderr, first, FIELD_REST, value, len);
}

static void field(const char *name, const char *value)
{
    field_len(name, value, strlen(value));
}

/* A line of text after the other; what a line is indented by stays, also where it is folded. */
static void indented(const char *text)
{
    char first[64], rest[72];
    size_t len, blanks;

    for (; *text != '\0'; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        blanks = strspn(text, " ");
        blanks = blanks > 40 ? 40 : blanks > len ? len : blanks;
        snprintf(first, sizeof first, "*   %*s", (int)blanks, "");
        snprintf(rest, sizeof rest, "%s  ", first);
        text_fold(stderr, first, rest, text + blanks, len - blanks);
    }
}

/* tls_conn_offer(): versions; cipher suites; groups. */
static void show_offer(const struct options *o, const char *offer)
{
    static const char *const names[] = { "versions", "cipher suites", "groups" };
    size_t i, len;

    fputs("* Offered:\n", stderr);
    for (i = 0; i < 3 && *offer != '\0'; i++) {
        offer += strspn(offer, " ;");
        len = strcspn(offer, ";");
        field_len(names[i], offer, len);
        offer += len;
    }
    field("ALPN", o->no_alpn ? "none" : "http/1.1");
}

void verbose_connected(const struct options *o, struct tls *tls, const struct url *url)
{
    struct tls_times times;

    if (o->verbose) {
        tls_conn_times(tls, &times);
        verbose_note(o, "Connected to %s (%s) port %s; DNS %.1f ms, TCP %.1f ms", url->host,
                     tls_conn_address(tls), tls_conn_port(tls), (double)times.dns / 1000,
                     (double)times.tcp / 1000);
        show_offer(o, tls_conn_offer(tls));
    }
}

/* "AES_128_GCM" of "TLS_AES_128_GCM_SHA256" and "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256". */
static void cipher_text(char *out, size_t cap, const char *suite)
{
    const char *with = strstr(suite, "_WITH_"), *start = with != NULL ? with + 6 : suite + 4,
               *last = strrchr(start, '_');

    snprintf(out, cap, "%.*s", (int)(last - start), start);
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static void show_summary(const struct options *o, struct tls *tls)
{
    char cipher[64];

    cipher_text(cipher, sizeof cipher, tls_conn_cipher_suite(tls));
    verbose_note(o, "TLS %s, %s, %s, %s", tls_conn_version(tls) + 4,
                 or_else(tls_conn_group(tls), "RSA key transport"), or_else(tls_peer_cert_key(tls), "?"),
                 cipher);
}

static void show_session(struct tls *tls)
{
    int early = tls_conn_early_data(tls);

    field("session", tls_conn_session_resumed(tls) ? "resumed" : "new");
    if (early != TLS_EARLY_DATA_NONE) {
        field("early data", early == TLS_EARLY_DATA_ACCEPTED ? "accepted" : "rejected, sent again");
    }
}

static void show_names(const struct options *o, struct tls *tls)
{
    char text[600];
    const char *matched = tls_conn_matched_name(tls);

    snprintf(text, sizeof text, "%s%s%s", or_else(tls_conn_servername(tls), "none"),
             matched != NULL ? " matches " : "", or_else(matched, " was not checked"));
    field("host name", text);
    fprintf(stderr, "* Certificates%s:\n", o->insecure ? " (not verified)" : "");
    indented(or_else(tls_peer_cert_chain_text(tls), "none"));
}

void verbose_handshake(const struct options *o, struct tls *tls)
{
    struct tls_times times;
    char text[128];

    if (!o->verbose) {
        return;
    }
    show_summary(o, tls);
    field("cipher suite", tls_conn_cipher_suite(tls));
    snprintf(text, sizeof text, "%s%s",
             or_else(tls_conn_group(tls), "RSA key transport (no forward secrecy)"),
             tls_conn_hello_retry(tls) ? " (the server asked for it: HelloRetryRequest)" : "");
    field("key exchange", text);
    field("signature",
          or_else(tls_conn_signature_scheme(tls), "none (the server proves its key by decrypting)"));
    field("ALPN", or_else(tls_conn_alpn_selected(tls), "none"));
    show_session(tls);
    field("OCSP", or_else(tls_peer_ocsp_result(tls), "no response stapled"));
    show_names(o, tls);
    tls_conn_times(tls, &times);
    verbose_note(o, "Handshake %.1f ms", (double)times.handshake / 1000);
}

void verbose_failed(const struct options *o, struct tls *tls)
{
    const char *report = tls_conn_verify_report(tls);

    if (o->verbose && report != NULL) {
        fputs("* Paths that were tried:\n", stderr);
        indented(report);
    }
}

void verbose_lines(const struct options *o, char mark, const char *text, size_t len)
{
    char safe[4096];
    size_t line;

    for (; o->verbose && len > 0; text += line, len -= line) {
        const char *end = memchr(text, '\n', len);
        size_t shown;

        line = end != NULL ? (size_t)(end - text) + 1 : len;
        shown = line - (end != NULL);
        shown -= shown > 0 && text[shown - 1] == '\r';
        if (shown > 0) {
            fprintf(stderr, "%c %s\n", mark, text_safe(safe, sizeof safe, text, shown));
        }
    }
}
