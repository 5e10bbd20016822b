#include "kex/group.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "base/wipe.h"
#include "crypto/ec/curve.h"
#include "crypto/ec/x25519.h"
#include "crypto/pq/mlkem.h"

#define X25519_LEN 32
#define GENERATE_TRIES 64 /* a random scalar misses [1, n - 1] with probability below 2^-32 on each curve */

/* Ids and names: IANA, TLS Supported Groups. */
static const struct t99_group groups[] = {
    { T99_GROUP_X25519MLKEM768, "X25519MLKEM768", NULL, true, false, 32 + 2400, 32 + 1184, 32 + 1088, 64,
      NULL, &t99_mlkem_768, true },
    { T99_GROUP_X25519, "x25519", "X25519", false, true, 32, 32, 32, 32, NULL, NULL, false },
    { T99_GROUP_SECP256R1, "secp256r1", "P-256", false, true, 32, 65, 65, 32, &t99_p256, NULL, false },
    { T99_GROUP_SECP384R1, "secp384r1", "P-384", false, true, 48, 97, 97, 48, &t99_p384, NULL, false },
    { T99_GROUP_SECP521R1, "secp521r1", "P-521", false, true, 66, 133, 133, 66, &t99_p521, NULL, false },
    { T99_GROUP_SECP256R1MLKEM768, "SecP256r1MLKEM768", NULL, true, false, 32 + 2400, 65 + 1184, 65 + 1088,
      64, &t99_p256, &t99_mlkem_768, false },
    { T99_GROUP_SECP384R1MLKEM1024, "SecP384r1MLKEM1024", NULL, true, false, 48 + 3168, 97 + 1568, 97 + 1568,
      80, &t99_p384, &t99_mlkem_1024, false },
};

/* What OpenSSL calls curves, beside the names of the table. */
static const struct {
    const char *name;
    uint16_t id;
} aliases[] = {
    { "prime256v1", T99_GROUP_SECP256R1 },
};

#define NUM(a) (sizeof(a) / sizeof(a)[0])

const struct t99_group *t99_group_at(size_t i)
{
    return i < NUM(groups) ? &groups[i] : NULL;
}

const struct t99_group *t99_group_find(uint16_t id)
{
    size_t i;

    for (i = 0; i < NUM(groups); i++) {
        if (groups[i].id == id) {
            return &groups[i];
        }
    }
    return NULL;
}

const struct t99_group *t99_group_named(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < NUM(groups); i++) {
        if (t99_same_word(groups[i].name, name, len) ||
            (groups[i].nist_name != NULL && t99_same_word(groups[i].nist_name, name, len))) {
            return &groups[i];
        }
    }
    for (i = 0; i < NUM(aliases); i++) {
        if (t99_same_word(aliases[i].name, name, len)) {
            return t99_group_find(aliases[i].id);
        }
    }
    return NULL;
}

/* Lengths of the Diffie-Hellman half. */
static size_t dh_scalar_len(const struct t99_group *g)
{
    return g->curve != NULL ? g->curve->len : X25519_LEN;
}

static size_t dh_share_len(const struct t99_group *g)
{
    return g->curve != NULL ? 2 * g->curve->len + 1 : X25519_LEN;
}

static bool generate_dh(const struct t99_group *g, const struct t99_env *env, uint8_t *scalar, uint8_t *share)
{
    int tries;

    if (g->curve == NULL) {
        if (!env->random(env->arg, scalar, X25519_LEN)) {
            return false;
        }
        t99_x25519_public(share, scalar);
        return true;
    }
    for (tries = 0; tries < GENERATE_TRIES; tries++) {
        if (!env->random(env->arg, scalar, g->curve->len)) {
            return false;
        }
        scalar[0] &=
            (uint8_t)(0xff >> (8 * g->curve->len - g->curve->bits)); /* P-521: 521 bits in 66 bytes */
        if (g->curve->public_key(share, scalar)) {
            return true;
        }
    }
    return false;
}

/*
 * The ML-KEM half: the expanded key is kept, as the private part, because it costs a key generation to make
 * it again. It holds the encapsulation key behind the k * 384 bytes of the secret vector (FIPS 203, Algorithm
 * 16).
 */
static bool generate_kem(const struct t99_mlkem *kem, const struct t99_env *env, uint8_t *dk, uint8_t *ek)
{
    uint8_t seed[T99_MLKEM_SEED_LEN];
    bool ok = env->random(env->arg, seed, sizeof seed);

    if (ok) {
        t99_mlkem_expand(kem, dk, seed);
        memcpy(ek, dk + (size_t)384 * kem->k, kem->ek_len);
    }
    t99_wipe(seed, sizeof seed);
    return ok;
}

/*
 * In a hybrid the halves of shares and secrets stand in the same order; the private part is scalar, then
 * ML-KEM key.
 */
bool t99_group_generate(const struct t99_group *g, const struct t99_env *env, uint8_t *private_part,
                        uint8_t *share)
{
    uint8_t *dh_share = share;

    if (g->kem != NULL) {
        uint8_t *ek = g->secret_first_kem ? share : share + dh_share_len(g);

        if (!generate_kem(g->kem, env, private_part + dh_scalar_len(g), ek)) {
            return false;
        }
        dh_share = g->secret_first_kem ? share + g->kem->ek_len : share;
    }
    return generate_dh(g, env, private_part, dh_share);
}

static bool agree_dh(const struct t99_group *g, uint8_t *secret, const uint8_t *scalar, const uint8_t *share,
                     size_t len, const char **why)
{
    if (g->curve == NULL) {
        if (!t99_x25519(secret, scalar, share)) {
            *why = "a point of small order";
            return false;
        }
        return true;
    }
    if (!g->curve->ecdh(secret, scalar, share, len)) {
        *why = share[0] != 4 ? "not an uncompressed point" : "not a point of the curve";
        return false;
    }
    return true;
}

bool t99_group_agree(const struct t99_group *g, uint8_t *secret, const uint8_t *private_part,
                     const uint8_t *server_share, size_t len, const char **why)
{
    size_t dh_len = dh_share_len(g), dh_secret_len = dh_scalar_len(g);
    const uint8_t *dh_share = server_share, *ct;
    uint8_t *dh_secret = secret, *kem_secret;

    if (len != g->server_share_len) {
        *why = "of the wrong length";
        return false;
    }
    if (g->kem != NULL) {
        ct = g->secret_first_kem ? server_share : server_share + dh_len;
        kem_secret = g->secret_first_kem ? secret : secret + dh_secret_len;
        dh_share = g->secret_first_kem ? server_share + g->kem->ct_len : server_share;
        dh_secret = g->secret_first_kem ? secret + T99_MLKEM_SHARED_LEN : secret;
        if (!t99_mlkem_decaps_expanded(g->kem, kem_secret, private_part + dh_secret_len, g->kem->dk_len, ct,
                                       g->kem->ct_len)) {
            *why = "ours for ML-KEM was damaged in memory"; /* FIPS 203, 7.3: the hash in the private key */
            return false;
        }
    }
    return agree_dh(g, dh_secret, private_part, dh_share, dh_len, why);
}
