/*
 * Fuzzes decompression. Input: two bytes for the length that is promised, then a zlib stream. What inflates
 * is put into a stream of stored blocks, and must inflate to the same again.
 */
#include "base/inflate.h"
#include "fuzz/fuzz.h"

#define MOST 20000

/* RFC 1950, 8.2. */
static uint32_t adler32(const uint8_t *p, size_t len)
{
    uint32_t a = 1, b = 0;

    while (len-- > 0) {
        a = (a + *p++) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static void check_stored(const uint8_t *plain, size_t len)
{
    static uint8_t stream[2 + 5 + MOST + 4], again[MOST];
    uint32_t adler = adler32(plain, len);
    size_t n = 0, i;

    stream[n++] = 0x78; /* RFC 1950, 2.2: deflate, a window of 32 KB; a multiple of 31 */
    stream[n++] = 0x01;
    stream[n++] = 0x01; /* RFC 1951, 3.2.4: the last block, stored */
    stream[n++] = (uint8_t)len;
    stream[n++] = (uint8_t)(len >> 8);
    stream[n++] = (uint8_t)~len;
    stream[n++] = (uint8_t)(~len >> 8);
    memcpy(stream + n, plain, len);
    n += len;
    for (i = 4; i-- > 0;) {
        stream[n++] = (uint8_t)(adler >> 8 * i);
    }
    check(t99_inflate_zlib(again, len, stream, n) && memcmp(again, plain, len) == 0);
    check(!t99_inflate_zlib(again, len, stream, n - 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len = size >= 2 ? load_be16(data) : 0;
    uint8_t *out;

    if (size < 2 || len > MOST) {
        return 0;
    }
    out = malloc(len + 1);
    check(out != NULL);
    out[len] = 0x5a;
    if (t99_inflate_zlib(out, len, data + 2, size - 2)) {
        check_stored(out, len);
        check(!t99_inflate_zlib(out, len + 1, data + 2, size - 2)); /* exactly what was promised */
    } else {
        check(out[len] == 0x5a);
    }
    free(out);
    return 0;
}
