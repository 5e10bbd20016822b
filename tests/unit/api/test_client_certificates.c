/* Who we are: key pairs as a program sets them, and what a server that asks gets to see. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer/call.h"
#include "peer/client_keys.h"
#include "x509/pem.h"

static struct call c;

static const uint16_t versions[] = { T99_TLS13, T99_TLS12 };

#define FOR_VERSIONS(v) for ((v) = 0; (v) < sizeof versions / sizeof versions[0]; (v)++)

static int set_pair(const char *cert, const char *key)
{
    return tls_config_set_keypair_mem(c.config, (const uint8_t *)cert, strlen(cert), (const uint8_t *)key,
                                      strlen(key));
}

static int add_pair(const char *cert, const char *key)
{
    return tls_config_add_keypair_mem(c.config, (const uint8_t *)cert, strlen(cert), (const uint8_t *)key,
                                      strlen(key));
}

static void assert_config_error(const char *words)
{
    assert_non_null(tls_config_error(c.config));
    if (strstr(tls_config_error(c.config), words) == NULL) {
        print_error("\"%s\" is not in \"%s\"\n", words, tls_config_error(c.config));
    }
    assert_non_null(strstr(tls_config_error(c.config), words));
}

static void assert_error(const char *words)
{
    assert_non_null(tls_error(c.tls));
    if (strstr(tls_error(c.tls), words) == NULL) {
        print_error("\"%s\" is not in \"%s\"\n", words, tls_error(c.tls));
    }
    assert_non_null(strstr(tls_error(c.tls), words));
}

/* The certificate in PEM text is the one that the server got. */
static bool server_has(const char *pem)
{
    uint8_t der[2000];
    struct t99_pem_block block;
    const char *bad = NULL;
    size_t pos = 0, len = 0;

    assert_true(t99_pem_next(&block, (const uint8_t *)pem, strlen(pem), &pos, &bad));
    assert_true(t99_pem_decode(der, &len, block.body));
    return t99_span_equal(c.peer.leaf, t99_span(der, len));
}

static void must_start(void)
{
    if (call_start(&c) != 0) {
        print_error("%s; server: %s\n", tls_error(c.tls), c.wire.failed != NULL ? c.wire.failed : "-");
    }
    assert_null(tls_error(c.tls));
    assert_int_equal(c.peer.state, PEER_CONNECTED);
    assert_null(c.wire.failed);
}

/* --- Signing --- */

/* The server checks the signature over the handshake with the key of the certificate. */
static void every_kind_of_key_signs_with_every_scheme_it_has(void **state)
{
    static const struct {
        const char *cert, *key;
        uint16_t scheme;
        bool only12, only13;
    } rows[] = {
        { client_p256_cert, client_p256_key, 0x0403, false, false },
        { client_p384_cert, client_p384_key, 0x0503, false, false },
        { client_p521_cert, client_p521_key, 0x0603, false, false },
        { client_ed25519_cert, client_ed25519_key, 0x0807, false, false },
        { client_rsa_cert, client_rsa_key, 0x0804, false, false },
        { client_rsa_cert, client_rsa_key, 0x0805, false, false },
        { client_rsa_cert, client_rsa_key, 0x0806, false, false },
        { client_rsa_cert, client_rsa_key, 0x0401, true, false },
        { client_rsa_cert, client_rsa_key, 0x0501, true, false },
        { client_rsa_cert, client_rsa_key, 0x0601, true, false },
        { client_pss_cert, client_pss_key, 0x0809, false, false },
        { client_pss_cert, client_pss_key, 0x080a, false, false },
        { client_pss_cert, client_pss_key, 0x080b, false, false },
        { client_p384_cert, client_p384_key, 0x0403, true, false }, /* TLS 1.2 ties no curve to a hash */
    };
    size_t i, v;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        FOR_VERSIONS(v)
        {
            if ((rows[i].only12 && versions[v] != T99_TLS12) || (rows[i].only13 && v != 0)) {
                continue;
            }
            call_init(&c, versions[v]);
            c.set.request_certificate = true;
            c.set.request_schemes = &rows[i].scheme;
            c.set.num_request_schemes = 1;
            assert_int_equal(set_pair(rows[i].cert, rows[i].key), 0);
            must_start();
            assert_true(c.peer.client_certificate);
            assert_int_equal(c.peer.client_scheme, rows[i].scheme);
            assert_true(server_has(rows[i].cert));
            call_clear(&c);
        }
    }
}

