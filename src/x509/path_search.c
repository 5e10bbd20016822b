#include <string.h>

#include "x509/name.h"
#include "x509/path.h"

/* ---- Signatures ---- */

size_t t99_signature_cost(const struct t99_public_key *key, size_t message_len)
{
    size_t cost = 10 + (message_len < 65536 ? message_len : 65536) / 128, bits;

    switch (key->type) {
    case T99_KEY_RSA:
    case T99_KEY_RSA_PSS:
        bits = t99_rsa_public_valid(&key->rsa) ? t99_rsa_bits(&key->rsa) : 0; /* else nothing is computed */
        return cost + bits * bits / 40000 * (key->rsa.e.len > 3 ? 2 : 1);     /* 2048 bits: 104 */
    case T99_KEY_EC:
        return cost + (key->curve == NULL        ? 0
                       : key->curve->bits <= 256 ? 200
                       : key->curve->bits <= 384 ? 800
                                                 : 1400);
    case T99_KEY_ED25519:
        return cost + 120;
    case T99_KEY_UNKNOWN:
        break;
    }
    return cost;
}

bool t99_signed_by(struct t99_search *s, struct t99_span der, struct t99_span tbs,
                   const struct t99_sig_alg *alg, struct t99_span signature, const struct t99_public_key *key,
                   struct t99_span spki)
{
    struct t99_memo *m;
    size_t i;

    for (i = 0; i < s->num_memo; i++) {
        if (s->memo[i].signed_der == der.p && s->memo[i].key == spki.p) {
            return s->memo[i].good;
        }
    }
    if (!t99_work_spend(&s->work.time, t99_signature_cost(key, tbs.len))) {
        return false;
    }
    m = &s->memo[s->num_memo < T99_MEMO ? s->num_memo++ : T99_MEMO - 1];
    m->signed_der = der.p;
    m->key = spki.p;
    m->good = t99_verify_signature(key, alg, tbs, signature);
    return m->good;
}

/* ---- Preparation ---- */

/*
 * Breadth first, from the certificates whose issuer's name is an anchor's, to those that they may have
 * issued.
 */
static void measure_distances(struct t99_search *s)
{
    uint16_t queue[T99_WORK_NODES];
    size_t head, tail = 0, i;

    for (i = 0; i < s->num_nodes; i++) {
        struct t99_node *node = &s->nodes[i];
        struct t99_span der;

        node->distance = T99_NO_ANCHOR;
        if (node->bad == NULL && (t99_trust_contains(s->params->trust, node->cert.der) ||
                                  t99_trust_find(s->params->trust, node->cert.issuer, 0, &der))) {
            node->distance = 1;
            queue[tail++] = (uint16_t)i;
        }
    }
    for (head = 0; head < tail; head++) {
        const struct t99_node *upper = &s->nodes[queue[head]];

        for (i = 0; i < s->num_nodes; i++) {
            struct t99_node *node = &s->nodes[i];

            if (node->bad == NULL && node->distance == T99_NO_ANCHOR &&
                node->issuer_hash == upper->subject_hash) {
                node->distance = (uint16_t)(upper->distance + 1);
                queue[tail++] = (uint16_t)i;
            }
        }
    }
}

bool t99_search_init(struct t99_search *s, const struct t99_verify_params *params,
                     const struct t99_span *certs, size_t num_certs, struct t99_fault *fault)
{
    size_t i;

    memset(s, 0, sizeof *s);
    s->params = params;
    s->work = t99_work_full();
    t99_fault_clear(&s->best);
    s->num_nodes = num_certs < T99_WORK_NODES ? num_certs : T99_WORK_NODES;
    s->nodes = (struct t99_node *)t99_alloc(params->env, s->num_nodes * sizeof s->nodes[0]);
    if (s->nodes == NULL) {
        return t99_fail_memory(fault);
    }
    for (i = 0; i < s->num_nodes; i++) {
        struct t99_node *node = &s->nodes[i];

        node->bad = NULL;
        if (!t99_certificate_decode(&node->cert, certs[i], &node->bad)) {
            node->bad = node->bad != NULL ? node->bad : "certificate";
            continue;
        }
        node->subject_hash = t99_name_hash(node->cert.subject);
        node->issuer_hash = t99_name_hash(node->cert.issuer);
    }
    measure_distances(s);
    return true;
}

void t99_search_free(struct t99_search *s)
{
    t99_free(s->params->env, s->nodes, s->num_nodes * sizeof s->nodes[0]);
    s->nodes = NULL;
}
