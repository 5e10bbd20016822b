/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "hex.h"
#include "record/protect.h"
#include "unit/record/vectors.h"

static struct t99_fault fault;

static void use_key(struct t99_protect *p, const struct vector *v)
{
    struct t99_traffic_key key;

    memset(&key, 0, sizeof key);
    key.aead = v->aead;
    key.version = v->version;
    key.explicit_nonce = v->explicit_nonce;
    assert_int_equal(hex_read(key.key, sizeof key.key, v->key), v->aead->key_len);
    assert_int_equal(hex_read(key.iv, sizeof key.iv, v->iv), sizeof key.iv);
    memset(p, 0, sizeof *p);
    t99_protect_init(p, &key);
    p->seq = v->seq;
    t99_fault_clear(&fault);
}

static const struct t99_frame_rules sealed = { false, 0, true };

/* Reads a record from hex. Returns where the body is. */
static uint8_t *read_record(uint8_t *record, size_t cap, const char *hex, struct t99_frame *frame)
{
    size_t len = hex_read(record, cap, hex);

    assert_true(t99_frame_decode(frame, record, &sealed, &fault));
    assert_int_equal(frame->len, len - T99_RECORD_HEADER);
    return record + T99_RECORD_HEADER;
}

/* What an honest peer with this key would send whose inner bytes (content and padding alike) are these. */
static uint8_t *forge(struct t99_protect *p, uint8_t *record, struct t99_frame *frame, const uint8_t *inner,
                      size_t len)
{
    uint64_t seq = p->seq;

    /* The last byte of a TLS 1.3 record's inside is the type, which sealing adds. */
    assert_true(t99_protect_seal(p, record, inner[len - 1], 0x0303, inner, len - 1, &fault));
    p->seq = seq;
    assert_true(t99_frame_decode(frame, record, &sealed, &fault));
    return record + T99_RECORD_HEADER;
}

static void sealing_gives_the_vectors(void **state)
{
    struct t99_protect p;
    uint8_t out[1024], content[512];
    size_t i, len;

    (void)state;
    for (i = 0; i < NUM_VECTORS; i++) {
        use_key(&p, &vectors[i]);
        len = hex_read(content, sizeof content, vectors[i].content);
        assert_true(t99_protect_seal(&p, out, vectors[i].type, 0x0301, content, len, &fault));
        print_message("%s\n", vectors[i].name);
        assert_true(hex_equal(out, t99_protect_sealed_len(&p, len), vectors[i].record));
        assert_true(p.seq == vectors[i].seq + 1);
        t99_protect_wipe(&p);
    }
}

static void opening_gives_back_the_content_in_place_and_elsewhere(void **state)
{
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f;
    uint8_t record[1024], out[512], *body;
    size_t i, max;

    (void)state;
    for (i = 0; i < NUM_VECTORS; i++) {
        use_key(&p, &vectors[i]);
        body = read_record(record, sizeof record, vectors[i].record, &f);
        max = t99_protect_opened_max(&p, f.len);
        memset(out, 0xee, sizeof out);
        assert_true(t99_protect_open(&p, &o, out, &f, body, 16384, &fault));
        assert_int_equal(o.type, vectors[i].type);
        assert_int_equal(o.offset, 0);
        assert_true(o.len <= max);
        assert_int_equal(out[max], 0xee); /* nothing beyond what was promised */
        assert_true(hex_equal(out, o.len, vectors[i].content));
        assert_true(p.seq == vectors[i].seq + 1);

        p.seq = vectors[i].seq;
        assert_true(t99_protect_open(&p, &o, body, &f, body, 16384, &fault));
        assert_int_equal(o.type, vectors[i].type);
        assert_true(hex_equal(body + o.offset, o.len, vectors[i].content));
        t99_protect_wipe(&p);
    }
}

