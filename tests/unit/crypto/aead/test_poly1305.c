/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/mac/poly1305.h"
#include "hex.h"

/* RFC 8439, A.3: the test vectors whose text is whole blocks, which is all that the AEAD hashes. */
static const struct row {
    const char *r, *s, *text, *tag;
} rows[] = {
    { "00000000000000000000000000000000", "00000000000000000000000000000000",
      "0000000000000000000000000000000000000000000000000000000000000000"
      "0000000000000000000000000000000000000000000000000000000000000000",
      "00000000000000000000000000000000" }, /* 1 */
    { "02000000000000000000000000000000", "00000000000000000000000000000000",
      "ffffffffffffffffffffffffffffffff", "03000000000000000000000000000000" }, /* 5 */
    { "02000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
      "02000000000000000000000000000000", "03000000000000000000000000000000" }, /* 6 */
    { "01000000000000000000000000000000", "00000000000000000000000000000000",
      "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff"
      "11000000000000000000000000000000",
      "05000000000000000000000000000000" }, /* 7 */
    { "01000000000000000000000000000000", "00000000000000000000000000000000",
      "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe"
      "01010101010101010101010101010101",
      "00000000000000000000000000000000" }, /* 8 */
    { "02000000000000000000000000000000", "00000000000000000000000000000000",
      "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff" }, /* 9 */
    { "01000000000000000400000000000000", "00000000000000000000000000000000",
      "e33594d7505e43b900000000000000003394d7505e4379cd0100000000000000"
      "0000000000000000000000000000000001000000000000000000000000000000",
      "14000000000000005500000000000000" }, /* 10 */
    { "01000000000000000400000000000000", "00000000000000000000000000000000",
      "e33594d7505e43b900000000000000003394d7505e4379cd0100000000000000"
      "00000000000000000000000000000000",
      "13000000000000000000000000000000" }, /* 11 */
};

static void blocks_give_the_tags_of_rfc_8439_a_3(void **state)
{
    uint8_t key[32], text[64], tag[16];
    struct t99_poly1305 mac;
    size_t i, j, len;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hex_read(key, 16, rows[i].r);
        hex_read(key + 16, 16, rows[i].s);
        len = hex_read(text, sizeof text, rows[i].text);
        t99_poly1305_init(&mac, key);
        t99_poly1305_blocks(&mac, text, len / 16);
        t99_poly1305_final(&mac, tag);
        assert_true(hex_equal(tag, sizeof tag, rows[i].tag));
        t99_poly1305_init(&mac, key); /* the same block by block */
        for (j = 0; j < len; j += 16) {
            t99_poly1305_padded(&mac, text + j, 16);
        }
        t99_poly1305_final(&mac, tag);
        assert_true(hex_equal(tag, sizeof tag, rows[i].tag));
    }
}

static void padding_is_zeros_up_to_a_block(void **state)
{
    uint8_t key[32], text[48], tag[16], expected[16];
    struct t99_poly1305 mac;
    size_t len, i;

    (void)state;
    for (i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)(251 - 7 * i);
    }
    for (len = 0; len <= sizeof text; len++) {
        memset(text, 0, sizeof text);
        memset(text, 0xa7, len);
        t99_poly1305_init(&mac, key);
        t99_poly1305_padded(&mac, text, len);
        t99_poly1305_final(&mac, tag);
        t99_poly1305_init(&mac, key);
        t99_poly1305_blocks(&mac, text, (len + 15) / 16);
        t99_poly1305_final(&mac, expected);
        assert_memory_equal(tag, expected, sizeof tag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_give_the_tags_of_rfc_8439_a_3),
        cmocka_unit_test(padding_is_zeros_up_to_a_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
