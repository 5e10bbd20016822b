/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "handshake/messages.h"
#include "hex.h"

/* RFC 8448, 3. */
static const char server_hello[] =
    "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024"
    "001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304";
static const char ee[] = "080000240022000a00140012001d00170018001901000101010201030104001c0002400100000000";
static const char cv[] =
    "0f000084080400805a747c5d88fa9bd2e55ab085a61015b7211f824cd484145ab3ff52f1fda8477b0b7abc90db78e2d3"
    "3a5c141a078653fa6bef780c5ea248eeaaa785c4f394cab6d30bbe8d4859ee511f602957b15411ac027671459e46445c"
    "9ea58c181e818e95b8c3fb0bf3278409d3be152a3da5043e063dda65cdf5aea20d53dfacd42f74f3";
static const char nst[] =
    "040000c90000001efad6aac502000000b22c035d829359ee5ff7af4ec900000000262a6494dc486d2c8a34cb33fa90bf"
    "1b0070ad3c498883c9367c09a2be785abc55cd226097a3a982117283f82a03a143efd3ff5dd36d64e861be7fd61d2827"
    "db279cce145077d454a3664d4e6da4d29ee03725a6a4dafcd0fc67d2aea70529513e3da2677fa5906c5b3f7d8f92f228"
    "bda40dda721470f9fbf297b5aea617646fac5c03272e970727c621a79141ef5f7de6505e5bfbc388e93343694093934a"
    "e4d3570008002a000400000400";

typedef bool (*decoder)(struct reader r);

static struct t99_server_hello hello;
static struct t99_ext_block extensions;
static struct t99_certificate_verify verify;
static struct t99_new_session_ticket ticket;
static struct t99_server_key_exchange exchange;
static struct t99_certificate_request request;
static struct t99_compressed_certificate compressed;
static struct t99_span response;

static bool decode_hello(struct reader r)
{
    return t99_decode_server_hello(&hello, r);
}

static bool decode_extensions(struct reader r)
{
    return t99_decode_encrypted_extensions(&extensions, r);
}

static bool decode_verify(struct reader r)
{
    return t99_decode_certificate_verify(&verify, r);
}

static bool decode_ticket(struct reader r)
{
    return t99_decode_new_session_ticket_13(&ticket, r);
}

static bool decode_ticket_12(struct reader r)
{
    return t99_decode_new_session_ticket_12(&ticket, r);
}

static bool decode_exchange(struct reader r)
{
    return t99_decode_server_key_exchange(&exchange, r);
}

static bool decode_request_12(struct reader r)
{
    return t99_decode_certificate_request_12(&request, r);
}

static bool decode_request_13(struct reader r)
{
    return t99_decode_certificate_request_13(&request, r);
}

static bool decode_compressed(struct reader r)
{
    return t99_decode_compressed_certificate(&compressed, r);
}

static bool decode_status(struct reader r)
{
    return t99_decode_certificate_status(&response, r);
}

/* Composed by hand from the RFCs' structures where no trace has them; the header counts. */
static const struct {
    decoder decode;
    const char *message;
    size_t optional_tail; /* a prefix without it is a message of its own */
} cases[] = {
    { decode_hello, server_hello, 48 },
    { decode_extensions, ee, 0 },
    { decode_verify, cv, 0 },
    { decode_ticket, nst, 0 },
    { decode_ticket_12,
      "0400000900000e10"
      "0003aabbcc",
      0 },
    { decode_exchange,
      "0c00000c"
      "03001d"
      "020102"
      "0804"
      "0002aabb",
      0 },
    { decode_request_12,
      "0d00000f"
      "020140"
      "000404030804"
      "0005"
      "0003300100",
      0 },
    { decode_request_13,
      "0d00000b"
      "00"
      "0008"
      "000d0004"
      "00020403",
      0 },
    { decode_compressed,
      "19000009"
      "0001"
      "000010"
      "000001"
      "ff",
      0 },
    { decode_status,
      "16000005"
      "01"
      "000001"
      "30",
      0 },
};

static void every_message_decodes_whole_and_in_no_part(void **state)
{
    uint8_t bytes[600];
    const char *bad = NULL;
    size_t i, len, cut;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        len = hex_read(bytes, sizeof bytes - 1, cases[i].message);
        assert_true(cases[i].decode(t99_hs_body(bytes, len, &bad)));
        for (cut = T99_HS_HEADER; cut < len; cut++) {
            if (cases[i].optional_tail != 0 && cut == len - cases[i].optional_tail) {
                continue; /* a ServerHello without extensions: TLS 1.2 */
            }
            assert_false(cases[i].decode(t99_hs_body(bytes, cut, &bad)));
            assert_non_null(bad);
        }
        bytes[len] = 0;
        assert_false(cases[i].decode(t99_hs_body(bytes, len + 1, &bad)));
    }
}

static void fields_are_those_of_rfc8448(void **state)
{
    uint8_t bytes[600];
    const char *bad = NULL;
    size_t len = hex_read(bytes, sizeof bytes, server_hello);

    (void)state;
    assert_true(decode_hello(t99_hs_body(bytes, len, &bad)));
    assert_int_equal(hello.legacy_version, 0x0303);
    assert_int_equal(hello.cipher_suite, 0x1301);
    assert_int_equal(hello.session_id.len, 0);
    assert_true(t99_has_extension(&hello.ext, TLSEXT_KEY_SHARE));
    assert_true(t99_has_extension(&hello.ext, TLSEXT_SUPPORTED_VERSIONS));
    assert_false(hello.ext.has_unknown);
    len = hex_read(bytes, sizeof bytes, nst);
    assert_true(decode_ticket(t99_hs_body(bytes, len, &bad)));
    assert_int_equal(ticket.lifetime, 30);
    assert_int_equal(ticket.age_add, 0xfad6aac5);
    assert_int_equal(ticket.nonce.len, 2);
    assert_int_equal(ticket.ticket.len, 178);
    assert_true(t99_has_extension(&ticket.ext, TLSEXT_EARLY_DATA));
}

