/* The socket between the shim and the runner. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bogo/shim.h"

void broken(const char *why)
{
    fprintf(stderr, "broken: %s\n", why);
    _exit(EXIT_BROKEN);
}

bool fail_text(const char *text)
{
    fprintf(stderr, "error: %s\n", text);
    return false;
}

int dial(const struct command_line *command)
{
    struct sockaddr_in6 v6;
    struct sockaddr_in v4;
    uint8_t id[8];
    int on = 1, fd = socket(command->ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0), r, i;

    memset(&v6, 0, sizeof v6);
    memset(&v4, 0, sizeof v4);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons((uint16_t)command->port);
    v6.sin6_addr = in6addr_loopback;
    v4.sin_family = AF_INET;
    v4.sin_port = htons((uint16_t)command->port);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    r = command->ipv6 ? connect(fd, (const struct sockaddr *)(const void *)&v6, sizeof v6)
                      : connect(fd, (const struct sockaddr *)(const void *)&v4, sizeof v4);
    if (fd == -1 || r != 0) {
        broken("cannot connect to the runner");
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (i = 0; i < 8; i++) {
        id[i] = (uint8_t)(command->shim_id >> 8 * i);
    }
    if (write(fd, id, sizeof id) != (ssize_t)sizeof id) {
        broken("cannot greet the runner");
    }
    return fd;
}

void hang_up(int fd)
{
    uint8_t buf[512];

    shutdown(fd, SHUT_WR);
    while (read(fd, buf, sizeof buf) > 0) {
    }
    close(fd);
}

void flush_some(struct connection *c, size_t limit)
{
    const uint8_t *p;
    size_t len, most;
    ssize_t n;

    while (limit > 0 && (p = t99_engine_out(c->engine, &len), len != 0)) {
        most = c->flags->async ? 1 : limit;
        n = send(c->fd, p, len < most ? len : most, MSG_NOSIGNAL);
        if (n <= 0) {
            t99_engine_sent(c->engine, len); /* nobody reads it any more */
            return;
        }
        t99_engine_sent(c->engine, (size_t)n);
        limit -= (size_t)n;
    }
}

void flush(struct connection *c)
{
    flush_some(c, SIZE_MAX);
}

/* The first fault stays, whatever is called afterwards, and nothing more is sent. */
static void must_be_sticky(const struct connection *c)
{
    struct t99_engine *e = c->engine;
    const struct t99_fault first = *t99_engine_fault(e);
    uint8_t buf[8] = { 0 };
    size_t n, out;

    if (t99_engine_read(e, buf, sizeof buf, &n) || t99_engine_write(e, buf, sizeof buf, &n) ||
        t99_engine_received(e, 1) || t99_engine_start(e) || t99_engine_close(e) || t99_engine_eof(e)) {
        broken("a call succeeded after a failure");
    }
    if (memcmp(&first, t99_engine_fault(e), sizeof first) != 0) {
        broken("another error after the first one");
    }
    t99_engine_out(e, &out);
    if (out != 0) {
        broken("something is to be sent after the failure");
    }
}

bool fail(struct connection *c)
{
    const struct t99_fault *f = t99_engine_fault(c->engine);

    flush(c);
    fprintf(stderr, "error: %s\nalert: %s\n", f->text, t99_alert_name(f->alert));
    must_be_sticky(c);
    return false;
}

bool fill(struct connection *c)
{
    size_t want;
    uint8_t *p = t99_engine_in(c->engine, &want);
    ssize_t n;

    if (p == NULL || want == 0) {
        return fail(c);
    }
    do {
        n = read(c->fd, p, c->flags->async ? 1 : want);
    } while (n < 0 && errno == EINTR);
    if (n <= 0 ? !t99_engine_eof(c->engine) : !t99_engine_received(c->engine, (size_t)n)) {
        return fail(c);
    }
    return true;
}
