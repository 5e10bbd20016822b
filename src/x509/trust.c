#include "x509/trust.h"

#include <string.h>

#include "base/text.h"
#include "x509/certificate.h"
#include "x509/der.h"
#include "x509/name.h"
#include "x509/pem.h"

#define NONE UINT32_MAX

struct anchor {
    const uint8_t *der;
    uint32_t len, hash; /* hash of the subject */
    uint32_t subject_at, subject_len;
    uint32_t next; /* in the same bucket, in the order added; NONE: the last */
};

struct bucket {
    uint32_t first, last;
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
    struct bucket *buckets; /* cap of them, a power of two; by hash */
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
    t99_free(&env, trust->buckets, trust->cap * sizeof *trust->buckets);
    t99_free(&env, trust, sizeof *trust);
}

#define LEAST 16 /* elements, where there are any */

static bool own_buffer(struct t99_trust *trust, uint8_t *p, size_t len)
{
    size_t more = trust->cap_buffers != 0 ? 2 * trust->cap_buffers : LEAST;
    struct buffer *buffers;

    if (trust->num_buffers == trust->cap_buffers) {
        buffers = t99_alloc(trust->env, more * sizeof *buffers);
        if (buffers == NULL) {
            t99_free(trust->env, p, len);
            return false;
        }
        if (trust->num_buffers != 0) {
            memcpy(buffers, trust->buffers, trust->num_buffers * sizeof *buffers);
        }
        t99_free(trust->env, trust->buffers, trust->cap_buffers * sizeof *buffers);
        trust->buffers = buffers;
        trust->cap_buffers = more;
    }
    trust->buffers[trust->num_buffers].p = p;
    trust->buffers[trust->num_buffers].len = len;
    trust->num_buffers++;
    return true;
}

/* --- The index --- */

/* The last of its bucket. */
static void chain(struct t99_trust *trust, uint32_t i)
{
    struct bucket *b = &trust->buckets[trust->anchors[i].hash & (trust->cap - 1)];

    trust->anchors[i].next = NONE;
    if (b->first == NONE) {
        b->first = i;
    } else {
        trust->anchors[b->last].next = i;
    }
    b->last = i;
}

/* Room for one more anchor. */
static bool grow(struct t99_trust *trust)
{
    size_t more = trust->cap != 0 ? 2 * trust->cap : LEAST, i;
    struct anchor *anchors;
    struct bucket *buckets;

    if (trust->num < trust->cap) {
        return true;
    }
    if (more > NONE / 2) {
        return false;
    }
    anchors = t99_alloc(trust->env, more * sizeof *anchors);
    buckets = t99_alloc(trust->env, more * sizeof *buckets);
    if (anchors == NULL || buckets == NULL) {
        t99_free(trust->env, anchors, more * sizeof *anchors);
        t99_free(trust->env, buckets, more * sizeof *buckets);
        return false;
    }
    if (trust->num != 0) {
        memcpy(anchors, trust->anchors, trust->num * sizeof *anchors);
    }
    t99_free(trust->env, trust->anchors, trust->cap * sizeof *anchors);
    t99_free(trust->env, trust->buckets, trust->cap * sizeof *buckets);
    trust->anchors = anchors;
    trust->buckets = buckets;
    trust->cap = more;
    for (i = 0; i < more; i++) {
        buckets[i].first = buckets[i].last = NONE;
    }
    for (i = 0; i < trust->num; i++) {
        chain(trust, (uint32_t)i);
    }
    return true;
}

/* The first anchor from *i on in its bucket that has this hash; *i: NONE if there is no more. */
static const struct anchor *seek(const struct t99_trust *trust, uint32_t *i, uint32_t hash)
{
    const struct anchor *a = NULL;

    while (*i != NONE) {
        a = &trust->anchors[*i];
        *i = a->next;
        if (a->hash == hash) {
            return a;
        }
    }
    return NULL;
}

static uint32_t first_of(const struct t99_trust *trust, uint32_t hash)
{
    return trust->num != 0 ? trust->buckets[hash & (trust->cap - 1)].first : NONE;
}

static bool has(const struct t99_trust *trust, struct t99_span der, uint32_t hash)
{
    uint32_t i = first_of(trust, hash);
    const struct anchor *a;

    while ((a = seek(trust, &i, hash)) != NULL) {
        if (t99_span_equal(t99_span(a->der, a->len), der)) {
            return true;
        }
    }
    return false;
}

/* der stays where it is. *known: it is a certificate, as far as was looked. False: out of memory. */
static bool index_der(struct t99_trust *trust, struct t99_span der, bool *known)
{
    struct t99_span subject;
    struct anchor *a;
    uint32_t hash;

    *known = der.len <= INT32_MAX && t99_certificate_subject(&subject, der);
    if (!*known) {
        return true;
    }
    hash = t99_name_hash(subject);
    if (has(trust, der, hash)) {
        return true;
    }
    if (!grow(trust)) {
        return false;
    }
    a = &trust->anchors[trust->num];
    a->der = der.p;
    a->len = (uint32_t)der.len;
    a->hash = hash;
    a->subject_at = (uint32_t)(subject.p - der.p);
    a->subject_len = (uint32_t)subject.len;
    chain(trust, (uint32_t)trust->num++);
    return true;
}

/* --- Adding --- */

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

/* --- Asking --- */

size_t t99_trust_count(const struct t99_trust *trust)
{
    return trust->num;
}

bool t99_trust_find(const struct t99_trust *trust, struct t99_span subject, size_t i, struct t99_span *der)
{
    uint32_t hash = t99_name_hash(subject), at = first_of(trust, hash);
    const struct anchor *a;

    while ((a = seek(trust, &at, hash)) != NULL) {
        if (t99_name_equal(t99_span(a->der + a->subject_at, a->subject_len), subject) && i-- == 0) {
            *der = t99_span(a->der, a->len);
            return true;
        }
    }
    return false;
}

bool t99_trust_contains(const struct t99_trust *trust, struct t99_span der)
{
    struct t99_span subject;

    return t99_certificate_subject(&subject, der) && has(trust, der, t99_name_hash(subject));
}

bool t99_trust_at(const struct t99_trust *trust, size_t i, struct t99_span *der)
{
    if (i >= trust->num) {
        return false;
    }
    *der = t99_span(trust->anchors[i].der, trust->anchors[i].len);
    return true;
}
