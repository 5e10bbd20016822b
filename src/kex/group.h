/*
 * Named groups (RFC 9846, 4.3.7; RFC 8422, 5.1.1; draft-ietf-tls-ecdhe-mlkem), one table: Diffie-Hellman on
 * curves, and hybrids with ML-KEM. The client's side: a private part, a share for the server, and the shared
 * secret from the server's share.
 */
#ifndef T99_KEX_GROUP_H
#define T99_KEX_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/env.h"

#define T99_GROUP_X25519 0x001d
#define T99_GROUP_SECP256R1 0x0017
#define T99_GROUP_SECP384R1 0x0018
#define T99_GROUP_SECP521R1 0x0019
#define T99_GROUP_X25519MLKEM768 0x11ec
#define T99_GROUP_SECP256R1MLKEM768 0x11eb
#define T99_GROUP_SECP384R1MLKEM1024 0x11ed

#define T99_SHARE_MAX 1665       /* client's share: secp384r1 97 + ML-KEM-1024 1568 */
#define T99_PRIVATE_MAX 3296     /* scalar (at most 66) + expanded ML-KEM key */
#define T99_SHARED_SECRET_MAX 80 /* 48 + 32 */

struct t99_group {
    uint16_t id;
    const char *name;      /* IANA: "X25519MLKEM768", "secp256r1" */
    const char *nist_name; /* "P-256"; NULL: none */
    bool hybrid;
    bool tls12;                    /* may be used in TLS 1.2 */
    size_t private_len;            /* bytes of the private part */
    size_t share_len;              /* client's share */
    size_t server_share_len;       /* server's share */
    size_t secret_len;             /* shared secret */
    const struct t99_curve *curve; /* NULL: X25519 */
    const struct t99_mlkem *kem;   /* NULL: no hybrid */
    bool secret_first_kem;         /* hybrids: ML-KEM's part comes first (X25519MLKEM768) */
};

const struct t99_group *t99_group_at(size_t i); /* best first; NULL: no more */
const struct t99_group *t99_group_find(uint16_t id);
/* By name or NIST name ("prime256v1" too), len bytes, letters of any case. */
const struct t99_group *t99_group_named(const char *name, size_t len);

/*
 * Makes a key pair: private_part (private_len bytes, secret) and share (share_len bytes). False: no
 * randomness.
 */
bool t99_group_generate(const struct t99_group *group, const struct t99_env *env, uint8_t *private_part,
                        uint8_t *share) T99_MUST_CHECK;

/*
 * secret (secret_len bytes) from the server's share. False with *why set ("not a point of the curve") if the
 * share is not a valid one: RFC 9846, 4.3.8.2 and 7.4.2; FIPS 203, 7.3 for its length.
 */
bool t99_group_agree(const struct t99_group *group, uint8_t *secret, const uint8_t *private_part,
                     const uint8_t *server_share, size_t len, const char **why) T99_MUST_CHECK;

#endif
