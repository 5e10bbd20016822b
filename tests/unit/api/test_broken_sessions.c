/* What tls_error() says of servers that resume wrongly, and of what a program wants in vain. */
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

static struct call c;

/* A second visit is broken. */
struct second {
    uint16_t version;
    void (*between)(void);
    bool early_data;
    struct alteration alteration;
    const char *says;
};

static const struct second *row;
static unsigned seen;

static void edit(void *arg, struct peer *p, uint8_t *message, size_t *len, size_t cap)
{
    (void)arg;
    (void)p;
    alter_message(&row->alteration, &seen, message, len, cap);
}

static void start_first(void)
{
    seen = 0;
    call_init(&c, row->version);
    assert_int_equal(tls_config_set_protocols(c.config, TLS_PROTOCOLS_ALL), 0);
    assert_int_equal(tls_config_set_alpn(c.config, "h2,http/1.1"), 0);
    c.set.alpn = "h2";
    c.set.num_tickets = 1;
    c.set.max_early_data = 1000;
    c.set.accept_early_data = true;
    assert_int_equal(call_start(&c), 0);
    call_drain(&c);
    assert_int_equal(call_close(&c), 0);
}

static void seconds_say(const struct second *rows, size_t num)
{
    char sentence[500];
    size_t i, bad = 0;

    for (i = 0; i < num; i++) {
        row = &rows[i];
        start_first();
        c.set.edit = edit;
        if (row->between != NULL) {
            row->between();
        }
        assert_int_equal(call_connect(&c), 0);
        if (row->early_data) {
            assert_int_equal(tls_set_early_data(c.tls, "x", 1), 0);
        }
        (void)call_handshake(&c);
        snprintf(sentence, sizeof sentence, "handshake failed: %s [" CALL_NAME "]", row->says);
        bad += call_says(&c, sentence) ? 0 : 1;
        call_clear(&c);
    }
    assert_int_equal(bad, 0);
}

static void chooses_http(void)
{
    c.set.alpn = "http/1.1";
}

static void forgets(void)
{
    c.set.refuse_session = true;
}

/* RFC 9846, 4.3.10: a HelloRetryRequest turns early data down. */
static void retries(void)
{
    c.set.hello_retry = true;
    c.set.group = T99_GROUP_SECP384R1;
}

static void is_older_now(void)
{
    c.set.version = T99_TLS12;
    c.set.suite = 0xc02b;
    c.set.group = T99_GROUP_X25519;
}

/* RFC 9846, 4.3.11: psk_dhe_ke is all that was offered. Without a session it would be missing_extension. */
static void resumption_without_a_key_share_is_an_illegal_parameter(void **state)
{
    static const struct second psk_only = {
        T99_TLS13, NULL, false, { HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, "002b00020304002900020000" }, NULL
    };

    (void)state;
    row = &psk_only;
    start_first();
    c.set.edit = edit;
    assert_int_equal(call_connect(&c), 0);
    assert_int_equal(call_handshake(&c), -1);
    assert_true(call_says(&c, "handshake failed: server_hello: no key_share [" CALL_NAME "]"));
    assert_int_equal(t99_engine_fault(c.tls->engine)->alert, ALERT_ILLEGAL_PARAMETER);
    call_clear(&c);
}

static void resumption_that_breaks_a_rule_is_told(void **state)
{
    static const struct second rows[] = {
        { T99_TLS13,
          NULL,
          false,
          { HS_SERVER_HELLO, 0, ALTER_BYTES, 0, "0001" },
          "server_hello: selected_identity 1, but one was offered" },
        { T99_TLS13,
          NULL,
          false,
          { HS_SERVER_HELLO, 0, ALTER_BYTES, 71, "1302" },
          "server_hello: resumes with TLS_AES_256_GCM_SHA384, whose hash is not that of the session "
          "(TLS_AES_128_GCM_SHA256)" },
        { T99_TLS13,
          NULL,
          true,
          { HS_ENCRYPTED_EXTENSIONS, 0, ALTER_BODY, 0, "0006002a00020000" },
          "encrypted_extensions: malformed: early_data: not empty" },
        { T99_TLS13,
          forgets,
          true,
          { HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "002a0000" },
          "encrypted_extensions: early data was accepted, but it was not offered or cannot count any more" },
        { T99_TLS13,
          retries,
          true,
          { HS_ENCRYPTED_EXTENSIONS, 0, ALTER_ADD, 0, "002a0000" },
          "encrypted_extensions: unexpected extension early_data (42), which was not offered" },
        { T99_TLS13,
          chooses_http,
          true,
          { 0, 0, ALTER_NOTHING, 0, "" },
          "encrypted_extensions: early data was accepted, but with another ALPN protocol than the "
          "session's" },
        { T99_TLS13,
          is_older_now,
          true,
          { 0, 0, ALTER_NOTHING, 0, "" },
          "server_hello: TLS 1.2, although early data was sent to a server that had TLS 1.3" },
        { T99_TLS12,
          NULL,
          false,
          { HS_SERVER_HELLO, 0, ALTER_BYTES, 71, "c02c" },
          "server_hello: the server resumes a session with another cipher suite: 0xc02c instead of 0xc02b" },
        { T99_TLS12,
          NULL,
          false,
          { HS_SERVER_HELLO, 0, ALTER_EXTENSIONS, 0, "ff01000100" },
          "server_hello: resumes a session that had extended_master_secret without it" },
    };

    (void)state;
    seconds_say(rows, sizeof rows / sizeof rows[0]);
}

