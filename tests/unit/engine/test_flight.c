/*
 * The server's messages, one by one: missing, twice, in another order, altered at every byte. None of it
 * connects.
 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "peer/link.h"

enum what { NOTHING, DROP, DOUBLE, SWAP, FLIP, CUT, LENGTHEN };

/* What is done to which item of which flight. */
struct plan {
    enum what what;
    unsigned flight; /* from 0 */
    size_t item, byte;
    bool client_certificate, resume, retry;

    unsigned flights_seen; /* out: */
    size_t num_items[4];
    enum peer_item_kind kind, next_kind;
    uint8_t type;
    bool done;
};

static struct link l;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(i) for ((i) = 0; (i) < sizeof versions / sizeof versions[0]; (i)++)

static void alter(struct plan *plan, struct peer *p, struct peer_item *item)
{
    switch (plan->what) {
    case DROP:
        peer_drop(p, plan->item);
        break;
    case DOUBLE:
        peer_double(p, plan->item);
        break;
    case SWAP:
        if (plan->item + 1 == p->num_items) {
            return;
        }
        peer_swap(p, plan->item);
        break;
    case FLIP:
    case CUT:
        if (item->kind != PEER_MESSAGE || plan->byte >= item->len) {
            return;
        }
        if (plan->what == FLIP) {
            item->bytes[plan->byte] ^= (uint8_t)(1u << plan->byte % 8);
        } else {
            item->len = plan->byte; /* and nothing of it comes later */
        }
        break;
    case LENGTHEN: /* its own length says no more */
        if (item->kind != PEER_MESSAGE) {
            return;
        }
        peer_double(p, plan->item);
        p->items[plan->item + 1].len = 3;
        break;
    default:
        return;
    }
    plan->done = true;
}

static void on_flight(void *arg, struct peer *p)
{
    struct plan *plan = arg;
    struct peer_item *item = &p->items[plan->item];

    plan->num_items[plan->flights_seen] = p->num_items;
    if (plan->flights_seen++ == plan->flight && plan->item < p->num_items) {
        plan->kind = item->kind;
        plan->next_kind = plan->item + 1 < p->num_items ? item[1].kind : PEER_WRITE_KEY;
        plan->type = item->kind == PEER_MESSAGE ? item->bytes[0] : 0;
        alter(plan, p, item);
    }
}

/* A connection under the plan. True if both sides connected. */
static bool connect_with(uint16_t version, struct plan *plan)
{
    link_init(&l, version);
    plan->flights_seen = 0;
    plan->done = false;
    l.set.arg = plan;
    l.set.flight = on_flight;
    l.set.request_certificate = plan->client_certificate;
    l.set.hello_retry = plan->retry;
    if (plan->retry) {
        l.set.group = T99_GROUP_SECP384R1;
    }
    return link_connect(&l);
}

static void must_have_failed(const struct plan *plan)
{
    const struct t99_fault *fault = t99_engine_fault(l.engine);

    if (t99_engine_connected(l.engine) || l.got_len != 0) {
        print_error("connected: plan %d, flight %u, item %zu, byte %zu\n", plan->what, plan->flight,
                    plan->item, plan->byte);
    }
    assert_false(t99_engine_connected(l.engine));
    assert_int_equal(l.got_len, 0);
    if (!t99_faulted(fault)) { /* the rest is still awaited: the end is then a fault */
        assert_false(t99_engine_eof(l.engine));
    }
    assert_true(fault->text[0] != '\0');
    link_clear(&l);
    assert_int_equal(l.env.live, 0);
    assert_false(l.env.not_wiped);
}

static void clear_of(struct plan *plan)
{
    memset(plan, 0, sizeof *plan);
}

/*
 * In TLS 1.3 a change_cipher_spec means nothing; it is in the clear in any case; a change of keys is no
 * message.
 */
static bool harmless(uint16_t version, const struct plan *plan)
{
    bool means_nothing = version == T99_TLS13 &&
                         (plan->kind == PEER_CCS || (plan->what == SWAP && plan->next_kind == PEER_CCS));

    if (plan->kind == PEER_WRITE_KEY || means_nothing) {
        return true;
    }
    return plan->what == SWAP && plan->kind == PEER_CCS && plan->next_kind == PEER_WRITE_KEY;
}

