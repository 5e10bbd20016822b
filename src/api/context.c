/* Contexts: their life, and how one becomes a connection in memory. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "api/env_system.h"
#include "api/internal.h"
#include "x509/describe/report.h"

struct tls *t99_client_env(const struct t99_env *env)
{
    struct tls *ctx = t99_alloc(env, sizeof *ctx);

    if (ctx == NULL) {
        return NULL;
    }
    ctx->rfd = ctx->wfd = ctx->own_socket = -1;
    ctx->config = t99_config_new_env(env);
    if (ctx->config == NULL) {
        t99_free(env, ctx, sizeof *ctx);
        return NULL;
    }
    return ctx;
}

struct tls *tls_client(void)
{
    return t99_client_env(&t99_env_system);
}

int tls_configure(struct tls *ctx, struct tls_config *config)
{
    struct tls_config *old = ctx->config;

    if (config == NULL) {
        config = t99_config_new_env(&old->env);
        if (config == NULL) {
            return t99_error(&ctx->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
        }
    } else {
        t99_config_ref(config);
    }
    if (ctx->engine != NULL) { /* a connection keeps what it was made with until it is reset */
        t99_context_drop(ctx);
    }
    ctx->config = config;
    tls_config_free(old);
    return 0;
}

static void clear_text(const struct t99_env *env, char **text, size_t *len)
{
    t99_free(env, *text, *len);
    *text = NULL;
    *len = 0;
}

void t99_context_drop(struct tls *ctx)
{
    const struct t99_env env = ctx->config->env;

    t99_engine_free(ctx->engine);
    ctx->engine = NULL;
    t99_anchors_put(ctx->config, ctx->anchors);
    ctx->anchors = NULL;
    t99_credentials_free(&env, ctx->credentials);
    ctx->credentials = NULL;
    if (ctx->offered != NULL && !ctx->started) { /* nobody has seen it */
        t99_sessions_put(ctx->config, ctx->session_key, ctx->offered);
    } else {
        t99_session_free(&env, ctx->offered);
    }
    ctx->offered = NULL;
    t99_blob_clear(&env, &ctx->alpn);
    t99_blob_clear(&env, &ctx->early);
    t99_blob_clear(&env, &ctx->cert_pem);
    t99_blob_clear(&env, &ctx->path_pem);
    clear_text(&env, &ctx->servername, &ctx->servername_len);
    clear_text(&env, &ctx->session_key, &ctx->session_key_len);
    clear_text(&env, &ctx->subject, &ctx->subject_len);
    clear_text(&env, &ctx->issuer, &ctx->issuer_len);
    clear_text(&env, &ctx->common_name, &ctx->common_name_len);
    clear_text(&env, &ctx->ocsp_url, &ctx->ocsp_url_len);
    clear_text(&env, &ctx->alpn_text, &ctx->alpn_text_len);
    clear_text(&env, &ctx->offer, &ctx->offer_len);
    clear_text(&env, &ctx->chain_text, &ctx->chain_text_len);
    clear_text(&env, &ctx->report_text[0], &ctx->report_text_len[0]);
    clear_text(&env, &ctx->report_text[1], &ctx->report_text_len[1]);
    t99_report_free(ctx->report);
    ctx->report = NULL;
    if (ctx->own_socket != -1) {
        close(ctx->own_socket);
    }
    ctx->rfd = ctx->wfd = ctx->own_socket = -1;
    ctx->read_cb = NULL;
    ctx->write_cb = NULL;
    ctx->cb_arg = NULL;
    ctx->started = ctx->handshake_done = ctx->close_sent = ctx->closed = ctx->early_resent =
        ctx->eof_reported = ctx->ocsp_processed = ctx->key_update_queued = ctx->sessions_forgotten = false;
    ctx->write_pending = 0;
    ctx->early_sent = 0;
    ctx->hash[0] = ctx->address[0] = ctx->port[0] = '\0';
    memset(&ctx->times, 0, sizeof ctx->times);
}

void tls_reset(struct tls *ctx)
{
    struct tls_config *fresh = t99_config_new_env(&ctx->config->env);

    t99_context_drop(ctx);
    t99_error_clear(&ctx->error);
    if (fresh != NULL) { /* out of memory: the old settings stay, which are at least the caller's own */
        tls_config_free(ctx->config);
        ctx->config = fresh;
    }
}

void tls_free(struct tls *ctx)
{
    struct tls_config *config;
    struct t99_env env;

    if (ctx == NULL) {
        return;
    }
    t99_context_drop(ctx);
    config = ctx->config;
    env = config->env;
    t99_free(&env, ctx, sizeof *ctx);
    tls_config_free(config);
}

const char *tls_error(struct tls *ctx)
{
    return ctx->error.set ? ctx->error.text : NULL;
}

int tls_error_code(struct tls *ctx)
{
    return ctx->error.code;
}
