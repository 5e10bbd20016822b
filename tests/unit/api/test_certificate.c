/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>
#include <tls.h>

#include "hex.h"

/* Made with OpenSSL 3, whose x509 -text says what is expected below. */
static const char names_test[] =
    "308201fc308201a2a00302010202021234300a06082a8648ce3d0403023032310b3009060355040613024445310e300c0603"
    "55040a0c0554657374733113301106035504030c0a6e616d65732e746573743020170d3236313132353033353835385a180f"
    "32313236313130313033353835385a3032310b3009060355040613024445310e300c060355040a0c05546573747331133011"
    "06035504030c0a6e616d65732e746573743059301306072a8648ce3d020106082a8648ce3d03010703420004038d53a1ef3b"
    "a0c61f61f55287a083427493486916dba11d999d0f9cfda7137a1e6255527ea4be67f10eb5010ec06cecc33669043a44731b"
    "c457708a9cc898bfa381a53081a2300c0603551d130101ff0402300030730603551d11046c306a820a6e616d65732e746573"
    "74820c2a2e6e616d65732e746573748704c0000207871020010db8000000000000000000000001810c61406e616d65732e74"
    "657374861368747470733a2f2f6e616d65732e746573742fa4133011310f300d06035504030c0677697468696e301d060355"
    "1d0e0416041439d98529e96c49d01b3b83671045c2ead0fac2a4300a06082a8648ce3d0403020348003045022100e882d0c1"
    "99109968568e081b49f5af5d9b7c2a782dbb6c40416031c2ce32d9e802203821d5fda90970e8686bf0294c0af9865edf57a9"
    "08cad385d2f520f1b3bc5e52";

static void a_certificate_says_what_openssl_prints(void **state)
{
    static const struct tls_certificate_name names[] = {
        { "DNS", "names.test" },          { "DNS", "*.names.test" },   { "IP", "192.0.2.7" },
        { "IP", "2001:db8:0:0:0:0:0:1" }, { "email", "a@names.test" }, { "URI", "https://names.test/" },
        { "directory", "CN=within" },
    };
    struct tls_certificate *c;
    uint8_t der[1024];
    size_t len = hex_read(der, sizeof der, names_test), i;

    (void)state;
    c = tls_certificate_read(der, len);
    assert_non_null(c);
    assert_string_equal(c->subject, "CN=names.test, O=Tests, C=DE");
    assert_string_equal(c->issuer, "CN=names.test, O=Tests, C=DE");
    assert_string_equal(c->serial, "1234");
    assert_string_equal(c->key, "P-256");
    assert_string_equal(c->sha256, "c5e9e15194545b52fde175b8c1c16c4a136a55a841cc659a1191aab52b709555");
    assert_int_equal(c->not_before, 1795579138);
    assert_int_equal(c->not_after, sizeof(time_t) > 4 ? 4949179138 : INT32_MAX); /* the year 2126 */
    assert_false(c->is_ca);
    assert_true(c->self_issued);
    assert_int_equal(c->num_names, sizeof names / sizeof names[0]);
    for (i = 0; i < c->num_names; i++) {
        assert_string_equal(c->names[i].type, names[i].type);
        assert_string_equal(c->names[i].value, names[i].value);
    }
    tls_certificate_free(c);
}

static void what_is_no_certificate_is_refused(void **state)
{
    uint8_t der[1024];
    size_t len = hex_read(der, sizeof der, names_test), i;

    (void)state;
    for (i = 0; i < len; i++) {
        assert_null(tls_certificate_read(der, i));
    }
    assert_null(tls_certificate_read(der, len + 1));
    tls_certificate_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_says_what_openssl_prints),
        cmocka_unit_test(what_is_no_certificate_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
