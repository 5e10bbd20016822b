/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "crypto/ec/p256_field.h"
#include "nist_tests.h"

/* RFC 5903, 8.1. */
static const char dh_i[] = "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433";
static const char dh_gi[] = "04"
                            "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
                            "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3";
static const char dh_r[] = "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53";
static const char dh_gr[] = "04"
                            "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
                            "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab";
static const char dh_girx[] = "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de";

/* RFC 6979, A.2.5: the key pair, and k, r and s of the signatures with SHA-2. */
static const char key[] = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
static const char key_point[] = "04"
                                "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                                "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
static const struct signature signatures[] = {
    { &t99_sha256, "sample", "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60",
      "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8" },
    { &t99_sha384, "sample", "09f634b188cefd98e7ec88b1aa9852d734d0bc272f7d2a47decc6ebeb375aad4",
      "0eafea039b20e9b42309fb1d89e213057cbf973dc0cfc8f129edddc800ef7719",
      "4861f0491e6998b9455193e34e7b0d284ddd7149a74b95b9261f13abde940954" },
    { &t99_sha512, "sample", "5fa81c63109badb88c1f367b47da606da28cad69aa22c4fe6ad7df73a7173aa5",
      "8496a60b5e9b47c825488827e0495b0e3fa109ec4568fd3f8d1097678eb97f00",
      "2362ab1adbe2b8adf9cb9edab740ea6049c028114f2460f96554f61fae3302fe" },
    { &t99_sha256, "test", "d16b6ae827f17175e040871a1c7ec3500192c4c92677336ec2537acaee0008e0",
      "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
      "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083" },
    { &t99_sha384, "test", "16aeffa357260b04b1dd199693960740066c1a8f3e8edd79070aa914d361b3b8",
      "83910e8b48bb0c74244ebdf7f07a1c5413d61472bd941ef3920e623fbccebeb6",
      "8ddbec54cf8cd5874883841d712142a56a8d0f218f5003cb0296b6b509619f2c" },
    { &t99_sha512, "test", "6915d11632aca3c40d5d51c08daf9c555933819548784480e93499000d9f0b7f",
      "461d93f31b6540894788fd206c07cfa0cc35f46fa3c91816fff1040ad1581a04",
      "39af9f15de0db8d97e72719c74820d304ce5226e32dedae67519e840d1194e55" },
};

/* Of the base point, by OpenSSL 3.0; the last two are of n - 2 and n - 1. */
static const struct multiple multiples[] = {
    { "0000000000000000000000000000000000000000000000000000000000000001",
      "04"
      "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5" },
    { "0000000000000000000000000000000000000000000000000000000000000002",
      "04"
      "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978"
      "07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1" },
    { "0000000000000000000000000000000000000000000000000000000000000003",
      "04"
      "5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c"
      "8734640c4998ff7e374b06ce1a64a2ecd82ab036384fb83d9a79b127a27d5032" },
    { "0000000000000000000000000000000000000000000000000000000000000014",
      "04"
      "83a01a9378395bab9bcd6a0ad03cc56d56e6b19250465a94a234dc4c6b28da9a"
      "76e49b6de2f73234ae6a5eb9d612b75c9f2202bb6923f54ff8240aaa86f640b8" },
    { "000000000000000000000000000000000000000000000000018ebbb95eed0e13",
      "04"
      "339150844ec15234807fe862a86be77977dbfb3ae3d96f4c22795513aeaab82f"
      "b1c14ddfdc8ec1b2583f51e85a5eb3a155840f2034730e9b5ada38b674336a21" },
    { "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f",
      "04"
      "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978"
      "f888aaee24712fc0d6c26539608bcf244582521ac3167dd661fb4862dd878c2e" },
    { "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
      "04"
      "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
      "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a" },
};

static void ecdh_gives_the_values_of_rfc_5903(void **state)
{
    (void)state;
    check_agreement(&t99_p256, dh_i, dh_gi, dh_r, dh_gr, dh_girx);
}

static void signatures_are_those_of_rfc_6979_and_altered_ones_are_refused(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        check_signature(&t99_p256, key, key_point, &signatures[i]);
    }
}

static void multiples_of_the_base_point_are_those_of_openssl(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof multiples / sizeof multiples[0]; i++) {
        check_multiple(&t99_p256, multiples[0].point, &multiples[i]);
    }
}

static void the_comb_holds_the_multiples_it_should(void **state)
{
    (void)state;
    check_comb(t99_p256_group(0), multiples[0].point);
}

static void the_fields_of_this_cpu_and_the_order_multiply_as_additions_do(void **state)
{
    size_t row;

    (void)state;
    for (row = 0; t99_p256_group(row) != NULL; row++) {
        check_field(t99_p256_group(row)->field, 256);
    }
    assert_true(row >= 1);
    check_field(t99_p256_group(0)->order, 256);
}

static void every_field_of_this_cpu_gives_the_same_points(void **state)
{
    uint8_t k[32], point[65], x[32];
    size_t row, i;

    (void)state;
    for (row = 0; t99_p256_group(row) != NULL; row++) {
        for (i = 0; i < sizeof multiples / sizeof multiples[0]; i++) {
            hex_read(k, sizeof k, multiples[i].scalar);
            assert_true(t99_group_public_key(t99_p256_group(row), point, k));
            assert_true(hex_equal(point, sizeof point, multiples[i].point));
        }
        hex_read(k, sizeof k, dh_i);
        hex_read(point, sizeof point, dh_gr);
        assert_true(t99_group_ecdh(t99_p256_group(row), x, k, point, sizeof point));
        assert_true(hex_equal(x, sizeof x, dh_girx));
    }
}

static void inverses_are_those_of_what_they_are_multiplied_with(void **state)
{
    (void)state;
    check_inverses(t99_p256_group(0)->field);
    check_inverses(t99_p256_group(0)->order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ecdh_gives_the_values_of_rfc_5903),
        cmocka_unit_test(signatures_are_those_of_rfc_6979_and_altered_ones_are_refused),
        cmocka_unit_test(multiples_of_the_base_point_are_those_of_openssl),
        cmocka_unit_test(the_comb_holds_the_multiples_it_should),
        cmocka_unit_test(the_fields_of_this_cpu_and_the_order_multiply_as_additions_do),
        cmocka_unit_test(every_field_of_this_cpu_gives_the_same_points),
        cmocka_unit_test(inverses_are_those_of_what_they_are_multiplied_with),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
