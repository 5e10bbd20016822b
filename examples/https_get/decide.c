#include "https_get/decide.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TLS13 0x0304

static void say(const struct decider *d, const char *format, ...)
{
    char text[2048];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    d->say(d->arg, text);
}

/* "our first of 9". */
static const char *place(char out[48], const struct codes *offer, unsigned code)
{
    static const char *const words[] = { "first", "second",  "third",  "fourth", "fifth",
                                         "sixth", "seventh", "eighth", "ninth",  "tenth" };
    size_t at = codes_place(offer, code);

    if (at == 0) {
        snprintf(out, 48, "which we did not offer");
    } else if (offer->num == 1) {
        snprintf(out, 48, "the only one that we offer");
    } else if (at <= sizeof words / sizeof words[0]) {
        snprintf(out, 48, "our %s of %zu", words[at - 1], offer->num);
    } else {
        snprintf(out, 48, "our number %zu of %zu", at, offer->num);
    }
    return out;
}

/* --- Hellos --- */

/* "A", "A and B", "A, B and C". */
static const char *groups_text(char *out, size_t cap, const struct codes *list)
{
    char number[8];
    size_t i, n = 0;

    out[0] = '\0';
    for (i = 0; i < list->num && n < cap; i++) {
        n += (size_t)snprintf(out + n, cap - n, "%s%s",
                              i == 0               ? ""
                              : i + 1 == list->num ? " and "
                                                   : ", ",
                              name_or_number(number, TLS_CODE_GROUP, list->list[i]));
    }
    return out;
}

static void offered_session(const struct decider *d)
{
    switch (tls_conn_session_status(d->tls)) {
    case TLS_SESSION_NONE:
        say(d, "no earlier session with this server is known: a full handshake");
        break;
    case TLS_SESSION_EXPIRED:
        say(d, "the earlier session has expired: a full handshake");
        break;
    case TLS_SESSION_UNFIT:
        say(d, "the earlier session was made under other settings, or for another host: a full handshake");
        break;
    default:
        say(d, "offers to resume the earlier session");
        break;
    }
    if (d->seen->early_offered) {
        say(d, "the request goes along as early data: an attacker could replay it, but not read it");
    } else if (d->o->early_data) {
        say(d, "no early data: there is no session that allows it");
    }
}

static void client_hello(const struct decider *d)
{
    const struct seen *s = d->seen;
    char text[256], number[8];

    if (s->hellos > 1) {
        say(d, "the same again%s%s%s", s->retry_group != 0 ? ", with a key share for " : "",
            s->retry_group != 0 ? name_or_number(number, TLS_CODE_GROUP, s->retry_group) : "",
            s->cookie ? ", with the server's cookie" : "");
        return;
    }
    if (s->shares.num != 0) {
        say(d, "sends key shares for %s at once: a server that takes one of them saves a round trip",
            groups_text(text, sizeof text, &s->shares));
    }
    offered_session(d);
}

static void hello_retry_request(const struct decider *d)
{
    const struct seen *s = d->seen;
    char text[48], number[8];

    if (s->retry_group != 0) {
        say(d, "wants %s (%s), for which there was no key share: one more round trip",
            name_or_number(number, TLS_CODE_GROUP, s->retry_group), place(text, &s->groups, s->retry_group));
    }
    if (s->cookie) {
        say(d,
            "wants its cookie back: then it need not remember us, and knows that we receive what it sends");
    }
    if (s->early_offered) {
        say(d, "the early data is lost by that: the request will be sent again");
    }
}

static void chosen_version(const struct decider *d)
{
    const struct seen *s = d->seen;
    size_t at = codes_place(&s->versions, s->version);
    const char *name = tls_code_name(TLS_CODE_VERSION, s->version);

    say(d, "chose %s: %s", name != NULL ? name : "an unknown version",
        at == 0                ? "which we did not offer"
        : s->versions.num == 1 ? "the only version that we offer"
        : at == 1              ? "our highest"
                               : "the highest that the server has; we have higher ones");
}

static void server_hello(const struct decider *d)
{
    const struct seen *s = d->seen;
    char text[48], number[8];
    const char *group;

    chosen_version(d);
    say(d, "chose %s: the server's pick, %s", name_or_number(number, TLS_CODE_CIPHER_SUITE, s->suite),
        place(text, &s->suites, s->suite));
    if (s->version >= TLS13 && s->group != 0) {
        group = name_or_number(number, TLS_CODE_GROUP, s->group);
        say(d, "chose %s: the server's pick, %s%s", group, place(text, &s->groups, s->group),
            strstr(group, "MLKEM") != NULL ? "; a quantum computer does not break it" : "");
    }
    if (s->version >= TLS13) {
        say(d, "from here on all is encrypted: {} under keys of the handshake, [] of the application");
    }
}

