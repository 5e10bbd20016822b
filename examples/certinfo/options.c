#include "certinfo/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certinfo/when.h"
#include "common/text.h"

#define TIMEOUT 30

enum kind { FLAG, TEXT, SECONDS, WHEN };

struct row {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *argument, *help;
};

#define AT(field) offsetof(struct options, field)

static const struct row rows[] = {
    { "--host", TEXT, AT(host), "NAME", "the name or address that the certificate must have" },
    { "--cacert", TEXT, AT(cacert), "FILE", "trust anchors (PEM) instead of the system's" },
    { "--capath", TEXT, AT(capath), "DIR", "trust anchors: all PEM files there" },
    { "--crl", TEXT, AT(crl), "FILE", "revocation lists (PEM): every certificate needs one" },
    { "--strict", FLAG, AT(strict), NULL, "all rules of the web PKI" },
    { "--at", WHEN, AT(at), "TIME", "judge as of 2026-07-01T12:00:00Z, or seconds since 1970" },
    { "--json", FLAG, AT(json), NULL, "one JSON document: certinfo.schema.json" },
    { "--no-verify", FLAG, AT(no_verify), NULL, "only describe" },
    { "--timeout", SECONDS, AT(timeout), "SECONDS", "for a server; 30 if not given" },
};

#define NUM_ROWS (sizeof rows / sizeof rows[0])

static void usage(void)
{
    char name[64];
    size_t i;

    fputs("usage: certinfo [options] FILE|-|https://host[:port] ...\n"
          "Describes certificates (PEM or DER), and judges them as those of a server: the\n"
          "first of a file is the server's, the others may lead to a trust anchor. What a\n"
          "server sends is fetched unverified, and then judged for its name.\n",
          stdout);
    for (i = 0; i < NUM_ROWS; i++) {
        snprintf(name, sizeof name, "%s%s%s", rows[i].name, rows[i].argument != NULL ? " " : "",
                 rows[i].argument != NULL ? rows[i].argument : "");
        fprintf(stdout, "  %-20s %s\n", name, rows[i].help);
    }
    fputs("  -h, --help           this list\n"
          "  -V, --version        the version\n"
          "Exit status: 0 accepted, 1 rejected, 2 usage, or an input that cannot be read.\n",
          stdout);
}

static bool wrong(const char *option, const char *what)
{
    char safe[256];

    fprintf(stderr, "certinfo: %s: %s (--help lists the options)\n",
            text_safe(safe, sizeof safe, option, strlen(option)), what);
    return false;
}

static bool set_seconds(int *field, const char *value)
{
    char *end;
    long n = strtol(value, &end, 10);

    *field = (int)n;
    return end != value && *end == '\0' && n >= 1 && n <= 86400;
}

static bool apply(struct options *o, const struct row *row, const char *value)
{
    void *field = (char *)o + row->offset;

    if (row->kind == FLAG) {
        *(bool *)field = true;
        return true;
    }
    if (value == NULL) {
        return wrong(row->name, "needs a value");
    }
    switch (row->kind) {
    case TEXT:
        *(const char **)field = value;
        return value[0] != '\0' || wrong(row->name, "needs a value that is not empty");
    case SECONDS:
        return set_seconds((int *)field, value) ||
               wrong(row->name, "not a number of seconds from 1 to 86400");
    default:
        return when_parse((int64_t *)field, value) ||
               wrong(row->name, "not a time after 1970 like 2026-07-01T12:00:00Z, nor seconds since then");
    }
}

static const struct row *find(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < NUM_ROWS; i++) {
        if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* "--name value", "--name=value". Moves *i over a value of its own. */
static bool parse_option(struct options *o, int argc, char **argv, int *i)
{
    const char *arg = argv[*i], *equals = strchr(arg, '='), *value = equals != NULL ? equals + 1 : NULL;
    const struct row *row = find(arg, equals != NULL ? (size_t)(equals - arg) : strlen(arg));

    if (row == NULL) {
        return wrong(arg, "no such option");
    }
    if (row->argument == NULL && value != NULL) {
        return wrong(arg, "takes no value");
    }
    if (row->argument != NULL && value == NULL && *i + 1 < argc) {
        value = argv[++*i];
    }
    return apply(o, row, value);
}

static bool add_input(struct options *o, const char *input)
{
    if (o->num_inputs == MAX_INPUTS) {
        return wrong(input, "too many inputs");
    }
    o->inputs[o->num_inputs++] = input;
    return true;
}

static bool is_option(const char *arg)
{
    return arg[0] == '-' && arg[1] != '\0';
}

bool options_parse(struct options *o, int argc, char **argv, bool *done)
{
    bool only_inputs = false;
    int i;

    memset(o, 0, sizeof *o);
    o->timeout = TIMEOUT;
    *done = false;
    for (i = 1; i < argc; i++) {
        if (only_inputs || !is_option(argv[i])) {
            if (!add_input(o, argv[i])) {
                return false;
            }
        } else if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
            usage();
            *done = true;
            return true;
        } else if (strcmp(argv[i], "-V") == 0 || strcmp(argv[i], "--version") == 0) {
            puts("certinfo " TLS99_VERSION);
            *done = true;
            return true;
        } else if (strcmp(argv[i], "--") == 0) {
            only_inputs = true;
        } else if (!parse_option(o, argc, argv, &i)) {
            return false;
        }
    }
    if (o->cacert != NULL && o->capath != NULL) {
        return wrong("--capath", "not together with --cacert");
    }
    if (o->num_inputs == 0) {
        fputs("certinfo: nothing to look at (--help says how it is called)\n", stderr);
        return false;
    }
    return true;
}
