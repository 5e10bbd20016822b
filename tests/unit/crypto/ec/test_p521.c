/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "nist_tests.h"

/* RFC 5903, 8.3. */
static const char dh_i[] =
    "0037ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a095aa85a30fe1c2952c6771d937ba9777"
    "f5957b2639bab072462f68c27a57382d4a52";
static const char dh_gi[] =
    "04"
    "0015417e84dbf28c0ad3c278713349dc7df153c897a1891bd98bab4357c9ecbee1e3bf42e00b8e380aeae57c2d107564"
    "941885942af5a7f4601723c4195d176ced3e"
    "017cae20b6641d2eeb695786d8c946146239d099e18e1d5a514c739d7cb4a10ad8a788015ac405d7799dc75e7b7d5b6c"
    "f2261a6a7f1507438bf01beb6ca3926f9582";
static const char dh_r[] =
    "0145ba99a847af43793fdd0e872e7cdfa16be30fdc780f97bccc3f078380201e9c677d600b343757a3bdbf2a3163e4c2"
    "f869cca7458aa4a4effc311f5cb151685eb9";
static const char dh_gr[] =
    "04"
    "00d0b3975ac4b799f5bea16d5e13e9af971d5e9b984c9f39728b5e5739735a219b97c356436adc6e95bb0352f6be64a6"
    "c2912d4ef2d0433ced2b6171640012d9460f"
    "015c68226383956e3bd066e797b623c27ce0eac2f551a10c2c724d9852077b87220b6536c5c408a1d2aebb8e86d678ae"
    "49cb57091f4732296579ab44fcd17f0fc56a";
static const char dh_girx[] =
    "01144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04d1427e73ca4baa240a34786859810c06"
    "b3c715a3a8cc3151f2bee417996d19f3ddea";

/* RFC 6979, A.2.7: the key pair, and k, r and s of the signatures with SHA-2. */
static const char key[] =
    "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc"
    "1466f6d8fbec67db89ec0c08b0e996b83538";
static const char key_point[] =
    "04"
    "01894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd371123d46e45db6b5d5370a7f20fb633"
    "155d38ffa16d2bd761dcac474b9a2f5023a4"
    "00493101c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a28a0db25741b5b34a828008b22acc23f"
    "924faafbd4d33f81ea66956dfeaa2bfdfcf5";
static const struct signature signatures[] = {
    { &t99_sha256, "sample",
      "00edf38afcaaecab4383358b34d67c9f2216c8382aaea44a3dad5fdc9c32575761793fef24eb0fc276dfc4f6e3ec4767"
      "52f043cf01415387470bcbd8678ed2c7e1a0",
      "01511bb4d675114fe266fc4372b87682baecc01d3cc62cf2303c92b3526012659d16876e25c7c1e57648f23b73564d67"
      "f61c6f14d527d54972810421e7d87589e1a7",
      "004a171143a83163d6df460aaf61522695f207a58b95c0644d87e52aa1a347916e4f7a72930b1bc06dbe22ce3f58264a"
      "fd23704cbb63b29b931f7de6c9d949a7ecfc" },
    { &t99_sha384, "sample",
      "01546a108bc23a15d6f21872f7ded661fa8431ddbd922d0dcdb77cc878c8553ffad064c95a920a750ac9137e527390d2"
      "d92f153e66196966ea554d9adfcb109c4211",
      "01ea842a0e17d2de4f92c15315c63ddf72685c18195c2bb95e572b9c5136ca4b4b576ad712a52be9730627d16054ba40"
      "cc0b8d3ff035b12ae75168397f5d50c67451",
      "01f21a3cee066e1961025fb048bd5fe2b7924d0cd797babe0a83b66f1e35eeaf5fde143fa85dc394a7dee76652339378"
      "4484bdf3e00114a1c857cde1aa203db65d61" },
    { &t99_sha512, "sample",
      "01dae2ea071f8110dc26882d4d5eae0621a3256fc8847fb9022e2b7d28e6f10198b1574fdd03a9053c08a1854a168aa5"
      "a57470ec97dd5ce090124ef52a2f7ecbffd3",
      "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b53"
      "4931d7d4e8455cc91f9b15bf05ec36e377fa",
      "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff077"
      "7b1a20f8ccb1dccc43997f1ee0e44da4a67a" },
    { &t99_sha256, "test",
      "001de74955efaabc4c4f17f8e84d881d1310b5392d7700275f82f145c61e843841af09035bf7a6210f5a431a6a9e81c9"
      "323354a9e69135d44ebd2fcaa7731b909258",
      "000e871c4a14f993c6c7369501900c4bc1e9c7b0b4ba44e04868b30b41d8071042eb28c4c250411d0ce08cd197e4188e"
      "a4876f279f90b3d8d74a3c76e6f1e4656aa8",
      "00cd52dbaa33b063c3a6cd8058a1fb0a46a4754b034fcc644766ca14da8ca5ca9fde00e88c1ad60ccba759025299079d"
      "7a427ec3cc5b619bfbc828e7769bcd694e86" },
    { &t99_sha384, "test",
      "01f1fc4a349a7da9a9e116bfdd055dc08e78252ff8e23ac276ac88b1770ae0b5dceb1ed14a4916b769a523ce1e90ba22"
      "846af11df8b300c38818f713dadd85de0c88",
      "014bee21a18b6d8b3c93fab08d43e739707953244fdbe924fa926d76669e7ac8c89df62ed8975c2d8397a65a49dcc09f"
      "6b0ac62272741924d479354d74ff6075578c",
      "0133330865c067a0eaf72362a65e2d7bc4e461e8c8995c3b6226a21bd1aa78f0ed94fe536a0dca35534f0cd1510c4152"
      "5d163fe9d74d134881e35141ed5e8e95b979" },
    { &t99_sha512, "test",
      "016200813020ec986863bedfc1b121f605c1215645018aea1a7b215a564de9eb1b38a67aa1128b80ce391c4fb7118765"
      "4aaa3431027bfc7f395766ca988c964dc56d",
      "013e99020abf5cee7525d16b69b229652ab6bdf2affcaef38773b4b7d08725f10cdb93482fdcc54edcee91eca4166b2a"
      "7c6265ef0ce2bd7051b7cef945babd47ee6d",
      "01fbd0013c674aa79cb39849527916ce301c66ea7ce8b80682786ad60f98f7e78a19ca69eff5c57400e3b3a0ad66ce09"
      "78214d13baf4e9ac60752f7b155e2de4dce3" },
};

