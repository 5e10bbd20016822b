/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "x509/ocsp.h"
#include "x509/pem.h"

/*
 * Made with OpenSSL 3.0.19 (openssl req, x509, ocsp): a root, a certificate 1234 that it issued, a responder
 * that it appointed, and responses of 2026-11-24 03:55:49 UTC, good for seven days.
 */
/* clang-format off */
static const char root_certificate[] =
    "MIIBWTCB/6ADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCVRlc3QgUm9vdDAeFw0yNjExMjQwMzU1NDlaFw"
    "0zNjExMjEwMzU1NDlaMBQxEjAQBgNVBAMMCVRlc3QgUm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEEXwt93"
    "5qJleiYHYMWh0wENMN9qO+WfIQoTRs7KW/uv+4M6jDcf5FRbpPkBahQFOHKFn3q4ANQXoBHiC3CGDRmjQjBAMA8GA1"
    "UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgGGMB0GA1UdDgQWBBStVj3HnAgtuCjtUorHJe3OWIdS8TAKBggqhkjO"
    "PQQDAgNJADBGAiEA7ZiHOwGSNZiJICeLhyd00QKuk/HMJQYFwyPe7KW13NoCIQDKe+P+YybkOHfe4vmx/WP7E0UMz8"
    "eBKLa3UuFFcYn2Sg==";
static const char leaf_certificate[] =
    "MIIBjzCCATWgAwIBAgICEjQwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJVGVzdCBSb290MB4XDTI2MTEyNDAzNTU0OV"
    "oXDTM1MDIxMDAzNTU0OVowGTEXMBUGA1UEAwwOc2VydmVyLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC"
    "AAS1tvdV1fIbVbzCM5uiY383yQG5a2/HIqRhbMfARdOhgzCS5pmMzt5YMgGebfP0Bq/oxVIQRwq4epxPN6VFMk5Qo3"
    "IwcDAZBgNVHREEEjAQgg5zZXJ2ZXIuZXhhbXBsZTAfBgNVHSMEGDAWgBStVj3HnAgtuCjtUorHJe3OWIdS8TATBgNV"
    "HSUEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQUSxfTuS7+8t/fiuLebYRBJsZCCVswCgYIKoZIzj0EAwIDSAAwRQIgFZ"
    "MTAURs5O8CFOxKNXPp3jYjW4qB28fuN2FAja4TKq0CIQC9VAOGXLu9rY/z1b2xvh4/tNqjeNcy+jaWH1WHM7ApFg==";
static const char good_response[] =
    "MIIBAgoBAKCB/DCB+QYJKwYBBQUHMAEBBIHrMIHoMIGQoRYwFDESMBAGA1UEAwwJVGVzdCBSb290GA8yMDI2MTEyND"
    "AzNTU0OVowZTBjMDswCQYFKw4DAhoFAAQUQQaLQHlDMs4uFL3GC50hsPhnRv0EFK1WPcecCC24KO1Siscl7c5Yh1Lx"
    "AgISNIAAGA8yMDI2MTEyNDAzNTU0OVqgERgPMjAyNjEyMDEwMzU1NDlaMAoGCCqGSM49BAMCA0cAMEQCIGO0W0t4US"
    "BLS9qjfaeMshvwcYWxz510ihZUxaiZVW4/AiAX9hFzBcASsnPVnkEXvsnXnYEV4A2kMoEGE9qK0mL8Lw==";
