/*
 * Rules for one certificate in its place on a path, as tables that a person can read: checks.c has what all
 * profiles demand, profile.c what RFC 5280 and the web PKI add to that.
 */
#ifndef T99_X509_CHECKS_H
#define T99_X509_CHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "base/fault.h"
#include "x509/certificate.h"
#include "x509/verify.h"

/* A certificate in its place on a path that grows from the leaf upwards. */
struct t99_link {
    const struct t99_verify_params *params;
    const struct t99_certificate *cert;
    const struct t99_certificate *below; /* what it issued; NULL: it is the leaf */
    size_t depth;                        /* 0: the leaf */
    size_t counted; /* intermediates below it that count for path lengths: those that are not self-issued */
    bool is_anchor;
};

enum t99_role { ROLE_LEAF = 1, ROLE_INTERMEDIATE = 2, ROLE_ANCHOR = 4, ROLE_CA = 6, ROLE_ALL = 7 };

/* One rule: who must keep it, when it is broken, and what is said then. */
struct t99_rule {
    unsigned roles; /* set of enum t99_role */
    enum t99_alert alert;
    bool (*broken)(const struct t99_link *link);
    const char *phrase;   /* "path length constraint exceeded" */
    const char *sentence; /* goes on after "certificate 1 (CN=x) " */
    /* Writes the offending value; NULL: there is none to show. */
    void (*value)(char *out, size_t out_len, const struct t99_link *link);
};

#define T99_CERT_TEXT 96 /* room for t99_cert_text */
#define T99_TIME_TEXT 32 /* room for t99_time_text */

/* Validity, then every rule of the profile. False: *why says which is broken. */
bool t99_check_certificate(const struct t99_link *link, struct t99_fault *why) T99_MUST_CHECK;

/* "3 days": whole ones, rounded down, of the unit that people would take. */
#define T99_DURATION_TEXT 32
const char *t99_duration_text(char *out, size_t out_len, int64_t seconds);

/* "the clock says 2027-01-15 08:00:00 UTC", or that this time was given. */
#define T99_NOW_TEXT 64
const char *t99_now_text(char *out, size_t out_len, const struct t99_verify_params *params);

/* The rules of RFC 5280 that the default leaves out. */
const struct t99_rule *t99_rfc5280_rules(size_t *num);

/* What the web PKI adds to those. */
const struct t99_rule *t99_web_rules(size_t *num);

/*
 * Records a refusal: "certificate verification failed: phrase: certificate 1 (CN=x) " and the formatted rest.
 * Always false.
 */
bool t99_refuse(struct t99_fault *why, enum t99_alert alert, const char *phrase, size_t depth,
                const struct t99_certificate *cert, const char *format, ...) T99_PRINTF(6, 7);

/* "certificate 1 (CN=Example CA)". Returns out. */
const char *t99_cert_text(char *out, size_t out_len, size_t depth, const struct t99_certificate *cert);

/* "2026-01-02 03:04:05 UTC". Returns out. */
const char *t99_time_text(char *out, size_t out_len, int64_t t);

/* Is the leaf to be a server's? That shows in the name that is asked for, or in the names that it holds. */
bool t99_is_server(const struct t99_link *link);

/*
 * True if the policies are critical and one has a qualifier that is neither CPS nor user notice (RFC 5280,
 * 4.2.1.4).
 */
bool t99_unknown_policy_qualifier(const struct t99_certificate *c);

#endif
