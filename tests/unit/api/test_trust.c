/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/env_system.h"
#include "api/file.h"
#include "api/internal.h"
#include "x509/certificate.h"
#include "x509/pem.h"

static char folder[] = "/tmp/tls99-trust-XXXXXX";
static struct tls_config *config;
static struct t99_error error;

/* Counts what is in use, and fails the nth allocation. */
static struct heap {
    size_t in_use, most, countdown;
} heap;

static void *heap_alloc(void *arg, size_t len)
{
    (void)arg;
    if (heap.countdown != 0 && --heap.countdown == 0) {
        return NULL;
    }
    heap.in_use += len;
    heap.most = heap.in_use > heap.most ? heap.in_use : heap.most;
    return malloc(len);
}

static void heap_release(void *arg, void *p, size_t len)
{
    (void)arg;
    heap.in_use -= len;
    free(p);
}

static struct tls_config *new_config(void)
{
    struct t99_env env = t99_env_system;

    env.alloc = heap_alloc;
    env.release = heap_release;
    return t99_config_new_env(&env);
}

static int set_up(void **state)
{
    (void)state;
    unsetenv("SSL_CERT_FILE");
    unsetenv("SSL_CERT_DIR");
    memset(&heap, 0, sizeof heap);
    t99_error_clear(&error);
    config = new_config();
    strcpy(folder, "/tmp/tls99-trust-XXXXXX");
    return config == NULL || mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
    char command[100];

    (void)state;
    tls_config_free(config);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command) != 0 || heap.in_use != 0;
}

