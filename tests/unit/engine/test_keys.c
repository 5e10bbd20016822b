/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "engine/inside.h"
#include "handshake/messages.h"
#include "peer/link.h"

static struct link l;

static void connected(uint16_t version)
{
    link_init(&l, version);
    assert_true(link_connect(&l));
}

/* A few bytes each way still arrive. */
static void must_carry(void)
{
    size_t sent = l.wire.data_len, got = l.got_len;

    assert_true(link_write(&l, "there", 5));
    wire_send(&l.wire, CONTENT_APPLICATION_DATA, "back", 4);
    assert_true(link_run(&l));
    assert_int_equal(l.wire.data_len, sent + 5);
    assert_memory_equal(l.wire.data + sent, "there", 5);
    assert_int_equal(l.got_len, got + 4);
    assert_memory_equal(l.got + got, "back", 4);
    assert_null(l.wire.failed);
}

/* RFC 9846, 4.7.3. */
static void key_updates_go_both_ways(void **state)
{
    unsigned i;

    (void)state;
    connected(T99_TLS13);
    for (i = 0; i < 40; i++) {
        peer_send_key_update(&l.peer, i % 3 == 0);
        wire_flush(&l.wire);
        must_carry();
        assert_true(t99_engine_key_update(l.engine, i % 2 == 0));
        must_carry();
    }
    assert_int_equal(l.peer.key_updates, 40 + 14);
    link_clear(&l);
    assert_int_equal(l.env.live, 0);
}

static void many_requests_get_one_answer_until_data_is_written(void **state)
{
    unsigned i;

    (void)state;
    connected(T99_TLS13);
    for (i = 0; i < 20; i++) {
        peer_send_key_update(&l.peer, true);
        wire_flush(&l.wire);
    }
    assert_true(link_run(&l));
    assert_int_equal(l.peer.key_updates, 1);
    must_carry();
    peer_send_key_update(&l.peer, true);
    wire_flush(&l.wire);
    assert_true(link_run(&l));
    assert_int_equal(l.peer.key_updates, 2);
    link_clear(&l);
}

static void an_answer_is_queued_behind_a_record_that_waits(void **state)
{
    uint8_t buf[64], *p;
    size_t n, want;

    (void)state;
    connected(T99_TLS13);
    assert_true(t99_engine_write(l.engine, (const uint8_t *)"first", 5, &n));
    t99_engine_sent(l.engine, 3);
    peer_send_key_update(&l.peer, true);
    wire_flush(&l.wire);
    while (l.wire.out_len != 0) {
        p = t99_engine_in(l.engine, &want);
        memcpy(p, l.wire.out, want);
        wire_fetched(&l.wire, want);
        assert_true(t99_engine_received(l.engine, want));
    }
    assert_true(t99_engine_read(l.engine, buf, sizeof buf, &n));
    assert_int_equal(n, 0);
    p = (uint8_t *)(uintptr_t)t99_engine_out(l.engine, &n);
    assert_int_equal(n, 5 + 5 + 17 - 3 + 5 + 5 + 17); /* what is left of the record, and the KeyUpdate */
    assert_true(wire_take(&l.wire, (const uint8_t *)"\x17\3\3", 3));
    assert_true(wire_take(&l.wire, p, n));
    t99_engine_sent(l.engine, n);
    assert_int_equal(l.wire.data_len, 5);
    must_carry();
    link_clear(&l);
}

static unsigned told[2]; /* of key updates: received, sent */

static void tell(void *arg, enum t99_direction direction, const uint8_t *message, size_t len)
{
    (void)arg;
    (void)len;
    told[direction == DIRECTION_SENT] += message[0] == HS_KEY_UPDATE;
}

static void message_callbacks_are_told_of_key_updates_both_ways(void **state)
{
    (void)state;
    told[0] = told[1] = 0;
    link_init(&l, T99_TLS13);
    l.config.on.message = tell;
    assert_true(link_connect(&l));
    peer_send_key_update(&l.peer, false);
    wire_flush(&l.wire);
    must_carry();
    assert_int_equal(told[0], 1);
    assert_int_equal(told[1], 0);
    peer_send_key_update(&l.peer, true); /* is answered */
    wire_flush(&l.wire);
    must_carry();
    assert_true(t99_engine_key_update(l.engine, false));
    must_carry();
    assert_int_equal(told[0], 2);
    assert_int_equal(told[1], 2);
    assert_int_equal(l.peer.key_updates, 2); /* as many as came there */
    link_clear(&l);
}

