/*
 * A client for BoringSSL's BoGo protocol tests, over the engine. Exit status: 0 done; 1 failed, with the
 * reason on stderr; 88 an allocation failed, as asked; 89 a flag that is not implemented; 90 broken.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/env_system.h"
#include "bogo/shim.h"

/* --- Writing --- */

/* One record a call, as the runner counts them; *done of it are taken. */
static bool write_some(struct connection *c, const uint8_t *p, size_t len, size_t *done)
{
    size_t n = 0;

    *done = 0;
    while (*done < len) {
        flush(c);
        if (!t99_engine_write(c->engine, p + *done, len - *done, &n)) {
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
    w.count = f->shim_writes_first || f->read_with_unfinished_write
                  ? (f->repeat_write > 0 ? (size_t)f->repeat_write : 1)
                  : 0;
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
        if (!fill(c)) {
            return false;
        }
        flush(c);
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
    bool held = f->read_with_unfinished_write && f->async;
    size_t n, i;

    while (!t99_engine_ended(c->engine)) {
        if (!t99_engine_read(c->engine, buf, sizeof buf, &n)) {
            return fail(c);
        }
        if (n == 0) {
            if (!held) {
                flush(c);
            }
            if (!t99_engine_ended(c->engine) && !fill(c)) {
                return false;
            }
            continue;
        }
        held = false;
        flush(c);
        if (f->key_update) {
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
            return fail(c);
        }
        if (n != 0) {
            return fail_text("application data while waiting for close_notify");
        }
        if (!t99_engine_ended(c->engine) && !fill(c)) {
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
    f = current(c);
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

/* --- Connection by connection --- */

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
        exit(EXIT_BROKEN);
    }
    if (c.flags->expect_messages != NULL) {
        t99_engine_set_record_cb(c.engine, trace_record, &c);
    }
    ok = exchange(&c);
    ok = ok && (c.flags->send_alert || check_end(&c));
    if (c.flags->send_alert && ok && shim->command->resume_count > index) {
        ok = check_end(&c);
    }
    hang_up(c.fd);
    t99_engine_free(c.engine);
    t99_session_free(&shim->env, shim->session);
    shim->session = c.new_session;
    shim->now_us += (int64_t)c.flags->resumption_delay * 1000000;
    free_config(&c);
    return ok;
}

static int64_t still_clock(void *arg)
{
    return ((const struct shim *)arg)->now_us;
}

static struct shim shim;

static void *shim_alloc(void *arg, size_t len)
{
    (void)arg;
    if (shim.num_allocs++ == shim.fail_at) {
        return NULL;
    }
    shim.live++;
    return malloc(len);
}

static void shim_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    shim.live -= p != NULL ? 1 : 0;
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
    if (shim.fail_at >= 0 && shim.num_allocs > shim.fail_at) {
        _exit(EXIT_NO_MEMORY); /* whatever became of it: the runner goes on with the next allocation */
    }
    fprintf(stderr, "--- DONE ---\n");
}

int main(int argc, char **argv)
{
    static struct command_line command;
    const char *which = "", *fail_at = getenv("MALLOC_NUMBER_TO_FAIL");
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
    shim.fail_at = fail_at != NULL ? atol(fail_at) : -1;
    shim.now_us = t99_env_system.now_us(NULL) / 1000 * 1000;
    shim.env.arg = &shim;
    shim.env.alloc = shim_alloc;
    shim.env.release = shim_release;
    shim.env.random = shim_random;
    shim.env.now_us = still_clock;
    for (i = 0; ok && i <= command.resume_count; i++) {
        ok = run_connection(&shim, i);
    }
    t99_session_free(&shim.env, shim.session);
    if (shim.live != 0) {
        broken("memory is left over");
    }
    return ok ? 0 : 1;
}
