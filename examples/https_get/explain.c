#include "https_get/explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "https_get/decide.h"
#include "https_get/output.h"
#include "https_get/panel.h"

#define VALUE_MAX 8192

void explain_begin(struct story *e, const struct options *o)
{
    e->o = o;
    e->open = e->reported = false;
    if (o->explain != EXPLAIN_NO) {
        (void)setvbuf(stderr, NULL, _IOLBF, BUFSIZ); /* a line at a time, not a character */
    }
}

void explain_ask(struct story *e, const char *host, const char *port)
{
    snprintf(e->asked.host, sizeof e->asked.host, "%s", host);
    snprintf(e->asked.port, sizeof e->asked.port, "%s", port);
    e->asked.address[0] = '\0';
}

static void open_story(struct story *e, struct tls *tls, int64_t now_us)
{
    explain_complaint(e);
    e->open = true;
    e->reported = false;
    e->tls = tls;
    e->start_us = now_us;
    e->addresses[0] = '\0';
    e->pending = -1;
    memset(&e->seen, 0, sizeof e->seen);
    if (e->o->explain == EXPLAIN_JSON) {
        document_begin(&e->document);
    } else {
        diagram_begin(&e->diagram);
    }
}

static void on_decision(void *arg, const char *text)
{
    struct story *e = (struct story *)arg;

    if (e->o->explain == EXPLAIN_JSON) {
        document_decision(&e->document, text);
    } else {
        diagram_decision(&e->diagram, text);
    }
}

static struct decider decider(struct story *e)
{
    struct decider d;

    d.o = e->o;
    d.seen = &e->seen;
    d.tls = e->tls;
    d.say = on_decision;
    d.arg = e;
    return d;
}

/* --- Before TLS --- */

static double since(int64_t from_us, int64_t to_us)
{
    return (double)(to_us - from_us) / 1000;
}

static void add_address(struct story *e, const char *address)
{
    size_t n = strlen(e->addresses);

    snprintf(e->addresses + n, sizeof e->addresses - n, "%s%s", n == 0 ? "" : ", ", address);
}

static void syn(struct story *e, const struct tls_dial *step)
{
    char text[700], measure[64];

    if (e->addresses[0] != '\0') {
        snprintf(text, sizeof text, "%s (%.1f ms)", e->addresses, since(e->start_us, step->time_us));
        diagram_fact(&e->diagram, "address", text);
        e->addresses[0] = '\0';
    }
    e->syn_us = step->time_us;
    snprintf(measure, sizeof measure, "%.1f ms", since(e->start_us, step->time_us));
    snprintf(text, sizeof text, "TCP SYN to %s port %s", step->address, step->port);
    diagram_arrow(&e->diagram, ARROW_SENT, text, measure);
}

static void connected(struct story *e, const struct tls_dial *step)
{
    char measure[64], text[128];

    snprintf(measure, sizeof measure, "%.1f ms", since(e->start_us, step->time_us));
    diagram_arrow(&e->diagram, ARROW_RECEIVED, "TCP SYN-ACK", measure);
    diagram_arrow(&e->diagram, ARROW_SENT, "TCP ACK", measure);
    snprintf(text, sizeof text, "connected to %s: a round trip takes %.2f ms", step->address,
             since(e->syn_us, step->time_us));
    diagram_decision(&e->diagram, text);
}

static void not_connected(struct story *e, const struct tls_dial *step)
{
    char measure[64], text[256];

    snprintf(measure, sizeof measure, "%.1f ms", since(e->start_us, step->time_us));
    if (step->error == ECONNREFUSED) {
        diagram_arrow(&e->diagram, ARROW_ALARM_RECEIVED, "TCP RST", measure);
    }
    if (step->address != NULL) {
        snprintf(text, sizeof text, "%s: %s", step->address,
                 step->error != 0 ? strerror(step->error) : "no answer yet: no longer waited for");
        diagram_failure(&e->diagram, text);
    }
}

static void draw_dial(struct story *e, const struct tls_dial *step)
{
    switch (step->what) {
    case TLS_DIAL_RESOLVED:
        add_address(e, step->address);
        break;
    case TLS_DIAL_SYN:
        syn(e, step);
        break;
    case TLS_DIAL_CONNECTED:
        connected(e, step);
        break;
    case TLS_DIAL_FAILED:
    case TLS_DIAL_DROPPED:
        not_connected(e, step);
        break;
    default:
        break;
    }
}

static void on_dial(struct tls *tls, const struct tls_dial *step, void *arg)
{
    struct story *e = (struct story *)arg;

    if (!e->open) {
        open_story(e, tls, step->time_us);
    }
    if (step->what == TLS_DIAL_SYN) {
        snprintf(e->asked.address, sizeof e->asked.address, "%s", step->address);
    }
    if (e->o->explain == EXPLAIN_JSON) {
        document_dial(&e->document, step, step->time_us - e->start_us);
    } else {
        draw_dial(e, step);
    }
}

