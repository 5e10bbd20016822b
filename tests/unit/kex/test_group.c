/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/ec/curve.h"
#include "crypto/ec/x25519.h"
#include "crypto/pq/mlkem.h"
#include "hex.h"
#include "kex/group.h"

/* Randomness that repeats. */
static bool counting(void *arg, uint8_t *out, size_t len)
{
    uint8_t *next = (uint8_t *)arg;
    size_t i;

    for (i = 0; i < len; i++) {
        out[i] = *next = (uint8_t)(*next * 5 + 77);
    }
    return true;
}

static bool none(void *arg, uint8_t *out, size_t len)
{
    (void)arg;
    memset(out, 0, len);
    return false;
}

static struct t99_env env_of(uint8_t *seed)
{
    struct t99_env env;

    memset(&env, 0, sizeof env);
    env.arg = seed;
    env.random = counting;
    return env;
}

/* The server's half, by the primitives: its share and the secret. */
static void answer(const struct t99_group *g, const uint8_t *share, uint8_t *server_share, uint8_t *secret)
{
    uint8_t scalar[T99_SCALAR_MAX] = { 0 }, m[32] = { 5 };
    size_t dh_share = g->curve != NULL ? 2 * g->curve->len + 1 : 32,
           dh_secret = g->curve != NULL ? g->curve->len : 32;
    size_t kem_share = g->kem != NULL ? g->kem->ct_len : 0, kem_secret = g->kem != NULL ? 32 : 0;
    size_t ek_len = g->kem != NULL ? g->kem->ek_len : 0;
    size_t dh_at = g->secret_first_kem ? kem_share : 0, kem_at = g->secret_first_kem ? 0 : dh_share;
    const uint8_t *their_dh = share + (g->secret_first_kem ? ek_len : 0);

    memset(scalar + 1, 0x31, sizeof scalar - 1);
    if (g->kem != NULL) {
        assert_true(t99_mlkem_encaps(g->kem, server_share + kem_at,
                                     secret + (g->secret_first_kem ? 0 : dh_secret),
                                     share + (g->secret_first_kem ? 0 : dh_share), ek_len, m));
    }
    if (g->curve == NULL) {
        t99_x25519_public(server_share + dh_at, scalar);
        assert_true(t99_x25519(secret + (g->secret_first_kem ? kem_secret : 0), scalar, their_dh));
    } else {
        assert_true(g->curve->public_key(server_share + dh_at, scalar));
        assert_true(
            g->curve->ecdh(secret + (g->secret_first_kem ? kem_secret : 0), scalar, their_dh, dh_share));
    }
}

static void both_sides_of_every_group_agree(void **state)
{
    static uint8_t private_part[T99_PRIVATE_MAX], share[T99_SHARE_MAX], server_share[T99_SHARE_MAX + 1];
    uint8_t ours[T99_SHARED_SECRET_MAX], theirs[T99_SHARED_SECRET_MAX], seed = 1;
    struct t99_env env = env_of(&seed);
    const struct t99_group *g;
    const char *why = NULL;
    size_t i, k;

    (void)state;
    for (i = 0; (g = t99_group_at(i)) != NULL; i++) {
        assert_true(g->private_len <= T99_PRIVATE_MAX && g->share_len <= T99_SHARE_MAX);
        assert_true(t99_group_generate(g, &env, private_part, share));
        answer(g, share, server_share, theirs);
        assert_true(t99_group_agree(g, ours, private_part, server_share, g->server_share_len, &why));
        assert_memory_equal(ours, theirs, g->secret_len);
        for (k = 0; k < 2; k++) { /* a byte less, a byte more */
            assert_false(
                t99_group_agree(g, ours, private_part, server_share, g->server_share_len - 1 + 2 * k, &why));
            assert_non_null(why);
        }
        env.random = none;
        assert_false(t99_group_generate(g, &env, private_part, share));
        env.random = counting;
    }
}

