/*
 * Names made ready to be held against name constraints, many against many: checked, letters folded,
 * distinguished names hashed. RFC 5280, 4.2.1.10.
 */
#ifndef T99_X509_NAME_FORM_H
#define T99_X509_NAME_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "x509/name.h"

#define T99_FORM_TEXT                                                                                        \
    256 /* more than a domain name or a mailbox can have: RFC 1035, 2.3.4; RFC 5321, 4.5.3.1 */
#define T99_FORM_RDNS 63 /* of a directory name */

/* A name in a certificate, or the base of a subtree. */
struct t99_name_form {
    enum t99_general_name type;
    struct t99_span value; /* as it stands there */
    size_t len;            /* of text; of a directory name: how many hashes */
    size_t host; /* of a mailbox or its base: where in text the domain begins; 0: nothing stands before */
    union {
        uint8_t text[T99_FORM_TEXT]; /* a URI: its host alone */
        uint32_t hashes[T99_FORM_RDNS + 1];
    } u;
};

/* False: no name that can be compared. */
bool t99_form_name(struct t99_name_form *f, enum t99_general_name type, struct t99_span value) T99_MUST_CHECK;

/*
 * False: malformed as the base of a subtree. strict: no leading dot in a domain name. Kinds that cannot be
 * compared are true: they matter where such a name appears.
 */
bool t99_form_base(struct t99_name_form *f, enum t99_general_name type, struct t99_span value,
                   bool strict) T99_MUST_CHECK;

/*
 * Does the subtree hold the name? Both of the same type. excluded: a wildcard is held by what holds one of
 * the names that it stands for, otherwise by what holds all of them. *cost is raised where comparing takes
 * longer than usual, by about one for each 10 ns.
 */
bool t99_form_within(const struct t99_name_form *name, const struct t99_name_form *base, bool excluded,
                     size_t *cost);

#endif
