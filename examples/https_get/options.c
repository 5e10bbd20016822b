#include "https_get/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { FLAG, TEXT, LIST, SECONDS, CALL };

/* A row an option: how it is called, and where its value goes. */
struct row {
    const char *shorter, *longer;
    enum kind kind;
    size_t offset;
    size_t count_offset; /* LIST: of the number */
    bool (*call)(struct options *o, const char *value);
    const char *argument, *help;
};

#define AT(field) offsetof(struct options, field)

static bool set_tls12(struct options *o, const char *value)
{
    (void)value;
    o->min_version = 12;
    return true;
}

static bool set_tls13(struct options *o, const char *value)
{
    (void)value;
    o->min_version = 13;
    return true;
}

static bool set_tls_max(struct options *o, const char *value)
{
    o->max_version = strcmp(value, "1.2") == 0                                    ? 12
                     : strcmp(value, "1.3") == 0 || strcmp(value, "default") == 0 ? 13
                                                                                  : 0;
    return o->max_version != 0;
}

static bool set_v4(struct options *o, const char *value)
{
    (void)value;
    o->family = 4;
    return true;
}

static bool set_v6(struct options *o, const char *value)
{
    (void)value;
    o->family = 6;
    return true;
}

static bool set_explain(struct options *o, const char *value)
{
    o->explain = value == NULL ? EXPLAIN_TEXT : strcmp(value, "json") == 0 ? EXPLAIN_JSON : EXPLAIN_NO;
    return o->explain != EXPLAIN_NO;
}

static const struct row rows[] = {
    { "-v", "--verbose", FLAG, AT(verbose), 0, NULL, NULL, "show on stderr how the connection came about" },
    { "-o", "--output", TEXT, AT(output), 0, NULL, "FILE", "write the body there" },
    { "-I", "--head", FLAG, AT(head), 0, NULL, NULL, "ask for the headers only" },
    { "-L", "--location", FLAG, AT(follow), 0, NULL, NULL, "follow redirects" },
    { "-k", "--insecure", FLAG, AT(insecure), 0, NULL, NULL, "do not verify the server's certificate" },
    { NULL, "--cacert", TEXT, AT(cacert), 0, NULL, "FILE", "trust anchors (PEM)" },
    { NULL, "--capath", TEXT, AT(capath), 0, NULL, "DIR", "trust anchors: all PEM files there" },
    { NULL, "--tlsv1.2", CALL, 0, 0, set_tls12, NULL, "TLS 1.2 or later" },
    { NULL, "--tlsv1.3", CALL, 0, 0, set_tls13, NULL, "TLS 1.3 or later" },
    { NULL, "--tls-max", CALL, 0, 0, set_tls_max, "VERSION", "at most this: 1.2, 1.3" },
    { NULL, "--ciphers", TEXT, AT(ciphers), 0, NULL, "LIST", "cipher suites of TLS 1.2" },
    { NULL, "--tls13-ciphers", TEXT, AT(tls13_ciphers), 0, NULL, "LIST", "cipher suites of TLS 1.3" },
    { NULL, "--curves", TEXT, AT(curves), 0, NULL, "LIST", "groups for key exchange" },
    { NULL, "--resolve", LIST, AT(resolve), AT(num_resolve), NULL, "HOST:PORT:ADDR", "take this address" },
    { NULL, "--connect-timeout", SECONDS, AT(connect_timeout), 0, NULL, "SECONDS", "for DNS and TCP" },
    { "-m", "--max-time", SECONDS, AT(max_time), 0, NULL, "SECONDS", "for everything" },
    { "-H", "--header", LIST, AT(headers), AT(num_headers), NULL, "LINE", "a further line of the request" },
    { "-s", "--silent", FLAG, AT(silent), 0, NULL, NULL, "no progress, no error messages" },
    { "-#", "--progress-bar", FLAG, AT(progress), 0, NULL, NULL, "show progress" },
    { "-4", "--ipv4", CALL, 0, 0, set_v4, NULL, "IPv4 only" },
    { "-6", "--ipv6", CALL, 0, 0, set_v6, NULL, "IPv6 only" },
    { NULL, "--no-alpn", FLAG, AT(no_alpn), 0, NULL, NULL, "do not name a protocol" },
    { NULL, "--legacy-rsa", FLAG, AT(legacy_rsa), 0, NULL, NULL, "offer RSA key transport too (TLS 1.2)" },
    { NULL, "--session", TEXT, AT(session), 0, NULL, "FILE", "keep the session there, and resume it" },
    { NULL, "--tls-earlydata", FLAG, AT(early_data), 0, NULL, NULL,
      "send the request as early data if a session allows" },
    { "-E", "--cert", TEXT, AT(cert), 0, NULL, "FILE[:PASSWORD]", "client certificate (PEM)" },
    { NULL, "--key", TEXT, AT(key), 0, NULL, "FILE", "its private key, if not in the same file" },
    { NULL, "--pass", TEXT, AT(pass), 0, NULL, "PASSWORD", "of the private key" },
    { NULL, "--cert-status", FLAG, AT(cert_status), 0, NULL, NULL, "require a stapled OCSP response" },
    { NULL, "--no-status-request", FLAG, AT(no_status), 0, NULL, NULL, "do not ask for an OCSP response" },
    { NULL, "--strict", FLAG, AT(strict), 0, NULL, NULL,
      "certificates to the letter of the web PKI's rules" },
    { NULL, "--explain", CALL, 0, 0, set_explain, NULL,
      "draw the connection on stderr; --explain=json for tools" },
};

