/*
 * Fuzzes the decoders of handshake messages. Input: a byte that picks one, then the body of a message. What
 * a decoder points to lies in the body, and a body that is cut short or has a byte more is refused.
 */
#include "fuzz/fuzz.h"
#include "handshake/messages.h"

static struct t99_span body; /* what is decoded */

static void check_block(const struct t99_ext_block *ext)
{
    size_t i;

    for (i = 0; i < TLSEXT_NUM; i++) {
        if ((ext->present & TLSEXT_BIT(i)) != 0) {
            check_inside(body, ext->data[i]);
        }
    }
    check(ext->present < (uint32_t)1 << TLSEXT_NUM);
}

static bool server_hello(struct reader r)
{
    struct t99_server_hello m;

    if (!t99_decode_server_hello(&m, r)) {
        return false;
    }
    check(m.session_id.len <= 32);
    check_inside(body, m.session_id);
    check_block(&m.ext);
    return true;
}

static bool encrypted_extensions(struct reader r)
{
    struct t99_ext_block ext;

    if (!t99_decode_encrypted_extensions(&ext, r)) {
        return false;
    }
    check_block(&ext);
    return true;
}

static void check_request(const struct t99_certificate_request *m)
{
    check(m->schemes.len % 2 == 0);
    check_inside(body, m->context);
    check_inside(body, m->types);
    check_inside(body, m->schemes);
    check_inside(body, m->authorities);
}

static bool request_13(struct reader r)
{
    struct t99_certificate_request m;

    memset(&m, 0, sizeof m);
    if (!t99_decode_certificate_request_13(&m, r)) {
        return false;
    }
    check_request(&m);
    check_block(&m.ext);
    return true;
}

static bool request_12(struct reader r)
{
    struct t99_certificate_request m;

    memset(&m, 0, sizeof m);
    if (!t99_decode_certificate_request_12(&m, r)) {
        return false;
    }
    check_request(&m);
    return true;
}

static bool key_exchange(struct reader r)
{
    struct t99_server_key_exchange m;

    if (!t99_decode_server_key_exchange(&m, r)) {
        return false;
    }
    check_inside(body, m.point);
    check_inside(body, m.params);
    check_inside(body, m.signature);
    return true;
}

static bool certificate_verify(struct reader r)
{
    struct t99_certificate_verify m;

    if (!t99_decode_certificate_verify(&m, r)) {
        return false;
    }
    check_inside(body, m.signature);
    return true;
}

static bool ticket_13(struct reader r)
{
    struct t99_new_session_ticket m;

    if (!t99_decode_new_session_ticket_13(&m, r)) {
        return false;
    }
    check(m.ticket.len != 0);
    check_inside(body, m.nonce);
    check_inside(body, m.ticket);
    check_block(&m.ext);
    return true;
}

static bool ticket_12(struct reader r)
{
    struct t99_new_session_ticket m;

    if (!t99_decode_new_session_ticket_12(&m, r)) {
        return false;
    }
    check_inside(body, m.ticket);
    return true;
}

static bool certificate_status(struct reader r)
{
    struct t99_span response;

    if (!t99_decode_certificate_status(&response, r)) {
        return false;
    }
    check(response.len != 0);
    check_inside(body, response);
    return true;
}

static bool compressed_certificate(struct reader r)
{
    struct t99_compressed_certificate m;

    if (!t99_decode_compressed_certificate(&m, r)) {
        return false;
    }
    check_inside(body, m.data);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool (*const decoders[])(struct reader) = {
        server_hello,
        encrypted_extensions,
        request_13,
        request_12,
        key_exchange,
        certificate_verify,
        ticket_13,
        ticket_12,
        certificate_status,
        t99_decode_sct_list,
        compressed_certificate,
    };
    size_t num = sizeof decoders / sizeof decoders[0];
    const char *bad = NULL;
    bool (*decode)(struct reader);

    if (size < 2 || data[0] >= num) {
        return 0;
    }
    decode = decoders[data[0]];
    body = t99_span(data + 1, size - 1);
    if (!decode(rd_init(body.p, body.len, &bad))) {
        check(bad != NULL);
        return 0;
    }
    check(bad == NULL);
    if (decode != server_hello ||
        body.len != 40) { /* that may end before its extensions: RFC 5246, 7.4.1.3 */
        check(!decode(rd_init(body.p, body.len - 1, &bad)));
    }
    return 0;
}
