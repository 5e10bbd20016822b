/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "crypto/aead/ghash.h"
#include "rows.h"

#define ZEROS32 "00000000000000000000000000000000"
#define KEY "feffe9928665731c6d6a8f9467308308"
#define NONCE "cafebabefacedbaddecaf888"
#define AAD "feedfacedeadbeeffeedfacedeadbeefabaddad2"
#define PLAIN60                                                                                              \
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"                                       \
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"

/*
 * McGrew and Viega, The Galois/Counter Mode of Operation, appendix B: the test cases with nonces of 96 bits.
 */
static const struct answer answers[] = {
    { &t99_aes_128_gcm, ZEROS32, "000000000000000000000000", "", "", "58e2fccefa7e3061367f1d57a4e7455a" },
    { &t99_aes_128_gcm, ZEROS32, "000000000000000000000000", "", ZEROS32,
      "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf" },
    { &t99_aes_128_gcm, KEY, NONCE, "", PLAIN60 "1aafd255",
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
      "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
      "4d5c2af327cd64a62cf35abd2ba6fab4" },
    { &t99_aes_128_gcm, KEY, NONCE, AAD, PLAIN60,
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
      "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
      "5bc94fbc3221a5db94fae95ae7121a47" },
    { &t99_aes_256_gcm, ZEROS32 ZEROS32, "000000000000000000000000", "", "",
      "530f8afbc74536b9a963b4f1c4cb738b" },
    { &t99_aes_256_gcm, ZEROS32 ZEROS32, "000000000000000000000000", "", ZEROS32,
      "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919" },
    { &t99_aes_256_gcm, KEY KEY, NONCE, "", PLAIN60 "1aafd255",
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
      "b094dac5d93471bdec1a502270e3cc6c" },
    { &t99_aes_256_gcm, KEY KEY, NONCE, AAD, PLAIN60,
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b" },
};

static void every_row_gives_the_values_of_the_gcm_specification(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        rows_assert_answer(&answers[i]);
    }
}

/* McGrew and Viega, appendix B, test cases 2 and 4: H and GHASH(H, A, C). */
static void ghash_gives_the_values_of_the_gcm_specification(void **state)
{
    uint8_t h[16], aad[20], text[60], out[16];
    struct t99_ghash g;

    (void)state;
    hex_read(h, sizeof h, "66e94bd4ef8a2c3b884cfa59ca342b2e");
    hex_read(text, 16, "0388dace60b6a392f328c2b971b2fe78");
    t99_ghash_init(&g, h);
    t99_ghash_update(&g, NULL, 0);
    t99_ghash_update(&g, text, 16);
    t99_ghash_final(&g, out, 0, 16);
    assert_true(hex_equal(out, sizeof out, "f38cbb1ad69223dcc3457ae5b6b0f885"));
    hex_read(h, sizeof h, "b83b533708bf535d0aa6e52980d53b78");
    hex_read(aad, sizeof aad, AAD);
    hex_read(text, sizeof text,
             "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
             "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091");
    t99_ghash_init(&g, h);
    t99_ghash_update(&g, aad, sizeof aad);
    t99_ghash_update(&g, text, sizeof text);
    t99_ghash_final(&g, out, sizeof aad, sizeof text);
    assert_true(hex_equal(out, sizeof out, "698e57f70e6ecc7fd9463b7260a9ae5f"));
}

static void every_row_passes_wycheproof(void **state)
{
    size_t num = rows_run_wycheproof("wycheproof/aes_gcm.txt", &t99_aes_128_gcm);

    (void)state;
    if (num == 0) {
        skip();
    }
    num += rows_run_wycheproof("wycheproof/aes_gcm.txt", &t99_aes_256_gcm);
    assert_true(num > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_gives_the_values_of_the_gcm_specification),
        cmocka_unit_test(ghash_gives_the_values_of_the_gcm_specification),
        cmocka_unit_test(every_row_passes_wycheproof),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
