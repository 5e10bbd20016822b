/* TLS 1.2, the server's side, ECDHE: RFC 5246, 8422, 7627, 5746, 5077. */
#include "peer/inside.h"

#include <stdlib.h>
#include <string.h>

#define VERIFY_DATA_LEN 12

/* --- The first flight --- */

static void put_empty_ext(struct writer *w, enum t99_extension x)
{
    wr_close16(w, peer_open_ext(w, x));
}

static void put_extensions(struct peer *p, struct writer *w, const struct peer_hello *hello)
{
    size_t exts = wr_open16(w), ext, list, name;

    ext = peer_open_ext(w, TLSEXT_RENEGOTIATION_INFO);
    wr_u8(w, 0);
    wr_close16(w, ext);
    if (p->ems) {
        put_empty_ext(w, TLSEXT_EMS);
    }
    if (p->ticket_wanted) {
        put_empty_ext(w, TLSEXT_SESSION_TICKET);
    }
    if (p->ocsp_wanted && !p->resumed) {
        put_empty_ext(w, TLSEXT_STATUS_REQUEST);
    }
    if (p->set->alpn != NULL && t99_has_extension(&hello->ext, TLSEXT_ALPN)) {
        ext = peer_open_ext(w, TLSEXT_ALPN);
        list = wr_open16(w);
        name = wr_open8(w);
        wr_bytes(w, p->set->alpn, strlen(p->set->alpn));
        wr_close8(w, name);
        wr_close16(w, list);
        wr_close16(w, ext);
    }
    if (p->set->record_size_limit != 0 && t99_has_extension(&hello->ext, TLSEXT_RECORD_SIZE_LIMIT)) {
        ext = peer_open_ext(w, TLSEXT_RECORD_SIZE_LIMIT);
        wr_u16(w, p->set->record_size_limit);
        wr_close16(w, ext);
    }
    wr_close16(w, exts);
}

static void send_server_hello(struct peer *p, const struct peer_hello *hello)
{
    struct writer w = peer_begin(p, HS_SERVER_HELLO);
    size_t id;

    p->env->random(p->env->arg, p->server_random, sizeof p->server_random);
    wr_u16(&w, T99_TLS12);
    wr_bytes(&w, p->server_random, sizeof p->server_random);
    id = wr_open8(&w);
    if (p->resumed) {
        wr_bytes(&w, p->session_id, p->session_id_len);
    } else if (p->set->issue_session_id && p->set->session != NULL) {
        p->env->random(p->env->arg, p->set->session->id, sizeof p->set->session->id);
        wr_bytes(&w, p->set->session->id, sizeof p->set->session->id);
    }
    wr_close8(&w, id);
    wr_u16(&w, p->suite->id);
    wr_u8(&w, 0);
    put_extensions(p, &w, hello);
    peer_end(p, &w, true);
}

static void send_certificate(struct peer *p)
{
    struct writer w = peer_begin(p, HS_CERTIFICATE);
    size_t list = wr_open24(&w), at = wr_open24(&w);

    wr_bytes(&w, p->set->identity->cert.p, p->set->identity->cert.len);
    wr_close24(&w, at);
    wr_close24(&w, list);
    peer_end(p, &w, true);
    if (p->ocsp_wanted) {
        w = peer_begin(p, HS_CERTIFICATE_STATUS);
        wr_u8(&w, 1);
        at = wr_open24(&w);
        wr_bytes(&w, p->set->staple.p, p->set->staple.len);
        wr_close24(&w, at);
        peer_end(p, &w, true);
    }
}

static bool send_key_exchange(struct peer *p)
{
    uint8_t share[T99_SHARE_MAX], content[64 + 4 + 255];
    struct writer w = peer_begin(p, HS_SERVER_KEY_EXCHANGE);
    size_t n;

    if (!t99_group_generate(p->group, p->env, p->private_part, share)) {
        return peer_fail(p, "no randomness");
    }
    wr_u8(&w, 3); /* named_curve */
    wr_u16(&w, p->group->id);
    wr_u8(&w, (uint8_t)p->group->share_len);
    wr_bytes(&w, share, p->group->share_len);
    n = w.len - T99_HS_HEADER;
    memcpy(content, p->client_random, 32);
    memcpy(content + 32, p->server_random, 32);
    memcpy(content + 64, p->buf + T99_HS_HEADER, n);
    if (!peer_sign(p, &w, content, 64 + n)) {
        return false;
    }
    peer_end(p, &w, true);
    return true;
}

