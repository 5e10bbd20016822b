/* Data in the first flight: it arrives once, whatever becomes of it, or the caller is told. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "peer/call.h"

static struct call c;

static const char request[] = "GET / HTTP/1.1\r\nHost: tls99.test\r\n\r\n";

#define REQUEST_LEN (sizeof request - 1)

static void init(void)
{
    call_init(&c, T99_TLS13);
    c.set.num_tickets = 1;
    c.set.max_early_data = 16384;
    c.set.accept_early_data = true;
}

static void must_start(void)
{
    if (call_handshake(&c) != 0) {
        print_error("%s; server: %s\n", tls_error(c.tls), c.wire.failed != NULL ? c.wire.failed : "-");
    }
    assert_null(tls_error(c.tls));
    assert_int_equal(c.peer.state, PEER_CONNECTED);
}

static void first_visit(void)
{
    assert_int_equal(call_connect(&c), 0);
    must_start();
    call_drain(&c);
    assert_int_equal(call_close(&c), 0);
}

/* A visit with this early data; what arrived is compared with it. */
static void visit(const void *data, size_t len)
{
    assert_int_equal(call_connect(&c), 0);
    assert_int_equal(tls_set_early_data(c.tls, data, len), 0);
    must_start();
    assert_int_equal(c.wire.data_len, len);
    assert_memory_equal(c.wire.data, data, len);
    assert_int_equal(call_write(&c, "more", 4), 0);
    assert_int_equal(c.wire.data_len, len + 4);
    assert_memory_equal(c.wire.data + len, "more", 4);
    call_drain(&c);
    assert_null(c.wire.failed);
}

static void early_data_that_is_accepted_arrives_in_the_first_flight(void **state)
{
    (void)state;
    init();
    first_visit();
    visit(request, REQUEST_LEN);
    assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_ACCEPTED);
    assert_int_equal(c.wire.early_len, REQUEST_LEN);
    assert_int_equal(tls_conn_session_resumed(c.tls), 1);
    call_clear(&c);
}

static void without_a_session_it_goes_after_the_handshake(void **state)
{
    (void)state;
    init();
    visit(request, REQUEST_LEN);
    assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_NONE);
    assert_int_equal(c.wire.early_len, 0);
    assert_int_equal(c.wire.skipped, 0);
    call_clear(&c);

    init();
    c.set.max_early_data = 0; /* tickets that do not allow it */
    first_visit();
    visit(request, REQUEST_LEN);
    assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_NONE);
    assert_int_equal(tls_conn_session_resumed(c.tls), 1);
    call_clear(&c);

    call_init(&c, T99_TLS12);
    c.set.num_tickets = 1;
    first_visit();
    visit(request, REQUEST_LEN);
    assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_NONE);
    call_clear(&c);
}

static void refuses(void)
{
    c.set.accept_early_data = false;
}

static void forgot(void)
{
    c.set.refuse_session = true;
}

static void retries(void)
{
    c.set.hello_retry = true;
    c.set.group = T99_GROUP_SECP384R1;
}

static void wants_a_cookie(void)
{
    c.set.cookie_len = 20;
}

static void changes_the_cipher(void)
{
    c.set.suite = 0x1303;
    c.set.accept_early_data = false;
}

/* Sent again by itself: never lost, never there twice. */
static void early_data_that_is_rejected_is_sent_again(void **state)
{
    static void (*const servers[])(void) = { refuses, forgot, retries, wants_a_cookie, changes_the_cipher };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof servers / sizeof servers[0]; i++) {
        init();
        first_visit();
        servers[i]();
        visit(request, REQUEST_LEN);
        assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_REJECTED);
        assert_int_equal(c.wire.early_len, 0);
        assert_int_equal(c.wire.skipped, 1);
        call_clear(&c);
    }
}

