#include "peer/call.h"

/* clang-format off */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <errno.h>
#include <string.h>

#include "x509/make_cert.h"
#include "x509/pem.h"

#define CA_KEY 0x41
#define LEAF_KEY 0x42

static const char must_staple_extension[] =
    "\x30\x11\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x18\x04\x05\x30\x03\x02\x01\x05"; /* RFC 7633 */

/* --- Certificates --- */

static struct t99_span make_ca(struct der_out *d, const struct call_leaf *leaf)
{
    struct cert_spec spec;

    memset(&spec, 0, sizeof spec);
    spec.subject = spec.issuer = "Test Authority";
    spec.key = spec.issuer_key = CA_KEY;
    spec.ca = true;
    spec.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
    spec.to = leaf->ca_to;
    return make_cert(d, &spec);
}

void call_leaf(struct call *c, const struct call_leaf *leaf)
{
    static const char server_auth[] = "\x2b\x06\x01\x05\x05\x07\x03\x01";
    struct cert_spec spec;
    struct der_out d;
    struct t99_span der = make_ca(&d, leaf);

    c->ca_pem_len = t99_pem_encode(c->ca_pem, sizeof c->ca_pem, "CERTIFICATE", der);
    assert_true(c->ca_pem_len <= sizeof c->ca_pem);
    assert_int_equal(tls_config_set_ca_mem(c->config, c->ca_pem, c->ca_pem_len), 0);
    memset(&spec, 0, sizeof spec);
    spec.subject = CALL_NAME;
    spec.issuer = "Test Authority";
    spec.key = LEAF_KEY;
    spec.issuer_key = CA_KEY;
    spec.key_usage = KU_DIGITAL_SIGNATURE;
    spec.eku = server_auth;
    spec.eku_len = sizeof server_auth - 1;
    spec.dns = CALL_NAME;
    spec.to = leaf->to;
    spec.serial = leaf->serial;
    spec.extra = must_staple_extension;
    spec.extra_len = leaf->must_staple ? sizeof must_staple_extension - 1 : 0;
    der = make_cert(&d, &spec);
    assert_true(der.len + 32 <= sizeof c->identity.bytes);
    memset(&c->identity, 0, sizeof c->identity);
    memcpy(c->identity.bytes, der.p, der.len);
    memset(c->identity.bytes + der.len, LEAF_KEY, 32);
    c->identity.cert = t99_span(c->identity.bytes, der.len);
    c->identity.key.type = T99_KEY_EC;
    c->identity.key.curve = &t99_p256;
    c->identity.key.scalar = t99_span(c->identity.bytes + der.len, 32);
}

/* SingleResponse: RFC 6960, 4.2.1. Names and key are hashed with SHA-1, as is usual. */
static void put_single(struct der_out *d, unsigned status, unsigned serial, const char *from, const char *to)
{
    struct der_out name;
    uint8_t scalar[32], point[65], digest[T99_HASH_MAX];
    size_t all = d->pos, end = d->pos, id;

    if (to != NULL) {
        der_time(d, to);
        der_wrap(d, 0xa0, end);
    }
    der_time(d, from);
    if (status == 1) {
        end = d->pos;
        der_bytes(d, "\xa0\x03\x0a\x01\x01", 5); /* keyCompromise */
        der_time(d, "20260601000000Z");
        der_wrap(d, 0xa1, end);
    } else {
        der_byte(d, 0);
        der_byte(d, 0x80 | status);
    }
    id = d->pos;
    der_small(d, serial);
    memset(scalar, CA_KEY, sizeof scalar);
    assert_true(t99_p256.public_key(point, scalar));
    t99_hash(&t99_sha1, digest, point, sizeof point);
    der_value(d, 0x04, digest, 20);
    der_start(&name);
    der_name(&name, "Test Authority");
    t99_hash(&t99_sha1, digest, der_done(&name).p, der_done(&name).len);
    der_value(d, 0x04, digest, 20);
    der_bytes(d, "\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00", 11);
    der_wrap(d, 0x30, id);
    der_wrap(d, 0x30, all);
}

struct t99_span call_ocsp(struct call *c, unsigned status, unsigned serial, const char *from, const char *to)
{
    static struct der_out d; /* what is returned lies in it until the next call */
    struct t99_span basic;
    struct der_out inner;
    size_t end;

    (void)c;
    der_start(&inner);
    end = inner.pos;
    put_single(&inner, status, serial, from, to);
    der_wrap(&inner, 0x30, end);
    der_time(&inner, from); /* producedAt */
    {
        size_t by = inner.pos;

        der_name(&inner, "Test Authority");
        der_wrap(&inner, 0xa1, by);
    }
    der_wrap(&inner, 0x30, end);
    der_sign(&inner, CA_KEY);
    basic = der_done(&inner);
    der_start(&d);
    end = d.pos;
    der_value(&d, 0x04, basic.p, basic.len);
    der_bytes(&d, "\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01", 11);
    der_wrap(&d, 0x30, end);
    der_wrap(&d, 0xa0, end);
    der_bytes(&d, "\x0a\x01\x00", 3);
    der_wrap(&d, 0x30, end);
    return der_done(&d);
}

/* --- Transport --- */

static size_t step(const struct call *c, size_t n)
{
    return c->chunk != 0 && n > c->chunk ? c->chunk : n;
}

