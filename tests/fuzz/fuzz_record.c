/*
 * Fuzzes what stands between the wire and the handshake. The first byte of the input says what the rest is:
 *   0  bytes from the server to a client that has just said hello
 *   1  records to a connected TLS 1.3 client, well encrypted: (type, padding, length of 2 bytes, content)*
 *   2  the same for TLS 1.2
 *   3  handshake records: (length of a byte, content)*, joined to messages and compared with a plain copy
 *   4  the body of one record, which cannot be authentic
 */
#include "engine/inside.h"
#include "fuzz/fuzz.h"
#include "peer/link.h"

static void make_key(struct t99_traffic_key *key, uint16_t version)
{
    memset(key, 0x42, sizeof *key);
    key->aead = &t99_aes_128_gcm;
    key->version = version;
    key->explicit_nonce = version == T99_TLS12;
}

/* --- An engine --- */

/* Gives the bytes to the engine as it asks for them, and reads. */
static void feed(struct t99_engine *e, const uint8_t *data, size_t size)
{
    uint8_t buf[300], *p;
    size_t want, n, read_len = size % sizeof buf + 1;

    for (;;) {
        while (t99_engine_read(e, buf, read_len, &n) && n != 0) {
            check(n <= read_len);
        }
        t99_engine_out(e, &n);
        t99_engine_sent(e, n);
        p = t99_engine_in(e, &want);
        check((p == NULL) == t99_faulted(t99_engine_fault(e)));
        check(want <= T99_RECORD_BODY_MAX_12);
        n = want < size ? want : size;
        if (p == NULL || n == 0) {
            break;
        }
        memcpy(p, data, n);
        data += n;
        size -= n;
        check(t99_engine_received(e, n) == !t99_faulted(t99_engine_fault(e)));
    }
    check(t99_engine_eof(e) == !t99_faulted(t99_engine_fault(e)));
    check(!t99_faulted(t99_engine_fault(e)) || t99_engine_fault(e)->text[0] != '\0');
}

static void fuzz_hello(struct link *l, const uint8_t *data, size_t size)
{
    check(t99_engine_start(l->engine));
    feed(l->engine, data, size);
    check(!t99_engine_connected(l->engine));
}

/* As after a handshake, which is not the matter here. */
static void pretend_connected(struct t99_engine *e, uint16_t version)
{
    struct t99_traffic_key key;

    make_key(&key, version);
    e->started = true;
    e->up = true;
    e->any_input = true;
    e->conn.connected = true;
    e->conn.version = version;
    e->write_version = version;
    e->conn.suite = t99_cipher_suite_find(version == T99_TLS13 ? 0x1301 : 0xc02b);
    t99_protect_init(&e->reading, &key);
    t99_protect_init(&e->writing, &key);
}

static void fuzz_connected(struct link *l, uint16_t version, const uint8_t *data, size_t size)
{
    struct t99_traffic_key key;
    size_t len;

    make_key(&key, version);
    pretend_connected(l->engine, version);
    t99_protect_init(&l->wire.writing, &key);
    while (size >= 4) {
        len = load_be16(data + 2) % 600;
        len = len < size - 4 ? len : size - 4;
        l->wire.padding = data[1] % 4;
        wire_send(&l->wire, data[0], data + 4, len);
        data += 4 + len;
        size -= 4 + len;
    }
    feed(l->engine, l->wire.out, l->wire.out_len);
}

static void fuzz_engine(uint8_t mode, const uint8_t *data, size_t size)
{
    static struct link l;

    link_init(&l, mode == 2 ? T99_TLS12 : T99_TLS13);
    peer_init(&l.peer, &l.set, &l.server_env.env);
    wire_init(&l.wire, &l.peer);
    l.engine = t99_engine_new(&l.config);
    check(l.engine != NULL);
    if (mode == 0) {
        fuzz_hello(&l, data, size);
    } else {
        fuzz_connected(&l, l.set.version, data, size);
    }
    link_clear(&l);
    check(l.env.live == 0 && !l.env.not_wiped);
}

/* --- The parts --- */

static size_t message_limit(void *arg, const char **name, uint8_t type)
{
    (void)arg;
    *name = "a_message";
    return type == 0xff ? 10 : 3000;
}

static void fuzz_join(const uint8_t *data, size_t size)
{
    struct test_env env;
    struct t99_fault fault;
    struct t99_join j;
    struct t99_span m;
    enum t99_join_result r = JOIN_EMPTY;
    uint8_t *stream = malloc(size + 1), *at = stream; /* what came, and where the next message begins */
    size_t len, have = 0;

    check(stream != NULL);
    test_env_init(&env, 1);
    t99_fault_clear(&fault);
    memset(&j, 0, sizeof j);
    while (size > 1 && r == JOIN_EMPTY) {
        len = data[0] < size - 1 ? data[0] : size - 1;
        check(t99_join_put(&j, data + 1, len, &fault) == (len != 0));
        if (len == 0) {
            break;
        }
        memcpy(stream + have, data + 1, len);
        have += len;
        data += 1 + len;
        size -= 1 + len;
        while ((r = t99_join_next(&j, &env.env, message_limit, NULL, &m, &fault)) == JOIN_MESSAGE) {
            check(m.len == 4 + load_be24(at + 1) && m.len <= (size_t)(stream + have - at));
            check(memcmp(m.p, at, m.len) == 0);
            at += m.len;
        }
        check(r == JOIN_FAILED || t99_join_partial(&j) == (at != stream + have));
    }
    check((r == JOIN_FAILED) == (fault.alert == ALERT_ILLEGAL_PARAMETER));
    t99_join_clear(&j, &env.env);
    check(env.live == 0 && !env.not_wiped);
    free(stream);
}

static void fuzz_open(const uint8_t *data, size_t size)
{
    static uint8_t body[T99_RECORD_BODY_MAX_12], out[T99_RECORD_BODY_MAX_12];
    struct t99_frame_rules rules = { false, 0x0303, true };
    struct t99_traffic_key key;
    struct t99_protect p;
    struct t99_opened opened;
    struct t99_frame frame;
    struct t99_fault fault;

    t99_fault_clear(&fault);
    if (size < T99_RECORD_HEADER || !t99_frame_decode(&frame, data, &rules, &fault)) {
        return;
    }
    frame.len = frame.len < size - T99_RECORD_HEADER ? frame.len : size - T99_RECORD_HEADER;
    memcpy(body, data + T99_RECORD_HEADER, frame.len);
    memset(&p, 0, sizeof p);
    make_key(&key, frame.type % 2 == 0 ? T99_TLS12 : T99_TLS13);
    t99_protect_init(&p, &key);
    check(!t99_protect_open(&p, &opened, out, &frame, body, T99_RECORD_CONTENT_MAX, &fault));
    check(!t99_protect_open(&p, &opened, body, &frame, body, T99_RECORD_CONTENT_MAX, &fault));
    check(fault.alert == ALERT_BAD_RECORD_MAC && p.seq == 0);
    t99_protect_wipe(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size != 0 && data[0] < 3) {
        fuzz_engine(data[0], data + 1, size - 1);
    } else if (size != 0 && data[0] == 3) {
        fuzz_join(data + 1, size - 1);
    } else if (size != 0 && data[0] == 4) {
        fuzz_open(data + 1, size - 1);
    }
    return 0;
}
