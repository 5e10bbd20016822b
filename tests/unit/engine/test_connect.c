/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>

#include "peer/link.h"

static struct link l;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(i) for ((i) = 0; (i) < sizeof versions / sizeof versions[0]; (i)++)

static void must_connect(void)
{
    if (!link_connect(&l)) {
        print_error("client: %s; server: %s\n", link_fault(&l), l.wire.failed != NULL ? l.wire.failed : "-");
    }
    assert_true(t99_engine_connected(l.engine));
    assert_int_equal(l.peer.state, PEER_CONNECTED);
    assert_null(l.wire.failed);
}

static void must_leave_nothing(void)
{
    link_clear(&l);
    assert_int_equal(l.env.live, 0);
    assert_false(l.env.not_wiped);
}

/* len bytes each way, compared. */
static void must_carry(size_t len)
{
    uint8_t *data = malloc(len + 1);
    size_t i, sent = l.wire.data_len, got = l.got_len, n;

    assert_non_null(data);
    for (i = 0; i < len; i++) {
        data[i] = (uint8_t)(i * 31 + i / 256);
    }
    assert_true(link_write(&l, data, len));
    assert_int_equal(l.wire.data_len, sent + len);
    assert_int_equal(len == 0 ? 0 : memcmp(l.wire.data + sent, data, len), 0);
    for (i = 0; i < len; i += n) {
        n = len - i < 16384 ? len - i : 16384;
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, data + i, n);
    }
    assert_true(link_run(&l));
    assert_int_equal(l.got_len, got + len);
    assert_int_equal(len == 0 ? 0 : memcmp(l.got + got, data, len), 0);
    free(data);
}

static void every_suite_connects_and_carries_data(void **state)
{
    static const struct {
        uint16_t version, suite;
        bool rsa;
    } cases[] = {
        { T99_TLS13, 0x1301, false }, { T99_TLS13, 0x1302, false }, { T99_TLS13, 0x1303, false },
        { T99_TLS12, 0xc02b, false }, { T99_TLS12, 0xc02c, false }, { T99_TLS12, 0xcca9, false },
        { T99_TLS13, 0x1301, true },  { T99_TLS12, 0xc02f, true },  { T99_TLS12, 0xc030, true },
        { T99_TLS12, 0xcca8, true },
    };
    static const size_t sizes[] = { 0, 1, 5, 16383, 16384, 16385, 100000 };
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        link_init(&l, cases[i].version);
        l.set.suite = cases[i].suite;
        if (cases[i].rsa) {
            peer_identity_rsa(&l.identity);
            l.set.scheme = 0x0804;
        }
        must_connect();
        assert_int_equal(t99_engine_conn(l.engine)->version, cases[i].version);
        assert_int_equal(t99_engine_conn(l.engine)->suite->id, cases[i].suite);
        assert_int_equal(l.num_verified, 1);
        for (k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            must_carry(sizes[k]);
        }
        must_leave_nothing();
    }
}

static void bytes_may_move_in_steps_of_any_size(void **state)
{
    static const size_t steps[] = { 1, 2, 3, 4, 5, 6, 7, 64, 1000 };
    size_t i, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            link_init(&l, versions[v]);
            l.chunk = steps[i];
            l.set.num_tickets = 1;
            must_connect();
            must_carry(20000);
            must_leave_nothing();
        }
    }
}

static void reads_may_be_of_any_size(void **state)
{
    static const size_t sizes[] = { 1, 2, 7, 255, 16383, 16384, 16385, 16400, 65536 };
    size_t i, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            link_init(&l, versions[v]);
            l.read_size = sizes[i];
            must_connect();
            must_carry(40000);
            must_leave_nothing();
        }
    }
}

