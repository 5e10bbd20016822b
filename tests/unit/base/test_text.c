/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "base/text.h"

static void words_are_compared_without_regard_to_case(void **state)
{
    (void)state;
    assert_true(t99_same_word("secure", "SeCuRe", 6));
    assert_false(t99_same_word("secure", "secured", 7));
    assert_false(t99_same_word("secure", "secur", 5));
    assert_false(t99_same_word("k", "\xe2\x84\xaa", 3)); /* KELVIN SIGN: a k in some locales */
}

static void a_sentence_that_fits_stays_as_it_is(void **state)
{
    char out[33];

    (void)state;
    t99_sentence(out, sizeof out, "%s: %d bytes instead of %d", "finished", 12, 32);
    assert_string_equal(out, "finished: 12 bytes instead of 32");
}

static void a_sentence_that_does_not_fit_is_cut_after_a_word(void **state)
{
    char out[24];

    (void)state;
    t99_sentence(out, sizeof out, "connect to %s port %d", "example.com", 443);
    assert_string_equal(out, "connect to...");
    t99_sentence(out, sizeof out, "the server sent %s", "alert after alert");
    assert_string_equal(out, "the server sent...");
    t99_sentence(out, sizeof out, "the server sent an %s", "alert");
    assert_string_equal(out, "the server sent an...");
}

static void a_word_longer_than_the_room_is_cut_itself_but_no_character_of_it(void **state)
{
    char out[8];

    (void)state;
    t99_sentence(out, sizeof out, "%s", "aaaaaaaaaaaaaaaa");
    assert_string_equal(out, "aaaa...");
    t99_sentence(out, sizeof out, "%s", "aaa\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"); /* u with two dots */
    assert_string_equal(out, "aaa...");
    t99_sentence(out, sizeof out, "%s", "aa\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc");
    assert_string_equal(out, "aa\xc3\xbc...");
}

/* Whatever gets into a sentence, a terminal shows it and obeys nothing. */
static void control_characters_become_question_marks(void **state)
{
    char out[64];

    (void)state;
    t99_sentence(out, sizeof out, "host %s", "a\x1b[31mb\r\nc\x7f");
    assert_string_equal(out, "host a?[31mb??c?");
    t99_sentence(out, sizeof out, "host %s",
                 "\xc2\x9b"
                 "31m \xc3\xa9 \xc2\xa0.\xc2");
    assert_string_equal(out, "host ??31m \xc3\xa9 \xc2\xa0.\xc2");
}

static void no_length_of_text_or_room_overflows(void **state)
{
    char text[40], out[40];
    size_t len, room;

    (void)state;
    for (room = 8; room < sizeof out; room++) {
        for (len = 0; len < sizeof text; len++) {
            memset(text, 'w', len);
            text[len] = '\0';
            memset(out, 0x7e, sizeof out);
            t99_sentence(out, room, "%s", text);
            assert_int_equal(strlen(out), len < room ? len : room - 1);
            assert_int_equal(out[room], 0x7e);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_compared_without_regard_to_case),
        cmocka_unit_test(a_sentence_that_fits_stays_as_it_is),
        cmocka_unit_test(a_sentence_that_does_not_fit_is_cut_after_a_word),
        cmocka_unit_test(a_word_longer_than_the_room_is_cut_itself_but_no_character_of_it),
        cmocka_unit_test(control_characters_become_question_marks),
        cmocka_unit_test(no_length_of_text_or_room_overflows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
