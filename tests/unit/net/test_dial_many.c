/* A host with many addresses, none of which answers in time. */
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
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/dial.h"

#define NUM_HELD 16

/* --- A resolver in the place of the system's: every host has this address three times --- */

static struct sockaddr_in address;
static struct addrinfo answers[3];

int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **list)
{
    size_t i;

    (void)host;
    (void)port;
    if ((hints->ai_flags & AI_NUMERICHOST) != 0) {
        return EAI_NONAME;
    }
    for (i = 0; i < 3; i++) {
        answers[i].ai_family = AF_INET;
        answers[i].ai_socktype = SOCK_STREAM;
        answers[i].ai_addr = (struct sockaddr *)(void *)&address;
        answers[i].ai_addrlen = sizeof address;
        answers[i].ai_next = i < 2 ? &answers[i + 1] : NULL;
    }
    *list = answers;
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    (void)list;
}

/* A connection that is made at once: true; its descriptor is kept either way. */
static bool hold(int *fd)
{
    struct pollfd p;

    *fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_not_equal(*fd, -1);
    assert_int_equal(fcntl(*fd, F_SETFL, O_NONBLOCK), 0);
    if (connect(*fd, (struct sockaddr *)(void *)&address, sizeof address) == 0) {
        return true;
    }
    assert_int_equal(errno, EINPROGRESS);
    p.fd = *fd;
    p.events = POLLOUT;
    return poll(&p, 1, 100) == 1;
}

/* Nobody accepts: connections beyond the backlog get no answer, and the next address is not yet due. */
static void addresses_that_were_not_tried_are_counted(void **state)
{
    struct t99_dial dial;
    struct t99_fault fault;
    socklen_t len = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0), held[NUM_HELD], num = 0, i;

    (void)state;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)(void *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 0), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)(void *)&address, &len), 0);
    while (hold(&held[num++])) {
        assert_int_not_equal(num, NUM_HELD);
    }
    memset(&dial, 0, sizeof dial);
    dial.host = "many.example";
    dial.port = "443";
    dial.timeout_ms = 100;
    t99_fault_clear(&fault);
    assert_false(t99_dial(&dial, &fault));
    assert_string_equal(fault.text,
                        "connect to many.example port 443: 127.0.0.1: no answer in time (100 ms); no "
                        "time was left for 2 more");
    assert_int_equal(fault.kind, FAULT_IO);
    assert_int_equal(fault.alert, ALERT_NONE);
    for (i = 0; i < num; i++) {
        close(held[i]);
    }
    close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_that_were_not_tried_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
