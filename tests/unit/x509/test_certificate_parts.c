/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "hex.h"
#include "x509/certificate.h"

static uint8_t bytes[4096];
static struct t99_certificate c;
static const char *bad;

static bool is_hex(struct t99_span s, const char *hex)
{
    return hex_equal(s.p, s.len, hex);
}

/* Certificates are made of parts, each in hex; NULL: what is good. */
struct parts {
    const char *version, *serial, *alg, *issuer, *validity, *spki, *tail, *outer_alg, *signature;
};

#define ED25519 "300506032b6570"
#define EMPTY_NAME "3000"
#define V3 "a003020102"
#define X32 "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1" /* of RFC 8410, 10.1 */
#define ED25519_SPKI "302a300506032b6570032100" X32

static size_t wrap(uint8_t *out, unsigned tag, size_t len)
{
    memmove(out + 4, out, len);
    out[0] = (uint8_t)tag;
    if (len < 0x80) {
        memmove(out + 2, out + 4, len);
        out[1] = (uint8_t)len;
        return len + 2;
    }
    if (len < 0x100) {
        memmove(out + 3, out + 4, len);
        out[1] = 0x81;
        out[2] = (uint8_t)len;
        return len + 3;
    }
    out[1] = 0x82;
    store_be16(out + 2, (uint16_t)len);
    return len + 4;
}

static struct t99_span build(const struct parts *p)
{
    static const char *const good[] = {
        V3,
        "020101",
        ED25519,
        EMPTY_NAME,
        "301e170d3236303130313030303030305a170d3237303130313030303030305a",
        EMPTY_NAME,
        ED25519_SPKI,
        "",
    };
    const char *const given[] = { p->version,  p->serial, p->alg,  p->issuer,
                                  p->validity, NULL,      p->spki, p->tail };
    size_t n = 0, i;

    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        n += hex_read(bytes + n, sizeof bytes - n, given[i] != NULL ? given[i] : good[i]);
    }
    n = wrap(bytes, 0x30, n);
    n += hex_read(bytes + n, sizeof bytes - n,
                  p->outer_alg != NULL ? p->outer_alg
                  : p->alg != NULL     ? p->alg
                                       : ED25519);
    n += hex_read(bytes + n, sizeof bytes - n, p->signature != NULL ? p->signature : "03020000");
    n = wrap(bytes, 0x30, n);
    return t99_span(bytes, n);
}

static bool decodes(struct parts p)
{
    bool ok = t99_certificate_decode(&c, build(&p), &bad);

    assert_int_equal(ok, bad == NULL);
    return ok;
}

/* With these Extensions (each a whole Extension in hex). */
static bool decodes_with(const char *extensions)
{
    static char hex[2048], outer[2100];
    size_t len = strlen(extensions) / 2;

    assert_true(len < 120);
    snprintf(hex, sizeof hex, "30%02x%s", (unsigned)len, extensions);
    snprintf(outer, sizeof outer, "a3%02x%s", (unsigned)(len + 2), hex);
    return decodes((struct parts){ .tail = outer });
}

/* One extension: the last byte of its OID under id-ce, and its value. */
static bool decodes_ce(unsigned id, const char *value)
{
    char hex[512];
    size_t len = strlen(value) / 2;

    snprintf(hex, sizeof hex, "30%02x0603551d%02x04%02x%s", (unsigned)(len + 7), id, (unsigned)len, value);
    return decodes_with(hex);
}

static void parts_that_are_good_decode(void **state)
{
    (void)state;
    assert_true(decodes((struct parts){ 0 }));
    assert_int_equal(c.oddities, ODD_EMPTY_ISSUER);
    assert_int_equal(c.key.type, T99_KEY_ED25519);
}

/* RFC 5280, 4.1.2.1: v1 is the default, which DER leaves out. */
static void versions_are_1_to_3(void **state)
{
    (void)state;
    assert_true(decodes((struct parts){ .version = "" }) && c.version == 1);
    assert_true(decodes((struct parts){ .version = "a003020101" }) && c.version == 2);
    assert_false(decodes((struct parts){ .version = "a003020100" }));
    assert_false(decodes((struct parts){ .version = "a003020103" }));
    assert_false(decodes((struct parts){ .version = "a0040202 0002" }));
    assert_false(decodes((struct parts){ .version = "a006020102020102" }));
    assert_false(decodes((struct parts){ .version = "020102" }));
}

