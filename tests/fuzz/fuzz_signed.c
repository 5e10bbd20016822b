/*
 * Fuzzes the whole verification as if every signature were good: the linker puts our own answer in the place
 * of t99_verify_signature(), so that paths are built, and lists and responses are believed. Input: a byte of
 * settings, then items, each behind two bytes: the kind in the highest two bits, the length in the others.
 */
#include "fuzz/fuzz.h"
#include "x509/crl.h"
#include "x509/ocsp.h"
#include "x509/verify.h"

#define MAX_CERTS 8

enum { SENT, TRUSTED, LIST, STAPLE };

static const struct t99_env env = { NULL, fuzz_alloc, fuzz_release, NULL, fuzz_now_us };

struct input {
    struct t99_span certs[MAX_CERTS], staple;
    size_t num;
    struct t99_trust *trust;
    struct t99_crl_store *crls;
};

bool __wrap_t99_verify_signature(const struct t99_public_key *key, const struct t99_sig_alg *alg,
                                 struct t99_span message, struct t99_span sig);

bool __wrap_t99_verify_signature(const struct t99_public_key *key, const struct t99_sig_alg *alg,
                                 struct t99_span message, struct t99_span sig)
{
    (void)message;
    (void)sig;
    return key->type != T99_KEY_UNKNOWN && (key->type != T99_KEY_EC || key->curve != NULL) &&
           alg->type != T99_SIG_UNKNOWN;
}

/* The store takes PEM (RFC 7468). */
static void add_list(struct t99_crl_store *crls, const uint8_t *der, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char begin[] = "-----BEGIN X509 CRL-----\n", end[] = "\n-----END X509 CRL-----\n";
    char *text = malloc(2 * len + 100), *p = text;
    size_t i, added, skipped;
    uint32_t three;

    check(text != NULL);
    memcpy(p, begin, sizeof begin - 1);
    p += sizeof begin - 1;
    for (i = 0; i < len; i += 3) {
        three = (uint32_t)der[i] << 16 | (i + 1 < len ? (uint32_t)der[i + 1] << 8 : 0) |
                (i + 2 < len ? der[i + 2] : 0);
        *p++ = digits[three >> 18];
        *p++ = digits[three >> 12 & 63];
        *p++ = (char)(i + 1 < len ? digits[three >> 6 & 63] : '=');
        *p++ = (char)(i + 2 < len ? digits[three & 63] : '=');
    }
    memcpy(p, end, sizeof end - 1);
    p += sizeof end - 1;
    (void)!t99_crl_store_add_pem(crls, (const uint8_t *)text, (size_t)(p - text), &added, &skipped);
    free(text);
}

static void take(struct input *in, const uint8_t *data, size_t size)
{
    unsigned kind;
    size_t len;

    while (size > 2) {
        kind = data[0] >> 6;
        len = load_be16(data) & 0x3fff;
        len = len < size - 2 ? len : size - 2;
        if (kind == SENT && in->num < MAX_CERTS) {
            in->certs[in->num++] = t99_span(data + 2, len);
        } else if (kind == TRUSTED) {
            (void)!t99_trust_add_der(in->trust, t99_span(data + 2, len));
        } else if (kind == LIST) {
            add_list(in->crls, data + 2, len);
        } else if (kind == STAPLE) {
            in->staple = t99_span(data + 2, len);
        }
        data += 2 + len;
        size -= 2 + len;
    }
}

static void verify(const struct input *in, unsigned settings)
{
    struct t99_verify_params params;
    struct t99_ocsp_result result;
    struct t99_peer_name peer;
    struct t99_path *path;
    struct t99_fault fault;

    memset(&params, 0, sizeof params);
    params.env = &env;
    params.trust = in->trust;
    params.crls = (settings & 1) != 0 ? in->crls : NULL;
    params.time = INT64_C(1800000000);
    params.ignore_time = (settings & 2) == 0;
    params.verify_chain = true;
    params.max_intermediates = -1;
    params.require_explicit_policy = (settings & 4) != 0;
    params.inhibit_any_policy = (settings & 8) != 0;
    params.profile = (settings & 0x30) == 0x10   ? PROFILE_STRICT
                     : (settings & 0x30) == 0x20 ? PROFILE_RFC5280
                                                 : PROFILE_DEFAULT;
    params.anchor_name_and_key = (settings & 0x40) != 0;
    params.peer_text = "localhost";
    check(t99_peer_name_parse(&peer, params.peer_text));
    params.peer = (settings & 0x80) != 0 ? &peer : NULL;
    t99_fault_clear(&fault);
    if (!t99_verify(&path, &params, in->certs, in->num, &fault)) {
        check(t99_faulted(&fault) && fault.text[0] != 0);
        return;
    }
    check(path->num >= 1 && path->num <= T99_PATH_MAX);
    if (in->staple.p != NULL) {
        (void)!t99_ocsp_verify(&result, &path->work, in->staple, &path->certs[0],
                               &path->certs[path->num > 1 ? 1 : 0], params.time, &fault);
    }
    t99_path_free(&env, path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;

    memset(&in, 0, sizeof in);
    in.trust = t99_trust_new(&env);
    in.crls = t99_crl_store_new(&env);
    if (size > 1 && in.trust != NULL && in.crls != NULL) {
        take(&in, data + 1, size - 1);
        if (in.num != 0) {
            verify(&in, data[0]);
        }
    }
    t99_crl_store_free(in.crls);
    t99_trust_free(in.trust);
    return 0;
}
