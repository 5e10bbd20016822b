#include "common/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

size_t terminal_columns(int fd)
{
#ifdef TIOCGWINSZ
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) == 0) {
        return size.ws_col;
    }
#endif
    (void)fd;
    return 0;
}

bool terminal_colour(int fd)
{
    const char *no_colour = getenv("NO_COLOR");

    return isatty(fd) != 0 && (no_colour == NULL || no_colour[0] == '\0');
}
