/* Words in settings, and sentences for users. */
#ifndef T99_BASE_TEXT_H
#define T99_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

/*
 * True if the len characters at text are the word (ends with NUL), letters of any case. ASCII only: no locale
 * has a say.
 */
bool t99_same_word(const char *word, const char *text, size_t len);

/*
 * One line of text from a format, into at least 8 bytes. What does not fit is cut after a word, with "...";
 * control characters become '?', so that no sentence can do anything to a terminal. Never allocates.
 */
void t99_sentence(char *out, size_t out_len, const char *format, ...) T99_PRINTF(3, 4);
void t99_sentence_va(char *out, size_t out_len, const char *format, va_list ap) T99_PRINTF(3, 0);

#endif
