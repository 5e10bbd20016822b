/* TLS 1.3, the server's side: RFC 9846. */
#include "peer/inside.h"

#include <string.h>

#include "crypto/kdf/hkdf.h"
#include "handshake/hs.h"

/* --- The first flight --- */

static void put_hello_frame(struct peer *p, struct writer *w, const uint8_t random[32])
{
    size_t id;

    wr_u16(w, T99_TLS12);
    wr_bytes(w, random, 32);
    id = wr_open8(w);
    wr_bytes(w, p->session_id, p->session_id_len);
    wr_close8(w, id);
    wr_u16(w, p->suite->id);
    wr_u8(w, 0);
}

static void put_version(struct writer *w)
{
    size_t ext = peer_open_ext(w, TLSEXT_SUPPORTED_VERSIONS);

    wr_u16(w, T99_TLS13);
    wr_close16(w, ext);
}

static bool send_hello_retry(struct peer *p, const uint8_t *message, size_t len)
{
    struct writer w = peer_begin(p, HS_SERVER_HELLO);
    size_t exts, ext, cookie;

    p->retried = true;
    t99_transcript_add(&p->transcript, message, len);
    t99_transcript_choose(&p->transcript, p->suite->hash);
    t99_transcript_restart(&p->transcript);
    put_hello_frame(p, &w, t99_hello_retry_random);
    exts = wr_open16(&w);
    put_version(&w);
    if (p->set->hello_retry) {
        ext = peer_open_ext(&w, TLSEXT_KEY_SHARE);
        wr_u16(&w, p->group->id);
        wr_close16(&w, ext);
    }
    if (p->set->cookie_len != 0) {
        memset(p->cookie, 'c', sizeof p->cookie);
        ext = peer_open_ext(&w, TLSEXT_COOKIE);
        cookie = wr_open16(&w);
        wr_bytes(&w, p->cookie, p->set->cookie_len);
        wr_close16(&w, cookie);
        wr_close16(&w, ext);
    }
    wr_close16(&w, exts);
    peer_end(p, &w, true);
    if (!p->set->no_ccs) {
        peer_add_ccs(p);
    }
    peer_flight_ready(p);
    return true;
}

/* The client's share of our group. */
static struct t99_span find_share(const struct peer *p, const struct peer_hello *hello)
{
    const char *bad = NULL;
    struct reader r = t99_extension_reader(&hello->ext, TLSEXT_KEY_SHARE, &bad), list, share;
    uint16_t id;

    list = rd_vec16(&r, 0, 65535, "client_shares");
    while (rd_left(&list) != 0) {
        id = rd_u16(&list, "group");
        share = rd_vec16(&list, 1, 65535, "key_exchange");
        if (id == p->group->id && rd_ok(&list)) {
            return rd_rest(&share);
        }
    }
    return t99_span(NULL, 0);
}

static bool check_cookie(struct peer *p, const struct peer_hello *hello)
{
    struct t99_span got = hello->ext.data[TLSEXT_COOKIE];

    if (!p->retried || p->set->cookie_len == 0) {
        return true;
    }
    return (got.len == 2 + p->set->cookie_len && memcmp(got.p + 2, p->cookie, p->set->cookie_len) == 0) ||
           peer_fail(p, "the cookie did not come back");
}

/* RFC 9846, 4.3.11.2: the binder is the last thing in the message, a list of one. */
static bool check_binder(struct peer *p, const uint8_t *message, size_t len)
{
    const struct t99_hash *hash = p->suite->hash;
    uint8_t digest[T99_HASH_MAX], key[T99_HASH_MAX], mac[T99_HASH_MAX];
    size_t binders = 2 + 1 + hash->len;

    t99_hash(hash, digest, NULL, 0);
    t99_derive_secret(hash, key, p->secret, "res binder", digest);
    t99_transcript_hash_with(&p->transcript, hash, digest, message, len - binders);
    t99_finished_mac(hash, mac, key, digest);
    return memcmp(mac, message + len - hash->len, hash->len) == 0 || peer_fail(p, "the binder is wrong");
}

#define TICKET_AGE_ADD 0x01020304

