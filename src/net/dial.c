#include "net/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "net/resolve.h"

#define MAX_ADDRESSES 16
#define ATTEMPT_DELAY_US 250000 /* before the next address joins the race: RFC 8305, 5 */

struct attempt {
    const struct addrinfo *address;
    int fd;    /* -1: not started, or over */
    int error; /* errno of a failure */
};

struct race {
    const struct t99_dial *dial;
    struct attempt attempts[MAX_ADDRESSES];
    size_t num, started;
    int64_t next_start_us, deadline_us; /* deadline 0: none */
};

static int64_t steady_us(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 : 0;
}

/* RFC 8305, 4: the system's order (RFC 6724), but families take turns. */
static void interleave(struct race *race, const struct addrinfo *list)
{
    const struct addrinfo *a = list, *b = list;
    int first = list->ai_family;

    while (race->num < MAX_ADDRESSES && (a != NULL || b != NULL)) {
        while (a != NULL && a->ai_family != first) {
            a = a->ai_next;
        }
        if (a != NULL) {
            race->attempts[race->num++].address = a;
            a = a->ai_next;
        }
        while (b != NULL && b->ai_family == first) {
            b = b->ai_next;
        }
        if (b != NULL && race->num < MAX_ADDRESSES) {
            race->attempts[race->num++].address = b;
            b = b->ai_next;
        }
    }
}

static void address_text(const struct addrinfo *a, char *host, size_t host_len, char *port, size_t port_len)
{
    if (getnameinfo(a->ai_addr, a->ai_addrlen, host, (socklen_t)host_len, port, (socklen_t)port_len,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        (void)snprintf(host, host_len, "?");
        (void)snprintf(port, port_len, "?");
    }
}

static void tell(const struct race *race, enum t99_dial_step step, const struct attempt *a)
{
    char host[T99_ADDRESS_TEXT], port[T99_PORT_TEXT];

    if (race->dial->step != NULL) {
        address_text(a->address, host, sizeof host, port, sizeof port);
        race->dial->step(race->dial->step_arg, step, host, port, a->error);
    }
}

static void finish(struct attempt *a, int error)
{
    if (a->fd != -1) {
        close(a->fd);
        a->fd = -1;
    }
    a->error = error;
}

/* True if it is connected at once. */
static bool connect_to(struct attempt *a)
{
    int on = 1;

    a->fd = socket(a->address->ai_family, SOCK_STREAM, 0);
    if (a->fd == -1) {
        a->error = errno;
        return false;
    }
    if (fcntl(a->fd, F_SETFD, FD_CLOEXEC) == -1 || fcntl(a->fd, F_SETFL, O_NONBLOCK) == -1) {
        finish(a, errno);
        return false;
    }
    (void)setsockopt(a->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(a->fd, a->address->ai_addr, a->address->ai_addrlen) == 0) {
        return true;
    }
    if (errno != EINPROGRESS && errno != EINTR) {
        finish(a, errno);
    }
    return false;
}

static bool start(const struct race *race, struct attempt *a)
{
    tell(race, DIAL_SYN, a);
    if (connect_to(a)) {
        return true;
    }
    if (a->error != 0) {
        tell(race, DIAL_FAILED, a);
    }
    return false;
}

/* A socket that poll reports on: connected, or over. */
static bool settled(const struct race *race, struct attempt *a)
{
    socklen_t len = sizeof a->error;
    int error = 0;

    if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0) {
        error = errno;
    }
    if (error != 0) {
        finish(a, error);
        tell(race, DIAL_FAILED, a);
        return false;
    }
    return true;
}

static size_t running(const struct race *race, struct pollfd *fds, size_t *which)
{
    size_t i, n = 0;

    for (i = 0; i < race->started; i++) {
        if (race->attempts[i].fd != -1) {
            fds[n].fd = race->attempts[i].fd;
            fds[n].events = POLLOUT;
            fds[n].revents = 0;
            which[n++] = i;
        }
    }
    return n;
}

/* Until what happens next, in poll's milliseconds, rounded up; -1: for ever. */
static int wait_ms(const struct race *race, int64_t now)
{
    int64_t until = race->deadline_us;

    if (race->started < race->num && (until == 0 || race->next_start_us < until)) {
        until = race->next_start_us;
    }
    return until == 0 ? -1 : until <= now ? 0 : (int)((until - now + 999) / 1000);
}

/* The winner, or NULL: all failed, or the time is over. */
static struct attempt *run(struct race *race)
{
    struct pollfd fds[MAX_ADDRESSES];
    size_t which[MAX_ADDRESSES], n, i;

    for (;;) {
        int64_t now = steady_us();

        if (race->deadline_us != 0 && now >= race->deadline_us) {
            return NULL;
        }
        n = running(race, fds, which);
        if (race->started < race->num && (n == 0 || now >= race->next_start_us)) {
            struct attempt *a = &race->attempts[race->started++];

            race->next_start_us = now + ATTEMPT_DELAY_US;
            if (start(race, a)) {
                return a;
            }
            continue;
        }
        if (n == 0) {
            return NULL;
        }
        if (poll(fds, (nfds_t)n, wait_ms(race, now)) > 0) {
            for (i = 0; i < n; i++) {
                if (fds[i].revents != 0 && settled(race, &race->attempts[which[i]])) {
                    return &race->attempts[which[i]];
                }
            }
        }
    }
}

