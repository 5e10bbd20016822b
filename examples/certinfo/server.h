/* Fetches what a server sends, without judging it. */
#ifndef CERTINFO_SERVER_H
#define CERTINFO_SERVER_H

#include <stdbool.h>

#include "certinfo/options.h"
#include "certinfo/source.h"

bool server_fetch(struct source *s, const struct options *o);

#endif
