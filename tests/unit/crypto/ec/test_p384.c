/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "nist_tests.h"

/* RFC 5903, 8.2. */
static const char dh_i[] =
    "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194";
static const char dh_gi[] =
    "04"
    "667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa"
    "9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573a81c";
static const char dh_r[] =
    "41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a7448fc";
static const char dh_gr[] =
    "04"
    "e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571"
    "dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c";
static const char dh_girx[] =
    "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746";

/* RFC 6979, A.2.6: the key pair, and k, r and s of the signatures with SHA-2. */
static const char key[] =
    "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5";
static const char key_point[] =
    "04"
    "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13"
    "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720";
static const struct signature signatures[] = {
    { &t99_sha256, "sample",
      "180ae9f9aec5438a44bc159a1fcb277c7be54fa20e7cf404b490650a8acc414e375572342863c899f9f2edf9747a9b60",
      "21b13d1e013c7fa1392d03c5f99af8b30c570c6f98d4ea8e354b63a21d3daa33bde1e888e63355d92fa2b3c36d8fb2cd",
      "f3aa443fb107745bf4bd77cb3891674632068a10ca67e3d45db2266fa7d1feebefdc63eccd1ac42ec0cb8668a4fa0ab0" },
    { &t99_sha384, "sample",
      "94ed910d1a099dad3254e9242ae85abde4ba15168eaf0ca87a555fd56d10fbca2907e3e83ba95368623b8c4686915cf9",
      "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
      "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8" },
    { &t99_sha512, "sample",
      "92fc3c7183a883e24216d1141f1a8976c5b0dd797dfa597e3d7b32198bd35331a4e966532593a52980d0e3aaa5e10ec3",
      "ed0959d5880ab2d869ae7f6c2915c6d60f96507f9cb3e047c0046861da4a799cfe30f35cc900056d7c99cd7882433709",
      "512c8cceee3890a84058ce1e22dbc2198f42323ce8aca9135329f03c068e5112dc7cc3ef3446defceb01a45c2667fdd5" },
    { &t99_sha256, "test",
      "0cfac37587532347dc3389fdc98286bba8c73807285b184c83e62e26c401c0faa48dd070ba79921a3457abff2d630ad7",
      "6d6defac9ab64dabafe36c6bf510352a4cc27001263638e5b16d9bb51d451559f918eedaf2293be5b475cc8f0188636b",
      "2d46f3becbcc523d5f1a1256bf0c9b024d879ba9e838144c8ba6baeb4b53b47d51ab373f9845c0514eefb14024787265" },
    { &t99_sha384, "test",
      "015ee46a5bf88773ed9123a5ab0807962d193719503c527b031b4c2d225092ada71f4a459bc0da98adb95837db8312ea",
      "8203b63d3c853e8d77227fb377bcf7b7b772e97892a80f36ab775d509d7a5feb0542a7f0812998da8f1dd3ca3cf023db",
      "ddd0760448d42d8a43af45af836fce4de8be06b485e9b61b827c2f13173923e06a739f040649a667bf3b828246baa5a5" },
    { &t99_sha512, "test",
      "3780c4f67cb15518b6acae34c9f83568d2e12e47deab6c50a4e4ee5319d1e8ce0e2cc8a136036dc4b9c00e6888f66b6c",
      "a0d5d090c9980faf3c2ce57b7ae951d31977dd11c775d314af55f76c676447d06fb6495cd21b4b6e340fc236584fb277",
      "976984e59b4c77b0e8e4460dca3d9f20e07b9bb1f63beefaf576f6b2e8b224634a2092cd3792e0159ad9cee37659c736" },
};

/* Of the base point, by OpenSSL 3.0; the last two are of n - 2 and n - 1. */
static const struct multiple multiples[] = {
    { "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
      "04"
      "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
      "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f" },
    { "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002",
      "04"
      "08d999057ba3d2d969260045c55b97f089025959a6f434d651d207d19fb96e9e4fe0e86ebe0e64f85b96a9c75295df61"
      "8e80f1fa5b1b3cedb7bfe8dffd6dba74b275d875bc6cc43e904e505f256ab4255ffd43e94d39e22d61501e700a940e80" },
    { "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003",
      "04"
      "077a41d4606ffa1464793c7e5fdc7d98cb9d3910202dcd06bea4f240d3566da6b408bbae5026580d02d7e5c70500c831"
      "c995f7ca0b0c42837d0bbe9602a9fc998520b41c85115aa5f7684c0edc111eacc24abd6be4b5d298b65f28600a2f1df1" },
    { "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000014",
      "04"
      "605508ec02c534bceee9484c86086d2139849e2b11c1a9ca1e2808dec2eaf161ac8a105d70d4f85c50599be5800a623f"
      "5158ee87962ac6b81f00a103b8543a07381b7639a3a65f1353aef11b733106dde92e99b78de367b48e238c38dad8eedd" },
    { "00000000000000000000000000000000000000000000000000000000000000000000000000000000018ebbb95eed0e13",
      "04"
      "a499efe48839bc3abcd1c5cedbdd51904f9514db44f4686db918983b0c9dc3aee05a88b72433e9515f91a329f5f4fa60"
      "3b7ca28ef31f809c2f1ba24aaed847d0f8b406a4b8968542de139db5828ca410e615d1182e25b91b1131e230b727d36a" },
    { "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52971",
      "04"
      "08d999057ba3d2d969260045c55b97f089025959a6f434d651d207d19fb96e9e4fe0e86ebe0e64f85b96a9c75295df61"
      "717f0e05a4e4c312484017200292458b4d8a278a43933bc16fb1afa0da954bd9a002bc15b2c61dd29eafe190f56bf17f" },
    { "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52972",
      "04"
      "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
      "c9e821b569d9d390a26167406d6d23d6070be242d765eb831625ceec4a0f473ef59f4e30e2817e6285bce2846f15f1a0" },
};

static void ecdh_gives_the_values_of_rfc_5903(void **state)
{
    (void)state;
    check_agreement(&t99_p384, dh_i, dh_gi, dh_r, dh_gr, dh_girx);
}

static void signatures_are_those_of_rfc_6979_and_altered_ones_are_refused(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        check_signature(&t99_p384, key, key_point, &signatures[i]);
    }
}

static void multiples_of_the_base_point_are_those_of_openssl(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof multiples / sizeof multiples[0]; i++) {
        check_multiple(&t99_p384, multiples[0].point, &multiples[i]);
    }
}

static void the_comb_holds_the_multiples_it_should(void **state)
{
    (void)state;
    check_comb(&t99_p384_group, multiples[0].point);
}

static void the_field_and_the_order_multiply_as_additions_do(void **state)
{
    (void)state;
    check_field(t99_p384_group.field, 384);
    check_field(t99_p384_group.order, 384);
}

static void inverses_are_those_of_what_they_are_multiplied_with(void **state)
{
    (void)state;
    check_inverses(t99_p384_group.field);
    check_inverses(t99_p384_group.order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ecdh_gives_the_values_of_rfc_5903),
        cmocka_unit_test(signatures_are_those_of_rfc_6979_and_altered_ones_are_refused),
        cmocka_unit_test(multiples_of_the_base_point_are_those_of_openssl),
        cmocka_unit_test(the_comb_holds_the_multiples_it_should),
        cmocka_unit_test(the_field_and_the_order_multiply_as_additions_do),
        cmocka_unit_test(inverses_are_those_of_what_they_are_multiplied_with),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