static void resumption(const struct decider *d)
{
    int status = tls_conn_session_status(d->tls);

    if (status == TLS_SESSION_RESUMED) {
        say(d, "resumes the session: whoever knows its secret needs no certificate, which was verified then");
    } else if (status == TLS_SESSION_DECLINED) {
        say(d, "does not resume: the server did not take the session that was offered");
    }
}

static void alpn(const struct decider *d)
{
    const struct seen *s = d->seen;

    if (s->alpn_chosen[0] != '\0') {
        if (s->num_alpn == 1) {
            say(d, "chose %s by ALPN, the only one that we offer", s->alpn_chosen);
        } else {
            say(d, "chose %s by ALPN, of the %u that we offer (%s)", s->alpn_chosen, s->num_alpn, s->alpn);
        }
    } else if (s->num_alpn != 0) {
        say(d, "chose no protocol by ALPN, although we offer %s: it is left to the port", s->alpn);
    }
}

static void early_data(const struct decider *d)
{
    if (d->seen->early_offered && !d->seen->retried) {
        say(d, d->seen->early_taken ? "early data accepted: the server has the request already"
               : tls_conn_session_resumed(d->tls) || d->seen->psk_taken
                   ? "early data rejected, which is the server's choice: the request will be sent again"
                   : "early data rejected, as the session was not resumed: the request will be sent again");
    }
}

/* --- Certificates --- */

/* RFC 9525, 6.3: exact, or "*." for one label. For people: the library has decided. */
static bool name_fits(const char *pattern, const char *host)
{
    const char *dot = strchr(host, '.');

    return strcasecmp(pattern, host) == 0 ||
           (strncmp(pattern, "*.", 2) == 0 && dot != NULL && strcasecmp(pattern + 1, dot) == 0);
}

/* "a matches b? no; matches c? yes": all names up to the one that was matched. NULL: none was. */
static void compare_names(const struct decider *d, const struct tls_certificate *c, const char *matched)
{
    const char *host = tls_conn_servername(d->tls);
    char text[1600];
    size_t n, i;
    bool yes = false;

    n = (size_t)snprintf(text, sizeof text, "%s", host);
    for (i = 0; i < c->num_names && !yes && n + 40 < sizeof text; i++) {
        if (strcmp(c->names[i].type, "DNS") == 0 || strcmp(c->names[i].type, "IP") == 0) {
            yes = matched != NULL && strcmp(c->names[i].value, matched) == 0;
            n += (size_t)snprintf(text + n, sizeof text - n, "%s matches %s: %s", i == 0 ? "" : ";",
                                  c->names[i].value, yes ? "yes" : "no");
        }
    }
    if (n > strlen(host)) {
        say(d, "%s", text);
    } else {
        say(d, "%s: the certificate has no names (subjectAltName) that could match", host);
    }
}

static struct tls_certificate *leaf_of(struct tls *tls)
{
    size_t len = 0;
    const uint8_t *der = tls_peer_cert_der(tls, 0, &len);

    return der != NULL ? tls_certificate_read(der, len) : NULL;
}

void decide_names(const struct decider *d)
{
    struct tls_certificate *leaf = leaf_of(d->tls);
    const char *host = tls_conn_servername(d->tls);
    size_t i;
    bool fits = leaf == NULL || host == NULL || d->o->insecure;

    for (i = 0; !fits && i < leaf->num_names; i++) {
        fits = name_fits(leaf->names[i].value, host);
    }
    if (!fits) {
        compare_names(d, leaf, NULL);
    }
    tls_certificate_free(leaf);
}

/* The verified path, from the server's certificate up. */
static void path(const struct decider *d)
{
    const uint8_t *der;
    char text[1600];
    size_t len = 0, i, n = 0;

    text[0] = '\0';
    for (i = 0; (der = tls_conn_verified_cert_der(d->tls, i, &len)) != NULL && n + 1 < sizeof text; i++) {
        struct tls_certificate *c = tls_certificate_read(der, len);

        if (c != NULL) {
            n +=
                (size_t)snprintf(text + n, sizeof text - n, "%s%s", i == 0 ? "" : ", issued by ", c->subject);
        }
        tls_certificate_free(c);
    }
    if (i != 0) {
        say(d, "trusted: %s, which is a trust anchor of %s", text,
            d->o->cacert != NULL   ? d->o->cacert
            : d->o->capath != NULL ? d->o->capath
                                   : "this system");
    }
}

static void server_certificate(const struct decider *d)
{
    const char *matched = tls_conn_matched_name(d->tls);
    struct tls_certificate *leaf = leaf_of(d->tls);

    if (d->o->insecure) {
        say(d, "not verified, as --insecure asks: anybody could have sent this");
    } else if (leaf != NULL && matched != NULL) {
        compare_names(d, leaf, matched);
        path(d);
    }
    tls_certificate_free(leaf);
}

