/*
 * Shows certificates as a person wants to read them, and the verdict over them as a tree of candidate paths.
 * Options and exit codes: --help; what --json writes: certinfo/certinfo.schema.json.
 */
#include <signal.h>
#include <stdio.h>

#include "certinfo/options.h"
#include "certinfo/report.h"
#include "certinfo/source.h"

/* Trust anchors and rules; NULL: said why not. */
static struct tls_config *make_config(const struct options *o)
{
    struct tls_config *config = tls_config_new();

    if (config == NULL) {
        fputs("certinfo: out of memory\n", stderr);
        return NULL;
    }
    if ((o->cacert != NULL && tls_config_set_ca_file(config, o->cacert) != 0) ||
        (o->capath != NULL && tls_config_set_ca_path(config, o->capath) != 0) ||
        (o->crl != NULL && tls_config_set_crl_file(config, o->crl) != 0)) {
        fprintf(stderr, "certinfo: %s\n", tls_config_error(config));
        tls_config_free(config);
        return NULL;
    }
    if (o->strict) {
        tls_config_verify_strict(config);
    }
    return config;
}

int main(int argc, char **argv)
{
    static struct options o;
    static struct source s;
    struct tls_config *config = NULL;
    struct report r;
    bool done;
    int code = EXIT_ACCEPTED, one;
    size_t i;

    if (!options_parse(&o, argc, argv, &done)) {
        return EXIT_TROUBLE;
    }
    if (done) {
        return EXIT_ACCEPTED;
    }
    if (!o.no_verify && (config = make_config(&o)) == NULL) {
        return EXIT_TROUBLE;
    }
    (void)signal(SIGPIPE, SIG_IGN); /* of a server that is gone: an error like others */
    report_begin(&r, &o, config);
    for (i = 0; i < o.num_inputs; i++) {
        (void)source_read(&s, &o, o.inputs[i]);
        one = report_input(&r, &s);
        code = one > code ? one : code;
        source_free(&s);
    }
    report_end(&r, code);
    tls_config_free(config);
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? code : EXIT_TROUBLE;
}