/* --- Messages --- */

static void draw_facts(struct story *e)
{
    char value[VALUE_MAX];
    size_t i;

    for (i = 0; i < e->facts.num; i++) {
        diagram_fact(&e->diagram, e->facts.list[i].name,
                     fact_value(value, sizeof value, &e->facts, &e->facts.list[i]));
    }
}

/* () {} [] as in the figures of RFC 9846, 2. */
static void draw_message(struct story *e, const struct tls_message *m, enum protection protection)
{
    static const char *const brackets[] = { "", "()", "{}", "[]" };
    const char *b = brackets[protection];
    bool is_alert = m->content_type == CONTENT_ALERT && m->len >= 2, alarm = is_alert && m->message[1] != 0;
    const char *alert = is_alert ? tls_code_name(TLS_CODE_ALERT, m->message[1]) : NULL;
    char name[128], measure[64];

    snprintf(name, sizeof name, "%.1s%s%s%s%s", b, message_name(m), alert != NULL ? ": " : "",
             alert != NULL ? alert : "", b[0] != '\0' ? b + 1 : "");
    snprintf(measure, sizeof measure, "%zu byte%s %7.1f ms", m->len, m->len == 1 ? " " : "s",
             since(e->start_us, m->time_us));
    diagram_arrow(&e->diagram,
                  m->sent ? alarm ? ARROW_ALARM_SENT : ARROW_SENT
                  : alarm ? ARROW_ALARM_RECEIVED
                          : ARROW_RECEIVED,
                  name, measure);
    if (alert == NULL) {
        draw_facts(e);
    }
}

/* What the server sent last has been judged: good, or not. */
static void settle(struct story *e, bool good)
{
    struct decider d = decider(e);

    if (good && e->pending >= 0) {
        decide_after(&d, e->pending);
    } else if (!good && (e->pending == CERTIFICATE || e->pending == COMPRESSED_CERTIFICATE)) {
        decide_names(&d);
    }
    e->pending = -1;
}

static void on_message(struct tls *tls, const struct tls_message *m, void *arg)
{
    struct story *e = (struct story *)arg;
    struct decider d;
    bool refusal = m->sent && m->content_type == CONTENT_ALERT && m->len >= 2 && m->message[1] != 0;
    enum protection protection;

    if (!e->open) {
        open_story(e, tls, m->time_us);
    }
    settle(e, !refusal);
    d = decider(e);
    protection = message_protection(&e->seen, m);
    facts_begin(&e->facts);
    message_read(&e->facts, &e->seen, m);
    if (e->o->explain == EXPLAIN_JSON) {
        document_message(&e->document, m, &e->facts, protection, m->time_us - e->start_us);
    } else {
        draw_message(e, m, protection);
    }
    decide_at(&d, m);
    e->pending = m->sent ? -1 : message_type(m);
}

void explain_attach(struct story *e, struct tls_config *config)
{
    if (e->o->explain != EXPLAIN_NO) {
        tls_config_set_dial_cb(config, on_dial, e);
        tls_config_set_message_cb(config, on_message, e);
    }
}

/* --- The end --- */

void explain_established(struct story *e)
{
    struct decider d;

    if (e->open) {
        settle(e, true);
        d = decider(e);
        decide_established(&d);
    }
}

static const char *complaint(const struct story *e)
{
    return e->o->complaint != NULL && e->o->complaint[0] != '\0' ? e->o->complaint : NULL;
}

bool explain_end(struct story *e, struct tls *tls, const char *error)
{
    struct decider d;
    int64_t total;

    if (!e->open) {
        return false;
    }
    settle(e, true);
    total = steady_us() - e->start_us;
    d = decider(e);
    e->open = false;
    if (e->o->explain == EXPLAIN_JSON) {
        document_end(&e->document, tls, &e->seen, &e->asked, total, error != NULL ? error : complaint(e));
        e->reported = error != NULL || complaint(e) != NULL;
        return false;
    }
    if (tls_conn_cipher_strength(tls) > 0) {
        panel_security(&e->diagram, &d, total);
    }
    if (error != NULL) {
        panel_failure(&e->diagram, &d, error);
    }
    fputc('\n', stderr);
    return error != NULL;
}

void explain_complaint(struct story *e)
{
    if (e->o->explain == EXPLAIN_JSON && complaint(e) != NULL) {
        if (!e->reported) {
            static const struct asked nobody;

            memset(&e->seen, 0, sizeof e->seen);
            document_begin(&e->document);
            document_end(&e->document, NULL, &e->seen, &nobody, 0, complaint(e));
        }
        e->o->complaint[0] = '\0';
    }
}