static void odd_serial_numbers_are_noted(void **state)
{
    (void)state;
    assert_true(decodes((struct parts){ .serial = "0201ff" }) && (c.oddities & ODD_SERIAL_NEGATIVE) != 0);
    assert_true(decodes((struct parts){ .serial = "020100" }) && (c.oddities & ODD_SERIAL_ZERO) != 0);
    assert_true(decodes((struct parts){ .serial = "0214 7f00000000000000000000000000000000000000" }));
    assert_int_equal(c.oddities & ODD_SERIAL_LONG, 0);
    assert_true(decodes((struct parts){ .serial = "0215 00ff00000000000000000000000000000000000000" }));
    assert_int_not_equal(c.oddities & ODD_SERIAL_LONG, 0);
    assert_false(decodes((struct parts){ .serial = "0200" }));
    assert_string_equal(bad, "serialNumber");
    assert_false(decodes((struct parts){ .serial = "02020001" }));
}

/* RFC 5280, 4.1.2.5: UTCTime through 2049. */
static void odd_times_are_noted_and_bad_ones_refused(void **state)
{
    (void)state;
    assert_true(decodes((struct parts){
        .validity = "3020 180f32303236303130313030303030305a 170d3237303130313030303030305a" }));
    assert_int_not_equal(c.oddities & ODD_TIME_ENCODING, 0);
    assert_true(decodes((struct parts){
        .validity = "3020 170d3236303130313030303030305a 180f32303530303130313030303030305a" }));
    assert_int_equal(c.oddities & ODD_TIME_ENCODING, 0);
    assert_true(c.not_after == INT64_C(2524608000));
    assert_false(decodes(
        (struct parts){ .validity = "301c 170b323630313031303030305a 170d3237303130313030303030305a" }));
    assert_string_equal(bad, "notBefore");
    assert_false(decodes((struct parts){ .validity = "300f 170d3236303130313030303030305a" }));
    assert_string_equal(bad, "notAfter");
    assert_false(decodes((struct parts){
        .validity = "3020 170d3236303130313030303030305a170d3237303130313030303030305a 0500" }));
    assert_string_equal(bad, "validity");
}

/* RFC 5280, 4.1.1.2; what is inside is what is signed. */
static void the_two_signature_algorithms_must_be_the_same_bytes(void **state)
{
    (void)state;
    assert_false(decodes((struct parts){ .outer_alg = "300a06082a8648ce3d040302" }));
    assert_false(decodes((struct parts){ .outer_alg = "300706032b65700500" }));
    assert_true(decodes((struct parts){ .alg = "300a06082a8648ce3d040302" }) &&
                c.sig_alg.type == T99_SIG_ECDSA);
}

#define SHA256_RSA "06092a864886f70d01010b"

/* RFC 4055, 5: NULL; RFC 5758, 3.2 and RFC 8410, 3: nothing. */
static void parameters_of_signature_algorithms_are_judged(void **state)
{
    (void)state;
    assert_true(decodes((struct parts){ .alg = "300d" SHA256_RSA "0500" }));
    assert_true(c.sig_alg.type == T99_SIG_RSA_PKCS1 && (c.oddities & ODD_SIG_ALG_PARAMS) == 0);
    assert_true(decodes((struct parts){ .alg = "300b" SHA256_RSA }) &&
                (c.oddities & ODD_SIG_ALG_PARAMS) != 0);
    assert_true(decodes((struct parts){ .alg = "300c06082a8648ce3d0403020500" }) &&
                (c.oddities & ODD_SIG_ALG_PARAMS) != 0);
    assert_true(decodes((struct parts){ .alg = "300706032b65700500" }) &&
                (c.oddities & ODD_SIG_ALG_PARAMS) != 0);
    assert_false(decodes((struct parts){ .alg = "300e" SHA256_RSA "050100" }));
    assert_false(decodes((struct parts){ .alg = "300e" SHA256_RSA "020101" }));
    assert_false(decodes((struct parts){ .alg = "300f" SHA256_RSA "05000500" }));
    assert_true(decodes((struct parts){ .alg = "300506032b6571" }) && c.sig_alg.type == T99_SIG_UNKNOWN);
    assert_true(decodes((struct parts){ .alg = "300d06092a864886f70d0101050500" }));
    assert_true(c.sig_alg.hash == NULL && strcmp(c.sig_alg.weak, "SHA-1") == 0);
    assert_true(decodes((struct parts){ .alg = "300d06092a864886f70d0101040500" }) &&
                strcmp(c.sig_alg.weak, "MD5") == 0);
}

