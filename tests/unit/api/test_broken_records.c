/* What tls_error() says of alerts, of records, and of what comes when it should not. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "hex.h"
#include "peer/broken.h"

static struct call c;

enum act {
    RECORD,  /* of the type, under the keys of the moment, with the content */
    CLEAR,   /* the same in the clear */
    RAW,     /* bytes as they are */
    MESSAGE, /* of the type, with the body */
    LONG     /* a record of the type with `times` zero bytes */
};

/* What the server does at a moment. */
struct deed {
    uint16_t version;
    uint8_t act; /* enum act */
    uint8_t type;
    const char *hex;
    size_t times; /* how often; 0: once */
    const char *says;
};

static void do_deed(const struct deed *d)
{
    static uint8_t bytes[20000];
    size_t len = hex_read(bytes, sizeof bytes, d->hex), i;

    for (i = 0; i < (d->times != 0 && d->act != LONG ? d->times : 1); i++) {
        switch (d->act) {
        case RECORD:
            wire_send(&c.wire, d->type, bytes, len);
            break;
        case CLEAR:
            wire_send_clear(&c.wire, d->type, bytes, len);
            break;
        case RAW:
            wire_send_raw(&c.wire, bytes, len);
            break;
        case MESSAGE:
            peer_send_message(&c.peer, d->type, bytes, len);
            wire_flush(&c.wire);
            break;
        default:
            memset(bytes, 0, d->times);
            wire_send(&c.wire, d->type, bytes, d->times);
            break;
        }
    }
}

#define NUM(rows) (sizeof(rows) / sizeof(rows)[0])

static void reading_says(const struct deed *rows, size_t num, bool request_certificate)
{
    char sentence[800], byte;
    size_t i, bad = 0;

    for (i = 0; i < num; i++) {
        call_init(&c, rows[i].version);
        c.set.request_certificate = request_certificate;
        assert_int_equal(call_start(&c), 0);
        do_deed(&rows[i]);
        while (call_read(&c, &byte, 1) > 0) {
        }
        snprintf(sentence, sizeof sentence, "read failed: %s [" CALL_NAME "]", rows[i].says);
        bad += call_says(&c, sentence) ? 0 : 1;
        call_clear(&c);
    }
    assert_int_equal(bad, 0);
}

static void answering_says(const struct deed *rows, size_t num)
{
    char sentence[800];
    size_t i, bad = 0;

    for (i = 0; i < num; i++) {
        call_init(&c, T99_TLS13);
        assert_int_equal(call_connect(&c), 0);
        c.deaf = true;
        do_deed(&rows[i]);
        c.end = true;
        assert_int_equal(call_handshake(&c), -1);
        snprintf(sentence, sizeof sentence, "handshake failed: %s [" CALL_NAME "]", rows[i].says);
        bad += call_says(&c, sentence) ? 0 : 1;
        call_clear(&c);
    }
    assert_int_equal(bad, 0);
}

/* --- In answer to the ClientHello --- */

#define ANSWER(name, number) "the server sent the alert " name " (" number ") in answer to the client_hello"

