#include "x509/trust.h"

#include <string.h>

#include "x509/certificate.h"
#include "x509/der.h"
#include "x509/name.h"
#include "x509/oid.h"
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

/* Certificates one after the other. */
struct buffer {
    uint8_t *p;
    size_t cap, used;
};

struct t99_trust {
    const struct t99_env *env;
    struct t99_env own_env; /* a copy, as the store may outlive who made it */
    size_t shared;          /* how many others hold it */
    struct anchor *anchors;
    size_t num, cap;
    struct bucket *buckets; /* cap of them, a power of two; by hash */
    struct buffer *buffers; /* the last has room */
    size_t num_buffers, cap_buffers;
    size_t held; /* bytes of all buffers */
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

struct t99_trust *t99_trust_share(struct t99_trust *trust)
{
    trust->shared++;
    return trust;
}

void t99_trust_free(struct t99_trust *trust)
{
    struct t99_env env;
    size_t i;

    if (trust == NULL || trust->shared-- != 0) {
        return;
    }
    env = trust->own_env;
    for (i = 0; i < trust->num_buffers; i++) {
        t99_free(&env, trust->buffers[i].p, trust->buffers[i].cap);
    }
    t99_free(&env, trust->buffers, trust->cap_buffers * sizeof *trust->buffers);
    t99_free(&env, trust->anchors, trust->cap * sizeof *trust->anchors);
    t99_free(&env, trust->buckets, trust->cap * sizeof *trust->buckets);
    t99_free(&env, trust, sizeof *trust);
}

#define LEAST 16 /* elements, where there are any */

/* Room for one more buffer. */
static bool grow_buffers(struct t99_trust *trust)
{
    size_t more = trust->cap_buffers != 0 ? 2 * trust->cap_buffers : LEAST;
    struct buffer *buffers;

    if (trust->buffers != NULL && trust->num_buffers < trust->cap_buffers) {
        return true;
    }
    buffers = t99_alloc(trust->env, more * sizeof *buffers);
    if (buffers == NULL) {
        return false;
    }
    if (trust->buffers != NULL) {
        memcpy(buffers, trust->buffers, trust->num_buffers * sizeof *buffers);
    }
    t99_free(trust->env, trust->buffers, trust->cap_buffers * sizeof *buffers);
    trust->buffers = buffers;
    trust->cap_buffers = more;
    return true;
}

#define LEAST_BUFFER 4096 /* bytes; they grow with what there is, so that little of the last is empty */
#define MOST_BUFFER 16384

/* Where the next len bytes may go, which count once `used` is moved. NULL: out of memory. */
static struct buffer *room(struct t99_trust *trust, size_t len)
{
    struct buffer *b = trust->num_buffers != 0 ? &trust->buffers[trust->num_buffers - 1] : NULL;
    size_t cap = trust->held < LEAST_BUFFER  ? LEAST_BUFFER
                 : trust->held > MOST_BUFFER ? MOST_BUFFER
                                             : trust->held;

    if (b != NULL && b->cap - b->used >= len) {
        return b;
    }
    if (!grow_buffers(trust)) {
        return NULL;
    }
    b = &trust->buffers[trust->num_buffers];
    b->cap = len > cap ? len : cap;
    b->used = 0;
    b->p = t99_alloc(trust->env, b->cap);
    if (b->p == NULL) {
        return NULL;
    }
    trust->num_buffers++;
    trust->held += b->cap;
    return b;
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

/*
 * der stays where it is. *known: it is a certificate, as far as was looked; if it is not there yet, it is
 * added. False: out of memory.
 */
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

static bool for_servers(struct reader oids)
{
    static const uint8_t server_auth[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01 };
    static const uint8_t any[] = { 0x55, 0x1d, 0x25, 0x00 };

    while (rd_left(&oids) != 0) {
        struct t99_span oid = t99_der_oid(&oids, "purpose");

        if (t99_is_oid(oid, server_auth) || t99_is_oid(oid, any)) {
            return true;
        }
    }
    return false;
}

/*
 * What stands behind OpenSSL's trusted certificates: CertAux ::= SEQUENCE { trust SEQUENCE OF OID OPTIONAL,
 * reject [0] SEQUENCE OF OID OPTIONAL, ... }. Fedora's bundles distrust authorities in this way.
 */
static bool trusted_for_servers(struct reader *r)
{
    struct reader aux;
    bool trusted = true;

    if (rd_left(r) == 0) {
        return rd_ok(r);
    }
    aux = t99_der_enter(r, DER_SEQUENCE, "CertAux");
    if (t99_der_peek(&aux, DER_SEQUENCE)) {
        trusted = for_servers(t99_der_enter(&aux, DER_SEQUENCE, "trust"));
    }
    if (t99_der_peek(&aux, DER_CONTEXT_CONSTRUCTED | 0)) {
        trusted = !for_servers(t99_der_enter(&aux, DER_CONTEXT_CONSTRUCTED | 0, "reject")) && trusted;
    }
    return rd_end(r, "TRUSTED CERTIFICATE") && trusted;
}

/* *known: it is a certificate that may be trusted. False: out of memory. */
static bool add_block(struct t99_trust *trust, const struct t99_pem_block *block, bool *known)
{
    struct buffer *b = room(trust, t99_pem_decoded_max(block->body.len));
    size_t before = trust->num, n;
    const char *bad = NULL;
    struct t99_span der;
    struct reader r;

    *known = false;
    if (b == NULL) {
        return false;
    }
    if (!t99_pem_decode_public(b->p + b->used, &n, block->body)) {
        return true;
    }
    r = rd_init(b->p + b->used, n, &bad);
    der = t99_der_element(&r, NULL, "Certificate");
    if (!trusted_for_servers(&r)) {
        return true;
    }
    if (!index_der(trust, der, known)) {
        return false;
    }
    b->used += trust->num != before ? der.len : 0;
    return true;
}

bool t99_trust_add_part(struct t99_trust *trust, const uint8_t *text, size_t len, bool last, size_t *used,
                        size_t *added, size_t *skipped)
{
    struct t99_pem_block block;
    size_t pos = 0, before = trust->num;
    const char *bad = NULL;
    bool known;

    *used = *added = *skipped = 0;
    while (t99_pem_next(&block, text, len, &pos, &bad) || bad != NULL) {
        if (bad != NULL && pos == len && !last) {
            break; /* the rest of it is yet to come */
        }
        *used = pos;
        known = true;
        if (bad == NULL && t99_pem_is_certificate(block.label) && !add_block(trust, &block, &known)) {
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
    size_t used;

    return t99_trust_add_part(trust, text, len, true, &used, added, skipped);
}

bool t99_trust_add_der(struct t99_trust *trust, struct t99_span der)
{
    struct buffer *b = room(trust, der.len);
    size_t before = trust->num;
    bool known;

    if (b == NULL) {
        return false;
    }
    if (der.len != 0) {
        memcpy(b->p + b->used, der.p, der.len);
    }
    if (!index_der(trust, t99_span(b->p + b->used, der.len), &known)) {
        return false;
    }
    b->used += trust->num != before ? der.len : 0;
    return known;
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
