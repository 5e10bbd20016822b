/* Words in settings. ASCII only: no locale has a say. */
#ifndef T99_BASE_TEXT_H
#define T99_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* True if the len characters at text are the word (ends with NUL), letters of any case. */
bool t99_same_word(const char *word, const char *text, size_t len);

#endif
