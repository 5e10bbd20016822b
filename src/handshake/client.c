#include "handshake/hs.h"

#include <string.h>

#include "base/wipe.h"

#define MESSAGE_MAX 16384        /* body of any message but certificates */
#define CERTIFICATE_MAX 102400   /* body of a certificate message, unless config says otherwise */
#define SESSION_TICKET_MAX 66000 /* body: a ticket of 2^16 - 1 bytes and its frame */

typedef bool (*handler)(struct t99_handshake *hs, const uint8_t *message, size_t len);

static bool recv_server_hello(struct t99_handshake *hs, const uint8_t *message, size_t len);

/* Both versions' diagrams, an arrow a row. What has no row is an unexpected_message. */
static const struct edge {
    uint8_t state, message;
    handler handle;
    uint8_t then;
} edges[] = {
    { WAIT_SERVER_HELLO, HS_SERVER_HELLO, recv_server_hello, HS_STATE_BY_HANDLER },
    /* RFC 9846, A.1 */
    { WAIT_ENCRYPTED_EXTENSIONS, HS_ENCRYPTED_EXTENSIONS, t99_recv_encrypted_extensions,
      HS_STATE_BY_HANDLER },
    { WAIT_CERT_CR, HS_CERTIFICATE_REQUEST, t99_recv_certificate_request_13, WAIT_CERT },
    { WAIT_CERT_CR, HS_CERTIFICATE, t99_recv_certificate_13, WAIT_CERT_VERIFY },
    { WAIT_CERT_CR, HS_COMPRESSED_CERTIFICATE, t99_recv_compressed_certificate, WAIT_CERT_VERIFY },
    { WAIT_CERT, HS_CERTIFICATE, t99_recv_certificate_13, WAIT_CERT_VERIFY },
    { WAIT_CERT, HS_COMPRESSED_CERTIFICATE, t99_recv_compressed_certificate, WAIT_CERT_VERIFY },
    { WAIT_CERT_VERIFY, HS_CERTIFICATE_VERIFY, t99_recv_certificate_verify, WAIT_FINISHED },
    { WAIT_FINISHED, HS_FINISHED, t99_recv_finished_13, CONNECTED },
    /*
     * RFC 5246, 7.3; RFC 6066, 8; RFC 5077, 3.1. change_cipher_spec is no handshake message: t99_recv_ccs_12
     */
    { WAIT_CERT_12, HS_CERTIFICATE, t99_recv_certificate_12, HS_STATE_BY_HANDLER },
    { WAIT_STATUS_12, HS_CERTIFICATE_STATUS, t99_recv_certificate_status, HS_STATE_BY_HANDLER },
    { WAIT_STATUS_12, HS_SERVER_KEY_EXCHANGE, t99_recv_server_key_exchange, WAIT_CR_DONE_12 },
    { WAIT_STATUS_12, HS_CERTIFICATE_REQUEST, t99_recv_certificate_request_12, WAIT_DONE_12 },
    { WAIT_STATUS_12, HS_SERVER_HELLO_DONE, t99_recv_server_hello_done, HS_STATE_BY_HANDLER },
    { WAIT_SKE_12, HS_SERVER_KEY_EXCHANGE, t99_recv_server_key_exchange, WAIT_CR_DONE_12 },
    { WAIT_CR_DONE_12, HS_CERTIFICATE_REQUEST, t99_recv_certificate_request_12, WAIT_DONE_12 },
    { WAIT_CR_DONE_12, HS_SERVER_HELLO_DONE, t99_recv_server_hello_done, HS_STATE_BY_HANDLER },
    { WAIT_DONE_12, HS_SERVER_HELLO_DONE, t99_recv_server_hello_done, HS_STATE_BY_HANDLER },
    { WAIT_TICKET_12, HS_NEW_SESSION_TICKET, t99_recv_new_session_ticket_12, WAIT_CCS_12 },
    { WAIT_FINISHED_12, HS_FINISHED, t99_recv_finished_12, CONNECTED },
};

