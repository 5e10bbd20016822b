/* What may stand where: change_cipher_spec, the parts of a message, changes of keys. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "unit/engine/refusal.h"

static void change_cipher_spec_after_the_handshake_is_unexpected(void **state)
{
    (void)state;
    connected(T99_TLS13);
    wire_send_clear(&l.wire, CONTENT_CHANGE_CIPHER_SPEC, "\1", 1);
    must_fail(ALERT_UNEXPECTED_MESSAGE, "unexpected record: change_cipher_spec after the handshake");
    connected(T99_TLS13);
    wire_send(&l.wire, CONTENT_CHANGE_CIPHER_SPEC, "\1", 1);
    must_fail(ALERT_UNEXPECTED_MESSAGE, "unexpected record: change_cipher_spec, encrypted");
    connected(T99_TLS12);
    wire_send(&l.wire, CONTENT_CHANGE_CIPHER_SPEC, "\1", 1);
    must_fail(ALERT_UNEXPECTED_MESSAGE, "unexpected record: change_cipher_spec, encrypted");
}

static void put_bad_ccs(void *arg, struct peer *p)
{
    (void)p;
    wire_send_clear(&l.wire, CONTENT_CHANGE_CIPHER_SPEC, *(const char **)arg, strlen(*(const char **)arg));
}

/* RFC 9846, 5; RFC 5246, 7.1. */
static void malformed_change_cipher_spec_is_refused(void **state)
{
    static const char *const bodies[] = { "\2", "\1\1", "" };
    const char *body;
    size_t v, i;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
            link_init(&l, versions[v]);
            body = bodies[i];
            l.set.arg = &body;
            l.set.flight = put_bad_ccs;
            assert_true(link_start(&l));
            must_fail(ALERT_ILLEGAL_PARAMETER, "bad change_cipher_spec: "); /* the version is not yet known */
        }
    }
}

static void spoil_ccs(void *arg, struct peer *p)
{
    (void)arg;
    if (p->state != PEER_CONNECTED) {
        wire_send_clear(&l.wire, CONTENT_HANDSHAKE, p->items[0].bytes, p->items[0].len);
        wire_send_clear(&l.wire, CONTENT_CHANGE_CIPHER_SPEC, "\2", 1);
        peer_drop(p, 0);
    }
}

/* RFC 9846, 5: in TLS 1.3 with another alert than in TLS 1.2. */
static void malformed_change_cipher_spec_of_tls13_is_unexpected(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    l.set.flight = spoil_ccs;
    assert_true(link_start(&l));
    must_fail(ALERT_UNEXPECTED_MESSAGE, "bad change_cipher_spec: 1 bytes, the first is 2");
}

static void put_ccs_first(void *arg, struct peer *p)
{
    (void)arg;
    if (p->state != PEER_CONNECTED) {
        peer_swap(p, 0); /* server_hello, change_cipher_spec, ... */
    }
}

/* RFC 9846, 5: at any time after the first ClientHello. */
static void change_cipher_spec_may_come_before_the_server_hello_of_tls13(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    l.set.flight = put_ccs_first;
    assert_true(link_connect(&l));
    link_clear(&l);
    link_init(&l, T99_TLS12); /* a client that has no TLS 1.3 knows no such thing */
    assert_true(link_start(&l));
    wire_send_clear(&l.wire, CONTENT_CHANGE_CIPHER_SPEC, "\1", 1);
    must_fail(ALERT_UNEXPECTED_MESSAGE, "the server sent change_cipher_spec where server_hello was due");
}

static unsigned num_ccs;

static void put_ccs_after_server_hello(void *arg, struct peer *p)
{
    unsigned i;

    (void)arg;
    for (i = 0; i < num_ccs && p->state != PEER_CONNECTED; i++) {
        peer_double(p, 1); /* server_hello, change_cipher_spec, ... */
    }
}

