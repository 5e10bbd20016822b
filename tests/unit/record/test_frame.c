/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "record/frame.h"

static const struct t99_frame_rules at_start = { true, 0, false };
static const struct t99_frame_rules before_version = { false, 0, false };
static const struct t99_frame_rules clear_12 = { false, 0x0303, false };
static const struct t99_frame_rules sealed_12 = { false, 0x0303, true };
static const struct t99_frame_rules sealed_13 = { false, 0x0304, true };

static struct t99_fault fault;

static bool decode(struct t99_frame *f, unsigned type, unsigned version, unsigned len,
                   const struct t99_frame_rules *rules)
{
    uint8_t header[T99_RECORD_HEADER];

    header[0] = (uint8_t)type;
    header[1] = (uint8_t)(version >> 8);
    header[2] = (uint8_t)version;
    header[3] = (uint8_t)(len >> 8);
    header[4] = (uint8_t)len;
    t99_fault_clear(&fault);
    return t99_frame_decode(f, header, rules, &fault);
}

static void encode_and_decode_are_inverse(void **state)
{
    static const uint8_t expected[T99_RECORD_HEADER] = { 22, 3, 1, 0x12, 0x34 };
    uint8_t header[T99_RECORD_HEADER];
    struct t99_frame f;

    (void)state;
    t99_frame_encode(header, CONTENT_HANDSHAKE, 0x0301, 0x1234);
    assert_memory_equal(header, expected, sizeof expected);
    assert_true(t99_frame_decode(&f, header, &at_start, &fault));
    assert_int_equal(f.type, 22);
    assert_int_equal(f.version, 0x0301);
    assert_int_equal(f.len, 0x1234);
}

/* RFC 9846, 5.1 and D.5: before the version is known, any 3.x. */
static void any_minor_version_may_come_before_the_version_is_known(void **state)
{
    struct t99_frame f;
    unsigned minor;

    (void)state;
    for (minor = 0; minor < 256; minor++) {
        assert_true(decode(&f, 22, 0x0300 + minor, 1, &at_start));
        assert_true(decode(&f, 22, 0x0300 + minor, 1, &before_version));
        assert_int_equal(decode(&f, 22, 0x0300 + minor, 1, &clear_12), minor == 3);
        assert_int_equal(decode(&f, 23, 0x0300 + minor, 1, &sealed_12), minor == 3);
        assert_int_equal(decode(&f, 23, 0x0300 + minor, 1, &sealed_13), minor == 3);
    }
    assert_int_equal(fault.kind, FAULT_PROTOCOL);
    assert_int_equal(fault.alert, ALERT_PROTOCOL_VERSION);
    assert_string_equal(fault.text, "a record has the wrong version 0x03ff instead of 0x0303");
    assert_false(decode(&f, 22, 0x0203, 1, &before_version));
    assert_string_equal(fault.text, "a record has the wrong version 0x0203 instead of 0x03xx");
}

/* RFC 9846, 5.1 and 5.2; RFC 5246, 6.2.1 and 6.2.3.3. */
static void bodies_are_limited(void **state)
{
    static const struct {
        const struct t99_frame_rules *rules;
        unsigned max;
    } cases[] = { { &at_start, 16384 },
                  { &before_version, 16384 },
                  { &clear_12, 16384 },
                  { &sealed_12, 16384 + 1024 },
                  { &sealed_13, 16384 + 256 } };
    struct t99_frame f;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(decode(&f, 23, 0x0303, 0, cases[i].rules));
        assert_true(decode(&f, 23, 0x0303, cases[i].max, cases[i].rules));
        assert_false(decode(&f, 23, 0x0303, cases[i].max + 1, cases[i].rules));
        assert_int_equal(fault.alert, ALERT_RECORD_OVERFLOW);
        assert_false(decode(&f, 23, 0x0303, 0xffff, cases[i].rules));
    }
    assert_string_equal(fault.text, "an encrypted record has 65535 bytes, more than the limit of 16640");
}

static void a_first_record_that_is_no_tls_is_quoted(void **state)
{
    struct t99_frame f;

    (void)state;
    assert_false(decode(&f, 'a', 'b' << 8 | 'c', 'd' << 8 | '\n', &at_start));
    assert_int_equal(fault.alert, ALERT_PROTOCOL_VERSION);
    assert_string_equal(fault.text, "the server speaks no TLS on this port: it answered 'abcd'");
    assert_false(decode(&f, 22, 0x0203, 5, &at_start)); /* a content type, but no version 3.x */
    assert_string_equal(fault.text,
                        "the server speaks no TLS on this port: it answered '\\x16\\x02\\x03\\x00\\x05'");
    assert_false(decode(&f, 24, 0x0303, 5, &at_start));
    assert_true(decode(&f, 24, 0x0303, 5, &before_version)); /* judged later, by whoever opens it */
}

static void known_greetings_are_told_from_binary(void **state)
{
    (void)state;
    assert_true(t99_frame_is_greeting((const uint8_t *)"HTTP/"));
    assert_true(t99_frame_is_greeting((const uint8_t *)"SSH-2"));
    assert_true(t99_frame_is_greeting((const uint8_t *)"220 m"));
    assert_true(t99_frame_is_greeting((const uint8_t *)"220-f"));
    assert_false(t99_frame_is_greeting((const uint8_t *)"HTTP1"));
    assert_false(t99_frame_is_greeting((const uint8_t *)"\x16\x03\x03\x00\x05"));
}

static void a_greeting_is_quoted_without_its_line_end(void **state)
{
    uint8_t nasty[T99_GREETING_MAX];

    (void)state;
    t99_fault_clear(&fault);
    assert_false(t99_frame_refuse_foreign(&fault, (const uint8_t *)"HTTP/1.1 400 Bad\r\n", 18));
    assert_string_equal(fault.text, "the server speaks no TLS on this port: it answered 'HTTP/1.1 400 Bad'");
    t99_fault_clear(&fault);
    memset(nasty, 0x1b, sizeof nasty); /* would reach the user's terminal */
    assert_false(t99_frame_refuse_foreign(&fault, nasty, sizeof nasty));
    assert_null(strchr(fault.text, 0x1b));
    assert_non_null(strstr(fault.text, "\\x1B\\x1B'"));
}

static void content_types_have_names(void **state)
{
    (void)state;
    assert_string_equal(t99_content_name(20), "change_cipher_spec");
    assert_string_equal(t99_content_name(21), "alert");
    assert_string_equal(t99_content_name(22), "handshake");
    assert_string_equal(t99_content_name(23), "application_data");
    assert_string_equal(t99_content_name(24), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encode_and_decode_are_inverse),
        cmocka_unit_test(any_minor_version_may_come_before_the_version_is_known),
        cmocka_unit_test(bodies_are_limited),
        cmocka_unit_test(a_first_record_that_is_no_tls_is_quoted),
        cmocka_unit_test(known_greetings_are_told_from_binary),
        cmocka_unit_test(a_greeting_is_quoted_without_its_line_end),
        cmocka_unit_test(content_types_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
