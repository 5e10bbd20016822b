/* Reading, writing and closing, as libtls's programs expect it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "peer/call.h"

static struct call c;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(v) for ((v) = 0; (v) < sizeof versions / sizeof versions[0]; (v)++)

/* The sentence begins with these words, which programs may look for. */
static void assert_error(const char *words)
{
    assert_non_null(tls_error(c.tls));
    if (strncmp(tls_error(c.tls), words, strlen(words)) != 0) {
        print_error("\"%s\" does not begin with \"%s\"\n", tls_error(c.tls), words);
    }
    assert_int_equal(strncmp(tls_error(c.tls), words, strlen(words)), 0);
}

static void assert_error_has(const char *part)
{
    assert_non_null(tls_error(c.tls));
    if (strstr(tls_error(c.tls), part) == NULL) {
        print_error("\"%s\" is not in \"%s\"\n", part, tls_error(c.tls));
    }
    assert_non_null(strstr(tls_error(c.tls), part));
}

static void must_start(void)
{
    if (call_start(&c) != 0) {
        print_error("%s; server: %s\n", tls_error(c.tls), c.wire.failed != NULL ? c.wire.failed : "-");
    }
    assert_null(tls_error(c.tls));
    assert_int_equal(c.peer.state, PEER_CONNECTED);
}

static void connecting_sends_nothing_and_the_first_call_does_the_handshake(void **state)
{
    char buf[16];
    size_t v, first;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (first = 0; first < 3; first++) {
            call_init(&c, versions[v]);
            assert_int_equal(call_connect(&c), 0);
            assert_int_equal(c.wire.num_records, 0);
            assert_null(tls_conn_version(c.tls));
            if (first == 0) {
                assert_int_equal(call_handshake(&c), 0);
            } else if (first == 1) {
                assert_int_equal(call_write(&c, "hello", 5), 0);
                assert_int_equal(c.wire.data_len, 5);
                assert_memory_equal(c.wire.data, "hello", 5);
            } else {
                assert_int_equal(call_read(&c, buf, sizeof buf), TLS_WANT_POLLIN);
            }
            assert_int_equal(c.peer.state, PEER_CONNECTED);
            assert_string_equal(tls_conn_version(c.tls), v == 0 ? "TLSv1.3" : "TLSv1.2");
            assert_null(tls_error(c.tls));
            call_clear(&c);
        }
    }
}

static void a_second_handshake_is_an_error_and_harms_nothing(void **state)
{
    char buf[8];

    (void)state;
    call_init(&c, T99_TLS13);
    must_start();
    assert_int_equal(tls_handshake(c.tls), -1);
    assert_error("handshake already completed");
    assert_int_equal(call_write(&c, "x", 1), 0);
    assert_null(tls_error(c.tls));
    call_serve(&c, "y", 1);
    assert_int_equal(call_read(&c, buf, sizeof buf), 1);
    call_clear(&c);
}

static void a_context_connects_once_until_it_is_reset(void **state)
{
    (void)state;
    call_init(&c, T99_TLS13);
    must_start();
    assert_int_equal(tls_connect_socket(c.tls, 0, CALL_NAME), -1);
    assert_error("already connected");
    assert_int_equal(tls_connect(c.tls, "127.0.0.1", "1"), -1);
    assert_int_equal(call_write(&c, "still there", 11), 0);
    tls_reset(c.tls);
    assert_null(tls_error(c.tls));
    assert_null(tls_conn_version(c.tls));
    assert_null(tls_conn_servername(c.tls));
    assert_int_equal(tls_peer_cert_provided(c.tls), 0);
    assert_int_equal(tls_handshake(c.tls), -1);
    assert_error("context not connected");
    call_clear(&c);
}

/* --- Writing --- */

