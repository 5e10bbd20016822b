#include "x509/trust.h"

#include <string.h>

#include "base/text.h"
#include "x509/certificate.h"
#include "x509/der.h"
#include "x509/name.h"
#include "x509/pem.h"

struct anchor {
    const uint8_t *der;
    uint32_t len, hash; /* hash of the subject */
    uint32_t subject_at, subject_len;
};

struct buffer {
    uint8_t *p;
    size_t len;
};

struct t99_trust {
    const struct t99_env *env;
    struct t99_env own_env; /* a copy, as the store may outlive who made it */
    struct anchor *anchors;
    size_t num, cap;
    struct buffer *buffers;
    size_t num_buffers, cap_buffers;
};

struct t99_trust *t99_trust_new(const struct t99_env *env)
{
    struct t99_trust *trust = t99_alloc(env, sizeof *trust);

    if (trust != NULL) {
        trust->own_env = *env;
        trust->env = &trust->own_env;
    }
    return trust;
}

void t99_trust_free(struct t99_trust *trust)
{
    struct t99_env env;
    size_t i;

    if (trust == NULL) {
        return;
    }
    env = trust->own_env;
    for (i = 0; i < trust->num_buffers; i++) {
        t99_free(&env, trust->buffers[i].p, trust->buffers[i].len);
    }
    t99_free(&env, trust->buffers, trust->cap_buffers * sizeof *trust->buffers);
    t99_free(&env, trust->anchors, trust->cap * sizeof *trust->anchors);
    t99_free(&env, trust, sizeof *trust);
}

/* Room for one more element; *array may move. */
static bool grow(const struct t99_env *env, void **array, size_t num, size_t *cap, size_t size)
{
    size_t more = *cap != 0 ? 2 * *cap : 16;
    void *p;

    if (num < *cap) {
        return true;
    }
    p = t99_alloc(env, more * size);
    if (p == NULL) {
        return false;
    }
    if (num != 0) {
        memcpy(p, *array, num * size);
    }
    t99_free(env, *array, *cap * size);
    *array = p;
    *cap = more;
    return true;
}

static bool own_buffer(struct t99_trust *trust, uint8_t *p, size_t len)
{
    void *buffers = trust->buffers;

    if (!grow(trust->env, &buffers, trust->num_buffers, &trust->cap_buffers, sizeof *trust->buffers)) {
        t99_free(trust->env, p, len);
        return false;
    }
    trust->buffers = buffers;
    trust->buffers[trust->num_buffers].p = p;
    trust->buffers[trust->num_buffers].len = len;
    trust->num_buffers++;
    return true;
}

static const struct anchor *find_same(const struct t99_trust *trust, struct t99_span der, uint32_t hash)
{
    size_t i;

    for (i = 0; i < trust->num; i++) {
        const struct anchor *a = &trust->anchors[i];

        if (a->hash == hash && t99_span_equal(t99_span(a->der, a->len), der)) {
            return a;
        }
    }
    return NULL;
}

/* der stays where it is. *known: it is a certificate, as far as was looked. False: out of memory. */
static bool index_der(struct t99_trust *trust, struct t99_span der, bool *known)
{
    struct t99_span subject;
    struct anchor *a;
    void *anchors = trust->anchors;
    uint32_t hash;

    *known = der.len <= UINT32_MAX && t99_certificate_subject(&subject, der);
    if (!*known) {
        return true;
    }
    hash = t99_name_hash(subject);
    if (find_same(trust, der, hash) != NULL) {
        return true;
    }
    if (!grow(trust->env, &anchors, trust->num, &trust->cap, sizeof *trust->anchors)) {
        return false;
    }
    trust->anchors = anchors;
    a = &trust->anchors[trust->num++];
    a->der = der.p;
    a->len = (uint32_t)der.len;
    a->hash = hash;
    a->subject_at = (uint32_t)(subject.p - der.p);
    a->subject_len = (uint32_t)subject.len;
    return true;
}

static bool certificate_label(struct t99_span label)
{
    static const char *const labels[] = { "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" };
    size_t i;

    for (i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (t99_same_word(labels[i], (const char *)label.p, label.len)) {
            return true;
        }
    }
    return false;
}

/* OpenSSL's trusted certificates have their settings behind them, which are passed over. */
static struct t99_span first_element(struct t99_span der)
{
    const char *bad = NULL;
    struct reader r = rd_init(der.p, der.len, &bad);

    return t99_der_element(&r, NULL, "Certificate");
}

bool t99_trust_adopt_pem(struct t99_trust *trust, uint8_t *text, size_t len, size_t cap, size_t *added,
                         size_t *skipped)
{
    struct t99_pem_block block;
    size_t pos = 0, n, before = trust->num;
    const char *bad = NULL;
    bool known;

    *added = *skipped = 0;
    if (!own_buffer(trust, text, cap)) {
        return false;
    }
    while (t99_pem_next(&block, text, len, &pos, &bad)) {
        uint8_t *at = text + (block.body.p - text);

        if (!certificate_label(block.label)) {
            continue;
        }
        known = false;
        if (t99_pem_decode(at, &n, block.body) && !index_der(trust, first_element(t99_span(at, n)), &known)) {
            return false;
        }
        *skipped += known ? 0 : 1;
    }
    *added = trust->num - before;
    return true;
}

bool t99_trust_add_pem(struct t99_trust *trust, const uint8_t *text, size_t len, size_t *added,
                       size_t *skipped)
{
    uint8_t *copy = t99_dup(trust->env, text, len);

    *added = *skipped = 0;
    return copy != NULL && t99_trust_adopt_pem(trust, copy, len, len != 0 ? len : 1, added, skipped);
}

bool t99_trust_add_der(struct t99_trust *trust, struct t99_span der)
{
    uint8_t *copy = t99_dup(trust->env, der.p, der.len);
    bool known;

    return copy != NULL && own_buffer(trust, copy, der.len != 0 ? der.len : 1) &&
           index_der(trust, t99_span(copy, der.len), &known) && known;
}

bool t99_trust_add_static_der(struct t99_trust *trust, const uint8_t *ders, size_t len)
{
    const char *bad = NULL;
    struct reader r = rd_init(ders, len, &bad);
    bool known = true;

    while (rd_left(&r) != 0) {
        struct t99_span der = t99_der_element(&r, NULL, "Certificate");

        if (!rd_ok(&r) || !index_der(trust, der, &known)) {
            return false;
        }
    }
    return true;
}

size_t t99_trust_count(const struct t99_trust *trust)
{
    return trust->num;
}

bool t99_trust_find(const struct t99_trust *trust, struct t99_span subject, size_t i, struct t99_span *der)
{
    uint32_t hash = t99_name_hash(subject);
    size_t j;

    for (j = 0; j < trust->num; j++) {
        const struct anchor *a = &trust->anchors[j];

        if (a->hash == hash && t99_name_equal(t99_span(a->der + a->subject_at, a->subject_len), subject)) {
            if (i == 0) {
                *der = t99_span(a->der, a->len);
                return true;
            }
            i--;
        }
    }
    return false;
}

bool t99_trust_contains(const struct t99_trust *trust, struct t99_span der)
{
    struct t99_span subject;

    return t99_certificate_subject(&subject, der) && find_same(trust, der, t99_name_hash(subject)) != NULL;
}

bool t99_trust_at(const struct t99_trust *trust, size_t i, struct t99_span *der)
{
    if (i >= trust->num) {
        return false;
    }
    *der = t99_span(trust->anchors[i].der, trust->anchors[i].len);
    return true;
}