static void send_certificate_request(struct peer *p)
{
    struct writer w = peer_begin(p, HS_CERTIFICATE_REQUEST);
    size_t list;

    wr_u8(&w, 2);
    wr_u8(&w, 64); /* ecdsa_sign */
    wr_u8(&w, 1);  /* rsa_sign */
    list = wr_open16(&w);
    peer_put_schemes(p, &w);
    wr_close16(&w, list);
    list = wr_open16(&w);
    wr_bytes(&w, p->set->authorities.p, p->set->authorities.len);
    wr_close16(&w, list);
    peer_end(p, &w, true);
}

/* --- Keys and Finished --- */

static void traffic_keys(struct peer *p, struct t99_traffic_key *client, struct t99_traffic_key *server)
{
    t99_traffic_keys_12(client, server, p->suite, p->secret, p->client_random, p->server_random);
}

static void send_ticket(struct peer *p)
{
    struct writer w = peer_begin(p, HS_NEW_SESSION_TICKET);
    size_t at;

    wr_u32(&w, p->set->ticket_lifetime != 0 ? p->set->ticket_lifetime : 7200);
    at = wr_open16(&w);
    wr_bytes(&w, p->set->session->ticket, sizeof p->set->session->ticket);
    wr_close16(&w, at);
    peer_end(p, &w, true);
}

/* [NewSessionTicket], ChangeCipherSpec, Finished. */
static void send_last(struct peer *p)
{
    struct t99_traffic_key client, server;
    uint8_t digest[T99_HASH_MAX], data[VERIFY_DATA_LEN];
    struct writer w;

    if (p->ticket_wanted) {
        p->env->random(p->env->arg, p->set->session->ticket, sizeof p->set->session->ticket);
        send_ticket(p);
    }
    peer_add_ccs(p);
    traffic_keys(p, &client, &server);
    peer_add_key(p, &server);
    peer_digest(p, digest);
    t99_verify_data_12(p->suite->hash, data, p->secret, false, digest);
    w = peer_begin(p, HS_FINISHED);
    wr_bytes(&w, data, sizeof data);
    peer_end(p, &w, true);
}

static void keep_session(struct peer *p)
{
    struct peer_session *s = p->set->session;

    if (s != NULL) {
        s->valid = true;
        s->suite = p->suite->id;
        s->ems = p->ems;
        memcpy(s->secret, p->secret, T99_MAIN_SECRET_LEN);
    }
}

/* --- ClientHello --- */

static bool may_resume(const struct peer *p, const struct peer_hello *hello)
{
    const struct peer_session *s = p->set->session;

    if (s == NULL || !s->valid || p->set->refuse_session || s->suite != p->suite->id) {
        return false;
    }
    return t99_span_equal(hello->ext.data[TLSEXT_SESSION_TICKET], t99_span(s->ticket, sizeof s->ticket)) ||
           t99_span_equal(hello->session_id, t99_span(s->id, sizeof s->id));
}

bool peer_answer_hello_12(struct peer *p, const struct peer_hello *hello, const uint8_t *message, size_t len)
{
    struct writer w;

    t99_transcript_choose(&p->transcript, p->suite->hash);
    peer_record(p, message, len);
    p->ems = t99_has_extension(&hello->ext, TLSEXT_EMS) && !p->set->no_ems;
    p->ocsp_wanted = t99_has_extension(&hello->ext, TLSEXT_STATUS_REQUEST) && p->set->send_status;
    p->ticket_wanted = t99_has_extension(&hello->ext, TLSEXT_SESSION_TICKET) && p->set->num_tickets != 0 &&
                       p->set->session != NULL;
    p->resumed = may_resume(p, hello);
    send_server_hello(p, hello);
    if (p->resumed) {
        memcpy(p->secret, p->set->session->secret, T99_MAIN_SECRET_LEN);
        send_last(p);
        p->state = PEER_AWAITS_CCS;
    } else {
        send_certificate(p);
        if (!send_key_exchange(p)) {
            return false;
        }
        if (p->set->request_certificate) {
            send_certificate_request(p);
        }
        w = peer_begin(p, HS_SERVER_HELLO_DONE);
        peer_end(p, &w, true);
        p->state = p->set->request_certificate ? PEER_AWAITS_CERTIFICATE : PEER_AWAITS_CLIENT_KEY_EXCHANGE;
    }
    peer_flight_ready(p);
    return true;
}

