/* The search for a certificate path as a report: of a connection, or of certificates that a caller has. */
#include "x509/describe/report.h"

#include <string.h>

#include "api/certs.h"
#include "api/internal.h"
#include "x509/pem.h"
#include "x509/verify.h"

/* --- Of a connection --- */

/* Made when first asked for after the verdict. */
static const char *report_text(struct tls *ctx, bool json)
{
    char **text = &ctx->report_text[json ? 1 : 0];

    if (*text == NULL && ctx->report != NULL) {
        *text = t99_report_text(ctx->report, json, &ctx->report_text_len[json ? 1 : 0]);
    }
    return *text;
}

const char *tls_conn_verify_report(struct tls *ctx)
{
    return report_text(ctx, false);
}

const char *tls_conn_verify_report_json(struct tls *ctx)
{
    return report_text(ctx, true);
}

/* --- Of certificates in memory --- */

/* host NULL: no name is checked. */
static int set_name(struct tls_config *config, struct t99_verify_params *params, struct t99_peer_name *peer,
                    const char *host)
{
    char text[80];

    if (host == NULL) {
        return 0;
    }
    if (!t99_peer_name_parse(peer, host)) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "server name \"%s\" is neither a host name nor an IP address",
                         t99_printable(text, sizeof text, host, strlen(host)));
    }
    params->peer = peer;
    params->peer_text = host;
    return 0;
}

/* 1: accepted, 0: rejected, -1: neither, and the config's error is set. */
static int verify(struct tls_config *config, const struct t99_verify_params *params,
                  const struct t99_certs *certs)
{
    struct t99_path *path = NULL;
    struct t99_fault fault;
    bool ok;

    t99_fault_clear(&fault);
    ok = t99_verify(&path, params, certs->list, certs->num, &fault);
    t99_path_free(&config->env, path);
    if (ok || fault.kind == FAULT_VERIFY) {
        return ok ? 1 : 0;
    }
    return t99_error(&config->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
}

/* The same, with a report. */
static int verify_and_report(struct tls_config *config, struct t99_verify_params *params,
                             const struct t99_certs *certs, bool json, char **text)
{
    struct t99_report *report = t99_report_new(&config->env);
    size_t alloc_len;
    int result = -1;

    if (report != NULL) {
        params->trace = t99_report_step;
        params->trace_arg = report;
        result = verify(config, params, certs);
        *text = result >= 0 ? t99_report_text(report, json, &alloc_len) : NULL;
    }
    t99_report_free(report);
    return *text != NULL ? result : t99_error(&config->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
}

static int judge(struct tls_config *config, const struct t99_certs *certs, struct t99_verify_params *params,
                 bool json, char **text)
{
    struct t99_anchors *anchors = t99_anchors_get(config, &config->error);
    int result;

    if (anchors == NULL) {
        return -1;
    }
    t99_set_verification(params, config, anchors);
    result =
        text != NULL ? verify_and_report(config, params, certs, json, text) : verify(config, params, certs);
    t99_anchors_put(config, anchors);
    return result;
}

int tls_config_verify_certs(struct tls_config *config, const void *certs, size_t len, const char *host,
                            time_t now, int format, char **report)
{
    const struct t99_env *env = &config->env;
    struct t99_verify_params params;
    struct t99_peer_name peer;
    struct t99_certs all;
    int result;

    if (report != NULL) {
        *report = NULL;
    }
    memset(&params, 0, sizeof params);
    t99_error_clear(&config->error);
    if (!config->verify_cert) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "nothing to verify by: the config says that certificates are not verified");
    }
    if (set_name(config, &params, &peer, host) != 0) {
        return -1;
    }
    if (!t99_certs_read(env, &all, certs, len)) {
        return t99_error(&config->error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    }
    if (all.num == 0) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT, "no certificate to verify: %s",
                         t99_pem_fault((const uint8_t *)certs, len));
    }
    params.time_given = now != 0;
    params.time = params.time_given ? (int64_t)now : t99_now_s(env);
    result = judge(config, &all, &params, format == TLS_DESCRIBE_JSON, report);
    t99_certs_free(env, &all);
    return result;
}