static void padding_is_taken_off(void **state)
{
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f;
    uint8_t record[1024], *body;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof padded / sizeof padded[0]; i++) {
        use_key(&p, &padded[i]);
        body = read_record(record, sizeof record, padded[i].record, &f);
        assert_true(t99_protect_open(&p, &o, body, &f, body, 16384, &fault));
        assert_int_equal(o.type, 23);
        assert_true(hex_equal(body + o.offset, o.len, GET));
        t99_protect_wipe(&p);
    }
}

static void the_flight_of_rfc8448_opens_and_seals_again(void **state)
{
    static const struct vector v = { "",
                                     &t99_aes_128_gcm,
                                     T99_TLS13,
                                     false,
                                     "3fce516009c21727d0f2e4e86ee403bc",
                                     "5d313eb2671276ee13000b30",
                                     0,
                                     22,
                                     NULL,
                                     rfc8448_flight };
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f;
    uint8_t record[1024], plain[1024], *body;

    (void)state;
    use_key(&p, &v);
    body = read_record(record, sizeof record, v.record, &f);
    assert_true(t99_protect_open(&p, &o, plain, &f, body, 16384, &fault));
    assert_int_equal(o.type, 22);
    assert_int_equal(o.len, 657);
    assert_int_equal(plain[0], 8); /* 40 bytes, then 445, 136 and 36 */
    assert_int_equal(plain[40], 11);
    assert_int_equal(plain[40 + 445], 15);
    assert_true(hex_equal(plain + 621, 36,
                          "140000209b9b141d906337fbd2cbdce71df4deda4ab42c309572cb7fffee5454b78f0718"));
    p.seq = 0;
    assert_true(t99_protect_seal(&p, record, 22, 0x0303, plain, o.len, &fault));
    assert_true(hex_equal(record, t99_protect_sealed_len(&p, o.len), v.record));
    t99_protect_wipe(&p);
}

/* Header and body: type, length and content are all authentic; in TLS 1.2 so is the version. */
static void no_altered_bit_is_accepted(void **state)
{
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f;
    uint8_t record[1024], whole[1024], zero[512] = { 0 }, *body;
    size_t i, bit;

    (void)state;
    for (i = 0; i < NUM_VECTORS; i++) {
        use_key(&p, &vectors[i]);
        body = read_record(whole, sizeof whole, vectors[i].record, &f);
        for (bit = 0; bit < 8 * (T99_RECORD_HEADER + f.len); bit++) {
            struct t99_frame g = f;

            memcpy(record, whole, T99_RECORD_HEADER + f.len);
            record[bit / 8] ^= (uint8_t)(1u << bit % 8);
            g.type = record[0];
            g.version = (uint16_t)(record[1] << 8 | record[2]);
            body = record + T99_RECORD_HEADER;
            t99_fault_clear(&fault);
            if (bit / 8 != 3 && bit / 8 != 4) { /* another length is another body: below */
                assert_false(t99_protect_open(&p, &o, body, &g, body, 16384, &fault));
                assert_int_equal(fault.alert, ALERT_BAD_RECORD_MAC);
                assert_int_equal(
                    memcmp(body + (vectors[i].explicit_nonce ? 8 : 0), zero, strlen(vectors[i].content) / 2),
                    0);
            }
            assert_true(p.seq == vectors[i].seq);
        }
        t99_protect_wipe(&p);
    }
}

static void no_other_length_and_no_other_number_is_accepted(void **state)
{
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f, g;
    uint8_t record[1024], work[1024], out[1024];
    size_t i;

    (void)state;
    for (i = 0; i < NUM_VECTORS; i++) {
        use_key(&p, &vectors[i]);
        memset(record, 0, sizeof record);
        read_record(record, sizeof record, vectors[i].record, &f);
        for (g = f, g.len = 0; g.len < f.len + 20; g.len++) {
            memcpy(work, record, sizeof work);
            t99_fault_clear(&fault);
            if (g.len != f.len) {
                assert_false(t99_protect_open(&p, &o, out, &g, work + T99_RECORD_HEADER, 16384, &fault));
                assert_int_equal(fault.alert, ALERT_BAD_RECORD_MAC);
            }
        }
        memcpy(work, record, sizeof work);
        p.seq++;
        assert_false(t99_protect_open(&p, &o, out, &f, work + T99_RECORD_HEADER, 16384, &fault));
        t99_protect_wipe(&p);
    }
}