static const char *in_folder(const char *name)
{
    static char path[4][200];
    static unsigned turn;

    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

/* As much of a certificate as the store looks at: CN=`name`, and bytes that make it as large as real ones. */
static struct t99_span make(uint8_t *out, const char *name, size_t extra)
{
    static const uint8_t before[] = {
        0xa0, 3, 2, 1, 2, 2, 1, 1, 0x30, 0, 0x30, 0, 0x30, 0
    }; /* up to the subject */
    size_t n = strlen(name), tbs = sizeof before + 13 + n + 4 + extra;
    uint8_t *p = out;

    assert_true(n < 100 && extra >= 300 && tbs + 4 <= 0xffff);
    memcpy(p, "\x30\x82..\x30\x82..", 8);
    store_be16(p + 2, (uint16_t)(tbs + 4));
    store_be16(p + 6, (uint16_t)tbs);
    memcpy(p + 8, before, sizeof before);
    p += 8 + sizeof before;
    memcpy(p, "\x30.\x31.\x30.\x06\x03\x55\x04\x03\x0c.", 13);
    p[1] = (uint8_t)(11 + n);
    p[3] = (uint8_t)(9 + n);
    p[5] = (uint8_t)(7 + n);
    p[12] = (uint8_t)n;
    memcpy(p + 13, name, n);
    p += 13 + n;
    memcpy(p, "\x04\x82", 2);
    store_be16(p + 2, (uint16_t)extra);
    memset(p + 4, 0x5a, extra);
    return t99_span(out, (size_t)(p + 4 + extra - out));
}

/* A PEM block of it, with text before. */
static void write_cert(FILE *f, const char *comment, const char *name, size_t extra)
{
    static uint8_t der[70000], pem[100000];
    size_t n = t99_pem_encode(pem, sizeof pem, "CERTIFICATE", make(der, name, extra));

    assert_true(n <= sizeof pem);
    fputs(comment, f);
    assert_int_equal(fwrite(pem, 1, n, f), n);
}

static const char *write_file(const char *file, const char *comment, const char *name)
{
    const char *path = in_folder(file);
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    if (name != NULL) {
        write_cert(f, comment, name, 1000);
    } else {
        fputs(comment, f);
    }
    fclose(f);
    return path;
}

/* How many anchors the config has; 0: none, and `error` says why. */
static size_t count(void)
{
    struct t99_anchors *a = t99_anchors_get(config, &error);
    size_t n = a != NULL ? t99_trust_count(a->trust) : 0;

    t99_anchors_put(config, a);
    return n;
}

static bool has(const char *name)
{
    static uint8_t der[70000];
    struct t99_anchors *a = t99_anchors_get(config, &error);
    struct t99_span subject, found;
    bool is;

    assert_non_null(a);
    assert_true(t99_certificate_subject(&subject, make(der, name, 1000)));
    is = t99_trust_find(a->trust, subject, 0, &found);
    t99_anchors_put(config, a);
    return is;
}

static void assert_says(const char *words, const char *place)
{
    if (!error.set || strstr(error.text, words) == NULL || strstr(error.text, place) == NULL) {
        fail_msg("\"%s\" does not say \"%s\" and \"%s\"", error.text, words, place);
    }
}

/* --- What the environment names --- */

static void the_file_and_the_directories_of_the_environment_count_together(void **state)
{
    char dirs[500];

    (void)state;
    assert_int_equal(mkdir(in_folder("one"), 0700) | mkdir(in_folder("two"), 0700), 0);
    setenv("SSL_CERT_FILE", write_file("bundle", "# text\n", "in the file"), 1);
    write_file("one/a.pem", "", "in one");
    write_file("two/b.pem", "", "in two");
    snprintf(dirs, sizeof dirs, "%s:/no/such/dir::%s", in_folder("one"), in_folder("two"));
    setenv("SSL_CERT_DIR", dirs, 1);
    assert_int_equal(count(), 3);
    assert_true(has("in the file") && has("in one") && has("in two") && !has("elsewhere"));
}

static void a_bundle_stands_for_the_directory_that_it_lies_in(void **state)
{
    (void)state;
    write_file("a.pem", "", "a file of its own");
    setenv("SSL_CERT_FILE", write_file("bundle.crt", "", "bundled"), 1);
    setenv("SSL_CERT_DIR", folder, 1);
    assert_int_equal(count(), 1);
    assert_true(has("bundled"));
    tls_config_free(config);
    config = new_config();
    setenv("SSL_CERT_FILE", write_file("empty.crt", "nothing\n", NULL), 1); /* but not if it is empty */
    assert_int_equal(count(), 2);
}

static void what_the_environment_names_in_vain_is_told(void **state)
{
    (void)state;
    setenv("SSL_CERT_FILE", "/no/such/bundle", 1);
    assert_int_equal(count(), 0);
    assert_says("no trust anchors: SSL_CERT_FILE is /no/such/bundle (No such file",
                "SSL_CERT_DIR is not set");
    setenv("SSL_CERT_FILE", write_file("empty", "", NULL), 1);
    assert_int_equal(count(), 0);
    assert_says("no certificate in it", in_folder("empty"));
    setenv("SSL_CERT_FILE", write_file("garbage", "-----BEGIN CERTIFICATE-----\n!\n", NULL), 1);
    assert_int_equal(count(), 0);
    assert_says("no certificate in it", in_folder("garbage"));
    setenv("SSL_CERT_FILE", folder, 1); /* a directory */
    assert_int_equal(count(), 0);
    assert_says("no certificate in it", folder);
    unsetenv("SSL_CERT_FILE");
    setenv("SSL_CERT_DIR", folder, 1);
    assert_int_equal(count(), 0);
    assert_says("no trust anchors: SSL_CERT_FILE is not set", folder);
}

/* --- What the program names --- */

static void a_directory_gives_its_certificates_once_each(void **state)
{
    (void)state;
    write_file("a.pem", "", "a");
    write_file("b.crt", "", "b");
    write_file("c.cer", "", "c");
    write_file("0123abcd.0", "", "d"); /* hashed names, as openssl rehash makes them */
    write_file("0123abcd.1", "", "e");
    assert_int_equal(symlink("a.pem", in_folder("89abcdef.0")), 0);
    assert_int_equal(symlink("nowhere", in_folder("89abcdef.1")), 0);
    write_file("README", "", "not of these names");
    write_file("123.0", "", "nor this");
    write_file("broken.pem", "-----BEGIN CERTIFICATE-----\n", NULL);
    assert_int_equal(mkdir(in_folder("folder.pem"), 0700), 0);
    assert_int_equal(mkfifo(in_folder("pipe.pem"), 0600), 0); /* nobody writes: it must not be waited for */
    assert_int_equal(tls_config_set_ca_path(config, folder), 0);
    assert_int_equal(count(), 5);
    assert_true(has("a") && has("b") && has("c") && has("d") && has("e"));
}

static void what_holds_no_certificate_is_named(void **state)
{
    (void)state;
    assert_int_equal(tls_config_set_ca_path(config, folder), 0);
    assert_int_equal(count(), 0);
    assert_says("no certificate", folder);
    assert_int_equal(tls_config_set_ca_file(config, write_file("garbage",
                                                               "\x7f"
                                                               "ELF",
                                                               NULL)),
                     0);
    assert_int_equal(count(), 0);
    assert_says("ssl verify memory setup failure: no certificate", in_folder("garbage"));
    assert_int_equal(tls_config_set_ca_file(config, write_file("empty", "\n", NULL)), 0);
    assert_int_equal(count(), 0);
    assert_says("it is empty", in_folder("empty"));
    assert_int_equal(
        tls_config_set_ca_file(
            config, write_file("crl", "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n\n", NULL)),
        0);
    assert_int_equal(count(), 0);
    assert_says("it holds a CRL only", in_folder("crl"));
    assert_int_equal(tls_config_set_ca_mem(config, (const uint8_t *)"garbage", 7), 0);
    assert_int_equal(count(), 0);
    assert_says("ssl verify memory setup failure: no certificate", "memory: it is not PEM");
    assert_int_equal(tls_config_set_ca_mem(config, (const uint8_t *)"", 0), 0);
    assert_int_equal(count(), 0);
    assert_int_equal(tls_config_set_ca_mem(config, NULL, 0), 0); /* back to the directory */
    write_file("a.pem", "", "a");
    assert_int_equal(count(), 1);
}

static void the_last_file_or_memory_given_counts(void **state)
{
    uint8_t pem[4000], der[2000];
    size_t n = t99_pem_encode(pem, sizeof pem, "CERTIFICATE", make(der, "in memory", 300));

    (void)state;
    assert_int_equal(tls_config_set_ca_file(config, write_file("first", "", "first")), 0);
    assert_int_equal(tls_config_set_ca_file(config, write_file("second", "", "second")), 0);
    assert_true(count() == 1 && has("second"));
    assert_int_equal(tls_config_set_ca_mem(config, pem, n), 0);
    assert_true(count() == 1 && has("in memory"));
    assert_int_equal(tls_config_set_ca_file(config, in_folder("first")), 0);
    assert_true(count() == 1 && has("first"));
    assert_int_equal(tls_config_set_ca_file(config, "/no/such/file"), -1);
    assert_true(count() == 1 && has("first")); /* what failed changed nothing */
}

/* What was read is there after the file is gone, as programs need that give up their rights. */
static void a_file_is_read_at_once_and_a_pipe_to_its_end(void **state)
{
    const char *path = in_folder("pipe");
    pid_t child;
    FILE *f;
    int i;

    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        f = fopen(path, "wb");
        for (i = 0; f != NULL && i < 40; i++) {
            char name[20];

            snprintf(name, sizeof name, "CA %d", i);
            write_cert(f, "# a comment\r\n", name, 1500);
            fflush(f);
        }
        _exit(f == NULL || fclose(f) != 0);
    }
    assert_int_equal(tls_config_set_ca_file(config, path), 0);
    unlink(path);
    assert_int_equal(count(), 40);
    assert_true(has("CA 0") && has("CA 39"));
}

