/*
 * Test vectors in "kv" form: lines `key=value`, a blank line ends a record, `#` begins a comment. A record
 * that begins with `group=` sets fields that all records up to the next group inherit.
 *
 *     struct kv kv;
 *
 *     if (kv_open_shared(&kv, "kv/sha2_cavp.txt")) {
 *         while (kv_next(&kv)) {
 *             struct t99_span msg = kv_hex(&kv, "msg");
 *             ...
 *         }
 *         kv_close(&kv);
 *     }
 *
 * A test program ends with a message on stderr when memory runs out or a value is not what it is asked for
 * as.
 */
#ifndef TESTS_KV_H
#define TESTS_KV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

#define KV_FIELDS 64 /* most fields of a record, and of a group */

struct kv_field {
    const char *key, *value;
};

struct kv_block { /* a decoded value, with its bytes behind it in memory of their own */
    struct kv_block *next;
    uint8_t *bytes;
};

struct kv {
    char *text, *pos; /* the whole file, cut into strings up to pos */
    struct kv_field record[KV_FIELDS], group[KV_FIELDS];
    size_t num_record, num_group;
    struct kv_block *blocks; /* what kv_hex() gave out for this record */
};

static inline void kv_die(const char *what, const char *value)
{
    fprintf(stderr, "kv: %s: %.60s\n", what, value);
    exit(2);
}

/* The whole file as a string in memory of its own; NULL if it cannot be read. */
static inline char *kv_load(const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t cap = 1 << 16, len = 0;
    char *text = f != NULL ? (char *)malloc(cap) : NULL;

    while (text != NULL && (len += fread(text + len, 1, cap - 1 - len, f)) == cap - 1) {
        cap *= 2;
        text = (char *)realloc(text, cap);
    }
    if (f != NULL) {
        if (text == NULL) {
            kv_die("out of memory", path);
        }
        text[len] = '\0';
        fclose(f);
    }
    return text;
}

/* False if the file cannot be read. */
static inline bool kv_open(struct kv *kv, const char *path)
{
    memset(kv, 0, sizeof *kv);
    kv->text = kv_load(path);
    kv->pos = kv->text;
    return kv->text != NULL;
}

#ifdef TLS99_SHARED_DATA
/*
 * The same for a file of the shared test data: TLS99_SHARED_DATA names the folder of vectors, or the one that
 * "vectors" is in. Says so if it is not there; the test should then be skipped.
 */
static inline bool kv_open_shared(struct kv *kv, const char *name)
{
    static const char *const folders[] = { TLS99_SHARED_DATA "/", TLS99_SHARED_DATA "/vectors/" };
    char path[1024];
    size_t i;

    memset(kv, 0, sizeof *kv);
    for (i = 0; i < 2 && sizeof TLS99_SHARED_DATA > 1; i++) {
        snprintf(path, sizeof path, "%s%s", folders[i], name);
        if (kv_open(kv, path)) {
            return true;
        }
    }
    printf("no shared test data: %s\n", name);
    return false;
}
#endif

/* Ends the life of the bytes that kv_hex() gave out. */
static inline void kv_release(struct kv *kv)
{
    while (kv->blocks != NULL) {
        struct kv_block *next = kv->blocks->next;

        free(kv->blocks->bytes);
        free(kv->blocks);
        kv->blocks = next;
    }
}

static inline void kv_close(struct kv *kv)
{
    kv_release(kv);
    free(kv->text);
    kv->text = NULL;
}

/* The next line, without its end; NULL after the last. */
static inline char *kv_line(struct kv *kv)
{
    char *line = kv->pos, *end;

    if (line == NULL || *line == '\0') {
        return NULL;
    }
    end = strchr(line, '\n');
    if (end != NULL) {
        *end = '\0';
        kv->pos = end + 1;
    } else {
        kv->pos = line + strlen(line);
    }
    return line;
}

/*
 * Moves on to the next record, past groups, which it notes. False at the end. What kv_hex() gave out is
 * gone.
 */
