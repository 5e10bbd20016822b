/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/kdf/tls12_prf.h"
#include "hex.h"
#include "kv.h"

/* "Test vectors for TLS 1.2 PRF", TLS working group's mailing list, 2009-07. */
static const struct {
    const struct t99_hash *hash;
    const char *secret, *seed, *output;
} known[] = {
    { &t99_sha256, "9bbe436ba940f017b17652849a71db35", "a0ba9f936cda311827a6f796ffd5198c",
      "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af"
      "0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
      "87347b66" },
    { &t99_sha512, "b0323523c1853599584d88568bbb05eb", "d4640e12e4bcdbfb437f03e6ae418ee5",
      "1261f588c798c5c201ff036e7a9cb5edcd7fe3f94c669a122a4638d7d508b283042df6789875c7147e906d868bc75c45"
      "e20eb40c1cf4a1713b27371f68432592f7dc8ea8ef223e12ea8507841311bf68653d0cfc4056d811f025c45ddfa6e6fe"
      "c702f054b409d6f28dd0a3233e498da41a3e75c5630eedbe22fe254e33a1b0e9f6b9826675bec7d01a845658dc9c3975"
      "45401d40b9f46c7a400ee1b8f81ca0a60d1a397a1028bff5d2ef5066126842fb8da4197632bdb54ff6633f86bbc836e6"
      "40d4d898" },
};

static void prf_gives_the_known_values_however_the_seed_is_cut(void **state)
{
    uint8_t secret[16], seed[16], out[196];
    size_t i, cut, len;

    (void)state;
    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        hex_read(secret, sizeof secret, known[i].secret);
        hex_read(seed, sizeof seed, known[i].seed);
        len = strlen(known[i].output) / 2;
        for (cut = 0; cut <= sizeof seed; cut++) {
            t99_tls12_prf(known[i].hash, out, len, secret, sizeof secret, "test label", seed, cut, seed + cut,
                          sizeof seed - cut);
            assert_true(hex_equal(out, len, known[i].output));
        }
    }
}

static void a_shorter_output_is_the_beginning_of_a_longer_one(void **state)
{
    uint8_t whole[100], part[100];
    size_t len;

    (void)state;
    t99_tls12_prf(&t99_sha384, whole, sizeof whole, "secret", 6, "label", "seed", 4, NULL, 0);
    for (len = 0; len < sizeof whole; len++) {
        memset(part, 0xee, sizeof part);
        t99_tls12_prf(&t99_sha384, part, len, "secret", 6, "label", "seed", 4, NULL, 0);
        assert_memory_equal(part, whole, len);
        assert_int_equal(part[len], 0xee);
    }
}

static void prf_gives_the_values_of_mbed_tls(void **state)
{
    struct kv kv;
    size_t num = 0;

    (void)state;
    if (!kv_open_shared(&kv, "kv/tls_kdf_mbedtls.txt")) {
        skip();
    }
    while (kv_next(&kv)) {
        if (kv_is(&kv, "fn", "ssl_tls_prf")) {
            const struct t99_hash *hash =
                kv_is(&kv, "type", "MBEDTLS_SSL_TLS_PRF_SHA384") ? &t99_sha384 : &t99_sha256;
            struct t99_span secret = kv_hex(&kv, "secret"), seed = kv_hex(&kv, "random");
            uint8_t out[64];
            size_t len = strlen(kv_str(&kv, "output")) / 2;

            t99_tls12_prf(hash, out, len, secret.p, secret.len, kv_str(&kv, "label"), seed.p, seed.len, NULL,
                          0);
            assert_true(hex_equal(out, len, kv_str(&kv, "output")));
            num++;
        }
    }
    kv_close(&kv);
    assert_int_equal(num, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prf_gives_the_known_values_however_the_seed_is_cut),
        cmocka_unit_test(a_shorter_output_is_the_beginning_of_a_longer_one),
        cmocka_unit_test(prf_gives_the_values_of_mbed_tls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
