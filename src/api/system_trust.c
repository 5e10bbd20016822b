/* Where systems keep their trust anchors. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/embedded_ca.h"
#include "api/file.h"
#include "api/internal.h"
#include "base/text.h"
#include "x509/pem.h"

/* The first that can be read is taken: bundles first, which cost one read. */
static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Arch, Gentoo */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, RHEL */
    "/etc/ssl/ca-bundle.pem",                            /* openSUSE */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* CentOS, newer Fedora */
    "/etc/ssl/cert.pem",                                 /* OpenBSD, FreeBSD, Alpine, macOS */
    "/etc/pki/tls/cacert.pem",                           /* OpenELEC */
    "/usr/local/etc/ssl/cert.pem",                       /* FreeBSD ports */
    "/usr/local/share/certs/ca-root-nss.crt",            /* FreeBSD, DragonFly */
    "/etc/openssl/certs/ca-certificates.crt",            /* NetBSD */
    "/etc/certs/ca-certificates.crt",                    /* Solaris */
    "/usr/lib/ssl/cert.pem",                             /* OpenSSL's own place on Debian */
};
static const char *const directories[] = {
    "/etc/ssl/certs", "/etc/pki/tls/certs",           "/etc/openssl/certs",
    "/etc/certs/CA",  "/system/etc/security/cacerts", /* Android */
};

#define NUM(a) (sizeof(a) / sizeof(a)[0])

/* --- Files: text goes through a window, and only what it decodes to is kept --- */

#define WINDOW 16384 /* bytes; more only for blocks that are larger, and for text between blocks */

struct window {
    uint8_t *p;
    size_t cap, len;
    bool last; /* the file has ended */
};

/* Fills it up. False: errno says why. */
static bool window_read(const struct t99_env *env, struct window *w, int fd)
{
    uint8_t *more;
    ssize_t got;

    if (w->len == w->cap) {
        more = w->cap < T99_FILE_MAX ? t99_alloc(env, 2 * w->cap) : NULL;
        if (more == NULL) {
            errno = w->cap < T99_FILE_MAX ? ENOMEM : EFBIG;
            return false;
        }
        memcpy(more, w->p, w->len);
        t99_free(env, w->p, w->cap);
        w->p = more;
        w->cap *= 2;
    }
    do {
        got = read(fd, w->p + w->len, w->cap - w->len);
    } while (got < 0 && errno == EINTR);
    w->last = got == 0;
    w->len += got > 0 ? (size_t)got : 0;
    return got >= 0;
}

static bool add_fd(const struct t99_env *env, struct t99_trust *trust, int fd, struct t99_found *found)
{
    struct window w = { NULL, WINDOW, 0, false };
    size_t used, added, skipped;
    bool ok;

    w.p = t99_alloc(env, w.cap);
    ok = w.p != NULL;
    errno = ok ? errno : ENOMEM;
    while (ok && !w.last) {
        ok = window_read(env, &w, fd);
        if (ok && !t99_trust_add_part(trust, w.p, w.len, w.last, &used, &added, &skipped)) {
            errno = ENOMEM;
            ok = false;
        }
        if (ok) {
            found->added += added;
            found->skipped += skipped;
            if (found->fault == NULL && (used != 0 || w.last)) {
                found->fault = t99_pem_fault(w.p, w.len);
            }
            memmove(w.p, w.p + used, w.len - used);
            w.len -= used;
        }
    }
    t99_free(env, w.p, w.cap);
    return ok;
}

bool t99_trust_add_file(const struct t99_env *env, struct t99_trust *trust, const char *path,
                        struct t99_found *found)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), why;
    bool ok;

    memset(found, 0, sizeof *found);
    if (fd < 0) {
        return false;
    }
    ok = add_fd(env, trust, fd, found);
    why = errno;
    close(fd);
    errno = why;
    return ok;
}

/* --- Directories --- */

static bool wanted_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    /* .pem, .crt, .cer, or OpenSSL's hash.N */
    return dot != NULL && (strcmp(dot, ".pem") == 0 || strcmp(dot, ".crt") == 0 || strcmp(dot, ".cer") == 0 ||
                           (strlen(name) >= 10 && dot - name == 8 && dot[1] >= '0' && dot[1] <= '9'));
}

/* Not a pipe, which would make us wait. */
static bool is_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Files that cannot be read are passed over; a certificate that is there under two names counts once. */
bool t99_trust_add_dir(const struct t99_env *env, struct t99_trust *trust, const char *dir, size_t *added)
{
    DIR *d = opendir(dir);
    struct dirent *entry;
    char path[1024];
    bool ok = true;

    *added = 0;
    while (ok && d != NULL && (entry = readdir(d)) != NULL) {
        struct t99_found found;

        if (wanted_name(entry->d_name) &&
            snprintf(path, sizeof path, "%s/%s", dir, entry->d_name) < (int)sizeof path && is_file(path)) {
            ok = t99_trust_add_file(env, trust, path, &found) || errno != ENOMEM;
            *added += found.added;
        }
    }
    if (d != NULL) {
        closedir(d);
    }
    return ok;
}