static const char delegated_response[] =
    "MIICqgoBAKCCAqMwggKfBgkrBgEFBQcwAQEEggKQMIICjDCBlaEbMBkxFzAVBgNVBAMMDlRlc3QgUmVzcG9uZGVyGA"
    "8yMDI2MTEyNDAzNTU0OVowZTBjMDswCQYFKw4DAhoFAAQUQQaLQHlDMs4uFL3GC50hsPhnRv0EFK1WPcecCC24KO1S"
    "iscl7c5Yh1LxAgISNIAAGA8yMDI2MTEyNDAzNTU0OVqgERgPMjAyNjEyMDEwMzU1NDlaMAoGCCqGSM49BAMCA0kAME"
    "YCIQDkIwxaIIJfz09NaDVFoADCxy4MjlCDGdzWa6h19m7W+AIhAL/DqcPokzot1GMq4m6kVS4/gQdSnKgqHCw4yk47"
    "Mm22oIIBmTCCAZUwggGRMIIBN6ADAgECAgF3MAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCVRlc3QgUm9vdDAeFw0yNj"
    "ExMjQwMzU1NDlaFw0zNTAyMTAwMzU1NDlaMBkxFzAVBgNVBAMMDlRlc3QgUmVzcG9uZGVyMFkwEwYHKoZIzj0CAQYI"
    "KoZIzj0DAQcDQgAEQU9XbI5ziI+fICGhmSQfR8rVb3H7FsnfHiYDak/HaJStvL8HNcwVK6FVQ+1fgjq6P+756J/8HQ"
    "jstaHhPg8zO6N1MHMwEwYDVR0lBAwwCgYIKwYBBQUHAwkwCwYDVR0PBAQDAgeAMA8GCSsGAQUFBzABBQQCBQAwHQYD"
    "VR0OBBYEFF2LxeaRHwCw2IY8lo+TRVfUVAD0MB8GA1UdIwQYMBaAFK1WPcecCC24KO1Siscl7c5Yh1LxMAoGCCqGSM"
    "49BAMCA0gAMEUCIQCBHobdHOSI8PyUF1k5qr7xjcJkcBPN8xNMKUZKWC4AUwIgItWA2taJJjPLjuGvGECs+9/MV1RP"
    "lkX+1ASLzcjBjmE=";
static const char bykey_response[] =
    "MIICpQoBAKCCAp4wggKaBgkrBgEFBQcwAQEEggKLMIIChzCBkKIWBBRdi8XmkR8AsNiGPJaPk0VX1FQA9BgPMjAyNj"
    "ExMjQwMzU1NDlaMGUwYzA7MAkGBSsOAwIaBQAEFEEGi0B5QzLOLhS9xgudIbD4Z0b9BBStVj3HnAgtuCjtUorHJe3O"
    "WIdS8QICEjSAABgPMjAyNjExMjQwMzU1NDlaoBEYDzIwMjYxMjAxMDM1NTQ5WjAKBggqhkjOPQQDAgNJADBGAiEA1L"
    "mI9hXILy2EW4GMaEhSpOx8xT+8bE+SJggRB8i+KGwCIQDFAtsOOoZrrx0pmG1zDe838zq1tFAU4DAF5nY7RJPyyKCC"
    "AZkwggGVMIIBkTCCATegAwIBAgIBdzAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlUZXN0IFJvb3QwHhcNMjYxMTI0MD"
    "M1NTQ5WhcNMzUwMjEwMDM1NTQ5WjAZMRcwFQYDVQQDDA5UZXN0IFJlc3BvbmRlcjBZMBMGByqGSM49AgEGCCqGSM49"
    "AwEHA0IABEFPV2yOc4iPnyAhoZkkH0fK1W9x+xbJ3x4mA2pPx2iUrby/BzXMFSuhVUPtX4I6uj/u+eif/B0I7LWh4T"
    "4PMzujdTBzMBMGA1UdJQQMMAoGCCsGAQUFBwMJMAsGA1UdDwQEAwIHgDAPBgkrBgEFBQcwAQUEAgUAMB0GA1UdDgQW"
    "BBRdi8XmkR8AsNiGPJaPk0VX1FQA9DAfBgNVHSMEGDAWgBStVj3HnAgtuCjtUorHJe3OWIdS8TAKBggqhkjOPQQDAg"
    "NIADBFAiEAgR6G3RzkiPD8lBdZOaq+8Y3CZHATzfMTTClGSlguAFMCICLVgNrWiSYzy47hrxhArPvfzFdUT5ZF/tQE"
    "i83IwY5h";
