/* What a terminal can show. */
#ifndef COMMON_TERMINAL_H
#define COMMON_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Its columns; 0: fd is no terminal, or one that does not know. */
size_t terminal_columns(int fd);

/* True if fd is a terminal, and the user does not object: https://no-color.org, set and not empty. */
bool terminal_colour(int fd);

#endif
