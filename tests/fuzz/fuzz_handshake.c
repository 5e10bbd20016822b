/*
 * Fuzzes the client's handshake behind its records: a whole connection with the server for tests, whose
 * messages are changed. Both sides hash what was changed, so that signatures and Finished do not give it
 * away. Input: a byte of settings, then changes: (which message, how, where: 2 bytes, length, bytes).
 */
#include "engine/engine.h"
#include "fuzz/fuzz.h"
#include "peer/link.h"

#define MAX_MESSAGES 16

struct changes {
    const uint8_t *p;
    size_t len;
    unsigned message; /* the number of the next */
};

/* Overwrites, cuts off, inserts, or puts in the place of the body. */
static void change(uint8_t *m, size_t *len, size_t cap, unsigned how, size_t at, struct t99_span bytes)
{
    at = *len > 4 ? 4 + at % (*len - 3) : *len; /* behind the header, to the end */
    switch (how % 4) {
    case 0:
        memcpy(m + at, bytes.p, bytes.len < *len - at ? bytes.len : *len - at);
        break;
    case 1:
        *len = at;
        break;
    case 2:
        if (bytes.len <= cap - *len) {
            memmove(m + at + bytes.len, m + at, *len - at);
            memcpy(m + at, bytes.p, bytes.len);
            *len += bytes.len;
        }
        break;
    default:
        memcpy(m + 4, bytes.p, bytes.len);
        *len = 4 + bytes.len;
        break;
    }
}

static void edit(void *arg, struct peer *p, uint8_t *m, size_t *len, size_t cap)
{
    struct changes *c = arg;
    size_t at = 0, n;

    (void)p;
    while (c->len - at >= 5) {
        const uint8_t *q = c->p + at;

        n = q[4] < c->len - at - 5 ? q[4] : c->len - at - 5;
        if (q[0] % MAX_MESSAGES == c->message && *len >= 4) {
            change(m, len, cap, q[1], load_be16(q + 2), t99_span(q + 5, n));
        }
        at += 5 + n;
    }
    if (*len >= 4) { /* the header fits, or records would be all that is tested */
        m[1] = (uint8_t)((*len - 4) >> 16);
        m[2] = (uint8_t)((*len - 4) >> 8);
        m[3] = (uint8_t)(*len - 4);
    }
    c->message++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct link l;
    struct changes changes;
    bool ok;

    if (size < 1) {
        return 0;
    }
    changes.p = data + 1;
    changes.len = size - 1;
    changes.message = 0;
    link_init(&l, (data[0] & 1) != 0 ? T99_TLS12 : T99_TLS13);
    l.config.groups[0] = l.set.group = T99_GROUP_X25519;
    l.set.arg = &changes;
    l.set.edit = edit;
    l.set.hello_retry = (data[0] & 2) != 0 && l.set.version == T99_TLS13;
    l.set.request_certificate = (data[0] & 4) != 0;
    l.set.num_tickets = (data[0] & 8) != 0;
    l.set.send_status = (data[0] & 16) != 0;
    l.config.request_ocsp = l.set.send_status;
    l.set.staple = t99_span((const uint8_t *)"staple", 6);
    l.set.group = l.set.hello_retry ? T99_GROUP_SECP384R1 : l.set.group;
    ok = link_start(&l) && link_run(&l);
    check(ok == !t99_faulted(t99_engine_fault(l.engine)));
    check(ok || t99_engine_fault(l.engine)->text[0] != '\0');
    link_clear(&l);
    check(l.env.live == 0 && !l.env.not_wiped);
    return 0;
}
