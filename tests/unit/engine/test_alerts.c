/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "peer/link.h"
#include "x509/certificate.h"

static struct link l;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(i) for ((i) = 0; (i) < sizeof versions / sizeof versions[0]; (i)++)

static void connected(uint16_t version)
{
    link_init(&l, version);
    assert_true(link_connect(&l));
}

static void must_say(enum t99_fault_kind kind, enum t99_alert alert, const char *sentence)
{
    if (strcmp(link_fault(&l), sentence) != 0) {
        print_error("fault: %s\n", link_fault(&l));
    }
    assert_string_equal(link_fault(&l), sentence);
    assert_int_equal(t99_engine_fault(l.engine)->kind, kind);
    assert_int_equal(t99_engine_fault(l.engine)->alert, alert);
}

/* The peer's fault: nothing is sent back. */
static void must_be_told(enum t99_alert alert, const char *sentence)
{
    size_t len;

    assert_false(link_run(&l));
    must_say(FAULT_PEER, alert, sentence);
    assert_null(t99_engine_out(l.engine, &len));
    assert_false(l.wire.alert_came);
    link_clear(&l);
    assert_int_equal(l.env.live, 0);
}

static void must_answer(enum t99_alert alert, const char *sentence)
{
    assert_false(link_run(&l));
    must_say(FAULT_PROTOCOL, alert, sentence);
    assert_true(l.wire.alert_came);
    assert_int_equal(l.wire.alert, alert);
    link_clear(&l);
}

static void answer_hello(uint8_t level, uint8_t description)
{
    link_init(&l, T99_TLS13);
    assert_true(link_start(&l));
    wire_send_alert(&l.wire, level, description);
}

static void a_fatal_alert_in_answer_to_the_hello_gives_a_hint(void **state)
{
    (void)state;
    answer_hello(2, ALERT_HANDSHAKE_FAILURE);
    must_be_told(
        ALERT_HANDSHAKE_FAILURE,
        "the server sent the alert handshake_failure (40) in answer to the client_hello: it shares no "
        "version, cipher suite, group or signature scheme with what was offered");
    answer_hello(2, ALERT_PROTOCOL_VERSION);
    must_be_told(
        ALERT_PROTOCOL_VERSION,
        "the server sent the alert protocol_version (70) in answer to the client_hello: it has none of "
        "the versions that were offered");
    answer_hello(2, ALERT_UNRECOGNIZED_NAME);
    must_be_told(
        ALERT_UNRECOGNIZED_NAME,
        "the server sent the alert unrecognized_name (112) in answer to the client_hello: it knows no "
        "host of the name that was asked for");
    answer_hello(2, ALERT_NO_APPLICATION_PROTOCOL);
    must_be_told(
        ALERT_NO_APPLICATION_PROTOCOL,
        "the server sent the alert no_application_protocol (120) in answer to the client_hello: it has "
        "none of the ALPN protocols that were offered");
    answer_hello(2, 201);
    must_be_told((enum t99_alert)201,
                 "the server sent the alert unknown (201) in answer to the client_hello");
}

static void every_fatal_alert_ends_a_connection_and_is_not_answered(void **state)
{
    char sentence[64];
    unsigned a;
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (a = 1; a < 256; a++) {
            if (a == ALERT_CLOSE_NOTIFY) {
                continue;
            }
            connected(versions[v]);
            wire_send_alert(&l.wire, 2, (uint8_t)a);
            assert_false(link_run(&l));
            snprintf(sentence, sizeof sentence, "the server sent the alert %s (%u)", t99_alert_name(a), a);
            assert_memory_equal(link_fault(&l), sentence, strlen(sentence));
            assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_PEER);
            assert_int_equal(t99_engine_fault(l.engine)->alert, a);
            assert_false(l.wire.alert_came);
            link_clear(&l);
        }
    }
}

static void alerts_after_the_handshake_may_speak_of_the_client_certificate(void **state)
{
    (void)state;
    connected(T99_TLS13);
    wire_send_alert(&l.wire, 2, ALERT_CERTIFICATE_REQUIRED);
    must_be_told(ALERT_CERTIFICATE_REQUIRED,
                 "the server sent the alert certificate_required (116): it wants a client certificate");
}

