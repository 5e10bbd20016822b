/*
 * Run under valgrind, these tests see every branch and index that depends on a secret: keys and plaintexts
 * count as not initialized. Elsewhere they check little.
 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "crypto/aead/aead.h"
#include "crypto/cipher/aes_cbc.h"

#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif
#endif

#ifdef VALGRIND_MAKE_MEM_UNDEFINED
#define SECRET(p, len) ((void)VALGRIND_MAKE_MEM_UNDEFINED(p, len))
#define PUBLIC(p, len) ((void)VALGRIND_MAKE_MEM_DEFINED(p, len))
#define NUM_LEAKS() ((unsigned long)VALGRIND_COUNT_ERRORS)
#else
#define SECRET(p, len) ((void)(p))
#define PUBLIC(p, len) ((void)(p))
#define NUM_LEAKS() 0ul
#endif

static const struct t99_aead *const aeads[] = { &t99_aes_128_gcm, &t99_aes_256_gcm, &t99_chacha20_poly1305 };

static void every_row_seals_without_a_look_at_key_or_data(void **state)
{
    static const size_t lens[] = { 0, 5, 64, 300, 1500 };
    static uint8_t plain[1500], sealed[1500 + T99_AEAD_TAG_LEN], aad[13];
    uint8_t bytes[T99_AEAD_KEY_MAX], nonce[T99_AEAD_NONCE_LEN] = { 0 };
    const struct t99_aead_impl *impl;
    struct t99_aead_key key;
    size_t i, row, l;

    (void)state;
    for (i = 0; i < sizeof aeads / sizeof aeads[0]; i++) {
        for (row = 0; (impl = aeads[i]->impl(row)) != NULL; row++) {
            for (l = 0; l < sizeof lens / sizeof lens[0]; l++) {
                unsigned long before = NUM_LEAKS();

                memset(bytes, 7, sizeof bytes);
                SECRET(bytes, sizeof bytes);
                SECRET(plain, sizeof plain);
                key.impl = impl;
                impl->init(&key, bytes, aeads[i]->key_len);
                t99_aead_seal(&key, sealed, nonce, aad, sizeof aad, plain, lens[l]);
                t99_aead_wipe(&key);
                assert_int_equal(NUM_LEAKS() - before, 0);
            }
        }
    }
}

/* The answer itself, one branch, may be seen: whether the tag was right. */
static void every_row_opens_without_a_look_at_the_key(void **state)
{
    static uint8_t plain[1500], sealed[1500 + T99_AEAD_TAG_LEN], aad[13];
    uint8_t bytes[T99_AEAD_KEY_MAX], nonce[T99_AEAD_NONCE_LEN] = { 0 };
    const struct t99_aead_impl *impl;
    struct t99_aead_key key;
    size_t i, row;

    (void)state;
    PUBLIC(plain, sizeof plain);
    for (i = 0; i < sizeof aeads / sizeof aeads[0]; i++) {
        for (row = 0; (impl = aeads[i]->impl(row)) != NULL; row++) {
            unsigned long before = NUM_LEAKS();
            bool ok;

            memset(bytes, 7, sizeof bytes);
            SECRET(bytes, sizeof bytes);
            key.impl = impl;
            impl->init(&key, bytes, aeads[i]->key_len);
            t99_aead_seal(&key, sealed, nonce, aad, sizeof aad, plain, sizeof plain);
            PUBLIC(sealed, sizeof sealed); /* what an attacker sees */
            ok = t99_aead_open(&key, plain, nonce, aad, sizeof aad, sealed, sizeof plain);
            PUBLIC(&ok, sizeof ok);
            assert_true(ok);
            t99_aead_wipe(&key);
            assert_true(NUM_LEAKS() - before <= 1);
            PUBLIC(plain, sizeof plain);
        }
    }
}

static void cbc_decrypts_without_a_look_at_key_or_data(void **state)
{
    uint8_t key[32], iv[16] = { 0 }, data[96];
    unsigned long before = NUM_LEAKS();

    (void)state;
    memset(key, 7, sizeof key);
    memset(data, 8, sizeof data);
    SECRET(key, sizeof key);
    SECRET(data, sizeof data);
    assert_true(t99_aes_cbc_decrypt(data, key, sizeof key, iv, data, sizeof data));
    assert_int_equal(NUM_LEAKS() - before, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_seals_without_a_look_at_key_or_data),
        cmocka_unit_test(every_row_opens_without_a_look_at_the_key),
        cmocka_unit_test(cbc_decrypts_without_a_look_at_key_or_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
