/* Fetches https URLs, and shows how each connection came about. Options and exit codes: see https_get(1). */
#include <signal.h>
#include <stdlib.h>

#include "https_get/client.h"
#include "https_get/fetch.h"
#include "https_get/options.h"

int main(int argc, char **argv)
{
    static struct options o;
    static struct client c;
    static char complaint[COMPLAINT_MAX];
    bool done = false;
    int code, one;
    size_t i;

    if (!options_parse(&o, argc, argv, &done)) {
        return EXIT_USAGE;
    }
    if (done) {
        return EXIT_OK;
    }
    o.complaint = complaint;
    (void)signal(SIGPIPE, SIG_IGN); /* a closed stdout is an error like others */
    code = client_open(&c, &o);
    if (code == EXIT_OK) {
        for (i = 0; i < o.num_urls; i++) {
            one = fetch(&c, o.urls[i], i < o.num_outputs ? o.outputs[i] : NULL);
            code = code == EXIT_OK ? one : code;
        }
    }
    client_close(&c);
    return code;
}
