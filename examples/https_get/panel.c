#include "https_get/panel.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TLS13 0x0304
#define DAY 86400

static void line(struct diagram *p, const char *label, const char *format, ...)
{
    char text[2048];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    diagram_box_line(p, label, text);
}

static void key_exchange(struct diagram *p, struct tls *tls, bool psk)
{
    const char *group = tls_conn_group(tls);

    if (group != NULL) {
        line(p, "key exchange", "%s: who steals keys later cannot read it%s", group,
             strstr(group, "MLKEM") != NULL ? ", nor can a quantum computer" : "");
    } else if (psk) {
        line(p, "key exchange", "the secret of the earlier session alone: no new forward secrecy");
    } else {
        line(p, "key exchange", "RSA key transport: whoever gets the server's key later can read it");
    }
}

static void signature(struct diagram *p, struct tls *tls)
{
    const char *scheme = tls_conn_signature_scheme(tls);

    line(p, "signature", "%s",
         scheme != NULL                  ? scheme
         : tls_conn_session_resumed(tls) ? "none: knowing the secret of the earlier session is the proof"
                                         : "none: being able to decrypt is the proof");
}

/* "verified for localhost" */
static const char *verdict(char *out, size_t cap, const struct decider *d)
{
    const char *matched = tls_conn_matched_name(d->tls);

    snprintf(out, cap, "%s%s",
             d->o->insecure                     ? "NOT VERIFIED (--insecure)"
             : tls_conn_session_resumed(d->tls) ? "verified in the earlier session"
             : matched != NULL                  ? "verified for "
                                                : "verified",
             !d->o->insecure && !tls_conn_session_resumed(d->tls) && matched != NULL ? matched : "");
    return out;
}

static void certificate(struct diagram *p, const struct decider *d)
{
    size_t len = 0;
    const uint8_t *der = tls_peer_cert_der(d->tls, 0, &len);
    struct tls_certificate *c = der != NULL ? tls_certificate_read(der, len) : NULL;
    char text[300];

    if (c != NULL) {
        line(p, "certificate", "%s; %s; %s; %lld days left",
             c->subject[0] != '\0' ? c->subject : "no subject", c->key, verdict(text, sizeof text, d),
             (long long)((c->not_after - time(NULL)) / DAY));
    } else {
        line(p, "certificate", "none sent: it was verified in the earlier session");
    }
    tls_certificate_free(c);
}

static void revocation(struct diagram *p, struct tls *tls)
{
    const char *result = tls_peer_ocsp_result(tls);

    if (!tls_conn_session_resumed(tls) || result != NULL) {
        line(p, "revocation", "%s%s", result != NULL ? "OCSP: " : "not known: no OCSP response was stapled",
             result != NULL ? result : "");
    }
}

static void client(struct diagram *p, const struct decider *d)
{
    if (d->seen->certificate_wanted) {
        line(p, "client", "%s",
             d->seen->client_certificate ? "has shown its certificate, and proved to have the key"
                                         : "was asked for a certificate, and has shown none");
    }
}

static void session(struct diagram *p, const struct decider *d)
{
    static const char *const status[] = {
        [TLS_SESSION_NONE] = "new",
        [TLS_SESSION_EXPIRED] = "new: the earlier one had expired",
        [TLS_SESSION_UNFIT] = "new: the earlier one did not fit",
        [TLS_SESSION_DECLINED] = "new: the server did not resume the earlier one",
        [TLS_SESSION_RESUMED] = "resumed",
    };
    unsigned tickets = d->seen->tickets;

    if (tickets != 0) {
        line(p, "session", "%s; %u ticket%s for later ones", status[tls_conn_session_status(d->tls)], tickets,
             tickets == 1 ? "" : "s");
    } else {
        line(p, "session", "%s", status[tls_conn_session_status(d->tls)]);
    }
    if (tls_conn_early_data(d->tls) != TLS_EARLY_DATA_NONE) {
        line(p, "early data", "%s",
             tls_conn_early_data(d->tls) == TLS_EARLY_DATA_ACCEPTED
                 ? "accepted: an attacker could replay it"
                 : "rejected: sent again after the handshake");
    }
}

static void times(struct diagram *p, struct tls *tls, int64_t total_us)
{
    struct tls_times t;

    tls_conn_times(tls, &t);
    line(p, "times", "DNS %.1f ms, TCP %.1f ms, handshake %.1f ms, all %.1f ms", (double)t.dns / 1000,
         (double)t.tcp / 1000, (double)t.handshake / 1000, (double)total_us / 1000);
}

void panel_security(struct diagram *p, const struct decider *d, int64_t total_us)
{
    struct tls *tls = d->tls;

    diagram_box(p, "Security");
    line(p, "protocol", "TLS %s%s%s", tls_conn_version(tls) + strlen("TLSv"),
         tls_conn_alpn_selected(tls) != NULL ? ", for " : "",
         tls_conn_alpn_selected(tls) != NULL ? tls_conn_alpn_selected(tls) : "");
    key_exchange(p, tls, d->seen->psk_taken || tls_conn_session_resumed(tls));
    signature(p, tls);
    line(p, "cipher", "%s, %d bits", tls_conn_cipher_suite(tls), tls_conn_cipher_strength(tls));
    certificate(p, d);
    revocation(p, tls);
    client(p, d);
    session(p, d);
    times(p, tls, total_us);
    diagram_box_end(p);
}

/* The search for a path as the library draws it: in lines that fit into the box. */
static void report(struct diagram *p, const char *text)
{
    char one[1200];
    size_t len;

    diagram_box_line(p, "paths tried", "");
    for (; *text != '\0'; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        snprintf(one, sizeof one, "%.*s", (int)len, text);
        diagram_box_text(p, one);
    }
}

void panel_failure(struct diagram *p, const struct decider *d, const char *error)
{
    size_t len;
    bool verified = tls_conn_verified_cert_der(d->tls, 0, &len) != NULL;
    const char *tried = verified ? NULL : tls_conn_verify_report(d->tls);

    diagram_box(p, tls_conn_version(d->tls) != NULL ? "Then it failed" : "No connection");
    diagram_box_line(p, "reason", error);
    if (tried != NULL) {
        report(p, tried);
    }
    diagram_box_end(p);
}
