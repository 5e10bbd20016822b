/* Where systems keep their trust anchors. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/embedded_ca.h"
#include "api/file.h"
#include "api/internal.h"
#include "base/text.h"

/* The first that can be read is taken: bundles first, which cost one read. */
static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Arch, Gentoo */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, RHEL */
    "/etc/ssl/ca-bundle.pem",                            /* openSUSE */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* CentOS, newer Fedora */
    "/etc/ssl/cert.pem",                                 /* OpenBSD, FreeBSD, Alpine, macOS */
    "/usr/local/etc/ssl/cert.pem",                       /* FreeBSD ports */
    "/usr/local/share/certs/ca-root-nss.crt",            /* FreeBSD, DragonFly */
    "/etc/openssl/certs/ca-certificates.crt",            /* NetBSD */
    "/usr/lib/ssl/cert.pem",                             /* OpenSSL's own place on Debian */
};
static const char *const directories[] = {
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
    "/etc/openssl/certs",
};

#define NUM(a) (sizeof(a) / sizeof(a)[0])

bool t99_trust_add_file(const struct t99_env *env, struct t99_trust *trust, const char *path, size_t *added)
{
    size_t cap = 0, len = 0, skipped = 0;
    uint8_t *text = t99_file_read(env, path, &cap, &len);

    return text != NULL && t99_trust_adopt_pem(trust, text, len, cap, added, &skipped);
}

static bool wanted_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    /* .pem, .crt, .cer, or OpenSSL's hash.N */
    return dot != NULL && (strcmp(dot, ".pem") == 0 || strcmp(dot, ".crt") == 0 || strcmp(dot, ".cer") == 0 ||
                           (strlen(name) >= 10 && dot - name == 8 && dot[1] >= '0' && dot[1] <= '9'));
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
        size_t n = 0;

        if (wanted_name(entry->d_name) &&
            snprintf(path, sizeof path, "%s/%s", dir, entry->d_name) < (int)sizeof path) {
            errno = 0;
            ok = t99_trust_add_file(env, trust, path, &n) || errno != 0;
            *added += n;
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

/* The two variables that OpenSSL made known, if set, are all that counts. */
static bool from_environment(const struct t99_env *env, struct t99_trust *trust, bool *set,
                             struct t99_error *error)
{
    const char *file = safe_getenv("SSL_CERT_FILE"), *dirs = safe_getenv("SSL_CERT_DIR");
    size_t added = 0, total = 0;
    char dir[512];

    *set = file != NULL || dirs != NULL;
    if (file != NULL && t99_trust_add_file(env, trust, file, &added)) {
        total += added;
    }
    while (total == 0 && dirs != NULL && *dirs != '\0') {
        size_t len = strcspn(dirs, ":");

        if (len < sizeof dir) {
            memcpy(dir, dirs, len);
            dir[len] = '\0';
            if (t99_trust_add_dir(env, trust, dir, &added)) {
                total += added;
            }
        }
        dirs += len + (dirs[len] == ':');
    }
    if (*set && total == 0) {
        nothing_there(file, safe_getenv("SSL_CERT_DIR"), error);
    }
    return total != 0;
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

bool t99_system_trust(const struct t99_env *env, struct t99_trust *trust, struct t99_error *error)
{
    char places[T99_ERROR_MAX - 100];
    size_t added = 0, i;
    bool set;

    if (from_environment(env, trust, &set, error)) {
        return true;
    }
    if (set) {
        return false;
    }
    for (i = 0; i < NUM(bundles); i++) {
        if (t99_trust_add_file(env, trust, bundles[i], &added) && added != 0) {
            return true;
        }
    }
    for (i = 0; i < NUM(directories); i++) {
        if (t99_trust_add_dir(env, trust, directories[i], &added) && added != 0) {
            return true;
        }
    }
    if (t99_embedded_ca_len != 0 && t99_trust_add_static_der(trust, t99_embedded_ca, t99_embedded_ca_len)) {
        return true;
    }
    list_places(places, sizeof places);
    t99_error(
        error, TLS_ERROR_UNKNOWN,
        "no trust anchors: the system has none (install ca-certificates, or set a CA file); looked in %s",
        places);
    return false;
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
