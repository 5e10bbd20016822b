#include "x509/ip.h"

#include <stdbool.h>
#include <string.h>

/* Ends at the end of the text. */
static bool parse_v4(uint8_t *ip, const char *p)
{
    int i;

    for (i = 0; i < 4; i++) {
        unsigned v = 0;
        int digits = 0;

        while (*p >= '0' && *p <= '9' && digits < 4) {
            v = 10 * v + (unsigned)(*p++ - '0');
            digits++;
        }
        if (digits == 0 || digits > 3 || v > 255 || (digits > 1 && p[-digits] == '0')) {
            return false;
        }
        ip[i] = (uint8_t)v;
        if (*p++ != (i == 3 ? '\0' : '.')) {
            return false;
        }
    }
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Up to four hex digits; moves *p. -1: none, or too many. */
static int group(const char **p)
{
    int v = 0, n = 0;

    while (hex_digit(**p) >= 0 && n < 5) {
        v = v << 4 | hex_digit(*(*p)++);
        n++;
    }
    return n == 0 || n > 4 ? -1 : v;
}

static bool parse_v6(uint8_t *ip, const char *p)
{
    size_t n = 0, gap = 17; /* bytes so far; where "::" stands */

    if (p[0] == ':' && p[1] != ':') {
        return false;
    }
    if (p[0] == ':') {
        p++; /* the other colon is taken as a gap below */
    }
    memset(ip, 0, 16);
    for (;;) {
        int v;

        if (*p == ':') {
            if (gap != 17) {
                return false;
            }
            gap = n;
            p++;
            if (*p == '\0') {
                break;
            }
        }
        if (n <= 12 && strchr(p, '.') != NULL && strchr(p, ':') == NULL) { /* the last 32 bits as IPv4 */
            if (!parse_v4(ip + n, p)) {
                return false;
            }
            n += 4;
            break;
        }
        v = group(&p);
        if (v < 0 || n == 16) {
            return false;
        }
        ip[n++] = (uint8_t)(v >> 8);
        ip[n++] = (uint8_t)v;
        if (*p == '\0') {
            break;
        }
        if (*p++ != ':' || *p == '\0') {
            return false;
        }
    }
    if (gap == 17) {
        return n == 16;
    }
    if (n == 16) {
        return false;
    }
    memmove(ip + 16 - (n - gap), ip + gap, n - gap);
    memset(ip + gap, 0, 16 - n);
    return true;
}

size_t t99_ip_parse(uint8_t ip[16], const char *text)
{
    if (strchr(text, ':') != NULL) {
        return parse_v6(ip, text) ? 16 : 0;
    }
    return parse_v4(ip, text) ? 4 : 0;
}
