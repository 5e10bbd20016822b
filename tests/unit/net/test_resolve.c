/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "net/resolve.h"

/* --- A resolver in the place of the system's: what it answers, and when, depends on the name --- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int given, taken_back; /* lists */
static struct addrinfo answer;

int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **list)
{
    (void)port;
    if ((hints->ai_flags & AI_NUMERICHOST) != 0 && strcmp(host, "192.0.2.7") != 0) {
        return EAI_NONAME;
    }
    if (strcmp(host, "broken.example") == 0) {
        errno = ENFILE;
        return EAI_SYSTEM;
    }
    if (strcmp(host, "nowhere.example") == 0) {
        return EAI_NONAME;
    }
    if (strcmp(host, "later.example") == 0) {
        return EAI_AGAIN;
    }
    if (strcmp(host, "odd-port.example") == 0) {
        return EAI_SERVICE;
    }
    if (strcmp(host, "failing.example") == 0) {
        return EAI_FAIL;
    }
    if (strcmp(host, "slow.example") == 0) {
        (void)poll(NULL, 0, 400);
    }
    (void)pthread_mutex_lock(&lock);
    given++;
    (void)pthread_mutex_unlock(&lock);
    *list = &answer;
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    if (list == &answer) {
        (void)pthread_mutex_lock(&lock);
        taken_back++;
        (void)pthread_mutex_unlock(&lock);
    }
}

static int lists_out(void)
{
    int n;

    (void)pthread_mutex_lock(&lock);
    n = given - taken_back;
    (void)pthread_mutex_unlock(&lock);
    return n;
}

static int64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct t99_lookup ask(const char *host, int timeout_ms)
{
    struct t99_lookup what;

    memset(&what, 0, sizeof what);
    what.host = host;
    what.port = "443";
    what.timeout_ms = timeout_ms;
    return what;
}

/* --- Tests --- */

static void a_resolver_that_is_quick_answers_with_and_without_a_timeout(void **state)
{
    static const char *const hosts[] = { "quick.example", "192.0.2.7", "slow.example" };
    static const int timeouts[] = { 0, 5000 };
    struct addrinfo *list = NULL;
    const char *why = NULL;
    size_t i, j;

    (void)state;
    for (i = 0; i < 3; i++) {
        for (j = 0; j < 2; j++) {
            struct t99_lookup what = ask(hosts[i], timeouts[j]);

            assert_true(t99_resolve(&list, &why, &what));
            assert_ptr_equal(list, &answer);
            freeaddrinfo(list);
        }
    }
    assert_int_equal(lists_out(), 0);
}

static void a_resolver_that_is_slow_costs_no_more_than_the_timeout_and_leaks_nothing(void **state)
{
    struct t99_lookup what = ask("slow.example", 50);
    struct addrinfo *list = NULL;
    const char *why = NULL;
    int64_t begun = now_ms();

    (void)state;
    assert_false(t99_resolve(&list, &why, &what));
    assert_in_range(now_ms() - begun, 50, 300);
    assert_string_equal(why, "no answer in time");
    assert_null(list);
    (void)poll(NULL, 0, 600); /* the thread comes to its end */
    assert_int_equal(lists_out(), 0);
}

static void a_refusal_is_told_in_plain_words(void **state)
{
    static const int timeouts[] = { 0, 5000 };
    struct addrinfo *list = NULL;
    const char *why = NULL;
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        struct t99_lookup what = ask("nowhere.example", timeouts[i]);

        assert_false(t99_resolve(&list, &why, &what));
        assert_string_equal(why, "there is no host of that name");
        what.host = "later.example";
        assert_false(t99_resolve(&list, &why, &what));
        assert_string_equal(why, "no name server answered: is the network up?");
        what.host = "odd-port.example";
        assert_false(t99_resolve(&list, &why, &what));
        assert_string_equal(why, "the port is neither a number nor a service that is known here");
        what.host = "failing.example";
        assert_false(t99_resolve(&list, &why, &what));
        assert_string_equal(why, gai_strerror(EAI_FAIL));
        what.host = "broken.example";
        assert_false(t99_resolve(&list, &why, &what));
        assert_string_equal(why, strerror(ENFILE));
    }
}

static void a_name_too_long_for_any_host_is_left_to_the_resolver(void **state)
{
    char name[400];
    struct addrinfo *list = NULL;
    const char *why = NULL;
    struct t99_lookup what;

    (void)state;
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    what = ask(name, 5000);
    assert_true(t99_resolve(&list, &why, &what));
    freeaddrinfo(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resolver_that_is_quick_answers_with_and_without_a_timeout),
        cmocka_unit_test(a_resolver_that_is_slow_costs_no_more_than_the_timeout_and_leaks_nothing),
        cmocka_unit_test(a_refusal_is_told_in_plain_words),
        cmocka_unit_test(a_name_too_long_for_any_host_is_left_to_the_resolver),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
