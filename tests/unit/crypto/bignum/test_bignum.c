/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/bignum/bignum.h"
#include "hex.h"

/* Made with Python's integers: n, a, b, a b, a^65537, a^e, e, 1 / a, all modulo n. */
static const struct {
    const char *n, *a, *b, *product, *power, *secret_power, *e, *inverse;
} rows[] = {
    { "f5a3adb3254a9493", "9cada2924f069ca2", "809bc9fe97075fbc", "4673855324a26c73", "035927663515e925",
      "d490ced6fdf31dc3", "81c1e7ff6efacd5b", "cb7b718d2fe22665" },
    { "01f273b44ca5c2948b", "11aee45c506d83b9", "52921ba1c0942860", "51fbe4b7de8b20c9", "72b211d05f817fdf",
      "c2a43893a5c235fd", "240d84d62daf9ac7", "189452e96f6a87a2" },
    { "e8e1a44aa0569d765ebc64cb58d548aae4921bf73047c199", "44e9d04204fb30f75cc5695fcce0ff0819859e14ccd76f2f",
      "22b0c23477e5b4d739af0cd2050cffe04c2645bebfe8e633", "4a2d22bb1f638f1aa40fadff0135b53a779f478115b1546b",
      "c6e35f819e334e546c8b68ee08ecc7bf619ce809a08ec529", "4f28e735af8d2c60d821222d85954c42ce04a1e1ac71b230",
      "2e3ee8c41fc493ca", "d00d34a85de6b00028c644db00847e41f88e5c36ea928820" },
    { "01e5f85b406d3cbac810aa6bb2bde9ed477d06b0c57ed75739f82ac177c63150e5fa299c3bcf90efb625d9fbcdb5c604"
      "244425c9686f65408c739a4e9ef10171f4df",
      "01decac245daeae1a33deba546ef136db36e09401e00d0a656819cec028114c6601210a2d7652bda50dbec488ddb2ee5"
      "a36e2de2385b9755abf91d739cb3194d3c5c",
      "0168c35e3b5d15a7792f46eac7dc08cdf8bd225640722b3a12f1b4c51fe7fdbfc72d89a5b51d9210ecb8e4cede532d32"
      "48e1d8883658e1cab6a92cbacf9e937d11d6",
      "ef16904a7519433398b20de22213f514f2214a8150989ec56051b67a208823f1c515ee676bafc9596be2e679ffe1dba3"
      "b873941a7059d0b3c04007078232860061",
      "0169f16ce4bd2ed00dda4a25663cf11d2517db572b324bae76b3fbb566aabee108f27cd31932c8fece2da2a5f04cc784"
      "e9d3df0c60154a8a2e2b6e11f2383190f65d",
      "0130bb2cd7c7230cab6347b2e22d88cd0a159b664f5e43e5bbb69971f27dc2d4eeb6aa8d886fd35b29f2c5dfefc6ba1e"
      "3897505ec3395c8e7fbce61cf1d24168be28",
      "e3f4fca319f046a5",
      "95c15641946f3b857136145211bdf02d6bfbc3bd24a9123f5a259e98c8f39cbe033cf1b4c220829a8b814700cbb85e28"
      "634dac69a8ba0bef04c01e9535936ba9ac" },
    { "9efa1095b22bbf7eb4c858fb467045a0c0fe15dd0df9564b2a2a146d53a66ed1dc80d91695d9a429ad0cbe1d0ee77542"
      "25ae27ee4113ee60952acffee6d47d347e54d4d7cd1576338379e94ee34d871bc4575a626ffb6348b6f9706fb4f741aa"
      "e8c7ac9ed2f13d67d8ed67933d6350f040a5ff526f38a9c7a6c9253a4cc6382f",
      "88cb31d2357343fdb51d9eb915354e787ed71174f8f1b07164ae1902a4da04e55acd5b3b9d116df573343fcb89ccedb8"
      "0f0246f3ad62cc20aee4d72c75a4452703bccaf92b7e48ed1e471183834ea2b529535c564e859e566fe6364afa0ad34b"
      "809c60f85577ed976706a51578753d4584504873b714fd1c7212360ebe1b2922",
      "08a81a0a2d8e6858cd46be7d974c95e65e2c9a5194643928ddc01f652306d3c517d54a36e6452d000cde71b624ec3c58"
      "88baf30b5a2f09154ba3af8178b235228bfa6930623ac3fe6a4ed7a093cac61b81699b9782c92ec3454dca2b4b059dfa"
      "61f95c2d3bf6bed7acaf6511e45aa78630604cca4987707102695c75a2f5cbdd",
      "6f19d6116cafc8480d350da2539b59c469f6f932b7727dc8b96a4f18af1fd2216528bdd654d43644e19b2c8a40278a6e"
      "48b362eea76a38f9882ef8cd3d584cca80eacfd8cd59d48b3f334ffa8e844d7e9654c63613543fd23548ea7cb74b3559"
      "a215e125c0017cdfabdf260e8fe2d237efcd10547ad6638575d425b9ff970c0b",
      "674a0c550546122fddca7ab9ac4e94cb38d0779c918d5ff3cad7f47a8fe71ba043739f2ecbdda0d5123ab3cc4c4c91c9"
      "0412425dd141f97ea24feb100d9dc82c0880e2ed3aa9e7bd276386dc2db67314fe421052e419d29e371c15e183a3b5ba"
      "bd5597eaca069cefc91d2a721e371af8e8cc247ce1b9e4e5d9cab4cd2b9a18ab",
      "6000f04ec3cdaf0f25fe2b3216730799c80175f8abaddc1e03951bdf45ddfc7d91dd79ede864ad53989442ddd818d32b"
      "3bdf1c06728dcc97f04acd63a1ef002201aca6e67230244d69754579a0d68ee11211082fecacbfefe6d4496de3804baa"
      "ed6467fb1c5f95e2e353e5e8cf004f111ddfe715e874ac408718147768907639",
      "1119d5334068cacc",
      "1b27193acfaf2acfc0b1ae2eeae81549141f3fe1e27e1dbd1b9a512f9c64f7138d3974b76befb0f880ec31012348ef21"
      "4efe7ba5af829120002c2cc1955aaf5f7ad9e4f553d752e479567430ada7f235ced723c746f5fb71cd38063b3bb083b7"
      "6ae8324828233b5c6604adb436f6a164145896ca8b278a28cc4f5dcb3f930c7d" },
};

