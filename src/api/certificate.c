/* What a certificate says, as a struct for programs that show it. */
#include <stdio.h>
#include <string.h>

#include "api/env_system.h"
#include "api/internal.h"
#include "base/bytes.h"
#include "crypto/hash/hash.h"
#include "x509/certificate.h"
#include "x509/name.h"

#define NAME_ROOM 1024 /* for subject and issuer; what is longer is cut */
#define FIXED_ROOM (2 * NAME_ROOM + 256)

const uint8_t *tls_peer_cert_der(struct tls *ctx, size_t i, size_t *len)
{
    const struct t99_conn *conn = ctx->engine != NULL ? t99_engine_conn(ctx->engine) : NULL;

    if (conn == NULL || conn->chain == NULL || i >= conn->chain->num) {
        return NULL;
    }
    *len = conn->chain->certs[i].len;
    return conn->chain->certs[i].p;
}

const uint8_t *tls_conn_verified_cert_der(struct tls *ctx, size_t i, size_t *len)
{
    const struct t99_conn *conn = ctx->engine != NULL ? t99_engine_conn(ctx->engine) : NULL;

    if (conn == NULL || i >= conn->num_path) {
        return NULL;
    }
    *len = conn->path[i].len;
    return conn->path[i].p;
}

/* The struct, its names and its texts are one allocation. */
struct room {
    struct tls_certificate facts;
    size_t alloc_len, used;
};

static char *texts(struct room *room)
{
    return (char *)room + room->alloc_len;
}

/* Room for a text of cap bytes, its NUL included, which is taken from the end. */
static char *take(struct room *room, size_t cap)
{
    room->used += cap;
    return texts(room) - room->used;
}

static const char *hex(struct room *room, const uint8_t *p, size_t len)
{
    char *out = take(room, 2 * len + 1);
    size_t i;

    out[0] = '\0';
    for (i = 0; i < len; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", (unsigned)p[i]);
    }
    return out;
}

static const char *address(char *out, size_t cap, struct t99_span ip)
{
    size_t n = 0, i;

    if (ip.len == 4) {
        (void)snprintf(out, cap, "%u.%u.%u.%u", ip.p[0], ip.p[1], ip.p[2], ip.p[3]);
    } else {
        for (i = 0; i + 1 < ip.len && n + 6 < cap; i += 2) {
            n += (size_t)snprintf(out + n, cap - n, "%s%x", i == 0 ? "" : ":", (unsigned)load_be16(ip.p + i));
        }
    }
    return out;
}

static size_t name_room(size_t len)
{
    return 8 * len + 64;
}

static void read_name(struct room *room, struct tls_certificate_name *name, enum t99_general_name type,
                      struct t99_span value)
{
    static const char *const types[] = { [GN_EMAIL] = "email", [GN_DNS] = "DNS", [GN_DIRECTORY] = "directory",
                                         [GN_URI] = "URI",     [GN_IP] = "IP",   [GN_OID] = NULL };
    size_t cap = name_room(value.len);
    char *out = take(room, cap);

    name->type = types[type] != NULL ? types[type] : "other";
    name->value = type == GN_DIRECTORY ? t99_name_text(out, cap, value)
                  : type == GN_IP      ? address(out, cap, value)
                                       : t99_printable(out, cap, value.p, value.len);
}

static void read_names(struct room *room, const struct t99_certificate *c)
{
    struct tls_certificate_name *names = (struct tls_certificate_name *)(void *)(room + 1);
    enum t99_general_name type;
    struct t99_span value;
    const char *bad = NULL;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);

    room->facts.names = names;
    while (t99_next_general_name(&r, &type, &value)) {
        read_name(room, &names[room->facts.num_names++], type, value);
    }
}

static size_t count_names(const struct t99_certificate *c, size_t *text)
{
    enum t99_general_name type;
    struct t99_span value;
    const char *bad = NULL;
    struct reader r = rd_init(c->subject_alt_name.p, c->subject_alt_name.len, &bad);
    size_t num = 0;

    *text = 0;
    while (t99_next_general_name(&r, &type, &value)) {
        *text += name_room(value.len);
        num++;
    }
    return num;
}

static void read_facts(struct room *room, const struct t99_certificate *c)
{
    struct tls_certificate *f = &room->facts;
    uint8_t digest[32];

    t99_hash(&t99_sha256, digest, c->der.p, c->der.len);
    f->subject = t99_name_text(take(room, NAME_ROOM), NAME_ROOM, c->subject);
    f->issuer = t99_name_text(take(room, NAME_ROOM), NAME_ROOM, c->issuer);
    f->serial = hex(room, c->serial.p, c->serial.len);
    f->key = t99_public_key_name(take(room, 64), 64, &c->key);
    f->sha256 = hex(room, digest, sizeof digest);
    f->not_before = t99_time(c->not_before);
    f->not_after = t99_time(c->not_after);
    f->is_ca = c->is_ca;
    f->self_issued = t99_self_issued(c);
    read_names(room, c);
}

struct tls_certificate *tls_certificate_read(const void *der, size_t len)
{
    struct t99_certificate c;
    struct room *room;
    const char *bad = NULL;
    size_t num, text, total;

    if (!t99_certificate_decode(&c, t99_span(der, len), &bad)) {
        return NULL;
    }
    num = count_names(&c, &text);
    total = sizeof *room + num * sizeof(struct tls_certificate_name) + text + 2 * c.serial.len + FIXED_ROOM;
    room = t99_alloc(&t99_env_system, total);
    if (room == NULL) {
        return NULL;
    }
    room->alloc_len = total;
    read_facts(room, &c);
    return &room->facts;
}

void tls_certificate_free(struct tls_certificate *certificate)
{
    struct room *room = (struct room *)(void *)certificate;

    if (room != NULL) {
        t99_free(&t99_env_system, room, room->alloc_len);
    }
}