static void a_server_that_takes_no_scheme_of_the_key_is_told(void **state)
{
    static const uint16_t ecdsa = 0x0403, pkcs1 = 0x0401, sha1 = 0x0201;
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        c.set.request_certificate = true;
        c.set.request_schemes = &ecdsa;
        c.set.num_request_schemes = 1;
        assert_int_equal(set_pair(client_rsa_cert, client_rsa_key), 0);
        assert_int_equal(call_start(&c), -1);
        assert_error("certificate_request: the server takes no signature");
        assert_int_equal(c.wire.alert, ALERT_HANDSHAKE_FAILURE);
        c.set.request_schemes = &sha1; /* which nobody signs with any more */
        assert_int_equal(call_start(&c), -1);
        assert_error("certificate_request: the server takes no signature");
        call_clear(&c);
    }
    call_init(&c, T99_TLS13); /* RFC 9846, 4.3.3: not in TLS 1.3's handshake */
    c.set.request_certificate = true;
    c.set.request_schemes = &pkcs1;
    c.set.num_request_schemes = 1;
    assert_int_equal(set_pair(client_rsa_cert, client_rsa_key), 0);
    assert_int_equal(call_start(&c), -1);
    assert_error("certificate_request: the server takes no signature");
    call_clear(&c);
}

static void without_a_certificate_an_empty_list_is_sent(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        c.set.request_certificate = true;
        must_start();
        assert_false(c.peer.client_certificate);
        call_clear(&c);
    }
}

static void nobody_gets_a_certificate_unasked(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        assert_int_equal(set_pair(client_p256_cert, client_p256_key), 0);
        must_start();
        assert_null(c.peer.leaf.p);
        call_clear(&c);
    }
}

/* --- Choosing --- */

static void the_servers_schemes_choose_between_certificates(void **state)
{
    static const struct {
        uint16_t schemes[2];
        const char *cert;
    } rows[] = {
        { { 0x0804, 0x0804 }, client_rsa_cert },
        { { 0x0403, 0x0403 }, client_p256_cert },
        { { 0x0807, 0x0807 }, client_ed25519_cert },
        { { 0x0804, 0x0403 }, client_rsa_cert }, /* ours that was set first, not theirs that is named first */
        { { 0x0403, 0x0804 }, client_rsa_cert },
    };
    size_t i, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            call_init(&c, versions[v]);
            c.set.request_certificate = true;
            c.set.request_schemes = rows[i].schemes;
            c.set.num_request_schemes = 2;
            assert_int_equal(set_pair(client_rsa_cert, client_rsa_key), 0);
            assert_int_equal(add_pair(client_p256_cert, client_p256_key), 0);
            assert_int_equal(add_pair(client_ed25519_cert, client_ed25519_key), 0);
            must_start();
            assert_true(server_has(rows[i].cert));
            call_clear(&c);
        }
    }
}

/* The issuer of a certificate in PEM, as a list of one authority. */
static struct t99_span authority_of(uint8_t *out, const char *pem)
{
    static uint8_t der[2000];
    struct t99_certificate cert;
    struct t99_pem_block block;
    const char *bad = NULL;
    size_t pos = 0, len = 0;

    assert_true(t99_pem_next(&block, (const uint8_t *)pem, strlen(pem), &pos, &bad));
    assert_true(t99_pem_decode(der, &len, block.body));
    assert_true(t99_certificate_decode(&cert, t99_span(der, len), &bad));
    store_be16(out, (uint16_t)cert.issuer.len);
    memcpy(out + 2, cert.issuer.p, cert.issuer.len);
    return t99_span(out, 2 + cert.issuer.len);
}

