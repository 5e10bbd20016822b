/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/pq/keccak.h"
#include "hex.h"

static const char zero[] = "", abc[] = "abc";

/*
 * NIST, Cryptographic Standards and Guidelines, Example Values: SHA3-256, 0 and 1600 bits; "abc": the same
 * in NIST's CAVP.
 */
static void sha3_256_gives_the_values_of_nist(void **state)
{
    uint8_t a3[200], out[32];

    (void)state;
    memset(a3, 0xa3, sizeof a3);
    t99_sha3_256(out, zero, 0, NULL, 0);
    assert_true(hex_equal(out, 32, "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"));
    t99_sha3_256(out, abc, 1, abc + 1, 2);
    assert_true(hex_equal(out, 32, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"));
    t99_sha3_256(out, a3, sizeof a3, NULL, 0);
    assert_true(hex_equal(out, 32, "79f38adec5c20307a98ef76e8324afbfd46cfd81b22e3973c65fa1bd9de31787"));
}

/* The same for SHA3-512. */
static void sha3_512_gives_the_values_of_nist(void **state)
{
    uint8_t a3[200], out[64];

    (void)state;
    memset(a3, 0xa3, sizeof a3);
    t99_sha3_512(out, zero, 0, NULL, 0);
    assert_true(hex_equal(out, 64,
                          "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a6"
                          "15b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26"));
    t99_sha3_512(out, abc, 3, NULL, 0);
    assert_true(hex_equal(out, 64,
                          "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
                          "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"));
    t99_sha3_512(out, a3, 150, a3, 50);
    assert_true(hex_equal(out, 64,
                          "e76dfad22084a8b1467fcf2ffa58361bec7628edf5f3fdc0e4805dc48caeeca8"
                          "1b7c13c30adf52a3659584739a2df46be589c51ca1a4a8416df6545a1ce8ba00"));
}

/* NIST, Example Values: SHAKE128 and SHAKE256, 0 and 1600 bits. */
static void shake_gives_the_values_of_nist(void **state)
{
    struct t99_sponge s;
    uint8_t a3[200], out[64];

    (void)state;
    memset(a3, 0xa3, sizeof a3);
    t99_shake256(out, sizeof out, zero, 0, NULL, 0);
    assert_true(hex_equal(out, 64,
                          "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f"
                          "d75dc4ddd8c0f200cb05019d67b592f6fc821c49479ab48640292eacb3b7c4be"));
    t99_shake256(out, sizeof out, a3, sizeof a3, NULL, 0);
    assert_true(hex_equal(out, 64,
                          "cd8a920ed141aa0407a22d59288652e9d9f1a7ee0c1e7c1ca699424da84a904d"
                          "2d700caae7396ece96604440577da4f3aa22aeb8857f961c4cd8e06f0ae6610b"));
    t99_sponge_init(&s, T99_SHAKE128_RATE);
    t99_sponge_absorb(&s, a3, sizeof a3);
    t99_sponge_pad(&s, T99_SHAKE_SUFFIX);
    t99_sponge_squeeze(&s, out, sizeof out);
    assert_true(hex_equal(out, 64,
                          "131ab8d2b594946b9c81333f9bb6e0ce75c3b93104fa3469d3917457385da037"
                          "cf232ef7164a6d1eb448c8908186ad852d3f85a5cf28da1ab6fe343817197846"));
}

static void input_and_output_may_be_cut_anywhere(void **state)
{
    uint8_t in[400], whole[500], parts[500];
    struct t99_sponge s;
    size_t i, n;

    (void)state;
    for (i = 0; i < sizeof in; i++) {
        in[i] = (uint8_t)(3 * i);
    }
    t99_shake256(whole, sizeof whole, in, sizeof in, NULL, 0);
    for (n = 1; n < 300; n += 7) {
        t99_sponge_init(&s, T99_SHAKE256_RATE);
        for (i = 0; i < sizeof in; i += n) {
            t99_sponge_absorb(&s, in + i, sizeof in - i < n ? sizeof in - i : n);
        }
        t99_sponge_pad(&s, T99_SHAKE_SUFFIX);
        for (i = 0; i < sizeof parts; i += n) {
            t99_sponge_squeeze(&s, parts + i, sizeof parts - i < n ? sizeof parts - i : n);
        }
        assert_memory_equal(whole, parts, sizeof whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha3_256_gives_the_values_of_nist),
        cmocka_unit_test(sha3_512_gives_the_values_of_nist),
        cmocka_unit_test(shake_gives_the_values_of_nist),
        cmocka_unit_test(input_and_output_may_be_cut_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
