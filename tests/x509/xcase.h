/*
 * The header of a certificate case in the "xcase" text form: lines "key: value" up to the first line that
 * begins with a bracket, then sections of one PEM block each.
 */
#ifndef TESTS_XCASE_H
#define TESTS_XCASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One case, as its file says. */
struct xcase {
    const char *id, *suite, *expect, *kind, *peer_kind, *peer, *features, *anchor_mode, *policies, *max_depth;
    const char *key_purpose, *key_usage, *ext_key_usage, *sig_algs;
    bool explicit_policy, mapping_inhibit, any_inhibit;
    int64_t time;
    char *pem; /* what follows the header */
};

static inline void xcase_die(const char *what, const char *value)
{
    fprintf(stderr, "xcase: %s: %s\n", what, value);
    exit(2);
}

static inline void xcase_set_header(struct xcase *x, const char *key, char *value)
{
    const struct {
        const char *key;
        const char **field;
    } texts[] = {
        { "id", &x->id },
        { "suite", &x->suite },
        { "expect", &x->expect },
        { "kind", &x->kind },
        { "features", &x->features },
        { "anchor-mode", &x->anchor_mode },
        { "max-depth", &x->max_depth },
        { "policy-initial-set", &x->policies },
        { "key-purpose", &x->key_purpose },
        { "ku", &x->key_usage },
        { "eku", &x->ext_key_usage },
        { "sigalgs", &x->sig_algs },
    };
    const struct {
        const char *key;
        bool *field;
    } flags[] = {
        { "policy-initial-explicit", &x->explicit_policy },
        { "policy-initial-mapping-inhibit", &x->mapping_inhibit },
        { "policy-initial-any-inhibit", &x->any_inhibit },
    };
    size_t i;

    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(key, texts[i].key) == 0) {
            *texts[i].field = value;
        }
    }
    for (i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(key, flags[i].key) == 0) {
            *flags[i].field = strcmp(value, "yes") == 0;
        }
    }
    if (strcmp(key, "time-unix") == 0) {
        x->time = strtoll(value, NULL, 10);
    } else if (strcmp(key, "peer-name") == 0 && strchr(value, ' ') != NULL) {
        x->peer_kind = value;
        x->peer = strchr(value, ' ') + 1;
        value[x->peer - value - 1] = '\0';
    }
}

/* Cuts the header's lines in place. What is wrong with it, and x has what came before; NULL: nothing. */
static inline const char *xcase_read_header(struct xcase *x, char *text)
{
    char *line = text, *end, *colon;

    memset(x, 0, sizeof *x);
    x->features = x->anchor_mode = x->policies = x->suite = "";
    x->key_purpose = x->key_usage = x->ext_key_usage = x->sig_algs = "";
    while (*line != '\0' && *line != '[') {
        end = strchr(line, '\n');
        if (end == NULL) {
            return "a header without sections";
        }
        *end = '\0';
        colon = strstr(line, ": ");
        if (colon != NULL) {
            *colon = '\0';
            xcase_set_header(x, line, colon + 2);
        }
        line = end + 1;
    }
    x->pem = line;
    return x->id == NULL       ? "a header without id"
           : x->expect == NULL ? "a header without expect"
           : x->kind == NULL   ? "a header without kind"
                               : NULL;
}

/* Is word one of the words of text, which blanks or commas separate? */
static inline bool xcase_has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    const char *p = text;

    while ((p = strstr(p, word)) != NULL) {
        if ((p == text || p[-1] == ' ' || p[-1] == ',') && strchr(" ,", p[len]) != NULL) {
            return true;
        }
        p += len;
    }
    return false;
}

static inline bool xcase_has_feature(const struct xcase *x, const char *feature)
{
    return xcase_has_word(x->features, feature);
}

/* "2.16.840.1.101" to the contents of an OID. */
static inline size_t xcase_encode_oid(uint8_t *out, const char *text, char **end)
{
    unsigned long arcs[32], top;
    size_t num = 0, i, n = 0;
    int shift;

    do {
        arcs[num++] = strtoul(text, end, 10);
        text = *end + 1;
    } while (**end == '.' && num < 32);
    top = arcs[0] * 40 + arcs[1];
    for (i = 1; i < num; i++) {
        unsigned long arc = i == 1 ? top : arcs[i];

        for (shift = 28; shift > 0; shift -= 7) {
            if (arc >> shift != 0) {
                out[n++] = (uint8_t)(0x80 | (arc >> shift & 0x7f));
            }
        }
        out[n++] = (uint8_t)(arc & 0x7f);
    }
    return n;
}

#endif
