/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "handshake/session.h"
#include "peer/env.h"

#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif
#endif
#if !defined(VALGRIND_MAKE_MEM_DEFINED)
#define VALGRIND_MAKE_MEM_DEFINED(p, len) ((void)(p), (void)(len))
#endif

static struct test_env t;

static struct t99_session example(void)
{
    struct t99_session s;

    memset(&s, 0, sizeof s);
    s.version = 0x0304;
    s.suite = 0x1301;
    s.group = 0x001d;
    s.scheme = 0x0403;
    s.secret_len = 32;
    memset(s.secret, 0xab, 32);
    s.received_ms = s.auth_ms = 1000000;
    s.not_after = 1000000;
    s.lifetime = 20;
    s.age_add = 0x01020304;
    s.max_early_data = 16384;
    memset(s.verify_id, 7, sizeof s.verify_id);
    s.ticket = t99_span("a ticket", 8);
    s.servername = t99_span("localhost", 9);
    s.alpn = t99_span("h2", 2);
    s.chain = t99_span("\0\0\1x", 4);
    return s;
}

static int set_up(void **state)
{
    (void)state;
    test_env_init(&t, 1);
    return 0;
}

#define STACK 262144

static void *encode_and_copy(void *arg)
{
    struct t99_session *s = arg, *copy = t99_session_copy(&t.env, s);
    uint8_t *bytes = malloc(1000);

    if (copy != NULL && bytes != NULL) {
        (void)t99_session_encode(bytes, 1000, copy);
    }
    t99_session_free(&t.env, copy);
    free(bytes);
    return NULL;
}

/* On a stack of its own, where the test can look afterwards. */
static void no_secret_stays_on_the_stack(void **state)
{
    static struct t99_session s;
    pthread_attr_t attributes;
    pthread_t thread;
    uint8_t *stack = NULL;
    size_t i, found = 0;

    (void)state;
    s = example();
    for (i = 0; i < 32; i++) {
        s.secret[i] = (uint8_t)(i * 7 + 1);
    }
    assert_int_equal(posix_memalign((void **)&stack, 65536, STACK), 0);
    memset(stack, 0, STACK);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, encode_and_copy, &s), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    (void)VALGRIND_MAKE_MEM_DEFINED(stack, STACK); /* for valgrind it is gone with the thread */
    for (i = 0; i + 32 <= STACK; i++) {
        found += memcmp(stack + i, s.secret, 32) == 0;
    }
    assert_int_equal(found, 0);
    (void)pthread_attr_destroy(&attributes);
    free(stack);
}

static void a_file_gives_back_what_was_put_in(void **state)
{
    struct t99_session s = example(), *copy, *back;
    uint8_t bytes[1000];
    size_t len;

    (void)state;
    copy = t99_session_copy(&t.env, &s);
    assert_non_null(copy);
    len = t99_session_encode(NULL, 0, copy);
    assert_true(len <= sizeof bytes);
    assert_int_equal(t99_session_encode(bytes, sizeof bytes, copy), len);
    back = t99_session_decode(&t.env, bytes, len);
    assert_non_null(back);
    assert_int_equal(back->version, 0x0304);
    assert_int_equal(back->suite, 0x1301);
    assert_int_equal(back->age_add, 0x01020304);
    assert_int_equal(back->max_early_data, 16384);
    assert_memory_equal(back->secret, s.secret, sizeof s.secret);
    assert_memory_equal(back->verify_id, s.verify_id, 32);
    assert_true(t99_span_equal(back->ticket, s.ticket));
    assert_true(t99_span_equal(back->servername, s.servername));
    assert_true(t99_span_equal(back->alpn, s.alpn));
    assert_true(t99_span_equal(back->chain, s.chain));
    t99_session_free(&t.env, copy);
    t99_session_free(&t.env, back);
    assert_int_equal(t.live, 0);
    assert_false(t.not_wiped);
}

static void what_is_cut_long_or_foreign_is_no_session(void **state)
{
    struct t99_session s = example();
    uint8_t bytes[1000];
    size_t len = t99_session_encode(bytes, sizeof bytes, &s), i;

    (void)state;
    for (i = 0; i < len; i++) {
        assert_null(t99_session_decode(&t.env, bytes, i));
    }
    bytes[len] = 0;
    assert_null(t99_session_decode(&t.env, bytes, len + 1));
    bytes[0] ^= 1;
    assert_null(t99_session_decode(&t.env, bytes, len));
    assert_null(t99_session_decode(&t.env, (const uint8_t *)"-----BEGIN SSL SESSION PARAMETERS-----", 38));
    assert_int_equal(t.live, 0);
}

static void a_chain_longer_than_any_that_is_taken_is_no_session(void **state)
{
    struct t99_session s = example(), *back;
    uint8_t chain[4 * 65], bytes[1000];
    size_t len, i;

    (void)state;
    for (i = 0; i < 65; i++) {
        memcpy(chain + 4 * i, "\0\0\1x", 4);
    }
    s.chain = t99_span(chain, sizeof chain);
    len = t99_session_encode(bytes, sizeof bytes, &s);
    assert_null(t99_session_decode(&t.env, bytes, len));
    s.chain.len -= 4;
    len = t99_session_encode(bytes, sizeof bytes, &s);
    back = t99_session_decode(&t.env, bytes, len);
    assert_non_null(back);
    t99_session_free(&t.env, back);
    assert_int_equal(t.live, 0);
}

/* RFC 9846, 4.7.1: the server's lifetime, at most seven days; and not beyond the certificate. */
static void age_makes_a_session_stale(void **state)
{
    struct t99_session s = example();

    (void)state;
    assert_true(t99_session_fresh(&s, s.received_ms));
    assert_true(t99_session_fresh(&s, s.received_ms + 20000));
    assert_false(t99_session_fresh(&s, s.received_ms + 20001));
    assert_false(t99_session_fresh(&s, s.received_ms - 1)); /* the clock was set back */
    s.lifetime = UINT32_MAX;
    assert_true(t99_session_fresh(&s, s.received_ms + (int64_t)7 * 86400000 - 1));
    assert_false(t99_session_fresh(&s, s.received_ms + (int64_t)7 * 86400000 + 1));
    s.not_after = 1000;
    assert_false(t99_session_fresh(&s, 1001001));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_file_gives_back_what_was_put_in, set_up),
        cmocka_unit_test_setup(what_is_cut_long_or_foreign_is_no_session, set_up),
        cmocka_unit_test_setup(a_chain_longer_than_any_that_is_taken_is_no_session, set_up),
        cmocka_unit_test_setup(age_makes_a_session_stale, set_up),
        cmocka_unit_test_setup(no_secret_stays_on_the_stack, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
