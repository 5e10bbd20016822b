/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "engine/inside.h"
#include "peer/link.h"

static struct link l;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(i) for ((i) = 0; (i) < sizeof versions / sizeof versions[0]; (i)++)

static void connected(uint16_t version)
{
    link_init(&l, version);
    assert_true(link_connect(&l));
}

static void must_fail_io(const char *sentence)
{
    size_t len;

    assert_false(t99_engine_eof(l.engine));
    assert_string_equal(link_fault(&l), sentence);
    assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_IO);
    assert_null(t99_engine_out(l.engine, &len));
    link_clear(&l);
    assert_int_equal(l.env.live, 0);
}

static bool all_zero(const void *p, size_t len)
{
    const uint8_t *bytes = p;
    size_t i;

    for (i = 0; i < len && bytes[i] == 0; i++) {
    }
    return i == len;
}

/* RFC 9846, 6: whichever side failed. The alert that tells of it was encrypted before. */
static void a_failed_connection_forgets_its_keys(void **state)
{
    struct t99_fault fault;
    uint8_t out[32];
    size_t v;
    int i;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < 2; i++) {
            connected(versions[v]);
            if (i == 0) {
                wire_send_alert(&l.wire, 2, ALERT_INTERNAL_ERROR);
            } else {
                wire_send(&l.wire, CONTENT_HANDSHAKE, "\x63\0\0\0", 4);
            }
            assert_false(link_run(&l));
            assert_int_equal(l.wire.alert_came, i == 1);
            assert_false(l.wire.alert_clear);
            assert_true(all_zero(l.engine->conn.client_secret, sizeof l.engine->conn.client_secret));
            assert_true(all_zero(l.engine->conn.server_secret, sizeof l.engine->conn.server_secret));
            assert_true(all_zero(l.engine->conn.exporter_secret, sizeof l.engine->conn.exporter_secret));
            assert_true(all_zero(l.engine->conn.resumption_secret, sizeof l.engine->conn.resumption_secret));
            assert_true(all_zero(&l.engine->reading, sizeof l.engine->reading));
            assert_true(all_zero(&l.engine->writing, sizeof l.engine->writing));
            t99_fault_clear(&fault);
            assert_false(
                t99_engine_exporter(l.engine, &fault, out, sizeof out, "EXPERIMENTAL", false, NULL, 0));
            assert_string_equal(fault.text, "exporter: the connection has failed, and its keys are gone");
            link_clear(&l);
        }
    }
}

static void close_notify_of_the_server_ends_reading_but_not_writing(void **state)
{
    size_t want, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        assert_false(t99_engine_ended(l.engine));
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "last", 4);
        wire_send_alert(&l.wire, 1, ALERT_CLOSE_NOTIFY);
        assert_true(link_run(&l));
        assert_int_equal(l.got_len, 4);
        assert_true(t99_engine_ended(l.engine));
        assert_true(t99_engine_clean_end(l.engine));
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "more", 4); /* RFC 9846, 6.1: ignored */
        assert_non_null(t99_engine_in(l.engine, &want));
        assert_int_equal(want, 0);
        assert_true(link_run(&l));
        assert_int_equal(l.got_len, 4);
        assert_true(link_write(&l, "answer", 6));
        assert_int_equal(l.wire.data_len, 6);
        assert_true(t99_engine_eof(l.engine));
        assert_true(t99_engine_clean_end(l.engine));
        assert_true(t99_engine_close(l.engine));
        assert_true(link_run(&l));
        assert_true(l.wire.close_came);
        link_clear(&l);
    }
}

static void our_close_notify_ends_writing_but_not_reading(void **state)
{
    size_t n, v, len;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        assert_true(t99_engine_close(l.engine));
        assert_true(t99_engine_close(l.engine)); /* once */
        assert_true(link_run(&l));
        assert_true(l.wire.close_came);
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "still", 5);
        assert_true(link_run(&l));
        assert_int_equal(l.got_len, 5);
        if (versions[v] == T99_TLS13) { /* its answer would come after our close_notify: there is none */
            peer_send_key_update(&l.peer, true);
            wire_flush(&l.wire);
            wire_send(&l.wire, CONTENT_APPLICATION_DATA, "!", 1);
            assert_true(link_run(&l));
            assert_int_equal(l.got_len, 6);
        }
        assert_null(t99_engine_out(l.engine, &len));
        assert_false(t99_engine_key_update(l.engine, false));
        assert_null(l.wire.failed);
        assert_false(t99_engine_write(l.engine, (const uint8_t *)"x", 1, &n));
        assert_string_equal(link_fault(&l), "nothing may be written after the close");
        assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_CALLER);
        assert_null(t99_engine_out(l.engine, &len));
        link_clear(&l);
    }
}

static void an_end_between_records_is_an_end_but_no_clean_one(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "data", 4);
        assert_true(link_run(&l));
        assert_true(t99_engine_eof(l.engine));
        assert_true(t99_engine_ended(l.engine));
        assert_false(t99_engine_clean_end(l.engine));
        assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_NONE);
        link_clear(&l);
    }
}

