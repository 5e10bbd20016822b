/* Sessions in a file: for later processes, and for several at once. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer/call.h"

static struct call c;
static char path[64];
static int fd;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(v) for ((v) = 0; (v) < sizeof versions / sizeof versions[0]; (v)++)

static int set_up(void **state)
{
    (void)state;
    strcpy(path, "/tmp/tls99-session-XXXXXX");
    fd = mkstemp(path);
    return fd == -1;
}

static int tear_down(void **state)
{
    (void)state;
    close(fd);
    unlink(path);
    return 0;
}

static void init(uint16_t version)
{
    call_init(&c, version);
    c.set.num_tickets = 1;
    assert_int_equal(tls_config_set_session_fd(c.config, fd), 0);
}

/* Another process: a config that has only the file in common with the one before. */
static void later(void)
{
    static struct call before;
    static const struct call_leaf usual;

    call_end(&c);
    before = c;
    tls_config_free(c.config);
    c.config = t99_config_new_env(&c.env.env);
    assert_non_null(c.config);
    call_leaf(&c, &usual);
    assert_int_equal(tls_config_set_session_fd(c.config, fd), 0);
    if (before.set.version == T99_TLS12) {
        assert_int_equal(tls_config_set_protocols(c.config, TLS_PROTOCOL_TLSv1_2), 0);
    }
}

static bool visit(void)
{
    bool resumed;

    if (call_start(&c) != 0) {
        print_error("%s; server: %s\n", tls_error(c.tls), c.wire.failed != NULL ? c.wire.failed : "-");
    }
    assert_null(tls_error(c.tls));
    assert_int_equal(c.peer.state, PEER_CONNECTED);
    call_drain(&c);
    resumed = tls_conn_session_resumed(c.tls) == 1;
    assert_int_equal(resumed, c.peer.resumed);
    assert_int_equal(call_close(&c), 0);
    return resumed;
}

static off_t file_size(void)
{
    struct stat st;

    assert_int_equal(fstat(fd, &st), 0);
    return st.st_size;
}

static void a_later_process_resumes(void **state)
{
    size_t v;
    unsigned i;

    (void)state;
    FOR_VERSIONS(v)
    {
        assert_int_equal(ftruncate(fd, 0), 0);
        init(versions[v]);
        assert_false(visit());
        assert_true(file_size() > 100);
        for (i = 0; i < 5; i++) {
            later();
            assert_true(visit());
        }
        assert_int_equal(lseek(fd, 0, SEEK_CUR), 0); /* the caller's position is the caller's */
        call_clear(&c);
    }
}

static void a_ticket_leaves_the_file_when_it_is_used(void **state)
{
    (void)state;
    init(T99_TLS13);
    c.set.num_tickets = 2;
    assert_false(visit());
    c.set.num_tickets = 0;
    later();
    assert_true(visit());
    later();
    assert_true(visit());
    later();
    assert_false(visit());
    call_clear(&c);
}

static void a_file_keeps_several_servers_apart(void **state)
{
    static const char *const names[] = { "a.test", "b.test", "192.0.2.1", "192.0.2.2" };
    size_t i;

    (void)state;
    init(T99_TLS13);
    for (i = 0; i < 4; i++) {
        tls_config_insecure_noverifyname(c.config);
        c.connect_to = names[i];
        assert_false(visit());
        later();
    }
    for (i = 0; i < 4; i++) {
        tls_config_insecure_noverifyname(c.config);
        c.connect_to = names[i];
        assert_true(visit());
        later();
    }
    call_clear(&c);
}

static void other_settings_do_not_use_what_is_in_the_file(void **state)
{
    (void)state;
    init(T99_TLS13);
    tls_config_insecure_noverifycert(c.config);
    assert_false(visit());
    later(); /* verifies */
    assert_false(visit());
    later();
    assert_true(visit());
    call_clear(&c);
}

/* Whatever it holds, the file is no reason not to connect; then it holds a session. */
static void a_file_of_other_contents_is_as_good_as_empty(void **state)
{
    static const char *const contents[] = {
        "x", "-----BEGIN SSL SESSION PARAMETERS-----\nMIGCAgEB\n-----END SSL SESSION PARAMETERS-----\n"
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(pwrite(fd, contents[i], strlen(contents[i]), 0), strlen(contents[i]));
        init(T99_TLS13);
        assert_false(visit());
        later();
        assert_true(visit());
        call_clear(&c);
    }
}

static size_t read_all(uint8_t *buf, size_t cap)
{
    ssize_t n = pread(fd, buf, cap, 0);

    assert_true(n > 0 && n < (ssize_t)cap);
    return (size_t)n;
}

static void write_all(const uint8_t *buf, size_t len)
{
    assert_int_equal(pwrite(fd, buf, len, 0), len);
    assert_int_equal(ftruncate(fd, (off_t)len), 0);
}

static void a_file_that_was_cut_or_altered_gives_no_session(void **state)
{
    static uint8_t good[8192], bad[8192];
    size_t len, i;

    (void)state;
    init(T99_TLS13);
    assert_false(visit());
    len = read_all(good, sizeof good);
    for (i = 0; i < len; i += i < 60 ? 1 : 37) {
        write_all(good, i);
        later();
        assert_int_equal(call_connect(&c), 0);
        assert_null(c.tls->offered);

        memcpy(bad, good, len);
        bad[i] ^= 0x10;
        write_all(bad, len);
        later();
        assert_int_equal(call_connect(&c), 0);
        assert_null(c.tls->offered);
    }
    write_all(good, len);
    later();
    assert_true(visit());
    call_clear(&c);
}

