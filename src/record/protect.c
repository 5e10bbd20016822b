#include "record/protect.h"

#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"

#define EXPLICIT_NONCE_LEN 8
#define AAD_MAX 13

void t99_protect_init(struct t99_protect *p, const struct t99_traffic_key *key)
{
    t99_protect_wipe(p);
    p->aead = key->aead;
    p->version = key->version;
    p->explicit_nonce = key->explicit_nonce;
    memcpy(p->iv, key->iv, sizeof p->iv);
    t99_aead_init(&p->key, key->aead, key->key);
}

void t99_protect_wipe(struct t99_protect *p)
{
    if (p->aead != NULL) {
        t99_aead_wipe(&p->key);
    }
    t99_wipe(p, sizeof *p);
}

uint64_t t99_protect_seals_left(const struct t99_protect *p)
{
    uint64_t limit = p->aead != NULL ? p->aead->seal_limit : UINT64_MAX;

    return p->seq < limit ? limit - p->seq : 0;
}

static bool is_13(const struct t99_protect *p)
{
    return p->version == T99_TLS13;
}

/* Bytes of a protected body before and after the content. */
static size_t before(const struct t99_protect *p)
{
    return p->explicit_nonce ? EXPLICIT_NONCE_LEN : 0;
}

static size_t after(const struct t99_protect *p)
{
    return T99_AEAD_TAG_LEN + (is_13(p) ? 1u : 0u);
}

size_t t99_protect_sealed_len(const struct t99_protect *p, size_t len)
{
    return T99_RECORD_HEADER + len + (p->aead != NULL ? before(p) + after(p) : 0);
}

/*
 * RFC 9846, 5.3 and RFC 7905, 2: IV XOR sequence number. RFC 5288, 3: 4 bytes of IV, then 8 that stand in the
 * record, for which the sequence number is as good as anything that does not repeat.
 */
static void make_nonce(const struct t99_protect *p, uint8_t nonce[T99_AEAD_NONCE_LEN],
                       const uint8_t *explicit_part)
{
    size_t i;

    if (p->explicit_nonce) {
        memcpy(nonce, p->iv, 4);
        memcpy(nonce + 4, explicit_part, EXPLICIT_NONCE_LEN);
    } else {
        memset(nonce, 0, 4);
        store_be64(nonce + 4, p->seq);
        for (i = 0; i < T99_AEAD_NONCE_LEN; i++) {
            nonce[i] ^= p->iv[i];
        }
    }
}

/*
 * Additional data. TLS 1.3 (RFC 9846, 5.2): the header as it stands on the wire. TLS 1.2 (RFC 5246, 6.2.3.3):
 * sequence number, type, version, length of the content.
 */
static size_t make_aad(const struct t99_protect *p, uint8_t aad[AAD_MAX], uint8_t type, uint16_t version,
                       size_t body_len)
{
    size_t at = 0, len = body_len;

    if (!is_13(p)) {
        store_be64(aad, p->seq);
        at = 8;
        len = body_len - before(p) - after(p);
    }
    t99_frame_encode(aad + at, type, version, len);
    return at + T99_RECORD_HEADER;
}

bool t99_protect_seal(struct t99_protect *p, uint8_t *out, uint8_t type, uint16_t clear_version,
                      const uint8_t *in, size_t len, struct t99_fault *fault)
{
    uint8_t nonce[T99_AEAD_NONCE_LEN], aad[AAD_MAX];
    size_t body_len = t99_protect_sealed_len(p, len) - T99_RECORD_HEADER, aad_len;
    uint8_t *body = out + T99_RECORD_HEADER;
    uint8_t outer = is_13(p) ? (uint8_t)CONTENT_APPLICATION_DATA : type;

    if (p->aead == NULL) {
        t99_frame_encode(out, type, clear_version, len);
        if (len != 0) {
            memcpy(body, in, len);
        }
        return true;
    }
    if (p->seq == UINT64_MAX) {
        return t99_fail(fault, ALERT_INTERNAL_ERROR, "no sequence number is left for another record");
    }
    t99_frame_encode(out, outer, T99_TLS12, body_len);
    aad_len = make_aad(p, aad, outer, T99_TLS12, body_len);
    if (p->explicit_nonce) {
        store_be64(body, p->seq);
    }
    make_nonce(p, nonce, body);
    if (is_13(p)) {
        if (len != 0) {
            memcpy(body, in, len);
        }
        body[len] = type;
        t99_aead_seal(&p->key, body, nonce, aad, aad_len, body, len + 1);
    } else {
        in = len != 0 ? in : body; /* may be NULL */
        t99_aead_seal(&p->key, body + before(p), nonce, aad, aad_len, in, len);
    }
    p->seq++;
    return true;
}

