/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/kdf/hkdf.h"
#include "hex.h"
#include "kv.h"

/* RFC 5869, A.1 to A.7. */
static const struct {
    const struct t99_hash *hash;
    const char *ikm, *salt, *info, *prk, *okm;
} rfc5869[] = {
    { &t99_sha256, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
      "f0f1f2f3f4f5f6f7f8f9", "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865" },
    { &t99_sha256,
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"
      "28292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
      "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f8081828384858687"
      "88898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
      "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7"
      "d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
      "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
      "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87" },
    { &t99_sha256, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
      "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8" },
    { &t99_sha1, "0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
      "9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",
      "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896" },
    { &t99_sha1, "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c", "", "",
      "2adccada18779e7c2077ad2eb19d3f3e731385dd",
      "2c91117204d745f3500d636a62f64f0ab3bae548aa53d423b0d1f27ebba6f5e5673a081d70cce7acfc48" },
};

static void hkdf_gives_the_values_of_rfc_5869(void **state)
{
    uint8_t ikm[80], salt[80], info[80], prk[T99_HASH_MAX], okm[82];
    size_t i, ikm_len, salt_len, info_len, okm_len;

    (void)state;
    for (i = 0; i < sizeof rfc5869 / sizeof rfc5869[0]; i++) {
        const struct t99_hash *hash = rfc5869[i].hash;

        ikm_len = hex_read(ikm, sizeof ikm, rfc5869[i].ikm);
        salt_len = hex_read(salt, sizeof salt, rfc5869[i].salt);
        info_len = hex_read(info, sizeof info, rfc5869[i].info);
        okm_len = strlen(rfc5869[i].okm) / 2;
        t99_hkdf_extract(hash, prk, salt, salt_len, ikm, ikm_len);
        assert_true(hex_equal(prk, hash->len, rfc5869[i].prk));
        t99_hkdf_expand(hash, okm, okm_len, prk, hash->len, info, info_len);
        assert_true(hex_equal(okm, okm_len, rfc5869[i].okm));
    }
}

static void hkdf_expand_gives_up_to_255_blocks_and_zeros_beyond(void **state)
{
    uint8_t okm[255 * 32 + 1], zeros[255 * 32 + 1] = { 0 }, prk[32] = { 1 };

    (void)state;
    t99_hkdf_expand(&t99_sha256, okm, 255 * 32, prk, 32, "", 0);
    assert_memory_not_equal(okm + 254 * 32, zeros, 32);
    t99_hkdf_expand(&t99_sha256, okm, 255 * 32 + 1, prk, 32, "", 0);
    assert_memory_equal(okm, zeros, sizeof okm);
}

/* RFC 8448, 3: "Simple 1-RTT Handshake", the server's key schedule from the ECDHE shared secret on. */
static void the_key_schedule_gives_the_values_of_rfc_8448(void **state)
{
    uint8_t zeros[32] = { 0 }, ecdhe[32], hash[32], empty[32], early[32], handshake[32], main_secret[32];
    uint8_t out[32], salt[32];

    (void)state;
    hex_read(ecdhe, 32, "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");
    t99_hash(&t99_sha256, empty, "", 0);
    t99_hkdf_extract(&t99_sha256, early, NULL, 0, zeros, 32);
    assert_true(hex_equal(early, 32, "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a"));
    t99_derive_secret(&t99_sha256, salt, early, "derived", empty);
    assert_true(hex_equal(salt, 32, "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba"));
    t99_hkdf_extract(&t99_sha256, handshake, salt, 32, ecdhe, 32);
    assert_true(hex_equal(handshake, 32, "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac"));
    t99_derive_secret(&t99_sha256, salt, handshake, "derived", empty);
    t99_hkdf_extract(&t99_sha256, main_secret, salt, 32, zeros, 32);
    assert_true(
        hex_equal(main_secret, 32, "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919"));

    hex_read(hash, 32,
             "860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8"); /* to ServerHello */
    t99_derive_secret(&t99_sha256, out, handshake, "c hs traffic", hash);
    assert_true(hex_equal(out, 32, "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21"));
    t99_derive_secret(&t99_sha256, out, handshake, "s hs traffic", hash);
    assert_true(hex_equal(out, 32, "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"));
    memcpy(salt, out, 32);
    t99_hkdf_expand_label(&t99_sha256, out, 16, salt, "key", "", 0);
    assert_true(hex_equal(out, 16, "3fce516009c21727d0f2e4e86ee403bc"));
    t99_hkdf_expand_label(&t99_sha256, out, 12, salt, "iv", NULL, 0);
    assert_true(hex_equal(out, 12, "5d313eb2671276ee13000b30"));
    t99_hkdf_expand_label(&t99_sha256, out, 32, salt, "finished", "", 0);
    assert_true(hex_equal(out, 32, "008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8"));

    hex_read(hash, 32, "209145a96ee8e2a122ff810047cc952684658d6049e86429426db87c54ad143d"); /* to Finished */
    t99_derive_secret(&t99_sha256, out, main_secret, "res master", hash);
    assert_true(hex_equal(out, 32, "7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c"));
    memcpy(salt, out, 32);
    t99_hkdf_expand_label(&t99_sha256, out, 32, salt, "resumption", "\0\0", 2);
    assert_true(hex_equal(out, 32, "4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3"));
}