/* --- The client's flight --- */

static bool take_certificate(struct peer *p, const uint8_t *message, size_t len)
{
    const char *bad = NULL;
    struct reader r = t99_hs_body(message, len, &bad), list;

    list = rd_vec24(&r, 0, 0xffffff, "list");
    if (!peer_take_leaf(p, &list, false) || !rd_end(&r, "certificate")) {
        return peer_fail(p, "malformed certificate of the client");
    }
    p->state = PEER_AWAITS_CLIENT_KEY_EXCHANGE;
    return true;
}

static bool take_client_key_exchange(struct peer *p, const uint8_t *message, size_t len)
{
    uint8_t shared[T99_SHARED_SECRET_MAX], session_hash[T99_HASH_MAX];
    const char *bad = NULL, *why = NULL;
    struct reader r = t99_hs_body(message, len, &bad), point;

    point = rd_vec8(&r, 1, 255, "point");
    if (!rd_end(&r, "client_key_exchange") ||
        !t99_group_agree(p->group, shared, p->private_part, point.pos, rd_left(&point), &why)) {
        return peer_fail(p, "the client's point is not usable");
    }
    t99_transcript_hash_with(&p->transcript, p->suite->hash, session_hash, message, len);
    t99_main_secret_12(p->suite->hash, p->secret, shared, p->group->secret_len, p->ems ? session_hash : NULL,
                       p->client_random, p->server_random);
    p->state = p->client_certificate ? PEER_AWAITS_CERTIFICATE_VERIFY : PEER_AWAITS_CCS;
    return true;
}

static bool take_certificate_verify(struct peer *p, const uint8_t *message, size_t len)
{
    const char *bad = NULL;

    p->state = PEER_AWAITS_CCS;
    return peer_check_signature(p, t99_hs_body(message, len, &bad), t99_span(p->kept, p->kept_len));
}

bool peer_take_ccs(struct peer *p)
{
    struct t99_traffic_key client, server;

    if (p->set->version == T99_TLS13) {
        return true;
    }
    if (p->state != PEER_AWAITS_CCS) {
        return peer_fail(p, "the client's change_cipher_spec was not due");
    }
    traffic_keys(p, &client, &server);
    peer_set_read_key(p, &client);
    p->state = PEER_AWAITS_FINISHED;
    return true;
}

static bool take_finished(struct peer *p, const uint8_t *message, size_t len)
{
    uint8_t digest[T99_HASH_MAX], data[VERIFY_DATA_LEN];

    peer_digest(p, digest);
    t99_verify_data_12(p->suite->hash, data, p->secret, true, digest);
    if (len != T99_HS_HEADER + sizeof data || memcmp(data, message + T99_HS_HEADER, sizeof data) != 0) {
        return peer_fail(p, "the client's Finished is wrong");
    }
    p->state = PEER_CONNECTED;
    return true;
}

bool peer_take_12(struct peer *p, const uint8_t *message, size_t len)
{
    static const struct {
        enum peer_state state;
        uint8_t type;
        bool (*take)(struct peer *p, const uint8_t *message, size_t len);
    } rows[] = {
        { PEER_AWAITS_CERTIFICATE, HS_CERTIFICATE, take_certificate },
        { PEER_AWAITS_CLIENT_KEY_EXCHANGE, HS_CLIENT_KEY_EXCHANGE, take_client_key_exchange },
        { PEER_AWAITS_CERTIFICATE_VERIFY, HS_CERTIFICATE_VERIFY, take_certificate_verify },
        { PEER_AWAITS_FINISHED, HS_FINISHED, take_finished },
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].state == p->state && rows[i].type == message[0]) {
            if (!rows[i].take(p, message, len)) {
                return false;
            }
            peer_record(p, message, len);
            if (p->state == PEER_CONNECTED) {
                if (!p->resumed) {
                    send_last(p);
                    peer_flight_ready(p);
                }
                keep_session(p);
            }
            return true;
        }
    }
    return peer_fail(p, "the client sent a message that was not due");
}
