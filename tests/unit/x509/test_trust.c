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

#include "x509/certificate.h"
#include "x509/der.h"
#include "x509/name.h"
#include "x509/pem.h"
#include "x509/trust.h"

/* Counts what is in use, and fails the nth allocation. */
struct heap {
    size_t in_use, most, countdown;
};

static struct heap heap;

static void *heap_alloc(void *arg, size_t len)
{
    struct heap *h = arg;

    if (h->countdown != 0 && --h->countdown == 0) {
        return NULL;
    }
    h->in_use += len;
    h->most = h->in_use > h->most ? h->in_use : h->most;
    return malloc(len);
}

static void heap_release(void *arg, void *p, size_t len)
{
    struct heap *h = arg;

    h->in_use -= len;
    free(p);
}

static const struct t99_env env = { &heap, heap_alloc, heap_release, NULL, NULL };
static struct t99_trust *trust;

static int set_up(void **state)
{
    (void)state;
    memset(&heap, 0, sizeof heap);
    trust = t99_trust_new(&env);
    return trust != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    t99_trust_free(trust);
    return heap.in_use == 0 ? 0 : -1;
}

/*
 * As much of a certificate as the store looks at: version, serial, and empty SEQUENCEs before the subject,
 * which is CN=`name`.
 */
static struct t99_span make(uint8_t out[80], unsigned serial, uint8_t tag, const char *name)
{
    size_t n = strlen(name);
    uint8_t *p = out;

    assert_true(n < 20);
    memcpy(p, "\x30\x00\x30\x00\xa0\x03\x02\x01\x02\x02\x01", 11);
    p += 11;
    *p++ = (uint8_t)serial;
    memcpy(p, "\x30\x00\x30\x00\x30\x00", 6); /* signature, issuer, validity */
    p += 6;
    memcpy(p, "\x30\x00\x31\x00\x30\x00\x06\x03\x55\x04\x03", 11);
    p[1] = (uint8_t)(11 + n);
    p[3] = (uint8_t)(9 + n);
    p[5] = (uint8_t)(7 + n);
    p += 11;
    *p++ = tag;
    *p++ = (uint8_t)n;
    memcpy(p, name, n);
    p += n;
    out[1] = (uint8_t)(p - out - 2);
    out[3] = (uint8_t)(p - out - 4);
    return t99_span(out, (size_t)(p - out));
}

static size_t found(struct t99_span subject, struct t99_span *der)
{
    size_t n = 0;

    while (t99_trust_find(trust, subject, n, der)) {
        n++;
    }
    return n;
}

static struct t99_span subject_of(struct t99_span der)
{
    struct t99_span subject;

    assert_true(t99_certificate_subject(&subject, der));
    return subject;
}

static void anchors_are_found_by_equal_names_in_the_order_added(void **state)
{
    uint8_t a[80], b[80], c[80], x[80];
    struct t99_span da = make(a, 1, DER_PRINTABLE_STRING, "Example CA"), der;
    struct t99_span db = make(b, 2, DER_UTF8_STRING, "EXAMPLE  ca"),
                    dc = make(c, 3, DER_UTF8_STRING, "Other");

    (void)state;
    assert_int_equal(t99_trust_count(trust), 0);
    assert_false(t99_trust_find(trust, subject_of(da), 0, &der));
    assert_false(t99_trust_contains(trust, da));
    assert_true(t99_trust_add_der(trust, da) && t99_trust_add_der(trust, dc) && t99_trust_add_der(trust, db));
    assert_int_equal(t99_trust_count(trust), 3);
    assert_int_equal(found(subject_of(make(x, 9, DER_UTF8_STRING, "example ca")), &der), 2);
    assert_true(t99_trust_find(trust, subject_of(da), 0, &der) && t99_span_equal(der, da));
    assert_true(t99_trust_find(trust, subject_of(da), 1, &der) && t99_span_equal(der, db));
    assert_int_equal(found(subject_of(dc), &der), 1);
    assert_int_equal(found(subject_of(make(x, 9, DER_UTF8_STRING, "Nobody")), &der), 0);
    assert_true(t99_trust_contains(trust, db));
    assert_false(t99_trust_contains(trust, make(x, 9, DER_PRINTABLE_STRING, "Example CA")));
    assert_true(t99_trust_at(trust, 1, &der) && t99_span_equal(der, dc));
    assert_false(t99_trust_at(trust, 3, &der));
}

