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
#include "crypto/kdf/pbkdf2.h"
#include "crypto/pq/mlkem.h"
#include "crypto/rsa/rsa.h"
#include "hex.h"
#include "peer/identity.h"

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

static struct t99_span secret_part(uint8_t *out, size_t cap, const char *hex)
{
    size_t len = hex_read(out, cap, hex);

    SECRET(out, len);
    return t99_span(out, len);
}

/* RFC 8017, 5.1.2: the primes, the exponents, and what blinds them. */
static void rsa_signs_without_a_look_at_the_key(void **state)
{
    static uint8_t part[8][256], sig[256], blinding[256];
    uint8_t digest[32] = { 7 }, salt[32] = { 8 };
    struct t99_rsa_private key;
    unsigned long before = NUM_LEAKS();
    bool fits, signed_pss, signed_pkcs1;

    (void)state;
    key.pub.n = t99_span(part[0], hex_read(part[0], sizeof part[0], identity_rsa_n));
    key.pub.e = t99_span(part[1], hex_read(part[1], sizeof part[1], identity_rsa_e));
    key.d = secret_part(part[2], sizeof part[2], identity_rsa_d);
    key.p = secret_part(part[3], sizeof part[3], identity_rsa_p);
    key.q = secret_part(part[4], sizeof part[4], identity_rsa_q);
    key.dp = secret_part(part[5], sizeof part[5], identity_rsa_dp);
    key.dq = secret_part(part[6], sizeof part[6], identity_rsa_dq);
    key.qinv = secret_part(part[7], sizeof part[7], identity_rsa_qinv);
    /* how long the primes are is no secret, nor that they are odd */
    PUBLIC(part[3], 1);
    PUBLIC(part[3] + key.p.len - 1, 1);
    PUBLIC(part[4], 1);
    PUBLIC(part[4] + key.q.len - 1, 1);
    memset(blinding, 0x35, sizeof blinding);
    SECRET(blinding, sizeof blinding);
    fits = t99_rsa_private_valid(&key);
    PUBLIC(&fits, sizeof fits);
    assert_true(fits);
    signed_pss = t99_rsa_sign_pss(&key, &t99_sha256, sig, digest, salt, sizeof salt, blinding);
    PUBLIC(&signed_pss, sizeof signed_pss);
    PUBLIC(sig, sizeof sig);
    assert_true(signed_pss);
    assert_true(t99_rsa_verify_pss(&key.pub, &t99_sha256, &t99_sha256, sizeof salt, digest,
                                   t99_span(sig, sizeof sig)));
    signed_pkcs1 = t99_rsa_sign_pkcs1(&key, &t99_sha256, sig, digest, blinding);
    PUBLIC(&signed_pkcs1, sizeof signed_pkcs1);
    PUBLIC(sig, sizeof sig);
    assert_true(signed_pkcs1);
    assert_true(t99_rsa_verify_pkcs1(&key.pub, &t99_sha256, digest, t99_span(sig, sizeof sig)));
    assert_int_equal(NUM_LEAKS(), before);
}

static void pbkdf2_does_not_look_at_the_password(void **state)
{
    char password[] = "correct horse";
    uint8_t out[48];
    unsigned long before = NUM_LEAKS();

    (void)state;
    SECRET(password, sizeof password);
    t99_pbkdf2(&t99_sha256, out, sizeof out, password, sizeof password - 1, "salt", 4, 3);
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
        cmocka_unit_test(rsa_signs_without_a_look_at_the_key),
        cmocka_unit_test(pbkdf2_does_not_look_at_the_password),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
