/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>
#include <time.h>

#include "x509/der.h"
#include "x509/name.h"

/*
 * Names are written as rows: a '+' joins an attribute to the RDN before it. The types are the last byte of
 * id-at OIDs.
 */
struct part {
    bool joined;
    uint8_t type, tag;
    const char *value;
    size_t len; /* 0: strlen */
};

enum { CN = 3, C = 6, O = 10, OU = 11 };

#define U8 DER_UTF8_STRING
#define PS DER_PRINTABLE_STRING

struct name {
    uint8_t bytes[1024];
    size_t len;
};

static size_t put(uint8_t *out, uint8_t tag, const void *value, size_t len)
{
    out[0] = tag;
    out[1] = (uint8_t)len;
    if (len < 0x80) {
        memmove(out + 2, value, len);
        return 2 + len;
    }
    memmove(out + 4, value, len);
    out[1] = 0x82;
    store_be16(out + 2, (uint16_t)len);
    return 4 + len;
}

static struct t99_span make(struct name *n, const struct part *parts, size_t num)
{
    uint8_t names[1000], rdn[500], attribute[300], oid[3] = { 0x55, 0x04, 0 };
    size_t names_len = 0, rdn_len = 0, len, i;

    for (i = 0; i < num; i++) {
        oid[2] = parts[i].type;
        len = put(attribute, DER_OID, oid, 3);
        len += put(attribute + len, parts[i].tag, parts[i].value,
                   parts[i].len != 0 ? parts[i].len : strlen(parts[i].value));
        rdn_len += put(rdn + rdn_len, DER_SEQUENCE, attribute, len);
        if (i + 1 == num || !parts[i + 1].joined) {
            names_len += put(names + names_len, DER_SET, rdn, rdn_len);
            rdn_len = 0;
        }
    }
    n->len = put(n->bytes, DER_SEQUENCE, names, names_len);
    return t99_span(n->bytes, n->len);
}

#define NAME(n, ...)                                                                                         \
    make(n, (const struct part[]){ __VA_ARGS__ },                                                            \
         sizeof((const struct part[]){ __VA_ARGS__ }) / sizeof(struct part))

static struct name na, nb;

static bool same_cn(uint8_t tag_a, const char *a, uint8_t tag_b, const char *b)
{
    struct t99_span x = NAME(&na, { false, CN, tag_a, a, 0 }), y = NAME(&nb, { false, CN, tag_b, b, 0 });
    bool equal = t99_name_equal(x, y);

    assert_int_equal(equal, t99_name_equal(y, x));
    if (equal) {
        assert_int_equal(t99_name_hash(x), t99_name_hash(y));
        assert_true(t99_name_within(x, y));
    }
    return equal;
}

/* RFC 5280, 7.1; RFC 4518, 2.2 and 2.6.1. */
static void case_and_white_space_are_folded(void **state)
{
    (void)state;
    assert_true(same_cn(PS, "Example CA", PS, "EXAMPLE ca"));
    assert_true(same_cn(PS, "  Example   CA ", PS, "Example CA"));
    assert_true(same_cn(U8, "Example\t CA", PS, "Example CA"));
    assert_true(same_cn(U8,
                        "Example\xc2\xa0"
                        "CA",
                        PS, "Example CA"));
    assert_true(same_cn(U8, "   ", U8, " "));
    assert_false(same_cn(PS, "ExampleCA", PS, "Example CA"));
    assert_false(same_cn(PS, "Example CA", PS, "Example CB"));
    assert_false(same_cn(PS, "Example CA", PS, "Example CA2"));
    assert_false(same_cn(PS, "Example", PS, " "));
}