static void data_that_waits_is_read_before_the_end_is_seen(void **state)
{
    uint8_t buf[8], *p;
    size_t want, n, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "data", 4);
        while (p = t99_engine_in(l.engine, &want), want != 0) {
            memcpy(p, l.wire.out, want);
            wire_fetched(&l.wire, want);
            assert_true(t99_engine_received(l.engine, want));
        }
        assert_true(t99_engine_eof(l.engine));
        assert_false(t99_engine_ended(l.engine));
        assert_true(t99_engine_read(l.engine, buf, 3, &n));
        assert_int_equal(n, 3);
        assert_false(t99_engine_ended(l.engine));
        assert_true(t99_engine_read(l.engine, buf + 3, 3, &n));
        assert_int_equal(n, 1);
        assert_memory_equal(buf, "data", 4);
        assert_true(t99_engine_ended(l.engine));
        link_clear(&l);
    }
}

static void an_end_inside_a_record_is_a_fault_at_every_byte(void **state)
{
    uint8_t record[64];
    size_t len, i, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "data", 4);
        len = l.wire.out_len;
        link_clear(&l);
        for (i = 1; i < len; i++) {
            connected(versions[v]);
            wire_send(&l.wire, CONTENT_APPLICATION_DATA, "data", 4);
            memcpy(record, l.wire.out, len);
            l.wire.out_len = i;
            assert_true(link_run(&l));
            assert_int_equal(l.got_len, 0);
            must_fail_io("unexpected EOF: the connection was cut in the middle of a record");
        }
    }
}

static void an_end_inside_a_message_is_a_fault(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_HANDSHAKE, "\4\0", 2);
        assert_true(link_run(&l));
        must_fail_io("unexpected EOF: the connection was cut in the middle of a handshake message");
    }
}

static void an_end_during_the_handshake_says_what_was_awaited(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    assert_true(link_start(&l));
    must_fail_io(
        "unexpected EOF: the server closed the connection during the handshake (awaiting server_hello): "
        "it may speak no TLS on this port, or only versions that were not offered");
    link_init(&l, T99_TLS12);
    assert_true(link_start(&l));
    l.wire.out_len = 0;
    assert_false(t99_engine_eof(l.engine));
    assert_false(t99_engine_clean_end(l.engine));
    link_clear(&l);
}

static void close_notify_during_the_handshake_says_what_was_awaited(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        link_init(&l, versions[v]);
        assert_true(link_start(&l));
        wire_send_alert(&l.wire, 1, ALERT_CLOSE_NOTIFY);
        assert_false(link_run(&l));
        assert_string_equal(link_fault(&l),
                            "the server closed the connection during the handshake (awaiting server_hello): "
                            "it may speak no TLS on this port, or only versions that were not offered");
        assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_PEER);
        link_clear(&l);
    }
}

/* Moves until the client has got limit bytes, or all there are. Returns how many it has got. */
static size_t run_up_to(size_t limit)
{
    size_t total = 0, n, want;
    const uint8_t *out;
    uint8_t *p;

    for (;;) {
        out = t99_engine_out(l.engine, &n);
        if (n != 0) {
            assert_true(wire_take(&l.wire, out, n));
            t99_engine_sent(l.engine, n);
        }
        p = t99_engine_in(l.engine, &want);
        n = want < l.wire.out_len ? want : l.wire.out_len;
        n = n < limit - total ? n : limit - total;
        if (n == 0) {
            return total;
        }
        memcpy(p, l.wire.out, n);
        wire_fetched(&l.wire, n);
        assert_true(t99_engine_received(l.engine, n));
        total += n;
    }
}

/*
 * Every byte of the server's side of a whole handshake may be the last. Nothing of it passes for a clean end.
 */
static void a_handshake_may_be_cut_at_every_byte(void **state)
{
    size_t v, i, got;

    (void)state;
    FOR_VERSIONS(v)
    {
        i = 0;
        do {
            link_init(&l, versions[v]);
            assert_true(link_start(&l));
            got = run_up_to(i);
            if (t99_engine_eof(l.engine)) {
                assert_true(t99_engine_connected(l.engine));
            } else {
                assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_IO);
                assert_false(t99_engine_connected(l.engine));
            }
            assert_false(t99_engine_clean_end(l.engine));
            link_clear(&l);
            assert_int_equal(l.env.live, 0);
        } while (got == i++);
        assert_true(i > 700);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_connection_forgets_its_keys),
        cmocka_unit_test(close_notify_of_the_server_ends_reading_but_not_writing),
        cmocka_unit_test(our_close_notify_ends_writing_but_not_reading),
        cmocka_unit_test(an_end_between_records_is_an_end_but_no_clean_one),
        cmocka_unit_test(data_that_waits_is_read_before_the_end_is_seen),
        cmocka_unit_test(an_end_inside_a_record_is_a_fault_at_every_byte),
        cmocka_unit_test(an_end_inside_a_message_is_a_fault),
        cmocka_unit_test(an_end_during_the_handshake_says_what_was_awaited),
        cmocka_unit_test(close_notify_during_the_handshake_says_what_was_awaited),
        cmocka_unit_test(a_handshake_may_be_cut_at_every_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
