/* From the flags of one connection to the settings of a handshake. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/file.h"
#include "bogo/shim.h"
#include "handshake/messages.h"
#include "x509/pem.h"
#include "x509/private_key.h"

void unimplemented(const char *what)
{
    fprintf(stderr, "not implemented: %s\n", what);
    exit(EXIT_UNIMPLEMENTED);
}

/* --- Callbacks --- */

const struct flags *current(const struct connection *c)
{
    return t99_engine_conn(c->engine)->early_data == EARLY_REJECTED ? c->retry : c->flags;
}

static bool on_verify(void *arg, const struct t99_conn *conn, bool resumed, struct t99_fault *fault)
{
    const struct connection *c = (const struct connection *)arg;
    const struct flags *f = current(c);

    (void)conn;
    if (!f->verify_fail || (resumed && !f->reverify_on_resume) || !(f->verify_peer || f->require_cert)) {
        return true;
    }
    return t99_fail_as(fault, FAULT_VERIFY,
                       f->custom_verify ? ALERT_CERTIFICATE_UNKNOWN : ALERT_HANDSHAKE_FAILURE,
                       "certificate verification failed: as the test asks");
}

static bool on_ocsp(void *arg, struct t99_span staple, struct t99_fault *fault)
{
    const struct connection *c = (const struct connection *)arg;

    (void)staple;
    if (!c->flags->fail_ocsp_callback) {
        return true;
    }
    return t99_fail_as(fault, FAULT_VERIFY, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE,
                       "ocsp verify failed: as the test asks");
}

static bool on_certificate_request(void *arg, struct t99_fault *fault)
{
    const struct connection *c = (const struct connection *)arg;

    return !c->flags->fail_cert_callback ||
           t99_fail_as(fault, FAULT_CALLER, ALERT_INTERNAL_ERROR,
                       "certificate_request: the callback fails, as the test asks");
}

static void on_new_session(void *arg, struct t99_session *session)
{
    struct connection *c = (struct connection *)arg;

    t99_session_free(&c->shim->env, c->new_session);
    c->new_session = session;
}

static void on_message(void *arg, enum t99_direction direction, const uint8_t *message, size_t len)
{
    struct connection *c = (struct connection *)arg;

    trace_message(c, direction, message[0]);
    if (direction == DIRECTION_RECEIVED && message[0] == HS_CERTIFICATE_REQUEST) {
        check_request(c, message, len);
    }
    if (direction == DIRECTION_RECEIVED && message[0] == c->flags->early_write_after) {
        c->write_now = true;
    }
}

/* The three that the runner knows: two zero bytes cut off, four bytes put before, one byte put before. */
static bool on_decompress(void *arg, uint16_t algorithm, uint8_t *out, size_t out_len, struct t99_span in)
{
    static const uint8_t expanding[4] = { 1, 2, 3, 4 };
    size_t skip = algorithm == 0xff02 ? sizeof expanding : 1;

    (void)arg;
    if (algorithm == 0xff01) {
        if (out_len != in.len + 2) {
            return false;
        }
        memset(out, 0, 2);
        memcpy(out + 2, in.p, in.len);
        return true;
    }
    if (in.len != out_len + skip || (algorithm == 0xff02 && memcmp(in.p, expanding, sizeof expanding) != 0)) {
        return false;
    }
    memcpy(out, in.p + skip, out_len);
    return true;
}

/* --- Credentials --- */

static void keep_secret(struct connection *c, uint8_t *p, size_t len)
{
    c->secrets[c->num_secrets] = p;
    c->secret_lens[c->num_secrets++] = len;
}

