/* The command line of https_get: curl's names. */
#ifndef HTTPS_GET_OPTIONS_H
#define HTTPS_GET_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define COMPLAINT_MAX 4096
#define MAX_LIST 256 /* URLs, outputs, headers, --resolve entries */

/* curl's exit codes, where one fits. */
enum exit_code {
    EXIT_OK = 0,
    EXIT_PROTOCOL = 1,
    EXIT_USAGE = 2,
    EXIT_URL = 3,
    EXIT_RESOLVE = 6,
    EXIT_CONNECT = 7,
    EXIT_BAD_ANSWER = 8,
    EXIT_PARTIAL = 18,
    EXIT_HTTP_ERROR = 22,
    EXIT_WRITE = 23,
    EXIT_READ = 26,
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
    EXIT_CODING = 61,
    EXIT_CA_FILE = 77,
    EXIT_CRL_FILE = 82,
    EXIT_STAPLE = 91
};

enum explain { EXPLAIN_NO, EXPLAIN_TEXT, EXPLAIN_JSON };

/* What -O puts into the list of outputs. */
extern const char output_remote_name[];

struct options {
    bool verbose, head, include, follow, fail, insecure, silent, show_error, progress, no_alpn, legacy_rsa,
        early_data, cert_status, no_status, strict, late_auth;
    enum explain explain;
    char *complaint; /* EXPLAIN_JSON: COMPLAINT_MAX bytes that keep the first one for the document */
    const char *cacert, *capath, *crlfile, *ciphers, *tls13_ciphers, *curves, *session, *cert, *key, *pass,
        *user_agent;
    unsigned min_version, max_version; /* 12, 13 */
    int family;                        /* 0, 4, 6 */
    int max_redirects;                 /* -1: no limit */
    double connect_timeout, max_time;  /* seconds; 0: none */
    /* The nth output is the nth URL's; those without go to stdout. */
    const char *headers[MAX_LIST], *resolve[MAX_LIST], *urls[MAX_LIST], *outputs[MAX_LIST];
    size_t num_headers, num_resolve, num_urls, num_outputs;
};

/* False: wrong, and said so on stderr. *done: nothing is left to do (--help, --version). */
bool options_parse(struct options *o, int argc, char **argv, bool *done);

/* Errors end in one sentence: "https_get: ..." on stderr, unless -s without -S. Returns code. */
int complain(const struct options *o, int code, const char *format, ...);

#endif