static void a_write_takes_one_record_and_nothing_for_no_bytes(void **state)
{
    static uint8_t big[40000];
    size_t v, records;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        must_start();
        records = c.wire.num_records;
        assert_int_equal(tls_write(c.tls, big, 0), 0);
        assert_int_equal(c.wire.num_records, records);
        assert_int_equal(tls_write(c.tls, big, sizeof big), 16384);
        assert_int_equal(c.wire.num_records, records + 1);
        assert_int_equal(tls_write(c.tls, big, (size_t)INT_MAX + 1), -1);
        assert_error("buflen too long");
        assert_int_equal(tls_write(c.tls, big, 5), 5); /* not the end of the connection */
        assert_int_equal(c.wire.data_len, 16389);
        assert_int_equal(call_close(&c), 0);
        call_clear(&c);
    }
}

/* What a write returns has left; what has not left is not returned, and is not sent twice. */
static void a_write_that_must_wait_is_repeated_and_sends_its_bytes_once(void **state)
{
    static uint8_t data[5000], moved[5000];
    size_t v, i;

    (void)state;
    for (i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i * 7);
    }
    memcpy(moved, data, sizeof moved);
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        must_start();
        c.write_room = 100;
        assert_int_equal(tls_write(c.tls, data, sizeof data), TLS_WANT_POLLOUT);
        assert_null(tls_error(c.tls));
        assert_int_equal(tls_write(c.tls, data, sizeof data), TLS_WANT_POLLOUT);
        c.write_room = 2000;
        assert_int_equal(tls_write(c.tls, moved, sizeof moved), TLS_WANT_POLLOUT); /* another buffer */
        c.write_room = SIZE_MAX;
        assert_int_equal(tls_write(c.tls, data, sizeof data), sizeof data);
        assert_int_equal(c.wire.data_len, sizeof data);
        assert_memory_equal(c.wire.data, data, sizeof data);
        assert_int_equal(tls_write(c.tls, "after", 5), 5);
        assert_int_equal(c.wire.data_len, sizeof data + 5);
        assert_null(c.wire.failed);
        call_clear(&c);
    }
}

static void reading_goes_on_while_a_write_waits(void **state)
{
    char buf[16];

    (void)state;
    call_init(&c, T99_TLS13);
    must_start();
    c.write_room = 3;
    assert_int_equal(tls_write(c.tls, "question", 8), TLS_WANT_POLLOUT);
    call_serve(&c, "answer", 6);
    assert_int_equal(call_read(&c, buf, sizeof buf), 6);
    c.write_room = SIZE_MAX;
    assert_int_equal(tls_write(c.tls, "question", 8), 8);
    assert_int_equal(c.wire.data_len, 8);
    call_clear(&c);
}

/* --- Reading --- */

static void a_read_gives_one_record_at_most_and_keeps_the_rest(void **state)
{
    static uint8_t buf[40000];
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        must_start();
        call_serve(&c, "first", 5);
        call_serve(&c, "second", 6);
        assert_int_equal(tls_read(c.tls, buf, sizeof buf), 5);
        assert_int_equal(tls_read(c.tls, buf, 0), 0);
        assert_int_equal(tls_read(c.tls, buf, 2), 2);
        assert_memory_equal(buf, "se", 2);
        assert_int_equal(tls_read(c.tls, buf, sizeof buf), 4);
        assert_memory_equal(buf, "cond", 4);
        assert_int_equal(tls_read(c.tls, buf, sizeof buf), TLS_WANT_POLLIN);
        assert_int_equal(tls_read(c.tls, buf, (size_t)INT_MAX + 1), -1);
        assert_error("buflen too long");
        call_serve(&c, buf, 16384);
        assert_int_equal(tls_read(c.tls, buf, sizeof buf), 16384);
        call_clear(&c);
    }
}

/* A program that polls and reads once each time must not be left with a record inside the library. */
static void nothing_beyond_the_record_is_taken_from_the_transport(void **state)
{
    uint8_t buf[100];
    size_t v, left;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        must_start();
        call_serve(&c, "one", 3);
        left = c.wire.out_len;
        call_serve(&c, "two", 3);
        left = c.wire.out_len - left;
        assert_int_equal(tls_read(c.tls, buf, sizeof buf), 3);
        assert_int_equal(c.wire.out_len, left);
        call_clear(&c);
    }
}

