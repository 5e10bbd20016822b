/*
 * One exchange, told the same however the bytes move: all at once, one at a time, with every read and write
 * interrupted. All that the client sends is compared to the byte, and all that a program is told.
 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#include "peer/call.h"
#include "x509/pem.h"

static struct call c;

/* What the exchange is to have in it. */
struct plan {
    const char *name;
    uint16_t version, group;
    bool retry, client_certificate, resume, early, key_update, staple;
    size_t fragment; /* of the server's messages */
};

/* How the bytes move. */
struct transport {
    size_t chunk, read_size;
    bool interrupt;
};

/* What came of it. */
struct outcome {
    uint8_t sent[32]; /* digest of the client's bytes */
    size_t received, got;
    uint8_t data[32], answer[32]; /* digests of application data, both ways */
    char facts[1000];
};

static void digest_of(uint8_t out[32], const void *p, size_t len)
{
    t99_hash(&t99_sha256, out, p, len);
}

static const char *text(const char *s)
{
    return s != NULL ? s : "-";
}

static void note_facts(struct outcome *o)
{
    uint8_t exported[16] = { 0 };

    assert_int_equal(tls_exporter(c.tls, "EXPERIMENTAL", "ctx", 3, exported, sizeof exported), 0);
    snprintf(o->facts, sizeof o->facts,
             "%s %s %s %s %s %s resumed %d retry %d early %d ocsp %s export %02x%02x",
             text(tls_conn_version(c.tls)), text(tls_conn_cipher(c.tls)), text(tls_conn_group(c.tls)),
             text(tls_conn_signature_scheme(c.tls)), text(tls_conn_alpn_selected(c.tls)),
             text(tls_peer_cert_hash(c.tls)), tls_conn_session_resumed(c.tls), tls_conn_hello_retry(c.tls),
             tls_conn_early_data(c.tls), text(tls_peer_ocsp_result(c.tls)), (unsigned)exported[0],
             (unsigned)exported[1]);
}

static void read_all(struct outcome *o, size_t read_size)
{
    static uint8_t buf[40000], all[200000];
    size_t len = 0;
    ssize_t n;

    while ((n = call_read(&c, buf, read_size)) > 0) {
        assert_true((size_t)n <= read_size && len + (size_t)n <= sizeof all);
        memcpy(all + len, buf, (size_t)n);
        len += (size_t)n;
    }
    assert_int_equal(n, 0);
    o->got = len;
    digest_of(o->answer, all, len);
}

static void client_pair(void)
{
    char cert[2000], key[600];
    uint8_t sec1[] = { 0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20, [39] = 0xa0, 0x0a, 0x06,
                       0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,        0x07 };
    size_t cert_len, key_len;

    memcpy(sec1 + 7, c.identity.key.scalar.p, 32);
    cert_len = t99_pem_encode((uint8_t *)cert, sizeof cert, "CERTIFICATE", c.identity.cert);
    key_len = t99_pem_encode((uint8_t *)key, sizeof key, "EC PRIVATE KEY", t99_span(sec1, sizeof sec1));
    assert_int_equal(
        tls_config_set_keypair_mem(c.config, (const uint8_t *)cert, cert_len, (const uint8_t *)key, key_len),
        0);
}

