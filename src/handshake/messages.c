#include "handshake/messages.h"

#include <string.h>

const uint8_t t99_hello_retry_random[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                             0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                             0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

static const struct {
    uint8_t type;
    const char *name;
} names[] = {
    { HS_HELLO_REQUEST, "hello_request" },
    { HS_CLIENT_HELLO, "client_hello" },
    { HS_SERVER_HELLO, "server_hello" },
    { HS_NEW_SESSION_TICKET, "new_session_ticket" },
    { HS_END_OF_EARLY_DATA, "end_of_early_data" },
    { HS_ENCRYPTED_EXTENSIONS, "encrypted_extensions" },
    { HS_CERTIFICATE, "certificate" },
    { HS_SERVER_KEY_EXCHANGE, "server_key_exchange" },
    { HS_CERTIFICATE_REQUEST, "certificate_request" },
    { HS_SERVER_HELLO_DONE, "server_hello_done" },
    { HS_CERTIFICATE_VERIFY, "certificate_verify" },
    { HS_CLIENT_KEY_EXCHANGE, "client_key_exchange" },
    { HS_FINISHED, "finished" },
    { HS_CERTIFICATE_STATUS, "certificate_status" },
    { HS_KEY_UPDATE, "key_update" },
    { HS_COMPRESSED_CERTIFICATE, "compressed_certificate" },
};

const char *t99_hs_name(unsigned type)
{
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].type == type) {
            return names[i].name;
        }
    }
    return "unknown";
}

bool t99_hs_malformed(struct t99_fault *fault, const char *message, const char *field)
{
    return t99_fail(fault, ALERT_DECODE_ERROR, "%s: malformed: %s", message,
                    strcmp(field, message) == 0 ? "bytes left over" : field);
}

bool t99_decode_server_hello(struct t99_server_hello *m, struct reader r)
{
    struct reader session_id, extensions;

    m->legacy_version = rd_u16(&r, "legacy_version");
    rd_copy(&r, m->random, sizeof m->random, "random");
    session_id = rd_vec8(&r, 0, 32, "legacy_session_id_echo");
    m->session_id = rd_rest(&session_id);
    m->cipher_suite = rd_u16(&r, "cipher_suite");
    m->compression_method = rd_u8(&r, "legacy_compression_method");
    memset(&m->ext, 0, sizeof m->ext);
    if (rd_left(&r) != 0) { /* none at all: TLS 1.2 */
        extensions = rd_vec16(&r, 0, 65535, "extensions");
        t99_decode_extensions(&m->ext, &extensions);
    }
    return rd_end(&r, "server_hello");
}

bool t99_decode_encrypted_extensions(struct t99_ext_block *ext, struct reader r)
{
    struct reader extensions = rd_vec16(&r, 0, 65535, "extensions");

    t99_decode_extensions(ext, &extensions);
    return rd_end(&r, "encrypted_extensions");
}

/* SignatureScheme supported_signature_algorithms<2..2^16-2>. */
static struct t99_span decode_schemes(struct reader *r)
{
    struct reader list = rd_vec16(r, 2, 65534, "supported_signature_algorithms");

    if (rd_left(&list) % 2 != 0) {
        rd_refuse(r, "supported_signature_algorithms");
    }
    return rd_rest(&list);
}

/* DistinguishedName<1..2^16-1> in a list of min to 2^16-1 bytes. */
static struct t99_span decode_authorities(struct reader *r, size_t min)
{
    struct reader list = rd_vec16(r, min, 65535, "certificate_authorities");
    struct t99_span all = rd_rest(&list);

    while (rd_left(&list) != 0) {
        rd_vec16(&list, 1, 65535, "distinguished_name");
    }
    return all;
}

bool t99_decode_certificate_request_13(struct t99_certificate_request *m, struct reader r)
{
    struct reader context, extensions, x;
    const char *bad = NULL;

    memset(m, 0, sizeof *m);
    context = rd_vec8(&r, 0, 255, "certificate_request_context");
    m->context = rd_rest(&context);
    extensions = rd_vec16(&r, 0, 65535, "extensions");
    t99_decode_extensions(&m->ext, &extensions);
    if (t99_has_extension(&m->ext, TLSEXT_SIGNATURE_ALGORITHMS)) {
        x = t99_extension_reader(&m->ext, TLSEXT_SIGNATURE_ALGORITHMS, &bad);
        m->schemes = decode_schemes(&x);
        if (!rd_end(&x, "signature_algorithms")) {
            rd_refuse(&r, bad);
        }
    }
    if (t99_has_extension(&m->ext, TLSEXT_CERTIFICATE_AUTHORITIES)) {
        x = t99_extension_reader(&m->ext, TLSEXT_CERTIFICATE_AUTHORITIES, &bad);
        m->authorities = decode_authorities(&x, 3);
        if (!rd_end(&x, "certificate_authorities")) {
            rd_refuse(&r, bad);
        }
    }
    return rd_end(&r, "certificate_request");
}