/* The ticket that the client offers, if it is one of ours. */
static struct peer_ticket *find_ticket(const struct peer *p, const struct peer_hello *hello)
{
    struct peer_session *s = p->set->session;
    const char *bad = NULL;
    struct reader r, ids, id;
    uint32_t age;
    size_t i;

    if (s == NULL || !t99_has_extension(&hello->ext, TLSEXT_PRE_SHARED_KEY)) {
        return NULL;
    }
    r = t99_extension_reader(&hello->ext, TLSEXT_PRE_SHARED_KEY, &bad);
    ids = rd_vec16(&r, 7, 65535, "identities");
    id = rd_vec16(&ids, 1, 65535, "identity");
    age = rd_u32(&ids, "obfuscated_ticket_age") - TICKET_AGE_ADD;
    for (i = 0; i < s->num_tickets; i++) {
        if (t99_span_equal(rd_rest(&id), t99_span(s->tickets[i].ticket, sizeof s->tickets[i].ticket))) {
            s->tickets[i].age = age;
            return &s->tickets[i];
        }
    }
    return NULL;
}

/* Resumes if it is to. Sets the early secret. */
static bool settle_psk(struct peer *p, const struct peer_hello *hello, const uint8_t *message, size_t len)
{
    struct peer_ticket *ticket = find_ticket(p, hello);
    const struct t99_hash *hash = p->suite->hash;

    t99_early_secret(hash, p->secret, NULL, 0);
    if (ticket == NULL) {
        return true;
    }
    ticket->presented += p->retried ? 0 : 1;
    if (p->set->refuse_session || t99_cipher_suite_find(ticket->suite)->hash != hash) {
        return true;
    }
    t99_early_secret(hash, p->secret, ticket->psk, hash->len);
    p->resumed = true;
    return check_binder(p, message, len);
}

static void derive_early_key(struct peer *p)
{
    uint8_t digest[T99_HASH_MAX], secret[T99_HASH_MAX];
    struct t99_traffic_key key;

    peer_digest(p, digest);
    t99_derive_secret(p->suite->hash, secret, p->secret, "c e traffic", digest);
    t99_traffic_key_13(&key, p->suite, secret);
    peer_set_read_key(p, &key);
}

static bool send_server_hello(struct peer *p, struct t99_span client_share)
{
    uint8_t share[T99_SHARE_MAX], shared[T99_SHARED_SECRET_MAX], digest[T99_HASH_MAX];
    struct writer w;
    size_t exts, ext, at;

    if (!peer_answer_share(p, client_share, share, shared)) {
        return peer_fail(p, "the client's key share is not usable");
    }
    p->env->random(p->env->arg, p->server_random, sizeof p->server_random);
    w = peer_begin(p, HS_SERVER_HELLO);
    put_hello_frame(p, &w, p->server_random);
    exts = wr_open16(&w);
    put_version(&w);
    ext = peer_open_ext(&w, TLSEXT_KEY_SHARE);
    wr_u16(&w, p->group->id);
    at = wr_open16(&w);
    wr_bytes(&w, share, p->group->server_share_len);
    wr_close16(&w, at);
    wr_close16(&w, ext);
    if (p->resumed) {
        ext = peer_open_ext(&w, TLSEXT_PRE_SHARED_KEY);
        wr_u16(&w, 0);
        wr_close16(&w, ext);
    }
    wr_close16(&w, exts);
    peer_end(p, &w, true);
    t99_handshake_secret(p->suite->hash, p->secret, shared, p->group->secret_len);
    peer_digest(p, digest);
    t99_derive_secret(p->suite->hash, p->client_secret, p->secret, "c hs traffic", digest);
    t99_derive_secret(p->suite->hash, p->server_secret, p->secret, "s hs traffic", digest);
    return true;
}

