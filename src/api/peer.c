/* What a program may ask of a connection and of the server's certificate. */
#include <stdio.h>
#include <string.h>

#include "api/internal.h"
#include "crypto/hash/hash.h"
#include "x509/certificate.h"
#include "x509/name.h"
#include "x509/pem.h"

#define NAME_MAX_TEXT 1024

/* NULL before the handshake is over. */
static const struct t99_conn *conn_of(const struct tls *ctx)
{
    return ctx->engine != NULL && ctx->handshake_done ? t99_engine_conn(ctx->engine) : NULL;
}

static const struct t99_conn *with_chain(const struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    return conn != NULL && conn->chain != NULL && conn->chain->num != 0 ? conn : NULL;
}

static bool leaf_of(const struct tls *ctx, struct t99_certificate *leaf)
{
    const struct t99_conn *conn = with_chain(ctx);
    const char *bad = NULL;

    return conn != NULL && t99_certificate_decode(leaf, conn->chain->certs[0], &bad);
}

/* Keeps text as the context's own; NULL: out of memory. */
static const char *keep(struct tls *ctx, char **slot, size_t *slot_len, const void *text, size_t len)
{
    char *copy = t99_alloc(&ctx->config->env, len + 1);

    if (copy == NULL) {
        return NULL;
    }
    memcpy(copy, text, len);
    t99_free(&ctx->config->env, *slot, *slot_len);
    *slot = copy;
    *slot_len = len + 1;
    return copy;
}

const char *t99_keep_text(struct tls *ctx, char **slot, size_t *slot_len, const char *text)
{
    return keep(ctx, slot, slot_len, text, strlen(text));
}

/* --- The connection --- */

const char *tls_conn_version(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    return conn == NULL ? NULL : conn->version == T99_TLS13 ? "TLSv1.3" : "TLSv1.2";
}

const char *tls_conn_cipher(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    return conn != NULL ? conn->suite->openssl_name : NULL;
}

int tls_conn_cipher_strength(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    return conn != NULL ? (int)conn->suite->aead->strength : 0;
}

const char *tls_conn_alpn_selected(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    if (conn == NULL || conn->alpn == NULL) {
        return NULL;
    }
    return ctx->alpn_text != NULL
               ? ctx->alpn_text
               : keep(ctx, &ctx->alpn_text, &ctx->alpn_text_len, conn->alpn, conn->alpn_len);
}

const char *tls_conn_servername(struct tls *ctx)
{
    return ctx->servername;
}

int tls_conn_session_resumed(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    return conn != NULL && conn->resumed;
}

/* --- The server's certificate --- */

int tls_peer_cert_provided(struct tls *ctx)
{
    return with_chain(ctx) != NULL;
}

int tls_peer_cert_contains_name(struct tls *ctx, const char *name)
{
    struct t99_certificate leaf;
    struct t99_peer_name peer;
    struct t99_span matched;
    size_t len = name != NULL ? strlen(name) : 0;

    if (len == 0 || name[len - 1] == '.' || !leaf_of(ctx, &leaf) || !t99_peer_name_parse(&peer, name)) {
        return 0;
    }
    return t99_peer_name_matches(&peer, &leaf, &matched);
}

const char *tls_peer_cert_hash(struct tls *ctx)
{
    const struct t99_conn *conn = with_chain(ctx);
    uint8_t digest[32];
    size_t i;

    if (conn == NULL) {
        return NULL;
    }
    t99_hash(&t99_sha256, digest, conn->chain->certs[0].p, conn->chain->certs[0].len);
    memcpy(ctx->hash, "SHA256:", 7);
    for (i = 0; i < sizeof digest; i++) {
        (void)snprintf(ctx->hash + 7 + 2 * i, 3, "%02x", (unsigned)digest[i]);
    }
    return ctx->hash;
}

static const char *oneline(struct tls *ctx, char **slot, size_t *slot_len, bool issuer)
{
    struct t99_certificate leaf;
    char text[NAME_MAX_TEXT];

    if (*slot != NULL) {
        return *slot;
    }
    if (!leaf_of(ctx, &leaf)) {
        return NULL;
    }
    t99_name_oneline(text, sizeof text, issuer ? leaf.issuer : leaf.subject);
    return keep(ctx, slot, slot_len, text, strlen(text));
}

const char *tls_peer_cert_issuer(struct tls *ctx)
{
    return oneline(ctx, &ctx->issuer, &ctx->issuer_len, true);
}

const char *tls_peer_cert_subject(struct tls *ctx)
{
    return oneline(ctx, &ctx->subject, &ctx->subject_len, false);
}

const char *tls_peer_cert_common_name(struct tls *ctx)
{
    struct t99_certificate leaf;
    struct t99_span cn;
    size_t num = 0;
    uint8_t tag;

    if (ctx->common_name != NULL) {
        return ctx->common_name;
    }
    if (!leaf_of(ctx, &leaf)) {
        return NULL;
    }
    cn = t99_common_name(leaf.subject, &tag, &num);
    if (cn.p == NULL || memchr(cn.p, 0, cn.len) != NULL) {
        cn = t99_span("", 0);
    }
    return keep(ctx, &ctx->common_name, &ctx->common_name_len, cn.p, cn.len);
}

time_t t99_time(int64_t seconds)
{
    if (sizeof(time_t) < sizeof seconds) {
        seconds = seconds < INT32_MIN ? INT32_MIN : seconds > INT32_MAX ? INT32_MAX : seconds;
    }
    return (time_t)seconds;
}

time_t tls_peer_cert_notbefore(struct tls *ctx)
{
    struct t99_certificate leaf;

    return leaf_of(ctx, &leaf) ? t99_time(leaf.not_before) : (time_t)-1;
}

