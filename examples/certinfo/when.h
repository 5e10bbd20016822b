/* Times as people write them: RFC 3339. */
#ifndef CERTINFO_WHEN_H
#define CERTINFO_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * "2026-07-01T12:00:00Z", "2026-07-01 14:00:00.5+02:00", "2026-07-01", "1782907200". From 1 on, to the end of
 * year 9999.
 */
bool when_parse(int64_t *seconds, const char *text);

#endif