static void tickets_and_key_updates_never_show_in_what_is_read(void **state)
{
    char buf[16];

    (void)state;
    call_init(&c, T99_TLS13);
    c.set.num_tickets = 2;
    must_start();
    call_serve(&c, "a", 1);
    peer_send_key_update(&c.peer, true);
    peer_send_ticket(&c.peer);
    wire_flush(&c.wire);
    call_serve(&c, "b", 1);
    assert_int_equal(tls_read(c.tls, buf, sizeof buf), 1);
    assert_int_equal(buf[0], 'a');
    assert_int_equal(tls_read(c.tls, buf, sizeof buf), 1); /* no TLS_WANT_POLLIN on the way */
    assert_int_equal(buf[0], 'b');
    assert_int_equal(c.peer.key_updates, 1); /* which was asked for, and answered */
    call_clear(&c);
}

/* --- Key updates --- */

static void a_key_update_on_request_is_sent_once_however_long_it_waits(void **state)
{
    (void)state;
    call_init(&c, T99_TLS13);
    must_start();
    c.write_room = 0;
    assert_int_equal(tls_key_update(c.tls, 1), TLS_WANT_POLLOUT);
    assert_int_equal(tls_key_update(c.tls, 1), TLS_WANT_POLLOUT);
    c.write_room = SIZE_MAX;
    assert_int_equal(tls_key_update(c.tls, 1), 0);
    assert_int_equal(c.peer.key_updates, 1);
    call_serve(&c, "new keys", 8); /* the server was asked to change its own, too */
    {
        char buf[16];

        assert_int_equal(call_read(&c, buf, sizeof buf), 8);
    }
    assert_int_equal(tls_key_update(c.tls, 0), 0);
    assert_int_equal(c.peer.key_updates, 2);
    assert_int_equal(call_write(&c, "on", 2), 0);
    assert_int_equal(call_close(&c), 0);
    assert_int_equal(tls_key_update(c.tls, 0), -1);
    assert_error("key update failed: tls_close() was called before");
    call_clear(&c);

    call_init(&c, T99_TLS12);
    must_start();
    assert_int_equal(tls_key_update(c.tls, 0), -1);
    assert_error("key update failed: TLS 1.2 has none");
    assert_int_equal(call_write(&c, "on", 2), 0);
    call_clear(&c);
}

/* --- The end --- */

static void close_notify_of_the_server_is_the_end_for_ever(void **state)
{
    char buf[8];
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        must_start();
        call_serve(&c, "last", 4);
        wire_send_alert(&c.wire, 1, ALERT_CLOSE_NOTIFY);
        assert_int_equal(call_read(&c, buf, sizeof buf), 4);
        assert_int_equal(call_read(&c, buf, sizeof buf), 0);
        assert_int_equal(call_read(&c, buf, sizeof buf), 0);
        assert_null(tls_error(c.tls));
        assert_int_equal(call_close(&c), 0);
        assert_true(c.wire.close_came);
        call_clear(&c);
    }
}

static void an_end_without_close_notify_is_told_by_close(void **state)
{
    char buf[8];
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        must_start();
        call_serve(&c, "last", 4);
        c.end = true;
        assert_int_equal(call_read(&c, buf, sizeof buf), 4);
        assert_int_equal(call_read(&c, buf, sizeof buf), 0);
        assert_int_equal(call_read(&c, buf, sizeof buf), 0);
        assert_int_equal(call_close(&c), -1);
        assert_error("EOF without close notify");
        assert_int_equal(call_close(&c), 0);
        call_clear(&c);
    }
}

static void an_end_inside_a_record_is_an_error_at_every_byte(void **state)
{
    char buf[8];
    size_t v, cut, len;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (cut = 1, len = 2; cut < len; cut++) {
            call_init(&c, versions[v]);
            must_start();
            call_serve(&c, "last", 4);
            len = c.wire.out_len;
            c.wire.out_len = cut;
            c.end = true;
            assert_int_equal(call_read(&c, buf, sizeof buf), -1);
            assert_error("read failed: unexpected EOF: the connection was cut in the middle of a record");
            call_clear(&c);
        }
    }
}

