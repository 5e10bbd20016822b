#include "https_get/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "https_get/output.h"
#include "https_get/verbose.h"

int complain(const struct options *o, int code, const char *format, ...)
{
    va_list ap;

    if (!o->silent) {
        va_start(ap, format);
        fputs("https_get: ", stderr);
        vfprintf(stderr, format, ap);
        fputc('\n', stderr);
        va_end(ap);
    }
    return code;
}

/* --- Settings --- */

static int config_failed(struct client *c, int code)
{
    return complain(c->o, code, "%s", tls_config_error(c->config));
}

static int set_trust(struct client *c)
{
    const struct options *o = c->o;

    if (o->cacert != NULL && tls_config_set_ca_file(c->config, o->cacert) != 0) {
        return config_failed(c, EXIT_CA_FILE);
    }
    if (o->capath != NULL && o->cacert == NULL && tls_config_set_ca_path(c->config, o->capath) != 0) {
        return config_failed(c, EXIT_CA_FILE);
    }
    if (o->insecure) {
        tls_config_insecure_noverifycert(c->config);
        tls_config_insecure_noverifyname(c->config);
    }
    if (o->strict) {
        tls_config_verify_strict(c->config);
    }
    if (o->no_status) {
        tls_config_set_status_request(c->config, 0);
    }
    if (o->cert_status) {
        tls_config_ocsp_require_stapling(c->config);
    }
    return EXIT_OK;
}

/* FILE or FILE:PASSWORD. */
static int set_client_cert(struct client *c)
{
    const struct options *o = c->o;
    char *file, *colon;
    int r = 0;

    if (o->cert == NULL) {
        return EXIT_OK;
    }
    file = strdup(o->cert);
    if (file == NULL) {
        return complain(o, EXIT_MEMORY, "out of memory");
    }
    colon = strrchr(file, ':');
    if (colon != NULL) {
        *colon = '\0';
        r = tls_config_set_key_password(c->config, colon + 1);
    }
    if (o->pass != NULL) {
        r = tls_config_set_key_password(c->config, o->pass);
    }
    if (r == 0) {
        r = tls_config_set_keypair_file(c->config, file, o->key != NULL ? o->key : file);
    }
    free(file);
    return r == 0 ? EXIT_OK : config_failed(c, EXIT_CLIENT_CERT);
}

static int set_protocol(struct client *c)
{
    const struct options *o = c->o;
    uint32_t protocols = 0;

    protocols |= o->min_version == 12 ? TLS_PROTOCOL_TLSv1_2 : 0;
    protocols |= o->max_version == 13 ? TLS_PROTOCOL_TLSv1_3 : 0;
    if (tls_config_set_protocols(c->config, protocols) != 0 ||
        (o->ciphers != NULL && tls_config_set_tls12_ciphers(c->config, o->ciphers) != 0) ||
        (o->tls13_ciphers != NULL && tls_config_set_tls13_ciphers(c->config, o->tls13_ciphers) != 0) ||
        (o->curves != NULL && tls_config_set_ecdhecurves(c->config, o->curves) != 0)) {
        return config_failed(c, EXIT_CIPHERS);
    }
    if (o->legacy_rsa) {
        tls_config_legacy_rsa_key_transport(c->config);
    }
    if (!o->no_alpn && tls_config_set_alpn(c->config, "http/1.1") != 0) {
        return config_failed(c, EXIT_TLS);
    }
    (void)tls_config_set_address_family(c->config, o->family);
    (void)tls_config_set_connect_timeout(c->config, (int)(o->connect_timeout * 1000));
    return EXIT_OK;
}