/* IANA, TLS Supported Groups; draft-ietf-tls-ecdhe-mlkem for the sizes of hybrids. */
static void groups_have_ianas_numbers_and_sizes(void **state)
{
    static const struct {
        const char *name;
        uint16_t id;
        size_t share, server_share, secret;
    } known[] = {
        { "X25519", 29, 32, 32, 32 },
        { "x25519", 29, 32, 32, 32 },
        { "secp256r1", 23, 65, 65, 32 },
        { "P-256", 23, 65, 65, 32 },
        { "prime256v1", 23, 65, 65, 32 },
        { "P-384", 24, 97, 97, 48 },
        { "P-521", 25, 133, 133, 66 },
        { "X25519MLKEM768", 4588, 1216, 1120, 64 },
        { "SecP256r1MLKEM768", 4587, 1249, 1153, 64 },
        { "SecP384r1MLKEM1024", 4589, 1665, 1665, 80 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        const struct t99_group *g = t99_group_named(known[i].name, strlen(known[i].name));

        assert_non_null(g);
        assert_int_equal(g->id, known[i].id);
        assert_int_equal(g->share_len, known[i].share);
        assert_int_equal(g->server_share_len, known[i].server_share);
        assert_int_equal(g->secret_len, known[i].secret);
        assert_ptr_equal(t99_group_find(known[i].id), g);
    }
    assert_null(t99_group_named("P-25", 4));
    assert_null(t99_group_find(256));
}

/* RFC 5903, 8.1: the initiator's private key and the responder's point. */
static void p256_agrees_on_the_secret_of_rfc5903(void **state)
{
    uint8_t scalar[32], point[65], secret[T99_SHARED_SECRET_MAX];
    const char *why = NULL;

    (void)state;
    hex_read(scalar, 32, "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433");
    hex_read(point, 65,
             "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
             "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab");
    assert_true(t99_group_agree(t99_group_find(23), secret, scalar, point, 65, &why));
    assert_true(hex_equal(secret, 32, "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"));
    point[64] ^= 1;
    assert_false(t99_group_agree(t99_group_find(23), secret, scalar, point, 65, &why));
    point[64] ^= 1;
    point[0] = 2;
    assert_false(t99_group_agree(t99_group_find(23), secret, scalar, point, 65, &why));
}

static void a_share_of_small_order_is_refused(void **state)
{
    uint8_t scalar[32] = { 1 }, zero[32] = { 0 }, secret[T99_SHARED_SECRET_MAX];
    const char *why = NULL;

    (void)state;
    assert_false(t99_group_agree(t99_group_find(29), secret, scalar, zero, 32, &why));
    assert_non_null(why);
}

/* FIPS 203, 7.3: the private key holds a hash of the public one, as of memory that was damaged. */
static void a_private_part_that_was_damaged_is_not_used(void **state)
{
    static uint8_t private_part[T99_PRIVATE_MAX], share[T99_SHARE_MAX], server_share[T99_SHARE_MAX];
    const struct t99_group *g = t99_group_named("X25519MLKEM768", 14);
    uint8_t ours[T99_SHARED_SECRET_MAX], theirs[T99_SHARED_SECRET_MAX], seed = 1;
    struct t99_env env = env_of(&seed);
    const char *why = NULL;

    (void)state;
    assert_true(t99_group_generate(g, &env, private_part, share));
    answer(g, share, server_share, theirs);
    private_part[32 + 1152] ^= 1; /* behind X25519's scalar and ML-KEM's secret vector: the public key */
    assert_false(t99_group_agree(g, ours, private_part, server_share, g->server_share_len, &why));
    assert_string_equal(why, "ours for ML-KEM was damaged in memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_of_every_group_agree),
        cmocka_unit_test(groups_have_ianas_numbers_and_sizes),
        cmocka_unit_test(p256_agrees_on_the_secret_of_rfc5903),
        cmocka_unit_test(a_share_of_small_order_is_refused),
        cmocka_unit_test(a_private_part_that_was_damaged_is_not_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
