#include "crypto/sign/private_key.h"

#include <string.h>

#include "crypto/ec/ed25519.h"

/* Without leading zeros, as certificates and keys may differ in them. */
static struct t99_span trimmed(struct t99_span n)
{
    while (n.len > 0 && n.p[0] == 0) {
        n = t99_span(n.p + 1, n.len - 1);
    }
    return n;
}

static bool rsa_matches(const struct t99_private_key *key, const struct t99_public_key *pub)
{
    return (pub->type == T99_KEY_RSA || pub->type == T99_KEY_RSA_PSS) &&
           t99_span_equal(trimmed(key->rsa.pub.n), trimmed(pub->rsa.n)) &&
           t99_span_equal(trimmed(key->rsa.pub.e), trimmed(pub->rsa.e));
}

static bool ec_matches(const struct t99_private_key *key, const struct t99_public_key *pub)
{
    uint8_t point[T99_POINT_MAX];

    return pub->type == T99_KEY_EC && pub->curve == key->curve &&
           key->curve->public_key(point, key->scalar.p) &&
           t99_span_equal(t99_span(point, 2 * key->curve->len + 1), pub->point);
}

static bool ed25519_matches(const struct t99_private_key *key, const struct t99_public_key *pub)
{
    uint8_t point[32];

    t99_ed25519_public(point, key->scalar.p);
    return pub->type == T99_KEY_ED25519 && t99_span_equal(t99_span(point, sizeof point), pub->point);
}

bool t99_private_key_matches(const struct t99_private_key *key, const struct t99_public_key *pub)
{
    switch (key->type) {
    case T99_KEY_RSA:
    case T99_KEY_RSA_PSS:
        return rsa_matches(key, pub);
    case T99_KEY_EC:
        return ec_matches(key, pub);
    case T99_KEY_ED25519:
        return ed25519_matches(key, pub);
    default:
        return false;
    }
}
