/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>
#include <tls.h>

/* Numbers and names: IANA, TLS Parameters and TLS ExtensionType Values; RFC 8701. */
static void numbers_have_the_names_of_the_registries(void **state)
{
    static const struct {
        int kind;
        unsigned code;
        const char *name;
    } cases[] = {
        { TLS_CODE_VERSION, 0x0304, "TLS 1.3" },
        { TLS_CODE_VERSION, 0x0301, "TLS 1.0" },
        { TLS_CODE_MESSAGE, 1, "ClientHello" },
        { TLS_CODE_MESSAGE, 25, "CompressedCertificate" },
        { TLS_CODE_ALERT, 0, "close_notify" },
        { TLS_CODE_ALERT, 40, "handshake_failure" },
        { TLS_CODE_ALERT, 21, "decryption_failed" },
        { TLS_CODE_ALERT, 121, "ech_required" },
        { TLS_CODE_CIPHER_SUITE, 0x1301, "TLS_AES_128_GCM_SHA256" },
        { TLS_CODE_CIPHER_SUITE, 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
        { TLS_CODE_CIPHER_SUITE, 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA" },
        { TLS_CODE_CIPHER_SUITE, 0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" },
        { TLS_CODE_GROUP, 0x11ec, "X25519MLKEM768" },
        { TLS_CODE_GROUP, 0x001d, "x25519" },
        { TLS_CODE_GROUP, 0x0100, "ffdhe2048" },
        { TLS_CODE_SIGNATURE_SCHEME, 0x0403, "ecdsa_secp256r1_sha256" },
        { TLS_CODE_SIGNATURE_SCHEME, 0x0201, "rsa_pkcs1_sha1" },
        { TLS_CODE_EXTENSION, 0, "server_name" },
        { TLS_CODE_EXTENSION, 0xff01, "renegotiation_info" },
        { TLS_CODE_EXTENSION, 21, "padding" },
        { TLS_CODE_EXTENSION, 0xfe0d, "encrypted_client_hello" },
        { TLS_CODE_GROUP, 0x3a3a, "GREASE" },
        { TLS_CODE_CIPHER_SUITE, 0xfafa, "GREASE" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_non_null(tls_code_name(cases[i].kind, cases[i].code));
        assert_string_equal(tls_code_name(cases[i].kind, cases[i].code), cases[i].name);
    }
}

static void numbers_without_a_name_have_none(void **state)
{
    (void)state;
    assert_null(tls_code_name(TLS_CODE_ALERT, 1));
    assert_null(tls_code_name(TLS_CODE_ALERT, 0x0a0a));
    assert_null(tls_code_name(TLS_CODE_MESSAGE, 100));
    assert_null(tls_code_name(TLS_CODE_CIPHER_SUITE, 0xeeee));
    assert_null(tls_code_name(TLS_CODE_CIPHER_SUITE, 0x11301));
    assert_null(tls_code_name(TLS_CODE_GROUP, 0x0a1a));
    assert_null(tls_code_name(99, 0));
    assert_null(tls_code_name(-1, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_the_names_of_the_registries),
        cmocka_unit_test(numbers_without_a_name_have_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
