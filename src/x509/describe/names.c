/* Names, and times, of a description. */
#include <stdio.h>
#include <string.h>

#include "x509/checks.h"
#include "x509/der.h"
#include "x509/describe/oid_names.h"
#include "x509/describe/parts.h"
#include "x509/oid.h"
#include "x509/profile.h"

void t99_describe_name(struct t99_outline *o, const char *key, struct t99_span name)
{
    char text[T99_DESCRIBE_NAME];

    t99_name_text(text, sizeof text, name);
    t99_outline_say(o, text);
    if (key != NULL) {
        t99_outline_string(o, key, text);
    }
}

void t99_describe_time(struct t99_outline *o, const char *key, int64_t t)
{
    char text[T99_TIME_TEXT];

    if (o->json) {
        t99_time_text(text, sizeof text, t); /* "2026-01-02 03:04:05 UTC" */
        text[strcspn(text, " ")] = 'T';
        text[strcspn(text, " ")] = '\0';
        (void)snprintf(text + strlen(text), 2, "Z");
        t99_outline_string(o, key, text);
    }
}

/* Leading ones; 255: others follow a zero. */
static unsigned prefix_of(const uint8_t *mask, size_t len)
{
    unsigned n = 0, i;

    while (n < 8 * len && (mask[n / 8] >> (7 - n % 8) & 1) != 0) {
        n++;
    }
    for (i = n; i < 8 * len; i++) {
        if ((mask[i / 8] >> (7 - i % 8) & 1) != 0) {
            return 255;
        }
    }
    return n;
}

/* "192.0.2.1"; of a subtree "192.0.2.0/24", or with the mask as an address (RFC 5280, 4.2.1.10). */
static void ip_text(char *out, size_t out_len, struct t99_span ip, bool subtree)
{
    size_t len = subtree ? ip.len / 2 : ip.len;
    char address[48], mask[48];
    unsigned prefix;

    if ((len != 4 && len != 16) || ip.len != (subtree ? 2 * len : len)) {
        (void)snprintf(out, out_len, "not an address: %zu bytes", ip.len);
        return;
    }
    t99_ip_text(address, ip.p, len);
    if (!subtree) {
        (void)snprintf(out, out_len, "%s", address);
        return;
    }
    prefix = prefix_of(ip.p + len, len);
    if (prefix != 255) {
        (void)snprintf(out, out_len, "%s/%u", address, prefix);
    } else {
        (void)snprintf(out, out_len, "%s/%s", address, t99_ip_text(mask, ip.p + len, len));
    }
}

static void hex_text(char *out, size_t out_len, struct t99_span bytes)
{
    (void)t99_string_text(out, out_len, DER_OCTET_STRING, bytes);
}

/* OtherName: its type, and its value if that is a string. */
static void other_name(struct t99_outline *o, struct t99_span value)
{
    const char *bad;
    struct reader r = rd_init(value.p, value.len, &bad), any;
    struct t99_span oid = t99_der_oid(&r, "otherName"), contents;
    char text[T99_DESCRIBE_NAME];
    uint8_t tag;

    any = t99_der_enter(&r, DER_CONTEXT_CONSTRUCTED | 0, "otherName");
    tag = rd_left(&any) != 0 ? any.pos[0] : (uint8_t)0;
    contents = t99_der_contents(&any, tag, "otherName");
    t99_string_text(text, sizeof text, tag, contents);
    t99_outline_say(o, " ");
    t99_describe_oid(o, oid);
    t99_outline_say(o, " ");
    t99_outline_say(o, text);
    t99_outline_string(o, "value", text);
}

void t99_describe_general_name(struct t99_outline *o, enum t99_general_name type, struct t99_span value,
                               bool subtree)
{
    /* For people a DNS name speaks for itself, and so does a URI. */
    static const struct {
        const char *type, *text;
    } types[] = {
        { "other", "other name" },       { "email", "e-mail " },  { "DNS", "" }, { "x400", "X.400 " },
        { "directory", "directory " },   { "edi", "EDI party " }, { "URI", "" }, { "IP", "IP " },
        { "registered", "registered " },
    };
    char text[T99_DESCRIBE_NAME];

    t99_outline_string(o, "type", types[type].type);
    t99_outline_say(o, types[type].text);
    switch (type) {
    case GN_OTHER:
        other_name(o, value);
        return;
    case GN_DIRECTORY:
        t99_name_text(text, sizeof text, value);
        break;
    case GN_IP:
        ip_text(text, sizeof text, value, subtree);
        break;
    case GN_OID:
        t99_oid_text(text, sizeof text, value);
        break;
    case GN_X400:
    case GN_EDI:
        hex_text(text, sizeof text, value);
        break;
    default:
        t99_string_text(text, sizeof text, DER_IA5_STRING, value);
        break;
    }
    if (text[0] == '\0') {
        t99_outline_say(o, subtree ? "(any)" : "(empty)");
    }
    t99_outline_say(o, text);
    t99_outline_string(o, "value", text);
}

void t99_describe_general_names(struct t99_outline *o, const char *key, struct reader names)
{
    enum t99_general_name type;
    struct t99_span value;

    t99_outline_list(o, key);
    while (t99_next_general_name(&names, &type, &value)) {
        if (t99_outline_item(o)) {
            t99_outline_open(o, NULL);
            t99_describe_general_name(o, type, value, false);
            t99_outline_close(o);
        }
    }
    t99_outline_list_end(o);
}

void t99_describe_count(struct t99_outline *o, const char *key, struct t99_span n)
{
    uint32_t v = 0;
    size_t i;

    for (i = 0; i < n.len && i < 4; i++) {
        v = v << 8 | n.p[i];
    }
    if (n.len > 4 || v > INT32_MAX) {
        v = INT32_MAX;
    }
    t99_outline_sayf(o, "%lu", (unsigned long)v);
    t99_outline_number(o, key, v);
}