/* What each state awaits, for sentences. */
static const char *const awaited[] = {
    [WAIT_SERVER_HELLO] = "server_hello",
    [WAIT_ENCRYPTED_EXTENSIONS] = "encrypted_extensions",
    [WAIT_CERT_CR] = "certificate or certificate_request",
    [WAIT_CERT] = "certificate",
    [WAIT_CERT_VERIFY] = "certificate_verify",
    [WAIT_FINISHED] = "finished",
    [WAIT_CERT_12] = "certificate",
    [WAIT_STATUS_12] = "certificate_status or server_key_exchange",
    [WAIT_SKE_12] = "server_key_exchange",
    [WAIT_CR_DONE_12] = "certificate_request or server_hello_done",
    [WAIT_DONE_12] = "server_hello_done",
    [WAIT_TICKET_12] = "new_session_ticket",
    [WAIT_CCS_12] = "change_cipher_spec",
    [WAIT_FINISHED_12] = "finished",
    [CONNECTED] = "nothing more", /* said by nothing: a handshake is let go then. No state is without text */
};

const char *t99_handshake_awaits(const struct t99_handshake *hs)
{
    return awaited[hs->state];
}

bool t99_handshake_done(const struct t99_handshake *hs)
{
    return hs->state == CONNECTED;
}

bool t99_handshake_early_open(const struct t99_handshake *hs)
{
    /* what is written goes under the early key until our Finished is due */
    return (hs->conn->early_data == EARLY_OFFERED || hs->conn->early_data == EARLY_ACCEPTED) &&
           hs->state != CONNECTED;
}

size_t t99_handshake_limit(const struct t99_handshake *hs, uint8_t type)
{
    size_t max = hs->config->max_cert_list != 0 ? hs->config->max_cert_list : CERTIFICATE_MAX;

    switch (type) {
    case HS_CERTIFICATE:
    case HS_COMPRESSED_CERTIFICATE:
    case HS_CERTIFICATE_REQUEST:
    case HS_CERTIFICATE_STATUS:
        return max;
    case HS_NEW_SESSION_TICKET:
        return SESSION_TICKET_MAX;
    default:
        return MESSAGE_MAX;
    }
}

/* --- What all handlers use. --- */

bool t99_hs_bad(struct t99_handshake *hs, const char *message, const char *field)
{
    return t99_hs_malformed(hs->fault, message, field);
}

/* Into the transcript, and into what TLS 1.2's CertificateVerify will sign. */
bool t99_hs_record(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    t99_transcript_add(&hs->transcript, message, len);
    if (hs->config->num_credentials == 0 || hs->conn->version >= T99_TLS13) {
        return true;
    }
    if (len > hs->kept_cap - hs->kept_len) {
        size_t cap = 2 * (hs->kept_len + len);
        uint8_t *more = t99_alloc(hs->config->env, cap);

        if (more == NULL) {
            return t99_fail_memory(hs->fault);
        }
        if (hs->kept_len != 0) {
            memcpy(more, hs->kept, hs->kept_len);
        }
        t99_free(hs->config->env, hs->kept, hs->kept_cap);
        hs->kept = more;
        hs->kept_cap = cap;
    }
    memcpy(hs->kept + hs->kept_len, message, len);
    hs->kept_len += len;
    return true;
}

bool t99_hs_send(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    if (!t99_hs_record(hs, message, len)) {
        return false;
    }
    if (hs->config->on.message != NULL) {
        hs->config->on.message(hs->config->on.arg, DIRECTION_SENT, message, len);
    }
    return hs->sink->send(hs->sink->arg, message, len);
}

void t99_hs_keylog(const struct t99_hs_config *config, const struct t99_conn *conn, const char *label,
                   const uint8_t *secret, size_t len)
{
    if (config->on.keylog != NULL) {
        config->on.keylog(config->on.arg, label, conn->client_random, secret, len);
    }
}

/* The keys of a TLS 1.3 traffic secret, for reading or for writing. */
bool t99_hs_install(struct t99_handshake *hs, bool reading, const uint8_t *secret)
{
    struct t99_traffic_key key;
    bool ok;

    t99_traffic_key_13(&key, hs->conn->suite, secret);
    ok = reading ? hs->sink->read_key(hs->sink->arg, &key) : hs->sink->write_key(hs->sink->arg, &key);
    t99_wipe(&key, sizeof key);
    return ok;
}

