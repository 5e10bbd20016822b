/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "crypto/kdf/hkdf.h"
#include "handshake/key_schedule.h"
#include "handshake/transcript.h"
#include "hex.h"
#include "kex/group.h"

/* RFC 8448, 3: a whole handshake with TLS_AES_128_GCM_SHA256 and X25519. */
static const char client_hello[] =
    "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece700000613011303130201"
    "0000910000000b0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400"
    "230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b00"
    "03020304000d0020001e040305030603020308040805080604010501060102010402050206020202002d00020101001c"
    "00024001";
static const char server_hello[] =
    "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024"
    "001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304";
static const char ee[] = "080000240022000a00140012001d00170018001901000101010201030104001c0002400100000000";
static const char cert[] =
    "0b0001b9000001b50001b0308201ac30820115a003020102020102300d06092a864886f70d01010b0500300e310c300a"
    "06035504031303727361301e170d3136303733303031323335395a170d3236303733303031323335395a300e310c300a"
    "0603550403130372736130819f300d06092a864886f70d010101050003818d0030818902818100b4bb498f8279303d98"
    "0836399b36c6988c0c68de55e1bdb826d3901a2461eafd2de49a91d015abbc9a95137ace6c1af19eaa6af98c7ced4312"
    "0998e187a80ee0ccb0524b1b018c3e0b63264d449a6d38e22a5fda430846748030530ef0461c8ca9d9efbfae8ea6d1d0"
    "3e2bd193eff0ab9a8002c47428a6d35a8d88d79f7f1e3f0203010001a31a301830090603551d1304023000300b060355"
    "1d0f0404030205a0300d06092a864886f70d01010b05000381810085aad2a0e5b9276b908c65f73a7267170618a54c5f"
    "8a7b337d2df7a594365417f2eae8f8a58c8f8172f9319cf36b7fd6c55b80f21a03015156726096fd335e5e67f2dbf102"
    "702e608ccae6bec1fc63a42a99be5c3eb7107c3c54e9b9eb2bd5203b1c3b84e0a8b2f759409ba3eac9d91d402dcc0cc8"
    "f8961229ac9187b42b4de10000";
static const char cv[] =
    "0f000084080400805a747c5d88fa9bd2e55ab085a61015b7211f824cd484145ab3ff52f1fda8477b0b7abc90db78e2d3"
    "3a5c141a078653fa6bef780c5ea248eeaaa785c4f394cab6d30bbe8d4859ee511f602957b15411ac027671459e46445c"
    "9ea58c181e818e95b8c3fb0bf3278409d3be152a3da5043e063dda65cdf5aea20d53dfacd42f74f3";
static const char sfin[] = "140000209b9b141d906337fbd2cbdce71df4deda4ab42c309572cb7fffee5454b78f0718";
static const char cfin[] = "14000020a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61";
static const char cpriv[] = "49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005";
static const char spub[] = "c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f";
static const char early[] = "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a";
static const char hsec[] = "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac";
static const char shared[] = "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d";
static const char chs[] = "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21";
static const char shs[] = "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38";
static const char main_secret[] = "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919";
static const char cap[] = "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5";
static const char sap[] = "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643";
static const char exporter[] = "fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50";
static const char res[] = "7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c";
static const char psk[] = "4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3";
static const char skey[] = "3fce516009c21727d0f2e4e86ee403bc";
static const char siv[] = "5d313eb2671276ee13000b30";

struct schedule {
    struct t99_transcript transcript;
    uint8_t secret[32], client[32], server[32];
};

static void add(struct t99_transcript *t, const char *hex)
{
    uint8_t message[512];

    t99_transcript_add(t, message, hex_read(message, sizeof message, hex));
}

/* Up to the handshake secrets. */
static void begin(struct schedule *s)
{
    uint8_t scalar[32], point[32], agreed[T99_SHARED_SECRET_MAX], digest[32];
    const char *why = NULL;

    t99_transcript_init(&s->transcript);
    add(&s->transcript, client_hello);
    t99_transcript_choose(&s->transcript, &t99_sha256);
    add(&s->transcript, server_hello);
    hex_read(scalar, 32, cpriv);
    hex_read(point, 32, spub);
    assert_true(t99_group_agree(t99_group_find(T99_GROUP_X25519), agreed, scalar, point, 32, &why));
    assert_true(hex_equal(agreed, 32, shared));
    t99_early_secret(&t99_sha256, s->secret, NULL, 0);
    assert_true(hex_equal(s->secret, 32, early));
    t99_handshake_secret(&t99_sha256, s->secret, agreed, 32);
    assert_true(hex_equal(s->secret, 32, hsec));
    t99_transcript_hash(&s->transcript, digest);
    t99_derive_secret(&t99_sha256, s->client, s->secret, "c hs traffic", digest);
    t99_derive_secret(&t99_sha256, s->server, s->secret, "s hs traffic", digest);
    assert_true(hex_equal(s->client, 32, chs));
    assert_true(hex_equal(s->server, 32, shs));
}

