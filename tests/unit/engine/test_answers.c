/* What a server may say in its messages, field by field: each wrong answer has its alert and its sentence. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "handshake/messages.h"
#include "unit/engine/refusal.h"

/* --- Edits of messages --- */

/* In the first message of a type, or after `skip` others: bytes at an offset, or an extension more. */
struct edit {
    uint8_t type;
    unsigned skip;
    size_t at; /* of bytes, from the start of the message */
    const char *bytes;
    size_t len;
    const char *extension; /* type, length, contents: appended to a message that ends with its extensions */
    size_t extension_len;
    size_t block;    /* where the extensions' length stands */
    bool longer;     /* a zero byte more at the end, counted in the header */
    unsigned copies; /* of the extension; 0: one */
};

static void put_extension(const struct edit *e, uint8_t *message, size_t *len)
{
    memcpy(message + *len, e->extension, e->extension_len);
    *len += e->extension_len;
    store_be24(message + 1, (uint32_t)(*len - T99_HS_HEADER));
    store_be16(message + e->block, (uint16_t)(*len - e->block - 2));
}

static void apply(void *arg, struct peer *p, uint8_t *message, size_t *len, size_t cap)
{
    struct edit *e = arg;
    unsigned i;

    (void)p;
    (void)cap;
    if (message[0] != e->type || e->skip-- != 0) {
        return;
    }
    e->type = 255; /* once */
    memcpy(message + e->at, e->bytes, e->len);
    for (i = 0; e->extension != NULL && i < (e->copies != 0 ? e->copies : 1); i++) {
        put_extension(e, message, len);
    }
    if (e->longer) {
        message[(*len)++] = 0;
        store_be24(message + 1, (uint32_t)(*len - T99_HS_HEADER));
    }
}

static void refuse(uint16_t version, struct edit edit, enum t99_alert alert, const char *sentence)
{
    l.set.arg = &edit;
    l.set.edit = apply;
    l.set.version = version;
    assert_true(link_start(&l));
    must_fail(alert, sentence);
}

/* --- Versions --- */

#define SH_VERSION 4 /* offsets in a message */
#define SH_SESSION_ID_LEN 38

/* supported_versions is the first extension that the server for tests sends: session id of 32 bytes. */
#define SH_SELECTED_VERSION (SH_SESSION_ID_LEN + 1 + 32 + 2 + 1 + 2 + 4)

static void a_version_that_was_not_offered_is_refused(void **state)
{
    static const struct edit legacy = { HS_SERVER_HELLO, 0, SH_VERSION, "\x12\x34", 2, NULL, 0, 0, false, 0 };
    static const struct edit selected = { HS_SERVER_HELLO, 0, SH_SELECTED_VERSION, "\x12\x34", 2, NULL, 0, 0,
                                          false,           0 };

    (void)state;
    link_init(&l, T99_TLS12);
    refuse(T99_TLS12, legacy, ALERT_PROTOCOL_VERSION,
           "server_hello: the server chose the version 0x1234, which was not offered");
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, legacy, ALERT_PROTOCOL_VERSION,
           "server_hello: legacy_version 0x1234 instead of 0x0303");
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, selected, ALERT_ILLEGAL_PARAMETER,
           "server_hello: the server chose an unknown version (0x1234)");
}

/* RFC 9846, 4.3.1: the extension is no way to choose TLS 1.2. */
static void supported_versions_that_choose_tls12_are_refused(void **state)
{
    static const struct edit old = { HS_SERVER_HELLO, 0, SH_SELECTED_VERSION, "\x03\x03", 2, NULL, 0, 0,
                                     false,           0 };

    (void)state;
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, old, ALERT_ILLEGAL_PARAMETER,
           "server_hello: supported_versions says TLS 1.2 (0x0303), which is never chosen by it");
}

/* RFC 9846, 4.2.4: the version stays what the hello_retry_request said. */
static void the_version_may_not_change_after_a_hello_retry_request(void **state)
{
    static const char *const versions_seen[] = { "\x12\x34", "\x03\x03", "\x03\x05" };
    struct edit edit = { HS_SERVER_HELLO, 1, SH_SELECTED_VERSION, NULL, 2, NULL, 0, 0, false, 0 };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof versions_seen / sizeof versions_seen[0]; i++) {
        edit.bytes = versions_seen[i];
        link_init(&l, T99_TLS13);
        l.set.hello_retry = true;
        l.set.group = T99_GROUP_SECP384R1;
        refuse(T99_TLS13, edit, ALERT_ILLEGAL_PARAMETER, "after a hello_retry_request, which is TLS 1.3");
    }
}

/* --- Extensions --- */

/* EncryptedExtensions ends with its extensions, whose length comes first. */
static struct edit in_encrypted_extensions(const char *extension, size_t len, unsigned copies)
{
    struct edit e = { HS_ENCRYPTED_EXTENSIONS, 0, 0, "\x08", 1, NULL, 0, T99_HS_HEADER, false, 0 };

