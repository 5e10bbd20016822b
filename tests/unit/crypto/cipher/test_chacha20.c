/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/cipher/chacha20.h"
#include "hex.h"

static const char sunscreen[] = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip "
                                "for the future, sunscreen would be it.";

/* RFC 8439, 2.4.2: the text above. */
static const char sunscreen_sealed[] = "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b"
                                       "f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
                                       "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
                                       "5af90bbf74a35be6b40b8eedf2785e42874d";

static void init(uint32_t state[16], const char *key_text, const char *nonce_text, uint32_t counter)
{
    uint8_t key[32], nonce[12];

    hex_read(key, sizeof key, key_text);
    hex_read(nonce, sizeof nonce, nonce_text);
    t99_chacha20_init(state, key, nonce, counter);
}

static void block_gives_the_values_of_rfc_8439_2_3_2_and_a_1(void **state)
{
    uint8_t out[T99_CHACHA20_BLOCK];
    uint32_t s[16];

    (void)state;
    init(s, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "000000090000004a00000000",
         1);
    t99_chacha20_block(s, out);
    assert_true(hex_equal(out, sizeof out,
                          "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
                          "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e"));
    assert_int_equal(s[12], 2);
    init(s, "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
         0);
    t99_chacha20_block(s, out); /* A.1, 1 */
    assert_true(hex_equal(out, sizeof out,
                          "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
                          "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"));
}

static void xor_gives_the_value_of_rfc_8439_2_4_2(void **state)
{
    uint8_t out[sizeof sunscreen - 1];
    uint32_t s[16];

    (void)state;
    init(s, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "000000000000004a00000000",
         1);
    t99_chacha20_xor(s, out, (const uint8_t *)sunscreen, sizeof out);
    assert_true(hex_equal(out, sizeof out, sunscreen_sealed));
    memcpy(out, sunscreen, sizeof out); /* in place, in two pieces, the first of whole blocks */
    s[12] = 1;
    t99_chacha20_xor(s, out, out, 64);
    t99_chacha20_xor(s, out + 64, out + 64, sizeof out - 64);
    assert_true(hex_equal(out, sizeof out, sunscreen_sealed));
    t99_chacha20_xor(s, NULL, NULL, 0);
}

/* RFC 8439, 2.6.2 and A.4: the first half of block 0 is the key of Poly1305. */
static void block_gives_the_keys_of_rfc_8439_2_6_2_and_a_4(void **state)
{
    static const struct {
        const char *key, *nonce, *poly1305_key;
    } rows[] = {
        { "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", "000000000001020304050607",
          "8ad5a08b905f81cc815040274ab29471a833b637e3fd0da508dbb8e2fdd1a646" },
        { "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
          "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7" },
        { "0000000000000000000000000000000000000000000000000000000000000001", "000000000000000000000002",
          "ecfa254f845f647473d3cb140da9e87606cb33066c447b87bc2666dde3fbb739" },
        { "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0", "000000000000000000000002",
          "965e3bc6f9ec7ed9560808f4d229f94b137ff275ca9b3fcbdd59deaad23310ae" },
    };
    uint8_t out[T99_CHACHA20_BLOCK];
    uint32_t s[16];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        init(s, rows[i].key, rows[i].nonce, 0);
        t99_chacha20_block(s, out);
        assert_true(hex_equal(out, 32, rows[i].poly1305_key));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(block_gives_the_values_of_rfc_8439_2_3_2_and_a_1),
        cmocka_unit_test(xor_gives_the_value_of_rfc_8439_2_4_2),
        cmocka_unit_test(block_gives_the_keys_of_rfc_8439_2_6_2_and_a_4),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