#define ASKED_IN_VAIN ": it may want the client certificate that it asked for and did not get"

/* With, or without, a certificate that the server asked for. */
static void connected_to_one_who_asks(uint16_t version, bool with_certificate)
{
    static struct peer_identity identity;
    static struct t99_credential credential;
    struct t99_certificate leaf;
    const char *bad;

    link_init(&l, version);
    l.set.request_certificate = true;
    if (with_certificate) {
        peer_identity_p256(&identity);
        assert_true(t99_certificate_decode(&leaf, identity.cert, &bad));
        credential.public_key = leaf.key;
        credential.key = identity.key;
        credential.certs[0] = identity.cert;
        credential.num_certs = 1;
        l.config.credentials = &credential;
        l.config.num_credentials = 1;
    }
    assert_true(link_connect(&l));
    assert_true(l.peer.client_certificate == with_certificate);
}

static void an_alert_to_a_client_certificate_or_the_lack_of_one_gives_a_hint(void **state)
{
    static const struct {
        enum t99_alert alert;
        const char *with, *without;
    } cases[] = {
        { ALERT_HANDSHAKE_FAILURE, ": it may not accept the client certificate", ASKED_IN_VAIN },
        { ALERT_BAD_CERTIFICATE, ": it refuses the client certificate", ASKED_IN_VAIN },
        { ALERT_UNSUPPORTED_CERTIFICATE, ": it cannot use this kind of client certificate", "" },
        { ALERT_CERTIFICATE_REVOKED, ": it says that the client certificate is revoked", "" },
        { ALERT_CERTIFICATE_EXPIRED, ": it says that the client certificate has expired", "" },
        { ALERT_CERTIFICATE_UNKNOWN, ": it does not accept the client certificate", "" },
        { ALERT_UNKNOWN_CA, ": it does not trust the issuer of the client certificate", "" },
        { ALERT_ACCESS_DENIED, ": it knows the client certificate, but denies access", ASKED_IN_VAIN },
    };
    char sentence[160];
    size_t v, i, with;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
            with = i % 2;
            connected_to_one_who_asks(versions[v], with != 0);
            wire_send_alert(&l.wire, 2, (uint8_t)cases[i / 2].alert);
            snprintf(sentence, sizeof sentence, "the server sent the alert %s (%u)%s",
                     t99_alert_name(cases[i / 2].alert), (unsigned)cases[i / 2].alert,
                     with != 0 ? cases[i / 2].with : cases[i / 2].without);
            must_be_told(cases[i / 2].alert, sentence);
        }
    }
}

static void an_alert_about_certificates_to_one_who_was_asked_for_none_has_no_hint(void **state)
{
    (void)state;
    connected(T99_TLS13);
    wire_send_alert(&l.wire, 2, ALERT_UNKNOWN_CA);
    must_be_told(ALERT_UNKNOWN_CA, "the server sent the alert unknown_ca (48)");
    connected(T99_TLS13);
    wire_send_alert(&l.wire, 2, ALERT_ACCESS_DENIED);
    must_be_told(ALERT_ACCESS_DENIED, "the server sent the alert access_denied (49)");
}

static void leave_out_the_end(void *arg, struct peer *p)
{
    (void)arg;
    while (p->state == PEER_CONNECTED && p->num_items != 0) {
        peer_drop(p, 0);
    }
}

static void an_end_after_a_request_for_a_certificate_speaks_of_it(void **state)
{
    (void)state;
    link_init(&l, T99_TLS12);
    l.set.request_certificate = true;
    l.set.flight = leave_out_the_end;
    assert_true(link_start(&l));
    assert_true(link_run(&l));
    assert_false(t99_engine_eof(l.engine));
    must_say(FAULT_IO, ALERT_NONE,
             "unexpected EOF: the server closed the connection during the handshake (awaiting "
             "change_cipher_spec)" ASKED_IN_VAIN);
    link_clear(&l);
    connected_to_one_who_asks(T99_TLS13, false);
    assert_string_equal(t99_engine_end_hint(l.engine), ASKED_IN_VAIN);
    link_clear(&l);
    connected_to_one_who_asks(T99_TLS13, true);
    assert_string_equal(t99_engine_end_hint(l.engine), "");
    link_clear(&l);
}