static const char noeku_response[] =
    "MIICgwoBAKCCAnwwggJ4BgkrBgEFBQcwAQEEggJpMIICZTCBlaEbMBkxFzAVBgNVBAMMDlRlc3QgUmVzcG9uZGVyGA"
    "8yMDI2MTEyNDAzNTU0OVowZTBjMDswCQYFKw4DAhoFAAQUQQaLQHlDMs4uFL3GC50hsPhnRv0EFK1WPcecCC24KO1S"
    "iscl7c5Yh1LxAgISNIAAGA8yMDI2MTEyNDAzNTU0OVqgERgPMjAyNjEyMDEwMzU1NDlaMAoGCCqGSM49BAMCA0cAME"
    "QCIHJQqMcLvgEBwFJcfwd8eV6rRuNbMU17expVJJW/gkEjAiAs8E8dcjz/u+7Aw+z88yXkwr0/UKpsbx/xQsuMnT0L"
    "c6CCAXQwggFwMIIBbDCCARGgAwIBAgIBeDAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlUZXN0IFJvb3QwHhcNMjYxMT"
    "I0MDM1NTQ5WhcNMzUwMjEwMDM1NTQ5WjAZMRcwFQYDVQQDDA5UZXN0IFJlc3BvbmRlcjBZMBMGByqGSM49AgEGCCqG"
    "SM49AwEHA0IABEFPV2yOc4iPnyAhoZkkH0fK1W9x+xbJ3x4mA2pPx2iUrby/BzXMFSuhVUPtX4I6uj/u+eif/B0I7L"
    "Wh4T4PMzujTzBNMAsGA1UdDwQEAwIHgDAdBgNVHQ4EFgQUXYvF5pEfALDYhjyWj5NFV9RUAPQwHwYDVR0jBBgwFoAU"
    "rVY9x5wILbgo7VKKxyXtzliHUvEwCgYIKoZIzj0EAwIDSQAwRgIhAOvrRXCr0bx75uB5ryJCJN0QUL4HGhDhcbW4FY"
    "E4Jai4AiEA+VOy4+9/Rq4qGYaKOJ3oPnBP0PYtZWlMBVfRRF9O+uA=";
static const char revoked_response[] =
    "MIIBHgoBAKCCARcwggETBgkrBgEFBQcwAQEEggEEMIIBADCBpqEWMBQxEjAQBgNVBAMMCVRlc3QgUm9vdBgPMjAyNj"
    "ExMjQwMzU1NDlaMHsweTA7MAkGBSsOAwIaBQAEFEEGi0B5QzLOLhS9xgudIbD4Z0b9BBStVj3HnAgtuCjtUorHJe3O"
    "WIdS8QICEjShFhgPMjAyNjExMDExMjAwMDBaoAMKAQEYDzIwMjYxMTI0MDM1NTQ5WqARGA8yMDI2MTIwMTAzNTU0OV"
    "owCgYIKoZIzj0EAwIDSQAwRgIhAKOwiqJQHCxOuTIzeBRwpld0z2ts7Q2PqT/kO+vcF+7gAiEAyr6kEzZ3vjcsFiGb"
    "/3l0nSOKqNG6t1GcJ6fqDkgEY78=";
static const char unknown_response[] =
    "MIIBAwoBAKCB/TCB+gYJKwYBBQUHMAEBBIHsMIHpMIGQoRYwFDESMBAGA1UEAwwJVGVzdCBSb290GA8yMDI2MTEyND"
    "AzNTU0OVowZTBjMDswCQYFKw4DAhoFAAQUQQaLQHlDMs4uFL3GC50hsPhnRv0EFK1WPcecCC24KO1Siscl7c5Yh1Lx"
    "AgISNIIAGA8yMDI2MTEyNDAzNTU0OVqgERgPMjAyNjEyMDEwMzU1NDlaMAoGCCqGSM49BAMCA0gAMEUCIQCc1ViHO9"
    "zPi3/e3+mjYz75hCW3n44Fn444p3p8udjizwIgO9vlbiw37ZgbwNFioMp7vb8MRE944RQPvYV+Ar38LMk=";
