/*
 * For tests of refusals: a client that has failed tells the server, once, and does nothing any more. Included
 * by one file a program.
 */
#ifndef TESTS_ENGINE_REFUSAL_H
#define TESTS_ENGINE_REFUSAL_H

#include <string.h>

#include "peer/link.h"

static struct link l;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(i) for ((i) = 0; (i) < sizeof versions / sizeof versions[0]; (i)++)

static void connected(uint16_t version)
{
    link_init(&l, version);
    assert_true(link_connect(&l));
}

/* The engine has failed with this alert, which the server has got, and nothing else happens any more. */
static void must_fail(enum t99_alert alert, const char *sentence)
{
    size_t want, n;
    uint8_t buf[8];

    assert_false(link_run(&l));
    if (strstr(link_fault(&l), sentence) == NULL) {
        print_error("fault: %s\n", link_fault(&l));
    }
    assert_non_null(strstr(link_fault(&l), sentence));
    assert_int_equal(t99_engine_fault(l.engine)->alert, alert);
    assert_int_equal(t99_engine_fault(l.engine)->kind, FAULT_PROTOCOL);
    assert_false(t99_engine_connected(l.engine));
    assert_null(t99_engine_in(l.engine, &want));
    assert_int_equal(want, 0);
    assert_false(t99_engine_received(l.engine, 1));
    assert_false(t99_engine_read(l.engine, buf, sizeof buf, &n));
    assert_false(t99_engine_write(l.engine, buf, sizeof buf, &n));
    assert_false(t99_engine_close(l.engine));
    assert_false(t99_engine_eof(l.engine));
    assert_false(t99_engine_start(l.engine));
    assert_null(t99_engine_out(l.engine, &n)); /* the alert is gone, and there is no second one */
    link_run(&l);
    assert_true(l.wire.alert_came);
    assert_int_equal(l.wire.alert_level, 2);
    assert_int_equal(l.wire.alert, alert);
    assert_false(l.wire.close_came);
    link_clear(&l);
    assert_int_equal(l.env.live, 0);
}

#endif
