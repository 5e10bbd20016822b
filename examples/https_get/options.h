/* The command line of https_get: curl's names. */
#ifndef HTTPS_GET_OPTIONS_H
#define HTTPS_GET_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_LIST 64 /* URLs, headers, --resolve entries */

/* curl's exit codes, where one fits. */
enum exit_code {
    EXIT_OK = 0,
    EXIT_USAGE = 2,
    EXIT_URL = 3,
    EXIT_RESOLVE = 6,
    EXIT_CONNECT = 7,
    EXIT_BAD_ANSWER = 8,
    EXIT_PARTIAL = 18,
    EXIT_WRITE = 23,
    EXIT_MEMORY = 27,
    EXIT_TIMEOUT = 28,
    EXIT_TLS = 35,
    EXIT_REDIRECTS = 47,
    EXIT_EMPTY = 52,
    EXIT_SEND = 55,
    EXIT_RECEIVE = 56,
    EXIT_CLIENT_CERT = 58,
    EXIT_CIPHERS = 59,
    EXIT_CERTIFICATE = 60,
    EXIT_CA_FILE = 77,
    EXIT_STAPLE = 91
};

enum explain { EXPLAIN_NO, EXPLAIN_TEXT, EXPLAIN_JSON };

struct options {
    bool verbose, head, follow, insecure, silent, progress, no_alpn, legacy_rsa, early_data, cert_status,
        no_status, strict;
    enum explain explain;
    const char *output, *cacert, *capath, *ciphers, *tls13_ciphers, *curves, *session, *cert, *key, *pass;
    unsigned min_version, max_version; /* 12, 13 */
    int family;                        /* 0, 4, 6 */
    double connect_timeout, max_time;  /* seconds; 0: none */
    const char *headers[MAX_LIST], *resolve[MAX_LIST], *urls[MAX_LIST];
    size_t num_headers, num_resolve, num_urls;
};

/* False: wrong, and said so on stderr. *done: nothing is left to do (--help). */
bool options_parse(struct options *o, int argc, char **argv, bool *done);

#endif