static const char badsig_response[] =
    "MIIBAwoBAKCB/TCB+gYJKwYBBQUHMAEBBIHsMIHpMIGQoRYwFDESMBAGA1UEAwwJVGVzdCBSb290GA8yMDI2MTEyND"
    "AzNTU0OVowZTBjMDswCQYFKw4DAhoFAAQUQQaLQHlDMs4uFL3GC50hsPhnRv0EFK1WPcecCC24KO1Siscl7c5Yh1Lx"
    "AgISNIAAGA8yMDI2MTEyNDAzNTU0OVqgERgPMjAyNjEyMDEwMzU1NDlaMAoGCCqGSM49BAMCA0gAMEUCIG7GGRdP5a"
    "Bou6C0Gd/I93lzBxjmSGfpcmy5V0VTgciPAiEA0s49hgXXyOu0GASfd2hg+Kw+Ka5rOT0DHXZXH2Xoz6U=";
static const char sha256_response[] =
    "MIIBJAoBAKCCAR0wggEZBgkrBgEFBQcwAQEEggEKMIIBBjCBraEWMBQxEjAQBgNVBAMMCVRlc3QgUm9vdBgPMjAyNj"
    "ExMjQwMzU1NDlaMIGBMH8wVzANBglghkgBZQMEAgEFAAQgNjbhR482/yblVduON5uAmBMYEj7c8jhnRWwxAI3kV7EE"
    "IIMwkuLM7ZczV4Kg/vGJHmgAkp4XgVZyApCG34IBeB14AgISNIAAGA8yMDI2MTEyNDAzNTU0OVqgERgPMjAyNjEyMD"
    "EwMzU1NDlaMAoGCCqGSM49BAMCA0gAMEUCIQDs2kHMf5/FFm3yq4xXbGlKK8PKWBpy/L7nD2GdUSxV5QIgN1XAVNJ/"
    "7a47X2UkUu7bZaK9znwYn0V1i6APXcUOEVE=";
static const char other_response[] =
    "MIIBBAoBAKCB/jCB+wYJKwYBBQUHMAEBBIHtMIHqMIGQoRYwFDESMBAGA1UEAwwJVGVzdCBSb290GA8yMDI2MTEyND"
    "AzNTU0OVowZTBjMDswCQYFKw4DAhoFAAQUQQaLQHlDMs4uFL3GC50hsPhnRv0EFK1WPcecCC24KO1Siscl7c5Yh1Lx"
    "AgJDIYIAGA8yMDI2MTEyNDAzNTU0OVqgERgPMjAyNjEyMDEwMzU1NDlaMAoGCCqGSM49BAMCA0kAMEYCIQDLoUz7nA"
    "psPY6RkyxEYbiyx1f8tF22Oj3GaUjcqXBN+wIhAL9Ld2lSZIuomV9AnmKIlrwFaO+YE9sULFFO9Q2iBNY9";
/* clang-format on */

#define PRODUCED INT64_C(1795492549) /* 2026-11-24 03:55:49 UTC */
#define WEEK (7 * 86400)

static uint8_t buffers[3][2048];

static struct t99_span decode(unsigned buffer, const char *base64)
{
    size_t len;

    assert_true(strlen(base64) < sizeof buffers[0]);
    assert_true(t99_pem_decode(buffers[buffer], &len, t99_span(base64, strlen(base64))));
    return t99_span(buffers[buffer], len);
}

static struct t99_ocsp_result result;
static struct t99_fault fault;

static struct t99_work *fresh_work(void)
{
    static struct t99_work work;

    work = t99_work_full();
    return &work;
}