/* The part that is compared. Before it, a first connection gives a session if one is to be resumed. */
static void exchange(const struct plan *plan, const struct transport *t, struct outcome *o)
{
    static uint8_t question[30000], answer[50000];
    struct t99_hash_ctx sent;
    size_t i;

    for (i = 0; i < sizeof question; i++) {
        question[i] = (uint8_t)(i * 3);
    }
    for (i = 0; i < sizeof answer; i++) {
        answer[i] = (uint8_t)(i * 5 + i / 256);
    }
    c.chunk = t->chunk;
    c.interrupt = t->interrupt;
    assert_int_equal(call_connect(&c), 0);
    c.wire.fragment = plan->fragment;
    if (plan->early) {
        assert_int_equal(tls_set_early_data(c.tls, "early question", 14), 0);
    }
    if (call_handshake(&c) != 0) {
        print_error("%s: %s; server: %s\n", plan->name, tls_error(c.tls), text(c.wire.failed));
    }
    assert_int_equal(c.peer.state, PEER_CONNECTED);
    assert_int_equal(c.peer.client_certificate, plan->client_certificate);
    assert_int_equal(call_write(&c, question, sizeof question), 0);
    if (plan->key_update) {
        int r;

        do {
            r = tls_key_update(c.tls, 1);
        } while (r == TLS_WANT_POLLOUT);
        assert_int_equal(r, 0);
        peer_send_key_update(&c.peer, true);
        wire_flush(&c.wire);
    }
    assert_int_equal(call_write(&c, "after", 5), 0);
    call_serve(&c, answer, sizeof answer);
    wire_send_alert(&c.wire, 1, ALERT_CLOSE_NOTIFY);
    read_all(o, t->read_size);
    note_facts(o);
    assert_int_equal(call_close(&c), 0);
    assert_true(c.wire.close_came);
    assert_null(c.wire.failed);
    sent = c.sent;
    t99_sha256.final(&sent, o->sent);
    o->received = c.wire.data_len;
    digest_of(o->data, c.wire.data, c.wire.data_len);
    assert_int_equal(o->received, sizeof question + 5 + (plan->early ? 14 : 0));
    assert_int_equal(o->got, sizeof answer);
}

static void run(const struct plan *plan, const struct transport *t, struct outcome *o)
{
    memset(o, 0, sizeof *o);
    call_init(&c, plan->version);
    assert_int_equal(tls_config_set_alpn(c.config, "http/1.1"), 0);
    c.set.alpn = "http/1.1";
    c.set.num_tickets = 1;
    c.set.max_early_data = plan->early ? 16384 : 0;
    c.set.accept_early_data = plan->early;
    if (plan->client_certificate) {
        client_pair();
        c.set.request_certificate = true;
    }
    if (plan->staple) {
        c.set.staple = call_ocsp(&c, 0, 1, "20261230000000Z", "20270110000000Z");
        c.set.send_status = true;
    }
    if (plan->resume) {
        assert_int_equal(call_start(&c), 0);
        call_drain(&c);
        assert_int_equal(call_close(&c), 0);
    }
    c.set.group = plan->group != 0 ? plan->group : c.set.group;
    c.set.hello_retry = plan->retry;
    exchange(plan, t, o);
    call_clear(&c);
}

static const struct plan plans[] = {
    { "1.3", T99_TLS13, 0, false, false, false, false, false, false, 0 },
    { "1.3, hybrid", T99_TLS13, T99_GROUP_X25519MLKEM768, false, false, false, false, true, false, 0 },
    { "1.3, retry", T99_TLS13, T99_GROUP_SECP384R1, true, false, false, false, true, false, 0 },
    { "1.3, client certificate, staple", T99_TLS13, 0, false, true, false, false, true, true, 0 },
    { "1.3, resumed", T99_TLS13, 0, false, false, true, false, true, false, 0 },
    { "1.3, early data", T99_TLS13, 0, false, false, true, true, true, false, 0 },
    { "1.3, in pieces", T99_TLS13, 0, false, true, false, false, false, true, 17 },
    { "1.2", T99_TLS12, 0, false, false, false, false, false, false, 0 },
    { "1.2, client certificate, staple", T99_TLS12, 0, false, true, false, false, false, true, 0 },
    { "1.2, resumed", T99_TLS12, 0, false, false, true, false, false, false, 0 },
    { "1.2, in pieces", T99_TLS12, 0, false, true, false, false, false, true, 17 },
};

static void however_the_bytes_move_the_result_is_the_same(void **state)
{
    static const struct transport whole = { 0, 20000, false };
    static const struct transport others[] = {
        { 1, 20000, false }, { 0, 20000, true }, { 1, 16384, true }, { 5, 1, false }, { 1000, 7, true }
    };
    struct outcome expected, o;
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        run(&plans[i], &whole, &expected);
        for (k = 0; k < sizeof others / sizeof others[0]; k++) {
            run(&plans[i], &others[k], &o);
            assert_string_equal(o.facts, expected.facts);
            assert_memory_equal(o.sent, expected.sent, 32);
            assert_int_equal(o.received, expected.received);
            assert_memory_equal(o.data, expected.data, 32);
            assert_memory_equal(o.answer, expected.answer, 32);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(however_the_bytes_move_the_result_is_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