static void string_types_do_not_count(void **state)
{
    (void)state;
    assert_true(same_cn(U8, "Example", PS, "example"));
    assert_true(same_cn(U8,
                        "B\xc3\xbc"
                        "cher",
                        DER_TELETEX_STRING,
                        "B\xfc"
                        "cher"));
    assert_true(same_cn(DER_IA5_STRING, "a@b.c", U8, "A@B.c"));
    assert_true(t99_name_equal(NAME(&na, { false, CN, DER_BMP_STRING, "\0B\0\xfc\x20\xac", 6 }),
                               NAME(&nb, { false, CN, U8, "B\xc3\xbc\xe2\x82\xac", 0 })));
    assert_true(t99_name_equal(NAME(&na, { false, CN, DER_UNIVERSAL_STRING, "\0\0\0A\0\1\xf6\0", 8 }),
                               NAME(&nb, { false, CN, U8, "a\xf0\x9f\x98\x80", 0 })));
    assert_false(same_cn(U8,
                         "B\xc3\xbc"
                         "cher",
                         DER_TELETEX_STRING, "Bucher"));
    assert_false(same_cn(DER_OCTET_STRING, "abc", U8, "abc"));
    assert_false(same_cn(DER_OCTET_STRING, "abc", DER_OCTET_STRING, "ABC"));
    assert_true(same_cn(DER_OCTET_STRING, "abc", DER_OCTET_STRING, "abc"));
}

/* Invalid UTF-8 equals only itself. */
static void bytes_that_are_no_characters_stay_different(void **state)
{
    (void)state;
    assert_false(same_cn(U8, "\xc0\x80", U8, "\xc1\x80"));
    assert_false(same_cn(U8, "\xff", DER_TELETEX_STRING, "\xff"));
    assert_false(same_cn(U8, "\xed\xa0\x80", U8, "\xed\xa0\x81"));
    assert_true(same_cn(U8, "A\xff", U8, "a\xff"));
}

static void attributes_of_one_set_may_stand_in_any_order(void **state)
{
    struct t99_span a = NAME(&na, { false, O, PS, "x", 0 }, { true, CN, PS, "y", 0 });

    (void)state;
    assert_true(t99_name_equal(a, NAME(&nb, { false, CN, PS, "Y", 0 }, { true, O, PS, "X", 0 })));
    assert_int_equal(t99_name_hash(a), t99_name_hash(t99_span(nb.bytes, nb.len)));
    assert_false(t99_name_equal(a, NAME(&nb, { false, O, PS, "x", 0 }, { false, CN, PS, "y", 0 })));
    assert_false(t99_name_equal(a, NAME(&nb, { false, O, PS, "x", 0 })));
    assert_false(t99_name_equal(NAME(&nb, { false, O, PS, "x", 0 }), a));
    a = NAME(&na, { false, O, PS, "x", 0 }, { true, O, PS, "x", 0 }, { true, O, PS, "y", 0 });
    assert_false(t99_name_equal(
        a, NAME(&nb, { false, O, PS, "x", 0 }, { true, O, PS, "y", 0 }, { true, O, PS, "y", 0 })));
    assert_false(t99_name_equal(NAME(&na, { false, CN, PS, "x", 0 }), NAME(&nb, { false, O, PS, "x", 0 })));
}

/* RFC 5280, 4.2.1.10: the first RDNs. */
static void a_subtree_is_a_beginning(void **state)
{
    struct t99_span base = NAME(&na, { false, C, PS, "DE", 0 }, { false, O, U8, "Example", 0 });

    (void)state;
    assert_true(t99_name_within(base, base));
    assert_true(t99_name_within(
        NAME(&nb, { false, C, PS, "de", 0 }, { false, O, PS, "EXAMPLE", 0 }, { false, CN, PS, "x", 0 }),
        base));
    assert_false(t99_name_within(NAME(&nb, { false, C, PS, "DE", 0 }), base));
    assert_false(t99_name_equal(NAME(&nb, { false, C, PS, "DE", 0 }), base));
    assert_false(t99_name_equal(base, t99_span(nb.bytes, nb.len)));
    assert_false(t99_name_within(
        NAME(&nb, { false, O, PS, "Example", 0 }, { false, C, PS, "DE", 0 }, { false, CN, PS, "x", 0 }),
        base));
    assert_true(t99_name_within(base, t99_span("\x30\x00", 2)));
}