#define NUM_ROWS (sizeof rows / sizeof rows[0])

static void usage(FILE *to)
{
    char name[64];
    size_t i;

    fputs("usage: https_get [options] https://host[:port]/path ...\n", to);
    for (i = 0; i < NUM_ROWS; i++) {
        snprintf(name, sizeof name, "%s%s%s%s%s", rows[i].shorter != NULL ? rows[i].shorter : "    ",
                 rows[i].shorter != NULL ? ", " : "", rows[i].longer, rows[i].argument != NULL ? " " : "",
                 rows[i].argument != NULL ? rows[i].argument : "");
        fprintf(to, "  %-34s %s\n", name, rows[i].help);
    }
}

static bool complain(const char *what, const char *option)
{
    fprintf(stderr, "https_get: %s: %s (--help lists the options)\n", option, what);
    return false;
}

static bool takes_value(const struct row *row)
{
    return row->argument != NULL;
}

static bool apply(struct options *o, const struct row *row, const char *value)
{
    char *field = (char *)o + row->offset, *end;
    size_t *count;
    double seconds;

    switch (row->kind) {
    case FLAG:
        *(bool *)(void *)field = true;
        return true;
    case TEXT:
        *(const char **)(void *)field = value;
        return true;
    case LIST:
        count = (size_t *)(void *)((char *)o + row->count_offset);
        if (*count == MAX_LIST) {
            return complain("given too often", row->longer);
        }
        ((const char **)(void *)field)[(*count)++] = value;
        return true;
    case SECONDS:
        seconds = strtod(value, &end);
        if (end == value || *end != '\0' || !(seconds >= 0 && seconds < 1e6)) {
            return complain("not a number of seconds", row->longer);
        }
        *(double *)(void *)field = seconds;
        return true;
    default:
        return row->call(o, value) || complain("no such value", row->longer);
    }
}

static const struct row *find(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < NUM_ROWS; i++) {
        if (strlen(rows[i].longer) == len && memcmp(rows[i].longer, name, len) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static const struct row *find_short(char letter)
{
    size_t i;

    for (i = 0; i < NUM_ROWS; i++) {
        if (rows[i].shorter != NULL && rows[i].shorter[1] == letter) {
            return &rows[i];
        }
    }
    return NULL;
}

/* "--name value", "--name=value". Moves *i over a value of its own. */
static bool parse_long(struct options *o, int argc, char **argv, int *i)
{
    const char *arg = argv[*i], *equals = strchr(arg, '='), *value = equals != NULL ? equals + 1 : NULL;
    const struct row *row = find(arg, equals != NULL ? (size_t)(equals - arg) : strlen(arg));

    if (row == NULL) {
        return complain("no such option", arg);
    }
    if (takes_value(row) && value == NULL) {
        if (*i + 1 >= argc) {
            return complain("needs a value", arg);
        }
        value = argv[++*i];
    } else if (!takes_value(row) && value != NULL && row->call != set_explain) {
        return complain("takes no value", arg);
    }
    return apply(o, row, value);
}

/* "-v", "-sLo file", "-ofile". */
static bool parse_short(struct options *o, int argc, char **argv, int *i)
{
    const char *p = argv[*i] + 1;

    while (*p != '\0') {
        const struct row *row = find_short(*p++);

        if (row == NULL) {
            return complain("no such option", argv[*i]);
        }
        if (takes_value(row)) {
            if (*p == '\0') {
                if (*i + 1 >= argc) {
                    return complain("needs a value", argv[*i]);
                }
                p = argv[++*i];
            }
            return apply(o, row, p);
        }
        if (!apply(o, row, NULL)) {
            return false;
        }
    }
    return true;
}

bool options_parse(struct options *o, int argc, char **argv, bool *done)
{
    int i;

    memset(o, 0, sizeof *o);
    o->min_version = 12;
    o->max_version = 13;
    *done = false;
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            usage(stdout);
            *done = true;
            return true;
        }
        if (argv[i][0] != '-' || argv[i][1] == '\0') {
            if (o->num_urls == MAX_LIST) {
                return complain("too many URLs", argv[i]);
            }
            o->urls[o->num_urls++] = argv[i];
        } else if (!(argv[i][1] == '-' ? parse_long(o, argc, argv, &i) : parse_short(o, argc, argv, &i))) {
            return false;
        }
    }
    if (o->num_urls == 0) {
        usage(stderr);
        return false;
    }
    if (o->min_version > o->max_version) {
        return complain("is below the least version", "--tls-max");
    }
    return true;
}