#define PSS "06092a864886f70d01010a"
#define HASH_256 "a00f300d06096086480165030402010500"
#define MGF_256 "a11c301a06092a864886f70d010108300d06096086480165030402010500"

/* RFC 4055, 3.1: what is left out is SHA-1, and is refused later. */
static void pss_without_parameters_is_sha1(void **state)
{
    (void)state;
    assert_true(decodes((struct parts){ .alg = "300d" PSS "3000" }));
    assert_true(c.sig_alg.type == T99_SIG_RSA_PSS && c.sig_alg.hash == NULL && c.sig_alg.salt_len == 20);
    assert_string_equal(c.sig_alg.weak, "SHA-1");
    assert_true(decodes((struct parts){ .alg = "3041" PSS "3034" HASH_256 MGF_256 "a203020120" }));
    assert_true(c.sig_alg.hash == &t99_sha256 && c.sig_alg.mgf_hash == &t99_sha256 &&
                c.sig_alg.salt_len == 32);
    assert_true(decodes((struct parts){ .alg = "301e" PSS "3011" HASH_256 }) &&
                c.sig_alg.type == T99_SIG_UNKNOWN);
    assert_false(decodes((struct parts){ .alg = "300b" PSS }));
    assert_false(decodes((struct parts){ .alg = "300d" PSS "0500" }));
    assert_false(decodes((struct parts){ .alg = "3041" PSS "3034" MGF_256 HASH_256 "a203020120" }));
    assert_false(decodes((struct parts){ .alg = "3041" PSS "3034" HASH_256 MGF_256 "a2030201ff" }));
    assert_false(decodes((struct parts){ .alg = "3046" PSS "3039" HASH_256 MGF_256 "a203020120"
                                                "a303020101" }));
}

#define EC "06072a8648ce3d0201"
#define P256 "06082a8648ce3d030107"

/* RFC 5480, 2.1.1 and 2.2; RFC 8410, 4. */
static void keys_have_the_form_of_their_algorithm(void **state)
{
    (void)state;
    assert_true(decodes((struct parts){ .spki = "3059 3013" EC P256 "03420004" X32 X32 }) &&
                c.key.curve == &t99_p256);
    assert_false(decodes((struct parts){ .spki = "3039 3013" EC P256 "03220002" X32 })); /* compressed */
    assert_false(decodes((struct parts){ .spki = "3059 3013" EC P256 "03420006" X32 X32 }));
    assert_false(decodes((struct parts){ .spki = "3058 3013" EC P256 "034104" X32 X32 }));
    assert_true(decodes((struct parts){ .spki = "3018 3010" EC "06052b8104000a"
                                                "03040004aabb" }) &&
                c.key.curve == NULL);
    assert_true(decodes((struct parts){ .spki = "3013 300b" EC "3000"
                                                "03040004aabb" }) &&
                c.key.curve == NULL);
    assert_false(decodes((struct parts){ .spki = "302a 3005 06032b6570 032101" X32 }));
    assert_false(decodes((struct parts){ .spki = "302b 3005 06032b6570 032200" X32 "00" }));
    assert_true(decodes((struct parts){ .spki = "300c 3005 06032b6571 0303 00aabb" }) &&
                c.key.type == T99_KEY_UNKNOWN);
}

#define RSA "06092a864886f70d010101"

