/*
 * Prints what the library reads in certificates, as openssl(1) prints it, so that a script can compare the
 * two:
 *
 *     certdump FILE...
 *
 * A file holds one certificate in DER, or PEM blocks with any text around them. For each certificate a record
 * that ends with an empty line; its lines are those of
 *
 *     openssl x509 -noout -fingerprint -sha256 -subject -issuer -dates -ext subjectAltName
 *         -nameopt esc_2253,esc_ctrl,esc_msb,utf8,dump_nostr,dump_der,sep_comma_plus,dn_rev,oid
 *
 * and, for a certificate that is refused, `refused=REASON`, without the subjectAltName, and without names and
 * times if what is wrong stands before their end. Exit status 2 if a file cannot be read.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash/hash.h"
#include "x509/attribute.h"
#include "x509/certificate.h"
#include "x509/checks.h"
#include "x509/der.h"
#include "x509/name.h"
#include "x509/pem.h"

#define MAX_RDNS 256

static void die(const char *what, const char *value)
{
    fprintf(stderr, "certdump: %s: %s\n", what, value);
    exit(2);
}

static uint8_t *read_file(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    size_t cap = 1 << 16, n;
    uint8_t *p = malloc(cap), *more;

    if (f == NULL || p == NULL) {
        die("cannot read", path);
    }
    *len = 0;
    while ((n = fread(p + *len, 1, cap - *len, f)) != 0) {
        *len += n;
        if (*len == cap) {
            cap *= 2;
            more = realloc(p, cap);
            if (more == NULL) {
                die("out of memory", path);
            }
            p = more;
        }
    }
    fclose(f);
    return p;
}

/* ---- Names, in the form of RFC 2253 with dotted types ---- */

static void print_oid(struct t99_span oid)
{
    uint64_t arc = 0;
    bool first = true;
    size_t i;

    for (i = 0; i < oid.len; i++) {
        arc = arc << 7 | (oid.p[i] & 0x7f);
        if ((oid.p[i] & 0x80) == 0) {
            uint64_t top = arc < 40 ? 0 : arc < 80 ? 1 : 2;

            if (first) {
                printf("%u.%lu", (unsigned)top, (unsigned long)(arc - 40 * top));
            } else {
                printf(".%lu", (unsigned long)arc);
            }
            first = false;
            arc = 0;
        }
    }
}

/* Bytes of UTF-8 of a character, each from 0x80 up as \XX. */
static void print_character(int32_t c, bool first, bool last)
{
    if (c < 0x20 || c == 0x7f) {
        printf("\\%02X", (unsigned)c);
    } else if (c < 0x80) {
        bool escaped =
            strchr(",+\"\\<>;", (int)c) != NULL || (c == ' ' && (first || last)) || (c == '#' && first);

        printf("%s%c", escaped ? "\\" : "", (char)c);
    } else if (c < 0x800) {
        printf("\\%02X\\%02X", 0xc0u | (unsigned)c >> 6, 0x80u | ((unsigned)c & 0x3f));
    } else if (c < 0x10000) {
        printf("\\%02X\\%02X\\%02X", 0xe0u | (unsigned)c >> 12, 0x80u | ((unsigned)c >> 6 & 0x3f),
               0x80u | ((unsigned)c & 0x3f));
    } else {
        printf("\\%02X\\%02X\\%02X\\%02X", 0xf0u | (unsigned)c >> 18, 0x80u | ((unsigned)c >> 12 & 0x3f),
               0x80u | ((unsigned)c >> 6 & 0x3f), 0x80u | ((unsigned)c & 0x3f));
    }
}

/* What is no string: its DER in hex. */
static void print_dump(const struct t99_attribute *a)
{
    size_t header = a->value.len < 0x80 ? 2 : a->value.len < 0x100 ? 3 : 4, i;
    const uint8_t *p = a->value.p - header;

    printf("#");
    for (i = 0; i < header + a->value.len; i++) {
        printf("%02X", (unsigned)p[i]);
    }
}

static void print_attribute(const struct t99_attribute *a)
{
    struct t99_chars chars = t99_chars(a->tag, a->value);
    bool first = true;
    int32_t c;

    print_oid(a->type);
    printf("=");
    if (!t99_is_text(a->tag)) {
        print_dump(a);
        return;
    }
    while ((c = t99_chars_next(&chars)) >= 0) {
        print_character(c, first, chars.left.len == 0);
        first = false;
    }
}

