/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>

#include "crypto/aead/aead.h"

#define LONGEST 17000
#define TAG T99_AEAD_TAG_LEN

static const struct t99_aead *const aeads[] = { &t99_aes_128_gcm, &t99_aes_256_gcm, &t99_chacha20_poly1305 };

#define NUM_AEADS (sizeof aeads / sizeof aeads[0])

static const uint8_t nonce[T99_AEAD_NONCE_LEN] = { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0xfe, 0xdc, 0xba };

static uint8_t plain[LONGEST], reference[LONGEST + TAG], buffer[LONGEST + TAG + 16], aad[700];

/* Bytes without a pattern that a mistake could hide in: a linear congruential generator's. */
static void fill(uint8_t *p, size_t len, uint32_t seed)
{
    for (; len != 0; len--) {
        seed = seed * 1664525 + 1013904223;
        *p++ = (uint8_t)(seed >> 24);
    }
}

static void set_key(struct t99_aead_key *key, const struct t99_aead *aead, const struct t99_aead_impl *impl)
{
    uint8_t bytes[T99_AEAD_KEY_MAX];

    fill(bytes, sizeof bytes, 77);
    key->impl = impl;
    impl->init(key, bytes, aead->key_len);
}

static const struct t99_aead_impl *last_row(const struct t99_aead *aead)
{
    size_t i = 0;

    while (aead->impl(i + 1) != NULL) {
        i++;
    }
    return aead->impl(i);
}

/* One length, one row: out of place at this offset, then in place, must give the portable row's bytes. */
static void assert_same(const struct t99_aead_key *key, const struct t99_aead_key *portable, size_t offset,
                        size_t aad_len, size_t len)
{
    uint8_t *out = buffer + offset, *in = buffer + offset;
    static uint8_t opened[LONGEST + 16];

    t99_aead_seal(portable, reference, nonce, aad, aad_len, plain, len);
    memset(buffer, 0xee, len + TAG + 16);
    t99_aead_seal(key, out, nonce, aad, aad_len, plain, len);
    assert_memory_equal(out, reference, len + TAG);
    assert_int_equal(out[len + TAG], 0xee);
    memset(opened, 0xee, len + 16);
    assert_true(t99_aead_open(key, opened + offset / 2, nonce, aad, aad_len, out, len));
    assert_memory_equal(opened + offset / 2, plain, len);
    assert_int_equal(opened[offset / 2 + len], 0xee);
    assert_true(t99_aead_open(key, in, nonce, aad, aad_len, in, len));
    assert_memory_equal(in, plain, len);
    t99_aead_seal(key, in, nonce, aad, aad_len, in, len);
    assert_memory_equal(in, reference, len + TAG);
}

static void every_row_agrees_with_the_portable_one_at_every_length(void **state)
{
    const struct t99_aead_impl *impl;
    struct t99_aead_key key, portable;
    size_t i, row, len;

    (void)state;
    fill(plain, sizeof plain, 1);
    fill(aad, sizeof aad, 2);
    for (i = 0; i < NUM_AEADS; i++) {
        set_key(&portable, aeads[i], last_row(aeads[i]));
        for (row = 0; (impl = aeads[i]->impl(row)) != NULL; row++) {
            set_key(&key, aeads[i], impl);
            for (len = 0; len <= 600; len++) {
                assert_same(&key, &portable, len % 15, len % 3 * 13, len);
                assert_same(&key, &portable, (len + 7) % 15, 5, len);
            }
            for (len = 600; len < 3000; len += 37) {
                assert_same(&key, &portable, len % 15, 13, len);
            }
            for (len = 16000; len <= LONGEST; len += 333) {
                assert_same(&key, &portable, len % 15, 13, len);
            }
        }
    }
}

static void every_row_agrees_with_the_portable_one_at_every_length_of_additional_data(void **state)
{
    const struct t99_aead_impl *impl;
    struct t99_aead_key key, portable;
    size_t i, row, len;

    (void)state;
    fill(plain, sizeof plain, 3);
    fill(aad, sizeof aad, 4);
    for (i = 0; i < NUM_AEADS; i++) {
        set_key(&portable, aeads[i], last_row(aeads[i]));
        for (row = 0; (impl = aeads[i]->impl(row)) != NULL; row++) {
            set_key(&key, aeads[i], impl);
            for (len = 0; len <= sizeof aad; len++) {
                assert_same(&key, &portable, len % 15, len, 40);
            }
        }
    }
}

/*
 * Opens a copy of `sealed` with one bit turned, in place and out of place: refused, and nothing is left of
 * it.
 */
static void assert_refused(const struct t99_aead_key *key, const uint8_t *sealed, size_t len, size_t bit)
{
    static uint8_t altered[LONGEST + TAG], out[LONGEST + 1], zeros[LONGEST];

    memcpy(altered, sealed, len + TAG);
    altered[bit / 8] ^= (uint8_t)(1u << bit % 8);
    memset(out, 0xee, len + 1);
    assert_false(t99_aead_open(key, out, nonce, aad, 13, altered, len));
    assert_memory_equal(out, zeros, len);
    assert_int_equal(out[len], 0xee);
    assert_false(t99_aead_open(key, altered, nonce, aad, 13, altered, len));
    assert_memory_equal(altered, zeros, len);
}