static ssize_t read_cb(struct tls *tls, void *buf, size_t len, void *arg)
{
    struct call *c = arg;
    size_t n = step(c, len < c->wire.out_len ? len : c->wire.out_len);

    assert_ptr_equal(tls, c->tls);
    assert_true(len > 0);
    if (c->read_error != 0) {
        errno = c->read_error;
        return -1;
    }
    if (c->interrupt && c->turns++ % 2 == 0) {
        return TLS_WANT_POLLIN;
    }
    if (n == 0) {
        return c->end ? 0 : TLS_WANT_POLLIN;
    }
    memcpy(buf, c->wire.out, n);
    wire_fetched(&c->wire, n);
    return (ssize_t)n;
}

static ssize_t write_cb(struct tls *tls, const void *buf, size_t len, void *arg)
{
    struct call *c = arg;
    size_t n = step(c, len < c->write_room ? len : c->write_room);

    assert_ptr_equal(tls, c->tls);
    assert_true(len > 0);
    if (c->write_error != 0) {
        errno = c->write_error;
        return -1;
    }
    if ((c->interrupt && c->turns++ % 2 == 0) || n == 0) {
        return TLS_WANT_POLLOUT;
    }
    c->write_room -= n;
    t99_sha256.update(&c->sent, buf, n);
    if (!c->deaf) {
        (void)wire_take(&c->wire, buf, n);
    }
    return (ssize_t)n;
}

/* --- Calls --- */

void call_init(struct call *c, uint16_t version)
{
    static const struct call_leaf usual;

    memset(c, 0, sizeof *c);
    test_env_init(&c->env, 1);
    test_env_init(&c->server_env, 2);
    c->config = t99_config_new_env(&c->env.env);
    assert_non_null(c->config);
    call_leaf(c, &usual);
    c->set.version = version;
    c->set.suite = version == T99_TLS13 ? 0x1301 : 0xc02b;
    c->set.group = T99_GROUP_X25519;
    c->set.scheme = 0x0403;
    c->set.identity = &c->identity;
    c->set.session = &c->session;
    if (version == T99_TLS12) {
        assert_int_equal(tls_config_set_protocols(c->config, TLS_PROTOCOL_TLSv1_2), 0);
    }
}

int call_connect(struct call *c)
{
    call_end(c);
    peer_init(&c->peer, &c->set, &c->server_env.env);
    wire_init(&c->wire, &c->peer);
    t99_sha256.init(&c->sent);
    c->turns = 0;
    c->end = c->deaf = false;
    c->read_error = c->write_error = 0;
    c->write_room = SIZE_MAX;
    c->tls = t99_client_env(&c->env.env);
    if (c->tls == NULL || tls_configure(c->tls, c->config) != 0) {
        return -1;
    }
    return tls_connect_cbs(c->tls, read_cb, write_cb, c, c->connect_to != NULL ? c->connect_to : CALL_NAME);
}

/* True if it is worth trying again: the transport said "not now" only to be annoying, or has more. */
static bool again(const struct call *c, ssize_t r, unsigned *tries)
{
    if (r == TLS_WANT_POLLIN && (c->wire.out_len != 0 || c->interrupt)) {
        return ++*tries < 200000 && (c->wire.out_len != 0 || c->turns % 2 == 1);
    }
    return r == TLS_WANT_POLLOUT && c->write_room != 0 && ++*tries < 200000;
}

int call_handshake(struct call *c)
{
    unsigned tries = 0;
    int r;

    do {
        r = tls_handshake(c->tls);
    } while (again(c, r, &tries));
    return r;
}

int call_start(struct call *c)
{
    return call_connect(c) == 0 ? call_handshake(c) : -1;
}

ssize_t call_read(struct call *c, void *buf, size_t len)
{
    unsigned tries = 0;
    ssize_t n;

    do {
        n = tls_read(c->tls, buf, len);
    } while (again(c, n, &tries));
    return n;
}

int call_write(struct call *c, const void *buf, size_t len)
{
    const uint8_t *p = buf;
    unsigned tries = 0;
    ssize_t n;

    while (len > 0) {
        n = tls_write(c->tls, p, len);
        if (n < 0 && !again(c, n, &tries)) {
            return (int)n;
        }
        if (n > 0) {
            p += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

int call_close(struct call *c)
{
    unsigned tries = 0;
    int r;

    do {
        r = tls_close(c->tls);
    } while (again(c, r, &tries));
    return r;
}

void call_serve(struct call *c, const void *data, size_t len)
{
    const uint8_t *p = data;
    size_t n;

    while (len > 0) {
        n = len < T99_RECORD_CONTENT_MAX ? len : T99_RECORD_CONTENT_MAX;
        wire_send(&c->wire, CONTENT_APPLICATION_DATA, p, n);
        p += n;
        len -= n;
    }
}

void call_drain(struct call *c)
{
    uint8_t byte;

    assert_int_equal(call_read(c, &byte, 1), TLS_WANT_POLLIN);
}

void call_end(struct call *c)
{
    tls_free(c->tls);
    c->tls = NULL;
    if (c->wire.peer != NULL) {
        wire_clear(&c->wire);
        peer_clear(&c->peer);
    }
}

void call_clear(struct call *c)
{
    call_end(c);
    tls_config_free(c->config);
    c->config = NULL;
    assert_int_equal(c->env.live, 0);
    assert_false(c->env.not_wiped);
}
