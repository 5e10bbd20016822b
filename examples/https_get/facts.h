/* What a message says: names and values, of which the picture and the JSON document are made alike. */
#ifndef HTTPS_GET_FACTS_H
#define HTTPS_GET_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/json.h"

#define FACTS_MAX 24
#define FACTS_TEXT 16384 /* what does not fit is left out */

enum fact_kind {
    FACT_TEXT,
    FACT_LIST,   /* of texts */
    FACT_LINES,  /* of texts, each of which wants a line */
    FACT_SIZES,  /* a list of texts, each with a length in bytes */
    FACT_NUMBER, /* with a unit */
    FACT_HEX,    /* bytes */
    FACT_DATA    /* bytes, of which most are text */
};

struct fact {
    const char *name; /* "cipher_suites" */
    enum fact_kind kind;
    const char *unit; /* FACT_NUMBER: "bytes", "" */
    int64_t number;   /* FACT_NUMBER; FACT_HEX and FACT_DATA: bytes there are, of which the first are kept */
    size_t at, num;   /* into text: num strings, or num bytes */
};

struct facts {
    struct fact list[FACTS_MAX];
    size_t num;
    char text[FACTS_TEXT];
    size_t len;
};

void facts_begin(struct facts *f);

void facts_text(struct facts *f, const char *name, const char *value);
void facts_number(struct facts *f, const char *name, int64_t value, const char *unit);
/* The first bytes of many. */
void facts_bytes(struct facts *f, enum fact_kind kind, const char *name, const uint8_t *p, size_t len);

/* A list; then its items. */
void facts_list(struct facts *f, enum fact_kind kind, const char *name);
void facts_item(struct facts *f, const char *value, size_t len);
/* An item of FACT_SIZES. */
void facts_sized(struct facts *f, const char *value, int64_t size);
/* The name of a number (tls_code_name), or the number: an item; a fact of its own. */
void facts_code(struct facts *f, int kind, unsigned code);
void facts_named(struct facts *f, const char *name, int kind, unsigned code);
/* "x25519"; "0x1234" for what has no name, written to number. */
const char *name_or_number(char number[8], int kind, unsigned code);

/* The members of the object that is open. */
void facts_json(const struct facts *f, struct json *j);

/* For people: "a, b (32 bytes)", with line feeds where a new line is wanted. Cut at cap. Returns out. */
const char *fact_value(char *out, size_t cap, const struct facts *f, const struct fact *fact);

#endif
