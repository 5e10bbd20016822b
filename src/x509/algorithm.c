/* AlgorithmIdentifier and SubjectPublicKeyInfo: RFC 3279, RFC 4055, RFC 5480, RFC 5758, RFC 8410. */
#include <string.h>

#include "x509/certificate.h"
#include "x509/der.h"
#include "x509/oid.h"

static const uint8_t oid_rsa[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 };
static const uint8_t oid_pss[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a };
static const uint8_t oid_mgf1[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08 };
static const uint8_t oid_ec[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
static const uint8_t oid_ed25519[] = { 0x2b, 0x65, 0x70 };
static const uint8_t oid_p256[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const uint8_t oid_p384[] = { 0x2b, 0x81, 0x04, 0x00, 0x22 };
static const uint8_t oid_p521[] = { 0x2b, 0x81, 0x04, 0x00, 0x23 };
static const uint8_t oid_sha1[] = { 0x2b, 0x0e, 0x03, 0x02, 0x1a };
static const uint8_t oid_sha256[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 };
static const uint8_t oid_sha384[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02 };
static const uint8_t oid_sha512[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03 };

/* Signature algorithms but PSS, whose parameters say more. */
#define PARAMS_NULL 1 /* NULL, as RFC 3279 and RFC 4055 want for RSA */
#define PARAMS_NONE 0

static const struct {
    uint8_t oid[10];
    uint8_t len, type, params;
    const struct t99_hash *hash;
    const char *weak;
} algorithms[] = {
    { { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b },
      9,
      T99_SIG_RSA_PKCS1,
      PARAMS_NULL,
      &t99_sha256,
      NULL },
    { { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c },
      9,
      T99_SIG_RSA_PKCS1,
      PARAMS_NULL,
      &t99_sha384,
      NULL },
    { { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d },
      9,
      T99_SIG_RSA_PKCS1,
      PARAMS_NULL,
      &t99_sha512,
      NULL },
    { { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05 },
      9,
      T99_SIG_RSA_PKCS1,
      PARAMS_NULL,
      NULL,
      "SHA-1" },
    { { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04 },
      9,
      T99_SIG_RSA_PKCS1,
      PARAMS_NULL,
      NULL,
      "MD5" },
    { { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x02 },
      9,
      T99_SIG_RSA_PKCS1,
      PARAMS_NULL,
      NULL,
      "MD2" },
    { { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0e },
      9,
      T99_SIG_RSA_PKCS1,
      PARAMS_NULL,
      NULL,
      "SHA-224" },
    { { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 }, 8, T99_SIG_ECDSA, PARAMS_NONE, &t99_sha256, NULL },
    { { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03 }, 8, T99_SIG_ECDSA, PARAMS_NONE, &t99_sha384, NULL },
    { { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04 }, 8, T99_SIG_ECDSA, PARAMS_NONE, &t99_sha512, NULL },
    { { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x01 }, 8, T99_SIG_ECDSA, PARAMS_NONE, NULL, "SHA-224" },
    { { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01 }, 7, T99_SIG_ECDSA, PARAMS_NONE, NULL, "SHA-1" },
    { { 0x2b, 0x65, 0x70 }, 3, T99_SIG_ED25519, PARAMS_NONE, NULL, NULL },
};

/* Parameters NULL, or nothing; true if there was a NULL. */
static bool read_null(struct reader *r, const char *field)
{
    if (rd_left(r) == 0) {
        return false;
    }
    if (t99_der_contents(r, DER_NULL, field).len != 0) {
        rd_refuse(r, field);
    }
    return true;
}

/*
 * HashAlgorithm of PSS: parameters NULL or absent (RFC 4055, 2.1). NULL: one that is not accepted; then *weak
 * names it if it is known.
 */
static const struct t99_hash *read_hash(struct reader *r, const char **weak)
{
    struct reader alg = t99_der_enter(r, DER_SEQUENCE, "hashAlgorithm");
    struct t99_span oid = t99_der_oid(&alg, "hashAlgorithm");

    read_null(&alg, "hashAlgorithm parameters");
    if (rd_left(&alg) != 0) {
        rd_refuse(r, "hashAlgorithm");
    }
    if (t99_is_oid(oid, oid_sha1)) {
        *weak = "SHA-1";
    }
    return t99_is_oid(oid, oid_sha256)   ? &t99_sha256
           : t99_is_oid(oid, oid_sha384) ? &t99_sha384
           : t99_is_oid(oid, oid_sha512) ? &t99_sha512
                                         : NULL;
}

/* RSASSA-PSS-params: RFC 4055, 3.1. What is left out means SHA-1. */
static void read_pss(struct t99_sig_alg *alg, struct reader *r)
{
    struct reader params = t99_der_enter(r, DER_SEQUENCE, "RSASSA-PSS-params"), field, mgf;
    const char *weak = NULL;

    alg->type = T99_SIG_RSA_PSS;
    alg->weak = "SHA-1";
    if (t99_der_peek(&params, DER_CONTEXT_CONSTRUCTED | 0)) {
        field = t99_der_enter(&params, DER_CONTEXT_CONSTRUCTED | 0, "hashAlgorithm");
        alg->hash = read_hash(&field, &weak);
        alg->weak = weak;
        if (rd_left(&field) != 0) {
            rd_refuse(r, "hashAlgorithm");
        }
    }
    if (t99_der_peek(&params, DER_CONTEXT_CONSTRUCTED | 1)) {
        field = t99_der_enter(&params, DER_CONTEXT_CONSTRUCTED | 1, "maskGenAlgorithm");
        mgf = t99_der_enter(&field, DER_SEQUENCE, "maskGenAlgorithm");
        if (t99_is_oid(t99_der_oid(&mgf, "maskGenAlgorithm"), oid_mgf1)) {
            alg->mgf_hash = read_hash(&mgf, &weak);
        } else {
            rd_refuse(r, "maskGenAlgorithm");
        }
        if (rd_left(&mgf) != 0 || rd_left(&field) != 0) {
            rd_refuse(r, "maskGenAlgorithm");
        }
    }
    alg->salt_len = 20;
    if (t99_der_peek(&params, DER_CONTEXT_CONSTRUCTED | 2)) {
        field = t99_der_enter(&params, DER_CONTEXT_CONSTRUCTED | 2, "saltLength");
        alg->salt_len = t99_der_small(&field, 1024, "saltLength");
        if (rd_left(&field) != 0) {
            rd_refuse(r, "saltLength");
        }
    }
    if (t99_der_peek(&params, DER_CONTEXT_CONSTRUCTED | 3)) {
        rd_refuse(r, "trailerField"); /* 1 is the default, which DER leaves out, and there is no other */
    }
    if (rd_left(&params) != 0) {
        rd_refuse(r, "RSASSA-PSS-params");
    }
    if (alg->weak == NULL && (alg->hash == NULL || alg->mgf_hash == NULL)) {
        alg->type = T99_SIG_UNKNOWN;
    }
}

static void read_known(struct t99_sig_alg *alg, struct t99_span oid, struct reader *r, uint32_t *oddities)
{
    size_t i;

    for (i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
        if (t99_span_equal(oid, t99_span(algorithms[i].oid, algorithms[i].len))) {
            alg->type = (enum t99_sig_type)algorithms[i].type;
            alg->hash = algorithms[i].hash;
            alg->weak = algorithms[i].weak;
            if (read_null(r, "signatureAlgorithm parameters") != (algorithms[i].params == PARAMS_NULL)) {
                *oddities |= ODD_SIG_ALG_PARAMS;
            }
            return;
        }
    }
    if (rd_left(r) != 0) {
        t99_der_element(r, NULL, "signatureAlgorithm parameters");
    }
}

bool t99_decode_sig_alg(struct t99_sig_alg *alg, struct t99_span algorithm_identifier, uint32_t *oddities,
                        const char **bad)
{
    struct reader r = rd_init(algorithm_identifier.p, algorithm_identifier.len, bad);
    struct reader seq = t99_der_enter(&r, DER_SEQUENCE, "signatureAlgorithm");
    struct t99_span oid = t99_der_oid(&seq, "signatureAlgorithm");

    memset(alg, 0, sizeof *alg);
    if (t99_is_oid(oid, oid_pss)) {
        read_pss(alg, &seq);
    } else {
        read_known(alg, oid, &seq, oddities);
    }
    if (rd_left(&seq) != 0) {
        rd_refuse(&r, "signatureAlgorithm");
    }
    return rd_end(&r, "signatureAlgorithm");
}

/* RSAPublicKey: RFC 8017, A.1.1. */
static void read_rsa(struct t99_public_key *key, struct t99_span bits, struct reader *r)
{
    const char *bad = NULL;
    struct reader inner = rd_init(bits.p, bits.len, &bad),
                  seq = t99_der_enter(&inner, DER_SEQUENCE, "RSAPublicKey");

    key->rsa.n = t99_der_integer(&seq, "modulus");
    key->rsa.e = t99_der_integer(&seq, "publicExponent");
    if (rd_left(&seq) != 0 || !rd_end(&inner, "RSAPublicKey") || key->rsa.n.p[0] >= 0x80 ||
        key->rsa.e.p[0] >= 0x80) {
        rd_refuse(r, bad != NULL ? bad : "RSAPublicKey");
    }
}

static void read_curve(struct t99_public_key *key, struct reader *alg)
{
    struct t99_span oid;

    if (!t99_der_peek(alg, DER_OID)) { /* explicit or inherited parameters: RFC 5480, 2.1.1 forbids them */
        if (rd_left(alg) != 0) {
            t99_der_element(alg, NULL, "EC parameters");
        }
        return;
    }
    oid = t99_der_oid(alg, "namedCurve");
    key->curve = t99_is_oid(oid, oid_p256)   ? &t99_p256
                 : t99_is_oid(oid, oid_p384) ? &t99_p384
                 : t99_is_oid(oid, oid_p521) ? &t99_p521
                                             : NULL;
}

static void read_pss_key(struct t99_public_key *key, struct reader *alg)
{
    key->type = T99_KEY_RSA_PSS;
    if (rd_left(alg) != 0) {
        read_pss(&key->pss_params, alg);
        key->pss_restricted = true;
    }
}

/* The key itself, once its algorithm is known. */
static void read_key_bits(struct t99_public_key *key, struct t99_span bits, struct reader *r)
{
    switch (key->type) {
    case T99_KEY_RSA:
    case T99_KEY_RSA_PSS:
        read_rsa(key, bits, r);
        break;
    case T99_KEY_EC:
        key->point = bits;
        if (key->curve != NULL && (bits.len != 2 * key->curve->len + 1 || bits.p[0] != 4)) {
            rd_refuse(r, "subjectPublicKey: not an uncompressed point of its curve's size");
        }
        break;
    case T99_KEY_ED25519:
        key->point = bits;
        if (bits.len != 32) {
            rd_refuse(r, "subjectPublicKey: not 32 bytes");
        }
        break;
    default:
        break;
    }
}

bool t99_decode_spki(struct t99_public_key *key, struct t99_span spki, const char **bad)
{
    struct reader r = rd_init(spki.p, spki.len, bad),
                  seq = t99_der_enter(&r, DER_SEQUENCE, "subjectPublicKeyInfo");
    struct reader alg = t99_der_enter(&seq, DER_SEQUENCE, "subjectPublicKeyInfo algorithm");
    struct t99_span oid = t99_der_oid(&alg, "subjectPublicKeyInfo algorithm"), bits;

    memset(key, 0, sizeof *key);
    if (t99_is_oid(oid, oid_rsa)) {
        key->type = T99_KEY_RSA;
        if (!read_null(&alg, "rsaEncryption parameters")) {
            rd_refuse(&r, "rsaEncryption parameters"); /* RFC 3279, 2.3.1 */
        }
    } else if (t99_is_oid(oid, oid_pss)) {
        read_pss_key(key, &alg);
    } else if (t99_is_oid(oid, oid_ec)) {
        key->type = T99_KEY_EC;
        read_curve(key, &alg);
    } else if (t99_is_oid(oid, oid_ed25519)) {
        key->type = T99_KEY_ED25519;
    } else if (rd_left(&alg) != 0) {
        t99_der_element(&alg, NULL, "subjectPublicKeyInfo parameters");
    }
    bits = t99_der_bit_octets(&seq, "subjectPublicKey");
    if (rd_left(&alg) != 0 || rd_left(&seq) != 0) {
        rd_refuse(&r, "subjectPublicKeyInfo");
    }
    if (rd_ok(&r)) {
        read_key_bits(key, bits, &r);
    }
    return rd_end(&r, "subjectPublicKeyInfo");
}