/* Larger than the window through which files are read; text before, between and behind; no last line end. */
static void blocks_and_text_of_any_size_are_read(void **state)
{
    static const size_t sizes[] = { 300, 12000, 60000, 400, 30000, 16000 };
    const char *path = in_folder("large");
    FILE *f = fopen(path, "wb");
    size_t i, j;
    char name[20];

    (void)state;
    assert_non_null(f);
    for (i = 0; i < 6; i++) {
        for (j = 0; j < 10000 * i; j++) {
            fputs(j % 40 == 39 ? "\n" : j % 7 == 0 ? "-" : "x", f);
        }
        snprintf(name, sizeof name, "CA %zu", i);
        write_cert(f, "\n", name, sizes[i]);
    }
    fputs("-----BEGIN CERTIFICATE-----\nMIIB", f);
    fclose(f);
    assert_int_equal(tls_config_set_ca_file(config, path), 0);
    assert_int_equal(count(), 6);
}

/* It may never end: what is read of it is bounded. */
static void a_file_that_is_too_large_is_refused(void **state)
{
    const char *path = in_folder("zeros");
    int fd = open(path, O_WRONLY | O_CREAT, 0600);

    (void)state;
    assert_int_equal(ftruncate(fd, (off_t)T99_FILE_MAX + 1), 0); /* takes no room on the disk */
    close(fd);
    assert_int_equal(tls_config_set_ca_file(config, path), -1);
    assert_non_null(strstr(tls_config_error(config), "zeros"));
    assert_non_null(strstr(tls_config_error(config), strerror(EFBIG)));
    assert_true(heap.most < 4 * (size_t)T99_FILE_MAX);
}

