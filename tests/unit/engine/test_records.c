/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "peer/link.h"

static struct link l;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(i) for ((i) = 0; (i) < sizeof versions / sizeof versions[0]; (i)++)

static void connected(uint16_t version)
{
    link_init(&l, version);
    assert_true(link_connect(&l));
}

/* The engine has failed with this alert, which the server has got, and nothing else happens any more. */
static void must_fail(enum t99_alert alert, const char *sentence)
{
    size_t want, n;
    uint8_t buf[8];

    assert_false(link_run(&l));
    if (strstr(link_fault(&l), sentence) == NULL) {
        print_error("fault: %s\n", link_fault(&l));
    }
    assert_non_null(strstr(link_fault(&l), sentence));
    assert_int_equal(t99_engine_fault(l.engine)->alert, alert);
    assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_PROTOCOL);
    assert_false(t99_engine_connected(l.engine));
    assert_null(t99_engine_in(l.engine, &want));
    assert_int_equal(want, 0);
    assert_false(t99_engine_received(l.engine, 1));
    assert_false(t99_engine_read(l.engine, buf, sizeof buf, &n));
    assert_false(t99_engine_write(l.engine, buf, sizeof buf, &n));
    assert_false(t99_engine_close(l.engine));
    assert_false(t99_engine_eof(l.engine));
    assert_false(t99_engine_start(l.engine));
    assert_null(t99_engine_out(l.engine, &n)); /* the alert is gone, and there is no second one */
    link_run(&l);
    assert_true(l.wire.alert_came);
    assert_int_equal(l.wire.alert_level, 2);
    assert_int_equal(l.wire.alert, alert);
    assert_false(l.wire.close_came);
    link_clear(&l);
    assert_int_equal(l.env.live, 0);
}

/* --- Before the keys --- */

static void application_data_before_any_key_is_unexpected(void **state)
{
    size_t v, len;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (len = 0; len < 2; len++) {
            link_init(&l, versions[v]);
            assert_true(link_start(&l));
            wire_send_clear(&l.wire, CONTENT_APPLICATION_DATA, "x", len);
            must_fail(ALERT_UNEXPECTED_MESSAGE,
                      "unexpected record: application_data during the handshake (awaiting server_hello)");
        }
    }
}

static void unknown_content_types_are_unexpected(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, 24, "x", 1);
        must_fail(ALERT_UNEXPECTED_MESSAGE, "unexpected record: unknown type 24");

        link_init(&l, versions[v]);
        assert_true(link_start(&l));
        wire_send_clear(&l.wire, CONTENT_ALERT, "\1\x5a", 2); /* so that it is not the first record */
        wire_send_clear(&l.wire, 0, "x", 1);
        must_fail(ALERT_UNEXPECTED_MESSAGE, "unexpected record: unknown type 0");
    }
}

/* What a server that speaks something else answers to a ClientHello. The alert goes out, to nobody. */
static void must_quote(const char *answer, const char *quote)
{
    link_init(&l, T99_TLS13);
    assert_true(link_start(&l));
    wire_send_raw(&l.wire, answer, strlen(answer));
    assert_false(link_run(&l));
    assert_string_equal(link_fault(&l), quote);
    assert_int_equal(t99_engine_fault(l.engine)->alert, ALERT_PROTOCOL_VERSION);
    link_clear(&l);
}

static void servers_that_speak_no_tls_are_quoted(void **state)
{
    (void)state;
    must_quote("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n",
               "the server speaks no TLS on this port: it answered 'HTTP/1.1 400 Bad Request'");
    must_quote("SSH-2.0-OpenSSH\r\n", "the server speaks no TLS on this port: it answered 'SSH-2.0-OpenSSH'");
    must_quote("220 hi\r\n", "the server speaks no TLS on this port: it answered '220 hi'");
    must_quote("+OK hello\r\n", "the server speaks no TLS on this port: it answered '+OK h'");
}

static void a_greeting_that_is_cut_off_is_quoted_as_far_as_it_went(void **state)
{
    size_t len;

    (void)state;
    link_init(&l, T99_TLS13);
    assert_true(link_start(&l));
    t99_engine_out(l.engine, &len);
    t99_engine_sent(l.engine, len); /* nobody takes the ClientHello */
    wire_send_raw(&l.wire, "HTTP/1.1", 8);
    assert_true(link_run(&l));
    assert_false(t99_engine_eof(l.engine));
    assert_string_equal(link_fault(&l), "the server speaks no TLS on this port: it answered 'HTTP/1.1'");
    link_clear(&l);
}

/* RFC 9846, 5.1. */
static void the_record_version_is_fixed_once_the_version_is_known(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "x", 1);
        l.wire.out[2] = 1;
        must_fail(ALERT_PROTOCOL_VERSION, "a record has the wrong version 0x0301 instead of 0x0303");
    }
}

static void records_that_are_too_long_overflow(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send_raw(&l.wire, versions[v] == T99_TLS13 ? "\x17\3\3\x41\1" : "\x17\3\3\x44\1", 5);
        must_fail(ALERT_RECORD_OVERFLOW, "an encrypted record has 1");

        link_init(&l, versions[v]);
        assert_true(link_start(&l));
        wire_send_raw(&l.wire, "\x16\3\3\x40\1", 5);
        must_fail(ALERT_RECORD_OVERFLOW,
                  "an unencrypted record has 16385 bytes, more than the limit of 16384");
    }
}

/* --- Under keys --- */