static inline bool kv_next(struct kv *kv)
{
    char *line;

    kv_release(kv);
    kv->num_record = 0;
    while ((line = kv_line(kv)) != NULL || kv->num_record != 0) {
        if (line != NULL && line[0] == '#') {
            continue;
        }
        if (line != NULL && line[0] != '\0') {
            char *equals = strchr(line, '=');

            if (equals == NULL || kv->num_record == KV_FIELDS) {
                kv_die("not key=value, or too many fields", line);
            } else {
                *equals = '\0';
                kv->record[kv->num_record].key = line;
                kv->record[kv->num_record++].value = equals + 1;
            }
        } else if (kv->num_record != 0 && strcmp(kv->record[0].key, "group") == 0) {
            memcpy(kv->group, kv->record, sizeof kv->group);
            kv->num_group = kv->num_record;
            kv->num_record = 0;
        } else if (kv->num_record != 0) {
            return true;
        }
    }
    return false;
}

/* The value of a field of the record or else of its group; NULL if there is none. Lives until kv_close(). */
static inline const char *kv_str(const struct kv *kv, const char *key)
{
    size_t i;

    for (i = 0; i < kv->num_record; i++) {
        if (strcmp(kv->record[i].key, key) == 0) {
            return kv->record[i].value;
        }
    }
    for (i = 0; i < kv->num_group; i++) {
        if (strcmp(kv->group[i].key, key) == 0) {
            return kv->group[i].value;
        }
    }
    return NULL;
}

/* True if the field is there and has this value. */
static inline bool kv_is(const struct kv *kv, const char *key, const char *value)
{
    const char *s = kv_str(kv, key);

    return s != NULL && strcmp(s, value) == 0;
}

/* True if the field is a list of words, parted by blanks, and this is one of them: "flags". */
static inline bool kv_has(const struct kv *kv, const char *key, const char *word)
{
    const char *s = kv_str(kv, key);
    size_t len = strlen(word);

    while (s != NULL && *s != '\0') {
        size_t n = strcspn(s, " ");

        if (n == len && memcmp(s, word, n) == 0) {
            return true;
        }
        s += n;
        s += strspn(s, " ");
    }
    return false;
}

/* A decimal value; `otherwise` if the field is not there. */
static inline long kv_num(const struct kv *kv, const char *key, long otherwise)
{
    const char *s = kv_str(kv, key);
    char *end = NULL;
    long n = s != NULL ? strtol(s, &end, 10) : otherwise;

    if (s != NULL && (*s == '\0' || *end != '\0')) {
        kv_die("not a number", s);
    }
    return n;
}

static inline unsigned kv_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *p = c != '\0' ? strchr(digits, c) : NULL;

    if (p == NULL) {
        kv_die("not a lower-case hex digit", "");
    }
    return p != NULL ? (unsigned)(p - digits) : 0;
}

/*
 * The bytes of a hex value, in memory of exactly that size, so that sanitizers see reads beyond it. They may
 * be written to, and live until the next kv_next(). p is NULL if and only if the field is not there.
 */
static inline struct t99_span kv_hex(struct kv *kv, const char *key)
{
    const char *s = kv_str(kv, key);
    size_t i, len = s != NULL ? strlen(s) / 2 : 0;
    struct kv_block *block;

    if (s == NULL) {
        return t99_span(NULL, 0);
    }
    if (strlen(s) % 2 != 0) {
        kv_die("odd number of hex digits", s);
    }
    block = (struct kv_block *)malloc(sizeof *block);
    if (block == NULL || (block->bytes = (uint8_t *)malloc(len != 0 ? len : 1)) == NULL) {
        kv_die("out of memory", key);
        free(block);
        return t99_span(NULL, 0);
    }
    block->next = kv->blocks;
    kv->blocks = block;
    for (i = 0; i < len; i++) {
        block->bytes[i] = (uint8_t)(kv_digit(s[2 * i]) << 4 | kv_digit(s[2 * i + 1]));
    }
    return t99_span(block->bytes, len);
}

#endif
