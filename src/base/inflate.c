#include "base/inflate.h"

#include <string.h>

#include "base/bytes.h"

#define MAX_BITS 15 /* longest code: RFC 1951, 3.2.7 */
#define MAX_LITERALS 288
#define MAX_DISTANCES 32
#define ADLER_PRIME 65521 /* RFC 1950, 8.2 */

struct stream {
    const uint8_t *in;
    size_t in_len, in_pos;
    uint32_t bits; /* not yet used, lowest first */
    unsigned num_bits;
    uint8_t *out;
    size_t out_len, out_pos;
    bool bad;
};

/* A canonical code: how many codes there are of each length, and their symbols in order (RFC 1951, 3.2.2). */
struct code {
    uint16_t count[MAX_BITS + 1];
    uint16_t symbol[MAX_LITERALS];
};

/* The next n <= 16 bits; 0 and bad at the end of the input. */
static unsigned take_bits(struct stream *s, unsigned n)
{
    unsigned v;

    while (s->num_bits < n) {
        if (s->in_pos == s->in_len) {
            s->bad = true;
            return 0;
        }
        s->bits |= (uint32_t)s->in[s->in_pos++] << s->num_bits;
        s->num_bits += 8;
    }
    v = s->bits & ((1u << n) - 1);
    s->bits >>= n;
    s->num_bits -= n;
    return v;
}

/*
 * From code lengths, 0 for unused symbols. False if there are more codes than fit; *whole: exactly as many as
 * fit.
 */
static bool make_code(struct code *c, const uint8_t *lengths, size_t num, bool *whole)
{
    uint16_t offset[MAX_BITS + 2];
    int left = 1;
    size_t i;

    memset(c, 0, sizeof *c);
    for (i = 0; i < num; i++) {
        c->count[lengths[i]]++;
    }
    c->count[0] = 0;
    for (i = 1; i <= MAX_BITS; i++) {
        left = 2 * left - c->count[i];
        if (left < 0) {
            return false;
        }
    }
    *whole = left == 0;
    offset[1] = 0;
    for (i = 1; i <= MAX_BITS; i++) {
        offset[i + 1] = (uint16_t)(offset[i] + c->count[i]);
    }
    for (i = 0; i < num; i++) {
        if (lengths[i] != 0) {
            c->symbol[offset[lengths[i]]++] = (uint16_t)i;
        }
    }
    return true;
}

/* Bit by bit through the lengths: slow and small, for a few kilobytes of certificates. */
static unsigned decode_symbol(struct stream *s, const struct code *c)
{
    int first = 0, index = 0, code = 0;
    unsigned len;

    for (len = 1; len <= MAX_BITS && !s->bad; len++) {
        code |= (int)take_bits(s, 1);
        if (code - first < c->count[len]) {
            return c->symbol[index + code - first];
        }
        index += c->count[len];
        first = 2 * (first + c->count[len]);
        code *= 2;
    }
    s->bad = true;
    return 0;
}

static void put_byte(struct stream *s, uint8_t byte)
{
    if (s->out_pos == s->out_len) {
        s->bad = true;
    } else {
        s->out[s->out_pos++] = byte;
    }
}

static void put_match(struct stream *s, size_t len, size_t distance)
{
    if (distance > s->out_pos || len > s->out_len - s->out_pos) {
        s->bad = true;
        return;
    }
    for (; len > 0; len--) {
        s->out[s->out_pos] = s->out[s->out_pos - distance];
        s->out_pos++;
    }
}

