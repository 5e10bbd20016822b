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
    if (e->o->explain != EXPLAIN_NO) {
        tls_config_set_message_cb(config, on_message, e);
    }
}

void explain_connected(struct story *e, struct tls *tls)
{
    struct tls_times times;

    tls_conn_times(tls, &times);
    if (e->o->explain != EXPLAIN_NO) {
        diagram_tcp(&e->diagram, tls_conn_address(tls), tls_conn_port(tls), (double)times.tcp / 1000);
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
