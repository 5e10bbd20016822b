/*
 * wycheproof DIR: runs the test vectors of Project Wycheproof, in kv form (tests/kv.h), on every
 * implementation that this CPU runs. One line a file; the last line is "N passed, N failed, N skipped". Exit
 * status 1 if anything failed.
 *
 * A valid test must give the expected output, an invalid one must be refused. An "acceptable" one may be
 * refused, or give the expected output: both pass, and are counted. What the library has no function for is
 * skipped with a reason.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/aead/aead.h"
#include "crypto/ec/curve.h"
#include "crypto/ec/ed25519.h"
#include "crypto/ec/x25519.h"
#include "crypto/hash/hash.h"
#include "crypto/kdf/hkdf.h"
#include "crypto/mac/hmac.h"
#include "crypto/pq/mlkem.h"
#include "crypto/rsa/rsa.h"
#include "kv.h"

enum verdict {
    ACCEPTED, /* with the expected output, if there is one */
    REFUSED,
    WRONG, /* another output, or implementations that disagree */
    SKIPPED
};

struct run {
    struct kv kv;
    const char *name;   /* of the file */
    const char *reason; /* set by those who return SKIPPED: a string literal */
};

#define MAX_REASONS 8

struct counts {
    size_t passed, failed, skipped, acceptable_accepted, acceptable_refused;
    const char *reasons[MAX_REASONS];
    size_t num_reason[MAX_REASONS];
};

static enum verdict skipped(struct run *r, const char *reason)
{
    r->reason = reason;
    return SKIPPED;
}

static enum verdict from_bool(bool accepted)
{
    return accepted ? ACCEPTED : REFUSED;
}

/* The len bytes at p are those of a field. */
static bool is_field(struct run *r, const char *field, const uint8_t *p, size_t len)
{
    return t99_span_equal(t99_span(p, len), kv_hex(&r->kv, field));
}

/*
 * SHA-2 as Wycheproof writes it in fields, or as the file's name does. NULL: none that signatures are made
 * with.
 */
static const struct t99_hash *hash_named(const char *s)
{
    if (s == NULL) {
        return NULL;
    }
    return strcmp(s, "SHA-256") == 0   ? &t99_sha256
           : strcmp(s, "SHA-384") == 0 ? &t99_sha384
           : strcmp(s, "SHA-512") == 0 ? &t99_sha512
                                       : NULL;
}

static const struct t99_hash *hash_of_file(const char *name)
{
    return strstr(name, "sha256") != NULL   ? &t99_sha256
           : strstr(name, "sha384") != NULL ? &t99_sha384
                                            : &t99_sha512;
}

static uint8_t *allocate(size_t len)
{
    uint8_t *p = (uint8_t *)malloc(len);

    if (p == NULL) {
        kv_die("out of memory", "wycheproof");
    }
    return p;
}

/* One implementation: seals to the expected bytes, and opens what is expected to open. */
static enum verdict try_aead(const struct t99_aead_impl *impl, struct run *r, struct t99_span key)
{
    struct t99_span iv = kv_hex(&r->kv, "iv"), aad = kv_hex(&r->kv, "aad"), msg = kv_hex(&r->kv, "msg");
    struct t99_span ct = kv_hex(&r->kv, "ct"), tag = kv_hex(&r->kv, "tag");
    size_t len = ct.len;
    struct t99_aead_key k;
    uint8_t *sealed = allocate(len + 16), *out = allocate(len + 16);
    enum verdict v = WRONG;

    memcpy(sealed, ct.p, len);
    memcpy(sealed + len, tag.p, 16);
    k.impl = impl;
    impl->init(&k, key.p, key.len);
    if (!impl->open(&k, out, iv.p, aad.p, aad.len, sealed, len)) {
        v = REFUSED;
    } else if (msg.len == len && memcmp(out, msg.p, len) == 0) {
        impl->seal(&k, out, iv.p, aad.p, aad.len, msg.p, len);
        v = memcmp(out, sealed, len + 16) == 0 ? ACCEPTED : WRONG;
    }
    t99_aead_wipe(&k);
    free(sealed);
    free(out);
    return v;
}

