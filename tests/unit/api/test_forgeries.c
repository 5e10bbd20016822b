/*
 * What a server may forge and a client may lose: staples, tickets, key shares, bombs; and memory that runs
 * out at any moment of a whole connection.
 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "peer/broken.h"
#include "x509/pem.h"

static struct call c;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(v) for ((v) = 0; (v) < sizeof versions / sizeof versions[0]; (v)++)

/* --- Staples --- */

struct staple {
    unsigned status, serial; /* the leaf's serial number is 1 */
    const char *from, *to;
    const char *says;
    int alert;
};

static void a_staple_that_does_not_vouch_for_the_certificate_is_refused(void **state)
{
    static const struct staple rows[] = {
        { 1, 1, "20261230000000Z", "20270110000000Z",
          "ocsp verify failed: revoked cert - keyCompromise, at 2026-06-01 00:00:00 UTC",
          ALERT_CERTIFICATE_REVOKED },
        { 0, 2, "20261230000000Z", "20270110000000Z", "ocsp verify failed: no result for cert",
          ALERT_BAD_CERTIFICATE_STATUS_RESPONSE },
        { 0, 1, "20261130000000Z", "20261210000000Z", "ocsp verify failed: ocsp response not current: it was",
          ALERT_BAD_CERTIFICATE_STATUS_RESPONSE },
        { 0, 1, "20270710000000Z", "20270720000000Z",
          "ocsp verify failed: ocsp response not current: it is of", ALERT_BAD_CERTIFICATE_STATUS_RESPONSE },
    };
    size_t i, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            call_init(&c, versions[v]);
            c.set.staple = call_ocsp(&c, rows[i].status, rows[i].serial, rows[i].from, rows[i].to);
            c.set.send_status = true;
            assert_int_equal(call_start(&c), -1);
            if (strncmp(tls_error(c.tls), rows[i].says, strlen(rows[i].says)) != 0) {
                print_error("said \"%s\" in place of \"%s\"\n", tls_error(c.tls), rows[i].says);
            }
            assert_memory_equal(tls_error(c.tls), rows[i].says, strlen(rows[i].says));
            assert_true(c.wire.alert_came);
            assert_int_equal(c.wire.alert, rows[i].alert);
            call_clear(&c);
        }
    }
}

static void a_responder_that_knows_nothing_is_enough_only_where_none_is_required(void **state)
{
    static const struct call_leaf must_staple = { NULL, NULL, true, 0 };
    int i;

    (void)state;
    for (i = 0; i < 3; i++) {
        call_init(&c, T99_TLS13);
        if (i == 1) {
            tls_config_ocsp_require_stapling(c.config);
        } else if (i == 2) {
            call_leaf(&c, &must_staple);
        }
        c.set.staple = call_ocsp(&c, 2, 1, "20261230000000Z", "20270110000000Z");
        c.set.send_status = true;
        assert_int_equal(call_start(&c), i == 0 ? 0 : -1);
        if (i == 0) {
            assert_int_equal(tls_peer_ocsp_cert_status(c.tls), TLS_OCSP_CERT_UNKNOWN);
        } else {
            assert_true(
                call_says(&c, "ocsp verify failed: the responder does not know the certificate, although a "
                              "good response is required [" CALL_NAME "]"));
            assert_int_equal(c.wire.alert, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE);
        }
        call_clear(&c);
    }
}

/* As in libtls: a staple that nobody judged is no result, least of all a good one. */
static void a_staple_that_is_not_verified_has_no_result(void **state)
{
    size_t v;
    int i;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < 2; i++) {
            call_init(&c, versions[v]);
            if (i == 0) {
                tls_config_insecure_noverifytime(c.config);
            } else {
                tls_config_insecure_noverifycert(c.config);
            }
            c.set.staple = call_ocsp(&c, 1, 1, "20261230000000Z", "20270110000000Z"); /* revoked */
            c.set.send_status = true;
            assert_int_equal(call_start(&c), 0);
            assert_null(tls_peer_ocsp_result(c.tls));
            assert_int_equal(tls_peer_ocsp_response_status(c.tls), -1);
            assert_int_equal(tls_peer_ocsp_cert_status(c.tls), -1);
            assert_int_equal(tls_peer_ocsp_crl_reason(c.tls), -1);
            assert_true(tls_peer_ocsp_this_update(c.tls) == (time_t)-1);
            call_clear(&c);
        }
    }
}

