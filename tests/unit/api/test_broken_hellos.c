/* What tls_error() says of servers that break a rule in their first messages: a row each. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "peer/broken.h"

#define VERSION_13 "002b00020304"
/* A share of x25519 that is fine: the base point. */
#define SHARE "00330024001d00200900000000000000000000000000000000000000000000000000000000000000"
#define RETRY_RANDOM "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"

static void retries(struct call *c)
{
    c->set.hello_retry = true;
    c->set.group = T99_GROUP_SECP384R1;
}

static void retries_without_need(struct call *c)
{
    c->set.hello_retry = true;
}

static void asks_for_a_cookie(struct call *c)
{
    c->set.cookie_len = 20;
}

static void is_on_p256(struct call *c)
{
    assert_int_equal(tls_config_set_ecdhecurves(c->config, "P-256"), 0);
    c->set.group = T99_GROUP_SECP256R1;
}

static void is_hybrid(struct call *c)
{
    assert_int_equal(tls_config_set_ecdhecurves(c->config, "X25519MLKEM768"), 0);
    c->set.group = T99_GROUP_X25519MLKEM768;
}

static void both_versions(struct call *c)
{
    assert_int_equal(tls_config_set_protocols(c->config, TLS_PROTOCOLS_ALL), 0);
}

static void alpn(struct call *c)
{
    assert_int_equal(tls_config_set_alpn(c->config, "h2,http/1.1"), 0);
}

static void record_size_limit(struct call *c)
{
    assert_int_equal(tls_config_set_record_size_limit(c->config, 4096), 0);
}

static void a_server_hello_of_tls13_that_breaks_a_rule_is_told(void **state)
{
    static const struct broken rows[] = {
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 4, "0302"),
          "server_hello: legacy_version 0x0302 instead of 0x0303" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 73, "01"),
          "server_hello: legacy_compression_method 1 in TLS 1.3" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 39, "00000000"),
          "server_hello: legacy_session_id_echo is not what was sent" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 71, "1399"),
          "server_hello: the cipher suite 0x1399 was not offered" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_BODY, 0, "0303"),
          "server_hello: malformed: random" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, VERSION_13),
          "server_hello: no key_share" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, VERSION_13 "003300050099000101"),
          "server_hello: key_share for the group 0x0099, for which none was sent" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, VERSION_13 "00330006001d00020102"),
          "server_hello: key_share for x25519, 2 bytes: of the wrong length" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, VERSION_13 "003300021d00"),
          "server_hello: malformed: key_exchange" },
        { T99_TLS13, NULL,
          BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0,
                 VERSION_13 "00330024001d002000000000000000000000000000000000000000000000000000000000"
                            "00000000"),
          "server_hello: key_share for x25519, 32 bytes: a point of small order" },
        { T99_TLS13, is_on_p256, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 90, "03"),
          "server_hello: key_share for secp256r1, 65 bytes: not an uncompressed point" },
        { T99_TLS13, is_on_p256, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 91, "0000"),
          "server_hello: key_share for secp256r1, 65 bytes: not a point of the curve" },
        { T99_TLS13, is_hybrid,
          BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, VERSION_13 "0033000611ec00020102"),
          "server_hello: key_share for X25519MLKEM768, 2 bytes: of the wrong length" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_ADD, 0, "002b00020304"),
          "server_hello: the extension supported_versions (43) stands there twice" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_ADD, 0, "00170000"),
          "server_hello: unexpected extension extended_master_secret (23), which does not belong there" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_ADD, 0, "12340000"),
          "server_hello: unexpected extension unknown (4660), which was not offered" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, "002b00020302" SHARE),
          "server_hello: the server chose TLS 1.1 (0x0302); offered were TLS 1.2 to TLS 1.3" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, "002b000103" SHARE),
          "server_hello: malformed: selected_version" },
        { T99_TLS13, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, "002b00027f1c" SHARE),
          "server_hello: the server chose an unknown version (0x7f1c); offered were TLS 1.2 to TLS 1.3" },
    };

    (void)state;
    BROKEN_ALL(rows);
}

static void a_hello_retry_request_that_breaks_a_rule_is_told(void **state)
{
    static const struct broken rows[] = {
        { T99_TLS13, retries, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, VERSION_13 "003300020099"),
          "hello_retry_request: the group 0x0099 was not offered" },
        { T99_TLS13, retries_without_need, WHOLE,
          "hello_retry_request: asks for a share of x25519, which it had got" },
        { T99_TLS13, retries, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, VERSION_13),
          "hello_retry_request: asks for no change, so that the handshake would go round for ever" },
        { T99_TLS13, asks_for_a_cookie,
          BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, VERSION_13 "002c00020000"),
          "hello_retry_request: malformed: cookie" },
        { T99_TLS13, retries, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 71, "1399"),
          "hello_retry_request: the cipher suite 0x1399 was not offered" },
        { T99_TLS13, retries, BROKEN(HS_SERVER_HELLO, 1, ALTER_BYTES, 71, "1303"),
          "server_hello: TLS_CHACHA20_POLY1305_SHA256, but the hello_retry_request had chosen "
          "TLS_AES_128_GCM_SHA256" },
        { T99_TLS13, retries, BROKEN(HS_SERVER_HELLO, 1, ALTER_EXTENSIONS, 0, "ff01000100"),
          "server_hello: TLS 1.2 (0x0303) after a hello_retry_request, which is TLS 1.3" },
        { T99_TLS13, retries, BROKEN(HS_SERVER_HELLO, 1, ALTER_BYTES, 6, RETRY_RANDOM),
          "the server sent a second hello_retry_request" },
        { T99_TLS13, retries, BROKEN(HS_SERVER_HELLO, 1, ALTER_EXTENSIONS, 0, VERSION_13 SHARE),
          "server_hello: key_share for the group 0x001d, for which none was sent" },
    };

    (void)state;
    BROKEN_ALL(rows);
}

