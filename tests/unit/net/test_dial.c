/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/dial.h"
#include "net/stream.h"

/* A socket on 127.0.0.1 with a port of its own; listens if backlog is not negative. */
static int local_socket(int backlog, char *port, size_t port_len)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_not_equal(fd, -1);
    assert_int_equal(bind(fd, (const struct sockaddr *)(const void *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)(void *)&address, &len), 0);
    snprintf(port, port_len, "%u", (unsigned)ntohs(address.sin_port));
    if (backlog >= 0) {
        assert_int_equal(listen(fd, backlog), 0);
    }
    return fd;
}

static void a_listener_is_reached_and_the_socket_is_blocking(void **state)
{
    struct t99_dial dial;
    struct t99_fault fault;
    char port[8];
    int listener = local_socket(5, port, sizeof port);

    (void)state;
    memset(&dial, 0, sizeof dial);
    dial.host = "127.0.0.1";
    dial.port = port;
    t99_fault_clear(&fault);
    assert_true(t99_dial(&dial, &fault));
    assert_string_equal(dial.address, "127.0.0.1");
    assert_string_equal(dial.port_number, port);
    assert_int_equal(fcntl(dial.fd, F_GETFL) & O_NONBLOCK, 0);
    assert_int_equal(fcntl(dial.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(dial.fd);
    close(listener);
}

/* "localhost" may be ::1 first, where nobody listens: the other address wins. */
static void the_second_address_is_tried_when_the_first_refuses(void **state)
{
    struct t99_dial dial;
    struct t99_fault fault;
    char port[8];
    int listener = local_socket(5, port, sizeof port);

    (void)state;
    memset(&dial, 0, sizeof dial);
    dial.host = "localhost";
    dial.port = port;
    t99_fault_clear(&fault);
    assert_true(t99_dial(&dial, &fault));
    assert_string_equal(dial.address, "127.0.0.1");
    close(dial.fd);
    close(listener);
}

static void a_refusal_names_address_and_reason(void **state)
{
    struct t99_dial dial;
    struct t99_fault fault;
    char port[8], text[64];
    int bound = local_socket(-1, port, sizeof port); /* nobody listens */

    (void)state;
    memset(&dial, 0, sizeof dial);
    dial.host = "127.0.0.1";
    dial.port = port;
    t99_fault_clear(&fault);
    assert_false(t99_dial(&dial, &fault));
    assert_int_equal(fault.kind, FAULT_IO);
    snprintf(text, sizeof text, "connect to 127.0.0.1 port %s: Connection refused", port);
    assert_string_equal(fault.text, text);
    assert_int_equal(dial.fd, -1);
    close(bound);
}

static void every_address_that_refuses_is_named(void **state)
{
    struct t99_dial dial;
    struct t99_fault fault;
    char port[8], text[96];
    int bound = local_socket(-1, port, sizeof port);

    (void)state;
    memset(&dial, 0, sizeof dial);
    dial.host = "localhost";
    dial.port = port;
    t99_fault_clear(&fault);
    assert_false(t99_dial(&dial, &fault));
    snprintf(text, sizeof text, "connect to localhost port %s: ", port);
    assert_int_equal(strncmp(fault.text, text, strlen(text)), 0);
    assert_non_null(strstr(fault.text, "127.0.0.1: Connection refused"));
    close(bound);
}

static void a_port_that_is_none_is_shown(void **state)
{
    static const char *const ports[] = { "65536", "0", "4433221100443" };
    struct t99_dial dial;
    struct t99_fault fault;
    char text[128];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        memset(&dial, 0, sizeof dial);
        dial.host = "127.0.0.1";
        dial.port = ports[i];
        t99_fault_clear(&fault);
        assert_false(t99_dial(&dial, &fault));
        snprintf(text, sizeof text, "port %s is not from 1 to 65535", ports[i]);
        assert_string_equal(fault.text, text);
        assert_int_equal(fault.kind, FAULT_CALLER);
    }
    dial.port = "htpps";
    t99_fault_clear(&fault);
    assert_false(t99_dial(&dial, &fault));
    assert_string_equal(fault.text, "resolve 127.0.0.1 port htpps: the port is neither a number nor a "
                                    "service that is known here");
}

static void the_family_that_was_asked_for_is_told_when_there_is_no_address(void **state)
{
    struct t99_dial dial;
    struct t99_fault fault;

    (void)state;
    memset(&dial, 0, sizeof dial);
    dial.host = "127.0.0.1";
    dial.port = "443";
    dial.family = 6;
    t99_fault_clear(&fault);
    assert_false(t99_dial(&dial, &fault));
    assert_int_equal(strncmp(fault.text, "resolve 127.0.0.1 port 443: ", 28), 0);
    assert_non_null(strstr(fault.text, " (only IPv6 addresses were asked for)"));
}

static void a_name_that_does_not_exist_says_so(void **state)
{
    struct t99_dial dial;
    struct t99_fault fault;

    (void)state;
    memset(&dial, 0, sizeof dial);
    dial.host = "no-such-host.invalid"; /* RFC 6761, 6.4 */
    dial.port = "443";
    t99_fault_clear(&fault);
    assert_false(t99_dial(&dial, &fault));
    /* The second where there is no name server at all. */
    assert_true(
        strcmp(fault.text, "resolve no-such-host.invalid port 443: there is no host of that name") == 0 ||
        strcmp(fault.text,
               "resolve no-such-host.invalid port 443: no name server answered: is the network up?") == 0);
}

/* Connections beyond the backlog get no answer: the attempt hangs until the time is over. */
static void a_host_that_does_not_answer_costs_no_more_than_the_timeout(void **state)
{
    struct t99_dial dial;
    struct t99_fault fault;
    char port[8], text[80];
    int listener = local_socket(0, port, sizeof port), held[8], i;
    bool timed_out = false;

    (void)state;
    for (i = 0; i < 8; i++) {
        held[i] = -1;
    }
    for (i = 0; i < 8 && !timed_out; i++) {
        memset(&dial, 0, sizeof dial);
        dial.host = "127.0.0.1";
        dial.port = port;
        dial.timeout_ms = 200;
        t99_fault_clear(&fault);
        timed_out = !t99_dial(&dial, &fault);
        held[i] = dial.fd;
    }
    assert_true(timed_out);
    snprintf(text, sizeof text, "connect to 127.0.0.1 port %s: no answer in time (200 ms)", port);
    assert_string_equal(fault.text, text);
    for (i = 0; i < 8; i++) {
        if (held[i] != -1) {
            close(held[i]);
        }
    }
    close(listener);
}

static void writing_to_nobody_is_an_error_and_no_signal(void **state)
{
    int pair[2], ends[2];
    uint8_t buf[16];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(t99_stream_write(pair[0], "hello", 5), 5);
    assert_int_equal(t99_stream_read(pair[1], buf, sizeof buf), 5);
    close(pair[1]);
    assert_int_equal(t99_stream_write(pair[0], "x", 1), -1);
    assert_int_equal(errno, EPIPE);
    close(pair[0]);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(t99_stream_write(ends[1], "hello", 5), 5);
    assert_int_equal(t99_stream_read(ends[0], buf, sizeof buf), 5);
    close(ends[0]);
    assert_int_equal(t99_stream_write(ends[1], "x", 1), -1);
    assert_int_equal(errno, EPIPE);
    close(ends[1]);
}

struct steps {
    char text[400];
};

static void note_step(void *arg, enum t99_dial_step step, const char *address, const char *port, int error)
{
    static const char *const names[] = { "resolve", "resolved", "syn", "connected", "failed", "dropped" };
    struct steps *s = (struct steps *)arg;
    size_t n = strlen(s->text);

    assert_non_null(port);
    snprintf(s->text + n, sizeof s->text - n, "%s%s%s%s", names[step], address != NULL ? " " : "",
             address != NULL ? address : "",
             error == ECONNREFUSED ? " refused; "
             : error != 0          ? " ?; "
                                   : "; ");
}

static void each_step_is_told_in_order(void **state)
{
    struct t99_dial dial;
    struct t99_fault fault;
    struct steps steps;
    char port[8];
    int listener = local_socket(5, port, sizeof port);

    (void)state;
    memset(&dial, 0, sizeof dial);
    memset(&steps, 0, sizeof steps);
    dial.host = "127.0.0.1";
    dial.port = port;
    dial.step = note_step;
    dial.step_arg = &steps;
    t99_fault_clear(&fault);
    assert_true(t99_dial(&dial, &fault));
    assert_string_equal(steps.text, "resolve; resolved 127.0.0.1; syn 127.0.0.1; connected 127.0.0.1; ");
    close(dial.fd);
    close(listener);
    memset(&steps, 0, sizeof steps);
    assert_false(t99_dial(&dial, &fault));
    assert_string_equal(steps.text, "resolve; resolved 127.0.0.1; syn 127.0.0.1; failed 127.0.0.1 refused; ");
    memset(&steps, 0, sizeof steps);
    dial.host = "host.invalid";
    assert_false(t99_dial(&dial, &fault));
    assert_string_equal(steps.text, "resolve; failed; ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listener_is_reached_and_the_socket_is_blocking),
        cmocka_unit_test(the_second_address_is_tried_when_the_first_refuses),
        cmocka_unit_test(a_refusal_names_address_and_reason),
        cmocka_unit_test(every_address_that_refuses_is_named),
        cmocka_unit_test(a_port_that_is_none_is_shown),
        cmocka_unit_test(the_family_that_was_asked_for_is_told_when_there_is_no_address),
        cmocka_unit_test(a_name_that_does_not_exist_says_so),
        cmocka_unit_test(a_host_that_does_not_answer_costs_no_more_than_the_timeout),
        cmocka_unit_test(each_step_is_told_in_order),
        cmocka_unit_test(writing_to_nobody_is_an_error_and_no_signal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
