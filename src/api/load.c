/* Files for callers: tls_load_file, which decrypts private keys too. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/env_system.h"
#include "api/file.h"
#include "api/internal.h"
#include "base/wipe.h"
#include "x509/pem.h"
#include "x509/private_key.h"

static const char *label_of(enum t99_key_format format)
{
    switch (format) {
    case KEY_FORMAT_PKCS1:
        return "RSA PRIVATE KEY";
    case KEY_FORMAT_SEC1:
        return "EC PRIVATE KEY";
    default:
        return "PRIVATE KEY";
    }
}

/* The key in the file as PEM that is not encrypted; malloc'ed. */
static uint8_t *decrypt(const uint8_t *text, size_t text_len, const char *password, size_t *len)
{
    const struct t99_env *env = &t99_env_system;
    struct t99_private_key key;
    enum t99_key_format format;
    size_t alloc_len = 0, der_len = 0;
    const char *why = NULL;
    uint8_t *pem = NULL, *der;

    der = t99_private_key_from_pem(env, t99_span(text, text_len), password, &key, &alloc_len, &der_len,
                                   &format, &why);
    if (der == NULL) {
        return NULL;
    }
    *len = t99_pem_encode(NULL, 0, label_of(format), t99_span(der, der_len));
    pem = malloc(*len);
    if (pem != NULL) {
        (void)t99_pem_encode(pem, *len, label_of(format), t99_span(der, der_len));
    }
    t99_free(env, der, alloc_len);
    return pem;
}

uint8_t *tls_load_file(const char *file, size_t *len, char *password)
{
    const struct t99_env *env = &t99_env_system;
    size_t cap = 0, n = 0;
    uint8_t *text, *out;

    *len = 0;
    text = t99_file_read(env, file, &cap, &n);
    if (text == NULL) {
        return NULL;
    }
    if (password != NULL) {
        out = decrypt(text, n, password, len);
    } else {
        out = malloc(n != 0 ? n : 1);
        if (out != NULL) {
            memcpy(out, text, n);
            *len = n;
        }
    }
    t99_free(env, text, cap);
    if (out == NULL) {
        *len = 0;
    }
    return out;
}

void tls_unload_file(uint8_t *buf, size_t len)
{
    if (buf != NULL) {
        t99_wipe(buf, len);
        free(buf);
    }
}
