#include "x509/pem.h"

#include <string.h>

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define LINE 64 /* characters of base64 a line: RFC 7468, 2 */

/* --- Finding blocks --- */

static bool starts_with(const uint8_t *p, const uint8_t *end, const char *word)
{
    size_t n = strlen(word);

    return (size_t)(end - p) >= n && memcmp(p, word, n) == 0;
}

/* The next place where a line begins with the word; NULL: none. */
static const uint8_t *find_line(const uint8_t *start, const uint8_t *p, const uint8_t *end, const char *word)
{
    while (p < end) {
        p = memchr(p, '-', (size_t)(end - p));
        if (p == NULL) {
            return NULL;
        }
        if ((p == start || p[-1] == '\n' || p[-1] == '\r') && starts_with(p, end, word)) {
            return p;
        }
        p++;
    }
    return NULL;
}

/* The label between a prefix and five dashes; *after: behind them. False: not so. */
static bool read_label(const uint8_t *p, const uint8_t *end, size_t prefix, struct t99_span *label,
                       const uint8_t **after)
{
    const uint8_t *q = p + prefix;

    while (q < end && *q != '-' && *q != '\n' && *q != '\r') {
        q++;
    }
    if (!starts_with(q, end, DASHES)) {
        return false;
    }
    *label = t99_span(p + prefix, (size_t)(q - (p + prefix)));
    *after = q + strlen(DASHES);
    return true;
}

/* RFC 1421 headers end at an empty line. */
static void split_headers(struct t99_pem_block *block, const uint8_t *p, const uint8_t *end)
{
    const uint8_t *colon = memchr(p, ':', (size_t)(end - p)), *q;

    block->headers = t99_span(p, 0);
    block->body = t99_span(p, (size_t)(end - p));
    if (colon == NULL) {
        return;
    }
    for (q = colon; q + 1 < end; q++) {
        if (q[0] == '\n' && (q[1] == '\n' || (q[1] == '\r' && q + 2 < end && q[2] == '\n'))) {
            block->headers = t99_span(p, (size_t)(q + 1 - p));
            block->body = t99_span(q + 1, (size_t)(end - (q + 1)));
            return;
        }
    }
}

bool t99_pem_next(struct t99_pem_block *block, const uint8_t *text, size_t len, size_t *pos, const char **bad)
{
    const uint8_t *end = text + len, *p, *body, *stop, *after;
    struct t99_span label;

    if (bad != NULL) {
        *bad = NULL;
    }
    if (len == 0 || *pos >= len) {
        return false;
    }
    p = find_line(text, text + *pos, end, BEGIN);
    if (p == NULL) {
        *pos = len;
        return false;
    }
    stop = NULL;
    if (read_label(p, end, strlen(BEGIN), &block->label, &body)) {
        stop = find_line(text, body, end, END);
    }
    if (stop == NULL || !read_label(stop, end, strlen(END), &label, &after) ||
        !t99_span_equal(label, block->label)) {
        *pos = len;
        if (bad != NULL) {
            *bad = "it has a PEM block without an END line";
        }
        return false;
    }
    split_headers(block, body, stop);
    *pos = (size_t)(after - text);
    return true;
}

/* --- For sentences --- */

static bool ends_with(struct t99_span label, const char *word)
{
    size_t n = strlen(word);

    return label.len >= n && memcmp(label.p + label.len - n, word, n) == 0;
}

const char *t99_pem_fault(const uint8_t *text, size_t len)
{
    struct t99_pem_block block;
    const char *bad = NULL;
    size_t pos = 0, i = 0;

    if (t99_pem_next(&block, text, len, &pos, &bad)) {
        return ends_with(block.label, "PRIVATE KEY")   ? "it holds a private key only"
               : ends_with(block.label, "CERTIFICATE") ? "it holds certificates only"
               : ends_with(block.label, "CRL")         ? "it holds a CRL only"
                                                       : "it holds PEM of another kind";
    }
    while (i < len && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t')) {
        i++;
    }
    return bad != NULL                                     ? bad
           : i == len                                      ? "it is empty"
           : len > 1 && text[0] == 0x30 && text[1] >= 0x80 ? "it is DER, and PEM is wanted"
                                                           : "it is not PEM";
}

size_t t99_pem_line(const uint8_t *text, const uint8_t *at)
{
    size_t line = 1;

    while (text < at) {
        line += *text++ == '\n' ? 1 : 0;
    }
    return line;
}

/* --- Base64: RFC 4648, 4. Constant time, as keys come this way too. --- */

/* All ones if lo <= c <= hi, else 0. */
static int within(int c, int lo, int hi)
{
    return ((lo - 1 - c) & (c - hi - 1)) >> 31;
}

/* Value of a character, -1 if it has none. */
static int value_of(int c)
{
    return -1 + (within(c, 'A', 'Z') & (c - 'A' + 1)) + (within(c, 'a', 'z') & (c - 'a' + 27)) +
           (within(c, '0', '9') & (c - '0' + 53)) + (within(c, '+', '+') & 63) + (within(c, '/', '/') & 64);
}

