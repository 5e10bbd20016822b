/*
 * A client for BoringSSL's BoGo protocol tests, over the engine. Exit status: 0 done; 1 failed, with the
 * reason on stderr; 89 a flag that is not implemented; 90 broken.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/env_system.h"
#include "bogo/shim.h"

static void broken(const char *why)
{
    fprintf(stderr, "broken: %s\n", why);
    exit(EXIT_BROKEN);
}

/* The sentence, and the alert's name, for the runner to find. */
static bool fail_text(const char *text)
{
    fprintf(stderr, "error: %s\n", text);
    return false;
}

static bool fail(const struct connection *c)
{
    const struct t99_fault *f = t99_engine_fault(c->engine);

    fprintf(stderr, "error: %s\nalert: %s\n", f->text, t99_alert_name(f->alert));
    return false;
}

/* --- The socket --- */

static int dial(const struct command_line *command)
{
    struct sockaddr_in6 v6;
    struct sockaddr_in v4;
    uint8_t id[8];
    int on = 1, fd = socket(command->ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0), r, i;

    memset(&v6, 0, sizeof v6);
    memset(&v4, 0, sizeof v4);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons((uint16_t)command->port);
    v6.sin6_addr = in6addr_loopback;
    v4.sin_family = AF_INET;
    v4.sin_port = htons((uint16_t)command->port);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    r = command->ipv6 ? connect(fd, (const struct sockaddr *)(const void *)&v6, sizeof v6)
                      : connect(fd, (const struct sockaddr *)(const void *)&v4, sizeof v4);
    if (fd == -1 || r != 0) {
        broken("cannot connect to the runner");
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (i = 0; i < 8; i++) {
        id[i] = (uint8_t)(command->shim_id >> 8 * i);
    }
    if (write(fd, id, sizeof id) != (ssize_t)sizeof id) {
        broken("cannot greet the runner");
    }
    return fd;
}

/* So that the runner gets our last alert: no reset while bytes are unread. */
static void hang_up(int fd)
{
    uint8_t buf[512];

    shutdown(fd, SHUT_WR);
    while (read(fd, buf, sizeof buf) > 0) {
    }
    close(fd);
}

/* At most `limit` bytes of what waits. A runner that is gone is found out by reading. */
static void flush_some(struct connection *c, size_t limit)
{
    const uint8_t *p;
    size_t len;
    ssize_t n;

    while (limit > 0 && (p = t99_engine_out(c->engine, &len), len != 0)) {
        if (c->flags->async) {
            len = 1;
        }
        n = send(c->fd, p, len < limit ? len : limit, MSG_NOSIGNAL);
        if (n <= 0) {
            t99_engine_sent(c->engine, len); /* nobody reads it any more */
            return;
        }
        t99_engine_sent(c->engine, (size_t)n);
        limit -= (size_t)n;
    }
}

static void flush(struct connection *c)
{
    flush_some(c, SIZE_MAX);
}

/* Reads what the engine wants, byte by byte if -async. False: failed. *eof: the transport ended. */
static bool fill(struct connection *c, bool *eof)
{
    size_t want;
    uint8_t *p = t99_engine_in(c->engine, &want);
    ssize_t n;

    if (p == NULL || want == 0) {
        return fail(c);
    }
    do {
        n = read(c->fd, p, c->flags->async ? 1 : want);
    } while (n < 0 && errno == EINTR);
    *eof = n <= 0;
    if (*eof ? !t99_engine_eof(c->engine) : !t99_engine_received(c->engine, (size_t)n)) {
        flush(c);
        return fail(c);
    }
    return true;
}

/* --- Writing --- */

/* One record a call, as the runner counts them; *done of it are taken. */
static bool write_some(struct connection *c, const uint8_t *p, size_t len, size_t *done)
{
    size_t n = 0;

    *done = 0;
    while (*done < len) {
        flush(c);
        if (!t99_engine_write(c->engine, p + *done, len - *done, &n)) {
            flush(c);
            return fail(c);
        }
        if (n == 0) {
            break; /* early data is at its limit, or closed */
        }
        *done += n;
    }
    flush(c);
    return true;
}

static bool write_all(struct connection *c, const void *p, size_t len)
{
    size_t done;

    if (!write_some(c, (const uint8_t *)p, len, &done)) {
        return false;
    }
    return done == len || fail_text("a write was not taken");
}

/* --- Handshake --- */

struct initial {
    const char *text;
    size_t len, count;      /* how often */
    size_t written, offset; /* whole ones, and bytes of the next */
};

static struct initial initial_write(const struct flags *f)
{
    struct initial w;

    memset(&w, 0, sizeof w);
    w.text = f->initial_write != NULL ? f->initial_write : "hello";
    w.len = strlen(w.text);
    w.count = f->shim_writes_first ? (f->repeat_write > 0 ? (size_t)f->repeat_write : 1) : 0;
    return w;
}

static bool write_initial(struct connection *c, struct initial *w)
{
    size_t done;

    while (w->written < w->count) {
        if (!write_some(c, (const uint8_t *)w->text + w->offset, w->len - w->offset, &done)) {
            return false;
        }
        w->offset += done;
        if (w->offset < w->len) {
            return true;
        }
        w->offset = 0;
        w->written++;
    }
    return true;
}

/* To its end; early data goes out as soon as it may. */
static bool handshake(struct connection *c, struct initial *w)
{
    bool eof = false;
    uint8_t export_buf[16];
    struct t99_fault fault;

    if (!t99_engine_start(c->engine)) {
        return fail(c);
    }
    flush(c);
    if (t99_engine_early_open(c->engine) && c->flags->export_len > 0) {
        t99_fault_clear(&fault);
        if (!t99_engine_exporter(c->engine, &fault, export_buf, sizeof export_buf, "", false, NULL, 0)) {
            return fail_text(fault.text);
        }
    }
    while (!t99_engine_connected(c->engine)) {
        if (t99_engine_early_open(c->engine) && (c->flags->early_write_after == 0 || c->write_now) &&
            !write_initial(c, w)) {
            return false;
        }
        flush(c);
        if (!fill(c, &eof)) {
            return false;
        }
        flush(c);
    }
    return true;
}

static bool check(const struct connection *c)
{
    const struct t99_conn *conn = t99_engine_conn(c->engine);
    const struct flags *f = conn->early_data == EARLY_REJECTED ? c->retry : c->flags;
    const char *alpn = f->expect_alpn != NULL ? f->expect_alpn : "";

    if (conn->resumed != (c->is_resumption && !f->expect_session_miss)) {
        return fail_text(conn->resumed ? "check: resumed, not expected" : "check: not resumed");
    }
    if (conn->alpn_len != strlen(alpn) ||
        (conn->alpn_len != 0 && memcmp(conn->alpn, alpn, conn->alpn_len) != 0)) {
        return fail_text("check: another ALPN protocol than expected");
    }
    if (f->expect_accept_early_data && conn->early_data != EARLY_ACCEPTED) {
        return fail_text("check: early data was not accepted");
    }
    if (c->flags->expect_reject_early_data && conn->early_data != EARLY_REJECTED) {
        return fail_text("check: early data was not rejected");
    }
    if (f->expect_no_offer_early_data && conn->early_data != EARLY_NOT_OFFERED) {
        return fail_text("check: early data was offered");
    }
    if ((f->expect_hrr && !conn->hello_retry) || (f->expect_no_hrr && conn->hello_retry)) {
        return fail_text("check: HelloRetryRequest");
    }
    if ((f->expect_curve != 0 && (conn->group == NULL || conn->group->id != f->expect_curve)) ||
        (f->expect_signature != 0 && (conn->scheme == NULL || conn->scheme->id != f->expect_signature)) ||
        (f->expect_cipher != 0 && conn->suite->id != f->expect_cipher)) {
        return fail_text("check: another group, signature or cipher suite than expected");
    }
    return true;
}

/* --- After the handshake --- */

static bool write_exports(struct connection *c, const struct flags *f)
{
    const char *label = f->export_label != NULL ? f->export_label : "", *context = f->export_context;
    const struct t99_conn *conn = t99_engine_conn(c->engine);
    struct t99_fault fault;
    uint8_t buf[1024], head[2];

    if (f->export_len > 0) {
        t99_fault_clear(&fault);
        context = context != NULL ? context : "";
        if (f->export_len > (int)sizeof buf ||
            !t99_engine_exporter(c->engine, &fault, buf, (size_t)f->export_len, label, f->use_export_context,
                                 (const uint8_t *)context, strlen(context))) {
            return fail_text(fault.text);
        }
        if (!write_all(c, buf, (size_t)f->export_len)) {
            return false;
        }
    }
    if (f->export_traffic_secrets) {
        head[0] = (uint8_t)conn->suite->hash->len;
        head[1] = 0;
        return write_all(c, head, 2) && write_all(c, conn->server_secret, conn->suite->hash->len) &&
               write_all(c, conn->client_secret, conn->suite->hash->len);
    }
    return true;
}

/* Echoes each byte XOR 0xff until the runner ends. */
static bool echo(struct connection *c, const struct flags *f)
{
    uint8_t buf[512];
    bool eof = false, held = f->read_with_unfinished_write && f->async, updated = false;
    size_t n, i;

    while (!t99_engine_ended(c->engine)) {
        if (!t99_engine_read(c->engine, buf, sizeof buf, &n)) {
            flush(c);
            return fail(c);
        }
        if (n == 0) {
            if (!held) {
                flush(c);
            }
            if (!t99_engine_ended(c->engine) && !fill(c, &eof)) {
                return false;
            }
            continue;
        }
        held = false;
        flush(c);
        if (f->key_update && !updated) {
            updated = true;
            if (!t99_engine_key_update(c->engine, false)) {
                return fail(c);
            }
            flush(c);
        }
        for (i = 0; i < n; i++) {
            buf[i] ^= 0xff;
        }
        if (!write_all(c, buf, n)) {
            return false;
        }
    }
    return true;
}

#define UNCLEAN "Unexpected SSL_shutdown result: -1 != 1"

/* Section 5 of the protocol: only -check-close-notify wants more than a quiet end. */
static bool finish(struct connection *c, const struct flags *f)
{
    bool eof = false;
    uint8_t buf[512];
    size_t n = 0;

    if (!f->check_close_notify) {
        return true;
    }
    if (!f->shim_shuts_down) {
        if (!t99_engine_clean_end(c->engine)) {
            return fail_text(UNCLEAN);
        }
        if (!t99_engine_close(c->engine)) {
            return fail(c);
        }
        flush(c);
        return true;
    }
    if (!t99_engine_close(c->engine)) {
        return fail(c);
    }
    flush(c);
    while (!t99_engine_ended(c->engine)) {
        if (!t99_engine_read(c->engine, buf, sizeof buf, &n)) {
            flush(c);
            return fail(c);
        }
        if (n != 0) {
            return fail_text("application data while waiting for close_notify");
        }
        if (!t99_engine_ended(c->engine) && !fill(c, &eof)) {
            return false;
        }
    }
    return t99_engine_clean_end(c->engine) || fail_text(UNCLEAN);
}

static bool exchange(struct connection *c)
{
    struct initial w = initial_write(c->flags);
    const struct flags *f;

    if (!handshake(c, &w) || !check(c)) {
        return false;
    }
    f = t99_engine_conn(c->engine)->early_data == EARLY_REJECTED ? c->retry : c->flags;
    if (f == c->retry && !c->retry->shim_writes_first) {
        w.written = w.count; /* what was rejected is not said again */
    }
    if (!write_exports(c, f)) {
        return false;
    }
    if (f->send_alert) {
        if (!t99_engine_send_alert(c->engine, 2, ALERT_DECOMPRESSION_FAILURE)) {
            return fail(c);
        }
        flush(c);
        return true;
    }
    if (f->read_with_unfinished_write && f->async && w.written < w.count) {
        size_t n;

        if (!t99_engine_write(c->engine, (const uint8_t *)w.text, w.len, &n)) {
            return fail(c);
        }
        flush_some(c, 1);
    } else if (!write_initial(c, &w) ||
               (w.written < w.count && !fail_text("the initial write was not taken"))) {
        return false;
    }
    if (!f->shim_shuts_down && !echo(c, f)) {
        return false;
    }
    return finish(c, f);
}

/* --- Sessions from one connection to the next --- */

static bool check_session(const struct connection *c)
{
    const struct t99_conn *conn = t99_engine_conn(c->engine);
    const struct flags *f = conn->early_data == EARLY_REJECTED ? c->retry : c->flags;
    bool expected = !f->expect_no_session && !f->shim_shuts_down;

    if (conn->version == T99_TLS12 && conn->resumed) {
        expected = f->expect_ticket_renewal;
    } else if (conn->version == T99_TLS12) {
        expected = !f->expect_no_session;
    }
    if ((c->new_session != NULL) != expected) {
        return fail_text(expected ? "check: no session came" : "check: a session came, none was expected");
    }
    if (c->new_session != NULL && (c->new_session->max_early_data != 0) != f->expect_ticket_early_data) {
        return fail_text("check: whether the ticket allows early data");
    }
    return true;
}

static bool run_connection(struct shim *shim, int index)
{
    static struct connection c;
    bool ok;

    memset(&c, 0, sizeof c);
    c.shim = shim;
    c.is_resumption = index > 0;
    c.flags = index == 0 ? &shim->command->initial : &shim->command->resume;
    c.retry = &shim->command->retry;
    if (index > 0 && shim->session == NULL) {
        return fail_text("no session to offer");
    }
    make_config(&c, shim->session);
    c.fd = dial(shim->command);
    c.engine = t99_engine_new(&c.config);
    if (c.engine == NULL) {
        broken("no memory");
    }
    ok = exchange(&c);
    ok = ok && (c.flags->send_alert || check_session(&c));
    if (c.flags->send_alert && ok && shim->command->resume_count > index) {
        ok = check_session(&c);
    }
    hang_up(c.fd);
    t99_engine_free(c.engine);
    t99_session_free(&shim->env, shim->session);
    shim->session = c.new_session;
    shim->now_ms += (int64_t)c.flags->resumption_delay * 1000;
    free_config(&c);
    return ok;
}

static int64_t still_clock(void *arg)
{
    return ((const struct shim *)arg)->now_ms;
}

static void *shim_alloc(void *arg, size_t len)
{
    (void)arg;
    return malloc(len);
}

static void shim_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    free(p);
}