bool t99_decode_certificate_request_12(struct t99_certificate_request *m, struct reader r)
{
    struct reader types;

    memset(m, 0, sizeof *m);
    types = rd_vec8(&r, 1, 255, "certificate_types");
    m->types = rd_rest(&types);
    m->schemes = decode_schemes(&r);
    m->authorities = decode_authorities(&r, 0);
    return rd_end(&r, "certificate_request");
}

bool t99_decode_server_key_exchange(struct t99_server_key_exchange *m, struct reader r)
{
    struct t99_span whole = rd_rest(&r);
    struct reader point, signature;

    m->curve_type = rd_u8(&r, "curve_type");
    m->group = rd_u16(&r, "named_curve");
    point = rd_vec8(&r, 1, 255, "point");
    m->point = rd_rest(&point);
    m->params = t99_span(whole.p, whole.len - rd_left(&r));
    m->scheme = rd_u16(&r, "algorithm");
    signature = rd_vec16(&r, 0, 65535, "signature");
    m->signature = rd_rest(&signature);
    return rd_end(&r, "server_key_exchange");
}

bool t99_decode_certificate_verify(struct t99_certificate_verify *m, struct reader r)
{
    struct reader signature;

    m->scheme = rd_u16(&r, "algorithm");
    signature = rd_vec16(&r, 0, 65535, "signature");
    m->signature = rd_rest(&signature);
    return rd_end(&r, "certificate_verify");
}

bool t99_decode_new_session_ticket_13(struct t99_new_session_ticket *m, struct reader r)
{
    struct reader nonce, ticket, extensions;

    m->lifetime = rd_u32(&r, "ticket_lifetime");
    m->age_add = rd_u32(&r, "ticket_age_add");
    nonce = rd_vec8(&r, 0, 255, "ticket_nonce");
    m->nonce = rd_rest(&nonce);
    ticket = rd_vec16(&r, 1, 65535, "ticket");
    m->ticket = rd_rest(&ticket);
    extensions = rd_vec16(&r, 0, 65534, "extensions");
    t99_decode_extensions(&m->ext, &extensions);
    if (t99_has_extension(&m->ext, TLSEXT_EARLY_DATA) && m->ext.data[TLSEXT_EARLY_DATA].len != 4) {
        rd_refuse(&r, "max_early_data_size");
    }
    return rd_end(&r, "new_session_ticket");
}

bool t99_decode_new_session_ticket_12(struct t99_new_session_ticket *m, struct reader r)
{
    struct reader ticket;

    memset(m, 0, sizeof *m);
    m->lifetime = rd_u32(&r, "ticket_lifetime_hint");
    ticket = rd_vec16(&r, 0, 65535, "ticket");
    m->ticket = rd_rest(&ticket);
    return rd_end(&r, "new_session_ticket");
}

bool t99_decode_certificate_status(struct t99_span *response, struct reader r)
{
    struct reader body;

    if (rd_u8(&r, "status_type") != 1) {
        rd_refuse(&r, "status_type");
    }
    body = rd_vec24(&r, 1, 0xffffff, "ocsp_response");
    *response = rd_rest(&body);
    return rd_end(&r, "certificate_status");
}

bool t99_decode_sct_list(struct reader r)
{
    struct reader list = rd_vec16(&r, 1, 65535, "sct_list");

    while (rd_left(&list) != 0) {
        rd_vec16(&list, 1, 65535, "serialized_sct");
    }
    return rd_end(&r, "signed_certificate_timestamp");
}

bool t99_decode_compressed_certificate(struct t99_compressed_certificate *m, struct reader r)
{
    struct reader data;

    m->algorithm = rd_u16(&r, "algorithm");
    m->uncompressed_len = rd_u24(&r, "uncompressed_length");
    data = rd_vec24(&r, 1, 0xffffff, "compressed_certificate_message");
    m->data = rd_rest(&data);
    return rd_end(&r, "compressed_certificate");
}