static enum verdict run_aead(struct run *r)
{
    struct t99_span key = kv_hex(&r->kv, "key");
    const struct t99_aead *aead = strncmp(r->name, "chacha20", 8) == 0 ? &t99_chacha20_poly1305
                                  : key.len == 16                      ? &t99_aes_128_gcm
                                                                       : &t99_aes_256_gcm;
    const struct t99_aead_impl *impl;
    enum verdict first = WRONG, v;
    size_t i;

    if (key.len != aead->key_len) {
        return skipped(r, "keys are of 128 or 256 bits");
    }
    if (kv_hex(&r->kv, "iv").len != T99_AEAD_NONCE_LEN) {
        return skipped(r, "nonces are of 96 bits");
    }
    if (kv_hex(&r->kv, "tag").len != T99_AEAD_TAG_LEN) {
        return skipped(r, "tags are of 128 bits");
    }
    for (i = 0; (impl = aead->impl(i)) != NULL; i++) {
        v = try_aead(impl, r, key);
        first = i == 0 ? v : first;
        if (v != first) {
            return WRONG;
        }
    }
    return first;
}

static enum verdict run_hkdf(struct run *r)
{
    const struct t99_hash *hash = hash_of_file(r->name);
    struct t99_span ikm = kv_hex(&r->kv, "ikm"), salt = kv_hex(&r->kv, "salt");
    struct t99_span info = kv_hex(&r->kv, "info"), okm = kv_hex(&r->kv, "okm");
    size_t size = (size_t)kv_num(&r->kv, "size", 0), i;
    uint8_t prk[T99_HASH_MAX], *out = allocate(size + 1), any = 0;
    enum verdict v;

    t99_hkdf_extract(hash, prk, salt.p, salt.len, ikm.p, ikm.len);
    t99_hkdf_expand(hash, out, size, prk, hash->len, info.p, info.len);
    for (i = 0; i < size; i++) {
        any |= out[i];
    }
    v = any == 0 ? REFUSED : okm.len == size && memcmp(out, okm.p, size) == 0 ? ACCEPTED : WRONG;
    free(out);
    return v;
}

static enum verdict run_hmac(struct run *r)
{
    const struct t99_hash *hash = hash_of_file(r->name);
    struct t99_span key = kv_hex(&r->kv, "key"), msg = kv_hex(&r->kv, "msg"), tag = kv_hex(&r->kv, "tag");
    uint8_t mac[T99_HASH_MAX];

    t99_hmac(hash, mac, key.p, key.len, msg.p, msg.len);
    return from_bool(tag.len == (size_t)kv_num(&r->kv, "tagSize", 0) / 8 && tag.len <= hash->len &&
                     memcmp(mac, tag.p, tag.len) == 0);
}

static enum verdict run_x25519(struct run *r)
{
    struct t99_span peer = kv_hex(&r->kv, "public"), scalar = kv_hex(&r->kv, "private");
    uint8_t out[32];

    if (peer.len != 32 || scalar.len != 32) {
        return skipped(r, "keys are of 32 bytes");
    }
    if (!t99_x25519(out, scalar.p, peer.p)) {
        return REFUSED;
    }
    return is_field(r, "shared", out, sizeof out) ? ACCEPTED : WRONG;
}

static const struct t99_curve *curve_of(const struct kv *kv)
{
    return kv_is(kv, "curve", "secp256r1")   ? &t99_p256
           : kv_is(kv, "curve", "secp384r1") ? &t99_p384
           : kv_is(kv, "curve", "secp521r1") ? &t99_p521
                                             : NULL;
}