    e.extension = extension;
    e.extension_len = len;
    e.copies = copies;
    return e;
}

static void encrypted_extensions_are_judged_one_by_one(void **state)
{
    (void)state;
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, in_encrypted_extensions("\xff\xff\0\0", 4, 1), ALERT_UNSUPPORTED_EXTENSION,
           "encrypted_extensions: unexpected extension unknown (65535), which was not offered");
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, in_encrypted_extensions("\xff\xff\0\0", 4, 2), ALERT_DECODE_ERROR,
           "encrypted_extensions: the extension unknown (65535) stands there twice");
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, in_encrypted_extensions("\0\x17\0\0", 4, 1), ALERT_UNSUPPORTED_EXTENSION,
           "unexpected extension extended_master_secret (23), which does not belong there");
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, in_encrypted_extensions("\0\x05\0\0", 4, 1), ALERT_UNSUPPORTED_EXTENSION,
           "unexpected extension status_request (5), which was not offered");
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, in_encrypted_extensions("\0\0\0\0", 4, 2), ALERT_ILLEGAL_PARAMETER,
           "encrypted_extensions: the extension server_name (0) stands there twice");
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, in_encrypted_extensions("\0\0\0\1\0", 5, 1), ALERT_DECODE_ERROR,
           "server_name: not empty");
}

/* --- Certificates --- */

static void a_certificate_that_is_none_is_malformed(void **state)
{
    static const struct edit tls13 = { HS_CERTIFICATE, 0, 11, "garbage", 7, NULL, 0, 0, false, 0 };
    static const struct edit tls12 = { HS_CERTIFICATE, 0, 10, "garbage", 7, NULL, 0, 0, false, 0 };

    (void)state;
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, tls13, ALERT_DECODE_ERROR, "certificate 0 of the server is malformed: ");
    link_init(&l, T99_TLS12);
    refuse(T99_TLS12, tls12, ALERT_DECODE_ERROR, "certificate 0 of the server is malformed: ");
}

static unsigned chain_len;

/* The server's certificate several times over. */
static void repeat_certificate(void *arg, struct peer *p, uint8_t *message, size_t *len, size_t cap)
{
    bool tls13 = l.set.version == T99_TLS13;
    size_t start = T99_HS_HEADER + (tls13 ? 4 : 3), entry = *len - start;
    unsigned i;

    (void)arg;
    (void)p;
    if (message[0] != HS_CERTIFICATE) {
        return;
    }
    assert_true(start + chain_len * entry <= cap);
    for (i = 1; i < chain_len; i++) {
        memcpy(message + start + i * entry, message + start, entry);
    }
    *len = start + chain_len * entry;
    store_be24(message + 1, (uint32_t)(*len - T99_HS_HEADER));
    store_be24(message + start - 3, (uint32_t)(*len - start));
}

static void chains_of_64_certificates_are_taken_and_no_longer_ones(void **state)
{
    size_t v;

    (void)state;
    FOR_VERSIONS(v)
    {
        chain_len = 64;
        link_init(&l, versions[v]);
        l.set.edit = repeat_certificate;
        assert_true(link_connect(&l));
        assert_int_equal(t99_engine_conn(l.engine)->chain->num, 64);
        link_clear(&l);
        chain_len = 65;
        link_init(&l, versions[v]);
        l.set.edit = repeat_certificate;
        assert_true(link_start(&l));
        must_fail(ALERT_BAD_CERTIFICATE, "certificate: more than 64 certificates");
    }
}

/* --- Finished --- */

/* RFC 9846, 4.5.3: incorrect in whatever way. */
static void a_finished_of_another_length_is_as_wrong_as_one_of_other_bytes(void **state)
{
    static const struct edit longer = { HS_FINISHED, 0, 0, "\x14", 1, NULL, 0, 0, true, 0 };
    static const struct edit other = { HS_FINISHED, 0, 10, "other", 5, NULL, 0, 0, false, 0 };

    (void)state;
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, longer, ALERT_DECRYPT_ERROR, "finished: 33 bytes instead of 32");
    link_init(&l, T99_TLS13);
    refuse(T99_TLS13, other, ALERT_DECRYPT_ERROR, "finished: wrong verify_data");
    link_init(&l, T99_TLS12);
    refuse(T99_TLS12, longer, ALERT_DECRYPT_ERROR, "finished: 13 bytes instead of 12");
    link_init(&l, T99_TLS12);
    refuse(T99_TLS12, other, ALERT_DECRYPT_ERROR, "finished: wrong verify_data");
}

/* --- Tickets --- */

