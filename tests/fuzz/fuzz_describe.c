/* Fuzzes the description of certificates, in both forms. Input: a certificate. */
#include "fuzz/fuzz.h"
#include "x509/describe/describe.h"

static const struct t99_env env = { NULL, fuzz_alloc, fuzz_release, NULL, fuzz_now_us };

/* Length of the UTF-8 character that begins here; 0: none, or a control, or one that turns text around. */
static size_t character(const unsigned char *p)
{
    if (p[0] < 0x80) {
        return p[0] >= 0x20 && p[0] != 0x7f ? 1 : 0;
    }
    if (p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) {
        return 0;
    }
    return (p[1] & 0xc0) != 0x80         ? 0
           : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
           : (p[2] & 0xc0) != 0x80       ? 0
           : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
           : (p[3] & 0xc0) != 0x80       ? 0
           : p[0] >= 0xf0 && p[0] < 0xf5 ? 4
                                         : 0;
}

static void check_text(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    while (*p != '\0') {
        size_t n = *p == '\n' ? 1 : character(p);

        check(n != 0);
        p += n;
    }
}

/* ASCII, strings that end, and brackets that match. */
static void check_json(const char *text)
{
    char open[64];
    size_t depth = 0;

    for (; *text != '\0'; text++) {
        check(*text >= 0x20 && *text < 0x7f);
        if (*text == '"') {
            for (text++; *text != '"'; text++) {
                check(*text != '\0');
                text += *text == '\\' ? 1 : 0;
            }
        } else if (*text == '{' || *text == '[') {
            check(depth < sizeof open);
            open[depth++] = *text == '{' ? '}' : ']';
        } else if (*text == '}' || *text == ']') {
            check(depth > 0 && open[--depth] == *text);
        }
    }
    check(depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t form;

    for (form = 0; form < 2; form++) {
        struct t99_outline o;
        size_t len;
        char *text;

        t99_outline_begin(&o, &env, form != 0);
        t99_describe_certificate(&o, 0, t99_span(data, size), INT64_C(1800000000));
        text = t99_outline_end(&o, &len);
        check(text != NULL);
        if (form != 0) {
            check_json(text);
        } else {
            check_text(text);
        }
        t99_free(&env, text, len);
    }
    return 0;
}
