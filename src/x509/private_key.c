#include "x509/private_key.h"

#include <string.h>

#include "base/text.h"
#include "x509/der.h"
#include "x509/pem.h"

/* Contents of object identifiers: RFC 8017, A.1; RFC 5480, 2.1.1; RFC 8410, 3. */
static const uint8_t oid_rsa[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 };
static const uint8_t oid_rsa_pss[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a };
static const uint8_t oid_ec[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
static const uint8_t oid_ed25519[] = { 0x2b, 0x65, 0x70 };
static const uint8_t oid_p256[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const uint8_t oid_p384[] = { 0x2b, 0x81, 0x04, 0x00, 0x22 };
static const uint8_t oid_p521[] = { 0x2b, 0x81, 0x04, 0x00, 0x23 };

static bool is_oid(struct t99_span oid, const uint8_t *wanted, size_t len)
{
    return t99_span_equal(oid, t99_span(wanted, len));
}

static const struct t99_curve *find_curve(struct t99_span oid)
{
    return is_oid(oid, oid_p256, sizeof oid_p256)   ? &t99_p256
           : is_oid(oid, oid_p384, sizeof oid_p384) ? &t99_p384
           : is_oid(oid, oid_p521, sizeof oid_p521) ? &t99_p521
                                                    : NULL;
}

/* RSAPrivateKey: RFC 8017, A.1.2, two primes. */
static bool read_pkcs1(struct t99_private_key *key, struct t99_span der, const char **why)
{
    struct reader r = rd_init(der.p, der.len, why), seq = t99_der_enter(&r, DER_SEQUENCE, "RSAPrivateKey");

    key->type = T99_KEY_RSA;
    t99_der_small(&seq, 0, "version");
    key->rsa.pub.n = t99_der_integer(&seq, "modulus");
    key->rsa.pub.e = t99_der_integer(&seq, "publicExponent");
    key->rsa.d = t99_der_integer(&seq, "privateExponent");
    key->rsa.p = t99_der_integer(&seq, "prime1");
    key->rsa.q = t99_der_integer(&seq, "prime2");
    key->rsa.dp = t99_der_integer(&seq, "exponent1");
    key->rsa.dq = t99_der_integer(&seq, "exponent2");
    key->rsa.qinv = t99_der_integer(&seq, "coefficient");
    if (rd_left(&seq) != 0) {
        rd_refuse(&r, "RSAPrivateKey");
    }
    if (!rd_end(&r, "RSAPrivateKey")) {
        return false;
    }
    if (!t99_rsa_private_valid(&key->rsa)) {
        *why = "the numbers of the RSA key do not fit together";
        return false;
    }
    return true;
}

/* ECPrivateKey: RFC 5915, 3. curve: what stands outside, or NULL. */
static bool read_sec1(struct t99_private_key *key, struct t99_span der, const struct t99_curve *curve,
                      const char **why)
{
    struct reader r = rd_init(der.p, der.len, why), seq = t99_der_enter(&r, DER_SEQUENCE, "ECPrivateKey"),
                  params;

    key->type = T99_KEY_EC;
    if (t99_der_small(&seq, 1, "version") != 1) {
        rd_refuse(&r, "version");
    }
    key->scalar = t99_der_contents(&seq, DER_OCTET_STRING, "privateKey");
    if (t99_der_peek(&seq, DER_CONTEXT_CONSTRUCTED | 0)) {
        params = t99_der_enter(&seq, DER_CONTEXT_CONSTRUCTED | 0, "parameters");
        if (curve == NULL) {
            curve = find_curve(t99_der_contents(&params, DER_OID, "namedCurve"));
        }
    }
    if (t99_der_peek(&seq, DER_CONTEXT_CONSTRUCTED | 1)) {
        t99_der_contents(&seq, DER_CONTEXT_CONSTRUCTED | 1, "publicKey");
    }
    if (rd_left(&seq) != 0) {
        rd_refuse(&r, "ECPrivateKey");
    }
    if (!rd_end(&r, "ECPrivateKey")) {
        return false;
    }
    key->curve = curve;
    if (curve == NULL || key->scalar.len != curve->len || !curve->scalar_valid(key->scalar.p)) {
        *why = curve == NULL ? "its curve is not P-256, P-384 or P-521" : "its scalar is out of range";
        return false;
    }
    return true;
}

/* CurvePrivateKey: RFC 8410, 7. */
static bool read_ed25519(struct t99_private_key *key, struct t99_span der, const char **why)
{
    struct reader r = rd_init(der.p, der.len, why);

    key->type = T99_KEY_ED25519;
    key->scalar = t99_der_contents(&r, DER_OCTET_STRING, "CurvePrivateKey");
    if (key->scalar.len != 32) {
        rd_refuse(&r, "CurvePrivateKey");
    }
    return rd_end(&r, "CurvePrivateKey");
}

/* OneAsymmetricKey: RFC 5958, 2. */
static bool read_pkcs8(struct t99_private_key *key, struct t99_span der, const char **why)
{
    struct reader r = rd_init(der.p, der.len, why), seq = t99_der_enter(&r, DER_SEQUENCE, "PrivateKeyInfo"),
                  alg;
    struct t99_span oid, inner;
    const struct t99_curve *curve = NULL;
    bool ok = false;

    t99_der_small(&seq, 1, "version");
    alg = t99_der_enter(&seq, DER_SEQUENCE, "privateKeyAlgorithm");
    oid = t99_der_contents(&alg, DER_OID, "privateKeyAlgorithm");
    if (t99_der_peek(&alg, DER_OID)) {
        curve = find_curve(t99_der_contents(&alg, DER_OID, "namedCurve"));
    }
    inner = t99_der_contents(&seq, DER_OCTET_STRING, "privateKey");
    while (rd_left(&seq) != 0) { /* attributes, publicKey */
        t99_der_element(&seq, NULL, "PrivateKeyInfo");
    }
    if (!rd_end(&r, "PrivateKeyInfo")) {
        return false;
    }
    if (is_oid(oid, oid_rsa, sizeof oid_rsa) || is_oid(oid, oid_rsa_pss, sizeof oid_rsa_pss)) {
        ok = read_pkcs1(key, inner, why);
        key->type = oid.p[oid.len - 1] == oid_rsa[sizeof oid_rsa - 1] ? T99_KEY_RSA : T99_KEY_RSA_PSS;
    } else if (is_oid(oid, oid_ec, sizeof oid_ec)) {
        ok = read_sec1(key, inner, curve, why);
    } else if (is_oid(oid, oid_ed25519, sizeof oid_ed25519)) {
        ok = read_ed25519(key, inner, why);
    } else {
        *why = "its algorithm is not RSA, ECDSA or Ed25519";
    }
    return ok;
}

bool t99_private_key_decode(struct t99_private_key *key, struct t99_span der, enum t99_key_format format,
                            const char **why)
{
    memset(key, 0, sizeof *key);
    switch (format) {
    case KEY_FORMAT_PKCS1:
        return read_pkcs1(key, der, why);
    case KEY_FORMAT_SEC1:
        return read_sec1(key, der, NULL, why);
    case KEY_FORMAT_PKCS8:
        return read_pkcs8(key, der, why);
    default:
        *why = "it is encrypted";
        return false;
    }
}

static const struct {
    const char *label;
    enum t99_key_format format;
} labels[] = {
    { "PRIVATE KEY", KEY_FORMAT_PKCS8 },
    { "RSA PRIVATE KEY", KEY_FORMAT_PKCS1 },
    { "EC PRIVATE KEY", KEY_FORMAT_SEC1 },
    { "ENCRYPTED PRIVATE KEY", KEY_FORMAT_ENCRYPTED_PKCS8 },
};

static bool find_key_block(struct t99_pem_block *block, struct t99_span pem, enum t99_key_format *format,
                           const char **why)
{
    size_t pos = 0, i;

    *why = NULL;
    while (t99_pem_next(block, pem.p, pem.len, &pos, why)) {
        for (i = 0; i < sizeof labels / sizeof labels[0]; i++) {
            if (t99_same_word(labels[i].label, (const char *)block->label.p, block->label.len)) {
                *format = labels[i].format;
                return true;
            }
        }
    }
    if (*why == NULL) {
        *why = t99_pem_fault(pem.p, pem.len);
    }
    return false;
}

uint8_t *t99_private_key_from_pem(const struct t99_env *env, struct t99_span pem, const char *password,
                                  struct t99_private_key *key, size_t *alloc_len, size_t *len,
                                  enum t99_key_format *format, const char **why)
{
    struct t99_pem_block block;
    struct t99_span plain;
    uint8_t *der;

    if (!find_key_block(&block, pem, format, why)) {
        return NULL;
    }
    if (block.headers.len != 0) {
        *why = "it is encrypted in the old PEM way, which is not supported: convert it with openssl pkcs8 "
               "-topk8";
        return NULL;
    }
    *alloc_len = t99_pem_decoded_max(block.body.len) + 1;
    der = t99_alloc(env, *alloc_len);
    if (der == NULL) {
        *why = NULL;
        return NULL;
    }
    if (!t99_pem_decode(der, len, block.body)) {
        *why = "its base64 is damaged";
    } else if (*format != KEY_FORMAT_ENCRYPTED_PKCS8) {
        if (t99_private_key_decode(key, t99_span(der, *len), *format, why)) {
            return der;
        }
    } else if (password == NULL) {
        *why = "it is encrypted, and no password is set";
    } else if (t99_pbes2_decrypt(&plain, der, *len, password, why)) {
        memmove(der, plain.p, plain.len);
        *len = plain.len;
        *format = KEY_FORMAT_PKCS8;
        if (t99_private_key_decode(key, t99_span(der, *len), *format, why)) {
            return der;
        }
        *why = "wrong password";
    }
    t99_free(env, der, *alloc_len);
    return NULL;
}
