/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>

#include "record/join.h"

/* --- Memory that counts, and fails when told. --- */

static int live, fail_after; /* fail_after < 0: never */

static void *counted_alloc(void *arg, size_t len)
{
    (void)arg;
    if (fail_after == 0) {
        return NULL;
    }
    fail_after -= fail_after > 0;
    live++;
    return malloc(len);
}

static void counted_release(void *arg, void *p, size_t len)
{
    size_t i;

    (void)arg;
    for (i = 0; i < len; i++) {
        assert_int_equal(((uint8_t *)p)[i], 0); /* wiped, over the length that was asked for */
    }
    live--;
    free(p);
}

static const struct t99_env env = { NULL, counted_alloc, counted_release, NULL, NULL };

/* --- Three messages: type 1 with 5 bytes, type 2 with none, type 3 with 300. --- */

#define STREAM_LEN (4 + 5 + 4 + 4 + 300)

static uint8_t stream[STREAM_LEN];
static struct t99_fault fault;
static size_t limit_value;

static size_t limit(void *arg, const char **name, uint8_t type)
{
    (void)arg;
    (void)type;
    *name = "a_message";
    return limit_value;
}

static int set_up(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < STREAM_LEN; i++) {
        stream[i] = (uint8_t)(i + 100);
    }
    memcpy(stream, "\1\0\0\5", 4);
    memcpy(stream + 9, "\2\0\0\0", 4);
    memcpy(stream + 13, "\3\0\1\54", 4);
    t99_fault_clear(&fault);
    limit_value = 300;
    live = 0;
    fail_after = -1;
    return 0;
}

/* Takes what there is; counts in *seen and checks each message against the stream. */
static enum t99_join_result drain(struct t99_join *j, size_t *seen)
{
    static const size_t begins[] = { 0, 9, 13, STREAM_LEN };
    enum t99_join_result r;
    struct t99_span m;

    while ((r = t99_join_next(j, &env, limit, NULL, &m, &fault)) == JOIN_MESSAGE) {
        assert_true(*seen < 3);
        assert_int_equal(m.len, begins[*seen + 1] - begins[*seen]);
        assert_int_equal(memcmp(m.p, stream + begins[*seen], m.len), 0);
        (*seen)++;
    }
    return r;
}

static void coalesced_messages_come_out_one_by_one_without_memory(void **state)
{
    struct t99_join j = { { NULL, 0 }, { 0 }, 0, NULL, 0, 0, false };
    size_t seen = 0;

    (void)state;
    fail_after = 0;
    assert_true(t99_join_put(&j, stream, STREAM_LEN, &fault));
    assert_int_equal(drain(&j, &seen), JOIN_EMPTY);
    assert_int_equal(seen, 3);
    assert_false(t99_join_pending(&j));
}

/* Two cuts at every place: three records that each have at least one byte. */
static void messages_cut_anywhere_come_out_the_same(void **state)
{
    size_t a, b, seen;

    (void)state;
    for (a = 1; a < STREAM_LEN - 1; a++) {
        for (b = a + 1; b < STREAM_LEN; b++) {
            struct t99_join j = { { NULL, 0 }, { 0 }, 0, NULL, 0, 0, false };

            seen = 0;
            assert_true(t99_join_put(&j, stream, a, &fault));
            assert_int_equal(drain(&j, &seen), JOIN_EMPTY);
            assert_int_equal(t99_join_partial(&j), a != 9 && a != 13);
            assert_true(t99_join_put(&j, stream + a, b - a, &fault));
            assert_int_equal(drain(&j, &seen), JOIN_EMPTY);
            assert_int_equal(t99_join_partial(&j), b != 9 && b != 13);
            assert_true(t99_join_put(&j, stream + b, STREAM_LEN - b, &fault));
            assert_int_equal(drain(&j, &seen), JOIN_EMPTY);
            assert_int_equal(seen, 3);
            assert_false(t99_join_partial(&j));
            assert_false(t99_join_pending(&j));
            assert_int_equal(live, 0);
        }
    }
}

static void one_byte_a_record_works(void **state)
{
    struct t99_join j = { { NULL, 0 }, { 0 }, 0, NULL, 0, 0, false };
    size_t i, seen = 0;

    (void)state;
    for (i = 0; i < STREAM_LEN; i++) {
        assert_true(t99_join_put(&j, stream + i, 1, &fault));
        assert_int_equal(drain(&j, &seen), JOIN_EMPTY);
    }
    assert_int_equal(seen, 3);
    assert_int_equal(live, 0);
}