/* RFC 9846, 5.1: fragmentation and coalescing; 5.4: padding. */
static void handshake_messages_may_be_cut_packed_and_padded(void **state)
{
    static const struct {
        size_t fragment, padding;
        bool pack;
    } cases[] = { { 1, 0, false }, { 3, 0, false },  { 5, 0, true },   { 1, 1, true },     { 0, 0, true },
                  { 0, 1, true },  { 0, 100, true }, { 100, 7, true }, { 0, 10000, false } };
    size_t i, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            link_init(&l, versions[v]);
            assert_true(link_start(&l));
            l.wire.fragment = cases[i].fragment;
            l.wire.pack = cases[i].pack;
            l.wire.padding = cases[i].padding;
            assert_true(link_run(&l));
            assert_true(t99_engine_connected(l.engine));
            assert_int_equal(l.peer.state, PEER_CONNECTED);
            l.wire.padding = cases[i].padding % 1000;
            must_carry(3000);
            must_leave_nothing();
        }
    }
}

static void only_the_client_hello_says_0301(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        link_init(&l, versions[v]);
        must_connect();
        assert_int_equal(l.wire.first_record_minor, 1); /* all others: the server for tests looks at them */
        must_leave_nothing();
    }
}

static void no_byte_beyond_the_record_is_asked_for(void **state)
{
    size_t want;

    (void)state;
    link_init(&l, T99_TLS13);
    assert_true(link_start(&l));
    assert_non_null(t99_engine_in(l.engine, &want));
    assert_int_equal(want, T99_RECORD_HEADER);
    memcpy(t99_engine_in(l.engine, &want), "\x16\x03\x03\x00\x07", 5);
    assert_true(t99_engine_received(l.engine, 2));
    assert_non_null(t99_engine_in(l.engine, &want));
    assert_int_equal(want, 3);
    assert_true(t99_engine_received(l.engine, 3));
    assert_non_null(t99_engine_in(l.engine, &want));
    assert_int_equal(want, 7);
    must_leave_nothing();
}

static void nothing_is_wanted_while_a_record_waits_to_be_read(void **state)
{
    uint8_t buf[64], *p;
    size_t want, n, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        link_init(&l, versions[v]);
        must_connect();
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "abcdef", 6);
        while (l.wire.out_len != 0) {
            p = t99_engine_in(l.engine, &want);
            assert_true(want > 0 && want <= l.wire.out_len);
            memcpy(p, l.wire.out, want);
            wire_fetched(&l.wire, want);
            assert_true(t99_engine_received(l.engine, want));
        }
        assert_non_null(t99_engine_in(l.engine, &want));
        assert_int_equal(want, 0);
        assert_true(t99_engine_read(l.engine, buf, 0, &n));
        assert_int_equal(n, 0);
        assert_true(t99_engine_read(l.engine, buf, 4, &n));
        assert_int_equal(n, 4);
        assert_non_null(t99_engine_in(l.engine, &want));
        assert_int_equal(want, 0);
        assert_true(t99_engine_read(l.engine, buf + 4, 60, &n));
        assert_int_equal(n, 2);
        assert_memory_equal(buf, "abcdef", 6);
        assert_non_null(t99_engine_in(l.engine, &want));
        assert_int_equal(want, T99_RECORD_HEADER);
        must_leave_nothing();
    }
}

static void one_write_is_one_record_and_waits_for_the_last(void **state)
{
    static const uint8_t big[20000] = { 1 };
    struct t99_engine_stats before, after;
    size_t n, len, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        link_init(&l, versions[v]);
        must_connect();
        t99_engine_stats(l.engine, &before);
        assert_true(t99_engine_write(l.engine, big, sizeof big, &n));
        assert_int_equal(n, 16384);
        t99_engine_out(l.engine, &len);
        assert_int_equal(len, 16384 + 5 + (versions[v] == T99_TLS13 ? 17 : 24));
        assert_true(t99_engine_write(l.engine, big, 5, &n));
        assert_int_equal(n, 0); /* the last record is not yet sent */
        assert_true(link_run(&l));
        assert_true(t99_engine_write(l.engine, big, 0, &n));
        assert_int_equal(n, 0); /* nothing to be sent: no empty record */
        assert_null(t99_engine_out(l.engine, &len));
        t99_engine_stats(l.engine, &after);
        assert_int_equal(after.records_out, before.records_out + 1);
        must_leave_nothing();
    }
}

