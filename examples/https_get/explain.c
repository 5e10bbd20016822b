#include "https_get/explain.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "https_get/output.h"

void explain_begin(struct story *e, const struct options *o)
{
    e->o = o;
    e->start_us = steady_us();
    diagram_begin(&e->diagram, o->explain == EXPLAIN_JSON);
}

static void on_message(struct tls *tls, const struct tls_message *m, void *arg)
{
    struct story *e = (struct story *)arg;

    (void)tls;
    diagram_message(&e->diagram, m);
}

void explain_attach(struct story *e, struct tls_config *config)
{
    tls_config_set_verify_report(config, e->o->verbose);
    if (e->o->explain != EXPLAIN_NO) {
        tls_config_set_message_cb(config, on_message, e);
    }
}

void explain_connected(struct story *e, struct tls *tls, const struct url *url)
{
    struct tls_times times;

    tls_conn_times(tls, &times);
    if (e->o->explain != EXPLAIN_NO) {
        diagram_tcp(&e->diagram, tls_conn_address(tls), tls_conn_port(tls), (double)times.tcp / 1000);
    }
    if (!e->o->verbose) {
        return;
    }
    fprintf(stderr, "* Connected to %s (%s) port %s; DNS %.1f ms, TCP %.1f ms\n", url->host,
            tls_conn_address(tls), tls_conn_port(tls), (double)times.dns / 1000, (double)times.tcp / 1000);
    fprintf(stderr, "* Offered: %s\n", tls_conn_offer(tls));
}

/* "AES_128_GCM" of "TLS_AES_128_GCM_SHA256" and "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256". */
static void cipher_text(char *out, size_t cap, const char *suite)
{
    const char *with = strstr(suite, "_WITH_"), *start = with != NULL ? with + 6 : suite + 4,
               *last = strrchr(start, '_');

    snprintf(out, cap, "%.*s", (int)(last - start), start);
}

static void panel_line(struct tls *tls)
{
    const char *group = tls_conn_group(tls), *version = tls_conn_version(tls);
    char cipher[64];

    cipher_text(cipher, sizeof cipher, tls_conn_cipher_suite(tls));
    fprintf(stderr, "* TLS %s, %s, %s, %s\n", version + 4, group != NULL ? group : "RSA key transport",
            tls_peer_cert_key(tls) != NULL ? tls_peer_cert_key(tls) : "?", cipher);
}

static void put_indented(const char *text)
{
    const char *end;

    while (*text != '\0') {
        end = text + strcspn(text, "\n");
        fprintf(stderr, "*   %.*s\n", (int)(end - text), text);
        text = *end == '\n' ? end + 1 : end;
    }
}

void explain_panel(struct story *e, struct tls *tls)
{
    struct tls_times times;
    const char *text;
    int early;

    if (!e->o->verbose) {
        return;
    }
    tls_conn_times(tls, &times);
    panel_line(tls);
    fprintf(stderr, "*   cipher suite     %s\n", tls_conn_cipher_suite(tls));
    text = tls_conn_group(tls);
    fprintf(stderr, "*   key exchange     %s%s\n",
            text != NULL ? text : "RSA key transport (no forward secrecy)",
            tls_conn_hello_retry(tls) ? " (the server asked for it: HelloRetryRequest)" : "");
    text = tls_conn_signature_scheme(tls);
    fprintf(stderr, "*   signature        %s\n",
            text != NULL ? text : "none (the server proves its key by decrypting)");
    text = tls_conn_alpn_selected(tls);
    fprintf(stderr, "*   ALPN             %s\n", text != NULL ? text : "none");
    fprintf(stderr, "*   session          %s\n", tls_conn_session_resumed(tls) ? "resumed" : "new");
    early = tls_conn_early_data(tls);
    if (early != TLS_EARLY_DATA_NONE) {
        fprintf(stderr, "*   early data       %s\n",
                early == TLS_EARLY_DATA_ACCEPTED ? "accepted" : "rejected, sent again");
    }
    text = tls_peer_ocsp_result(tls);
    fprintf(stderr, "*   OCSP             %s\n", text != NULL ? text : "no response stapled");
    text = tls_conn_matched_name(tls);
    fprintf(stderr, "*   host name        %s%s%s\n",
            tls_conn_servername(tls) != NULL ? tls_conn_servername(tls) : "none",
            text != NULL ? " matches " : "", text != NULL ? text : " was not checked");
    fprintf(stderr, "* Certificates%s:\n", e->o->insecure ? " (not verified)" : "");
    text = tls_peer_cert_chain_text(tls);
    put_indented(text != NULL ? text : "none");
    fprintf(stderr, "* Handshake %.1f ms\n", (double)times.handshake / 1000);
}

void explain_failed(struct story *e, struct tls *tls, const char *why)
{
    const char *report;

    (void)why;
    if (!e->o->verbose) {
        return;
    }
    report = tls_conn_verify_report(tls);
    if (report != NULL) {
        fprintf(stderr, "* Paths that were tried:\n");
        put_indented(report);
    }
}

/* The panel, as the last lines of the picture. */
static void draw_panel(struct story *e, struct tls *tls)
{
    char text[256];

    snprintf(text, sizeof text, "%s, %s, %s, %s%s", tls_conn_version(tls),
             tls_conn_group(tls) != NULL ? tls_conn_group(tls) : "RSA key transport",
             tls_peer_cert_key(tls) != NULL ? tls_peer_cert_key(tls) : "?", tls_conn_cipher_suite(tls),
             tls_conn_session_resumed(tls) ? ", resumed" : "");
    diagram_note(&e->diagram, text);
}

void explain_end(struct story *e, struct tls *tls, const char *error)
{
    if (e->o->explain == EXPLAIN_JSON) {
        diagram_json(&e->diagram, tls, error);
    } else if (e->o->explain == EXPLAIN_TEXT && error == NULL && tls_conn_version(tls) != NULL) {
        draw_panel(e, tls);
    } else if (e->o->explain == EXPLAIN_TEXT && error != NULL) {
        diagram_note(&e->diagram, error);
    }
    diagram_begin(&e->diagram,
                  e->o->explain == EXPLAIN_JSON); /* the next connection has a picture of its own */
}