/* "connect to h port 443: 192.0.2.1: Connection refused; ...": every address, and what became of it. */
static bool report(const struct race *race, const struct t99_dial *dial, struct t99_fault *fault)
{
    char text[T99_FAULT_TEXT], host[T99_ADDRESS_TEXT], port[T99_PORT_TEXT], waited[40];
    size_t n = 0, i;

    (void)snprintf(waited, sizeof waited, "no answer in time (%d ms)", dial->timeout_ms);
    text[0] = '\0';
    for (i = 0; i < race->started && n < sizeof text; i++) {
        const struct attempt *a = &race->attempts[i];
        bool same;
        int more;

        address_text(a->address, host, sizeof host, port, sizeof port);
        same = strcmp(host, dial->host) == 0; /* it is not said twice */
        more = snprintf(text + n, sizeof text - n, "%s%s%s%s", i == 0 ? "" : "; ", same ? "" : host,
                        same ? "" : ": ", a->error != 0 ? strerror(a->error) : waited);
        n += more > 0 ? (size_t)more : 0;
    }
    if (race->started < race->num && n < sizeof text) {
        (void)snprintf(text + n, sizeof text - n, "; no time was left for %zu more",
                       race->num - race->started);
    }
    return t99_fail_as(fault, FAULT_IO, ALERT_NONE, "connect to %.200s port %.16s: %s", dial->host,
                       dial->port, text);
}

/* Some resolvers take a number of any size, modulo 65536. A name is theirs to judge. */
static bool usable_port(const char *port)
{
    size_t digits = strspn(port, "0123456789");

    return port[digits] != '\0' || (digits <= 5 && atoi(port) > 0 && atoi(port) <= 65535);
}

static bool resolve(const struct t99_dial *dial, struct addrinfo **list, struct t99_fault *fault)
{
    struct t99_lookup what;
    const char *why = NULL;

    if (!usable_port(dial->port)) {
        return t99_fail_as(fault, FAULT_CALLER, ALERT_NONE, "port %.32s is not from 1 to 65535", dial->port);
    }
    memset(&what, 0, sizeof what);
    what.host = dial->host;
    what.port = dial->port;
    what.family = dial->family;
    what.timeout_ms = dial->timeout_ms;
    return t99_resolve(list, &why, &what) ||
           t99_fail_as(fault, FAULT_IO, ALERT_NONE, "resolve %.200s port %.16s: %s%s", dial->host, dial->port,
                       why,
                       dial->family == 4   ? " (only IPv4 addresses were asked for)"
                       : dial->family == 6 ? " (only IPv6 addresses were asked for)"
                                           : "");
}

static bool keep_winner(struct t99_dial *dial, struct attempt *winner, struct t99_fault *fault)
{
    dial->fd = winner->fd;
    winner->fd = -1;
    address_text(winner->address, dial->address, sizeof dial->address, dial->port_number,
                 sizeof dial->port_number);
    if (fcntl(dial->fd, F_SETFL, 0) == -1) {
        int why = errno;

        close(dial->fd);
        dial->fd = -1;
        return t99_fail_as(fault, FAULT_IO, ALERT_NONE, "connect to %.200s port %.16s: %s", dial->host,
                           dial->port, strerror(why));
    }
    return true;
}

/* The losers, which nobody waits for any more. */
static void drop_others(struct race *race, const struct attempt *winner)
{
    size_t i;

    for (i = 0; i < race->started; i++) {
        if (race->attempts[i].fd != -1 && &race->attempts[i] != winner) {
            tell(race, DIAL_DROPPED, &race->attempts[i]);
        }
    }
}

static void begin(struct race *race, const struct t99_dial *dial, const struct addrinfo *list)
{
    size_t i;

    memset(race, 0, sizeof *race);
    race->dial = dial;
    for (i = 0; i < MAX_ADDRESSES; i++) {
        race->attempts[i].fd = -1;
    }
    interleave(race, list);
    for (i = 0; i < race->num; i++) {
        tell(race, DIAL_RESOLVED, &race->attempts[i]);
    }
}

bool t99_dial(struct t99_dial *dial, struct t99_fault *fault)
{
    struct addrinfo *list = NULL;
    struct attempt *winner;
    struct race race;
    int64_t begun = steady_us(), resolved;
    size_t i;
    bool ok;

    dial->fd = -1;
    if (dial->step != NULL) {
        dial->step(dial->step_arg, DIAL_RESOLVE, NULL, dial->port, 0);
    }
    if (!resolve(dial, &list, fault)) {
        if (dial->step != NULL) {
            dial->step(dial->step_arg, DIAL_FAILED, NULL, dial->port, 0);
        }
        return false;
    }
    resolved = steady_us();
    begin(&race, dial, list);
    race.deadline_us = dial->timeout_ms > 0 ? begun + (int64_t)dial->timeout_ms * 1000 : 0;
    winner = run(&race);
    dial->dns_us = resolved - begun;
    dial->tcp_us = steady_us() - resolved;
    if (winner != NULL) {
        tell(&race, DIAL_CONNECTED, winner);
    }
    drop_others(&race, winner);
    ok = winner != NULL ? keep_winner(dial, winner, fault) : report(&race, dial, fault);
    for (i = 0; i < race.started; i++) {
        finish(&race.attempts[i], 0);
    }
    freeaddrinfo(list);
    return ok;
}
