/* Pieces of a description: names, times, and each extension that is understood. */
#ifndef T99_X509_DESCRIBE_PARTS_H
#define T99_X509_DESCRIBE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "x509/certificate.h"
#include "x509/describe/outline.h"
#include "x509/name.h"

#define T99_DESCRIBE_NAME 2048 /* room for a name; what is longer is cut */

/* "CN=x, O=y": said, and with a key a string. Name with header. */
void t99_describe_name(struct t99_outline *o, const char *key, struct t99_span name);

/* One; in JSON "type" and "value" of the object that is open. subtree: the base of a constraint. */
void t99_describe_general_name(struct t99_outline *o, enum t99_general_name type, struct t99_span value,
                               bool subtree);

/* Contents of GeneralNames, as a list. */
void t99_describe_general_names(struct t99_outline *o, const char *key, struct reader names);

/* "2026-01-02T03:04:05Z": only in JSON. */
void t99_describe_time(struct t99_outline *o, const char *key, int64_t t);

/* A number from the contents of an INTEGER; what is larger than 31 bits is all the same. */
void t99_describe_count(struct t99_outline *o, const char *key, struct t99_span n);

/* An extension, from the contents of its extnValue: lines, and a field of the object that is open. */
void t99_describe_policies(struct t99_outline *o, struct reader *r);
void t99_describe_policy_mappings(struct t99_outline *o, struct reader *r);
void t99_describe_policy_constraints(struct t99_outline *o, struct reader *r);
void t99_describe_inhibit_any_policy(struct t99_outline *o, struct reader *r);
void t99_describe_authority_info(struct t99_outline *o, struct reader *r);
void t99_describe_subject_info(struct t99_outline *o, struct reader *r);
void t99_describe_crl_points(struct t99_outline *o, struct reader *r);
void t99_describe_freshest_crl(struct t99_outline *o, struct reader *r);

struct t99_extension_text {
    enum t99_ext ext;
    void (*describe)(struct t99_outline *o, struct reader *r);
};

/* The i-th of those that are described, in the order in which people want them; NULL: no more. */
const struct t99_extension_text *t99_extension_text(size_t i);

#endif