static void send_encrypted_extensions(struct peer *p, const struct peer_hello *hello)
{
    struct writer w = peer_begin(p, HS_ENCRYPTED_EXTENSIONS);
    size_t exts = wr_open16(&w), ext, list, name;

    if (p->set->alpn != NULL && t99_has_extension(&hello->ext, TLSEXT_ALPN)) {
        ext = peer_open_ext(&w, TLSEXT_ALPN);
        list = wr_open16(&w);
        name = wr_open8(&w);
        wr_bytes(&w, p->set->alpn, strlen(p->set->alpn));
        wr_close8(&w, name);
        wr_close16(&w, list);
        wr_close16(&w, ext);
    }
    if (p->set->record_size_limit != 0 && t99_has_extension(&hello->ext, TLSEXT_RECORD_SIZE_LIMIT)) {
        ext = peer_open_ext(&w, TLSEXT_RECORD_SIZE_LIMIT);
        wr_u16(&w, p->set->record_size_limit);
        wr_close16(&w, ext);
    }
    if (p->early_accepted) {
        ext = peer_open_ext(&w, TLSEXT_EARLY_DATA);
        wr_close16(&w, ext);
    }
    wr_close16(&w, exts);
    peer_end(p, &w, true);
}

static void send_certificate_request(struct peer *p)
{
    struct writer w = peer_begin(p, HS_CERTIFICATE_REQUEST);
    size_t exts, ext, list;

    wr_u8(&w, 0);
    exts = wr_open16(&w);
    ext = peer_open_ext(&w, TLSEXT_SIGNATURE_ALGORITHMS);
    list = wr_open16(&w);
    peer_put_schemes(p, &w);
    wr_close16(&w, list);
    wr_close16(&w, ext);
    if (p->set->authorities.len != 0) {
        ext = peer_open_ext(&w, TLSEXT_CERTIFICATE_AUTHORITIES);
        list = wr_open16(&w);
        wr_bytes(&w, p->set->authorities.p, p->set->authorities.len);
        wr_close16(&w, list);
        wr_close16(&w, ext);
    }
    wr_close16(&w, exts);
    peer_end(p, &w, true);
}

static bool send_certificate(struct peer *p)
{
    uint8_t digest[T99_HASH_MAX], content[T99_SIGNED_MAX];
    struct writer w = peer_begin(p, HS_CERTIFICATE);
    size_t list, at, exts, ext, response;

    wr_u8(&w, 0);
    list = wr_open24(&w);
    at = wr_open24(&w);
    wr_bytes(&w, p->set->identity->cert.p, p->set->identity->cert.len);
    wr_close24(&w, at);
    exts = wr_open16(&w);
    if (p->set->send_status && p->ocsp_wanted) {
        ext = peer_open_ext(&w, TLSEXT_STATUS_REQUEST);
        wr_u8(&w, 1);
        response = wr_open24(&w);
        wr_bytes(&w, p->set->staple.p, p->set->staple.len);
        wr_close24(&w, response);
        wr_close16(&w, ext);
    }
    wr_close16(&w, exts);
    wr_close24(&w, list);
    peer_end(p, &w, true);

    peer_digest(p, digest);
    w = peer_begin(p, HS_CERTIFICATE_VERIFY);
    if (!peer_sign(p, &w, content, t99_signed_content_13(content, true, digest, p->suite->hash->len))) {
        return false;
    }
    peer_end(p, &w, true);
    return true;
}

static void send_finished(struct peer *p)
{
    const struct t99_hash *hash = p->suite->hash;
    uint8_t digest[T99_HASH_MAX], mac[T99_HASH_MAX];
    struct writer w = peer_begin(p, HS_FINISHED);
    struct t99_traffic_key key;

    peer_digest(p, digest);
    t99_finished_mac(hash, mac, p->server_secret, digest);
    wr_bytes(&w, mac, hash->len);
    peer_end(p, &w, true);

    t99_main_secret(hash, p->secret);
    peer_digest(p, digest);
    t99_derive_secret(hash, p->next_client, p->secret, "c ap traffic", digest);
    t99_derive_secret(hash, p->server_secret, p->secret, "s ap traffic", digest);
    t99_traffic_key_13(&key, p->suite, p->server_secret);
    peer_add_key(p, &key);
}

static void await_client(struct peer *p)
{
    struct t99_traffic_key key;

    if (p->early_accepted) {
        p->state = PEER_AWAITS_END_OF_EARLY_DATA;
        return;
    }
    t99_traffic_key_13(&key, p->suite, p->client_secret);
    peer_set_read_key(p, &key);
    p->state = p->set->request_certificate && !p->resumed ? PEER_AWAITS_CERTIFICATE : PEER_AWAITS_FINISHED;
}

