/* What a test expects of a connection, once its handshake is over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/file.h"
#include "bogo/shim.h"
#include "crypto/cpu.h"
#include "handshake/messages.h"
#include "record/frame.h"
#include "x509/pem.h"

/* --- During the handshake --- */

static void note(struct connection *c, const char *text)
{
    size_t len = strlen(c->trace);

    if (len + strlen(text) < sizeof c->trace) {
        memcpy(c->trace + len, text, strlen(text) + 1);
    }
}

void trace_message(struct connection *c, enum t99_direction direction, uint8_t type)
{
    char line[32];

    snprintf(line, sizeof line, "%s hs %u\n", direction == DIRECTION_SENT ? "write" : "read", (unsigned)type);
    note(c, line);
}

void trace_record(void *arg, enum t99_direction direction, uint8_t type, const uint8_t *record,
                  size_t record_len, const uint8_t *plain, size_t plain_len)
{
    struct connection *c = (struct connection *)arg;
    const char *way = direction == DIRECTION_SENT ? "write" : "read";
    char line[32] = "";

    (void)record;
    (void)record_len;
    if (type == CONTENT_CHANGE_CIPHER_SPEC) {
        snprintf(line, sizeof line, "%s ccs\n", way);
    } else if (type == CONTENT_ALERT && plain_len == 2) {
        snprintf(line, sizeof line, "%s alert %u %u\n", way, (unsigned)plain[0], (unsigned)plain[1]);
    }
    note(c, line);
}

/* Bytes and their base64. */
static bool same_base64(const char *expected, struct t99_span got)
{
    struct t99_span text = t99_span((const uint8_t *)expected, strlen(expected));
    uint8_t *out = malloc(t99_pem_decoded_max(text.len) + 1);
    size_t len = 0;
    bool same;

    same = out != NULL && t99_pem_decode(out, &len, text) && t99_span_equal(t99_span(out, len), got);
    free(out);
    return same;
}

static bool same_schemes(const struct flags *f, struct t99_span schemes)
{
    size_t i;

    for (i = 0; i < f->num_expect_verify_prefs && 2 * i + 1 < schemes.len; i++) {
        if (load_be16(schemes.p + 2 * i) != f->expect_verify_prefs[i]) {
            return false;
        }
    }
    return 2 * f->num_expect_verify_prefs == schemes.len;
}

/* "3019...,3021...": Names in lower-case hexadecimal. */
static bool same_names(const char *expected, struct t99_span authorities)
{
    const char *bad = NULL;
    struct reader r = rd_init(authorities.p, authorities.len, &bad), name;
    char hex[3];

    while (rd_left(&r) != 0) {
        name = rd_vec16(&r, 1, 65535, "name");
        while (rd_left(&name) != 0) {
            snprintf(hex, sizeof hex, "%02x", rd_u8(&name, "byte"));
            if (strncmp(expected, hex, 2) != 0) {
                return false;
            }
            expected += 2;
        }
        if (*expected == ',' && rd_left(&r) != 0) {
            expected++;
        }
    }
    return *expected == '\0';
}

void check_request(struct connection *c, const uint8_t *message, size_t len)
{
    const struct flags *f = c->flags;
    bool tls13 = t99_engine_conn(c->engine)->version >= T99_TLS13;
    struct t99_certificate_request m;
    const char *bad = NULL;
    struct reader r = t99_hs_body(message, len, &bad);

    if (!(tls13 ? t99_decode_certificate_request_13(&m, r) : t99_decode_certificate_request_12(&m, r))) {
        return; /* the engine will refuse it */
    }
    if (f->expect_cert_types != NULL && !same_base64(f->expect_cert_types, m.types)) {
        c->unexpected = "check: other certificate types were requested";
    }
    if (f->num_expect_verify_prefs != 0 && !same_schemes(f, m.schemes)) {
        c->unexpected = "check: other signature schemes were requested";
    }
    if (f->expect_ca_list != NULL && !same_names(f->expect_ca_list, m.authorities)) {
        c->unexpected = "check: other authorities were named";
    }
}

/* --- Afterwards --- */

static bool check_resumption(const struct connection *c, const struct t99_conn *conn, const struct flags *f)
{
    const char *alpn = f->expect_alpn != NULL ? f->expect_alpn : "";

    if (conn->resumed != (c->is_resumption && !f->expect_session_miss)) {
        return fail_text(conn->resumed ? "check: resumed, not expected" : "check: not resumed");
    }
    if (conn->alpn_len != strlen(alpn) ||
        (conn->alpn_len != 0 && memcmp(conn->alpn, alpn, conn->alpn_len) != 0)) {
        return fail_text("check: another ALPN protocol than expected");
    }
    if (f->expect_accept_early_data && conn->early_data != EARLY_ACCEPTED) {
        return fail_text("check: early data was not accepted");
    }
    if (c->flags->expect_reject_early_data && conn->early_data != EARLY_REJECTED) {
        return fail_text("check: early data was not rejected");
    }
    if (f->expect_no_offer_early_data && conn->early_data != EARLY_NOT_OFFERED) {
        return fail_text("check: early data was offered");
    }
    return (!f->expect_hrr || conn->hello_retry) && (!f->expect_no_hrr || !conn->hello_retry)
               ? true
               : fail_text("check: HelloRetryRequest");
}

