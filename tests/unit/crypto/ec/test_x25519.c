/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/ec/edwards25519.h"
#include "crypto/ec/x25519.h"
#include "hex.h"

/* RFC 7748, 5.2. */
static void the_vectors_of_rfc7748_hold(void **state)
{
    uint8_t k[32], u[32], out[32];

    (void)state;
    hex_read(k, 32, "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
    hex_read(u, 32, "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
    assert_true(t99_x25519(out, k, u));
    assert_true(hex_equal(out, 32, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
    hex_read(k, 32, "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d");
    hex_read(u, 32, "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493");
    assert_true(t99_x25519(out, k, u));
    assert_true(hex_equal(out, 32, "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"));
}

/* RFC 7748, 5.2: k becomes u, the result becomes k. */
static void a_thousand_iterations_give_the_value_of_rfc7748(void **state)
{
    uint8_t k[32] = { 9 }, u[32] = { 9 }, out[32];
    int i;

    (void)state;
    for (i = 0; i < 1000; i++) {
        assert_true(t99_x25519(out, k, u));
        memcpy(u, k, 32);
        memcpy(k, out, 32);
        if (i == 0) {
            assert_true(hex_equal(k, 32, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
        }
    }
    assert_true(hex_equal(k, 32, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
}

/* RFC 7748, 6.1. */
static void both_sides_agree_as_in_rfc7748(void **state)
{
    uint8_t b[32], pub_a[32], pub_b[32], shared[32];

    (void)state;
    hex_read(b, 32, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    t99_x25519_public(pub_b, b);
    assert_true(hex_equal(pub_b, 32, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    hex_read(pub_a, 32, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assert_true(t99_x25519(shared, b, pub_a));
    assert_true(hex_equal(shared, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
}

static void the_table_gives_what_the_ladder_gives(void **state)
{
    uint8_t scalar[32], nine[32] = { 9 }, a[32], b[32];
    int i;

    (void)state;
    for (i = 0; i < 64; i++) {
        memset(scalar, i * 37 + 5, sizeof scalar);
        scalar[i % 32] ^= (uint8_t)(255 - i);
        assert_true(t99_x25519(a, scalar, nine));
        t99_x25519_public(b, scalar);
        assert_memory_equal(a, b, 32);
    }
}

/*
 * RFC 7748, 6.1: a result of zero means a point of small order. The points: 0, 1, p - 1, p, p + 1, and one of
 * order 8.
 */
static void points_of_small_order_are_refused(void **state)
{
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    };
    uint8_t scalar[32], u[32], out[32];
    size_t i;

    (void)state;
    memset(scalar, 0x77, sizeof scalar);
    for (i = 0; i < sizeof points / sizeof points[0]; i++) {
        hex_read(u, 32, points[i]);
        assert_false(t99_x25519(out, scalar, u));
    }
}

/* The table again, from the base point: each entry is the one before plus the first of its row. */
static void the_table_holds_multiples_of_the_base_point(void **state)
{
    uint8_t scalar[32], from_table[32], expected[32];
    struct t99_edwards p;
    int window;

    (void)state;
    for (window = 0; window < T99_COMB_WINDOWS; window++) {
        t99_fe one, y2;
        const struct t99_edwards_affine *row =
            window < 16 ? t99_edwards_low[window] : t99_edwards_high[window - 16];

        memset(scalar, 0, sizeof scalar);
        scalar[window] = 1; /* 256^window B, by way of other entries of the table and doublings */
        t99_edwards_mul_base(&p, scalar);
        t99_edwards_encode(expected, &p);
        t99_fe_add(y2, row[0].sum, row[0].difference); /* 2 y */
        t99_fe_set(one, 2);
        t99_fe_invert(one, one);
        t99_fe_mul(y2, y2, one);
        t99_fe_encode(from_table, y2);
        expected[31] &= 0x7f;
        assert_memory_equal(from_table, expected, 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc7748_hold),
        cmocka_unit_test(a_thousand_iterations_give_the_value_of_rfc7748),
        cmocka_unit_test(both_sides_agree_as_in_rfc7748),
        cmocka_unit_test(the_table_gives_what_the_ladder_gives),
        cmocka_unit_test(points_of_small_order_are_refused),
        cmocka_unit_test(the_table_holds_multiples_of_the_base_point),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
