/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/mac/hmac.h"
#include "hex.h"

struct row {
    uint8_t key_byte; /* the key: key_len times this, or, if 0, key_text */
    size_t key_len;
    const char *key_text;
    uint8_t data_byte; /* likewise */
    size_t data_len;
    const char *data_text;
    const char *mac256, *mac384, *mac512;
};

static const char larger_key[] = "Test Using Larger Than Block-Size Key - Hash Key First";
static const char larger_both[] =
    "This is a test using a larger than block-size key and a larger than block-size data. The key needs to "
    "be hashed before being used by the HMAC algorithm.";

/* RFC 4231, 4.2 to 4.8, without 4.6. */
static const struct row rfc4231[] = {
    { 0x0b, 20, NULL, 0, 0, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
      "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
      "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854" },
    { 0, 0, "Jefe", 0, 0, "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
      "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737" },
    { 0xaa, 20, NULL, 0xdd, 50, NULL, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
      "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
      "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
      "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb" },
    { 0, 0,
      "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19",
      0xcd, 50, NULL, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
      "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
      "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
      "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd" },
    { 0xaa, 131, NULL, 0, 0, larger_key, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
      "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
      "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
      "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598" },
    { 0xaa, 131, NULL, 0, 0, larger_both, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
      "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
      "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
      "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58" },
};

static size_t lay_out(uint8_t *out, uint8_t byte, size_t len, const char *text)
{
    if (text != NULL) {
        len = strlen(text);
        memcpy(out, text, len);
    } else {
        memset(out, byte, len);
    }
    return len;
}

static void hmac_gives_the_values_of_rfc_4231(void **state)
{
    uint8_t key[200], data[200], mac[T99_HASH_MAX];
    size_t i, key_len, data_len;

    (void)state;
    for (i = 0; i < sizeof rfc4231 / sizeof rfc4231[0]; i++) {
        const struct row *row = &rfc4231[i];

        key_len = lay_out(key, row->key_byte, row->key_len, row->key_text);
        data_len = lay_out(data, row->data_byte, row->data_len, row->data_text);
        t99_hmac(&t99_sha256, mac, key, key_len, data, data_len);
        assert_true(hex_equal(mac, 32, row->mac256));
        t99_hmac(&t99_sha384, mac, key, key_len, data, data_len);
        assert_true(hex_equal(mac, 48, row->mac384));
        t99_hmac(&t99_sha512, mac, key, key_len, data, data_len);
        assert_true(hex_equal(mac, 64, row->mac512));
    }
}

/* RFC 2202, 3, test cases 1, 2, 3 and 6. */
static void hmac_sha1_gives_the_values_of_rfc_2202(void **state)
{
    uint8_t key[80], data[50], mac[20];

    (void)state;
    memset(key, 0x0b, 20);
    t99_hmac(&t99_sha1, mac, key, 20, "Hi There", 8);
    assert_true(hex_equal(mac, 20, "b617318655057264e28bc0b6fb378c8ef146be00"));
    t99_hmac(&t99_sha1, mac, "Jefe", 4, "what do ya want for nothing?", 28);
    assert_true(hex_equal(mac, 20, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
    memset(key, 0xaa, sizeof key);
    memset(data, 0xdd, sizeof data);
    t99_hmac(&t99_sha1, mac, key, 20, data, sizeof data);
    assert_true(hex_equal(mac, 20, "125d7342b9ac11cd91a39af48aa17b4f63f175d3"));
    t99_hmac(&t99_sha1, mac, key, 80, larger_key, strlen(larger_key));
    assert_true(hex_equal(mac, 20, "aa4ae5e15272d00e95705637ce8a3b55ed402112"));
}

/* The values are those of RFC 4231, 4.2 and 4.3. */
static void one_key_serves_many_messages(void **state)
{
    struct t99_hmac keyed, ctx;
    uint8_t mac[32];

    (void)state;
    t99_hmac_init(&keyed, &t99_sha256, "Jefe", 4);
    ctx = keyed;
    t99_hmac_update(&ctx, "something else", 14);
    t99_hmac_final(&ctx, mac);
    ctx = keyed;
    t99_hmac_update(&ctx, "what do ya want ", 16);
    t99_hmac_update(&ctx, "for nothing?", 12);
    t99_hmac_final(&ctx, mac);
    assert_true(hex_equal(mac, 32, rfc4231[1].mac256));
}

static void the_mac_may_take_the_place_of_key_or_message(void **state)
{
    uint8_t key[32], data[32], mac[32];

    (void)state;
    memset(key, 1, sizeof key);
    memset(data, 2, sizeof data);
    t99_hmac(&t99_sha256, mac, key, sizeof key, data, sizeof data);
    t99_hmac(&t99_sha256, key, key, sizeof key, data, sizeof data);
    assert_memory_equal(mac, key, sizeof mac);
    memset(key, 1, sizeof key);
    t99_hmac(&t99_sha256, data, key, sizeof key, data, sizeof data);
    assert_memory_equal(mac, data, sizeof mac);
}

static void a_key_as_long_as_a_block_is_not_hashed_and_one_byte_more_is(void **state)
{
    uint8_t key[65], hashed[32], a[32], b[32];

    (void)state;
    memset(key, 0x5a, sizeof key);
    t99_hash(&t99_sha256, hashed, key, 65);
    t99_hmac(&t99_sha256, a, key, 65, "m", 1);
    t99_hmac(&t99_sha256, b, hashed, 32, "m", 1);
    assert_memory_equal(a, b, 32);
    t99_hash(&t99_sha256, hashed, key, 64);
    t99_hmac(&t99_sha256, a, key, 64, "m", 1);
    t99_hmac(&t99_sha256, b, hashed, 32, "m", 1);
    assert_memory_not_equal(a, b, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_gives_the_values_of_rfc_4231),
        cmocka_unit_test(hmac_sha1_gives_the_values_of_rfc_2202),
        cmocka_unit_test(one_key_serves_many_messages),
        cmocka_unit_test(the_mac_may_take_the_place_of_key_or_message),
        cmocka_unit_test(a_key_as_long_as_a_block_is_not_hashed_and_one_byte_more_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