static void encrypted_extensions_that_break_a_rule_are_told(void **state)
{
    static const struct broken rows[] = {
        { T99_TLS13, NULL, BROKEN(HS_ENCRYPTED_EXTENSIONS, 0, ALTER_BODY, 0, "000100"),
          "encrypted_extensions: malformed: extension_type" },
        { T99_TLS13, NULL, BROKEN(HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "000000020000"),
          "encrypted_extensions: malformed: server_name: not empty" },
        { T99_TLS13, NULL, BROKEN(HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "002a0000"),
          "encrypted_extensions: unexpected extension early_data (42), which was not offered" },
        { T99_TLS13, NULL, BROKEN(HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "00330000"),
          "encrypted_extensions: unexpected extension key_share (51), which does not belong there" },
        { T99_TLS13, alpn, BROKEN(HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "001000050004026833"),
          "encrypted_extensions: ALPN malformed: protocol_name_list" },
        { T99_TLS13, alpn, BROKEN(HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "00100008000602683202683300"),
          "encrypted_extensions: malformed: extension_type" },
        { T99_TLS13, alpn, BROKEN(HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "001000080006026832026833"),
          "encrypted_extensions: ALPN malformed: protocol_name_list: more than one name" },
        { T99_TLS13, alpn, BROKEN(HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "0010000500030268e9"),
          "encrypted_extensions: the server chose the ALPN protocol \"h\\xE9\", which was not offered" },
        { T99_TLS13, record_size_limit, BROKEN(HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "001c0002003f"),
          "encrypted_extensions: record_size_limit 63 is below 64" },
        { T99_TLS13, record_size_limit, BROKEN(HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "001c0003003f00"),
          "encrypted_extensions: malformed: record_size_limit" },
    };

    (void)state;
    BROKEN_ALL(rows);
}

static void a_server_hello_of_tls12_that_breaks_a_rule_is_told(void **state)
{
    static const struct broken rows[] = {
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 39, "1301"),
          "server_hello: the cipher suite 0x1301 was not offered for TLS 1.2" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 41, "01"),
          "server_hello: the compression_method 1 was not offered" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 4, "0300"),
          "server_hello: the server chose SSL 3.0 (0x0300); offered were TLS 1.2 to TLS 1.2" },
        { T99_TLS12, both_versions, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 4, "0301"),
          "server_hello: the server chose TLS 1.0 (0x0301); offered were TLS 1.2 to TLS 1.3" },
        { T99_TLS12, both_versions, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 4, "0304"),
          "server_hello: the server chose the version 0x0304, which was not offered" },
        { T99_TLS12, both_versions, BROKEN(HS_SERVER_HELLO, 0, ALTER_BYTES, 30, "444f574e47524401"),
          "server_hello: downgrade: the server can do TLS 1.3, but was made to choose TLS 1.2 by somebody on "
          "the way" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, ""),
          "server_hello: the server has no secure renegotiation (RFC 5746): too old to be safe" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, "ff0100020100"),
          "server_hello: renegotiation_info is not empty in a first handshake" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, "ff01000101"),
          "server_hello: malformed: renegotiation_info" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, "ff010001000017000100"),
          "server_hello: extended_master_secret is not empty" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_ADD, 0, "000000020000"),
          "server_hello: server_name is not empty" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_ADD, 0, "000b00020101"),
          "server_hello: ec_point_formats without uncompressed" },
        { T99_TLS12, NULL, BROKEN(HS_SERVER_HELLO, 0, ALTER_ADD, 0, "000b00020201"),
          "server_hello: malformed: ec_point_formats" },
        { T99_TLS12, alpn, BROKEN(HS_SERVER_HELLO, 0, ALTER_ADD, 0, "001000050003026833"),
          "server_hello: the server chose the ALPN protocol \"h3\", which was not offered" },
        { T99_TLS12, record_size_limit, BROKEN(HS_SERVER_HELLO, 0, ALTER_ADD, 0, "001c00020000"),
          "server_hello: record_size_limit 0 is below 64" },
    };

    (void)state;
    BROKEN_ALL(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_hello_of_tls13_that_breaks_a_rule_is_told),
        cmocka_unit_test(a_hello_retry_request_that_breaks_a_rule_is_told),
        cmocka_unit_test(encrypted_extensions_that_break_a_rule_are_told),
        cmocka_unit_test(a_server_hello_of_tls12_that_breaks_a_rule_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