/* Middlebox compatibility: RFC 9846, D.4. */
bool t99_hs_send_ccs_once(struct t99_handshake *hs)
{
    if (hs->ccs_sent || hs->session_id_len == 0) {
        return true;
    }
    hs->ccs_sent = true;
    return hs->sink->send_ccs(hs->sink->arg);
}

static bool among(const uint16_t *list, size_t num, uint16_t id)
{
    size_t i;

    for (i = 0; i < num; i++) {
        if (list[i] == id) {
            return true;
        }
    }
    return false;
}

bool t99_hs_offers_suite(const struct t99_hs_config *config, uint16_t id)
{
    return among(config->suites, config->num_suites, id);
}

bool t99_hs_offers_group(const struct t99_hs_config *config, uint16_t id)
{
    return among(config->groups, config->num_groups, id);
}

bool t99_hs_offers_scheme(const struct t99_hs_config *config, uint16_t id)
{
    return among(config->schemes, config->num_schemes, id);
}

/* True also for no protocol at all. */
bool t99_hs_offers_alpn(const struct t99_handshake *hs, struct t99_span name)
{
    struct t99_span list = hs->config->alpn;
    size_t i = 0;

    while (i < list.len) {
        size_t n = list.p[i];

        if (t99_span_equal(t99_span(list.p + i + 1, n), name)) {
            return true;
        }
        i += 1 + n;
    }
    return name.len == 0;
}

/* RFC 7301, 3.1 and 3.2: exactly one name, which was offered. */
bool t99_hs_select_alpn(struct t99_handshake *hs, const struct t99_ext_block *ext, const char *message)
{
    const char *bad = NULL;
    struct reader r, list, name;
    char text[64];

    if (!t99_has_extension(ext, TLSEXT_ALPN)) {
        return true;
    }
    r = t99_extension_reader(ext, TLSEXT_ALPN, &bad);
    list = rd_vec16(&r, 2, 65535, "protocol_name_list");
    name = rd_vec8(&list, 1, 255, "protocol_name");
    if (rd_left(&list) != 0) {
        rd_refuse(&r, "protocol_name_list: more than one name");
    }
    if (!rd_end(&r, "protocol_name_list")) {
        return t99_fail(hs->fault, ALERT_DECODE_ERROR, "%s: ALPN malformed: %s", message, bad);
    }
    if (!hs->config->alpn_accept_unknown && !t99_hs_offers_alpn(hs, rd_rest(&name))) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "%s: the server chose the ALPN protocol \"%s\", which was not offered", message,
                        t99_printable(text, sizeof text, name.pos, rd_left(&name)));
    }
    hs->conn->alpn_len = rd_left(&name);
    hs->conn->alpn = t99_dup(hs->config->env, name.pos, hs->conn->alpn_len);
    return hs->conn->alpn != NULL || t99_fail_memory(hs->fault);
}

/* RFC 8449, 4. The limit counts the type byte in TLS 1.3. Ours holds only if the server took part. */
bool t99_hs_record_limit(struct t99_handshake *hs, const struct t99_ext_block *ext, const char *message)
{
    size_t type_byte = hs->conn->version >= T99_TLS13 ? 1 : 0;
    const char *bad = NULL;
    struct reader r;
    uint16_t limit;

    if (!t99_has_extension(ext, TLSEXT_RECORD_SIZE_LIMIT)) {
        return true;
    }
    r = t99_extension_reader(ext, TLSEXT_RECORD_SIZE_LIMIT, &bad);
    limit = rd_u16(&r, "limit");
    if (!rd_end(&r, "record_size_limit")) {
        return t99_hs_bad(hs, message, bad);
    }
    if (limit < 64) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER, "%s: record_size_limit %u is below 64", message,
                        (unsigned)limit);
    }
    hs->sink->record_limits(hs->sink->arg, limit - type_byte, hs->config->record_size_limit - type_byte);
    return true;
}

/* --- The first answer decides the version. --- */

static const char *version_text(uint16_t version)
{
    static const struct {
        uint16_t version;
        const char *text;
    } names[] = { { 0x0300, "SSL 3.0" },
                  { 0x0301, "TLS 1.0" },
                  { 0x0302, "TLS 1.1" },
                  { 0x0303, "TLS 1.2" },
                  { 0x0304, "TLS 1.3" } };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].version == version) {
            return names[i].text;
        }
    }
    return "an unknown version";
}

