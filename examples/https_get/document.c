#include "https_get/document.h"

#include <string.h>

void document_begin(struct document *d)
{
    memset(d, 0, sizeof *d);
    json_begin(&d->json, stderr);
    json_open_object(&d->json, NULL);
    json_open_array(&d->json, "connecting");
}

void document_dial(struct document *d, const struct tls_dial *step, int64_t time_us)
{
    static const char *const what[] = {
        [TLS_DIAL_RESOLVE] = "resolve",     [TLS_DIAL_RESOLVED] = "resolved", [TLS_DIAL_SYN] = "syn",
        [TLS_DIAL_CONNECTED] = "connected", [TLS_DIAL_FAILED] = "failed",     [TLS_DIAL_DROPPED] = "dropped"
    };
    struct json *j = &d->json;

    json_open_object(j, NULL);
    json_text(j, "step", what[step->what]);
    json_text(j, "address", step->address);
    json_text(j, "port", step->port);
    if (step->error != 0) {
        json_text(j, "error", strerror(step->error));
    } else {
        json_null(j, "error");
    }
    json_ms(j, "time_ms", time_us);
    json_close_object(j);
}

/* From the steps of connecting to the messages, or from one message to what follows it. */
static void next(struct document *d)
{
    if (d->in_message) {
        json_close_array(&d->json);
        json_close_object(&d->json);
        d->in_message = false;
    } else if (!d->in_messages) {
        json_close_array(&d->json);
        json_open_array(&d->json, "messages");
        d->in_messages = true;
    }
}

void document_message(struct document *d, const struct tls_message *m, const struct facts *facts,
                      enum protection protection, int64_t time_us)
{
    static const char *const names[] = { "none", "early", "handshake", "application" };
    struct json *j = &d->json;

    next(d);
    json_open_object(j, NULL);
    json_text(j, "direction", m->sent ? "sent" : "received");
    json_text(j, "type", message_name(m));
    json_integer(j, "length", (int64_t)m->len);
    if (m->record != NULL) {
        json_integer(j, "record_length", (int64_t)m->record_len);
    } else {
        json_null(j, "record_length");
    }
    json_ms(j, "time_ms", time_us);
    json_text(j, "protection", names[protection]);
    json_open_object(j, "fields");
    facts_json(facts, j);
    json_close_object(j);
    json_open_array(j, "decisions");
    d->in_message = true;
}

void document_decision(struct document *d, const char *text)
{
    if (d->in_message) {
        json_text(&d->json, NULL, text);
    }
}

/* --- What became of it --- */

static void names(struct json *j, const struct tls_certificate *c)
{
    size_t i;

    json_open_array(j, "names");
    for (i = 0; i < c->num_names; i++) {
        json_open_object(j, NULL);
        json_text(j, "type", c->names[i].type);
        json_text(j, "value", c->names[i].value);
        json_close_object(j);
    }
    json_close_array(j);
}

static void certificate(struct json *j, const uint8_t *der, size_t len)
{
    struct tls_certificate *c = tls_certificate_read(der, len);

    json_open_object(j, NULL);
    json_integer(j, "length", (int64_t)len);
    if (c != NULL) {
        json_text(j, "subject", c->subject);
        json_text(j, "issuer", c->issuer);
        json_text(j, "serial", c->serial);
        json_text(j, "key", c->key);
        json_text(j, "sha256", c->sha256);
        json_time(j, "not_before", c->not_before);
        json_time(j, "not_after", c->not_after);
        json_bool(j, "is_ca", c->is_ca != 0);
        names(j, c);
    }
    json_close_object(j);
    tls_certificate_free(c);
}

static void certificates(struct json *j, const char *name, struct tls *tls,
                         const uint8_t *(*get)(struct tls *, size_t, size_t *))
{
    const uint8_t *der;
    size_t i, len;

    json_open_array(j, name);
    for (i = 0; tls != NULL && (der = get(tls, i, &len)) != NULL; i++) {
        certificate(j, der, len);
    }
    json_close_array(j);
}