static bool verify(const char *response, int64_t now)
{
    struct t99_certificate root, leaf;
    const char *bad;

    assert_true(t99_certificate_decode(&root, decode(0, root_certificate), &bad));
    assert_true(t99_certificate_decode(&leaf, decode(1, leaf_certificate), &bad));
    t99_fault_clear(&fault);
    return t99_ocsp_verify(&result, fresh_work(), decode(2, response), &leaf, &root, now, &fault);
}

static void a_good_response_of_the_issuer_is_believed(void **state)
{
    (void)state;
    assert_true(verify(good_response, PRODUCED + 60));
    assert_int_equal(result.response_status, 0);
    assert_int_equal(result.cert_status, 0);
    assert_int_equal(result.crl_reason, -1);
    assert_true(result.this_update == PRODUCED);
    assert_true(result.next_update == PRODUCED + WEEK);
    assert_true(result.revocation_time == -1);
}

static void an_appointed_responder_is_believed_by_name_and_by_key(void **state)
{
    (void)state;
    assert_true(verify(delegated_response, PRODUCED + 60));
    assert_true(verify(bykey_response, PRODUCED + 60));
    assert_int_equal(result.cert_status, 0);
}

static void a_cert_id_by_sha256_is_understood(void **state)
{
    (void)state;
    assert_true(verify(sha256_response, PRODUCED));
    assert_int_equal(result.cert_status, 0);
}

static void a_responder_without_ocsp_signing_is_not_believed(void **state)
{
    (void)state;
    assert_false(verify(noeku_response, PRODUCED + 60));
    assert_int_equal(fault.alert, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE);
    assert_non_null(strstr(fault.text, "OCSPSigning"));
    assert_int_equal(result.cert_status, -1);
}

static void a_responder_is_not_believed_before_its_certificate_is_valid(void **state)
{
    (void)state;
    assert_true(verify(good_response, PRODUCED - 30)); /* the issuer's is, within the skew */
    assert_false(verify(delegated_response, PRODUCED - 30));
    assert_non_null(strstr(fault.text, "the responder's certificate has expired or is not yet valid"));
}

static void a_response_signed_with_another_key_is_not_believed(void **state)
{
    (void)state;
    assert_false(verify(badsig_response, PRODUCED + 60));
    assert_int_equal(fault.kind, FAULT_VERIFY);
    assert_non_null(strstr(fault.text, "the signature is not the issuer's"));
}