/* The last RDN first; within one, as it stands, last first too. */
static void print_name(const char *what, struct t99_span name)
{
    static struct t99_attribute list[MAX_RDNS];
    static bool joined[MAX_RDNS]; /* to the one before it, in the same RDN */
    const char *bad = NULL;
    struct reader rdns = t99_name_rdns(name, &bad), rdn;
    size_t n = 0;

    while (rd_left(&rdns) != 0 && n < MAX_RDNS) {
        rdn = t99_der_enter(&rdns, DER_SET, "rdn");
        joined[n] = false;
        while (n < MAX_RDNS - 1 && t99_next_attribute(&rdn, &list[n])) {
            joined[++n] = true;
        }
    }
    printf("%s=", what);
    while (n > 0) {
        n--;
        print_attribute(&list[n]);
        if (n > 0) {
            printf("%s", joined[n] ? "+" : ",");
        }
    }
    printf("\n");
}

/* ---- The rest ---- */

static void print_fingerprint(struct t99_span der)
{
    uint8_t digest[T99_HASH_MAX];
    size_t i;

    t99_hash(&t99_sha256, digest, der.p, der.len);
    printf("sha256 Fingerprint=");
    for (i = 0; i < t99_sha256.len; i++) {
        printf("%s%02X", i == 0 ? "" : ":", (unsigned)digest[i]);
    }
    printf("\n");
}

/* "Jan  2 03:04:05 2026 GMT" */
static void print_time(const char *what, int64_t t)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[T99_TIME_TEXT];
    int year, month, day;

    t99_time_text(text, sizeof text, t);
    if (sscanf(text, "%d-%d-%d ", &year, &month, &day) != 3 || month < 1 || month > 12) {
        die("time", text);
    }
    printf("%s=%.3s %2d %.8s %d GMT\n", what, months + 3 * (month - 1), day, strchr(text, ' ') + 1, year);
}

static void print_ip(struct t99_span ip)
{
    size_t i;

    printf("IP Address");
    if (ip.len == 4) {
        printf(":%u.%u.%u.%u", (unsigned)ip.p[0], (unsigned)ip.p[1], (unsigned)ip.p[2], (unsigned)ip.p[3]);
    } else if (ip.len == 16) {
        for (i = 0; i < 16; i += 2) {
            printf(":%X", (unsigned)load_be16(ip.p + i));
        }
    } else {
        printf(":<invalid>");
    }
}

static void print_general_name(enum t99_general_name type, struct t99_span value)
{
    static const char *const labels[] = { "othername:",    "email:", "DNS:", "X400Name:",     "DirName:",
                                          "EdiPartyName:", "URI:",   "",     "Registered ID:" };
    char text[1024];

    printf("%s", labels[type]);
    switch (type) {
    case GN_OTHER:
    case GN_X400:
    case GN_EDI:
        printf("<unsupported>");
        break;
    case GN_DIRECTORY:
        printf("%s", t99_name_oneline(text, sizeof text, value));
        break;
    case GN_IP:
        print_ip(value);
        break;
    case GN_OID:
        print_oid(value);
        break;
    default:
        fwrite(value.p, 1, value.len, stdout);
        break;
    }
}

static void print_alt_names(const struct t99_certificate *c)
{
    const char *bad = NULL;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);
    enum t99_general_name type;
    struct t99_span value;
    bool first = true;

    if (!t99_has_ext(c, EXT_SUBJECT_ALT_NAME)) {
        return;
    }
    printf("X509v3 Subject Alternative Name: %s\n    ",
           t99_ext_critical(c, EXT_SUBJECT_ALT_NAME) ? "critical" : "");
    while (t99_next_general_name(&r, &type, &value)) {
        printf("%s", first ? "" : ", ");
        print_general_name(type, value);
        first = false;
    }
    printf("\n");
}

static void dump(struct t99_span der)
{
    struct t99_certificate c;
    const char *bad = NULL;
    bool ok = t99_certificate_decode(&c, der, &bad);

    print_fingerprint(der);
    if (c.spki.p != NULL) { /* the names were read before what is wrong */
        print_name("subject", c.subject);
        print_name("issuer", c.issuer);
        print_time("notBefore", c.not_before);
        print_time("notAfter", c.not_after);
    }
    if (ok) {
        print_alt_names(&c);
    } else {
        printf("refused=%s\n", bad);
    }
    printf("\n");
}

/* Returns the number of blocks. */
static size_t dump_pem(uint8_t *text, size_t len)
{
    static const char label[] = "CERTIFICATE";
    struct t99_pem_block block;
    size_t pos = 0, num = 0, n;
    const char *bad = NULL;

    while (t99_pem_next(&block, text, len, &pos, &bad)) {
        uint8_t *at = text + (block.body.p - text);

        num++;
        if (t99_span_equal(block.label, t99_span(label, strlen(label)))) {
            if (t99_pem_decode(at, &n, block.body)) {
                dump(t99_span(at, n));
            } else {
                printf("refused=base64\n\n");
            }
        }
    }
    return num;
}

int main(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        size_t len;
        uint8_t *p = read_file(argv[i], &len);

        if (dump_pem(p, len) == 0) {
            dump(t99_span(p, len));
        }
        free(p);
    }
    return 0;
}