static void an_answer_to_the_client_hello_is_told(void **state)
{
    static const struct deed rows[] = {
        { 0, CLEAR, 21, "0228", 0,
          ANSWER(
              "handshake_failure",
              "40") ": it shares no version, cipher suite, group or signature scheme with what was offered" },
        { 0, CLEAR, 21, "0246", 0,
          ANSWER("protocol_version", "70") ": it has none of the versions that were offered" },
        { 0, CLEAR, 21, "0247", 0,
          ANSWER("insufficient_security", "71") ": it wants stronger algorithms than were offered" },
        { 0, CLEAR, 21, "0256", 0,
          ANSWER("inappropriate_fallback", "86") ": it could have done a higher version than was offered" },
        { 0, CLEAR, 21, "026d", 0,
          ANSWER("missing_extension", "109") ": it misses an extension in the client_hello" },
        { 0, CLEAR, 21, "0270", 0,
          ANSWER("unrecognized_name", "112") ": it knows no host of the name that was asked for" },
        { 0, CLEAR, 21, "0273", 0,
          ANSWER("unknown_psk_identity", "115") ": it does not know the session that was offered" },
        { 0, CLEAR, 21, "0278", 0,
          ANSWER("no_application_protocol", "120") ": it has none of the ALPN protocols that were offered" },
        { 0, CLEAR, 21, "02c8", 0, ANSWER("unknown", "200") },
        { 0, CLEAR, 21, "0100", 0,
          "the server closed the connection during the handshake (awaiting server_hello): it may speak no "
          "TLS "
          "on this port, or only versions that were not offered" },
        { 0, CLEAR, 21, "0128", 5, "too many warning alerts: 5 in a row, the last handshake_failure (40)" },
        { 0, RAW, 0, "", 0,
          "unexpected EOF: the server closed the connection during the handshake (awaiting server_hello): it "
          "may speak no TLS on this port, or only versions that were not offered" },
        { 0, RAW, 0, "1603030010", 0, "unexpected EOF: the connection was cut in the middle of a record" },
        { 0, RAW, 0, "485454502f312e31203430302042616420526571756573740d0a", 0,
          "the server speaks no TLS on this port: it answered 'HTTP/1.1 400 Bad Request'" },
        { 0, RAW, 0, "32323020", 0, "the server speaks no TLS on this port: it answered '220 '" },
        { 0, RAW, 0, "000102035c", 0,
          "the server speaks no TLS on this port: it answered '\\x00\\x01\\x02\\x03\\x5C'" },
        { 0, RAW, 0, "1603034001", 0, "an unencrypted record has 16385 bytes, more than the limit of 16384" },
        { 0, CLEAR, 22, "", 0, "a handshake record is empty" },
        { 0, CLEAR, 22, "0b00000100", 0, "the server sent certificate (11) where server_hello was due" },
        { 0, CLEAR, 22, "02100000", 0,
          "the server sent server_hello (2) of 1048576 bytes, more than the limit of 16384" },
        { 0, CLEAR, 23, "00", 0,
          "unexpected record: application_data during the handshake (awaiting server_hello)" },
        { 0, CLEAR, 20, "02", 0, "bad change_cipher_spec: 1 bytes, the first is 2" },
    };

    (void)state;
    answering_says(rows, NUM(rows));
}

/* --- After the handshake --- */

static void an_alert_after_the_handshake_is_told(void **state)
{
    static const struct deed rows[] = {
        { T99_TLS13, RECORD, 21, "0274", 0,
          "the server sent the alert certificate_required (116): it wants a client certificate" },
        { T99_TLS13, RECORD, 21, "0250", 0,
          "the server sent the alert internal_error (80): something went wrong in the server itself" },
        { T99_TLS12, RECORD, 21, "0214", 0,
          "the server sent the alert bad_record_mac (20): it could not decrypt what was sent" },
        { T99_TLS12, RECORD, 21, "0233", 0,
          "the server sent the alert decrypt_error (51): a signature or Finished that was sent did not "
          "verify "
          "there" },
        { T99_TLS12, RECORD, 21, "025a", 0,
          "the server sent the alert user_canceled (90): it was canceled there" },
        { T99_TLS13, RECORD, 21, "0228", 0, "the server sent the alert handshake_failure (40)" },
        { T99_TLS13, RECORD, 21, "0128", 0,
          "the server sent the alert handshake_failure (40) as a warning, which TLS 1.3 does not have" },
        { T99_TLS13, RECORD, 21, "022800", 0, "an alert record has 3 bytes instead of 2" },
        { T99_TLS13, RECORD, 21, "0328", 0, "the alert handshake_failure (40) has the unknown level 3" },
    };
    static const struct deed asked[] = {
        { T99_TLS13, RECORD, 21, "0228", 0,
          "the server sent the alert handshake_failure (40): it may want the client certificate that it "
          "asked "
          "for and did not get" },
    };

    (void)state;
    reading_says(rows, NUM(rows), false);
    reading_says(asked, NUM(asked), true);
}

