/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "kv.h"
#include "x509/ip.h"
#include "x509/name.h"

static bool matches(const char *presented, const char *reference)
{
    return t99_dns_matches(t99_span(presented, strlen(presented)), reference);
}

/* RFC 9525, 6.3. */
static void names_match_label_by_label_whatever_their_case(void **state)
{
    (void)state;
    assert_true(matches("example.com", "example.com"));
    assert_true(matches("EXAMPLE.Com", "example.com"));
    assert_true(matches("xn--bcher-KVA.example", "xn--bcher-kva.example"));
    assert_true(matches("localhost", "localhost"));
    assert_true(matches("a_b.example", "a_b.example"));
    assert_false(matches("example.com", "www.example.com"));
    assert_false(matches("www.example.com", "example.com"));
    assert_false(matches("example.org", "example.com"));
    assert_false(matches("example.com.", "example.com"));
    assert_false(matches(".example.com", "example.com"));
    assert_false(matches("", "example.com"));
    assert_false(matches("", ""));
}

static void a_wildcard_is_the_whole_first_label_and_stands_for_one(void **state)
{
    (void)state;
    assert_true(matches("*.example.com", "www.example.com"));
    assert_true(matches("*.EXAMPLE.com", "www.example.com"));
    assert_true(matches("*.example.com", "xn--bcher-kva.example.com"));
    assert_false(matches("*.example.com", "example.com"));
    assert_false(matches("*.example.com", "a.b.example.com"));
    assert_false(matches("*.example.com", ".example.com"));
    assert_false(matches("*.example.com", "wwwexample.com"));
    assert_false(matches("w*.example.com", "www.example.com"));
    assert_false(matches("*w.example.com", "www.example.com"));
    assert_false(matches("w*w.example.com", "www.example.com"));
    assert_false(matches("xn--*-1b3c148a.example.com", "xn--bcher-kva.example.com"));
    assert_false(matches("www.*.com", "www.example.com"));
    assert_false(matches("*.*.com", "www.example.com"));
    assert_false(matches("**.example.com", "www.example.com"));
}

static void a_wildcard_does_not_stand_for_a_top_level_domain(void **state)
{
    (void)state;
    assert_false(matches("*", "com"));
    assert_false(matches("*", "example.com"));
    assert_false(matches("*.", "example."));
    assert_false(matches("*.com", "example.com"));
    assert_false(matches("*.localhost", "a.localhost"));
}

/* "www.example.com\0.evil.example": the NUL that fooled many in 2009. */
static void bytes_that_no_host_name_has_match_nothing(void **state)
{
    static const char with_nul[] = "www.example.com\0.evil.example";

    (void)state;
    assert_false(t99_dns_matches(t99_span(with_nul, sizeof with_nul - 1), "www.example.com"));
    assert_false(t99_dns_matches(t99_span(with_nul, 16), "www.example.com"));
    assert_false(matches("www.ex ample.com", "www.ex ample.com"));
    assert_false(matches("b\xc3\xbc"
                         "cher.example",
                         "b\xc3\xbc"
                         "cher.example"));
    assert_false(matches("www.example.com\n", "www.example.com\n"));
}

static bool valid(const char *name, bool wildcard)
{
    return t99_dns_id_valid(t99_span(name, strlen(name)), wildcard);
}

/* RFC 1034, 3.5; RFC 1123, 2.1: letters, digits, hyphens within; 63 and 253 characters. */
static void labels_have_their_letters_and_lengths(void **state)
{
    char name[300];

    (void)state;
    assert_true(valid("a", false) && valid("3com.example", false) && valid("a-b.c", false));
    assert_false(valid("-a.example", false) || valid("a-.example", false) || valid("a..b", false));
    assert_false(valid(".a", false) || valid("a.", false) || valid(".", false) || valid("", false));
    assert_false(valid("*.example.com", false));
    assert_true(valid("*.example.com", true));
    assert_false(valid("*", true) || valid("*.", true) || valid("a.*.b", true) || valid("*a.b.c", true));
    memset(name, 'a', sizeof name);
    name[63] = '\0';
    assert_true(valid(name, false));
    name[63] = 'a';
    name[64] = '\0';
    assert_false(valid(name, false));
    memset(name, 'a', sizeof name);
    name[63] = name[127] = name[191] = '.';
    name[253] = '\0';
    assert_true(valid(name, false));
    name[253] = 'a';
    name[254] = '\0';
    assert_false(valid(name, false));
}

static void peers_are_addresses_or_names(void **state)
{
    struct t99_peer_name peer;

    (void)state;
    assert_true(t99_peer_name_parse(&peer, "WWW.Example.COM."));
    assert_int_equal(peer.type, GN_DNS);
    assert_string_equal(peer.dns, "www.example.com");
    assert_true(t99_peer_name_parse(&peer, "192.0.2.1"));
    assert_int_equal(peer.type, GN_IP);
    assert_int_equal(peer.ip_len, 4);
    assert_memory_equal(peer.ip, "\xc0\x00\x02\x01", 4);
    assert_true(t99_peer_name_parse(&peer, "2001:DB8::1"));
    assert_int_equal(peer.ip_len, 16);
    assert_memory_equal(peer.ip, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
}

/* What ends in a number is an address or nothing: WHATWG URL, 3.5, "ends in a number". */
static void what_looks_like_an_address_is_no_name(void **state)
{
    static const char *const refused[] = { "",
                                           ".",
                                           "..",
                                           "a..b",
                                           "1.2.3",
                                           "256.1.1.1",
                                           "192.0.2.1.",
                                           "192.0.2.01",
                                           "example.1",
                                           "[2001:db8::1]",
                                           "fe80::1%eth0",
                                           "*.example.com",
                                           "a b",
                                           "a/b",
                                           "www.example.com:443" };
    struct t99_peer_name peer;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_false(t99_peer_name_parse(&peer, refused[i]));
    }
}