static bool check_algorithms(const struct t99_conn *conn, const struct flags *f)
{
    bool has_aes = (t99_cpu() & (T99_CPU_AES | T99_CPU_ARM_AES)) != 0;
    int by_cpu = has_aes ? f->expect_cipher_aes : f->expect_cipher_no_aes;

    if ((f->expect_curve != 0 && (conn->group == NULL || conn->group->id != f->expect_curve)) ||
        (f->expect_signature != 0 && (conn->scheme == NULL || conn->scheme->id != f->expect_signature)) ||
        (f->expect_cipher != 0 && conn->suite->id != f->expect_cipher) ||
        (by_cpu != 0 && conn->suite->id != by_cpu)) {
        return fail_text("check: another group, signature or cipher suite than expected");
    }
    if (f->expect_version != 0 && conn->version != f->expect_version) {
        return fail_text("check: another version than expected");
    }
    if (f->expect_ems && conn->version == T99_TLS12 && !conn->ems) {
        return fail_text("check: no extended_master_secret");
    }
    if ((f->expect_secure_renegotiation && conn->version == T99_TLS12 && !conn->secure_renegotiation) ||
        (f->expect_no_secure_renegotiation && (conn->version != T99_TLS12 || conn->secure_renegotiation))) {
        return fail_text("check: secure renegotiation");
    }
    return f->expect_renegotiations == 0 || fail_text("check: no renegotiation took place");
}

/* The chain in a PEM file, leaf first, and nothing else. */
static bool same_chain(const struct t99_env *env, const char *path, const struct t99_chain *chain)
{
    size_t cap = 0, len = 0, pos = 0, num = 0, n;
    uint8_t *text = t99_file_read(env, path, &cap, &len);
    struct t99_pem_block block;
    const char *bad = NULL;
    bool same = text != NULL && chain != NULL;

    while (same && t99_pem_next(&block, text, len, &pos, &bad)) {
        uint8_t *at = text + (block.body.p - text);

        same = t99_pem_decode(at, &n, block.body) && num < chain->num &&
               t99_span_equal(t99_span(at, n), chain->certs[num++]);
    }
    same = same && num == chain->num;
    t99_free(env, text, cap);
    return same;
}

static bool check_peer(const struct connection *c, const struct t99_conn *conn, const struct flags *f)
{
    if (conn->chain == NULL) {
        return fail_text("check: no certificate of the server");
    }
    if (f->expect_ocsp != NULL && !same_base64(f->expect_ocsp, t99_span(conn->staple, conn->staple_len))) {
        return fail_text("check: another stapled OCSP response than expected");
    }
    if (f->expect_scts != NULL && !same_base64(f->expect_scts, t99_span(conn->scts, conn->scts_len))) {
        return fail_text("check: another SCT list than expected");
    }
    return f->expect_chain == NULL || same_chain(&c->shim->env, f->expect_chain, conn->chain) ||
           fail_text("check: another chain of the server than expected");
}

/* Index of a credential among those of -new-x509-credential; -1: the default one, or none. */
static bool check_credential(const struct connection *c, const struct t99_conn *conn, const struct flags *f)
{
    long used = conn->credential != NULL ? (long)(conn->credential - c->credentials) : -1;

    if (used == (long)c->flags->num_credentials) {
        used = -1;
    }
    return f->expect_credential == NULL || used == atol(f->expect_credential) ||
           fail_text("check: another client certificate than expected");
}

bool check(const struct connection *c)
{
    const struct t99_conn *conn = t99_engine_conn(c->engine);
    const struct flags *f = current(c);

    if (c->unexpected != NULL) {
        return fail_text(c->unexpected);
    }
    return check_resumption(c, conn, f) && check_algorithms(conn, f) && check_peer(c, conn, f) &&
           check_credential(c, conn, f);
}

bool check_end(const struct connection *c)
{
    const struct t99_conn *conn = t99_engine_conn(c->engine);
    const struct flags *f = current(c);
    bool got = c->new_session != NULL, expected = !f->expect_no_session;

    if (conn->version == T99_TLS12 && conn->resumed) {
        expected = f->expect_ticket_renewal;
    } else if (conn->version == T99_TLS13 && f->shim_shuts_down) {
        expected = got; /* whether a ticket comes before the end is chance */
    }
    if (f->expect_messages != NULL && strcmp(f->expect_messages, c->trace) != 0) {
        return fail_text("check: other messages than expected");
    }
    if (got != expected) {
        return fail_text(expected ? "check: no session came" : "check: a session came, none was expected");
    }
    if (got && (c->new_session->max_early_data != 0) != f->expect_ticket_early_data) {
        return fail_text("check: whether the ticket allows early data");
    }
    if ((f->expect_across_names && !conn->ticket_across_names) ||
        (f->expect_not_across_names && conn->ticket_across_names)) {
        return fail_text("check: whether the ticket is good for other names");
    }
    return true;
}