struct numbers {
    struct t99_modulus m;
    uint64_t a[16], b[16], e[16];
};

static void load(uint64_t *x, size_t len, const char *hex)
{
    uint8_t bytes[128];
    size_t n = hex_read(bytes, sizeof bytes, hex);

    assert_true(t99_bn_load(x, len, t99_span(bytes, n)));
}

static void load_row(struct numbers *v, size_t i)
{
    uint8_t bytes[128];
    size_t n = hex_read(bytes, sizeof bytes, rows[i].n);

    assert_true(t99_modulus_init(&v->m, t99_span(bytes, n)));
    load(v->a, v->m.len, rows[i].a);
    load(v->b, v->m.len, rows[i].b);
    load(v->e, v->m.len, rows[i].e);
}

static void assert_number(const uint64_t *x, size_t len, const char *hex)
{
    uint64_t expected[16];

    load(expected, len, hex);
    assert_memory_equal(x, expected, len * sizeof x[0]);
}

static void products_and_powers_are_those_of_python(void **state)
{
    struct numbers v;
    uint64_t x[16], y[16], z[16];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        load_row(&v, i);
        t99_mont_enter(x, v.a, &v.m);
        t99_mont_mul(y, x, v.b, &v.m);
        assert_number(y, v.m.len, rows[i].product);
        t99_mont_exp_public(y, x, 65537, &v.m);
        t99_mont_leave(y, y, &v.m);
        assert_number(y, v.m.len, rows[i].power);
        t99_mont_exp(z, x, v.e, v.m.len, &v.m);
        t99_mont_leave(z, z, &v.m);
        assert_number(z, v.m.len, rows[i].secret_power);
    }
}

static void inverses_are_those_of_python(void **state)
{
    struct numbers v;
    uint64_t x[16];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        load_row(&v, i);
        assert_true(t99_mod_invert_variable(x, v.a, &v.m));
        assert_number(x, v.m.len, rows[i].inverse);
    }
    memset(x, 0, sizeof x);
    assert_false(t99_mod_invert_variable(x, x, &v.m)); /* zero has none */
}

static void sums_and_differences_stay_below_the_modulus(void **state)
{
    struct numbers v;
    uint64_t x[16];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        load_row(&v, i);
        t99_mod_add(x, v.a, v.b, &v.m);
        assert_int_equal(t99_bn_below(x, v.m.n, v.m.len), 1);
        t99_mod_sub(x, x, v.b, &v.m);
        assert_memory_equal(x, v.a, v.m.len * sizeof x[0]);
    }
}

static void moduli_that_cannot_be_are_refused(void **state)
{
    static const uint8_t even[2] = { 1, 0 }, one[1] = { 1 }, zero[2] = { 0, 0 };
    static uint8_t long_one[1025];
    struct t99_modulus m;

    (void)state;
    memset(long_one, 0xff, sizeof long_one);
    assert_false(t99_modulus_init(&m, t99_span(even, 2)));
    assert_false(t99_modulus_init(&m, t99_span(one, 1)));
    assert_false(t99_modulus_init(&m, t99_span(zero, 2)));
    assert_false(t99_modulus_init(&m, t99_span(long_one, sizeof long_one)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_and_powers_are_those_of_python),
        cmocka_unit_test(inverses_are_those_of_python),
        cmocka_unit_test(sums_and_differences_stay_below_the_modulus),
        cmocka_unit_test(moduli_that_cannot_be_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