static int set_session(struct client *c)
{
    if (c->o->session == NULL) {
        return EXIT_OK;
    }
    c->session_fd = open(c->o->session, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (c->session_fd == -1) {
        return complain(c->o, EXIT_TLS, "session file %s: %s", c->o->session, strerror(errno));
    }
    return tls_config_set_session_fd(c->config, c->session_fd) == 0 ? EXIT_OK : config_failed(c, EXIT_TLS);
}

/* SSLKEYLOGFILE: a line a secret, for Wireshark. */
static void keylog(const char *line, void *arg)
{
    FILE *f = fopen((const char *)arg, "a");

    if (f != NULL) {
        fprintf(f, "%s\n", line);
        fclose(f);
    }
}

int client_open(struct client *c, const struct options *o)
{
    char *file = getenv("SSLKEYLOGFILE");
    int r;

    memset(c, 0, sizeof *c);
    c->o = o;
    c->session_fd = -1;
    c->config = tls_config_new();
    if (c->config == NULL) {
        return complain(o, EXIT_MEMORY, "out of memory");
    }
    r = set_trust(c);
    r = r == EXIT_OK ? set_client_cert(c) : r;
    r = r == EXIT_OK ? set_protocol(c) : r;
    r = r == EXIT_OK ? set_session(c) : r;
    if (file != NULL && file[0] != '\0') {
        tls_config_insecure_set_keylog_cb(c->config, keylog, file);
    }
    tls_config_set_verify_report(c->config, o->verbose);
    explain_begin(&c->explain, o);
    explain_attach(&c->explain, c->config);
    return r;
}

/* --- Connecting --- */

/* An entry HOST:PORT:ADDR of --resolve for this URL; NULL: none. */
static const char *resolved(const struct options *o, const struct url *url)
{
    char key[sizeof url->host + sizeof url->port + 4];
    size_t i;

    snprintf(key, sizeof key, "%s:%s:", url->host, url->port);
    for (i = 0; i < o->num_resolve; i++) {
        if (strncmp(o->resolve[i], key, strlen(key)) == 0) {
            return o->resolve[i] + strlen(key);
        }
    }
    return NULL;
}

static bool starts(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

/* Which of curl's codes a sentence of the library stands for. */
static int code_of(const char *error, bool handshake)
{
    if (!handshake) {
        return starts(error, "resolve ")                                                       ? EXIT_RESOLVE
               : strstr(error, "no answer in time") != NULL                                    ? EXIT_TIMEOUT
               : starts(error, "connect ")                                                     ? EXIT_CONNECT
               : starts(error, "no trust anchors") || starts(error, "ssl verify memory setup") ? EXIT_CA_FILE
               : starts(error, "failed to read private key") || starts(error, "failed to load") ||
                       starts(error, "private/public key")
                   ? EXIT_CLIENT_CERT
                   : EXIT_TLS;
    }
    return starts(error, "certificate verification failed") || starts(error, "name `") ? EXIT_CERTIFICATE
           : starts(error, "ocsp verify failed") || starts(error, "no stapled OCSP")   ? EXIT_STAPLE
                                                                                       : EXIT_TLS;
}

static ssize_t read_tls(void *arg, void *buf, size_t len)
{
    struct client *c = (struct client *)arg;
    ssize_t n;

    do {
        n = tls_read(c->tls, buf, len);
    } while (n == TLS_WANT_POLLIN || n == TLS_WANT_POLLOUT);
    if (n > 0 && c->first_byte_us == 0) {
        c->first_byte_us = steady_us();
    }
    return n;
}

static int handshake(struct client *c)
{
    int r;

    do {
        r = tls_handshake(c->tls);
    } while (r == TLS_WANT_POLLIN || r == TLS_WANT_POLLOUT);
    if (r != 0) {
        verbose_failed(c->o, c->tls);
        explain_end(&c->explain, c->tls, tls_error(c->tls));
        c->failed = true;
        return complain(c->o, code_of(tls_error(c->tls), true), "%s", tls_error(c->tls));
    }
    verbose_handshake(c->o, c->tls);
    return EXIT_OK;
}

int client_connect(struct client *c, const struct url *url, const char *early, size_t early_len)
{
    const char *address = resolved(c->o, url);

    c->at = *url;
    c->failed = false;
    c->early_sent = false;
    c->first_byte_us = 0;
    c->tls = tls_client();
    if (c->tls == NULL || tls_configure(c->tls, c->config) != 0) {
        return complain(c->o, EXIT_MEMORY, "out of memory");
    }
    if (tls_connect_servername(c->tls, address != NULL ? address : url->host, url->port, url->host) != 0) {
        return complain(c->o, code_of(tls_error(c->tls), false), "%s", tls_error(c->tls));
    }
    explain_connected(&c->explain, c->tls);
    verbose_connected(c->o, c->tls, url);
    if (early != NULL) {
        if (tls_set_early_data(c->tls, early, early_len) != 0) {
            return complain(c->o, EXIT_TLS, "%s", tls_error(c->tls));
        }
        c->early_sent = true;
    }
    http_stream_init(&c->stream, read_tls, c);
    return handshake(c);
}

int client_send(struct client *c, const char *p, size_t len)
{
    ssize_t n;

    while (len > 0) {
        n = tls_write(c->tls, p, len);
        if (n == -1) {
            return complain(c->o, EXIT_SEND, "%s", tls_error(c->tls));
        }
        if (n > 0) {
            p += n;
            len -= (size_t)n;
        }
    }
    return EXIT_OK;
}

int client_read_failed(struct client *c)
{
    return complain(c->o, EXIT_RECEIVE, "%s", tls_error(c->tls));
}

bool client_disconnect(struct client *c)
{
    int r;

    if (c->tls == NULL) {
        return true;
    }
    do {
        r = tls_close(c->tls);
    } while (r == TLS_WANT_POLLIN || r == TLS_WANT_POLLOUT);
    if (!c->failed) {
        explain_end(&c->explain, c->tls, tls_error(c->tls));
    }
    tls_free(c->tls);
    c->tls = NULL;
    return r == 0;
}

void client_close(struct client *c)
{
    (void)client_disconnect(c);
    tls_config_free(c->config);
    if (c->session_fd != -1) {
        close(c->session_fd);
    }
}