static void a_broken_block_between_two_costs_neither(void **state)
{
    FILE *f = fopen(in_folder("bundle"), "wb");

    (void)state;
    assert_non_null(f);
    write_cert(f, "", "before", 1000);
    fputs("-----BEGIN CERTIFICATE-----\nMII!\n-----END CERTIFICATE-----\n", f);
    fputs("-----BEGIN CERTIFICATE-----\nMIIB\n", f); /* no end */
    write_cert(f, "", "behind", 1000);
    fclose(f);
    assert_int_equal(tls_config_set_ca_file(config, in_folder("bundle")), 0);
    assert_int_equal(count(), 2);
    assert_true(has("before") && has("behind"));
}

/* As OpenSSL writes it for a CA: behind the certificate, what it is trusted for. Empty: for all. */
static void a_trusted_certificate_is_an_anchor(void **state)
{
    uint8_t der[2000], pem[4000];
    struct t99_span c = make(der, "trusted", 1000);
    FILE *f = fopen(in_folder("trusted"), "wb");
    size_t n;

    (void)state;
    assert_non_null(f);
    memcpy(der + c.len, "\x30\x00", 2);
    n = t99_pem_encode(pem, sizeof pem, "TRUSTED CERTIFICATE", t99_span(der, c.len + 2));
    assert_int_equal(fwrite(pem, 1, n, f), n);
    fclose(f);
    assert_int_equal(tls_config_set_ca_file(config, in_folder("trusted")), 0);
    assert_true(count() == 1 && has("trusted"));
}

/* --- One store for all --- */

/* Whoever began with the old bundle ends with it; the new one counts when it is set again. */
static void a_file_may_be_replaced_while_it_is_in_use(void **state)
{
    const char *path = write_file("bundle", "", "old");
    struct t99_anchors *a;

    (void)state;
    assert_int_equal(tls_config_set_ca_file(config, path), 0);
    a = t99_anchors_get(config, &error);
    assert_non_null(a);
    assert_int_equal(rename(write_file("new", "", "new"), path), 0);
    assert_true(count() == 1 && has("old"));
    assert_int_equal(tls_config_set_ca_file(config, path), 0);
    assert_true(count() == 1 && has("new"));
    assert_int_equal(t99_trust_count(a->trust), 1);
    t99_anchors_put(config, a);
}

static void connections_share_one_store(void **state)
{
    struct t99_anchors *a, *b;

    (void)state;
    assert_int_equal(tls_config_set_ca_file(config, write_file("one", "", "one")), 0);
    a = t99_anchors_get(config, &error);
    b = t99_anchors_get(config, &error);
    assert_true(a != NULL && a == b);
    assert_int_equal(tls_config_set_ca_file(config, write_file("two", "", "two")), 0);
    t99_anchors_put(config, b);
    assert_int_equal(t99_trust_count(a->trust), 1); /* still there, for the connection that has it */
    assert_true(has("two") && !has("one"));
    t99_anchors_put(config, a);
}

