#include "https_get/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int failed(struct tls_config *config, const struct options *o, int code)
{
    return complain(o, code, "%s", tls_config_error(config));
}

static int set_trust(struct tls_config *config, const struct options *o)
{
    if (o->cacert != NULL && tls_config_set_ca_file(config, o->cacert) != 0) {
        return failed(config, o, EXIT_CA_FILE);
    }
    if (o->capath != NULL && o->cacert == NULL && tls_config_set_ca_path(config, o->capath) != 0) {
        return failed(config, o, EXIT_CA_FILE);
    }
    if (o->crlfile != NULL && tls_config_set_crl_file(config, o->crlfile) != 0) {
        return failed(config, o, EXIT_CRL_FILE);
    }
    if (o->insecure) {
        tls_config_insecure_noverifycert(config);
        tls_config_insecure_noverifyname(config);
    }
    if (o->strict) {
        tls_config_verify_strict(config);
    }
    if (o->no_status) {
        tls_config_set_status_request(config, 0);
    }
    if (o->late_auth) {
        tls_config_set_post_handshake_auth(config, 1);
    }
    if (o->cert_status) {
        tls_config_ocsp_require_stapling(config);
    }
    tls_config_set_verify_report(config, o->verbose || o->explain != EXPLAIN_NO);
    return EXIT_OK;
}

/* "FILE" or "FILE:PASSWORD", in place; a backslash takes its meaning from a colon. NULL: no password. */
static const char *split_password(char *text)
{
    char *out = text;

    for (; *text != '\0'; text++) {
        if (*text == ':') {
            *out = '\0';
            return text + 1;
        }
        if (*text == '\\' && (text[1] == ':' || text[1] == '\\')) {
            text++;
        }
        *out++ = *text;
    }
    *out = '\0';
    return NULL;
}

static int set_client_cert(struct tls_config *config, const struct options *o)
{
    const char *password;
    char *file;
    int r = 0;

    if (o->cert == NULL) {
        return o->key == NULL ? EXIT_OK : complain(o, EXIT_USAGE, "--key without --cert");
    }
    file = strdup(o->cert);
    if (file == NULL) {
        return complain(o, EXIT_MEMORY, "out of memory");
    }
    password = split_password(file);
    password = o->pass != NULL ? o->pass : password;
    if (password != NULL) {
        r = tls_config_set_key_password(config, password);
    }
    if (r == 0) {
        r = tls_config_set_keypair_file(config, file, o->key != NULL ? o->key : file);
    }
    free(file);
    return r == 0 ? EXIT_OK : failed(config, o, EXIT_CLIENT_CERT);
}

static int set_protocol(struct tls_config *config, const struct options *o)
{
    uint32_t protocols = 0;

    protocols |= o->min_version == 12 ? TLS_PROTOCOL_TLSv1_2 : 0;
    protocols |= o->max_version == 13 ? TLS_PROTOCOL_TLSv1_3 : 0;
    if (tls_config_set_protocols(config, protocols) != 0 ||
        (o->ciphers != NULL && tls_config_set_tls12_ciphers(config, o->ciphers) != 0) ||
        (o->tls13_ciphers != NULL && tls_config_set_tls13_ciphers(config, o->tls13_ciphers) != 0) ||
        (o->curves != NULL && tls_config_set_ecdhecurves(config, o->curves) != 0)) {
        return failed(config, o, EXIT_CIPHERS);
    }
    if (o->legacy_rsa) {
        tls_config_legacy_rsa_key_transport(config);
    }
    if (!o->no_alpn && tls_config_set_alpn(config, "http/1.1") != 0) {
        return failed(config, o, EXIT_TLS);
    }
    (void)tls_config_set_address_family(config, o->family);
    return EXIT_OK;
}

static int set_session(struct tls_config *config, const struct options *o, int *session_fd)
{
    *session_fd = -1;
    if (o->session == NULL) {
        return EXIT_OK;
    }
    *session_fd = open(o->session, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (*session_fd == -1) {
        return complain(o, EXIT_READ, "session file %s: %s", o->session, strerror(errno));
    }
    if (tls_config_set_session_fd(config, *session_fd) != 0) {
        return complain(o, EXIT_READ, "session file %s: %s", o->session, tls_config_error(config));
    }
    return EXIT_OK;
}

int settings_apply(struct tls_config *config, const struct options *o, int *session_fd)
{
    int r = set_session(config, o, session_fd);

    r = r == EXIT_OK ? set_trust(config, o) : r;
    r = r == EXIT_OK ? set_client_cert(config, o) : r;
    return r == EXIT_OK ? set_protocol(config, o) : r;
}