/* RFC 9846, 4.3.4; RFC 5246, 7.4.4. */
static void the_servers_authorities_choose_between_certificates(void **state)
{
    static const char *const certs[] = { client_p256_cert, client_rsa_cert, client_p384_cert };
    static const uint16_t schemes[] = { 0x0403, 0x0503, 0x0804 };
    static const char nobody[] = "\0\x0f\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02no";
    uint8_t list[200];
    size_t i, v;

    (void)state;
    FOR_VERSIONS(v)
    {
        for (i = 0; i < 4; i++) {
            call_init(&c, versions[v]);
            c.set.request_certificate = true;
            c.set.request_schemes = schemes;
            c.set.num_request_schemes = 3;
            c.set.authorities = i < 3 ? authority_of(list, certs[i]) : t99_span(nobody, sizeof nobody - 1);
            assert_int_equal(set_pair(client_p256_cert, client_p256_key), 0);
            assert_int_equal(add_pair(client_rsa_cert, client_rsa_key), 0);
            assert_int_equal(add_pair(client_p384_cert, client_p384_key), 0);
            must_start();
            assert_true(server_has(i < 3 ? certs[i] : client_p256_cert)); /* none fits: the first */
            call_clear(&c);
        }
    }
}

/* --- Keys in files --- */

static void every_format_of_a_key_is_read(void **state)
{
    static const struct {
        const char *cert, *key, *password;
    } rows[] = {
        { client_rsa_cert, client_rsa_key, NULL },
        { client_rsa_cert, client_rsa_pkcs1, NULL },
        { client_rsa_cert, client_rsa_encrypted, "correct" },
        { client_p256_cert, client_p256_key, NULL },
        { client_p256_cert, client_p256_sec1, NULL },
        { client_p256_cert, client_p256_sec1_params, NULL },
        { client_p256_cert, client_p256_aes128_sha1, "correct" },
        { client_p256_cert, client_p256_aes192_sha256, "correct" },
        { client_p256_cert, client_p256_aes256_sha384, "correct" },
        { client_p256_cert, client_p256_aes128_sha512, "correct" },
        { client_p256_cert, client_p256_key, "a password that is not needed" },
    };
    static const uint16_t schemes[] = { 0x0403, 0x0804 };
    size_t i, order;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (order = 0; order < 2; order++) { /* the password may come before or after */
            call_init(&c, T99_TLS13);
            c.set.request_certificate = true;
            c.set.request_schemes = schemes;
            c.set.num_request_schemes = 2;
            if (order == 0) {
                assert_int_equal(tls_config_set_key_password(c.config, rows[i].password), 0);
            }
            assert_int_equal(set_pair(rows[i].cert, rows[i].key), 0);
            assert_int_equal(tls_config_set_key_password(c.config, rows[i].password), 0);
            must_start();
            assert_true(server_has(rows[i].cert));
            call_clear(&c);
        }
    }
}

static void keys_that_cannot_be_read_say_why(void **state)
{
    static const struct {
        const char *cert, *key, *password, *words;
    } rows[] = {
        { client_p256_cert, client_p256_aes256_sha384, "wrong", "wrong password" },
        { client_p256_cert, client_p256_old_pem, NULL, "old PEM" },
        { client_p256_cert, "nonsense", NULL, "failed to read private key: " },
        { client_p256_cert, client_p256_cert, NULL, "failed to read private key: " },
        { "nonsense", client_p256_key, NULL, "failed to load certificate: " },
        { client_p256_cert, "-----BEGIN PRIVATE KEY-----\nMHcC\n-----END PRIVATE KEY-----\n", NULL,
          "failed to read private key: " },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        call_init(&c, T99_TLS13);
        assert_int_equal(tls_config_set_key_password(c.config, rows[i].password), 0);
        assert_int_equal(set_pair(rows[i].cert, rows[i].key), -1);
        assert_config_error(rows[i].words);
        must_start(); /* as if nothing had been set */
        call_clear(&c);
    }
}