static void a_record_after_the_handshake_that_breaks_a_rule_is_told(void **state)
{
    static const struct deed rows[] = {
        { T99_TLS13, RAW, 0, "170302001100000000000000000000000000000000ff", 0,
          "a record has the wrong version 0x0302 instead of 0x0303" },
        { T99_TLS13, RAW, 0, "1703034101", 0,
          "an encrypted record has 16641 bytes, more than the limit of 16640" },
        { T99_TLS12, RAW, 0, "1703034401", 0,
          "an encrypted record has 17409 bytes, more than the limit of 17408" },
        { T99_TLS13, RAW, 0, "17030300110000000000000000000000000000000000", 0,
          "a record of type application_data does not decrypt: it was altered, or made with another key" },
        { T99_TLS12, RAW, 0, "170303000100", 0,
          "a record of type application_data does not decrypt: 1 bytes are too short" },
        { T99_TLS13, CLEAR, 20, "01", 0, "unexpected record: change_cipher_spec after the handshake" },
        { T99_TLS13, RECORD, 20, "01", 0, "unexpected record: change_cipher_spec, encrypted" },
        { T99_TLS13, RECORD, 0, "", 0, "an encrypted record holds nothing but padding" },
        { T99_TLS13, RECORD, 23, "", 33, "too many empty records: 33 in a row" },
        { T99_TLS13, RECORD, 22, "", 0, "a handshake record is empty" },
        { T99_TLS13, RECORD, 99, "00", 0, "unexpected record: unknown type 99" },
        { T99_TLS13, LONG, 23, "", 16385,
          "the plaintext of a record has 16386 bytes, more than the limit of 16385" },
        { T99_TLS12, LONG, 23, "", 16385,
          "the plaintext of a record has 16385 bytes, more than the limit of 16384" },
    };

    (void)state;
    reading_says(rows, NUM(rows), false);
}

static void a_message_after_the_handshake_that_breaks_a_rule_is_told(void **state)
{
    static const struct deed rows[] = {
        { T99_TLS13, MESSAGE, HS_KEY_UPDATE, "02", 0, "key_update: request_update is 2" },
        { T99_TLS13, MESSAGE, HS_KEY_UPDATE, "", 0, "key_update: malformed: length" },
        { T99_TLS13, MESSAGE, HS_FINISHED, "", 0, "the server sent finished (20) after the handshake" },
        { T99_TLS12, MESSAGE, HS_HELLO_REQUEST, "", 0,
          "the server asked for renegotiation, which is refused" },
        { T99_TLS12, MESSAGE, HS_HELLO_REQUEST, "00", 0, "hello_request: malformed: not empty" },
        { T99_TLS13, MESSAGE, HS_NEW_SESSION_TICKET, "00", 0,
          "new_session_ticket: malformed: ticket_lifetime" },
        { T99_TLS13, RECORD, 22, "04100000", 0,
          "the server sent new_session_ticket (4) of 1048576 bytes, more than the limit of 66000" },
    };

    (void)state;
    reading_says(rows, NUM(rows), false);
}

/* --- Between the parts of a message --- */

static void what_stands_between_the_parts_of_a_message_is_told(void **state)
{
    static const struct deed rows[] = {
        { T99_TLS13, RECORD, 23, "00", 0,
          "unexpected record: application_data (23) between two parts of a handshake message" },
        { T99_TLS12, RECORD, 21, "0100", 0,
          "the server closed the connection in the middle of a handshake message" },
        { T99_TLS12, RECORD, 21, "0164", 0,
          "the server sent the warning no_renegotiation (100) between two parts of a handshake message" },
    };
    char sentence[400], byte;
    size_t i, bad = 0;

    (void)state;
    for (i = 0; i < NUM(rows); i++) {
        call_init(&c, rows[i].version);
        assert_int_equal(call_start(&c), 0);
        wire_send(&c.wire, 22, "\x04\x00", 2);
        do_deed(&rows[i]);
        assert_int_equal(call_read(&c, &byte, 1), -1);
        snprintf(sentence, sizeof sentence, "read failed: %s [" CALL_NAME "]", rows[i].says);
        bad += call_says(&c, sentence) ? 0 : 1;
        call_clear(&c);
    }
    assert_int_equal(bad, 0);
    call_init(&c, T99_TLS13);
    assert_int_equal(call_start(&c), 0);
    wire_send(&c.wire, 22, "\x04\x00", 2);
    c.end = true;
    assert_int_equal(call_read(&c, &byte, 1), -1);
    assert_true(call_says(&c,
                          "read failed: unexpected EOF: the connection was cut in the middle of a handshake "
                          "message [" CALL_NAME "]"));
    call_clear(&c);
}

