/* What tls99 adds to libtls: settings and getters. */
#include <stdio.h>
#include <string.h>

#include "api/internal.h"
#include "x509/pem.h"

#define BINDING_LEN 32 /* RFC 9266, 2 */

/* --- Settings --- */

void tls_config_legacy_rsa_key_transport(struct tls_config *config)
{
    config->legacy_rsa = true;
}

void tls_config_legacy_renegotiation_unaware(struct tls_config *config)
{
    config->legacy_renegotiation_unaware = true;
}

void tls_config_verify_strict(struct tls_config *config)
{
    config->strict = true;
}

int tls_config_set_tls12_ciphers(struct tls_config *config, const char *ciphers)
{
    return t99_config_set_suites_of(config, ciphers, T99_TLS12);
}

int tls_config_set_tls13_ciphers(struct tls_config *config, const char *ciphers)
{
    return t99_config_set_suites_of(config, ciphers, T99_TLS13);
}

int tls_config_set_key_password(struct tls_config *config, const char *password)
{
    if (!t99_blob_set(&config->env, &config->password, password,
                      password != NULL ? strlen(password) + 1 : 0)) {
        return t99_error(&config->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    return 0;
}

void tls_config_set_session_cache(struct tls_config *config, int on)
{
    config->sessions = on != 0;
}

void tls_config_set_status_request(struct tls_config *config, int on)
{
    config->no_status_request = on == 0;
}

void tls_config_set_grease(struct tls_config *config, int on)
{
    config->grease = on != 0;
}

void tls_config_set_post_handshake_auth(struct tls_config *config, int on)
{
    config->post_handshake_auth = on != 0;
}

int tls_config_set_record_size_limit(struct tls_config *config, int limit)
{
    if (limit != 0 && (limit < 64 || limit > 16385)) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "record size limit %d is neither 0 (none) nor from 64 to 16385", limit);
    }
    config->record_size_limit = (uint16_t)limit;
    return 0;
}

int tls_config_set_connect_timeout(struct tls_config *config, int milliseconds)
{
    if (milliseconds < 0) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT, "connect timeout of %d ms is negative",
                         milliseconds);
    }
    config->connect_timeout_ms = milliseconds;
    return 0;
}

int tls_config_set_address_family(struct tls_config *config, int family)
{
    if (family != 0 && family != 4 && family != 6) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "address family %d is not 4, 6 or 0 (any)", family);
    }
    config->family = family;
    return 0;
}

void tls_config_insecure_set_keylog_cb(struct tls_config *config, tls_keylog_cb cb, void *arg)
{
    config->keylog = cb;
    config->keylog_arg = arg;
}

void tls_config_set_message_cb(struct tls_config *config, tls_message_cb cb, void *arg)
{
    config->message = cb;
    config->message_arg = arg;
}

void tls_config_set_dial_cb(struct tls_config *config, tls_dial_cb cb, void *arg)
{
    config->dial = cb;
    config->dial_arg = arg;
}

void tls_config_set_verify_report(struct tls_config *config, int on)
{
    config->report = on != 0;
}

/* --- Early data --- */

int tls_set_early_data(struct tls *ctx, const void *data, size_t len)
{
    t99_error_clear(&ctx->error);
    if (ctx->engine == NULL || ctx->started) {
        return t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT,
                         ctx->engine == NULL ? "context not connected: call tls_connect() first"
                                             : "early data came too late: the handshake has begun");
    }
    if (!t99_blob_set(&ctx->config->env, &ctx->early, data, len)) {
        return t99_error(&ctx->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    ctx->hs.early_data = len != 0;
    return 0;
}

/* --- Facts --- */

/* As it stands, during the handshake too. NULL: not connected. */
static const struct t99_conn *conn_of(const struct tls *ctx)
{
    return ctx->engine != NULL ? t99_engine_conn(ctx->engine) : NULL;
}

int tls_conn_session_status(struct tls *ctx)
{
    static const int status[] = { [SESSION_NONE] = TLS_SESSION_NONE,
                                  [SESSION_EXPIRED] = TLS_SESSION_EXPIRED,
                                  [SESSION_UNFIT] = TLS_SESSION_UNFIT,
                                  [SESSION_OFFERED] = TLS_SESSION_DECLINED };
    const struct t99_conn *conn = conn_of(ctx);

    return conn == NULL ? TLS_SESSION_NONE : conn->resumed ? TLS_SESSION_RESUMED : status[conn->session_use];
}

int tls_conn_early_data(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    return conn == NULL                         ? TLS_EARLY_DATA_NONE
           : conn->early_data == EARLY_ACCEPTED ? TLS_EARLY_DATA_ACCEPTED
           : conn->early_data == EARLY_REJECTED ? TLS_EARLY_DATA_REJECTED
                                                : TLS_EARLY_DATA_NONE;
}

const char *tls_conn_group(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    return conn != NULL && conn->group != NULL ? conn->group->name : NULL;
}

const char *tls_conn_signature_scheme(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    return conn != NULL && conn->scheme != NULL ? conn->scheme->name : NULL;
}

const char *tls_conn_cipher_suite(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    return conn != NULL && conn->suite != NULL ? conn->suite->name : NULL;
}

const char *tls_peer_cert_key(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);
    struct t99_certificate leaf;
    const char *bad = NULL;

    if (conn == NULL || conn->chain == NULL || !t99_certificate_decode(&leaf, conn->chain->certs[0], &bad)) {
        return NULL;
    }
    return t99_public_key_name(ctx->key_text, sizeof ctx->key_text, &leaf.key);
}