static void client_certificate(const struct decider *d)
{
    if (d->seen->client_certificate) {
        say(d, "sends the client certificate of %s", d->o->cert);
    } else {
        say(d, "sends none: there is no client certificate (-E gives one)");
    }
}

/* --- The rest --- */

static void server_signature(const struct decider *d)
{
    char text[48], number[8];

    say(d, "good signature: the server has the private key of its certificate (%s, %s)",
        name_or_number(number, TLS_CODE_SIGNATURE_SCHEME, d->seen->scheme),
        place(text, &d->seen->schemes, d->seen->scheme));
}

static void server_key_exchange(const struct decider *d)
{
    char text[48], number[8];

    say(d, "chose %s: the server's pick, %s", name_or_number(number, TLS_CODE_GROUP, d->seen->group),
        place(text, &d->seen->groups, d->seen->group));
    server_signature(d);
}

static void at_client(const struct decider *d, int type)
{
    switch (type) {
    case CLIENT_HELLO:
        client_hello(d);
        break;
    case CERTIFICATE:
        client_certificate(d);
        break;
    case CERTIFICATE_VERIFY:
        say(d, "proves that we have the private key of that certificate");
        break;
    case CLIENT_KEY_EXCHANGE:
        say(d, d->seen->group != 0
                   ? "now both sides can compute the same secret, and nobody else"
                   : "a secret, encrypted to the key of the certificate: whoever gets that key can read all");
        break;
    case FINISHED:
        say(d, "proves that we have seen the same handshake: a checksum over all of it, under its keys");
        break;
    case END_OF_EARLY_DATA:
        say(d, "what follows is encrypted under the keys of the handshake");
        break;
    case KEY_UPDATE:
        say(d, "what we send from here on is encrypted under new keys");
        break;
    default:
        break;
    }
}

static void at_server(const struct decider *d, int type)
{
    switch (type) {
    case HELLO_RETRY_REQUEST:
        hello_retry_request(d);
        break;
    case SERVER_HELLO:
        server_hello(d);
        break;
    case CERTIFICATE_REQUEST:
        say(d, "wants to know who we are, too");
        break;
    case HELLO_REQUEST:
        say(d, "wants to negotiate again, which is refused");
        break;
    case KEY_UPDATE:
        say(d, "what the server sends from here on is encrypted under new keys");
        break;
    default:
        break;
    }
}

static void alert(const struct decider *d, const struct tls_message *m)
{
    bool closes = m->len >= 2 && m->message[1] == 0;

    say(d, "%s",
        closes               ? m->sent ? "we send no more" : "the server sends no more: nothing was cut off"
        : m->message[0] == 1 ? "a warning only"
        : m->sent            ? "we end the connection"
                             : "the server ends the connection");
}

void decide_at(const struct decider *d, const struct tls_message *m)
{
    if (m->content_type == CONTENT_CHANGE_CIPHER_SPEC) {
        say(d, d->seen->version >= TLS13 || d->seen->version == 0
                   ? "means nothing in TLS 1.3: middleboxes expect it of TLS 1.2"
                   : "what follows from this side is encrypted: []");
    } else if (m->content_type == CONTENT_ALERT && m->len >= 2) {
        alert(d, m);
    } else if (m->sent) {
        at_client(d, message_type(m));
    } else {
        at_server(d, message_type(m));
    }
}

void decide_after(const struct decider *d, int type)
{
    switch (type) {
    case SERVER_HELLO:
        resumption(d);
        if (d->seen->version < TLS13) {
            alpn(d);
        }
        break;
    case ENCRYPTED_EXTENSIONS:
        alpn(d);
        early_data(d);
        break;
    case CERTIFICATE:
    case COMPRESSED_CERTIFICATE:
        server_certificate(d);
        break;
    case CERTIFICATE_VERIFY:
        server_signature(d);
        break;
    case SERVER_KEY_EXCHANGE:
        server_key_exchange(d);
        break;
    case FINISHED:
        say(d, "the right checksum: both sides have seen the same handshake");
        break;
    case NEW_SESSION_TICKET:
        say(d, "a later connection can resume this one with it");
        break;
    default:
        break;
    }
}

static void ocsp(const struct decider *d)
{
    const char *result = tls_peer_ocsp_result(d->tls);

    if (result != NULL) {
        say(d, "not revoked: the stapled OCSP response says \"%s\"", result);
    }
}

void decide_established(const struct decider *d)
{
    const struct seen *s = d->seen;
    bool resumed = tls_conn_session_resumed(d->tls) != 0;
    unsigned trips = (s->version >= TLS13 || resumed ? 1u : 2u) + (s->retried ? 1u : 0u);
    struct tls_times times;

    ocsp(d);
    tls_conn_times(d->tls, &times);
    say(d, "the handshake is complete: %u round trip%s, %.1f ms", trips, trips == 1 ? "" : "s",
        (double)times.handshake / 1000);
}
