/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>

#include "x509/pem.h"

static const char *bad;

/* Both ways of decoding, which must agree. */
static bool decode(uint8_t *out, size_t *len, const char *text)
{
    struct t99_span body = t99_span(text, strlen(text));
    uint8_t other[64];
    size_t n = 0;
    bool ok = t99_pem_decode(out, len, body);

    assert_true(t99_pem_decoded_max(body.len) <= sizeof other);
    assert_int_equal(t99_pem_decode_public(other, &n, body), ok);
    assert_true(!ok || (n == *len && memcmp(other, out, n) == 0));
    return ok;
}

/* RFC 4648, 10. */
static void base64_of_rfc4648_decodes(void **state)
{
    static const char *const vectors[][2] = { { "", "" },
                                              { "Zg==", "f" },
                                              { "Zm8=", "fo" },
                                              { "Zm9v", "foo" },
                                              { "Zm9vYg==", "foob" },
                                              { "Zm9vYmE=", "fooba" },
                                              { "Zm9vYmFy", "foobar" } };
    uint8_t out[32];
    size_t i, len;

    (void)state;
    for (i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        assert_true(decode(out, &len, vectors[i][0]));
        assert_int_equal(len, strlen(vectors[i][1]));
        assert_memory_equal(out, vectors[i][1], len);
    }
}

static void white_space_is_skipped_wherever_it_stands(void **state)
{
    uint8_t out[64];
    size_t len;

    (void)state;
    assert_true(decode(out, &len, "\n Zm9v\r\n\tYm Fy \n"));
    assert_true(len == 6 && memcmp(out, "foobar", 6) == 0);
    assert_true(decode(out, &len, "Z\nm\n8\n=\n"));
    assert_true(len == 2 && memcmp(out, "fo", 2) == 0);
    assert_true(decode(out, &len, "Zm9vYmFyZm9vYmFy\nZm9vYmFyZm9vYmFyZm9vYmFy\nZg=="));
    assert_true(len == 31 && memcmp(out, "foobarfoobarfoobarfoobarfoobarf", 31) == 0);
}

static void base64_that_is_not_strict_is_refused(void **state)
{
    static const char *const refused[] = { "Z",          "Zg",
                                           "Zg=",        "Zg===",
                                           "Zm8",        "Zm8==",
                                           "=",          "====",
                                           "Zh==",       "Zm9=",
                                           "Zm9v=",      "Zm9v====",
                                           "Zg==Zg==",   "Zg==v",
                                           "Zm9vYmF-",   "Zm9vYmF_",
                                           "Zm9v.mFy",   "Zm9v,mFy",
                                           "Zm9vYm:y",   "Zm9v@mFy",
                                           "Zm9v[mFy",   "Zm9v`mFy",
                                           "Zm9v{mFy",   "Zm9v\x80mF",
                                           "Zm9v\xdamF", "Zm9vYmFyZm9v\xe1mFy",
                                           "Zm9v*mFy",   "Zm9v\vmFy",
                                           "Z=g=" };
    uint8_t out[64];
    size_t i, len;

    (void)state;
    for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_false(decode(out, &len, refused[i]));
    }
}

/* Each of the 64 characters at each of eight places; no other byte is taken. */
static void every_character_has_its_value_at_every_place(void **state)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t text[8], out[8], again[8];
    unsigned c;
    size_t place, len, i;

    (void)state;
    for (place = 0; place < 8; place++) {
        for (c = 0; c < 256; c++) {
            const char *p = c != 0 ? strchr(alphabet, (int)c) : NULL;
            uint64_t bits = 0;

            memset(text, 'A', sizeof text);
            text[place] = (uint8_t)c;
            if (p == NULL) {
                if (c != '=') {
                    assert_false(t99_pem_decode(out, &len, t99_span(text, 8)));
                    assert_false(t99_pem_decode_public(out, &len, t99_span(text, 8)));
                }
                continue;
            }
            assert_true(t99_pem_decode_public(again, &len, t99_span(text, 8)));
            assert_int_equal(len, 6);
            assert_true(t99_pem_decode(out, &len, t99_span(text, 8)));
            assert_int_equal(len, 6);
            assert_memory_equal(out, again, 6);
            for (i = 0; i < 6; i++) {
                bits = bits << 8 | out[i];
            }
            assert_true(bits == (uint64_t)(p - alphabet) << 6 * (7 - place));
            assert_true(t99_pem_decode(out, &len, t99_span(text + 4 * (place / 4), 4)));
            assert_int_equal((uint32_t)out[0] << 16 | (uint32_t)out[1] << 8 | out[2],
                             (uint32_t)(p - alphabet) << 6 * (3 - place % 4));
        }
    }
}

