/* From options to a tls_config. */
#ifndef HTTPS_GET_SETTINGS_H
#define HTTPS_GET_SETTINGS_H

#include <tls.h>

#include "https_get/options.h"

/* EXIT_OK, or an exit code; complaints are on stderr. *session_fd: to be closed after the config. */
int settings_apply(struct tls_config *config, const struct options *o, int *session_fd);

#endif
