/* The sections of a certificate case, decoded as far as the verifier wants it. */
#ifndef TESTS_XCASE_SECTIONS_H
#define TESTS_XCASE_SECTIONS_H

#include <stdlib.h>
#include <string.h>

#include "base/env.h"
#include "x509/crl.h"
#include "x509/pem.h"
#include "x509/trust.h"
#include "x509/xcase.h"

#define MAX_CERTS 8192

static void *test_alloc(void *arg, size_t len)
{
    (void)arg;
    return malloc(len);
}

static void test_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    free(p);
}

static const struct t99_env env = { NULL, test_alloc, test_release, NULL, NULL };

/* What the sections hold, decoded as far as the verifier wants it. */
struct material {
    struct t99_trust *trust;
    struct t99_crl_store *crls;
    struct t99_span certs[MAX_CERTS]; /* [0] the peer */
    size_t num_certs, num_crls;
};

/* Text that is no PEM gives no bytes, which are no certificate. */
static inline struct t99_span decode_pem(const char *text, size_t len)
{
    struct t99_pem_block block;
    const char *bad;
    size_t pos = 0, out_len = 0;
    uint8_t *out = (uint8_t *)malloc(t99_pem_decoded_max(len) + 1);

    if (out == NULL) {
        xcase_die("out of memory", "");
    }
    if (!t99_pem_next(&block, (const uint8_t *)text, len, &pos, &bad) ||
        !t99_pem_decode(out, &out_len, block.body)) {
        fprintf(stderr, "x509_suite: PEM that does not decode\n");
        out_len = 0;
    }
    return t99_span(out, out_len);
}

/* What is wrong with it; NULL: nothing. */
static inline const char *add_section(struct material *m, const char *name, const char *text, size_t len)
{
    size_t added, skipped;

    if (strncmp(name, "[trusted]", 9) == 0) {
        struct t99_span der = decode_pem(text, len);

        if (!t99_trust_add_der(m->trust, der)) {
            fprintf(stderr, "x509_suite: an anchor is not taken\n");
        }
        free((void *)(uintptr_t)der.p);
    } else if (strncmp(name, "[crl]", 5) == 0) {
        m->num_crls++;
        if (!t99_crl_store_add_pem(m->crls, (const uint8_t *)text, len, &added, &skipped)) {
            xcase_die("out of memory", name);
        }
    } else if (strncmp(name, "[peer]", 6) == 0) {
        m->certs[0] = decode_pem(text, len);
    } else if (strncmp(name, "[intermediate]", 14) == 0) {
        if (m->num_certs == MAX_CERTS) {
            return "too many certificates";
        }
        m->certs[m->num_certs++] = decode_pem(text, len);
    }
    return NULL;
}

/* The same; in either case free_sections() is to follow. */
static inline const char *read_sections(struct material *m, const char *pem)
{
    const char *section = pem, *next, *fault = NULL;

    m->trust = t99_trust_new(&env);
    m->crls = t99_crl_store_new(&env);
    m->num_crls = 0;
    m->num_certs = 1;
    m->certs[0] = t99_span(NULL, 0);
    if (m->trust == NULL || m->crls == NULL) {
        xcase_die("out of memory", "");
    }
    while (fault == NULL && *section == '[' && strncmp(section, "[end]", 5) != 0) {
        next = strstr(section, "\n[");
        if (next == NULL) {
            return "a section without an end";
        }
        fault = add_section(m, section, strchr(section, '\n') + 1, (size_t)(next - strchr(section, '\n')));
        section = next + 1;
    }
    return fault;
}

static inline void free_sections(struct material *m)
{
    size_t i;

    t99_trust_free(m->trust);
    t99_crl_store_free(m->crls);
    for (i = 0; i < m->num_certs; i++) {
        free((void *)(uintptr_t)m->certs[i].p);
    }
}

#endif
