/* From a config and a server's name to an engine that has its ClientHello ready. */
#include <stdio.h>
#include <string.h>

#include "api/internal.h"
#include "handshake/signature_scheme.h"
#include "x509/describe/report.h"

#define CERTIFICATE_MESSAGE_MAX 102400

/* --- What the handshake calls back --- */

static void on_new_session(void *arg, struct t99_session *session)
{
    struct tls *ctx = (struct tls *)arg;

    t99_sessions_put(ctx->config, ctx->session_key, session);
}

static void on_keylog(void *arg, const char *label, const uint8_t client_random[32], const uint8_t *secret,
                      size_t secret_len)
{
    struct tls *ctx = (struct tls *)arg;
    char line[32 + 2 * 32 + 2 * 64 + 4];
    size_t n, i;

    n = (size_t)snprintf(line, sizeof line, "%s ", label);
    for (i = 0; i < 32; i++) {
        n += (size_t)snprintf(line + n, sizeof line - n, "%02x", (unsigned)client_random[i]);
    }
    line[n++] = ' ';
    for (i = 0; i < secret_len; i++) {
        n += (size_t)snprintf(line + n, sizeof line - n, "%02x", (unsigned)secret[i]);
    }
    ctx->config->keylog(line, ctx->config->keylog_arg);
}

/* --- Settings to handshake config --- */

static void set_versions(struct t99_hs_config *hs, uint32_t protocols)
{
    hs->min_version = (protocols & TLS_PROTOCOL_TLSv1_2) != 0 ? T99_TLS12 : T99_TLS13;
    hs->max_version = (protocols & TLS_PROTOCOL_TLSv1_3) != 0 ? T99_TLS13 : T99_TLS12;
}

/* Those of the versions that are on, then, if asked for by name, RSA key transport. */
static void set_suites(struct t99_hs_config *hs, const struct tls_config *config)
{
    const struct t99_cipher_suite *suite;
    size_t i, num = 0;

    for (i = 0; i < config->num_suites; i++) {
        suite = t99_cipher_suite_find(config->suites[i]);
        if (suite->version >= hs->min_version && suite->version <= hs->max_version &&
            (!suite->legacy || config->legacy_rsa)) {
            hs->suites[num++] = suite->id;
        }
    }
    for (i = 0;
         config->legacy_rsa && hs->min_version == T99_TLS12 && (suite = t99_cipher_suite_at(i)) != NULL;
         i++) {
        bool there = false;
        size_t j;

        for (j = 0; j < num; j++) {
            there = there || hs->suites[j] == suite->id;
        }
        if (suite->legacy && !there && num < T99_MAX_SUITES) {
            hs->suites[num++] = suite->id;
        }
    }
    hs->num_suites = num;
}

static void set_schemes(struct t99_hs_config *hs)
{
    const struct t99_signature_scheme *scheme;
    size_t i;

    for (i = 0; (scheme = t99_signature_scheme_at(i)) != NULL && i < T99_MAX_SCHEMES; i++) {
        hs->schemes[i] = scheme->id;
    }
    hs->num_schemes = i;
}

void t99_set_verification(struct t99_verify_params *params, const struct tls_config *config,
                          const struct t99_anchors *anchors)
{
    params->env = &config->env;
    params->trust = anchors->trust;
    params->crls = anchors->crls;
    params->ignore_time = !config->verify_time;
    params->verify_chain = config->verify_cert;
    params->profile = config->strict ? PROFILE_STRICT : PROFILE_DEFAULT;
    params->purpose = PURPOSE_SERVER;
    params->max_intermediates = config->verify_depth;
}

static void set_verification(struct tls *ctx)
{
    const struct tls_config *config = ctx->config;
    struct t99_verify_params *v = &ctx->hs.verify;

    t99_set_verification(v, config, ctx->anchors);
    v->peer = &ctx->peer;
    v->peer_text = ctx->servername;
    ctx->hs.verify_name = config->verify_name;
    ctx->hs.require_staple = config->require_staple;
    t99_verify_id(ctx->config, ctx->anchors, ctx->hs.verify_id);
    if (ctx->report != NULL) {
        v->trace = t99_report_step;
        v->trace_arg = ctx->report;
    }
}

static void set_callbacks(struct tls *ctx)
{
    struct t99_hs_callbacks *on = &ctx->hs.on;

    on->arg = ctx;
    if (ctx->config->sessions || ctx->config->session_fd != -1) {
        on->new_session = on_new_session;
    }
    if (ctx->config->keylog != NULL) {
        on->keylog = on_keylog;
    }
    if (ctx->config->message != NULL) {
        on->message = t99_on_message;
    }
}