static void lines(struct json *j, const char *name, const char *text)
{
    size_t len;

    json_open_array(j, name);
    for (; text != NULL && *text != '\0'; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        json_text_of(j, NULL, text, len);
    }
    json_close_array(j);
}

static void times(struct json *j, struct tls *tls, int64_t total_us)
{
    struct tls_times t;

    memset(&t, 0, sizeof t);
    if (tls != NULL) {
        tls_conn_times(tls, &t);
    }
    json_open_object(j, "times_ms");
    json_ms(j, "dns", t.dns);
    json_ms(j, "tcp", t.tcp);
    json_ms(j, "handshake", t.handshake);
    json_ms(j, "total", total_us);
    json_close_object(j);
}

static void session(struct json *j, struct tls *tls, const struct seen *seen)
{
    static const char *const status[] = { [TLS_SESSION_NONE] = "none",
                                          [TLS_SESSION_EXPIRED] = "expired",
                                          [TLS_SESSION_UNFIT] = "unfit",
                                          [TLS_SESSION_DECLINED] = "declined",
                                          [TLS_SESSION_RESUMED] = "resumed" };
    static const char *const early[] = { [TLS_EARLY_DATA_NONE] = "none",
                                         [TLS_EARLY_DATA_ACCEPTED] = "accepted",
                                         [TLS_EARLY_DATA_REJECTED] = "rejected" };

    json_bool(j, "resumed", tls != NULL && tls_conn_session_resumed(tls) != 0);
    json_text(j, "session", status[tls != NULL ? tls_conn_session_status(tls) : TLS_SESSION_NONE]);
    json_text(j, "early_data", early[tls != NULL ? tls_conn_early_data(tls) : TLS_EARLY_DATA_NONE]);
    json_bool(j, "hello_retry", tls != NULL && seen->retried);
    json_text(j, "client_certificate",
              tls == NULL || !seen->certificate_wanted ? "not_requested"
              : seen->client_certificate               ? "sent"
                                                       : "none");
}

static void text_or(struct json *j, const char *name, const char *value, const char *otherwise)
{
    json_text(j, name, value != NULL ? value : otherwise[0] != '\0' ? otherwise : NULL);
}

static void whom(struct json *j, struct tls *tls, const struct asked *asked)
{
    text_or(j, "server_name", tls != NULL ? tls_conn_servername(tls) : NULL, asked->host);
    json_text(j, "matched_name", tls != NULL ? tls_conn_matched_name(tls) : NULL);
    text_or(j, "address", tls != NULL ? tls_conn_address(tls) : NULL, asked->address);
    text_or(j, "port", tls != NULL ? tls_conn_port(tls) : NULL, asked->port);
}

void document_end(struct document *d, struct tls *tls, const struct seen *seen, const struct asked *asked,
                  int64_t total_us, const char *error)
{
    struct json *j = &d->json;

    next(d);
    if (d->in_messages) {
        json_close_array(j);
    }
    json_text(j, "version", tls != NULL ? tls_conn_version(tls) : NULL);
    json_text(j, "cipher_suite", tls != NULL ? tls_conn_cipher_suite(tls) : NULL);
    json_text(j, "group", tls != NULL ? tls_conn_group(tls) : NULL);
    json_text(j, "signature_scheme", tls != NULL ? tls_conn_signature_scheme(tls) : NULL);
    json_text(j, "alpn", tls != NULL ? tls_conn_alpn_selected(tls) : NULL);
    session(j, tls, seen);
    whom(j, tls, asked);
    json_text(j, "ocsp", tls != NULL ? tls_peer_ocsp_result(tls) : NULL);
    certificates(j, "peer_certificates", tls, tls_peer_cert_der);
    certificates(j, "verified_path", tls, tls_conn_verified_cert_der);
    lines(j, "verify_report", tls != NULL ? tls_conn_verify_report(tls) : NULL);
    times(j, tls, total_us);
    json_text(j, "error", error);
    json_close_object(j);
    json_end(j);
}