static unsigned requests; /* key updates sent that ask for one */

static void count_requests(void *arg, enum t99_direction direction, const uint8_t *message, size_t len)
{
    (void)arg;
    requests += direction == DIRECTION_SENT && message[0] == HS_KEY_UPDATE && len == T99_HS_HEADER + 1 &&
                message[T99_HS_HEADER] == 1;
}

/* RFC 9846, 4.7.3: not again until a KeyUpdate of the server has come; our own key changes all the same. */
static void a_key_update_is_not_requested_again_before_one_has_come(void **state)
{
    (void)state;
    requests = 0;
    link_init(&l, T99_TLS13);
    l.config.on.message = count_requests;
    assert_true(link_connect(&l));
    assert_true(t99_engine_key_update(l.engine, true));
    assert_true(t99_engine_key_update(l.engine, true));
    assert_int_equal(requests, 1);
    must_carry(); /* the server answers */
    assert_int_equal(l.peer.key_updates, 2);
    assert_true(t99_engine_key_update(l.engine, true));
    assert_int_equal(requests, 2);
    must_carry();
    assert_int_equal(l.peer.key_updates, 3);
    link_clear(&l);
}

static void too_many_key_updates_in_a_row_are_refused(void **state)
{
    unsigned i;

    (void)state;
    connected(T99_TLS13);
    for (i = 0; i < 33; i++) {
        peer_send_key_update(&l.peer, false);
        wire_flush(&l.wire);
    }
    assert_false(link_run(&l));
    assert_int_equal(t99_engine_fault(l.engine)->alert, ALERT_UNEXPECTED_MESSAGE);
    assert_non_null(strstr(link_fault(&l), "too many key updates"));
    link_clear(&l);
}

/* RFC 9846, 5.1: what follows a KeyUpdate in its record came under the old key. */
static void data_behind_a_key_update_in_its_record_is_refused(void **state)
{
    (void)state;
    connected(T99_TLS13);
    wire_send(&l.wire, CONTENT_HANDSHAKE, "\x18\0\0\1\0\4", 6);
    assert_false(link_run(&l));
    assert_int_equal(t99_engine_fault(l.engine)->alert, ALERT_UNEXPECTED_MESSAGE);
    assert_non_null(strstr(link_fault(&l), "excess handshake data"));
    link_clear(&l);
}

static void key_updates_may_be_cut_into_single_bytes(void **state)
{
    (void)state;
    connected(T99_TLS13);
    l.wire.fragment = 1;
    l.read_size = 1;
    peer_send_key_update(&l.peer, true);
    peer_send_ticket(&l.peer);
    wire_flush(&l.wire);
    must_carry();
    assert_int_equal(l.num_sessions, 1);
    link_clear(&l);
}

static void tls12_has_no_key_update(void **state)
{
    (void)state;
    connected(T99_TLS12);
    assert_false(t99_engine_key_update(l.engine, false));
    assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_NONE);
    must_carry();
    link_clear(&l);
    link_init(&l, T99_TLS13);
    assert_true(link_start(&l));
    assert_false(t99_engine_key_update(l.engine, false)); /* not yet */
    link_clear(&l);
}

/* RFC 9846, 5.5: the key changes before it has encrypted too much. */
static void a_key_that_is_used_up_is_renewed_in_time(void **state)
{
    (void)state;
    connected(T99_TLS13);
    l.engine->writing.seq = t99_aes_128_gcm.seal_limit - 20;
    l.wire.reading.seq = l.engine->writing.seq;
    must_carry();
    must_carry();
    must_carry();
    assert_int_equal(l.peer.key_updates, 0);
    must_carry();
    must_carry(); /* 16 are kept for alerts and the like */
    assert_int_equal(l.peer.key_updates, 1);
    must_carry();
    assert_true(l.engine->writing.seq < 10);
    link_clear(&l);
}

static void a_key_that_cannot_change_is_not_overused(void **state)
{
    size_t n;

    (void)state;
    connected(T99_TLS12);
    l.engine->writing.seq = t99_aes_128_gcm.seal_limit - 17;
    l.wire.reading.seq = l.engine->writing.seq;
    must_carry();
    assert_false(t99_engine_write(l.engine, (const uint8_t *)"x", 1, &n));
    assert_int_equal(n, 0);
    assert_non_null(strstr(link_fault(&l), "records that were sent, and the key cannot change"));
    link_run(&l);
    assert_true(l.wire.alert_came); /* for which there was room */
    assert_int_equal(l.wire.alert, ALERT_INTERNAL_ERROR);
    link_clear(&l);
}

