/* Sessions in a config's memory: which are kept, which are offered, and when not. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "peer/call.h"

#define DAY INT64_C(86400000)

static struct call c;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(v) for ((v) = 0; (v) < sizeof versions / sizeof versions[0]; (v)++)

static void init(uint16_t version)
{
    call_init(&c, version);
    c.set.num_tickets = 1;
}

/* A connection that reads what tickets come, and ends well. True if it resumed. */
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
    assert_int_equal(tls_peer_cert_provided(c.tls), 1); /* a session brings the certificate along */
    assert_string_equal(tls_peer_cert_common_name(c.tls), CALL_NAME);
    assert_int_equal(call_close(&c), 0);
    assert_null(c.wire.failed);
    return resumed;
}

static void sessions_are_resumed_by_default(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        init(versions[v]);
        assert_false(visit());
        assert_true(visit());
        assert_true(visit());
        call_clear(&c);
    }
}

static void tls12_resumes_by_session_id_too(void **state)
{
    (void)state;
    init(T99_TLS12);
    c.set.num_tickets = 0;
    c.set.issue_session_id = true;
    assert_false(visit());
    assert_true(visit());
    assert_true(visit());
    c.set.refuse_session = true;
    assert_false(visit());
    c.set.refuse_session = false;
    assert_true(visit());
    call_clear(&c);
}

static void no_cache_no_sessions(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        init(versions[v]);
        tls_config_set_session_cache(c.config, 0);
        assert_false(visit());
        assert_false(visit());
        assert_int_equal(c.session.num_tickets, versions[v] == T99_TLS13 ? 2 : 0);
        call_clear(&c);
    }
}

/* RFC 9846, C.4: so that nobody can tell that two connections come from one client. */
static void a_ticket_of_tls13_is_never_presented_twice(void **state)
{
    size_t i, visits;

    (void)state;
    init(T99_TLS13);
    c.set.num_tickets = 2;
    assert_false(visit());
    assert_true(visit());
    assert_int_equal(c.session.tickets[1].presented, 1); /* the newer of the two that there were */
    assert_int_equal(c.session.tickets[0].presented, 0);
    for (visits = 0; visits < 12; visits++) {
        assert_true(visit());
    }
    c.set.num_tickets = 0;
    for (visits = 0; visits < T99_SESSIONS_PER_HOST; visits++) {
        assert_true(visit()); /* those that are left, the newest first */
    }
    assert_false(visit());
    for (i = 0; i < c.session.num_tickets; i++) {
        assert_true(c.session.tickets[i].presented <= 1);
    }
    call_clear(&c);
}

static void a_connection_that_never_started_gives_its_ticket_back(void **state)
{
    (void)state;
    init(T99_TLS13);
    assert_false(visit());
    c.set.num_tickets = 0;
    assert_int_equal(call_connect(&c), 0); /* and no more: nobody has seen the ticket */
    call_end(&c);
    assert_true(visit());
    assert_false(visit());
    call_clear(&c);
}

static void parallel_connections_take_a_ticket_each(void **state)
{
    struct tls *other;

    (void)state;
    init(T99_TLS13);
    c.set.num_tickets = 1;
    assert_false(visit());
    assert_int_equal(call_connect(&c), 0);
    other = t99_client_env(&c.env.env);
    assert_int_equal(tls_configure(other, c.config), 0);
    assert_int_equal(tls_connect_fds(other, 0, 0, CALL_NAME), 0);
    assert_null(other->offered);
    tls_free(other);
    assert_int_equal(call_handshake(&c), 0);
    assert_int_equal(tls_conn_session_resumed(c.tls), 1);
    call_clear(&c);
}

/* RFC 9846, 4.7.1; RFC 5077, 3.3. */
static void a_ticket_lives_as_long_as_the_server_says(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        init(versions[v]);
        c.set.ticket_lifetime = 100;
        assert_false(visit());
        c.env.now_ms += 99000;
        assert_true(visit());
        c.env.now_ms += 101000;
        assert_false(visit());
        c.env.now_ms -= 1000000; /* the clock was set back: the age is not known */
        assert_false(visit());
        call_clear(&c);
    }
}

/* RFC 9846, 4.7.1: seven days, however often it is renewed; then the server must prove itself again. */
static void renewing_does_not_make_a_session_older_than_a_week(void **state)
{
    size_t v;
    unsigned day;

    (void)state;
    FOR_VERSIONS(v)
    {
        init(versions[v]);
        c.set.ticket_lifetime = 10 * 86400;
        assert_false(visit());
        for (day = 1; day <= 7; day++) {
            c.env.now_ms += DAY - 1000;
            assert_true(visit());
        }
        c.env.now_ms += DAY;
        assert_false(visit());
        assert_true(visit());
        call_clear(&c);
    }
}

