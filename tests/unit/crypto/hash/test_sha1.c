/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/hash/hash.h"
#include "hex.h"

/*
 * FIPS 180-4's examples (NIST, Cryptographic Standards and Guidelines, Example Values, SHA1.pdf), and RFC
 * 3174, 7.3.
 */
static const struct {
    const char *message, *digest;
} known[] = {
    { "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
    { "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
};

static void sha1_gives_the_examples_of_nist(void **state)
{
    uint8_t digest[20];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        t99_hash(&t99_sha1, digest, known[i].message, strlen(known[i].message));
        assert_true(hex_equal(digest, sizeof digest, known[i].digest));
    }
}

/* RFC 3174, 7.3, TEST3. */
static void sha1_of_a_million_times_a_in_uneven_parts(void **state)
{
    struct t99_hash_ctx ctx;
    uint8_t digest[20], part[1009];
    size_t left = 1000000, n;

    (void)state;
    memset(part, 'a', sizeof part);
    t99_sha1.init(&ctx);
    for (n = 1; left != 0; n = n % sizeof part + 1) {
        n = n < left ? n : left;
        t99_sha1.update(&ctx, part, n);
        left -= n;
    }
    t99_sha1.final(&ctx, digest);
    assert_true(hex_equal(digest, sizeof digest, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"));
}

static void final_wipes_the_context(void **state)
{
    static const uint8_t zeros[sizeof(struct t99_hash_ctx)];
    struct t99_hash_ctx ctx;
    uint8_t digest[20];

    (void)state;
    memset(&ctx, 0, sizeof ctx);
    t99_sha1.init(&ctx);
    t99_sha1.update(&ctx, "secret", 6);
    t99_sha1.final(&ctx, digest);
    assert_memory_equal(&ctx, zeros, sizeof ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha1_gives_the_examples_of_nist),
        cmocka_unit_test(sha1_of_a_million_times_a_in_uneven_parts),
        cmocka_unit_test(final_wipes_the_context),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