static void an_anchor_counts_once(void **state)
{
    uint8_t a[80];
    struct t99_span da = make(a, 1, DER_UTF8_STRING, "x"), der;

    (void)state;
    assert_true(t99_trust_add_der(trust, da) && t99_trust_add_der(trust, da));
    assert_int_equal(t99_trust_count(trust), 1);
    assert_int_equal(found(subject_of(da), &der), 1);
}

static void thousands_are_found_each(void **state)
{
    uint8_t a[80];
    char name[20];
    struct t99_span der;
    unsigned i;

    (void)state;
    for (i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "CA %u", i / 2); /* two of each name */
        assert_true(t99_trust_add_der(trust, make(a, i % 2, DER_UTF8_STRING, name)));
    }
    assert_int_equal(t99_trust_count(trust), 3000);
    for (i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "CA %u", i / 2);
        assert_true(t99_trust_find(trust, subject_of(make(a, 0, DER_UTF8_STRING, name)), i % 2, &der));
        assert_true(t99_span_equal(der, make(a, i % 2, DER_UTF8_STRING, name)));
        assert_false(t99_trust_find(trust, subject_of(der), 2, &der));
    }
}

static void what_is_no_certificate_is_refused(void **state)
{
    uint8_t a[80];
    struct t99_span der = make(a, 1, DER_UTF8_STRING, "x");

    (void)state;
    assert_false(t99_trust_add_der(trust, t99_span(NULL, 0)));
    assert_false(t99_trust_add_der(trust, t99_span("\x30\x00", 2)));
    assert_false(t99_trust_add_der(trust, t99_span(der.p, der.len - 1)));
    assert_int_equal(t99_trust_count(trust), 0);
}

/* Appends a PEM block. */
static size_t block(uint8_t *text, size_t len, const char *label, struct t99_span der)
{
    return len + t99_pem_encode(text + len, 400, label, der);
}

static size_t bundle(uint8_t *text)
{
    uint8_t a[80];
    struct t99_span der = make(a, 1, DER_UTF8_STRING, "a");
    size_t len = 0;

    memcpy(text, "# a bundle\n", 11);
    len = block(text, 11, "CERTIFICATE", der);
    len = block(text, len, "X509 CERTIFICATE", make(a, 2, DER_UTF8_STRING, "b"));
    len = block(text, len, "RSA PRIVATE KEY", make(a, 3, DER_UTF8_STRING, "key"));
    len = block(text, len, "CERTIFICATE", t99_span("\x30\x03\x02\x01\x01", 5));
    len = block(text, len, "CERTIFICATE", make(a, 1, DER_UTF8_STRING, "a"));
    memcpy(text + len, "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", 59);
    len += 59;
    der = make(a, 4, DER_UTF8_STRING, "d");
    memcpy(a + der.len, "\x30\x00", 2); /* settings of OpenSSL behind it */
    return block(text, len, "TRUSTED CERTIFICATE", t99_span(a, der.len + 2));
}

static void a_bundle_gives_its_certificates_and_passes_over_the_rest(void **state)
{
    uint8_t text[2000], a[80];
    size_t added, skipped, len = bundle(text);
    struct t99_span der;

    (void)state;
    assert_true(t99_trust_add_pem(trust, text, len, &added, &skipped));
    memset(text, 0, sizeof text); /* it was copied */
    assert_int_equal(added, 3);
    assert_int_equal(skipped, 2);
    assert_int_equal(t99_trust_count(trust), 3);
    assert_true(t99_trust_contains(trust, make(a, 1, DER_UTF8_STRING, "a")));
    assert_true(t99_trust_contains(trust, make(a, 2, DER_UTF8_STRING, "b")));
    assert_true(t99_trust_at(trust, 2, &der) && t99_span_equal(der, make(a, 4, DER_UTF8_STRING, "d")));
    assert_false(t99_trust_contains(trust, make(a, 3, DER_UTF8_STRING, "key")));
    assert_true(t99_trust_add_pem(trust, text, 0, &added, &skipped) && added == 0 && skipped == 0);
}

