/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/ec/ecdsa.h"
#include "hex.h"

/* RFC 6979, A.2.5 to A.2.7: message "sample", each curve with the hash of its size. */
static const struct {
    const struct t99_curve *curve;
    const struct t99_hash *hash;
    const char *scalar, *r, *s;
} vectors[] = {
    { &t99_p256, &t99_sha256, "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
      "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8" },
    { &t99_p384, &t99_sha384,
      "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
      "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
      "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8" },
    { &t99_p521, &t99_sha512,
      "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc1466"
      "f6d8fbec67db89ec0c08b0e996b83538",
      "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931"
      "d7d4e8455cc91f9b15bf05ec36e377fa",
      "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a"
      "20f8ccb1dccc43997f1ee0e44da4a67a" },
};

/* INTEGERs out of a DER signature, left-padded. */
static void split(const uint8_t *sig, size_t len, uint8_t *r, uint8_t *s)
{
    const uint8_t *p = sig + (sig[1] < 0x80 ? 2 : 3);
    size_t n = p[1];

    memset(r, 0, len);
    memset(s, 0, len);
    p += 2;
    if (n > len) {
        p++;
        n--;
    }
    memcpy(r + len - n, p, n);
    p += n;
    n = p[1];
    p += 2;
    if (n > len) {
        p++;
        n--;
    }
    memcpy(s + len - n, p, n);
}

static void signatures_are_those_of_rfc6979(void **state)
{
    uint8_t scalar[66], point[T99_POINT_MAX], digest[T99_HASH_MAX], sig[T99_ECDSA_SIG_MAX], r[66], s[66];
    size_t i, len = 0;

    (void)state;
    for (i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const struct t99_curve *curve = vectors[i].curve;

        hex_read(scalar, sizeof scalar, vectors[i].scalar);
        t99_hash(vectors[i].hash, digest, "sample", 6);
        assert_true(t99_ecdsa_sign(curve, vectors[i].hash, sig, &len, scalar, digest, NULL, 0));
        split(sig, curve->len, r, s);
        assert_true(hex_equal(r, curve->len, vectors[i].r));
        assert_true(hex_equal(s, curve->len, vectors[i].s));
        assert_true(curve->public_key(point, scalar));
        assert_true(t99_ecdsa_verify(curve, t99_span(point, 2 * curve->len + 1), digest, vectors[i].hash->len,
                                     t99_span(sig, len)));
        digest[0] ^= 1;
        assert_false(t99_ecdsa_verify(curve, t99_span(point, 2 * curve->len + 1), digest,
                                      vectors[i].hash->len, t99_span(sig, len)));
    }
}

static void fresh_noise_gives_another_signature_that_is_right_too(void **state)
{
    uint8_t scalar[66], point[T99_POINT_MAX], digest[32], a[T99_ECDSA_SIG_MAX], b[T99_ECDSA_SIG_MAX],
        noise[32] = { 1 };
    size_t a_len = 0, b_len = 0;

    (void)state;
    hex_read(scalar, sizeof scalar, vectors[0].scalar);
    t99_hash(&t99_sha256, digest, "sample", 6);
    assert_true(t99_p256.public_key(point, scalar));
    assert_true(t99_ecdsa_sign(&t99_p256, &t99_sha256, a, &a_len, scalar, digest, NULL, 0));
    assert_true(t99_ecdsa_sign(&t99_p256, &t99_sha256, b, &b_len, scalar, digest, noise, sizeof noise));
    assert_false(a_len == b_len && memcmp(a, b, a_len) == 0);
    assert_true(t99_ecdsa_verify(&t99_p256, t99_span(point, 65), digest, 32, t99_span(b, b_len)));
}

static bool accepts(const char *hex)
{
    uint8_t scalar[32] = { 0 }, point[65], digest[32] = { 0 }, sig[160];
    size_t len = hex_read(sig, sizeof sig, hex);

    scalar[31] = 1;
    assert_true(t99_p256.public_key(point, scalar));
    return t99_ecdsa_verify(&t99_p256, t99_span(point, 65), digest, 32, t99_span(sig, len));
}

/* X.690, 8.3 and 10.1. */
static void what_is_not_der_is_refused(void **state)
{
    (void)state;
    assert_false(accepts(""));
    assert_false(accepts("3006020101020101"));     /* well-formed, but no signature */
    assert_false(accepts("300602010102010100"));   /* a byte too many */
    assert_false(accepts("30080202000102020001")); /* not minimal */
    assert_false(accepts("3006020181020101"));     /* negative */
    assert_false(accepts("308106020101020101"));   /* a length in the long form */
    assert_false(accepts("300402000200"));         /* empty integers */
    assert_false(accepts("3106020101020101"));     /* no SEQUENCE */
}

static void keys_out_of_range_do_not_sign(void **state)
{
    uint8_t scalar[66] = { 0 }, digest[32] = { 0 }, sig[T99_ECDSA_SIG_MAX];
    size_t len = 0;

    (void)state;
    assert_false(t99_ecdsa_sign(&t99_p256, &t99_sha256, sig, &len, scalar, digest, NULL, 0));
    memset(scalar, 0xff, sizeof scalar);
    assert_false(t99_ecdsa_sign(&t99_p256, &t99_sha256, sig, &len, scalar, digest, NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_rfc6979),
        cmocka_unit_test(fresh_noise_gives_another_signature_that_is_right_too),
        cmocka_unit_test(what_is_not_der_is_refused),
        cmocka_unit_test(keys_out_of_range_do_not_sign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