/* Of the base point, by OpenSSL 3.0; the last two are of n - 2 and n - 1. */
static const struct multiple multiples[] = {
    { "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "000000000000000000000000000000000001",
      "04"
      "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ff"
      "a8de3348b3c1856a429bf97e7e31c2e5bd66"
      "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad"
      "0761353c7086a272c24088be94769fd16650" },
    { "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "000000000000000000000000000000000002",
      "04"
      "00433c219024277e7e682fcb288148c282747403279b1ccc06352c6e5505d769be97b3b204da6ef55507aa104a3a35c5"
      "af41cf2fa364d60fd967f43e3933ba6d783d"
      "00f4bb8cc7f86db26700a7f3eceeeed3f0b5c6b5107c4da97740ab21a29906c42dbbb3e377de9f251f6b93937fa99a32"
      "48f4eafcbe95edc0f4f71be356d661f41b02" },
    { "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "000000000000000000000000000000000003",
      "04"
      "01a73d352443de29195dd91d6a64b5959479b52a6e5b123d9ab9e5ad7a112d7a8dd1ad3f164a3a4832051da6bd16b59f"
      "e21baeb490862c32ea05a5919d2ede37ad7d"
      "013e9b03b97dfa62ddd9979f86c6cab814f2f1557fa82a9d0317d2f8ab1fa355ceec2e2dd4cf8dc575b02d5aced1dec3"
      "c70cf105c9bc93a590425f588ca1ee86c0e5" },
    { "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "000000000000000000000000000000000014",
      "04"
      "018bdd7f1b889598a4653deeae39cc6f8cc2bd767c2ab0d93fb12e968fbed342b51709506339cb1049cb11dd48b9bdb3"
      "cd5cad792e43b74e16d8e2603bfb11b0344f"
      "00c5aadbe63f68ca5b6b6908296959bf0af89ee7f52b410b9444546c550952d311204da3bdddc6d4eae7edfaec1030da"
      "8ef837ccb22eee9cfc94dd3287fed0990f94" },
    { "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "00000000000000000000018ebbb95eed0e13",
      "04"
      "01650048fbd63e8c30b305bf36bd7643b91448ef2206e8a0ca84a140789a99b0423a0a2533ea079ca7e049843e69e5fa"
      "2c25a163819110cec1a30acbbb3a422a40d8"
      "010c9c64a0e0db6052dbc5646687d06dece5e9e0703153efe9cb816fe025e85354d3c5f869d6db3f4c0c01b5f97919a5"
      "e72ceebe03042e5aa99112691cffc2724828" },
    { "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709"
      "a5d03bb5c9b8899c47aebb6fb71e91386407",
      "04"
      "00433c219024277e7e682fcb288148c282747403279b1ccc06352c6e5505d769be97b3b204da6ef55507aa104a3a35c5"
      "af41cf2fa364d60fd967f43e3933ba6d783d"
      "010b44733807924d98ff580c1311112c0f4a394aef83b25688bf54de5d66f93bd2444c1c882160dae0946c6c805665cd"
      "b70b1503416a123f0b08e41ca9299e0be4fd" },
    { "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709"
      "a5d03bb5c9b8899c47aebb6fb71e91386408",
      "04"
      "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ff"
      "a8de3348b3c1856a429bf97e7e31c2e5bd66"
      "00e7c6d6958765c43ffba375a04bd382e426670abbb6a864bb97e85042e8d8c199d368118d66a10bd9bf3aaf46fec052"
      "f89ecac38f795d8d3dbf77416b89602e99af" },
};

static void ecdh_gives_the_values_of_rfc_5903(void **state)
{
    (void)state;
    check_agreement(&t99_p521, dh_i, dh_gi, dh_r, dh_gr, dh_girx);
}

static void signatures_are_those_of_rfc_6979_and_altered_ones_are_refused(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        check_signature(&t99_p521, key, key_point, &signatures[i]);
    }
}

static void multiples_of_the_base_point_are_those_of_openssl(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof multiples / sizeof multiples[0]; i++) {
        check_multiple(&t99_p521, multiples[0].point, &multiples[i]);
    }
}

static void the_comb_holds_the_multiples_it_should(void **state)
{
    (void)state;
    check_comb(&t99_p521_group, multiples[0].point);
}

static void the_field_and_the_order_multiply_as_additions_do(void **state)
{
    (void)state;
    check_field(t99_p521_group.field, 0);
    check_field(t99_p521_group.order, 576);
}

static void inverses_are_those_of_what_they_are_multiplied_with(void **state)
{
    (void)state;
    check_inverses(t99_p521_group.field);
    check_inverses(t99_p521_group.order);
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
