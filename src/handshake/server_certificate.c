#include "handshake/hs.h"

#include <string.h>

#include "x509/certificate.h"

struct t99_chain *t99_chain_new(const struct t99_env *env, size_t bytes)
{
    struct t99_chain *chain = t99_alloc(env, sizeof *chain + bytes);

    if (chain != NULL) {
        chain->alloc_len = sizeof *chain + bytes;
    }
    return chain;
}

bool t99_chain_add(struct t99_chain *chain, struct t99_span der)
{
    uint8_t *at = (uint8_t *)(chain + 1);
    size_t i;

    if (chain->num == T99_CHAIN_MAX) {
        return false;
    }
    for (i = 0; i < chain->num; i++) {
        at += chain->certs[i].len;
    }
    memcpy(at, der.p, der.len);
    chain->certs[chain->num++] = t99_span(at, der.len);
    return true;
}

/* --- The leaf's key --- */

/*
 * RFC 5280, 4.2.1.3: what the key exchange asks of the key must be allowed, where the certificate says
 * anything.
 */
static bool check_key_usage(struct t99_handshake *hs, const struct t99_certificate *leaf)
{
    bool transport = hs->conn->suite->kex == SUITE_KEX_RSA;
    unsigned needed = transport ? KU_KEY_ENCIPHERMENT : KU_DIGITAL_SIGNATURE;

    if (!hs->config->check_key_usage || !t99_has_ext(leaf, EXT_KEY_USAGE) ||
        (leaf->key_usage & needed) != 0) {
        return true;
    }
    return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                    "certificate 0 of the server: its key usage does not allow %s, which %s needs",
                    transport ? "keyEncipherment" : "digitalSignature", hs->conn->suite->name);
}

static bool curve_offered(const struct t99_handshake *hs, const struct t99_curve *curve)
{
    const struct t99_group *group;
    size_t i;

    for (i = 0; i < hs->config->num_groups; i++) {
        group = t99_group_find(hs->config->groups[i]);
        if (!group->hybrid && group->curve == curve) {
            return true;
        }
    }
    return false;
}

/* RFC 5246, 7.4.2; RFC 8422, 5.3: the suite says which kind of key, and supported_groups which curves. */
static bool check_key_12(struct t99_handshake *hs, const struct t99_certificate *leaf)
{
    bool is_rsa = leaf->key.type == T99_KEY_RSA || leaf->key.type == T99_KEY_RSA_PSS;
    char name[32];

    if (is_rsa != (hs->conn->suite->auth == SUITE_AUTH_RSA) ||
        (hs->conn->suite->kex == SUITE_KEX_RSA && leaf->key.type != T99_KEY_RSA)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "certificate 0 of the server: its key (%s) does not go with %s",
                        t99_public_key_name(name, sizeof name, &leaf->key), hs->conn->suite->name);
    }
    if (leaf->key.type == T99_KEY_EC && !curve_offered(hs, leaf->key.curve)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "certificate 0 of the server: its key is on the curve %s, which was not offered",
                        leaf->key.curve->name);
    }
    return true;
}

bool t99_take_leaf(struct t99_handshake *hs)
{
    struct t99_certificate leaf;
    const char *bad = NULL;

    if (!t99_certificate_decode(&leaf, hs->conn->chain->certs[0], &bad)) {
        return t99_fail(hs->fault, ALERT_DECODE_ERROR, "certificate 0 of the server is malformed: %s", bad);
    }
    if (leaf.key.type == T99_KEY_UNKNOWN || (leaf.key.type == T99_KEY_EC && leaf.key.curve == NULL)) {
        return t99_fail(hs->fault, ALERT_UNSUPPORTED_CERTIFICATE,
                        "certificate 0 of the server: its key is of a kind or curve that is not supported");
    }
    if (hs->conn->version == T99_TLS12 && !check_key_12(hs, &leaf)) {
        return false;
    }
    hs->server_key = leaf.key;
    return check_key_usage(hs, &leaf);
}

/* --- Verification --- */

/* A responder that does not know the certificate vouches for nothing, where somebody must. */
static bool vouched_for(struct t99_handshake *hs, const struct t99_certificate *leaf)
{
    if (hs->conn->ocsp.cert_status != 0 && (hs->config->require_staple || t99_must_staple(leaf))) {
        return t99_fail_as(hs->fault, FAULT_VERIFY, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE,
                           "ocsp verify failed: the responder does not know the certificate, although a "
                           "good response is required");
    }
    return true;
}

static bool check_staple(struct t99_handshake *hs, const struct t99_path *path)
{
    struct t99_conn *conn = hs->conn;
    const struct t99_verify_params *params = &hs->config->verify;
    struct t99_span staple = t99_span(conn->staple, conn->staple_len);
    struct t99_work work;

    if (hs->config->on.ocsp != NULL) {
        return hs->config->on.ocsp(hs->config->on.arg, staple, hs->fault);
    }
    if (conn->staple == NULL && hs->config->require_staple) {
        return t99_fail_as(hs->fault, FAULT_VERIFY, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE,
                           "no stapled OCSP response provided");
    }
    if (path == NULL || params->ignore_time) {
        return true;
    }
    if (conn->staple == NULL) {
        if (hs->config->request_ocsp && t99_must_staple(&path->certs[0])) {
            return t99_fail_as(hs->fault, FAULT_VERIFY, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE,
                               "no stapled OCSP response provided, although the certificate promises one "
                               "(must-staple, RFC 7633)");
        }
        return true;
    }
    work = path->work;
    conn->ocsp_verified =
        t99_ocsp_verify(&conn->ocsp, &work, staple, &path->certs[0], &path->certs[path->num > 1 ? 1 : 0],
                        t99_now_s(hs->config->env), hs->fault);
    return conn->ocsp_verified && vouched_for(hs, &path->certs[0]);
}

