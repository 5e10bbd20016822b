/* What tls_error() and tls_config_error() say, as a user meets it. */
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

#include "hex.h"
#include "peer/identity.h"
#include "unit/api/client.h"
#include "x509/pem.h"

/* --- Hosts --- */

static void a_host_that_is_none_is_shown(void **state)
{
    static const struct {
        const char *host, *port, *error;
    } cases[] = {
        { "", "443", "host not specified" },
        { NULL, "443", "host not specified" },
        { "https://example.com/", "443",
          "invalid host \"https://example.com/\": it is a URL; give the host that is in it" },
        { "https://example.com", NULL,
          "invalid host \"https://example.com\": it is a URL; give the host that is in it" },
        { "example.com ", "443", "invalid host \"example.com \": there is white space in it" },
        { "example.com\n", "443", "invalid host \"example.com?\": there is white space in it" },
        { "[::1", "443", "invalid host \"[::1\": it begins with '[' and has no ']' before its end or port" },
        { "[::1]443", NULL,
          "invalid host \"[::1]443\": it begins with '[' and has no ']' before its end or port" },
        { "example.com:8443", "443",
          "invalid host \"example.com:8443\": it has a port, and port 443 is given beside it" },
        { "example.com", NULL, "no port provided: neither in \"example.com\" nor beside it" },
        { "example.com:", NULL, "no port provided: neither in \"example.com:\" nor beside it" },
        { "user@example.com", "443",
          "server name \"user@example.com\" is neither a host name nor an IP address" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(tls_connect(ctx, cases[i].host, cases[i].port), -1);
        assert_string_equal(tls_error(ctx), cases[i].error);
        assert_int_equal(tls_error_code(ctx), TLS_ERROR_INVALID_ARGUMENT);
    }
}

static void a_host_that_is_too_long_is_counted(void **state)
{
    char host[400];

    (void)state;
    memset(host, 'a', 300);
    host[300] = '\0';
    assert_int_equal(tls_connect(ctx, host, "443"), -1);
    assert_string_equal(tls_error(ctx), "invalid host: it has 300 characters, more than 255");
}

static void a_port_that_is_none_is_shown(void **state)
{
    (void)state;
    tls_config_insecure_noverifycert(config);
    assert_int_equal(tls_connect(ctx, "127.0.0.1", "70000"), -1);
    assert_string_equal(tls_error(ctx), "port 70000 is not from 1 to 65535");
    assert_int_equal(tls_error_code(ctx), TLS_ERROR_INVALID_ARGUMENT);
}

/* --- Trust anchors --- */

static void assert_connect_fails(const char *error)
{
    assert_int_equal(tls_connect_fds(ctx, 0, 1, "tls99.test"), -1);
    assert_string_equal(tls_error(ctx), error);
}

static void set_ca(const char *text)
{
    assert_int_equal(tls_config_set_ca_mem(config, (const uint8_t *)text, strlen(text)), 0);
}

static void bytes_that_are_no_trust_anchors_are_described(void **state)
{
    (void)state;
    set_ca("");
    assert_connect_fails(
        "ssl verify memory setup failure: no certificate in the CAs from memory: it is empty");
    set_ca(" \n");
    assert_connect_fails(
        "ssl verify memory setup failure: no certificate in the CAs from memory: it is empty");
    set_ca("0\x82\x01\x02");
    assert_connect_fails("ssl verify memory setup failure: no certificate in the CAs from memory: it is DER, "
                         "and PEM is wanted");
    set_ca("0 of them");
    assert_connect_fails(
        "ssl verify memory setup failure: no certificate in the CAs from memory: it is not PEM");
    set_ca("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n");
    assert_connect_fails("ssl verify memory setup failure: no certificate in the CAs from memory: it holds a "
                         "private key only");
    set_ca("-----BEGIN CERTIFICATE-----\nMAA=\n");
    assert_connect_fails("ssl verify memory setup failure: no certificate in the CAs from memory: it has a "
                         "PEM block without an END line");
    set_ca("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
           "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
    assert_connect_fails(
        "ssl verify memory setup failure: none of the 2 certificates in the CAs from memory decodes");
}

static void write_file(char *path, const char *text)
{
    int fd = mkstemp(path);

    assert_int_not_equal(fd, -1);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void a_file_without_trust_anchors_is_named(void **state)
{
    char path[] = "/tmp/tls99-ca-XXXXXX", text[160];

    (void)state;
    write_file(path, "not found");
    assert_int_equal(tls_config_set_ca_file(config, path), 0);
    unlink(path);
    snprintf(text, sizeof text, "ssl verify memory setup failure: no certificate in %s: it is not PEM", path);
    assert_connect_fails(text);
    set_ca("x"); /* memory has no name any more */
    assert_connect_fails(
        "ssl verify memory setup failure: no certificate in the CAs from memory: it is not PEM");
}

static void a_directory_without_trust_anchors_is_named(void **state)
{
    char dir[] = "/tmp/tls99-dir-XXXXXX", text[200];

    (void)state;
    assert_int_equal(tls_config_set_ca_path(config, "/no/such/directory"), 0);
    assert_connect_fails("no trust anchors: CA directory '/no/such/directory': No such file or directory");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(tls_config_set_ca_path(config, dir), 0);
    snprintf(text, sizeof text,
             "no trust anchors: no certificate in the CA directory '%s' (files named .pem, .crt, .cer or by "
             "OpenSSL's hash are read)",
             dir);
    assert_connect_fails(text);
    rmdir(dir);
}

static void the_environment_that_names_no_trust_anchors_is_shown(void **state)
{
    char path[] = "/tmp/tls99-env-XXXXXX", text[160];

    (void)state;
    write_file(path, "");
    setenv("SSL_CERT_FILE", path, 1);
    setenv("SSL_CERT_DIR", "/no/such/directory", 1);
    snprintf(text, sizeof text,
             "no trust anchors: SSL_CERT_FILE is %s (no certificate in it), and SSL_CERT_DIR is "
             "/no/such/directory (No such file or directory)",
             path);
    assert_connect_fails(text);
    unsetenv("SSL_CERT_FILE");
    assert_connect_fails("no trust anchors: SSL_CERT_FILE is not set, and SSL_CERT_DIR is "
                         "/no/such/directory (No such file or directory)");
    unsetenv("SSL_CERT_DIR");
    unlink(path);
}

/* --- Client certificates --- */

/* Keys made with OpenSSL 3: the one of the certificate, as SEC 1; encrypted with "right"; others. */
static const char ec_key[] = "-----BEGIN EC PRIVATE KEY-----\n"
                             "MHcCAQEEIBkwsycqZKoxIdYaDggwyhXP3G+ofEkbh801/2y6Bk8qoAoGCCqGSM49\n"
                             "AwEHoUQDQgAE1s6g44e6EkxdKbkmci42FZLCwP1qbalS7cW+Y6NwFAZsBHYEhq2V\n"
                             "f8C90xh5xj3gCiXJJ43hqM4eSara/GOcng==\n"
                             "-----END EC PRIVATE KEY-----\n";
static const char encrypted_key[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhYuVQbidstlgICA+gw\n"
                                    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPIvDrXvh3pqZJpYmaaAznUEgZBQ\n"
                                    "CsXx33MAhL+Rvo/FAuSvoU60xE4NWQ+gheYZi6DnfYJ8jMrGbTvYbPMaeos7gnPe\n"
                                    "GKh7IhW+iW4notbIZgxYCAI205J3KicZK78IfKgtmp+3Bv2Z/b3FP2KrDJ9GLsco\n"
                                    "EsBXnGAIVD9o2z9po6NNr1EUSjjqavSl2G1hV820NdanfnvwYRHUTN9TYHlFoWY=\n"
                                    "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char scrypt_key[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                 "MIHjME4GCSqGSIb3DQEFDTBBMCAGCSsGAQQB2kcECzATBAiX4kiR5JSgDwIBEAIB\n"
                                 "CAIBATAdBglghkgBZQMEASoEEIFmRaVo7rhDXL+IGN27X04EgZBF8tmSc5qbIYe8\n"
                                 "jPMvc+ERayTo40nA/MtV170deHyq0nfOWSxteLZFkOXPvSlTxqCZIo7Zcj6YoJM5\n"
                                 "8GEtqutxvygyO2P2WuF+tvKZfRj9QM4jVUuMGCEeZCTtEpatL2YHFSqDkxb0CXQE\n"
                                 "DUTkeitnWLevwvRslTUJfc9ndF3j0ejJbsSlH9Jk+LKKu+ntFjY=\n"
                                 "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char old_key[] = "-----BEGIN EC PRIVATE KEY-----\n"
                              "Proc-Type: 4,ENCRYPTED\n"
                              "DEK-Info: AES-128-CBC,AFFACD39A6DB8F6BB3452ADF754378AB\n\n"
                              "RLoaIA3iuGYVVIWLJp/MDf1zqie11fSmk4p31ScT+q0o/ijHheYyf/XfhI3PsKHt\n"
                              "-----END EC PRIVATE KEY-----\n";
static const char x25519_key[] = "-----BEGIN PRIVATE KEY-----\n"
                                 "MC4CAQAwBQYDK2VuBCIEICgiHbc+jiAeO8ygrwcAL3vqMpYeHj25au1c/H+YgelP\n"
                                 "-----END PRIVATE KEY-----\n";
static const char secp256k1_key[] = "-----BEGIN EC PRIVATE KEY-----\n"
                                    "MHQCAQEEIMKkgUFtczm1SgDtUdF4hkXAhVlgwPBxWeWyi9YInYiZoAcGBSuBBAAK\n"
                                    "oUQDQgAEyFT3Htm6ft/xw0MjJvq0fr3mEOtnNBWalHPXjvDeV4KBoJPnI1iMJPzQ\n"
                                    "LBEPaylaY7ltm0PSjK8HJophXTreLg==\n"
                                    "-----END EC PRIVATE KEY-----\n";

static void set_cert(const char *hex)
{
    uint8_t der[2048], pem[4096];
    size_t len = hex_read(der, sizeof der, hex);
    size_t n = t99_pem_encode(pem, sizeof pem, "CERTIFICATE", t99_span(der, len));

    assert_true(n <= sizeof pem);
    assert_int_equal(tls_config_set_cert_mem(config, pem, n), 0);
    tls_config_insecure_noverifycert(config);
}

static void assert_key_refused(const char *key, const char *error)
{
    assert_int_equal(tls_config_set_key_mem(config, (const uint8_t *)key, strlen(key)), 0);
    assert_connect_fails(error);
}

static void a_key_that_cannot_be_read_says_why(void **state)
{
    (void)state;
    set_cert(identity_p256_cert);
    assert_key_refused("", "failed to read private key: it is empty");
    assert_key_refused("secret", "failed to read private key: it is not PEM");
    assert_key_refused("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
                       "failed to read private key: it holds certificates only");
    assert_key_refused("-----BEGIN PRIVATE KEY-----\nMA!=\n-----END PRIVATE KEY-----\n",
                       "failed to read private key: its base64 is damaged");
    assert_key_refused("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n",
                       "failed to read private key: it is malformed: version");
    assert_key_refused(encrypted_key, "failed to read private key: it is encrypted, and no password is set");
    assert_int_equal(tls_config_set_key_password(config, "wrong"), 0);
    assert_key_refused(encrypted_key, "failed to read private key: wrong password");
    assert_key_refused(scrypt_key, "failed to read private key: it is encrypted with a key derivation other "
                                   "than PBKDF2");
    assert_key_refused(old_key,
                       "failed to read private key: it is encrypted in the old PEM way, which is not "
                       "supported: convert it with openssl pkcs8 -topk8");
    assert_key_refused(x25519_key, "failed to read private key: its algorithm is not RSA, ECDSA or Ed25519");
    assert_key_refused(secp256k1_key, "failed to read private key: its curve is not P-256, P-384 or P-521");
    assert_int_equal(tls_config_set_key_password(config, "right"), 0);
    assert_int_equal(tls_config_set_key_mem(config, (const uint8_t *)encrypted_key, sizeof encrypted_key - 1),
                     0);
    assert_int_equal(tls_connect_fds(ctx, 0, 1, "tls99.test"), 0);
}

static void a_key_file_is_named(void **state)
{
    char path[] = "/tmp/tls99-key-XXXXXX", text[160];

    (void)state;
    set_cert(identity_p256_cert);
    write_file(path, encrypted_key);
    assert_int_equal(tls_config_set_key_file(config, path), 0);
    unlink(path);
    assert_int_equal(tls_config_set_key_password(config, "guess"), 0);
    snprintf(text, sizeof text, "failed to read private key: wrong password (file '%s')", path);
    assert_connect_fails(text);
}

static void a_key_of_another_certificate_shows_both(void **state)
{
    char path[] = "/tmp/tls99-key-XXXXXX", text[200];

    (void)state;
    set_cert(identity_rsa_cert);
    write_file(path, ec_key);
    assert_int_equal(tls_config_set_key_file(config, path), 0);
    unlink(path);
    snprintf(
        text, sizeof text,
        "failed to load private key: the key, P-256 (file '%s'), is not that of the certificate, RSA 2048",
        path);
    assert_connect_fails(text);
    set_cert(identity_p256_cert);
    assert_int_equal(tls_connect_fds(ctx, 0, 1, "tls99.test"), 0);
}

static void half_a_pair_says_which_half(void **state)
{
    (void)state;
    set_cert(identity_p256_cert);
    assert_connect_fails("private/public key mismatch: a certificate is set, but no key");
    tls_reset(ctx);
    tls_config_free(config);
    config = tls_config_new();
    tls_config_insecure_noverifycert(config);
    assert_int_equal(tls_configure(ctx, config), 0);
    assert_key_refused(ec_key, "private/public key mismatch: a key is set, but no certificate");
}

/* As in libtls: a key that was set and cleared, and never a certificate, is nothing to complain of. */
static void a_pair_that_holds_nothing_is_none(void **state)
{
    (void)state;
    tls_config_insecure_noverifycert(config);
    assert_int_equal(tls_config_set_keypair_mem(config, NULL, 0, NULL, 0), -1);
    assert_string_equal(tls_config_error(config),
                        "private/public key mismatch: neither a certificate nor a key is set");
    assert_int_equal(tls_config_set_key_mem(config, (const uint8_t *)ec_key, strlen(ec_key)), 0);
    tls_config_clear_keys(config);
    assert_int_equal(tls_connect_fds(ctx, 0, 1, "tls99.test"), 0);
}

static void a_certificate_that_cannot_be_read_says_where(void **state)
{
    char path[] = "/tmp/tls99-cert-XXXXXX", text[160], many[1024] = "\n";
    int i;

    (void)state;
    write_file(path, "# mine\n\n-----BEGIN CERTIFICATE-----\nMAA?\n-----END CERTIFICATE-----\n");
    assert_int_equal(tls_config_set_cert_file(config, path), -1);
    unlink(path);
    snprintf(text, sizeof text,
             "failed to load certificate: line 3: the base64 below it is damaged (file '%s')", path);
    assert_string_equal(tls_config_error(config), text);
    for (i = 0; i < 11; i++) {
        strcat(many, "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
    }
    assert_int_equal(tls_config_set_cert_mem(config, (const uint8_t *)many, strlen(many)), -1);
    assert_string_equal(tls_config_error(config),
                        "failed to load certificate: line 32: there are more than 10 certificates");
    many[80] = '\0';
    assert_int_equal(tls_config_set_cert_mem(config, (const uint8_t *)many, 61), -1);
    assert_string_equal(tls_config_error(config),
                        "failed to load certificate: certificate 0 in it does not decode: tbsCertificate");
}

/* --- Settings --- */

static void assert_setting_refused(int r, const char *error)
{
    assert_int_equal(r, -1);
    assert_string_equal(tls_config_error(config), error);
}

static void a_number_that_is_out_of_range_is_shown(void **state)
{
    unsigned char zeros[49] = { 0 };

    (void)state;
    assert_setting_refused(tls_config_set_session_fd(config, 1000),
                           "failed to stat session file (descriptor 1000): Bad file descriptor");
    assert_setting_refused(tls_config_set_address_family(config, 5),
                           "address family 5 is not 4, 6 or 0 (any)");
    assert_setting_refused(tls_config_set_connect_timeout(config, -3),
                           "connect timeout of -3 ms is negative");
    assert_setting_refused(tls_config_set_session_id(config, zeros, 33),
                           "session ID too large: 33 bytes, at most 32");
    assert_setting_refused(tls_config_add_ticket_key(config, 1, zeros, 49),
                           "wrong amount of ticket key data: 49 bytes instead of 48");
}

/* Names of 255 bytes. */
static void fill_alpn(char *list, size_t num)
{
    size_t i;

    for (i = 0; i < num; i++) {
        memset(list + i * 256, 'a', 255);
        list[i * 256 + 255] = i + 1 < num ? ',' : '\0';
    }
}

static void protocols_that_are_too_many_are_counted(void **state)
{
    static char list[300 * 256];
    char sentence[200];

    (void)state;
    tls_config_insecure_noverifycert(config);
    fill_alpn(list, 256);
    assert_setting_refused(tls_config_set_alpn(config, list), "alpn too large: 65535 bytes, at most 65534");
    fill_alpn(list, 255);
    assert_int_equal(tls_config_set_alpn(config, list), 0);
    assert_int_equal(tls_configure(ctx, config), 0);
    assert_int_equal(tls_connect_fds(ctx, 0, 1, "tls99.test"), 0);
    assert_int_equal(tls_handshake(ctx), -1);
    snprintf(sentence, sizeof sentence,
             "handshake failed: client_hello: too long to send: 65280 bytes of ALPN, 0 of a ticket, 0 of a "
             "cookie [tls99.test]");
    assert_string_equal(tls_error(ctx), sentence);
}

static void settings_that_leave_no_protocol_say_so(void **state)
{
    (void)state;
    tls_config_insecure_noverifycert(config);
    assert_int_equal(tls_config_set_protocols(config, 0), 0);
    assert_int_equal(tls_configure(ctx, config), 0);
    assert_int_equal(tls_connect_fds(ctx, 0, 1, "tls99.test"), 0);
    assert_int_equal(tls_handshake(ctx), -1);
    assert_string_equal(
        tls_error(ctx),
        "handshake failed: no protocols available: no version of TLS is enabled [tls99.test]");
}

/* --- Reaching a host --- */

static void a_host_that_is_not_reached_says_why(void **state)
{
    (void)state;
    tls_config_insecure_noverifycert(config);
    assert_int_equal(tls_connect(ctx, "127.0.0.1", "1"), -1); /* tcpmux, which nobody offers */
    assert_string_equal(tls_error(ctx), "connect to 127.0.0.1 port 1: Connection refused");
    assert_int_equal(tls_connect(ctx, "127.0.0.1", "no-such-service"), -1);
    assert_string_equal(tls_error(ctx),
                        "resolve 127.0.0.1 port no-such-service: the port is neither a number "
                        "nor a service that is known here");
    assert_int_equal(tls_config_set_address_family(config, 4), 0);
    assert_int_equal(tls_configure(ctx, config), 0);
    assert_int_equal(tls_connect(ctx, "::1", "443"), -1);
    assert_non_null(strstr(tls_error(ctx), "resolve ::1 port 443: "));
    assert_non_null(strstr(tls_error(ctx), " (only IPv4 addresses were asked for)"));
}

/* --- Use --- */

static void what_is_done_in_the_wrong_order_says_so(void **state)
{
    uint8_t out[32];

    (void)state;
    tls_config_insecure_noverifycert(config);
    assert_int_equal(tls_set_early_data(ctx, "x", 1), -1);
    assert_string_equal(tls_error(ctx), "context not connected: call tls_connect() first");
    assert_int_equal(tls_channel_binding(ctx, out), -1);
    assert_string_equal(tls_error(ctx), "context not connected: call tls_connect() first");
    assert_int_equal(tls_connect_fds(ctx, 0, 1, "tls99.test"), 0);
    assert_int_equal(tls_connect_fds(ctx, 0, 1, "tls99.test"), -1);
    assert_string_equal(tls_error(ctx), "already connected: call tls_reset() first");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_host_that_is_none_is_shown),
        TEST(a_host_that_is_too_long_is_counted),
        TEST(a_port_that_is_none_is_shown),
        TEST(bytes_that_are_no_trust_anchors_are_described),
        TEST(a_file_without_trust_anchors_is_named),
        TEST(a_directory_without_trust_anchors_is_named),
        TEST(the_environment_that_names_no_trust_anchors_is_shown),
        TEST(a_key_that_cannot_be_read_says_why),
        TEST(a_key_file_is_named),
        TEST(a_key_of_another_certificate_shows_both),
        TEST(half_a_pair_says_which_half),
        TEST(a_pair_that_holds_nothing_is_none),
        TEST(a_certificate_that_cannot_be_read_says_where),
        TEST(a_number_that_is_out_of_range_is_shown),
        TEST(protocols_that_are_too_many_are_counted),
        TEST(settings_that_leave_no_protocol_say_so),
        TEST(a_host_that_is_not_reached_says_why),
        TEST(what_is_done_in_the_wrong_order_says_so),
    };

    unsetenv("SSL_CERT_FILE");
    unsetenv("SSL_CERT_DIR");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