static void no_session_outlives_a_certificate(void **state)
{
    static const struct call_leaf leafs[] = { { "270103000000Z", NULL, false, 0 },
                                              { NULL, "270103000000Z", false, 0 } };
    size_t v, i;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < 2; i++) { /* of the server, of the authority */
            init(versions[v]);
            call_leaf(&c, &leafs[i]);
            c.set.ticket_lifetime = 10 * 86400;
            assert_false(visit());
            c.env.now_ms += DAY;
            assert_true(visit());
            c.env.now_ms += DAY + 1000;
            assert_int_equal(call_start(&c), -1); /* a full handshake, and its verification */
            assert_non_null(strstr(tls_error(c.tls), "certificate has expired"));
            assert_false(c.peer.resumed);
            call_clear(&c);

            init(versions[v]); /* unless nobody cares */
            call_leaf(&c, &leafs[i]);
            c.set.ticket_lifetime = 10 * 86400;
            tls_config_insecure_noverifytime(c.config);
            assert_false(visit());
            c.env.now_ms += 3 * DAY;
            assert_true(visit());
            call_clear(&c);
        }
    }
}

static void no_verification(void)
{
    tls_config_insecure_noverifycert(c.config);
}

static void no_name(void)
{
    tls_config_insecure_noverifyname(c.config);
}

static void no_time(void)
{
    tls_config_insecure_noverifytime(c.config);
}

static void strict(void)
{
    tls_config_verify_strict(c.config);
}

static void staple(void)
{
    tls_config_ocsp_require_stapling(c.config);
}

static void no_status(void)
{
    tls_config_set_status_request(c.config, 0);
}

static void depth(void)
{
    assert_int_equal(tls_config_set_verify_depth(c.config, 1), 0);
}

static void other_authority(void)
{
    static const struct call_leaf other = { NULL, "340101000000Z", false, 0 };

    call_leaf(&c, &other);
}

static void crl(void)
{
    assert_int_equal(tls_config_set_crl_mem(c.config, (const uint8_t *)"none", 4), 0);
}

/* A session proves no more than what was asked when it was made. */
static void a_session_made_under_other_settings_is_not_offered(void **state)
{
    static void (*const changes[])(void) = { no_verification, no_name, no_time,         strict, staple,
                                             no_status,       depth,   other_authority, crl };
    size_t v, i;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < sizeof changes / sizeof changes[0]; i++) {
            init(versions[v]);
            assert_false(visit());
            changes[i]();
            assert_int_equal(call_connect(&c), 0);
            assert_null(c.tls->offered);
            (void)call_handshake(&c);
            assert_false(c.peer.resumed);
            call_clear(&c);
        }
    }
}

/* The bundle counts, not where it was: the same authorities in other words are the same. */
static void the_same_authorities_from_elsewhere_are_the_same(void **state)
{
    char text[4000];

    (void)state;
    init(T99_TLS13);
    assert_false(visit());
    snprintf(text, sizeof text, "A comment\n%.*s\n\n", (int)c.ca_pem_len, (const char *)c.ca_pem);
    assert_int_equal(tls_config_set_ca_mem(c.config, (const uint8_t *)text, strlen(text)), 0);
    assert_true(visit());
    call_clear(&c);
}

static void other_names_and_versions_do_not_share_sessions(void **state)
{
    (void)state;
    init(T99_TLS13);
    tls_config_insecure_noverifyname(c.config);
    assert_false(visit());
    c.connect_to = "other.test";
    assert_false(visit());
    c.connect_to = NULL;
    assert_true(visit());
    c.connect_to = "192.0.2.1"; /* no server_name is sent for it, but it is no other's */
    assert_false(visit());
    assert_true(visit());
    c.connect_to = "192.0.2.2";
    assert_false(visit());
    call_clear(&c);

    init(T99_TLS13);
    assert_false(visit());
    assert_int_equal(tls_config_set_protocols(c.config, TLS_PROTOCOL_TLSv1_2), 0);
    c.set.version = T99_TLS12;
    c.set.suite = 0xc02b;
    assert_false(visit());
    assert_int_equal(tls_config_set_protocols(c.config, TLS_PROTOCOL_TLSv1_3), 0);
    c.set.version = T99_TLS13;
    c.set.suite = 0x1301;
    assert_true(visit()); /* which had waited */
    assert_int_equal(tls_config_set_tls13_ciphers(c.config, "TLS_AES_256_GCM_SHA384"), 0);
    c.set.suite = 0x1302;
    assert_false(visit());
    call_clear(&c);
}

static void a_server_that_forgot_makes_a_full_handshake(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        init(versions[v]);
        assert_false(visit());
        c.set.refuse_session = true;
        assert_false(visit());
        c.set.refuse_session = false;
        assert_true(visit());
        call_clear(&c);
    }
}