static void set_config(struct tls *ctx)
{
    const struct tls_config *config = ctx->config;
    struct t99_hs_config *hs = &ctx->hs;

    memset(hs, 0, sizeof *hs);
    hs->env = &config->env;
    set_versions(hs, config->protocols);
    set_suites(hs, config);
    memcpy(hs->groups, config->groups, config->num_groups * sizeof hs->groups[0]);
    hs->num_groups = config->num_groups;
    hs->default_key_shares = true;
    set_schemes(hs);
    hs->servername = ctx->servername != NULL && ctx->peer.type == GN_DNS ? ctx->servername : NULL;
    hs->alpn = t99_span(ctx->alpn.p, ctx->alpn.len);
    hs->request_ocsp = !config->no_status_request || config->require_staple;
    hs->compressions[0] = T99_COMPRESSION_ZLIB;
    hs->num_compressions = 1;
    hs->offer_ems = true;
    hs->offer_tickets = config->sessions || config->session_fd != -1;
    hs->post_handshake_auth = config->post_handshake_auth && ctx->credentials != NULL;
    hs->grease = config->grease;
    hs->shuffle_extensions = config->grease;
    hs->legacy_server_connect = config->legacy_renegotiation_unaware;
    hs->check_key_usage = true;
    hs->record_size_limit = config->record_size_limit;
    hs->max_cert_list = CERTIFICATE_MESSAGE_MAX;
    hs->early_data = ctx->early.len != 0;
    hs->credentials = ctx->credentials != NULL ? ctx->credentials->list : NULL;
    hs->num_credentials = ctx->credentials != NULL ? ctx->credentials->num : 0;
    set_verification(ctx);
    set_callbacks(ctx);
}

/* Last, because all settings say whether a session may be offered. */
static void set_session(struct tls *ctx)
{
    if (ctx->config->sessions || ctx->config->session_fd != -1) {
        ctx->offered = t99_sessions_take(ctx->config, ctx->session_key, &ctx->hs, &ctx->hs.session_use);
        ctx->hs.session = ctx->offered;
    }
}

/* --- Names --- */

/* One trailing dot is taken off; an address is matched as one and not sent as a name (RFC 6066, 3). */
static int set_servername(struct tls *ctx, const char *servername)
{
    const struct t99_env *env = &ctx->config->env;
    size_t len;

    if (servername == NULL) {
        if (ctx->config->verify_name) {
            return t99_error(&ctx->error, TLS_ERROR_INVALID_ARGUMENT,
                             "server name not specified: the certificate could be anybody's");
        }
        return 0;
    }
    len = strlen(servername);
    if (len > 0 && servername[len - 1] == '.') {
        len--;
    }
    ctx->servername = t99_alloc(env, len + 1);
    if (ctx->servername == NULL) {
        return t99_error(&ctx->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    ctx->servername_len = len + 1;
    memcpy(ctx->servername, servername, len);
    if (!t99_peer_name_parse(&ctx->peer, ctx->servername)) {
        char text[80];

        return t99_error(&ctx->error, TLS_ERROR_INVALID_ARGUMENT,
                         "server name \"%s\" is neither a host name nor an IP address",
                         t99_printable(text, sizeof text, servername, strlen(servername)));
    }
    return 0;
}

static int set_session_key(struct tls *ctx, const char *port)
{
    const char *name = ctx->servername != NULL ? ctx->servername : "";
    size_t len = strlen(name) + 1 + strlen(port) + 1;

    ctx->session_key = t99_alloc(&ctx->config->env, len);
    if (ctx->session_key == NULL) {
        return t99_error(&ctx->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    ctx->session_key_len = len;
    (void)snprintf(ctx->session_key, len, "%s %s", name, port);
    return 0;
}

static int prepare(struct tls *ctx, const char *servername, const char *port)
{
    struct tls_config *config = ctx->config;

    if (set_servername(ctx, servername) != 0 || set_session_key(ctx, port) != 0) {
        return -1;
    }
    ctx->anchors = t99_anchors_get(config, &ctx->error);
    if (ctx->anchors == NULL) {
        return -1;
    }
    if (config->num_keypairs != 0) {
        ctx->credentials = t99_credentials_load(config, &ctx->error);
        if (ctx->credentials == NULL) {
            return -1;
        }
    }
    ctx->report = config->report ? t99_report_new(&config->env) : NULL;
    if ((config->report && ctx->report == NULL) ||
        !t99_blob_set(&config->env, &ctx->alpn, config->alpn.p, config->alpn.len)) {
        return t99_error(&ctx->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    return 0;
}

int t99_start(struct tls *ctx, const char *servername, const char *port)
{
    if (ctx->engine != NULL) {
        return t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT, "already connected: call tls_reset() first");
    }
    if (prepare(ctx, servername, port) == 0) {
        set_config(ctx);
        set_session(ctx);
        ctx->engine = t99_engine_new(&ctx->hs);
        if (ctx->engine != NULL) {
            if (ctx->config->message != NULL) {
                t99_engine_set_record_cb(ctx->engine, t99_on_record, ctx);
            }
            return 0;
        }
        t99_error(&ctx->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    t99_context_drop(ctx);
    return -1;
}