/* RFC 9846, 4.3.1: the extension is for TLS 1.3 and later only. */
static bool chosen_version(struct t99_handshake *hs, const struct t99_server_hello *m, uint16_t *version)
{
    bool selected =
        t99_has_extension(&m->ext, TLSEXT_SUPPORTED_VERSIONS) && hs->config->max_version >= T99_TLS13;
    const char *bad = NULL;
    struct reader r;

    *version = m->legacy_version;
    if (selected) {
        r = t99_extension_reader(&m->ext, TLSEXT_SUPPORTED_VERSIONS, &bad);
        *version = rd_u16(&r, "selected_version");
        if (!rd_end(&r, "supported_versions")) {
            return t99_hs_bad(hs, "server_hello", bad);
        }
    }
    if (hs->conn->hello_retry && *version != T99_TLS13) { /* RFC 9846, 4.2.4 */
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_hello: %s (0x%04x) after a hello_retry_request, which is TLS 1.3",
                        version_text(*version), (unsigned)*version);
    }
    if (!selected && *version >= T99_TLS13) {
        return t99_fail(hs->fault, ALERT_PROTOCOL_VERSION,
                        "server_hello: the server chose the version 0x%04x, which was not offered",
                        (unsigned)*version);
    }
    if (*version < hs->config->min_version || *version > hs->config->max_version) {
        return t99_fail(hs->fault, selected ? ALERT_ILLEGAL_PARAMETER : ALERT_PROTOCOL_VERSION,
                        "server_hello: the server chose %s (0x%04x); offered were %s to %s",
                        version_text(*version), (unsigned)*version, version_text(hs->config->min_version),
                        version_text(hs->config->max_version));
    }
    if (selected && *version < T99_TLS13) {
        return t99_fail(hs->fault, ALERT_ILLEGAL_PARAMETER,
                        "server_hello: supported_versions says %s (0x%04x), which is never chosen by it",
                        version_text(*version), (unsigned)*version);
    }
    return true;
}

/* RFC 9846, 4.2.3: a server that can do better says so in its random, which is signed. */
static bool check_downgrade(struct t99_handshake *hs, const struct t99_server_hello *m)
{
    static const uint8_t sentinel[7] = { 'D', 'O', 'W', 'N', 'G', 'R', 'D' };

    if (hs->config->max_version >= T99_TLS13 && memcmp(m->random + 24, sentinel, sizeof sentinel) == 0 &&
        m->random[31] <= 1) {
        return t99_fail(
            hs->fault, ALERT_ILLEGAL_PARAMETER,
            "server_hello: downgrade: the server can do TLS 1.3, but was made to choose TLS 1.2 by "
            "somebody on the way");
    }
    return true;
}

static bool recv_server_hello(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    struct t99_server_hello m;
    const char *bad = NULL;
    uint16_t version;

    if (!t99_decode_server_hello(&m, t99_hs_body(message, len, &bad))) {
        return t99_hs_bad(hs, "server_hello", bad);
    }
    if (!chosen_version(hs, &m, &version)) {
        return false;
    }
    if (version == T99_TLS13) {
        hs->conn->version = version;
        hs->sink->version(hs->sink->arg, version);
        if (memcmp(m.random, t99_hello_retry_random, sizeof m.random) == 0) {
            return t99_recv_hello_retry_request(hs, &m, message, len);
        }
        return t99_recv_server_hello_13(hs, &m, message, len);
    }
    if (hs->conn->early_data == EARLY_OFFERED) {
        return t99_fail(hs->fault, ALERT_PROTOCOL_VERSION,
                        "server_hello: %s, although early data was sent to a server that had TLS 1.3",
                        version_text(version));
    }
    if (!check_downgrade(hs, &m)) {
        return false;
    }
    hs->conn->version = version;
    hs->sink->version(hs->sink->arg, version);
    return t99_recv_server_hello_12(hs, &m, message, len);
}

/* --- From outside. --- */

static const struct edge *find_edge(uint8_t state, uint8_t type)
{
    size_t i;

    for (i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        if (edges[i].state == state && edges[i].message == type) {
            return &edges[i];
        }
    }
    return NULL;
}