static void what_is_too_long_for_the_ticket_goes_in_two_parts(void **state)
{
    static uint8_t data[50000];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i ^ i >> 8);
    }
    init();
    first_visit();
    visit(data, sizeof data);
    assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_ACCEPTED);
    assert_int_equal(c.wire.early_len, 16384);
    c.set.accept_early_data = false;
    visit(data, sizeof data);
    assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_REJECTED);
    c.set.max_early_data = 10; /* of the next ticket */
    first_visit();
    c.set.accept_early_data = true;
    visit(data, sizeof data);
    assert_int_equal(c.wire.early_len, 10);
    call_clear(&c);
}

static void a_transport_that_stutters_changes_nothing(void **state)
{
    static const size_t chunks[] = { 1, 7, 1000 };
    static uint8_t data[20000] = { 9 };
    size_t i, accept;

    (void)state;
    for (i = 0; i < 3; i++) {
        for (accept = 0; accept < 3; accept++) {
            init();
            first_visit();
            c.chunk = chunks[i];
            c.interrupt = true;
            c.set.accept_early_data = accept == 1;
            if (accept == 2) {
                retries();
            }
            visit(data, sizeof data);
            assert_int_equal(c.wire.early_len, accept == 1 ? 16384 : 0);
            assert_int_equal(tls_conn_early_data(c.tls),
                             accept == 1 ? TLS_EARLY_DATA_ACCEPTED : TLS_EARLY_DATA_REJECTED);
            call_clear(&c);
        }
    }
}

/* RFC 9846, 4.3.10: a request for one protocol is none for another. */
static void early_data_is_not_sent_again_under_another_protocol(void **state)
{
    (void)state;
    init();
    assert_int_equal(tls_config_set_alpn(c.config, "h2,http/1.1"), 0);
    c.set.alpn = "http/1.1";
    first_visit();
    visit(request, REQUEST_LEN);
    assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_ACCEPTED);
    c.set.alpn = "h2";
    c.set.accept_early_data = false;
    assert_int_equal(call_connect(&c), 0);
    assert_int_equal(tls_set_early_data(c.tls, request, REQUEST_LEN), 0);
    assert_int_equal(call_handshake(&c), -1);
    assert_non_null(strstr(tls_error(c.tls),
                           "handshake failed: early data was rejected, and not sent again: it was for the "
                           "ALPN protocol \"http/1.1\", and the server chose \"h2\""));
    assert_int_equal(c.wire.data_len, 0);
    assert_true(c.wire.close_came); /* RFC 9846, 6.1: no error of the server's; nothing but an end */
    assert_false(c.wire.alert_came);
    assert_int_equal(call_connect(&c), 0); /* the caller, who knows now, tries again */
    must_start();
    assert_string_equal(tls_conn_alpn_selected(c.tls), "h2");
    call_clear(&c);
}

/* The session's protocol must still be on offer, or the data could not be meant for it. */
static void early_data_is_not_offered_when_its_protocol_is_not(void **state)
{
    (void)state;
    init();
    assert_int_equal(tls_config_set_alpn(c.config, "http/1.1"), 0);
    c.set.alpn = "http/1.1";
    first_visit();
    assert_int_equal(tls_config_set_alpn(c.config, "h2"), 0);
    c.set.alpn = "h2";
    visit(request, REQUEST_LEN);
    assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_NONE);
    assert_int_equal(tls_conn_session_resumed(c.tls), 1);
    call_clear(&c);
}

static void early_data_is_for_one_connection_and_before_its_handshake(void **state)
{
    struct tls *other = tls_client();

    (void)state;
    assert_int_equal(tls_set_early_data(other, request, REQUEST_LEN), -1);
    assert_non_null(strstr(tls_error(other), "context not connected"));
    tls_free(other);
    init();
    first_visit();
    visit(request, REQUEST_LEN);
    assert_int_equal(tls_set_early_data(c.tls, request, REQUEST_LEN), -1);
    assert_non_null(strstr(tls_error(c.tls), "early data came too late"));
    assert_int_equal(call_connect(&c), 0); /* the next one has none of its own accord */
    must_start();
    assert_int_equal(c.wire.data_len, 0);
    assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_NONE);
    assert_false(c.peer.skip_early_data || c.peer.early_accepted);
    call_clear(&c);
}

