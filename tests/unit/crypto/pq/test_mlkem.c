/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/pq/keccak.h"
#include "crypto/pq/mlkem.h"
#include "hex.h"
#include "kv.h"

#define DK_MAX 3168

static const struct t99_mlkem *const sets[] = { &t99_mlkem_768, &t99_mlkem_1024 };

/* One step of the test below: keys, ciphertext and shared secrets from `rng` go into `sum`. */
static void accumulate(const struct t99_mlkem *kem, struct t99_sponge *rng, struct t99_sponge *sum)
{
    uint8_t seed[T99_MLKEM_SEED_LEN], m[32], ek[T99_MLKEM_EK_MAX], dk[DK_MAX], ct[T99_MLKEM_CT_MAX];
    uint8_t shared[32], again[32];

    t99_sponge_squeeze(rng, seed, sizeof seed);
    t99_sponge_squeeze(rng, m, sizeof m);
    t99_mlkem_public(kem, ek, seed);
    t99_mlkem_expand(kem, dk, seed);
    assert_true(t99_mlkem_encaps(kem, ct, shared, ek, kem->ek_len, m));
    assert_true(t99_mlkem_decaps_expanded(kem, again, dk, kem->dk_len, ct, kem->ct_len));
    assert_memory_equal(shared, again, sizeof shared);
    t99_sponge_absorb(sum, ek, kem->ek_len);
    t99_sponge_absorb(sum, dk, kem->dk_len);
    t99_sponge_absorb(sum, ct, kem->ct_len);
    t99_sponge_absorb(sum, shared, sizeof shared);
    t99_sponge_squeeze(rng, ct, kem->ct_len);
    assert_true(t99_mlkem_decaps_expanded(kem, again, dk, kem->dk_len, ct, kem->ct_len));
    t99_sponge_absorb(sum, again, sizeof again);
}

/*
 * The accumulated vectors of C2SP's CCTV (ML-KEM/README.md), which are made for the draft; the values for
 * FIPS 203 as published are those of LibreSSL's regress/lib/libcrypto/mlkem, which BoringSSL gave. 10000
 * steps.
 */
static void accumulated_vectors_hash_to_what_libressl_and_boringssl_get(void **state)
{
    static const char *const expected[] = {
        "f959d18d3d1180121433bf0e05f11e7908cf9d03edc150b2b07cb90bef5bc1c1",
        "e3bf82b013307b2e9d47dde791ff6dfc82e694e6382404abdb948b908b75bad5",
    };
    size_t i, step;

    (void)state;
    for (i = 0; i < 2; i++) {
        struct t99_sponge rng, sum;
        uint8_t out[32];

        t99_sponge_init(&rng, T99_SHAKE128_RATE);
        t99_sponge_pad(&rng, T99_SHAKE_SUFFIX);
        t99_sponge_init(&sum, T99_SHAKE128_RATE);
        for (step = 0; step < 10000; step++) {
            accumulate(sets[i], &rng, &sum);
        }
        t99_sponge_pad(&sum, T99_SHAKE_SUFFIX);
        t99_sponge_squeeze(&sum, out, sizeof out);
        assert_true(hex_equal(out, sizeof out, expected[i]));
    }
}

static void decaps_from_a_seed_and_from_the_expanded_key_agree(void **state)
{
    uint8_t seed[T99_MLKEM_SEED_LEN], m[32] = { 9 }, dk[DK_MAX], ct[T99_MLKEM_CT_MAX];
    uint8_t sent[32], a[32], b[32];
    size_t i;

    (void)state;
    memset(seed, 0x77, sizeof seed);
    for (i = 0; i < 2; i++) {
        const struct t99_mlkem *kem = sets[i];

        t99_mlkem_expand(kem, dk, seed);
        assert_true(t99_mlkem_encaps(kem, ct, sent, dk + 384 * kem->k, kem->ek_len, m));
        assert_true(t99_mlkem_decaps(kem, a, seed, ct, kem->ct_len));
        assert_memory_equal(a, sent, 32);
        ct[kem->ct_len - 1] ^= 0x80; /* implicit rejection: another key, the same each time */
        assert_true(t99_mlkem_decaps(kem, a, seed, ct, kem->ct_len));
        assert_true(t99_mlkem_decaps_expanded(kem, b, dk, kem->dk_len, ct, kem->ct_len));
        assert_memory_not_equal(a, sent, 32);
        assert_memory_equal(a, b, 32);
    }
}

/* FIPS 203, 6.3: the key for a wrong ciphertext is J(z || c). */
static void every_altered_byte_of_a_ciphertext_gives_the_rejection_key(void **state)
{
    const struct t99_mlkem *kem = &t99_mlkem_768;
    uint8_t seed[T99_MLKEM_SEED_LEN] = { 4 }, m[32] = { 0 }, dk[DK_MAX], ct[T99_MLKEM_CT_MAX];
    uint8_t sent[32], got[32], rejection[32];
    size_t i;

    (void)state;
    t99_mlkem_expand(kem, dk, seed);
    assert_true(t99_mlkem_encaps(kem, ct, sent, dk + 384 * kem->k, kem->ek_len, m));
    for (i = 0; i < kem->ct_len; i++) {
        ct[i] ^= 1;
        t99_shake256(rejection, sizeof rejection, seed + 32, 32, ct, kem->ct_len);
        assert_true(t99_mlkem_decaps_expanded(kem, got, dk, kem->dk_len, ct, kem->ct_len));
        assert_memory_equal(got, rejection, sizeof got);
        ct[i] ^= 1;
    }
}