/* RFC 9846, 5: passed over, but not for ever. */
static void change_cipher_spec_is_passed_over_up_to_32_times(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    l.set.flight = put_ccs_after_server_hello;
    num_ccs = 31;
    assert_true(link_connect(&l));
    link_clear(&l);
    link_init(&l, T99_TLS13);
    l.set.flight = put_ccs_after_server_hello;
    num_ccs = 32;
    assert_true(link_start(&l));
    must_fail(ALERT_UNEXPECTED_MESSAGE, "too many change_cipher_spec records: 33 in a row");
}

/* RFC 9846, 5.1: between the parts of a message nothing may stand. */
static void nothing_may_stand_between_the_parts_of_a_message(void **state)
{
    static const char *const sentences[] = {
        "unexpected record: application_data (23) between two parts of a handshake message",
        "the server sent the warning user_canceled (90) between two parts of a handshake message",
        "the server closed the connection in the middle of a handshake message",
    };
    size_t v, i;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
            connected(versions[v]);
            wire_send(&l.wire, CONTENT_HANDSHAKE, "\4\0", 2);
            if (i == 0) {
                wire_send(&l.wire, CONTENT_APPLICATION_DATA, "x", 1);
            } else {
                wire_send_alert(&l.wire, 1, i == 1 ? ALERT_USER_CANCELED : ALERT_CLOSE_NOTIFY);
            }
            must_fail(ALERT_UNEXPECTED_MESSAGE, sentences[i]);
        }
    }
}

static void split_server_hello(void *arg, struct peer *p)
{
    (void)arg;
    wire_send_clear(&l.wire, CONTENT_HANDSHAKE, p->items[0].bytes, 10);
    wire_send_clear(&l.wire, CONTENT_CHANGE_CIPHER_SPEC, "\1", 1);
}

static void change_cipher_spec_between_two_parts_is_refused(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        link_init(&l, versions[v]);
        l.set.flight = split_server_hello;
        assert_true(link_start(&l));
        must_fail(ALERT_UNEXPECTED_MESSAGE,
                  "unexpected record: change_cipher_spec (20) between two parts of a handshake message");
    }
}

/* A message that begins under one key may not go on under the next: RFC 9846, 5.1. */
static void add_to_item(struct peer *p, size_t i, const char *bytes, size_t len)
{
    static uint8_t joined[PEER_MESSAGE_MAX];
    uint8_t *old = p->items[i].bytes;

    assert_true(p->items[i].len + len < sizeof joined);
    memcpy(joined, old, p->items[i].len);
    memcpy(joined + p->items[i].len, bytes, len);
    wire_send(&l.wire, CONTENT_HANDSHAKE, joined, p->items[i].len + len);
    peer_drop(p, i);
}

static void add_to_server_hello(void *arg, struct peer *p)
{
    const char *more = arg;

    add_to_item(p, 0, more, more[0] == 8 ? 6 : 2);
}

static void data_beyond_a_change_of_keys_is_refused(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    l.set.flight = add_to_server_hello;
    l.set.arg = (void *)(uintptr_t) "\x0b\0"; /* half a header */
    assert_true(link_start(&l));
    must_fail(ALERT_UNEXPECTED_MESSAGE,
              "excess handshake data: the server goes on under old keys where they change");
    link_init(&l, T99_TLS13);
    l.set.flight = add_to_server_hello;
    l.set.arg = (void *)(uintptr_t) "\x08\0\0\2\0\0"; /* a whole encrypted_extensions */
    assert_true(link_start(&l));
    must_fail(ALERT_UNEXPECTED_MESSAGE,
              "excess handshake data: the server goes on under old keys where they change");
}

static unsigned num_sent;

static void count_sent(void *arg, enum t99_direction direction, const uint8_t *message, size_t len)
{
    (void)arg;
    (void)message;
    (void)len;
    num_sent += direction == DIRECTION_SENT;
}

/* The flight's messages in a record each, the last one with half a header behind it. */
static void add_to_flight(void *arg, struct peer *p)
{
    size_t i;

    (void)arg;
    for (i = 0; i + 1 < p->num_items; i++) {
        wire_send_clear(&l.wire, CONTENT_HANDSHAKE, p->items[i].bytes, p->items[i].len);
    }
    while (p->num_items > 1) {
        peer_drop(p, 0);
    }
    add_to_item(p, 0, "\x04\0", 2);
}