/* RFC 5246, 7.4.1.3: the echo of what the client sent means a session, and none was offered. */
static void echo_the_id(void *arg, struct peer *p, uint8_t *message, size_t *len, size_t cap)
{
    (void)arg;
    if (message[0] == HS_SERVER_HELLO && *len + p->session_id_len <= cap && message[38] == 0) {
        memmove(message + 39 + p->session_id_len, message + 39, *len - 39);
        memcpy(message + 39, p->session_id, p->session_id_len);
        message[38] = (uint8_t)p->session_id_len;
        *len += p->session_id_len;
        store_be24(message + 1, (uint32_t)(*len - T99_HS_HEADER));
    }
}

static void an_echo_of_an_id_that_names_no_session_is_told(void **state)
{
    (void)state;
    call_init(&c, T99_TLS12);
    assert_int_equal(tls_config_set_protocols(c.config, TLS_PROTOCOLS_ALL), 0);
    c.set.edit = echo_the_id;
    assert_int_equal(call_start(&c), -1);
    assert_true(
        call_says(&c, "handshake failed: server_hello: the server resumes a session, but none was offered "
                      "[" CALL_NAME "]"));
    call_clear(&c);
    call_init(&c, T99_TLS13);
    c.set.num_tickets = 1;
    assert_int_equal(call_start(&c), 0);
    call_drain(&c);
    assert_int_equal(tls_config_set_protocols(c.config, TLS_PROTOCOLS_ALL), 0);
    is_older_now();
    c.set.edit = echo_the_id;
    assert_int_equal(call_start(&c), -1);
    assert_true(
        call_says(&c, "handshake failed: server_hello: the server resumes with TLS 1.2 a session that was "
                      "made with TLS 1.3 [" CALL_NAME "]"));
    call_clear(&c);
}

/* --- Wanted in vain --- */

static bool no_random(void *arg, uint8_t *out, size_t len)
{
    (void)arg;
    memset(out, 0, len);
    return false;
}

static void what_cannot_be_had_is_told(void **state)
{
    static uint8_t out[20000];
    char label[251];

    (void)state;
    call_init(&c, T99_TLS12);
    c.set.no_ems = true;
    assert_int_equal(call_connect(&c), 0);
    assert_int_equal(tls_exporter(c.tls, "EXPERIMENTAL", NULL, 0, out, 32), -1);
    assert_true(call_says(&c, "exporter: the handshake is not complete"));
    assert_int_equal(tls_ocsp_process_response(c.tls, (const uint8_t *)"x", 1), -1);
    assert_true(call_says(&c, "ocsp verify failed: there is no server certificate before the handshake"));
    assert_int_equal(call_handshake(&c), 0);
    assert_int_equal(tls_exporter(c.tls, "EXPERIMENTAL", NULL, 0, out, 32), -1);
    assert_true(
        call_says(&c, "exporter: not without extended_master_secret, which the server lacks (RFC 7627, 7)"));
    memset(label, 'a', 250);
    label[250] = '\0';
    assert_int_equal(tls_exporter(c.tls, label, NULL, 0, out, 10000), -1);
    assert_true(
        call_says(&c, "exporter: too long: label 250 bytes (at most 249), context 0 (65535), output 10000 "
                      "(8160)"));
    tls_config_insecure_noverifycert(c.config);
    tls_config_insecure_noverifyname(c.config);
    assert_int_equal(call_start(&c), 0);
    assert_int_equal(tls_ocsp_process_response(c.tls, (const uint8_t *)"x", 1), -1);
    assert_true(call_says(&c, "ocsp verify failed: no issuer cert: neither verified nor sent by the server"));
    call_clear(&c);
}

static void a_staple_that_was_promised_and_did_not_come_is_told(void **state)
{
    static const struct call_leaf must_staple = { NULL, NULL, true, 0 };

    (void)state;
    call_init(&c, T99_TLS13);
    call_leaf(&c, &must_staple);
    assert_int_equal(call_start(&c), -1);
    assert_true(call_says(&c, "no stapled OCSP response provided, although the certificate promises one "
                              "(must-staple, RFC 7633) [" CALL_NAME "]"));
    call_clear(&c);
}

static void a_system_without_randomness_is_told(void **state)
{
    (void)state;
    call_init(&c, T99_TLS13);
    assert_int_equal(call_connect(&c), 0);
    c.config->env.random = no_random;
    c.env.env.random = no_random;
    assert_int_equal(call_handshake(&c), -1);
    assert_true(call_says(&c, "handshake failed: the operating system gave no random bytes [" CALL_NAME "]"));
    call_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resumption_without_a_key_share_is_an_illegal_parameter),
        cmocka_unit_test(resumption_that_breaks_a_rule_is_told),
        cmocka_unit_test(an_echo_of_an_id_that_names_no_session_is_told),
        cmocka_unit_test(what_cannot_be_had_is_told),
        cmocka_unit_test(a_staple_that_was_promised_and_did_not_come_is_told),
        cmocka_unit_test(a_system_without_randomness_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
