/* The shortest complete client: fetches https://HOST/ and writes what comes to stdout. */
#include <stdio.h>
#include <string.h>
#include <tls.h>

static int fail(struct tls *ctx)
{
    fprintf(stderr, "minimal: %s\n", tls_error(ctx));
    tls_free(ctx);
    return 1;
}

int main(int argc, char **argv)
{
    const char *host = argc > 1 ? argv[1] : "example.com", *port = argc > 2 ? argv[2] : "443";
    struct tls *ctx = tls_client(); /* the certificate is checked against the system's authorities */
    char buf[16384];
    size_t done = 0, len;
    ssize_t n;

    if (ctx == NULL) {
        return 1;
    }
    len = (size_t)snprintf(buf, sizeof buf, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host);
    if (tls_connect(ctx, host, port) == -1) {
        return fail(ctx);
    }
    while (done < len) { /* the handshake is done by the first write */
        n = tls_write(ctx, buf + done, len - done);
        if (n == -1) {
            return fail(ctx);
        }
        if (n > 0) { /* TLS_WANT_POLLIN, TLS_WANT_POLLOUT: again */
            done += (size_t)n;
        }
    }
    while ((n = tls_read(ctx, buf, sizeof buf)) != 0) {
        if (n == -1) {
            return fail(ctx);
        }
        if (n > 0) {
            fwrite(buf, 1, (size_t)n, stdout);
        }
    }
    if (tls_close(ctx) == -1) { /* no close_notify: the answer may be cut short */
        return fail(ctx);
    }
    tls_free(ctx);
    return 0;
}
