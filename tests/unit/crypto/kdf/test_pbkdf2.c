/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "crypto/kdf/pbkdf2.h"
#include "hex.h"

/* RFC 7914, 11. */
static void pbkdf2_gives_the_values_of_rfc_7914(void **state)
{
    uint8_t out[64];

    (void)state;
    t99_pbkdf2(&t99_sha256, out, 64, "passwd", 6, "salt", 4, 1);
    assert_true(hex_equal(out, 64,
                          "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                          "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"));
    t99_pbkdf2(&t99_sha256, out, 64, "Password", 8, "NaCl", 4, 80000);
    assert_true(hex_equal(out, 64,
                          "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                          "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"));
}

/* RFC 6070, 2: the first, the second, the fifth and the sixth. */
static void pbkdf2_gives_the_values_of_rfc_6070(void **state)
{
    uint8_t out[25];

    (void)state;
    t99_pbkdf2(&t99_sha1, out, 20, "password", 8, "salt", 4, 1);
    assert_true(hex_equal(out, 20, "0c60c80f961f0e71f3a9b524af6012062fe037a6"));
    t99_pbkdf2(&t99_sha1, out, 20, "password", 8, "salt", 4, 2);
    assert_true(hex_equal(out, 20, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"));
    t99_pbkdf2(&t99_sha1, out, 25, "passwordPASSWORDpassword", 24, "saltSALTsaltSALTsaltSALTsaltSALTsalt", 36,
               4096);
    assert_true(hex_equal(out, 25, "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"));
    t99_pbkdf2(&t99_sha1, out, 16, "pass\0word", 9, "sa\0lt", 5, 4096);
    assert_true(hex_equal(out, 16, "56fa6aa75548099dcc37d7f03425e0c3"));
}

/* Made with OpenSSL (Python's hashlib.pbkdf2_hmac). */
static void pbkdf2_gives_the_values_of_openssl_for_longer_hashes(void **state)
{
    uint8_t out[80];

    (void)state;
    t99_pbkdf2(&t99_sha384, out, 80, "password", 8, "salt", 4, 3);
    assert_true(hex_equal(out, 80,
                          "1bfb451b6087e5d24eeffb57d7284448da95b581d35a1887d9a6e756af559b1f"
                          "b4798a4529502f87cdf71f435d66d25e344483fb1f24ab37be82ed35c43762d0"
                          "1520cd6457ab0240e0b334cfc688f5da"));
    t99_pbkdf2(&t99_sha512, out, 80, "password", 8, "salt", 4, 3);
    assert_true(hex_equal(out, 80,
                          "b6b07cb2cebf4ad84468391a543824fccffe0e0769dbe6bddf10a65673c4b648"
                          "e612d44918f9ce9a19a1294cf5140628084ba994c3b21a4ef4741220b811c633"
                          "cfc0641fccbcc4164f1bbfcb1f33f595"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pbkdf2_gives_the_values_of_rfc_7914),
        cmocka_unit_test(pbkdf2_gives_the_values_of_rfc_6070),
        cmocka_unit_test(pbkdf2_gives_the_values_of_openssl_for_longer_hashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