static void load_chain(struct connection *c, struct t99_credential *credential, const char *path)
{
    const struct t99_env *env = &c->shim->env;
    size_t cap = 0, len = 0, pos = 0, n;
    uint8_t *text = t99_file_read(env, path, &cap, &len);
    struct t99_certificate cert;
    struct t99_pem_block block;
    const char *bad;

    if (text == NULL) {
        exit(EXIT_BROKEN);
    }
    keep_secret(c, text, cap);
    while (t99_pem_next(&block, text, len, &pos, &bad) && credential->num_certs < 10) {
        uint8_t *at = text + (block.body.p - text);

        if (!t99_pem_decode(at, &n, block.body) || !t99_certificate_decode(&cert, t99_span(at, n), &bad)) {
            unimplemented("this client certificate");
        }
        if (credential->num_certs == 0) {
            credential->public_key = cert.key;
        }
        credential->issuers[credential->num_certs] = cert.issuer;
        credential->certs[credential->num_certs++] = t99_span(at, n);
    }
}

static void load_key(struct connection *c, struct t99_credential *credential, const char *path)
{
    const struct t99_env *env = &c->shim->env;
    size_t cap = 0, len = 0, der_cap = 0, der_len = 0;
    uint8_t *text = t99_file_read(env, path, &cap, &len), *der;
    enum t99_key_format format;
    const char *why = NULL;

    if (text == NULL) {
        exit(EXIT_BROKEN);
    }
    der = t99_private_key_from_pem(env, t99_span(text, len), NULL, &credential->key, &der_cap, &der_len,
                                   &format, &why);
    t99_free(env, text, cap);
    if (der == NULL) {
        unimplemented("this private key");
    }
    keep_secret(c, der, der_cap);
}

static void load_credentials(struct connection *c)
{
    size_t i, j, num = 0;

    for (i = 0; i <= c->flags->num_credentials; i++) {
        /* further ones come first: the default one is what is left */
        const struct credential_flags *f = &c->flags->credentials[i < c->flags->num_credentials ? i + 1 : 0];
        struct t99_credential *credential = &c->credentials[num];

        if (f->cert_file == NULL || f->key_file == NULL) {
            continue;
        }
        load_chain(c, credential, f->cert_file);
        load_key(c, credential, f->key_file);
        credential->must_match_issuer = f->must_match_issuer;
        for (j = 0; j < f->num_signing_prefs && j < 16; j++) {
            credential->schemes[credential->num_schemes++] = (uint16_t)f->signing_prefs[j];
        }
        num++;
    }
    c->config.credentials = c->credentials;
    c->config.num_credentials = num;
}

/* --- Settings --- */

static void set_versions(struct t99_hs_config *config, const struct flags *f)
{
    int min = f->min_version > 0x0303 ? f->min_version : 0x0303;
    int max = f->max_version != 0 ? f->max_version : 0x0304;

    if (f->no_tls12 && min == 0x0303) {
        min = 0x0304;
    }
    if (f->no_tls13 && max == 0x0304) {
        max = 0x0303;
    }
    if (max < 0x0303 || max > 0x0304 || min > 0x0304) {
        unimplemented("this version");
    }
    config->min_version = (uint16_t)min;
    config->max_version = (uint16_t)max;
}

static void set_suites(struct t99_hs_config *config, const struct flags *f)
{
    bool no_aes = f->cipher != NULL && strcmp(f->cipher, "DEFAULT:!AES") == 0;
    const struct t99_cipher_suite *suite;
    size_t i;

    if (f->cipher != NULL && !no_aes) {
        unimplemented("this cipher list");
    }
    for (i = 0; (suite = t99_cipher_suite_at(i)) != NULL; i++) {
        if (!no_aes || suite->version == T99_TLS13 || suite->aead == &t99_chacha20_poly1305) {
            config->suites[config->num_suites++] = suite->id;
        }
    }
}

/* A list of groups from flags. */
static size_t take_groups(uint16_t *out, const int *list, size_t num)
{
    size_t i;

    for (i = 0; i < num && i < T99_MAX_GROUPS; i++) {
        if (t99_group_find((uint16_t)list[i]) == NULL) {
            unimplemented("this group");
        }
        out[i] = (uint16_t)list[i];
    }
    return i;
}

/* What the server is said to have decides before all else: our favourite of it gets the only key share. */
static bool predict_share(struct t99_hs_config *config, const struct flags *f)
{
    size_t i, j;

    for (i = 0; i < config->num_groups; i++) {
        for (j = 0; j < f->num_server_groups; j++) {
            if (config->groups[i] == f->server_groups[j]) {
                config->key_shares[0] = config->groups[i];
                config->num_key_shares = 1;
                return true;
            }
        }
    }
    return false;
}

