/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "crypto/ec/curve.h"
#include "crypto/hash/hash.h"
#include "hex.h"
#include "kv.h"

#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif
#endif
#if !defined(VALGRIND_MAKE_MEM_UNDEFINED)
#define VALGRIND_MAKE_MEM_UNDEFINED(p, len) ((void)(p), (void)(len))
#define VALGRIND_MAKE_MEM_DEFINED(p, len) ((void)(p), (void)(len))
#endif

/* SP 800-186, 3.2.1. */
static const struct curve_case {
    const struct t99_curve *curve;
    const char *p, *n;
} cases[] = {
    { &t99_p256, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551" },
    { &t99_p384,
      "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
      "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973" },
    { &t99_p521,
      "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
      "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409" },
};

#define NUM_CASES (sizeof cases / sizeof cases[0])

/* out = value + small, big-endian, modulo 2^(8 * len). */
static void add_small(uint8_t *out, const uint8_t *value, size_t len, int small)
{
    int carry = small;
    size_t i;

    for (i = len; i-- > 0;) {
        carry += value[i];
        out[i] = (uint8_t)(carry & 0xff);
        carry = (carry - out[i]) / 256;
    }
}

static void small_scalar(uint8_t *out, size_t len, unsigned value)
{
    memset(out, 0, len);
    out[len - 2] = (uint8_t)(value >> 8);
    out[len - 1] = (uint8_t)value;
}

static void base_point(const struct t99_curve *curve, uint8_t *point)
{
    uint8_t one[T99_SCALAR_MAX];

    small_scalar(one, curve->len, 1);
    assert_true(curve->public_key(point, one));
}

/* point = -point: p - y. */
static void negate(const struct curve_case *c, uint8_t *point)
{
    uint8_t p[T99_SCALAR_MAX];
    size_t i, len = hex_read(p, sizeof p, c->p);
    int borrow = 0;

    for (i = len; i-- > 0;) {
        borrow += p[i] - point[1 + len + i];
        point[1 + len + i] = (uint8_t)(borrow & 0xff);
        borrow = borrow < 0 ? -1 : 0;
    }
}

static void check_refused(const struct t99_curve *curve, const uint8_t *scalar)
{
    uint8_t point[T99_POINT_MAX], out[T99_POINT_MAX], r[T99_SCALAR_MAX], s[T99_SCALAR_MAX],
        one[T99_SCALAR_MAX];

    base_point(curve, point);
    small_scalar(one, curve->len, 1);
    assert_false(curve->scalar_valid(scalar));
    assert_false(curve->public_key(out, scalar));
    assert_false(curve->ecdh(out, scalar, point, 1 + 2 * curve->len));
    assert_false(curve->sign(r, s, scalar, one, one, curve->len));
    assert_false(curve->sign(r, s, one, scalar, one, curve->len));
    assert_false(curve->verify(point, 1 + 2 * curve->len, one, curve->len, scalar, one));
    assert_false(curve->verify(point, 1 + 2 * curve->len, one, curve->len, one, scalar));
}

static void scalars_out_of_range_are_refused(void **state)
{
    uint8_t n[T99_SCALAR_MAX], scalar[T99_SCALAR_MAX];
    size_t i, len;

    (void)state;
    for (i = 0; i < NUM_CASES; i++) {
        len = cases[i].curve->len;
        assert_int_equal(hex_read(n, sizeof n, cases[i].n), len);
        memset(scalar, 0, len);
        check_refused(cases[i].curve, scalar);
        check_refused(cases[i].curve, n);
        add_small(scalar, n, len, 1);
        check_refused(cases[i].curve, scalar);
        memset(scalar, 0xff, len);
        check_refused(cases[i].curve, scalar);
        add_small(scalar, n, len, -1);
        assert_true(cases[i].curve->scalar_valid(scalar));
        small_scalar(scalar, len, 1);
        assert_true(cases[i].curve->scalar_valid(scalar));
    }
}

static void check_bad_point(const struct t99_curve *curve, const uint8_t *point, size_t point_len)
{
    uint8_t x[T99_SCALAR_MAX], one[T99_SCALAR_MAX];

    small_scalar(one, curve->len, 1);
    assert_false(curve->point_valid(point, point_len));
    assert_false(curve->ecdh(x, one, point, point_len));
    assert_false(curve->verify(point, point_len, one, curve->len, one, one));
}

static void points_that_are_none_are_refused(void **state)
{
    static const uint8_t firsts[] = { 0x00, 0x02, 0x03, 0x05, 0x06, 0x07, 0xff };
    uint8_t good[T99_POINT_MAX], bad[T99_POINT_MAX + 1] = { 0 };
    size_t i, j, len;

    (void)state;
    for (i = 0; i < NUM_CASES; i++) {
        const struct t99_curve *curve = cases[i].curve;

        len = 1 + 2 * curve->len;
        base_point(curve, good);
        assert_true(curve->point_valid(good, len));
        memcpy(bad, good, len);
        for (j = 0; j < len; j++) {
            check_bad_point(curve, good, j); /* cut short, and none at all */
        }
        check_bad_point(curve, bad, len + 1);
        for (j = 0; j < sizeof firsts; j++) {
            bad[0] = firsts[j];
            check_bad_point(curve, bad, len);
            check_bad_point(curve, bad, 1 + curve->len); /* compressed */
            check_bad_point(curve, bad, 1);              /* 00: infinity */
        }
        for (j = 0; j < 8 * (len - 1); j++) {
            memcpy(bad, good, len);
            bad[1 + j / 8] ^= (uint8_t)(1u << j % 8);
            check_bad_point(curve, bad, len);
        }
        memset(bad, 0, sizeof bad);
        bad[0] = 0x04;
        check_bad_point(curve, bad, len); /* (0, 0) */
        memset(bad + 1, 0xff, len - 1);
        check_bad_point(curve, bad, len);
    }
}

/* The point (0, y), y being a square root of b, and the same with p for 0. */
static void a_coordinate_of_p_or_more_is_refused(void **state)
{
    static const char zero_x[] = "04"
                                 "0000000000000000000000000000000000000000000000000000000000000000"
                                 "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
    uint8_t point[65];

    (void)state;
    assert_int_equal(hex_read(point, sizeof point, zero_x), sizeof point);
    assert_true(t99_p256.point_valid(point, sizeof point));
    hex_read(point + 1, 32, cases[0].p);
    assert_false(t99_p256.point_valid(point, sizeof point));
}

/* k * G by the comb and by the window, two ways with nothing in common but additions. */
static void check_both_ways(const struct t99_curve *curve, const uint8_t *k)
{
    uint8_t g[T99_POINT_MAX], point[T99_POINT_MAX], x[T99_SCALAR_MAX];

    base_point(curve, g);
    assert_true(curve->public_key(point, k));
    assert_true(curve->point_valid(point, 1 + 2 * curve->len));
    assert_true(curve->ecdh(x, k, g, 1 + 2 * curve->len));
    assert_memory_equal(x, point + 1, curve->len);
}

static void comb_and_window_agree_next_to_zero_and_to_the_order(void **state)
{
    uint8_t n[T99_SCALAR_MAX], k[T99_SCALAR_MAX];
    size_t i;
    unsigned j;

    (void)state;
    for (i = 0; i < NUM_CASES; i++) {
        hex_read(n, sizeof n, cases[i].n);
        for (j = 1; j <= 70; j++) {
            small_scalar(k, cases[i].curve->len, j);
            check_both_ways(cases[i].curve, k);
            add_small(k, n, cases[i].curve->len, -(int)j);
            check_both_ways(cases[i].curve, k);
        }
    }
}

static void comb_and_window_agree_on_powers_of_two(void **state)
{
    uint8_t k[T99_SCALAR_MAX];
    size_t i, bit;

    (void)state;
    for (i = 0; i < NUM_CASES; i++) {
        for (bit = 0; bit + 1 < cases[i].curve->bits; bit += 3) {
            memset(k, 0, sizeof k);
            k[cases[i].curve->len - 1 - bit / 8] = (uint8_t)(1u << bit % 8);
            check_both_ways(cases[i].curve, k);
            if (bit > 0) {
                add_small(k, k, cases[i].curve->len, -1);
                check_both_ways(cases[i].curve, k);
            }
        }
    }
}

/* The digest whose leftmost bits are the scalar: shifted to the left where n does not fill its bytes. */
static void digest_of(uint8_t *digest, const struct t99_curve *curve, const uint8_t *scalar)
{
    unsigned shift = (unsigned)(8 * curve->len - curve->bits);
    size_t i;

    for (i = 0; i < curve->len; i++) {
        digest[i] = (uint8_t)(scalar[i] << shift | (i + 1 < curve->len ? scalar[i + 1] >> (8 - shift) : 0));
    }
}

/*
 * With s = r, u2 is 1; with e = r, so is u1. For the key G that makes the sum 2 * G, a doubling, and r = x(2
 * * G) is valid; for -G it makes infinity, and nothing is valid.
 */
static void verification_adds_a_point_to_itself_and_to_its_opposite(void **state)
{
    uint8_t two[T99_SCALAR_MAX], r[T99_POINT_MAX], g[T99_POINT_MAX], digest[T99_SCALAR_MAX];
    size_t i, len, point_len;

    (void)state;
    for (i = 0; i < NUM_CASES; i++) {
        const struct t99_curve *curve = cases[i].curve;

        len = curve->len;
        point_len = 1 + 2 * len;
        base_point(curve, g);
        small_scalar(two, len, 2);
        assert_true(curve->public_key(r, two)); /* x is below n on all three curves */
        digest_of(digest, curve, r + 1);
        assert_true(curve->verify(g, point_len, digest, len, r + 1, r + 1));
        negate(&cases[i], g);
        assert_true(curve->point_valid(g, point_len));
        assert_false(curve->verify(g, point_len, digest, len, r + 1, r + 1));
    }
}

static void what_sign_makes_verify_accepts_whatever_the_length_of_the_digest(void **state)
{
    uint8_t digest[80], d[T99_SCALAR_MAX], k[T99_SCALAR_MAX], r[T99_SCALAR_MAX], s[T99_SCALAR_MAX];
    uint8_t q[T99_POINT_MAX];
    size_t i, j, len;

    (void)state;
    for (i = 0; i < NUM_CASES; i++) {
        const struct t99_curve *curve = cases[i].curve;

        for (j = 0; j < sizeof d; j++) {
            d[j] = (uint8_t)(j == 0 ? 0 : 59 * j + i);
            k[j] = (uint8_t)(j == 0 ? 0 : 101 * j + 3 * i);
        }
        memset(digest, 0xff, sizeof digest); /* and so at least n where it is long enough */
        assert_true(curve->public_key(q, d));
        for (len = 0; len <= sizeof digest; len++) {
            assert_true(curve->sign(r, s, d, k, digest, len));
            assert_true(curve->verify(q, 1 + 2 * curve->len, digest, len, r, s));
            add_small(k, k, curve->len, 1);
        }
        digest[0] ^= 0x80;
        assert_false(curve->verify(q, 1 + 2 * curve->len, digest, sizeof digest, r, s));
    }
}

static const struct t99_curve *wycheproof_curve(const struct kv *kv)
{
    return kv_is(kv, "curve", "secp256r1")   ? &t99_p256
           : kv_is(kv, "curve", "secp384r1") ? &t99_p384
           : kv_is(kv, "curve", "secp521r1") ? &t99_p521
                                             : NULL;
}

/* A scalar in curve->len bytes; false if it has more. */
static bool fit(uint8_t *out, const struct t99_curve *curve, struct t99_span in)
{
    while (in.len > 0 && in.p[0] == 0) {
        in.p++;
        in.len--;
    }
    memset(out, 0, curve->len);
    if (in.len > curve->len) {
        return false;
    }
    if (in.len > 0) {
        memcpy(out + curve->len - in.len, in.p, in.len);
    }
    return true;
}

static void ecdh_passes_wycheproof(void **state)
{
    static const char *const files[] = { "wycheproof/ecdh_secp256r1_ecpoint.txt",
                                         "wycheproof/ecdh_secp384r1_ecpoint.txt",
                                         "wycheproof/ecdh_secp521r1_ecpoint.txt" };
    uint8_t scalar[T99_SCALAR_MAX], x[T99_SCALAR_MAX];
    size_t i, num = 0;
    struct kv kv;

    (void)state;
    for (i = 0; i < 3; i++) {
        if (!kv_open_shared(&kv, files[i])) {
            skip();
        }
        while (kv_next(&kv)) {
            const struct t99_curve *curve = wycheproof_curve(&kv);
            struct t99_span point = kv_hex(&kv, "public"), shared = kv_hex(&kv, "shared");
            bool done;

            assert_non_null(curve);
            assert_true(fit(scalar, curve, kv_hex(&kv, "private")));
            done = curve->ecdh(x, scalar, point.p, point.len);
            if (kv_is(&kv, "result", "valid") != done) {
                print_error("%s, tc %s: %s\n", files[i], kv_str(&kv, "tc"), kv_str(&kv, "comment"));
            }
            assert_int_equal(done, kv_is(&kv, "result", "valid")); /* "acceptable" are compressed points */
            if (done) {
                assert_int_equal(shared.len, curve->len);
                assert_memory_equal(x, shared.p, shared.len);
            }
            num++;
        }
        kv_close(&kv);
    }
    print_message("%zu tests\n", num);
    assert_true(num > 1000);
}

/* One INTEGER of a signature, as DER has it: minimal, positive. */
static bool der_integer(struct t99_span *der, uint8_t *out, const struct t99_curve *curve)
{
    size_t len = der->len >= 3 ? der->p[1] : 0;

    if (len == 0 || len >= 0x80 || der->p[0] != 0x02 || len > der->len - 2 || der->p[2] >= 0x80 ||
        (len > 1 && der->p[2] == 0 && der->p[3] < 0x80) || !fit(out, curve, t99_span(der->p + 2, len))) {
        return false;
    }
    *der = t99_span(der->p + 2 + len, der->len - 2 - len);
    return true;
}

static bool der_signature(uint8_t *r, uint8_t *s, const struct t99_curve *curve, struct t99_span der)
{
    size_t head = der.len > 1 && der.p[1] == 0x81 ? 3 : 2;

    if (der.len < head || der.p[0] != 0x30 || der.p[head - 1] != der.len - head ||
        (head == 3) != (der.len - head >= 0x80)) {
        return false;
    }
    der = t99_span(der.p + head, der.len - head);
    return der_integer(&der, r, curve) && der_integer(&der, s, curve) && der.len == 0;
}

static const struct t99_hash *wycheproof_hash(const struct kv *kv)
{
    return kv_is(kv, "sha", "SHA-256")   ? &t99_sha256
           : kv_is(kv, "sha", "SHA-384") ? &t99_sha384
           : kv_is(kv, "sha", "SHA-512") ? &t99_sha512
                                         : NULL;
}

static void verify_one(struct kv *kv, const char *file)
{
    const struct t99_curve *curve = wycheproof_curve(kv);
    const struct t99_hash *hash = wycheproof_hash(kv);
    struct t99_span msg = kv_hex(kv, "msg"), pub = kv_hex(kv, "pub");
    uint8_t digest[T99_HASH_MAX], r[T99_SCALAR_MAX], s[T99_SCALAR_MAX];
    bool valid;

    assert_non_null(curve);
    assert_non_null(hash);
    t99_hash(hash, digest, msg.p, msg.len);
    valid = der_signature(r, s, curve, kv_hex(kv, "sig")) &&
            curve->verify(pub.p, pub.len, digest, hash->len, r, s);
    if (valid != kv_is(kv, "result", "valid")) {
        print_error("%s, tc %s: %s\n", file, kv_str(kv, "tc"), kv_str(kv, "comment"));
    }
    assert_int_equal(valid, kv_is(kv, "result", "valid"));
}

static void verify_passes_wycheproof(void **state)
{
    static const char *const files[] = {
        "wycheproof/ecdsa_secp256r1_sha256.txt", "wycheproof/ecdsa_secp256r1_sha512.txt",
        "wycheproof/ecdsa_secp384r1_sha256.txt", "wycheproof/ecdsa_secp384r1_sha384.txt",
        "wycheproof/ecdsa_secp384r1_sha512.txt", "wycheproof/ecdsa_secp521r1_sha512.txt",
    };
    size_t i, num = 0;
    struct kv kv;

    (void)state;
    for (i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (!kv_open_shared(&kv, files[i])) {
            skip();
        }
        while (kv_next(&kv)) {
            verify_one(&kv, files[i]);
            num++;
        }
        kv_close(&kv);
    }
    print_message("%zu tests\n", num);
    assert_true(num > 2000);
}

/*
 * Under valgrind, which takes the scalars as uninitialised here, any branch or address that depends on them
 * is an error. What comes out is made known again, the bool too: that a scalar was out of range is no secret.
 */
static void secrets_steer_no_branch_and_no_address(void **state)
{
    uint8_t d[T99_SCALAR_MAX], k[T99_SCALAR_MAX], r[T99_SCALAR_MAX], s[T99_SCALAR_MAX], q[T99_POINT_MAX];
    bool done;
    size_t i;

    (void)state;
    for (i = 0; i < NUM_CASES; i++) {
        const struct t99_curve *curve = cases[i].curve;

        memset(d, 0x35, sizeof d);
        memset(k, 0x6a, sizeof k);
        d[0] = k[0] = 0;
        VALGRIND_MAKE_MEM_UNDEFINED(d, sizeof d);
        VALGRIND_MAKE_MEM_UNDEFINED(k, sizeof k);
        done = curve->public_key(q, d);
        VALGRIND_MAKE_MEM_DEFINED(&done, sizeof done);
        VALGRIND_MAKE_MEM_DEFINED(q, sizeof q);
        assert_true(done);
        done = curve->ecdh(r, k, q, 1 + 2 * curve->len);
        VALGRIND_MAKE_MEM_DEFINED(&done, sizeof done);
        assert_true(done);
        done = curve->sign(r, s, d, k, q, curve->len);
        VALGRIND_MAKE_MEM_DEFINED(&done, sizeof done);
        VALGRIND_MAKE_MEM_DEFINED(r, sizeof r);
        VALGRIND_MAKE_MEM_DEFINED(s, sizeof s);
        assert_true(done);
        assert_true(curve->verify(q, 1 + 2 * curve->len, q, curve->len, r, s));
        done = curve->scalar_valid(d);
        VALGRIND_MAKE_MEM_DEFINED(&done, sizeof done);
        assert_true(done);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_out_of_range_are_refused),
        cmocka_unit_test(points_that_are_none_are_refused),
        cmocka_unit_test(a_coordinate_of_p_or_more_is_refused),
        cmocka_unit_test(comb_and_window_agree_next_to_zero_and_to_the_order),
        cmocka_unit_test(comb_and_window_agree_on_powers_of_two),
        cmocka_unit_test(verification_adds_a_point_to_itself_and_to_its_opposite),
        cmocka_unit_test(what_sign_makes_verify_accepts_whatever_the_length_of_the_digest),
        cmocka_unit_test(ecdh_passes_wycheproof),
        cmocka_unit_test(verify_passes_wycheproof),
        cmocka_unit_test(secrets_steer_no_branch_and_no_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
