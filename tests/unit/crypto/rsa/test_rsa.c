/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/bignum/bignum.h"
#include "crypto/rsa/rsa.h"
#include "hex.h"

/*
 * A throw-away key and signatures over "tls99", made by OpenSSL 3.0.19: openssl genrsa, openssl dgst -sign.
 */
static const char key_n[] =
    "be45cceebf1f014fd66499eb5bf09f2db9616a46d44ed2cdc897410c80da6ecc2ae6daa3dd950b71b35cd6ac6df4fb0f"
    "4a7e3b5eb27c19fa45e2d46965c824b712ae6f9a6ce0ed3cb4cd7f2e351e6b59351feb28141e99258c9d17f2a49221fd"
    "0211245647a10a496c09e9aba018f727e0a3ebc5e16c0387d75675055660048b";
static const char key_d[] =
    "4eee7fd42edebad996d3c6f257029bd609083b6144a3aa5989b40d5d157b07e994868dfeda6601085ae2d17f5861ff60"
    "5983c237478da9ed23deb44540dee53380efc541fceb2ea6c59bb7969c9636d5af5421720d615587f9f048b5e337173a"
    "92c523380e3d7a4358726448f86072bef8f88e072ffea5850a1a7c1356a93c61";
static const char key_p[] =
    "f46f864c29f39fe65926e32d7bcae40535dd99104e7b907b3a0cb64c1e37e3d8826ed746fa0e7ba52631c4bb02a598de"
    "0c3f5eef15293331a47b2f20d7cde151";
static const char key_q[] =
    "c746484f05c1de714201770f4a0be7903402be82904306c50d05bd5a97be9b45c8fae142b3bbe3cdd6c5c42a60aa2b79"
    "69a78997c64d53b2524fb41556ccf11b";
static const char key_dp[] =
    "4fb178b0a650d6c62c34e08678c0da7cd4660e3c61ca297df39c276743c6e71334db5c76b89a3637ceef14fbffcdebbc"
    "21741bc88936a8893bde29ac648fac31";
static const char key_dq[] =
    "790ab7e1481dfa7fd11812b9b6c084679330178837187f8431e4ca9fbc8c8ac458d00b03f928a7b6e03e40697d4de01a"
    "5f92e480cc732be3a51bc4c731724b01";
static const char key_qinv[] =
    "a81a0ef1f412088d97f665a2ce7988343a2b89465b15a75699e922bacafe575d69d1d1502b26286bf2ef724d138af0a3"
    "f18a8bcb3f77a613cd6f3b006a5e60a4";
static const char sig_pkcs1[] =
    "631e12a3663358da4c6611ba3e98cde2831e3787ec23637d7e9a8e0de2a21cc080cfd956962d12c9eef19d5426f53921"
    "34b0281b1364f8f0615f194b2a76ee08feb99988a22a0ac0183181450af9c6070e3fe12dce09049ee179f5cf22482928"
    "d3e51450c288965f69f0425542ef1086f7ab3772c34005126adaa5f81231e747";
static const char sig_pss[] = /* salt of 32 bytes */
    "8750b3e992523fa68df2625dc64bd294a90d6025bd34b9f9c4b8398f3b288bba1327a356c434b639224b4bb0a1d13f88"
    "aa11599d2d61626a2f5bc5365d7d58b988069966d6835f99b252a41f7c07701d2612b46f73712fed0622858771a7746c"
    "be1d7ae0ec1479302c292c9ae54350808fae2d67335d895ca9a763eb3cd68afb";

static uint8_t n[128], d[128], p[64], q[64], dp[64], dq[64], qinv[64], e[3] = { 1, 0, 1 };
static struct t99_rsa_private key;
static uint8_t digest[T99_HASH_MAX]; /* the first 32 bytes count */