static void every_row_refuses_altered_bits_and_leaves_zeros(void **state)
{
    static const size_t lens[] = { 0, 1, 16, 100, 449, 1000, 2500 };
    const struct t99_aead_impl *impl;
    struct t99_aead_key key;
    size_t i, row, l, bit, step;

    (void)state;
    fill(plain, sizeof plain, 5);
    fill(aad, sizeof aad, 6);
    for (i = 0; i < NUM_AEADS; i++) {
        for (row = 0; (impl = aeads[i]->impl(row)) != NULL; row++) {
            set_key(&key, aeads[i], impl);
            for (l = 0; l < sizeof lens / sizeof lens[0]; l++) {
                size_t bits = 8 * (lens[l] + TAG);

                t99_aead_seal(&key, reference, nonce, aad, 13, plain, lens[l]);
                step = lens[l] > 100 ? 241 : 1; /* every bit of short ones */
                for (bit = 0; bit < bits; bit += step) {
                    assert_refused(&key, reference, lens[l], bit);
                }
                for (bit = bits - 8 * TAG; bit < bits; bit++) {
                    assert_refused(&key, reference, lens[l], bit);
                }
            }
        }
    }
}

static void every_row_refuses_other_additional_data_nonces_and_keys(void **state)
{
    static const uint8_t other_nonce[T99_AEAD_NONCE_LEN] = { 1 };
    uint8_t sealed[40 + TAG], out[40], zeros[40] = { 0 }, other_key[T99_AEAD_KEY_MAX] = { 3 };
    const struct t99_aead_impl *impl;
    struct t99_aead_key key;
    size_t i, row, bit;

    (void)state;
    fill(aad, sizeof aad, 7);
    for (i = 0; i < NUM_AEADS; i++) {
        for (row = 0; (impl = aeads[i]->impl(row)) != NULL; row++) {
            set_key(&key, aeads[i], impl);
            t99_aead_seal(&key, sealed, nonce, aad, 20, plain, 40);
            for (bit = 0; bit < 8 * 20; bit++) {
                aad[bit / 8] ^= (uint8_t)(1u << bit % 8);
                memset(out, 0xee, sizeof out);
                assert_false(t99_aead_open(&key, out, nonce, aad, 20, sealed, 40));
                assert_memory_equal(out, zeros, sizeof out);
                aad[bit / 8] ^= (uint8_t)(1u << bit % 8);
            }
            assert_false(t99_aead_open(&key, out, nonce, aad, 19, sealed, 40));
            assert_false(t99_aead_open(&key, out, nonce, aad, 21, sealed, 40));
            assert_false(t99_aead_open(&key, out, nonce, NULL, 0, sealed, 40));
            assert_false(t99_aead_open(&key, out, other_nonce, aad, 20, sealed, 40));
            assert_true(t99_aead_open(&key, out, nonce, aad, 20, sealed, 40));
            impl->init(&key, other_key, aeads[i]->key_len);
            assert_false(t99_aead_open(&key, out, nonce, aad, 20, sealed, 40));
        }
    }
}

static void nothing_may_be_sealed_with_null_pointers(void **state)
{
    const struct t99_aead_impl *impl;
    struct t99_aead_key key;
    uint8_t tag[TAG];
    size_t i, row;

    (void)state;
    for (i = 0; i < NUM_AEADS; i++) {
        for (row = 0; (impl = aeads[i]->impl(row)) != NULL; row++) {
            set_key(&key, aeads[i], impl);
            t99_aead_seal(&key, tag, nonce, NULL, 0, NULL, 0);
            assert_true(t99_aead_open(&key, NULL, nonce, NULL, 0, tag, 0));
            tag[3] ^= 4;
            assert_false(t99_aead_open(&key, NULL, nonce, NULL, 0, tag, 0));
        }
    }
}

static void rows_end_with_the_portable_one_and_init_takes_the_first(void **state)
{
    uint8_t bytes[T99_AEAD_KEY_MAX] = { 1 };
    static const uint8_t zeros[sizeof(struct t99_aead_key)];
    struct t99_aead_key key;
    size_t i;

    (void)state;
    for (i = 0; i < NUM_AEADS; i++) {
        assert_string_equal(last_row(aeads[i])->name, "portable");
        t99_aead_init(&key, aeads[i], bytes);
        assert_ptr_equal(key.impl, aeads[i]->impl(0));
        t99_aead_wipe(&key);
        assert_memory_equal(&key, zeros, sizeof key);
    }
    assert_int_equal(t99_aes_128_gcm.key_len, 16);
    assert_int_equal(t99_aes_256_gcm.key_len, 32);
    assert_int_equal(t99_chacha20_poly1305.key_len, 32);
    assert_true(t99_aes_128_gcm.seal_limit == 23726566); /* 2^24.5, rounded down: RFC 9846, 5.5 */
    assert_true(t99_aes_256_gcm.seal_limit == 23726566);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_agrees_with_the_portable_one_at_every_length),
        cmocka_unit_test(every_row_agrees_with_the_portable_one_at_every_length_of_additional_data),
        cmocka_unit_test(every_row_refuses_altered_bits_and_leaves_zeros),
        cmocka_unit_test(every_row_refuses_other_additional_data_nonces_and_keys),
        cmocka_unit_test(nothing_may_be_sealed_with_null_pointers),
        cmocka_unit_test(rows_end_with_the_portable_one_and_init_takes_the_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
