/* What tls_config_error() and tls_error() say of private keys that are well-formed, but of no use here. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "hex.h"
#include "peer/identity.h"
#include "unit/api/client.h"
#include "x509/pem.h"

static size_t to_pem(uint8_t *pem, size_t cap, const char *label, const char *hex)
{
    uint8_t der[2048];
    size_t len = t99_pem_encode(pem, cap, label, t99_span(der, hex_read(der, sizeof der, hex)));

    assert_true(len <= cap);
    return len;
}

static void assert_refused(const uint8_t *key, size_t len, const char *password, const char *error)
{
    uint8_t cert[2048];
    size_t cert_len = to_pem(cert, sizeof cert, "CERTIFICATE", identity_p256_cert);

    assert_int_equal(tls_config_set_key_password(config, password), 0);
    assert_int_equal(tls_config_set_cert_mem(config, cert, cert_len), 0);
    assert_int_equal(tls_config_set_key_mem(config, key, len), 0);
    tls_config_insecure_noverifycert(config);
    assert_int_equal(tls_connect_fds(ctx, 0, 1, "tls99.test"), -1);
    assert_string_equal(tls_error(ctx), error);
}

static void assert_text_refused(const char *key, const char *password, const char *error)
{
    assert_refused((const uint8_t *)key, strlen(key), password, error);
}

/*
 * Made by OpenSSL 3.0, `openssl pkcs8 -topk8`, password "right", with -v1 PBE-SHA1-3DES (PKCS#12), -v2 des3,
 * -v2 aes-128-cbc -v2prf hmacWithSHA224.
 */
static const char pkcs12_key[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                 "MIGxMBwGCiqGSIb3DQEMAQMwDgQI/IyNqRNnypECAggABIGQHgVdn0+AsJ0WlVBy\n"
                                 "cHWH6PIBLL8DHQmB6egfna0X6JiBJg/qTmB53uz9jzBDtF8scupFzpu/YYZhHzXd\n"
                                 "VwKEyhGEimb0CZGWgLU5fIQkOKrB6x9KMPCPvbPxcj413ZhVLaISmMSiPyzjBqh6\n"
                                 "Yuji/FIRvBsEbFkSgwS5L2r6ni8bv7eoNKaFXwrdS//B2P54\n"
                                 "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char des3_key[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                               "MIHjME4GCSqGSIb3DQEFDTBBMCkGCSqGSIb3DQEFDDAcBAiu4hE5S/qLQAICA+gw\n"
                               "DAYIKoZIhvcNAgkFADAUBggqhkiG9w0DBwQImU98Fg2OSRMEgZAU/GowgStf4SEp\n"
                               "cOOfvE+GW6ncVMxWtVsQPdh/OnWdetFYh9SlYNNIQE5SsB/c4Czu+07QtRijZN6i\n"
                               "gyXjR8oZG2tTdq9f62RBn6EjgeUq3beBOZEPbA46e5cer0Hki0idnSE0uE406ym4\n"
                               "37TxS7rHBMLAjClzITzRgynM3kj33rcfpugdrZEGAVGfpMe4b7c=\n"
                               "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char sha224_key[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                 "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiUaqM0WH31KQICA+gw\n"
                                 "DAYIKoZIhvcNAggFADAdBglghkgBZQMEAQIEECLKzcpjWAMak/WAUG55gOEEgZB+\n"
                                 "0U7373waKcGmospHfgdDW0XJ5QDM1Usi7gg3mYoRVfKFLSfCsahh1ToEoeaE5rnI\n"
                                 "qp2gQMrBnTtHbEkNzLQ1v7V8gzw/D0+D0OLU7G93kYjJUZ72XNTtOzc9nVXA5kGg\n"
                                 "j8HnkiPBueVSEIwB8BSfdQ3kUhE+5yjU/Hup5ibrVSPdHTp5yDgVzANIf9gQw80=\n"
                                 "-----END ENCRYPTED PRIVATE KEY-----\n";

static void what_a_key_is_encrypted_with_is_told(void **state)
{
    (void)state;
    assert_text_refused(pkcs12_key, "right",
                        "failed to read private key: it is encrypted in another way than PBES2");
    assert_text_refused(des3_key, "right",
                        "failed to read private key: it is encrypted with a cipher other than AES-CBC");
    assert_text_refused(
        sha224_key, "right",
        "failed to read private key: it is encrypted by PBKDF2 with a PRF other than HMAC with "
        "SHA-1, SHA-256, SHA-384 or SHA-512");
}

/* SEC 1, C.4: 0 and the order of P-256 (FIPS 186-4, D.1.2.3) are no scalars, nor are 31 bytes. */
static void a_scalar_out_of_range_is_told(void **state)
{
    static const char *const keys[] = {
        "30310201010420"
        "0000000000000000000000000000000000000000000000000000000000000000"
        "a00a06082a8648ce3d030107",
        "30310201010420"
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
        "a00a06082a8648ce3d030107",
        "3030020101041f"
        "30b3272a64aa3121d61a0e0830ca15cfdc6fa87c491b87cd35ff6cba064f2a"
        "a00a06082a8648ce3d030107",
    };
    uint8_t pem[512];
    size_t i, len;

    (void)state;
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        len = to_pem(pem, sizeof pem, "EC PRIVATE KEY", keys[i]);
        assert_refused(pem, len, NULL, "failed to read private key: its scalar is out of range");
    }
}

/* INTEGER of 128 bytes or more, in hex. */
static void add_integer(char *out, const char *hex)
{
    const char *zero = hex[0] >= '8' ? "00" : "";
    unsigned len = (unsigned)(strlen(hex) + strlen(zero)) / 2;

    assert_true(len >= 128);
    sprintf(out + strlen(out), len < 256 ? "0281%02x%s%s" : "0282%04x%s%s", len, zero, hex);
}

/* RFC 8017, A.1.2: the key of a server for tests, with one of its primes in both places. */
static void numbers_that_do_not_fit_together_are_told(void **state)
{
    static char body[6000], whole[6100];
    static uint8_t pem[4096];
    size_t len;

    (void)state;
    strcpy(body, "020100");
    add_integer(body, identity_rsa_n);
    strcat(body, "0203010001");
    add_integer(body, identity_rsa_d);
    add_integer(body, identity_rsa_p);
    add_integer(body, identity_rsa_p);
    add_integer(body, identity_rsa_dp);
    add_integer(body, identity_rsa_dp);
    add_integer(body, identity_rsa_qinv);
    sprintf(whole, "3082%04x%s", (unsigned)(strlen(body) / 2), body);
    len = to_pem(pem, sizeof pem, "RSA PRIVATE KEY", whole);
    assert_refused(pem, len, NULL,
                   "failed to read private key: the numbers of the RSA key do not fit together");
}

static void pem_of_another_kind_is_told(void **state)
{
    static const char parameters[] =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

    (void)state;
    assert_text_refused(parameters, NULL, "failed to read private key: it holds PEM of another kind");
    assert_int_equal(tls_config_set_cert_mem(config, (const uint8_t *)parameters, sizeof parameters - 1), -1);
    assert_string_equal(tls_config_error(config), "failed to load certificate: it holds PEM of another kind");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_key_is_encrypted_with_is_told),
        TEST(a_scalar_out_of_range_is_told),
        TEST(numbers_that_do_not_fit_together_are_told),
        TEST(pem_of_another_kind_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