static void no_message_may_be_missing_double_or_misplaced(void **state)
{
    static const enum what whats[] = { DROP, DOUBLE, SWAP };
    struct plan plan;
    size_t v, w, flights, variant;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (variant = 0; variant < 3; variant++) {
            clear_of(&plan);
            plan.client_certificate = variant == 1;
            plan.retry = variant == 2 && versions[v] == T99_TLS13;
            assert_true(connect_with(versions[v], &plan));
            flights = plan.flights_seen;
            link_clear(&l);
            for (w = 0; w < sizeof whats / sizeof whats[0]; w++) {
                for (plan.flight = 0; plan.flight < flights; plan.flight++) {
                    plan.what = whats[w];
                    for (plan.item = 0;; plan.item++) {
                        connect_with(versions[v], &plan);
                        if (plan.item >= plan.num_items[plan.flight]) {
                            link_clear(&l);
                            break;
                        }
                        if (!plan.done || harmless(versions[v], &plan)) {
                            link_clear(&l);
                        } else {
                            must_have_failed(&plan);
                        }
                    }
                }
            }
        }
    }
}

static void no_altered_byte_of_any_message_connects(void **state)
{
    struct plan plan;
    size_t v, flights, flips = 0;

    (void)state;
    FOR_VERSIONS(v)
    {
        clear_of(&plan);
        assert_true(connect_with(versions[v], &plan));
        flights = plan.flights_seen;
        link_clear(&l);
        plan.what = FLIP;
        for (plan.flight = 0; plan.flight < flights; plan.flight++) {
            for (plan.item = 0; plan.item < plan.num_items[plan.flight]; plan.item++) {
                for (plan.byte = 0;; plan.byte += plan.byte < 100 ? 1 : 7) {
                    connect_with(versions[v], &plan);
                    if (!plan.done) {
                        link_clear(&l);
                        break;
                    }
                    must_have_failed(&plan);
                    flips++;
                }
            }
        }
    }
    assert_true(flips > 500);
}

static void no_message_that_is_cut_or_lengthened_connects(void **state)
{
    struct plan plan;
    size_t v, flights;

    (void)state;
    FOR_VERSIONS(v)
    {
        clear_of(&plan);
        assert_true(connect_with(versions[v], &plan));
        flights = plan.flights_seen;
        link_clear(&l);
        for (plan.flight = 0; plan.flight < flights; plan.flight++) {
            for (plan.item = 0; plan.item < plan.num_items[plan.flight]; plan.item++) {
                plan.what = CUT;
                for (plan.byte = 1;; plan.byte += plan.byte < 50 ? 1 : 50) {
                    connect_with(versions[v], &plan);
                    if (!plan.done) {
                        link_clear(&l);
                        break;
                    }
                    must_have_failed(&plan);
                }
                plan.what = LENGTHEN;
                plan.byte = 0;
                connect_with(versions[v], &plan);
                if (plan.done &&
                    plan.type != 20) { /* after Finished it is the beginning of another message */
                    must_have_failed(&plan);
                } else {
                    link_clear(&l);
                }
            }
        }
    }
}

/* A message that is due later, or never, at the head of the flight; and one after the end. */
static void add_first(void *arg, struct peer *p)
{
    const uint8_t *type = arg;

    if (p->state != PEER_CONNECTED) {
        peer_send_message(p, *type, NULL, 0);
        while (p->num_items > 1) {
            peer_drop(p, 0);
        }
    }
}

static void no_message_of_another_type_may_come(void **state)
{
    size_t v;
    unsigned t;
    uint8_t type;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (t = 0; t < 256; t++) {
            type = (uint8_t)t;
            link_init(&l, versions[v]);
            l.set.arg = &type;
            l.set.flight = add_first;
            assert_false(link_connect(&l));
            assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_PROTOCOL);
            assert_int_equal(t99_engine_fault(l.engine)->alert,
                             t == 2 ? ALERT_DECODE_ERROR : ALERT_UNEXPECTED_MESSAGE);
            link_clear(&l);

            if (versions[v] == T99_TLS13 && (t == 4 || t == 24)) {
                continue;
            }
            link_init(&l, versions[v]);
            assert_true(link_connect(&l));
            peer_send_message(&l.peer, type, NULL, 0);
            wire_flush(&l.wire);
            assert_false(link_run(&l));
            assert_int_equal(t99_engine_fault(l.engine)->alert, versions[v] == T99_TLS12 && t == 0
                                                                    ? ALERT_NO_RENEGOTIATION
                                                                    : ALERT_UNEXPECTED_MESSAGE);
            link_clear(&l);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_message_may_be_missing_double_or_misplaced),
        cmocka_unit_test(no_altered_byte_of_any_message_connects),
        cmocka_unit_test(no_message_that_is_cut_or_lengthened_connects),
        cmocka_unit_test(no_message_of_another_type_may_come),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
