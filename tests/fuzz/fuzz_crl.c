/*
 * Fuzzes the decoder of certificate lists and what asks them. Input: two bytes of length, a certificate, a
 * list.
 */
#include "fuzz/fuzz.h"
#include "x509/crl_list.h"
#include "x509/crl_scope.h"

static const struct t99_env env = { NULL, fuzz_alloc, fuzz_release, NULL, fuzz_now_us };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct t99_certificate cert;
    struct t99_crl crl;
    struct t99_crl_entry entry;
    struct t99_crl_point point;
    struct reader points;
    const char *bad;
    size_t len = size > 2 ? load_be16(data) : 0;

    if (size <= 2 || len > size - 2) {
        return 0;
    }
    if (!t99_certificate_decode(&cert, t99_span(data + 2, len), &bad)) {
        memset(&cert, 0, sizeof cert);
    }
    if (!t99_crl_decode(&crl, t99_span(data + 2 + len, size - 2 - len), &bad)) {
        return 0;
    }
    (void)!t99_crl_find_duplicates(&crl, &env);
    t99_crl_look_up(&entry, &crl, &cert);
    points = rd_init(cert.crl_points.p, cert.crl_points.len, &bad);
    while (t99_next_crl_point(&points, &point)) {
        (void)t99_crl_in_scope(&crl, &point, &cert);
    }
    t99_implied_crl_point(&point);
    cert.issuer = crl.issuer; /* so that the scope is looked at */
    (void)t99_crl_in_scope(&crl, &point, &cert);
    return 0;
}