static void an_encrypted_key_without_a_password_is_told_when_connecting(void **state)
{
    (void)state;
    call_init(&c, T99_TLS13);
    assert_int_equal(set_pair(client_p256_cert, client_p256_aes256_sha384), 0);
    assert_int_equal(call_connect(&c), -1);
    assert_error("failed to read private key: ");
    assert_error("password");
    call_clear(&c);
}

/* --- Pairs that are none --- */

static void a_key_of_another_certificate_is_refused_when_it_is_set(void **state)
{
    static const struct {
        const char *cert, *key;
    } rows[] = {
        { client_p256_cert, client_p384_key }, { client_p256_cert, client_rsa_key },
        { client_rsa_cert, client_p256_key },  { client_rsa_cert, client_pss_key },
        { client_pss_cert, client_rsa_key },   { client_ed25519_cert, client_p256_key },
        { client_p521_cert, client_p256_key },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        call_init(&c, T99_TLS13);
        assert_int_equal(set_pair(rows[i].cert, rows[i].key), -1);
        assert_config_error("failed to load private key: ");
        assert_int_equal(add_pair(rows[i].cert, rows[i].key), -1);
        must_start();
        call_clear(&c);
    }
    call_init(&c, T99_TLS13); /* what was set before stays */
    c.set.request_certificate = true;
    assert_int_equal(set_pair(client_p256_cert, client_p256_key), 0);
    assert_int_equal(set_pair(client_rsa_cert, client_p256_key), -1);
    assert_int_equal(tls_config_set_cert_mem(c.config, (const uint8_t *)"no", 2), -1);
    must_start();
    assert_true(server_has(client_p256_cert));
    call_clear(&c);
}

static int set_cert(const char *pem)
{
    return tls_config_set_cert_mem(c.config, (const uint8_t *)pem, strlen(pem));
}

static int set_key(const char *pem)
{
    return tls_config_set_key_mem(c.config, (const uint8_t *)pem, strlen(pem));
}

/* Set one by one, in either order, they are a pair only in the end. */
static void halves_that_do_not_make_a_pair_are_refused_when_connecting(void **state)
{
    static const uint16_t schemes[] = { 0x0403, 0x0804 };

    (void)state;
    call_init(&c, T99_TLS13);
    c.set.request_certificate = true;
    c.set.request_schemes = schemes;
    c.set.num_request_schemes = 2;
    assert_int_equal(set_key(client_p256_key), 0);
    assert_int_equal(call_connect(&c), -1);
    assert_error("private/public key mismatch");
    assert_int_equal(set_cert(client_rsa_cert), 0);
    assert_int_equal(call_connect(&c), -1);
    assert_error("failed to load private key: ");
    assert_int_equal(set_cert(client_p256_cert), 0);
    must_start();
    assert_true(server_has(client_p256_cert));
    assert_int_equal(set_key(client_rsa_key), 0); /* and on to another pair */
    assert_int_equal(set_cert(client_rsa_cert), 0);
    must_start();
    assert_true(server_has(client_rsa_cert));
    call_clear(&c);
}

static void cleared_keys_are_gone_but_not_from_a_connection(void **state)
{
    (void)state;
    call_init(&c, T99_TLS13);
    c.set.request_certificate = true;
    assert_int_equal(set_pair(client_p256_cert, client_p256_key), 0);
    assert_int_equal(call_connect(&c), 0);
    tls_config_clear_keys(c.config);
    assert_int_equal(call_handshake(&c), 0);
    assert_true(c.peer.client_certificate);
    assert_int_equal(call_write(&c, "goes on", 7), 0);
    assert_int_equal(call_connect(&c), -1);
    assert_error("private/public key mismatch");
    call_clear(&c);
}

