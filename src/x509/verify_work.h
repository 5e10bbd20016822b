/*
 * The budget of one verification. Whatever the certificates say, no more is done than this buys: the cost of
 * each step is charged before the step, and a search whose budget is spent ends with a refusal.
 */
#ifndef T99_X509_VERIFY_WORK_H
#define T99_X509_VERIFY_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "crypto/sign/public_key.h"

/*
 * Microseconds of a slow machine of today, for signatures above all, also those of a stapled response. All of
 * it and all comparisons of names together are what no verification costs more than: tests/bench/hostile.c.
 */
#define T99_WORK_TIME 22000u
/*
 * Comparisons of a name with a name constraint, about 10 ns each: the 2^20 that OpenSSL and BoringSSL allow,
 * and half as much again for reading both.
 */
#define T99_WORK_NAMES (3u << 19)
#define T99_WORK_CANDIDATE 4u /* a certificate looked at as issuer, and 1 for each 32 bytes of it */
#define T99_WORK_PATH 20u     /* a path judged as a whole, and 1 for each 8 bytes of policies */
#define T99_WORK_NODES 256    /* certificates looked at of those that the peer sent */

struct t99_work {
    uint32_t time;  /* left, microseconds */
    uint32_t names; /* left, comparisons */
};

static inline struct t99_work t99_work_full(void)
{
    struct t99_work w = { T99_WORK_TIME, T99_WORK_NAMES };

    return w;
}

/* Takes cost from what is left; false, and nothing left, if that is less. */
T99_MUST_CHECK
static inline bool t99_work_spend(uint32_t *left, size_t cost)
{
    bool enough = cost <= *left;

    *left = enough ? *left - (uint32_t)cost : 0;
    return enough;
}

/*
 * What it costs to verify a signature over message_len bytes (no more than 64 KB count) with this key,
 * microseconds.
 */
size_t t99_signature_cost(const struct t99_public_key *key, size_t message_len);

#endif