bool peer_answer_hello_13(struct peer *p, const struct peer_hello *hello, const uint8_t *message, size_t len)
{
    struct t99_span share = find_share(p, hello);
    bool early = t99_has_extension(&hello->ext, TLSEXT_EARLY_DATA);
    struct t99_traffic_key key;

    if ((p->set->hello_retry || p->set->cookie_len != 0) && !p->retried) {
        p->skip_early_data = early;
        return send_hello_retry(p, message, len);
    }
    if (share.len == 0) {
        return peer_fail(p, "no key share of the group");
    }
    p->ocsp_wanted = t99_has_extension(&hello->ext, TLSEXT_STATUS_REQUEST);
    t99_transcript_choose(&p->transcript, p->suite->hash);
    if (!check_cookie(p, hello) || !settle_psk(p, hello, message, len)) {
        return false;
    }
    peer_record(p, message, len);
    p->early_accepted = early && p->resumed && p->set->accept_early_data && !p->retried;
    p->skip_early_data = p->skip_early_data || (early && !p->early_accepted);
    if (p->early_accepted) {
        derive_early_key(p);
    }
    if (!send_server_hello(p, share)) {
        return false;
    }
    if (!p->set->no_ccs && !p->retried) {
        peer_add_ccs(p);
    }
    t99_traffic_key_13(&key, p->suite, p->server_secret);
    peer_add_key(p, &key);
    send_encrypted_extensions(p, hello);
    if (!p->resumed) {
        if (p->set->request_certificate) {
            send_certificate_request(p);
        }
        if (!send_certificate(p)) {
            return false;
        }
    }
    send_finished(p);
    await_client(p);
    peer_flight_ready(p);
    return true;
}

/* --- The client's flight --- */

static bool take_certificate(struct peer *p, const uint8_t *message, size_t len)
{
    const char *bad = NULL;
    struct reader r = t99_hs_body(message, len, &bad), list;

    rd_vec8(&r, 0, 255, "context");
    list = rd_vec24(&r, 0, 0xffffff, "list");
    if (!peer_take_leaf(p, &list, true) || !rd_end(&r, "certificate")) {
        return peer_fail(p, "malformed certificate of the client");
    }
    p->state = p->client_certificate ? PEER_AWAITS_CERTIFICATE_VERIFY : PEER_AWAITS_FINISHED;
    return true;
}

static bool take_certificate_verify(struct peer *p, const uint8_t *message, size_t len)
{
    uint8_t digest[T99_HASH_MAX], content[T99_SIGNED_MAX];
    const char *bad = NULL;
    size_t n;

    peer_digest(p, digest);
    n = t99_signed_content_13(content, false, digest, p->suite->hash->len);
    p->state = PEER_AWAITS_FINISHED;
    return peer_check_signature(p, t99_hs_body(message, len, &bad), t99_span(content, n));
}

static bool take_finished(struct peer *p, const uint8_t *message, size_t len)
{
    const struct t99_hash *hash = p->suite->hash;
    uint8_t digest[T99_HASH_MAX], mac[T99_HASH_MAX];
    struct t99_traffic_key key;
    unsigned i;

    peer_digest(p, digest);
    t99_finished_mac(hash, mac, p->client_secret, digest);
    if (len != T99_HS_HEADER + hash->len || memcmp(mac, message + T99_HS_HEADER, hash->len) != 0) {
        return peer_fail(p, "the client's Finished is wrong");
    }
    peer_record(p, message, len);
    memcpy(p->client_secret, p->next_client, sizeof p->client_secret);
    t99_traffic_key_13(&key, p->suite, p->client_secret);
    peer_set_read_key(p, &key);
    peer_digest(p, digest);
    t99_derive_secret(hash, p->secret, p->secret, "res master",
                      digest); /* p->secret: resumption secret now */
    p->state = PEER_CONNECTED;
    for (i = 0; i < p->set->num_tickets; i++) {
        peer_send_ticket(p);
    }
    peer_flight_ready(p);
    return true;
}

static bool take_end_of_early_data(struct peer *p, const uint8_t *message, size_t len)
{
    struct t99_traffic_key key;

    peer_record(p, message, len);
    t99_traffic_key_13(&key, p->suite, p->client_secret);
    peer_set_read_key(p, &key);
    p->state = PEER_AWAITS_FINISHED;
    return len == T99_HS_HEADER || peer_fail(p, "malformed end_of_early_data");
}

