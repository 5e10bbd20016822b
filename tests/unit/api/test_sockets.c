/* What sockets do that callbacks do not: a server that has closed may have left its reason behind. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>
#include <sys/socket.h>
#include <tls.h>
#include <unistd.h>

static struct tls_config *config;
static struct tls *ctx;
static int ends[2]; /* ours, the server's */

static int set_up(void **state)
{
    (void)state;
    config = tls_config_new();
    ctx = tls_client();
    if (config == NULL || ctx == NULL || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        return -1;
    }
    tls_config_insecure_noverifycert(config);
    return tls_configure(ctx, config);
}

static int tear_down(void **state)
{
    (void)state;
    tls_free(ctx);
    tls_config_free(config);
    (void)close(ends[0]);
    return 0;
}

/* The server says this and closes, before it has read anything; then the client shakes hands. */
static void handshake_with_closed(const void *bytes, size_t len)
{
    assert_int_equal(write(ends[1], bytes, len), len);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(tls_connect_socket(ctx, ends[0], "tls99.test"), 0);
    assert_int_equal(tls_handshake(ctx), -1);
}

/* RFC 9846, 6.2: handshake_failure is 40. */
static void an_alert_is_heard_though_nothing_can_be_sent(void **state)
{
    static const uint8_t alert[] = { 21, 3, 3, 0, 2, 2, 40 };

    (void)state;
    handshake_with_closed(alert, sizeof alert);
    assert_non_null(strstr(tls_error(ctx), "the server sent the alert handshake_failure (40)"));
}

static void without_an_alert_the_system_tells(void **state)
{
    static const uint8_t half[] = { 21, 3, 3, 0, 2, 2 };
    size_t len;

    (void)state;
    for (len = 0; len <= sizeof half; len += sizeof half) {
        handshake_with_closed(half, len);
        assert_non_null(strstr(tls_error(ctx), "handshake failed: write: Broken pipe"));
        (void)close(ends[0]);
        tls_reset(ctx);
        assert_int_equal(tls_configure(ctx, config), 0);
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    }
    (void)close(ends[1]);
}

/* Our own shutdown() breaks the pipe too, and then the server may be silent for long. */
static void a_silent_server_is_not_waited_for(void **state)
{
    (void)state;
    assert_int_equal(shutdown(ends[0], SHUT_WR), 0);
    assert_int_equal(tls_connect_socket(ctx, ends[0], "tls99.test"), 0);
    assert_int_equal(tls_handshake(ctx), -1);
    assert_non_null(strstr(tls_error(ctx), "handshake failed: write: Broken pipe"));
    (void)close(ends[1]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_alert_is_heard_though_nothing_can_be_sent),
        TEST(without_an_alert_the_system_tells),
        TEST(a_silent_server_is_not_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