/* RFC 1951, 3.2.5. */
static const uint16_t length_base[29] = { 3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                          31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const uint8_t length_extra[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                          2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const uint16_t distance_base[30] = { 1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                            33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                            1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };
static const uint8_t distance_extra[30] = { 0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                            6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

static void inflate_symbols(struct stream *s, const struct code *literals, const struct code *distances)
{
    while (!s->bad) {
        unsigned symbol = decode_symbol(s, literals), d;
        size_t len;

        if (symbol < 256) {
            put_byte(s, (uint8_t)symbol);
            continue;
        }
        if (symbol == 256) {
            return;
        }
        if (symbol > 285) {
            s->bad = true;
            return;
        }
        len = length_base[symbol - 257] + take_bits(s, length_extra[symbol - 257]);
        d = decode_symbol(s, distances);
        if (d > 29) {
            s->bad = true;
            return;
        }
        put_match(s, len, distance_base[d] + take_bits(s, distance_extra[d]));
    }
}

/* RFC 1951, 3.2.4. */
static void inflate_stored(struct stream *s)
{
    size_t len;

    s->bits = 0;
    s->num_bits = 0;
    if (s->in_len - s->in_pos < 4) {
        s->bad = true;
        return;
    }
    len = (size_t)(s->in[s->in_pos] | s->in[s->in_pos + 1] << 8);
    if ((len ^ (size_t)(s->in[s->in_pos + 2] | s->in[s->in_pos + 3] << 8)) != 0xffff) {
        s->bad = true;
        return;
    }
    s->in_pos += 4;
    if (len > s->in_len - s->in_pos || len > s->out_len - s->out_pos) {
        s->bad = true;
        return;
    }
    memcpy(s->out + s->out_pos, s->in + s->in_pos, len);
    s->in_pos += len;
    s->out_pos += len;
}

/* RFC 1951, 3.2.6. */
static void inflate_fixed(struct stream *s)
{
    uint8_t lengths[MAX_LITERALS];
    struct code literals, distances;
    bool whole;

    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    s->bad = s->bad || !make_code(&literals, lengths, MAX_LITERALS, &whole);
    memset(lengths, 5, 30);
    s->bad = s->bad || !make_code(&distances, lengths, 30, &whole);
    if (!s->bad) {
        inflate_symbols(s, &literals, &distances);
    }
}

/* Code lengths, run-length coded: RFC 1951, 3.2.7. */
static void read_lengths(struct stream *s, const struct code *c, uint8_t *lengths, size_t num)
{
    size_t i = 0;

    while (i < num && !s->bad) {
        unsigned symbol = decode_symbol(s, c), repeat;
        uint8_t value = 0;

        if (symbol < 16) {
            lengths[i++] = (uint8_t)symbol;
            continue;
        }
        if (symbol == 16) {
            s->bad = s->bad || i == 0;
            value = i != 0 ? lengths[i - 1] : (uint8_t)0;
            repeat = 3 + take_bits(s, 2);
        } else {
            repeat = symbol == 17 ? 3 + take_bits(s, 3) : 11 + take_bits(s, 7);
        }
        if (repeat > num - i) {
            s->bad = true;
            return;
        }
        memset(lengths + i, value, repeat);
        i += repeat;
    }
}

static void inflate_dynamic(struct stream *s)
{
    static const uint8_t order[19] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
    size_t num_literals = 257 + take_bits(s, 5), num_distances = 1 + take_bits(s, 5),
           num = 4 + take_bits(s, 4), i;
    uint8_t lengths[MAX_LITERALS + MAX_DISTANCES];
    struct code literals, distances;
    bool whole = false;

    memset(lengths, 0, sizeof lengths);
    for (i = 0; i < num; i++) {
        lengths[order[i]] = (uint8_t)take_bits(s, 3);
    }
    if (s->bad || num_literals > 286 || num_distances > 30 || !make_code(&literals, lengths, 19, &whole) ||
        !whole) {
        s->bad = true;
        return;
    }
    read_lengths(s, &literals, lengths, num_literals + num_distances);
    if (s->bad || lengths[256] == 0 || !make_code(&literals, lengths, num_literals, &whole) || !whole ||
        !make_code(&distances, lengths + num_literals, num_distances, &whole)) {
        s->bad = true;
        return;
    }
    inflate_symbols(s, &literals, &distances);
}

/* RFC 1950, 8.2: sums stay below 2^32 for 5552 bytes. */
static uint32_t adler32(const uint8_t *p, size_t len)
{
    uint32_t a = 1, b = 0;

    while (len > 0) {
        size_t n = len < 5552 ? len : 5552, i;

        for (i = 0; i < n; i++) {
            a += p[i];
            b += a;
        }
        a %= ADLER_PRIME;
        b %= ADLER_PRIME;
        p += n;
        len -= n;
    }
    return b << 16 | a;
}

bool t99_inflate_zlib(uint8_t *out, size_t out_len, const uint8_t *in, size_t len)
{
    struct stream s;
    bool last = false;

    /* RFC 1950, 2.2: deflate, a window of at most 32 KB, check bits, no dictionary */
    if (len < 6 || (in[0] & 0x0f) != 8 || in[0] >> 4 > 7 || load_be16(in) % 31 != 0 || (in[1] & 0x20) != 0) {
        return false;
    }
    memset(&s, 0, sizeof s);
    s.in = in + 2;
    s.in_len = len - 6;
    s.out = out;
    s.out_len = out_len;
    while (!last && !s.bad) {
        last = take_bits(&s, 1) == 1;
        switch (take_bits(&s, 2)) {
        case 0:
            inflate_stored(&s);
            break;
        case 1:
            inflate_fixed(&s);
            break;
        case 2:
            inflate_dynamic(&s);
            break;
        default:
            s.bad = true;
        }
    }
    return !s.bad && s.out_pos == out_len && s.in_pos == s.in_len &&
           load_be32(in + len - 4) == adler32(out, out_len);
}
