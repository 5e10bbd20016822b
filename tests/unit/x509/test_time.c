/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "kv.h"
#include "x509/time.h"

static bool parse(int64_t *t, const char *text, bool two_digits)
{
    return t99_time_parse(t, t99_span(text, strlen(text)), two_digits);
}

/* Seconds from `date -u -d TIME +%s` of GNU coreutils. */
static void seconds_are_those_of_date(void **state)
{
    static const struct {
        const char *text;
        bool two_digits;
        int64_t seconds;
    } cases[] = {
        { "19700101000000Z", false, 0 },
        { "700101000000Z", true, 0 },
        { "691231235959Z", true, -1 },
        { "500101000000Z", true, -631152000 },
        { "491231235959Z", true, 2524607999 },
        { "20500101000000Z", false, 2524608000 },
        { "20000229120000Z", false, 951825600 },
        { "260701000000Z", true, 1782864000 },
        { "20380119031408Z", false, 2147483648 },
        { "21060207062816Z", false, 4294967296 },
        { "99991231235959Z", false, 253402300799 },
        { "00000101000000Z", false, -62167219200 },
        { "19000301000000Z", false, -2203891200 },
    };
    int64_t t;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(parse(&t, cases[i].text, cases[i].two_digits));
        assert_true(t == cases[i].seconds);
    }
}

/* RFC 5280, 4.1.2.5.1 and 4.1.2.5.2: seconds, and Z; no fractions, no offsets. */
static void other_forms_are_refused(void **state)
{
    static const char *const two[] = { "2601010000Z",
                                       "260101000000",
                                       "260101000000z",
                                       "260101000000+0000",
                                       "2601010000000",
                                       "26010100000 Z",
                                       "",
                                       "Z",
                                       "2601010000-1Z",
                                       "2 0101000000Z",
                                       "20260101000000Z" };
    static const char *const four[] = { "202601010000Z",  "20260101000000", "20260101000000.5Z",
                                        "260101000000Z",  "2026010100000Z", "20260101000000+0000",
                                        "2026-1-1000000Z" };
    int64_t t;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof two / sizeof two[0]; i++) {
        assert_false(parse(&t, two[i], true));
    }
    for (i = 0; i < sizeof four / sizeof four[0]; i++) {
        assert_false(parse(&t, four[i], false));
    }
}

static void days_that_no_calendar_has_are_refused(void **state)
{
    static const char *const refused[] = { "20260001000000Z", "20261301000000Z", "20260100000000Z",
                                           "20260132000000Z", "20260431000000Z", "20260229000000Z",
                                           "21000229000000Z", "19000229000000Z", "20260101240000Z",
                                           "20260101006000Z", "20260101000060Z", "20240230000000Z" };
    static const char *const accepted[] = { "20240229000000Z", "20000229000000Z", "24000229235959Z",
                                            "20261231235959Z", "20260430000000Z" };
    int64_t t;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_false(parse(&t, refused[i], false));
    }
    for (i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        assert_true(parse(&t, accepted[i], false));
    }
}

/* Mbed TLS, tests/suites/test_suite_x509parse.data; it accepts two times that RFC 5280 does not: no Z. */
static void times_of_mbedtls_are_judged_alike(void **state)
{
    struct kv kv;
    size_t num = 0;
    int64_t t;

    (void)state;
    if (!kv_open_shared(&kv, "kv/x509parse_mbedtls.txt")) {
        skip();
    }
    while (kv_next(&kv)) {
        if (kv_is(&kv, "fn", "time")) {
            const char *text = kv_str(&kv, "text");
            bool zulu = text[0] != '\0' && text[strlen(text) - 1] == 'Z';

            num++;
            assert_int_equal(parse(&t, text, kv_is(&kv, "tag", "UTCTime")),
                             kv_is(&kv, "result", "valid") && zulu);
        }
    }
    kv_close(&kv);
    assert_true(num > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_are_those_of_date),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(days_that_no_calendar_has_are_refused),
        cmocka_unit_test(times_of_mbedtls_are_judged_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