static void altered_records_do_not_decrypt(void **state)
{
    size_t v, i;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 5; i < 5 + 8 + 3 + 16; i++) {
            connected(versions[v]);
            wire_send(&l.wire, CONTENT_APPLICATION_DATA, "data", 4);
            if (i < l.wire.out_len) {
                l.wire.out[i] ^= 1;
                l.read_size = i % 2 == 0 ? 3 : 20000; /* decrypted in place, or straight to the caller */
                must_fail(ALERT_BAD_RECORD_MAC, "a record of type application_data does not decrypt");
            } else {
                link_clear(&l);
            }
        }
    }
}

static void records_do_not_change_places(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "lost", 4);
        wire_fetched(&l.wire, l.wire.out_len);
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "data", 4);
        must_fail(ALERT_BAD_RECORD_MAC, "does not decrypt: it was altered, or made with another key");
    }
}

/* RFC 9846, 5.2: everything is application_data outside; RFC 5246: nothing is in the clear. */
static void clear_records_under_keys_do_not_decrypt(void **state)
{
    static const uint8_t types[] = { CONTENT_ALERT, CONTENT_HANDSHAKE, CONTENT_APPLICATION_DATA };
    size_t v, i;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < sizeof types; i++) {
            connected(versions[v]);
            wire_send_clear(&l.wire, types[i], "\1\0", 2);
            must_fail(ALERT_BAD_RECORD_MAC, "does not decrypt: 2 bytes are too short");
        }
        connected(versions[v]);
        wire_send_clear(&l.wire, CONTENT_HANDSHAKE, "\x18\0\0\1\0and more than a tag", 23);
        must_fail(ALERT_BAD_RECORD_MAC, "a record of type handshake does not decrypt");
    }
}

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

static void empty_records_are_passed_over_up_to_32_times(void **state)
{
    size_t v, i, round;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        for (round = 0; round < 3; round++) { /* a record with something in it begins the count anew */
            for (i = 0; i < 32; i++) {
                wire_send(&l.wire, CONTENT_APPLICATION_DATA, NULL, 0);
            }
            wire_send(&l.wire, CONTENT_APPLICATION_DATA, "x", 1);
        }
        assert_true(link_run(&l));
        assert_int_equal(l.got_len, 3);
        for (i = 0; i < 33; i++) {
            wire_send(&l.wire, CONTENT_APPLICATION_DATA, NULL, 0);
        }
        must_fail(ALERT_UNEXPECTED_MESSAGE, "too many empty records: 33 in a row");
    }
}

/* RFC 9846, 5.1 and 5.4. */
static void empty_handshake_and_alert_records_are_refused(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_HANDSHAKE, NULL, 0);
        must_fail(ALERT_UNEXPECTED_MESSAGE, "a handshake record is empty");
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_ALERT, NULL, 0);
        must_fail(ALERT_UNEXPECTED_MESSAGE, "an alert record has 0 bytes instead of 2");
    }
}

/* RFC 9846, 5.4. */
static void a_record_of_padding_alone_is_refused(void **state)
{
    (void)state;
    connected(T99_TLS13);
    wire_send(&l.wire, 0, "\0\0\0", 3);
    must_fail(ALERT_UNEXPECTED_MESSAGE, "an encrypted record holds nothing but padding");
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
                  "excess handshake data: change_cipher_spec between two parts of a message");
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

static void bytes_that_were_not_wanted_are_refused(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    assert_true(link_start(&l));
    assert_false(t99_engine_received(l.engine, 6));
    assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_CALLER);
    assert_string_equal(link_fault(&l), "6 bytes were put in where 5 were wanted");
    link_clear(&l);
}

static void messages_after_the_handshake_are_limited(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_HANDSHAKE, "\x18\0\x10\0", 4);
        must_fail(ALERT_ILLEGAL_PARAMETER,
                  "a handshake message of type 24 has 4096 bytes, more than the limit");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(application_data_before_any_key_is_unexpected),
        cmocka_unit_test(unknown_content_types_are_unexpected),
        cmocka_unit_test(servers_that_speak_no_tls_are_quoted),
        cmocka_unit_test(a_greeting_that_is_cut_off_is_quoted_as_far_as_it_went),
        cmocka_unit_test(the_record_version_is_fixed_once_the_version_is_known),
        cmocka_unit_test(records_that_are_too_long_overflow),
        cmocka_unit_test(altered_records_do_not_decrypt),
        cmocka_unit_test(records_do_not_change_places),
        cmocka_unit_test(clear_records_under_keys_do_not_decrypt),
        cmocka_unit_test(change_cipher_spec_after_the_handshake_is_unexpected),
        cmocka_unit_test(malformed_change_cipher_spec_is_refused),
        cmocka_unit_test(malformed_change_cipher_spec_of_tls13_is_unexpected),
        cmocka_unit_test(change_cipher_spec_is_passed_over_up_to_32_times),
        cmocka_unit_test(empty_records_are_passed_over_up_to_32_times),
        cmocka_unit_test(empty_handshake_and_alert_records_are_refused),
        cmocka_unit_test(a_record_of_padding_alone_is_refused),
        cmocka_unit_test(nothing_may_stand_between_the_parts_of_a_message),
        cmocka_unit_test(change_cipher_spec_between_two_parts_is_refused),
        cmocka_unit_test(data_beyond_a_change_of_keys_is_refused),
        cmocka_unit_test(a_message_that_begins_in_the_record_of_the_last_finished_is_refused),
        cmocka_unit_test(application_data_before_finished_is_unexpected),
        cmocka_unit_test(bytes_that_were_not_wanted_are_refused),
        cmocka_unit_test(messages_after_the_handshake_are_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
