/* Fuzzes OCSP responses: decoding, and verification up to the signature. Input: a response. */
#include "fuzz/fuzz.h"
#include "x509/ocsp.h"
#include "x509/ocsp_decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct t99_ocsp_response response;
    struct t99_ocsp_single single;
    struct t99_work work = t99_work_full();
    struct t99_ocsp_result result;
    struct t99_certificate issuer;
    struct t99_fault fault;
    const char *bad;

    memset(&issuer, 0, sizeof issuer);
    t99_fault_clear(&fault);
    if (t99_ocsp_decode(&response, t99_span(data, size), &bad)) {
        while (t99_ocsp_next_single(&response.responses, &single)) {
        }
        while (rd_left(&response.certs) != 0) { /* any certificate in it may be taken for the issuer */
            if (t99_certificate_decode(&issuer, t99_ocsp_next_cert(&response.certs), &bad)) {
                break;
            }
            memset(&issuer, 0, sizeof issuer);
        }
    }
    (void)!t99_ocsp_verify(&result, &work, t99_span(data, size), &issuer, &issuer, INT64_C(1700000000),
                           &fault);
    return 0;
}
