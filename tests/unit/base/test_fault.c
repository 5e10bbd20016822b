/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "base/fault.h"

static struct t99_fault fresh(void)
{
    struct t99_fault f;

    memset(&f, 0xff, sizeof f);
    t99_fault_clear(&f);
    return f;
}

static void a_cleared_fault_is_none(void **state)
{
    struct t99_fault f = fresh();

    (void)state;
    assert_false(t99_faulted(&f));
    assert_int_equal(f.kind, FAULT_NONE);
    assert_int_equal(f.alert, ALERT_NONE);
    assert_string_equal(f.text, "");
}

static void the_first_fault_stays(void **state)
{
    struct t99_fault f = fresh();

    (void)state;
    assert_false(t99_fail(&f, ALERT_DECODE_ERROR, "finished: %d bytes instead of %s", 7, "32"));
    assert_false(t99_fail(&f, ALERT_INTERNAL_ERROR, "a later one"));
    assert_false(t99_fail_memory(&f));
    assert_true(t99_faulted(&f));
    assert_int_equal(f.kind, FAULT_PROTOCOL);
    assert_int_equal(f.alert, ALERT_DECODE_ERROR);
    assert_string_equal(f.text, "finished: 7 bytes instead of 32");
    t99_fault_clear(&f);
    assert_false(t99_fail_as(&f, FAULT_IO, ALERT_NONE, "the server closed"));
    assert_int_equal(f.kind, FAULT_IO);
    assert_int_equal(f.alert, ALERT_NONE);
    assert_string_equal(f.text, "the server closed");
}

static void lack_of_memory_is_an_internal_error(void **state)
{
    struct t99_fault f = fresh();

    (void)state;
    assert_false(t99_fail_memory(&f));
    assert_int_equal(f.kind, FAULT_MEMORY);
    assert_int_equal(f.alert, ALERT_INTERNAL_ERROR);
    assert_string_equal(f.text, "out of memory");
}

static void text_that_does_not_fit_is_cut(void **state)
{
    struct t99_fault f = fresh();
    char text[T99_FAULT_TEXT + 10];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(t99_fail(&f, ALERT_DECODE_ERROR, "%s", text));
    assert_int_equal(strlen(f.text), T99_FAULT_TEXT - 1);
    assert_string_equal(f.text + T99_FAULT_TEXT - 5, "x...");
}

/* RFC 9846, 6. */
static void alerts_have_the_names_of_the_rfc(void **state)
{
    (void)state;
    assert_string_equal(t99_alert_name(0), "close_notify");
    assert_string_equal(t99_alert_name(10), "unexpected_message");
    assert_string_equal(t99_alert_name(40), "handshake_failure");
    assert_string_equal(t99_alert_name(80), "internal_error");
    assert_string_equal(t99_alert_name(120), "no_application_protocol");
    assert_string_equal(t99_alert_name(1), "unknown");
    assert_string_equal(t99_alert_name(255), "unknown");
    assert_string_equal(t99_alert_name(256), "unknown");
}

static void bytes_of_the_peer_become_printable(void **state)
{
    char out[64];

    (void)state;
    assert_string_equal(t99_printable(out, sizeof out, "example.org", 11), "example.org");
    assert_string_equal(t99_printable(out, sizeof out, "a\0b\n\x7f\xc3~", 7), "a\\x00b\\x0A\\x7F\\xC3~");
    assert_string_equal(t99_printable(out, sizeof out, "\\x41", 4), "\\x5Cx41");
    assert_string_equal(t99_printable(out, sizeof out, "", 0), "");
    assert_string_equal(t99_printable(out, sizeof out, NULL, 0), "");
}

static void printable_text_is_cut_with_dots_and_never_overflows(void **state)
{
    static const char *const inputs[] = { "aaaaaaaaaaaaaaaa", "\n\n\n\n", "aaaa\naaaa", "a\na\na\na" };
    char out[32];
    size_t i, cap, len;

    (void)state;
    assert_string_equal(t99_printable(out, 8, "abcdefgh", 8), "abcd...");
    assert_string_equal(t99_printable(out, 12, "abcdefgh", 8), "abcdefgh");
    for (i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        for (cap = 5; cap < sizeof out; cap++) {
            for (len = 0; len <= strlen(inputs[i]); len++) {
                memset(out, 0x7e, sizeof out);
                t99_printable(out, cap, inputs[i], len);
                assert_non_null(memchr(out, '\0', cap));
                assert_int_equal(out[cap], 0x7e);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cleared_fault_is_none),
        cmocka_unit_test(the_first_fault_stays),
        cmocka_unit_test(lack_of_memory_is_an_internal_error),
        cmocka_unit_test(text_that_does_not_fit_is_cut),
        cmocka_unit_test(alerts_have_the_names_of_the_rfc),
        cmocka_unit_test(bytes_of_the_peer_become_printable),
        cmocka_unit_test(printable_text_is_cut_with_dots_and_never_overflows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
