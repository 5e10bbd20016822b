#include "peer/server.h"

#include <stdlib.h>
#include <string.h>

#include "handshake/credential.h"
#include "hex.h"
#include "peer/identity.h"
#include "peer/inside.h"
#include "x509/certificate.h"

/* --- Identities --- */

static struct t99_span put_hex(struct peer_identity *id, size_t *at, const char *hex)
{
    uint8_t *p = id->bytes + *at;
    size_t n = hex_read(p, sizeof id->bytes - *at, hex);

    *at += n;
    return t99_span(p, n);
}

void peer_identity_p256(struct peer_identity *id)
{
    size_t at = 0;

    memset(id, 0, sizeof *id);
    id->cert = put_hex(id, &at, identity_p256_cert);
    id->key.type = T99_KEY_EC;
    id->key.curve = t99_group_find(T99_GROUP_SECP256R1)->curve;
    id->key.scalar = put_hex(id, &at, identity_p256_scalar);
}

void peer_identity_rsa(struct peer_identity *id)
{
    size_t at = 0;

    memset(id, 0, sizeof *id);
    id->cert = put_hex(id, &at, identity_rsa_cert);
    id->key.type = T99_KEY_RSA;
    id->key.rsa.pub.n = put_hex(id, &at, identity_rsa_n);
    id->key.rsa.pub.e = put_hex(id, &at, identity_rsa_e);
    id->key.rsa.d = put_hex(id, &at, identity_rsa_d);
    id->key.rsa.p = put_hex(id, &at, identity_rsa_p);
    id->key.rsa.q = put_hex(id, &at, identity_rsa_q);
    id->key.rsa.dp = put_hex(id, &at, identity_rsa_dp);
    id->key.rsa.dq = put_hex(id, &at, identity_rsa_dq);
    id->key.rsa.qinv = put_hex(id, &at, identity_rsa_qinv);
}

/* --- Items --- */

static struct peer_item *add_item(struct peer *p, enum peer_item_kind kind)
{
    struct peer_item *item;

    if (p->num_items == PEER_MAX_ITEMS) {
        abort();
    }
    item = &p->items[p->num_items++];
    memset(item, 0, sizeof *item);
    item->kind = kind;
    return item;
}

static uint8_t *copy_of(const uint8_t *bytes, size_t len)
{
    uint8_t *p = malloc(len != 0 ? len : 1);

    if (p == NULL) {
        abort();
    }
    if (len != 0) {
        memcpy(p, bytes, len);
    }
    return p;
}

static void add_message(struct peer *p, const uint8_t *bytes, size_t len)
{
    struct peer_item *item = add_item(p, PEER_MESSAGE);

    item->bytes = copy_of(bytes, len);
    item->len = len;
}

void peer_add_ccs(struct peer *p)
{
    add_item(p, PEER_CCS);
}

void peer_add_key(struct peer *p, const struct t99_traffic_key *key)
{
    add_item(p, PEER_WRITE_KEY)->key = *key;
}

void peer_set_read_key(struct peer *p, const struct t99_traffic_key *key)
{
    p->read_key = *key;
    p->read_key_changed = true;
}

void peer_drop(struct peer *p, size_t i)
{
    free(p->items[i].bytes);
    p->num_items--;
    memmove(&p->items[i], &p->items[i + 1], (p->num_items - i) * sizeof p->items[0]);
}

void peer_double(struct peer *p, size_t i)
{
    add_item(p, PEER_CCS);
    memmove(&p->items[i + 1], &p->items[i], (p->num_items - 1 - i) * sizeof p->items[0]);
    if (p->items[i].bytes != NULL) {
        p->items[i + 1].bytes = copy_of(p->items[i].bytes, p->items[i].len);
    }
}

void peer_swap(struct peer *p, size_t i)
{
    struct peer_item t = p->items[i];

    p->items[i] = p->items[i + 1];
    p->items[i + 1] = t;
}

/* --- Messages --- */

bool peer_fail(struct peer *p, const char *why)
{
    if (p->failed == NULL) {
        p->failed = why;
    }
    return false;
}

void peer_record(struct peer *p, const uint8_t *message, size_t len)
{
    uint8_t *more = malloc(p->kept_len + len);

    if (more == NULL) {
        abort();
    }
    if (p->kept_len != 0) {
        memcpy(more, p->kept, p->kept_len);
    }
    memcpy(more + p->kept_len, message, len);
    free(p->kept);
    p->kept = more;
    p->kept_len += len;
    t99_transcript_add(&p->transcript, message, len);
}

struct writer peer_begin(struct peer *p, uint8_t type)
{
    struct writer w = wr_init(p->buf, sizeof p->buf);

    wr_u8(&w, type);
    wr_open24(&w);
    return w;
}

void peer_end(struct peer *p, struct writer *w, bool in_transcript)
{
    size_t len;

    wr_close24(w, T99_HS_HEADER);
    if (!wr_ok(w)) {
        abort();
    }
    len = w->len;
    if (p->set->edit != NULL) {
        p->set->edit(p->set->arg, p, p->buf, &len, sizeof p->buf);
    }
    if (len != 0) {
        if (in_transcript) {
            peer_record(p, p->buf, len);
        }
        add_message(p, p->buf, len);
    }
}

size_t peer_open_ext(struct writer *w, enum t99_extension x)
{
    wr_u16(w, t99_extension_type(x));
    return wr_open16(w);
}

void peer_flight_ready(struct peer *p)
{
    if (p->set->flight != NULL) {
        p->set->flight(p->set->arg, p);
    }
}

void peer_digest(struct peer *p, uint8_t *digest)
{
    t99_transcript_hash(&p->transcript, digest);
}