static void a_file_that_is_too_large_is_not_read(void **state)
{
    (void)state;
    init(T99_TLS13);
    assert_int_equal(ftruncate(fd, (off_t)1 << 30), 0);
    assert_false(visit());
    assert_true(file_size() < 5000);
    assert_true(c.env.peak_bytes < 1 << 20);
    later();
    assert_true(visit());
    call_clear(&c);
}

/* A copy of the file, put back: the server knows the ticket, has seen it before, and may well refuse it. */
static void a_ticket_that_was_replayed_may_be_refused(void **state)
{
    static uint8_t old[8192];
    size_t len;

    (void)state;
    init(T99_TLS13);
    assert_false(visit());
    len = read_all(old, sizeof old);
    later();
    assert_true(visit());
    write_all(old, len);
    c.set.refuse_session = true;
    later();
    assert_false(visit());
    assert_int_equal(c.session.tickets[0].presented, 2);
    call_clear(&c);
}

static void a_file_that_cannot_be_written_is_no_reason_not_to_connect(void **state)
{
    int read_only = open(path, O_RDONLY);

    (void)state;
    call_init(&c, T99_TLS13);
    c.set.num_tickets = 1;
    assert_int_equal(tls_config_set_session_fd(c.config, read_only), 0);
    assert_false(visit());
    assert_false(visit());
    assert_int_equal(file_size(), 0);
    call_clear(&c);
    close(read_only);
}

/* --- Several processes --- */

static void lock_until_killed(int ready)
{
    struct flock lock;

    memset(&lock, 0, sizeof lock);
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (fcntl(fd, F_SETLK, &lock) != 0 || write(ready, "x", 1) != 1) {
        _exit(1);
    }
    for (;;) {
        pause();
    }
}

static void a_file_that_is_locked_for_long_is_done_without(void **state)
{
    int ends[2];
    char byte;
    pid_t child;

    (void)state;
    init(T99_TLS13);
    assert_false(visit());
    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        lock_until_killed(ends[1]);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    later();
    assert_int_equal(call_connect(&c), 0);
    assert_null(c.tls->offered);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    later();
    assert_true(visit());
    close(ends[0]);
    call_clear(&c);
}

/* Takes sessions out and puts others in, as fast as it can; writes the tickets that it took. */
static void hammer(int report, uint8_t mark)
{
    struct t99_session s, *got;
    uint8_t id[6], use;
    unsigned i;

    memset(&s, 0, sizeof s);
    s.version = T99_TLS13;
    s.suite = 0x1301;
    s.secret_len = 32;
    s.received_ms = s.auth_ms = c.env.now_ms;
    s.not_after = INT64_MAX;
    s.lifetime = 1000;
    s.servername = t99_span(CALL_NAME, sizeof CALL_NAME - 1);
    memcpy(s.verify_id, c.tls->hs.verify_id, sizeof s.verify_id);
    for (i = 0; i < 200; i++) {
        memset(id, mark, sizeof id);
        store_be32(id + 1, i);
        s.ticket = t99_span(id, sizeof id);
        t99_sessions_put(c.config, CALL_NAME " ", t99_session_copy(&c.env.env, &s));
        got = t99_sessions_take(c.config, CALL_NAME " ", &c.tls->hs, &use);
        if (got != NULL && (got->ticket.len != sizeof id || write(report, got->ticket.p, sizeof id) != 6)) {
            _exit(1);
        }
        t99_session_free(&c.env.env, got);
    }
    _exit(0);
}

#define PROCESSES 4

static void no_two_processes_get_the_same_ticket(void **state)
{
    static uint8_t seen[PROCESSES][200];
    pid_t children[PROCESSES];
    uint8_t id[6];
    int ends[2], status, i;
    unsigned total = 0;

    (void)state;
    memset(seen, 0, sizeof seen);
    init(T99_TLS13);
    assert_int_equal(call_connect(&c), 0);
    assert_int_equal(pipe(ends), 0);
    for (i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            hammer(ends[1], (uint8_t)i);
        }
    }
    close(ends[1]);
    while (read(ends[0], id, sizeof id) == sizeof id) {
        uint32_t number = load_be32(id + 1);

        assert_true(id[0] < PROCESSES && id[5] == id[0] && number < 200);
        assert_int_equal(seen[id[0]][number]++, 0);
        total++;
    }
    for (i = 0; i < PROCESSES; i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    close(ends[0]);
    assert_true(total > PROCESSES * 100); /* most: what finds the lock taken for too long does without */
    call_clear(&c);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_later_process_resumes),
        TEST(a_ticket_leaves_the_file_when_it_is_used),
        TEST(a_file_keeps_several_servers_apart),
        TEST(other_settings_do_not_use_what_is_in_the_file),
        TEST(a_file_of_other_contents_is_as_good_as_empty),
        TEST(a_file_that_was_cut_or_altered_gives_no_session),
        TEST(a_file_that_is_too_large_is_not_read),
        TEST(a_ticket_that_was_replayed_may_be_refused),
        TEST(a_file_that_cannot_be_written_is_no_reason_not_to_connect),
        TEST(a_file_that_is_locked_for_long_is_done_without),
        TEST(no_two_processes_get_the_same_ticket),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
