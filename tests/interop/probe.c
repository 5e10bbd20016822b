/*
 * What https_get has no option for, against other servers: a GET whose answer goes to stdout, and facts, a
 * line each, to stderr.
 *
 *     probe HOST PORT PATH CAFILE [NAME VALUE]...
 *
 *     version 1.2|1.3           no other is offered
 *     record-size-limit N       RFC 8449
 *     grease 1                  GREASE and a random order of extensions (RFC 8701)
 *     key-update 0|1            new keys before the GET; 1: the server is asked for its own too
 *     exporter LABEL            said: "exporter HEX", 32 bytes without a context
 *     context TEXT              of the exporter
 *     binding 1                 said: "binding HEX", the tls-exporter channel binding
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>

enum { KEY_UPDATE = 24, HANDSHAKE = 22, APPLICATION_DATA = 23 };

struct probe {
    struct tls_config *config;
    struct tls *ctx;
    const char *exporter, *context;
    int key_update, binding; /* key_update -1: none */
    size_t longest[2];       /* record of data, by sender: the server, we */
    int key_updates;         /* that the server sent */
};

static void watch(struct tls *ctx, const struct tls_message *m, void *arg)
{
    struct probe *p = arg;

    (void)ctx;
    if (m->content_type == APPLICATION_DATA && m->record_len > p->longest[m->sent]) {
        p->longest[m->sent] = m->record_len;
    }
    if (!m->sent && m->content_type == HANDSHAKE && m->len > 0 && m->message[0] == KEY_UPDATE) {
        p->key_updates++;
    }
}

static int set_version(struct tls_config *config, const char *version)
{
    return tls_config_set_protocols(config, strcmp(version, "1.2") == 0 ? TLS_PROTOCOL_TLSv1_2
                                                                        : TLS_PROTOCOL_TLSv1_3);
}

/* 0, -1: the configuration says why, 1: there is no such option */
static int set_option(struct probe *p, const char *name, const char *value)
{
    if (strcmp(name, "version") == 0) {
        return set_version(p->config, value);
    }
    if (strcmp(name, "record-size-limit") == 0) {
        return tls_config_set_record_size_limit(p->config, atoi(value));
    }
    if (strcmp(name, "grease") == 0) {
        tls_config_set_grease(p->config, atoi(value));
    } else if (strcmp(name, "key-update") == 0) {
        p->key_update = atoi(value);
    } else if (strcmp(name, "exporter") == 0) {
        p->exporter = value;
    } else if (strcmp(name, "context") == 0) {
        p->context = value;
    } else if (strcmp(name, "binding") == 0) {
        p->binding = atoi(value);
    } else {
        return 1;
    }
    return 0;
}

static int configure(struct probe *p, int argc, char **argv)
{
    int i, status;

    if (p->config == NULL || tls_config_set_ca_file(p->config, argv[4]) == -1) {
        return -1;
    }
    for (i = 5; i + 1 < argc; i += 2) {
        status = set_option(p, argv[i], argv[i + 1]);
        if (status != 0) {
            fprintf(stderr, "probe: %s %s: %s\n", argv[i], argv[i + 1],
                    status < 0 ? tls_config_error(p->config) : "no such option");
            return -1;
        }
    }
    tls_config_set_message_cb(p->config, watch, p);
    p->ctx = tls_client();
    return p->ctx == NULL ? -1 : tls_configure(p->ctx, p->config);
}

static void say(const char *what, const unsigned char *bytes, size_t len)
{
    size_t i;

    fprintf(stderr, "%s ", what);
    for (i = 0; i < len; i++) {
        fprintf(stderr, "%02x", bytes[i]);
    }
    fprintf(stderr, "\n");
}

static int export_keys(struct probe *p)
{
    unsigned char out[32];

    if (p->exporter != NULL) {
        if (tls_exporter(p->ctx, p->exporter, p->context, p->context != NULL ? strlen(p->context) : 0, out,
                         sizeof out) == -1) {
            return -1;
        }
        say("exporter", out, sizeof out);
    }
    if (p->binding) {
        if (tls_channel_binding(p->ctx, out) == -1) {
            return -1;
        }
        say("binding", out, sizeof out);
    }
    return 0;
}

static int until_done(int (*step)(struct probe *p), struct probe *p)
{
    int n;

    do {
        n = step(p);
    } while (n == TLS_WANT_POLLIN || n == TLS_WANT_POLLOUT);
    return n;
}

static int handshake(struct probe *p)
{
    return tls_handshake(p->ctx);
}

static int key_update(struct probe *p)
{
    return tls_key_update(p->ctx, p->key_update);
}

static int get(struct probe *p, const char *host, const char *path)
{
    char buf[16384];
    size_t done = 0, len;
    ssize_t n = 0;

    len = (size_t)snprintf(buf, sizeof buf, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, host);
    while (done < len && n != -1) {
        n = tls_write(p->ctx, buf + done, len - done);
        done += n > 0 ? (size_t)n : 0;
    }
    while (n != -1 && (n = tls_read(p->ctx, buf, sizeof buf)) != 0) {
        if (n > 0) {
            fwrite(buf, 1, (size_t)n, stdout);
        }
    }
    return (int)n;
}

/* Of a record with its header (RFC 9846, 5.1). */
static unsigned fragment(size_t record)
{
    return (unsigned)(record > 5 ? record - 5 : 0);
}

int main(int argc, char **argv)
{
    struct probe p;
    int status = -1;

    if (argc < 5) {
        fprintf(stderr, "usage: probe HOST PORT PATH CAFILE [NAME VALUE]...\n");
        return 2;
    }
    memset(&p, 0, sizeof p);
    p.key_update = -1;
    p.config = tls_config_new();
    if (configure(&p, argc, argv) == 0 && tls_connect(p.ctx, argv[1], argv[2]) == 0 &&
        until_done(handshake, &p) == 0 && export_keys(&p) == 0 &&
        (p.key_update < 0 || until_done(key_update, &p) == 0)) {
        status = get(&p, argv[1], argv[3]);
    }
    if (status != 0) {
        fprintf(stderr, "probe: %s\n",
                p.ctx != NULL && tls_error(p.ctx) != NULL ? tls_error(p.ctx) : "no reason given");
    }
    fprintf(stderr, "longest record %u\nlongest record of ours %u\nkey updates %d\n", fragment(p.longest[0]),
            fragment(p.longest[1]), p.key_updates);
    tls_free(p.ctx);
    tls_config_free(p.config);
    return status == 0 ? 0 : 1;
}
