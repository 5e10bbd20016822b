/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/cipher/aes_bitslice.h"
#include "hex.h"

#define BATCH (T99_AES_BATCH * T99_AES_BLOCK)

static const char *const sealed[] = {
    /* FIPS 197, C.1 to C.3 */
    "69c4e0d86a7b0430d8cdb78070b4c55a",
    "dda97ca4864cdfe06eaf70a0ec0d7191",
    "8ea2b7ca516745bfeafc49904b496089",
};

/* The key is 00 01 02 ..., of 16, 24 and 32 bytes. */
static void expand(struct t99_aes_planes *key, size_t key_len)
{
    struct t99_aes_key compact;
    uint8_t bytes[32], i;

    for (i = 0; i < sizeof bytes; i++) {
        bytes[i] = i;
    }
    t99_aes_expand(&compact, bytes, key_len);
    t99_aes_spread(key, &compact);
}

static void each_block_of_a_batch_gives_the_values_of_fips_197(void **state)
{
    uint8_t plain[BATCH], out[BATCH], block[T99_AES_BLOCK];
    struct t99_aes_planes key;
    size_t i, position;

    (void)state;
    hex_read(block, sizeof block, "00112233445566778899aabbccddeeff");
    for (i = 0; i < 3; i++) {
        expand(&key, 16 + 8 * i);
        for (position = 0; position < T99_AES_BATCH; position++) {
            memset(plain, 0x5a, sizeof plain);
            memcpy(plain + T99_AES_BLOCK * position, block, sizeof block);
            t99_aes_encrypt4(&key, out, plain);
            assert_true(hex_equal(out + T99_AES_BLOCK * position, T99_AES_BLOCK, sealed[i]));
            t99_aes_decrypt4(&key, out, out);
            assert_memory_equal(out, plain, sizeof plain);
        }
    }
}

/* Every byte goes through SubBytes and its inverse, at every place of a block. */
static void decryption_undoes_encryption_for_every_byte_at_every_place(void **state)
{
    uint8_t plain[BATCH], out[BATCH];
    struct t99_aes_planes key;
    size_t value, i;

    (void)state;
    expand(&key, 32);
    for (value = 0; value < 256; value++) {
        for (i = 0; i < sizeof plain; i++) {
            plain[i] = (uint8_t)(value + 37 * i);
        }
        t99_aes_encrypt4(&key, out, plain);
        assert_memory_not_equal(out, plain, sizeof plain);
        t99_aes_decrypt4(&key, out, out);
        assert_memory_equal(out, plain, sizeof plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_block_of_a_batch_gives_the_values_of_fips_197),
        cmocka_unit_test(decryption_undoes_encryption_for_every_byte_at_every_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
