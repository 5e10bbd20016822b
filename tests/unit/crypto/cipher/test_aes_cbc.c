/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/cipher/aes_cbc.h"
#include "hex.h"

static const char plain[] = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
static const char iv_text[] = "000102030405060708090a0b0c0d0e0f";

static const struct row {
    size_t key_len;
    const char *key, *sealed;
} rows[] = {
    /* NIST SP 800-38A, F.2.2, F.2.4, F.2.6 */
    { 16, "2b7e151628aed2a6abf7158809cf4f3c",
      "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
      "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7" },
    { 24, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
      "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
      "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd" },
    { 32, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
      "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
      "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b" },
};

static void decryption_gives_the_values_of_sp_800_38a(void **state)
{
    uint8_t key[32], iv[16], in[64], out[64];
    size_t i, len;

    (void)state;
    hex_read(iv, sizeof iv, iv_text);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hex_read(key, sizeof key, rows[i].key);
        hex_read(in, sizeof in, rows[i].sealed);
        for (len = 16; len <= sizeof in; len += 16) { /* any number of blocks */
            char expected[129];

            memcpy(expected, plain, sizeof expected);
            expected[2 * len] = '\0';
            memset(out, 0xee, sizeof out);
            assert_true(t99_aes_cbc_decrypt(out, key, rows[i].key_len, iv, in, len));
            assert_true(hex_equal(out, len, expected));
            assert_true(len == sizeof out || out[len] == 0xee);
        }
    }
}

static void it_decrypts_in_place(void **state)
{
    uint8_t key[32], iv[16], data[64];
    size_t i;

    (void)state;
    hex_read(iv, sizeof iv, iv_text);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hex_read(key, sizeof key, rows[i].key);
        hex_read(data, sizeof data, rows[i].sealed);
        assert_true(t99_aes_cbc_decrypt(data, key, rows[i].key_len, iv, data, sizeof data));
        assert_true(hex_equal(data, sizeof data, plain));
    }
}

/* Many blocks: what is decrypted at once must chain as what is decrypted block by block. */
static void a_long_text_is_decrypted_as_its_blocks_are(void **state)
{
    uint8_t key[16] = { 1, 2, 3 }, iv[16] = { 9 }, in[16 * 13], out[16 * 13], block[16];
    size_t i, len;

    (void)state;
    for (i = 0; i < sizeof in; i++) {
        in[i] = (uint8_t)(i * i + 7);
    }
    for (len = 0; len <= sizeof in; len += 16) {
        assert_true(t99_aes_cbc_decrypt(out, key, sizeof key, iv, in, len));
        for (i = 0; i < len; i += 16) {
            assert_true(t99_aes_cbc_decrypt(block, key, sizeof key, i == 0 ? iv : in + i - 16, in + i, 16));
            assert_memory_equal(block, out + i, 16);
        }
    }
}

static void it_refuses_lengths_that_are_not_those_of_aes_or_of_blocks(void **state)
{
    uint8_t key[33] = { 0 }, iv[16] = { 0 }, in[33] = { 0 }, out[33];
    size_t i;

    (void)state;
    for (i = 0; i <= 33; i++) {
        assert_int_equal(t99_aes_cbc_decrypt(out, key, i, iv, in, 32), i == 16 || i == 24 || i == 32);
        assert_int_equal(t99_aes_cbc_decrypt(out, key, 16, iv, in, i), i % 16 == 0);
    }
    assert_true(t99_aes_cbc_decrypt(NULL, key, 16, iv, NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decryption_gives_the_values_of_sp_800_38a),
        cmocka_unit_test(it_decrypts_in_place),
        cmocka_unit_test(a_long_text_is_decrypted_as_its_blocks_are),
        cmocka_unit_test(it_refuses_lengths_that_are_not_those_of_aes_or_of_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