/* In whatever two parts it comes, the second with what the first left over. */
static void a_bundle_may_come_in_parts(void **state)
{
    uint8_t text[2000];
    size_t len = bundle(text), cut, used, added, skipped, more_added, more_skipped;
    struct t99_trust *other;

    (void)state;
    for (cut = 0; cut <= len; cut++) {
        other = t99_trust_new(&env);
        assert_true(t99_trust_add_part(other, text, cut, false, &used, &added, &skipped));
        assert_true(used <= cut);
        assert_true(
            t99_trust_add_part(other, text + used, len - used, true, &used, &more_added, &more_skipped));
        assert_int_equal(added + more_added, 3);
        assert_int_equal(skipped + more_skipped, 2);
        assert_int_equal(t99_trust_count(other), 3);
        t99_trust_free(other);
    }
}

static void a_broken_block_costs_no_other(void **state)
{
    static const char *const broken[] = {
        "-----BEGIN CERTIFICATE-----\nMIIB\n",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE\nMIIB\n-----END CERTIFICATE-----\n",
    };
    uint8_t text[1000], a[80];
    size_t i, n, len, added, skipped;

    (void)state;
    for (i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        n = strlen(broken[i]);
        memcpy(text, broken[i], n);
        len = block(text, n, "CERTIFICATE", make(a, (unsigned)i, DER_UTF8_STRING, "a"));
        memcpy(text + len, broken[i], n);
        assert_true(t99_trust_add_pem(trust, text, len + n, &added, &skipped));
        assert_int_equal(added, 1);
        assert_int_equal(skipped, 0); /* nobody knows what it was */
    }
}

/* Lines that end as on Windows, in the old way of the Mac, with blanks; one line alone. */
static void lines_may_end_in_any_way(void **state)
{
    static const char *const ends[] = { "\r\n", "\r", " \t\n", "" };
    uint8_t text[400], other[800], a[80];
    size_t i, j, n, len, added, skipped;

    (void)state;
    for (i = 0; i < 4; i++) {
        len = block(text, 0, "CERTIFICATE", make(a, (unsigned)i, DER_UTF8_STRING, "a"));
        for (j = n = 0; j < len; j++) {
            if (text[j] != '\n') {
                other[n++] = text[j];
            } else if (*ends[i] != '\0') {
                memcpy(other + n, ends[i], strlen(ends[i]));
                n += strlen(ends[i]);
            } else if (j + 1 == len || text[j + 1] == '-' || text[j - 1] == '-') {
                other[n++] = '\n';
            }
        }
        assert_true(t99_trust_add_pem(trust, other, n, &added, &skipped));
        assert_true(added == 1 && skipped == 0);
    }
}

/*
 * What `openssl x509 -trustout` writes behind a certificate, and whether `openssl verify -purpose sslserver`
 * takes it.
 */
static void a_trusted_certificate_is_one_if_its_settings_say_so(void **state)
{
    static const struct {
        const char *aux;
        size_t len;
        bool trusted;
    } cases[] = {
        { "\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01", 14, true },
        { "\x30\x0c\xa0\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01", 14, false },
        { "\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02", 14, false },
        { "\x30\x25\x30\x14\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x04\x06\x08\x2b\x06\x01\x05\x05\x07\x03"
          "\x01\xa0\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02\x0c\x01x",
          39, true },
        { "\x30\x08\x30\x06\x06\x04\x55\x1d\x25\x00", 10, true },
        { "\x30\x08\xa0\x06\x06\x04\x55\x1d\x25\x00", 10, false },
        { "\x30\x03\x0c\x01x", 5, true },
        { "", 0, true },
        { "\x30\x18\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01\xa0\x0a\x06\x08\x2b\x06\x01\x05\x05\x07"
          "\x03"
          "\x01",
          26, false },
        { "\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03", 13, false }, /* cut off */
        { "\x30\x00\x00", 3, false },
    };
    uint8_t text[400], a[120];
    size_t i, len, added, skipped;
    struct t99_span der;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        der = make(a, (unsigned)i, DER_UTF8_STRING, "a");
        memcpy(a + der.len, cases[i].aux, cases[i].len);
        len = block(text, 0, "TRUSTED CERTIFICATE", t99_span(a, der.len + cases[i].len));
        assert_true(t99_trust_add_pem(trust, text, len, &added, &skipped));
        assert_int_equal(added, cases[i].trusted);
        assert_int_equal(skipped, !cases[i].trusted);
        assert_int_equal(t99_trust_contains(trust, der), cases[i].trusted);
    }
}