static void exporters_agree_with_the_connection(void **state)
{
    uint8_t a[32], b[32];
    struct t99_fault fault;

    (void)state;
    link_init(&l, T99_TLS13);
    assert_true(link_start(&l));
    t99_fault_clear(&fault);
    assert_false(t99_engine_exporter(l.engine, &fault, a, sizeof a, "EXPERIMENTAL", false, NULL, 0));
    assert_int_equal(fault.kind, FAULT_CALLER);
    assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_NONE); /* does not end the connection */
    assert_true(link_run(&l));
    t99_fault_clear(&fault);
    assert_true(t99_engine_exporter(l.engine, &fault, a, sizeof a, "EXPERIMENTAL", false, NULL, 0));
    assert_true(t99_engine_exporter(l.engine, &fault, b, sizeof b, "EXPERIMENTAL", true, a, 1));
    assert_memory_not_equal(a, b, sizeof a);
    link_clear(&l);
}

/* --- Early data: RFC 9846, 2.3 and 4.3.10 --- */

static struct peer_session session;
static struct t99_session *offer;

/* Ready for a second connection that offers early data. */
static void resume(uint32_t max_early_data, bool accept)
{
    memset(&session, 0, sizeof session);
    link_init(&l, T99_TLS13);
    l.set.session = &session;
    l.set.num_tickets = 1;
    l.set.max_early_data = max_early_data;
    l.set.accept_early_data = accept;
    assert_true(link_connect(&l));
    assert_int_equal(l.num_sessions, 1);
    offer = l.session;
    l.session = NULL;
    link_again(&l);
    l.config.session = offer;
    l.config.early_data = true;
}

static void done(void)
{
    t99_session_free(&l.env.env, offer);
    link_clear(&l);
    assert_int_equal(l.env.live, 0);
}

/* As early data: *taken of them. */
static void write_early(const char *data, size_t len, size_t *taken)
{
    size_t n, out_len;
    const uint8_t *out;

    *taken = 0;
    do {
        out = t99_engine_out(l.engine, &out_len); /* the hello, or the last record */
        if (out_len != 0) {
            assert_true(wire_take(&l.wire, out, out_len));
            t99_engine_sent(l.engine, out_len);
        }
        assert_true(t99_engine_write(l.engine, (const uint8_t *)data + *taken, len - *taken, &n));
        *taken += n;
    } while (n != 0);
}

static void early_data_is_taken_up_to_the_limit_and_accepted(void **state)
{
    static const char text[] = "GET / HTTP/1.1 and more";
    size_t taken;

    (void)state;
    resume(10, true);
    assert_true(link_start(&l));
    assert_true(t99_engine_early_open(l.engine));
    write_early(text, sizeof text - 1, &taken);
    assert_int_equal(taken, 10);
    assert_false(t99_engine_early_open(l.engine)); /* the limit is reached */
    assert_false(t99_engine_connected(l.engine));
    assert_true(link_run(&l));
    assert_true(t99_engine_connected(l.engine));
    assert_int_equal(t99_engine_conn(l.engine)->early_data, EARLY_ACCEPTED);
    assert_int_equal(l.wire.early_len, 10);
    assert_int_equal(l.wire.num_ccs, 1);
    assert_true(link_write(&l, text + 10, sizeof text - 1 - 10));
    assert_int_equal(l.wire.data_len, sizeof text - 1);
    assert_memory_equal(l.wire.data, text, sizeof text - 1);
    must_carry();
    done();
}

static void large_early_data_goes_in_whole_records(void **state)
{
    static const char big[40000] = { 1 };
    size_t taken;

    (void)state;
    resume(100000, true);
    assert_true(link_start(&l));
    write_early(big, sizeof big, &taken);
    assert_int_equal(taken, sizeof big);
    assert_true(t99_engine_early_open(l.engine));
    assert_true(link_run(&l));
    assert_int_equal(l.wire.early_len, sizeof big);
    assert_false(t99_engine_early_open(l.engine));
    done();
}

