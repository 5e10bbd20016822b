#include "x509/crl.h"

#include <stdlib.h>
#include <string.h>

#include "x509/crl_list.h"
#include "x509/pem.h"

/* A list with the memory that its bytes lie in; the lists form a chain in the order added. */
struct item {
    struct t99_crl crl; /* first: t99_crl_next() is given it */
    struct item *next;
    uint8_t *bytes;
    size_t cap;
};

struct t99_crl_store {
    const struct t99_env *env;
    struct item *first, **last;
};

struct t99_crl_store *t99_crl_store_new(const struct t99_env *env)
{
    struct t99_crl_store *store = (struct t99_crl_store *)t99_alloc(env, sizeof *store);

    if (store != NULL) {
        store->env = env;
        store->last = &store->first;
    }
    return store;
}

void t99_crl_store_free(struct t99_crl_store *store)
{
    struct item *item, *next;

    if (store == NULL) {
        return;
    }
    for (item = store->first; item != NULL; item = next) {
        next = item->next;
        t99_free(store->env, item->bytes, item->cap);
        t99_free(store->env, item, sizeof *item);
    }
    t99_free(store->env, store, sizeof *store);
}

const struct t99_crl *t99_crl_next(const struct t99_crl_store *store, const struct t99_crl *crl)
{
    const struct item *item = crl != NULL ? ((const struct item *)(const void *)crl)->next : store->first;

    return item != NULL ? &item->crl : NULL;
}

/* *decoded: false if the block is no list. False: out of memory. */
static bool add_block(struct t99_crl_store *store, const struct t99_pem_block *block, bool *decoded)
{
    size_t cap = t99_pem_decoded_max(block->body.len), len;
    struct item *item = (struct item *)t99_alloc(store->env, sizeof *item);
    const char *bad;

    *decoded = false;
    if (item == NULL) {
        return false;
    }
    item->cap = cap != 0 ? cap : 1;
    item->bytes = (uint8_t *)t99_alloc(store->env, item->cap);
    if (item->bytes != NULL) {
        *decoded = t99_pem_decode_public(item->bytes, &len, block->body) &&
                   t99_crl_decode(&item->crl, t99_span(item->bytes, len), &bad);
        if (*decoded && !t99_crl_find_duplicates(&item->crl, store->env)) {
            t99_free(store->env, item->bytes, item->cap);
            item->bytes = NULL;
        }
    }
    if (item->bytes != NULL && *decoded) {
        *store->last = item;
        store->last = &item->next;
        return true;
    }
    if (item->bytes != NULL) {
        t99_free(store->env, item->bytes, item->cap);
        t99_free(store->env, item, sizeof *item);
        return true;
    }
    t99_free(store->env, item, sizeof *item);
    return false;
}

bool t99_crl_store_add_pem(struct t99_crl_store *store, const uint8_t *text, size_t len, size_t *added,
                           size_t *skipped)
{
    struct t99_pem_block block;
    const char *bad = NULL;
    size_t pos = 0;
    bool decoded;

    *added = 0;
    *skipped = 0;
    for (;;) {
        bad = NULL;
        if (!t99_pem_next(&block, text, len, &pos, &bad)) {
            if (bad == NULL) {
                return true;
            }
            (*skipped)++;
            continue;
        }
        if (!t99_span_equal(block.label, t99_span("X509 CRL", 8))) {
            continue;
        }
        if (!add_block(store, &block, &decoded)) {
            return false;
        }
        *(decoded ? added : skipped) += 1;
    }
}