static void a_staple_whose_signature_is_altered_is_refused(void **state)
{
    uint8_t forged[2000];

    (void)state;
    call_init(&c, T99_TLS13);
    c.set.staple = call_ocsp(&c, 0, 1, "20261230000000Z", "20270110000000Z");
    assert_true(c.set.staple.len <= sizeof forged);
    memcpy(forged, c.set.staple.p, c.set.staple.len);
    forged[c.set.staple.len - 1] ^= 1;
    c.set.staple.p = forged;
    c.set.send_status = true;
    assert_int_equal(call_start(&c), -1);
    assert_non_null(strstr(tls_error(c.tls), "signature"));
    assert_int_equal(c.wire.alert, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE);
    call_clear(&c);
}

/* --- Key shares, bombs --- */

static void hybrid(struct call *call)
{
    call->set.group = T99_GROUP_X25519MLKEM768;
}

/* zlib's 120 bytes for 100,000 zeros. */
#define ZEROS                                                                                                \
    "78daedc13101000000c2a0f54f6d0d0fa000000000000000000000000000000000000000000000000000000000"             \
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"             \
    "000000000000000000000000000000000000000000000080570386af0001"

static void a_bomb_bursts_at_its_promise_and_a_forged_ciphertext_at_the_first_record(void **state)
{
    static const struct broken rows[] = {
        /* promised: 1000 bytes; 102400; the whole stream, which is then no list of certificates */
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_TYPE, 25, "00010003e8000078" ZEROS),
          "compressed_certificate: does not decompress to the 1000 bytes that it promises" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_TYPE, 25, "0001019000000078" ZEROS),
          "compressed_certificate: does not decompress to the 102400 bytes that it promises" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_TYPE, 25, "00010186a0000078" ZEROS),
          "certificate: malformed: bytes left over" },
        { T99_TLS13, NULL, BROKEN(HS_CERTIFICATE, 0, ALTER_TYPE, 25, "0001019001000078" ZEROS),
          "compressed_certificate: 102401 bytes when uncompressed, allowed are 1 to 102400" },
        /* FIPS 203, 6.3: a ciphertext that was altered gives a secret, but not the server's */
        { T99_TLS13, hybrid, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 100, "00"),
          "a record of type application_data does not decrypt: it was altered, or made with another key" },
    };

    (void)state;
    BROKEN_ALL(rows);
}

/* --- Tickets --- */

static void first_visit(uint16_t version)
{
    call_init(&c, version);
    c.set.num_tickets = 1;
    assert_int_equal(call_start(&c), 0);
    call_drain(&c);
    assert_int_equal(call_close(&c), 0);
}

/* RFC 9846, 4.3.11: a binder that is wrong ends the handshake; the ticket is not tried again. */
static void a_binder_by_another_secret_is_refused_once(void **state)
{
    (void)state;
    first_visit(T99_TLS13);
    c.session.tickets[0].psk[0] ^= 1;
    assert_int_equal(call_connect(&c), 0);
    assert_int_equal(call_handshake(&c), TLS_WANT_POLLIN);
    assert_string_equal(c.wire.failed, "the binder is wrong");
    wire_send_alert(&c.wire, 2, ALERT_DECRYPT_ERROR);
    assert_int_equal(call_handshake(&c), -1);
    assert_non_null(strstr(tls_error(c.tls), "the server sent the alert decrypt_error (51)"));
    assert_int_equal(call_start(&c), 0);
    assert_false(c.peer.resumed);
    call_clear(&c);
}

/* The server gives back what it does not know: a full handshake, and no word of it. */
static void a_ticket_that_was_altered_or_was_used_before_costs_a_full_handshake(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        first_visit(versions[v]);
        c.session.tickets[0].ticket[3] ^= 1;
        c.session.ticket[3] ^= 1;
        memset(c.session.id, 0, sizeof c.session.id);
        assert_int_equal(call_start(&c), 0);
        assert_null(tls_error(c.tls));
        assert_false(c.peer.resumed);
        assert_int_equal(tls_conn_session_resumed(c.tls), 0);
        call_clear(&c);
    }
}