static void early_data_that_is_rejected_is_reported_and_not_sent_again(void **state)
{
    size_t taken;
    int retry;

    (void)state;
    for (retry = 0; retry < 2; retry++) {
        resume(100, false);
        if (retry != 0) {
            l.set.hello_retry = true;
            l.set.group = T99_GROUP_SECP384R1;
        }
        assert_true(link_start(&l));
        write_early("early", 5, &taken);
        assert_int_equal(taken, 5);
        assert_true(link_run(&l));
        assert_null(l.wire.failed);
        assert_true(t99_engine_connected(l.engine));
        assert_int_equal(t99_engine_conn(l.engine)->early_data, EARLY_REJECTED);
        assert_int_equal(l.wire.data_len, 0);
        assert_true(l.wire.skipped >= 1);
        must_carry();
        done();
    }
}

/* What is sealed but not yet sent when the answer comes goes out first, so that no number is missing. */
static void early_data_that_waits_is_sent_before_what_follows(void **state)
{
    size_t n, len;
    const uint8_t *out;
    int accept;

    (void)state;
    for (accept = 0; accept < 2; accept++) {
        resume(100, accept != 0);
        assert_true(link_start(&l));
        out = t99_engine_out(l.engine, &len);
        assert_true(wire_take(&l.wire, out, len));
        t99_engine_sent(l.engine, len);
        assert_true(t99_engine_write(l.engine, (const uint8_t *)"early", 5, &n));
        assert_int_equal(n, 5);
        while (!t99_engine_connected(l.engine)) { /* the server's whole flight comes in, nothing goes out */
            size_t want;
            uint8_t *p = t99_engine_in(l.engine, &want);

            assert_true(want != 0 && want <= l.wire.out_len);
            memcpy(p, l.wire.out, want);
            wire_fetched(&l.wire, want);
            assert_true(t99_engine_received(l.engine, want));
        }
        assert_true(link_run(&l));
        assert_null(l.wire.failed);
        assert_int_equal(l.wire.early_len, accept != 0 ? 5 : 0);
        assert_int_equal(l.wire.skipped, accept != 0 ? 0 : 1);
        must_carry();
        done();
    }
}

static void early_data_works_byte_by_byte(void **state)
{
    size_t taken;

    (void)state;
    resume(100, true);
    l.chunk = 1;
    assert_true(link_start(&l));
    write_early("early", 5, &taken);
    assert_true(link_run(&l));
    assert_int_equal(l.wire.early_len, 5);
    must_carry();
    done();
}

/* An alert during early data goes out under the early key: the server expects no other. */
static void a_fault_during_early_data_is_told_under_the_early_key(void **state)
{
    size_t taken;

    (void)state;
    resume(100, true);
    assert_true(link_start(&l));
    write_early("early", 5, &taken);
    l.wire.out[l.wire.out_len - 1] ^= 1; /* the server's Finished */
    assert_false(link_run(&l));
    assert_null(l.wire.failed);
    assert_true(l.wire.alert_came);
    assert_false(l.wire.alert_clear);
    assert_int_equal(l.wire.alert, ALERT_BAD_RECORD_MAC);
    done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_updates_go_both_ways),
        cmocka_unit_test(many_requests_get_one_answer_until_data_is_written),
        cmocka_unit_test(an_answer_is_queued_behind_a_record_that_waits),
        cmocka_unit_test(message_callbacks_are_told_of_key_updates_both_ways),
        cmocka_unit_test(a_key_update_is_not_requested_again_before_one_has_come),
        cmocka_unit_test(too_many_key_updates_in_a_row_are_refused),
        cmocka_unit_test(data_behind_a_key_update_in_its_record_is_refused),
        cmocka_unit_test(key_updates_may_be_cut_into_single_bytes),
        cmocka_unit_test(tls12_has_no_key_update),
        cmocka_unit_test(a_key_that_is_used_up_is_renewed_in_time),
        cmocka_unit_test(a_key_that_cannot_change_is_not_overused),
        cmocka_unit_test(exporters_agree_with_the_connection),
        cmocka_unit_test(early_data_is_taken_up_to_the_limit_and_accepted),
        cmocka_unit_test(large_early_data_goes_in_whole_records),
        cmocka_unit_test(early_data_that_is_rejected_is_reported_and_not_sent_again),
        cmocka_unit_test(early_data_that_waits_is_sent_before_what_follows),
        cmocka_unit_test(early_data_works_byte_by_byte),
        cmocka_unit_test(a_fault_during_early_data_is_told_under_the_early_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