static void no_altered_bit_is_believed(void **state)
{
    struct t99_certificate root, leaf;
    struct t99_span response;
    const char *bad;
    size_t bit, refused = 0;

    (void)state;
    assert_true(t99_certificate_decode(&root, decode(0, root_certificate), &bad));
    assert_true(t99_certificate_decode(&leaf, decode(1, leaf_certificate), &bad));
    response = decode(2, good_response);
    for (bit = 0; bit < 8 * response.len; bit++) {
        buffers[2][bit / 8] ^= (uint8_t)(1u << bit % 8);
        t99_fault_clear(&fault);
        refused += t99_ocsp_verify(&result, fresh_work(), response, &leaf, &root, PRODUCED, &fault) ? 0 : 1;
        assert_true(t99_faulted(&fault) || result.cert_status == 0);
        buffers[2][bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(refused, 8 * response.len);
}

static void a_revoked_certificate_is_refused_with_reason_and_date(void **state)
{
    (void)state;
    assert_false(verify(revoked_response, PRODUCED + 60));
    assert_int_equal(fault.alert, ALERT_CERTIFICATE_REVOKED);
    assert_string_equal(fault.text,
                        "ocsp verify failed: revoked cert - keyCompromise, at 2026-11-01 12:00:00 UTC");
    assert_int_equal(result.cert_status, 1);
    assert_int_equal(result.crl_reason, 1);
    assert_true(result.revocation_time == INT64_C(1793534400));
}

static void an_unknown_certificate_is_reported_but_no_failure(void **state)
{
    (void)state;
    assert_true(verify(unknown_response, PRODUCED + 60));
    assert_int_equal(result.cert_status, 2);
}

static void a_response_for_another_certificate_is_no_result(void **state)
{
    (void)state;
    assert_false(verify(other_response, PRODUCED + 60));
    assert_string_equal(fault.text, "ocsp verify failed: no result for cert: it speaks of others only");
}

static void a_response_counts_from_this_update_to_next_update_and_a_minute_around(void **state)
{
    (void)state;
    assert_true(verify(good_response, PRODUCED - T99_OCSP_SKEW));
    assert_false(verify(good_response, PRODUCED - T99_OCSP_SKEW - 1));
    assert_non_null(strstr(fault.text, "ocsp response not current: it is of 2026-11-24 03:55:49 UTC"));
    assert_true(verify(good_response, PRODUCED + WEEK + T99_OCSP_SKEW));
    assert_false(verify(good_response, PRODUCED + WEEK + T99_OCSP_SKEW + 1));
    assert_non_null(strstr(fault.text, "was to be renewed by 2026-12-01 03:55:49 UTC"));
}

static void an_unsuccessful_response_is_named(void **state)
{
    struct t99_certificate none;
    static const uint8_t try_later[] = { 0x30, 0x03, 0x0a, 0x01, 0x03 }; /* RFC 6960, 4.2.1 */
    static const uint8_t cut[] = { 0x30, 0x03, 0x0a, 0x01 };

    (void)state;
    memset(&none, 0, sizeof none);
    t99_fault_clear(&fault);
    assert_false(t99_ocsp_verify(&result, fresh_work(), t99_span(try_later, sizeof try_later), &none, &none,
                                 0, &fault));
    assert_string_equal(fault.text, "ocsp verify failed: ocsp response not successful: tryLater");
    assert_int_equal(result.response_status, 3);
    t99_fault_clear(&fault);
    assert_false(t99_ocsp_verify(&result, fresh_work(), t99_span(cut, sizeof cut), &none, &none, 0, &fault));
    assert_int_equal(result.response_status, -1);
    assert_non_null(strstr(fault.text, "unable to parse OCSP response"));
}

static void crl_reasons_have_the_names_of_rfc5280_5_3_1(void **state)
{
    (void)state;
    assert_string_equal(t99_crl_reason_name(0), "unspecified");
    assert_string_equal(t99_crl_reason_name(1), "keyCompromise");
    assert_string_equal(t99_crl_reason_name(6), "certificateHold");
    assert_null(t99_crl_reason_name(7));
    assert_string_equal(t99_crl_reason_name(8), "removeFromCRL");
    assert_string_equal(t99_crl_reason_name(10), "aACompromise");
    assert_null(t99_crl_reason_name(11));
    assert_null(t99_crl_reason_name(-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_response_of_the_issuer_is_believed),
        cmocka_unit_test(an_appointed_responder_is_believed_by_name_and_by_key),
        cmocka_unit_test(a_cert_id_by_sha256_is_understood),
        cmocka_unit_test(a_responder_without_ocsp_signing_is_not_believed),
        cmocka_unit_test(a_responder_is_not_believed_before_its_certificate_is_valid),
        cmocka_unit_test(a_response_signed_with_another_key_is_not_believed),
        cmocka_unit_test(no_altered_bit_is_believed),
        cmocka_unit_test(a_revoked_certificate_is_refused_with_reason_and_date),
        cmocka_unit_test(an_unknown_certificate_is_reported_but_no_failure),
        cmocka_unit_test(a_response_for_another_certificate_is_no_result),
        cmocka_unit_test(a_response_counts_from_this_update_to_next_update_and_a_minute_around),
        cmocka_unit_test(an_unsuccessful_response_is_named),
        cmocka_unit_test(crl_reasons_have_the_names_of_rfc5280_5_3_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
