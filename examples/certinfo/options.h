/* The command line of certinfo. */
#ifndef CERTINFO_OPTIONS_H
#define CERTINFO_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_INPUTS 1024

/* Of several inputs the worst one's counts. */
enum exit_code { EXIT_ACCEPTED = 0, EXIT_REJECTED = 1, EXIT_TROUBLE = 2 };

struct options {
    const char *host, *cacert, *capath, *crl;
    int64_t at; /* seconds since 1970; 0: the clock */
    bool strict, json, no_verify;
    int timeout; /* seconds for each server */
    const char *inputs[MAX_INPUTS];
    size_t num_inputs;
};

/* False: wrong, and said so on stderr. *done: nothing is left to do (--help, --version). */
bool options_parse(struct options *o, int argc, char **argv, bool *done);

#endif