int tls_conn_hello_retry(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);

    return conn != NULL && conn->hello_retry;
}

const char *tls_conn_matched_name(struct tls *ctx)
{
    const struct t99_conn *conn = conn_of(ctx);
    const uint8_t *p;
    char *out = ctx->matched_text;

    if (conn == NULL || conn->matched_name.p == NULL) {
        return NULL;
    }
    p = conn->matched_name.p;
    if (ctx->peer.type == GN_IP && conn->matched_name.len == 4) {
        (void)snprintf(out, sizeof ctx->matched_text, "%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
    } else if (ctx->peer.type == GN_IP) {
        (void)snprintf(out, sizeof ctx->matched_text, "%s", ctx->servername);
    } else {
        (void)t99_printable(out, sizeof ctx->matched_text, p, conn->matched_name.len);
    }
    return out;
}

const char *tls_conn_address(struct tls *ctx)
{
    return ctx->address[0] != '\0' ? ctx->address : NULL;
}

const char *tls_conn_port(struct tls *ctx)
{
    return ctx->port[0] != '\0' ? ctx->port : NULL;
}

int tls_conn_socket(struct tls *ctx)
{
    return ctx->own_socket;
}

const uint8_t *tls_conn_verified_chain_pem(struct tls *ctx, size_t *len)
{
    const struct t99_conn *conn = conn_of(ctx);
    struct t99_blob *pem = &ctx->path_pem;
    size_t total = 0, i;

    if (conn == NULL || conn->num_path == 0) {
        return NULL;
    }
    for (i = 0; i < conn->num_path; i++) {
        total += t99_pem_encode(NULL, 0, "CERTIFICATE", conn->path[i]);
    }
    t99_blob_clear(&ctx->config->env, pem);
    pem->p = t99_alloc(&ctx->config->env, total);
    if (pem->p == NULL) {
        return NULL;
    }
    pem->alloc_len = total;
    for (i = 0; i < conn->num_path; i++) {
        pem->len += t99_pem_encode(pem->p + pem->len, total - pem->len, "CERTIFICATE", conn->path[i]);
    }
    *len = pem->len;
    return pem->p;
}

void tls_conn_times(struct tls *ctx, struct tls_times *times)
{
    times->dns = ctx->times.dns;
    times->tcp = ctx->times.tcp;
    times->handshake = ctx->times.finished != 0 ? ctx->times.finished - ctx->times.started : 0;
}

/* --- Keys --- */

int tls_exporter(struct tls *ctx, const char *label, const void *context, size_t context_len, void *out,
                 size_t out_len)
{
    struct t99_fault fault;

    t99_fault_clear(&fault);
    t99_error_clear(&ctx->error);
    if (ctx->engine == NULL) {
        return t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT,
                         "context not connected: call tls_connect() first");
    }
    if (!t99_engine_exporter(ctx->engine, &fault, (uint8_t *)out, out_len, label, context != NULL,
                             (const uint8_t *)context, context_len)) {
        return t99_error(&ctx->error, TLS_ERROR_UNKNOWN, "%s", fault.text);
    }
    return 0;
}

int tls_channel_binding(struct tls *ctx, void *out)
{
    return tls_exporter(ctx, "EXPORTER-Channel-Binding", "", 0, out, BINDING_LEN);
}
