/* The server's half of libtls, and settings without effect on a client: present so that programs link. */
#include <errno.h>
#include <string.h>

#include "api/internal.h"
#include "base/text.h"

/* --- A server cannot be made. --- */

struct tls *tls_server(void)
{
    errno = ENOTSUP;
    return NULL;
}

static int no_server(struct tls *ctx)
{
    return t99_error(&ctx->error, TLS_ERROR_INVALID_CONTEXT, "server side not supported");
}

int tls_accept_fds(struct tls *ctx, struct tls **cctx, int fd_read, int fd_write)
{
    (void)cctx;
    (void)fd_read;
    (void)fd_write;
    return no_server(ctx);
}

int tls_accept_socket(struct tls *ctx, struct tls **cctx, int socket)
{
    (void)cctx;
    (void)socket;
    return no_server(ctx);
}

int tls_accept_cbs(struct tls *ctx, struct tls **cctx, tls_read_cb read_cb, tls_write_cb write_cb,
                   void *cb_arg)
{
    (void)cctx;
    (void)read_cb;
    (void)write_cb;
    (void)cb_arg;
    return no_server(ctx);
}

/* --- Settings of servers: checked as libtls checks them, then of no effect. --- */

int tls_config_add_keypair_ocsp_file(struct tls_config *config, const char *cert_file, const char *key_file,
                                     const char *ocsp_staple_file)
{
    (void)ocsp_staple_file;
    return tls_config_add_keypair_file(config, cert_file, key_file);
}

int tls_config_add_keypair_ocsp_mem(struct tls_config *config, const uint8_t *cert, size_t cert_len,
                                    const uint8_t *key, size_t key_len, const uint8_t *staple,
                                    size_t staple_len)
{
    (void)staple;
    (void)staple_len;
    return tls_config_add_keypair_mem(config, cert, cert_len, key, key_len);
}

int tls_config_set_keypair_ocsp_file(struct tls_config *config, const char *cert_file, const char *key_file,
                                     const char *ocsp_staple_file)
{
    (void)ocsp_staple_file;
    return tls_config_set_keypair_file(config, cert_file, key_file);
}

int tls_config_set_keypair_ocsp_mem(struct tls_config *config, const uint8_t *cert, size_t cert_len,
                                    const uint8_t *key, size_t key_len, const uint8_t *staple,
                                    size_t staple_len)
{
    (void)staple;
    (void)staple_len;
    return tls_config_set_keypair_mem(config, cert, cert_len, key, key_len);
}

int tls_config_set_ocsp_staple_file(struct tls_config *config, const char *staple_file)
{
    (void)config;
    (void)staple_file;
    return 0;
}

int tls_config_set_ocsp_staple_mem(struct tls_config *config, const uint8_t *staple, size_t len)
{
    (void)config;
    (void)staple;
    (void)len;
    return 0;
}

int tls_config_set_dheparams(struct tls_config *config, const char *params)
{
    static const char *const known[] = { "none", "auto", "legacy" };
    size_t i;

    if (params == NULL) {
        return 0;
    }
    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (t99_same_word(known[i], params, strlen(params))) {
            return 0;
        }
    }
    return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                     "invalid dhe param '%.200s': none, auto or legacy is wanted", params);
}

int tls_config_set_session_id(struct tls_config *config, const unsigned char *session_id, size_t len)
{
    (void)session_id;
    if (len > TLS_MAX_SESSION_ID_LENGTH) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "session ID too large: %zu bytes, at most %d", len, TLS_MAX_SESSION_ID_LENGTH);
    }
    return 0;
}

int tls_config_set_session_lifetime(struct tls_config *config, int lifetime)
{
    if (lifetime != 0 && lifetime < 4) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "session lifetime too small: %d s, 0 or at least 4", lifetime);
    }
    if (lifetime > 86400) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "session lifetime too large: %d s, at most 86400", lifetime);
    }
    return 0;
}

int tls_config_add_ticket_key(struct tls_config *config, uint32_t keyrev, unsigned char *key, size_t keylen)
{
    (void)keyrev;
    (void)key;
    if (keylen != TLS_TICKET_KEY_SIZE) {
        return t99_error(&config->error, TLS_ERROR_INVALID_ARGUMENT,
                         "wrong amount of ticket key data: %zu bytes instead of %d", keylen,
                         TLS_TICKET_KEY_SIZE);
    }
    return 0;
}

void tls_config_prefer_ciphers_client(struct tls_config *config)
{
    (void)config;
}

void tls_config_prefer_ciphers_server(struct tls_config *config)
{
    (void)config;
}

void tls_config_verify_client(struct tls_config *config)
{
    (void)config;
}

void tls_config_verify_client_optional(struct tls_config *config)
{
    (void)config;
}
