/* The ClientHello that answers a HelloRetryRequest is the first one again, but for what was asked for. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "handshake/messages.h"
#include "peer/link.h"

#define COOKIE 44 /* RFC 9846, 4.3 */
#define KEY_SHARE 51
#define PADDING 21

static struct link l;

static struct hello {
    uint8_t bytes[4096];
    size_t len;
} hellos[2];
static size_t num_hellos;

static void note_hello(void *arg, enum t99_direction direction, const uint8_t *message, size_t len)
{
    (void)arg;
    if (direction == DIRECTION_SENT && message[0] == HS_CLIENT_HELLO) {
        assert_true(num_hellos < 2 && len <= sizeof hellos[0].bytes);
        memcpy(hellos[num_hellos].bytes, message, len);
        hellos[num_hellos++].len = len;
    }
}

/* What stands before the extensions, and the extensions. */
static void split(const struct hello *hello, struct t99_span *before, struct reader *extensions,
                  const char **bad)
{
    struct reader r = rd_init(hello->bytes + T99_HS_HEADER, hello->len - T99_HS_HEADER, bad);

    (void)rd_bytes(&r, 2 + 32, "version, random");
    (void)rd_vec8(&r, 0, 32, "legacy_session_id");
    (void)rd_vec16(&r, 2, 65534, "cipher_suites");
    (void)rd_vec8(&r, 1, 255, "legacy_compression_methods");
    *before = t99_span(hello->bytes + T99_HS_HEADER, (size_t)(r.pos - (hello->bytes + T99_HS_HEADER)));
    *extensions = rd_vec16(&r, 0, 65535, "extensions");
    assert_true(rd_end(&r, "client_hello"));
}

/* The next extension that is none of those that may differ. False: no more. */
static bool next_extension(struct reader *r, uint16_t asked_for, uint16_t *type, struct t99_span *data)
{
    struct reader body;

    while (rd_left(r) != 0) {
        *type = rd_u16(r, "type");
        body = rd_vec16(r, 0, 65535, "data");
        assert_true(rd_ok(r));
        *data = rd_rest(&body);
        if (*type != COOKIE && *type != PADDING && *type != asked_for) {
            return true;
        }
    }
    return false;
}

static void must_be_the_same_but_for(uint16_t asked_for)
{
    const char *bad[2];
    struct t99_span before[2], data[2];
    struct reader r[2];
    uint16_t type[2];
    bool more;

    assert_int_equal(num_hellos, 2);
    split(&hellos[0], &before[0], &r[0], &bad[0]);
    split(&hellos[1], &before[1], &r[1], &bad[1]);
    assert_true(t99_span_equal(before[0], before[1]));
    do {
        more = next_extension(&r[0], asked_for, &type[0], &data[0]);
        assert_int_equal(next_extension(&r[1], asked_for, &type[1], &data[1]), more);
        if (more) {
            assert_int_equal(type[0], type[1]);
            if (!t99_span_equal(data[0], data[1])) {
                print_error("extension %u differs\n", (unsigned)type[0]);
            }
            assert_true(t99_span_equal(data[0], data[1]));
        }
    } while (more);
}

static void retry(bool group, size_t cookie_len, bool grease)
{
    num_hellos = 0;
    link_init(&l, T99_TLS13);
    l.config.on.message = note_hello;
    l.config.grease = grease;
    l.config.shuffle_extensions = grease;
    l.set.cookie_len = cookie_len;
    l.set.hello_retry = group;
    l.set.group = group ? T99_GROUP_SECP384R1 : T99_GROUP_SECP256R1;
    assert_true(link_connect(&l));
    assert_true(t99_engine_conn(l.engine)->hello_retry);
}

/* RFC 9846, 4.2.2. */
static void a_second_hello_changes_only_what_was_asked_for(void **state)
{
    int grease;

    (void)state;
    for (grease = 0; grease < 2; grease++) {
        retry(true, 0, grease != 0);
        must_be_the_same_but_for(KEY_SHARE);
        link_clear(&l);
        retry(true, 20, grease != 0);
        must_be_the_same_but_for(KEY_SHARE);
        link_clear(&l);
        retry(false, 20, grease != 0);
        must_be_the_same_but_for(COOKIE);
        link_clear(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_hello_changes_only_what_was_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