static bool take_key_update(struct peer *p, const uint8_t *message, size_t len)
{
    struct t99_traffic_key key;

    if (len != T99_HS_HEADER + 1) {
        return peer_fail(p, "malformed key_update");
    }
    p->key_updates++;
    t99_next_traffic_secret(p->suite->hash, p->client_secret);
    t99_traffic_key_13(&key, p->suite, p->client_secret);
    peer_set_read_key(p, &key);
    if (message[T99_HS_HEADER] == 1) {
        peer_send_key_update(p, false);
    }
    return true;
}

bool peer_take_13(struct peer *p, const uint8_t *message, size_t len)
{
    static const struct {
        enum peer_state state;
        uint8_t type;
        bool (*take)(struct peer *p, const uint8_t *message, size_t len);
        bool recorded; /* here, afterwards */
    } rows[] = {
        { PEER_AWAITS_END_OF_EARLY_DATA, HS_END_OF_EARLY_DATA, take_end_of_early_data, false },
        { PEER_AWAITS_CERTIFICATE, HS_CERTIFICATE, take_certificate, true },
        { PEER_AWAITS_CERTIFICATE_VERIFY, HS_CERTIFICATE_VERIFY, take_certificate_verify, true },
        { PEER_AWAITS_FINISHED, HS_FINISHED, take_finished, false },
        { PEER_CONNECTED, HS_KEY_UPDATE, take_key_update, false },
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].state == p->state && rows[i].type == message[0]) {
            if (!rows[i].take(p, message, len)) {
                return false;
            }
            if (rows[i].recorded) {
                peer_record(p, message, len);
            }
            return true;
        }
    }
    return peer_fail(p, "the client sent a message that was not due");
}

/* --- Afterwards --- */

void peer_send_key_update(struct peer *p, bool request)
{
    uint8_t body = request ? 1 : 0;
    struct t99_traffic_key key;

    peer_send_message(p, HS_KEY_UPDATE, &body, 1);
    t99_next_traffic_secret(p->suite->hash, p->server_secret);
    t99_traffic_key_13(&key, p->suite, p->server_secret);
    peer_add_key(p, &key);
}

/* The oldest goes when there is no more room. */
static struct peer_ticket *new_ticket(struct peer_session *s)
{
    if (s->num_tickets == PEER_MAX_TICKETS) {
        memmove(&s->tickets[0], &s->tickets[1], (PEER_MAX_TICKETS - 1) * sizeof s->tickets[0]);
        s->num_tickets--;
    }
    memset(&s->tickets[s->num_tickets], 0, sizeof s->tickets[0]);
    return &s->tickets[s->num_tickets++];
}

void peer_send_ticket(struct peer *p)
{
    struct peer_ticket dummy, *t = p->set->session != NULL ? new_ticket(p->set->session) : &dummy;
    struct writer w = peer_begin(p, HS_NEW_SESSION_TICKET);
    uint8_t nonce[2];
    size_t at, ext;

    store_be16(nonce, (uint16_t)p->tickets_sent++);
    t->suite = p->suite->id;
    p->env->random(p->env->arg, t->ticket, sizeof t->ticket);
    t99_ticket_psk(p->suite->hash, t->psk, p->secret, nonce, sizeof nonce);
    wr_u32(&w, p->set->ticket_lifetime != 0 ? p->set->ticket_lifetime : 7200);
    wr_u32(&w, TICKET_AGE_ADD);
    at = wr_open8(&w);
    wr_bytes(&w, nonce, sizeof nonce);
    wr_close8(&w, at);
    at = wr_open16(&w);
    wr_bytes(&w, t->ticket, sizeof t->ticket);
    wr_close16(&w, at);
    at = wr_open16(&w);
    if (p->set->max_early_data != 0) {
        ext = peer_open_ext(&w, TLSEXT_EARLY_DATA);
        wr_u32(&w, p->set->max_early_data);
        wr_close16(&w, ext);
    }
    wr_close16(&w, at);
    peer_end(p, &w, false);
}
