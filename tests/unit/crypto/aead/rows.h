/* What the tests of AEADs share: known answers and Wycheproof's files, on every row that this CPU runs. */
#ifndef TESTS_UNIT_CRYPTO_AEAD_ROWS_H
#define TESTS_UNIT_CRYPTO_AEAD_ROWS_H

#include <stdlib.h>
#include <string.h>

#include "crypto/aead/aead.h"
#include "hex.h"
#include "kv.h"

/* A known answer: hex digits. */
struct answer {
    const struct t99_aead *aead;
    const char *key, *nonce, *aad, *plain, *sealed; /* sealed: ciphertext, then tag */
};

#define ROWS_MAX 1024 /* bytes of an answer */

static inline void rows_assert_answer(const struct answer *a)
{
    uint8_t key[T99_AEAD_KEY_MAX], nonce[T99_AEAD_NONCE_LEN], aad[64], plain[ROWS_MAX], out[ROWS_MAX];
    size_t aad_len = hex_read(aad, sizeof aad, a->aad), len = hex_read(plain, sizeof plain, a->plain), i;
    const struct t99_aead_impl *impl;
    struct t99_aead_key k;

    assert_int_equal(hex_read(key, sizeof key, a->key), a->aead->key_len);
    hex_read(nonce, sizeof nonce, a->nonce);
    for (i = 0; (impl = a->aead->impl(i)) != NULL; i++) {
        k.impl = impl;
        impl->init(&k, key, a->aead->key_len);
        t99_aead_seal(&k, out, nonce, aad, aad_len, plain, len);
        assert_true(hex_equal(out, len + T99_AEAD_TAG_LEN, a->sealed));
        assert_true(t99_aead_open(&k, out, nonce, aad, aad_len, out, len));
        assert_memory_equal(out, plain, len);
        t99_aead_wipe(&k);
    }
}

/* One test of Wycheproof on one row. */
static inline void rows_assert_wycheproof(struct kv *kv, const struct t99_aead *aead,
                                          const struct t99_aead_impl *impl)
{
    struct t99_span key = kv_hex(kv, "key"), iv = kv_hex(kv, "iv"), aad = kv_hex(kv, "aad");
    struct t99_span msg = kv_hex(kv, "msg"), ct = kv_hex(kv, "ct"), tag = kv_hex(kv, "tag");
    uint8_t *sealed = (uint8_t *)malloc(ct.len + tag.len), *out = (uint8_t *)malloc(ct.len + tag.len);
    struct t99_aead_key k;

    assert_true(sealed != NULL && out != NULL);
    memcpy(sealed, ct.p, ct.len);
    memcpy(sealed + ct.len, tag.p, tag.len);
    k.impl = impl;
    impl->init(&k, key.p, aead->key_len);
    memset(out, 0xee, ct.len + tag.len);
    if (kv_is(kv, "result", "valid")) {
        assert_true(t99_aead_open(&k, out, iv.p, aad.p, aad.len, sealed, ct.len));
        assert_memory_equal(out, msg.p, msg.len);
        t99_aead_seal(&k, out, iv.p, aad.p, aad.len, msg.p, msg.len);
        assert_memory_equal(out, sealed, ct.len + tag.len);
    } else {
        size_t i;

        assert_true(kv_is(kv, "result", "invalid"));
        assert_false(t99_aead_open(&k, out, iv.p, aad.p, aad.len, sealed, ct.len));
        for (i = 0; i < ct.len + tag.len; i++) {
            assert_int_equal(out[i], i < ct.len ? 0 : 0xee);
        }
    }
    t99_aead_wipe(&k);
    free(sealed);
    free(out);
}

/* Every test of a file with this AEAD's lengths. Returns how many, or 0 if the file is not there. */
static inline size_t rows_run_wycheproof(const char *file, const struct t99_aead *aead)
{
    const struct t99_aead_impl *impl;
    struct kv kv;
    size_t num = 0, i = 0;

    if (!kv_open_shared(&kv, file)) {
        return 0;
    }
    while (kv_next(&kv)) {
        if (kv_hex(&kv, "key").len != aead->key_len || kv_hex(&kv, "iv").len != T99_AEAD_NONCE_LEN ||
            kv_hex(&kv, "tag").len != T99_AEAD_TAG_LEN) {
            continue;
        }
        for (i = 0; (impl = aead->impl(i)) != NULL; i++) {
            rows_assert_wycheproof(&kv, aead, impl);
        }
        num++;
    }
    kv_close(&kv);
    printf("%s: %lu tests on %lu implementations\n", aead->name, (unsigned long)num, (unsigned long)i);
    return num;
}

#endif