/* RFC 3279, 2.3.1. */
static void rsa_keys_have_null_parameters_and_positive_integers(void **state)
{
    (void)state;
    assert_true(decodes((struct parts){ .spki = "301c 300d" RSA "0500 030b00 3008 020300c001 020103" }));
    assert_true(c.key.type == T99_KEY_RSA && is_hex(c.key.rsa.n, "00c001") && is_hex(c.key.rsa.e, "03"));
    assert_false(decodes((struct parts){ .spki = "301a 300b" RSA "030b00 3008 020300c001 020103" }));
    assert_false(decodes((struct parts){ .spki = "301b 300d" RSA "0500 030a00 3007 0202c001 020103" }));
    assert_false(decodes((struct parts){ .spki = "301c 300d" RSA "0500 030b00 3008 020300c001 020183" }));
    assert_false(decodes((struct parts){ .spki = "301d 300d" RSA "0500 030c00 3008 020300c001 020103 00" }));
    assert_false(decodes((struct parts){ .spki = "301d 300d" RSA "0500 030c00 3009 02040000c001 020103" }));
}

/*
 * Bits that do not fill the last octet are a BIT STRING, but no signature (PKITS 4.1.2 has such a
 * certificate).
 */
static void a_signature_of_odd_bits_is_empty(void **state)
{
    (void)state;
    assert_true(decodes((struct parts){ .signature = "0303 04aab0" }) && c.signature.len == 0);
    assert_true(decodes((struct parts){ .signature = "0303 00aab0" }) && is_hex(c.signature, "aab0"));
    assert_false(decodes((struct parts){ .signature = "0300" }));
    assert_false(decodes((struct parts){ .signature = "030208ff" }));
    assert_false(decodes((struct parts){ .signature = "030101" }));
}

static void extensions_stand_once_in_version_3(void **state)
{
    static const char ku[] = "300b0603551d0f040403020780";
    char two[64];

    (void)state;
    assert_true(decodes_with(ku));
    snprintf(two, sizeof two, "%s%s", ku, ku);
    assert_false(decodes_with(two));
    assert_string_equal(bad, "extensions: duplicate");
    snprintf(two, sizeof two, "%s%s", "300706032a03040400", "300706032a03040400");
    assert_false(decodes_with(two));
    assert_true(decodes((struct parts){ .version = "", .tail = "a30b 3009 300706032a03040400" }));
    assert_int_not_equal(c.oddities & ODD_VERSION, 0);
    assert_true(decodes((struct parts){ .tail = "810200ff" }) && (c.oddities & ODD_UNIQUE_ID) != 0);
    assert_false(decodes((struct parts){ .tail = "a3023000" }));
    assert_false(decodes((struct parts){ .tail = "a300" }));
    assert_false(decodes((struct parts){ .tail = "a3043002 0500" }));
    assert_false(decodes((struct parts){ .tail = "0500" }));
}

/* RFC 5280, 4.2: critical is FALSE by default. */
static void critical_is_true_or_left_out(void **state)
{
    (void)state;
    assert_true(decodes_with("300a06032a03040101ff0400") && is_hex(c.unknown_critical, "2a0304"));
    assert_true(decodes_with("300706032a03040400") && c.unknown_critical.p == NULL);
    assert_false(decodes_with("300a06032a03040101000400"));
    assert_false(decodes_with("300a06032a03040101010400"));
    assert_false(decodes_with("300906032a030404000500"));
    assert_false(decodes_with("300606022a830400"));
}