#define KEY_SHARE TLSEXT_BIT(TLSEXT_KEY_SHARE)

/* key_share, an unknown one, key_share again. */
static void unknown_and_double_extensions_are_seen(void **state)
{
    uint8_t bytes[] = { 0x00, 0x33, 0, 1, 7, 0x12, 0x34, 0, 0, 0x00, 0x33, 0, 0 };
    const char *bad = NULL;
    struct reader r = rd_init(bytes, sizeof bytes, &bad);
    struct t99_ext_block block;
    struct t99_fault fault;

    (void)state;
    t99_decode_extensions(&block, &r);
    assert_true(rd_ok(&r));
    assert_true(block.has_unknown);
    assert_int_equal(block.unknown, 0x1234);
    assert_true(block.has_duplicate);
    assert_int_equal(block.duplicate, 51);
    t99_fault_clear(&fault);
    assert_false(t99_judge_answer(&block, KEY_SHARE, KEY_SHARE, "server_hello", &fault));
    assert_int_equal(fault.alert, ALERT_ILLEGAL_PARAMETER);
    assert_non_null(strstr(fault.text, "key_share (51) stands there twice"));
    t99_fault_clear(&fault);
    block.has_duplicate = false;
    assert_false(t99_judge_answer(&block, KEY_SHARE, KEY_SHARE, "server_hello", &fault));
    assert_int_equal(fault.alert, ALERT_UNSUPPORTED_EXTENSION);
    assert_non_null(strstr(fault.text, "unexpected extension unknown (4660), which was not offered"));
    t99_fault_clear(&fault);
    assert_true(t99_judge_request(&block, KEY_SHARE, "certificate_request", &fault));
}

/* RFC 9846, 4.3 and 6.2: an answer to nothing is not the same as an answer in the wrong place. */
static void extensions_that_were_not_offered_or_do_not_belong_are_told_apart(void **state)
{
    uint8_t bytes[] = { 0x00, 0x33, 0, 0 };
    const char *bad = NULL;
    struct reader r = rd_init(bytes, sizeof bytes, &bad);
    struct t99_ext_block block;
    struct t99_fault fault;

    (void)state;
    t99_decode_extensions(&block, &r);
    t99_fault_clear(&fault);
    assert_true(t99_judge_answer(&block, KEY_SHARE, KEY_SHARE, "server_hello", &fault));
    assert_false(t99_judge_answer(&block, KEY_SHARE, 0, "server_hello", &fault));
    assert_int_equal(fault.alert, ALERT_UNSUPPORTED_EXTENSION);
    assert_string_equal(fault.text,
                        "server_hello: unexpected extension key_share (51), which was not offered");
    t99_fault_clear(&fault);
    assert_false(t99_judge_answer(&block, 0, KEY_SHARE, "encrypted_extensions", &fault));
    assert_int_equal(fault.alert, ALERT_UNSUPPORTED_EXTENSION);
    assert_string_equal(
        fault.text, "encrypted_extensions: unexpected extension key_share (51), which does not belong there");
    t99_fault_clear(&fault);
    assert_false(t99_judge_request(&block, 0, "certificate_request", &fault));
    assert_int_equal(fault.alert, ALERT_ILLEGAL_PARAMETER);
}

/* Whatever stands between the two. */
static void unknown_extensions_that_stand_twice_are_malformed(void **state)
{
    uint8_t bytes[] = {
        0xff, 0xff, 0, 0, 0x12, 0x34, 0, 1, 7, 0, 51, 0, 0, 0xff, 0xfe, 0, 0, 0x12, 0x34, 0, 0
    };
    const char *bad = NULL;
    struct reader r = rd_init(bytes, sizeof bytes, &bad);
    struct t99_ext_block block;
    struct t99_fault fault;

    (void)state;
    t99_decode_extensions(&block, &r);
    t99_fault_clear(&fault);
    assert_false(t99_judge_answer(&block, KEY_SHARE, KEY_SHARE, "server_hello", &fault));
    assert_int_equal(fault.alert, ALERT_DECODE_ERROR);
    assert_string_equal(fault.text, "server_hello: the extension unknown (4660) stands there twice");
    t99_fault_clear(&fault);
    assert_false(t99_judge_request(&block, KEY_SHARE, "certificate_request", &fault));
    assert_int_equal(fault.alert, ALERT_DECODE_ERROR);
    bytes[18] = 0x35; /* another one */
    r = rd_init(bytes, sizeof bytes, &bad);
    t99_decode_extensions(&block, &r);
    assert_false(block.has_duplicate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_decodes_whole_and_in_no_part),
        cmocka_unit_test(fields_are_those_of_rfc8448),
        cmocka_unit_test(unknown_and_double_extensions_are_seen),
        cmocka_unit_test(extensions_that_were_not_offered_or_do_not_belong_are_told_apart),
        cmocka_unit_test(unknown_extensions_that_stand_twice_are_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
