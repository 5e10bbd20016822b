#include "https_get/diagram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "https_get/message.h"
#include "https_get/output.h"

#define WIDTH 66 /* between the two lines of life */

void diagram_begin(struct diagram *d, bool json)
{
    memset(d, 0, sizeof *d);
    d->json = json;
    d->colour = !json && isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL;
    d->start_us = steady_us();
}

static void head(struct diagram *d)
{
    if (!d->begun && !d->json) {
        fprintf(stderr, "[Client]%*s[Server]\n", WIDTH - 10, "");
    }
    d->begun = true;
}

/* |-- text ------->|  or  |<-- text --------| */
static void arrow(struct diagram *d, bool sent, const char *text)
{
    int dashes = WIDTH - 7 - (int)strlen(text), i;
    const char *on = d->colour ? (sent ? "\033[36m" : "\033[32m") : "", *off = d->colour ? "\033[0m" : "";

    fprintf(stderr, "   |%s%s %s ", on, sent ? "--" : "<-", text);
    for (i = 0; i < dashes; i++) {
        fputc('-', stderr);
    }
    fprintf(stderr, "%s%s|\n", sent ? ">" : "-", off);
}

/* Text in lines that fit between the lines of life. */
void diagram_note(struct diagram *d, const char *text)
{
    size_t room = WIDTH - 7, len = strlen(text), n;

    if (d->json || len == 0) {
        return;
    }
    head(d);
    while (len > 0) {
        n = len;
        if (n > room) {
            for (n = room; n > 0 && text[n] != ' '; n--) {
            }
            n = n == 0 ? room : n;
        }
        fprintf(stderr, "   |    %-*.*s|\n", WIDTH - 6, (int)n, text);
        text += n;
        len -= n;
        while (len > 0 && *text == ' ') {
            text++;
            len--;
        }
    }
}

void diagram_tcp(struct diagram *d, const char *address, const char *port, double ms)
{
    char text[120];

    if (d->json) {
        return;
    }
    head(d);
    arrow(d, true, "SYN");
    arrow(d, false, "SYN-ACK");
    arrow(d, true, "ACK");
    snprintf(text, sizeof text, "TCP to %s port %s: %.1f ms", address, port, ms);
    diagram_note(d, text);
}

void diagram_message(struct diagram *d, const struct tls_message *m)
{
    char text[80], details[512];

    if (d->num < DIAGRAM_MAX) {
        d->messages[d->num].sent = m->sent != 0;
        d->messages[d->num].type = message_name(m);
        d->messages[d->num].len = m->len;
        d->messages[d->num].time_us = m->time_us - d->start_us;
        d->num++;
    }
    if (d->json) {
        return;
    }
    head(d);
    snprintf(text, sizeof text, "%s, %zu bytes, %.1f ms", message_name(m), m->len,
             (double)(m->time_us - d->start_us) / 1000);
    arrow(d, m->sent != 0, text);
    message_details(details, sizeof details, m);
    diagram_note(d, details);
}

/* --- JSON: RFC 8259 --- */

static void put_string(const char *text)
{
    if (text == NULL) {
        fputs("null", stderr);
        return;
    }
    fputc('"', stderr);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\') {
            fprintf(stderr, "\\%c", c);
        } else if (c < 0x20) {
            fprintf(stderr, "\\u%04x", (unsigned)c);
        } else {
            fputc(c, stderr);
        }
    }
    fputc('"', stderr);
}

static void put_field(const char *name, const char *value)
{
    fprintf(stderr, "  \"%s\": ", name);
    put_string(value);
    fputs(",\n", stderr);
}

/* A line of text a certificate becomes an array of strings. */
static void put_lines(const char *name, const char *text)
{
    char line[1024];
    size_t len;
    const char *comma = "";

    fprintf(stderr, "  \"%s\": [", name);
    while (text != NULL && *text != '\0') {
        len = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)(len < 1000 ? len : 1000), text);
        fputs(comma, stderr);
        put_string(line);
        comma = ", ";
        text += len + (text[len] == '\n');
    }
    fputs("],\n", stderr);
}

static void put_messages(const struct diagram *d)
{
    size_t i;

    fputs("  \"messages\": [", stderr);
    for (i = 0; i < d->num; i++) {
        fprintf(stderr,
                "%s\n    {\"direction\": \"%s\", \"type\": \"%s\", \"length\": %zu, \"time_ms\": %.3f}",
                i == 0 ? "" : ",", d->messages[i].sent ? "sent" : "received", d->messages[i].type,
                d->messages[i].len, (double)d->messages[i].time_us / 1000);
    }
    fputs("\n  ],\n", stderr);
}

void diagram_json(const struct diagram *d, struct tls *tls, const char *error)
{
    static const char *const early[] = { "not offered", "accepted", "rejected" };
    struct tls_times times;

    tls_conn_times(tls, &times);
    fputs("{\n", stderr);
    put_field("version", tls_conn_version(tls));
    put_field("cipher_suite", tls_conn_cipher_suite(tls));
    put_field("group", tls_conn_group(tls));
    put_field("signature_scheme", tls_conn_signature_scheme(tls));
    put_field("alpn", tls_conn_alpn_selected(tls));
    fprintf(stderr, "  \"resumed\": %s,\n", tls_conn_session_resumed(tls) ? "true" : "false");
    put_field("early_data", early[tls_conn_early_data(tls)]);
    put_field("ocsp", tls_peer_ocsp_result(tls));
    put_lines("peer_certificates", tls_peer_cert_chain_text(tls));
    fprintf(stderr, "  \"times_ms\": {\"dns\": %.3f, \"tcp\": %.3f, \"handshake\": %.3f},\n",
            (double)times.dns / 1000, (double)times.tcp / 1000, (double)times.handshake / 1000);
    put_messages(d);
    fputs("  \"error\": ", stderr);
    put_string(error);
    fputs("\n}\n", stderr);
}
