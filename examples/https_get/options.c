#include "https_get/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "https_get/request.h"
#include "https_get/version.h"

enum kind { FLAG, TEXT, SECRET, LIST, SECONDS, NUMBER, CALL };

/* A row an option: how it is called, and where its value goes. */
struct row {
    const char *shorter, *longer;
    enum kind kind;
    size_t offset;
    size_t count_offset; /* LIST: of the number */
    bool (*call)(struct options *o, const char *value);
    const char *argument, *help;
};

#define MAX_REDIRECTS 50 /* unless --max-redirs says otherwise: curl's number */
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

static bool add(const char **list, size_t *num, const char *value)
{
    if (*num == MAX_LIST) {
        return false;
    }
    list[(*num)++] = value;
    return true;
}

const char output_remote_name[] = "";

static bool set_remote_name(struct options *o, const char *value)
{
    (void)value;
    return add(o->outputs, &o->num_outputs, output_remote_name);
}

static bool set_header(struct options *o, const char *value)
{
    return request_header_ok(value) && add(o->headers, &o->num_headers, value);
}

/* HOST:PORT:ADDR */
static bool set_resolve(struct options *o, const char *value)
{
    const char *port = strchr(value, ':'), *address = port != NULL ? strchr(port + 1, ':') : NULL;

    return address != NULL && port > value && address > port + 1 && address[1] != '\0' &&
           add(o->resolve, &o->num_resolve, value);
}

static const struct row rows[] = {
    { "-A", "--user-agent", TEXT, AT(user_agent), 0, NULL, "NAME", "how the request calls itself" },
    { NULL, "--cacert", TEXT, AT(cacert), 0, NULL, "FILE", "trust anchors (PEM)" },
    { NULL, "--capath", TEXT, AT(capath), 0, NULL, "DIR", "trust anchors: all PEM files there" },
    { "-E", "--cert", SECRET, AT(cert), 0, NULL, "FILE[:PASSWORD]", "client certificate (PEM)" },
    { NULL, "--cert-status", FLAG, AT(cert_status), 0, NULL, NULL, "require a stapled OCSP response" },
    { NULL, "--ciphers", TEXT, AT(ciphers), 0, NULL, "LIST", "cipher suites of TLS 1.2" },
    { NULL, "--connect-timeout", SECONDS, AT(connect_timeout), 0, NULL, "SECONDS", "for DNS, TCP and TLS" },
    { NULL, "--crlfile", TEXT, AT(crlfile), 0, NULL, "FILE", "revocation lists (PEM)" },
    { NULL, "--curves", TEXT, AT(curves), 0, NULL, "LIST", "groups for key exchange" },
    { NULL, "--explain", CALL, 0, 0, set_explain, NULL, "draw the connection (=json: for tools)" },
    { "-f", "--fail", FLAG, AT(fail), 0, NULL, NULL, "statuses from 400 on are errors" },
    { "-I", "--head", FLAG, AT(head), 0, NULL, NULL, "ask for the headers only" },
    { "-H", "--header", CALL, 0, 0, set_header, "LINE", "a further line of the request" },
    { "-i", "--include", FLAG, AT(include), 0, NULL, NULL, "write the headers before the body" },
    { "-k", "--insecure", FLAG, AT(insecure), 0, NULL, NULL, "do not verify the server" },
    { "-4", "--ipv4", CALL, 0, 0, set_v4, NULL, "IPv4 only" },
    { "-6", "--ipv6", CALL, 0, 0, set_v6, NULL, "IPv6 only" },
    { NULL, "--key", TEXT, AT(key), 0, NULL, "FILE", "key of --cert, if not in that file" },
    { NULL, "--legacy-rsa", FLAG, AT(legacy_rsa), 0, NULL, NULL, "offer RSA key transport (TLS 1.2)" },
    { "-L", "--location", FLAG, AT(follow), 0, NULL, NULL, "follow redirects" },
    { NULL, "--max-redirs", NUMBER, AT(max_redirects), 0, NULL, "NUMBER", "at most so many; -1: no limit" },
    { "-m", "--max-time", SECONDS, AT(max_time), 0, NULL, "SECONDS", "for all of a transfer" },
    { NULL, "--no-alpn", FLAG, AT(no_alpn), 0, NULL, NULL, "do not name a protocol" },
    { NULL, "--no-status-request", FLAG, AT(no_status), 0, NULL, NULL, "do not ask for an OCSP response" },
    { "-o", "--output", LIST, AT(outputs), AT(num_outputs), NULL, "FILE", "where the body goes" },
    { NULL, "--pass", SECRET, AT(pass), 0, NULL, "PASSWORD", "of the private key" },
    { NULL, "--post-handshake-auth", FLAG, AT(late_auth), 0, NULL, NULL, "let TLS 1.3 ask late for --cert" },
    { "-#", "--progress-bar", FLAG, AT(progress), 0, NULL, NULL, "show progress, also without terminal" },
    { "-O", "--remote-name", CALL, 0, 0, set_remote_name, NULL, "into a file called as in the URL" },
    { NULL, "--resolve", CALL, 0, 0, set_resolve, "HOST:PORT:ADDR", "take this address" },
    { NULL, "--session", TEXT, AT(session), 0, NULL, "FILE", "keep sessions there; resume them" },
    { "-S", "--show-error", FLAG, AT(show_error), 0, NULL, NULL, "show errors, also with -s" },
    { "-s", "--silent", FLAG, AT(silent), 0, NULL, NULL, "no progress, no errors" },
    { NULL, "--strict", FLAG, AT(strict), 0, NULL, NULL, "all rules of the web PKI" },
    { NULL, "--tls-earlydata", FLAG, AT(early_data), 0, NULL, NULL, "ask in the first flight (0-RTT)" },
    { NULL, "--tls-max", CALL, 0, 0, set_tls_max, "VERSION", "at most this: 1.2, 1.3" },
    { NULL, "--tls13-ciphers", TEXT, AT(tls13_ciphers), 0, NULL, "LIST", "cipher suites of TLS 1.3" },
    { NULL, "--tlsv1.2", CALL, 0, 0, set_tls12, NULL, "TLS 1.2 or later" },
    { NULL, "--tlsv1.3", CALL, 0, 0, set_tls13, NULL, "TLS 1.3 or later" },
    { NULL, "--url", LIST, AT(urls), AT(num_urls), NULL, "URL", "one that begins with a dash" },
    { "-v", "--verbose", FLAG, AT(verbose), 0, NULL, NULL, "show how the connection came about" },
};