static void handshake_secrets_and_keys_are_those_of_rfc8448(void **state)
{
    struct t99_traffic_key key;
    struct schedule s;

    (void)state;
    begin(&s);
    t99_traffic_key_13(&key, t99_cipher_suite_find(0x1301), s.server);
    assert_true(hex_equal(key.key, 16, skey));
    assert_true(hex_equal(key.iv, 12, siv));
    assert_false(key.explicit_nonce);
}

static void finished_and_application_secrets_are_those_of_rfc8448(void **state)
{
    uint8_t digest[32], mac[32], out[32];
    struct schedule s;

    (void)state;
    begin(&s);
    add(&s.transcript, ee);
    add(&s.transcript, cert);
    add(&s.transcript, cv);
    t99_transcript_hash(&s.transcript, digest);
    t99_finished_mac(&t99_sha256, mac, s.server, digest);
    assert_true(hex_equal(mac, 32, sfin + 8));
    add(&s.transcript, sfin);
    t99_transcript_hash(&s.transcript, digest);
    t99_finished_mac(&t99_sha256, mac, s.client, digest);
    assert_true(hex_equal(mac, 32, cfin + 8));
    t99_main_secret(&t99_sha256, s.secret);
    assert_true(hex_equal(s.secret, 32, main_secret));
    t99_derive_secret(&t99_sha256, out, s.secret, "c ap traffic", digest);
    assert_true(hex_equal(out, 32, cap));
    t99_derive_secret(&t99_sha256, out, s.secret, "s ap traffic", digest);
    assert_true(hex_equal(out, 32, sap));
    t99_derive_secret(&t99_sha256, out, s.secret, "exp master", digest);
    assert_true(hex_equal(out, 32, exporter));
    add(&s.transcript, cfin);
    t99_transcript_hash(&s.transcript, digest);
    t99_derive_secret(&t99_sha256, out, s.secret, "res master", digest);
    assert_true(hex_equal(out, 32, res));
    t99_ticket_psk(&t99_sha256, mac, out, (const uint8_t *)"\0\0", 2);
    assert_true(hex_equal(mac, 32, psk));
}

/* RFC 9846, 4.4.1: message_hash (254), three bytes of length, Hash(ClientHello1). */
static void a_retry_replaces_the_first_hello_by_its_hash(void **state)
{
    uint8_t header[4] = { 254, 0, 0, 32 }, digest[32], expected[32], message[512];
    struct t99_transcript t;
    struct t99_hash_ctx ctx;
    size_t len = hex_read(message, sizeof message, client_hello);

    (void)state;
    t99_hash(&t99_sha256, digest, message, len);
    t99_sha256.init(&ctx);
    t99_sha256.update(&ctx, header, 4);
    t99_sha256.update(&ctx, digest, 32);
    t99_sha256.update(&ctx, "next", 4);
    t99_sha256.final(&ctx, expected);
    t99_transcript_init(&t);
    t99_transcript_add(&t, message, len);
    t99_transcript_choose(&t, &t99_sha256);
    t99_transcript_restart(&t);
    t99_transcript_hash_with(&t, &t99_sha256, digest, "next", 4);
    assert_memory_equal(digest, expected, 32);
}

/* Both hashes run until the server has chosen. */
static void the_other_hash_can_be_chosen_late(void **state)
{
    uint8_t digest[48], expected[48];
    struct t99_transcript t;

    (void)state;
    t99_hash(&t99_sha384, expected, "one two", 7);
    t99_transcript_init(&t);
    t99_transcript_add(&t, "one ", 4);
    t99_transcript_choose(&t, &t99_sha384);
    t99_transcript_add(&t, "two", 3);
    t99_transcript_hash(&t, digest);
    assert_memory_equal(digest, expected, 48);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handshake_secrets_and_keys_are_those_of_rfc8448),
        cmocka_unit_test(finished_and_application_secrets_are_those_of_rfc8448),
        cmocka_unit_test(a_retry_replaces_the_first_hello_by_its_hash),
        cmocka_unit_test(the_other_hash_can_be_chosen_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
