/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <tls.h>
#include <unistd.h>

static struct tls_config *config;

static int set_up(void **state)
{
    (void)state;
    config = tls_config_new();
    return config == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    tls_config_free(config);
    return 0;
}

static void assert_error(const char *text)
{
    assert_non_null(tls_config_error(config));
    assert_string_equal(tls_config_error(config), text);
}

/* The results that libtls gives. */
static void protocols_are_parsed_as_libtls_does(void **state)
{
    static const struct {
        const char *text;
        int result;
        uint32_t set;
    } cases[] = {
        { NULL, 0, TLS_PROTOCOLS_DEFAULT },
        { "all", 0, TLS_PROTOCOLS_ALL },
        { "secure", 0, TLS_PROTOCOLS_DEFAULT },
        { "TLSv1.3", 0, TLS_PROTOCOL_TLSv1_3 },
        { "tlsv1.2,tlsv1.3", 0, TLS_PROTOCOL_TLSv1_2 | TLS_PROTOCOL_TLSv1_3 },
        { "tlsv1.2: tlsv1.3", 0, TLS_PROTOCOL_TLSv1_2 | TLS_PROTOCOL_TLSv1_3 },
        { "!tlsv1.2", 0, TLS_PROTOCOL_TLSv1_3 },
        { "tlsv1.2 ", -1, 0 },
        { "", -1, 0 },
        { "tlsv1.2,", -1, 0 },
        { "tlsv1.4", -1, 0 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t set = 12345;

        assert_int_equal(tls_config_parse_protocols(&set, cases[i].text), cases[i].result);
        assert_int_equal(set, cases[i].result == 0 ? cases[i].set : 12345);
    }
}

static void lists_are_checked_and_errors_say_what_is_wrong(void **state)
{
    char long_name[300];

    (void)state;
    assert_null(tls_config_error(config));
    assert_int_equal(tls_config_set_alpn(config, "h2,http/1.1"), 0);
    assert_int_equal(tls_config_set_alpn(config, ""), -1);
    assert_error("alpn protocol with zero length in the list ''");
    assert_int_equal(tls_config_set_alpn(config, "h2,"), -1);
    assert_error("alpn protocol with zero length in the list 'h2,'");
    memset(long_name, 'x', 256);
    long_name[256] = '\0';
    assert_int_equal(tls_config_set_alpn(config, long_name), -1);
    assert_error("alpn protocol too long: 256 bytes, at most 255");
    assert_int_equal(tls_config_set_ciphers(config, "secure"), 0);
    assert_int_equal(tls_config_set_ciphers(config, "ECDHE-RSA-AES128-GCM-SHA256:NO-SUCH"), 0);
    assert_int_equal(tls_config_set_ciphers(config, "NO-SUCH"), -1);
    assert_error("no ciphers for 'NO-SUCH': no cipher suite of that name is supported");
    assert_int_equal(tls_config_set_ecdhecurves(config, "P-256,x25519:secp384r1"), 0);
    assert_int_equal(tls_config_set_ecdhecurves(config, "P-256,P-257"), -1);
    assert_error(
        "invalid ecdhe curve 'P-257': supported are X25519MLKEM768, x25519, secp256r1, secp384r1, secp521r1, "
        "SecP256r1MLKEM768, SecP384r1MLKEM1024");
    assert_int_equal(tls_config_set_ecdhecurves(config, "auto"), -1);
    assert_int_equal(tls_config_set_ecdhecurve(config, "auto"), 0);
    assert_int_equal(tls_config_set_ecdhecurve(config, "P-256,P-384"), -1);
    assert_error("invalid ecdhe curve 'P-256,P-384': one is wanted, not a list");
    assert_int_equal(tls_config_set_dheparams(config, "auto"), 0);
    assert_int_equal(tls_config_set_dheparams(config, "huge"), -1);
    assert_error("invalid dhe param 'huge': none, auto or legacy is wanted");
    assert_int_equal(tls_config_set_session_lifetime(config, 3), -1);
    assert_error("session lifetime too small: 3 s, 0 or at least 4");
    assert_int_equal(tls_config_set_session_lifetime(config, 86401), -1);
    assert_error("session lifetime too large: 86401 s, at most 86400");
    assert_int_equal(tls_config_set_record_size_limit(config, 63), -1);
    assert_int_equal(tls_config_set_record_size_limit(config, 64), 0);
}

static ssize_t no_bytes(struct tls *ctx, void *buf, size_t len, void *arg)
{
    (void)ctx;
    (void)buf;
    (void)len;
    (void)arg;
    return TLS_WANT_POLLIN;
}

static ssize_t lose_bytes(struct tls *ctx, const void *buf, size_t len, void *arg)
{
    (void)ctx;
    (void)buf;
    (void)arg;
    return (ssize_t)len;
}

/* A context that offers what config says; nothing comes back. */
static struct tls *offering(void)
{
    struct tls *ctx = tls_client();

    tls_config_insecure_noverifycert(config);
    assert_non_null(ctx);
    assert_int_equal(tls_configure(ctx, config), 0);
    assert_int_equal(tls_connect_cbs(ctx, no_bytes, lose_bytes, NULL, "localhost"), 0);
    return ctx;
}

static void suites_of_one_version_are_set_without_the_other(void **state)
{
    struct tls *ctx;

    (void)state;
    assert_int_equal(tls_config_set_tls13_ciphers(config, "TLS_AES_256_GCM_SHA384"), 0);
    assert_int_equal(tls_config_set_tls12_ciphers(config, "secure"), 0);
    ctx = offering();
    assert_null(strstr(tls_conn_offer(ctx), "TLS_AES_128_GCM_SHA256"));
    assert_non_null(strstr(tls_conn_offer(ctx), "TLS_AES_256_GCM_SHA384"));
    assert_non_null(strstr(tls_conn_offer(ctx), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
    tls_free(ctx);
    assert_int_equal(tls_config_set_tls12_ciphers(config, "ECDHE-RSA-AES256-GCM-SHA384"), 0);
    assert_int_equal(tls_config_set_tls13_ciphers(config, NULL), 0);
    ctx = offering();
    assert_non_null(strstr(tls_conn_offer(ctx), "TLS_AES_128_GCM_SHA256"));
    assert_non_null(strstr(tls_conn_offer(ctx), "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
    assert_null(strstr(tls_conn_offer(ctx), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
    tls_free(ctx);
}

/* An empty list of groups would be malformed: RFC 8422, 5.1.1. */
static void groups_of_tls13_alone_cannot_be_offered_with_tls12_alone(void **state)
{
    struct tls *ctx;

    (void)state;
    assert_int_equal(tls_config_set_ecdhecurves(config, "X25519MLKEM768"), 0);
    ctx = offering();
    assert_int_equal(tls_handshake(ctx), TLS_WANT_POLLIN);
    tls_free(ctx);
    assert_int_equal(tls_config_set_protocols(config, TLS_PROTOCOL_TLSv1_2), 0);
    ctx = offering();
    assert_int_equal(tls_handshake(ctx), -1);
    assert_string_equal(tls_error(ctx),
                        "handshake failed: no groups available: none of those that are set is "
                        "for TLS 1.2 [localhost]");
    tls_free(ctx);
}

static void files_that_are_not_there_are_named(void **state)
{
    (void)state;
    assert_int_equal(tls_config_set_ca_file(config, "/no/such/file"), -1);
    assert_error("failed to open CA file '/no/such/file': No such file or directory");
    assert_int_equal(tls_config_set_ca_file(config, "/"), -1);
    assert_error("failed to read CA file '/': Is a directory");
    assert_int_equal(tls_config_set_cert_file(config, "/no/such"), -1);
    assert_error("failed to open certificate file '/no/such': No such file or directory");
    assert_int_equal(tls_config_set_key_file(config, "/no/such"), -1);
    assert_error("failed to open key file '/no/such': No such file or directory");
    assert_int_equal(tls_config_set_cert_mem(config, (const uint8_t *)"garbage", 7), -1);
    assert_error("failed to load certificate: it is not PEM");
}

/* Root can give the file away; who is not root finds one that is root's. */
static void owned_by_another(int fd)
{
    char sentence[80];
    struct stat st;
    int other = getuid() == 0 ? dup(fd) : open("/etc/passwd", O_RDONLY);

    assert_int_not_equal(other, -1);
    if (getuid() == 0 && fchown(other, 12345, (gid_t)-1) != 0) {
        close(other); /* root of a namespace with no other user */
        return;
    }
    assert_int_equal(fstat(other, &st), 0);
    assert_int_equal(tls_config_set_session_fd(config, other), -1);
    snprintf(sentence, sizeof sentence, "session file has incorrect owner (uid %lu != %lu)",
             (unsigned long)st.st_uid, (unsigned long)getuid());
    assert_error(sentence);
    close(other);
}

/* A session file holds secrets. */
static void session_files_must_be_private(void **state)
{
    char path[] = "/tmp/tls99-session-XXXXXX";
    int fd = mkstemp(path), ends[2];

    (void)state;
    assert_int_not_equal(fd, -1);
    assert_int_equal(tls_config_set_session_fd(config, fd), 0);
    assert_int_equal(fchmod(fd, 0644), 0);
    assert_int_equal(tls_config_set_session_fd(config, fd), -1);
    assert_error("session file has incorrect permissions (644 != 600): it holds secrets");
    owned_by_another(fd);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(tls_config_set_session_fd(config, ends[0]), -1);
    assert_int_equal(strncmp(tls_config_error(config), "session file is not a regular file (descriptor ", 46),
                     0);
    assert_int_equal(tls_config_set_session_fd(config, -1), 0);
    close(ends[0]);
    close(ends[1]);
    close(fd);
    unlink(path);
}

static void there_is_no_server(void **state)
{
    struct tls *ctx = tls_client(), *other = NULL;

    (void)state;
    errno = 0;
    assert_null(tls_server());
    assert_int_equal(errno, ENOTSUP);
    assert_int_equal(tls_accept_socket(ctx, &other, 0), -1);
    assert_null(other);
    assert_string_equal(tls_error(ctx), "server side not supported");
    tls_free(ctx);
}

static void what_is_not_connected_says_so(void **state)
{
    struct tls *ctx = tls_client();
    char buf[4];

    (void)state;
    assert_non_null(ctx);
    assert_null(tls_error(ctx));
    assert_int_equal(tls_read(ctx, buf, sizeof buf), -1);
    assert_string_equal(tls_error(ctx), "context not connected: call tls_connect() first");
    assert_int_equal(tls_write(ctx, buf, sizeof buf), -1);
    assert_int_equal(tls_handshake(ctx), -1);
    assert_int_equal(tls_close(ctx), 0);
    assert_null(tls_error(ctx));
    assert_null(tls_conn_version(ctx));
    assert_int_equal(tls_conn_cipher_strength(ctx), 0);
    assert_int_equal(tls_peer_cert_notbefore(ctx), -1);
    assert_int_equal(tls_peer_cert_contains_name(ctx, "localhost"), 0);
    assert_int_equal(tls_peer_cert_contains_name(ctx, NULL), 0);
    assert_int_equal(tls_peer_ocsp_cert_status(ctx), -1);
    assert_int_equal(tls_connect(ctx, "::1", NULL), -1);
    assert_string_equal(tls_error(ctx), "no port provided: neither in \"::1\" nor beside it");
    assert_int_equal(tls_connect(ctx, NULL, "443"), -1);
    assert_string_equal(tls_error(ctx), "host not specified");
    assert_int_equal(tls_connect_fds(ctx, -1, -1, "localhost"), -1);
    assert_string_equal(tls_error(ctx), "invalid file descriptors: -1 to read from, -1 to write to");
    assert_int_equal(tls_connect_cbs(ctx, NULL, NULL, NULL, "localhost"), -1);
    assert_string_equal(tls_error(ctx), "no callbacks provided: there is none to read");
    assert_int_equal(tls_configure(ctx, config), 0); /* a reference: the caller's may go */
    tls_config_insecure_noverifycert(config);
    assert_int_equal(tls_connect_socket(ctx, 0, NULL), -1);
    assert_string_equal(tls_error(ctx), "server name not specified: the certificate could be anybody's");
    tls_reset(ctx);
    assert_null(tls_error(ctx));
    tls_free(ctx);
    tls_free(NULL);
    tls_config_free(NULL);
}

#define PIECE 4095 /* what the first buffer for a pipe holds */

struct slow_writer {
    const char *path;
    pthread_t reader;
};

/* Fills the reader's buffer, disturbs the reader while it waits for more, and goes on. */
static void *write_slowly(void *arg)
{
    static const struct timespec moment = { 0, 100000000 };
    struct slow_writer *w = arg;
    int fd = open(w->path, O_WRONLY);
    char piece[PIECE];

    memset(piece, 'x', sizeof piece);
    if (write(fd, piece, sizeof piece) == (ssize_t)sizeof piece) {
        (void)nanosleep(&moment, NULL);
        (void)pthread_kill(w->reader, SIGUSR1);
        (void)nanosleep(&moment, NULL);
        (void)!write(fd, "end", 3);
    }
    close(fd);
    return NULL;
}

static void do_nothing(int signal)
{
    (void)signal;
}

static void a_signal_does_not_end_a_pipe(void **state)
{
    char dir[] = "/tmp/tls99-pipe-XXXXXX", path[64];
    struct sigaction action, old;
    struct slow_writer w;
    pthread_t thread;
    uint8_t *bytes;
    size_t len = 0;

    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/pipe", dir);
    assert_int_equal(mkfifo(path, 0600), 0);
    memset(&action, 0, sizeof action);
    action.sa_handler = do_nothing; /* no SA_RESTART: reads are interrupted */
    assert_int_equal(sigaction(SIGUSR1, &action, &old), 0);
    w.path = path;
    w.reader = pthread_self();
    assert_int_equal(pthread_create(&thread, NULL, write_slowly, &w), 0);
    bytes = tls_load_file(path, &len, NULL);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(sigaction(SIGUSR1, &old, NULL), 0);
    assert_non_null(bytes);
    assert_int_equal(len, PIECE + 3);
    assert_memory_equal(bytes + PIECE, "end", 3);
    tls_unload_file(bytes, len);
    unlink(path);
    rmdir(dir);
}

static void a_file_comes_back_as_it_is(void **state)
{
    char path[] = "/tmp/tls99-file-XXXXXX";
    int fd = mkstemp(path);
    size_t len = 99;
    uint8_t *bytes;

    (void)state;
    assert_int_equal(write(fd, "abc", 3), 3);
    bytes = tls_load_file(path, &len, NULL);
    assert_non_null(bytes);
    assert_int_equal(len, 3);
    assert_memory_equal(bytes, "abc", 3);
    tls_unload_file(bytes, len);
    assert_null(tls_load_file("/no/such/file", &len, NULL));
    assert_int_equal(len, 0);
    tls_unload_file(NULL, 0);
    close(fd);
    unlink(path);
}

/* SSL_CERT_FILE and SSL_CERT_DIR, if set, are all that counts. */
static void trust_anchors_that_cannot_be_had_are_an_error_that_says_where(void **state)
{
    struct tls *ctx = tls_client();

    (void)state;
    setenv("SSL_CERT_FILE", "/no/such/bundle", 1);
    unsetenv("SSL_CERT_DIR");
    assert_int_equal(tls_connect_socket(ctx, 0, "localhost"), -1);
    assert_non_null(strstr(tls_error(ctx), "/no/such/bundle"));
    unsetenv("SSL_CERT_FILE");
    tls_free(ctx);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(protocols_are_parsed_as_libtls_does),
        TEST(lists_are_checked_and_errors_say_what_is_wrong),
        TEST(suites_of_one_version_are_set_without_the_other),
        TEST(groups_of_tls13_alone_cannot_be_offered_with_tls12_alone),
        TEST(files_that_are_not_there_are_named),
        TEST(session_files_must_be_private),
        TEST(there_is_no_server),
        TEST(what_is_not_connected_says_so),
        TEST(a_file_comes_back_as_it_is),
        TEST(a_signal_does_not_end_a_pipe),
        TEST(trust_anchors_that_cannot_be_had_are_an_error_that_says_where),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