/* RFC 9846, 5.2. */
static void an_outer_type_that_is_not_application_data_is_refused(void **state)
{
    static const uint8_t inner[] = { 1, 2, 3, 22 };
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f;
    uint8_t record[64], body[32], nonce[T99_AEAD_NONCE_LEN];

    (void)state;
    use_key(&p, &vectors[1]);
    t99_frame_encode(record, CONTENT_HANDSHAKE, 0x0303, sizeof inner + T99_AEAD_TAG_LEN);
    memcpy(nonce, p.iv, sizeof nonce); /* record 0 */
    t99_aead_seal(&p.key, body, nonce, record, T99_RECORD_HEADER, inner, sizeof inner);
    assert_true(t99_frame_decode(&f, record, &sealed, &fault));
    assert_false(t99_protect_open(&p, &o, body, &f, body, 16384, &fault));
    assert_int_equal(fault.alert, ALERT_UNEXPECTED_MESSAGE);
    assert_string_equal(fault.text,
                        "an encrypted record has the outer type handshake (22) instead of application_data");
    assert_int_equal(body[0], 0); /* nothing of it is left */
    t99_protect_wipe(&p);
}

/* RFC 9846, 5.4. */
static void a_record_of_nothing_but_padding_is_refused(void **state)
{
    static const uint8_t zeros[16384 + 1] = { 0 };
    static const size_t lens[] = { 1, 2, 11, 16385 };
    static uint8_t record[16384 + 300];
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f;
    uint8_t *body;
    size_t i;

    (void)state;
    use_key(&p, &vectors[1]);
    for (i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        t99_fault_clear(&fault);
        body = forge(&p, record, &f, zeros, lens[i]);
        assert_false(t99_protect_open(&p, &o, body, &f, body, 16384, &fault));
        assert_int_equal(fault.alert, ALERT_UNEXPECTED_MESSAGE);
        assert_string_equal(fault.text, "an encrypted record holds nothing but padding");
    }
    t99_protect_wipe(&p);
}

/* RFC 9846, 5.4: content, type and padding together are at most 2^14 + 1 bytes; RFC 8449, 4, may say less. */
static void plaintext_is_limited(void **state)
{
    static uint8_t inner[16384 + 2], record[16384 + 300];
    static const struct {
        size_t type_at, len, limit;
        bool fits;
    } cases[] = {
        { 16384, 16385, 16384, true }, { 16384, 16386, 16384, false }, { 16385, 16386, 16384, false },
        { 8193, 16386, 16384, false }, { 8192, 16385, 16384, true },   { 0, 16385, 16384, true },
        { 63, 64, 63, true },          { 64, 65, 63, false },          { 63, 65, 63, false },
    };
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f;
    uint8_t *body;
    size_t i;

    (void)state;
    use_key(&p, &vectors[1]);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memset(inner, 0, sizeof inner);
        memset(inner, 'x', cases[i].type_at);
        inner[cases[i].type_at] = 23;
        t99_fault_clear(&fault);
        body = forge(&p, record, &f, inner, cases[i].len);
        assert_int_equal(t99_protect_open(&p, &o, body, &f, body, cases[i].limit, &fault), cases[i].fits);
        if (cases[i].fits) {
            assert_int_equal(o.len, cases[i].type_at);
        } else {
            assert_int_equal(fault.alert, ALERT_RECORD_OVERFLOW);
            assert_int_equal(body[0], 0);
        }
        p.seq = 0;
    }
    t99_protect_wipe(&p);
}