static void values_of_extensions_are_looked_into(void **state)
{
    static const struct {
        unsigned id;
        const char *value;
        bool ok;
    } cases[] = {
        { 15, "03020780", true },              /* keyUsage */
        { 15, "030100", false },               /* no bit: 4.2.1.3 */
        { 15, "0302078000", false },           /* left over */
        { 15, "0402ffff", false },             /* another type */
        { 19, "3000", true },                  /* basicConstraints */
        { 19, "30030101ff", true },            /* */
        { 19, "30060101ff020100", true },      /* */
        { 19, "3003020100", true },            /* pathLenConstraint alone */
        { 19, "3003010100", true },            /* cA FALSE written out */
        { 19, "30060101ff0201ff", false },     /* negative */
        { 19, "30060201000101ff", false },     /* order */
        { 19, "30080101ff0203010000", true },  /* large */
        { 19, "30050101ff0500", false },       /* */
        { 14, "0401aa", true },                /* subjectKeyIdentifier */
        { 14, "0400", false },                 /* */
        { 35, "3000", true },                  /* authorityKeyIdentifier */
        { 35, "30038001aa", true },            /* */
        { 35, "3003820101", false },           /* serial without issuer */
        { 35, "3007a1028200820101", true },    /* */
        { 35, "3008a102820082020001", false }, /* not minimal */
        { 35, "3005a100820101", false },       /* no name */
        { 35, "30020500", false },             /* */
        { 17, "3003820161", true },            /* subjectAltName */
        { 17, "3000", false },                 /* empty */
        { 17, "3003160161", false },           /* no GeneralName */
        { 17, "3006870401020304", true },      /* iPAddress */
        { 17, "300787050102030405", false },   /* of five octets */
        { 17, "30038201e9", false },           /* not ASCII */
        { 18, "3003820161", true },            /* issuerAltName */
        { 18, "3000", false },                 /* */
        { 32, "3005300306012a", true },        /* certificatePolicies */
        { 32, "3000", false },                 /* */
        { 32, "30023000", false },             /* no OID */
        { 32, "3007300506012a3000", false },   /* no qualifier */
        { 32, "300e300c06012a3007300506012b0500", true },
        { 32, "300c300a06012a3005300306012b", false }, /* half a qualifier */
        { 33, "3008300606012a06012b", true },          /* policyMappings */
        { 33, "3005300306012a", false },               /* */
        { 36, "3003800100", true },                    /* policyConstraints */
        { 36, "3000", false },                         /* 4.2.1.11: not empty */
        { 36, "3003810180", false },                   /* negative */
        { 36, "300481020001", false },                 /* not minimal */
        { 36, "3006810100800100", false },             /* order */
        { 37, "300306012a", true },                    /* extKeyUsage */
        { 37, "3000", false },                         /* */
        { 37, "3003020101", false },                   /* */
        { 54, "020105", true },                        /* inhibitAnyPolicy */
        { 54, "0201ff", false },                       /* */
        { 31, "30023000", true },                      /* cRLDistributionPoints */
        { 31, "3000", false },                         /* */
        { 46, "30020500", false },                     /* freshestCRL */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (decodes_ce(cases[i].id, cases[i].value) != cases[i].ok) {
            fail_msg("extension %u %s: %s", cases[i].id, cases[i].value, bad != NULL ? bad : "accepted");
        }
    }
}

static void numbers_in_extensions_have_their_value(void **state)
{
    (void)state;
    assert_true(decodes_ce(19, "30060101ff02017f") && c.path_len == 127);
    assert_true(decodes_ce(19, "30070101ff02020080") && c.path_len == 128);
    assert_true(decodes_ce(19, "30080101ff0203010000") && c.path_len >= 0x7fff);
    assert_true(decodes_ce(19, "3003020100") && (c.oddities & ODD_BASIC_CONSTRAINTS) != 0);
    assert_true(decodes_ce(19, "3003010100") && !c.is_ca && (c.oddities & ODD_DEFAULT_ENCODED) != 0);
    assert_true(decodes_ce(36, "3006800105810100") && c.require_explicit == 5 && c.inhibit_mapping == 0);
    assert_true(decodes_ce(54, "020100") && c.inhibit_any == 0);
    assert_true(decodes_ce(37, "30060604551d2500") && c.eku == EKU_ANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_that_are_good_decode),
        cmocka_unit_test(versions_are_1_to_3),
        cmocka_unit_test(odd_serial_numbers_are_noted),
        cmocka_unit_test(odd_times_are_noted_and_bad_ones_refused),
        cmocka_unit_test(the_two_signature_algorithms_must_be_the_same_bytes),
        cmocka_unit_test(parameters_of_signature_algorithms_are_judged),
        cmocka_unit_test(pss_without_parameters_is_sha1),
        cmocka_unit_test(keys_have_the_form_of_their_algorithm),
        cmocka_unit_test(rsa_keys_have_null_parameters_and_positive_integers),
        cmocka_unit_test(a_signature_of_odd_bits_is_empty),
        cmocka_unit_test(extensions_stand_once_in_version_3),
        cmocka_unit_test(critical_is_true_or_left_out),
        cmocka_unit_test(values_of_extensions_are_looked_into),
        cmocka_unit_test(numbers_in_extensions_have_their_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
