/* Colour on terminals: https://no-color.org. */
#ifndef CERTINFO_PAINT_H
#define CERTINFO_PAINT_H

#include <stdbool.h>

#define PAINT_BOLD "1"
#define PAINT_RED "1;31"
#define PAINT_GREEN "32"
#define PAINT_YELLOW "33"
#define PAINT_CYAN "36"

/* To stdout. In lines of 80 columns, all in one colour. */
void paint_fold(bool colour, const char *code, const char *text);
/* What the library gave: outlines of certificates, and the tree of a search. */
void paint_certificates(bool colour, const char *text);
void paint_tree(bool colour, const char *text);

#endif