time_t tls_peer_cert_notafter(struct tls *ctx)
{
    struct t99_certificate leaf;

    return leaf_of(ctx, &leaf) ? t99_time(leaf.not_after) : (time_t)-1;
}

static bool make_chain_pem(struct tls *ctx, const struct t99_chain *chain)
{
    const struct t99_env *env = &ctx->config->env;
    struct t99_blob *pem = &ctx->cert_pem;
    size_t total = 0, i;

    for (i = 0; i < chain->num; i++) {
        total += t99_pem_encode(NULL, 0, "CERTIFICATE", chain->certs[i]);
    }
    pem->p = t99_alloc(env, total);
    if (pem->p == NULL) {
        return false;
    }
    pem->alloc_len = total;
    for (i = 0; i < chain->num; i++) {
        pem->len += t99_pem_encode(pem->p + pem->len, total - pem->len, "CERTIFICATE", chain->certs[i]);
    }
    return true;
}

const uint8_t *tls_peer_cert_chain_pem(struct tls *ctx, size_t *len)
{
    const struct t99_conn *conn = with_chain(ctx);

    if (conn == NULL || (ctx->cert_pem.p == NULL && !make_chain_pem(ctx, conn->chain))) {
        return NULL;
    }
    *len = ctx->cert_pem.len;
    return ctx->cert_pem.p;
}

/* --- OCSP --- */

/* What was stapled, or handed in. NULL: nothing was verified. */
static const struct t99_ocsp_result *ocsp_of(const struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    if (ctx->ocsp_processed) {
        return &ctx->ocsp;
    }
    return conn != NULL && conn->ocsp_verified ? &conn->ocsp : NULL;
}

const char *tls_peer_ocsp_url(struct tls *ctx)
{
    struct t99_certificate leaf;
    struct t99_span uri;

    if (ctx->ocsp_url != NULL) {
        return ctx->ocsp_url;
    }
    if (!leaf_of(ctx, &leaf)) {
        return NULL;
    }
    uri = t99_ocsp_uri(&leaf);
    return uri.p != NULL ? keep(ctx, &ctx->ocsp_url, &ctx->ocsp_url_len, uri.p, uri.len) : NULL;
}

const char *tls_peer_ocsp_result(struct tls *ctx)
{
    const struct t99_ocsp_result *r = ocsp_of(ctx);
    const char *reason;

    if (r == NULL) {
        return NULL;
    }
    if (r->cert_status == 1) {
        reason = r->crl_reason >= 0 ? t99_crl_reason_name(r->crl_reason) : NULL;
        return reason != NULL ? reason : "unspecified";
    }
    return r->cert_status == 0 ? "good" : "unknown";
}

/* libtls numbers two of RFC 6960's statuses otherwise: sigRequired 5 is its 4, unauthorized 6 its 5. */
int tls_peer_ocsp_response_status(struct tls *ctx)
{
    const struct t99_ocsp_result *r = ocsp_of(ctx);

    return r == NULL ? -1 : r->response_status >= 5 ? r->response_status - 1 : r->response_status;
}

int tls_peer_ocsp_cert_status(struct tls *ctx)
{
    const struct t99_ocsp_result *r = ocsp_of(ctx);

    return r != NULL ? r->cert_status : -1;
}

int tls_peer_ocsp_crl_reason(struct tls *ctx)
{
    const struct t99_ocsp_result *r = ocsp_of(ctx);

    return r == NULL ? -1 : r->crl_reason >= 0 ? r->crl_reason : 0;
}

time_t tls_peer_ocsp_this_update(struct tls *ctx)
{
    const struct t99_ocsp_result *r = ocsp_of(ctx);

    return r != NULL ? t99_time(r->this_update) : (time_t)-1;
}

time_t tls_peer_ocsp_next_update(struct tls *ctx)
{
    const struct t99_ocsp_result *r = ocsp_of(ctx);

    return r != NULL ? t99_time(r->next_update) : (time_t)-1;
}

time_t tls_peer_ocsp_revocation_time(struct tls *ctx)
{
    const struct t99_ocsp_result *r = ocsp_of(ctx);

    return r != NULL ? t99_time(r->revocation_time) : (time_t)-1;
}

/* The issuer: next on the verified path, or the next that was sent. */
static bool issuer_of(const struct t99_conn *conn, struct t99_certificate *issuer)
{
    const char *bad = NULL;

    if (conn->num_path > 1) {
        return t99_certificate_decode(issuer, conn->path[1], &bad);
    }
    return conn->chain->num > 1 && t99_certificate_decode(issuer, conn->chain->certs[1], &bad);
}

int tls_ocsp_process_response(struct tls *ctx, const unsigned char *response, size_t size)
{
    const struct t99_conn *conn = with_chain(ctx);
    const struct t99_env *env = &ctx->config->env;
    struct t99_work work = t99_work_full();
    struct t99_certificate leaf, issuer;
    struct t99_fault fault;
    bool ok;

    t99_error_clear(&ctx->error);
    if (conn == NULL || !leaf_of(ctx, &leaf)) {
        return t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT,
                         "ocsp verify failed: there is no server certificate before the handshake");
    }
    if (!issuer_of(conn, &issuer)) {
        return t99_error(&ctx->error, TLS_ERROR_UNKNOWN,
                         "ocsp verify failed: no issuer cert: neither verified nor sent by the server");
    }
    t99_fault_clear(&fault);
    ok = t99_ocsp_verify(&ctx->ocsp, &work, t99_span(response, size), &leaf, &issuer, t99_now_s(env), &fault);
    ctx->ocsp_processed = ctx->ocsp.response_status >= 0;
    return ok ? 0 : t99_error(&ctx->error, TLS_ERROR_UNKNOWN, "%s", fault.text);
}
