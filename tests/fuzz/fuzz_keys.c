/*
 * Fuzzes private keys. The first byte of the input says what the rest is:
 *   0 to 2  DER of PKCS#1, SEC 1, PKCS#8 (KEY_FORMAT_*)
 *   3       DER of an EncryptedPrivateKeyInfo
 *   4       PEM, with a password that may be needed
 */
#include "fuzz/fuzz.h"
#include "x509/private_key.h"

#define PASSWORD "fuzz"

/* Iterations of PBKDF2 may be many on purpose: numbers from 4096 up are not for fuzzing. */
static bool would_take_long(const uint8_t *p, size_t len)
{
    size_t i;

    for (i = 0; i + 3 < len; i++) {
        if (p[i] == 0x02 && (p[i + 1] == 3 || p[i + 1] == 4 || (p[i + 1] == 2 && p[i + 2] >= 0x10))) {
            return true;
        }
    }
    return false;
}

static void check_key(const struct t99_private_key *key, struct t99_span der)
{
    bool rsa = key->type == T99_KEY_RSA || key->type == T99_KEY_RSA_PSS;
    const struct t99_span parts[] = { key->rsa.pub.n, key->rsa.pub.e, key->rsa.d,    key->rsa.p, key->rsa.q,
                                      key->rsa.dp,    key->rsa.dq,    key->rsa.qinv, key->scalar };
    size_t i;

    for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        check_inside(der, parts[i]);
    }
    check(rsa || key->type == T99_KEY_EC || key->type == T99_KEY_ED25519);
    check(!rsa || (key->rsa.pub.n.len >= key->rsa.p.len && t99_rsa_private_valid(&key->rsa)));
    check(key->type != T99_KEY_EC || key->scalar.len == key->curve->len);
    check(key->type != T99_KEY_ED25519 || key->scalar.len == 32);
}

static void fuzz_der(enum t99_key_format format, struct t99_span der)
{
    struct t99_private_key key;
    const char *why = NULL;

    if (t99_private_key_decode(&key, der, format, &why)) {
        check_key(&key, der);
        check(!t99_private_key_decode(&key, t99_span(der.p, der.len - 1), format, &why));
    }
    check(t99_private_key_decode(&key, der, format, &why) || why != NULL);
}

static void fuzz_encrypted(struct t99_span der)
{
    uint8_t *copy = malloc(der.len + 1);
    struct t99_span plain;
    const char *why = NULL;

    check(copy != NULL);
    if (der.len != 0) {
        memcpy(copy, der.p, der.len);
    }
    if (!would_take_long(copy, der.len)) {
        if (t99_pbes2_decrypt(&plain, copy, der.len, PASSWORD, &why)) {
            check_inside(t99_span(copy, der.len), plain);
        } else {
            check(why != NULL);
        }
    }
    free(copy);
}

/* Base64 hides the number of iterations: with the password only if nothing is encrypted. */
static void fuzz_pem(struct t99_span pem)
{
    struct t99_env env = fuzz_env();
    struct t99_private_key key;
    enum t99_key_format format;
    size_t alloc_len, len;
    const char *why = NULL;
    uint8_t *der = t99_private_key_from_pem(&env, pem, NULL, &key, &alloc_len, &len, &format, &why);

    check((der != NULL) == (why == NULL) || der != NULL);
    if (der != NULL) {
        check(len <= alloc_len && format != KEY_FORMAT_ENCRYPTED_PKCS8);
        check_key(&key, t99_span(der, len));
        t99_free(&env, der, alloc_len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum t99_key_format formats[] = { KEY_FORMAT_PKCS1, KEY_FORMAT_SEC1, KEY_FORMAT_PKCS8 };
    struct t99_span rest;

    if (size < 2) {
        return 0;
    }
    rest = t99_span(data + 1, size - 1);
    if (data[0] < 3) {
        fuzz_der(formats[data[0]], rest);
    } else if (data[0] == 3) {
        fuzz_encrypted(rest);
    } else if (data[0] == 4) {
        fuzz_pem(rest);
    }
    return 0;
}
