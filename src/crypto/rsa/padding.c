#include "crypto/rsa/padding.h"

#include <string.h>

#include "base/bytes.h"

/* DER of DigestInfo up to the digest: RFC 8017, 9.2, note 1. */
static const struct {
    const struct t99_hash *hash;
    uint8_t prefix[19];
} digest_infos[] = {
    { &t99_sha256,
      { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
        0x04, 0x20 } },
    { &t99_sha384,
      { 0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00,
        0x04, 0x30 } },
    { &t99_sha512,
      { 0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00,
        0x04, 0x40 } },
};

bool t99_emsa_pkcs1(uint8_t *em, size_t len, const struct t99_hash *hash, const uint8_t *digest)
{
    size_t i, prefix = sizeof digest_infos[0].prefix, padding;

    for (i = 0; i < sizeof digest_infos / sizeof digest_infos[0]; i++) {
        if (digest_infos[i].hash == hash) {
            break;
        }
    }
    if (i == sizeof digest_infos / sizeof digest_infos[0] || len < prefix + hash->len + 11) {
        return false;
    }
    padding = len - 3 - prefix - hash->len;
    em[0] = 0;
    em[1] = 1;
    memset(em + 2, 0xff, padding);
    em[2 + padding] = 0;
    memcpy(em + 3 + padding, digest_infos[i].prefix, prefix);
    memcpy(em + 3 + padding + prefix, digest, hash->len);
    return true;
}

void t99_mgf1_xor(const struct t99_hash *hash, uint8_t *out, size_t len, const uint8_t *seed, size_t seed_len)
{
    uint8_t digest[T99_HASH_MAX], number[4];
    struct t99_hash_ctx ctx;
    uint32_t counter = 0;
    size_t i, n;

    while (len > 0) {
        store_be32(number, counter++);
        hash->init(&ctx);
        hash->update(&ctx, seed, seed_len);
        hash->update(&ctx, number, sizeof number);
        hash->final(&ctx, digest);
        n = len < hash->len ? len : hash->len;
        for (i = 0; i < n; i++) {
            out[i] ^= digest[i];
        }
        out += n;
        len -= n;
    }
}

/* H = Hash(eight zeros || digest || salt). */
static void salted_hash(const struct t99_hash *hash, uint8_t *out, const uint8_t *digest, const uint8_t *salt,
                        size_t salt_len)
{
    static const uint8_t zeros[8];
    struct t99_hash_ctx ctx;

    hash->init(&ctx);
    hash->update(&ctx, zeros, sizeof zeros);
    hash->update(&ctx, digest, hash->len);
    hash->update(&ctx, salt, salt_len);
    hash->final(&ctx, out);
}

bool t99_emsa_pss_encode(uint8_t *em, size_t em_bits, const struct t99_hash *hash,
                         const struct t99_hash *mgf_hash, const uint8_t *digest, const uint8_t *salt,
                         size_t salt_len)
{
    size_t len = (em_bits + 7) / 8, db_len;

    if (len < hash->len + salt_len + 2) {
        return false;
    }
    db_len = len - hash->len - 1;
    memset(em, 0, db_len - salt_len - 1);
    em[db_len - salt_len - 1] = 1;
    memcpy(em + db_len - salt_len, salt, salt_len);
    salted_hash(hash, em + db_len, digest, salt, salt_len);
    t99_mgf1_xor(mgf_hash, em, db_len, em + db_len, hash->len);
    em[0] &= (uint8_t)(0xff >> (8 * len - em_bits));
    em[len - 1] = 0xbc;
    return true;
}

bool t99_emsa_pss_verify(uint8_t *em, size_t em_bits, const struct t99_hash *hash,
                         const struct t99_hash *mgf_hash, const uint8_t *digest, size_t salt_len)
{
    size_t len = (em_bits + 7) / 8, db_len, i;
    uint8_t expected[T99_HASH_MAX], first = (uint8_t)(0xff >> (8 * len - em_bits));

    if (len < hash->len + salt_len + 2 || em[len - 1] != 0xbc || (em[0] & (uint8_t)~first) != 0) {
        return false;
    }
    db_len = len - hash->len - 1;
    t99_mgf1_xor(mgf_hash, em, db_len, em + db_len, hash->len);
    em[0] &= first;
    for (i = 0; i < db_len - salt_len - 1; i++) {
        if (em[i] != 0) {
            return false;
        }
    }
    salted_hash(hash, expected, digest, em + db_len - salt_len, salt_len);
    return em[db_len - salt_len - 1] == 1 && memcmp(expected, em + db_len, hash->len) == 0;
}
