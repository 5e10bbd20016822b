/*
 * What the tests of the verifier share: a root, an intermediate CA and a server's certificate to begin with,
 * a trust store, and a list of what the server sends. Include cmocka before.
 */
#ifndef TESTS_VERIFY_FIXTURE_H
#define TESTS_VERIFY_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "x509/make_cert.h"
#include "x509/verify.h"

#define NOW INT64_C(1800000000) /* 2027-01-15 08:00:00 UTC */
#define MAX_CERTS 400

static size_t num_allocated, allocations_left = SIZE_MAX;

static void *test_alloc(void *arg, size_t len)
{
    void *p = NULL;

    (void)arg;
    if (allocations_left != 0) {
        allocations_left--;
        p = malloc(len);
        num_allocated += p != NULL ? 1 : 0;
    }
    return p;
}

static inline void test_release(void *arg, void *p, size_t len)
{
    (void)arg;
    (void)len;
    num_allocated--;
    free(p);
}

static const struct t99_env env = { NULL, test_alloc, test_release, NULL, NULL };

static struct der_out made[MAX_CERTS];
static struct t99_span certs[MAX_CERTS];
static size_t num_certs;
static struct t99_verify_params params;
static struct t99_trust *trust;
static struct t99_peer_name peer;
static struct t99_fault fault;
static struct t99_path *path;

static const struct cert_spec root = {
    .subject = "Root", .issuer = "Root", .key = 1, .issuer_key = 1, .ca = true
};
static const struct cert_spec middle = {
    .subject = "Middle", .issuer = "Root", .key = 2, .issuer_key = 1, .ca = true
};
static const struct cert_spec server = {
    .subject = "server.example", .issuer = "Middle", .key = 3, .issuer_key = 2, .dns = "server.example"
};

static inline int set_up(void **state)
{
    (void)state;
    allocations_left = SIZE_MAX;
    num_certs = 0;
    trust = t99_trust_new(&env);
    memset(&params, 0, sizeof params);
    params.env = &env;
    params.trust = trust;
    params.time = NOW;
    params.verify_chain = true;
    params.max_intermediates = -1;
    params.peer = &peer;
    params.peer_text = "server.example";
    return trust != NULL && t99_peer_name_parse(&peer, params.peer_text) ? 0 : -1;
}

static inline int tear_down(void **state)
{
    (void)state;
    t99_path_free(&env, path);
    path = NULL;
    t99_trust_free(trust);
    return num_allocated == 0 ? 0 : -1;
}

static inline void trust_cert(const struct cert_spec *spec)
{
    struct der_out d;

    assert_true(t99_trust_add_der(trust, make_cert(&d, spec)));
}

static inline void send_cert(const struct cert_spec *spec)
{
    assert_true(num_certs < MAX_CERTS);
    certs[num_certs] = make_cert(&made[num_certs], spec);
    num_certs++;
}

static inline void send_usual_chain(void)
{
    trust_cert(&root);
    send_cert(&server);
    send_cert(&middle);
}

static inline bool verify(void)
{
    t99_path_free(&env, path);
    path = NULL;
    t99_fault_clear(&fault);
    return t99_verify(&path, &params, certs, num_certs, &fault);
}

static inline void assert_refused(const char *text)
{
    bool ok = verify();

    if (ok || strstr(fault.text, text) == NULL) {
        print_error("got: %s\n", ok ? "accepted" : fault.text);
    }
    assert_false(ok);
    assert_null(path);
    assert_int_equal(fault.kind, FAULT_VERIFY);
    assert_non_null(strstr(fault.text, text));
}

/* Refused with this alert and, word for word, this sentence. */
static inline void assert_refused_with(enum t99_alert alert, const char *sentence)
{
    assert_refused(sentence);
    assert_string_equal(fault.text, sentence);
    assert_int_equal(fault.alert, alert);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