static bool is_space(uint8_t c)
{
    return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

size_t t99_pem_decoded_max(size_t body_len)
{
    return body_len / 4 * 3 + 3;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Bytes of x, all below 80: ff where a byte lies from lo to hi, else 0. No carry leaves a byte. */
static uint64_t within8(uint64_t x, uint64_t lo, uint64_t hi)
{
    uint64_t from = x + EACH(0x80 - lo), beyond = x + EACH(0x7f - hi);

    return (from & ~beyond & EACH(0x80)) / 0x80 * 0xff;
}

/* Values of eight characters, a byte each; *good: all have one. */
static uint64_t values_of8(uint64_t x, bool *good)
{
    uint64_t low = x & EACH(0x7f), upper = within8(low, 'A', 'Z'), lower = within8(low, 'a', 'z');
    uint64_t digit = within8(low, '0', '9'), plus = within8(low, '+', '+'), slash = within8(low, '/', '/');
    uint64_t high = x | EACH(0x80); /* lends to the subtractions */

    *good = (upper | lower | digit | plus | slash) == ~UINT64_C(0) && low == x;
    return (upper & (high - EACH('A')) & EACH(0x7f)) | (lower & (high - EACH('a' - 26)) & EACH(0x7f)) |
           (digit & (low + EACH(52 - '0'))) | (plus & EACH(62)) | (slash & EACH(63));
}

/* Eight characters at once while none is white space or padding; returns how many were taken. */
static size_t decode_run(uint8_t *out, const uint8_t *p, size_t len)
{
    uint64_t v;
    bool good;
    size_t i;

    for (i = 0; i + 8 <= len; i += 8) {
        v = values_of8(load_be64(p + i), &good);
        if (!good) {
            break;
        }
        v = (v & UINT64_C(0x3f003f003f003f00)) >> 2 | (v & UINT64_C(0x003f003f003f003f)); /* 12 bits in 16 */
        v = (v & UINT64_C(0x0fff00000fff0000)) >> 4 | (v & UINT64_C(0x00000fff00000fff)); /* 24 in 32 */
        v = v >> 32 << 24 | (v & 0xffffff);
        store_be32(out, (uint32_t)(v >> 16));
        store_be16(out + 4, (uint16_t)v);
        out += 6;
    }
    return i;
}

/* The end: padding, and no bits set that padding drops. */
static bool decode_tail(uint8_t *out, size_t *n, const int *v, unsigned have, unsigned padding)
{
    if (have == 0) {
        return padding == 0;
    }
    if (have + padding != 4 || have == 1) {
        return false;
    }
    out[(*n)++] = (uint8_t)(v[0] << 2 | v[1] >> 4);
    if (have == 2) {
        return (v[1] & 15) == 0;
    }
    out[(*n)++] = (uint8_t)(v[1] << 4 | v[2] >> 2);
    return (v[2] & 3) == 0;
}

bool t99_pem_decode(uint8_t *out, size_t *out_len, struct t99_span body)
{
    unsigned have = 0, padding = 0;
    size_t i = 0, n = 0;
    int v[4];

    while (i < body.len) {
        uint8_t c = body.p[i];

        if (have == 0 && padding == 0) {
            size_t run = decode_run(out + n, body.p + i, body.len - i);

            n += run / 4 * 3;
            i += run;
            if (run != 0) {
                continue;
            }
        }
        i++;
        if (is_space(c)) {
            continue;
        }
        if (c == '=') {
            padding++;
            continue;
        }
        v[have] = value_of(c);
        if (v[have] < 0 || padding != 0) {
            return false;
        }
        if (++have == 4) {
            out[n++] = (uint8_t)(v[0] << 2 | v[1] >> 4);
            out[n++] = (uint8_t)(v[1] << 4 | v[2] >> 2);
            out[n++] = (uint8_t)(v[2] << 6 | v[3]);
            have = 0;
        }
    }
    if (padding > 2 || !decode_tail(out, &n, v, have, padding)) {
        return false;
    }
    *out_len = n;
    return true;
}

/* --- Writing --- */

static uint8_t character_of(int v)
{
    int c = v + 'A';

    c += within(v, 26, 51) & ('a' - 'A' - 26);
    c += within(v, 52, 61) & ('0' - 'A' - 52);
    c += within(v, 62, 62) & ('+' - 'A' - 62);
    c += within(v, 63, 63) & ('/' - 'A' - 63);
    return (uint8_t)c;
}

static size_t put_text(uint8_t *out, size_t n, const char *s)
{
    memcpy(out + n, s, strlen(s));
    return n + strlen(s);
}

static size_t put_base64(uint8_t *out, size_t n, struct t99_span der)
{
    size_t i, column = 0;

    for (i = 0; i < der.len; i += 3) {
        size_t left = der.len - i;
        int a = der.p[i], b = left > 1 ? der.p[i + 1] : 0, c = left > 2 ? der.p[i + 2] : 0;

        out[n++] = character_of(a >> 2);
        out[n++] = character_of((a << 4 | b >> 4) & 63);
        out[n++] = left > 1 ? character_of((b << 2 | c >> 6) & 63) : (uint8_t)'=';
        out[n++] = left > 2 ? character_of(c & 63) : (uint8_t)'=';
        column += 4;
        if (column == LINE || i + 3 >= der.len) {
            out[n++] = '\n';
            column = 0;
        }
    }
    return n;
}

size_t t99_pem_encode(uint8_t *out, size_t cap, const char *label, struct t99_span der)
{
    size_t base64 = (der.len + 2) / 3 * 4, n = 0;
    size_t needed = strlen(BEGIN) + strlen(END) + 2 * (strlen(label) + strlen(DASHES) + 1) + base64 +
                    (base64 + LINE - 1) / LINE;

    if (needed > cap) {
        return needed;
    }
    n = put_text(out, n, BEGIN);
    n = put_text(out, n, label);
    n = put_text(out, n, DASHES "\n");
    n = put_base64(out, n, der);
    n = put_text(out, n, END);
    n = put_text(out, n, label);
    n = put_text(out, n, DASHES "\n");
    return n;
}