static bool shim_random(void *arg, uint8_t *out, size_t len)
{
    (void)arg;
    return t99_env_system.random(NULL, out, len);
}

static void on_crash(int signal_number)
{
    (void)signal_number;
    _exit(EXIT_BROKEN);
}

static void done(void)
{
    fflush(stderr);
    fprintf(stderr, "--- DONE ---\n");
}

int main(int argc, char **argv)
{
    static struct command_line command;
    static struct shim shim;
    const char *which = "";
    bool ok = true;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-is-handshaker-supported") == 0) {
            puts("No");
            return 0;
        }
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGSEGV, on_crash);
    signal(SIGBUS, on_crash);
    signal(SIGABRT, on_crash);
    signal(SIGFPE, on_crash);
    alarm(10);
    if (!flags_parse(&command, argc, argv, &which)) {
        unimplemented(which);
    }
    atexit(done);
    shim.command = &command;
    shim.now_ms = t99_env_system.now_ms(NULL);
    shim.env.arg = &shim;
    shim.env.alloc = shim_alloc;
    shim.env.release = shim_release;
    shim.env.random = shim_random;
    shim.env.now_ms = still_clock;
    for (i = 0; ok && i <= command.resume_count; i++) {
        ok = run_connection(&shim, i);
    }
    t99_session_free(&shim.env, shim.session);
    return ok ? 0 : 1;
}
