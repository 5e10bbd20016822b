#include "crypto/ec/curve.h"
#include "crypto/pq/mlkem.h"
#include "peer/inside.h"

/*
 * The server's side of a group: for curves the same as the client's; a hybrid's halves stand in the order of
 * its secret (draft-ietf-tls-ecdhe-mlkem).
 */
bool peer_answer_share(struct peer *p, struct t99_span client, uint8_t *share, uint8_t *shared)
{
    const struct t99_group *g = p->group, *dh;
    const char *why = NULL;
    uint8_t m[32];
    size_t kem_first = g->secret_first_kem ? 1 : 0, dh_len, dh_secret;

    if (g->kem == NULL) {
        return t99_group_generate(g, p->env, p->private_part, share) &&
               t99_group_agree(g, shared, p->private_part, client.p, client.len, &why);
    }
    dh = t99_group_find(g->curve == NULL        ? T99_GROUP_X25519
                        : g->curve == &t99_p256 ? T99_GROUP_SECP256R1
                                                : T99_GROUP_SECP384R1);
    dh_len = dh->share_len;
    dh_secret = dh->secret_len;
    return client.len == g->share_len && p->env->random(p->env->arg, m, sizeof m) &&
           t99_mlkem_encaps(g->kem, share + (1 - kem_first) * dh_len, shared + (1 - kem_first) * dh_secret,
                            client.p + (1 - kem_first) * dh_len, g->kem->ek_len, m) &&
           t99_group_generate(dh, p->env, p->private_part, share + kem_first * g->kem->ct_len) &&
           t99_group_agree(dh, shared + kem_first * T99_MLKEM_SHARED_LEN, p->private_part,
                           client.p + kem_first * g->kem->ek_len, dh_len, &why);
}
