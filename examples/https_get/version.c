#include "https_get/version.h"

#include <stdio.h>
#include <string.h>
#include <tls.h>

#include "common/text.h"

static ssize_t no_read(struct tls *tls, void *buf, size_t len, void *arg)
{
    (void)tls;
    (void)buf;
    (void)len;
    (void)arg;
    return TLS_WANT_POLLIN;
}

static ssize_t no_write(struct tls *tls, const void *buf, size_t len, void *arg)
{
    (void)tls;
    (void)buf;
    (void)len;
    (void)arg;
    return TLS_WANT_POLLOUT;
}

static void show_field(const char *name, const char *value, size_t len)
{
    char first[32];

    snprintf(first, sizeof first, "%-14s ", name);
    text_fold(stdout, first, "               ", value, len);
}

/* A connection that goes nowhere tells what it would offer: versions; cipher suites; groups. */
static void show_offer(void)
{
    static const char *const names[] = { "TLS:", "Cipher suites:", "Groups:" };
    struct tls_config *config = tls_config_new();
    struct tls *tls = tls_client();
    const char *offer = NULL;
    size_t i, len;

    if (config != NULL && tls != NULL) {
        tls_config_insecure_noverifycert(config); /* no trust anchors are needed for this */
        if (tls_configure(tls, config) == 0 &&
            tls_connect_cbs(tls, no_read, no_write, NULL, "localhost") == 0) {
            offer = tls_conn_offer(tls);
        }
    }
    for (i = 0; offer != NULL && i < 3; i++) {
        offer += strspn(offer, " ;");
        len = strcspn(offer, ";");
        show_field(names[i], offer, len);
        offer += len;
    }
    tls_free(tls);
    tls_config_free(config);
}

void version_show(void)
{
    static const char features[] =
        "keep-alive, redirects, sessions, early data, client certificates, OCSP stapling, "
        "CRLs, key log, explain";

    puts("https_get " TLS99_VERSION " (tls99 " TLS99_VERSION ")");
    show_field("Protocols:", "https", 5);
    show_offer();
    show_field("Features:", features, sizeof features - 1);
}
