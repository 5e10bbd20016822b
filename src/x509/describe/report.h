/*
 * The search for a path as a tree: every candidate that was tried, and the rule that it broke. Told by
 * t99_verify() step by step. Of limited size, whatever the peer sent: of more than T99_REPORT_NODES
 * candidates the rest is counted, but the path that was accepted is always there.
 */
#ifndef T99_X509_DESCRIBE_REPORT_H
#define T99_X509_DESCRIBE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/env.h"
#include "x509/verify.h"

#define T99_REPORT_NODES 200
#define T99_REPORT_UNUSED 64 /* certificates that were sent and not tried */

struct t99_report;

/* NULL: out of memory. */
struct t99_report *t99_report_new(const struct t99_env *env);
void t99_report_free(struct t99_report *report);

/* A step, for t99_verify_params.trace; arg is the report. A TRACE_TRIED at depth 0 begins it anew. */
void t99_report_step(void *arg, const struct t99_trace *step);

/* As lines for people, or as JSON; *alloc_len bytes of env, the caller's. NULL: no memory, or no verdict. */
char *t99_report_text(const struct t99_report *report, bool json, size_t *alloc_len) T99_MUST_CHECK;

#endif