static void a_fatal_alert_between_the_parts_of_a_message_is_still_told(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_HANDSHAKE, "\4\0", 2);
        wire_send_alert(&l.wire, 2, ALERT_INTERNAL_ERROR);
        must_be_told(
            ALERT_INTERNAL_ERROR,
            "the server sent the alert internal_error (80): something went wrong in the server itself");
    }
}

/* RFC 5246, 7.2: whoever gets a warning may go on. */
static void tls12_passes_over_four_warnings_in_a_row(void **state)
{
    size_t i, round;

    (void)state;
    connected(T99_TLS12);
    for (round = 0; round < 3; round++) {
        for (i = 0; i < 4; i++) {
            wire_send_alert(&l.wire, 1, ALERT_UNEXPECTED_MESSAGE);
        }
        wire_send(&l.wire, CONTENT_APPLICATION_DATA, "x", 1);
    }
    assert_true(link_run(&l));
    assert_int_equal(l.got_len, 3);
    for (i = 0; i < 5; i++) {
        wire_send_alert(&l.wire, 1, ALERT_UNEXPECTED_MESSAGE);
    }
    must_answer(ALERT_UNEXPECTED_MESSAGE,
                "too many warning alerts: 5 in a row, the last unexpected_message (10)");
}

/* RFC 6066, 3: such a warning may come before the ServerHello. */
static void a_warning_before_the_server_hello_is_passed_over(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        link_init(&l, versions[v]);
        assert_true(link_start(&l));
        wire_send_alert(&l.wire, 1, ALERT_UNRECOGNIZED_NAME);
        assert_true(link_run(&l));
        assert_true(t99_engine_connected(l.engine));
        link_clear(&l);
    }
}

/* RFC 9846, 6. */
static void tls13_knows_no_warnings_but_user_canceled(void **state)
{
    size_t i;

    (void)state;
    connected(T99_TLS13);
    for (i = 0; i < 4; i++) {
        wire_send_alert(&l.wire, 1, ALERT_USER_CANCELED);
    }
    wire_send(&l.wire, CONTENT_APPLICATION_DATA, "x", 1);
    assert_true(link_run(&l));
    assert_int_equal(l.got_len, 1);
    for (i = 0; i < 5; i++) {
        wire_send_alert(&l.wire, 1, ALERT_USER_CANCELED);
    }
    must_answer(ALERT_UNEXPECTED_MESSAGE, "too many warning alerts: 5 in a row, the last user_canceled (90)");
    connected(T99_TLS13);
    wire_send_alert(&l.wire, 1, ALERT_UNEXPECTED_MESSAGE);
    must_answer(
        ALERT_DECODE_ERROR,
        "the server sent the alert unexpected_message (10) as a warning, which TLS 1.3 does not have");
}

static void malformed_alerts_are_refused(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send_alert(&l.wire, 0x42, ALERT_UNEXPECTED_MESSAGE);
        must_answer(ALERT_ILLEGAL_PARAMETER, "the alert unexpected_message (10) has the unknown level 66");
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_ALERT, "\2", 1);
        must_answer(ALERT_DECODE_ERROR, "an alert record has 1 bytes instead of 2");
        connected(versions[v]);
        wire_send(&l.wire, CONTENT_ALERT, "\1\0\1\0", 4);
        must_answer(ALERT_DECODE_ERROR, "an alert record has 4 bytes instead of 2");
    }
}

static void the_first_fault_stays(void **state)
{
    struct t99_fault other;

    (void)state;
    connected(T99_TLS13);
    wire_send_alert(&l.wire, 2, ALERT_DECRYPT_ERROR);
    assert_false(link_run(&l));
    t99_fault_clear(&other);
    t99_fail_as(&other, FAULT_IO, ALERT_NONE, "something else");
    assert_false(t99_engine_fail(l.engine, &other));
    must_say(
        FAULT_PEER, ALERT_DECRYPT_ERROR,
        "the server sent the alert decrypt_error (51): a signature or Finished that was sent did not verify "
        "there");
    link_clear(&l);
}

