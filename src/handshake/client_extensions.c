/* The extensions of a ClientHello: RFC 9846, 4.3. */
#include "handshake/hs.h"

#include <string.h>

uint16_t t99_grease_value(const struct t99_handshake *hs, enum t99_grease which)
{
    uint16_t v = (uint16_t)((hs->seed[which] & 0xf0) | 0x0a);

    if (which == GREASE_LAST_EXT && (hs->seed[which] & 0xf0) == (hs->seed[GREASE_FIRST_EXT] & 0xf0)) {
        v ^= 0x10; /* two extensions of one type would be a fault */
    }
    return (uint16_t)(v << 8 | v);
}

bool t99_offers_13(const struct t99_handshake *hs)
{
    return hs->config->max_version >= T99_TLS13;
}

bool t99_offers_12(const struct t99_handshake *hs)
{
    return hs->config->min_version <= T99_TLS12;
}

/* --- Extensions: when each is sent, and its contents. --- */

static bool want_server_name(const struct t99_handshake *hs)
{
    return hs->config->servername != NULL;
}

/* RFC 6066, 3. */
static void put_server_name(const struct t99_handshake *hs, struct writer *w)
{
    size_t list = wr_open16(w), name;

    wr_u8(w, 0); /* host_name */
    name = wr_open16(w);
    wr_bytes(w, hs->config->servername, strlen(hs->config->servername));
    wr_close16(w, name);
    wr_close16(w, list);
}

static bool want_ems(const struct t99_handshake *hs)
{
    return t99_offers_12(hs) && hs->config->offer_ems;
}

static void put_nothing(const struct t99_handshake *hs, struct writer *w)
{
    (void)hs;
    (void)w;
}

static bool want_12(const struct t99_handshake *hs)
{
    return t99_offers_12(hs);
}

/* RFC 5746, 3.4: an empty renegotiated_connection. */
static void put_renegotiation_info(const struct t99_handshake *hs, struct writer *w)
{
    (void)hs;
    wr_u8(w, 0);
}

static bool want_groups(const struct t99_handshake *hs)
{
    return hs->config->num_groups != 0;
}

/* RFC 9846, 4.3.7. */
static void put_groups(const struct t99_handshake *hs, struct writer *w)
{
    size_t list = wr_open16(w), i;

    if (hs->config->grease) {
        wr_u16(w, t99_grease_value(hs, GREASE_GROUP));
    }
    for (i = 0; i < hs->config->num_groups; i++) {
        if (t99_offers_13(hs) || t99_group_find(hs->config->groups[i])->tls12) {
            wr_u16(w, hs->config->groups[i]);
        }
    }
    wr_close16(w, list);
}

static bool want_point_formats(const struct t99_handshake *hs)
{
    return t99_offers_12(hs) && hs->config->num_groups != 0;
}

/* RFC 8422, 5.1.2: uncompressed. */
static void put_point_formats(const struct t99_handshake *hs, struct writer *w)
{
    (void)hs;
    wr_u8(w, 1);
    wr_u8(w, 0);
}

static bool want_session_ticket(const struct t99_handshake *hs)
{
    return t99_offers_12(hs) && hs->config->offer_tickets;
}

/* RFC 5077, 3.2. */
static void put_session_ticket(const struct t99_handshake *hs, struct writer *w)
{
    if (hs->session != NULL && hs->session->version == T99_TLS12) {
        wr_bytes(w, hs->session->ticket.p, hs->session->ticket.len);
    }
}

static bool want_alpn(const struct t99_handshake *hs)
{
    return hs->config->alpn.len != 0;
}

/* RFC 7301, 3.1. */
static void put_alpn(const struct t99_handshake *hs, struct writer *w)
{
    size_t list = wr_open16(w);

    wr_bytes(w, hs->config->alpn.p, hs->config->alpn.len);
    wr_close16(w, list);
}

static bool want_status_request(const struct t99_handshake *hs)
{
    return hs->config->request_ocsp;
}

/* RFC 6066, 8: OCSP, any responder, no extensions. */
static void put_status_request(const struct t99_handshake *hs, struct writer *w)
{
    (void)hs;
    wr_u8(w, 1);
    wr_u16(w, 0);
    wr_u16(w, 0);
}

static bool want_schemes(const struct t99_handshake *hs)
{
    return hs->config->num_schemes != 0;
}

/* RFC 9846, 4.3.3. */
static void put_schemes(const struct t99_handshake *hs, struct writer *w)
{
    size_t list = wr_open16(w), i;

    for (i = 0; i < hs->config->num_schemes; i++) {
        wr_u16(w, hs->config->schemes[i]);
    }
    wr_close16(w, list);
}

static bool want_sct(const struct t99_handshake *hs)
{
    return hs->config->request_sct;
}

static bool want_13(const struct t99_handshake *hs)
{
    return t99_offers_13(hs);
}

/* RFC 9846, 4.3.8. */
static void put_key_share(const struct t99_handshake *hs, struct writer *w)
{
    size_t list = wr_open16(w), i, share;

    if (hs->config->grease && hs->retry_group == NULL) {
        wr_u16(w, t99_grease_value(hs, GREASE_GROUP));
        wr_u16(w, 1);
        wr_u8(w, 0);
    }
    for (i = 0; i < hs->num_shares; i++) {
        const struct t99_group *group = hs->shares[i].group;

        wr_u16(w, group->id);
        share = wr_open16(w);
        wr_bytes(w, hs->shares[i].private_part + group->private_len, group->share_len);
        wr_close16(w, share);
    }
    wr_close16(w, list);
}

static bool want_psk_modes(const struct t99_handshake *hs)
{
    return t99_offers_13(hs) && hs->config->offer_tickets;
}

