#include "https_get/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "https_get/output.h"
#include "https_get/progress.h"
#include "https_get/settings.h"
#include "https_get/verbose.h"

#define GOODBYE_US 1000000 /* for a close_notify that does not go out at once */

static bool wants(ssize_t n)
{
    return n == TLS_WANT_POLLIN || n == TLS_WANT_POLLOUT;
}

/* --- Settings --- */

/* SSLKEYLOGFILE: a line a secret, for Wireshark. One write a line, so that programs may share the file. */
static void keylog(const char *line, void *arg)
{
    const struct client *c = (const struct client *)arg;
    char text[512];
    int n = snprintf(text, sizeof text, "%s\n", line);

    if (n > 0 && (size_t)n < sizeof text && write(c->keylog_fd, text, (size_t)n) != n) {
        verbose_note(c->o, "SSLKEYLOGFILE: %s", strerror(errno));
    }
}

static void open_keylog(struct client *c)
{
    const char *path = getenv("SSLKEYLOGFILE");

    if (path == NULL || path[0] == '\0') {
        return;
    }
    c->keylog_fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (c->keylog_fd == -1) {
        (void)complain(c->o, 0, "SSLKEYLOGFILE %s: %s; the secrets are not written", path, strerror(errno));
        return;
    }
    tls_config_insecure_set_keylog_cb(c->config, keylog, c);
    verbose_note(c->o, "Secrets go to %s (SSLKEYLOGFILE): who reads it can decrypt this connection", path);
}

int client_open(struct client *c, const struct options *o)
{
    int r;

    memset(c, 0, sizeof *c);
    c->o = o;
    c->session_fd = c->keylog_fd = -1;
    explain_begin(&c->explain, o);
    c->config = tls_config_new();
    if (c->config == NULL) {
        return complain(o, EXIT_MEMORY, "out of memory");
    }
    r = settings_apply(c->config, o, &c->session_fd);
    if (r == EXIT_OK) {
        open_keylog(c);
        explain_attach(&c->explain, c->config);
    }
    return r;
}

/* --- Time --- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a == 0 ? b : b == 0 || a < b ? a : b;
}

static int64_t after(int64_t from_us, double seconds)
{
    return seconds > 0 ? from_us + (int64_t)(seconds * 1e6) + 1 : 0;
}

static bool over(struct client *c, int64_t deadline)
{
    c->late = deadline != 0 && steady_us() >= deadline;
    return c->late;
}

/* Until the socket is ready for what the library wants. False: the time is over. */
static bool wait_for(struct client *c, ssize_t want, int64_t deadline)
{
    struct pollfd p;
    int64_t until;
    int r;

    p.fd = tls_conn_socket(c->tls);
    p.events = want == TLS_WANT_POLLIN ? POLLIN : POLLOUT;
    do {
        if (over(c, deadline)) {
            return false;
        }
        until = earlier(deadline, c->idle != NULL ? steady_us() + PROGRESS_REDRAW_US : 0);
        p.revents = 0;
        r = poll(&p, 1, until == 0 ? -1 : (int)((until - steady_us() + 999) / 1000));
        if (c->idle != NULL) {
            c->idle(c->idle_arg);
        }
    } while (r == 0 || (r < 0 && errno == EINTR));
    return true;
}

void client_begin(struct client *c)
{
    c->begun_us = steady_us();
    c->deadline_us = after(c->begun_us, c->o->max_time);
}

/* --- Failures --- */

/* Tells, in every way that was asked for, and only once, why the connection is over. */
static int give_up(struct client *c, int code, const char *format, ...)
{
    char text[2048];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    if (!c->told) {
        c->told = true;
        if (explain_end(&c->explain, c->tls, text)) {
            return code;
        }
    }
    return complain(c->o, code, "%s", text);
}

