/* What a file is that holds no certificate. */
#ifndef CERTINFO_GUESS_H
#define CERTINFO_GUESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* It may be a single DER value: what it is, guess_other() tells. */
bool guess_is_der(const uint8_t *p, size_t len);

/*
 * Goes on after the file's name, and says what to do if there is something to do. NULL: DER that may be a
 * certificate.
 */
const char *guess_other(const uint8_t *p, size_t len);

#endif