static void malformed_names_equal_nothing_else(void **state)
{
    struct t99_span a = NAME(&na, { false, CN, PS, "x", 0 });
    const struct t99_span cut = t99_span(a.p, a.len - 1), none = t99_span(NULL, 0);

    (void)state;
    assert_false(t99_name_equal(a, cut) || t99_name_equal(cut, a));
    assert_false(t99_name_within(a, cut) || t99_name_within(cut, a));
    assert_false(t99_name_equal(a, none));
    assert_non_null(t99_name_fault(cut));
}

/* A set of thousands costs no square: 5000 attributes, each once, in another order but for the first. */
static void huge_sets_are_compared_in_no_time(void **state)
{
    static uint8_t name[65000], other[65000];
    const size_t num = 5000, each = 12;
    clock_t start = clock();
    size_t i;

    (void)state;
    memcpy(name, "\x30\x82\xea\x64\x31\x82\xea\x60", 8);
    for (i = 0; i < num; i++) {
        memcpy(name + 8 + i * each, "\x30\x0a\x06\x03\x55\x04\x03\x0c\x03", 9);
        name[8 + i * each + 9] = (uint8_t)('a' + i / 676 % 26);
        name[8 + i * each + 10] = (uint8_t)('a' + i / 26 % 26);
        name[8 + i * each + 11] = (uint8_t)('a' + i % 26);
    }
    memcpy(other, name, sizeof name);
    other[8 + (num - 1) * each + 11] = '~';
    assert_null(t99_name_fault(t99_span(name, 8 + num * each)));
    assert_false(t99_name_equal(t99_span(name, 8 + num * each), t99_span(other, 8 + num * each)));
    other[8 + (num - 1) * each + 11] = (uint8_t)(name[8 + (num - 1) * each + 11] - 'a' + 'A');
    assert_true(t99_name_equal(t99_span(name, 8 + num * each), t99_span(other, 8 + num * each)));
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 0.1);
}

/* RFC 4514, 2.1, 2.2 and 2.4; the order is turned round. */
static void text_is_that_of_rfc4514(void **state)
{
    char text[200];

    (void)state;
    NAME(&na, { false, C, PS, "DE", 0 },
         { false, O, U8,
           "B\xc3\xbc"
           "cher, K\xc3\xb6ln",
           0 },
         { true, OU, PS, "a+b", 0 }, { false, CN, PS, "Example CA", 0 });
    assert_string_equal(t99_name_text(text, sizeof text, t99_span(na.bytes, na.len)),
                        "CN=Example CA, O=B\xc3\xbc"
                        "cher\\, K\xc3\xb6ln+OU=a\\+b, C=DE");
    assert_string_equal(t99_name_short(text, sizeof text, t99_span(na.bytes, na.len)), "CN=Example CA");
    NAME(&na, { false, 99, U8, "v", 0 }, { false, OU, DER_OCTET_STRING, "\x01\xab", 0 });
    assert_string_equal(t99_name_text(text, sizeof text, t99_span(na.bytes, na.len)), "OU=#01ab, 2.5.4.99=v");
    assert_string_equal(t99_name_short(text, sizeof text, t99_span(na.bytes, na.len)),
                        "OU=#01ab, 2.5.4.99=v");
    assert_string_equal(t99_name_text(text, sizeof text, t99_span("\x30\x00", 2)), "(empty name)");
}

/* As X509_NAME_oneline() of OpenSSL, which libtls uses. */
static void oneline_is_that_of_openssl(void **state)
{
    char text[200];

    (void)state;
    NAME(&na, { false, C, PS, "DE", 0 },
         { false, O, U8,
           "B\xc3\xbc"
           "cher",
           0 },
         { false, CN, PS, "x", 0 });
    assert_string_equal(t99_name_oneline(text, sizeof text, t99_span(na.bytes, na.len)),
                        "/C=DE/O=B\\xC3\\xBCcher/CN=x");
}

