#include "peer/link.h"

#include <stdlib.h>
#include <string.h>

static bool on_verify(void *arg, const struct t99_conn *conn, bool resumed, struct t99_fault *fault)
{
    struct link *l = arg;

    (void)conn;
    (void)resumed;
    l->num_verified++;
    return !l->refuse_certificate ||
           t99_fail_as(fault, FAULT_VERIFY, ALERT_CERTIFICATE_UNKNOWN, "refused by the test");
}

static void on_new_session(void *arg, struct t99_session *session)
{
    struct link *l = arg;

    t99_session_free(&l->env.env, l->session);
    l->session = session;
    l->num_sessions++;
}

void link_init(struct link *l, uint16_t version)
{
    static const uint16_t suites[] = {
        0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8
    };
    static const uint16_t schemes[] = { 0x0403, 0x0503, 0x0804, 0x0805, 0x0401, 0x0807 };

    memset(l, 0, sizeof *l);
    test_env_init(&l->env, 1);
    test_env_init(&l->server_env, 2);
    peer_identity_p256(&l->identity);
    l->read_size = 20000;

    l->config.env = &l->env.env;
    l->config.min_version = T99_TLS12;
    l->config.max_version = T99_TLS13;
    memcpy(l->config.suites, suites, sizeof suites);
    l->config.num_suites = sizeof suites / sizeof suites[0];
    l->config.groups[0] = T99_GROUP_SECP256R1;
    l->config.groups[1] = T99_GROUP_SECP384R1;
    l->config.num_groups = 2;
    l->config.default_key_shares = true;
    memcpy(l->config.schemes, schemes, sizeof schemes);
    l->config.num_schemes = sizeof schemes / sizeof schemes[0];
    l->config.servername = "tls99.test";
    l->config.offer_tickets = true;
    l->config.offer_ems = true;
    l->config.legacy_server_connect = true;
    l->config.check_key_usage = true;
    l->config.on.arg = l;
    l->config.on.verify = on_verify;
    l->config.on.new_session = on_new_session;

    l->set.version = version;
    l->set.suite = version == T99_TLS13 ? 0x1301 : 0xc02b;
    l->set.group = T99_GROUP_SECP256R1;
    l->set.scheme = 0x0403;
    l->set.identity = &l->identity;
    if (version ==
        T99_TLS12) { /* or the client would take the downgrade for an attack: the server has none */
        l->config.max_version = T99_TLS12;
    }
}

bool link_start(struct link *l)
{
    peer_init(&l->peer, &l->set, &l->server_env.env);
    wire_init(&l->wire, &l->peer);
    l->engine = t99_engine_new(&l->config);
    return l->engine != NULL && t99_engine_start(l->engine);
}

static size_t step(const struct link *l, size_t n)
{
    return l->chunk != 0 && n > l->chunk ? l->chunk : n;
}

static bool move_out(struct link *l)
{
    size_t len, n;
    const uint8_t *p = t99_engine_out(l->engine, &len);

    n = step(l, len);
    if (n == 0) {
        return false;
    }
    wire_take(&l->wire, p, n);
    t99_engine_sent(l->engine, n);
    return true;
}

static bool move_in(struct link *l, bool *failed)
{
    size_t want, n;
    uint8_t *p = t99_engine_in(l->engine, &want);

    n = step(l, want < l->wire.out_len ? want : l->wire.out_len);
    if (p == NULL || n == 0) {
        return false;
    }
    memcpy(p, l->wire.out, n);
    wire_fetched(&l->wire, n);
    *failed = !t99_engine_received(l->engine, n) || *failed;
    return true;
}

static bool read_data(struct link *l, bool *failed)
{
    static uint8_t buf[65536];
    size_t n;

    if (!t99_engine_read(l->engine, buf, l->read_size, &n)) {
        *failed = true;
        return false;
    }
    if (n > l->got_cap - l->got_len) {
        l->got_cap = 2 * (l->got_len + n);
        l->got = realloc(l->got, l->got_cap);
        if (l->got == NULL) {
            abort();
        }
    }
    if (n != 0) {
        memcpy(l->got + l->got_len, buf, n);
        l->got_len += n;
    }
    return n != 0;
}

bool link_run(struct link *l)
{
    bool failed = t99_faulted(t99_engine_fault(l->engine)), moved;

    do {
        moved = move_out(l);
        moved = move_in(l, &failed) || moved;
        moved = read_data(l, &failed) || moved;
    } while (moved);
    return !failed;
}

bool link_connect(struct link *l)
{
    return link_start(l) && link_run(l) && t99_engine_connected(l->engine) &&
           l->peer.state == PEER_CONNECTED && l->wire.failed == NULL;
}

bool link_write(struct link *l, const void *data, size_t len)
{
    const uint8_t *p = data;
    size_t n;

    while (len > 0) {
        if (!link_run(l) || !t99_engine_write(l->engine, p, len, &n) || !link_run(l) || n == 0) {
            return false;
        }
        p += n;
        len -= n;
    }
    return true;
}

void link_again(struct link *l)
{
    t99_engine_free(l->engine);
    l->engine = NULL;
    wire_clear(&l->wire);
    peer_clear(&l->peer);
    free(l->got);
    l->got = NULL;
    l->got_len = 0;
    l->got_cap = 0;
}

void link_clear(struct link *l)
{
    link_again(l);
    t99_session_free(&l->env.env, l->session);
    l->session = NULL;
}

const char *link_fault(const struct link *l)
{
    return t99_engine_fault(l->engine)->text;
}