static void an_end_during_the_handshake_says_what_was_awaited(void **state)
{
    (void)state;
    call_init(&c, T99_TLS13);
    assert_int_equal(call_connect(&c), 0);
    c.deaf = c.end = true;
    assert_int_equal(tls_handshake(c.tls), -1);
    assert_error_has("handshake failed: unexpected EOF");
    assert_error_has("awaiting server_hello");
    call_clear(&c);
}

static void close_says_goodbye_once_and_reading_goes_on(void **state)
{
    char buf[8];
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        must_start();
        call_serve(&c, "last", 4);
        c.write_room = 0;
        assert_int_equal(tls_close(c.tls), TLS_WANT_POLLOUT);
        c.write_room = 4;
        assert_int_equal(tls_close(c.tls), TLS_WANT_POLLOUT);
        assert_false(c.wire.close_came);
        c.write_room = SIZE_MAX;
        assert_int_equal(tls_close(c.tls), 0);
        assert_true(c.wire.close_came);
        assert_int_equal(tls_close(c.tls), 0);
        assert_null(c.wire.failed); /* one close_notify, nothing behind it */
        assert_int_equal(tls_write(c.tls, "x", 1), -1);
        assert_error("write failed: tls_close() was called before");
        assert_int_equal(tls_read(c.tls, buf, sizeof buf), 4);
        call_clear(&c);
    }
}

static void close_of_what_never_connected_is_no_error(void **state)
{
    (void)state;
    call_init(&c, T99_TLS13);
    assert_int_equal(call_connect(&c), 0);
    assert_int_equal(tls_close(c.tls), 0);
    assert_int_equal(c.wire.num_records, 0);
    call_clear(&c);
}

/* --- Errors --- */

/* libtls let a second call return 0 after a failed handshake. */
static void the_first_error_stays_whatever_is_called(void **state)
{
    char buf[8], first[T99_ERROR_MAX];
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        c.connect_to = "other.test";
        assert_int_equal(call_start(&c), -1);
        assert_non_null(strstr(tls_error(c.tls), "name `other.test' not present in server certificate"));
        assert_true(c.wire.alert_came);
        strcpy(first, tls_error(c.tls));
        assert_int_equal(tls_handshake(c.tls), -1);
        assert_error(first);
        assert_int_equal(tls_read(c.tls, buf, sizeof buf), -1);
        assert_error(first);
        assert_int_equal(tls_write(c.tls, buf, sizeof buf), -1);
        assert_error(first);
        assert_null(tls_conn_version(c.tls));
        assert_int_equal(tls_close(c.tls), 0);
        assert_null(tls_error(c.tls));
        assert_int_equal(tls_read(c.tls, buf, sizeof buf), -1);
        assert_error(first);
        call_clear(&c);
    }
}

static void an_error_of_the_connection_stays_too(void **state)
{
    char buf[8];

    (void)state;
    call_init(&c, T99_TLS13);
    must_start();
    call_serve(&c, "data", 4);
    c.wire.out[c.wire.out_len - 1] ^= 1;
    assert_int_equal(call_read(&c, buf, sizeof buf), -1);
    assert_error_has("read failed: ");
    assert_int_equal(tls_write(c.tls, buf, 1), -1);
    assert_error_has("write failed: ");
    assert_int_equal(call_read(&c, buf, sizeof buf), -1);
    assert_true(c.wire.alert_came);
    assert_int_equal(c.wire.alert, ALERT_BAD_RECORD_MAC);
    call_clear(&c);
}

static void callbacks_that_fail_are_told_with_their_errno(void **state)
{
    char buf[8];

    (void)state;
    call_init(&c, T99_TLS13);
    must_start();
    c.read_error = ECONNRESET;
    assert_int_equal(tls_read(c.tls, buf, sizeof buf), -1);
    assert_error("read failed: read callback: Connection reset by peer");
    call_clear(&c);

    call_init(&c, T99_TLS13);
    must_start();
    c.write_error = EPIPE;
    assert_int_equal(tls_write(c.tls, buf, sizeof buf), -1);
    assert_error("write failed: write callback: Broken pipe");
    assert_int_equal(tls_close(c.tls), 0);
    call_clear(&c);

    call_init(&c, T99_TLS13);
    assert_int_equal(call_connect(&c), 0);
    c.read_error = ETIMEDOUT;
    assert_int_equal(tls_handshake(c.tls), -1);
    assert_error("handshake failed: read callback: Connection timed out");
    call_clear(&c);
}

