#include "api/certs.h"

#include <string.h>

#include "base/text.h"
#include "x509/der.h"
#include "x509/pem.h"

static size_t count_blocks(struct t99_span in)
{
    struct t99_pem_block block;
    size_t pos = 0, num = 0;
    const char *bad = NULL;

    while (t99_pem_next(&block, in.p, in.len, &pos, &bad)) {
        num += t99_pem_is_certificate(block.label) ? 1 : 0;
    }
    return num;
}

/* OpenSSL's trusted certificates have their settings behind them: the first element is the certificate. */
static struct t99_span certificate_of(struct t99_span label, struct t99_span der)
{
    const char *bad = NULL;
    struct reader r = rd_init(der.p, der.len, &bad);
    struct t99_span first;

    if (!t99_same_word("TRUSTED CERTIFICATE", (const char *)label.p, label.len)) {
        return der;
    }
    first = t99_der_element(&r, NULL, "Certificate");
    return rd_ok(&r) ? first : der;
}

static void read_blocks(struct t99_certs *certs, struct t99_span in)
{
    struct t99_pem_block block;
    size_t pos = 0, at = 0, len;
    const char *bad = NULL;

    while (certs->num < certs->list_len / sizeof certs->list[0] &&
           t99_pem_next(&block, in.p, in.len, &pos, &bad)) {
        if (!t99_pem_is_certificate(block.label)) {
            continue;
        }
        if (!t99_pem_decode(certs->bytes + at, &len, block.body)) {
            len = 0;
        }
        certs->list[certs->num++] = certificate_of(block.label, t99_span(certs->bytes + at, len));
        at += len;
    }
}

bool t99_certs_read(const struct t99_env *env, struct t99_certs *certs, const void *in, size_t len)
{
    struct t99_span bytes = t99_span(in, len);
    size_t blocks = count_blocks(bytes);
    bool der = blocks == 0 && len != 0 && bytes.p[0] == DER_SEQUENCE;

    memset(certs, 0, sizeof *certs);
    if (blocks == 0 && !der) {
        return true;
    }
    certs->list_len = (der ? 1 : blocks) * sizeof certs->list[0];
    certs->bytes_len = der ? len : t99_pem_decoded_max(len) + 1;
    certs->list = (struct t99_span *)t99_alloc(env, certs->list_len);
    certs->bytes = (uint8_t *)t99_alloc(env, certs->bytes_len);
    if (certs->list == NULL || certs->bytes == NULL) {
        t99_certs_free(env, certs);
        return false;
    }
    if (der) {
        memcpy(certs->bytes, in, len);
        certs->list[certs->num++] = t99_span(certs->bytes, len);
    } else {
        read_blocks(certs, bytes);
    }
    return true;
}

void t99_certs_free(const struct t99_env *env, struct t99_certs *certs)
{
    t99_free(env, certs->list, certs->list_len);
    t99_free(env, certs->bytes, certs->bytes_len);
    memset(certs, 0, sizeof *certs);
}