/* RFC 9846, 7.1: the label's length, with "tls13 ", and the context's are one byte each. */
static void too_long_a_label_or_context_gives_zeros(void **state)
{
    char label[251];
    uint8_t secret[32] = { 7 }, context[256] = { 0 }, zeros[32] = { 0 }, out[32];

    (void)state;
    memset(label, 'x', sizeof label);
    label[249] = '\0';
    t99_hkdf_expand_label(&t99_sha256, out, 32, secret, label, context, 255);
    assert_memory_not_equal(out, zeros, 32);
    t99_hkdf_expand_label(&t99_sha256, out, 32, secret, label, context, 256);
    assert_memory_equal(out, zeros, 32);
    label[249] = 'x';
    label[250] = '\0';
    t99_hkdf_expand_label(&t99_sha256, out, 32, secret, label, context, 0);
    assert_memory_equal(out, zeros, 32);
}

/* "tls13_label_c_hs_traffic" is how the file says "c hs traffic". */
static const char *label_of(const struct kv *kv, char *out, size_t cap)
{
    static const char prefix[] = "tls13_label_";
    const char *s = kv_str(kv, "label");
    char *p;

    snprintf(out, cap, "%s", s != NULL ? s : "");
    if (s != NULL && strncmp(s, prefix, strlen(prefix)) == 0) {
        snprintf(out, cap, "%s", s + strlen(prefix));
        for (p = out; *p != '\0'; p++) {
            *p = *p == '_' ? ' ' : *p;
        }
    }
    return out;
}

/* Mbed TLS writes some results in capitals. */
static bool same_hex(const uint8_t *bytes, size_t len, const char *text)
{
    char lower[256];
    size_t i;

    for (i = 0; text[i] != '\0' && i < sizeof lower - 1; i++) {
        lower[i] = text[i] >= 'A' && text[i] <= 'F' ? (char)(text[i] - 'A' + 'a') : text[i];
    }
    lower[i] = '\0';
    return hex_equal(bytes, len, lower);
}

/* Exporter: RFC 9846, 7.5. */
static void export(const struct t99_hash *hash, uint8_t *out, size_t out_len, const uint8_t *secret,
                   const char *label, const char *context)
{
    uint8_t empty[T99_HASH_MAX], hashed[T99_HASH_MAX], derived[T99_HASH_MAX];

    t99_hash(hash, empty, "", 0);
    t99_hash(hash, hashed, context, strlen(context));
    t99_derive_secret(hash, derived, secret, label, empty);
    t99_hkdf_expand_label(hash, out, out_len, derived, "exporter", hashed, hash->len);
}

static bool run_mbedtls(struct kv *kv)
{
    const struct t99_hash *hash = kv_is(kv, "hash", "PSA_ALG_SHA_384") ? &t99_sha384 : &t99_sha256;
    struct t99_span secret = kv_hex(kv, "secret"), ctx = t99_span(NULL, 0);
    uint8_t out[255], empty[T99_HASH_MAX];
    size_t len = (size_t)kv_num(kv, "len", (long)hash->len);
    char label[256];

    t99_hash(hash, empty, "", 0);
    if (kv_is(kv, "fn", "ssl_tls13_key_evolution")) {
        struct t99_span input = kv_hex(kv, "input");
        uint8_t zeros[T99_HASH_MAX] = { 0 };

        if (secret.len != 0) {
            t99_derive_secret(hash, out, secret.p, "derived", empty);
        }
        t99_hkdf_extract(hash, out, out, secret.len, input.len != 0 ? input.p : zeros,
                         input.len != 0 ? input.len : hash->len);
    } else if (kv_is(kv, "fn", "ssl_tls13_hkdf_expand_label")) {
        ctx = kv_hex(kv, "ctx");
        t99_hkdf_expand_label(hash, out, len, secret.p, label_of(kv, label, sizeof label), ctx.p, ctx.len);
    } else if (kv_is(kv, "fn", "ssl_tls13_derive_secret")) {
        ctx = kv_is(kv, "ctx_hashed", "MBEDTLS_SSL_TLS1_3_CONTEXT_HASHED") ? kv_hex(kv, "ctx")
                                                                           : t99_span(empty, hash->len);
        t99_derive_secret(hash, out, secret.p, label_of(kv, label, sizeof label), ctx.p);
    } else if (kv_is(kv, "fn", "ssl_tls13_exporter")) {
        export(hash, out, len, secret.p, kv_str(kv, "label"), kv_str(kv, "context"));
    } else {
        return false;
    }
    assert_true(same_hex(out, len, kv_str(kv, "expected")));
    return true;
}

static void the_key_schedule_gives_the_values_of_mbed_tls(void **state)
{
    struct kv kv;
    size_t num = 0;

    (void)state;
    if (!kv_open_shared(&kv, "kv/tls_kdf_mbedtls.txt")) {
        skip();
    }
    while (kv_next(&kv)) {
        num += run_mbedtls(&kv);
    }
    kv_close(&kv);
    assert_int_equal(num, 26); /* the other records are for other modules */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hkdf_gives_the_values_of_rfc_5869),
        cmocka_unit_test(hkdf_expand_gives_up_to_255_blocks_and_zeros_beyond),
        cmocka_unit_test(the_key_schedule_gives_the_values_of_rfc_8448),
        cmocka_unit_test(too_long_a_label_or_context_gives_zeros),
        cmocka_unit_test(the_key_schedule_gives_the_values_of_mbed_tls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
