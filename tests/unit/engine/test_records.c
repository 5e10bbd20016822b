/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "unit/engine/refusal.h"

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

static void take_turns(unsigned empty_records, unsigned warnings)
{
    unsigned i;

    for (i = empty_records > warnings ? empty_records : warnings; i > 0; i--) {
        if (i <= empty_records) {
            wire_send(&l.wire, CONTENT_APPLICATION_DATA, NULL, 0);
        }
        if (i <= warnings) {
            wire_send_alert(&l.wire, 1, ALERT_USER_CANCELED);
        }
    }
}

/* Neither ends the other's count: only what brings something does. */
static void empty_records_and_warnings_may_not_take_turns_for_ever(void **state)
{
    size_t v, round;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        for (round = 0; round < 3; round++) {
            take_turns(32, 4);
            wire_send(&l.wire, CONTENT_APPLICATION_DATA, "x", 1);
        }
        assert_true(link_run(&l));
        assert_int_equal(l.got_len, 3);
        take_turns(33, 4);
        must_fail(ALERT_UNEXPECTED_MESSAGE, "too many empty records: 33 in a row");
        connected(versions[v]);
        take_turns(32, 5);
        must_fail(ALERT_UNEXPECTED_MESSAGE, "too many warning alerts: 5 in a row");
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
                  "the server sent key_update (24) of 4096 bytes, more than the limit");
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
        cmocka_unit_test(empty_records_are_passed_over_up_to_32_times),
        cmocka_unit_test(empty_records_and_warnings_may_not_take_turns_for_ever),
        cmocka_unit_test(empty_handshake_and_alert_records_are_refused),
        cmocka_unit_test(a_record_of_padding_alone_is_refused),
        cmocka_unit_test(bytes_that_were_not_wanted_are_refused),
        cmocka_unit_test(messages_after_the_handshake_are_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
