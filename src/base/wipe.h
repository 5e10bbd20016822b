/* Secrets are overwritten after use, in a way that the compiler keeps. */
#ifndef T99_BASE_WIPE_H
#define T99_BASE_WIPE_H

#include <stddef.h>

/* Sets len bytes to zero, also where nobody reads them again. p may be NULL when len is 0. */
void t99_wipe(void *p, size_t len);

#endif