/* A certificate with these GeneralNames. */
static bool cert_matches(const void *names, size_t len, const char *peer_text)
{
    struct t99_certificate c;
    struct t99_peer_name peer;
    struct t99_span matched;

    memset(&c, 0, sizeof c);
    c.subject_alt_name = t99_span(names, len);
    assert_true(t99_peer_name_parse(&peer, peer_text));
    return t99_peer_name_matches(&peer, &c, &matched);
}

#define NAMES(text) text, sizeof text - 1

/* RFC 9525, 6.4 and 6.5: a name never matches an address, nor the text of one. */
static void addresses_match_addresses_and_names_match_names(void **state)
{
    (void)state;
    assert_true(cert_matches(NAMES("\x82\x05"
                                   "a.xyz"
                                   "\x87\x04\xc0\x00\x02\x01"),
                             "192.0.2.1"));
    assert_true(cert_matches(NAMES("\x87\x04\xc0\x00\x02\x01"
                                   "\x82\x05"
                                   "a.xyz"),
                             "a.xyz"));
    assert_false(cert_matches(NAMES("\x87\x04\xc0\x00\x02\x02"), "192.0.2.1"));
    assert_false(cert_matches(NAMES("\x82\x09"
                                    "192.0.2.1"),
                              "192.0.2.1"));
    assert_true(cert_matches(NAMES("\x87\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"), "2001:db8::1"));
    assert_false(cert_matches(NAMES("\x87\x10\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\x00\x02\x01"), "192.0.2.1"));
    assert_false(cert_matches(NAMES("\x87\x08\xc0\x00\x02\x01\xff\xff\xff\xff"), "192.0.2.1"));
    assert_false(cert_matches(NAMES("\x81\x05"
                                    "a.xyz"
                                    "\x86\x05"
                                    "a.xyz"),
                              "a.xyz"));
    assert_false(cert_matches(NAMES(""), "a.xyz"));
}

/*
 * Every text that inet_pton() takes, and no other, gives the same bytes: beginnings, middles and ends
 * combined.
 */
static void addresses_are_read_as_by_inet_pton(void **state)
{
    static const char *const parts[] = { "",    "1",         "ffff",    "12345", "0",   "00",
                                         "256", "192.0.2.1", "1.2.3",   "g",     "1.2", "001",
                                         "::",  ":",         "2:3",     "4::",   "::5", "1:2:3:4:5:6:7:8",
                                         ".",   "%",         "1:2:3:4", " ",     "+",   "6:7:8:9:a:b" };
    const size_t n = sizeof parts / sizeof parts[0];
    uint8_t ours[16], theirs[16];
    char text[128];
    size_t i, len, num = 0;

    (void)state;
    for (i = 0; i < n * n * n; i++) {
        snprintf(text, sizeof text, "%s%s%s", parts[i % n], parts[i / n % n], parts[i / n / n]);
        len = inet_pton(AF_INET, text, theirs) == 1 ? 4 : inet_pton(AF_INET6, text, theirs) == 1 ? 16 : 0;
        if (t99_ip_parse(ours, text) != len || memcmp(ours, theirs, len) != 0) {
            fail_msg("'%s': %zu bytes expected", text, len);
        }
        num += len != 0 ? 1 : 0;
    }
    assert_true(num > 100);
}

/* Mbed TLS, tests/suites/test_suite_x509parse.data; there colons are escaped. */
static void addresses_of_mbedtls_are_read_alike(void **state)
{
    struct kv kv;
    uint8_t ip[16];
    char text[64];
    size_t num = 0, len, n;
    const char *s;

    (void)state;
    if (!kv_open_shared(&kv, "kv/x509parse_mbedtls.txt")) {
        skip();
    }
    while (kv_next(&kv)) {
        if (!kv_is(&kv, "fn", "inet")) {
            continue;
        }
        for (n = 0, s = kv_str(&kv, "text"); *s != '\0' && n < sizeof text - 1; s++) {
            if (*s != '\\') {
                text[n++] = *s;
            }
        }
        text[n] = '\0';
        len = t99_ip_parse(ip, text);
        assert_int_equal(len != 0, kv_is(&kv, "result", "valid"));
        assert_true(len == 0 || t99_span_equal(kv_hex(&kv, "addr"), t99_span(ip, len)));
        num++;
    }
    kv_close(&kv);
    assert_true(num > 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_match_label_by_label_whatever_their_case),
        cmocka_unit_test(a_wildcard_is_the_whole_first_label_and_stands_for_one),
        cmocka_unit_test(a_wildcard_does_not_stand_for_a_top_level_domain),
        cmocka_unit_test(bytes_that_no_host_name_has_match_nothing),
        cmocka_unit_test(labels_have_their_letters_and_lengths),
        cmocka_unit_test(peers_are_addresses_or_names),
        cmocka_unit_test(what_looks_like_an_address_is_no_name),
        cmocka_unit_test(addresses_match_addresses_and_names_match_names),
        cmocka_unit_test(addresses_are_read_as_by_inet_pton),
        cmocka_unit_test(addresses_of_mbedtls_are_read_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