/* RFC 9846, 4.3.9: psk_dhe_ke only, for forward secrecy. */
static void put_psk_modes(const struct t99_handshake *hs, struct writer *w)
{
    (void)hs;
    wr_u8(w, 1);
    wr_u8(w, 1);
}

/* RFC 9846, 4.3.1. */
static void put_versions(const struct t99_handshake *hs, struct writer *w)
{
    size_t list = wr_open8(w);
    uint16_t v;

    if (hs->config->grease) {
        wr_u16(w, t99_grease_value(hs, GREASE_VERSION));
    }
    for (v = hs->config->max_version; v >= hs->config->min_version; v--) {
        wr_u16(w, v);
    }
    wr_close8(w, list);
}

static bool want_compression(const struct t99_handshake *hs)
{
    return t99_offers_13(hs) && hs->config->num_compressions != 0;
}

/* RFC 8879, 3. */
static void put_compression(const struct t99_handshake *hs, struct writer *w)
{
    size_t list = wr_open8(w), i;

    for (i = 0; i < hs->config->num_compressions; i++) {
        wr_u16(w, hs->config->compressions[i]);
    }
    wr_close8(w, list);
}

static bool want_record_limit(const struct t99_handshake *hs)
{
    return hs->config->record_size_limit != 0;
}

static void put_record_limit(const struct t99_handshake *hs, struct writer *w)
{
    wr_u16(w, hs->config->record_size_limit);
}

static bool want_cookie(const struct t99_handshake *hs)
{
    return hs->cookie != NULL;
}

/* RFC 9846, 4.3.2. */
static void put_cookie(const struct t99_handshake *hs, struct writer *w)
{
    size_t cookie = wr_open16(w);

    wr_bytes(w, hs->cookie, hs->cookie_len);
    wr_close16(w, cookie);
}

static bool want_early_data(const struct t99_handshake *hs)
{
    return hs->conn->early_data == EARLY_OFFERED;
}

static bool want_post_handshake_auth(const struct t99_handshake *hs)
{
    return t99_offers_13(hs) && hs->config->post_handshake_auth;
}

/* In this order unless they are shuffled; pre_shared_key is always last (RFC 9846, 4.3.11). */
static const struct {
    enum t99_extension x;
    bool (*want)(const struct t99_handshake *hs);
    void (*put)(const struct t99_handshake *hs, struct writer *w);
} sent[] = {
    { TLSEXT_SERVER_NAME, want_server_name, put_server_name },
    { TLSEXT_EMS, want_ems, put_nothing },
    { TLSEXT_RENEGOTIATION_INFO, want_12, put_renegotiation_info },
    { TLSEXT_SUPPORTED_GROUPS, want_groups, put_groups },
    { TLSEXT_EC_POINT_FORMATS, want_point_formats, put_point_formats },
    { TLSEXT_SESSION_TICKET, want_session_ticket, put_session_ticket },
    { TLSEXT_ALPN, want_alpn, put_alpn },
    { TLSEXT_STATUS_REQUEST, want_status_request, put_status_request },
    { TLSEXT_SIGNATURE_ALGORITHMS, want_schemes, put_schemes },
    { TLSEXT_SCT, want_sct, put_nothing },
    { TLSEXT_KEY_SHARE, want_13, put_key_share },
    { TLSEXT_PSK_KEY_EXCHANGE_MODES, want_psk_modes, put_psk_modes },
    { TLSEXT_SUPPORTED_VERSIONS, want_13, put_versions },
    { TLSEXT_COMPRESS_CERTIFICATE, want_compression, put_compression },
    { TLSEXT_RECORD_SIZE_LIMIT, want_record_limit, put_record_limit },
    { TLSEXT_COOKIE, want_cookie, put_cookie },
    { TLSEXT_EARLY_DATA, want_early_data, put_nothing },
    { TLSEXT_POST_HANDSHAKE_AUTH, want_post_handshake_auth, put_nothing },
};

#define NUM_SENT (sizeof sent / sizeof sent[0])

/* Fisher-Yates, from the seed: a bias of some bits does no harm here. */
static void order_extensions(const struct t99_handshake *hs, uint8_t order[NUM_SENT])
{
    uint32_t state = load_be32(hs->seed + 8);
    size_t i;

    for (i = 0; i < NUM_SENT; i++) {
        order[i] = (uint8_t)i;
    }
    if (!hs->config->shuffle_extensions) {
        return;
    }
    for (i = NUM_SENT - 1; i > 0; i--) {
        size_t j;
        uint8_t swap;

        state = state * 1664525u + 1013904223u; /* any full-period generator will do */
        j = (state >> 16) % (i + 1);
        swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
}

static void put_grease_extension(const struct t99_handshake *hs, struct writer *w, enum t99_grease which)
{
    if (hs->config->grease) {
        wr_u16(w, t99_grease_value(hs, which));
        wr_u16(w, which == GREASE_LAST_EXT ? 1 : 0);
        if (which == GREASE_LAST_EXT) {
            wr_u8(w, 0);
        }
    }
}

void t99_put_extensions(struct t99_handshake *hs, struct writer *w)
{
    uint8_t order[NUM_SENT];
    size_t i;

    hs->offered = 0;
    order_extensions(hs, order);
    put_grease_extension(hs, w, GREASE_FIRST_EXT);
    for (i = 0; i < NUM_SENT; i++) {
        if (sent[order[i]].want(hs)) {
            size_t data;

            hs->offered |= TLSEXT_BIT(sent[order[i]].x);
            wr_u16(w, t99_extension_type(sent[order[i]].x));
            data = wr_open16(w);
            sent[order[i]].put(hs, w);
            wr_close16(w, data);
        }
    }
    put_grease_extension(hs, w, GREASE_LAST_EXT);
}