static void keep_path(struct t99_conn *conn, const struct t99_path *path,
                      const struct t99_verify_params *params)
{
    size_t i;

    conn->num_path = path->num;
    for (i = 0; i < path->num; i++) {
        conn->path[i] = path->certs[i].der;
        if (!params->ignore_time && (i + 1 < path->num || !params->anchor_any_time) &&
            path->certs[i].not_after < conn->not_after) {
            conn->not_after = path->certs[i].not_after;
        }
    }
    conn->matched_name = path->matched_name;
}

bool t99_verify_server(struct t99_handshake *hs)
{
    const struct t99_env *env = hs->config->env;
    struct t99_verify_params params = hs->config->verify;
    struct t99_path *path = NULL;
    bool ok;

    hs->conn->auth_ms = t99_now_ms(env);
    hs->conn->not_after = INT64_MAX;
    if (hs->config->on.verify != NULL) {
        return hs->config->on.verify(hs->config->on.arg, hs->conn, false, hs->fault) &&
               check_staple(hs, NULL);
    }
    params.env = env;
    params.time = hs->conn->auth_ms / 1000;
    if (!hs->config->verify_name) {
        params.peer = NULL;
        params.peer_text = NULL;
    }
    if (!params.verify_chain && params.peer == NULL) {
        return check_staple(hs, NULL);
    }
    if (!t99_verify(&path, &params, hs->conn->chain->certs, hs->conn->chain->num, hs->fault)) {
        return false;
    }
    if (path != NULL) {
        keep_path(hs->conn, path, &params);
    }
    ok = check_staple(hs, path);
    t99_path_free(env, path);
    return ok;
}

static bool keep(struct t99_handshake *hs, uint8_t **to, size_t *to_len, struct t99_span bytes)
{
    if (bytes.len == 0) {
        return true;
    }
    t99_free(hs->config->env, *to, *to_len);
    *to_len = bytes.len;
    *to = t99_dup(hs->config->env, bytes.p, bytes.len);
    return *to != NULL || t99_fail_memory(hs->fault);
}

bool t99_keep_staple(struct t99_handshake *hs, struct t99_span response)
{
    return keep(hs, &hs->conn->staple, &hs->conn->staple_len, response);
}

bool t99_keep_scts(struct t99_handshake *hs, bool keep_it, struct t99_span list, const char *message)
{
    const char *bad = NULL;

    if (!t99_decode_sct_list(rd_init(list.p, list.len, &bad))) {
        return t99_fail(hs->fault, ALERT_DECODE_ERROR, "%s: signed_certificate_timestamp malformed: %s",
                        message, bad);
    }
    return !keep_it || keep(hs, &hs->conn->scts, &hs->conn->scts_len, list);
}

/*
 * RFC 9846, 4.7.1: what was verified when the session was made; that it is still wanted, the ClientHello has
 * checked.
 */
bool t99_restore_server(struct t99_handshake *hs)
{
    const struct t99_session *s = hs->session;
    struct t99_conn *conn = hs->conn;
    const char *bad = NULL;
    struct reader r = rd_init(s->chain.p, s->chain.len, &bad), cert;

    conn->auth_ms = s->auth_ms;
    conn->not_after = s->not_after;
    conn->scheme = t99_signature_scheme_find(s->scheme);
    if (conn->group == NULL) {
        conn->group = t99_group_find(s->group);
    }
    if (!keep(hs, &conn->staple, &conn->staple_len, s->staple) ||
        !keep(hs, &conn->scts, &conn->scts_len, s->scts)) {
        return false;
    }
    conn->chain = t99_chain_new(hs->config->env, s->chain.len);
    if (conn->chain == NULL) {
        return t99_fail_memory(hs->fault);
    }
    do { /* t99_session_decode() has counted them */
        cert = rd_vec24(&r, 1, 0xffffff, "certificate");
    } while (rd_ok(&r) && t99_chain_add(conn->chain, rd_rest(&cert)));
    return hs->config->on.verify == NULL || hs->config->on.verify(hs->config->on.arg, conn, true, hs->fault);
}

/* RFC 9846, 4.5.2; RFC 5246, 7.4.3. */
bool t99_check_server_signature(struct t99_handshake *hs, uint16_t scheme_id, struct t99_span signed_bytes,
                                struct t99_span signature, const char *who)
{
    const struct t99_signature_scheme *scheme = t99_signature_scheme_find(scheme_id);
    char key_name[32];

    if (scheme == NULL || !t99_hs_offers_scheme(hs->config, scheme_id) ||
        (scheme->tls12_only && hs->conn->version >= T99_TLS13)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "%s: signed with %s (0x%04x), which was not offered", who,
                        scheme != NULL ? scheme->name : "an unknown scheme", (unsigned)scheme_id);
    }
    if (!t99_signature_scheme_fits(scheme, &hs->server_key, hs->conn->version)) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "%s: signed with %s, which the certificate's key (%s) cannot", who, scheme->name,
                        t99_public_key_name(key_name, sizeof key_name, &hs->server_key));
    }
    if (!t99_verify_signature(&hs->server_key, &scheme->alg, signed_bytes, signature)) {
        return t99_fail(
            hs->fault, ALERT_DECRYPT_ERROR,
            "%s: wrong signature (%s): the server does not hold the key of its certificate, or somebody "
            "changed the handshake",
            who, scheme->name);
    }
    hs->conn->scheme = scheme;
    return true;
}
