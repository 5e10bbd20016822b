#include <string.h>

#include "base/wipe.h"
#include "crypto/cipher/aes_cbc.h"
#include "crypto/kdf/pbkdf2.h"
#include "x509/der.h"
#include "x509/private_key.h"

#define MAX_ITERATIONS 10000000 /* some seconds of work: what a user might have chosen, and no more */

/* Contents of object identifiers: RFC 8018, A and B; NIST's arc of AES. */
static const uint8_t oid_pbes2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d };
static const uint8_t oid_pbkdf2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c };
static const uint8_t oid_hmac[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02 }; /* then: which hash */
static const uint8_t oid_aes[] = {
    0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01
}; /* then: key length and mode */

struct pbes2 {
    const struct t99_hash *hash;
    struct t99_span salt, iv, data;
    uint32_t iterations;
    size_t key_len;
};

static bool is_oid(struct t99_span oid, const uint8_t *wanted, size_t len)
{
    return t99_span_equal(oid, t99_span(wanted, len));
}

/* PRF of PBKDF2: hmacWithSHA1 is the default (RFC 8018, A.2). */
static const struct t99_hash *find_prf(struct t99_span oid)
{
    if (oid.len != sizeof oid_hmac + 1 || memcmp(oid.p, oid_hmac, sizeof oid_hmac) != 0) {
        return NULL;
    }
    switch (oid.p[sizeof oid_hmac]) {
    case 7:
        return &t99_sha1;
    case 9:
        return &t99_sha256;
    case 10:
        return &t99_sha384;
    case 11:
        return &t99_sha512;
    default:
        return NULL;
    }
}

static size_t find_aes_cbc(struct t99_span oid)
{
    if (oid.len != sizeof oid_aes + 1 || memcmp(oid.p, oid_aes, sizeof oid_aes) != 0) {
        return 0;
    }
    return oid.p[sizeof oid_aes] == 2    ? 16
           : oid.p[sizeof oid_aes] == 22 ? 24
           : oid.p[sizeof oid_aes] == 42 ? 32
                                         : 0;
}

/* PBKDF2-params. */
static void read_kdf(struct pbes2 *p, struct reader *kdf)
{
    struct reader params, prf;

    if (!is_oid(t99_der_contents(kdf, DER_OID, "keyDerivationFunc"), oid_pbkdf2, sizeof oid_pbkdf2)) {
        rd_refuse(kdf, "it is encrypted with a key derivation other than PBKDF2");
    }
    params = t99_der_enter(kdf, DER_SEQUENCE, "PBKDF2-params");
    p->salt = t99_der_contents(&params, DER_OCTET_STRING, "salt");
    p->iterations = t99_der_small(&params, MAX_ITERATIONS, "iterationCount");
    if (t99_der_peek(&params, DER_INTEGER)) {
        t99_der_small(&params, 32, "keyLength");
    }
    p->hash = &t99_sha1;
    if (rd_left(&params) != 0) {
        prf = t99_der_enter(&params, DER_SEQUENCE, "prf");
        p->hash = find_prf(t99_der_contents(&prf, DER_OID, "prf"));
        if (p->hash == NULL) {
            rd_refuse(kdf, "it is encrypted by PBKDF2 with a PRF other than HMAC with SHA-1, SHA-256, "
                           "SHA-384 or SHA-512");
        }
    }
    if (p->iterations == 0 || rd_left(&params) != 0) {
        rd_refuse(kdf, "PBKDF2-params");
    }
}

static bool read_encrypted(struct pbes2 *p, const uint8_t *der, size_t len, const char **why)
{
    struct reader r = rd_init(der, len, why), outer, alg, params, kdf, scheme;

    outer = t99_der_enter(&r, DER_SEQUENCE, "EncryptedPrivateKeyInfo");
    alg = t99_der_enter(&outer, DER_SEQUENCE, "encryptionAlgorithm");
    if (!is_oid(t99_der_contents(&alg, DER_OID, "encryptionAlgorithm"), oid_pbes2, sizeof oid_pbes2)) {
        rd_refuse(&r, "it is encrypted in another way than PBES2");
    }
    params = t99_der_enter(&alg, DER_SEQUENCE, "PBES2-params");
    kdf = t99_der_enter(&params, DER_SEQUENCE, "keyDerivationFunc");
    read_kdf(p, &kdf);
    scheme = t99_der_enter(&params, DER_SEQUENCE, "encryptionScheme");
    p->key_len = find_aes_cbc(t99_der_contents(&scheme, DER_OID, "encryptionScheme"));
    if (p->key_len == 0) {
        rd_refuse(&r, "it is encrypted with a cipher other than AES-CBC");
    }
    p->iv = t99_der_contents(&scheme, DER_OCTET_STRING, "iv");
    p->data = t99_der_contents(&outer, DER_OCTET_STRING, "encryptedData");
    if (rd_left(&outer) != 0 || p->iv.len != 16 || p->data.len == 0 || p->data.len % 16 != 0) {
        rd_refuse(&r, "EncryptedPrivateKeyInfo");
    }
    return rd_end(&r, "EncryptedPrivateKeyInfo");
}

bool t99_pbes2_decrypt(struct t99_span *plain, uint8_t *der, size_t len, const char *password,
                       const char **why)
{
    uint8_t key[32], *data, pad;
    struct pbes2 p;
    size_t i;
    bool ok;

    memset(&p, 0, sizeof p);
    if (!read_encrypted(&p, der, len, why)) {
        return false;
    }
    data = der + (p.data.p - der);
    t99_pbkdf2(p.hash, key, p.key_len, password, strlen(password), p.salt.p, p.salt.len, p.iterations);
    ok = t99_aes_cbc_decrypt(data, key, p.key_len, p.iv.p, data, p.data.len);
    t99_wipe(key, sizeof key);
    pad = data[p.data.len - 1];
    ok = ok && pad >= 1 && pad <= 16; /* RFC 8018, 6.1.1; whether a password is right may be known */
    for (i = 0; ok && i < pad; i++) {
        ok = data[p.data.len - 1 - i] == pad;
    }
    *plain = t99_span(data, ok ? p.data.len - pad : 0);
    if (!ok) {
        *why = "wrong password";
    }
    return ok;
}