/* A big-endian integer of any length as one of len bytes; false if it is longer. */
static bool fit_integer(uint8_t *out, size_t len, struct t99_span in)
{
    while (in.len > len && in.p[0] == 0) {
        in.p++;
        in.len--;
    }
    if (in.len > len) {
        return false;
    }
    memset(out, 0, len - in.len);
    memcpy(out + (len - in.len), in.p, in.len);
    return true;
}

/* The point in a SubjectPublicKeyInfo of id-ecPublicKey on secp256r1, in DER to the bit; else nothing. */
static struct t99_span unwrap_p256(struct t99_span spki)
{
    static const uint8_t prefix[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                      0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                      0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00 };

    if (spki.len != sizeof prefix + 65 || memcmp(spki.p, prefix, sizeof prefix) != 0) {
        return t99_span(NULL, 0);
    }
    return t99_span(spki.p + sizeof prefix, 65);
}

static enum verdict run_ecdh(struct run *r)
{
    const struct t99_curve *curve = curve_of(&r->kv);
    struct t99_span point = kv_hex(&r->kv, "public");
    uint8_t scalar[T99_SCALAR_MAX], x[T99_SCALAR_MAX];

    if (curve == NULL) {
        return skipped(r, "curve");
    }
    if (kv_is(&r->kv, "encoding", "asn")) {
        point = unwrap_p256(point);
    }
    if (point.len == 0 || !fit_integer(scalar, curve->len, kv_hex(&r->kv, "private")) ||
        !curve->ecdh(x, scalar, point.p, point.len)) {
        return REFUSED;
    }
    return is_field(r, "shared", x, curve->len) ? ACCEPTED : WRONG;
}

static enum verdict run_ecdsa(struct run *r)
{
    const struct t99_curve *curve = curve_of(&r->kv);
    const struct t99_hash *hash = hash_named(kv_str(&r->kv, "sha"));
    struct t99_span msg = kv_hex(&r->kv, "msg");
    uint8_t digest[T99_HASH_MAX];

    if (curve == NULL || hash == NULL) {
        return skipped(r, "curve or hash");
    }
    t99_hash(hash, digest, msg.p, msg.len);
    return from_bool(
        t99_ecdsa_verify(curve, kv_hex(&r->kv, "pub"), digest, hash->len, kv_hex(&r->kv, "sig")));
}

static enum verdict run_ed25519(struct run *r)
{
    struct t99_span pub = kv_hex(&r->kv, "pub"), msg = kv_hex(&r->kv, "msg"), sig = kv_hex(&r->kv, "sig");

    if (pub.len != 32 || sig.len != 64) {
        return REFUSED; /* as who parses them does */
    }
    return from_bool(t99_ed25519_verify(sig.p, pub.p, msg.p, msg.len));
}

static enum verdict run_rsa(struct run *r)
{
    bool pss = kv_str(&r->kv, "mgf") != NULL;
    const struct t99_hash *hash = hash_named(kv_str(&r->kv, "sha"));
    const struct t99_hash *mgf_hash = pss ? hash_named(kv_str(&r->kv, "mgfSha")) : hash;
    struct t99_span msg = kv_hex(&r->kv, "msg"), sig = kv_hex(&r->kv, "sig");
    size_t salt_len = (size_t)kv_num(&r->kv, "sLen", 0);
    struct t99_rsa_public key;
    uint8_t digest[T99_HASH_MAX];

    if (hash == NULL || mgf_hash == NULL) {
        return skipped(r, "hash is not of SHA-256, -384, -512");
    }
    key.n = kv_hex(&r->kv, "n");
    key.e = kv_hex(&r->kv, "e");
    t99_hash(hash, digest, msg.p, msg.len);
    if (!t99_rsa_public_valid(&key)) {
        return REFUSED;
    }
    return from_bool(pss ? t99_rsa_verify_pss(&key, hash, mgf_hash, salt_len, digest, sig)
                         : t99_rsa_verify_pkcs1(&key, hash, digest, sig));
}

/* Encapsulation with given randomness. */
static enum verdict run_mlkem_encaps(const struct t99_mlkem *kem, struct run *r, struct t99_span ek,
                                     struct t99_span m)
{
    uint8_t ct[T99_MLKEM_CT_MAX], shared[T99_MLKEM_SHARED_LEN];