/* RFC 5246, 6.2.1. */
static void plaintext_of_tls12_is_limited(void **state)
{
    static uint8_t plain[16385], record[16384 + 300];
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f;
    uint8_t *body = record + T99_RECORD_HEADER;
    size_t len;

    (void)state;
    for (len = 16384; len <= 16385; len++) {
        use_key(&p, &vectors[6]);
        assert_true(t99_protect_seal(&p, record, 23, 0x0303, plain, len, &fault));
        assert_true(t99_frame_decode(&f, record, &sealed, &fault));
        p.seq = 0;
        assert_int_equal(t99_protect_open(&p, &o, body, &f, body, 16384, &fault), len == 16384);
        t99_protect_wipe(&p);
    }
    assert_int_equal(fault.alert, ALERT_RECORD_OVERFLOW);
    assert_string_equal(fault.text,
                        "the plaintext of a record has 16385 bytes, more than the limit of 16384");
}

static void clear_records_pass_as_they_are(void **state)
{
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f;
    uint8_t record[16], out[16];

    (void)state;
    memset(&p, 0, sizeof p);
    assert_int_equal(t99_protect_sealed_len(&p, 3), 8);
    assert_true(t99_protect_seal(&p, record, 22, 0x0301, (const uint8_t *)"abc", 3, &fault));
    assert_true(hex_equal(record, 8, "1603010003616263"));
    assert_true(t99_frame_decode(&f, record, &sealed, &fault));
    assert_int_equal(t99_protect_opened_max(&p, f.len), 3);
    assert_true(t99_protect_open(&p, &o, out, &f, record + 5, 16384, &fault));
    assert_int_equal(o.type, 22);
    assert_int_equal(o.len, 3);
    assert_memory_equal(out, "abc", 3);
    assert_false(t99_protect_open(&p, &o, out, &f, record + 5, 2, &fault));
    assert_int_equal(fault.alert, ALERT_RECORD_OVERFLOW);
}

/* RFC 9846, 5.3 and 5.5. */
static void sequence_numbers_never_wrap(void **state)
{
    struct t99_protect p;
    struct t99_opened o;
    struct t99_frame f;
    uint8_t record[64];

    (void)state;
    use_key(&p, &vectors[1]);
    assert_true(t99_protect_seals_left(&p) == t99_aes_128_gcm.seal_limit);
    p.seq = t99_aes_128_gcm.seal_limit - 1;
    assert_true(t99_protect_seals_left(&p) == 1);
    p.seq = UINT64_MAX - 1;
    assert_true(t99_protect_seals_left(&p) == 0);
    assert_true(t99_protect_seal(&p, record, 23, 0x0303, record, 0, &fault));
    assert_false(t99_protect_seal(&p, record, 23, 0x0303, record, 0, &fault));
    assert_int_equal(fault.alert, ALERT_INTERNAL_ERROR);
    t99_fault_clear(&fault);
    assert_true(t99_frame_decode(&f, record, &sealed, &fault));
    assert_false(t99_protect_open(&p, &o, record + 5, &f, record + 5, 16384, &fault));
    assert_int_equal(fault.alert, ALERT_INTERNAL_ERROR);
    assert_true(p.seq == UINT64_MAX);
    t99_protect_wipe(&p);
}

static void a_wiped_key_leaves_nothing(void **state)
{
    static const struct t99_protect zero;
    struct t99_protect p;

    (void)state;
    use_key(&p, &vectors[0]);
    t99_protect_wipe(&p);
    assert_memory_equal(&p, &zero, sizeof p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealing_gives_the_vectors),
        cmocka_unit_test(opening_gives_back_the_content_in_place_and_elsewhere),
        cmocka_unit_test(padding_is_taken_off),
        cmocka_unit_test(the_flight_of_rfc8448_opens_and_seals_again),
        cmocka_unit_test(no_altered_bit_is_accepted),
        cmocka_unit_test(no_other_length_and_no_other_number_is_accepted),
        cmocka_unit_test(an_outer_type_that_is_not_application_data_is_refused),
        cmocka_unit_test(a_record_of_nothing_but_padding_is_refused),
        cmocka_unit_test(plaintext_is_limited),
        cmocka_unit_test(plaintext_of_tls12_is_limited),
        cmocka_unit_test(clear_records_pass_as_they_are),
        cmocka_unit_test(sequence_numbers_never_wrap),
        cmocka_unit_test(a_wiped_key_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
