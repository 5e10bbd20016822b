/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>

#include "base/env.h"

/* An allocator that fills what it gives with rubbish, fails on demand, and looks at what comes back. */
struct watch {
    bool fail, wiped;
    size_t given, taken_back;
};

static void *give(void *arg, size_t len)
{
    struct watch *w = (struct watch *)arg;
    void *p = w->fail ? NULL : malloc(len);

    if (p != NULL) {
        memset(p, 0xa5, len);
        w->given += len;
    }
    return p;
}

static void take_back(void *arg, void *p, size_t len)
{
    struct watch *w = (struct watch *)arg;
    const uint8_t *bytes = (const uint8_t *)p;
    size_t i;

    w->wiped = true;
    for (i = 0; i < len; i++) {
        w->wiped = w->wiped && bytes[i] == 0;
    }
    w->taken_back += len;
    free(p);
}

static struct t99_env watched(struct watch *w)
{
    struct t99_env env = { NULL, give, take_back, NULL, NULL };

    memset(w, 0, sizeof *w);
    env.arg = w;
    return env;
}

static void memory_comes_zeroed_and_goes_wiped(void **state)
{
    static const uint8_t zeros[100];
    struct watch w;
    struct t99_env env = watched(&w);
    uint8_t *p = (uint8_t *)t99_alloc(&env, sizeof zeros);

    (void)state;
    assert_non_null(p);
    assert_memory_equal(p, zeros, sizeof zeros);
    memset(p, 0x11, sizeof zeros);
    t99_free(&env, p, sizeof zeros);
    assert_true(w.wiped);
    assert_int_equal(w.taken_back, sizeof zeros);
    t99_free(&env, NULL, 5);
    assert_int_equal(w.taken_back, sizeof zeros);
}

static void a_copy_has_memory_of_its_own(void **state)
{
    struct watch w;
    struct t99_env env = watched(&w);
    char text[] = "text", *copy = (char *)t99_dup(&env, text, sizeof text);

    (void)state;
    assert_non_null(copy);
    text[0] = 'n';
    assert_string_equal(copy, "text");
    t99_free(&env, copy, sizeof text);
    assert_true(w.wiped);
}

static void a_copy_of_nothing_is_one_byte(void **state)
{
    struct watch w;
    struct t99_env env = watched(&w);
    void *copy = t99_dup(&env, NULL, 0);

    (void)state;
    assert_non_null(copy);
    assert_int_equal(w.given, 1);
    t99_free(&env, copy, 1);
    assert_int_equal(w.taken_back, 1);
}

static void no_memory_gives_null(void **state)
{
    struct watch w;
    struct t99_env env = watched(&w);

    (void)state;
    w.fail = true;
    assert_null(t99_alloc(&env, 10));
    assert_null(t99_dup(&env, "x", 1));
    assert_null(t99_dup(&env, NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_comes_zeroed_and_goes_wiped),
        cmocka_unit_test(a_copy_has_memory_of_its_own),
        cmocka_unit_test(a_copy_of_nothing_is_one_byte),
        cmocka_unit_test(no_memory_gives_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
