/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/ec/ed25519.h"
#include "hex.h"

/* RFC 8032, 7.1: tests 1, 2, 3. */
static const struct {
    const char *seed, *pub, *message, *sig;
} vectors[] = {
    { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
    { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
    { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
};

static void the_vectors_of_rfc8032_hold_and_no_altered_bit(void **state)
{
    uint8_t seed[32], pub[32], message[8], sig[64];
    size_t i, bit, len;

    (void)state;
    for (i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        hex_read(seed, sizeof seed, vectors[i].seed);
        len = hex_read(message, sizeof message, vectors[i].message);
        t99_ed25519_public(pub, seed);
        assert_true(hex_equal(pub, 32, vectors[i].pub));
        t99_ed25519_sign(sig, seed, pub, message, len);
        assert_true(hex_equal(sig, 64, vectors[i].sig));
        assert_true(t99_ed25519_verify(sig, pub, message, len));
        for (bit = 0; bit < 512; bit++) {
            sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_false(t99_ed25519_verify(sig, pub, message, len));
            sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        pub[3] ^= 1;
        assert_false(t99_ed25519_verify(sig, pub, message, len));
    }
}

/* RFC 8032, 5.1.7: S is below L; here S + L, which the equation alone would accept. */
static void a_scalar_that_is_not_reduced_is_refused(void **state)
{
    uint8_t pub[32], sig[64], order[32];
    unsigned carry = 0;
    int i;

    (void)state;
    hex_read(pub, 32, vectors[0].pub);
    hex_read(sig, 64, vectors[0].sig);
    hex_read(order, 32, "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    for (i = 0; i < 32; i++) {
        carry += (unsigned)sig[32 + i] + order[i];
        sig[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_false(t99_ed25519_verify(sig, pub, "", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc8032_hold_and_no_altered_bit),
        cmocka_unit_test(a_scalar_that_is_not_reduced_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
