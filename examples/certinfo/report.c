#include "certinfo/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certinfo/paint.h"
#include "common/terminal.h"
#include "common/text.h"

/* What was found out about an input. */
struct findings {
    const struct source *s;
    const char *host, *error; /* NULL: none */
    int verdict;              /* 1 accepted, 0 rejected, -1: none */
    char *certificates, *tree;
};

void report_begin(struct report *r, const struct options *o, struct tls_config *config)
{
    memset(r, 0, sizeof *r);
    r->o = o;
    r->config = config;
    r->now = o->at != 0 ? (time_t)o->at : time(NULL);
    r->colour = terminal_colour(STDOUT_FILENO);
    if (o->json) {
        json_begin(&r->json, stdout);
        json_open_object(&r->json, NULL);
        json_time(&r->json, "time", (int64_t)r->now);
        json_bool(&r->json, "strict", o->strict);
        json_open_array(&r->json, "inputs");
    }
}

/* ---- Finding out ---- */

static void look(const struct report *r, struct findings *f)
{
    const struct source *s = f->s;
    int format = r->o->json ? TLS_DESCRIBE_JSON : TLS_DESCRIBE_TEXT;

    f->host = r->o->host != NULL ? r->o->host : s->kind == SOURCE_SERVER ? s->url.host : NULL;
    f->error = s->error[0] != '\0' ? s->error : NULL;
    f->verdict = -1;
    if (s->bytes == NULL || (f->error != NULL && s->kind != SOURCE_SERVER)) {
        return;
    }
    f->certificates = tls_describe_certs(s->bytes, s->len, format, r->now);
    if (f->certificates == NULL) {
        f->error = "out of memory, or too many certificates to describe";
    } else if (r->config != NULL) {
        f->verdict =
            tls_config_verify_certs(r->config, s->bytes, s->len, f->host, (time_t)r->o->at, format, &f->tree);
        if (f->verdict == -1 && f->error == NULL) {
            f->error = tls_config_error(r->config);
        }
    }
}

static int exit_code(const struct findings *f)
{
    return f->error != NULL ? EXIT_TROUBLE : f->verdict == 0 ? EXIT_REJECTED : EXIT_ACCEPTED;
}

/* ---- JSON ---- */

static void verdict_member(struct json *j, int verdict)
{
    if (verdict == -1) {
        json_null(j, "accepted");
    } else {
        json_bool(j, "accepted", verdict == 1);
    }
}

static void raw_or_null(struct json *j, const char *name, const char *value)
{
    if (value == NULL) {
        json_null(j, name);
    } else {
        json_raw(j, name, value);
    }
}

static void server_member(struct json *j, const struct source *s)
{
    if (s->kind != SOURCE_SERVER || s->url.port[0] == '\0') {
        json_null(j, "server");
        return;
    }
    json_open_object(j, "server");
    json_text(j, "host", s->url.host);
    json_integer(j, "port", strtol(s->url.port, NULL, 10));
    json_text(j, "address", s->address[0] != '\0' ? s->address : NULL);
    json_text(j, "version", s->version[0] != '\0' ? s->version : NULL);
    json_close_object(j);
}

static void put_document(struct report *r, const struct findings *f)
{
    static const char *const kinds[] = { "file", "stdin", "server" };
    struct json *j = &r->json;

    json_open_object(j, NULL);
    json_text(j, "input", f->s->name);
    json_text(j, "kind", kinds[f->s->kind]);
    server_member(j, f->s);
    json_text(j, "error", f->error);
    verdict_member(j, f->verdict);
    json_text(j, "host", f->host);
    raw_or_null(j, "certificates", f->certificates);
    raw_or_null(j, "verification", f->tree);
    json_close_object(j);
}

/* ---- Text ---- */

static void heading(const struct report *r, const struct findings *f)
{
    const struct source *s = f->s;
    char text[1024];

    if (s->kind == SOURCE_SERVER) {
        snprintf(text, sizeof text, "%s (%s%s%s): as the server sent them, fetched without verification",
                 s->name, s->address, s->version[0] != '\0' ? ", " : "", s->version);
    } else {
        snprintf(text, sizeof text, "%s:", s->kind == SOURCE_STDIN ? "stdin" : s->name);
    }
    paint_fold(r->colour, PAINT_BOLD, text);
    putchar('\n');
}

static void put_verdict(const struct report *r, const struct findings *f)
{
    putchar('\n');
    paint_tree(r->colour, f->tree);
    if (f->host == NULL) {
        text_fold(stdout, "", "", "The name is not checked: --host says which it must be.", 54);
    }
}

static void put_text(struct report *r, const struct findings *f)
{
    if (f->certificates == NULL) {
        return;
    }
    if (r->num > 0) {
        putchar('\n');
    }
    heading(r, f);
    paint_certificates(r->colour, f->certificates);
    if (f->tree != NULL) {
        put_verdict(r, f);
    }
    fflush(stdout);
}

/* ---- Both ---- */

static void complain(const struct findings *f)
{
    char text[sizeof f->s->error + 1024], safe[sizeof text];

    snprintf(text, sizeof text, "%s: %s", f->s->kind == SOURCE_STDIN ? "stdin" : f->s->name, f->error);
    fprintf(stderr, "certinfo: %s\n", text_safe(safe, sizeof safe, text, strlen(text)));
}

int report_input(struct report *r, const struct source *s)
{
    struct findings f;

    memset(&f, 0, sizeof f);
    f.s = s;
    look(r, &f);
    if (r->o->json) {
        put_document(r, &f);
    } else {
        put_text(r, &f);
    }
    if (f.error != NULL) {
        complain(&f);
    }
    free(f.certificates);
    free(f.tree);
    r->num++;
    return exit_code(&f);
}

void report_end(struct report *r, int code)
{
    struct json *j = &r->json;

    if (r->o->json) {
        json_close_array(j);
        verdict_member(j, code == EXIT_TROUBLE || r->config == NULL ? -1 : code == EXIT_ACCEPTED);
        json_close_object(j);
        json_end(j);
    }
}
