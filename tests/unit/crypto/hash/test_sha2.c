/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/hash/block.h"
#include "crypto/hash/hash.h"
#include "hex.h"
#include "kv.h"

static const char two_blocks_256[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
static const char two_blocks_512[] = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                                     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";

/* NIST, Cryptographic Standards and Guidelines, Example Values: SHA256.pdf, SHA384.pdf, SHA512.pdf. */
static void sha2_gives_the_examples_of_nist(void **state)
{
    uint8_t digest[T99_HASH_MAX];

    (void)state;
    t99_hash(&t99_sha256, digest, "abc", 3);
    assert_true(hex_equal(digest, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    t99_hash(&t99_sha256, digest, two_blocks_256, strlen(two_blocks_256));
    assert_true(hex_equal(digest, 32, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    t99_hash(&t99_sha384, digest, "abc", 3);
    assert_true(hex_equal(digest, 48,
                          "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                          "8086072ba1e7cc2358baeca134c825a7"));
    t99_hash(&t99_sha384, digest, two_blocks_512, strlen(two_blocks_512));
    assert_true(hex_equal(digest, 48,
                          "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712"
                          "fcc7c71a557e2db966c3e9fa91746039"));
    t99_hash(&t99_sha512, digest, "abc", 3);
    assert_true(hex_equal(digest, 64,
                          "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"));
    t99_hash(&t99_sha512, digest, two_blocks_512, strlen(two_blocks_512));
    assert_true(hex_equal(digest, 64,
                          "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
                          "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"));
}

static const struct t99_hash *by_name(const char *alg)
{
    return strcmp(alg, "SHA256") == 0   ? &t99_sha256
           : strcmp(alg, "SHA384") == 0 ? &t99_sha384
           : strcmp(alg, "SHA512") == 0 ? &t99_sha512
                                        : NULL;
}

/*
 * SHAVS, 6.4: each of 1000 messages is the last three digests; the last digest is the seed of the next
 * round.
 */
static void monte_carlo(const struct t99_hash *hash, uint8_t *seed, long rounds)
{
    uint8_t md[3 * T99_HASH_MAX];
    long i, round;

    for (round = 0; round < rounds; round++) {
        for (i = 0; i < 3; i++) {
            memcpy(md + (size_t)i * hash->len, seed, hash->len);
        }
        for (i = 0; i < 1000; i++) {
            t99_hash(hash, seed, md, 3 * hash->len);
            memmove(md, md + hash->len, 2 * hash->len);
            memcpy(md + 2 * hash->len, seed, hash->len);
        }
    }
}

static void sha2_gives_the_values_of_nist_cavp(void **state)
{
    struct kv kv;
    size_t num = 0;

    (void)state;
    if (!kv_open_shared(&kv, "kv/sha2_cavp.txt")) {
        skip();
    }
    while (kv_next(&kv)) {
        const struct t99_hash *hash = by_name(kv_str(&kv, "alg"));
        struct t99_span msg = kv_hex(&kv, "msg"), seed = kv_hex(&kv, "seed");
        long rounds = kv_num(&kv, "monte", -1) + 1;
        uint8_t digest[T99_HASH_MAX];

        assert_non_null(hash);
        if (rounds > 0) {
            memcpy(digest, seed.p, hash->len);
            monte_carlo(hash, digest, rounds);
        } else {
            assert_int_equal(msg.len * 8, kv_num(&kv, "len", -1));
            t99_hash(hash, digest, msg.p, msg.len);
        }
        assert_true(hex_equal(digest, hash->len, kv_str(&kv, "md")));
        num++;
    }
    kv_close(&kv);
    assert_true(num > 0);
}

static void a_message_may_be_cut_anywhere(void **state)
{
    static const struct t99_hash *const hashes[] = { &t99_sha1, &t99_sha256, &t99_sha384, &t99_sha512 };
    uint8_t message[300], whole[T99_HASH_MAX], parts[T99_HASH_MAX];
    struct t99_hash_ctx ctx;
    size_t i, len, cut;

    (void)state;
    for (i = 0; i < sizeof message; i++) {
        message[i] = (uint8_t)(i * 7);
    }
    for (i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        for (len = 0; len <= sizeof message; len += 13) {
            t99_hash(hashes[i], whole, message, len);
            for (cut = 0; cut <= len; cut++) {
                hashes[i]->init(&ctx);
                hashes[i]->update(&ctx, message, cut);
                hashes[i]->update(&ctx, NULL, 0);
                hashes[i]->update(&ctx, message + cut, len - cut);
                hashes[i]->final(&ctx, parts);
                assert_memory_equal(whole, parts, hashes[i]->len);
            }
        }
    }
}

static void a_copied_context_goes_its_own_way(void **state)
{
    struct t99_hash_ctx ctx, fork;
    uint8_t digest[64];

    (void)state;
    t99_sha256.init(&ctx);
    t99_sha256.update(&ctx, "a", 1);
    fork = ctx;
    t99_sha256.update(&fork, "xyz", 3);
    t99_sha256.final(&fork, digest);
    t99_sha256.update(&ctx, "bc", 2);
    t99_sha256.final(&ctx, digest);
    assert_true(hex_equal(digest, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

/* The last is the portable one; each must do with any number of blocks what that one does. */
static void every_implementation_agrees_with_the_portable_one(void **state)
{
    static const struct t99_hash *const hashes[] = { &t99_sha256, &t99_sha512 };
    static const struct t99_compress_impl *(*const impl_of[])(size_t) = { t99_sha256_impl, t99_sha512_impl };
    uint8_t blocks[5 * T99_BLOCK_MAX];
    size_t h, i, n;

    (void)state;
    for (i = 0; i < sizeof blocks; i++) {
        blocks[i] = (uint8_t)(i * i + 11 * i);
    }
    for (h = 0; h < 2; h++) {
        const struct t99_compress_impl *impl, *portable = NULL;

        for (i = 0; (impl = impl_of[h](i)) != NULL; i++) {
            portable = impl;
        }
        assert_non_null(portable);
        assert_string_equal(portable->name, "portable");
        for (i = 0; (impl = impl_of[h](i)) != NULL; i++) {
            for (n = 0; n <= 5; n++) {
                struct t99_hash_ctx a, b;

                hashes[h]->init(&a);
                hashes[h]->init(&b);
                impl->compress(&a, blocks, n);
                portable->compress(&b, blocks, n);
                assert_memory_equal(&a.state, &b.state, hashes[h]->len);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha2_gives_the_examples_of_nist),
        cmocka_unit_test(sha2_gives_the_values_of_nist_cavp),
        cmocka_unit_test(a_message_may_be_cut_anywhere),
        cmocka_unit_test(a_copied_context_goes_its_own_way),
        cmocka_unit_test(every_implementation_agrees_with_the_portable_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