static void wrong_lengths_are_refused(void **state)
{
    uint8_t seed[T99_MLKEM_SEED_LEN] = { 0 }, m[32] = { 0 }, dk[DK_MAX + 1] = { 0 };
    uint8_t ct[T99_MLKEM_CT_MAX + 1] = { 0 }, shared[32];
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        const struct t99_mlkem *kem = sets[i];

        t99_mlkem_expand(kem, dk, seed);
        assert_false(t99_mlkem_decaps(kem, shared, seed, ct, kem->ct_len - 1));
        assert_false(t99_mlkem_decaps(kem, shared, seed, ct, kem->ct_len + 1));
        assert_false(t99_mlkem_decaps_expanded(kem, shared, dk, kem->dk_len - 1, ct, kem->ct_len));
        assert_false(t99_mlkem_decaps_expanded(kem, shared, dk, kem->dk_len + 1, ct, kem->ct_len));
        assert_false(t99_mlkem_decaps_expanded(kem, shared, dk, kem->dk_len, ct, 0));
        assert_false(t99_mlkem_encaps(kem, ct, shared, dk + 384 * kem->k, kem->ek_len - 1, m));
        assert_false(t99_mlkem_encaps(kem, ct, shared, dk + 384 * kem->k, kem->ek_len + 1, m));
    }
}

/* FIPS 203, 7.2 and 7.3. */
static void an_unreduced_public_key_and_a_wrong_hash_are_refused(void **state)
{
    uint8_t seed[T99_MLKEM_SEED_LEN] = { 0 }, m[32] = { 0 }, dk[DK_MAX], ct[T99_MLKEM_CT_MAX], shared[32];
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        const struct t99_mlkem *kem = sets[i];
        uint8_t *ek = dk + 384 * kem->k;

        t99_mlkem_expand(kem, dk, seed);
        assert_true(t99_mlkem_encaps(kem, ct, shared, ek, kem->ek_len, m));
        ek[kem->ek_len - 33] = 0xff; /* the last coefficient is at least 4080 */
        assert_false(t99_mlkem_encaps(kem, ct, shared, ek, kem->ek_len, m));
        assert_false(t99_mlkem_decaps_expanded(kem, shared, dk, kem->dk_len, ct, kem->ct_len));
    }
}

/* One record of Wycheproof, of any of the four files; true if all its outputs come out. */
static bool run_record(struct kv *kv)
{
    const struct t99_mlkem *kem = &t99_mlkem_768;
    struct t99_span seed = kv_hex(kv, "seed"), ek = kv_hex(kv, "ek"), c = kv_hex(kv, "c");
    struct t99_span dk = kv_hex(kv, "dk"), key = kv_hex(kv, "K"), m = kv_hex(kv, "m");
    uint8_t made[DK_MAX], ct[T99_MLKEM_CT_MAX], shared[32];
    bool ok = true;

    if (m.p != NULL) {
        ok = t99_mlkem_encaps(kem, ct, shared, ek.p, ek.len, m.p) &&
             t99_span_equal(t99_span(ct, kem->ct_len), c);
    } else if (seed.p == NULL) {
        ok = t99_mlkem_decaps_expanded(kem, shared, dk.p, dk.len, c.p, c.len);
    } else {
        t99_mlkem_public(kem, made, seed.p);
        ok = ek.p == NULL || t99_span_equal(t99_span(made, kem->ek_len), ek);
        t99_mlkem_expand(kem, made, seed.p);
        ok = ok && (dk.p == NULL || t99_span_equal(t99_span(made, kem->dk_len), dk));
        ok = ok && (c.p == NULL || t99_mlkem_decaps(kem, shared, seed.p, c.p, c.len));
    }
    return ok && (key.len == 0 || t99_span_equal(t99_span(shared, 32), key));
}

/* Returns how many records were run; a seed that is not 64 bytes long cannot be passed at all. */
static size_t run_wycheproof(const char *name)
{
    struct kv kv;
    size_t num = 0;

    if (!kv_open_shared(&kv, name)) {
        skip();
    }
    while (kv_next(&kv)) {
        if (kv_str(&kv, "seed") != NULL && strlen(kv_str(&kv, "seed")) != 2 * T99_MLKEM_SEED_LEN) {
            continue;
        }
        if (run_record(&kv) != kv_is(&kv, "result", "valid")) {
            fail_msg("%s: test %s", name, kv_str(&kv, "tc"));
        }
        num++;
    }
    kv_close(&kv);
    return num;
}

static void wycheproof_mlkem_768(void **state)
{
    (void)state;
    assert_int_equal(run_wycheproof("wycheproof/mlkem_768.txt"), 173);
}

static void wycheproof_mlkem_768_encaps(void **state)
{
    (void)state;
    assert_int_equal(run_wycheproof("wycheproof/mlkem_768_encaps.txt"), 265);
}

static void wycheproof_mlkem_768_keygen_seed(void **state)
{
    (void)state;
    assert_int_equal(run_wycheproof("wycheproof/mlkem_768_keygen_seed.txt"), 100);
}

static void wycheproof_mlkem_768_semi_expanded_decaps(void **state)
{
    (void)state;
    assert_int_equal(run_wycheproof("wycheproof/mlkem_768_semi_expanded_decaps.txt"), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accumulated_vectors_hash_to_what_libressl_and_boringssl_get),
        cmocka_unit_test(decaps_from_a_seed_and_from_the_expanded_key_agree),
        cmocka_unit_test(every_altered_byte_of_a_ciphertext_gives_the_rejection_key),
        cmocka_unit_test(wrong_lengths_are_refused),
        cmocka_unit_test(an_unreduced_public_key_and_a_wrong_hash_are_refused),
        cmocka_unit_test(wycheproof_mlkem_768),
        cmocka_unit_test(wycheproof_mlkem_768_encaps),
        cmocka_unit_test(wycheproof_mlkem_768_keygen_seed),
        cmocka_unit_test(wycheproof_mlkem_768_semi_expanded_decaps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