static void pending_tells_what_is_left_while_a_message_is_looked_at(void **state)
{
    struct t99_join j = { { NULL, 0 }, { 0 }, 0, NULL, 0, 0, false };
    struct t99_span m;

    (void)state;
    assert_true(t99_join_put(&j, stream, 9, &fault)); /* exactly the first */
    assert_int_equal(t99_join_next(&j, &env, limit, NULL, &m, &fault), JOIN_MESSAGE);
    assert_false(t99_join_pending(&j));
    assert_int_equal(t99_join_next(&j, &env, limit, NULL, &m, &fault), JOIN_EMPTY);

    assert_true(t99_join_put(&j, stream, 10, &fault)); /* and one byte of the second */
    assert_int_equal(t99_join_next(&j, &env, limit, NULL, &m, &fault), JOIN_MESSAGE);
    assert_true(t99_join_pending(&j));
    assert_false(t99_join_partial(&j)); /* not yet looked at */
    assert_int_equal(t99_join_next(&j, &env, limit, NULL, &m, &fault), JOIN_EMPTY);
    assert_true(t99_join_partial(&j));

    assert_true(t99_join_put(&j, stream + 10, 3, &fault)); /* a collected one that ends with its record */
    assert_int_equal(t99_join_next(&j, &env, limit, NULL, &m, &fault), JOIN_MESSAGE);
    assert_false(t99_join_pending(&j));
    t99_join_clear(&j, &env);
    assert_int_equal(live, 0);
}

static void a_message_longer_than_its_limit_is_refused_at_its_header(void **state)
{
    struct t99_join j = { { NULL, 0 }, { 0 }, 0, NULL, 0, 0, false };
    size_t seen = 0;

    (void)state;
    fail_after = 0; /* no memory is spent on it */
    limit_value = 299;
    assert_true(t99_join_put(&j, stream, 17, &fault));
    assert_int_equal(drain(&j, &seen), JOIN_FAILED);
    assert_int_equal(seen, 2);
    assert_int_equal(fault.alert, ALERT_ILLEGAL_PARAMETER);
    assert_string_equal(fault.text, "the server sent a_message (3) of 300 bytes, more than the limit of 299");
    t99_join_clear(&j, &env);

    t99_fault_clear(&fault);
    seen = 0;
    assert_true(t99_join_put(&j, stream, STREAM_LEN, &fault)); /* also if it is whole */
    assert_int_equal(drain(&j, &seen), JOIN_FAILED);
    assert_int_equal(fault.alert, ALERT_ILLEGAL_PARAMETER);
    t99_join_clear(&j, &env);
}

/* RFC 9846, 5.1; RFC 5246, 6.2.1. */
static void an_empty_handshake_record_is_refused(void **state)
{
    struct t99_join j = { { NULL, 0 }, { 0 }, 0, NULL, 0, 0, false };

    (void)state;
    assert_false(t99_join_put(&j, stream, 0, &fault));
    assert_int_equal(fault.alert, ALERT_UNEXPECTED_MESSAGE);
    assert_string_equal(fault.text, "a handshake record is empty");
}

static void a_failing_allocation_fails_cleanly(void **state)
{
    struct t99_join j = { { NULL, 0 }, { 0 }, 0, NULL, 0, 0, false };
    size_t seen = 0;

    (void)state;
    fail_after = 0;
    assert_true(t99_join_put(&j, stream, 8, &fault));
    assert_int_equal(drain(&j, &seen), JOIN_FAILED);
    assert_int_equal(fault.kind, FAULT_MEMORY);
    t99_join_clear(&j, &env);
    assert_int_equal(live, 0);
}

static void clearing_gives_back_and_forgets(void **state)
{
    struct t99_join j = { { NULL, 0 }, { 0 }, 0, NULL, 0, 0, false };
    size_t seen = 0;

    (void)state;
    assert_true(t99_join_put(&j, stream, 8, &fault));
    assert_int_equal(drain(&j, &seen), JOIN_EMPTY);
    assert_int_equal(live, 1);
    t99_join_clear(&j, &env);
    assert_int_equal(live, 0);
    assert_false(t99_join_pending(&j));
    assert_true(t99_join_put(&j, stream, STREAM_LEN, &fault));
    assert_int_equal(drain(&j, &seen), JOIN_EMPTY);
    assert_int_equal(seen, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(coalesced_messages_come_out_one_by_one_without_memory, set_up),
        cmocka_unit_test_setup(messages_cut_anywhere_come_out_the_same, set_up),
        cmocka_unit_test_setup(one_byte_a_record_works, set_up),
        cmocka_unit_test_setup(pending_tells_what_is_left_while_a_message_is_looked_at, set_up),
        cmocka_unit_test_setup(a_message_longer_than_its_limit_is_refused_at_its_header, set_up),
        cmocka_unit_test_setup(an_empty_handshake_record_is_refused, set_up),
        cmocka_unit_test_setup(a_failing_allocation_fails_cleanly, set_up),
        cmocka_unit_test_setup(clearing_gives_back_and_forgets, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
