#include "base/wipe.h"

#include <string.h>

/* Called through a volatile pointer, so that the stores are not seen as dead. */
static void *(*const volatile wipe_memset)(void *, int, size_t) = memset;

void t99_wipe(void *p, size_t len)
{
    if (len != 0) {
        wipe_memset(p, 0, len);
    }
}
