/* How the connection ended: what protects it, or why there is none. */
#ifndef HTTPS_GET_PANEL_H
#define HTTPS_GET_PANEL_H

#include <stdint.h>
#include <tls.h>

#include "https_get/decide.h"
#include "https_get/diagram.h"

/* After a handshake that was completed. */
void panel_security(struct diagram *p, const struct decider *d, int64_t total_us);
/* After one that was not. */
void panel_failure(struct diagram *p, const struct decider *d, const char *error);

#endif
