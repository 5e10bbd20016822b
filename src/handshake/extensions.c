#include "handshake/extensions.h"

#include <string.h>

/* Code points and names: IANA, TLS ExtensionType Values; renegotiation_info: RFC 5746. */
static const struct {
    uint16_t type;
    const char *name;
} table[TLSEXT_NUM] = {
    [TLSEXT_SERVER_NAME] = { 0, "server_name" },
    [TLSEXT_STATUS_REQUEST] = { 5, "status_request" },
    [TLSEXT_SUPPORTED_GROUPS] = { 10, "supported_groups" },
    [TLSEXT_EC_POINT_FORMATS] = { 11, "ec_point_formats" },
    [TLSEXT_SIGNATURE_ALGORITHMS] = { 13, "signature_algorithms" },
    [TLSEXT_ALPN] = { 16, "application_layer_protocol_negotiation" },
    [TLSEXT_SCT] = { 18, "signed_certificate_timestamp" },
    [TLSEXT_EMS] = { 23, "extended_master_secret" },
    [TLSEXT_COMPRESS_CERTIFICATE] = { 27, "compress_certificate" },
    [TLSEXT_RECORD_SIZE_LIMIT] = { 28, "record_size_limit" },
    [TLSEXT_SESSION_TICKET] = { 35, "session_ticket" },
    [TLSEXT_PRE_SHARED_KEY] = { 41, "pre_shared_key" },
    [TLSEXT_EARLY_DATA] = { 42, "early_data" },
    [TLSEXT_SUPPORTED_VERSIONS] = { 43, "supported_versions" },
    [TLSEXT_COOKIE] = { 44, "cookie" },
    [TLSEXT_PSK_KEY_EXCHANGE_MODES] = { 45, "psk_key_exchange_modes" },
    [TLSEXT_CERTIFICATE_AUTHORITIES] = { 47, "certificate_authorities" },
    [TLSEXT_OID_FILTERS] = { 48, "oid_filters" },
    [TLSEXT_POST_HANDSHAKE_AUTH] = { 49, "post_handshake_auth" },
    [TLSEXT_SIGNATURE_ALGORITHMS_CERT] = { 50, "signature_algorithms_cert" },
    [TLSEXT_KEY_SHARE] = { 51, "key_share" },
    [TLSEXT_TLS_FLAGS] = { 62, "tls_flags" },
    [TLSEXT_RENEGOTIATION_INFO] = { 0xff01, "renegotiation_info" },
};

uint16_t t99_extension_type(enum t99_extension x)
{
    return table[x].type;
}

const char *t99_extension_name(enum t99_extension x)
{
    return table[x].name;
}

static int find(uint16_t type)
{
    int i;

    for (i = 0; i < TLSEXT_NUM; i++) {
        if (table[i].type == type) {
            return i;
        }
    }
    return -1;
}

static void note_duplicate(struct t99_ext_block *block, uint16_t type)
{
    if (!block->has_duplicate) {
        block->has_duplicate = true;
        block->duplicate = type;
    }
}

/* seen: a bit for each type that has no row in the table; set up with the first of them. */
static void take_unknown(struct t99_ext_block *block, uint16_t type, uint8_t seen[65536 / 8])
{
    uint8_t bit = (uint8_t)(1u << type % 8);

    if (!block->has_unknown) {
        block->has_unknown = true;
        block->unknown = type;
        memset(seen, 0, 65536 / 8);
    }
    if ((seen[type / 8] & bit) != 0) {
        note_duplicate(block, type);
    }
    seen[type / 8] |= bit;
}

static void take(struct t99_ext_block *block, uint16_t type, struct t99_span data, uint8_t seen[65536 / 8])
{
    int x = find(type);

    if (x < 0) {
        take_unknown(block, type, seen);
    } else if ((block->present & TLSEXT_BIT(x)) != 0) {
        note_duplicate(block, type);
    } else {
        block->present |= TLSEXT_BIT(x);
        block->data[x] = data;
    }
}

void t99_decode_extensions(struct t99_ext_block *block, struct reader *r)
{
    uint8_t seen[65536 / 8];

    memset(block, 0, sizeof *block);
    while (rd_left(r) != 0) {
        uint16_t type = rd_u16(r, "extension_type");
        struct reader data = rd_vec16(r, 0, 65535, "extension_data");

        if (rd_ok(r)) {
            take(block, type, rd_rest(&data), seen);
        }
    }
}

static const char *name_of(uint16_t type)
{
    int x = find(type);

    return x >= 0 ? table[x].name : "unknown";
}

/*
 * RFC 9846, 4.3: no type stands twice. One that is known was read, and contradicts itself; of others we only
 * see that the block is not what a block may be.
 */
static bool judge_duplicates(const struct t99_ext_block *block, const char *message, struct t99_fault *fault)
{
    if (block->has_duplicate) {
        return t99_fail(fault, find(block->duplicate) >= 0 ? ALERT_ILLEGAL_PARAMETER : ALERT_DECODE_ERROR,
                        "%s: the extension %s (%u) stands there twice", message, name_of(block->duplicate),
                        (unsigned)block->duplicate);
    }
    return true;
}

static uint16_t first_of(uint32_t set)
{
    int i = 0;

    while ((set >> i & 1) == 0) {
        i++;
    }
    return table[i].type;
}

static bool judge_place(const struct t99_ext_block *block, uint32_t belong, enum t99_alert alert,
                        const char *message, struct t99_fault *fault)
{
    uint32_t strays = block->present & ~belong;

    if (strays != 0) {
        return t99_fail(fault, alert, "%s: unexpected extension %s (%u), which does not belong there",
                        message, name_of(first_of(strays)), (unsigned)first_of(strays));
    }
    return true;
}

bool t99_judge_answer(const struct t99_ext_block *block, uint32_t belong, uint32_t offered,
                      const char *message, struct t99_fault *fault)
{
    uint32_t unasked = block->present & ~offered;

    if (!judge_duplicates(block, message, fault)) {
        return false;
    }
    if (block->has_unknown || unasked != 0) {
        uint16_t type = block->has_unknown ? block->unknown : first_of(unasked);

        return t99_fail(fault, ALERT_UNSUPPORTED_EXTENSION,
                        "%s: unexpected extension %s (%u), which was not offered", message, name_of(type),
                        (unsigned)type);
    }
    return judge_place(block, belong, ALERT_UNSUPPORTED_EXTENSION, message, fault); /* RFC 9846, 6.2 */
}

bool t99_judge_request(const struct t99_ext_block *block, uint32_t belong, const char *message,
                       struct t99_fault *fault)
{
    return judge_duplicates(block, message, fault) &&
           judge_place(block, belong, ALERT_ILLEGAL_PARAMETER, message, fault);
}