static void no_control_character_gets_through(void **state)
{
    char text[200];

    (void)state;
    NAME(&na, { false, CN, U8,
                "a\x1b[2J\r\n\x7f"
                "b\0c\xff\xc2\x9b\xe2\x80\xae"
                "d",
                18 });
    assert_string_equal(t99_name_text(text, sizeof text, t99_span(na.bytes, na.len)),
                        "CN=a\\x1B[2J\\x0D\\x0A\\x7Fb\\x00c\\xFF\\u009B\\u202Ed");
    assert_string_equal(t99_name_oneline(text, sizeof text, t99_span(na.bytes, na.len)),
                        "/CN=a\\x1B[2J\\x0D\\x0A\\x7Fb\\x00c\\xFF\\xC2\\x9B\\xE2\\x80\\xAEd");
}

static void text_is_cut_where_it_does_not_fit(void **state)
{
    char text[64];
    size_t cap;

    (void)state;
    NAME(&na, { false, CN, U8,
                "0123456789\xc3\xbc"
                "abc",
                0 });
    for (cap = 0; cap < sizeof text; cap++) {
        memset(text, '~', sizeof text);
        t99_name_text(text, cap, t99_span(na.bytes, na.len));
        assert_int_equal(text[cap], '~');
        if (cap > 0) {
            assert_non_null(memchr(text, '\0', cap));
        }
    }
    assert_string_equal(t99_name_text(text, 10, t99_span(na.bytes, na.len)), "CN=012...");
    assert_string_equal(t99_name_text(text, 17, t99_span(na.bytes, na.len)), "CN=0123456789...");
    assert_string_equal(t99_name_text(text, 64, t99_span(na.bytes, na.len)), "CN=0123456789\xc3\xbc"
                                                                             "abc");
}

static void the_last_common_name_counts_and_they_are_counted(void **state)
{
    uint8_t tag;
    size_t num;
    struct t99_span cn;

    (void)state;
    cn = t99_common_name(
        NAME(&na, { false, CN, PS, "a", 0 }, { false, O, PS, "x", 0 }, { false, CN, U8, "bc", 0 }), &tag,
        &num);
    assert_true(num == 2 && tag == U8 && cn.len == 2 && memcmp(cn.p, "bc", 2) == 0);
    cn = t99_common_name(NAME(&na, { false, O, PS, "x", 0 }), &tag, &num);
    assert_true(num == 0 && cn.p == NULL);
}

/* X.680, 41.4: what a PrintableString may hold; RFC 5280, 4.1.2.4. */
static void characters_that_the_type_does_not_allow_are_a_fault(void **state)
{
    (void)state;
    assert_null(t99_name_fault(NAME(&na, { false, CN, PS, "Az09 '()+,-./:=?", 0 })));
    assert_non_null(t99_name_fault(NAME(&na, { false, CN, PS, "a*b", 0 })));
    assert_non_null(t99_name_fault(NAME(&na, { false, CN, PS, "a@b", 0 })));
    assert_non_null(t99_name_fault(NAME(&na, { false, CN, PS, "a\0b", 3 })));
    assert_non_null(t99_name_fault(NAME(&na, { false, CN, U8, "\xc0\x80", 0 })));
    assert_non_null(t99_name_fault(NAME(&na, { false, CN, DER_IA5_STRING, "\xe9", 0 })));
    assert_non_null(t99_name_fault(NAME(&na, { false, CN, DER_BMP_STRING, "\0a\0", 3 })));
    assert_non_null(t99_name_fault(NAME(&na, { false, CN, DER_OCTET_STRING, "a", 0 })));
    assert_non_null(t99_name_fault(t99_span("\x30\x02\x31\x00", 4)));
    assert_null(t99_name_fault(t99_span("\x30\x00", 2)));
}