size_t t99_protect_opened_max(const struct t99_protect *p, size_t body_len)
{
    size_t around = p->aead != NULL ? before(p) + T99_AEAD_TAG_LEN : 0;

    return body_len >= around ? body_len - around : 0;
}

/* RFC 9846, 5.4: the type is the last byte that is not zero. The time tells how long the padding is. */
static bool strip_padding(struct t99_opened *opened, const uint8_t *inner, size_t len,
                          struct t99_fault *fault)
{
    while (len > 0 && inner[len - 1] == 0) {
        len--;
    }
    if (len == 0) {
        return t99_fail(fault, ALERT_UNEXPECTED_MESSAGE, "an encrypted record holds nothing but padding");
    }
    opened->type = inner[len - 1];
    opened->len = len - 1;
    return true;
}

static bool too_long(size_t len, size_t limit, struct t99_fault *fault)
{
    return t99_fail(fault, ALERT_RECORD_OVERFLOW,
                    "the plaintext of a record has %zu bytes, more than the limit of %zu", len, limit);
}

static bool open_clear(struct t99_opened *opened, uint8_t *out, const struct t99_frame *frame,
                       const uint8_t *body, size_t limit, struct t99_fault *fault)
{
    if (frame->len > limit) {
        return too_long(frame->len, limit, fault);
    }
    if (out != body && frame->len != 0) {
        memcpy(out, body, frame->len);
    }
    opened->type = frame->type;
    opened->offset = 0;
    opened->len = frame->len;
    return true;
}

/* What is judged only after the tag was right. */
static bool judge(const struct t99_protect *p, struct t99_opened *opened, const uint8_t *inner,
                  const struct t99_frame *frame, size_t limit, struct t99_fault *fault)
{
    if (opened->len > limit + (is_13(p) ? 1u : 0u)) { /* the inner type does not count */
        return too_long(opened->len, limit + (is_13(p) ? 1u : 0u), fault);
    }
    if (!is_13(p)) {
        return true;
    }
    if (frame->type != CONTENT_APPLICATION_DATA) {
        return t99_fail(fault, ALERT_UNEXPECTED_MESSAGE,
                        "an encrypted record has the outer type %s (%u) instead of application_data",
                        t99_content_name(frame->type), (unsigned)frame->type);
    }
    return strip_padding(opened, inner, opened->len, fault);
}

bool t99_protect_open(struct t99_protect *p, struct t99_opened *opened, uint8_t *out,
                      const struct t99_frame *frame, const uint8_t *body, size_t limit,
                      struct t99_fault *fault)
{
    uint8_t nonce[T99_AEAD_NONCE_LEN], aad[AAD_MAX];
    size_t around = before(p) + T99_AEAD_TAG_LEN, aad_len;

    if (p->aead == NULL) {
        return open_clear(opened, out, frame, body, limit, fault);
    }
    if (frame->len < around) {
        return t99_fail(fault, ALERT_BAD_RECORD_MAC,
                        "a record of type %s does not decrypt: %zu bytes are too short",
                        t99_content_name(frame->type), frame->len);
    }
    if (p->seq == UINT64_MAX) {
        return t99_fail(fault, ALERT_INTERNAL_ERROR, "no sequence number is left to read another record");
    }
    opened->type = frame->type;
    opened->offset = out == body ? before(p) : 0;
    opened->len = frame->len - around;
    make_nonce(p, nonce, body);
    aad_len = make_aad(p, aad, frame->type, frame->version, frame->len);
    out += opened->offset;
    if (!t99_aead_open(&p->key, out, nonce, aad, aad_len, body + before(p), opened->len)) {
        return t99_fail(fault, ALERT_BAD_RECORD_MAC,
                        "a record of type %s does not decrypt: it was altered, or made with another key",
                        t99_content_name(frame->type));
    }
    p->seq++;
    if (!judge(p, opened, out, frame, limit, fault)) {
        t99_wipe(out, frame->len - around);
        return false;
    }
    return true;
}