    if (m.len != 32) {
        return skipped(r, "randomness is of 32 bytes");
    }
    if (!t99_mlkem_encaps(kem, ct, shared, ek.p, ek.len, m.p)) {
        return REFUSED;
    }
    return is_field(r, "c", ct, kem->ct_len) && is_field(r, "K", shared, sizeof shared) ? ACCEPTED : WRONG;
}

/* Keys from a seed, and decapsulation with them if there is a ciphertext. */
static enum verdict run_mlkem_seed(const struct t99_mlkem *kem, struct run *r, struct t99_span seed)
{
    struct t99_span c = kv_hex(&r->kv, "c");
    uint8_t made[3168], shared[T99_MLKEM_SHARED_LEN];

    if (seed.len != T99_MLKEM_SEED_LEN) {
        return skipped(r, "seeds are of 64 bytes");
    }
    t99_mlkem_public(kem, made, seed.p);
    if (kv_str(&r->kv, "ek") != NULL && !is_field(r, "ek", made, kem->ek_len)) {
        return WRONG;
    }
    t99_mlkem_expand(kem, made, seed.p);
    if (kv_str(&r->kv, "dk") != NULL && !is_field(r, "dk", made, kem->dk_len)) {
        return WRONG;
    }
    if (c.p != NULL && !t99_mlkem_decaps(kem, shared, seed.p, c.p, c.len)) {
        return REFUSED;
    }
    return c.p == NULL || is_field(r, "K", shared, sizeof shared) ? ACCEPTED : WRONG;
}

static enum verdict run_mlkem(struct run *r)
{
    const struct t99_mlkem *kem = kv_is(&r->kv, "parameterSet", "ML-KEM-1024")  ? &t99_mlkem_1024
                                  : kv_is(&r->kv, "parameterSet", "ML-KEM-768") ? &t99_mlkem_768
                                                                                : NULL;
    struct t99_span m = kv_hex(&r->kv, "m"), seed = kv_hex(&r->kv, "seed"), dk = kv_hex(&r->kv, "dk");
    struct t99_span c = kv_hex(&r->kv, "c");
    uint8_t shared[T99_MLKEM_SHARED_LEN];

    if (kem == NULL) {
        return skipped(r, "parameter set");
    }
    if (m.p != NULL) {
        return run_mlkem_encaps(kem, r, kv_hex(&r->kv, "ek"), m);
    }
    if (seed.p != NULL) {
        return run_mlkem_seed(kem, r, seed);
    }
    if (!t99_mlkem_decaps_expanded(kem, shared, dk.p, dk.len, c.p, c.len)) {
        return REFUSED;
    }
    return is_field(r, "K", shared, sizeof shared) ? ACCEPTED : WRONG;
}

static enum verdict run_none(struct run *r)
{
    return skipped(r, "no such algorithm here");
}

/* A file goes to the first row that its name begins with. */
static const struct {
    const char *prefix;
    enum verdict (*run)(struct run *r);
} runners[] = {
    { "aes_gcm", run_aead },       { "chacha20_poly1305", run_aead }, { "ecdh_", run_ecdh },
    { "ecdsa_", run_ecdsa },       { "ed25519", run_ed25519 },        { "hkdf_", run_hkdf },
    { "hmac_", run_hmac },         { "mlkem_", run_mlkem },           { "rsa_pss_", run_rsa },
    { "rsa_signature_", run_rsa }, { "x25519", run_x25519 },          { "", run_none },
};

static void count_skip(struct counts *n, const char *reason)
{
    size_t i = 0;

    while (i < MAX_REASONS - 1 && n->reasons[i] != NULL && strcmp(n->reasons[i], reason) != 0) {
        i++;
    }
    n->reasons[i] = reason;
    n->num_reason[i]++;
    n->skipped++;
}

