/* One URL: requests, redirects, the body into its place. */
#ifndef HTTPS_GET_FETCH_H
#define HTTPS_GET_FETCH_H

#include "https_get/client.h"

/* output: a file, output_remote_name, or NULL: stdout. EXIT_OK, or an exit code; why has been told. */
int fetch(struct client *c, const char *text, const char *output);

#endif
