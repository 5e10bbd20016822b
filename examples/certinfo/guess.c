#include "certinfo/guess.h"

#include <string.h>

#define REQUEST "holds a certificate request: it becomes a certificate when an authority signs it"
#define KEY "holds a private key and no certificate: the certificate is in a file of its own"
#define PUBLIC_KEY "holds a public key alone, without a certificate around it"
#define CRL "holds a revocation list and no certificate: --crl FILE is for those"
#define PKCS7 "holds PKCS#7: openssl pkcs7 -print_certs takes the certificates out of it"
#define PKCS12 "holds PKCS#12: openssl pkcs12 -nokeys takes the certificates out of it"
#define SSH "holds a key or certificate of SSH, which has a format of its own"

static bool holds(const uint8_t *p, size_t len, const char *word)
{
    size_t n = strlen(word), i;

    for (i = 0; i + n <= len; i++) {
        if (memcmp(p + i, word, n) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- PEM ---- */

static const char *guess_pem(const uint8_t *p, size_t len)
{
    static const struct {
        const char *begin, *what;
    } kinds[] = {
        { "-----BEGIN CERTIFICATE-----",
          "holds a certificate that is cut off: its END line is missing or damaged" },
        { "CERTIFICATE REQUEST-----", REQUEST },
        { "-----BEGIN OPENSSH ", SSH },
        { "-----BEGIN SSH2 ", SSH },
        { "PRIVATE KEY-----", KEY },
        { "PUBLIC KEY-----", PUBLIC_KEY },
        { "-----BEGIN X509 CRL-----", CRL },
        { "-----BEGIN PKCS7-----", PKCS7 },
        { "-----BEGIN CMS-----", PKCS7 },
        { "-----BEGIN PGP ", "holds something of PGP, which has formats of its own" },
        { "-----BEGIN ", "holds PEM, but no block that is a CERTIFICATE" },
    };
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (holds(p, len, kinds[i].begin)) {
            return kinds[i].what;
        }
    }
    return NULL;
}

/* ---- DER: the tags of the first elements tell which it is ---- */

enum { INTEGER = 0x02, OCTET_STRING = 0x04, OID = 0x06, SEQUENCE = 0x30 };

struct der {
    const uint8_t *p, *end;
};

/* The next element: its tag, and what is in it; 0: there is none, or it goes beyond the end. */
static uint8_t next(struct der *d, struct der *inside)
{
    size_t left = (size_t)(d->end - d->p), n, len, i;
    const uint8_t *p = d->p;

    if (left < 2) {
        return 0;
    }
    n = p[1] < 0x80 ? 0 : p[1] & 0x7fu;
    if (n > 4 || left < 2 + n || p[1] == 0x80) {
        return 0;
    }
    len = n == 0 ? p[1] : 0;
    for (i = 0; i < n; i++) {
        len = len << 8 | p[2 + i];
    }
    if (len > left - 2 - n) {
        return 0;
    }
    inside->p = p + 2 + n;
    inside->end = d->p = inside->p + len;
    return p[0];
}

static uint8_t second_tag(struct der d)
{
    struct der inside;

    return next(&d, &inside) != 0 ? next(&d, &inside) : 0;
}

/* What is signed, by the tags of its first four elements; second: of what stands behind it. */
static const char *guess_signed(struct der tbs, uint8_t second)
{
    uint8_t tags[4] = { 0, 0, 0, 0 };
    struct der inside;
    size_t i;

    for (i = 0; i < 4; i++) {
        tags[i] = next(&tbs, &inside);
    }
    if (tags[0] == OID) {
        return second == OCTET_STRING ? KEY : PUBLIC_KEY; /* an encrypted one */
    }
    if (tags[0] == INTEGER && tags[1] == SEQUENCE && tags[2] == SEQUENCE && tags[3] == 0xa0) {
        return REQUEST;
    }
    return tags[0] == INTEGER && tags[1] == SEQUENCE && tags[2] == SEQUENCE &&
                   (tags[3] == 0x17 || tags[3] == 0x18)
               ? CRL
               : NULL;
}

/* Begins with a version. */
static const char *guess_versioned(struct der whole, struct der version)
{
    uint8_t second = second_tag(whole);
    bool three = version.end - version.p == 1 && *version.p == 3;

    return second == SEQUENCE && three                                         ? PKCS12
           : second == SEQUENCE || second == INTEGER || second == OCTET_STRING ? KEY
                                                                               : NULL;
}

static const char *guess_der(const uint8_t *p, size_t len)
{
    struct der all = { p, p + len }, whole, first, rest;

    if (next(&all, &whole) != SEQUENCE) {
        return len >= 2 && (p[1] == 0x82 || p[1] == 0x83)
                   ? "begins like DER, but is cut off: it is shorter than its first bytes say"
                   : "is neither PEM nor DER: nothing in it is a certificate";
    }
    rest = whole;
    switch (next(&rest, &first)) {
    case OID:
        return PKCS7;
    case INTEGER:
        return guess_versioned(whole, first);
    case SEQUENCE:
        return guess_signed(first, second_tag(whole));
    default:
        return "is DER, but nothing that begins like a certificate";
    }
}

/* ---- The rest ---- */

static bool is_base64(const uint8_t *p, size_t len)
{
    static const char some[] = "MII"; /* a SEQUENCE of 256 bytes and more */

    return len > 64 && memcmp(p, some, sizeof some - 1) == 0 && !holds(p, 64, " ");
}

static const char *guess_text(const uint8_t *p, size_t len)
{
    size_t blank = 0;

    while (blank < len && (p[blank] == ' ' || (p[blank] >= '\t' && p[blank] <= '\r'))) {
        blank++;
    }
    if (blank == len) {
        return len == 0 ? "is empty" : "is empty but for blanks";
    }
    p += blank;
    len -= blank;
    if (*p == '<') {
        return "is a page of HTML or XML: was it an error that was saved instead of the certificate?";
    }
    if (*p == '{' || *p == '[') {
        return "is JSON: nothing in it is a certificate in PEM";
    }
    if (len > 4 && (memcmp(p, "ssh-", 4) == 0 || memcmp(p, "ecdsa-", 4) == 0)) {
        return SSH;
    }
    if (is_base64(p, len)) {
        return "looks like base64 without the lines BEGIN CERTIFICATE and END CERTIFICATE around it";
    }
    return "is neither PEM nor DER: nothing in it is a certificate";
}

bool guess_is_der(const uint8_t *p, size_t len)
{
    return len > 0 && p[0] == SEQUENCE && !holds(p, len, "-----BEGIN ");
}

const char *guess_other(const uint8_t *p, size_t len)
{
    const char *what = guess_pem(p, len);

    return what != NULL ? what : guess_is_der(p, len) ? guess_der(p, len) : guess_text(p, len);
}