static void judge(struct counts *n, const struct run *r, enum verdict v)
{
    static const char *const names[] = { "accepted", "refused", "wrong output", "skipped" };
    bool acceptable = kv_is(&r->kv, "result", "acceptable");
    bool ok = acceptable ? v != WRONG : v == (kv_is(&r->kv, "result", "valid") ? ACCEPTED : REFUSED);

    if (v == SKIPPED) {
        count_skip(n, r->reason);
    } else if (ok) {
        n->passed++;
        n->acceptable_accepted += acceptable && v == ACCEPTED;
        n->acceptable_refused += acceptable && v == REFUSED;
    } else {
        n->failed++;
        printf("FAILED %s tc=%s: %s, expected %s: %s [%s]\n", r->name, kv_str(&r->kv, "tc"), names[v],
               kv_str(&r->kv, "result"), kv_str(&r->kv, "comment") != NULL ? kv_str(&r->kv, "comment") : "",
               kv_str(&r->kv, "flags") != NULL ? kv_str(&r->kv, "flags") : "");
    }
}

/* The names of an AEAD's implementations, which all ran. */
static void print_impls(const struct t99_aead *aead)
{
    size_t i;

    for (i = 0; aead->impl(i) != NULL; i++) {
        printf("%s%s", i == 0 ? "; run on " : ", ", aead->impl(i)->name);
    }
}

static void print_file(const struct counts *n, const char *name)
{
    size_t i;

    printf("%s: %zu passed, %zu failed, %zu skipped", name, n->passed, n->failed, n->skipped);
    if (n->acceptable_accepted + n->acceptable_refused != 0) {
        printf("; \"acceptable\": %zu accepted, %zu refused", n->acceptable_accepted, n->acceptable_refused);
    }
    for (i = 0; i < MAX_REASONS && n->reasons[i] != NULL; i++) {
        printf("; skipped %zu: %s", n->num_reason[i], n->reasons[i]);
    }
    if (strncmp(name, "aes_gcm", 7) == 0) {
        print_impls(&t99_aes_128_gcm);
        print_impls(&t99_aes_256_gcm);
    } else if (strncmp(name, "chacha20", 8) == 0) {
        print_impls(&t99_chacha20_poly1305);
    }
    printf("\n");
}

static void run_file(struct counts *all, const char *dir, const char *name)
{
    struct counts n;
    struct run r;
    char path[4096];
    size_t i = 0;

    memset(&n, 0, sizeof n);
    r.name = name;
    r.reason = "";
    while (strncmp(name, runners[i].prefix, strlen(runners[i].prefix)) != 0) {
        i++;
    }
    snprintf(path, sizeof path, "%s/%s", dir, name);
    if (!kv_open(&r.kv, path)) {
        printf("FAILED %s: cannot be read\n", path);
        all->failed++;
        return;
    }
    while (kv_next(&r.kv)) {
        judge(&n, &r, runners[i].run(&r));
    }
    kv_close(&r.kv);
    print_file(&n, name);
    all->passed += n.passed;
    all->failed += n.failed;
    all->skipped += n.skipped;
}

static int is_text(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return len > 4 && strcmp(entry->d_name + len - 4, ".txt") == 0;
}

int main(int argc, char **argv)
{
    struct dirent **names = NULL;
    struct counts all;
    int num = argc == 2 ? scandir(argv[1], &names, is_text, alphasort) : -1, i;

    memset(&all, 0, sizeof all);
    if (num <= 0) {
        fprintf(stderr, "usage: wycheproof DIR, a folder of test vectors (*.txt) in kv form\n");
        return 2;
    }
    printf("\"acceptable\" tests pass if they are refused, or accepted with the expected output\n");
    for (i = 0; i < num; i++) {
        run_file(&all, argv[1], names[i]->d_name);
        free(names[i]);
    }
    free(names);
    printf("%zu passed, %zu failed, %zu skipped\n", all.passed, all.failed, all.skipped);
    return all.failed != 0;
}