/* --- The flight of keys --- */

static void key_updates_without_end_are_told(void **state)
{
    unsigned i;
    char byte;

    (void)state;
    call_init(&c, T99_TLS13);
    assert_int_equal(call_start(&c), 0);
    for (i = 0; i < 40; i++) {
        peer_send_key_update(&c.peer, false);
        wire_flush(&c.wire);
    }
    assert_int_equal(call_read(&c, &byte, 1), -1);
    assert_true(
        call_says(&c, "read failed: too many key updates: 32 in a row without any data [" CALL_NAME "]"));
    call_clear(&c);
}

/* Two bytes of another message follow. */
static void pack_with_a_part(void *arg, struct peer *p)
{
    size_t i, *want = arg;

    for (i = 0; i < p->num_items; i++) {
        if (p->items[i].kind == PEER_MESSAGE && p->items[i].bytes[0] == *want) {
            peer_double(p, i);
            p->items[i + 1].len = 2;
            return;
        }
    }
}

static void a_message_that_begins_under_old_keys_is_told(void **state)
{
    static const struct {
        uint16_t version;
        size_t behind;
        const char *says;
    } rows[] = {
        { T99_TLS12, HS_SERVER_HELLO_DONE,
          "excess handshake data: the server goes on where it must wait for an answer" },
        { T99_TLS13, HS_FINISHED,
          "excess handshake data: the server goes on under old keys where they change" },
        { T99_TLS12, HS_FINISHED,
          "excess handshake data: a message begins in the record that ends the handshake" },
    };
    char sentence[400];
    size_t i, bad = 0, behind;

    (void)state;
    for (i = 0; i < NUM(rows); i++) {
        call_init(&c, rows[i].version);
        behind = rows[i].behind;
        c.set.arg = &behind;
        c.set.flight = pack_with_a_part;
        assert_int_equal(call_connect(&c), 0);
        c.wire.pack = true;
        assert_int_equal(call_handshake(&c), -1);
        snprintf(sentence, sizeof sentence, "handshake failed: %s [" CALL_NAME "]", rows[i].says);
        bad += call_says(&c, sentence) ? 0 : 1;
        call_clear(&c);
    }
    assert_int_equal(bad, 0);
}

/* --- The transport --- */

static void a_connection_that_is_reset_is_told_with_a_hint(void **state)
{
    char byte;

    (void)state;
    call_init(&c, T99_TLS13);
    assert_int_equal(call_connect(&c), 0);
    c.read_error = ECONNRESET;
    assert_int_equal(call_handshake(&c), -1);
    assert_true(call_says(&c,
                          "handshake failed: read callback: Connection reset by peer: it may speak no TLS on "
                          "this port, or only versions that were not offered [" CALL_NAME "]"));
    c.set.request_certificate = true;
    assert_int_equal(call_start(&c), 0);
    c.read_error = ECONNRESET;
    assert_int_equal(call_read(&c, &byte, 1), -1);
    assert_true(call_says(&c, "read failed: read callback: Connection reset by peer: it may want the client "
                              "certificate that it asked for and did not get [" CALL_NAME "]"));
    assert_int_equal(call_start(&c), 0);
    c.write_error = ENOSPC;
    assert_int_equal(call_write(&c, "x", 1), -1);
    assert_true(call_says(&c, "write failed: write callback: No space left on device [" CALL_NAME "]"));
    call_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_to_the_client_hello_is_told),
        cmocka_unit_test(an_alert_after_the_handshake_is_told),
        cmocka_unit_test(a_record_after_the_handshake_that_breaks_a_rule_is_told),
        cmocka_unit_test(a_message_after_the_handshake_that_breaks_a_rule_is_told),
        cmocka_unit_test(what_stands_between_the_parts_of_a_message_is_told),
        cmocka_unit_test(key_updates_without_end_are_told),
        cmocka_unit_test(a_message_that_begins_under_old_keys_is_told),
        cmocka_unit_test(a_connection_that_is_reset_is_told_with_a_hint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