/* Debian's bundle in small: 144 anchors in 220 KB of text. */
static void the_heap_beside_the_file_is_small(void **state)
{
    const char *path = in_folder("bundle");
    FILE *f = fopen(path, "wb");
    size_t i, before = heap.in_use;
    struct stat st;
    char name[20];

    (void)state;
    assert_non_null(f);
    for (i = 0; i < 144; i++) {
        snprintf(name, sizeof name, "CA %zu", i);
        write_cert(f, "", name, 1050);
    }
    fclose(f);
    assert_int_equal(stat(path, &st), 0);
    heap.most = before;
    assert_int_equal(tls_config_set_ca_file(config, path), 0);
    assert_int_equal(count(), 144);
    assert_true(heap.most - before < (size_t)st.st_size); /* even while it is read */
}

static void a_failed_allocation_is_told_and_nothing_leaks(void **state)
{
    size_t n, before = heap.in_use;
    bool ok = false;

    (void)state;
    write_file("a.pem", "", "a");
    write_file("b.pem", "", "b");
    for (n = 1; !ok; n++) {
        struct tls_config *first = config;
        struct t99_error why;

        assert_true(n < 200);
        t99_error_clear(&error);
        heap.countdown = n;
        config = new_config();
        ok = config != NULL && tls_config_set_ca_file(config, in_folder("a.pem")) == 0 && count() == 1 &&
             tls_config_set_ca_path(config, folder) == 0 && tls_config_set_ca_mem(config, NULL, 0) == 0 &&
             count() == 2;
        heap.countdown = 0;
        why = error.set || config == NULL ? error : config->error;
        if (!ok && config != NULL) {
            assert_int_equal(why.code, TLS_ERROR_OUT_OF_MEMORY);
        }
        tls_config_free(config);
        config = first;
        assert_int_equal(heap.in_use, before);
    }
    assert_true(n > 20);
}

/* A thread of its own, with connections that come and go. */
static void *use_store(void *arg)
{
    struct tls_config *shared = arg;
    struct t99_error why;
    struct t99_span subject, der;
    uint8_t cert[2000];
    size_t i, found = 0;

    if (!t99_certificate_subject(&subject, make(cert, "CA 7", 300))) {
        return NULL;
    }
    for (i = 0; i < 200; i++) {
        struct t99_anchors *a = t99_anchors_get(shared, &why);

        found += a != NULL && t99_trust_find(a->trust, subject, 0, &der) ? 1 : 0;
        t99_anchors_put(shared, a);
    }
    return found == 200 ? arg : NULL;
}

/* The first of them loads it, whichever that is. */
static void threads_share_one_store(void **state)
{
    struct tls_config *shared = tls_config_new();
    pthread_t threads[8];
    FILE *f = fopen(in_folder("bundle"), "wb");
    size_t i;
    void *result;
    char name[20];

    (void)state;
    assert_true(shared != NULL && f != NULL);
    for (i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "CA %zu", i);
        write_cert(f, "", name, 300);
    }
    fclose(f);
    setenv("SSL_CERT_FILE", in_folder("bundle"), 1);
    for (i = 0; i < 8; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, use_store, shared), 0);
    }
    for (i = 0; i < 8; i++) {
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, shared);
    }
    tls_config_free(shared);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_file_and_the_directories_of_the_environment_count_together),
        TEST(a_bundle_stands_for_the_directory_that_it_lies_in),
        TEST(what_the_environment_names_in_vain_is_told),
        TEST(a_directory_gives_its_certificates_once_each),
        TEST(what_holds_no_certificate_is_named),
        TEST(the_last_file_or_memory_given_counts),
        TEST(a_file_is_read_at_once_and_a_pipe_to_its_end),
        TEST(blocks_and_text_of_any_size_are_read),
        TEST(a_file_that_is_too_large_is_refused),
        TEST(a_broken_block_between_two_costs_neither),
        TEST(a_trusted_certificate_is_an_anchor),
        TEST(a_file_may_be_replaced_while_it_is_in_use),
        TEST(connections_share_one_store),
        TEST(the_heap_beside_the_file_is_small),
        TEST(a_failed_allocation_is_told_and_nothing_leaks),
        TEST(threads_share_one_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