static void a_fault_of_the_transport_sends_nothing(void **state)
{
    struct t99_fault io;
    size_t n, len;

    (void)state;
    connected(T99_TLS13);
    assert_true(t99_engine_write(l.engine, (const uint8_t *)"data", 4, &n));
    t99_fault_clear(&io);
    t99_fail_as(&io, FAULT_IO, ALERT_NONE, "write: Connection reset by peer");
    assert_false(t99_engine_fail(l.engine, &io));
    must_say(FAULT_IO, ALERT_NONE, "write: Connection reset by peer");
    assert_null(t99_engine_out(l.engine, &len));
    link_clear(&l);
}

/* What was queued before goes out before the alert: the numbers of records leave no gap. */
static void an_alert_follows_what_was_written_before(void **state)
{
    size_t n, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        connected(versions[v]);
        wire_send(&l.wire, 99, "x", 1);
        assert_true(t99_engine_write(l.engine, (const uint8_t *)"data", 4, &n));
        assert_int_equal(n, 4);
        t99_engine_sent(l.engine, 0);
        while (l.wire.out_len != 0) { /* the record comes in before anything goes out */
            size_t want;
            uint8_t *p = t99_engine_in(l.engine, &want);

            if (want == 0) {
                uint8_t buf[16];

                assert_false(t99_engine_read(l.engine, buf, sizeof buf, &n));
                break;
            }
            memcpy(p, l.wire.out, want);
            wire_fetched(&l.wire, want);
            if (!t99_engine_received(l.engine, want)) {
                break;
            }
        }
        assert_false(link_run(&l));
        assert_int_equal(l.wire.data_len, 4);
        assert_null(l.wire.failed);
        assert_true(l.wire.alert_came);
        assert_int_equal(l.wire.alert, ALERT_UNEXPECTED_MESSAGE);
        link_clear(&l);
    }
}

static void alerts_can_be_sent_on_request(void **state)
{
    (void)state;
    connected(T99_TLS13);
    assert_true(t99_engine_send_alert(l.engine, 2, ALERT_DECOMPRESSION_FAILURE));
    assert_true(link_run(&l));
    assert_true(l.wire.alert_came);
    assert_int_equal(l.wire.alert, ALERT_DECOMPRESSION_FAILURE);
    assert_false(t99_engine_send_alert(l.engine, 2, ALERT_DECOMPRESSION_FAILURE)); /* nothing follows it */
    link_clear(&l);
}

static void a_refused_certificate_is_told(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        link_init(&l, versions[v]);
        l.refuse_certificate = true;
        assert_false(link_connect(&l));
        must_say(FAULT_VERIFY, ALERT_CERTIFICATE_UNKNOWN, "refused by the test");
        assert_true(l.wire.alert_came);
        assert_false(l.wire.alert_clear && versions[v] == T99_TLS13); /* under the handshake keys */
        assert_int_equal(l.wire.alert, ALERT_CERTIFICATE_UNKNOWN);
        link_clear(&l);
        assert_int_equal(l.env.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fatal_alert_in_answer_to_the_hello_gives_a_hint),
        cmocka_unit_test(every_fatal_alert_ends_a_connection_and_is_not_answered),
        cmocka_unit_test(alerts_after_the_handshake_may_speak_of_the_client_certificate),
        cmocka_unit_test(an_alert_to_a_client_certificate_or_the_lack_of_one_gives_a_hint),
        cmocka_unit_test(an_alert_about_certificates_to_one_who_was_asked_for_none_has_no_hint),
        cmocka_unit_test(an_end_after_a_request_for_a_certificate_speaks_of_it),
        cmocka_unit_test(a_fatal_alert_between_the_parts_of_a_message_is_still_told),
        cmocka_unit_test(tls12_passes_over_four_warnings_in_a_row),
        cmocka_unit_test(a_warning_before_the_server_hello_is_passed_over),
        cmocka_unit_test(tls13_knows_no_warnings_but_user_canceled),
        cmocka_unit_test(malformed_alerts_are_refused),
        cmocka_unit_test(the_first_fault_stays),
        cmocka_unit_test(a_fault_of_the_transport_sends_nothing),
        cmocka_unit_test(an_alert_follows_what_was_written_before),
        cmocka_unit_test(alerts_can_be_sent_on_request),
        cmocka_unit_test(a_refused_certificate_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