/* RFC 8449: both sides keep to what the other can take. */
static void record_size_limits_are_kept(void **state)
{
    static const uint8_t data[500] = { 7 };
    size_t n, v, inner;

    (void)state;
    FOR_VERSIONS(v)
    {
        inner = versions[v] == T99_TLS13 ? 1 : 0; /* the type counts */
        link_init(&l, versions[v]);
        l.config.record_size_limit = 200;
        l.set.record_size_limit = 100;
        assert_true(link_start(&l));
        l.wire.fragment = inner != 0 ? 200 - inner : 0; /* what is in the clear has no such limit */
        assert_true(link_run(&l));
        assert_true(t99_engine_connected(l.engine));
        assert_true(t99_engine_write(l.engine, data, sizeof data, &n));
        assert_int_equal(n, 100 - inner);
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, data, 200 - inner);
        assert_true(link_run(&l));
        assert_int_equal(l.got_len, 200 - inner);
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, data, 201 - inner);
        assert_false(link_run(&l));
        assert_int_equal(t99_engine_fault(l.engine)->alert, ALERT_RECORD_OVERFLOW);
        assert_int_equal(l.got_len, 200 - inner);
        must_leave_nothing();
    }
}

/* A connection at rest: no buffers, no handshake. */
static void an_idle_connection_holds_little(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        link_init(&l, versions[v]);
        must_connect();
        must_carry(50000);
        print_message("idle: %zu bytes in %ld pieces; most: %zu\n", l.env.live_bytes, l.env.live,
                      l.env.peak_bytes);
        assert_true(l.env.live_bytes < 6000); /* of which the server's certificate is about 1000 */
        must_leave_nothing();
    }
}

struct seen {
    size_t num[2], bytes[2], types[2][32];
};

static void note_record(void *arg, enum t99_direction direction, uint8_t type, const uint8_t *record,
                        size_t record_len, const uint8_t *plain, size_t plain_len)
{
    struct seen *s = arg;

    assert_int_equal(record_len, 5 + (record[3] << 8 | record[4]));
    assert_true(plain_len + 5 <= record_len);
    if (type == CONTENT_CHANGE_CIPHER_SPEC) {
        assert_int_equal(plain[0], 1);
    }
    if (type == CONTENT_APPLICATION_DATA) {
        assert_memory_equal(plain, "tell", 4);
        assert_int_not_equal(record[5 + 8], 't'); /* what is shown as the record is what was on the wire */
    }
    s->num[direction]++;
    s->bytes[direction] += record_len;
    s->types[direction][type]++;
}

static void a_record_callback_sees_both_sides_of_every_record(void **state)
{
    struct t99_engine_stats stats;
    struct seen seen;
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        memset(&seen, 0, sizeof seen);
        link_init(&l, versions[v]);
        peer_init(&l.peer, &l.set, &l.server_env.env);
        wire_init(&l.wire, &l.peer);
        l.engine = t99_engine_new(&l.config);
        assert_non_null(l.engine);
        t99_engine_set_record_cb(l.engine, note_record, &seen);
        assert_true(t99_engine_start(l.engine));
        assert_true(link_run(&l));
        assert_true(link_write(&l, "tell me", 7));
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "tell you", 8);
        assert_true(link_run(&l));
        t99_engine_stats(l.engine, &stats);
        assert_int_equal(seen.num[DIRECTION_SENT], stats.records_out);
        assert_int_equal(seen.bytes[DIRECTION_SENT], stats.bytes_out);
        assert_int_equal(seen.num[DIRECTION_RECEIVED], stats.records_in);
        assert_int_equal(seen.bytes[DIRECTION_RECEIVED], stats.bytes_in);
        assert_int_equal(seen.types[DIRECTION_RECEIVED][CONTENT_APPLICATION_DATA], 1);
        assert_int_equal(seen.types[DIRECTION_RECEIVED][CONTENT_CHANGE_CIPHER_SPEC], 1);
        assert_int_equal(seen.types[DIRECTION_SENT][CONTENT_CHANGE_CIPHER_SPEC], 1);
        must_leave_nothing();
    }
}

static void starting_twice_is_refused(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    assert_true(link_start(&l));
    assert_false(t99_engine_start(l.engine));
    assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_CALLER);
    must_leave_nothing();
}