static int set_up(void **state)
{
    (void)state;
    key.pub.n = t99_span(n, hex_read(n, sizeof n, key_n));
    key.pub.e = t99_span(e, sizeof e);
    key.d = t99_span(d, hex_read(d, sizeof d, key_d));
    key.p = t99_span(p, hex_read(p, sizeof p, key_p));
    key.q = t99_span(q, hex_read(q, sizeof q, key_q));
    key.dp = t99_span(dp, hex_read(dp, sizeof dp, key_dp));
    key.dq = t99_span(dq, hex_read(dq, sizeof dq, key_dq));
    key.qinv = t99_span(qinv, hex_read(qinv, sizeof qinv, key_qinv));
    t99_hash(&t99_sha256, digest, "tls99", 5);
    return 0;
}

static void signatures_of_openssl_verify_and_no_altered_bit(void **state)
{
    uint8_t sig[128];
    size_t bit;

    (void)state;
    hex_read(sig, sizeof sig, sig_pkcs1);
    assert_true(t99_rsa_verify_pkcs1(&key.pub, &t99_sha256, digest, t99_span(sig, 128)));
    assert_false(t99_rsa_verify_pkcs1(&key.pub, &t99_sha384, digest, t99_span(sig, 128)));
    assert_false(t99_rsa_verify_pkcs1(&key.pub, &t99_sha256, digest, t99_span(sig, 127)));
    for (bit = 0; bit < 1024; bit += 7) {
        sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(t99_rsa_verify_pkcs1(&key.pub, &t99_sha256, digest, t99_span(sig, 128)));
        sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    hex_read(sig, sizeof sig, sig_pss);
    assert_true(t99_rsa_verify_pss(&key.pub, &t99_sha256, &t99_sha256, 32, digest, t99_span(sig, 128)));
    assert_false(t99_rsa_verify_pss(&key.pub, &t99_sha256, &t99_sha256, 20, digest, t99_span(sig, 128)));
    assert_false(t99_rsa_verify_pss(&key.pub, &t99_sha256, &t99_sha384, 32, digest, t99_span(sig, 128)));
    sig[5] ^= 1;
    assert_false(t99_rsa_verify_pss(&key.pub, &t99_sha256, &t99_sha256, 32, digest, t99_span(sig, 128)));
}

/* PKCS#1 v1.5 is deterministic: whatever the blinding, the signature is OpenSSL's. */
static void signing_gives_openssls_signature(void **state)
{
    uint8_t blinding[128], sig[128], salt[32] = { 7 };
    int i;

    (void)state;
    for (i = 1; i < 4; i++) {
        memset(blinding, i * 51, sizeof blinding);
        assert_true(t99_rsa_sign_pkcs1(&key, &t99_sha256, sig, digest, blinding));
        assert_true(hex_equal(sig, sizeof sig, sig_pkcs1));
        assert_true(t99_rsa_sign_pss(&key, &t99_sha256, sig, digest, salt, sizeof salt, blinding));
        assert_true(t99_rsa_verify_pss(&key.pub, &t99_sha256, &t99_sha256, 32, digest, t99_span(sig, 128)));
    }
}

/* One wrong part would let a signature give a prime away: it is found at configuration, and when signing. */
static void a_damaged_key_is_found_and_signs_nothing(void **state)
{
    uint8_t blinding[128] = { 3 }, sig[128], zeros[128] = { 0 };
    uint8_t *parts[5];
    size_t i;

    (void)state;
    parts[0] = dp;
    parts[1] = dq;
    parts[2] = qinv;
    parts[3] = p;
    parts[4] = q;
    assert_true(t99_rsa_private_valid(&key));
    for (i = 0; i < 5; i++) {
        parts[i][20] ^= 4;
        assert_false(t99_rsa_private_valid(&key));
        assert_false(t99_rsa_sign_pkcs1(&key, &t99_sha256, sig, digest, blinding));
        assert_memory_equal(sig, zeros, sizeof sig);
        parts[i][20] ^= 4;
    }
    assert_true(t99_rsa_sign_pkcs1(&key, &t99_sha256, sig, digest, blinding));
}

/* Decrypted here with the private exponent: 0, 2, padding without zeros, 0, message (RFC 8017, 7.2.1). */
static void encryption_can_be_undone(void **state)
{
    uint8_t message[48], padding[128], out[128], em[128];
    uint64_t x[16], y[16], exponent[16];
    struct t99_modulus m;
    size_t i;

    (void)state;
    memset(message, 0x5c, sizeof message);
    memset(padding, 0, sizeof padding);
    assert_true(t99_rsa_encrypt_pkcs1(&key.pub, out, message, sizeof message, padding));
    assert_true(t99_modulus_init(&m, key.pub.n));
    assert_true(t99_bn_load(x, 16, t99_span(out, sizeof out)));
    assert_true(t99_bn_load(exponent, 16, key.d));
    t99_mont_enter(x, x, &m);
    t99_mont_exp(y, x, exponent, 16, &m);
    t99_mont_leave(y, y, &m);
    t99_bn_store(em, sizeof em, y, 16);
    assert_int_equal(em[0], 0);
    assert_int_equal(em[1], 2);
    for (i = 2; i < 128 - 49; i++) {
        assert_int_not_equal(em[i], 0);
    }
    assert_int_equal(em[128 - 49], 0);
    assert_memory_equal(em + 80, message, 48);
    assert_false(t99_rsa_encrypt_pkcs1(&key.pub, out, em, 118, padding)); /* too long for the modulus */
}

static void impossible_public_keys_are_refused(void **state)
{
    static const uint8_t even[128] = { 0x80 }, small[64] = { 0x80, [63] = 1 }, one[1] = { 1 }, two[1] = { 2 };
    struct t99_rsa_public bad = key.pub;

    (void)state;
    assert_true(t99_rsa_public_valid(&key.pub));
    assert_int_equal(t99_rsa_bits(&key.pub), 1024);
    bad.n = t99_span(even, sizeof even);
    assert_false(t99_rsa_public_valid(&bad));
    bad.n = t99_span(small, sizeof small);
    assert_false(t99_rsa_public_valid(&bad));
    bad = key.pub;
    bad.e = t99_span(one, 1);
    assert_false(t99_rsa_public_valid(&bad));
    bad.e = t99_span(two, 1);
    assert_false(t99_rsa_public_valid(&bad));
}

/* Nothing is computed with them, and no signature is as long as none. */
static void keys_that_are_too_long_have_their_size_and_verify_nothing(void **state)
{
    static uint8_t modulus[1025], zeros[32];
    struct t99_rsa_public longest = key.pub, longer = key.pub, none = key.pub;

    (void)state;
    memset(modulus, 0xff, sizeof modulus);
    longest.n = t99_span(modulus, 1024);
    longer.n = t99_span(modulus, 1025);
    none.n = t99_span("", 1);
    assert_int_equal(t99_rsa_bits(&longest), 8192);
    assert_int_equal(t99_rsa_len(&longest), 1024);
    assert_true(t99_rsa_public_valid(&longest));
    assert_int_equal(t99_rsa_bits(&longer), 8200);
    assert_int_equal(t99_rsa_len(&longer), 0);
    assert_false(t99_rsa_public_valid(&longer));
    assert_int_equal(t99_rsa_bits(&none), 0);
    assert_int_equal(t99_rsa_len(&none), 0);
    assert_false(t99_rsa_verify_pkcs1(&longer, &t99_sha256, zeros, t99_span(modulus, 1025)));
    assert_false(t99_rsa_verify_pkcs1(&longer, &t99_sha256, zeros, t99_span(NULL, 0)));
    assert_false(t99_rsa_verify_pss(&longer, &t99_sha256, &t99_sha256, 32, zeros, t99_span(modulus, 1025)));
    assert_false(t99_rsa_verify_pss(&longer, &t99_sha256, &t99_sha256, 32, zeros, t99_span(NULL, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_of_openssl_verify_and_no_altered_bit),
        cmocka_unit_test(signing_gives_openssls_signature),
        cmocka_unit_test(a_damaged_key_is_found_and_signs_nothing),
        cmocka_unit_test(encryption_can_be_undone),
        cmocka_unit_test(impossible_public_keys_are_refused),
        cmocka_unit_test(keys_that_are_too_long_have_their_size_and_verify_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
