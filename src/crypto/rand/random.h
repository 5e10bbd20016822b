/* Random bytes from the operating system: getrandom, arc4random_buf, getentropy or /dev/urandom. */
#ifndef T99_CRYPTO_RAND_RANDOM_H
#define T99_CRYPTO_RAND_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* Fills out with len bytes. False if the system gives none: out is then zeroed and must not be used. */
bool t99_random_system(uint8_t *out, size_t len) T99_MUST_CHECK;

/*
 * The same from a character device with the properties of /dev/urandom, which is what is left where the calls
 * above are missing or forbidden. False if it cannot be opened, is no device, ends or fails.
 */
bool t99_random_device(const char *path, uint8_t *out, size_t len) T99_MUST_CHECK;

#endif