static void a_store_lives_as_long_as_anybody_holds_it(void **state)
{
    size_t before = heap.in_use;
    struct t99_trust *other = t99_trust_new(&env);

    (void)state;
    assert_ptr_equal(t99_trust_share(other), other);
    t99_trust_free(other);
    assert_true(heap.in_use > before);
    assert_int_equal(t99_trust_count(other), 0);
    t99_trust_free(other);
    assert_int_equal(heap.in_use, before);
}

static void certificates_that_are_compiled_in_are_not_copied(void **state)
{
    static uint8_t ders[200];
    uint8_t a[80];
    struct t99_span der = make(a, 1, DER_UTF8_STRING, "a");
    size_t len = der.len, before = heap.in_use;

    (void)state;
    memcpy(ders, der.p, der.len);
    der = make(a, 2, DER_UTF8_STRING, "b");
    memcpy(ders + len, der.p, der.len);
    len += der.len;
    assert_true(t99_trust_add_static_der(trust, ders, len));
    assert_int_equal(t99_trust_count(trust), 2);
    assert_true(t99_trust_at(trust, 0, &der) && der.p == ders);
    assert_true(heap.in_use - before < 1000);
    assert_false(t99_trust_add_static_der(trust, ders, len - 1));
}

/* For every n. What was in use is given back, and what was added before stays. */
static void a_failed_allocation_is_told_and_nothing_leaks(void **state)
{
    uint8_t text[2000], a[80];
    size_t len = bundle(text), added, skipped, n, before = heap.in_use, i;
    struct t99_trust *other;
    bool ok = false;

    (void)state;
    for (n = 1; !ok; n++) {
        assert_true(n < 100);
        heap.countdown = n;
        other = t99_trust_new(&env);
        ok = other != NULL && t99_trust_add_pem(other, text, len, &added, &skipped);
        for (i = 0; ok && i < 20; i++) { /* until it must grow */
            ok = t99_trust_add_der(other, make(a, (unsigned)i, DER_UTF8_STRING, "more"));
        }
        heap.countdown = 0;
        t99_trust_free(other);
        assert_int_equal(heap.in_use, before);
    }
    assert_true(n > 8);
}

/* 150 anchors: what they decode to, and a little. */
static void the_heap_beside_the_certificates_is_small(void **state)
{
    size_t len = 0, added, skipped, i, cap = 150 * 400;
    uint8_t *text = malloc(cap), a[80];
    char name[20];

    (void)state;
    assert_non_null(text);
    for (i = 0; i < 150; i++) {
        snprintf(name, sizeof name, "CA %zu", i);
        len = block(text, len, "CERTIFICATE", make(a, 1, DER_UTF8_STRING, name));
    }
    assert_true(t99_trust_add_pem(trust, text, len, &added, &skipped));
    free(text);
    assert_int_equal(added, 150);
    assert_true(heap.most < len + 20000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(anchors_are_found_by_equal_names_in_the_order_added),
        TEST(an_anchor_counts_once),
        TEST(thousands_are_found_each),
        TEST(what_is_no_certificate_is_refused),
        TEST(a_bundle_gives_its_certificates_and_passes_over_the_rest),
        TEST(a_bundle_may_come_in_parts),
        TEST(a_broken_block_costs_no_other),
        TEST(lines_may_end_in_any_way),
        TEST(a_trusted_certificate_is_one_if_its_settings_say_so),
        TEST(a_store_lives_as_long_as_anybody_holds_it),
        TEST(certificates_that_are_compiled_in_are_not_copied),
        TEST(a_failed_allocation_is_told_and_nothing_leaks),
        TEST(the_heap_beside_the_certificates_is_small),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
