/* Fuzzes PEM: whatever decodes is encoded again, and must decode to the same. Input: text. */
#include "fuzz/fuzz.h"
#include "x509/pem.h"

static void round_trip(struct t99_span der)
{
    size_t needed = t99_pem_encode(NULL, 0, "FUZZ", der), pos = 0, len = 0;
    uint8_t *pem = malloc(needed);
    struct t99_pem_block block;
    const char *bad;

    check(pem != NULL && t99_pem_encode(pem, needed, "FUZZ", der) == needed);
    check(t99_pem_next(&block, pem, needed, &pos, &bad) && block.headers.len == 0);
    check(t99_span_equal(block.label, t99_span("FUZZ", 4)));
    check(t99_pem_decode(pem, &len, block.body)); /* in place, from further on */
    check(t99_span_equal(t99_span(pem, len), der));
    free(pem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct t99_pem_block block;
    const char *bad = NULL;
    size_t pos = 0, before = 0, len, other, max;
    uint8_t *out;

    while (t99_pem_next(&block, data, size, &pos, &bad) || bad != NULL) {
        check(pos > before && pos <= size);
        before = pos;
        if (bad != NULL) {
            continue;
        }
        check_inside(t99_span(data, size), block.label);
        check_inside(t99_span(data, size), block.headers);
        check_inside(t99_span(data, size), block.body);
        max = t99_pem_decoded_max(block.body.len);
        out = malloc(2 * max);
        check(out != NULL);
        if (t99_pem_decode(out, &len, block.body)) {
            check(len <= max);
            check(t99_pem_decode_public(out + max, &other, block.body)); /* both ways agree */
            check(t99_span_equal(t99_span(out + max, other), t99_span(out, len)));
            round_trip(t99_span(out, len));
        } else {
            check(!t99_pem_decode_public(out, &len, block.body));
        }
        free(out);
    }
    return 0;
}