static void there_is_room_for_eight_pairs(void **state)
{
    unsigned i;

    (void)state;
    call_init(&c, T99_TLS13);
    for (i = 0; i < T99_KEYPAIRS_MAX; i++) {
        assert_int_equal(add_pair(client_p256_cert, client_p256_key), 0);
    }
    assert_int_equal(add_pair(client_p256_cert, client_p256_key), -1);
    assert_config_error("too many certificates");
    must_start();
    call_clear(&c);
}

static void files_are_read_at_once(void **state)
{
    char path[] = "/tmp/tls99-pair-XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    assert_int_equal(write(fd, client_p256_sec1, strlen(client_p256_sec1)), strlen(client_p256_sec1));
    assert_int_equal(write(fd, client_p256_cert, strlen(client_p256_cert)), strlen(client_p256_cert));
    close(fd);
    call_init(&c, T99_TLS13);
    c.set.request_certificate = true;
    assert_int_equal(tls_config_set_keypair_file(c.config, path, path), 0);
    unlink(path);
    must_start();
    assert_true(server_has(client_p256_cert));
    call_clear(&c);
}

/* A resumed connection is the one that had the certificate. */
static void another_certificate_does_not_resume_the_others_session(void **state)
{
    static const uint16_t schemes[] = { 0x0403, 0x0804 };
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        call_init(&c, versions[v]);
        c.set.num_tickets = 1;
        c.set.request_certificate = true;
        c.set.request_schemes = schemes;
        c.set.num_request_schemes = 2;
        assert_int_equal(set_pair(client_p256_cert, client_p256_key), 0);
        must_start();
        call_drain(&c);
        must_start();
        assert_true(c.peer.resumed);
        call_drain(&c);
        assert_int_equal(set_pair(client_rsa_cert, client_rsa_key), 0);
        must_start();
        assert_false(c.peer.resumed);
        assert_true(server_has(client_rsa_cert));
        call_clear(&c);
    }
}

/* --- tls_load_file --- */

static void tls_load_file_decrypts_keys(void **state)
{
    char path[] = "/tmp/tls99-key-XXXXXX", right[] = "correct", wrong[] = "incorrect";
    int fd = mkstemp(path);
    uint8_t *pem;
    size_t len = 0;

    (void)state;
    assert_int_equal(write(fd, client_rsa_encrypted, strlen(client_rsa_encrypted)),
                     strlen(client_rsa_encrypted));
    close(fd);
    pem = tls_load_file(path, &len, right);
    assert_non_null(pem);
    assert_int_equal(len, strlen(client_rsa_key)); /* what it was made from */
    assert_memory_equal(pem, client_rsa_key, len);
    tls_unload_file(pem, len);
    assert_null(tls_load_file(path, &len, wrong));
    assert_int_equal(len, 0);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_key_signs_with_every_scheme_it_has),
        cmocka_unit_test(a_server_that_takes_no_scheme_of_the_key_is_told),
        cmocka_unit_test(without_a_certificate_an_empty_list_is_sent),
        cmocka_unit_test(nobody_gets_a_certificate_unasked),
        cmocka_unit_test(the_servers_schemes_choose_between_certificates),
        cmocka_unit_test(the_servers_authorities_choose_between_certificates),
        cmocka_unit_test(every_format_of_a_key_is_read),
        cmocka_unit_test(keys_that_cannot_be_read_say_why),
        cmocka_unit_test(an_encrypted_key_without_a_password_is_told_when_connecting),
        cmocka_unit_test(a_key_of_another_certificate_is_refused_when_it_is_set),
        cmocka_unit_test(halves_that_do_not_make_a_pair_are_refused_when_connecting),
        cmocka_unit_test(cleared_keys_are_gone_but_not_from_a_connection),
        cmocka_unit_test(there_is_room_for_eight_pairs),
        cmocka_unit_test(files_are_read_at_once),
        cmocka_unit_test(another_certificate_does_not_resume_the_others_session),
        cmocka_unit_test(tls_load_file_decrypts_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