static void decoding_may_happen_in_place(void **state)
{
    uint8_t text[] = "Zm9vYmFyZm9vYmFy\nZm9vYg==\n";
    size_t len;

    (void)state;
    assert_true(t99_pem_decode(text, &len, t99_span(text, sizeof text - 1)));
    assert_true(len == 16 && memcmp(text, "foobarfoobarfoob", 16) == 0);
    assert_true(len <= t99_pem_decoded_max(sizeof text - 1));
    memcpy(text, "Zm9vYmFyZm9vYmFy\nZm9vYg==\n", sizeof text);
    assert_true(t99_pem_decode_public(text, &len, t99_span(text, sizeof text - 1)));
    assert_true(len == 16 && memcmp(text, "foobarfoobarfoob", 16) == 0);
}

static bool next(struct t99_pem_block *block, const char *text, size_t *pos)
{
    return t99_pem_next(block, (const uint8_t *)text, strlen(text), pos, &bad);
}

static bool is(struct t99_span s, const char *text)
{
    return t99_span_equal(s, t99_span(text, strlen(text)));
}

/* RFC 7468, 2 and 5.2: explanatory text stands before and between blocks. */
static void blocks_are_found_between_any_text(void **state)
{
    static const char text[] = "Subject: CN=x -----BEGIN NOT-----\n-----BEGIN CERTIFICATE-----\nZm9v\n"
                               "-----END CERTIFICATE-----\n# more -\r\n-----BEGIN X509 CRL-----\r\nZm8=\r\n"
                               "-----END X509 CRL-----";
    struct t99_pem_block block;
    size_t pos = 0, len;
    uint8_t out[16];

    (void)state;
    assert_true(next(&block, text, &pos));
    assert_true(is(block.label, "CERTIFICATE") && block.headers.len == 0);
    assert_true(t99_pem_decode(out, &len, block.body) && len == 3);
    assert_true(next(&block, text, &pos));
    assert_true(is(block.label, "X509 CRL"));
    assert_true(t99_pem_decode(out, &len, block.body) && len == 2);
    assert_false(next(&block, text, &pos));
    assert_null(bad);
    assert_false(next(&block, text, &pos));
}

/* The form of an encrypted key: RFC 1421, 4.6. */
static void headers_are_parted_from_the_body(void **state)
{
    static const char text[] = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                               "DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\nZm9v\n"
                               "-----END RSA PRIVATE KEY-----\n";
    struct t99_pem_block block;
    size_t pos = 0, len;
    uint8_t out[16];

    (void)state;
    assert_true(next(&block, text, &pos));
    assert_int_not_equal(block.headers.len, 0);
    assert_non_null(memchr(block.headers.p, ',', block.headers.len));
    assert_true(t99_pem_decode(out, &len, block.body) && len == 3);
}

static void a_block_without_its_end_says_so(void **state)
{
    static const char *const texts[] = {
        "-----BEGIN CERTIFICATE-----\nZm9v\n",
        "-----BEGIN CERTIFICATE-----\nZm9v\n-----END X509 CRL-----\n",
        "-----BEGIN CERTIFICATE-----\nZm9v\n-----END CERTIFICATE--",
        "-----BEGIN CERTIFICATE\nZm9v\n-----END CERTIFICATE-----\n",
    };
    struct t99_pem_block block;
    size_t pos, i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        pos = 0;
        assert_false(next(&block, texts[i], &pos));
        assert_non_null(bad);
        assert_false(next(&block, texts[i], &pos));
        assert_null(bad);
    }
    pos = 0;
    assert_false(next(&block, "", &pos));
    assert_null(bad);
}

static void the_search_goes_on_behind_what_is_broken(void **state)
{
    static const char *const broken[] = {
        "-----BEGIN CERTIFICATE-----\nZm9v\n",
        "-----BEGIN CERTIFICATE-----\nZm9v\n-----END X509 CRL-----\n",
        "-----BEGIN CERTIFICATE-----\nZm9v\n-----END CERTIFICATE--\n",
        "-----BEGIN CERTIFICATE-----\nZm9v\n-----\n",
        "-----BEGIN CERTIFICATE\n",
        "-----BEGIN \n",
        "-----BEGIN CERT-IFICATE-----\n",
    };
    struct t99_pem_block block;
    char text[200];
    size_t pos, i;

    (void)state;
    for (i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        strcpy(text, broken[i]);
        strcat(text, "-----BEGIN X-----\nZm9v\n-----END X-----\n");
        pos = 0;
        assert_false(next(&block, text, &pos));
        assert_non_null(bad);
        assert_true(next(&block, text, &pos));
        assert_true(is(block.label, "X"));
    }
}