/* RFC 5246, 7.2.2; RFC 9846, 6.2. */
static void a_fatal_alert_ends_the_sessions_of_the_server(void **state)
{
    char byte;
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        init(versions[v]);
        assert_false(visit());
        assert_int_equal(call_start(&c), 0);
        assert_int_equal(tls_conn_session_resumed(c.tls), 1);
        call_drain(&c);
        wire_send_alert(&c.wire, 2, ALERT_INTERNAL_ERROR);
        assert_int_equal(call_read(&c, &byte, 1), -1);
        assert_false(visit());
        assert_true(visit());
        call_clear(&c);
    }
}

static void a_cut_connection_ends_no_session(void **state)
{
    char byte;
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        init(versions[v]);
        assert_false(visit());
        assert_int_equal(call_start(&c), 0);
        call_drain(&c);
        wire_send_raw(&c.wire, "\x17\3\3", 3);
        c.end = true;
        assert_int_equal(call_read(&c, &byte, 1), -1);
        assert_true(visit());
        call_clear(&c);
    }
}

/* At most T99_SESSIONS_MAX in all: the oldest go first. */
static void the_cache_is_small_and_keeps_the_newest(void **state)
{
    char name[32];
    unsigned i;

    (void)state;
    init(T99_TLS13);
    tls_config_insecure_noverifyname(c.config);
    c.connect_to = name;
    for (i = 0; i < T99_SESSIONS_MAX + 8; i++) {
        snprintf(name, sizeof name, "host%u.test", i);
        assert_false(visit());
    }
    c.set.num_tickets = 0;
    for (i = 0; i < T99_SESSIONS_MAX + 8; i++) {
        snprintf(name, sizeof name, "host%u.test", i);
        assert_int_equal(visit(), i >= 8);
    }
    call_clear(&c);
}

/* RFC 7627, 5.3. */
static void tls12_sessions_keep_their_extended_main_secret(void **state)
{
    (void)state;
    init(T99_TLS12);
    assert_false(visit());
    c.set.no_ems = true;
    assert_int_equal(call_start(&c), -1);
    assert_non_null(strstr(tls_error(c.tls), "resumes a session that had extended_master_secret without it"));
    assert_int_equal(c.wire.alert, ALERT_HANDSHAKE_FAILURE);
    call_clear(&c);

    init(T99_TLS12);
    c.set.no_ems = true;
    assert_false(visit());
    assert_true(visit());
    c.set.no_ems = false;
    assert_int_equal(call_start(&c), -1);
    assert_non_null(
        strstr(tls_error(c.tls), "resumes with extended_master_secret a session that was made without it"));
    assert_int_equal(c.wire.alert, ALERT_HANDSHAKE_FAILURE);
    call_clear(&c);
}

/* A server with two kinds of session at once: the ticket is offered, and a resumed session's new ticket. */
static void what_a_session_says_of_the_server_is_handed_on(void **state)
{
    size_t v;
    char hash[80], group[40];

    (void)state;
    FOR_VERSIONS(v)
    {
        init(versions[v]);
        assert_false(visit());
        strcpy(hash, tls_peer_cert_hash(c.tls));
        strcpy(group, tls_conn_group(c.tls));
        assert_true(visit());
        assert_true(visit());
        assert_string_equal(tls_peer_cert_hash(c.tls), hash);
        assert_string_equal(tls_conn_group(c.tls), group);
        assert_string_equal(tls_conn_signature_scheme(c.tls), "ecdsa_secp256r1_sha256");
        call_clear(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_resumed_by_default),
        cmocka_unit_test(tls12_resumes_by_session_id_too),
        cmocka_unit_test(no_cache_no_sessions),
        cmocka_unit_test(a_ticket_of_tls13_is_never_presented_twice),
        cmocka_unit_test(a_connection_that_never_started_gives_its_ticket_back),
        cmocka_unit_test(parallel_connections_take_a_ticket_each),
        cmocka_unit_test(a_ticket_lives_as_long_as_the_server_says),
        cmocka_unit_test(renewing_does_not_make_a_session_older_than_a_week),
        cmocka_unit_test(no_session_outlives_a_certificate),
        cmocka_unit_test(a_session_made_under_other_settings_is_not_offered),
        cmocka_unit_test(the_same_authorities_from_elsewhere_are_the_same),
        cmocka_unit_test(other_names_and_versions_do_not_share_sessions),
        cmocka_unit_test(a_server_that_forgot_makes_a_full_handshake),
        cmocka_unit_test(a_fatal_alert_ends_the_sessions_of_the_server),
        cmocka_unit_test(a_cut_connection_ends_no_session),
        cmocka_unit_test(the_cache_is_small_and_keeps_the_newest),
        cmocka_unit_test(tls12_sessions_keep_their_extended_main_secret),
        cmocka_unit_test(what_a_session_says_of_the_server_is_handed_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
