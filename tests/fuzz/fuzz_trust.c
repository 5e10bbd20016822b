/*
 * Fuzzes the trust store. Input: a byte that says which allocation fails (0: none) and how the rest is added,
 * then PEM text or certificates one after the other.
 */
#include "fuzz/fuzz.h"
#include "x509/certificate.h"
#include "x509/name.h"
#include "x509/trust.h"

struct heap {
    size_t in_use, countdown;
};

static void *failing_alloc(void *arg, size_t len)
{
    struct heap *heap = arg;
    void *p;

    check(len != 0);
    if (heap->countdown != 0 && --heap->countdown == 0) {
        return NULL;
    }
    p = malloc(len);
    check(p != NULL);
    heap->in_use += len;
    return p;
}

static void counting_release(void *arg, void *p, size_t len)
{
    struct heap *heap = arg;

    heap->in_use -= len;
    free(p);
}

/* Each anchor is found by its subject, once. */
static void check_index(const struct t99_trust *trust)
{
    struct t99_span der, found, subject;
    size_t i, j, hits;

    for (i = 0; t99_trust_at(trust, i, &der); i++) {
        check(t99_certificate_subject(&subject, der) && t99_trust_contains(trust, der));
        hits = 0;
        for (j = 0; t99_trust_find(trust, subject, j, &found); j++) {
            hits += found.p == der.p ? 1 : 0;
        }
        check(hits == 1);
    }
    check(i == t99_trust_count(trust));
}

/* The same text, in steps of a size: the same anchors. */
static void check_parts(const struct t99_trust *whole, const uint8_t *text, size_t len, size_t seed)
{
    static const struct t99_env env = { NULL, fuzz_alloc, fuzz_release, NULL, NULL };
    struct t99_trust *trust = t99_trust_new(&env);
    size_t begin = 0, end = 0, step = len / (seed % 16 + 1) + 1, used, added, skipped, i;
    struct t99_span a, b;

    check(trust != NULL);
    do {
        end = len - end > step ? end + step : len;
        check(t99_trust_add_part(trust, text + begin, end - begin, end == len, &used, &added, &skipped));
        check(used <= end - begin);
        begin += used;
    } while (end < len);
    check(t99_trust_count(trust) == t99_trust_count(whole));
    for (i = 0; t99_trust_at(trust, i, &a); i++) {
        check(t99_trust_at(whole, i, &b) && t99_span_equal(a, b));
    }
    t99_trust_free(trust);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap heap = { 0, 0 };
    struct t99_env env = { NULL, failing_alloc, counting_release, NULL, NULL };
    struct t99_trust *trust;
    size_t added, skipped;

    if (size == 0) {
        return 0;
    }
    heap.countdown = data[0] % 8;
    env.arg = &heap;
    trust = t99_trust_new(&env);
    if (trust != NULL) {
        if (data[0] < 0x80) {
            if (t99_trust_add_pem(trust, data + 1, size - 1, &added, &skipped)) {
                check(added == t99_trust_count(trust));
                check_parts(trust, data + 1, size - 1, data[0]);
            }
        } else if (data[0] < 0xc0) {
            (void)!t99_trust_add_static_der(trust, data + 1, size - 1);
        } else {
            (void)!t99_trust_add_der(trust, t99_span(data + 1, size - 1));
            (void)!t99_trust_add_der(trust, t99_span(data + 1, size - 1));
            check(t99_trust_count(trust) <= 1);
        }
        check_index(trust);
        t99_trust_free(trust);
    }
    check(heap.in_use == 0);
    return 0;
}
