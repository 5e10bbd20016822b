/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "peer/link.h"

static struct link l;
static struct peer_session session;

/* A whole life: connect, data both ways, tickets, key updates, close. True if all of it went well. */
static bool live_once(void)
{
    static const uint8_t data[20000] = { 1 };

    if (!link_start(&l)) {
        return false;
    }
    if (!link_run(&l) || !t99_engine_connected(l.engine) || !link_write(&l, data, sizeof data)) {
        return false;
    }
    if (l.set.version == T99_TLS13) {
        peer_send_key_update(&l.peer, true);
        wire_flush(&l.wire);
        if (!link_run(&l) || !t99_engine_key_update(l.engine, true)) {
            return false;
        }
    }
    wire_send(&l.wire, CONTENT_APPLICATION_DATA, data, 15000);
    return link_run(&l) && l.got_len == 15000 && t99_engine_close(l.engine) && link_run(&l) &&
           l.wire.close_came;
}

static void must_survive_every_failing_allocation(uint16_t version, bool retry, bool split, size_t read_size)
{
    long n;
    bool went_well = false;

    for (n = 0; !went_well; n++) {
        memset(&session, 0, sizeof session);
        link_init(&l, version);
        l.set.session = &session;
        l.set.num_tickets = 1;
        l.set.hello_retry = retry;
        if (retry) {
            l.set.group = T99_GROUP_SECP384R1;
            l.set.cookie_len = 20;
        }
        l.set.alpn = "http/1.1";
        l.config.alpn = t99_span("\x08http/1.1", 9);
        l.read_size = read_size;
        l.wire.fragment = split ? 11 : 0;
        l.env.fail_at = n;
        went_well = live_once();
        if (l.engine != NULL && !went_well) {
            if (t99_engine_fault(l.engine)->kind != FAULT_MEMORY) {
                print_error("allocation %ld: %s\n", n, link_fault(&l));
            }
            assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_MEMORY);
            assert_string_equal(link_fault(&l), "out of memory");
            assert_false(t99_engine_connected(l.engine));
        }
        assert_true(l.engine != NULL || n == 0);
        link_clear(&l);
        assert_int_equal(l.env.live, 0);
        assert_false(l.env.not_wiped);
    }
    print_message("%ld allocations\n", n - 1);
    assert_true(n > 15);
}

static void every_failing_allocation_fails_cleanly(void **state)
{
    (void)state;
    must_survive_every_failing_allocation(T99_TLS13, false, false, 20000);
    must_survive_every_failing_allocation(T99_TLS13, true, true, 100);
    must_survive_every_failing_allocation(T99_TLS12, false, false, 20000);
    must_survive_every_failing_allocation(T99_TLS12, false, true, 100);
}

static void an_engine_that_was_never_used_can_be_freed(void **state)
{
    (void)state;
    t99_engine_free(NULL);
    link_init(&l, T99_TLS13);
    l.engine = t99_engine_new(&l.config);
    assert_non_null(l.engine);
    assert_false(t99_engine_connected(l.engine));
    peer_init(&l.peer, &l.set, &l.server_env.env);
    wire_init(&l.wire, &l.peer);
    link_clear(&l);
    assert_int_equal(l.env.live, 0);
    assert_false(l.env.not_wiped);
}

static void an_engine_can_be_freed_in_the_middle(void **state)
{
    size_t len, want, n, i;
    const uint8_t *out;
    uint8_t *p;

    (void)state;
    for (i = 0; i < 900; i += 13) {
        link_init(&l, T99_TLS13);
        assert_true(link_start(&l));
        out = t99_engine_out(l.engine, &len);
        assert_true(wire_take(&l.wire, out, len));
        t99_engine_sent(l.engine, len / 2);
        for (n = 0; n < i && l.wire.out_len != 0; n++) {
            p = t99_engine_in(l.engine, &want);
            if (want == 0) {
                break;
            }
            *p = *l.wire.out;
            wire_fetched(&l.wire, 1);
            assert_true(t99_engine_received(l.engine, 1));
        }
        link_clear(&l);
        assert_int_equal(l.env.live, 0);
        assert_false(l.env.not_wiped);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_allocation_fails_cleanly),
        cmocka_unit_test(an_engine_that_was_never_used_can_be_freed),
        cmocka_unit_test(an_engine_can_be_freed_in_the_middle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
