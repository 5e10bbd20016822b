/*
 * Fuzzes what judges certificates. Input: certificates, each behind two bytes of length. The last is trusted.
 * As their signatures will not verify, name constraints, policies and the rules of both profiles are called
 * on them directly too.
 */
#include "fuzz/fuzz.h"
#include "x509/checks.h"
#include "x509/name_constraints.h"
#include "x509/policy.h"
#include "x509/verify.h"

#define MAX_CERTS 8

static const struct t99_env env = { NULL, fuzz_alloc, fuzz_release, NULL, fuzz_now_us };

static void judge_alone(const struct t99_verify_params *params, const struct t99_span *ders, size_t num)
{
    static struct t99_certificate certs[MAX_CERTS];
    const struct t99_certificate *path[MAX_CERTS];
    struct t99_work work = t99_work_full();
    struct t99_fault fault;
    struct t99_link link;
    const char *bad;
    size_t i, n = 0;

    for (i = 0; i < num; i++) {
        if (t99_certificate_decode(&certs[n], ders[i], &bad)) {
            path[n] = &certs[n];
            n++;
        }
    }
    for (i = 0; i < n; i++) {
        t99_fault_clear(&fault);
        memset(&link, 0, sizeof link);
        link.params = params;
        link.cert = path[i];
        link.below = i != 0 ? path[i - 1] : NULL;
        link.depth = i;
        link.is_anchor = i + 1 == n;
        (void)!t99_check_certificate(&link, &fault);
        (void)!t99_check_name_constraints(path[i], path, i, false, &work, &fault);
    }
    t99_fault_clear(&fault);
    (void)!(n == 0 || t99_check_policies(params, path, n, &fault));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct t99_span certs[MAX_CERTS];
    struct t99_verify_params params;
    struct t99_peer_name peer;
    struct t99_trust *trust = t99_trust_new(&env);
    struct t99_path *path;
    struct t99_fault fault;
    size_t num = 0;

    while (trust != NULL && num < MAX_CERTS && size > 2) {
        size_t len = load_be16(data);

        len = len < size - 2 ? len : size - 2;
        certs[num++] = t99_span(data + 2, len);
        data += 2 + len;
        size -= 2 + len;
    }
    memset(&params, 0, sizeof params);
    params.env = &env;
    params.trust = trust;
    params.time = INT64_C(1700000000);
    params.ignore_time = true;
    params.verify_chain = true;
    params.max_intermediates = -1;
    params.require_explicit_policy = true;
    params.peer_text = "example.com";
    params.profile = num % 2 != 0 ? PROFILE_STRICT : PROFILE_DEFAULT;
    if (num != 0 && t99_peer_name_parse(&peer, params.peer_text)) {
        params.peer = &peer;
        (void)!t99_trust_add_der(trust, certs[num - 1]);
        t99_fault_clear(&fault);
        if (t99_verify(&path, &params, certs, num, &fault)) {
            t99_path_free(&env, path);
        }
        judge_alone(&params, certs, num);
    }
    t99_trust_free(trust);
    return 0;
}