/* After hello_retry_request and server_hello_done it is the client's turn: nothing is answered then. */
static void a_server_that_goes_on_before_it_is_answered_is_refused(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        link_init(&l, versions[v]);
        l.set.hello_retry = true; /* 1.3 */
        l.set.group = versions[v] == T99_TLS13 ? T99_GROUP_SECP384R1 : T99_GROUP_SECP256R1;
        l.set.no_ccs = true;
        l.set.flight = add_to_flight;
        l.config.on.message = count_sent;
        num_sent = 0;
        assert_true(link_start(&l));
        must_fail(ALERT_UNEXPECTED_MESSAGE,
                  "excess handshake data: the server goes on where it must wait for an answer");
        assert_int_equal(num_sent, 1); /* the client_hello */
    }
}

static void add_to_finished(void *arg, struct peer *p)
{
    (void)arg;
    if (p->state == PEER_CONNECTED) {
        wire_send_clear(&l.wire, CONTENT_CHANGE_CIPHER_SPEC, "\1", 1);
        t99_protect_init(&l.wire.writing, &p->items[1].key);
        peer_drop(p, 0);
        peer_drop(p, 0);
        add_to_item(p, 0, "\0\0", 2); /* half a hello_request */
    }
}

static void a_message_that_begins_in_the_record_of_the_last_finished_is_refused(void **state)
{
    (void)state;
    link_init(&l, T99_TLS12);
    l.set.flight = add_to_finished;
    assert_true(link_start(&l));
    must_fail(ALERT_UNEXPECTED_MESSAGE,
              "excess handshake data: a message begins in the record that ends the handshake");
}

static void application_data_before_finished_is_unexpected(void **state)
{
    struct t99_protect key;

    (void)state;
    link_init(&l, T99_TLS12);
    assert_true(link_start(&l));
    memset(&key, 0, sizeof key);
    l.set.flight = NULL;
    while (l.peer.state != PEER_CONNECTED) {
        size_t len, want, n;
        const uint8_t *p = t99_engine_out(l.engine, &len);

        if (len != 0) {
            assert_true(wire_take(&l.wire, p, len));
            t99_engine_sent(l.engine, len);
        }
        if (l.peer.state != PEER_CONNECTED) {
            uint8_t *in = t99_engine_in(l.engine, &want);

            n = want < l.wire.out_len ? want : l.wire.out_len;
            memcpy(in, l.wire.out, n);
            wire_fetched(&l.wire, n);
            assert_true(t99_engine_received(l.engine, n));
        }
    }
    /* change_cipher_spec (6 bytes) goes, then data comes in place of Finished */
    l.wire.out_len = 6;
    l.wire.writing.seq = 0;
    wire_send(&l.wire, CONTENT_APPLICATION_DATA, "early", 5);
    must_fail(ALERT_UNEXPECTED_MESSAGE,
              "unexpected record: application_data during the handshake (awaiting finished)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(change_cipher_spec_after_the_handshake_is_unexpected),
        cmocka_unit_test(malformed_change_cipher_spec_is_refused),
        cmocka_unit_test(malformed_change_cipher_spec_of_tls13_is_unexpected),
        cmocka_unit_test(change_cipher_spec_may_come_before_the_server_hello_of_tls13),
        cmocka_unit_test(change_cipher_spec_is_passed_over_up_to_32_times),
        cmocka_unit_test(nothing_may_stand_between_the_parts_of_a_message),
        cmocka_unit_test(change_cipher_spec_between_two_parts_is_refused),
        cmocka_unit_test(data_beyond_a_change_of_keys_is_refused),
        cmocka_unit_test(a_server_that_goes_on_before_it_is_answered_is_refused),
        cmocka_unit_test(a_message_that_begins_in_the_record_of_the_last_finished_is_refused),
        cmocka_unit_test(application_data_before_finished_is_unexpected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