bool t99_handshake_message(struct t99_handshake *hs, const uint8_t *message, size_t len)
{
    const struct edge *edge = find_edge(hs->state, message[0]);
    bool handled;

    if (hs->config->on.message != NULL) {
        hs->config->on.message(hs->config->on.arg, DIRECTION_RECEIVED, message, len);
    }
    if (edge == NULL && message[0] == HS_HELLO_REQUEST && hs->conn->version == T99_TLS12 &&
        hs->config->ignore_hello_request && len == T99_HS_HEADER && hs->state != WAIT_FINISHED_12) {
        return true; /* RFC 5246, 7.4.1.1: may be ignored during a handshake, and is in no transcript */
    }
    if (edge == NULL) {
        return t99_fail(hs->fault, ALERT_UNEXPECTED_MESSAGE, "the server sent %s (%u) where %s was due",
                        t99_hs_name(message[0]), (unsigned)message[0], awaited[hs->state]);
    }
    handled = edge->handle(hs, message, len);
    if (handled && edge->then != HS_STATE_BY_HANDLER) {
        hs->state = edge->then;
    }
    if (handled && hs->state == CONNECTED) {
        hs->conn->connected = true;
    }
    return handled;
}

bool t99_handshake_change_cipher_spec(struct t99_handshake *hs)
{
    bool means_something = hs->conn->version == T99_TLS12 || hs->config->max_version < T99_TLS13;

    return !means_something || t99_recv_ccs_12(hs);
}

/* TLS 1.2 alone has no hybrids, and a list of groups may not be empty (RFC 8422, 5.1.1). */
static bool any_group_fits(const struct t99_hs_config *config)
{
    size_t i;

    for (i = 0; i < config->num_groups; i++) {
        if (config->max_version >= T99_TLS13 || t99_group_find(config->groups[i])->tls12) {
            return true;
        }
    }
    return config->num_groups == 0;
}

struct t99_handshake *t99_handshake_start(const struct t99_hs_config *config, struct t99_conn *conn,
                                          const struct t99_sink *sink, struct t99_fault *fault)
{
    struct t99_handshake *hs;

    if (config->num_suites == 0 || config->min_version > config->max_version) {
        t99_fail_as(fault, FAULT_CALLER, ALERT_NONE, "no protocols available: no version of TLS is enabled");
        return NULL;
    }
    if (!any_group_fits(config)) {
        t99_fail_as(fault, FAULT_CALLER, ALERT_NONE,
                    "no groups available: none of those that are set is for TLS 1.2");
        return NULL;
    }
    hs = t99_alloc(config->env, sizeof *hs);
    if (hs == NULL) {
        t99_fail_memory(fault);
        return NULL;
    }
    hs->config = config;
    hs->conn = conn;
    hs->sink = sink;
    hs->fault = fault;
    t99_transcript_init(&hs->transcript);
    if (!config->env->random(config->env->arg, conn->client_random, sizeof conn->client_random) ||
        !config->env->random(config->env->arg, hs->session_id, sizeof hs->session_id) ||
        !config->env->random(config->env->arg, hs->seed, sizeof hs->seed)) {
        t99_fail_as(fault, FAULT_SYSTEM, ALERT_NONE, "the operating system gave no random bytes");
    } else if (t99_send_client_hello(hs)) {
        return hs;
    }
    t99_handshake_free(hs);
    return NULL;
}

void t99_handshake_free(struct t99_handshake *hs)
{
    const struct t99_env *env;
    size_t i;

    if (hs == NULL) {
        return;
    }
    env = hs->config->env;
    for (i = 0; i < hs->num_shares; i++) {
        t99_free(env, hs->shares[i].private_part,
                 hs->shares[i].group->private_len + hs->shares[i].group->share_len);
    }
    t99_free(env, hs->cookie, hs->cookie_len);
    t99_free(env, hs->kept, hs->kept_cap);
    t99_free(env, hs->point, hs->point_len);
    t99_free(env, hs->shared, hs->shared_len);
    t99_free(env, (void *)(uintptr_t)hs->ticket.p, hs->ticket.len);
    t99_free(env, hs, sizeof *hs);
}
