/*
 * Private keys count as not initialised: built with -DTLS99_CT_CHECK=ON and run under valgrind, these tests
 * see every branch and every index that depends on one. Elsewhere they only check that the operations work.
 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/ec/ecdsa.h"
#include "crypto/ec/ed25519.h"
#include "crypto/ec/x25519.h"
#include "crypto/kdf/hkdf.h"
#include "crypto/pq/mlkem.h"

#ifdef TLS99_CT_CHECK
#include <valgrind/memcheck.h>
#define SECRET(p, len) ((void)VALGRIND_MAKE_MEM_UNDEFINED(p, len))
#define PUBLIC(p, len) ((void)VALGRIND_MAKE_MEM_DEFINED(p, len))
#define NUM_LEAKS() ((unsigned long)VALGRIND_COUNT_ERRORS)
#else
#define SECRET(p, len) ((void)(p))
#define PUBLIC(p, len) ((void)(p))
#define NUM_LEAKS() 0ul
#endif

static void the_check_sees_a_branch_on_a_secret(void **state)
{
    unsigned long before = NUM_LEAKS();
    volatile uint8_t secret[1] = { 1 };
    volatile int seen = 0;

    (void)state;
    SECRET((void *)(uintptr_t)secret, 1);
    if (secret[0] != 0) {
        seen = 1;
    }
    PUBLIC((void *)(uintptr_t)&seen, sizeof seen);
#ifdef TLS99_CT_CHECK
    if (RUNNING_ON_VALGRIND) {
        assert_true(NUM_LEAKS() > before);
        return;
    }
#endif
    assert_int_equal(NUM_LEAKS(), before);
}

static void x25519_does_not_look_at_the_scalar(void **state)
{
    uint8_t scalar[32], u[32] = { 9 }, out[32], pub[32];
    unsigned long before = NUM_LEAKS();
    bool ok;

    (void)state;
    memset(scalar, 0x5a, sizeof scalar);
    SECRET(scalar, sizeof scalar);
    ok = t99_x25519(out, scalar, u);
    t99_x25519_public(pub, scalar);
    PUBLIC(&ok, sizeof ok);
    PUBLIC(out, sizeof out);
    PUBLIC(pub, sizeof pub);
    assert_true(ok);
    assert_memory_equal(out, pub, 32);
    assert_int_equal(NUM_LEAKS(), before);
}

static void ed25519_does_not_look_at_the_seed(void **state)
{
    uint8_t seed[32], pub[32], sig[64];
    unsigned long before = NUM_LEAKS();

    (void)state;
    memset(seed, 0x33, sizeof seed);
    SECRET(seed, sizeof seed);
    t99_ed25519_public(pub, seed);
    t99_ed25519_sign(sig, seed, pub, "message", 7);
    PUBLIC(pub, sizeof pub);
    PUBLIC(sig, sizeof sig);
    assert_int_equal(NUM_LEAKS(), before);
    assert_true(t99_ed25519_verify(sig, pub, "message", 7));
}

static void check_curve(const struct t99_curve *curve, const struct t99_hash *hash)
{
    uint8_t scalar[T99_SCALAR_MAX] = { 0 }, point[T99_POINT_MAX], x[T99_SCALAR_MAX], digest[T99_HASH_MAX],
            noise[32];
    uint8_t sig[T99_ECDSA_SIG_MAX];
    unsigned long before = NUM_LEAKS();
    size_t sig_len = 0;
    bool ok;

    memset(scalar + 1, 0x21, curve->len - 1);
    memset(noise, 7, sizeof noise);
    t99_hash(hash, digest, "message", 7);
    SECRET(scalar, sizeof scalar);
    SECRET(noise, sizeof noise);
    ok = curve->public_key(point, scalar);
    PUBLIC(&ok, sizeof ok);
    PUBLIC(point, sizeof point);
    assert_true(ok);
    ok = curve->ecdh(x, scalar, point, 2 * curve->len + 1);
    PUBLIC(&ok, sizeof ok);
    assert_true(ok);
    assert_int_equal(NUM_LEAKS(), before);
    ok = t99_ecdsa_sign(curve, hash, sig, &sig_len, scalar, digest, noise, sizeof noise);
    PUBLIC(&ok, sizeof ok);
    PUBLIC(&sig_len, sizeof sig_len);
    PUBLIC(sig, sizeof sig);
    assert_true(ok);
    assert_int_equal(NUM_LEAKS(), before);
    assert_true(t99_ecdsa_verify(curve, t99_span(point, 2 * curve->len + 1), digest, hash->len,
                                 t99_span(sig, sig_len)));
}

static void nist_curves_do_not_look_at_the_scalar(void **state)
{
    (void)state;
    check_curve(&t99_p256, &t99_sha256);
    check_curve(&t99_p384, &t99_sha384);
    check_curve(&t99_p521, &t99_sha512);
}

static void ml_kem_does_not_look_at_the_key(void **state)
{
    static uint8_t dk[3168], ek[T99_MLKEM_EK_MAX], ct[T99_MLKEM_CT_MAX];
    uint8_t seed[T99_MLKEM_SEED_LEN], m[32], shared[32], again[32];
    unsigned long before = NUM_LEAKS();
    bool ok;

    (void)state;
    memset(seed, 1, sizeof seed);
    memset(m, 2, sizeof m);
    SECRET(seed, sizeof seed);
    t99_mlkem_expand(&t99_mlkem_768, dk, seed);
    t99_mlkem_public(&t99_mlkem_768, ek, seed);
    PUBLIC(ek, sizeof ek);
    PUBLIC(dk + 384 * 3, 1184 + 32); /* the encapsulation key and its hash are in the expanded key */
    SECRET(m, sizeof m);
    ok = t99_mlkem_encaps(&t99_mlkem_768, ct, shared, ek, 1184, m);
    PUBLIC(&ok, sizeof ok);
    PUBLIC(ct, sizeof ct);
    assert_true(ok);
    ok = t99_mlkem_decaps_expanded(&t99_mlkem_768, again, dk, 2400, ct, 1088);
    PUBLIC(&ok, sizeof ok);
    PUBLIC(shared, sizeof shared);
    PUBLIC(again, sizeof again);
    assert_true(ok);
    assert_memory_equal(shared, again, 32);
    assert_int_equal(NUM_LEAKS(), before);
}

static void hkdf_does_not_look_at_the_secret(void **state)
{
    uint8_t secret[48], out[48];
    unsigned long before = NUM_LEAKS();

    (void)state;
    memset(secret, 3, sizeof secret);
    SECRET(secret, sizeof secret);
    t99_hkdf_expand_label(&t99_sha384, out, sizeof out, secret, "key", NULL, 0);
    PUBLIC(out, sizeof out);
    assert_int_equal(NUM_LEAKS(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_sees_a_branch_on_a_secret),
        cmocka_unit_test(x25519_does_not_look_at_the_scalar),
        cmocka_unit_test(ed25519_does_not_look_at_the_seed),
        cmocka_unit_test(nist_curves_do_not_look_at_the_scalar),
        cmocka_unit_test(ml_kem_does_not_look_at_the_key),
        cmocka_unit_test(hkdf_does_not_look_at_the_secret),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
