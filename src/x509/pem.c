#include "x509/pem.h"

#include <string.h>

#include "base/text.h"

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

/* The next place where a line begins with the word, start being the beginning of one; NULL: none. */
static const uint8_t *find_line(const uint8_t *start, const uint8_t *end, const char *word)
{
    const uint8_t *p = start;

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

/*
 * The label behind a prefix, up to five dashes; *after: behind them, or behind what is wrong, which is the
 * end where text is missing. False: not so.
 */
static bool read_label(const uint8_t *p, const uint8_t *end, const char *prefix, struct t99_span *label,
                       const uint8_t **after)
{
    size_t n = strlen(prefix);
    bool good = starts_with(p, end, prefix);
    const uint8_t *q = p + (good ? n : strlen(DASHES));

    if (!good && (size_t)(end - p) < n) {
        *after = end;
        return false;
    }
    *label = t99_span(q, 0);
    while (q < end && *q != '-' && *q != '\n' && *q != '\r') {
        q++;
    }
    label->len = (size_t)(q - label->p);
    if (starts_with(q, end, DASHES)) {
        *after = q + strlen(DASHES);
        return good;
    }
    *after = (size_t)(end - q) < strlen(DASHES) ? end : q;
    return false;
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

/* A block from its BEGIN line on. False: broken; *after: behind that, or at the next BEGIN line. */
static bool read_block(struct t99_pem_block *block, const uint8_t *p, const uint8_t *end,
                       const uint8_t **after)
{
    const uint8_t *body, *stop;
    struct t99_span label;

    if (!read_label(p, end, BEGIN, &block->label, after)) {
        return false;
    }
    body = *after;
    stop = find_line(body, end, DASHES);
    if (stop == NULL) {
        *after = end;
        return false;
    }
    if (starts_with(stop, end, BEGIN)) {
        *after = stop;
        return false;
    }
    if (!read_label(stop, end, END, &label, after) || !t99_span_equal(label, block->label)) {
        return false;
    }
    split_headers(block, body, stop);
    return true;
}

bool t99_pem_next(struct t99_pem_block *block, const uint8_t *text, size_t len, size_t *pos, const char **bad)
{
    const uint8_t *p = NULL, *after;
    bool found;

    if (bad != NULL) {
        *bad = NULL;
    }
    if (*pos < len) {
        p = find_line(text + *pos, text + len, BEGIN);
    }
    if (p == NULL) {
        *pos = len;
        return false;
    }
    found = read_block(block, p, text + len, &after);
    *pos = (size_t)(after - text);
    if (!found && bad != NULL) {
        *bad = "it has a PEM block without an END line";
    }
    return found;
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

#define MARK 0x40u /* in the entry of each character that has a value */

/* The same as a table, for what is no secret: a bundle has 200,000 characters, at the start of a program. */
static const uint8_t marked_values[256] = {
    ['+'] = 0x7e, ['/'] = 0x7f, /* then 0 to 9, A to Z, a to z */
    ['0'] = 0x74, 0x75,         0x76, 0x77, 0x78, 0x79, 0x7a, 0x7b, 0x7c, 0x7d, ['A'] = 0x40, 0x41, 0x42,
    0x43,         0x44,         0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d,         0x4e, 0x4f,
    0x50,         0x51,         0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, ['a'] = 0x5a, 0x5b, 0x5c,
    0x5d,         0x5e,         0x5f, 0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67,         0x68, 0x69,
    0x6a,         0x6b,         0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73
};

/* Four characters at once, and ends of lines, up to what only decode() can read: returns how many. */
static size_t decode_run(uint8_t *out, size_t *n, const uint8_t *p, size_t len)
{
    size_t i = 0;

    while (i + 4 <= len) {
        uint32_t a = marked_values[p[i]], b = marked_values[p[i + 1]];
        uint32_t c = marked_values[p[i + 2]], d = marked_values[p[i + 3]];
        uint32_t v = (a << 18) + (b << 12) + (c << 6) + d - MARK * 0x41041u; /* 2^18 + 2^12 + 2^6 + 1 */

        if ((a & b & c & d & MARK) != 0) {
            out[*n] = (uint8_t)(v >> 16);
            out[*n + 1] = (uint8_t)(v >> 8);
            out[*n + 2] = (uint8_t)v;
            *n += 3;
            i += 4;
        } else if (p[i] == '\n' || p[i] == '\r') {
            i++;
        } else {
            break;
        }
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

static bool decode(uint8_t *out, size_t *out_len, struct t99_span body, bool secret)
{
    unsigned have = 0, padding = 0;
    size_t i = 0, n = 0;
    int v[4];

    while (i < body.len) {
        uint8_t c;

        if (!secret && have == 0 && padding == 0) {
            i += decode_run(out, &n, body.p + i, body.len - i);
            if (i == body.len) {
                break;
            }
        }
        c = body.p[i++];
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

bool t99_pem_decode(uint8_t *out, size_t *out_len, struct t99_span body)
{
    return decode(out, out_len, body, true);
}

bool t99_pem_decode_public(uint8_t *out, size_t *out_len, struct t99_span body)
{
    return decode(out, out_len, body, false);
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

bool t99_pem_is_certificate(struct t99_span label)
{
    static const char *const labels[] = { "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" };
    size_t i;

    for (i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (t99_same_word(labels[i], (const char *)label.p, label.len)) {
            return true;
        }
    }
    return false;
}