static void a_hello_retry_request_is_answered(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    l.set.hello_retry = true;
    l.set.cookie_len = 33;
    l.set.group = T99_GROUP_SECP384R1;
    must_connect();
    assert_true(t99_engine_conn(l.engine)->hello_retry);
    assert_int_equal(l.wire.num_ccs, 1);
    must_carry(100);
    must_leave_nothing();
}

static void tickets_never_surface_and_resume(void **state)
{
    struct peer_session session;
    struct t99_session *offer;
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        memset(&session, 0, sizeof session);
        link_init(&l, versions[v]);
        l.set.session = &session;
        l.set.num_tickets = 1;
        must_connect();
        assert_int_equal(l.num_sessions, 1);
        assert_int_equal(l.got_len, 0);
        must_carry(10);
        offer = l.session;
        l.session = NULL;
        l.config.session = offer;
        link_again(&l);
        must_connect();
        assert_true(l.peer.resumed);
        assert_true(t99_engine_conn(l.engine)->resumed);
        assert_int_equal(l.num_verified, 2); /* also what is resumed */
        must_carry(10);
        t99_session_free(&l.env.env, offer);
        must_leave_nothing();
    }
}

/* Tickets that are not taken are not offered either, in neither version. */
static void no_ticket_is_offered_where_tickets_are_off(void **state)
{
    struct peer_session session;
    struct t99_session *offer;
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        memset(&session, 0, sizeof session);
        link_init(&l, versions[v]);
        l.set.session = &session;
        l.set.num_tickets = 1;
        must_connect();
        offer = l.session;
        l.session = NULL;
        l.config.session = offer;
        l.config.offer_tickets = false;
        link_again(&l);
        must_connect();
        assert_false(l.peer.resumed);
        assert_int_equal(t99_engine_conn(l.engine)->session_use, SESSION_UNFIT);
        t99_session_free(&l.env.env, offer);
        must_leave_nothing();
    }
}

/* A record is opened where the caller wants data; what turns out to be none is not left there. */
static void a_ticket_leaves_no_trace_in_the_buffer_for_data(void **state)
{
    static const uint8_t zeros[1000];
    uint8_t buf[1000] = { 0 }, *p;
    size_t want, n;

    (void)state;
    link_init(&l, T99_TLS13);
    must_connect();
    peer_send_ticket(&l.peer);
    wire_flush(&l.wire);
    while (p = t99_engine_in(l.engine, &want), want != 0) {
        memcpy(p, l.wire.out, want);
        wire_fetched(&l.wire, want);
        assert_true(t99_engine_received(l.engine, want));
    }
    assert_true(t99_engine_read(l.engine, buf, sizeof buf, &n));
    assert_int_equal(n, 0);
    assert_int_equal(l.num_sessions, 1);
    assert_memory_equal(buf, zeros, sizeof buf);
    must_leave_nothing();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite_connects_and_carries_data),
        cmocka_unit_test(bytes_may_move_in_steps_of_any_size),
        cmocka_unit_test(reads_may_be_of_any_size),
        cmocka_unit_test(handshake_messages_may_be_cut_packed_and_padded),
        cmocka_unit_test(only_the_client_hello_says_0301),
        cmocka_unit_test(no_byte_beyond_the_record_is_asked_for),
        cmocka_unit_test(nothing_is_wanted_while_a_record_waits_to_be_read),
        cmocka_unit_test(one_write_is_one_record_and_waits_for_the_last),
        cmocka_unit_test(record_size_limits_are_kept),
        cmocka_unit_test(an_idle_connection_holds_little),
        cmocka_unit_test(a_record_callback_sees_both_sides_of_every_record),
        cmocka_unit_test(starting_twice_is_refused),
        cmocka_unit_test(a_hello_retry_request_is_answered),
        cmocka_unit_test(tickets_never_surface_and_resume),
        cmocka_unit_test(no_ticket_is_offered_where_tickets_are_off),
        cmocka_unit_test(a_ticket_leaves_no_trace_in_the_buffer_for_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