/* Not for programs that run with more rights than their user: he could name any bundle. */
static const char *safe_getenv(const char *name)
{
    const char *value = getuid() == geteuid() && getgid() == getegid() ? getenv(name) : NULL;

    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* "SSL_CERT_FILE is /x (No such file or directory)". */
static void describe(char *out, size_t out_len, const char *name, const char *value)
{
    if (value == NULL) {
        t99_sentence(out, out_len, "%s is not set", name);
    } else {
        t99_sentence(out, out_len, "%s is %s (%s)", name, value,
                     strchr(value, ':') == NULL && access(value, R_OK) != 0 ? strerror(errno)
                                                                            : "no certificate in it");
    }
}

static void nothing_there(const char *file, const char *dirs, struct t99_error *error)
{
    char a[T99_ERROR_MAX / 3], b[T99_ERROR_MAX / 3];

    describe(a, sizeof a, "SSL_CERT_FILE", file);
    describe(b, sizeof b, "SSL_CERT_DIR", dirs);
    t99_error(error, TLS_ERROR_UNKNOWN, "no trust anchors: %s, and %s", a, b);
}

/* A bundle in the directory itself is made of the files there: they need not be read one by one. */
static bool lies_in(const char *file, const char *dir)
{
    size_t n = strlen(dir);

    return file != NULL && strncmp(file, dir, n) == 0 && file[n] == '/' && strchr(file + n + 1, '/') == NULL;
}

/* Directories with colons between them, but for that of a bundle. False: out of memory. */
static bool add_dirs(const struct t99_env *env, struct t99_trust *trust, const char *dirs, const char *bundle,
                     size_t *added)
{
    char dir[1024];
    bool ok = true;

    *added = 0;
    while (ok && *dirs != '\0') {
        size_t len = strcspn(dirs, ":"), n = 0;

        if (len < sizeof dir) {
            memcpy(dir, dirs, len);
            dir[len] = '\0';
            ok = lies_in(bundle, dir) || t99_trust_add_dir(env, trust, dir, &n);
            *added += n;
        }
        dirs += len + (dirs[len] == ':');
    }
    return ok;
}

/* The two variables that OpenSSL made known, if set, are all that counts. */
static bool from_environment(const struct t99_env *env, struct t99_trust *trust, bool *set,
                             struct t99_error *error)
{
    const char *file = safe_getenv("SSL_CERT_FILE"), *dirs = safe_getenv("SSL_CERT_DIR");
    struct t99_found found = { 0, 0, NULL };
    size_t more = 0;
    bool memory = true;

    *set = file != NULL || dirs != NULL;
    if (file != NULL) {
        memory = t99_trust_add_file(env, trust, file, &found) || errno != ENOMEM;
    }
    if (memory && dirs != NULL) {
        memory = add_dirs(env, trust, dirs, found.added != 0 ? file : NULL, &more);
    }
    if (!memory) {
        t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    } else if (*set && found.added + more == 0) {
        nothing_there(file, dirs, error);
    }
    return memory && found.added + more != 0;
}

static void list_places(char *out, size_t out_len)
{
    size_t n = 0, i;

    out[0] = '\0';
    for (i = 0; i < NUM(bundles) + NUM(directories) && n < out_len; i++) {
        const char *place = i < NUM(bundles) ? bundles[i] : directories[i - NUM(bundles)];
        int more = snprintf(out + n, out_len - n, "%s%s", i == 0 ? "" : ", ", place);

        n += more > 0 ? (size_t)more : 0;
    }
}

/* The first place that has any. False: out of memory. */
static bool from_places(const struct t99_env *env, struct t99_trust *trust, size_t *added)
{
    struct t99_found found;
    bool memory = true;
    size_t i;

    *added = 0;
    for (i = 0; memory && *added == 0 && i < NUM(bundles); i++) {
        memory = t99_trust_add_file(env, trust, bundles[i], &found) || errno != ENOMEM;
        *added = found.added;
    }
    for (i = 0; memory && *added == 0 && i < NUM(directories); i++) {
        memory = t99_trust_add_dir(env, trust, directories[i], added);
    }
    return memory;
}

bool t99_system_trust(const struct t99_env *env, struct t99_trust *trust, struct t99_error *error)
{
    char places[T99_ERROR_MAX - 100];
    size_t added = 0;
    bool set, memory;

    if (from_environment(env, trust, &set, error)) {
        return true;
    }
    if (set) {
        return false;
    }
    memory = from_places(env, trust, &added);
    if (memory && added == 0 && t99_embedded_ca_len != 0) {
        memory = t99_trust_add_static_der(trust, t99_embedded_ca, t99_embedded_ca_len);
        added = t99_trust_count(trust);
    }
    if (!memory) {
        t99_error(error, TLS_ERROR_OUT_OF_MEMORY, "out of memory");
    } else if (added == 0) {
        list_places(places, sizeof places);
        t99_error(
            error, TLS_ERROR_UNKNOWN,
            "no trust anchors: the system has none (install ca-certificates, or set a CA file); looked in %s",
            places);
    }
    return memory && added != 0;
}

const char *tls_default_ca_cert_file(void)
{
    const char *file = safe_getenv("SSL_CERT_FILE");
    size_t i;

    if (file != NULL) {
        return file;
    }
    for (i = 0; i < NUM(bundles); i++) {
        if (access(bundles[i], R_OK) == 0) {
            return bundles[i];
        }
    }
    return bundles[0];
}