bool peer_sign(struct peer *p, struct writer *w, const uint8_t *content, size_t len)
{
    const struct t99_signature_scheme *scheme = t99_signature_scheme_find(p->set->scheme);
    uint8_t sig[T99_SIGNATURE_MAX];
    size_t sig_len = 0, at;

    if (scheme == NULL || !t99_sign(&p->set->identity->key, scheme, p->env, sig, &sig_len, content, len)) {
        return peer_fail(p, "cannot sign");
    }
    wr_u16(w, scheme->id);
    at = wr_open16(w);
    wr_bytes(w, sig, sig_len);
    wr_close16(w, at);
    return true;
}

void peer_put_schemes(const struct peer *p, struct writer *w)
{
    static const uint16_t usual[] = { 0x0403, 0x0804 };
    const uint16_t *schemes = p->set->request_schemes != NULL ? p->set->request_schemes : usual;
    size_t num = p->set->request_schemes != NULL ? p->set->num_request_schemes : 2, i;

    for (i = 0; i < num; i++) {
        wr_u16(w, schemes[i]);
    }
}

bool peer_take_leaf(struct peer *p, struct reader *list, bool with_extensions)
{
    struct reader cert;
    bool first = true;

    while (rd_left(list) != 0) {
        cert = rd_vec24(list, 1, 0xffffff, "certificate");
        if (with_extensions) {
            rd_vec16(list, 0, 65535, "extensions");
        }
        if (!rd_ok(list)) {
            return peer_fail(p, "malformed client certificate");
        }
        if (first) {
            p->leaf = t99_span(copy_of(cert.pos, rd_left(&cert)), rd_left(&cert));
        }
        first = false;
    }
    p->client_certificate = !first;
    return true;
}

bool peer_check_signature(struct peer *p, struct reader r, struct t99_span content)
{
    struct t99_certificate leaf;
    const struct t99_signature_scheme *scheme = t99_signature_scheme_find(rd_u16(&r, "scheme"));
    struct reader sig = rd_vec16(&r, 1, 65535, "signature");
    const char *bad = NULL;

    if (!rd_end(&r, "certificate_verify") || scheme == NULL) {
        return peer_fail(p, "malformed certificate_verify of the client");
    }
    if (!t99_certificate_decode(&leaf, p->leaf, &bad) ||
        !t99_verify_signature(&leaf.key, &scheme->alg, content, rd_rest(&sig))) {
        return peer_fail(p, "the client's signature is wrong");
    }
    p->client_scheme = scheme->id;
    return true;
}

/* --- ClientHello --- */

bool peer_lists(struct t99_span list, uint16_t value)
{
    size_t i;

    for (i = 0; i + 1 < list.len; i += 2) {
        if (load_be16(list.p + i) == value) {
            return true;
        }
    }
    return false;
}

bool peer_read_hello(struct peer *p, struct peer_hello *hello, const uint8_t *message, size_t len)
{
    const char *bad = NULL;
    struct reader r = t99_hs_body(message, len, &bad), v;

    rd_u16(&r, "legacy_version");
    rd_copy(&r, hello->random, sizeof hello->random, "random");
    v = rd_vec8(&r, 0, 32, "session_id");
    hello->session_id = rd_rest(&v);
    v = rd_vec16(&r, 2, 65534, "cipher_suites");
    hello->suites = rd_rest(&v);
    rd_vec8(&r, 1, 255, "compression_methods");
    v = rd_vec16(&r, 0, 65535, "extensions");
    t99_decode_extensions(&hello->ext, &v);
    if (message[0] != HS_CLIENT_HELLO || !rd_end(&r, "client_hello") || hello->ext.has_duplicate) {
        return peer_fail(p, "malformed client_hello");
    }
    return true;
}

static bool take_hello(struct peer *p, const uint8_t *message, size_t len)
{
    struct peer_hello hello;

    if (!peer_read_hello(p, &hello, message, len)) {
        return false;
    }
    if (!peer_lists(hello.suites, p->set->suite)) {
        return peer_fail(p, "the cipher suite was not offered");
    }
    memcpy(p->client_random, hello.random, sizeof hello.random);
    memcpy(p->session_id, hello.session_id.p != NULL ? hello.session_id.p : p->session_id,
           hello.session_id.len);
    p->session_id_len = hello.session_id.len;
    return p->set->version == T99_TLS13 ? peer_answer_hello_13(p, &hello, message, len)
                                        : peer_answer_hello_12(p, &hello, message, len);
}

/* --- From outside --- */

void peer_init(struct peer *p, const struct peer_settings *settings, const struct t99_env *env)
{
    memset(p, 0, sizeof *p);
    p->set = settings;
    p->env = env;
    p->suite = t99_cipher_suite_find(settings->suite);
    p->group = t99_group_find(settings->group);
    t99_transcript_init(&p->transcript);
}

void peer_clear(struct peer *p)
{
    while (p->num_items != 0) {
        peer_drop(p, 0);
    }
    free(p->kept);
    free((void *)(uintptr_t)p->leaf.p);
    memset(p, 0, sizeof *p);
}

bool peer_take(struct peer *p, const uint8_t *message, size_t len)
{
    if (p->failed != NULL) {
        return false;
    }
    if (p->state == PEER_AWAITS_HELLO) {
        return take_hello(p, message, len);
    }
    return p->set->version == T99_TLS13 ? peer_take_13(p, message, len) : peer_take_12(p, message, len);
}

void peer_send_message(struct peer *p, uint8_t type, const void *body, size_t len)
{
    struct writer w = peer_begin(p, type);

    wr_bytes(&w, body, len);
    peer_end(p, &w, false);
}
