/* Bytes written as hex digits in test programs; blanks between them do not count. */
#ifndef TESTS_HEX_H
#define TESTS_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Writes the bytes to out and returns how many. Ends the program if they are more than cap, or no hex
 * digits.
 */
static inline size_t hex_read(uint8_t *out, size_t cap, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0;

    for (; *text != '\0'; text++) {
        const char *p = strchr(digits, *text);

        if (*text == ' ') {
            continue;
        }
        if (p == NULL || n / 2 >= cap) {
            fprintf(stderr, "hex: no digit, or too many: %.40s\n", text);
            exit(2);
        }
        if (n % 2 == 0) {
            out[n / 2] = 0;
        }
        out[n / 2] = (uint8_t)(out[n / 2] << 4 | (uint8_t)(p - digits));
        n++;
    }
    if (n % 2 != 0) {
        fprintf(stderr, "hex: odd number of digits\n");
        exit(2);
    }
    return n / 2;
}

/* True if the len bytes are what the text says; prints both if not. */
static inline bool hex_equal(const void *bytes, size_t len, const char *text)
{
    const uint8_t *p = (const uint8_t *)bytes;
    size_t cap = strlen(text) / 2 + 1, n, i;
    uint8_t *expected = (uint8_t *)malloc(cap);
    bool same;

    if (expected == NULL) {
        exit(2);
    }
    n = hex_read(expected, cap, text);
    same = n == len && memcmp(expected, p, n) == 0;
    if (!same) {
        fprintf(stderr, "hex: expected %s\n     but got  ", text);
        for (i = 0; i < len; i++) {
            fprintf(stderr, "%02x", (unsigned)p[i]);
        }
        fprintf(stderr, "\n");
    }
    free(expected);
    return same;
}

#endif