static bool starts(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

/* Which of curl's codes a sentence of the library stands for: before the handshake, */
static int code_of_connect(const char *error)
{
    if (starts(error, "resolve ") || starts(error, "connect ")) {
        return strstr(error, "no answer in time") != NULL || strstr(error, "no time was left") != NULL
                   ? EXIT_TIMEOUT
               : starts(error, "resolve ") ? EXIT_RESOLVE
                                           : EXIT_CONNECT;
    }
    return starts(error, "failed to load") || starts(error, "failed to read private key") ||
                   starts(error, "private/public key")
               ? EXIT_CLIENT_CERT
           : starts(error, "no trust anchors") || starts(error, "no certificate in") ||
                   starts(error, "ssl verify memory setup")
               ? EXIT_CA_FILE
           : starts(error, "server name") ? EXIT_URL
                                          : EXIT_TLS;
}

/* and of the handshake, where only refusals of a certificate do not begin like this. */
static int code_of_handshake(const char *error)
{
    return starts(error, "ocsp verify failed") || starts(error, "no stapled OCSP") ? EXIT_STAPLE
           : starts(error, "handshake failed")                                     ? EXIT_TLS
                                                                                   : EXIT_CERTIFICATE;
}

/* What was to be done in time, and which limit it was. */
static int too_late(struct client *c, const char *what)
{
    bool whole = c->deadline_us != 0 && steady_us() >= c->deadline_us;

    return give_up(c, EXIT_TIMEOUT, "%s within %g s (%s)", what,
                   whole ? c->o->max_time : c->o->connect_timeout,
                   whole ? "--max-time" : "--connect-timeout");
}

int client_failed(struct client *c, int code)
{
    return c->late ? too_late(c, "the answer was not complete") : give_up(c, code, "%s", tls_error(c->tls));
}

/* --- Connecting --- */

/* An entry HOST:PORT:ADDR of --resolve for this URL; NULL: none. */
static const char *resolved(const struct options *o, const struct url *url)
{
    char key[sizeof url->host + sizeof url->port + 4];
    size_t i;

    snprintf(key, sizeof key, "%s:%s:", url->host, url->port);
    for (i = 0; i < o->num_resolve; i++) {
        if (strncasecmp(o->resolve[i], key, strlen(key)) == 0) {
            return o->resolve[i] + strlen(key);
        }
    }
    return NULL;
}

static int handshake(struct client *c, int64_t deadline)
{
    int r;

    for (;;) {
        if (over(c, deadline)) {
            return too_late(c, "the TLS handshake was not complete");
        }
        r = tls_handshake(c->tls);
        if (r == 0) {
            explain_established(&c->explain);
            verbose_handshake(c->o, c->tls);
            return EXIT_OK;
        }
        if (r == -1) {
            verbose_failed(c->o, c->tls);
            return give_up(c, code_of_handshake(tls_error(c->tls)), "%s", tls_error(c->tls));
        }
        if (!wait_for(c, r, deadline)) {
            return too_late(c, "the TLS handshake was not complete");
        }
    }
}

static ssize_t read_tls(void *arg, void *buf, size_t len)
{
    struct client *c = (struct client *)arg;
    ssize_t n;

    do {
        if (over(c, c->deadline_us)) {
            return -1;
        }
        n = tls_read(c->tls, buf, len);
    } while (wants(n) && wait_for(c, n, c->deadline_us));
    if (n > 0 && c->first_byte_us == 0) {
        c->first_byte_us = steady_us();
    }
    return wants(n) ? -1 : n;
}

/* TCP, in what is left of the time. */
static int dial(struct client *c, const struct url *url, int64_t deadline)
{
    const char *address = resolved(c->o, url);
    int64_t left = deadline != 0 ? (deadline - steady_us() + 999) / 1000 : 0;
    int fd;

    if (deadline != 0 && left <= 0) {
        c->late = true;
        return too_late(c, "no connection was begun");
    }
    (void)tls_config_set_connect_timeout(c->config, left > 2000000000 ? 0 : (int)left);
    if (tls_connect_servername(c->tls, address != NULL ? address : url->host, url->port, url->host) != 0) {
        return give_up(c, code_of_connect(tls_error(c->tls)), "%s", tls_error(c->tls));
    }
    fd = tls_conn_socket(c->tls);
    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == -1) {
        return give_up(c, EXIT_CONNECT, "%s: %s", c->at.host, strerror(errno));
    }
    return EXIT_OK;
}

int client_connect(struct client *c, const struct url *url, const char *early, size_t early_len)
{
    int64_t deadline = earlier(c->deadline_us, after(steady_us(), c->o->connect_timeout));
    int r;

    c->at = *url;
    c->told = c->late = c->early_sent = false;
    c->first_byte_us = 0;
    explain_ask(&c->explain, url->host, url->port);
    c->tls = tls_client();
    if (c->tls == NULL || tls_configure(c->tls, c->config) != 0) {
        return complain(c->o, EXIT_MEMORY, "out of memory");
    }
    r = dial(c, url, deadline);
    if (r != EXIT_OK) {
        return r;
    }
    verbose_connected(c->o, c->tls, url);
    if (early != NULL) {
        if (tls_set_early_data(c->tls, early, early_len) != 0) {
            return give_up(c, EXIT_TLS, "%s", tls_error(c->tls));
        }
        c->early_sent = true;
    }
    http_stream_init(&c->stream, read_tls, c);
    return handshake(c, deadline);
}

/* --- Using it --- */

/* Nothing may be there to read: neither an end, nor bytes that nobody asked for. Tickets do not show. */
bool client_alive(struct client *c, const struct url *url)
{
    char byte;

    return c->tls != NULL && url_same_server(&c->at, url) && tls_read(c->tls, &byte, 1) == TLS_WANT_POLLIN;
}

bool client_send(struct client *c, const char *p, size_t len)
{
    ssize_t n;

    c->first_byte_us = 0;
    while (len > 0) {
        if (over(c, c->deadline_us)) {
            return false;
        }
        n = tls_write(c->tls, p, len);
        if (n == -1 || (wants(n) && !wait_for(c, n, c->deadline_us))) {
            return false;
        }
        if (n > 0) {
            p += n;
            len -= (size_t)n;
        }
    }
    return true;
}

bool client_disconnect(struct client *c)
{
    int64_t deadline = steady_us() + GOODBYE_US;
    int r;

    if (c->tls == NULL) {
        return true;
    }
    do {
        r = tls_close(c->tls);
    } while (wants(r) && tls_conn_socket(c->tls) != -1 && wait_for(c, r, deadline));
    if (!c->told) {
        (void)explain_end(&c->explain, c->tls, tls_error(c->tls));
    }
    tls_free(c->tls);
    c->tls = NULL;
    return r == 0;
}

void client_close(struct client *c)
{
    (void)client_disconnect(c);
    explain_complaint(&c->explain);
    tls_config_free(c->config);
    if (c->session_fd != -1) {
        close(c->session_fd);
    }
    if (c->keylog_fd != -1) {
        close(c->keylog_fd);
    }
}