/* --- Memory --- */

struct shape {
    uint16_t version;
    bool client_certificate, resume, early;
};

static void set_client_pair(void)
{
    uint8_t sec1[] = { 0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20, [39] = 0xa0, 0x0a, 0x06,
                       0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,        0x07 };
    uint8_t cert[2000], key[600];
    size_t cert_len, key_len;

    memcpy(sec1 + 7, c.identity.key.scalar.p, 32);
    cert_len = t99_pem_encode(cert, sizeof cert, "CERTIFICATE", c.identity.cert);
    key_len = t99_pem_encode(key, sizeof key, "EC PRIVATE KEY", t99_span(sec1, sizeof sec1));
    assert_int_equal(tls_config_set_keypair_mem(c.config, cert, cert_len, key, key_len), 0);
    c.set.request_certificate = true;
}

/* Connects, sends, receives, closes: 0, or -1 with tls_error(). */
static int whole_connection(const struct shape *shape)
{
    uint8_t buf[100];

    if (call_connect(&c) != 0 || (shape->early && tls_set_early_data(c.tls, "early", 5) != 0) ||
        call_handshake(&c) != 0 || call_write(&c, "question", 8) != 0) {
        return -1;
    }
    call_serve(&c, "answer", 6);
    wire_send_alert(&c.wire, 1, ALERT_CLOSE_NOTIFY);
    if (call_read(&c, buf, sizeof buf) != 6) {
        return -1;
    }
    (void)tls_peer_cert_subject(c.tls); /* NULL if there is no memory for it */
    return call_close(&c);
}

/* True if it went well; if not, a sentence says so. Nothing is left in any case: call_clear() asserts it. */
static bool survives(const struct shape *shape, long nth)
{
    bool well;

    call_init(&c, shape->version);
    c.set.num_tickets = 1;
    c.set.max_early_data = c.set.accept_early_data = shape->early;
    c.set.max_early_data *= 1000;
    if (shape->client_certificate) {
        set_client_pair();
    }
    if (shape->resume) {
        assert_int_equal(call_start(&c), 0);
        call_drain(&c);
        assert_int_equal(call_close(&c), 0);
        call_end(&c);
    }
    c.env.num_allocs = 0;
    c.env.fail_at = nth;
    well = whole_connection(shape) == 0;
    if (!well && c.tls != NULL) {
        assert_non_null(tls_error(c.tls));
        assert_non_null(strstr(tls_error(c.tls), "out of memory"));
    }
    well = well && c.env.num_allocs <= nth;
    c.env.fail_at = -1;
    call_clear(&c);
    return well;
}

static void memory_that_runs_out_anywhere_is_told_and_nothing_is_left(void **state)
{
    static const struct shape shapes[] = {
        { T99_TLS13, false, false, false }, { T99_TLS12, false, false, false },
        { T99_TLS13, true, false, false },  { T99_TLS12, true, false, false },
        { T99_TLS13, false, true, false },  { T99_TLS12, false, true, false },
        { T99_TLS13, false, true, true },
    };
    size_t i;
    long n;

    (void)state;
    for (i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        for (n = 0; !survives(&shapes[i], n); n++) {
        }
        assert_true(n > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_staple_that_does_not_vouch_for_the_certificate_is_refused),
        cmocka_unit_test(a_responder_that_knows_nothing_is_enough_only_where_none_is_required),
        cmocka_unit_test(a_staple_that_is_not_verified_has_no_result),
        cmocka_unit_test(a_staple_whose_signature_is_altered_is_refused),
        cmocka_unit_test(a_bomb_bursts_at_its_promise_and_a_forged_ciphertext_at_the_first_record),
        cmocka_unit_test(a_binder_by_another_secret_is_refused_once),
        cmocka_unit_test(a_ticket_that_was_altered_or_was_used_before_costs_a_full_handshake),
        cmocka_unit_test(memory_that_runs_out_anywhere_is_told_and_nothing_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
