#include "https_get/diagram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/json.h"
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

/* --- JSON --- */

/* A line of text a certificate becomes an array of strings. */
static void put_lines(struct json *j, const char *name, const char *text)
{
    size_t len;

    json_open_array(j, name);
    while (text != NULL && *text != '\0') {
        len = strcspn(text, "\n");
        json_text_of(j, NULL, text, len);
        text += len + (text[len] == '\n');
    }
    json_close_array(j);
}

static void put_messages(struct json *j, const struct diagram *d)
{
    size_t i;

    json_open_array(j, "messages");
    for (i = 0; i < d->num; i++) {
        json_open_object(j, NULL);
        json_text(j, "direction", d->messages[i].sent ? "sent" : "received");
        json_text(j, "type", d->messages[i].type);
        json_integer(j, "length", (int64_t)d->messages[i].len);
        json_ms(j, "time_ms", d->messages[i].time_us);
        json_close_object(j);
    }
    json_close_array(j);
}

void diagram_json(const struct diagram *d, struct tls *tls, const char *error)
{
    static const char *const early[] = { "not offered", "accepted", "rejected" };
    struct tls_times times;
    struct json j;

    tls_conn_times(tls, &times);
    json_begin(&j, stderr);
    json_open_object(&j, NULL);
    json_text(&j, "version", tls_conn_version(tls));
    json_text(&j, "cipher_suite", tls_conn_cipher_suite(tls));
    json_text(&j, "group", tls_conn_group(tls));
    json_text(&j, "signature_scheme", tls_conn_signature_scheme(tls));
    json_text(&j, "alpn", tls_conn_alpn_selected(tls));
    json_bool(&j, "resumed", tls_conn_session_resumed(tls) != 0);
    json_text(&j, "early_data", early[tls_conn_early_data(tls)]);
    json_text(&j, "ocsp", tls_peer_ocsp_result(tls));
    put_lines(&j, "peer_certificates", tls_peer_cert_chain_text(tls));
    json_open_object(&j, "times_ms");
    json_ms(&j, "dns", times.dns);
    json_ms(&j, "tcp", times.tcp);
    json_ms(&j, "handshake", times.handshake);
    json_close_object(&j);
    put_messages(&j, d);
    json_text(&j, "error", error);
    json_close_object(&j);
    json_end(&j);
}
