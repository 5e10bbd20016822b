/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>

#include "x509/describe/outline.h"

static size_t num_allocated, allocations_left;

static void *test_alloc(void *arg, size_t len)
{
    void *p;

    (void)arg;
    if (allocations_left == 0) {
        return NULL;
    }
    allocations_left--;
    p = malloc(len);
    num_allocated += p != NULL ? 1 : 0;
    return p;
}

static void test_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    num_allocated--;
    free(p);
}

static const struct t99_env env = { NULL, test_alloc, test_release, NULL, NULL };
static struct t99_outline o;
static char *made;
static size_t made_len;

static void begin(bool json)
{
    t99_outline_begin(&o, &env, json);
}

static const char *done(void)
{
    t99_free(&env, made, made_len);
    made = t99_outline_end(&o, &made_len);
    return made;
}

static int set_up(void **state)
{
    (void)state;
    allocations_left = SIZE_MAX;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    t99_free(&env, made, made_len);
    made = NULL;
    return num_allocated == 0 ? 0 : -1;
}

/* The same walk for both forms. */
static void walk(void)
{
    size_t i;

    t99_outline_open(&o, NULL);
    t99_outline_value(&o, "name", "the_name", "a \"b\" \\");
    t99_outline_label(&o, "list");
    t99_outline_list(&o, "numbers");
    for (i = 1; i <= 3; i++) {
        assert_true(t99_outline_item(&o));
        t99_outline_sayf(&o, "%zu", i);
        t99_outline_number(&o, NULL, (int64_t)i);
    }
    t99_outline_list_end(&o);
    t99_outline_label(&o, "hex");
    t99_outline_hex(&o, "bytes", t99_span("\x01\xff\x10", 3), 2);
    t99_outline_bool(&o, "yes", true);
    t99_outline_open(&o, "inner");
    t99_outline_number(&o, "least", INT64_MIN);
    t99_outline_close(&o);
    t99_outline_close(&o);
}

static void one_walk_makes_an_outline_or_json(void **state)
{
    (void)state;
    begin(false);
    walk();
    assert_string_equal(done(), "  name         a \"b\" \\\n"
                                "  list         1, 2, 3\n"
                                "  hex          01ff...\n");
    begin(true);
    walk();
    assert_string_equal(done(),
                        "{\"the_name\":\"a \\\"b\\\" \\\\\",\"numbers\":[1,2,3],\"bytes\":\"01ff...\","
                        "\"yes\":true,\"inner\":{\"least\":-9223372036854775808}}");
}

static void lines_are_broken_at_blanks_before_column_80(void **state)
{
    static const char word[] = "seven12";
    const char *text, *end;
    size_t i, lines = 0;

    (void)state;
    begin(false);
    t99_outline_label(&o, "label");
    for (i = 0; i < 40; i++) {
        t99_outline_say(&o, i == 0 ? "" : " ");
        t99_outline_say(&o, word);
    }
    for (text = done(); *text != '\0'; text = end + 1) {
        end = strchr(text, '\n');
        assert_in_range(end - text, 15 + 7, 80);
        assert_memory_equal(text, lines == 0 ? "  label        " : "               ", 15);
        assert_memory_equal(text + 15, word, 7);
        assert_int_equal(end[-1], '2');
        lines++;
    }
    assert_int_equal(lines, 5); /* 8 words of 8 columns in 65 */
}

static void a_word_that_is_longer_than_a_line_stays_whole(void **state)
{
    char word[201];
    const char *text;

    (void)state;
    memset(word, 'w', 200);
    word[200] = '\0';
    begin(false);
    t99_outline_label(&o, "label");
    t99_outline_say(&o, "short ");
    t99_outline_say(&o, word);
    t99_outline_say(&o, " end");
    text = done();
    assert_memory_equal(text, "  label        short\n               wwww", 39);
    assert_non_null(strstr(text, word));
    assert_non_null(strstr(text, "w\n               end\n"));
}

static void columns_count_characters_not_bytes(void **state)
{
    size_t i;

    (void)state;
    begin(false);
    t99_outline_label(&o, "label");
    for (i = 0; i < 65; i++) {
        t99_outline_say(&o, i == 32 ? " " : "\xc3\xbc"); /* u with two dots */
    }
    assert_int_equal(strchr(done(), 0x0a)[1], 0); /* one line */
}

/* RFC 8259, 7: beyond the BMP two escapes. What is not UTF-8 becomes U+FFFD. */
static void json_strings_are_ascii(void **state)
{
    (void)state;
    begin(true);
    t99_outline_string(&o, NULL, "\x01\n\x7f \xc3\xbc \xe2\x80\xae \xf0\x9d\x84\x9e \xff");
    assert_string_equal(done(), "\"\\u0001\\u000a\\u007f \\u00fc \\u202e \\ud834\\udd1e \\ufffd\"");
}

static void long_lists_are_cut_and_the_rest_is_counted(void **state)
{
    size_t i, form;
    char *blank;

    (void)state;
    for (form = 0; form < 2; form++) {
        begin(form != 0);
        t99_outline_open(&o, NULL);
        t99_outline_list(&o, "many");
        for (i = 0; i < T99_OUTLINE_ITEMS + 7; i++) {
            if (t99_outline_item(&o)) {
                t99_outline_say(&o, "x");
                t99_outline_number(&o, NULL, 1);
            }
        }
        t99_outline_list_end(&o);
        t99_outline_close(&o);
        assert_non_null(done());
        for (blank = made; form == 0 && (blank = strchr(blank, '\n')) != NULL;) {
            *blank = ' ';
        }
        assert_non_null(strstr(made, form != 0 ? ",1,1],\"many_omitted\":7}" : "x, x and 7 more "));
    }
}

static void more_than_the_limit_fails(void **state)
{
    static char megabyte[(1 << 20) + 1];
    size_t i;

    (void)state;
    memset(megabyte, 'x', sizeof megabyte - 1);
    begin(true);
    t99_outline_list(&o, NULL);
    for (i = 0; i < 15; i++) {
        t99_outline_string(&o, NULL, megabyte);
    }
    assert_false(o.failed);
    t99_outline_string(&o, NULL, megabyte);
    assert_true(o.failed);
    assert_null(done());
}

static void too_many_levels_and_too_few_fail(void **state)
{
    size_t i;

    (void)state;
    begin(true);
    for (i = 0; i < T99_OUTLINE_DEPTH; i++) {
        t99_outline_open(&o, NULL);
    }
    assert_null(done());
    begin(true);
    t99_outline_close(&o);
    assert_null(done());
}

static void every_failing_allocation_is_reported_and_nothing_leaks(void **state)
{
    size_t n, i;

    (void)state;
    for (n = 0; n < 100; n++) {
        allocations_left = n;
        begin(false);
        t99_outline_label(&o, "label");
        for (i = 0; i < 1000; i++) {
            t99_outline_say(&o, "word ");
        }
        if (done() != NULL) {
            break;
        }
        assert_int_equal(num_allocated, 0);
    }
    assert_int_equal(n, 2); /* 4096 bytes are too few, once */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_walk_makes_an_outline_or_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_are_broken_at_blanks_before_column_80, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_word_that_is_longer_than_a_line_stays_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(columns_count_characters_not_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_strings_are_ascii, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_lists_are_cut_and_the_rest_is_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_than_the_limit_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_levels_and_too_few_fail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_failing_allocation_is_reported_and_nothing_leaks, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