/* A ticket with these extensions: lifetime, age_add, nonce, ticket. */
static void send_ticket(const char *extensions, size_t len)
{
    uint8_t body[400] = { 0, 0, 1, 0, 9, 9, 9, 9, 1, 7, 0, 1, 't' };

    connected(T99_TLS13);
    store_be16(body + 13, (uint16_t)len);
    memcpy(body + 15, extensions, len);
    peer_send_message(&l.peer, HS_NEW_SESSION_TICKET, body, 15 + len);
    wire_flush(&l.wire);
}

/* draft-ietf-tls-tlsflags, 2 and 3. */
static void flags_of_tickets_are_read(void **state)
{
    static const struct {
        const char *extension;
        size_t len;
        bool across_names;
    } good[] = {
        { "", 0, false },
        { "\0\x3e\0\2\1\x80", 6, false }, /* flag 7: unknown */
        { "\0\x3e\0\3\2\0\1", 7, true },  /* flag 8 */
        { "\0\x3e\0\3\2\2\xfe", 7, false },
        { "\0\x3e\0\5\4\0\1\0\x80", 9, true },
        { "\x12\x34\0\0\0\x3e\0\3\2\0\xff", 11, true },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        send_ticket(good[i].extension, good[i].len);
        assert_true(link_run(&l));
        assert_int_equal(l.num_sessions, 1);
        assert_int_equal(t99_engine_conn(l.engine)->ticket_across_names, good[i].across_names);
        t99_session_free(&l.env.env, l.session);
        l.session = NULL;
        link_clear(&l);
    }
    send_ticket("\0\x3e\0\1\0", 5);
    must_fail(ALERT_DECODE_ERROR, "new_session_ticket: malformed: flags");
    send_ticket("\0\x3e\0\2\2\1", 6);
    must_fail(ALERT_DECODE_ERROR, "new_session_ticket: malformed: flags");
    send_ticket("\0\x3e\0\3\1\1\1", 7);
    must_fail(ALERT_DECODE_ERROR, "new_session_ticket: malformed: tls_flags");
    send_ticket("\0\x3e\0\3\2\1\0", 7);
    must_fail(ALERT_ILLEGAL_PARAMETER, "new_session_ticket: malformed: tls_flags end with a byte");
    send_ticket("\0\x3e\0\2\1\1\0\x3e\0\2\1\1", 12);
    must_fail(ALERT_ILLEGAL_PARAMETER, "new_session_ticket: the extension tls_flags (62) stands there twice");
}

/* --- The ClientHello --- */

static uint8_t hello[1024];
static size_t hello_len;

static void note_hello(void *arg, enum t99_direction direction, const uint8_t *message, size_t len)
{
    (void)arg;
    if (direction == DIRECTION_SENT && message[0] == HS_CLIENT_HELLO) {
        assert_true(len <= sizeof hello);
        memcpy(hello, message, len);
        hello_len = len;
    }
}

/* Where the ClientHello would end: there stands the padding, to its end. */
static void must_be_padded(size_t unpadded, size_t padded)
{
    size_t i;

    assert_int_equal(hello_len, padded);
    if (padded != unpadded) {
        assert_int_equal(load_be16(hello + unpadded), 21);
        assert_int_equal(load_be16(hello + unpadded + 2), padded - unpadded - 4);
        for (i = unpadded + 4; i < padded; i++) {
            assert_int_equal(hello[i], 0);
        }
    }
}

/* RFC 7685, 4. The name of the host makes the hello as long as wanted. */
static void a_hello_of_256_to_511_bytes_is_padded_to_512(void **state)
{
    char name[500];
    size_t n, base = 0, len;

    (void)state;
    memset(name, 'a', sizeof name);
    for (n = 1; n < sizeof name; n++) {
        name[n - 1] = 'a';
        name[n] = '\0';
        link_init(&l, T99_TLS12); /* no key share: short enough to begin with */
        l.config.servername = name;
        l.config.on.message = note_hello;
        assert_true(link_start(&l));
        base = n == 1 ? hello_len - 1 : base;
        len = base + n;
        if (len < 256 || len > 511) {
            must_be_padded(len, len);
        } else {
            must_be_padded(len, len < 508 ? 512 : len + 5); /* with a byte of content at least */
        }
        link_clear(&l);
    }
    assert_true(base < 250 && base + n > 513);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_that_was_not_offered_is_refused),
        cmocka_unit_test(supported_versions_that_choose_tls12_are_refused),
        cmocka_unit_test(the_version_may_not_change_after_a_hello_retry_request),
        cmocka_unit_test(encrypted_extensions_are_judged_one_by_one),
        cmocka_unit_test(a_certificate_that_is_none_is_malformed),
        cmocka_unit_test(chains_of_64_certificates_are_taken_and_no_longer_ones),
        cmocka_unit_test(a_finished_of_another_length_is_as_wrong_as_one_of_other_bytes),
        cmocka_unit_test(flags_of_tickets_are_read),
        cmocka_unit_test(a_hello_of_256_to_511_bytes_is_padded_to_512),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