#define NUM_ROWS (sizeof rows / sizeof rows[0])

static void usage(FILE *to)
{
    char name[64];
    size_t i;

    fputs("usage: https_get [options] https://host[:port]/path ...\n"
          "  -h, --help                         this list\n"
          "  -V, --version                      the version, and what it speaks\n",
          to);
    for (i = 0; i < NUM_ROWS; i++) {
        snprintf(name, sizeof name, "%s%s%s%s%s", rows[i].shorter != NULL ? rows[i].shorter : "    ",
                 rows[i].shorter != NULL ? ", " : "", rows[i].longer, rows[i].argument != NULL ? " " : "",
                 rows[i].argument != NULL ? rows[i].argument : "");
        fprintf(to, "  %-34s %s\n", name, rows[i].help);
    }
}

static bool complain_option(const char *what, const char *option)
{
    fprintf(stderr, "https_get: %s: %s (--help lists the options)\n", option, what);
    return false;
}

static bool takes_value(const struct row *row)
{
    return row->argument != NULL;
}

/* The value is kept, and wiped where the list of processes shows it. */
static bool hide(const char **field, char *value)
{
    *field = strdup(value);
    memset(value, '*', strlen(value));
    return *field != NULL;
}

/* value may be wiped. */
static bool apply(struct options *o, const struct row *row, char *value)
{
    char *field = (char *)o + row->offset, *end;
    long number;
    size_t *count;
    double seconds;

    if (value == NULL && row->kind != FLAG && row->kind != CALL) {
        return complain_option("needs a value", row->longer);
    }
    switch (row->kind) {
    case FLAG:
        *(bool *)(void *)field = true;
        return true;
    case TEXT:
        *(const char **)(void *)field = value;
        return true;
    case SECRET:
        return hide((const char **)(void *)field, value) || complain_option("out of memory", row->longer);
    case NUMBER:
        number = strtol(value, &end, 10);
        if (end == value || *end != '\0' || number < -1 || number > 1000000) {
            return complain_option("not a number from -1 on", row->longer);
        }
        *(int *)(void *)field = (int)number;
        return true;
    case LIST:
        count = (size_t *)(void *)((char *)o + row->count_offset);
        return add((const char **)(void *)field, count, value) ||
               complain_option("given too often", row->longer);
    case SECONDS:
        seconds = strtod(value, &end);
        if (end == value || *end != '\0' || !(seconds >= 0 && seconds < 1e6)) {
            return complain_option("not a number of seconds", row->longer);
        }
        *(double *)(void *)field = seconds;
        return true;
    default:
        return row->call(o, value) || complain_option("no such value", row->longer);
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
    char *arg = argv[*i], *equals = strchr(arg, '='), *value = equals != NULL ? equals + 1 : NULL;
    const struct row *row = find(arg, equals != NULL ? (size_t)(equals - arg) : strlen(arg));

    if (row == NULL) {
        return complain_option("no such option", arg);
    }
    if (takes_value(row) && value == NULL) {
        if (*i + 1 >= argc) {
            return complain_option("needs a value", arg);
        }
        value = argv[++*i];
    } else if (!takes_value(row) && value != NULL && row->call != set_explain) {
        return complain_option("takes no value", arg);
    }
    return apply(o, row, value);
}

/* "-v", "-sLo file", "-ofile". */
static bool parse_short(struct options *o, int argc, char **argv, int *i)
{
    char *p = argv[*i] + 1;

    while (*p != '\0') {
        const struct row *row = find_short(*p++);

        if (row == NULL) {
            return complain_option("no such option", argv[*i]);
        }
        if (takes_value(row)) {
            if (*p == '\0') {
                if (*i + 1 >= argc) {
                    return complain_option("needs a value", argv[*i]);
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

static bool parse_one(struct options *o, int argc, char **argv, int *i)
{
    const char *arg = argv[*i];

    if (arg[0] != '-' || arg[1] == '\0') {
        return add(o->urls, &o->num_urls, arg) || complain_option("too many URLs", arg);
    }
    return arg[1] == '-' ? parse_long(o, argc, argv, i) : parse_short(o, argc, argv, i);
}

static bool asks_for(const char *arg, const char *shorter, const char *longer)
{
    return strcmp(arg, shorter) == 0 || strcmp(arg, longer) == 0;
}

static bool sensible(const struct options *o)
{
    if (o->num_urls == 0) {
        fputs("https_get: no URL (--help lists the options)\n", stderr);
        return false;
    }
    if (o->min_version > o->max_version) {
        return complain_option("is below the least version", "--tls-max");
    }
    if (o->num_outputs > o->num_urls) {
        return complain_option("more of them than URLs", "-o, -O");
    }
    return true;
}

bool options_parse(struct options *o, int argc, char **argv, bool *done)
{
    bool only_urls = false;
    int i;

    memset(o, 0, sizeof *o);
    o->min_version = 12;
    o->max_version = 13;
    o->max_redirects = MAX_REDIRECTS;
    *done = false;
    for (i = 1; i < argc; i++) {
        if (only_urls) {
            if (!add(o->urls, &o->num_urls, argv[i])) {
                return complain_option("too many URLs", argv[i]);
            }
        } else if (asks_for(argv[i], "-h", "--help") || asks_for(argv[i], "-V", "--version")) {
            if (argv[i][1] == 'h' || argv[i][2] == 'h') {
                usage(stdout);
            } else {
                version_show();
            }
            *done = true;
            return true;
        } else if (strcmp(argv[i], "--") == 0) {
            only_urls = true;
        } else if (!parse_one(o, argc, argv, &i)) {
            return false;
        }
    }
    if (o->explain == EXPLAIN_JSON) { /* stderr gets the document, and nothing else */
        o->verbose = o->progress = false;
    }
    return sensible(o);
}

int complain(const struct options *o, int code, const char *format, ...)
{
    char text[COMPLAINT_MAX], safe[sizeof text];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    if (o->explain == EXPLAIN_JSON && o->complaint != NULL) {
        if (code != EXIT_OK && o->complaint[0] == '\0') {
            memcpy(o->complaint, text, sizeof text);
        }
    } else if (!o->silent || o->show_error) {
        fprintf(stderr, "https_get: %s\n", text_safe(safe, sizeof safe, text, strlen(text)));
    }
    return code;
}