static bool general_names(const void *p, size_t len, size_t *num)
{
    const char *bad;
    struct reader r = rd_init(p, len, &bad);
    enum t99_general_name type;
    struct t99_span value;

    for (*num = 0; t99_next_general_name(&r, &type, &value); ++*num) {
    }
    return rd_ok(&r);
}

#define NAMES(text) text, sizeof text - 1

/* RFC 5280, 4.2.1.6 and the ASN.1 of A.2. */
static void general_names_have_the_form_of_their_type(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        bool ok;
    } cases[] = {
        { NAMES(""), true },
        { NAMES("\x82\x03"
                "a.b\x87\x04\1\2\3\4\x81\x03"
                "a@b\x86\x03x:y"),
          true },
        { NAMES("\x88\x03\x55\x04\x03"), true },
        { NAMES("\xa4\x02\x30\x00"), true },
        { NAMES("\xa0\x07\x06\x01\x2a\xa0\x02\x05\x00"), true },
        { NAMES("\xa3\x00"), true },
        { NAMES("\x82\x04"
                "a.b"),
          false }, /* cut */
        { NAMES("\x82\x03"
                "a\xc3\xbc"),
          false }, /* not IA5String */
        { NAMES("\xa2\x03"
                "a.b"),
          false },                                    /* constructed */
        { NAMES("\x84\x02\x30\x00"), false },         /* primitive */
        { NAMES("\xa4\x00"), false },                 /* no Name */
        { NAMES("\xa4\x04\x30\x00\x30\x00"), false }, /* two */
        { NAMES("\xa4\x02\x31\x00"), false },
        { NAMES("\xa4\x06\x30\x04\x30\x02\x05\x00"), false },
        { NAMES("\x89\x01\x00"), false }, /* no such choice */
        { NAMES("\x16\x03"
                "a.b"),
          false },
        { NAMES("\x88\x02\x55\x84"), false },
        { NAMES("\xa0\x03\x06\x01\x2a"), false },
        { NAMES("\xa0\x09\x06\x01\x2a\xa0\x04\x05\x00\x05\x00"), false },
    };
    size_t i, num;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(general_names(cases[i].bytes, cases[i].len, &num), cases[i].ok);
    }
    assert_true(general_names(cases[1].bytes, cases[1].len, &num) && num == 4);
}

static void names_of_a_certificate_are_listed(void **state)
{
    static const char names[] =
        "\x82\x05"
        "a.xyz\x86\x03x:y\x87\x04\xc0\x00\x02\x01\x87\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
        "\x82\x04"
        "b\x1b.c";
    struct t99_certificate c;
    char text[100];

    (void)state;
    memset(&c, 0, sizeof c);
    c.subject_alt_name = t99_span(names, sizeof names - 1);
    assert_string_equal(t99_names_in(text, sizeof text, &c), "a.xyz, 192.0.2.1, 2001:db8::1, b\\x1B.c");
    assert_string_equal(t99_names_in(text, 12, &c), "a.xyz, ...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_and_white_space_are_folded),
        cmocka_unit_test(string_types_do_not_count),
        cmocka_unit_test(bytes_that_are_no_characters_stay_different),
        cmocka_unit_test(attributes_of_one_set_may_stand_in_any_order),
        cmocka_unit_test(a_subtree_is_a_beginning),
        cmocka_unit_test(malformed_names_equal_nothing_else),
        cmocka_unit_test(huge_sets_are_compared_in_no_time),
        cmocka_unit_test(text_is_that_of_rfc4514),
        cmocka_unit_test(oneline_is_that_of_openssl),
        cmocka_unit_test(no_control_character_gets_through),
        cmocka_unit_test(text_is_cut_where_it_does_not_fit),
        cmocka_unit_test(the_last_common_name_counts_and_they_are_counted),
        cmocka_unit_test(characters_that_the_type_does_not_allow_are_a_fault),
        cmocka_unit_test(general_names_have_the_form_of_their_type),
        cmocka_unit_test(names_of_a_certificate_are_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