static void set_groups(struct t99_hs_config *config, const struct flags *f)
{
    static const int usual[] = { T99_GROUP_X25519MLKEM768, T99_GROUP_X25519, T99_GROUP_SECP256R1,
                                 T99_GROUP_SECP384R1 };
    size_t num = sizeof usual / sizeof usual[0], skip = f->classical_groups ? 1 : 0;

    config->num_groups = f->num_curves != 0 ? take_groups(config->groups, f->curves, f->num_curves)
                                            : take_groups(config->groups, usual + skip, num - skip);
    if (!predict_share(config, f)) {
        config->default_key_shares = f->num_key_shares == 0 && !f->no_key_shares;
        config->num_key_shares = take_groups(config->key_shares, f->key_shares, f->num_key_shares);
    }
}

static void set_schemes(struct t99_hs_config *config, const struct flags *f)
{
    static const uint16_t usual[] = { 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601 };
    size_t i;

    memcpy(config->schemes, usual, sizeof usual);
    config->num_schemes = sizeof usual / sizeof usual[0];
    if (f->num_verify_prefs != 0) {
        config->num_schemes = 0;
        for (i = 0; i < f->num_verify_prefs && i < T99_MAX_SCHEMES; i++) {
            if (f->verify_prefs[i] >= 0x0900 && f->verify_prefs[i] <= 0x09ff) {
                unimplemented("ML-DSA");
            }
            if (f->verify_prefs[i] < 0xfe00) { /* private use: BoringSSL's name for MD5 and SHA-1 together */
                config->schemes[config->num_schemes++] = (uint16_t)f->verify_prefs[i];
            }
        }
    }
}

static void set_callbacks(struct connection *c)
{
    struct t99_hs_callbacks *on = &c->config.on;

    on->arg = c;
    on->verify = on_verify;
    on->new_session = on_new_session;
    on->certificate_request = on_certificate_request;
    if (c->flags->enable_ocsp && c->flags->use_ocsp_callback) {
        on->ocsp = on_ocsp;
    }
    on->message = on_message;
    if (c->flags->install_cert_compression) {
        on->decompress = on_decompress;
    }
}

void make_config(struct connection *c, const struct t99_session *session)
{
    const struct flags *f = c->flags;
    struct t99_hs_config *config = &c->config;

    memset(config, 0, sizeof *config);
    config->env = &c->shim->env;
    set_versions(config, f);
    set_suites(config, f);
    set_groups(config, f);
    set_schemes(config, f);
    config->servername = f->host_name;
    if (f->advertise_alpn != NULL) {
        config->alpn = t99_span(f->advertise_alpn, strlen(f->advertise_alpn));
    }
    config->alpn_accept_unknown = f->allow_unknown_alpn;
    config->request_ocsp = f->enable_ocsp;
    config->request_sct = f->enable_sct;
    if (f->install_cert_compression) {
        config->compressions[0] = 0xff02;
        config->compressions[1] = 0xff01;
        config->compressions[2] = 0xff03;
        config->num_compressions = 3;
    }
    config->offer_tickets = !f->no_ticket;
    config->offer_ems = true;
    config->grease = f->grease;
    config->shuffle_extensions = f->permute;
    config->ignore_hello_request = f->renegotiate_ignore;
    config->legacy_server_connect = !f->no_legacy_server_connect;
    config->fallback_scsv = f->fallback_scsv;
    config->check_key_usage = true;
    config->max_cert_list = f->max_cert_list != 0 ? (size_t)f->max_cert_list : 0;
    config->session = session;
    config->early_data = f->enable_early_data;
    load_credentials(c);
    set_callbacks(c);
}

void free_config(struct connection *c)
{
    while (c->num_secrets > 0) {
        c->num_secrets--;
        t99_free(&c->shim->env, c->secrets[c->num_secrets], c->secret_lens[c->num_secrets]);
    }
}