static ssize_t gives_too_much(struct tls *tls, void *buf, size_t len, void *arg)
{
    (void)tls;
    (void)buf;
    (void)arg;
    return (ssize_t)len + 1;
}

static ssize_t takes_nothing(struct tls *tls, const void *buf, size_t len, void *arg)
{
    (void)tls;
    (void)buf;
    (void)len;
    return *(ssize_t *)arg;
}

static void callbacks_that_lie_end_the_connection(void **state)
{
    ssize_t result = 0;

    (void)state;
    call_init(&c, T99_TLS13);
    assert_int_equal(call_connect(&c), 0);
    call_end(&c);
    c.tls = t99_client_env(&c.env.env);
    assert_int_equal(tls_configure(c.tls, c.config), 0);
    assert_int_equal(tls_connect_cbs(c.tls, gives_too_much, takes_nothing, &result, CALL_NAME), 0);
    assert_int_equal(tls_handshake(c.tls), -1);
    assert_error("handshake failed: write callback: Broken pipe");
    call_end(&c);
    c.tls = t99_client_env(&c.env.env);
    result = -7; /* neither -1 nor TLS_WANT_* */
    assert_int_equal(tls_configure(c.tls, c.config), 0);
    assert_int_equal(tls_connect_cbs(c.tls, gives_too_much, takes_nothing, &result, CALL_NAME), 0);
    assert_int_equal(tls_handshake(c.tls), -1);
    assert_error_has("handshake failed: write callback: ");
    call_end(&c);
    c.tls = t99_client_env(&c.env.env);
    result = 100000; /* more than there was */
    assert_int_equal(tls_configure(c.tls, c.config), 0);
    assert_int_equal(tls_connect_cbs(c.tls, gives_too_much, takes_nothing, &result, CALL_NAME), 0);
    assert_int_equal(tls_handshake(c.tls), -1);
    assert_error_has("bytes were put in where");
    call_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connecting_sends_nothing_and_the_first_call_does_the_handshake),
        cmocka_unit_test(a_second_handshake_is_an_error_and_harms_nothing),
        cmocka_unit_test(a_context_connects_once_until_it_is_reset),
        cmocka_unit_test(a_write_takes_one_record_and_nothing_for_no_bytes),
        cmocka_unit_test(a_write_that_must_wait_is_repeated_and_sends_its_bytes_once),
        cmocka_unit_test(reading_goes_on_while_a_write_waits),
        cmocka_unit_test(a_read_gives_one_record_at_most_and_keeps_the_rest),
        cmocka_unit_test(nothing_beyond_the_record_is_taken_from_the_transport),
        cmocka_unit_test(tickets_and_key_updates_never_show_in_what_is_read),
        cmocka_unit_test(a_key_update_on_request_is_sent_once_however_long_it_waits),
        cmocka_unit_test(close_notify_of_the_server_is_the_end_for_ever),
        cmocka_unit_test(an_end_without_close_notify_is_told_by_close),
        cmocka_unit_test(an_end_inside_a_record_is_an_error_at_every_byte),
        cmocka_unit_test(an_end_during_the_handshake_says_what_was_awaited),
        cmocka_unit_test(close_says_goodbye_once_and_reading_goes_on),
        cmocka_unit_test(close_of_what_never_connected_is_no_error),
        cmocka_unit_test(the_first_error_stays_whatever_is_called),
        cmocka_unit_test(an_error_of_the_connection_stays_too),
        cmocka_unit_test(callbacks_that_fail_are_told_with_their_errno),
        cmocka_unit_test(callbacks_that_lie_end_the_connection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