/* What cat(1) makes of files whose last line has no end. */
static void a_block_may_begin_where_another_ends(void **state)
{
    static const char text[] =
        "-----BEGIN A-----\nZm9v\n-----END A----------BEGIN B-----\nZm8=\n-----END B-----";
    struct t99_pem_block block;
    size_t pos = 0;

    (void)state;
    assert_true(next(&block, text, &pos) && is(block.label, "A"));
    assert_true(next(&block, text, &pos) && is(block.label, "B"));
    assert_false(next(&block, text, &pos));
    assert_null(bad);
}

/* Wherever text is cut off within a block, all that is left of it may still be missing. */
static void a_block_that_is_cut_off_is_broken_up_to_the_end(void **state)
{
    static const char text[] = "-----BEGIN CERTIFICATE-----\nZm9v\n-----END CERTIFICATE-----";
    struct t99_pem_block block;
    size_t len, pos;

    (void)state;
    for (len = 0; len < sizeof text - 1; len++) {
        pos = 0;
        assert_false(t99_pem_next(&block, (const uint8_t *)text, len, &pos, &bad));
        assert_int_equal(pos, len);
        assert_true((bad != NULL) == (len >= 11)); /* behind "-----BEGIN " */
    }
    pos = 0;
    assert_true(next(&block, text, &pos));
}

/* As `openssl pkey -pubin` writes the key of RFC 8410, 10.1. */
static void encoding_gives_lines_of_64(void **state)
{
    static const uint8_t spki[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21,
                                    0x00, 0x19, 0xbf, 0x44, 0x09, 0x69, 0x84, 0xcd, 0xfe, 0x85, 0x41,
                                    0xba, 0xc1, 0x67, 0xdc, 0x3b, 0x96, 0xc8, 0x50, 0x86, 0xaa, 0x30,
                                    0xb6, 0xb6, 0xcb, 0x0c, 0x5c, 0x38, 0xad, 0x70, 0x31, 0x66, 0xe1 };
    static const char expected[] = "-----BEGIN PUBLIC KEY-----\n"
                                   "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
                                   "-----END PUBLIC KEY-----\n";
    uint8_t out[sizeof expected];
    size_t needed = t99_pem_encode(NULL, 0, "PUBLIC KEY", t99_span(spki, sizeof spki));

    (void)state;
    assert_int_equal(needed, sizeof expected - 1);
    memset(out, '~', sizeof out);
    assert_int_equal(t99_pem_encode(out, needed - 1, "PUBLIC KEY", t99_span(spki, sizeof spki)), needed);
    assert_int_equal(out[0], '~'); /* nothing is written where it does not fit */
    assert_int_equal(t99_pem_encode(out, needed, "PUBLIC KEY", t99_span(spki, sizeof spki)), needed);
    assert_memory_equal(out, expected, needed);
    assert_int_equal(out[needed], '~');
}

static void whatever_is_encoded_decodes_again(void **state)
{
    uint8_t der[200], pem[512];
    struct t99_pem_block block;
    size_t len, i, pos, n, got;

    (void)state;
    for (len = 0; len <= sizeof der; len++) {
        for (i = 0; i < len; i++) {
            der[i] = (uint8_t)(i * 37 + len * 101);
        }
        n = t99_pem_encode(pem, sizeof pem, "X", t99_span(der, len));
        assert_true(n <= sizeof pem);
        pos = 0;
        assert_true(t99_pem_next(&block, pem, n, &pos, &bad));
        assert_int_equal(pos, n - 1); /* all but the last line's end */
        assert_true(t99_pem_decode(pem, &got, block.body));
        assert_int_equal(got, len);
        assert_true(len == 0 || memcmp(pem, der, len) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_of_rfc4648_decodes),
        cmocka_unit_test(white_space_is_skipped_wherever_it_stands),
        cmocka_unit_test(base64_that_is_not_strict_is_refused),
        cmocka_unit_test(every_character_has_its_value_at_every_place),
        cmocka_unit_test(decoding_may_happen_in_place),
        cmocka_unit_test(blocks_are_found_between_any_text),
        cmocka_unit_test(headers_are_parted_from_the_body),
        cmocka_unit_test(a_block_without_its_end_says_so),
        cmocka_unit_test(the_search_goes_on_behind_what_is_broken),
        cmocka_unit_test(a_block_may_begin_where_another_ends),
        cmocka_unit_test(a_block_that_is_cut_off_is_broken_up_to_the_end),
        cmocka_unit_test(encoding_gives_lines_of_64),
        cmocka_unit_test(whatever_is_encoded_decodes_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
