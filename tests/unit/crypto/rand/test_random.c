/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "crypto/rand/random.h"

#define MANY 4096

static void random_bytes_differ_from_call_to_call_and_fill_all(void **state)
{
    static uint8_t a[MANY], b[MANY];
    unsigned seen[256] = { 0 };
    size_t i;

    (void)state;
    assert_true(t99_random_system(a, sizeof a));
    assert_true(t99_random_system(b, sizeof b));
    assert_memory_not_equal(a, b, 16);
    assert_memory_not_equal(a + MANY - 16, b + MANY - 16, 16);
    for (i = 0; i < MANY; i++) {
        seen[a[i]]++;
    }
    for (i = 0; i < 256; i++) { /* 16 expected; more than 80 has a probability below 2^-90 */
        assert_true(seen[i] < 80);
    }
}

static void more_than_one_call_of_the_system_may_be_needed(void **state)
{
    size_t len = (size_t)3 << 20, i, zeros = 0;
    uint8_t *p = (uint8_t *)calloc(1, len);

    (void)state;
    assert_non_null(p);
    assert_true(t99_random_system(p, len));
    for (i = len - 1024; i < len; i++) {
        zeros += p[i] == 0;
    }
    assert_true(zeros < 100);
    free(p);
}

static void zero_bytes_are_always_there(void **state)
{
    uint8_t none = 0x5a;

    (void)state;
    assert_true(t99_random_system(&none, 0));
    assert_int_equal(none, 0x5a);
}

static void the_device_gives_random_bytes_too(void **state)
{
    static uint8_t a[64], b[64];

    (void)state;
    assert_true(t99_random_device("/dev/urandom", a, sizeof a));
    assert_true(t99_random_device("/dev/urandom", b, sizeof b));
    assert_memory_not_equal(a, b, sizeof a);
}

static void assert_refused(const char *path)
{
    static const uint8_t zeros[64];
    uint8_t out[64];

    memset(out, 0xa5, sizeof out);
    assert_false(t99_random_device(path, out, sizeof out));
    assert_memory_equal(out, zeros, sizeof out);
}

static void a_device_that_is_missing_or_ends_or_is_a_file_is_refused(void **state)
{
    char path[] = "/tmp/tls99-random-XXXXXX";
    char text[64] = { 'x' };
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_true(write(fd, text, sizeof text) == (ssize_t)sizeof text);
    close(fd);
    assert_refused(path);
    unlink(path);
    assert_refused(path);
    assert_refused("/dev/null"); /* a device, but at its end at once */
    assert_refused("/");
}

static void a_process_without_file_descriptors_is_told_so(void **state)
{
    struct rlimit limit, none;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_refused("/dev/urandom");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bytes_differ_from_call_to_call_and_fill_all),
        cmocka_unit_test(more_than_one_call_of_the_system_may_be_needed),
        cmocka_unit_test(zero_bytes_are_always_there),
        cmocka_unit_test(the_device_gives_random_bytes_too),
        cmocka_unit_test(a_device_that_is_missing_or_ends_or_is_a_file_is_refused),
        cmocka_unit_test(a_process_without_file_descriptors_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