static void early_data_can_be_taken_back_before_the_handshake(void **state)
{
    (void)state;
    init();
    first_visit();
    assert_int_equal(call_connect(&c), 0);
    assert_int_equal(tls_set_early_data(c.tls, request, REQUEST_LEN), 0);
    assert_int_equal(tls_set_early_data(c.tls, NULL, 0), 0);
    must_start();
    assert_int_equal(c.wire.data_len, 0);
    assert_int_equal(tls_conn_early_data(c.tls), TLS_EARLY_DATA_NONE);
    call_clear(&c);
}

/* RFC 9846, D.3: a server that has gone back to TLS 1.2 since cannot know what the first records are. */
static void a_server_that_has_gone_back_to_tls12_is_told_of(void **state)
{
    (void)state;
    init();
    first_visit();
    c.set.version = T99_TLS12;
    c.set.suite = 0xc02b;
    assert_int_equal(call_connect(&c), 0);
    assert_int_equal(tls_set_early_data(c.tls, request, REQUEST_LEN), 0);
    assert_int_equal(call_handshake(&c), -1);
    assert_non_null(strstr(tls_error(c.tls), "although early data was sent"));
    assert_int_equal(call_connect(&c), 0); /* without the session that is gone, all is well */
    assert_int_equal(tls_set_early_data(c.tls, request, REQUEST_LEN), 0);
    must_start();
    assert_string_equal(tls_conn_version(c.tls), "TLSv1.2");
    assert_int_equal(c.wire.data_len, REQUEST_LEN);
    call_clear(&c);
}

/*
 * RFC 9846, 4.3.11.1. The age is in whole milliseconds: a ticket that came at 0.9 ms and is offered at 2.1 ms
 * came in millisecond 0 and goes in 2, but is 1 ms old. A server of GnuTLS rejects early data when a ticket
 * is said to be older than the server knows it to be. BoGo's TLS13-TestValidTicketAge-Client wants exactly
 * 10 s when the clock has moved by that.
 */
static void an_age_is_never_more_than_the_truth(void **state)
{
    static const struct {
        int64_t came, passed; /* microseconds */
        uint32_t said;
    } ages[] = {
        { 0, 0, 0 },
        { 0, 999, 0 },
        { 0, 1000, 1 },
        { 0, 10000000, 10000 },
        { 1, 0, 0 },
        { 1, 998, 0 },
        { 1, 1000, 0 },
        { 1, 1999, 1 },
        { 900, 1200, 1 },
        { 999, 2, 0 },
        { 999, 1000, 0 },
        { 999, 1001, 1 },
        { 500, 10000000, 9999 },
        { 500, 10000500, 10000 },
        { 1, 3600000000, 3599999 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        init();
        c.env.now_us = ages[i].came;
        first_visit();
        c.env.now_us += ages[i].passed;
        visit("GET /", 5);
        assert_int_equal(c.session.tickets[0].presented, 1);
        assert_int_equal(c.session.tickets[0].age, ages[i].said);
        call_clear(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(early_data_that_is_accepted_arrives_in_the_first_flight),
        cmocka_unit_test(without_a_session_it_goes_after_the_handshake),
        cmocka_unit_test(early_data_that_is_rejected_is_sent_again),
        cmocka_unit_test(what_is_too_long_for_the_ticket_goes_in_two_parts),
        cmocka_unit_test(a_transport_that_stutters_changes_nothing),
        cmocka_unit_test(early_data_is_not_sent_again_under_another_protocol),
        cmocka_unit_test(early_data_is_not_offered_when_its_protocol_is_not),
        cmocka_unit_test(early_data_is_for_one_connection_and_before_its_handshake),
        cmocka_unit_test(early_data_can_be_taken_back_before_the_handshake),
        cmocka_unit_test(an_age_is_never_more_than_the_truth),
        cmocka_unit_test(a_server_that_has_gone_back_to_tls12_is_told_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
