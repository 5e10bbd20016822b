/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "peer/call.h"

static struct call call;

static int set_up(void **state)
{
    (void)state;
    call_init(&call, T99_TLS13);
    call.set.num_tickets = 1;
    tls_config_set_verify_report(call.config, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    call_clear(&call);
    return 0;
}

static void an_accepted_path_is_reported(void **state)
{
    const char *report;

    (void)state;
    assert_int_equal(call_connect(&call), 0);
    assert_null(tls_conn_verify_report(call.tls)); /* not yet */
    assert_int_equal(call_handshake(&call), 0);
    report = tls_conn_verify_report(call.tls);
    assert_non_null(report);
    assert_memory_equal(report, "VERIFIED for tls99.test at ", 27);
    assert_non_null(strstr(report, "\n+- trusted CN="));
    assert_ptr_equal(report, tls_conn_verify_report(call.tls));
    assert_non_null(strstr(tls_conn_verify_report_json(call.tls), "{\"verified\":true,"));
}

static void a_refused_one_is_reported_after_the_handshake(void **state)
{
    static const struct call_leaf expired = { .to = "260101000000Z" };

    (void)state;
    call_leaf(&call, &expired);
    assert_int_equal(call_start(&call), -1);
    assert_non_null(strstr(tls_conn_verify_report(call.tls), "REJECTED\n     certificate has expired: "));
    assert_non_null(strstr(tls_conn_verify_report_json(call.tls), "\"state\":\"rejected\""));
    tls_reset(call.tls);
    assert_null(tls_conn_verify_report(call.tls));
}

static void a_resumed_session_and_one_that_is_not_asked_have_none(void **state)
{
    (void)state;
    assert_int_equal(call_start(&call), 0);
    call_drain(&call);
    call_end(&call);
    assert_int_equal(call_start(&call), 0);
    assert_int_equal(tls_conn_session_resumed(call.tls), 1);
    assert_null(tls_conn_verify_report(call.tls));
    assert_null(tls_conn_verify_report_json(call.tls));
    call_end(&call);
    tls_config_set_verify_report(call.config, 0);
    tls_config_set_session_cache(call.config, 0);
    assert_int_equal(call_start(&call), 0);
    assert_null(tls_conn_verify_report(call.tls));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_accepted_path_is_reported),
        TEST(a_refused_one_is_reported_after_the_handshake),
        TEST(a_resumed_session_and_one_that_is_not_asked_have_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
